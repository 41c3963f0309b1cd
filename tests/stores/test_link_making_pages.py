"""The pages on which a renewal link is made, looked after and revoked."""

import re
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client

from storewarden.stores.models import RenewalLink, Store
from storewarden.stores.renewal import actions as links
from tests.conftest import TESTER, ConnectedStore, VirtualTime
from tests.stores.links_kit import made, new_token, no_tries_yet, page_of, there, visitor
from tests.stores.pages_kit import LIST, said, signed_in, text, url_of

__all__ = ["new_token", "no_tries_yet", "there"]


class TestMaking:
    def links_page(self, store: Store) -> str:
        return url_of(store, "links/")

    def test_the_address_is_shown_once(self, there: ConnectedStore) -> None:
        client, page = signed_in(), self.links_page(there.store)
        answer = client.post(page, {"language": "en", "hours": "72"})
        (address,) = re.findall(r'value="(http://testserver/renew/[^"]+)"', answer.content.decode())
        assert visitor().get(address).status_code == 200
        assert address.split("/")[4] not in client.get(page).content.decode()

    def test_it_is_under_the_address_that_people_use_where_one_is_set(
        self, there: ConnectedStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:

        base = "https://desk.example.test"
        monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, public_url=base))
        answer = signed_in().post(self.links_page(there.store), {"language": "en", "hours": "1"})
        assert f'value="{base}/renew/' in answer.content.decode()

    def test_language_and_hours_are_kept(self, there: ConnectedStore) -> None:
        signed_in().post(self.links_page(there.store), {"language": "zh-hans", "hours": "24"})
        link = RenewalLink.objects.get()
        assert (link.language, link.made_by) == ("zh-hans", "owner@example.test")
        assert (link.expires_at - link.made_at).total_seconds() == 24 * 3600

    def test_bad_hours_are_refused_with_a_sentence(self, there: ConnectedStore) -> None:
        client, page = signed_in(), self.links_page(there.store)
        odd = ("1.5", "one", "1e3", "\x00", "💥", "\u202e12", "9" * 1000)
        for hours in ("", " ", "0", "169", "-1", *odd):
            answer = client.post(page, {"language": "en", "hours": hours})
            assert answer.status_code == 422
            assert "Write a whole number of hours from 1 to 168." in text(answer)
        assert not RenewalLink.objects.exists()

    def test_a_bad_language_is_refused(self, there: ConnectedStore) -> None:
        client, page = signed_in(), self.links_page(there.store)
        for language in ("", "xx", "zh-hans\x00", "<b>", "../en"):
            answer = client.post(page, {"language": language, "hours": "72"})
            assert answer.status_code == 422
        assert not RenewalLink.objects.exists()

    def test_ten_megabytes_are_refused(self, there: ConnectedStore) -> None:
        data = {"language": "en", "hours": "1" * 10_000_000}
        assert signed_in().post(self.links_page(there.store), data).status_code == 413

    def test_an_archived_store_is_refused_in_words(self, there: ConnectedStore) -> None:
        client = signed_in()
        client.post(url_of(there.store, "archive/"))
        answer = client.post(self.links_page(there.store), {"language": "en", "hours": "72"})
        assert answer.status_code == 409
        assert "archived" in text(answer)

    def test_it_needs_a_sign_in(self, there: ConnectedStore) -> None:
        answer = Client().post(self.links_page(there.store), {"language": "en", "hours": "72"})
        assert answer.status_code == 302
        assert not RenewalLink.objects.exists()

    def test_the_list_says_what_became_of_each(
        self, there: ConnectedStore, new_token: str, clock: VirtualTime
    ) -> None:
        made(there.store, hours=1)
        clock.advance(3600)
        links.revoke_link(made(there.store)[0], TESTER)
        _used, used = made(there.store)
        visitor().get(page_of(used))
        visitor().post(page_of(used), {"token-order-us": new_token})
        _opened, opened = made(there.store)
        visitor().get(page_of(opened))
        made(there.store)
        shown = text(signed_in().get(self.links_page(there.store)))
        for word in ("Not opened yet", "Opened", "Used", "Revoked", "Expired", "first opened"):
            assert word in shown

    def test_the_number_of_queries_does_not_grow_with_the_links(
        self, there: ConnectedStore, django_assert_max_num_queries
    ) -> None:
        client = signed_in()
        for _n in range(30):
            made(there.store)
        with django_assert_max_num_queries(8):
            client.get(self.links_page(there.store))

    def test_revoking_shuts_the_page(self, there: ConnectedStore) -> None:
        link, secret = made(there.store)
        answer = signed_in().post(f"{self.links_page(there.store)}{link.pk}/revoke/")
        assert (answer.status_code, answer["Location"]) == (302, self.links_page(there.store))
        assert "is revoked" in said(answer)[0]
        assert visitor().get(page_of(secret)).status_code == 404

    def test_a_link_of_another_store_is_not_found_here(
        self, there: ConnectedStore, full_store: Store
    ) -> None:
        link, _secret = made(full_store)
        answer = signed_in().post(f"{self.links_page(there.store)}{link.pk}/revoke/")
        assert answer.status_code == 404
        assert RenewalLink.objects.get().revoked_at is None

    def test_looking_at_the_deed_does_nothing(self, there: ConnectedStore) -> None:
        link, _secret = made(there.store)
        url = f"{self.links_page(there.store)}{link.pk}/revoke/"
        assert signed_in().get(url).status_code == 405

    def test_reauthorize_leads_to_it(self, there: ConnectedStore) -> None:
        page = signed_in().get(url_of(there.store, "reauthorize/")).content.decode()
        assert self.links_page(there.store) in page


def test_the_list_leads_to_nothing_of_links_by_itself(there: ConnectedStore) -> None:
    assert "/renew/" not in signed_in().get(LIST).content.decode()
