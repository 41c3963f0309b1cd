"""Readings that come late, and figures set again while one is on its way."""

from datetime import timedelta

import pytest

from storewarden import clock
from storewarden.inventory import queries
from storewarden.inventory.actions import set_figure
from storewarden.inventory.models import ShownStock, StockDeed
from storewarden.inventory.recording import record_read, settle
from storewarden.marketplaces.base import StockFigure
from tests.conftest import TESTER
from tests.inventory.factories import a_figure, deeds

pytestmark = pytest.mark.django_db
Push = ShownStock.Push


def told(figure: ShownStock, quantity: int | None) -> list[StockFigure]:
    return [StockFigure(figure.sku.sku_id, figure.warehouse_id, "LA-1", quantity)]


def test_a_figure_set_again_while_the_last_was_sent_stays_due() -> None:
    figure = a_figure(wanted=5, push=Push.DUE)
    set_figure(figure.sku, "WH-1", 7, TESTER)
    assert not settle(figure, Push.SENT, StockDeed.Deed.SENT)
    figure.refresh_from_db()
    assert (figure.push, figure.wanted, deeds(figure)) == (Push.DUE, 7, ["set"])


def test_a_refusal_of_the_last_figure_does_not_stop_the_new_one() -> None:
    figure = a_figure(wanted=5, push=Push.DUE)
    set_figure(figure.sku, "WH-1", 7, TESTER)
    assert not settle(figure, Push.REFUSED, StockDeed.Deed.REFUSED, "2000000", "no")
    figure.refresh_from_db()
    assert (figure.push, figure.their_code) == (Push.DUE, "")


def test_a_reading_older_than_the_one_we_have_changes_nothing() -> None:
    figure = a_figure(shown=12)
    record_read(figure.sku.listing, told(figure, 99), clock.now() - timedelta(minutes=1))
    figure.refresh_from_db()
    assert figure.shown == 12


def test_a_reading_asked_before_the_write_does_not_judge_the_write() -> None:
    now = clock.now()
    sent = {"wanted": 5, "push": Push.SENT, "pushed_at": now + timedelta(seconds=1)}
    figure = a_figure(read_at=now - timedelta(minutes=1), **sent)
    record_read(figure.sku.listing, told(figure, 12), now)
    figure.refresh_from_db()
    assert (figure.shown, figure.push) == (12, Push.SENT)
    record_read(figure.sku.listing, told(figure, 5), now + timedelta(seconds=2))
    figure.refresh_from_db()
    assert figure.push == Push.DONE


def test_a_due_figure_that_is_not_shown_is_no_work() -> None:
    figure = a_figure(wanted=5, push=Push.DUE, shown=None)
    assert queries.open_figures(figure.sku.listing) == []
    assert queries.listings_to_push(figure.sku.store, 10) == []


def test_a_figure_of_a_sku_that_is_not_in_the_listing_is_left_out() -> None:
    figure = a_figure()
    stranger = StockFigure("999", "WH-1", "LA-1", 5)
    rows = record_read(figure.sku.listing, [*told(figure, 3), stranger], clock.now())
    assert [row.shown for row in rows] == [3]
    assert ShownStock.objects.count() == 1


def test_a_reading_of_many_figures_takes_a_bounded_number_of_queries(
    django_assert_max_num_queries: object,
) -> None:
    figure = a_figure()
    many = [StockFigure(figure.sku.sku_id, f"WH-{n}", f"W{n}", n) for n in range(60)]
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # pytest-django's fixture
        record_read(figure.sku.listing, many, clock.now())
    assert ShownStock.objects.count() == 60
