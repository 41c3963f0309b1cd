"""`storewarden serve` and `storewarden worker`."""

import threading

import click
from django.conf import settings
from django.utils.translation import gettext as _

from storewarden import engine
from storewarden.cli import inputs, output
from storewarden.cli.serving import WebServer, listen, on_stop_signals
from storewarden.cli.setup import apply_migrations

SERVER = "server"


@click.command(help=_("Serve the web pages and run the jobs, until SIGTERM or Ctrl-C."))
@click.option("--host", type=inputs.TEXT, help=_("Address to listen on [STOREWARDEN_HOST]."))
@click.option("--port", type=click.IntRange(0, 65535), help=_("0: any [STOREWARDEN_PORT]."))
@click.option("--no-engine", is_flag=True, help=_("Pages only: a worker runs the jobs."))
@click.option("--threads", type=click.IntRange(1, 64), default=8, show_default=True)
@output.json_option
def serve(host: str | None, port: int | None, no_engine: bool, threads: int) -> None:
    config = settings.CONFIG
    bound = listen(host or config.host, config.port if port is None else port)
    _allow(host)
    web = WebServer(bound, threads=threads, behind_proxy=config.https)
    applied = apply_migrations()
    if not no_engine:
        engine.start(config.data, config.database_url, SERVER)
    try:
        _told_where(web.address, applied)
        with on_stop_signals(web.ask_to_stop):
            web.run()
    finally:
        if not no_engine:
            engine.stop()
    _told_end()


def _allow(host: str | None) -> None:
    """The pages may be opened under the address that was asked for, as with STOREWARDEN_HOST."""
    if host and host not in settings.ALLOWED_HOSTS:
        settings.ALLOWED_HOSTS.append(host)


def _told_where(address: str, applied: list[str]) -> None:
    lines = [_("The database was brought up to date.")] if applied else []
    lines.append(_("Storewarden serves %(address)s (Ctrl-C stops it)") % {"address": address})
    output.tell({"serving": address, "migrated": applied}, *lines)


def _told_end() -> None:
    if not output.wants_json():
        output.tell({}, _("Stopped; what was open has been finished."))


@click.command(help=_("Run the jobs without pages, until SIGTERM or Ctrl-C."))
@click.option("--name", type=inputs.TEXT, default="worker", show_default=True)
@output.json_option
def worker(name: str) -> None:
    config = settings.CONFIG
    # SQLite bears one engine only: the server's lock keeps a second one out.
    executor = name if config.database_url else SERVER
    stop = threading.Event()
    apply_migrations()
    engine.start(config.data, config.database_url, executor)
    try:
        output.tell({"working": executor}, _("The jobs run (Ctrl-C stops them)"))
        with on_stop_signals(stop.set):
            stop.wait()
    finally:
        engine.stop()
    _told_end()
