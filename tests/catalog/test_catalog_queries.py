"""Lists by keyset, search, counts; each in as many queries as it says."""

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storewarden import clock, keyset
from storewarden.catalog import queries
from storewarden.catalog.models import Listing
from storewarden.catalog.queries import Counts, NoSuchSku, Wanted
from storewarden.keyset import Turn
from tests.catalog.factories import a_listing, a_sku, a_store

pytestmark = pytest.mark.django_db


def ids(rows: object) -> list[int]:
    return [row.pk for row in rows]  # type: ignore[attr-defined]  # any rows


def test_listings_come_newest_first() -> None:
    store = a_store()
    made = [a_listing(store) for _ in range(3)]
    assert ids(queries.listings(Wanted(), Turn()).rows) == ids(reversed(made))


def test_walking_forth_and_back_shows_every_listing_once_also_with_equal_times() -> None:
    store, now = a_store(), clock.now()
    for _ in range(7):
        a_listing(store, listed_at=now)
    seen: list[int] = []
    page = queries.listings(Wanted(), Turn(size=3))
    first = ids(page.rows)
    seen += first
    while page.older:
        page = queries.listings(Wanted(), Turn(after=page.older, size=3))
        seen += ids(page.rows)
    assert len(seen) == len(set(seen)) == 7
    back = queries.listings(Wanted(), Turn(before=page.newer, size=3))
    assert ids(back.rows) == seen[3:6]
    assert ids(queries.listings(Wanted(), Turn(before=back.newer, size=3)).rows) == first


def test_the_first_page_has_nothing_newer_and_the_last_nothing_older() -> None:
    store = a_store()
    for _ in range(4):
        a_listing(store)
    first = queries.listings(Wanted(), Turn(size=2))
    last = queries.listings(Wanted(), Turn(after=first.older, size=2))
    assert (first.newer, bool(first.older), bool(last.newer), last.older) == ("", True, True, "")


@given(st.text(max_size=120))
def test_a_cursor_that_is_none_reads_from_the_top(text: str) -> None:
    mark = keyset.mark_of(Listing, text)
    assert mark is None or (isinstance(mark[1], int) and mark[1] >= 0)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00|3", "|-1", "|99999999999999999999"])
def test_a_forged_cursor_that_no_database_takes_reads_from_the_top(text: str) -> None:
    forged = urlsafe_b64encode(text.encode()).decode().rstrip("=")
    wanted = a_listing(a_store())
    assert ids(queries.listings(Wanted(), Turn(after=forged)).rows) == [wanted.pk]


def test_a_page_of_listings_takes_two_queries_however_many_there_are(
    django_assert_num_queries: object,
) -> None:
    store = a_store()
    for _ in range(6):
        a_sku(a_listing(store))
    with django_assert_num_queries(2):  # type: ignore[operator]  # pytest-django's fixture
        rows = queries.listings(Wanted(), Turn()).rows
        assert [(row.store.nickname, len(row.skus.all())) for row in rows]


@pytest.mark.parametrize("text", ["lamp", "LAMP", "Garden", "SKC-7", "7123", "GL-RED"])
def test_a_listing_is_found_by_name_code_id_or_sku(text: str) -> None:
    store = a_store()
    wanted = a_listing(store, name="Garden lamp", code="SKC-7")
    a_sku(wanted, sku_id="7123", code="GL-RED")
    a_listing(store, name="Towel", code="T-1")
    assert ids(queries.listings(Wanted(text=text), Turn()).rows) == [wanted.pk]


@pytest.mark.parametrize(
    "text",
    ["\x00", "a\x00b", "'; DROP TABLE catalog_listing; --", "<b>", "%", "\u202e", "😀" * 5000],
)
def test_a_search_for_nonsense_finds_nothing_and_breaks_nothing(text: str) -> None:
    a_listing(a_store())
    assert len(queries.listings(Wanted(text=text), Turn()).rows) in (0, 1)
    assert Listing.objects.count() == 1


def test_removed_listings_are_shown_only_when_asked_for() -> None:
    store = a_store()
    here, gone = a_listing(store), a_listing(store, removed_at=clock.now())
    assert ids(queries.listings(Wanted(), Turn()).rows) == [here.pk]
    assert ids(queries.listings(Wanted(status="removed"), Turn()).rows) == [gone.pk]


def test_listings_are_narrowed_by_store_and_status() -> None:
    one, two = a_store(), a_store()
    wanted = a_listing(one, status="off_shelf")
    a_listing(one)
    a_listing(two, status="off_shelf")
    assert ids(queries.listings(Wanted(store=one, status="off_shelf"), Turn()).rows) == [wanted.pk]


def test_an_archived_stores_listings_are_not_shown() -> None:
    a_listing(a_store(archived_at=clock.now()))
    assert queries.listings(Wanted(), Turn()).rows == []
    assert queries.counts() == Counts(0, 0, 0)


def test_counts_tell_listings_skus_and_removed_apart() -> None:
    store = a_store()
    first = a_listing(store)
    a_sku(first)
    a_sku(first)
    a_sku(first, removed_at=clock.now())
    a_sku(a_listing(store, removed_at=clock.now()))
    assert queries.counts(store) == Counts(listings=1, skus=2, removed=1)


def test_a_sku_is_found_by_its_code_or_its_id() -> None:
    store = a_store()
    sku = a_sku(a_listing(store), sku_id="7123", code="GL-RED")
    assert queries.find_sku(store, " GL-RED ") == sku == queries.find_sku(store, "7123")


@pytest.mark.parametrize("text", ["", "  ", "nothing", "\x00", "x" * 10_000_000])
def test_a_sku_that_is_not_there_is_refused_in_words(text: str) -> None:
    with pytest.raises(NoSuchSku) as refused:
        queries.find_sku(a_store(), text)
    assert refused.value.cause == "no_such_sku"
    assert refused.value.next_step
    assert len(str(refused.value)) < 400


def test_a_code_that_several_skus_have_is_refused_not_guessed() -> None:
    store = a_store()
    a_sku(a_listing(store), code="SAME")
    a_sku(a_listing(store), code="SAME")
    with pytest.raises(NoSuchSku) as refused:
        queries.find_sku(store, "SAME")
    assert refused.value.cause == "several_skus"


def test_a_sku_of_another_store_is_not_found() -> None:
    a_sku(a_listing(a_store()), code="THEIRS")
    with pytest.raises(NoSuchSku):
        queries.find_sku(a_store(), "THEIRS")
