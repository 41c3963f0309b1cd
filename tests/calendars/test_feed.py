"""The secret address: who may read, what it costs, and what stays when nothing has changed."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from storewarden.calendars import actions
from storewarden.calendars.models import CalendarFeed
from storewarden.calendars.views import WRONG
from storewarden.logs import MaskedFormatter
from storewarden.stores import actions as store_actions
from storewarden.stores.models import Store
from tests.calendars import factories
from tests.calendars.conftest import Reader, Subscribe
from tests.conftest import TESTER, VirtualTime

NOBODYS = "/calendar/" + "A" * 43 + ".ics"


def test_the_address_needs_no_sign_in(db: None, subscribe: Subscribe) -> None:
    answer = Client().get(subscribe().path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "storewarden.ics" in answer["Content-Disposition"]


def test_it_stands_in_no_shared_cache_and_no_search_engine(db: None, subscribe: Subscribe) -> None:
    answer = Client().get(subscribe().path)
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in answer


def test_a_head_tells_the_same_without_the_text(semi_store: Store, subscribe: Subscribe) -> None:
    reader = subscribe()
    whole, head = Client().get(reader.path), Client().head(reader.path)
    assert (head.status_code, head.content) == (200, b"")
    assert (head["ETag"], head["Content-Type"]) == (whole["ETag"], whole["Content-Type"])


def test_what_has_not_changed_is_not_sent_again(
    semi_store: Store, subscribe: Subscribe, clock: VirtualTime
) -> None:
    reader = subscribe()
    before = Client().get(reader.path)
    clock.advance(days=20)
    again = Client().get(reader.path, headers={"If-None-Match": before["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == before["ETag"]
    assert reader.body == before.content


@pytest.mark.parametrize(
    "change",
    [
        lambda store: store_actions.rename(store, "Beta", TESTER),
        lambda store: store_actions.archive(store, TESTER),
        lambda store: store.credentials.update(expires_estimated=True),
    ],
    ids=["renamed", "archived", "estimated"],
)
def test_what_has_changed_is_sent(
    semi_store: Store, subscribe: Subscribe, change: Callable[[Store], Any]
) -> None:
    reader = subscribe()
    etag = Client().get(reader.path)["ETag"]
    change(semi_store)
    answer = Client().get(reader.path, headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert answer["ETag"] != etag


def test_another_language_is_another_text(semi_store: Store, subscribe: Subscribe) -> None:
    reader = subscribe()
    before = Client().get(reader.path)["ETag"]
    CalendarFeed.objects.update(language="zh-hans")
    assert Client().get(reader.path)["ETag"] != before


def refusal(path: str) -> tuple[int, bytes, dict[str, str]]:
    answer = Client().get(path)
    return answer.status_code, answer.content, dict(answer.headers)


def test_a_revoked_address_answers_as_one_that_never_was(db: None, subscribe: Subscribe) -> None:
    reader = subscribe()
    actions.revoke(reader.made.feed, TESTER)
    assert refusal(reader.path) == refusal(NOBODYS)
    assert refusal(reader.path)[0] == 404


def test_a_revoked_address_costs_the_same_look_as_one_that_never_was(
    db: None, subscribe: Subscribe
) -> None:
    reader = subscribe()
    actions.revoke(reader.made.feed, TESTER)
    asked = []
    for path in (reader.path, NOBODYS):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            Client().get(path)
        asked.append([one["sql"].partition("secret_hash")[0] for one in seen])
    assert asked[0] == asked[1]
    assert len(asked[0]) == 1


@pytest.mark.parametrize(
    "secret",
    ["", "x", "A" * 42, "A" * 44, "a" * 5000, "%00", "%F0%9F%98%80", "%E2%80%AE", "..%2F..",
     "'%20OR%201=1--", "%3Cscript%3E"],
)  # fmt: skip
def test_what_is_no_secret_leads_nowhere(db: None, subscribe: Subscribe, secret: str) -> None:
    subscribe()
    answer = Client().get(f"/calendar/{secret}.ics")
    assert answer.status_code == 404
    assert "<script>" not in answer.content.decode()


def test_the_hash_from_the_database_is_no_address(db: None, subscribe: Subscribe) -> None:
    stored = subscribe().made.feed.secret_hash
    assert Client().get(f"/calendar/{stored}.ics").status_code == 404


def test_other_letters_of_the_same_bytes_are_another_secret(db: None, subscribe: Subscribe) -> None:
    reader = subscribe()
    assert Client().get(reader.path.replace(".ics", "=.ics")).status_code == 404
    secret = reader.made.secret.reveal()
    assert Client().get(f"/calendar/{secret.swapcase()}.ics").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_can_only_be_read(db: None, subscribe: Subscribe, method: str) -> None:
    assert getattr(Client(), method)(subscribe().path).status_code == 405


def test_when_it_was_read_is_noted_every_ten_minutes_at_most(
    semi_store: Store, subscribe: Subscribe, clock: VirtualTime
) -> None:
    reader, feed = subscribe(), CalendarFeed.objects.get()
    assert feed.last_read_at is None
    seen = []
    for _ in range(3):
        assert reader.body
        feed.refresh_from_db()
        seen.append(feed.last_read_at)
        clock.advance(360)
    assert seen[0] == seen[1]
    assert seen[2] > seen[1]


def test_many_wrong_addresses_from_one_client_are_not_looked_at(
    db: None, subscribe: Subscribe, clock: VirtualTime
) -> None:
    for number in range(WRONG.times):
        assert Client().get(f"/calendar/wrong{number}.ics").status_code == 404
    with CaptureQueriesContext(connection) as seen:
        answer = Client().get("/calendar/wrong.ics")
    assert (answer.status_code, len(seen)) == (429, 0)
    assert int(answer["Retry-After"]) == 3600
    clock.advance(3601)
    assert Client().get("/calendar/wrong.ics").status_code == 404


def test_a_guesser_is_not_told_when_he_is_right(
    db: None, subscribe: Subscribe, clock: VirtualTime
) -> None:
    reader = subscribe()
    for number in range(WRONG.times):
        Client().get(f"/calendar/wrong{number}.ics")
    assert Client().get(reader.path).status_code == 429
    assert Client().get(reader.path, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_programs_that_ask_for_a_right_or_a_revoked_address_are_no_guessers(
    db: None, subscribe: Subscribe
) -> None:
    reader, old = subscribe(), subscribe("Old")
    actions.revoke(old.made.feed, TESTER)
    for _ in range(WRONG.times):
        assert Client().get(old.path).status_code == 404
    assert Client().get(reader.path).status_code == 200
    assert WRONG.count("127.0.0.1") == 0


def queries_of(reader: Reader) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert reader.body
    return len(seen)


def test_a_thousand_stores_cost_no_more_queries_than_one(db: None, subscribe: Subscribe) -> None:
    reader = subscribe()
    reader.body  # noqa: B018  # from now on the reading itself is not noted
    few = queries_of(reader)
    factories.stores(1000)
    assert queries_of(reader) == few == 4
    assert len(reader.events) == 2000


def test_the_secret_is_not_in_the_database(db: None, subscribe: Subscribe) -> None:
    secret = subscribe().made.secret.reveal()
    row = CalendarFeed.objects.values().get()
    assert secret not in repr(row)
    assert len(secret) == 43


@pytest.mark.parametrize("method", ["get", "post", "head"])
def test_the_secret_is_not_in_the_log(
    db: None, subscribe: Subscribe, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    reader = subscribe()
    actions.revoke(reader.made.feed, TESTER)
    with caplog.at_level(logging.DEBUG):
        getattr(Client(enforce_csrf_checks=True), method)(reader.path)
    text = "\n".join(MaskedFormatter().format(one) for one in caplog.records)
    assert reader.made.secret.reveal() not in text
    assert "/calendar/" in text
