"""Store Authorization: the list of stores."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from storewarden.marketplaces.registry import all_marketplaces
from storewarden.stores.models import Credential, DeveloperApp, Store
from storewarden.stores.probes import probe
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from tests.conftest import ConnectedStore, VirtualTime
from tests.stores.pages_kit import CENTER, HTMX, LIST, many_stores, signed_in, text

Apps = dict[str, DeveloperApp]


def test_nobody_sees_the_list_without_signing_in(client, db):
    signed_in()
    answer = client.get(LIST)
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_the_center_shows_every_marketplace_of_the_registry(apps: Apps):
    page = signed_in().get(CENTER).content.decode()
    for one in all_marketplaces():
        assert f'data-testid="marketplace-{one.key}"' in page


def test_the_center_counts_the_stores_that_need_a_hand(apps: Apps):
    many_stores(4, apps)
    shown = text(signed_in().get(CENTER))
    assert "4 stores" in shown
    assert "1 needs a hand" in shown


def test_without_an_app_the_empty_list_leads_to_developer_apps(db: None, clock: VirtualTime):
    answer = signed_in().get(LIST)
    assert "First your developer app" in text(answer)
    assert 'href="/settings/developer-apps/"' in answer.content.decode()


def test_without_a_store_the_empty_list_leads_to_adding_one(apps: Apps):
    answer = signed_in().get(LIST)
    assert "Connect your first store" in text(answer)
    assert f'href="{LIST}add/"' in answer.content.decode()


def test_a_row_says_nickname_shop_id_type_tokens_expiry_and_permissions(semi_store: Store):
    shown = text(signed_in().get(LIST))
    for words in ("Alpha", str(seed.SEMI_ONE), "Semi-Consignment", "Authorized", "Active"):
        assert words in shown
    assert "90 days left" in shown
    assert "11/11" in shown


def test_a_full_consignment_store_is_marked_as_such(full_store: Store):
    assert "Full-Consignment" in text(signed_in().get(LIST))


def test_each_token_says_when_it_was_last_checked(semi_store: Store, clock: VirtualTime):
    clock.advance(180)
    assert text(signed_in().get(LIST)).count("3 min ago") == 2


def test_an_estimated_end_is_marked(semi_store: Store):
    Credential.objects.filter(kind="order").update(expires_estimated=True)
    assert "estimated" in text(signed_in().get(LIST))


def test_an_outage_shows_beside_the_state_and_does_not_change_it(
    semi_store: Store, control: Control
):
    control.add_fault("bad_gateway")
    probe(semi_store.credentials.select_related("store", "app").get(kind="order"))
    shown = text(signed_in().get(LIST))
    assert "not reached since" in shown
    assert shown.count("Active") == 2


def test_an_expired_store_says_which_token_and_why(
    connect: Callable[..., ConnectedStore], control: Control
):
    made = connect()
    control.remove_grant(made.order.id)
    probe(made.store.credentials.select_related("store", "app").get(kind="order"))
    shown = text(signed_in().get(LIST))
    assert "Expired" in shown
    assert "US: Disconnected in Seller Central." in shown


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("state=expired", "Demo store 04", "Demo store 01"),
        ("type=full", "Demo store 05", "Demo store 01"),
        ("area=eu", "Demo store 01", "Demo store 02"),
        ("q=store+07", "Demo store 07", "Demo store 01"),
        ("q=634418000001002", "Demo store 03", "Demo store 01"),
    ],
)
def test_the_list_is_narrowed(apps: Apps, query: str, shown: str, hidden: str):
    many_stores(8, apps)
    page = text(signed_in().get(f"{LIST}?{query}"))
    assert shown in page
    assert hidden not in page


@pytest.mark.parametrize(
    "query",
    ["state=green", "type=%00", "area=' OR 1=1 --", "sort=<script>", "q=%00", "q=%F0%9F%92%A5"],
)
def test_a_filter_that_is_none_breaks_nothing(apps: Apps, query: str):
    many_stores(2, apps)
    answer = signed_in().get(f"{LIST}?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().replace("<script src", "")


def test_a_search_that_fits_nothing_says_so(apps: Apps):
    many_stores(2, apps)
    assert "No store fits" in text(signed_in().get(f"{LIST}?q=nowhere"))


def test_sorted_by_expiry_the_nearest_end_stands_first(apps: Apps):
    many_stores(5, apps)
    page = text(signed_in().get(f"{LIST}?sort=expiry"))
    assert page.index("Demo store 03") < page.index("Demo store 02") < page.index("Demo store 01")


def test_the_tabs_count_each_state(apps: Apps):
    many_stores(7, apps)
    page = text(signed_in().get(LIST))
    assert "All 7 Expired 2" in page


def test_archived_stores_stand_in_a_tab_of_their_own(apps: Apps, clock: VirtualTime):
    many_stores(2, apps)
    gone = Store.objects.get(nickname="Demo store 01")
    gone.archived_at = gone.connected_at
    gone.save()
    client = signed_in()
    assert "Demo store 01" not in text(client.get(LIST))
    assert "Demo store 01" in text(client.get(f"{LIST}?state=archived"))


def test_htmx_gets_the_rows_alone(apps: Apps):
    many_stores(2, apps)
    part = signed_in().get(LIST, headers=HTMX).content.decode()
    assert part.startswith('<div id="stores"')
    assert "<html" not in part


def queries_of_the_list(client) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(LIST).status_code == 200
    return len(caught)


def test_the_number_of_queries_does_not_grow_with_the_stores(apps: Apps):
    client = signed_in()
    many_stores(2, apps)
    client.get(LIST)  # the first request of a process asks whether there is an owner
    few = queries_of_the_list(client)
    Store.objects.all().delete()
    many_stores(80, apps)
    assert queries_of_the_list(client) == few


def test_the_list_speaks_chinese_where_the_words_are_translated(semi_store: Store):
    page = signed_in("zh-hans").get(LIST).content.decode()
    assert '<html lang="zh-Hans"' in page
