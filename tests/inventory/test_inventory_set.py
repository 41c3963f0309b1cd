"""Setting a figure: what is refused, and in which words. Nothing is stored then."""

import pytest

from storewarden import clock
from storewarden.inventory import queries, wording
from storewarden.inventory.actions import set_figure
from storewarden.inventory.models import ShownStock, StockDeed
from storewarden.stores.errors import Refusal
from tests.catalog.factories import a_listing, a_sku, a_store
from tests.conftest import TESTER
from tests.inventory.factories import a_figure

pytestmark = pytest.mark.django_db


def refusal(figure: ShownStock, quantity: str | int = 5, warehouse: str = "WH-1") -> Refusal:
    with pytest.raises(Refusal) as refused:
        set_figure(figure.sku, warehouse, quantity, TESTER)
    figure.refresh_from_db()
    assert (figure.wanted, figure.push) == (None, "")
    assert not StockDeed.objects.exists()
    assert refused.value.sentence
    assert refused.value.next_step
    return refused.value


@pytest.mark.parametrize(
    ("quantity", "cause"),
    [
        ("", "quantity_empty"),
        ("-1", "quantity_negative"),
        (-1, "quantity_negative"),
        ("many", "quantity_no_number"),
        ("<script>", "quantity_no_number"),
        ("1000001", "quantity_too_much"),
        ("9" * 10_000_000, "quantity_no_number"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_no_quantity_is_refused_without_repeating_it(
    quantity: str | int, cause: str
) -> None:
    refused = refusal(a_figure(), quantity)
    assert refused.cause == cause
    assert len(str(refused)) < 200


def test_a_figure_not_shown_is_refused() -> None:
    refused = refusal(a_figure(shown=None))
    assert refused.cause == "hidden"
    assert refused.sentence == ("Temu does not let us see this figure, so it is never pushed.")


def test_a_store_with_pushing_off_says_how_to_switch_it_on() -> None:
    refused = refusal(a_figure(a_store("Alpha", stock_push_on=False)))
    assert refused.cause == "push_off"
    assert "Alpha" in refused.sentence
    assert "Switch on" in refused.next_step


def test_a_paused_store_is_refused() -> None:
    store = a_store(stock_push_on=True, paused_at=clock.now())
    assert refusal(a_figure(store)).cause == "paused"


def test_an_archived_store_is_refused() -> None:
    store = a_store(stock_push_on=True, archived_at=clock.now())
    assert refusal(a_figure(store)).cause == "archived"


@pytest.mark.parametrize("warehouse", ["WH-2", "'; --", "\x00", "x" * 100_000])
def test_a_warehouse_it_is_not_in_is_refused_with_those_it_is_in(warehouse: str) -> None:
    refused = refusal(a_figure(), warehouse=warehouse)
    assert refused.cause == "no_such_warehouse"
    assert "WH-1" in refused.next_step


def test_the_warehouse_may_be_left_out_where_there_is_one() -> None:
    figure = a_figure()
    assert set_figure(figure.sku, "", 7, TESTER) == figure


def test_the_warehouse_may_not_be_left_out_where_there_are_two() -> None:
    figure = a_figure()
    ShownStock.objects.create(sku=figure.sku, warehouse_id="WH-2", shown=1)
    assert refusal(figure, warehouse="").cause == "no_such_warehouse"


def test_a_sku_whose_stock_was_never_read_is_refused() -> None:
    sku = a_sku(a_listing(a_store(stock_push_on=True)))
    with pytest.raises(Refusal) as refused:
        set_figure(sku, "", 7, TESTER)
    assert refused.value.cause == "stock_never_read"


def test_a_figure_of_a_warehouse_that_is_gone_cannot_be_set() -> None:
    assert refusal_cause_of_gone() == "stock_never_read"


def refusal_cause_of_gone() -> str:
    return refusal(a_figure(gone_at=clock.now(), shown=None)).cause


def test_a_set_figure_is_due_with_its_time_and_person() -> None:
    figure = a_figure()
    before = clock.now()
    set_figure(figure.sku, "WH-1", "40", TESTER)
    figure.refresh_from_db()
    assert (figure.wanted, figure.push, figure.wanted_by) == (40, "due", TESTER.name)
    assert figure.wanted_at is not None
    assert figure.wanted_at >= before
    assert queries.push_log(queries.keyset.Turn(), one=figure).rows[0].deed == "set"


@pytest.mark.parametrize(
    ("code", "message", "words"),
    [
        ("2000037", "商品正在活动促销中，不允许库存调减", "promotion"),
        ("2000038", "库存不允许减少", "lowered"),
        ("2000039", "近期不可添加虚拟库存，建议及时转备货", "no more virtual stock"),
        ("23000001", "当前暂不可添加预售库存", "pre-sale"),
        ("2000060", "店铺类型不符合预期", "another type"),
        ("2000000", "店铺类型非全托管", "another type"),
        ("2000094", "泛欧商品欧盟站点绑定数量不符合预期", "EU sites"),
        ("2000000", "设置库存数量最大上限为300", "at most 300"),
        ("2000000", "productSkuId 7 未绑定发货仓 WH-9", "not bound"),
        ("2000000", "productSkuId 7 无权操作库存", "does not let this store"),
        ("2000000", "业务异常", "业务异常"),
    ],
)
def test_each_refusal_of_temu_is_put_into_plain_words(code: str, message: str, words: str) -> None:
    said = wording.their_refusal(code, message)
    assert words in said.sentence
    assert said.next_step


def test_every_push_state_has_its_words() -> None:
    for push in ShownStock.Push:
        figure = ShownStock(shown=3, wanted=5, push=push, their_code="1", their_message="no")
        assert wording.state_of(figure).sentence
