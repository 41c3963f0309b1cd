"""Renewal links: making, opening, using and revoking them.

The link's secret is told once, to its maker, and kept as a hash. Whoever has it may enter the
tokens of one store, once. Nothing here tells an unknown secret from one whose link has ended.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from storewarden import chance, clock
from storewarden.outbox.actions import publish
from storewarden.people.actions import Actor
from storewarden.stores import actions, checks
from storewarden.stores.checks import CheckCard, Pasted
from storewarden.stores.errors import Refusal
from storewarden.stores.models import RenewalLink, Store
from storewarden.stores.renewal import rules as link_rules
from storewarden.stores.renewal.rules import WORKS, LinkState
from storewarden.stores.telling import store_told
from storewarden.throttle import Limit
from storewarden.vault import Secret

HOUR_S = 3600
WRONG_OF_A_CLIENT = Limit(30, HOUR_S)
# Above it, whoever guessed wrong within the hour is told nothing more. Who did not is served, so
# that many guessers cannot shut the door on somebody with a right link.
WRONG_OF_ALL = Limit(300, HOUR_S)
ASKS_OF_A_LINK = Limit(20, HOUR_S)
SHOWN = 50
LONGEST_WHO = 254
USED = "renewal_link.used"


class TooManyTries(Refusal):
    """Tried too often; `wait_s` seconds from now it may be tried again."""

    def __init__(self, wait_s: float) -> None:
        self.wait_s = wait_s
        minutes = ceil(wait_s / 60)
        super().__init__(
            "too_many_tries",
            _("There were too many tries."),
            ngettext(
                "Wait %(minutes)d minute, then try again.",
                "Wait %(minutes)d minutes, then try again.",
                minutes,
            )
            % {"minutes": minutes},
        )


class LinkEnded(Refusal):
    """The link was used, revoked or has expired meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            "link_ended",
            _("This link does not work any more."),
            _("Ask the person who sent it to you for a new one."),
        )


class BeingUsed(Refusal):
    """Somebody saves with this link at this moment."""

    def __init__(self) -> None:
        super().__init__(
            "link_in_use",
            _("Somebody is saving with this link at this moment."),
            _("Wait a minute, then open the link again."),
        )


def make_link(
    store: Store, actor: Actor, language: str, hours: int = link_rules.DEFAULT_HOURS
) -> tuple[RenewalLink, Secret]:
    """Make a link for one store, and its secret, which is nowhere to be had again."""
    _refuse_unfit(store, language, hours)
    secret, now = _new_secret(), clock.now()
    with transaction.atomic():
        link = RenewalLink.objects.create(
            store=store,
            secret_hash=link_rules.hashed(secret.reveal()),
            language=language,
            made_by=actor.name,
            made_at=now,
            expires_at=now + timedelta(hours=hours),
        )
        actions.note(store, "link_made", who=actor.name, detail={"link": str(link.pk)})
    return link, secret


def _new_secret() -> Secret:
    random = chance.nonce(link_rules.SECRET_BYTES)
    return Secret(base64.urlsafe_b64encode(random).rstrip(b"=").decode())


def _refuse_unfit(store: Store, language: str, hours: int) -> None:
    if store.archived_at is not None:
        raise Refusal(
            "archived",
            _("“%(store)s” is archived.") % {"store": store.nickname},
            _("Connect the store again first."),
        )
    known = [code for code, _name in settings.LANGUAGES]
    if language not in known:
        raise Refusal(
            "language_unknown",
            _("There is no page in this language."),
            _("Choose one of: %(languages)s.") % {"languages": ", ".join(known)},
        )
    if not link_rules.FEWEST_HOURS <= hours <= link_rules.MOST_HOURS:
        raise Refusal(
            "hours_unfit",
            _("A link works for 1 to 168 hours."),
            _("Choose a number between them."),
        )


def revoke_link(link: RenewalLink, actor: Actor) -> RenewalLink:
    """End a link before its time. One that has ended already stays as it is."""
    now = clock.now()
    with transaction.atomic():
        if _open_rows(now).filter(pk=link.pk).update(revoked_at=now):
            note = {"link": str(link.pk)}
            actions.note(link.store, "link_revoked", who=actor.name, detail=note)
    link.refresh_from_db()
    return link


def open_link(secret: Secret, client: str) -> RenewalLink | None:
    """The link that a secret opens; None: none that works. Raises TooManyTries.

    One query and one rule, whether there is such a link or not. A wrong secret counts against
    the client that sent it; looking does not use a link up.
    """
    guessed = WRONG_OF_A_CLIENT.count(client)
    wait_s = WRONG_OF_A_CLIENT.take(client) or (guessed and WRONG_OF_ALL.wait_s())
    if wait_s:
        raise TooManyTries(wait_s)
    found = _with_hash(link_rules.hashed(secret.reveal()))
    if found is None or state_of(found) not in WORKS:
        WRONG_OF_ALL.take()
        return None
    WRONG_OF_A_CLIENT.give_back(client)
    return found


def _with_hash(secret_hash: str) -> RenewalLink | None:
    return RenewalLink.objects.select_related("store").filter(secret_hash=secret_hash).first()


def state_of(link: RenewalLink, now: datetime | None = None) -> LinkState:
    """What has become of a link, at this moment."""
    return link_rules.state(
        link.expires_at,
        now or clock.now(),
        opened_at=link.opened_at,
        used_at=link.used_at,
        revoked_at=link.revoked_at,
        archived=link.store.archived_at is not None,
    )


def links_of(store: Store) -> list[RenewalLink]:
    """The newest links of a store."""
    return list(store.renewal_links.select_related("store").order_by("-made_at", "-pk")[:SHOWN])


def link_of(store: Store, text: str) -> RenewalLink:
    """A link of a store by its id. Raises Refusal."""
    try:
        found = store.renewal_links.select_related("store").filter(pk=UUID(text.strip())).first()
    except ValueError:
        found = None
    if found is None:
        raise Refusal(
            "no_such_link",
            _("“%(store)s” has no such renewal link.") % {"store": store.nickname},
            _("`storewarden stores links` shows the ids of its links."),
        )
    return found


def note_opened(link: RenewalLink) -> None:
    """The page was looked at for the first time; its maker sees when."""
    if link.opened_at is None:
        RenewalLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=clock.now())


def check_link(link: RenewalLink, pasted: Pasted) -> CheckCard:
    """Ask the marketplace about tokens; nothing is stored. Raises TooManyTries."""
    _count_ask(link)
    return checks.check(pasted, link.store)


def use_link(link: RenewalLink, pasted: Pasted) -> actions.Reauthorized:
    """Check and save tokens, and end the link. Raises CheckRefused; then the link works on.

    Of several at once one saves. Should the process die after the tokens are saved, the link
    works again once the claim has lapsed, and the same tokens can be entered again.
    """
    _count_ask(link)
    with _claimed(link) as claim:
        actor = Actor(f"renewal link of {link.made_by}"[:LONGEST_WHO])
        done = actions.reauthorize(link.store, pasted, actor)
        _end_used(link, claim)
    return done


def _count_ask(link: RenewalLink) -> None:
    wait_s = ASKS_OF_A_LINK.take(str(link.pk))
    if wait_s:
        raise TooManyTries(wait_s)
    RenewalLink.objects.filter(pk=link.pk).update(tries=F("tries") + 1)


def _open_rows(now: datetime) -> QuerySet[RenewalLink]:
    return RenewalLink.objects.filter(
        expires_at__gt=now, revoked_at=None, store__archived_at__isnull=True
    )


@contextmanager
def _claimed(link: RenewalLink) -> Iterator[datetime]:
    """Save alone; what goes wrong on the way gives the claim back."""
    now = clock.now()
    claim = link_rules.claimed_until(link.expires_at, now)
    free = Q(used_at=None) | Q(used_at__lte=now)
    if not _open_rows(now).filter(free, pk=link.pk).update(used_at=claim):
        raise _not_claimed(link, now)
    try:
        yield claim
    except BaseException:
        RenewalLink.objects.filter(pk=link.pk, used_at=claim).update(used_at=None)
        raise


def _not_claimed(link: RenewalLink, now: datetime) -> Refusal:
    link.refresh_from_db()
    return BeingUsed() if state_of(link, now) in WORKS else LinkEnded()


@transaction.atomic
def _end_used(link: RenewalLink, claim: datetime) -> None:
    """End the link with its use, and have its maker told, in one."""
    now = clock.now()
    mine = RenewalLink.objects.filter(pk=link.pk, used_at=claim)
    if mine.update(used_at=now, expires_at=now):
        data = {
            "store": store_told(link.store),
            "link": str(link.pk),
            "made_by": link.made_by,
        }
        publish(USED, data, store_id=link.store_id)
