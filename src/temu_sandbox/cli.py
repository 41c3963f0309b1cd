"""``temu-sandbox serve`` and ``temu-sandbox control``."""

import http.client
import json
import signal
import sys
from typing import Any
from urllib.parse import urlsplit

import click

from temu_sandbox.control import VERBS, usage
from temu_sandbox.control_http import parsed
from temu_sandbox.server import serve as serve_world
from temu_sandbox.world.world import World

_DEFAULT_PORT = 8765
_TIMEOUT_S = 120


@click.group()
def main() -> None:
    """Temu, simulated: for trying, teaching and testing. Not Temu, and never reaches it."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, envvar="TEMU_SANDBOX_HOST")
@click.option(
    "--port", default=_DEFAULT_PORT, show_default=True, type=int, envvar="TEMU_SANDBOX_PORT"
)
@click.option(
    "--world", "path", default=":memory:", show_default=True, envvar="TEMU_SANDBOX_WORLD",
    help="SQLite file that keeps the world; made if it is not there.",
)  # fmt: skip
@click.option("--seed", default=1, show_default=True, type=int)
@click.option(
    "--rate", default=20.0, show_default=True, help="Calls a second of an app key; 0: any."
)
def serve(host: str, port: int, path: str, seed: int, rate: float) -> None:
    """Serve the demo world until Ctrl-C."""
    world = World.demo(path=path, seed=seed)
    world.limits.app_rate_per_s = rate or None
    try:
        served = serve_world(world, host, port)
    except OSError as error:
        raise click.ClickException(
            f"Cannot serve on {host}:{port}: {error.strerror}. Choose another one with --port."
        ) from error
    click.echo(
        f"Temu sandbox: {served.base_url}/   Seller Central: {served.base_url}/seller-central/"
    )
    # Said outright, because a shell starts background jobs with SIGINT ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        served.wait()
    except KeyboardInterrupt:
        served.close()
        world.close()


def _verbs_told() -> str:
    return "\b\n" + "\n".join(f"{verb}: {usage(verb)}" for verb in VERBS)


@main.command(epilog=_verbs_told())
@click.argument("verb", type=click.Choice(list(VERBS)), metavar="VERB")
@click.argument("arguments", nargs=-1, metavar="[NAME=VALUE]...")
@click.option(
    "--url", default=f"http://127.0.0.1:{_DEFAULT_PORT}", show_default=True,
    envvar="TEMU_SANDBOX_URL", help="Where the sandbox is served.",
)  # fmt: skip
@click.option("--stdin", "from_stdin", is_flag=True, help="Read more arguments, as JSON, on stdin.")
def control(verb: str, arguments: tuple[str, ...], url: str, from_stdin: bool) -> None:
    """Tell a served sandbox what to do; values are JSON or plain text. Tokens go by --stdin."""
    given = json.load(sys.stdin) if from_stdin else {}
    given |= dict(_pair(argument) for argument in arguments)
    status, answer = _post(url, verb, given)
    if status != http.client.OK:
        raise click.ClickException(str(answer.get("error", answer)))
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def _pair(argument: str) -> tuple[str, Any]:
    name, equals, text = argument.partition("=")
    if not equals:
        raise click.UsageError(f"{argument!r} is no NAME=VALUE.")
    return name, parsed(text)


def _post(url: str, verb: str, arguments: dict[str, Any]) -> tuple[int, Any]:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(
        address.hostname or "127.0.0.1", address.port or _DEFAULT_PORT, timeout=_TIMEOUT_S
    )
    try:
        connection.request(
            "POST", f"/control/{verb}", json.dumps(arguments), {"Content-Type": "application/json"}
        )
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    except (OSError, ValueError) as error:
        raise click.ClickException(
            f"No sandbox answers at {url}: start one with `temu-sandbox serve`."
        ) from error
    finally:
        connection.close()
