"""Why messages come or do not come, in plain words."""

from django.utils.translation import gettext as _

from storewarden.arrivals.models import EventFeed


def why_silent(feed: EventFeed | None) -> str:
    """Why the events of a store do not come, as far as the marketplace has said."""
    if feed is None or feed.heard_at is None:
        said = feed.said if feed else ""
        return said or _("Temu has not been asked yet.")
    if feed.said:
        return _("Temu said: %(message)s") % {"message": feed.said}
    return of_app(feed) or _("Temu has not let all events through yet.")


def of_app(feed: EventFeed) -> str:
    """What is amiss with the app itself, by what was heard through one of its tokens."""
    if not feed.wanted:
        return _(
            "This app has subscribed no order events on Temu's partner site. Subscribe them there "
            "with the callback address."
        )
    if feed.stopped:
        return _(
            "Temu has stopped sending to this app, as it does after many answers that failed. "
            "Check the callback address and the app secret, then start it again on Temu's "
            "partner site."
        )
    return ""
