"""`storewarden demo`: sandbox and product in one process, on a fresh folder.

Nothing of Django is imported before the environment says which folder it is.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from storewarden.cli import starting
from storewarden.cli.starting import gettext_noop, said
from storewarden.demo.folder import fresh

HOST = "127.0.0.1"
PORT, SANDBOX_PORT = 8600, 8765
UNSET = ("DATABASE_URL", "STOREWARDEN_KEYS", "STOREWARDEN_ALLOWED_HOSTS", "STOREWARDEN_HTTPS")


ABOUT = gettext_noop(
    "Try everything with the built-in Temu sandbox; nothing reaches Temu. Connects a semi- and a "
    "full-consignment store, pulls products and orders, changes a stock figure, ships an order, "
    "lets a token expire and brings the store back. Each step is verified in the sandbox."
)
ONCE_HELP = gettext_noop("Leave after the last step instead of serving.")
PORT_HELP = gettext_noop("Port of the pages: 8600, or any free one with --once.")
SANDBOX_HELP = gettext_noop("Port of the sandbox: 8765, or any free one with --once.")
DATA_HELP = gettext_noop("Demo folder, emptied at the start; else a temporary one.")
JSON_HELP = gettext_noop("Print JSON for programs.")
PORTS = click.IntRange(0, 65535)


@click.command(help=said(ABOUT))
@click.option("--once", is_flag=True, help=said(ONCE_HELP))
@click.option("--port", type=PORTS, envvar="STOREWARDEN_PORT", help=said(PORT_HELP))
@click.option("--sandbox-port", type=PORTS, envvar="TEMU_SANDBOX_PORT", help=said(SANDBOX_HELP))
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help=said(DATA_HELP))
@click.option("--json", is_flag=True, expose_value=False, help=said(JSON_HELP))
@click.pass_context
def demo(
    ctx: click.Context, once: bool, port: int | None, sandbox_port: int | None, data: Path | None
) -> None:
    wanted = (
        port if port is not None else (0 if once else PORT),
        sandbox_port if sandbox_port is not None else (0 if once else SANDBOX_PORT),
    )
    with fresh(data) as folder, _stopped_by_sigterm():
        _set_environment(folder)
        starting.for_a_server(ctx)
        from storewarden.cli import failures
        from storewarden.demo.house import House

        with starting.log_into(folder / "storewarden" / starting.LOG_FILE):
            try:
                with House(folder, HOST, *wanted) as house:
                    house.live(once=once)
            except Exception as error:  # noqa: BLE001  # told while the demo's log is open
                failures.end(ctx, error)


def _set_environment(folder: Path) -> None:
    """Before the settings are read: this demo's folder, and nothing of another installation."""
    os.environ["STOREWARDEN_DATA"] = str(folder / "storewarden")
    for name in UNSET:
        os.environ.pop(name, None)


@contextmanager
def _stopped_by_sigterm() -> Iterator[None]:
    """SIGTERM ends the demo as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
