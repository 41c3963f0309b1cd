"""The plain sentences of stock: what is wrong, and what to do next."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from storewarden.inventory.models import ShownStock, StockDeed
from storewarden.inventory.rules import GREATEST_QUANTITY, Against, BadQuantity, cap_in, diff_for
from storewarden.stores.errors import Refusal
from storewarden.stores.wording import listed

CAP_HINT, UNBOUND_HINT, NOT_ALLOWED_HINT, NOT_FULL_HINT = (
    "上限",
    "未绑定",
    "无权",
    "店铺类型非全托管",
)


@dataclass(frozen=True)
class Words:
    """A sentence and the next step; either may be empty."""

    sentence: str
    next_step: str = ""


def their_refusal(code: str, message: str) -> Words:
    """Why Temu refused a figure. Codes: cn-pa-api.md 2.4 [D], texts [C] [M]."""
    cap = cap_in(message)
    if cap is not None:
        return Words(
            _("Temu allows at most %(cap)s pieces here.") % {"cap": cap},
            _("Set %(cap)s or fewer.") % {"cap": cap},
        )
    by_text = _by_text(message)
    if by_text is not None:
        return by_text
    known = _by_code().get(code)
    if known is not None:
        return known
    return Words(
        _("Temu refused this figure and said: “%(message)s”") % {"message": message[:200]},
        _("Change the figure, or look at the product in Seller Central, then set it again."),
    )


def _by_text(message: str) -> Words | None:
    if UNBOUND_HINT in message:
        return Words(
            _("This SKU is not bound to this warehouse in Temu."),
            _("Bind the warehouse to the product in Seller Central, then read the stock again."),
        )
    if NOT_ALLOWED_HINT in message:
        return Words(
            _("Temu does not let this store change the stock of this SKU."),
            _("Look at the product in Seller Central."),
        )
    if NOT_FULL_HINT in message:
        return _by_code()["2000060"]
    return None


def _by_code() -> dict[str, Words]:
    return {
        "2000037": Words(
            _("The product is in a promotion, so its stock may not be lowered."),
            _("Wait for the end of the promotion, or set a figure that is not lower."),
        ),
        "2000038": Words(
            _("Temu does not allow the stock of this SKU to be lowered."),
            _("Set a figure that is not lower than the one shown."),
        ),
        "2000039": Words(
            _("Temu takes no more virtual stock for this SKU at present."),
            _("Send goods to Temu's warehouse instead, or try again in some days."),
        ),
        "23000001": Words(
            _("Temu takes no pre-sale stock for this SKU at present."),
            _("Send goods to Temu's warehouse and sell from there."),
        ),
        "2000060": Words(
            _("Temu says that the store is of another type than this stock call is for."),
            _("Check the store: its real type is shown under Store Authorization."),
        ),
        "2000094": Words(
            _("The EU sites of this product are not bound as Temu wants them."),
            _("Bind all EU sites of the product to the warehouse in Seller Central."),
        ),
    }


def differs(wanted: int | None, shown: int | None) -> Words:
    """What to say when Temu took a figure and then showed another one."""
    if shown is None or wanted is None:
        return Words(
            _("Temu took the figure, but no longer lets us see it."),
            _("Look at the product in Seller Central."),
        )
    more = -(diff_for(shown, wanted) or 0)
    amount = ngettext("%(n)s piece", "%(n)s pieces", abs(more)) % {"n": abs(more)}
    text = _("Temu shows %(amount)s more than was set.")
    if more < 0:
        text = _("Temu shows %(amount)s fewer than was set; perhaps some were sold meanwhile.")
    return Words(text % {"amount": amount}, _("Set the figure again if it should be another."))


def state_of(figure: ShownStock) -> Words:
    """The push state of a figure in words."""
    if figure.push == ShownStock.Push.REFUSED:
        hidden = figure.shown is None and not figure.their_code
        return hidden_words() if hidden else their_refusal(figure.their_code, figure.their_message)
    if figure.push == ShownStock.Push.DIFFERS:
        return differs(figure.wanted, figure.shown)
    return Words(str(PUSH_LABELS[ShownStock.Push(figure.push)]))


def hidden_words() -> Words:
    return Words(
        _("Temu does not let us see this figure, so it is never pushed."),
        _("Look at the product in Seller Central."),
    )


PUSH_LABELS = {
    ShownStock.Push.NONE: gettext_lazy("nothing to push"),
    ShownStock.Push.DUE: gettext_lazy("waiting to be sent"),
    ShownStock.Push.SENT: gettext_lazy("sent, not yet read back"),
    ShownStock.Push.DONE: gettext_lazy("shown on Temu"),
    ShownStock.Push.REFUSED: gettext_lazy("refused"),
    ShownStock.Push.DIFFERS: gettext_lazy("differs"),
}
DEED_LABELS = {
    StockDeed.Deed.SET: gettext_lazy("set"),
    StockDeed.Deed.SENT: gettext_lazy("sent to Temu"),
    StockDeed.Deed.DONE: gettext_lazy("read back and equal"),
    StockDeed.Deed.DIFFERS: gettext_lazy("read back and different"),
    StockDeed.Deed.REFUSED: gettext_lazy("refused by Temu"),
    StockDeed.Deed.HIDDEN: gettext_lazy("not pushed: no longer shown to us"),
}


def may_not(against: Against, store: str) -> Refusal:
    """The refusal of a figure that may not be set."""
    words = _against(store)[against]
    return Refusal(str(against), words.sentence, words.next_step)


def _against(store: str) -> dict[Against, Words]:
    name = {"store": store}
    return {
        Against.HIDDEN: hidden_words(),
        Against.GONE: Words(
            _("Temu no longer has this SKU in this warehouse."),
            _("Read the stock of the listing again."),
        ),
        Against.PUSH_OFF: Words(
            _("Pushing stock is switched off for “%(store)s”.") % name,
            _("Switch on “Push stock” on the store's page, then set the figure again."),
        ),
        Against.PAUSED: Words(
            _("“%(store)s” is paused.") % name, _("Resume the store, then set the figure again.")
        ),
        Against.ARCHIVED: Words(
            _("“%(store)s” is archived.") % name, _("Connect the store again first.")
        ),
    }


def bad_quantity(what: BadQuantity) -> Refusal:
    """The refusal of something that is no quantity. It does not repeat what was written."""
    sentence = {
        BadQuantity.EMPTY: _("There is no quantity."),
        BadQuantity.NEGATIVE: _("A stock quantity cannot be negative."),
        BadQuantity.NO_NUMBER: _("This is no whole number."),
        BadQuantity.TOO_MUCH: _("This is more than %(most)s pieces.")
        % {"most": f"{GREATEST_QUANTITY:,}"},
    }[what]
    step = _("Write a whole number from 0 to %(most)s.") % {"most": f"{GREATEST_QUANTITY:,}"}
    return Refusal(f"quantity_{what}", sentence, step)


def never_read(sku: str) -> Refusal:
    return Refusal(
        "stock_never_read",
        _("The stock of “%(sku)s” has not been read from Temu yet.") % {"sku": sku},
        _("Read the listing's stock first; then its warehouses can be chosen."),
    )


def no_such_warehouse(sku: str, warehouses: list[str]) -> Refusal:
    return Refusal(
        "no_such_warehouse",
        _("“%(sku)s” is not in that warehouse.") % {"sku": sku},
        _("Name one of its warehouses: %(names)s.") % {"names": listed(warehouses[:10])},
    )


def busy(store: str) -> Refusal:
    return Refusal(
        "busy",
        _("Another process is at the stock of “%(store)s” right now.") % {"store": store},
        _("Its figures are on their way; look again in a moment."),
    )
