"""The look of the watch, against the sandbox: rungs, messages, alerts, the second person."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from storewarden import clock as product_clock
from storewarden.alerts.models import Alert, Channel, Delivery, Message, Rung, WatchSettings
from storewarden.alerts.watching import look
from storewarden.marketplaces.base import StoreType
from storewarden.outbox.actions import publish, spread
from storewarden.outbox.models import StoredHappening
from storewarden.stores import actions
from storewarden.stores.checks import Pasted
from storewarden.stores.models import Contact, Credential, Store
from storewarden.stores.probes import probe
from storewarden.vault import Secret
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.conftest import TESTER, ConnectedStore, VirtualTime, order_slot

Connect = Callable[..., ConnectedStore]
HOUR = 3600


def channel(role: str = "first", name: str = "Mail") -> Channel:
    return Channel.objects.create(
        name=name, url_sealed="v1", service="E-mail", masked="", language="en", role=role,
        made_by="tester", made_at=product_clock.now(),
    )  # fmt: skip


def watch(clock: VirtualTime, *, days: float, step_hours: float = 6) -> list[Message]:
    """Look every few hours for that many days; the messages that were made."""
    before = set(Message.objects.values_list("pk", flat=True))
    for _ in range(round(days * 24 / step_hours)):
        clock.advance(step_hours * HOUR)
        look()
    return list(Message.objects.exclude(pk__in=before).order_by("at"))


def about(messages: list[Message]) -> list[tuple[str, list[int]]]:
    return [(one.kind, [item["days"] for item in one.items]) for one in messages]


def token(store: Store, kind: str = "order") -> Credential:
    return store.credentials.select_related("store", "app").get(kind=kind)


@pytest.fixture
def one_token(semi_store: Store) -> Credential:
    """A store of which only the order token ends in our time."""
    far = product_clock.now() + timedelta(days=900)
    semi_store.credentials.filter(kind="product").update(expires_at=far)
    return token(semi_store)


class TestTheLadder:
    def test_each_rung_makes_one_message_and_none_twice(
        self, one_token: Credential, clock: VirtualTime
    ) -> None:
        made = watch(clock, days=89.9)
        assert [days[0] for _kind, days in about(made)] == [30, 14, 7, 3, 1, 0]

    def test_a_machine_that_was_off_sends_one_message_not_six(
        self, one_token: Credential, clock: VirtualTime
    ) -> None:
        clock.advance(days=88)
        look()
        look()
        (message,) = Message.objects.all()
        assert about([message]) == [("digest", [2])]
        assert Rung.objects.filter(covered=True).count() == 3

    def test_two_tokens_that_are_due_together_are_one_digest(
        self, connect: Connect, clock: VirtualTime
    ) -> None:
        connect()
        connect("Beta", seed.SEMI_TWO)
        made = watch(clock, days=62)
        assert [(one.kind, len(one.items)) for one in made] == [("digest", 4)]

    def test_a_token_that_ends_before_the_next_digest_is_told_of_at_once(
        self, one_token: Credential, clock: VirtualTime
    ) -> None:
        watch(clock, days=1)
        soon = product_clock.now() + timedelta(hours=2)
        Credential.objects.filter(pk=one_token.pk).update(expires_at=soon)
        look()
        assert about(list(Message.objects.all())) == [("urgent", [0])]

    def test_a_new_token_begins_a_ladder_of_its_own(
        self, connect: Connect, world: World, clock: VirtualTime
    ) -> None:
        made = connect()
        assert made.order is not None
        watch(clock, days=80)
        for grant, slot in ((made.order, order_slot()),):
            new = world.authorizations.generate_new(grant.id)
            pasted = Pasted(StoreType.SEMI, {slot: Secret(new.token)})
            actions.reauthorize(made.store, pasted, TESTER)
        far = product_clock.now() + timedelta(days=900)
        made.store.credentials.filter(kind="product").update(expires_at=far)
        again = watch(clock, days=89.9)
        assert [days[0] for _kind, days in about(again)] == [30, 14, 7, 3, 1, 0]

    def test_an_archived_store_is_told_of_no_more(
        self, one_token: Credential, clock: VirtualTime
    ) -> None:
        watch(clock, days=75)
        actions.archive(one_token.store, TESTER)
        assert watch(clock, days=20) == []
        assert not Alert.objects.filter(closed_at__isnull=True).exists()


class TestDiedEarly:
    def dies(self, made: ConnectedStore, world: World) -> None:
        assert made.order is not None
        world.authorizations.remove(made.order.id)
        probe(token(made.store))

    def test_is_told_of_once_with_the_cause(
        self, connect: Connect, world: World, clock: VirtualTime
    ) -> None:
        made = connect()
        watch(clock, days=1)
        self.dies(made, world)
        messages = watch(clock, days=3)
        assert [one.kind for one in messages] == ["urgent"]
        assert messages[0].items[0]["cause"] == "disconnected"
        assert messages[0].items[0]["token"] == "order:us"

    def test_dying_again_after_it_came_back_is_told_again(
        self, connect: Connect, world: World, clock: VirtualTime
    ) -> None:
        made = connect()
        watch(clock, days=1)
        for _ in range(2):
            self.dies(made, world)
            assert [one.kind for one in watch(clock, days=1)] == ["urgent"]
            assert made.order is not None
            world.authorizations.authorize_again(made.order.id)
            probe(token(made.store))
            assert watch(clock, days=1) == []

    def test_eighty_that_die_together_make_one_message_a_quarter_of_an_hour(
        self, connect: Connect, world: World, clock: VirtualTime
    ) -> None:
        first, second = connect(), connect("Beta", seed.SEMI_TWO)
        watch(clock, days=1)
        self.dies(first, world)
        look()
        self.dies(second, world)
        messages = watch(clock, days=1 / 24, step_hours=1 / 60)
        assert [one.kind for one in messages] == ["urgent"]
        first_at, second_at = Message.objects.filter(kind="urgent").values_list("at", flat=True)[
            ::-1
        ]
        assert timedelta(minutes=15) <= second_at - first_at < timedelta(minutes=17)

    def test_a_token_that_was_renewed_before_the_hour_is_not_told_of(
        self, connect: Connect, world: World, clock: VirtualTime
    ) -> None:
        made = connect()
        assert made.order is not None
        made.store.credentials.filter(kind="product").update(
            expires_at=product_clock.now() + timedelta(days=900)
        )
        clock.advance(60 * 86_400 - 7 * HOUR)
        WatchSettings.objects.update_or_create(pk=1, defaults={"digest_at": product_clock.now()})
        look()
        assert Rung.objects.filter(told_at__isnull=True, covered=False).count() == 1
        new = world.authorizations.generate_new(made.order.id)
        pasted = Pasted(StoreType.SEMI, {order_slot(): Secret(new.token)})
        actions.reauthorize(made.store, pasted, TESTER)
        assert watch(clock, days=2) == []

    def test_a_programme_is_told_of_an_expiring_token_but_people_wait_for_the_hour(
        self, one_token: Credential, clock: VirtualTime
    ) -> None:
        WatchSettings.objects.update_or_create(pk=1, defaults={"digest_at": product_clock.now()})
        clock.advance(60 * 86_400 - 7 * HOUR)
        WatchSettings.objects.update(digest_at=product_clock.now())
        look()
        assert StoredHappening.objects.filter(type="store.expiring").count() == 1
        assert Message.objects.count() == 0


class TestAlerts:
    def test_an_acknowledged_alert_rings_again_at_the_next_rung(
        self, one_token: Credential, clock: VirtualTime
    ) -> None:
        watch(clock, days=62)
        Alert.objects.update(seen_at=product_clock.now())
        watch(clock, days=10)
        assert Alert.objects.get().seen_at is not None
        watch(clock, days=6)
        assert Alert.objects.get().seen_at is None

    def test_a_renewed_token_closes_its_alert(
        self, connect: Connect, world: World, clock: VirtualTime
    ) -> None:
        made = connect()
        assert made.order is not None
        watch(clock, days=80)
        new = world.authorizations.generate_new(made.order.id)
        pasted = Pasted(StoreType.SEMI, {order_slot(): Secret(new.token)})
        actions.reauthorize(made.store, pasted, TESTER)
        look()
        still = Alert.objects.filter(closed_at__isnull=True)
        assert [one.credential and one.credential.kind for one in still] == ["product"]


class TestTheSecondPerson:
    def test_is_told_when_nobody_acknowledged_for_a_day(
        self, one_token: Credential, clock: VirtualTime
    ) -> None:
        channel(), channel("second", "Partner")
        watch(clock, days=86)
        messages = watch(clock, days=2, step_hours=1)
        seconds = [one for one in messages if one.kind == "second"]
        assert len(seconds) == 1, "once, however many looks follow"
        assert [one.channel.name for one in seconds[0].deliveries.all()] == ["Partner"]

    def test_is_left_in_peace_when_somebody_did(
        self, one_token: Credential, clock: VirtualTime
    ) -> None:
        channel(), channel("second", "Partner")
        for _ in range(100):
            clock.advance(21 * HOUR)
            look()
            Alert.objects.update(seen_at=product_clock.now())
        assert Message.objects.exists()
        assert not Message.objects.filter(kind="second").exists()


class TestAnOutage:
    def test_is_one_message_for_all_and_one_when_it_is_over(
        self, semi_store: Store, clock: VirtualTime
    ) -> None:
        channel()
        watch(clock, days=1)
        now = product_clock.now()
        Contact.objects.create(marketplace="temu", area="us", asked_at=now, silent_since=now)
        messages = watch(clock, days=0.5, step_hours=0.25)
        Contact.objects.update(silent_since=None, answered_at=product_clock.now())
        messages += watch(clock, days=0.5)
        assert [one.kind for one in messages] == ["outage", "outage_over"]
        assert Delivery.objects.count() == 2
        assert Alert.objects.get().closed_at is not None


class TestNews:
    def test_orders_that_came_late_are_told_of(self, semi_store: Store) -> None:
        since = (product_clock.now() - timedelta(hours=9)).isoformat()
        data = {"area": "us", "orders": 12, "due_today": 3, "since": since}
        publish("orders.recovered", data, store_id=semi_store.pk)
        spread()
        (message,) = Message.objects.filter(kind="news")
        assert message.items[0]["orders"] == 12
        assert message.items[0]["due_today"] == 3
        assert Alert.objects.get().closed_at is not None

    def test_a_minutes_hiccup_is_not(self, semi_store: Store) -> None:
        since = (product_clock.now() - timedelta(minutes=2)).isoformat()
        data = {"area": "us", "orders": 1, "due_today": 0, "since": since}
        publish("orders.recovered", data, store_id=semi_store.pk)
        spread()
        assert Message.objects.count() == 0

    def test_it_is_spread_once(self, semi_store: Store) -> None:
        data = {"made_by": "owner@example.test", "link": "1"}
        publish("renewal_link.used", data, store_id=semi_store.pk)
        assert (spread(), spread()) == (2, 0), "that the store was connected, and this"
        assert Message.objects.filter(kind="news").count() == 1
