"""What the page behind a renewal link does not show: shop, app, old tokens, other stores."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from storewarden import vault
from storewarden.logs import masked
from storewarden.stores.models import Credential, DeveloperApp
from storewarden.vault import Secret
from temu_sandbox.world import seed
from tests.conftest import TESTER, ConnectedStore, Granting
from tests.stores.links_kit import new_token, no_tries_yet, page_of, secret, there, visitor
from tests.stores.pages_kit import HTMX, text

__all__ = ["new_token", "no_tries_yet", "secret", "there"]


class Addresses(HTMLParser):
    """Collects where a page leads and what it asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.leads: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "action", "formaction") or name.startswith("hx-get"):
                self.leads.add(value or "")


def leads(page: str) -> set[str]:
    found = Addresses()
    found.feed(page)
    return {one for one in found.leads if not one.startswith(("#", "/static/"))}


class TestWhatItDoesNotShow:
    @pytest.fixture
    def neighbour(self, there: ConnectedStore, connect: Callable[..., ConnectedStore]) -> str:
        return connect("Secret Neighbour", seed.SEMI_TWO, "eu").store.nickname

    def clean(self, page: str, there: ConnectedStore) -> None:
        assert there.order is not None
        shop = [there.store.mall_id, str(there.store.pk), "Demo Home Goods", str(seed.SEMI_TWO)]
        apps = ["sandbox-app", "sandbox-secret"]
        tails = [there.product.token[-4:], there.order.token[-4:]]
        tokens = [there.product.token, there.order.token]
        marks = [one.fingerprint for one in Credential.objects.all()]
        for word in [*shop, *apps, *tails, *tokens, *marks, "Secret Neighbour", TESTER.name]:
            assert word not in page, word

    def test_the_page_has_nothing_of_the_shop_the_app_the_old_tokens_or_other_stores(
        self, there: ConnectedStore, secret: Secret, neighbour: str
    ) -> None:
        page = visitor().get(page_of(secret)).content.decode()
        self.clean(page, there)
        old_end = there.store.credentials.get(kind="order").expires_at
        assert f"{old_end:%Y-%m-%d}" not in page
        assert "There now" not in page

    def test_it_leads_nowhere_into_the_product(self, secret: Secret) -> None:
        page = visitor().get(page_of(secret)).content.decode()
        own = {page_of(secret), page_of(secret, "check/")}
        assert {one for one in leads(page) if not one.startswith("https://agentseller")} == own
        assert "set_language" not in page
        assert "setlang" not in page

    @pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
    @pytest.mark.parametrize("pasted", ["good", "foreign", "neighbour", "unknown", "dead", "empty"])
    def test_a_check_does_not_either(
        self,
        there: ConnectedStore,
        secret: Secret,
        neighbour: str,
        new_token: str,
        grant: Granting,
        pasted: str,
        headers: dict[str, str],
    ) -> None:
        dead = Credential.objects.get(store__nickname=neighbour, kind="order")
        links_token = {
            "good": new_token,
            "foreign": grant(seed.OTHER_SELLERS_SEMI, "us").token,
            "neighbour": grant(seed.SEMI_TWO, "us").token,
            "unknown": "sandbox" + "1a" * 20,
            "dead": "sandboxdead" + "2b" * 18,
            "empty": "",
        }[pasted]
        if pasted == "dead":  # known here as an ended token of the neighbour's
            mark = vault.fingerprint(Secret(links_token))
            dead.store.tokens.filter(kind="order").update(
                fingerprint=mark, expires_at=dead.entered_at
            )
        answer = visitor().post(
            page_of(secret, "check/"), {"token-order-us": links_token}, headers=headers
        )
        page = answer.content.decode()
        self.clean(page, there)
        assert links_token == "" or links_token not in page
        assert leads(page) <= {
            page_of(secret),
            page_of(secret, "check/"),
            *(one for one in leads(page) if one.startswith("https://agentseller")),
        }
        assert str(dead.entered_at.date()) not in re.sub(r'data-now="[^"]*"', "", page)

    def test_saving_does_not_either(
        self, there: ConnectedStore, secret: Secret, neighbour: str, new_token: str
    ) -> None:
        answer = visitor().post(page_of(secret), {"token-order-us": new_token})
        page = answer.content.decode()
        self.clean(page, there)
        assert leads(page) == set()

    def test_a_missing_developer_app_is_told_without_a_way_to_it(
        self, there: ConnectedStore, secret: Secret
    ) -> None:
        DeveloperApp.objects.filter(area="us").update(area="eu")
        answer = visitor().get(page_of(secret))
        assert "Tell the person who sent you this link." in text(answer)
        assert "/settings/" not in answer.content.decode()


def test_the_secret_in_an_address_does_not_reach_the_log(secret: Secret) -> None:
    line = f"WARNING django.request Not Found: {page_of(secret)}"
    assert secret.reveal() not in masked(line)
