"""The one WSGI application, and how it is served."""

import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any

from flask import Flask, url_for
from waitress.server import create_server

from temu_sandbox import control_http
from temu_sandbox.chance import seeded
from temu_sandbox.gateways import app as gateways
from temu_sandbox.seller_central.pages import blueprint as seller_central
from temu_sandbox.sender import SenderThread
from temu_sandbox.world.model import GATEWAYS
from temu_sandbox.world.world import World

# waitress has no types; this says once what is used of it.
_create_server: Callable[..., Any] = create_server
_MAX_BODY_BYTES = 8 * 1024 * 1024
_INDEX = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Temu sandbox</title></head>
<body><main><h1>Temu sandbox</h1>
<p>A simulation for trying and testing. This is not Temu, and nothing here reaches Temu.</p>
<ul><li><a href="/seller-central/">Seller Central</a>: authorize apps, see orders and stock</li>
<li>Gateways: {gateways}</li>
<li><a href="/control/">Control</a>: what tests can do to this world (JSON)</li></ul>
</main></body></html>
"""


def create_app(world: World) -> Flask:
    """Gateways at ``/<gateway>/openapi/router``, Seller Central, control and an index page.

    Usable in process (any WSGI client) and from several threads. Exceptions reach the server or the
    caller as they are: that is how a lost response looks like a lost connection.
    """
    app = Flask("temu_sandbox")
    app.config["WORLD"] = world
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY_BYTES
    app.config["SESSION_COOKIE_NAME"] = "sandbox_session"
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    # Nothing of worth is behind this session: a sandbox sign-in needs no password.
    app.secret_key = seeded("session", world.seed).randbytes(32)
    for blueprint in (gateways.blueprint, control_http.blueprint, seller_central):
        app.register_blueprint(blueprint)
    app.add_url_rule("/", "index", _index)
    return app


def _index() -> str:
    routers = (url_for("gateways.router", gateway=gateway) for gateway in GATEWAYS)
    return _INDEX.format(gateways=", ".join(f"<code>{router}</code>" for router in routers))


class ServedSandbox:
    """A sandbox that is being served by threads of this process; close it when done.

    It sends webhooks by itself, once an app has a callback.
    """

    def __init__(self, world: World, host: str, port: int, threads: int) -> None:
        self.world = world
        self._server = _create_server(
            create_app(world), host=host, port=port, threads=threads,
            max_request_body_size=_MAX_BODY_BYTES, ident="temu-sandbox",
        )  # fmt: skip
        self.base_url = f"http://{host}:{self._server.effective_port}"
        self._thread = threading.Thread(target=self._server.run, name="temu-sandbox", daemon=True)
        self._thread.start()
        self._sender = SenderThread(world)

    def gateway(self, area: str) -> str:
        """The base address of a gateway, before ``/openapi/router``."""
        return f"{self.base_url}/{area}"

    def wait(self) -> None:
        """Serve until the process is interrupted."""
        self._thread.join()

    def close(self) -> None:
        """Stop serving and join the threads; the world stays as it is."""
        self._sender.close()
        # The loop may be awake already and close the trigger before the pull ends.
        with suppress(OSError):
            self._server.trigger.pull_trigger(self._close_all)
        self._thread.join(10)
        self._server.task_dispatcher.shutdown()

    def _close_all(self) -> None:
        self._server.asyncore.close_all(self._server._map)

    def __enter__(self) -> "ServedSandbox":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def serve(world: World, host: str = "127.0.0.1", port: int = 0, threads: int = 8) -> ServedSandbox:
    """Serve ``world`` at once, in the background; port 0 takes a free one.

    Raises OSError when the port is in use.
    """
    return ServedSandbox(world, host, port, threads)
