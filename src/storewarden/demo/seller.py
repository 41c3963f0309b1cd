"""What the seller does in Seller Central: the clicks of cn-pa-api.md 3.3 and partner-api.md 3.1."""

from storewarden.demo.browser import Browser

EVERYTHING = ("select-all-standard", "select-all-special", "consent")


class Seller:
    """The holder of a main account, in front of the sandbox's pages."""

    def __init__(self, seller_central: str, account_id: int) -> None:
        self._browser = Browser()
        self._browser.open(seller_central)
        self._browser.click(f"account-{account_id}")

    def _authorization_management(self, mall_id: int, site: str) -> None:
        """Store switcher, site, Service Marketplace › Authorization Management."""
        for name in (f"store-{mall_id}", f"site-{site}", "menu-authorization-management"):
            self._browser.click(name)

    def authorize(self, mall_id: int, site: str, app_key: str) -> str:
        """Get Authorization with everything ticked; what the Copy button copies."""
        self._authorization_management(mall_id, site)
        self._browser.click("get-authorization")
        self._browser.click(f"choose-{app_key}")
        return self._confirm()

    def generate_new_token(self, mall_id: int, site: str) -> str:
        """Generate a new token; what the Copy button copies."""
        self._authorization_management(mall_id, site)
        self._browser.click("new-token-")
        return self._confirm()

    def _confirm(self) -> str:
        self._browser.tick(*EVERYTHING)
        self._browser.click("confirm")
        return self._browser.read("access-token")
