"""The end of a token, what happens meanwhile, and the way back."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from storewarden import clock
from storewarden.demo.connecting import pasted, verify_ends, verify_token
from storewarden.demo.selling import pos_here
from storewarden.demo.stage import ORDER_US, Stage, when_free
from storewarden.marketplaces.base import StoreType, TokenKind
from storewarden.orders.actions import mark_stopped, pull_orders
from storewarden.stores import actions, queries, wording
from storewarden.stores.probes import probe
from storewarden.stores.rules import StoreState
from temu_sandbox.world import seed
from temu_sandbox.world.authorizations import Grant

DAY_S = 86_400
ENDS_IN_S = 3


def grow_old(stage: Stage) -> None:
    """The 90 days go by; the last three seconds are waited for."""
    grant = _grant(stage)
    left_s = grant.expires_at_s - stage.world.clock.now_s() - ENDS_IN_S
    aged = stage.world.authorizations.age(grant.id, left_s / DAY_S)
    probe(stage.credential(stage.semi, ORDER_US), who=stage.actor.name, urgent=True)
    kept = stage.credential(stage.semi, ORDER_US)
    end = datetime.fromtimestamp(aged.expires_at_s, UTC)
    stage.narrator.verify(_("the next check learns Temu's new end date"), end, kept.expires_at)
    stage.narrator.say(_("waiting until it has passed …"))
    clock.sleep(max(0.0, aged.expires_at_s + 1 - stage.world.clock.now()))
    stage.world.authorizations.age(grant.id, 1)
    probe(stage.credential(stage.semi, ORDER_US), who=stage.actor.name, urgent=True)
    _verify_expired(stage)


def _grant(stage: Stage) -> Grant:
    every = stage.world.authorizations.of_mall(seed.SEMI_ONE)
    return next(one for one in every if one.area == "us" and one.state != "replaced")


def _verify_expired(stage: Stage) -> None:
    grant, now_s = _grant(stage), stage.world.clock.now_s()
    days = (now_s - grant.issued_at_s) // DAY_S
    stage.narrator.verify(_("the token is 91 days old in the sandbox"), 91, days)
    stage.narrator.verify(_("the sandbox refuses it"), "expired", grant.standing(now_s))
    standing = queries.standing(stage.semi)
    found = (standing.state, standing.cause, standing.slot)
    expected = (StoreState.EXPIRED, "expired", "order:us")
    stage.narrator.verify(_("the store is Expired, and says why"), expected, found)
    stage.narrator.verify(_("stock still works"), ("product",), standing.works)
    words = wording.state_cause(standing.cause)
    said = f"{words.sentence} {words.next_step}"
    stage.narrator.say(wording.labelled(wording.slot_name(standing.slot), said))


def miss_orders(stage: Stage) -> None:
    """Nobody asks for orders with a dead token, so they stay at Temu."""
    mark_stopped()
    before = pos_here(stage)
    stage.control.make_orders(seed.SEMI_ONE, stage.orders_missed, area="us", spacing_s=1)
    missing = len(stage.pos_at_temu() - before)
    what = _("the sandbox has %(n)d more orders") % {"n": stage.orders_missed}
    stage.narrator.verify(what, stage.orders_missed, missing)
    usable = queries.usable_credentials(TokenKind.ORDER, stage.semi)
    stage.narrator.verify(_("no job pulls with the dead token"), [], usable)
    stage.narrator.say(queries.why_not(stage.semi, TokenKind.ORDER))


def come_back(stage: Stage) -> None:
    """A new token in Seller Central, entered here; the pull goes on where it stopped."""
    copied = stage.seller().generate_new_token(seed.SEMI_ONE, ORDER_US.area)
    verify_token(stage, seed.SEMI_ONE, ORDER_US, copied)
    stage.tokens[seed.SEMI_ONE, ORDER_US] = copied
    given = pasted(stage, seed.SEMI_ONE, StoreType.SEMI, [ORDER_US])
    done = actions.reauthorize(stage.semi, given, stage.actor)
    stage.narrator.verify(_("it is recognised as a new token"), (ORDER_US,), done.new)
    verify_ends(stage, seed.SEMI_ONE, [ORDER_US])
    state = queries.standing(stage.semi).state
    stage.narrator.verify(_("the store is authorized again"), StoreState.AUTHORIZED, state)
    with stage.narrator.progress(_("Orders missed meanwhile")) as told:
        credential = stage.credential(stage.semi, ORDER_US)
        when_free(lambda: pull_orders(credential, urgent=True, progress=told))
    at_temu = stage.pos_at_temu()
    stage.narrator.verify(_("every order of the sandbox is here"), at_temu, pos_here(stage))
    what = _("Storewarden reports %(n)d orders recovered") % {"n": stage.orders_missed}
    stage.narrator.verify(what, stage.orders_missed, _recovered(stage))


def _recovered(stage: Stage) -> int:
    """By whichever pull brought them: the engine's or ours."""
    events = [one for one in queries.history(stage.semi) if one.deed == "recovered"]
    return sum(int(one.detail.get("orders", 0)) for one in events)
