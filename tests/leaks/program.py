"""A day of the product with planted secrets, run in a process of its own.

Arguments: the data folder and a file for the list of canaries. Everything the
product writes goes to the data folder, standard output and standard error;
every answer of the pages is written to `answers` in the folder.
"""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

DATA = Path(sys.argv[1])
PASSWORD = "canary-owner-password-31"
os.environ |= {
    "STOREWARDEN_DATA": str(DATA),
    "STOREWARDEN_LOG_LEVEL": "debug",
    "STOREWARDEN_DEBUG": sys.argv[3],
    "DJANGO_SETTINGS_MODULE": "storewarden.settings",
}

import django

django.setup()

from click.testing import CliRunner
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment

from storewarden import engine
from storewarden.alerts import channels, sending
from storewarden.calendars import actions as calendar_actions
from storewarden.cli import main as cli
from storewarden.engine import run_once
from storewarden.marketplaces.temu import marketplace as room
from storewarden.marketplaces.temu import wire
from storewarden.people.actions import Actor, create_owner
from storewarden.stores.models import Credential, DeveloperApp, RenewalLink, Store, TableJob
from storewarden.stores.renewal import actions as links
from storewarden.vault import Secret
from storewarden.webhooks import actions as webhook_actions
from temu_openapi import Area, Gateways, Transport
from temu_sandbox.control import Control
from temu_sandbox.server import create_app
from temu_sandbox.world import seed
from temu_sandbox.world.packages import packages_of
from temu_sandbox.world.world import World

MALLS = 26
ADDRESS = {
    "receiptName": "Canary-Buyer-{n}",
    "mobile": "+1 555 01{n:02d} 7733",
    "addressLine1": "{n} Canary-Street-Forty-One",
    "mail": "canary{n}@buyers.example.test",
}
OWNER = Actor("owner@example.test")
answers = (DATA / "answers").open("w")
canaries: list[str] = [PASSWORD]


def keep(response: Any) -> Any:
    answers.write(f"{response.status_code} {dict(response.headers)}\n")
    answers.write(response.content.decode(errors="replace") + "\n")
    return response


def plant(world: World) -> list[dict[str, str]]:
    """A new secret for each app, 26 malls with four tokens each, orders with addresses."""
    control = Control(world)
    for area in ("cn", "us", "eu", "global"):
        app = world.directory.app(f"sandbox-app-{area}")
        secret = f"canarysecret{area}" + "7q" * 12
        world.directory.save_app(replace(app, app_secret=secret))
        canaries.append(secret)
    stores = []
    mall = world.directory.mall(seed.SEMI_ONE)
    for n in range(MALLS):
        number = seed.SEMI_ONE if n == 0 else 634418000001000 + n
        if n:
            own = {"name": f"Mall {n}", "semi_unique_id": f"semi-{n}"}
            world.directory.add_mall(replace(mall, mall_id=number, **own))
        tokens = {}
        for area in ("cn", "us", "eu", "global"):
            names = [one.name for one in packages_of(area)]
            grant = world.authorizations.grant(number, f"sandbox-app-{area}", area, names)
            tokens[area] = grant.token
        canaries.extend(tokens.values())
        stores.append(tokens)
    for n in range(5):
        address = {key: text.format(n=n) for key, text in ADDRESS.items()}
        control.make_orders(seed.SEMI_ONE, n=3, area="us", address=address)
        canaries.extend(address.values())
    return stores


def posted(tokens: dict[str, str], name: str) -> dict[str, str]:
    form = {"store_type": "semi", "nickname": name, "token-product-cn": tokens["cn"]}
    return form | {f"token-order-{area}": tokens[area] for area in ("us", "eu", "global")}


def walk_pages(client: Client, stores: list[dict[str, str]]) -> None:
    base = "/settings/authorization-center/temu"
    for area in ("cn", "us", "eu", "global"):
        secret = next(text for text in canaries if text.startswith(f"canarysecret{area}7"))
        form = {"area": area, "app_key": f"sandbox-app-{area}", "secret": secret}
        keep(client.post("/settings/developer-apps/", form))
    for n, tokens in enumerate(stores[:20]):
        keep(client.post(f"{base}/add/check/", posted(tokens, f"Store {n}")))
        keep(client.post(f"{base}/add/", posted(tokens, f"Store {n}")))
    swapped = dict(zip(("cn", "us", "eu", "global"), reversed(stores[20].values()), strict=True))
    keep(client.post(f"{base}/add/check/", posted(swapped, "Swapped")))
    keep(client.post(f"{base}/add/", posted(swapped, "Swapped")))
    for row in Credential.objects.values_list("store_id", flat=True).distinct():
        keep(client.get(f"{base}/{row}/"))
        keep(client.post(f"{base}/{row}/reauthorize/", posted(stores[21], "")))
    for path in ("/", f"{base}/", "/orders/", "/listings/", "/stock/", "/shipping/"):
        keep(client.get(path))


def watch_over(client: Client, stores: list[dict[str, str]]) -> None:
    """Secrets of the watch: a table of tokens, a link, a channel, a webhook, a calendar.

    They are made by the deeds and not by the pages, since one answer shows a link's, an
    endpoint's or a calendar's secret to its maker; every other answer is kept.
    """
    base = "/settings/authorization-center/temu"
    hand_in_a_table(client, base, stores)
    store = Store.objects.get(nickname="Store 0")
    link, secret = links.make_link(store, OWNER, "en")
    keep(client.get(f"{base}/{store.pk}/links/"))
    stranger = Client(raise_request_exception=False)
    stranger.get(f"/renew/{secret.reveal()}/")  # its form's address is the secret itself
    stranger.post(f"/renew/{secret.reveal()}/", posted(stores[21], ""))
    print("tries of the link:", RenewalLink.objects.get(pk=link.pk).tries)
    wanted = webhook_actions.Wanted("https://hooks.example.test/in")
    _endpoint, signing = webhook_actions.add_endpoint(wanted, OWNER)
    calendar = calendar_actions.make("Ends", "en", OWNER).secret
    mail = "canarymailpassword8833"
    address = Secret(
        f"mailto://desk:{mail}@127.0.0.1:9/?from=desk@example.test&to=seller@example.test"
    )
    channel = channels.add("Mail", address, "en", "first", OWNER)
    canaries.extend([secret.reveal(), signing.reveal(), calendar.reveal(), mail])
    sending.send_test(channel)
    for job in ("alerts.look", "outbox.spread", "alerts.deliver", "webhooks.deliver_due"):
        run_once(job)
    for page in ("/alerts/list/", "/alerts/channels/", "/settings/webhooks/", "/metrics"):
        keep(client.get(page))
    for page in ("/settings/calendar/", f"{base}/timeline/", f"{base}/queue/?days=365"):
        keep(client.get(page))


def hand_in_a_table(client: Client, base: str, stores: list[dict[str, str]]) -> None:
    lines = [f"Table {n}\tsemi\t{stores[n]['cn']}\t{stores[n]['us']}" for n in (22, 23)]
    table = "\n".join(["nickname\ttype\tproduct token\torder token us", *lines])
    keep(client.post(f"{base}/table/connect/", {"pasted": table}, follow=True))
    job = TableJob.objects.get()
    keep(client.get(f"{base}/table/{job.pk}/"))
    keep(client.post(f"{base}/table/{job.pk}/start/", follow=True))
    run_once("stores.tables")
    keep(client.get(f"{base}/table/{job.pk}/"))
    keep(client.get(f"{base}/table/{job.pk}/report/"))
    print("lines of the table:", sorted(job.rows.values_list("state", flat=True)))


def break_things(client: Client, stores: list[dict[str, str]]) -> None:
    """Tracebacks while secrets are on the stack: in a page, in a command, in a job."""

    def broken(access: Any, *, urgent: bool) -> Any:
        app, token = wire.app_and_token(access)
        text = f"{token.value} {app.secret}"
        raise RuntimeError(f"broken on purpose, {len(text)} characters, token={token!r}")

    whole, room.tokens.inspect = room.tokens.inspect, broken
    try:
        base = "/settings/authorization-center/temu"
        keep(client.post(f"{base}/add/check/", posted(stores[22], "Broken")))
        keep(client.post(f"{base}/add/?token={'x' * 5}", posted(stores[22], "Broken")))
        command("stores", "check", "--type", "semi", "--nickname", "B", stdin=as_stdin(stores[23]))
        Credential.objects.update(probe_after=None)
        try:
            run_once("stores.probe_due")
        except RuntimeError as error:
            print("as expected:", repr(error))
    finally:
        room.tokens.inspect = whole


def as_stdin(tokens: dict[str, str]) -> str:
    orders = {area: tokens[area] for area in ("us", "eu", "global")}
    return json.dumps({"product": tokens["cn"], "order": orders})


def command(*arguments: str, stdin: str = "") -> None:
    done = CliRunner().invoke(cli, arguments, input=stdin)
    print(arguments, done.exit_code, done.output)


def use_commands(stores: list[dict[str, str]]) -> None:
    for n in (24, 25):
        name = f"By command {n}"
        tokens = as_stdin(stores[n])
        for deed in ("check", "connect"):
            command("stores", deed, "--type", "semi", "--nickname", name, "--json", stdin=tokens)
    command("stores", "list", "--json")
    command("stores", "probe", "--json")
    command("apps", "list", "--json")
    command("orders", "pull", "--json")
    command("orders", "list", "--json")
    command("listings", "pull", "--store", "Store 0", "--json")
    command("stores", "reauthorize", "Store 0", stdin=as_stdin(stores[1]))
    command("stores", "connect", "--type", "semi", "--nickname", "Bad", stdin="{" + stores[2]["us"])


def use_engine() -> None:
    engine.start(DATA, os.environ.get("DATABASE_URL", ""), f"leaks-{os.getpid()}")
    for name in ("stores.probe_due", "orders.pull_due", "catalog.pull_due", "inventory.read_due"):
        engine.submit(name)
    engine.stop()


def main() -> None:
    call_command("migrate", verbosity=0)
    setup_test_environment()
    world = World.demo()
    stores = plant(world)
    Path(sys.argv[2]).write_text(json.dumps(canaries))
    bases = {area: f"http://sandbox.test/{area}" for area in Area}
    transport = Transport.over_wsgi(create_app(world))
    with wire.using(wire.Wire.over(transport, Gateways(bases), DATA / "pace", 10_000)):
        world.limits.app_rate_per_s = None
        create_owner("owner@example.test", PASSWORD)
        client = Client(raise_request_exception=False)
        sign_in = {"login": "owner@example.test", "password": PASSWORD}
        keep(client.post("/accounts/login/", sign_in | {"password": PASSWORD + "x"}))
        keep(client.post("/accounts/login/", sign_in))
        walk_pages(client, stores)
        use_commands(stores)
        watch_over(client, stores)
        break_things(client, stores)
        use_engine()
    Path(sys.argv[2]).write_text(json.dumps(canaries))
    print(json.dumps({"apps": DeveloperApp.objects.count(), "tokens": Credential.objects.count()}))


main()
answers.close()
