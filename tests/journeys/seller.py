"""What the seller clicks in Temu's Seller Central (here the sandbox's pages)."""

from playwright.sync_api import Page

from temu_sandbox.server import ServedSandbox


def token_from_seller_central(page: Page, temu: ServedSandbox, site: str, mall_id: int) -> str:
    """Sign in with the main account, pick the store, authorize everything, copy the token."""
    page.goto(f"{temu.base_url}/seller-central/")
    if page.get_by_test_id("account-1").count():
        page.get_by_test_id("account-1").click()
    page.get_by_test_id("store-switcher").locator("summary").click()
    page.get_by_test_id(f"store-{mall_id}").click()
    page.get_by_test_id(f"site-{site}").click()
    page.get_by_test_id("menu-authorization-management").click()
    page.get_by_test_id("get-authorization").click()
    page.get_by_test_id(f"choose-sandbox-app-{site}").click()
    for box in ("select-all-standard", "select-all-special", "consent"):
        page.get_by_test_id(box).check()
    page.get_by_test_id("confirm").click()
    return page.get_by_test_id("access-token").inner_text()
