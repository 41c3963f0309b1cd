"""The page behind a renewal link: open it, check, save; and what it answers when it has ended."""

import re

import pytest
from django.utils import translation

from storewarden import chance, vault
from storewarden.stores.models import Credential, DeveloperApp, RenewalLink, Store
from storewarden.stores.renewal import actions as links
from storewarden.vault import Secret
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from tests.conftest import TESTER, ConnectedStore, Granting, VirtualTime
from tests.stores.links_kit import made, new_token, no_tries_yet, page_of, secret, there, visitor
from tests.stores.pages_kit import HTMX, text

__all__ = ["new_token", "no_tries_yet", "secret", "there"]
ODD = ("abc\x00def", "abc\u202edef", "💥")
NO_PARCELS = "Semi Online Call Shipment Management"
SHUT = "This link does not work any more."


class TestThePage:
    def test_it_opens_without_a_sign_in_and_shows_nickname_steps_and_fields(
        self, secret: Secret
    ) -> None:
        answer = visitor().get(page_of(secret))
        shown = text(answer)
        assert answer.status_code == 200
        assert "New tokens for “Home Goods US”" in shown
        assert "How to get it" in shown
        assert "Sign in with the main account." in shown
        page = answer.content.decode()
        assert 'name="token-product-cn"' in page
        assert 'name="token-order-us"' in page

    def test_it_has_no_field_for_a_token_that_the_store_does_not_use(self, secret: Secret) -> None:
        page = visitor().get(page_of(secret)).content.decode()
        assert 'name="token-order-eu"' not in page
        assert 'name="token-order-global"' not in page

    def test_a_full_consignment_store_has_one_field(self, full_store: Store) -> None:
        page = visitor().get(page_of(made(full_store)[1])).content.decode()
        assert set(re.findall(r'name="(token-[a-z-]+)"', page)) == {"token-product-cn"}

    def test_a_store_without_its_order_token_asks_for_one(self, there: ConnectedStore) -> None:
        there.store.credentials.filter(kind="order").delete()
        page = visitor().get(page_of(made(there.store)[1])).content.decode()
        assert {"token-order-us", "token-order-eu"} <= set(re.findall(r'name="([a-z-]+)"', page))

    def test_each_field_has_the_page_in_temu_that_it_comes_from(self, secret: Secret) -> None:
        page = visitor().get(page_of(secret)).content.decode()
        assert "https://agentseller.temu.com/" in page
        assert "https://agentseller-us.temu.com/" in page

    def test_looking_at_it_does_not_use_it_up(self, secret: Secret) -> None:
        client = visitor()
        for _n in range(3):
            assert client.get(page_of(secret)).status_code == 200
        link = RenewalLink.objects.get()
        assert link.opened_at is not None
        assert link.used_at is None

    def test_a_program_that_only_asks_whether_it_is_there_does_not_open_it(
        self, secret: Secret
    ) -> None:
        assert visitor().head(page_of(secret)).status_code == 200
        assert RenewalLink.objects.get().opened_at is None

    @pytest.mark.parametrize("browser", ["en", "zh-CN", "de"])
    def test_its_language_is_the_links_whatever_the_browser_says(
        self, there: ConnectedStore, browser: str
    ) -> None:
        answer = visitor(browser).get(page_of(made(there.store, "zh-hans")[1]))
        assert '<html lang="zh-Hans"' in answer.content.decode()
        assert answer["Content-Language"] == "zh-hans"
        with translation.override("zh-hans"):
            assert translation.gettext("How to get it") in text(answer)
        english = visitor("zh-CN").get(page_of(made(there.store)[1]))
        assert '<html lang="en"' in english.content.decode()

    def test_its_headers_keep_it_out_of_caches_frames_indexes_and_referrers(
        self, secret: Secret
    ) -> None:
        for address in (page_of(secret), "/renew/wrong/", page_of(secret, "check/")):
            headers = visitor().get(address).headers
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["Cache-Control"] == "no-store"
            assert headers["X-Robots-Tag"] == "noindex, nofollow"
            assert headers["X-Frame-Options"] == "DENY"
            assert headers["Content-Security-Policy"].startswith("default-src 'self'")

    def test_it_begins_no_session(self, secret: Secret) -> None:
        client = visitor()
        client.get(page_of(secret))
        assert "sessionid" not in client.cookies


class TestChecking:
    def test_a_good_token_shows_until_when_it_works_and_its_permissions(
        self, secret: Secret, new_token: str
    ) -> None:
        answer = visitor().post(
            page_of(secret, "check/"), {"token-order-us": new_token}, headers=HTMX
        )
        shown = text(answer)
        assert answer.status_code == 200
        assert "Checked: ready to save" in shown
        assert "90 days left" in shown
        assert re.search(r"(\d+) of \1\b", shown)

    def test_nothing_is_saved_by_it(self, secret: Secret, new_token: str) -> None:
        before = Credential.objects.get(kind="order").fingerprint
        visitor().post(page_of(secret, "check/"), {"token-order-us": new_token}, headers=HTMX)
        assert Credential.objects.get(kind="order").fingerprint == before

    @pytest.mark.parametrize("deed", ["check/", ""])
    def test_a_token_of_another_store_is_refused_without_saying_whose(
        self, secret: Secret, grant: Granting, deed: str
    ) -> None:
        token = grant(seed.SEMI_TWO, "us").token
        answer = visitor().post(page_of(secret, deed), {"token-order-us": token}, headers=HTMX)
        assert answer.status_code == 422
        assert "This token belongs to another store. Switch to the right store" in text(answer)

    def test_tokens_in_the_wrong_fields_are_offered_to_be_swapped(
        self, there: ConnectedStore, secret: Secret, new_token: str
    ) -> None:
        data = {"token-product-cn": new_token, "token-order-us": there.product.token}
        answer = visitor().post(page_of(secret, "check/"), data, headers=HTMX)
        assert answer.status_code == 422
        assert 'data-offer="moves"' in answer.content.decode()

    def test_a_token_of_an_area_without_a_field_here_is_offered_no_move(
        self, secret: Secret, grant: Granting
    ) -> None:
        data = {"token-order-us": grant(seed.SEMI_ONE, "eu").token}
        answer = visitor().post(page_of(secret, "check/"), data, headers=HTMX)
        assert "Paste each token into the field that names its area." in text(answer)
        assert "data-offer" not in answer.content.decode()

    def test_missing_permissions_are_named_by_what_they_are_for(
        self, secret: Secret, grant: Granting
    ) -> None:
        token = grant(seed.SEMI_ONE, "us", without=(NO_PARCELS,)).token
        answer = visitor().post(page_of(secret, "check/"), {"token-order-us": token}, headers=HTMX)
        assert answer.status_code == 422
        assert "was made without: confirm parcels, see confirmed parcels." in text(answer)
        assert 'data-offer="anyway"' in answer.content.decode()

    def test_it_can_be_saved_without_them_when_that_is_asked_for(
        self, secret: Secret, grant: Granting
    ) -> None:
        token = grant(seed.SEMI_ONE, "us", without=(NO_PARCELS,)).token
        data = {"token-order-us": token, "accept_missing": "on"}
        assert visitor().post(page_of(secret), data, headers=HTMX).status_code == 200

    def test_an_outage_says_nothing_about_the_token(
        self, secret: Secret, new_token: str, control: Control
    ) -> None:
        control.add_fault("outage")
        answer = visitor().post(
            page_of(secret, "check/"), {"token-order-us": new_token}, headers=HTMX
        )
        assert "Temu could not be reached" in text(answer)
        assert "nothing is known about the order shipping token" in text(answer)

    @pytest.mark.parametrize("cause", ["app_secret_wrong", "app_unknown"])
    def test_what_is_wrong_with_the_app_is_not_told_to_an_outsider(
        self, secret: Secret, new_token: str, cause: str
    ) -> None:
        wrong = {"app_secret_wrong": {}, "app_unknown": {"app_key": "nobody-knows-me"}}[cause]
        row = DeveloperApp.objects.get(area="us")
        sealed = vault.seal(Secret("wrong"), table="developer_app", row=row.pk, column="secret")
        DeveloperApp.objects.filter(pk=row.pk).update(secret_sealed=sealed, **wrong)
        answer = visitor().post(
            page_of(secret, "check/"), {"token-order-us": new_token}, headers=HTMX
        )
        assert answer.status_code == 422
        assert "a setting on the other side stands in the way" in text(answer)
        assert "nobody-knows-me" not in answer.content.decode()

    def test_too_many_checks_are_refused_with_a_wait(self, secret: Secret) -> None:
        client = visitor()
        for _n in range(20):
            client.post(page_of(secret, "check/"), {"token-order-us": "1a" * 20}, headers=HTMX)
        answer = client.post(page_of(secret, "check/"), {"token-order-us": "1a" * 20}, headers=HTMX)
        assert answer.status_code == 429
        assert 0 < int(answer["Retry-After"]) <= 3600
        assert "There were too many tries." in text(answer)

    def test_what_is_no_token_asks_nobody_and_costs_no_check(self, secret: Secret) -> None:
        answer = visitor().post(page_of(secret, "check/"), {"token-order-us": "<b>"}, headers=HTMX)
        assert answer.status_code == 422
        assert RenewalLink.objects.get().tries == 0


class TestSaving:
    @pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
    def test_it_saves_and_thanks(
        self, secret: Secret, new_token: str, headers: dict[str, str]
    ) -> None:
        answer = visitor().post(page_of(secret), {"token-order-us": new_token}, headers=headers)
        assert answer.status_code == 200
        assert "“Home Goods US” has its new tokens" in text(answer)
        kept = Credential.objects.get(kind="order").fingerprint
        assert kept == vault.fingerprint(Secret(new_token))

    def test_without_a_browsers_script_a_refusal_is_a_whole_page(self, secret: Secret) -> None:
        answer = visitor().post(page_of(secret), {"token-order-us": "1a" * 20})
        assert answer.status_code == 422
        assert "New tokens for “Home Goods US”" in text(answer)
        assert "Temu does not know the order shipping token" in text(answer)

    def test_another_origin_and_no_cookies_are_no_hindrance(
        self, secret: Secret, new_token: str
    ) -> None:
        """Browsers send `Origin: null` from a page with no-referrer; the secret is the guard."""
        answer = visitor().post(
            page_of(secret), {"token-order-us": new_token}, headers={"origin": "null"}
        )
        assert answer.status_code == 200

    def test_a_used_link_opens_nothing_again(self, secret: Secret, new_token: str) -> None:
        client = visitor()
        client.post(page_of(secret), {"token-order-us": new_token})
        for answer in (
            client.get(page_of(secret)),
            client.post(page_of(secret), {"token-order-us": new_token}),
            client.post(page_of(secret, "check/"), {"token-order-us": new_token}),
        ):
            assert answer.status_code == 404
            assert SHUT in text(answer)

    def test_while_somebody_else_saves_it_says_so(self, secret: Secret, new_token: str) -> None:
        link = RenewalLink.objects.get()
        RenewalLink.objects.update(used_at=link.made_at.replace(year=link.made_at.year + 1))
        RenewalLink.objects.update(expires_at=link.made_at.replace(year=link.made_at.year + 2))
        answer = visitor().post(page_of(secret), {"token-order-us": new_token}, headers=HTMX)
        assert answer.status_code == 422
        assert "Somebody is saving with this link at this moment." in text(answer)

    def test_nothing_pasted_is_refused(self, secret: Secret) -> None:
        answer = visitor().post(page_of(secret), {}, headers=HTMX)
        assert answer.status_code == 422
        assert "No token was entered." in text(answer)


class TestShut:
    def shut(self, there: ConnectedStore, clock: VirtualTime) -> dict[str, str]:
        revoked, revoked_secret = made(there.store)
        links.revoke_link(revoked, TESTER)
        _expired, expired_secret = made(there.store, "zh-hans", 1)
        clock.advance(3600)
        return {
            "unknown": f"/renew/{'A' * 43}/",
            "nonsense": "/renew/%00%E2%80%AE%F0%9F%92%A5%3Cb%3E'--/",
            "long": f"/renew/{'a' * 50_000}/",
            "revoked": page_of(revoked_secret),
            "expired": page_of(expired_secret),
        }

    def test_it_is_the_same_page_whatever_the_reason(
        self, there: ConnectedStore, clock: VirtualTime
    ) -> None:
        pages = {}
        for name, address in self.shut(there, clock).items():
            answer = visitor().get(address)
            assert answer.status_code == 404, name
            pages[name] = (
                re.sub(r"csrf\w*|X-CSRFToken\S+ \S+", "", plain(answer)),
                headers(answer),
            )
        assert len({str(one) for one in pages.values()}) == 1

    def test_it_speaks_both_languages_since_whose_it_should_be_is_not_known(
        self, db: None, there: ConnectedStore
    ) -> None:
        page = visitor("fr").get("/renew/unknown/").content.decode()
        assert re.findall(r'<section[^>]* lang="([a-z-]+)"', page) == ["en", "zh-hans"]

    @pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
    def test_it_is_shut_for_every_way_of_asking(self, there: ConnectedStore, method: str) -> None:
        assert getattr(visitor(), method)("/renew/unknown/").status_code == 404

    def test_guesses_are_answered_by_not_found_and_soon_by_too_many(
        self, there: ConnectedStore, secret: Secret
    ) -> None:
        client = visitor()
        answers = [client.get(f"/renew/{chance.letters(43)}/").status_code for _n in range(60)]
        assert (answers.count(404), answers.count(429)) == (30, 30)
        late = client.get(page_of(secret))
        assert late.status_code == 429
        assert int(late["Retry-After"]) > 0
        assert client.get(page_of(secret), REMOTE_ADDR="192.0.2.9").status_code == 200


def plain(answer) -> str:
    return re.sub(r'"X-CSRFToken": "[^"]*"', "", answer.content.decode())


def headers(answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "Content-Length"}


class TestBadInput:
    @pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
    @pytest.mark.parametrize("deed", ["", "check/"])
    def test_what_is_no_token_is_refused(
        self, secret: Secret, deed: str, headers: dict[str, str]
    ) -> None:
        before = Credential.objects.get(kind="order").fingerprint
        client = visitor()
        for bad in (*ODD, "<script>alert(1)</script>", "'; DROP TABLE x; --", "a" * 5000):
            answer = client.post(page_of(secret, deed), {"token-order-us": bad}, headers=headers)
            assert answer.status_code == 422
            assert "This is no token" in text(answer)
            assert "<script>alert" not in answer.content.decode()
        assert Credential.objects.get(kind="order").fingerprint == before

    def test_ten_megabytes_are_refused(self, secret: Secret) -> None:
        answer = visitor().post(page_of(secret), {"token-order-us": "x" * 10_000_000})
        assert answer.status_code == 413
        assert RenewalLink.objects.get().used_at is None

    def test_a_strange_nickname_is_shown_as_text(
        self, there: ConnectedStore, secret: Secret
    ) -> None:
        Store.objects.update(nickname="<b>O'Hara</b> \u200f店铺")
        page = visitor().get(page_of(secret)).content.decode()
        assert "<b>O" not in page
        assert "&lt;b&gt;O&#x27;Hara&lt;/b&gt;" in page
