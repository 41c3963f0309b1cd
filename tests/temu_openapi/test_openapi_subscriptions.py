"""Which events a store's token lets through."""

import pytest
from openapi_kit import US_APP, US_TOKEN, refusal, rig, success

from temu_openapi import Meaning, TemuRefusal, subscriptions, tokens, webhooks

STATUS, ADDRESS = webhooks.ORDER_STATUS_CHANGED, webhooks.ADDRESS_CHANGED


def test_events_are_permitted_and_cancelled_in_one_call_to_the_tokens_area():
    it = rig(success(True))
    subscriptions.update(it.client, US_APP, US_TOKEN, [STATUS], [ADDRESS])
    (sent,) = it.temu.requests
    assert sent["type"] == "bg.tmc.message.update"
    assert (sent["permitEventCodeList"], sent["cancelEventCodeList"]) == ([STATUS], [ADDRESS])
    assert it.temu.paths == ["/us/openapi/router"]


def test_an_empty_list_is_left_out():
    assert subscriptions.update_params([STATUS]) == {"permitEventCodeList": [STATUS]}


@pytest.mark.parametrize("result", [True, None, {}])
def test_whatever_the_result_holds_success_is_enough(result):
    subscriptions.update(rig(success(result)).client, US_APP, US_TOKEN, [STATUS])


@pytest.mark.parametrize("lists", [(["e"] * 21, []), ([], ["e"] * 21)])
def test_more_than_twenty_events_are_not_even_sent(lists):
    with pytest.raises(ValueError, match="At most 20"):
        subscriptions.update_params(*lists)


def test_an_event_in_both_lists_is_not_even_sent():
    with pytest.raises(ValueError, match=STATUS):
        subscriptions.update_params([STATUS], [STATUS, ADDRESS])


@pytest.mark.parametrize("code", [subscriptions.NOT_AUTHORISED, subscriptions.NOT_SUBSCRIBED])
def test_what_temu_does_not_take_is_a_refusal_that_says_nothing_of_the_token(code):
    it = rig(refusal(code, "no"))
    with pytest.raises(TemuRefusal) as caught:
        subscriptions.update(it.client, US_APP, US_TOKEN, [STATUS])
    assert (caught.value.code, caught.value.meaning) == (code, Meaning.REFUSED)


def test_a_call_that_was_too_fast_or_whose_answer_was_lost_is_made_again():
    it = rig(refusal(110020007), success(True))
    subscriptions.update(it.client, US_APP, US_TOKEN, [STATUS])
    assert it.asked == 2


def test_the_tokens_info_tells_what_is_subscribed_and_let_through():
    it = rig(
        success(
            {
                "appSubscribeEventCodeList": [STATUS, webhooks.TEST_EVENT],
                "appSubscribeStatus": 1,
                "authEventCodeList": [
                    {"eventCode": STATUS, "permitsStatus": 1},
                    {"eventCode": "x"},
                ],
            }
        )
    )
    info = tokens.token_info(it.client, US_APP, US_TOKEN)
    assert info.app_events == (STATUS, webhooks.TEST_EVENT)
    assert info.app_push_status == 1
    assert [(one.code, one.status) for one in info.permits] == [(STATUS, 1), ("x", None)]


@pytest.mark.parametrize("result", [{}, {"authEventCodeList": None, "appSubscribeStatus": None}])
def test_a_token_that_says_nothing_of_events_has_none(result):
    info = tokens.token_info(rig(success(result)).client, US_APP, US_TOKEN)
    assert (info.app_events, info.permits, info.app_push_status) == ((), (), None)
