"""Which events Temu sends for a store: the seller's side of webhooks.

Source: partner-api.md 7 [DOC]. The app subscribes events in the portal; then this call, with each
seller's token, lets them through. Temu takes one such call a second.
"""

from collections.abc import Sequence
from typing import Any

from temu_openapi.client import App, Client, Token
from temu_openapi.wire import present

MESSAGE_UPDATE = "bg.tmc.message.update"

MOST_CODES = 20
CALLS_PER_S = 1.0

NOT_AUTHORISED = 110020008
"""The token lacks this event: the seller must authorise it first, and may get a new token."""

NOT_SUBSCRIBED = 110020009
"""The app has not subscribed this event in the portal."""


def update_params(permit: Sequence[str], cancel: Sequence[str] = ()) -> dict[str, Any]:
    """The request that permits some events and cancels others; ValueError for what Temu refuses."""
    if len(permit) > MOST_CODES or len(cancel) > MOST_CODES:
        raise ValueError(f"At most {MOST_CODES} events can be permitted or cancelled at once.")
    both = sorted(set(permit) & set(cancel))
    if both:
        raise ValueError(f"{', '.join(both)} cannot be permitted and cancelled at once.")
    return present(permitEventCodeList=list(permit), cancelEventCodeList=list(cancel))


def update(
    client: Client,
    app: App,
    token: Token,
    permit: Sequence[str],
    cancel: Sequence[str] = (),
    *,
    shop: str | None = None,
) -> None:
    """Permit and cancel events for the token's store. Temu answers with nothing per event.

    TemuRefusal: code NOT_AUTHORISED or NOT_SUBSCRIBED for one of them refuses all of them.
    """
    params = update_params(permit, cancel)
    client.call(app, token, MESSAGE_UPDATE, params, result=object, shop=shop)
