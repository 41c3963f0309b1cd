"""A person in front of Seller Central: reads pages, fills in their forms, follows redirects."""

import re
from typing import Any

from werkzeug.test import TestResponse

from temu_sandbox import Control, World, WorldClock, create_app
from temu_sandbox.world.seed import MAIN_ACCOUNT

NOW_S = 1_800_000_000
DAY_S = 86_400
START = "/seller-central"
_FORM_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]+)"')
_TOKEN = re.compile(r"access_token:(sandbox[0-9a-z]{49})<")


class Visitor:
    """Signed in with ``account`` (None: not signed in) to a demo world in virtual time."""

    def __init__(self, account: int | None = MAIN_ACCOUNT, world: World | None = None) -> None:
        self.world = world or World.demo(WorldClock(fixed_at_s=NOW_S))
        self.control = Control(self.world)
        self.client = create_app(self.world).test_client()
        if account is not None:
            self.sign_in(account)

    def sign_in(self, account: int) -> TestResponse:
        return self.send("/sign-in", seen_on="/sign-in", account_id=str(account))

    def see(self, path: str) -> TestResponse:
        """A page, without following redirects."""
        return self.client.get(START + path)

    def read(self, path: str) -> str:
        """The text of a page that must be there."""
        page = self.client.get(START + path, follow_redirects=True)
        assert page.status_code == 200, page.text
        return page.text

    def send(self, path: str, *, seen_on: str = "/sandbox/", **fields: Any) -> TestResponse:
        """Send a form with the token that the page ``seen_on`` carries; follow to what is shown."""
        found = _FORM_TOKEN.search(self.read(seen_on))
        assert found, f"{seen_on} has no form"
        data = {"form_token": found[1], **fields}
        return self.client.post(START + path, data=data, follow_redirects=True)

    def choose_store(self, mall_id: int, site: str = "cn") -> TestResponse:
        return self.send("/store", mall_id=str(mall_id), site=site)

    def get_authorization(self, site: str = "us", **fields: Any) -> TestResponse:
        """Tick all (unless told otherwise) for the app of the site, and confirm."""
        ticked = fields or {"all": ["standard", "special"], "consent": "1"}
        return self.send(f"/{site}/authorization-management/get-authorization/"
                         f"sandbox-app-{site}", **ticked)  # fmt: skip


def token_in(page: TestResponse) -> str:
    """The token that a page shows; fails if it shows none."""
    found = _TOKEN.search(page.text)
    assert found, "this page shows no token"
    return found[1]
