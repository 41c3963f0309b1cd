"""How a person gets each token: the click path in Temu, for store type and area.

Pages and words: cn-pa-api.md 3.3, partner-api.md 3.1.
"""

from django.conf import settings
from django.utils.translation import gettext as _

from storewarden.marketplaces.base import Guide, GuideStep, Slot, StoreType, TokenKind

PAGES = {
    "cn": "https://agentseller.temu.com/open/system-manage/client-manage",
    "us": "https://agentseller-us.temu.com/open-platform/system-manage/client-manage",
    "eu": "https://agentseller-eu.temu.com/open-platform/system-manage/client-manage",
    "global": "https://agentseller.temu.com/open-platform/system-manage/client-manage",
}
SITES = {"us": "US 美国", "eu": "EU 欧区", "global": "Global 全球"}


def page_url(area: str) -> str:
    """Temu's page, or the sandbox's where TEMU_SELLER_CENTRAL names one."""
    sandbox = settings.CONFIG.environment.get("TEMU_SELLER_CENTRAL", "").rstrip("/")
    return sandbox or PAGES[area]


def guide(slot: Slot, store_type: StoreType) -> Guide:
    """The steps for one slot."""
    opening = _product(store_type) if slot.kind is TokenKind.PRODUCT else _order(slot.area)
    return Guide(page_url(slot.area), (_main_account(), *opening, *_authorize()))


def _main_account() -> GuideStep:
    return GuideStep(
        _(
            "Sign in with the main account. A sub-account does not see the Service Marketplace "
            "and cannot make a token."
        ),
        "主账号",
    )


def _product(store_type: StoreType) -> tuple[GuideStep, ...]:
    semi = store_type is StoreType.SEMI
    return (
        GuideStep(_("Open Seller Center, the back office for products."), "卖家中心"),
        GuideStep(
            _("Choose the store at the top right. Semi stores carry an orange label.")
            if semi
            else _("Choose the full-consignment store at the top right."),
            "Semi-Consignment 半托管" if semi else "全托管",
        ),
        GuideStep(
            _("Open Service Marketplace › Authorization Management, tab Products."),
            "服务市场 › 授权管理（商品）",
        ),
    )


def _order(area: str) -> tuple[GuideStep, ...]:
    return (
        GuideStep(_("Open Seller Central and switch to the site of the orders."), SITES[area]),
        GuideStep(
            _("Choose the store at the top right. Semi stores carry an orange label."),
            "Semi-Consignment 半托管",
        ),
        GuideStep(
            _("Open Service Marketplace › Authorization Management, tab Orders."),
            "服务市场 › 授权管理（订单）",
        ),
    )


def _authorize() -> tuple[GuideStep, ...]:
    return (
        GuideStep(_("Click Get Authorization and choose your own app."), "获取授权"),
        GuideStep(
            _("Tick Select All under Standard and under Special authorizations, then confirm."),
            "常规授权 全选 · 特殊授权 全选 › 确认",
        ),
        GuideStep(
            _("Copy the token. It is shown once. Making a new token ends the old one at once."),
            "复制 access_token",
        ),
    )
