"""Supervision by the engine: what is due, who asks, and what an outage does."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from storewarden import clock as product_clock
from storewarden.marketplaces.base import Cause, Refused, StoreType, TokenKind
from storewarden.orders.jobs import pull_due
from storewarden.outbox.models import StoredHappening
from storewarden.stores import actions, jobs, queries, rules
from storewarden.stores.access import using
from storewarden.stores.checks import Pasted
from storewarden.stores.models import (
    AuthorizationEvent,
    Contact,
    Credential,
    DeveloperApp,
    Store,
)
from storewarden.stores.probes import probe, probe_store
from storewarden.stores.telling import tell_all
from storewarden.vault import Secret
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.conftest import TESTER, ConnectedStore, VirtualTime, order_slot
from tests.stores.pages_kit import many_stores

Connect = Callable[..., ConnectedStore]


def look() -> int:
    """One look of the engine, in this thread."""
    asked = sum(jobs.probe_app(one) for one in queries.apps_to_probe(product_clock.now()))
    tell_all()
    return asked


def token(store: Store, kind: str = "order") -> Credential:
    return store.credentials.select_related("store", "app").get(kind=kind)


def told(store: Store) -> list[str]:
    return list(StoredHappening.objects.filter(store_id=store.pk).values_list("type", flat=True))


class TestWhatIsDue:
    def test_a_healthy_token_is_asked_about_once_in_the_next_hour_and_a_half(
        self, semi_store: Store, clock: VirtualTime
    ) -> None:
        asked = []
        for _ in range(90):
            clock.advance(60)
            asked.append(look())
        assert 2 <= sum(asked) <= 4, "two tokens, once or twice each in 90 minutes"

    def test_at_its_expiry_minute(self, connect: Connect, clock: VirtualTime) -> None:
        made = connect()
        assert made.order is not None
        end_s = made.order.expires_at_s
        clock.advance(end_s - clock.now_s() - 1)
        look()
        assert token(made.store).state == "active"
        clock.advance(62)
        look()
        assert token(made.store).state == "expired"

    def test_at_once_after_a_refused_call(
        self, connect: Connect, world: World, clock: VirtualTime
    ) -> None:
        made = connect()
        assert made.order is not None
        pull_due()
        world.authorizations.remove(made.order.id)
        clock.advance(61)
        pull_due()
        assert token(made.store).state == "active", "the pull itself decides nothing"
        look()
        assert token(made.store).state == "disconnected"

    def test_a_dead_one_once_an_hour_and_no_oftener_and_its_jobs_stand_still(
        self, connect: Connect, world: World, clock: VirtualTime
    ) -> None:
        made = connect()
        assert made.order is not None
        world.authorizations.remove(made.order.id)
        probe(token(made.store))
        token(made.store, "product").delete()
        asked, before = 0, Control(world).counts()
        for _ in range(24 * 12):
            clock.advance(300)
            asked += look()
            pull_due()
        assert 20 <= asked <= 24
        assert Control(world).counts() == before

    def test_the_other_side_goes_on(self, connect: Connect, world: World) -> None:
        made = connect()
        assert made.order is not None
        world.authorizations.remove(made.order.id)
        probe(token(made.store))
        assert queries.usable_credentials(TokenKind.PRODUCT, made.store)
        assert not queries.usable_credentials(TokenKind.ORDER, made.store)

    def test_a_missing_permission_is_not_asked_about_at_every_refused_call(
        self, semi_store: Store
    ) -> None:
        row = token(semi_store)
        later = product_clock.now() + timedelta(minutes=40)
        Credential.objects.filter(pk=row.pk).update(state="scope_missing", probe_after=later)
        with pytest.raises(Refused), using(row):
            raise Refused(Cause.SCOPE_MISSING, 3000032, "no permission")
        assert token(semi_store).probe_after == later


class TestOneProbeAnswersForAll:
    def test_what_one_process_has_claimed_another_leaves_alone(self, semi_store: Store) -> None:
        Credential.objects.update(probe_after=product_clock.now())
        app = token(semi_store).app_id
        first = actions.claim_probes(app, product_clock.now())
        assert [one.pk for one in first] == [token(semi_store).pk]
        assert actions.claim_probes(app, product_clock.now()) == []

    def test_a_claim_of_a_process_that_died_ends(
        self, semi_store: Store, clock: VirtualTime
    ) -> None:
        Credential.objects.update(probe_after=product_clock.now())
        app = token(semi_store).app_id
        actions.claim_probes(app, product_clock.now())
        clock.advance(rules.PROBE_LEASE.total_seconds())
        assert len(actions.claim_probes(app, product_clock.now())) == 1

    def test_a_probe_under_way_says_nothing_about_a_token_entered_meanwhile(
        self, connect: Connect, world: World, clock: VirtualTime
    ) -> None:
        made = connect()
        assert made.order is not None
        old = token(made.store)
        clock.advance(60)
        new = world.authorizations.generate_new(made.order.id)
        actions.reauthorize(
            made.store, Pasted(StoreType.SEMI, {order_slot(): Secret(new.token)}), TESTER
        )
        assert probe(old).after == "active", "the old token was refused, and is not in its slot"
        row = token(made.store)
        assert (row.state, row.last4) == ("active", new.token[-4:])
        assert not AuthorizationEvent.objects.filter(deed="died").exists()

    def test_nor_about_the_same_token_entered_again_meanwhile(
        self, connect: Connect, world: World, clock: VirtualTime
    ) -> None:
        made = connect()
        assert made.order is not None
        old = token(made.store)
        clock.advance(60)
        pasted = Pasted(StoreType.SEMI, {order_slot(): Secret(made.order.token)})
        actions.reauthorize(made.store, pasted, TESTER)
        world.authorizations.remove(made.order.id)
        probe(old)
        row = token(made.store)
        assert row.state == "active"
        assert row.probe_after <= product_clock.now(), "it is asked about again to be sure"


class TestHowAStateWasProven:
    def test_by_the_check_before_it_was_saved(self, semi_store: Store) -> None:
        row = token(semi_store)
        assert (row.proven_how, row.proven_by) == ("check", TESTER.name)

    def test_by_the_schedule(self, semi_store: Store) -> None:
        probe(token(semi_store))
        assert (token(semi_store).proven_how, token(semi_store).proven_by) == ("probe", "")

    def test_by_a_person(self, semi_store: Store) -> None:
        probe_store(semi_store, "owner@example.test")
        row = token(semi_store)
        assert (row.proven_how, row.proven_by) == ("asked", "owner@example.test")


class TestAnOutage:
    def down(self, control: Control, *areas: str) -> None:
        for area in areas:
            control.add_fault(kind="outage", area=area)

    def test_it_is_one_notice_and_never_expired(
        self, connect: Connect, control: Control, clock: VirtualTime
    ) -> None:
        stores = [connect().store, connect("Beta", seed.SEMI_TWO).store]
        for _ in range(90):
            clock.advance(60)
            look()
        before = Contact.objects.get(area="us").answered_at
        self.down(control, "us", "cn")
        for _ in range(120):
            clock.advance(60)
            look()
        found = queries.outage(product_clock.now())
        assert found is not None
        assert set(found.areas) == {"cn", "us"}
        assert before is not None
        assert found.since <= before
        assert {queries.standing(one).state for one in stores} == {rules.StoreState.AUTHORIZED}
        assert [one for one in told(stores[0]) if one != "store.connected"] == []

    def test_three_silences_in_a_row_leave_the_area_alone_until_the_next_look(
        self, apps: dict[str, DeveloperApp], control: Control, clock: VirtualTime
    ) -> None:
        many_stores(12, apps, states=["active"])
        Credential.objects.exclude(area="us").delete()
        Credential.objects.update(probe_after=product_clock.now())
        self.down(control, "us")
        look()
        silent = Credential.objects.filter(unreachable_since__isnull=False)
        assert silent.count() == 3
        assert queries.due_probes(product_clock.now()).count() == Credential.objects.count() - 3

    def test_it_is_over_with_the_first_answer(
        self, connect: Connect, control: Control, clock: VirtualTime
    ) -> None:
        connect()
        self.down(control, "us")
        clock.advance(5400)
        look()
        clock.advance(660)
        look()
        assert queries.outage(product_clock.now()) is not None
        control.clear_faults()
        clock.advance(330)
        look()
        assert queries.outage(product_clock.now()) is None

    def test_a_throttle_is_none(
        self, connect: Connect, control: Control, clock: VirtualTime
    ) -> None:
        connect()
        control.add_fault(kind="throttle", area="us")
        clock.advance(5400)
        look()
        clock.advance(1200)
        look()
        assert queries.outage(product_clock.now()) is None


class TestWhatTheOutboxIsTold:
    def test_connected_expired_and_recovered_once_each(
        self, connect: Connect, world: World, clock: VirtualTime
    ) -> None:
        made = connect()
        assert made.order is not None
        world.authorizations.remove(made.order.id)
        clock.advance(5400)
        look()
        look()
        grant = world.authorizations.authorize_again(made.order.id)
        pasted = Pasted(StoreType.SEMI, {order_slot(): Secret(grant.token)})
        actions.reauthorize(made.store, pasted, TESTER)
        look()
        assert told(made.store) == ["store.connected", "store.expired", "store.recovered"]
        happening = StoredHappening.objects.get(type="store.expired")
        assert happening.data["cause"] == "disconnected"
        assert happening.data["token"]["area"] == "us"
        assert made.order.token not in str(happening.data)

    def test_time_alone_expires_a_store_also_while_temu_is_silent(
        self, connect: Connect, control: Control, clock: VirtualTime
    ) -> None:
        made = connect()
        control.add_fault(kind="outage")
        clock.advance(days=91)
        look()
        assert "store.expired" in told(made.store)

    def test_a_permission_that_went_missing(
        self, connect: Connect, world: World, clock: VirtualTime
    ) -> None:
        made = connect()
        world.database.write(
            "UPDATE grants SET scopes = ? WHERE token = ?",
            ('["bg.open.accesstoken.info.get"]', made.order.token if made.order else ""),
        )
        clock.advance(5400)
        look()
        assert token(made.store).state == "scope_missing"
        assert told(made.store)[1:] == ["authorization.scope_missing", "store.expired"]

    def test_archived(self, semi_store: Store) -> None:
        actions.archive(semi_store, TESTER)
        assert told(semi_store)[-1] == "store.archived"
