"""The sandbox and the product in one process: started in order, ended in the other."""

import os
import threading
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import click
from django.conf import settings
from django.utils.translation import gettext as _

from storewarden import chance, engine
from storewarden.cli import output
from storewarden.cli.serving import WebServer, listen
from storewarden.cli.setup import apply_migrations
from storewarden.demo import story
from storewarden.demo.narrator import Narrator
from storewarden.people.actions import create_owner
from storewarden.stores.errors import Refusal
from temu_sandbox import ServedSandbox, World, serve

OWNER = "owner@demo.test"
THREADS = 8
GATEWAYS = ("cn", "pa", "us", "eu", "global")


class House:
    """Everything that runs during a demo; a context manager that ends it."""

    def __init__(self, folder: Path, host: str, port: int, sandbox_port: int) -> None:
        self._folder, self._host = folder, host
        self._port, self._sandbox_port = port, sandbox_port
        self._ends = ExitStack()
        self._narrator = Narrator()

    def __enter__(self) -> "House":
        with ExitStack() as ends:
            self._sandbox = self._start_sandbox(ends)
            self._web = self._start_product(ends)
            self._ends = ends.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ends.close()

    def _start_sandbox(self, ends: ExitStack) -> ServedSandbox:
        world = World.demo(path=str(self._folder / "sandbox.sqlite3"))
        ends.callback(world.close)
        try:
            sandbox = ends.enter_context(serve(world, self._host, self._sandbox_port))
        except OSError:
            raise _port_in_use(self._sandbox_port) from None
        for area in GATEWAYS:
            os.environ[f"TEMU_GATEWAY_{area.upper()}"] = sandbox.gateway(area)
        os.environ["TEMU_SELLER_CENTRAL"] = f"{sandbox.base_url}/seller-central/"
        return sandbox

    def _start_product(self, ends: ExitStack) -> WebServer:
        bound = listen(self._host, self._port)
        web = WebServer(bound, threads=THREADS, behind_proxy=False)
        apply_migrations()
        pages = threading.Thread(target=web.run, name="web", daemon=True)
        pages.start()
        ends.callback(pages.join)
        ends.callback(web.ask_to_stop)
        engine.start(settings.CONFIG.data, settings.CONFIG.database_url)
        ends.callback(engine.stop)
        return web

    def live(self, *, once: bool) -> None:
        """Tell the story; then keep serving until Ctrl-C, unless `once`."""
        password = chance.password()
        create_owner(OWNER, password)
        self._say_where()
        story.tell(self._sandbox, self._narrator)
        self._say_the_end(password, once=once)
        if once:
            return
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            click.echo("", err=True)

    def _say_where(self) -> None:
        self._narrator.say(_("Temu sandbox: %(url)s/") % {"url": self._sandbox.base_url})
        self._narrator.say(_("Storewarden:  %(url)s") % {"url": self._web.address})
        self._narrator.say(_("Demo folder:  %(folder)s") % {"folder": self._folder})

    def _say_the_end(self, password: str, *, once: bool) -> None:
        payload = {
            "verified": True,
            "steps": self._narrator.steps,
            "address": self._web.address,
            "sandbox": self._sandbox.base_url,
            "sign_in": {"email": OWNER, "password": password},
        }
        lines = ["", _("Every step was verified in the sandbox.")]
        if not once:
            lines += [
                _("Open %(url)s and sign in as %(email)s with the password %(password)s")
                % {"url": self._web.address, "email": OWNER, "password": password},
                _("Seller Central (sandbox): %(url)s/seller-central/")
                % {"url": self._sandbox.base_url},
                _("Ctrl-C stops it."),
            ]
        output.tell(payload, *lines)


def _port_in_use(port: int) -> Refusal:
    return Refusal(
        "port_in_use",
        _("Port %(port)d for the sandbox is in use by another program.") % {"port": port},
        _("Stop that program, or choose another port with --sandbox-port or TEMU_SANDBOX_PORT."),
    )
