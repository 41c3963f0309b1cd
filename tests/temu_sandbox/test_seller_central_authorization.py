"""Service Marketplace › Authorization Management: from the menu to the copied token."""

import pytest
from seller_central_visitor import DAY_S, NOW_S, Visitor, token_in

from temu_sandbox.world.packages import packages_of
from temu_sandbox.world.seed import (
    FULL,
    MAIN_ACCOUNT,
    OTHER_MAIN_ACCOUNT,
    SEMI_ONE,
    SEMI_TWO,
    SUB_ACCOUNT,
)

MANAGEMENT = "/us/authorization-management/"


def names_of(site: str) -> tuple[str, ...]:
    return tuple(package.name for package in packages_of(site))


@pytest.mark.parametrize("site", ["cn", "us", "eu", "global"])
def test_confirming_all_permissions_shows_a_working_token_of_that_area(site: str) -> None:
    visitor = Visitor()
    token = token_in(visitor.get_authorization(site))
    grant = visitor.world.authorizations.by_token(token)
    assert grant is not None
    assert (grant.area, grant.mall_id, grant.state) == (site, SEMI_ONE, "active")
    assert grant.packages == names_of(site)


def test_the_token_is_shown_once() -> None:
    visitor = Visitor()
    token = token_in(visitor.get_authorization())
    again = visitor.see(MANAGEMENT + "token")
    assert again.status_code == 410
    assert token not in again.text
    assert token not in visitor.read(MANAGEMENT)


def test_the_token_is_neither_in_an_address_nor_in_the_cookie_nor_in_a_cache() -> None:
    visitor = Visitor()
    page = visitor.get_authorization()
    token = token_in(page)
    assert all(token not in step.location for step in page.history)
    assert all(token not in step.headers.get("Set-Cookie", "") for step in page.history)
    assert page.headers["Cache-Control"] == "no-store"


def test_only_the_ticked_permissions_are_granted() -> None:
    visitor = Visitor()
    page = visitor.get_authorization(package=["Semi Order Management"])
    grant = visitor.world.authorizations.by_token(token_in(page))
    assert grant is not None
    assert grant.packages == ("Semi Order Management",)
    assert "1/3" in visitor.read(MANAGEMENT)


def test_nothing_ticked_is_refused_and_grants_nothing() -> None:
    visitor = Visitor()
    page = visitor.get_authorization(consent="1")
    assert page.status_code == 422
    assert "Tick at least one permission" in page.text
    assert visitor.world.authorizations.of_mall(SEMI_ONE) == []


def test_special_authorizations_need_the_consent_line_and_the_ticks_are_kept() -> None:
    visitor = Visitor()
    page = visitor.get_authorization(package=["Semi Online Call Shipment Management"])
    assert page.status_code == 422
    assert "Tick the consent line" in page.text
    assert (
        'value="Semi Online Call Shipment Management" data-testid="package-special-1" checked'
        in (page.text)
    )
    assert visitor.world.authorizations.of_mall(SEMI_ONE) == []


def test_a_sub_account_neither_sees_the_service_marketplace_nor_opens_its_address() -> None:
    visitor = Visitor(SUB_ACCOUNT)
    assert "authorization-management" not in visitor.read("/us/")
    for path in ("", "get-authorization", "get-authorization/sandbox-app-us", "token"):
        page = visitor.see(MANAGEMENT + path)
        assert page.status_code == 403, path
        assert "Sub-accounts do not see the Service Marketplace" in page.text


def test_a_sub_account_cannot_confirm_by_a_made_up_form() -> None:
    visitor = Visitor(SUB_ACCOUNT)
    assert visitor.get_authorization().status_code == 403
    assert visitor.world.authorizations.of_mall(SEMI_ONE) == []


def test_an_app_of_another_area_is_not_found_on_this_site() -> None:
    visitor = Visitor()
    assert "sandbox-app-cn" not in visitor.read(MANAGEMENT + "get-authorization")
    page = visitor.see(MANAGEMENT + "get-authorization/sandbox-app-cn")
    assert page.status_code == 404
    assert "App not found on this page" in page.text


def test_a_suspended_app_is_not_offered() -> None:
    visitor = Visitor()
    visitor.control.suspend_app("sandbox-app-us")
    assert "sandbox-app-us" not in visitor.read(MANAGEMENT + "get-authorization")


def test_removing_asks_first_and_then_the_token_is_dead() -> None:
    visitor = Visitor()
    visitor.get_authorization()
    assert "Until 2027-04-15 08:00 UTC you can authorize again" in visitor.read(
        MANAGEMENT + "1/remove"
    )
    assert visitor.world.authorizations.by_id(1).state == "active"
    page = visitor.send(MANAGEMENT + "1/remove")
    assert 'data-state="removed"' in page.text
    assert visitor.world.authorizations.by_id(1).state == "removed"


def test_authorize_again_shows_the_same_token_with_the_same_end() -> None:
    visitor = Visitor()
    token = token_in(visitor.get_authorization())
    visitor.send(MANAGEMENT + "1/remove")
    visitor.world.clock.advance(10 * DAY_S)
    assert token_in(visitor.send(MANAGEMENT + "1/authorize-again")) == token
    grant = visitor.world.authorizations.by_token(token)
    assert grant is not None
    assert (grant.state, grant.expires_at_s) == ("active", NOW_S + 90 * DAY_S)


def test_past_the_end_authorize_again_is_neither_offered_nor_done() -> None:
    visitor = Visitor()
    visitor.get_authorization()
    visitor.send(MANAGEMENT + "1/remove")
    visitor.control.age_token(91, grant_id=1)
    page = visitor.read(MANAGEMENT)
    assert 'data-state="expired"' in page
    assert "authorize-again-1" not in page
    refused = visitor.send(MANAGEMENT + "1/authorize-again")
    assert refused.status_code == 409
    assert "past its end" in refused.text


def test_generating_a_new_token_warns_and_replaces_the_old_one() -> None:
    visitor = Visitor()
    old = token_in(visitor.get_authorization())
    assert "The token in use ends at once" in visitor.read(MANAGEMENT + "1/new-token")
    new = token_in(visitor.send(MANAGEMENT + "1/new-token", all=["standard"]))
    assert new != old
    assert visitor.world.authorizations.by_id(1).state == "replaced"


def test_replaced_tokens_are_history_shown_on_demand() -> None:
    visitor = Visitor()
    visitor.get_authorization()
    visitor.get_authorization()
    assert 'data-state="replaced"' not in visitor.read(MANAGEMENT)
    assert 'data-state="replaced"' in visitor.read(MANAGEMENT + "?history=1")


def test_each_store_and_each_site_has_its_own_list() -> None:
    visitor = Visitor()
    visitor.get_authorization("us")
    assert "no-authorizations" in visitor.read("/eu/authorization-management/")
    visitor.choose_store(SEMI_TWO)
    assert "no-authorizations" in visitor.read(MANAGEMENT)


def test_another_sellers_authorization_is_out_of_reach() -> None:
    owner = Visitor(MAIN_ACCOUNT)
    owner.get_authorization()
    other = Visitor(OTHER_MAIN_ACCOUNT, owner.world)
    for deed in ("remove", "authorize-again", "new-token"):
        assert other.send(MANAGEMENT + f"1/{deed}", all=["standard"]).status_code == 404
    assert owner.world.authorizations.by_id(1).state == "active"


def test_view_permissions_tells_granted_from_not_granted() -> None:
    visitor = Visitor()
    visitor.get_authorization(package=["Semi Order Management"])
    page = visitor.read(MANAGEMENT + "1")
    assert page.count(">Granted<") == 1
    assert page.count(">Not granted<") == 2
    assert "bg.order.list.v2.get" in page


def test_a_full_consignment_store_gets_the_product_stock_token_alone() -> None:
    visitor = Visitor()
    visitor.choose_store(FULL)
    assert visitor.see(MANAGEMENT).status_code == 404
    grant = visitor.world.authorizations.by_token(token_in(visitor.get_authorization("cn")))
    assert grant is not None
    assert grant.mall_id == FULL
