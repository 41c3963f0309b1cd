"""Making and revoking feeds."""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from storewarden import chance, clock
from storewarden.calendars import naming, rules
from storewarden.calendars.models import CalendarFeed
from storewarden.people.actions import Actor
from storewarden.stores.errors import Refusal
from storewarden.vault import Secret

MOST_FEEDS = 50
NOTE_READS_EVERY = timedelta(minutes=10)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Made:
    """A new feed, and its secret, which nobody can see again."""

    feed: CalendarFeed
    secret: Secret


def make(name: str, language: str, who: Actor, *, with_nicknames: bool = True) -> Made:
    """Make a feed. Raises Refusal: name unfit or taken, no such language, too many feeds."""
    name, language = naming.clean_name(name), naming.known_language(language)
    _refuse_too_many()
    secret = Secret(rules.secret_text(chance.nonce(rules.SECRET_BYTES)))
    try:
        with transaction.atomic():
            feed = CalendarFeed.objects.create(
                name=name,
                secret_hash=rules.hash_of(secret.reveal()),
                language=language,
                with_nicknames=with_nicknames,
                made_by=who.name,
                made_at=clock.now(),
            )
    except IntegrityError:  # the database keeps live names apart
        raise _taken(name) from None
    log.info("calendar.made", feed=str(feed.pk), who=who.name)
    return Made(feed, secret)


def _refuse_too_many() -> None:
    if CalendarFeed.objects.filter(revoked_at__isnull=True).count() >= MOST_FEEDS:
        raise Refusal(
            "too_many_feeds",
            _("There are 50 calendars already."),
            _("Revoke one that nobody reads any more."),
        )


def _taken(name: str) -> Refusal:
    return Refusal(
        "feed_name_taken",
        _("There is a calendar called “%(name)s” already.") % {"name": name},
        _("Choose another name, or revoke that one first."),
    )


def revoke(feed: CalendarFeed, who: Actor) -> bool:
    """End a feed for good; its address leads nowhere from now on. False: it was ended before."""
    live = CalendarFeed.objects.filter(pk=feed.pk, revoked_at__isnull=True)
    if not live.update(revoked_at=clock.now()):
        return False
    log.info("calendar.revoked", feed=str(feed.pk), who=who.name)
    return True


def note_read(feed: CalendarFeed) -> None:
    """Somebody read the feed: noted every ten minutes at most, so that reading stays cheap."""
    now = clock.now()
    stale = Q(last_read_at__isnull=True) | Q(last_read_at__lte=now - NOTE_READS_EVERY)
    CalendarFeed.objects.filter(stale, pk=feed.pk).update(last_read_at=now)
