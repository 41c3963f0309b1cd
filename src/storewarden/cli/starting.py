"""What must run before a command is loaded: Django, the language, where the log goes."""

import gettext
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from storewarden import config

Start = Callable[[click.Context], None]
LOG_FILE = "commands.log"
LOCALE = Path(__file__).parents[1] / "locale"
JSON = "storewarden.json"
"""Where a run keeps whether JSON is wanted (click's meta)."""


def by_itself(_ctx: click.Context) -> None:
    """The command sets its environment first and starts Django on its own."""


def for_a_server(ctx: click.Context) -> None:
    """Django, with the log on standard error, where a service manager collects it."""
    start_django()
    _speak(ctx)


def for_a_person(ctx: click.Context) -> None:
    """Django, with the log in the data folder: the terminal is for the person."""
    start_django()
    _speak(ctx)
    from django.conf import settings

    ctx.with_resource(log_into(settings.CONFIG.data / LOG_FILE))


def start_django() -> None:
    """Raises BadSetting, KeyProblem or OSError with what is wrong in the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storewarden.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def _speak(ctx: click.Context) -> None:
    from django.conf import settings
    from django.utils import translation

    wanted = settings.CONFIG.language.lower()
    known = [code for code, _name in settings.LANGUAGES]
    if wanted not in known:
        raise config.BadSetting(
            f"STOREWARDEN_LANGUAGE is {wanted!r}. Write one of: {', '.join(known)}."
        )
    ctx.with_resource(translation.override(wanted))


@contextmanager
def log_into(file: Path) -> Iterator[None]:
    """Send the log, masked as ever, into a file that only its owner can read."""
    from storewarden.logs import MaskedFormatter

    root = logging.getLogger()
    before = list(root.handlers)
    file.touch(mode=0o600)
    handler = logging.FileHandler(file, encoding="utf-8", delay=True)
    handler.setFormatter(MaskedFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root.handlers[:] = [handler]
    try:
        yield
    finally:
        root.handlers[:] = before
        handler.close()


def gettext_noop(text: str) -> str:
    """Marks a text for translation; `said` translates it when it is shown."""
    return text


def said(text: str) -> str:
    """A text of a help page that must come up before Django does, in the reader's language."""
    if os.environ.get("STOREWARDEN_LANGUAGE", "en").lower() != "zh-hans":
        return text
    words = gettext.translation("django", LOCALE, languages=["zh_Hans"], fallback=True)
    return words.gettext(text)
