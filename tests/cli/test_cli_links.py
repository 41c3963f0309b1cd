"""`storewarden stores link`, `links`, `revoke-link` and `due`."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client

from storewarden.stores.models import Credential, RenewalLink, Store
from storewarden.stores.probes import probe
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.cli.kit import refused, run, told
from tests.conftest import ConnectedStore, VirtualTime


def path_of(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def test_a_link_is_made_and_opens(semi_store: Store) -> None:
    made = told("stores", "link", "Alpha")["link"]
    assert made["state"] == "open"
    assert made["made_by"] == "command line"
    assert Client().get(path_of(made["address"])).status_code == 200


def test_a_person_gets_the_address_on_a_line_of_its_own(semi_store: Store) -> None:
    lines = run("stores", "link", "Alpha", "--hours", "1").stdout.splitlines()
    assert lines[0].startswith("http://127.0.0.1:8600/renew/")
    assert "It works once, until" in lines[1]


def test_it_is_under_the_address_that_people_use(
    semi_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = "https://desk.example.test"
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, public_url=base))
    assert told("stores", "link", "Alpha")["link"]["address"].startswith(f"{base}/renew/")


def test_language_and_hours_are_kept(semi_store: Store) -> None:
    told("stores", "link", "Alpha", "--language", "zh-hans", "--hours", "5")
    link = RenewalLink.objects.get()
    assert link.language == "zh-hans"
    assert (link.expires_at - link.made_at).total_seconds() == 5 * 3600


@pytest.mark.parametrize(
    "more", [("--hours", "0"), ("--hours", "169"), ("--hours", "x"), ("--language", "xx")]
)
def test_an_unfit_wish_is_wrong_usage(semi_store: Store, more: tuple[str, ...]) -> None:
    assert run("stores", "link", "Alpha", *more).exit_code == 2
    assert not RenewalLink.objects.exists()


def test_an_archived_store_is_refused(semi_store: Store) -> None:
    run("stores", "archive", "Alpha", "--yes")
    assert refused("stores", "link", "Alpha")["cause"] == "archived"


def test_the_list_has_every_link_and_no_secret(semi_store: Store) -> None:
    secret = told("stores", "link", "Alpha")["link"]["address"].split("/")[-2]
    told("stores", "link", "Alpha")
    answer = told("stores", "links", "Alpha")
    assert len(answer["links"]) == 2
    assert secret not in str(answer)
    shown = run("stores", "links", "Alpha").stdout
    assert "Not opened yet" in shown
    assert secret not in shown


def test_a_link_is_revoked_by_its_id(semi_store: Store) -> None:
    made = told("stores", "link", "Alpha")["link"]
    assert told("stores", "revoke-link", "Alpha", made["id"])["link"]["state"] == "revoked"
    assert Client().get(path_of(made["address"])).status_code == 404


@pytest.mark.parametrize("link", ["", "x", "00000000-0000-4000-8000-000000000000", "x" * 10_000])
def test_an_unknown_link_is_refused(semi_store: Store, link: str) -> None:
    assert refused("stores", "revoke-link", "Alpha", link)["cause"] == "no_such_link"


@pytest.mark.django_db
def test_an_unknown_store_is_refused() -> None:
    for command in (("link",), ("links",)):
        assert refused("stores", *command, "nobody")["cause"] == "no_such_store"
    assert refused("stores", "revoke-link", "nobody", "x")["cause"] == "no_such_store"


def test_what_is_due_comes_earliest_first(
    connect: Callable[..., ConnectedStore], world: World, clock: VirtualTime
) -> None:
    soon, later = connect("Soon"), connect("Later", seed.SEMI_TWO)
    for made, days in ((soon, 85), (later, 70)):
        assert made.order is not None
        world.authorizations.age(made.order.id, days)
    for one in Credential.objects.select_related("store", "app"):
        probe(one)
    stores = told("stores", "due", "--days", "30")["stores"]
    assert [one["nickname"] for one in stores] == ["Soon", "Later"]
    assert stores[0]["due"] == ["order:us"]
    assert [one["nickname"] for one in told("stores", "due")["stores"]] == ["Soon"]
    assert "Soon" in run("stores", "due").stdout


@pytest.mark.django_db
def test_days_that_make_no_sense_are_wrong_usage() -> None:
    for days in ("0", "366", "x", "-1"):
        assert run("stores", "due", "--days", days).exit_code == 2
