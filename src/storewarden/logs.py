"""Logs: one line an event on standard error, with every known secret masked.

Temu's URLs carry no secret and calls are logged by type and outcome alone;
the mask is the second line of defence, for text that came from elsewhere.
"""

import logging
import logging.config
import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

# 24 characters or more of a token's alphabet in one run, or anything after a telling key.
TELLING = re.compile(
    r"(?i)(access_token|app_secret|secret|password|authorization|token|sign)"
    r"([\"']?\s*[:=：]\s*[\"']?)([^\s\"',;&}]+)"
)
LONG_RUN = re.compile(r"(?<![A-Za-z0-9/_.-])(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{40,}(?![A-Za-z0-9/_-])")
# Addresses whose next part is a secret: Django logs the path of what it refuses.
SECRET_PATH = re.compile(r"(/(?:calendar|renew)/)[^\s/?#\"']+")


def masked(text: str) -> str:
    """The text without anything that looks like a token, a secret or a password."""
    plain = TELLING.sub(r"\1\2••••", SECRET_PATH.sub(r"\1••••", text))
    return LONG_RUN.sub("••••", plain)


def mask_event(
    _logger: object, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = masked(value)
    return event


class MaskedFormatter(logging.Formatter):
    """For the standard library's loggers: masks the whole line, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


def configure(settings: Mapping[str, Any]) -> None:
    """Django calls this with LOGGING, which holds the level alone."""
    level = str(settings.get("level", "info")).upper()
    handler = logging.StreamHandler()
    handler.setFormatter(MaskedFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("django").handlers.clear()  # Django's own for DEBUG masks nothing
    for noisy in (
        "apprise",
        "httpx2",
        "httpcore2",
        "dbos",
        "waitress.queue",
        "django.utils.autoreload",
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            mask_event,
            structlog.processors.LogfmtRenderer(key_order=["level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level, 20)),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
