"""The first steps: apps, authorization in Seller Central, check, connect."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from storewarden.cli.cards import card_lines
from storewarden.demo.stage import ORDER_US, PRODUCT, Stage
from storewarden.marketplaces.base import Slot, StoreType
from storewarden.stores import actions, checks, queries
from storewarden.stores.errors import Refusal
from storewarden.stores.naming import clean_token
from storewarden.stores.rules import StoreState
from storewarden.stores.wording import labelled
from storewarden.vault import Secret
from temu_sandbox.world import seed

APP_NAME = "Storewarden"


def register_apps(stage: Stage) -> None:
    """Settings › Developer apps, for each area."""
    known = [one for one in stage.world.directory.apps() if one.name == APP_NAME]
    for app in known:
        secret = Secret(app.app_secret)
        actions.add_app("temu", app.area, app.app_key, secret, stage.actor)
        stage.narrator.say(labelled(app.area, app.app_key))
    stage.narrator.verify(
        _("the apps are those of the sandbox"),
        {(one.area, one.app_key) for one in known},
        {(one.area, one.app_key) for one in queries.apps()},
    )


def app_key(site: str) -> str:
    return next(one.app_key for one in queries.apps(site))


def authorize(stage: Stage) -> None:
    """Service Marketplace › Authorization Management › Get Authorization, three times."""
    seller = stage.seller()
    stage.narrator.say(stage.seller_central)
    for mall_id, slot in (
        (seed.SEMI_ONE, PRODUCT),
        (seed.SEMI_ONE, ORDER_US),
        (seed.FULL, PRODUCT),
    ):
        copied = seller.authorize(mall_id, slot.area, app_key(slot.area))
        stage.tokens[mall_id, slot] = copied
        name = stage.world.directory.mall(mall_id).name
        told = {"store": name, "site": slot.area.upper()}
        stage.narrator.say(_("%(store)s, site %(site)s: token copied from the page") % told)
        verify_token(stage, mall_id, slot, copied)


def verify_token(stage: Stage, mall_id: int, slot: Slot, copied: str) -> None:
    """The copied token is the one that the sandbox issued last, and it works."""
    now_s = stage.world.clock.now_s()
    grants = [one for one in stage.world.authorizations.of_mall(mall_id) if one.area == slot.area]
    found = [one.standing(now_s) for one in grants if copied.endswith(one.token)]
    stage.narrator.verify(_("the token is active in the sandbox"), ["active"], found)


def pasted(
    stage: Stage, mall_id: int, store_type: StoreType, slots: Sequence[Slot]
) -> checks.Pasted:
    """What the page's Copy button gave, pasted as it is: "access_token:…"."""
    tokens: dict[Slot, Secret] = {}
    for slot in slots:
        token = clean_token("temu", stage.tokens[mall_id, slot])
        if token is None:
            raise Refusal("demo_step_failed", _("The page gave an empty token."))
        tokens[slot] = token
    return checks.Pasted(store_type, tokens)


def connect_semi(stage: Stage) -> None:
    _connect(stage, seed.SEMI_ONE, StoreType.SEMI, "Demo Home", (PRODUCT, ORDER_US))


def connect_full(stage: Stage) -> None:
    _connect(stage, seed.FULL, StoreType.FULL, "Demo Full", (PRODUCT,))


def _connect(
    stage: Stage, mall_id: int, store_type: StoreType, nickname: str, slots: Sequence[Slot]
) -> None:
    given = pasted(stage, mall_id, store_type, slots)
    card = checks.check(given)
    for line in card_lines(card):
        stage.narrator.say(line)
    stage.narrator.verify(_("the check names the sandbox's shop"), str(mall_id), card.mall_id)
    choices = actions.Choices(stock_push_on=True)
    store = actions.connect(nickname, given, stage.actor, choices).store
    stage.stores[mall_id] = store
    verify_ends(stage, mall_id, slots)
    state = queries.standing(store).state
    stage.narrator.verify(_("the store is authorized"), StoreState.AUTHORIZED, state)


def verify_ends(stage: Stage, mall_id: int, slots: Sequence[Slot]) -> None:
    """The expiry dates are the sandbox's own."""
    living = {
        one.area: one.expires_at_s
        for one in stage.world.authorizations.of_mall(mall_id)
        if one.state != "replaced"
    }
    store = stage.stores[mall_id]
    kept = {s.area: int(stage.credential(store, s).expires_at.timestamp()) for s in slots}
    expected = {slot.area: living[slot.area] for slot in slots}
    stage.narrator.verify(_("the expiry dates are Temu's"), expected, kept)
