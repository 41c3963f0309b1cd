"""A renewal link: for one store, once, expiring, and revocable."""

import hashlib
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections

from storewarden import clock as product_clock
from storewarden import vault
from storewarden.outbox.models import StoredHappening
from storewarden.people.actions import Actor
from storewarden.stores import actions
from storewarden.stores.actions import CheckRefused
from storewarden.stores.errors import Refusal
from storewarden.stores.models import AuthorizationEvent, Credential, RenewalLink, Store
from storewarden.stores.renewal import actions as links
from storewarden.stores.renewal import rules as link_rules
from storewarden.stores.renewal.actions import BeingUsed, LinkEnded, TooManyTries
from storewarden.stores.renewal.rules import LinkState
from storewarden.vault import Secret
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.conftest import PRODUCT, TESTER, ConnectedStore, Granting, VirtualTime, order_slot
from tests.stores.links_kit import made, new_token, no_tries_yet, opens, pasted, there

__all__ = ["new_token", "no_tries_yet", "there"]


class TestMaking:
    def test_the_secret_has_256_random_bits_and_only_its_hash_is_kept(
        self, semi_store: Store
    ) -> None:
        link, secret = made(semi_store)
        text = secret.reveal()
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", text)
        assert link.secret_hash == hashlib.sha256(text.encode()).hexdigest()
        rows = repr(list(RenewalLink.objects.values())) + repr(
            list(AuthorizationEvent.objects.values())
        )
        assert text not in rows
        assert text not in repr(link) + repr(secret)

    def test_two_links_have_two_secrets(self, semi_store: Store) -> None:
        assert made(semi_store)[1] != made(semi_store)[1]

    def test_it_works_for_72_hours_unless_said_otherwise(self, semi_store: Store) -> None:
        link, _secret = links.make_link(semi_store, TESTER, "en")
        assert link.expires_at - link.made_at == timedelta(hours=72)

    def test_making_and_revoking_stand_in_the_stores_history(self, semi_store: Store) -> None:
        links.revoke_link(made(semi_store)[0], Actor("other@example.test"))
        deeds = semi_store.events.filter(deed__startswith="link_").order_by("id")
        assert list(deeds.values_list("deed", "who")) == [
            ("link_made", TESTER.name),
            ("link_revoked", "other@example.test"),
        ]

    @pytest.mark.parametrize(
        ("language", "hours", "cause"),
        [
            ("en", 0, "hours_unfit"),
            ("en", 169, "hours_unfit"),
            ("en", -5, "hours_unfit"),
            ("", 72, "language_unknown"),
            ("zz", 72, "language_unknown"),
            ("en\x00", 72, "language_unknown"),
        ],
    )
    def test_an_unfit_wish_is_refused(
        self, semi_store: Store, language: str, hours: int, cause: str
    ) -> None:
        with pytest.raises(Refusal) as no:
            made(semi_store, language, hours)
        assert no.value.cause == cause
        assert not RenewalLink.objects.exists()

    def test_an_archived_store_gets_no_link(self, semi_store: Store) -> None:
        actions.archive(semi_store, TESTER)
        with pytest.raises(Refusal) as no:
            made(semi_store)
        assert no.value.cause == "archived"


class TestOpening:
    def test_the_right_secret_opens_it_and_again(self, semi_store: Store) -> None:
        _link, secret = made(semi_store)
        assert opens(secret)
        assert opens(secret)

    def test_looking_is_noted_once(self, semi_store: Store, clock: VirtualTime) -> None:
        link, _secret = made(semi_store)
        links.note_opened(link)
        first = RenewalLink.objects.get().opened_at
        clock.advance(60)
        links.note_opened(link)
        assert RenewalLink.objects.get().opened_at == first

    def test_it_expires(self, semi_store: Store, clock: VirtualTime) -> None:
        _link, secret = made(semi_store, hours=1)
        clock.advance(3599)
        assert opens(secret)
        clock.advance(1)
        assert not opens(secret)

    def test_a_revoked_one_opens_nothing(self, semi_store: Store) -> None:
        link, secret = made(semi_store)
        links.revoke_link(link, TESTER)
        assert not opens(secret)

    def test_archiving_the_store_shuts_it(self, semi_store: Store) -> None:
        _link, secret = made(semi_store)
        actions.archive(semi_store, TESTER)
        assert not opens(secret)

    def test_deleting_the_store_takes_its_links_along(self, semi_store: Store) -> None:
        _link, secret = made(semi_store)
        semi_store.delete()
        assert not opens(secret)

    @pytest.mark.parametrize(
        "text",
        ["", " ", "x", "\x00", "\u202e", "💥", "%", "' OR 1=1 --", "a" * 10_000_000, "\udcff"],
    )
    def test_nonsense_opens_nothing(self, semi_store: Store, text: str) -> None:
        made(semi_store)
        assert not opens(Secret(text))

    def test_a_secret_cut_or_with_more_behind_it_opens_nothing(self, semi_store: Store) -> None:
        _link, secret = made(semi_store)
        text = secret.reveal()
        for other in (text[:-1], text + "A", text.lower(), text.swapcase(), f" {text}"):
            assert not opens(Secret(other))

    def test_the_hash_that_is_stored_opens_nothing(self, semi_store: Store) -> None:
        link, _secret = made(semi_store)
        assert not opens(Secret(link.secret_hash))


class TestUsing:
    def test_the_tokens_are_saved_and_the_link_is_over(
        self, there: ConnectedStore, new_token: str
    ) -> None:
        link, secret = made(there.store)
        links.use_link(link, pasted({order_slot(): new_token}))
        kept = Credential.objects.get(kind="order")
        assert kept.fingerprint == vault.fingerprint(Secret(new_token))
        link.refresh_from_db()
        assert links.state_of(link) is LinkState.USED
        assert not opens(secret)

    def test_the_history_says_by_whose_link(self, there: ConnectedStore, new_token: str) -> None:
        link, _secret = made(there.store)
        links.use_link(link, pasted({order_slot(): new_token}))
        (event,) = there.store.events.filter(deed="new_token")
        assert event.who == f"renewal link of {TESTER.name}"

    def test_its_maker_is_told_through_the_outbox(
        self, there: ConnectedStore, new_token: str
    ) -> None:
        link, _secret = made(there.store)
        links.use_link(link, pasted({order_slot(): new_token}))
        told = StoredHappening.objects.get(type="renewal_link.used")
        assert told.store_id == there.store.pk
        assert told.data == {
            "store": {
                "id": str(there.store.pk),
                "mall_id": there.store.mall_id,
                "nickname": "Home Goods US",
                "type": "semi",
            },
            "link": str(link.pk),
            "made_by": TESTER.name,
        }

    def test_checking_saves_nothing_and_does_not_use_it_up(
        self, there: ConnectedStore, new_token: str
    ) -> None:
        link, secret = made(there.store)
        before = Credential.objects.get(kind="order").fingerprint
        assert links.check_link(link, pasted({order_slot(): new_token})).ok
        assert Credential.objects.get(kind="order").fingerprint == before
        assert opens(secret)

    def test_a_token_of_another_store_is_refused_and_the_link_works_on(
        self, there: ConnectedStore, grant: Granting
    ) -> None:
        link, secret = made(there.store)
        before = Credential.objects.get(kind="order").fingerprint
        with pytest.raises(CheckRefused):
            links.use_link(link, pasted({order_slot(): grant(seed.SEMI_TWO, "us").token}))
        assert Credential.objects.get(kind="order").fingerprint == before
        link.refresh_from_db()
        assert (link.used_at, opens(secret)) == (None, True)
        assert not StoredHappening.objects.filter(type="renewal_link.used").exists()

    def test_an_outage_leaves_the_link_as_it_was(
        self, there: ConnectedStore, new_token: str, control: Control
    ) -> None:
        link, secret = made(there.store)
        control.add_fault("outage")
        with pytest.raises(CheckRefused):
            links.use_link(link, pasted({order_slot(): new_token}))
        assert opens(secret)

    @pytest.mark.parametrize("ending", ["used", "revoked", "expired", "archived"])
    def test_one_that_has_ended_saves_nothing(
        self, there: ConnectedStore, new_token: str, ending: str, clock: VirtualTime
    ) -> None:
        link, _secret = made(there.store, hours=1)
        if ending == "used":
            links.use_link(link, pasted({PRODUCT: there.product.token}))
        elif ending == "revoked":
            links.revoke_link(RenewalLink.objects.get(), TESTER)
        elif ending == "expired":
            clock.advance(3600)
        else:
            actions.archive(Store.objects.get(), TESTER)
        before = Credential.objects.get(kind="order").fingerprint
        with pytest.raises(LinkEnded):
            links.use_link(link, pasted({order_slot(): new_token}))
        assert Credential.objects.get(kind="order").fingerprint == before

    def test_twenty_asks_an_hour_and_then_a_wait(
        self, there: ConnectedStore, clock: VirtualTime
    ) -> None:
        link, _secret = made(there.store)
        wrong = pasted({order_slot(): "sandbox" + "1a" * 20})
        for _n in range(10):
            links.check_link(link, wrong)
            with pytest.raises(CheckRefused):
                links.use_link(link, wrong)
        with pytest.raises(TooManyTries):
            links.check_link(link, wrong)
        with pytest.raises(TooManyTries):
            links.use_link(link, wrong)
        assert RenewalLink.objects.get().tries == 20
        clock.advance(3600)
        assert not links.check_link(link, wrong).ok


class TestDyingOnTheWay:
    """The process is killed: nothing of it runs any more, not even what gives a claim back."""

    @pytest.fixture
    def killed(self, there: ConnectedStore, clock: VirtualTime) -> tuple[RenewalLink, Secret]:
        link, secret = made(there.store)
        claim = link_rules.claimed_until(link.expires_at, product_clock.now())
        RenewalLink.objects.update(used_at=claim)
        return link, secret

    def test_while_the_claim_stands_nobody_else_saves(
        self, killed: tuple[RenewalLink, Secret], new_token: str
    ) -> None:
        with pytest.raises(BeingUsed):
            links.use_link(killed[0], pasted({order_slot(): new_token}))

    def test_once_it_has_lapsed_the_link_saves(
        self, killed: tuple[RenewalLink, Secret], new_token: str, clock: VirtualTime
    ) -> None:
        link, secret = killed
        clock.advance(301)
        assert opens(secret)
        links.use_link(link, pasted({order_slot(): new_token}))
        assert not opens(secret)

    def test_tokens_that_were_saved_before_it_died_can_be_entered_again(
        self,
        killed: tuple[RenewalLink, Secret],
        there: ConnectedStore,
        new_token: str,
        clock: VirtualTime,
    ) -> None:
        tokens = pasted({order_slot(): new_token})
        actions.reauthorize(there.store, tokens, TESTER)
        clock.advance(301)
        done = links.use_link(killed[0], tokens)
        assert done.same == (order_slot(),)
        assert StoredHappening.objects.filter(type="renewal_link.used").count() == 1


class TestRevoking:
    def test_done_twice_it_is_done_once(self, semi_store: Store, clock: VirtualTime) -> None:
        link, _secret = made(semi_store)
        first = links.revoke_link(link, TESTER).revoked_at
        clock.advance(60)
        assert links.revoke_link(link, TESTER).revoked_at == first
        assert semi_store.events.filter(deed="link_revoked").count() == 1

    def test_a_used_one_stays_used(self, there: ConnectedStore, new_token: str) -> None:
        link, _secret = made(there.store)
        links.use_link(link, pasted({order_slot(): new_token}))
        assert links.state_of(links.revoke_link(link, TESTER)) is LinkState.USED

    @pytest.mark.parametrize("text", ["", "x", "\x00", "00000000-0000-4000-8000-000000000000"])
    def test_an_unknown_link_is_refused(self, semi_store: Store, text: str) -> None:
        with pytest.raises(Refusal) as no:
            links.link_of(semi_store, text)
        assert no.value.cause == "no_such_link"

    def test_a_link_of_another_store_is_unknown_here(
        self, semi_store: Store, full_store: Store
    ) -> None:
        link, _secret = made(full_store)
        with pytest.raises(Refusal):
            links.link_of(semi_store, str(link.pk))


@pytest.mark.django_db(transaction=True)
def test_of_several_who_save_at_once_one_wins(
    connect: Callable[..., ConnectedStore], world: World
) -> None:
    there = connect()
    assert there.order is not None
    token = world.authorizations.generate_new(there.order.id).token
    link, _secret = made(there.store)
    at_once = Barrier(6)

    def save(_number: int) -> str:
        mine = RenewalLink.objects.select_related("store").get(pk=link.pk)
        at_once.wait()
        try:
            links.use_link(mine, pasted({order_slot(): token}))
        except (BeingUsed, LinkEnded) as no:
            return no.cause
        finally:
            connections.close_all()
        return "saved"

    with ThreadPoolExecutor(6) as pool:
        came_of_it = list(pool.map(save, range(6)))
    assert came_of_it.count("saved") == 1
    assert set(came_of_it) <= {"saved", "link_in_use", "link_ended"}
    assert StoredHappening.objects.filter(type="renewal_link.used").count() == 1
    assert AuthorizationEvent.objects.filter(deed="new_token").count() == 1
