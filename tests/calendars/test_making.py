"""Making and revoking feeds, by the page."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from storewarden.calendars import actions, queries
from storewarden.calendars.models import CalendarFeed
from storewarden.calendars.rules import hash_of
from storewarden.stores.errors import Refusal
from storewarden.stores.models import Store
from tests.calendars.conftest import Subscribe
from tests.conftest import TESTER
from tests.web import factories as web

PAGE = "/settings/calendar/"
ADDRESS = re.compile(r'value="([^"]*/calendar/([A-Za-z0-9_-]{43})\.ics)"')
GIVEN = {"name": "Phone of Li", "language": "en", "with_nicknames": "on"}


@pytest.fixture
def desk(db: None) -> Client:
    return web.reader()


def made(desk: Client, **given: str) -> tuple[str, str]:
    """The address that the page shows, and the secret in it."""
    answer = desk.post(PAGE, {**GIVEN, **given})
    assert answer.status_code == 200
    (found,) = ADDRESS.findall(answer.content.decode())
    return found


def cause_of(act: object, *given: object) -> str:
    with pytest.raises(Refusal) as no:
        act(*given)  # type: ignore[operator]
    assert no.value.next_step
    return no.value.cause


def test_the_page_shows_the_address_once(desk: Client) -> None:
    address, secret = made(desk)
    assert address == f"http://testserver/calendar/{secret}.ics"
    again = desk.get(PAGE).content.decode()
    assert secret not in again
    assert "Phone of Li" in again


def test_the_address_is_under_the_one_that_people_use(desk: Client, public_url: str) -> None:
    address, _secret = made(desk)
    assert address.startswith(f"{public_url}/calendar/")


def test_the_new_address_can_be_read_at_once(desk: Client, semi_store: Store) -> None:
    _address, secret = made(desk)
    assert b"Alpha" in Client().get(f"/calendar/{secret}.ics").content


def test_the_choices_are_kept(desk: Client) -> None:
    desk.post(PAGE, {"name": "  Li's   phone ", "language": "zh-hans"})
    feed = CalendarFeed.objects.get()
    assert (feed.name, feed.language, feed.with_nicknames) == ("Li's phone", "zh-hans", False)
    assert feed.made_by == web.EMAIL


def test_every_secret_is_another_one(desk: Client) -> None:
    assert len({made(desk, name=f"Phone {number}")[1] for number in range(5)}) == 5


def test_only_the_hash_is_stored(desk: Client) -> None:
    _address, secret = made(desk)
    assert CalendarFeed.objects.get().secret_hash == hash_of(secret)


def test_the_form_begins_with_the_readers_language(desk: Client) -> None:
    desk.cookies["django_language"] = "zh-hans"
    page = desk.get(PAGE).content.decode()
    assert '<option value="zh-hans" selected>' in page


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "no name"),
        ("   \t ", "no name"),
        ("x" * 81, "longer than 80"),
        ("x" * 1_000_000, "longer than 80"),
        ("a\x00b", "invisible"),
        ("a\u202eb", "invisible"),
        ("\u200b", "invisible"),
    ],
    ids=["empty", "blanks", "81", "1 MB", "NUL", "RTL mark", "zero width"],
)
def test_a_name_that_is_none_is_refused_in_words(desk: Client, name: str, sentence: str) -> None:
    answer = desk.post(PAGE, {**GIVEN, "name": name})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not CalendarFeed.objects.exists()


def test_too_much_is_refused_in_words(desk: Client) -> None:
    answer = desk.post(PAGE, {**GIVEN, "name": "x" * 10_000_000})
    assert answer.status_code == 413
    assert not CalendarFeed.objects.exists()


@pytest.mark.parametrize("name", ["'; DROP TABLE x; --", "<script>alert(1)</script>", "😀 手机"])
def test_any_other_name_is_fine_and_shown_as_text(desk: Client, name: str) -> None:
    made(desk, name=name)
    page = desk.get(PAGE).content.decode()
    assert "<script>alert" not in page
    assert CalendarFeed.objects.get().name == name


@pytest.mark.parametrize("language", ["", "xx", "en\x00", "<b>", "x" * 5000])
def test_a_language_that_there_is_not_is_refused(desk: Client, language: str) -> None:
    answer = desk.post(PAGE, {**GIVEN, "language": language})
    assert answer.status_code == 422
    assert not CalendarFeed.objects.exists()


def test_a_name_in_use_is_refused_and_free_again_once_revoked(desk: Client) -> None:
    made(desk)
    answer = desk.post(PAGE, GIVEN)
    assert (answer.status_code, CalendarFeed.objects.count()) == (422, 1)
    assert "There is a calendar called “Phone of Li” already." in answer.content.decode()
    actions.revoke(CalendarFeed.objects.get(), TESTER)
    made(desk)


def test_the_database_itself_keeps_live_names_apart(subscribe: Subscribe) -> None:
    feed = subscribe("Phone").made.feed
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarFeed.objects.create(
            name="Phone", secret_hash="x", language="en", made_by="", made_at=feed.made_at
        )


def test_the_51st_calendar_is_refused(subscribe: Subscribe) -> None:
    for number in range(actions.MOST_FEEDS):
        subscribe(f"Phone {number}")
    assert cause_of(actions.make, "One more", "en", TESTER) == "too_many_feeds"


def test_revoking_asks_first_and_says_what_it_does(desk: Client) -> None:
    _address, secret = made(desk)
    feed = CalendarFeed.objects.get()
    page = desk.get(f"{PAGE}{feed.pk}/revoke/").content.decode()
    assert "Revoke the calendar “Phone of Li”?" in page
    assert Client().get(f"/calendar/{secret}.ics").status_code == 200


def test_a_revoked_address_leads_nowhere_at_once(desk: Client) -> None:
    _address, secret = made(desk)
    feed = CalendarFeed.objects.get()
    answer = desk.post(f"{PAGE}{feed.pk}/revoke/", follow=True)
    assert "is revoked" in answer.content.decode()
    assert Client().get(f"/calendar/{secret}.ics").status_code == 404


def test_a_second_click_changes_nothing(desk: Client, subscribe: Subscribe) -> None:
    feed = subscribe().made.feed
    assert actions.revoke(feed, TESTER)
    feed.refresh_from_db()
    when = feed.revoked_at
    assert desk.post(f"{PAGE}{feed.pk}/revoke/").status_code == 302
    assert not actions.revoke(feed, TESTER)
    feed.refresh_from_db()
    assert feed.revoked_at == when


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_calendar_that_there_is_not_cannot_be_revoked(desk: Client, method: str) -> None:
    nobody = "00000000-0000-0000-0000-000000000001"
    assert getattr(desk, method)(f"{PAGE}{nobody}/revoke/").status_code == 404


def test_a_revoked_one_is_listed_below(desk: Client, subscribe: Subscribe) -> None:
    feed = subscribe("Old phone").made.feed
    actions.revoke(feed, TESTER)
    page = desk.get(PAGE).content.decode()
    assert "Old phone" in page.partition('data-testid="revoked"')[2]
    assert f"{feed.pk}/revoke/" not in page


def test_a_feed_is_found_by_name_or_id_while_it_lives(subscribe: Subscribe) -> None:
    feed = subscribe("Phone").made.feed
    assert queries.find_feed(" Phone ") == queries.find_feed(str(feed.pk)) == feed
    actions.revoke(feed, TESTER)
    for text in ("Phone", str(feed.pk), "", "\x00", "nobody"):
        assert cause_of(queries.find_feed, text) == "no_such_feed"


def test_a_secret_is_not_shown_by_its_repr(subscribe: Subscribe) -> None:
    made = subscribe().made
    assert made.secret.reveal() not in repr(made)
