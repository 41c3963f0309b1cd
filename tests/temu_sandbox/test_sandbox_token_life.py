"""The life of an authorization, rule by rule (product.md 3)."""

import pytest
from sandbox_desk import NOW_S, TOKEN_INFO, Desk, quiet_world

from temu_sandbox.world.authorizations import AuthorizationError
from temu_sandbox.world.seed import SEMI_ONE, SEMI_TWO

DAY_S = 86_400


def test_a_token_lives_90_days_from_issue():
    desk = Desk("cn")
    assert desk.grant["expires_at_s"] == NOW_S + 90 * DAY_S
    assert desk.result(TOKEN_INFO)["expiredTime"] == NOW_S + 90 * DAY_S


def test_a_self_developed_apps_token_lives_365_days():
    desk = Desk("cn")
    desk.control.add_app("sandbox-self-cn", "sandbox-self-secret", "cn", "Own app", "self")
    grant = desk.control.grant(SEMI_ONE, "sandbox-self-cn", "cn")
    assert grant["expires_at_s"] == NOW_S + 365 * DAY_S


def test_a_token_is_56_lowercase_letters_and_digits_beginning_with_sandbox():
    token = Desk().grant["token"]
    assert len(token) == 56
    assert token.startswith("sandbox")
    assert token.isalnum()
    assert token == token.lower()


def test_the_last_second_of_the_90_days_is_still_good():
    desk = Desk("us")
    desk.world.advance_clock(90 * DAY_S - 1)
    assert desk.call(TOKEN_INFO)["success"]


@pytest.mark.parametrize(("area", "code"), [("cn", 7000007), ("us", 3000034)])
def test_past_the_end_the_token_is_expired(area, code):
    desk = Desk(area)
    desk.world.advance_clock(90 * DAY_S)
    assert desk.code(TOKEN_INFO) == code


@pytest.mark.parametrize(("area", "code"), [("cn", 7000018), ("us", 3000031)])
def test_a_removed_authorization_makes_the_token_refused(area, code):
    desk = Desk(area)
    desk.control.remove_grant(desk.grant["id"])
    assert desk.code(TOKEN_INFO) == code


def test_authorizing_again_inside_the_validity_revives_the_same_token_with_the_same_end():
    desk = Desk()
    desk.control.remove_grant(desk.grant["id"])
    desk.world.advance_clock(30 * DAY_S)
    again = desk.control.authorize_again(desk.grant["id"])
    assert (again["token"], again["expires_at_s"]) == (
        desk.grant["token"],
        desk.grant["expires_at_s"],
    )
    assert desk.result(TOKEN_INFO)["expiredTime"] == desk.grant["expires_at_s"]


def test_get_authorization_with_the_same_ticks_revives_a_removed_token_too():
    desk = Desk()
    desk.control.remove_grant(desk.grant["id"])
    again = desk.control.grant(SEMI_ONE, desk.app_key, "us")
    assert again["token"] == desk.grant["token"]


def test_get_authorization_with_other_ticks_makes_a_new_token():
    desk = Desk()
    desk.control.remove_grant(desk.grant["id"])
    again = desk.control.grant(SEMI_ONE, desk.app_key, "us", ["Semi Basic Management"])
    assert again["token"] != desk.grant["token"]


def test_past_the_end_a_removed_token_cannot_come_back():
    desk = Desk()
    desk.control.remove_grant(desk.grant["id"])
    desk.control.age_token(91, desk.grant["id"])
    with pytest.raises(AuthorizationError, match="past its end"):
        desk.control.authorize_again(desk.grant["id"])


def test_after_the_end_a_new_token_differs_and_has_a_new_end():
    desk = Desk()
    desk.control.age_token(91, token=desk.grant["token"])
    fresh = desk.control.grant(SEMI_ONE, desk.app_key, "us")
    assert fresh["token"] != desk.grant["token"]
    assert fresh["expires_at_s"] == NOW_S + 90 * DAY_S


@pytest.mark.parametrize(("area", "code"), [("cn", 7000020), ("us", 3000034)])
def test_a_newly_generated_token_kills_the_old_one_at_once(area, code):
    desk = Desk(area)
    fresh = desk.control.new_token(desk.grant["id"])
    assert desk.code(TOKEN_INFO) == code
    assert desk.code(TOKEN_INFO, access_token=fresh["token"]) == 1000000


def test_get_authorization_while_a_token_lives_replaces_it():
    desk = Desk()
    fresh = desk.control.grant(SEMI_ONE, desk.app_key, "us")
    assert fresh["token"] != desk.grant["token"]
    assert desk.code(TOKEN_INFO) == 3000034


def test_a_replaced_token_cannot_be_enabled_again():
    desk = Desk()
    desk.control.new_token(desk.grant["id"])
    with pytest.raises(AuthorizationError, match="replaced by a newer"):
        desk.control.authorize_again(desk.grant["id"])


def test_a_new_token_carries_the_new_permissions_only():
    desk = Desk()
    fresh = desk.control.new_token(desk.grant["id"], ["Semi Basic Management"])
    assert "bg.order.list.v2.get" not in fresh["scopes"]


def test_tokens_of_other_malls_apps_and_areas_stay_alive():
    desk = Desk()
    other = desk.control.grant(SEMI_TWO, desk.app_key, "us")
    desk.control.new_token(desk.grant["id"])
    assert desk.code(TOKEN_INFO, access_token=other["token"]) == 1000000


def test_an_app_of_another_area_is_not_offered():
    with pytest.raises(AuthorizationError, match="registered for area us"):
        quiet_world().authorizations.grant(
            SEMI_ONE, "sandbox-app-us", "eu", ["Semi Order Management"]
        )


def test_nothing_ticked_gives_no_token():
    with pytest.raises(AuthorizationError, match="at least one permission"):
        quiet_world().authorizations.grant(SEMI_ONE, "sandbox-app-us", "us", [])


def test_an_unknown_package_is_named_with_the_known_ones():
    with pytest.raises(ValueError, match=r"Everything.*Semi Order Management"):
        quiet_world().authorizations.grant(SEMI_ONE, "sandbox-app-us", "us", ["Everything"])


def test_other_dead_token_codes_can_be_played():
    world = quiet_world(dead_token_codes={("cn", "removed"): 7000020})
    desk = Desk("cn", world=world)
    desk.control.remove_grant(desk.grant["id"])
    assert desk.code(TOKEN_INFO) == 7000020


def test_a_token_is_in_no_repr_and_not_in_the_ledger():
    desk = Desk()
    token = desk.grant["token"]
    assert token not in repr(desk.world.authorizations.by_token(token))
    assert token not in repr(desk.control.ledger())


def test_every_deed_on_an_authorization_is_in_the_ledger():
    desk = Desk()
    desk.control.remove_grant(desk.grant["id"])
    desk.control.authorize_again(desk.grant["id"])
    desk.control.new_token(desk.grant["id"])
    effects = [row["effect"] for row in desk.control.ledger()]
    assert effects == [
        "token_granted",
        "token_removed",
        "token_revived",
        "token_replaced",
        "token_granted",
    ]
