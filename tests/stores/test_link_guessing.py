"""Guessing renewal links is useless: by timing, and by rate."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from storewarden import chance
from storewarden.stores.models import Store
from storewarden.stores.renewal import actions as links
from storewarden.stores.renewal.actions import TooManyTries
from storewarden.vault import Secret
from tests.conftest import TESTER, ConnectedStore, VirtualTime, order_slot
from tests.stores.links_kit import ELSEWHERE, made, new_token, no_tries_yet, opens, pasted, there

__all__ = ["new_token", "no_tries_yet", "there"]


class TestGuessing:
    def test_an_unknown_secret_costs_the_same_work_as_one_whose_link_has_ended(
        self, there: ConnectedStore, clock: VirtualTime, new_token: str
    ) -> None:
        """The same code on the same path: one query, the same one, and a rule without any."""
        used, used_secret = made(there.store)
        links.use_link(used, pasted({order_slot(): new_token}))
        revoked, revoked_secret = made(there.store)
        links.revoke_link(revoked, TESTER)
        _expired, expired_secret = made(there.store, hours=1)
        clock.advance(3600)
        _valid, valid_secret = made(there.store)
        unknown = Secret("A" * 43)
        asked = {}
        for name, secret in {
            "unknown": unknown,
            "used": used_secret,
            "revoked": revoked_secret,
            "expired": expired_secret,
            "valid": valid_secret,
        }.items():
            with CaptureQueriesContext(
                connection,
            ) as queries:
                opens(secret)
            asked[name] = [re.sub(r"[0-9a-f]{64}", "…", one["sql"]) for one in queries]
        assert {len(one) for one in asked.values()} == {1}
        assert len({one[0] for one in asked.values()}) == 1

    def test_a_thousand_guesses_open_nothing_and_only_thirty_are_looked_up(
        self, semi_store: Store
    ) -> None:
        made(semi_store)
        looked_up = refused = 0
        with CaptureQueriesContext(connection) as queries:
            for _n in range(1000):
                try:
                    assert not opens(Secret(chance.letters(43)))
                    looked_up += 1
                except TooManyTries:
                    refused += 1
        assert (looked_up, refused, len(queries)) == (30, 970, 30)

    def test_whoever_guessed_too_often_is_told_nothing_even_of_a_right_one(
        self, semi_store: Store
    ) -> None:
        _link, secret = made(semi_store)
        for _n in range(30):
            opens(Secret(chance.letters(43)))
        with pytest.raises(TooManyTries) as no:
            opens(secret)
        assert 0 < no.value.wait_s <= 3600

    def test_the_wait_ends_after_an_hour(self, semi_store: Store, clock: VirtualTime) -> None:
        _link, secret = made(semi_store)
        for _n in range(30):
            opens(Secret(chance.letters(43)))
        clock.advance(3600)
        assert opens(secret)

    def test_a_link_that_has_ended_counts_as_a_wrong_guess(self, semi_store: Store) -> None:
        link, secret = made(semi_store)
        links.revoke_link(link, TESTER)
        opens(secret)
        assert links.WRONG_OF_A_CLIENT.count(ELSEWHERE) == 1

    def test_a_right_secret_never_counts(self, semi_store: Store) -> None:
        _link, secret = made(semi_store)
        for _n in range(40):
            assert opens(secret)
        assert links.WRONG_OF_A_CLIENT.count(ELSEWHERE) == 0

    def test_many_guessers_cannot_shut_the_door_on_somebody_with_a_right_link(
        self, semi_store: Store
    ) -> None:
        _link, secret = made(semi_store)
        for n in range(links.WRONG_OF_ALL.times):
            opens(Secret("x"), f"203.0.113.{n}")
        assert opens(secret, "192.0.2.1")

    def test_above_the_ceiling_each_guesser_has_one_guess(self, semi_store: Store) -> None:
        for n in range(links.WRONG_OF_ALL.times):
            opens(Secret("x"), f"203.0.113.{n}")
        assert not opens(Secret("x"), "192.0.2.1")
        with pytest.raises(TooManyTries):
            opens(Secret("x"), "192.0.2.1")
