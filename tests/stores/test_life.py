"""The rules of the issue about a store's authorization, each against the sandbox."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from storewarden import clock as product_clock
from storewarden import vault
from storewarden.marketplaces.base import Cause, Refused, StoreType, TokenKind
from storewarden.stores import actions, probes, queries, rules, wording
from storewarden.stores.actions import CheckRefused
from storewarden.stores.checks import Pasted, check
from storewarden.stores.models import AuthorizationEvent, Credential, DeveloperApp, Store
from storewarden.stores.probes import Probed, probe
from storewarden.stores.rules import StoreState
from storewarden.vault import Secret
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.conftest import PRODUCT, TESTER, ConnectedStore, Granting, VirtualTime, order_slot

Connect = Callable[..., ConnectedStore]


def token(store: Store, kind: str = "order") -> Credential:
    return store.credentials.select_related("store", "app").get(kind=kind)


def look(store: Store, kind: str = "order") -> Probed:
    return probe(token(store, kind))


def enter(store: Store, text: str, area: str = "us") -> actions.Reauthorized:
    pasted = Pasted(StoreType.SEMI, {order_slot(area): Secret(text)})
    return actions.reauthorize(store, pasted, TESTER)


def refused_cause(pasted: Pasted, store: Store | None = None) -> list[str]:
    return [one.cause for one in check(pasted, store).findings if one.blocking]


class TestRule1EitherTokenInvalidMakesTheStoreInvalid:
    def test_a_dead_order_token_expires_the_store_while_products_go_on(
        self, connect: Connect, world: World
    ) -> None:
        made = connect()
        assert made.order is not None
        world.authorizations.remove(made.order.id)
        look(made.store)
        standing = queries.standing(made.store)
        assert (standing.state, standing.slot) == (StoreState.EXPIRED, "order:us")
        assert standing.works == ("product",)
        assert queries.usable_credentials(TokenKind.PRODUCT, made.store)
        assert queries.usable_credentials(TokenKind.ORDER, made.store) == []

    def test_a_dead_product_token_expires_the_store_while_orders_go_on(
        self, connect: Connect, world: World
    ) -> None:
        made = connect()
        world.authorizations.remove(made.product.id)
        look(made.store, "product")
        standing = queries.standing(made.store)
        assert (standing.state, standing.slot) == (StoreState.EXPIRED, "product")
        assert standing.works == ("order:us",)


class TestRule2RemovedInsideTheValidity:
    def test_removed_in_seller_central_is_expired_with_cause_disconnected(
        self, connect: Connect, world: World
    ) -> None:
        made = connect()
        assert made.order is not None
        world.authorizations.remove(made.order.id)
        look(made.store)
        standing = queries.standing(made.store)
        assert (standing.state, standing.cause) == (StoreState.EXPIRED, "disconnected")
        assert token(made.store).state == "disconnected"

    def test_the_same_token_after_authorize_again_is_recognised_and_keeps_its_date(
        self, connect: Connect, world: World, clock: VirtualTime
    ) -> None:
        made = connect()
        assert made.order is not None
        end = token(made.store).expires_at
        clock.advance(days=10)
        world.authorizations.remove(made.order.id)
        look(made.store)
        world.authorizations.authorize_again(made.order.id)
        done = enter(made.store, made.order.token)
        assert done.same == (order_slot(),)
        assert done.new == ()
        assert token(made.store).expires_at == end
        assert queries.standing(made.store).state == StoreState.AUTHORIZED

    def test_it_works_until_the_old_date_and_no_longer(
        self, connect: Connect, world: World, clock: VirtualTime
    ) -> None:
        made = connect()
        assert made.order is not None
        world.authorizations.remove(made.order.id)
        world.authorizations.authorize_again(made.order.id)
        enter(made.store, made.order.token)
        clock.advance(days=90)
        look(made.store)
        assert token(made.store).state == "expired"

    def test_the_product_token_too(self, connect: Connect, world: World) -> None:
        made = connect()
        world.authorizations.remove(made.product.id)
        look(made.store, "product")
        assert token(made.store, "product").cause == "disconnected"


class TestRule3PastTheValidity:
    def test_it_is_expired_for_good(self, connect: Connect, clock: VirtualTime) -> None:
        made = connect()
        clock.advance(days=91)
        look(made.store)
        assert (token(made.store).state, token(made.store).cause) == ("expired", "expired")
        assert queries.standing(made.store).state == StoreState.EXPIRED

    def test_the_old_token_entered_again_is_refused_with_its_date(
        self, connect: Connect, clock: VirtualTime
    ) -> None:
        made = connect()
        assert made.order is not None
        end = token(made.store).expires_at
        clock.advance(days=91)
        with pytest.raises(CheckRefused) as refusal:
            enter(made.store, made.order.token)
        assert refusal.value.cause == "expired_for_good"
        assert end.strftime("%Y-%m-%d") in refusal.value.sentence

    def test_a_new_one_is_accepted_and_its_own_90_days_count(
        self, connect: Connect, clock: VirtualTime, grant: Granting
    ) -> None:
        made = connect()
        clock.advance(days=91)
        new = grant(seed.SEMI_ONE, "us")
        done = enter(made.store, new.token)
        assert done.new == (order_slot(),)
        left = token(made.store).expires_at - product_clock.now()
        assert timedelta(days=89, hours=23) < left <= timedelta(days=90)


class TestRule4ANewlyGeneratedTokenKillsTheOldOne:
    def test_of_the_order_side(self, connect: Connect, world: World) -> None:
        made = connect()
        assert made.order is not None
        world.authorizations.generate_new(made.order.id)
        look(made.store)
        assert (token(made.store).state, token(made.store).cause) == ("disconnected", "replaced")

    def test_of_the_product_side(self, connect: Connect, world: World) -> None:
        made = connect()
        world.authorizations.generate_new(made.product.id)
        look(made.store, "product")
        assert token(made.store, "product").cause == "replaced"


class TestRule5ExpiryFromTemuWins:
    def test_temus_date_is_taken_over_at_each_look(self, connect: Connect, world: World) -> None:
        made = connect()
        assert made.order is not None
        world.authorizations.age(made.order.id, 30)
        before = token(made.store).expires_at
        look(made.store)
        assert before - token(made.store).expires_at == timedelta(days=30)
        assert not token(made.store).expires_estimated

    def test_a_365_day_token_is_shown_as_temu_says(
        self, connect: Connect, world: World, control: Control
    ) -> None:
        made = connect()
        assert made.order is not None
        world.authorizations.age(made.order.id, -275)
        look(made.store)
        assert token(made.store).expires_at - product_clock.now() > timedelta(days=364)


OUTAGES = ["outage", "bad_gateway", "half_body", "throttle", "system_exception", "lost_response"]


class TestRule6AnOutageNeverChangesAState:
    @pytest.mark.parametrize("kind", OUTAGES)
    @pytest.mark.parametrize("side", ["product", "order"])
    def test_of_a_live_token(
        self, connect: Connect, control: Control, kind: str, side: str
    ) -> None:
        made = connect()
        control.add_fault(kind=kind)
        done = look(made.store, side)
        assert done.unreachable
        assert token(made.store, side).state == "active"
        assert token(made.store, side).unreachable_since is not None

    @pytest.mark.parametrize("kind", OUTAGES)
    def test_of_a_dead_token(
        self, connect: Connect, control: Control, world: World, kind: str
    ) -> None:
        made = connect()
        assert made.order is not None
        world.authorizations.remove(made.order.id)
        look(made.store)
        control.add_fault(kind=kind)
        look(made.store)
        assert token(made.store).state == "disconnected"

    def test_it_is_asked_again_soon_and_then_forgotten(
        self, connect: Connect, control: Control
    ) -> None:
        made = connect()
        control.add_fault(kind="bad_gateway")
        look(made.store)
        due = token(made.store).probe_after
        assert due is not None
        assert due <= product_clock.now() + timedelta(minutes=5)
        control.clear_faults()
        look(made.store)
        assert token(made.store).unreachable_since is None


class TestRule7ATokenOfAnotherStoreIsRefusedOnReauthorize:
    def test_and_nothing_is_stored(self, connect: Connect, grant: Granting) -> None:
        made = connect()
        before = Credential.objects.values().get(store=made.store, kind="order")
        other = grant(seed.SEMI_TWO, "us")
        with pytest.raises(CheckRefused) as refusal:
            enter(made.store, other.token)
        assert refusal.value.cause == "token_of_another_store"
        assert Credential.objects.values().get(store=made.store, kind="order") == before


class TestRule8WhatACheckRefuses:
    def pasted(self, product: str, order: str, area: str = "us", **more: object) -> Pasted:
        kind = StoreType.SEMI
        tokens = {PRODUCT: Secret(product), order_slot(area): Secret(order)}
        return Pasted(kind, tokens, **more)  # type: ignore[arg-type]

    @pytest.fixture
    def product(self, apps: dict[str, DeveloperApp], grant: Granting) -> str:
        return grant(seed.SEMI_ONE, "cn").token

    @pytest.fixture
    def order(self, grant: Granting) -> str:
        return grant(seed.SEMI_ONE, "us").token

    def test_two_right_tokens_pass(self, product: str, order: str) -> None:
        card = check(self.pasted(product, order))
        assert card.ok
        assert card.mall_id == str(seed.SEMI_ONE)
        assert card.shop_name == "Demo Home Goods"
        assert [one.days_left for one in card.slots] == [90, 90]
        assert Store.objects.count() == 0

    def test_swapped_between_the_slots(self, product: str, order: str) -> None:
        assert refused_cause(self.pasted(order, product)) == ["swapped", "swapped"]

    def test_of_another_app(self, product: str, grant: Granting) -> None:
        other = grant(seed.SEMI_ONE, "us", app="sandbox-other-app-us").token
        assert refused_cause(self.pasted(product, other)) == ["wrong_app"]

    def test_of_another_app_that_is_registered_is_just_right(
        self, product: str, grant: Granting
    ) -> None:
        actions.add_app(
            "temu", "us", "sandbox-other-app-us", Secret("sandbox-other-secret-us"), TESTER
        )
        other = grant(seed.SEMI_ONE, "us", app="sandbox-other-app-us").token
        card = check(self.pasted(product, other))
        assert card.ok
        used = [one.app.app_key for one in card.slots if one.app]
        assert used == ["sandbox-app-cn", "sandbox-other-app-us"]

    def test_of_another_area(self, product: str, grant: Granting) -> None:
        eu = grant(seed.SEMI_ONE, "eu").token
        found = [one for one in check(self.pasted(product, eu)).findings if one.blocking]
        assert [(one.cause, one.offer) for one in found] == [("wrong_area", "move:eu")]

    def test_of_two_different_stores(self, product: str, grant: Granting) -> None:
        other = grant(seed.SEMI_TWO, "us").token
        assert refused_cause(self.pasted(product, other)) == ["two_stores"]

    def test_of_a_store_already_connected(self, connect: Connect) -> None:
        made = connect()
        assert made.order is not None
        pasted = self.pasted(made.product.token, made.order.token)
        found = check(pasted).first_blocking
        assert found is not None
        assert (found.cause, found.offer) == ("already_connected", f"reauthorize:{made.store.pk}")

    def test_of_the_other_store_type(
        self, apps: dict[str, DeveloperApp], grant: Granting, order: str
    ) -> None:
        full = grant(seed.FULL, "cn").token
        assert "store_type" in refused_cause(self.pasted(full, order))

    def test_without_a_needed_permission(self, product: str, grant: Granting) -> None:
        order = grant(seed.SEMI_ONE, "us", without=("Semi Online Call Shipment Management",)).token
        card = check(self.pasted(product, order))
        found = card.first_blocking
        if found is None:  # the package carries nothing that we need
            pytest.fail("confirm belongs to a package that was not granted")
        assert (found.cause, found.offer) == ("permission_missing", "connect_anyway")

    def test_without_a_needed_permission_it_can_be_connected_anyway(
        self, product: str, grant: Granting
    ) -> None:
        order = grant(seed.SEMI_ONE, "us", without=("Semi Online Call Shipment Management",)).token
        pasted = self.pasted(product, order, accept_missing=True)
        store = actions.connect("Alpha", pasted, TESTER).store
        assert token(store).state == "scope_missing"
        assert queries.standing(store).state == StoreState.AUTHORIZED

    def test_without_the_core_permission_it_cannot(self, product: str, grant: Granting) -> None:
        order = grant(seed.SEMI_ONE, "us", without=("Semi Order Management",)).token
        assert refused_cause(self.pasted(product, order, accept_missing=True)) == [
            "core_permission_missing"
        ]

    def test_an_unknown_token(self, product: str) -> None:
        assert refused_cause(self.pasted(product, "sandbox" + "0" * 49)) == ["token_unknown"]

    def test_a_suspended_app(self, product: str, order: str, control: Control) -> None:
        control.suspend_app("sandbox-app-us")
        assert refused_cause(self.pasted(product, order)) == ["app_blocked"]

    def test_this_machines_address_not_on_the_apps_list(
        self, product: str, order: str, control: Control
    ) -> None:
        control.set_ip_list("sandbox-app-us", ["203.0.113.7"])
        assert refused_cause(self.pasted(product, order)) == ["address_not_allowed"]

    def test_a_wrong_app_secret(self, product: str, order: str) -> None:
        actions.add_app("temu", "us", "sandbox-app-us", Secret("not-the-secret"), TESTER)
        assert refused_cause(self.pasted(product, order)) == ["app_secret_wrong"]

    def test_an_area_without_an_app(self, product: str, order: str) -> None:
        DeveloperApp.objects.filter(area="us").delete()
        assert refused_cause(self.pasted(product, order)) == ["app_missing"]

    def test_temu_out_of_reach_says_nothing_about_the_token(
        self, product: str, order: str, control: Control
    ) -> None:
        control.add_fault(kind="outage", area="us")
        assert refused_cause(self.pasted(product, order)) == ["unreachable"]

    def test_a_clock_that_is_off_is_told_by_how_much(
        self, product: str, order: str, clock: VirtualTime
    ) -> None:
        clock.off_s = 420
        found = check(self.pasted(product, order)).findings
        assert [(one.cause, one.blocking) for one in found] == [("clock_off", False)]
        assert "420" in wording.finding(found[0]).sentence

    def test_nothing_is_stored_by_a_refused_connect(self, product: str) -> None:
        with pytest.raises(CheckRefused):
            actions.connect("Alpha", self.pasted(product, "sandbox" + "0" * 49), TESTER)
        assert Store.objects.count() == Credential.objects.count() == 0


class TestArchiveAndComingBack:
    def test_archiving_destroys_the_tokens_and_keeps_the_store(self, semi_store: Store) -> None:
        actions.archive(semi_store, TESTER)
        assert not semi_store.credentials.exclude(token_sealed="").exists()
        assert queries.standing(semi_store).state == StoreState.ARCHIVED

    def test_the_same_mall_is_attached_again_with_its_id(self, connect: Connect) -> None:
        made = connect()
        assert made.order is not None
        actions.archive(made.store, TESTER)
        tokens = {
            PRODUCT: Secret(made.product.token),
            order_slot(): Secret(made.order.token),
        }
        done = actions.connect("Alpha again", Pasted(StoreType.SEMI, tokens), TESTER)
        assert (done.reattached, done.store.pk) == (True, made.store.pk)
        assert queries.standing(done.store).state == StoreState.AUTHORIZED

    def test_a_probe_leaves_an_archived_store_alone(self, semi_store: Store) -> None:
        actions.archive(semi_store, TESTER)
        assert look(semi_store).after == "disconnected"
        assert list(queries.due_probes(product_clock.now())) == []


class TestHistory:
    def test_every_change_is_told_with_what_temu_said(self, connect: Connect, world: World) -> None:
        made = connect()
        assert made.order is not None
        world.authorizations.generate_new(made.order.id)
        look(made.store)
        told = AuthorizationEvent.objects.filter(store=made.store)
        assert [one.deed for one in told] == ["died", "connected"]
        assert (told[0].cause, told[0].their_code) == ("replaced", "3000034")

    def test_a_probe_that_finds_nothing_new_writes_no_history(self, semi_store: Store) -> None:
        look(semi_store)
        look(semi_store)
        assert AuthorizationEvent.objects.filter(store=semi_store).count() == 1

    def test_past_tokens_are_kept_by_fingerprint_with_how_they_ended(
        self, connect: Connect, world: World
    ) -> None:
        made = connect()
        assert made.order is not None
        new = world.authorizations.generate_new(made.order.id)
        enter(made.store, new.token)
        ended = made.store.tokens.get(fingerprint=vault.fingerprint(Secret(made.order.token)))
        assert ended.end_cause == "replaced"


class TestAnyRefusedCallHasTheTokenProbedAtOnce:
    def test_a_refusal_about_the_token(self, connect: Connect, world: World) -> None:
        from storewarden.marketplaces.registry import marketplace
        from storewarden.stores.access import using

        made = connect()
        assert made.order is not None
        world.authorizations.remove(made.order.id)
        with pytest.raises(Refused), using(token(made.store)) as access:
            marketplace("temu").ship_from(access)
        assert token(made.store) in queries.due_probes(product_clock.now())


class TestWhatIsNotAboutTheToken:
    def test_a_refusal_of_another_kind_changes_no_state(self, semi_store: Store) -> None:
        no = Refused(Cause.BUG, 3000003, "type not exists")
        done = probes._refused(token(semi_store), no, "")
        assert done.unreachable
        assert token(semi_store).state == "active"


class TestAnEstimatedEnd:
    """Temu does not always tell the end; then 90 days count from the first entry."""

    def enter(self, store: Store, text: str) -> None:
        pasted = Pasted(StoreType.SEMI, {order_slot(): Secret(text)})
        card = check(pasted, store).slots[0]
        assert card.heard.report is not None
        silent = replace(card.heard, report=replace(card.heard.report, expires_at=None))
        ends = rules.expiry(None, product_clock.now())
        actions._save_token(store, replace(card, heard=silent, expires=ends), Secret(text), TESTER)

    def test_it_is_marked_and_entering_the_same_token_again_does_not_prolong_it(
        self, connect: Connect, grant: Granting, clock: VirtualTime
    ) -> None:
        store = connect().store
        new = grant(seed.SEMI_ONE, "us").token
        self.enter(store, new)
        first = token(store)
        assert first.expires_estimated
        assert first.expires_at == product_clock.now() + timedelta(days=90)
        clock.advance(days=10)
        self.enter(store, new)
        assert token(store).expires_at == first.expires_at
        assert token(store).entered_at == first.entered_at
