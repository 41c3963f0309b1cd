"""What /metrics tells of the rows: the same from every process, read in a number of queries that
does not grow with stores.

A store is named by its shop id; by its nickname where the one who runs this machine chose so.
Nothing here is a secret.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Prefetch
from django.db.models.functions import Coalesce
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from storewarden import __version__, engine
from storewarden.inventory import queries as inventory
from storewarden.inventory.models import ShownStock
from storewarden.marketplaces.base import TokenKind
from storewarden.orders.models import OrderPull
from storewarden.outbox.models import StoredHappening
from storewarden.stores import queries as stores
from storewarden.stores.models import Credential, Store
from storewarden.stores.rules import StoreState

DAY = timedelta(days=1)
OF_A_STORE = ("mall_id", "nickname", "store_type", "orders_since", "paused_at", "archived_at")
OF_A_TOKEN = (
    "store_id",
    "kind",
    "area",
    "state",
    "cause",
    "expires_at",
    "expires_estimated",
    "proven_at",
)
TOKEN = ["store", "kind", "area"]


@dataclass(frozen=True)
class Seen:
    """The stores with their tokens, and how far each order token has been pulled."""

    now: datetime
    stores: Sequence[Store]
    pulled: dict[UUID, datetime]
    nicknames: bool

    def live(self) -> Iterator[tuple[Store, Credential, str]]:
        """Every token of a store that is not archived, with the name that its store goes by."""
        for store in self.stores:
            if store.archived_at is None:
                name = store.nickname if self.nicknames else store.mall_id
                for token in store.credentials.all():
                    yield store, token, name


class Gauges(Collector):
    """A collector over the rows of this moment; made anew for each answer."""

    def __init__(self, now: datetime, *, nicknames: bool) -> None:
        self.now, self.nicknames = now, nicknames

    def collect(self) -> Iterator[GaugeMetricFamily]:
        tokens = Prefetch("credentials", Credential.objects.only(*OF_A_TOKEN))
        rows = list(Store.objects.only(*OF_A_STORE).prefetch_related(tokens))
        pulled = dict(OrderPull.objects.values_list("credential_id", "good_until"))
        seen = Seen(self.now, rows, pulled, self.nicknames)
        yield from of_tokens(seen)
        yield of_pulls(seen)
        yield of_stores(seen)
        yield from of_work(self.now)
        yield from of_this_process()


def of_tokens(seen: Seen) -> Iterator[GaugeMetricFamily]:
    days = GaugeMetricFamily(
        "storewarden_credential_days_to_expiry",
        "Days until a token ends, negative once it has.",
        labels=[*TOKEN, "estimated"],
    )
    usable = GaugeMetricFamily(
        "storewarden_credential_usable",
        "1 while the jobs that need this token may use it, else 0.",
        labels=TOKEN,
    )
    proven = GaugeMetricFamily(
        "storewarden_credential_proven_age_seconds",
        "How long ago the marketplace last said what this token is worth.",
        labels=TOKEN,
    )
    for _store, one, name in seen.live():
        slot = [name, one.kind, one.area]
        estimated = "true" if one.expires_estimated else "false"
        days.add_metric([*slot, estimated], (one.expires_at - seen.now) / DAY)
        usable.add_metric(slot, stores.is_usable(one, seen.now))
        if one.proven_at is not None:
            proven.add_metric(slot, (seen.now - one.proven_at).total_seconds())
    yield from (days, usable, proven)


def of_pulls(seen: Seen) -> GaugeMetricFamily:
    """By the cursor, not by the last try: a pull that ran and read nothing whole is no good one.

    A token that was never pulled stands where its first pull will begin. Paused stores are left
    out, since nothing is pulled for them.
    """
    ages = GaugeMetricFamily(
        "storewarden_order_pull_age_seconds",
        "Every order changed before this many seconds ago has been recorded.",
        labels=["store", "area"],
    )
    for store, one, name in seen.live():
        if one.kind == TokenKind.ORDER and store.paused_at is None:
            good_until = seen.pulled.get(one.pk, store.orders_since)
            ages.add_metric([name, one.area], (seen.now - good_until).total_seconds())
    return ages


def of_stores(seen: Seen) -> GaugeMetricFamily:
    counted = Counter(stores.standing(one, seen.now).state for one in seen.stores)
    gauge = GaugeMetricFamily(
        "storewarden_stores", "Stores by the state of their authorization.", labels=["state"]
    )
    for state in StoreState:
        gauge.add_metric([state], counted[state])
    return gauge


def of_work(now: datetime) -> Iterator[GaugeMetricFamily]:
    silent = stores.outage(now) is not None
    yield GaugeMetricFamily(
        "storewarden_outage",
        "1 while the marketplace, or the line to it, does not answer; it says nothing of tokens.",
        value=float(silent),
    )
    since = Coalesce("probe_after", "entered_at")
    probes = stores.due_probes(now).order_by().aggregate(due=Count("pk"), since=Min(since))
    due = GaugeMetricFamily(
        "storewarden_work_due", "Work that is due and not done yet, by kind.", labels=["work"]
    )
    due.add_metric(["probes"], probes["due"])
    due.add_metric(["pushes"], pushes_due())
    due.add_metric(["happenings"], StoredHappening.objects.filter(spread_at__isnull=True).count())
    yield due
    late_s = (now - probes["since"]).total_seconds() if probes["since"] else 0.0
    yield GaugeMetricFamily(
        "storewarden_probe_lag_seconds",
        "How long the probe that is due longest has been waiting; 0 when none is due.",
        value=max(0.0, late_s),
    )


def pushes_due() -> int:
    """Stock figures to send or to read back; one that we may not see is never sent."""
    rows = inventory.live_figures().filter(
        push__in=inventory.OPEN,
        sku__store__stock_push_on=True,
        sku__store__paused_at__isnull=True,
    )
    return rows.exclude(push=ShownStock.Push.DUE, shown__isnull=True).count()


def of_this_process() -> Iterator[GaugeMetricFamily]:
    info = GaugeMetricFamily(
        "storewarden_build_info", "Always 1; the label tells the version.", labels=["version"]
    )
    info.add_metric([__version__], 1)
    yield info
    silent_s = engine.silent_for_s()
    if silent_s is not None:
        yield GaugeMetricFamily(
            "storewarden_engine_silent_seconds",
            "How long ago the engine of this process last took up or ended a job.",
            value=silent_s,
        )
