"""Writing listings as they came, from hand-made rows."""

import pytest

from storewarden import clock
from storewarden.catalog.models import Listing, ListingSku
from storewarden.catalog.recording import Tally, record
from storewarden.stores.models import Store
from tests.catalog.factories import a_market_sku, a_store, came

pytestmark = pytest.mark.django_db


def put(store: Store, *rows: object, seen_round: int = 1) -> Tally:
    return record(store, rows, seen_round, clock.now())  # type: ignore[arg-type]  # came() rows


def test_a_page_of_unchanged_listings_costs_three_queries(
    django_assert_num_queries: object,
) -> None:
    store = a_store()
    rows = [came(str(n), skus=2) for n in range(50)]
    put(store, *rows)
    with django_assert_num_queries(3):  # type: ignore[operator]  # pytest-django's fixture
        assert put(store, *rows, seen_round=2) == Tally(0, 0)
    assert Listing.objects.filter(seen_round=2).count() == 50


def test_a_changed_name_keeps_the_row_and_its_skus() -> None:
    store = a_store()
    put(store, came("1"))
    before = Listing.objects.get(), ListingSku.objects.get()
    assert put(store, came("1", name="Better lamp")) == Tally(new=0, changed=1)
    after = Listing.objects.get(), ListingSku.objects.get()
    assert (after[0].pk, after[1].pk) == (before[0].pk, before[1].pk)
    assert after[0].name == "Better lamp"


def test_a_name_that_changed_alone_does_not_make_the_stock_due() -> None:
    store = a_store()
    put(store, came("1"))
    moved = Listing.objects.get().quantity_changed_at
    put(store, came("1", name="Better lamp"))
    assert Listing.objects.get().quantity_changed_at == moved


def test_the_same_listing_twice_on_a_page_is_one_row() -> None:
    store = a_store()
    assert put(store, came("1"), came("1", name="Twice")) == Tally(new=1, changed=0)
    assert Listing.objects.get().name == "Twice"


def test_the_same_sku_under_two_listings_is_one_row() -> None:
    store = a_store()
    sku = a_market_sku("700")
    put(store, came("1", skus=(sku,)), came("2", skus=(sku,)))
    assert ListingSku.objects.count() == 1


def test_a_sku_no_longer_in_its_listing_is_marked_and_comes_back() -> None:
    store = a_store()
    put(store, came("1", skus=2))
    put(store, came("1", skus=1))
    assert ListingSku.objects.filter(removed_at__isnull=False).count() == 1
    assert put(store, came("1", skus=2)) == Tally(new=0, changed=1)
    assert not ListingSku.objects.filter(removed_at__isnull=False).exists()


def test_a_removed_sku_that_stays_away_is_no_change() -> None:
    store = a_store()
    put(store, came("1", skus=2))
    put(store, came("1", skus=1))
    assert put(store, came("1", skus=1)) == Tally(0, 0)


def test_two_stores_may_have_the_same_ids() -> None:
    put(a_store(), came("1"))
    put(a_store(), came("1"))
    assert Listing.objects.count() == 2


@pytest.mark.parametrize("name", ["", "x" * 5000, "a\x00b", "\u202eevil", "😀", "<script>"])
def test_any_name_is_stored_as_text_that_fits(name: str) -> None:
    put(a_store(), came("1", name=name))
    stored = Listing.objects.get().name
    assert stored == name.replace("\x00", "")[:500]


def test_a_quantity_that_is_not_told_is_not_zero() -> None:
    put(a_store(), came("1", skus=(a_market_sku("700", shown=None),)))
    assert ListingSku.objects.get().listed_quantity is None


def test_a_quantity_no_database_can_hold_is_as_good_as_not_told() -> None:
    put(a_store(), came("1", skus=(a_market_sku("700", shown=2**40),)))
    assert ListingSku.objects.get().listed_quantity is None
