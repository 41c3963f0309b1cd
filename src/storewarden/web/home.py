"""The first page: what is to be done, in three seconds. And the search on top of each page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from storewarden import clock
from storewarden.alerts import queries as alerts
from storewarden.alerts.models import Channel
from storewarden.inventory import queries as inventory
from storewarden.marketplaces.base import OrderState
from storewarden.orders import queries as orders
from storewarden.orders.models import Order, OrderPull
from storewarden.stores import queries as stores
from storewarden.stores import wording
from storewarden.stores.errors import NoSuchStore
from storewarden.web.navigation import address
from storewarden.web.views import refusal

SHOWN = 6
LONGEST_SEARCH = 200


OF_THE_APP = frozenset({"app_blocked", "app_unknown", "app_secret_wrong", "address_not_allowed"})


@dataclass(frozen=True)
class Hand:
    """A store on which somebody must act, in words. `step`: where its next step is done;
    `link`: where a renewal link is made for who holds the main account."""

    nickname: str
    url: str
    step: str
    link: str
    store_type: str
    state: str
    label: str
    why: str
    next_step: str


@dataclass(frozen=True)
class Glance:
    """Everything the home page shows."""

    stores: int
    hands: Sequence[Hand]
    more_hands: int
    channels: Sequence[Channel]
    to_ship: int
    late: int
    on_hold: int
    unread: int
    stock_refused: int
    urgent: Sequence[Order]
    pulls: Sequence[OrderPull]
    more_pulls: int

    @property
    def all_hands(self) -> int:
        return len(self.hands) + self.more_hands

    @property
    def no_channel(self) -> bool:
        """Reminders reach nobody who does not look here."""
        return not any(one.on for one in self.channels)

    @property
    def failing(self) -> Sequence[Channel]:
        return [one for one in self.channels if one.on and one.failing_since]


def hand(line: stores.StoreLine) -> Hand:
    """One line of the list: the cause the store's state has, in words."""
    state = line.standing.state
    words = wording.state_cause(line.standing.cause)
    return Hand(
        line.store.nickname,
        of_store("store", line),
        "" if line.standing.cause in OF_THE_APP else of_store("reauthorize", line),
        of_store("links", line),
        line.store.store_type,
        state,
        str(wording.STORE_STATES[state]),
        words.sentence or stopped(line),
        words.next_step,
    )


def of_store(page: str, line: stores.StoreLine) -> str:
    return address(f"stores:{page}", line.store.pk)


def stopped(line: stores.StoreLine) -> str:
    """What does not work although the store still counts as authorized or expiring."""
    names = wording.listed(wording.slot_name(one) for one in line.standing.stopped)
    if names:
        return _("Does not work: %(names)s.") % {"names": names}
    return _("Its validity ends soon: reauthorize it before that day.")


def gravity(pull: OrderPull) -> tuple[bool, datetime]:
    """Those that fail first, then those that were complete longest ago."""
    return (pull.failing_since is None, pull.good_until)


def glance() -> Glance:
    """Read once, in a number of queries that does not grow with stores or orders."""
    waiting = stores.needs_a_hand()
    counts = orders.counts()
    pulls = sorted(orders.pulls(), key=gravity)
    return Glance(
        stores=stores.live_stores().count(),
        hands=[hand(line) for line in waiting[:SHOWN]],
        more_hands=max(0, len(waiting) - SHOWN),
        channels=alerts.channels(),
        to_ship=counts[OrderState.TO_SHIP] + counts[OrderState.PARTLY_SHIPPED],
        late=orders.late_count(clock.now()),
        on_hold=counts[OrderState.ON_HOLD],
        unread=orders.inbox_count() + counts[OrderState.UNKNOWN],
        stock_refused=inventory.refused_count(),
        urgent=orders.most_urgent(SHOWN),
        pulls=pulls[:SHOWN],
        more_pulls=max(0, len(pulls) - SHOWN),
    )


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    seen = glance()
    context = {"glance": seen, "has_app": seen.stores > 0 or bool(stores.apps())}
    return render(request, "web/home.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """A store by its nickname or shop id opens; anything else is looked for among the orders."""
    sought = request.GET.get("q", "").replace("\x00", "").strip()
    if not sought:
        return redirect("home")
    if len(sought) > LONGEST_SEARCH:
        return too_long(request)
    return redirect(store_address(sought) or order_address(sought))


def too_long(request: HttpRequest) -> HttpResponse:
    return refusal(
        request,
        400,
        _("This is too long to look for"),
        _("A search takes at most 200 characters."),
        _("Paste one PO number, or the name of one store."),
    )


def store_address(sought: str) -> str:
    try:
        return address("stores:store", stores.find_store(sought).pk)
    except NoSuchStore:
        return ""


def order_address(sought: str) -> str:
    """The order itself when exactly one matches, else the list of what does."""
    found = orders.matches(sought)
    if len(found) == 1:
        return address("orders:order", found.pop())
    return f"{address('orders:index')}?{urlencode({'q': sought})}"
