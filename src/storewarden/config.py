"""What the one who runs Storewarden can set, read from the environment once.

Every setting has a sensible default and is described in docs/running.md;
a test fails when one is missing there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import environ
from pathlib import Path
from urllib.parse import urlsplit

SHORTEST_TOKEN = 16
SETTINGS: dict[str, str] = {
    "STOREWARDEN_DATA": "folder for the database, the keys and the logs",
    "STOREWARDEN_KEYS": "vault keys, as 1:<base64>,2:<base64>; else a file in the data folder",
    "STOREWARDEN_HOST": "address to listen on",
    "STOREWARDEN_PORT": "port to listen on",
    "STOREWARDEN_ALLOWED_HOSTS": "names under which the pages may be opened, comma separated",
    "STOREWARDEN_HTTPS": "1 when a proxy in front speaks HTTPS: secure cookies and HSTS",
    "STOREWARDEN_URL": "address under which people open the pages, for links in messages",
    "STOREWARDEN_METRICS_TOKEN": "what a reader of /metrics must send; else only this machine may",
    "STOREWARDEN_METRICS_NICKNAMES": "1 to name stores in /metrics by nickname, not by shop id",
    "STOREWARDEN_LANGUAGE": "language of the command line: en or zh-hans",
    "STOREWARDEN_DEBUG": "1 for developers only: tracebacks in the browser",
    "STOREWARDEN_LOG_LEVEL": "debug, info, warning or error",
    "DATABASE_URL": "postgres://… for PostgreSQL; else SQLite in the data folder",
    "TEMU_GATEWAY_CN": "base address of Temu's CN gateway",
    "TEMU_GATEWAY_PA": "base address of Temu's partner (PA) gateway",
    "TEMU_GATEWAY_US": "base address of Temu's US gateway",
    "TEMU_GATEWAY_EU": "base address of Temu's EU gateway",
    "TEMU_GATEWAY_GLOBAL": "base address of Temu's Global gateway",
    "TEMU_SELLER_CENTRAL": "base address of a sandbox's Seller Central, for the 'Open' links",
    "TEMU_CALLS_PER_SECOND": "calls a second Temu allows one app key",
}


def default_data_folder(env: Mapping[str, str]) -> Path:
    home = Path(env.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return home / "storewarden"


@dataclass(frozen=True)
class Config:
    """The settings of one process. Secrets are not shown by `repr`."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8600
    allowed_hosts: tuple[str, ...] = ()
    https: bool = False
    public_url: str = ""
    metrics_token: str = field(default="", repr=False)
    metrics_nicknames: bool = False
    language: str = "en"
    debug: bool = False
    log_level: str = "info"
    database_url: str = field(default="", repr=False)
    keys: str = field(default="", repr=False)
    calls_per_second: float = 20.0
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)


class BadSetting(ValueError):
    """A setting that cannot be used; the text says which and what to write."""


def number(env: Mapping[str, str], name: str, default: float, low: float, high: float) -> float:
    text = env.get(name, "").strip() or str(default)
    try:
        value = float(text)
    except ValueError:
        raise BadSetting(
            f"{name} is {text!r}, which is no number. Write one, or unset it."
        ) from None
    if not low <= value <= high:
        raise BadSetting(f"{name} is {text}; it must be between {low:g} and {high:g}.")
    return value


def flag(env: Mapping[str, str], name: str) -> bool:
    return env.get(name, "").strip().lower() in ("1", "true", "yes", "on")


def web_address(env: Mapping[str, str], name: str) -> str:
    """An address without its trailing slash, or "" when it is unset. It may hold a password,
    so it is never quoted."""
    text = env.get(name, "").strip()
    if text and not _fits_a_browser(text):
        raise BadSetting(
            f"{name} is no address of a web page. Write it like https://desk.example.com, "
            "without a name and password, or unset it."
        )
    return text.rstrip("/")


def _fits_a_browser(text: str) -> bool:
    try:
        parts = urlsplit(text)
        whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    plain = not any(letter in '@?#<>"\\' or not letter.isprintable() for letter in text)
    return parts.scheme in ("http", "https") and whole and plain and " " not in text


def long_token(env: Mapping[str, str], name: str) -> str:
    """A secret that cannot be guessed, or "" when it is unset. It is never quoted."""
    text = env.get(name, "").strip()
    if text and (len(text) < SHORTEST_TOKEN or not text.isascii() or not text.isprintable()):
        raise BadSetting(
            f"{name} must be at least {SHORTEST_TOKEN} letters, digits or signs. "
            "Make one with: openssl rand -hex 32."
        )
    return text


def read(env: Mapping[str, str] = environ) -> Config:
    """Read the settings; raises BadSetting with a sentence for the one who set them."""
    hosts = (part.strip() for part in env.get("STOREWARDEN_ALLOWED_HOSTS", "").split(","))
    return Config(
        data=Path(env.get("STOREWARDEN_DATA") or default_data_folder(env)).expanduser().absolute(),
        host=env.get("STOREWARDEN_HOST") or "127.0.0.1",
        port=int(number(env, "STOREWARDEN_PORT", 8600, 1, 65535)),
        allowed_hosts=tuple(host for host in hosts if host),
        https=flag(env, "STOREWARDEN_HTTPS"),
        public_url=web_address(env, "STOREWARDEN_URL"),
        metrics_token=long_token(env, "STOREWARDEN_METRICS_TOKEN"),
        metrics_nicknames=flag(env, "STOREWARDEN_METRICS_NICKNAMES"),
        language=env.get("STOREWARDEN_LANGUAGE") or "en",
        debug=flag(env, "STOREWARDEN_DEBUG"),
        log_level=(env.get("STOREWARDEN_LOG_LEVEL") or "info").lower(),
        database_url=env.get("DATABASE_URL", ""),
        keys=env.get("STOREWARDEN_KEYS", ""),
        calls_per_second=number(env, "TEMU_CALLS_PER_SECOND", 20, 0.1, 10_000),
        environment=env,
    )
