"""The watch over a thousand stores and four hundred days, held against the truth at each look."""

import time
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import F, Q

from storewarden import clock as product_clock
from storewarden.alerts import rules as alert_rules
from storewarden.alerts.models import Alert, Message, Rung
from storewarden.marketplaces.temu import wire
from storewarden.outbox.models import StoredHappening
from storewarden.stores import rules
from storewarden.stores.models import Credential, DeveloperApp, Store
from temu_openapi import Area, Gateways
from temu_sandbox.server import create_app
from temu_sandbox.world.world import World
from tests.conftest import VirtualTime
from tests.simulation.in_process import InProcess
from tests.simulation.watched_year import DAY_S, Year, moment

STORES, DAYS = 1000, 400
INTERVAL = timedelta(days=10)
"""Supervision in this simulation: hourly probes of 1,750 tokens would be 17 million."""
GATEWAYS = Gateways({area: f"http://sandbox.test/{area}" for area in Area})
EXPECTED = {
    "removed": {"disconnected", "expired"},
    "replaced": {"replaced", "expired"},
    "scope": {"core_permission_missing", "expired"},
    "": {"expired"},
}


class Judge:
    """Holds what the product shows against the truth."""

    def __init__(self, year: Year) -> None:
        self.year = year
        self.slots = {
            (str(shop.store.pk), kind): (shop, token)
            for shop in year.shops
            for kind, token in shop.tokens.items()
        }
        self.wrong: list[str] = []

    def look(self) -> None:
        now_s, now = self.year.time.now_s(), product_clock.now()
        usable: dict[str, bool] = defaultdict(lambda: True)
        first: dict[str, float] = defaultdict(lambda: float("inf"))
        rows = Credential.objects.values_list("store_id", "kind", "state", "cause", "expires_at")
        for store, kind, state, cause, ends in rows:
            works = state in rules.USABLE and cause != rules.CORE_MISSING and now < ends
            shown = "expired" if state in rules.USABLE and now >= ends else cause
            self._token(str(store), kind, works, shown, now_s)
            usable[str(store)] &= works
            first[str(store)] = min(first[str(store)], ends.timestamp())
        for pk, told in Store.objects.values_list("pk", "told_state"):
            state = self._state(usable[str(pk)], first[str(pk)] - now_s)
            if told != state:
                self.wrong.append(f"{now}: store {pk} is told as {told}, and is {state}")

    def _state(self, usable: bool, left_s: float) -> str:
        if not usable:
            return "expired"
        return "expiring" if left_s <= 30 * DAY_S else "authorized"

    def _token(self, store: str, kind: str, works: bool, shown: str, now_s: float) -> None:
        shop, token = self.slots[store, kind]
        dead_s = token.dead_at(now_s)
        since = max(dead_s if dead_s is not None else token.alive_since_s, self.year.blind_until_s)
        late = now_s - since > 1.5 * INTERVAL.total_seconds() + DAY_S or token.ended(now_s)
        if self.year.in_outage and not token.ended(now_s):
            late = False
        if works and dead_s is not None and late:
            self.wrong.append(f"{shop.store}: {kind} is dead ({token.how}) since {moment(dead_s)}")
        if not works and dead_s is None and late:
            self.wrong.append(f"{shop.store}: {kind} works and is shown as {shown}")
        known = EXPECTED.get(token.how, {shown}) | EXPECTED[""]
        if not works and dead_s is not None and late and shown not in known:
            self.wrong.append(f"{shop.store}: {kind} {token.how} is shown as {shown}")


@pytest.mark.slow
@pytest.mark.sqlite_only  # it says nothing about a database, and takes minutes
@pytest.mark.timeout(600)
def test_every_state_is_right_each_rung_is_told_once_and_no_order_is_missed(
    apps: dict[str, DeveloperApp],
    world: World,
    clock: VirtualTime,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(rules, "PROBE_EVERY", INTERVAL)
    world.limits.app_rate_per_s = None
    year = Year(world, clock, seed=11)
    short = wire.Wire.over(InProcess(create_app(world)), GATEWAYS, tmp_path / "short", 20.0)
    with wire.using(short):
        live(year, STORES, DAYS)
    each_rung_was_told_once()
    one_notice_an_outage(year)


def live(year: Year, stores: int, length_days: int) -> None:
    """Day after day: what happens, the look, and whether it shows the truth."""
    clock = year.time
    year.open_shops(stores)
    judge = Judge(year)
    begin_s, cpu_s = clock.now_s(), time.process_time()
    trouble(year, begin_s, length_days)
    nine_s = begin_s - begin_s % DAY_S + 9.5 * 3600
    for day in range(1, length_days + 1):
        year.run_until(nine_s + day * DAY_S)
        if year.is_off:
            continue
        year.look()
        if year.in_outage:  # a silence of ten minutes is an outage
            year.run_until(clock.now_s() + 660)
            year.look()
        judge.look()
        assert judge.wrong[:5] == []
    print(
        f"\n{stores} stores, {len(judge.slots)} tokens, {length_days} days: {year.probes} probes,"
        f" {year.deaths} early deaths, {year.renewals} renewals, {year.orders} orders,"
        f" {year.noticed_at_once} noticed by the first call, {year.outages} outages,"
        f" {Rung.objects.count()} rungs, {Message.objects.count()} messages,"
        f" {time.process_time() - cpu_s:.0f} s of one core"
    )
    assert year.refused <= {"unreachable"}, "a good token is refused for an outage alone"


def trouble(year: Year, begin_s: float, length_days: int) -> None:
    for n in range(1, 6):
        when = begin_s + (n * length_days / 6 + year.chance.uniform(0, 5)) * DAY_S
        length = year.chance.uniform(1.1, 2.2)
        year.at(when, lambda length=length: year.outage(length))
        off = when + (length_days / 12) * DAY_S
        rest = year.chance.uniform(1, 4)
        year.at(off, lambda rest=rest: year.switched_off(rest))


def each_rung_was_told_once() -> None:
    told = Rung.objects.filter(told_at__isnull=False)
    assert told.count() > 1000, "a year without reminders proves nothing"
    items = Counter(
        (item["store"], item["token"], item["expires_at"], item["kind"], message.pk)
        for message in Message.objects.filter(kind__in=["digest", "urgent"])
        for item in message.items
    )
    assert set(items.values()) == {1}, "one message says a thing once"
    said = Counter(kind for _store, _token, _ends, kind, _message in items)
    assert said["expiring"] == told.filter(rung__gte=0).count(), "each rung in one message"
    deaths = Alert.objects.filter(kind="dead")
    over_soon = deaths.filter(closed_at__lt=F("raised_at") + DAY).count()
    assert 0 <= deaths.count() - said["dead"] <= over_soon, "each death in one, if it lasted"
    assert not told.filter(Q(message__isnull=True) | Q(covered=True)).exists()
    on_the_day = told.filter(rung__gte=0, message__kind="digest")
    late = [one for one in on_the_day if (one.told_at or one.reached_at) - one.reached_at > DAY]
    assert late == [], "told on the day it was reached"
    assert set(told.values_list("rung", flat=True)) == {*alert_rules.LADDER, alert_rules.DEAD}


DAY = timedelta(days=1)


def one_notice_an_outage(year: Year) -> None:
    kinds = Counter(Message.objects.values_list("kind", flat=True))
    assert kinds["outage"] == kinds["outage_over"] == year.outages
    assert kinds["digest"] <= 401
    expired = StoredHappening.objects.filter(type="store.expired").count()
    recovered = StoredHappening.objects.filter(type="store.recovered").count()
    still = Store.objects.filter(told_state="expired").count()
    assert expired == recovered + still
