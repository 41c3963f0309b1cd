"""The bad input of the issue, on each form: 4xx, a sentence, nothing stored."""

import pytest

from storewarden.stores.models import Credential, DeveloperApp, Store
from temu_sandbox.world import seed
from tests.conftest import ConnectedStore, Granting, VirtualTime
from tests.stores.pages_kit import ADD, APPS, CHECK, HTMX, add_data, signed_in, text, url_of

HUGE = "x" * 10_000_000
TOKENS = {
    "blanks only in between": "abcd efgh\u00a0ijkl!",
    "NUL": "abc\x00def",
    "right to left": "abc\u202edef",
    "emoji": "token💥",
    "HTML": "<script>alert(1)</script>",
    "SQL": "'; DROP TABLE stores_store; --",
    "too long": "a" * 5_000,
    "much too long": "a" * 1_000_000,
    "two tokens": "access_token:abc,access_token:def",
}
NICKNAMES = {
    "empty": "",
    "blanks": " \t\u3000 ",
    "NUL": "Al\x00pha",
    "right to left": "Al\u202epha",
    "zero width": "Al\u200bpha",
    "too long": "a" * 81,
    "much too long": "a" * 1_000_000,
    "taken": "ALPHA",
}
GOOD_NICKNAMES = ("<b>Alpha</b>", "'; DROP TABLE stores_store; --", "店铺 💥 one", "O'Hara & 1=1")
SECRETS = {"empty": "", "blanks": "  ", "NUL": "a\x00b", "rtl": "a\u202eb", "blank inside": "a b"}


def refused(answer) -> str:
    assert 400 <= answer.status_code < 500
    shown = text(answer)
    assert "Traceback" not in shown
    return shown


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)
@pytest.mark.parametrize("address", [ADD, CHECK])
def test_what_is_no_token_is_refused_when_adding(apps, address: str, token: str):
    answer = signed_in().post(address, add_data(token, us="b" * 40), headers=HTMX)
    assert "This is no token" in refused(answer) or "does not know" in refused(answer)
    assert not Store.objects.exists()


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)
def test_what_is_no_token_is_refused_when_reauthorizing(semi_store: Store, token: str):
    before = list(Credential.objects.values_list("fingerprint", "state"))
    answer = signed_in().post(url_of(semi_store, "reauthorize/"), {"token-order-us": token})
    refused(answer)
    assert list(Credential.objects.values_list("fingerprint", "state")) == before


@pytest.mark.parametrize("token", ["", "   ", "\n\t"])
def test_an_empty_token_is_as_good_as_none(apps, token: str):
    answer = signed_in().post(ADD, add_data(token, us=token), headers=HTMX)
    assert "The product stock token is missing." in refused(answer)


@pytest.mark.parametrize("nickname", NICKNAMES.values(), ids=NICKNAMES)
def test_an_unfit_nickname_is_refused_when_adding(
    semi_store: Store, grant: Granting, nickname: str
):
    data = add_data(grant(seed.SEMI_TWO, "cn").token, us=grant(seed.SEMI_TWO, "us").token)
    answer = signed_in().post(ADD, data | {"nickname": nickname}, headers=HTMX)
    assert "nickname" in refused(answer).lower()
    assert Store.objects.count() == 1


@pytest.mark.parametrize("nickname", NICKNAMES.values(), ids=NICKNAMES)
def test_an_unfit_nickname_is_refused_when_renaming(connect, nickname: str):
    connect("Alpha")
    other: ConnectedStore = connect("Beta", seed.SEMI_TWO)
    answer = signed_in().post(url_of(other.store, "rename/"), {"nickname": nickname})
    assert "nickname" in refused(answer).lower()
    assert Store.objects.filter(nickname="Beta").exists()


@pytest.mark.parametrize("nickname", GOOD_NICKNAMES)
def test_a_strange_but_honest_nickname_is_kept_and_shown_as_text(semi_store: Store, nickname: str):
    client = signed_in()
    client.post(url_of(semi_store, "rename/"), {"nickname": nickname})
    assert Store.objects.get().nickname == nickname
    page = client.get(url_of(semi_store)).content.decode()
    assert "<b>Alpha</b>" not in page


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("field", ["app_key", "secret"])
def test_an_unfit_app_is_refused(db: None, clock: VirtualTime, field: str, secret: str):
    data = {"area": "us", "app_key": "test-key", "secret": "test-secret"} | {field: secret}
    assert "This is no app" in refused(signed_in().post(APPS, data))
    assert not DeveloperApp.objects.exists()


@pytest.mark.parametrize("field", ["nickname", "token-product-cn", "token-order-us"])
def test_ten_megabytes_are_refused_with_a_sentence(apps, field: str):
    answer = signed_in().post(ADD, add_data() | {field: HUGE})
    assert answer.status_code == 413
    assert "too much" in text(answer)
    assert not Store.objects.exists()


def test_ten_megabytes_of_secret_are_refused(db: None, clock: VirtualTime):
    answer = signed_in().post(APPS, {"area": "us", "app_key": "k", "secret": HUGE})
    assert answer.status_code == 413
    assert not DeveloperApp.objects.exists()


@pytest.mark.parametrize("since", ["yesterday", "0001-01-01", "2026-02-30", "9999-12-31", "\x00"])
def test_a_date_that_is_none_is_refused(apps, grant: Granting, since: str):
    data = add_data(grant(seed.SEMI_ONE, "cn").token, us=grant(seed.SEMI_ONE, "us").token)
    refused(signed_in().post(ADD, data | {"orders_since": since}, headers=HTMX))
    assert not Store.objects.exists()
