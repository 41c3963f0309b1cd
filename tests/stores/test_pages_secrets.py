"""No page ever contains a token or an app secret."""

from collections.abc import Callable

import pytest

from temu_sandbox.world import seed
from tests.conftest import ConnectedStore, Granting
from tests.stores.pages_kit import (
    ADD,
    APPS,
    CENTER,
    CHECK,
    HTMX,
    LIST,
    add_data,
    signed_in,
    url_of,
)

SECRET = "sandbox-secret-"


@pytest.fixture
def made(connect: Callable[..., ConnectedStore]) -> ConnectedStore:
    return connect()


def assert_clean(answer, *tokens: str) -> None:
    seen = answer.content.decode() + repr(answer.headers) + repr(answer.cookies)
    assert SECRET not in seen
    for token in tokens:
        assert token not in seen
        assert token[:12] not in seen


def test_no_page_shows_what_is_stored(made: ConnectedStore):
    client = signed_in()
    own = [url_of(made.store, one) for one in ("", "reauthorize/", "rename/", "archive/")]
    for address in (CENTER, LIST, ADD, APPS, *own):
        assert_clean(client.get(address), made.product.token, made.order.token)


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
@pytest.mark.parametrize("address", [ADD, CHECK])
def test_a_refused_form_does_not_send_tokens_back(
    made: ConnectedStore, address: str, headers: dict[str, str]
):
    data = add_data(made.order.token, us=made.product.token)
    answer = signed_in().post(address, data, headers=headers)
    assert answer.status_code == 422
    assert_clean(answer, made.product.token, made.order.token)


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_a_good_check_does_not_send_tokens_back(apps, grant: Granting, headers: dict[str, str]):
    product, order = grant(seed.SEMI_ONE, "cn").token, grant(seed.SEMI_ONE, "us").token
    answer = signed_in().post(CHECK, add_data(product, us=order), headers=headers)
    assert answer.status_code == 200
    assert_clean(answer, product, order)


def test_connecting_does_not_send_tokens_back(apps, grant: Granting):
    product, order = grant(seed.SEMI_ONE, "cn").token, grant(seed.SEMI_ONE, "us").token
    assert_clean(signed_in().post(ADD, add_data(product, us=order)), product, order)


def test_a_refused_reauthorization_does_not_send_tokens_back(made: ConnectedStore, grant: Granting):
    foreign = grant(seed.SEMI_TWO, "us").token
    client = signed_in()
    for deed in ("reauthorize/", "reauthorize/check/"):
        answer = client.post(url_of(made.store, deed), {"token-order-us": foreign})
        assert answer.status_code == 422
        assert_clean(answer, foreign)
