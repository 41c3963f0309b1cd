"""/metrics: what it tells, whom it answers, and that the documents and alert rules fit it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from storewarden import clock as product_clock
from storewarden import meters
from storewarden.catalog.models import Listing, ListingSku
from storewarden.engine import runtime
from storewarden.inventory.models import ShownStock
from storewarden.orders.models import OrderPull
from storewarden.orders.pulling import pull_orders
from storewarden.outbox.actions import publish, spread
from storewarden.stores import actions
from storewarden.stores.models import Contact, Credential, Store
from storewarden.stores.probes import probe
from temu_sandbox.control import Control
from temu_sandbox.world.world import World
from tests.calendars import factories as many
from tests.conftest import TESTER, ConnectedStore, VirtualTime
from tests.web import factories

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy/prometheus/storewarden.rules.yml"
TABLE = re.compile(r"^\| `(storewarden_\w+)` \|([^|]*)\|", re.MULTILINE)
NAME = re.compile(r"\bstorewarden_[a-z_]+")
TOKEN = "a-metrics-token-of-32-characters"

Connect = Callable[..., ConnectedStore]


def scraped(**more: Any) -> str:
    answer = Client().get("/metrics", REMOTE_ADDR="127.0.0.1", HTTP_HOST="localhost", **more)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def samples(text: str = "") -> Iterator[tuple[str, dict[str, str], float]]:
    for family in text_string_to_metric_families(text or scraped()):
        for one in family.samples:
            yield one.name, one.labels, one.value


def value(name: str, **labels: str) -> float:
    """The only sample of this name that has these labels."""
    fitting = [
        found
        for called, has, found in samples()
        if called == name and labels.items() <= has.items()
    ]
    assert len(fitting) == 1, (name, labels, fitting)
    return fitting[0]


def absent(name: str, **labels: str) -> bool:
    return not [
        has for called, has, _ in samples() if called == name and labels.items() <= has.items()
    ]


def set_up(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, **changes))


class TestWhatTheRowsSay:
    def test_days_to_expiry_go_down_and_below_zero(
        self, semi_store: Store, clock: VirtualTime
    ) -> None:
        which = {"store": semi_store.mall_id, "kind": "order", "area": "us"}
        days = value("storewarden_credential_days_to_expiry", estimated="false", **which)
        assert days == pytest.approx(90, abs=0.01)
        clock.advance(days=91.5)
        left = value("storewarden_credential_days_to_expiry", **which)
        assert left == pytest.approx(days - 91.5)

    def test_an_estimated_end_says_so(self, semi_store: Store) -> None:
        Credential.objects.filter(kind="product").update(expires_estimated=True)
        assert value("storewarden_credential_days_to_expiry", estimated="true", kind="product") > 89

    def test_a_dead_token_is_not_usable_and_the_other_is(
        self, connect: Connect, world: World
    ) -> None:
        made = connect()
        assert made.order is not None
        world.authorizations.remove(made.order.id)
        probe(made.store.credentials.select_related("store", "app").get(kind="order"))
        assert value("storewarden_credential_usable", kind="order") == 0
        assert value("storewarden_credential_usable", kind="product") == 1
        assert value("storewarden_stores", state="expired") == 1

    def test_a_token_past_its_end_is_not_usable_though_nobody_asked(
        self, semi_store: Store, clock: VirtualTime
    ) -> None:
        clock.advance(days=91)
        assert value("storewarden_credential_usable", kind="order") == 0

    def test_the_age_of_the_proof_grows(self, semi_store: Store, clock: VirtualTime) -> None:
        clock.advance(600)
        age = value("storewarden_credential_proven_age_seconds", kind="order")
        assert age == pytest.approx(600, abs=1)

    def test_an_unproven_token_has_no_age(self, semi_store: Store) -> None:
        Credential.objects.update(proven_at=None)
        assert absent("storewarden_credential_proven_age_seconds")

    def test_the_pull_has_the_age_of_its_cursor(
        self, semi_store: Store, clock: VirtualTime
    ) -> None:
        pull_orders(semi_store.credentials.select_related("store", "app").get(kind="order"))
        clock.advance(1200)
        age = value("storewarden_order_pull_age_seconds", store=semi_store.mall_id, area="us")
        good_until = OrderPull.objects.get().good_until
        assert age == (product_clock.now() - good_until).total_seconds()
        assert 1200 <= age < 1300

    def test_a_failed_try_makes_no_pull_younger(
        self, semi_store: Store, clock: VirtualTime, control: Control
    ) -> None:
        token = semi_store.credentials.select_related("store", "app").get(kind="order")
        pull_orders(token)
        clock.advance(3600)
        OrderPull.objects.update(tried_at=product_clock.now(), failing_since=product_clock.now())
        assert value("storewarden_order_pull_age_seconds") >= 3600

    def test_a_token_that_was_never_pulled_counts_from_where_its_pull_begins(
        self, semi_store: Store
    ) -> None:
        age = value("storewarden_order_pull_age_seconds")
        assert age == (product_clock.now() - semi_store.orders_since).total_seconds() > 0

    def test_a_paused_store_is_not_pulled_and_has_no_age(self, semi_store: Store) -> None:
        actions.pause(semi_store, TESTER)
        assert absent("storewarden_order_pull_age_seconds")
        assert value("storewarden_stores", state="paused") == 1

    def test_an_archived_store_is_only_counted(self, semi_store: Store) -> None:
        actions.archive(semi_store, TESTER)
        assert value("storewarden_stores", state="archived") == 1
        assert absent("storewarden_credential_days_to_expiry")
        assert absent("storewarden_order_pull_age_seconds")

    def test_every_state_is_there_also_when_no_store_has_it(self, db: None) -> None:
        states = {has["state"] for name, has, _ in samples() if name == "storewarden_stores"}
        assert states == {
            "authorized", "expiring", "expired", "incomplete", "paused", "archived"
        }  # fmt: skip

    def test_an_outage_is_told_after_ten_minutes(
        self, semi_store: Store, clock: VirtualTime
    ) -> None:
        assert value("storewarden_outage") == 0
        now = product_clock.now()
        Contact.objects.update_or_create(
            marketplace="temu", area="us", defaults={"asked_at": now, "silent_since": now}
        )
        clock.advance(601)
        assert value("storewarden_outage") == 1

    def test_probes_that_are_due_are_counted_and_how_long_they_wait(
        self, semi_store: Store, clock: VirtualTime
    ) -> None:
        Credential.objects.update(probe_after=product_clock.now() + timedelta(minutes=1))
        assert value("storewarden_work_due", work="probes") == 0
        assert value("storewarden_probe_lag_seconds") == 0
        clock.advance(660)
        assert value("storewarden_work_due", work="probes") == 2
        assert value("storewarden_probe_lag_seconds") == 600

    def test_a_token_that_was_never_planned_waits_since_it_was_entered(
        self, semi_store: Store, clock: VirtualTime
    ) -> None:
        Credential.objects.update(probe_after=None)
        clock.advance(50)
        assert value("storewarden_probe_lag_seconds") == pytest.approx(50, abs=1)

    def test_figures_to_push_are_counted_while_the_push_is_on(self, semi_store: Store) -> None:
        figure(semi_store)
        assert value("storewarden_work_due", work="pushes") == 0
        actions.set_stock_push(semi_store, True, TESTER)
        assert value("storewarden_work_due", work="pushes") == 1
        actions.pause(semi_store, TESTER)
        assert value("storewarden_work_due", work="pushes") == 0

    def test_happenings_that_are_not_handed_on_are_counted(self, semi_store: Store) -> None:
        publish("test.happened", {})
        assert value("storewarden_work_due", work="happenings") >= 1
        spread()
        assert value("storewarden_work_due", work="happenings") == 0


def figure(store: Store) -> ShownStock:
    now = product_clock.now()
    listing = Listing.objects.create(
        store=store, product_id="1", skc_id="1", listed_at=now, seen_at=now
    )
    sku = ListingSku.objects.create(store=store, listing=listing, sku_id="1")
    return ShownStock.objects.create(sku=sku, shown=1, wanted=2, push=ShownStock.Push.DUE)


class TestWhatTheProcessCounts:
    def test_a_call_is_counted_by_area_and_outcome_and_its_time_measured(
        self, connect: Connect
    ) -> None:
        made = connect()
        before = value("storewarden_calls_total", area="us", outcome="ok")
        measured = value("storewarden_call_seconds_count", area="us")
        probe(made.store.credentials.select_related("store", "app").get(kind="order"))
        assert value("storewarden_calls_total", area="us", outcome="ok") > before
        assert value("storewarden_call_seconds_count", area="us") > measured

    def test_a_refused_call_is_counted_by_its_meaning(self, connect: Connect, world: World) -> None:
        made = connect()
        assert made.order is not None
        world.authorizations.remove(made.order.id)
        probe(made.store.credentials.select_related("store", "app").get(kind="order"))
        refused = {
            has["outcome"] for name, has, _ in samples() if name == "storewarden_calls_total"
        }
        assert refused & {"token_unknown", "not_authorized", "token_expired_or_replaced"}

    def test_a_probe_is_counted_by_what_it_found(self, connect: Connect, world: World) -> None:
        made = connect()
        assert made.order is not None
        before = value("storewarden_probes_total", outcome="disconnected")
        world.authorizations.remove(made.order.id)
        probe(made.store.credentials.select_related("store", "app").get(kind="order"))
        assert value("storewarden_probes_total", outcome="disconnected") == before + 1

    def test_every_outcome_of_a_probe_is_there_from_the_start(self, db: None) -> None:
        told = {has["outcome"] for name, has, _ in samples() if name == "storewarden_probes_total"}
        assert set(meters.PROBE_OUTCOMES) <= told

    def test_a_reminder_is_counted_by_kind(self, db: None) -> None:
        meters.reminder_sent("test_kind")
        assert value("storewarden_reminders_sent_total", kind="test_kind") >= 1

    def test_the_silence_of_the_engine_is_told_where_there_is_one(
        self, db: None, noon: factories.StoppedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert absent("storewarden_engine_silent_seconds")
        monkeypatch.setattr(runtime, "_beat_s", noon.monotonic_s() - 7)
        assert value("storewarden_engine_silent_seconds") == 7


class TestNames:
    def test_a_store_goes_by_its_shop_id(self, semi_store: Store) -> None:
        text = scraped()
        assert f'store="{semi_store.mall_id}"' in text
        assert "Alpha" not in text

    def test_or_by_its_nickname_where_that_was_chosen(
        self, semi_store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        set_up(monkeypatch, metrics_nicknames=True)
        text = scraped()
        assert 'store="Alpha"' in text
        assert semi_store.mall_id not in text

    @pytest.mark.parametrize("nickname", ['a"b\\c', "店铺" * 40, "😀", "x} 1\\n", "# HELP x"])
    def test_any_nickname_is_read_back_as_it_is(
        self, semi_store: Store, monkeypatch: pytest.MonkeyPatch, nickname: str
    ) -> None:
        Store.objects.update(nickname=nickname)
        set_up(monkeypatch, metrics_nicknames=True)
        names = {has["store"] for _name, has, _ in samples() if "store" in has}
        assert names == {nickname}

    @pytest.mark.parametrize("nicknames", [True, False])
    def test_no_secret_is_told(
        self, connect: Connect, monkeypatch: pytest.MonkeyPatch, nicknames: bool
    ) -> None:
        made = connect()
        assert made.order is not None
        set_up(monkeypatch, metrics_nicknames=nicknames, metrics_token=TOKEN)
        text = scraped(HTTP_AUTHORIZATION=f"Bearer {TOKEN}")
        row = made.store.credentials.get(kind="order")
        hidden = [made.order.token, made.product.token, row.token_sealed, row.fingerprint]
        for secret in [*hidden, "sandbox-secret", "sandbox-app", TOKEN, "tester@example.test"]:
            assert secret not in text


def test_a_thousand_stores_cost_no_more_queries_than_one(db: None) -> None:
    counted = []
    for count, first in ((1, 0), (999, 1)):
        many.stores(count, first=first)
        with CaptureQueriesContext(connection) as seen:
            text = scraped()
        counted.append(len(seen))
    assert text.count("storewarden_credential_usable{") == 2000
    assert counted == [7, 7]


def everything(semi_store: Store, monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """Each metric that there can be, with its labels, as Prometheus would see it."""
    meters.reminder_sent("test_kind")
    monkeypatch.setattr(runtime, "_beat_s", product_clock.monotonic_s())
    found: dict[str, set[str]] = {}
    for name, has, _value in samples():
        found.setdefault(name, set()).update(has)
    return found


def bare(name: str) -> str:
    return re.sub(r"_(bucket|count|sum)$", "", name)


def test_every_metric_is_described_with_its_labels_and_no_other(
    semi_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = {
        name: set(NAMED.findall(labels))
        for name, labels in TABLE.findall((ROOT / "docs/monitoring.md").read_text())
    }
    there: dict[str, set[str]] = {}
    for name, labels in everything(semi_store, monkeypatch).items():
        there.setdefault(bare(name), set()).update(labels - {"le"})
    assert described == there


NAMED = re.compile(r"`(\w+)`")


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_every_alert_rule_is_whole() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(names) == len(set(names)) == 10
    for rule in rules():
        assert rule.keys() == {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in ("info", "warning", "critical")
        assert rule["annotations"].keys() == {"summary", "description"}
        assert re.fullmatch(r"\d+[mh]", rule["for"])


def test_every_alert_rule_speaks_of_metrics_and_labels_that_there_are(
    semi_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = everything(semi_store, monkeypatch)
    for rule in rules():
        used = set(NAME.findall(rule["expr"]))
        assert used <= there.keys(), rule["alert"]
        labels = {"instance"}.union(*(there[name] for name in used))
        texts = " ".join(rule["annotations"].values())
        assert set(re.findall(r"\$labels\.(\w+)", texts)) <= labels, rule["alert"]


def test_every_outcome_that_an_alert_counts_can_happen() -> None:
    from temu_openapi.errors import Meaning, Reason

    (expr,) = [rule["expr"] for rule in rules() if rule["alert"] == "StorewardenCallsFail"]
    (named,) = re.findall(r'outcome=~"([^"]+)"', expr)
    assert set(named.split("|")) <= {*Meaning, *Reason.__args__}  # type: ignore[attr-defined]
