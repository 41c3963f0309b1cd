"""Why a message did not go out, as a short code: `cause`, `cause:number` or `cause:number:text`.

Read from what a notification service's library wrote about a failed call. The text is what the
service itself said; it is left out when a part of the channel's address is in it.
"""

import re
from collections.abc import Collection, Iterable

LONGEST = 300
LONGEST_TEXT = 160
SENT = ""
NO_ANSWER = "timeout"
HUNG = "hung"
SEALED = "sealed"
NOTHING_LEFT = "nothing_left"
SWITCHED_OFF = "switched_off"
UNEXPECTED = "unexpected"

SIGNS = (
    ("timeout", ("timed out", "Timeout", "no answer: timeout")),
    ("no_such_host", ("NameResolution", "Name or service not known", "nodename nor servname",
                      "getaddrinfo failed", "Temporary failure in name", "no such host",
                      "no answer: no_such_host")),
    ("certificate", ("CERTIFICATE", "SSLError", "SSL:", "certificate", "no answer: tls")),
    ("unreachable", ("Connection refused", "NewConnectionError", "Connection aborted",
                     "Connection error", "Connection reset", "A Connection error",
                     "Connection unexpectedly closed", "no answer:")),
)  # fmt: skip
"""Words in the library's lines, the most telling first."""
SMTP = re.compile(r"""\((\d{3}), b(['"])(.*?)\2""", re.DOTALL)
SMTP_RECIPIENT = re.compile(r"was refused: (\d{3}) b?['\"]?(.*?)['\"]?$", re.DOTALL)
THEIR_CODE = re.compile(r"code=(-?\w+) msg=(.*)$", re.DOTALL)
HTTP = re.compile(r"(?::\s*(?P<text>[^:]*?(?::[^:]*?)?),\s*)?error=(?P<status>\d{3})\b", re.DOTALL)


def read(lines: Iterable[str], secrets: Collection[str]) -> str:
    """The code of a failed call."""
    said = list(lines)
    for cause, pattern in (("smtp", SMTP), ("smtp", SMTP_RECIPIENT), ("refused", THEIR_CODE)):
        for line in said:
            if found := pattern.search(line):
                return code(cause, found.group(1), found.groups()[-1], secrets)
    for line in said:
        if found := HTTP.search(line):
            return code("http", found["status"], found["text"] or "", secrets)
    whole = "\n".join(said)
    return next((cause for cause, words in SIGNS if any(w in whole for w in words)), "refused")


def code(cause: str, number: str, text: str, secrets: Collection[str]) -> str:
    """A code with what the service said, if that can be shown."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if any(secret in plain for secret in secrets):
        plain = ""
    return f"{cause}:{number}:{plain[:LONGEST_TEXT]}".rstrip(":")[:LONGEST]


def parts(failure: str) -> tuple[str, str, str]:
    """A code taken apart: cause, number, text."""
    cause, _colon, rest = failure.partition(":")
    number, _colon, text = rest.partition(":")
    return cause, number, text
