"""What pages, commands and other areas ask about stores."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from storewarden import clock
from storewarden.marketplaces.base import Permission, StoreType, TokenKind
from storewarden.marketplaces.registry import marketplace
from storewarden.stores import rules
from storewarden.stores.access import slot_of
from storewarden.stores.erasing import leaving
from storewarden.stores.errors import NoSuchStore
from storewarden.stores.models import (
    AuthorizationEvent,
    Contact,
    Credential,
    DeveloperApp,
    Store,
)


def not_leaving() -> QuerySet[Store]:
    """Stores that are not being deleted."""
    return Store.objects.exclude(pk__in=leaving())


def live_stores() -> QuerySet[Store]:
    """Stores that are not archived."""
    return Store.objects.filter(archived_at__isnull=True)


def find_store(text: str) -> Store:
    """A store by nickname, shop id or id. Raises NoSuchStore."""
    wanted = text.strip()
    by = Q(nickname=wanted) | Q(mall_id=wanted)
    with suppress(ValueError):  # no id: then it is a nickname or a shop id
        by |= Q(pk=uuid.UUID(wanted))
    found = not_leaving().filter(by).first() if wanted and "\x00" not in wanted else None
    if found is None:
        raise NoSuchStore(
            "no_such_store",
            _("There is no store called “%(name)s”.") % {"name": wanted[:80]},
            _("Use its nickname or its shop id; `storewarden stores list` shows them."),
        )
    return found


def held(credential: Credential) -> rules.Held:
    return rules.Held(
        TokenKind(credential.kind),
        credential.area,
        rules.CredentialState(credential.state),
        credential.cause,
        rules.Expiry(credential.expires_at, credential.expires_estimated),
    )


def standing(store: Store, now: datetime | None = None) -> rules.StoreStanding:
    """The state of a store's authorization at this moment."""
    return rules.store_standing(
        StoreType(store.store_type),
        [held(one) for one in store.credentials.all()],
        now or clock.now(),
        paused=store.paused_at is not None,
        archived=store.archived_at is not None,
    )


COLUMNS = ("store_id", "kind", "area", "state", "cause", "expires_at", "expires_estimated")


def changed_states(now: datetime) -> Iterator[uuid.UUID]:
    """Stores whose state is no longer the one told; two queries for any number of stores."""
    held_by: dict[uuid.UUID, list[rules.Held]] = defaultdict(list)
    rows = Credential.objects.filter(store__archived_at__isnull=True).order_by("kind", "area")
    for store, kind, area, state, cause, ends, estimated in rows.values_list(*COLUMNS):
        held_by[store].append(
            rules.Held(
                TokenKind(kind), area, rules.CredentialState(state), cause,
                rules.Expiry(ends, estimated),
            )
        )  # fmt: skip
    stores = live_stores().values_list("pk", "store_type", "paused_at", "told_state")
    for pk, store_type, paused, told in stores:
        found = rules.store_standing(
            StoreType(store_type), held_by[pk], now, paused=paused is not None
        )
        if found.state != told:
            yield pk


def verdict(credential: Credential, now: datetime) -> rules.Verdict:
    """What a credential is worth at this moment."""
    return rules.standing(held(credential), now)


def is_usable(credential: Credential, now: datetime) -> bool:
    return rules.usable(verdict(credential, now))


def not_held(now: datetime, path: str = "store__") -> Q:
    """Stores whose work does not wait for tokens that are being swapped."""
    return Q(**{f"{path}held_until__isnull": True}) | Q(**{f"{path}held_until__lte": now})


def usable_credentials(kind: TokenKind, store: Store | None = None) -> list[Credential]:
    """The credentials whose jobs may run now: store neither paused, archived nor held while
    tokens are swapped; token usable."""
    now = clock.now()
    rows = Credential.objects.select_related("store", "app").filter(
        not_held(now), kind=kind, store__paused_at__isnull=True, store__archived_at__isnull=True
    )
    if store is not None:
        rows = rows.filter(store=store)
    return [one for one in rows if is_usable(one, now)]


def why_not(store: Store, kind: TokenKind) -> str:
    """Why no token of this kind can be used right now, and what to do."""
    token = kind_name(kind)
    name = {"token": token, "store": store.nickname}
    if store.archived_at:
        return _("“%(store)s” is archived. Connect it again to use it.") % name
    if store.paused_at:
        return _("“%(store)s” is paused. Resume it first.") % name
    if not store.credentials.filter(kind=kind).exists():
        return _("“%(store)s” has no %(token)s. Enter one under Reauthorize.") % name
    return _("The %(token)s of “%(store)s” does not work. Reauthorize the store.") % name


def kind_name(kind: str) -> str:
    if kind == TokenKind.PRODUCT:
        return _("product stock token")
    return _("order shipping token")


def due_probes(now: datetime) -> QuerySet[Credential]:
    """Credentials to ask about now, those longest due first."""
    rows = Credential.objects.select_related("store", "app").filter(
        Q(probe_after__lte=now) | Q(probe_after__isnull=True),
        store__archived_at__isnull=True,
    )
    return rows.order_by("probe_after", "id")


def apps_to_probe(now: datetime) -> list[uuid.UUID]:
    """The apps of the credentials that are due."""
    return list(due_probes(now).order_by().values_list("app_id", flat=True).distinct())


def outage(now: datetime) -> rules.Outage | None:
    """Whether Temu (or the line to it) has been silent for so long that it is told."""
    silent = Contact.objects.filter(silent_since__isnull=False)
    seen = [rules.Contact(one.area, one.answered_at, one.silent_since) for one in silent]
    return rules.outage(seen, now)


@dataclass(frozen=True)
class TokenLine:
    """One token as a page shows it."""

    credential: Credential
    verdict: rules.Verdict
    days_left: int
    granted: int
    needed: int
    lacking: tuple[Permission, ...]

    @property
    def usable(self) -> bool:
        return rules.usable(self.verdict)


@dataclass(frozen=True)
class StoreLine:
    """One store as the list shows it."""

    store: Store
    standing: rules.StoreStanding
    product: TokenLine | None
    orders: tuple[TokenLine, ...]

    @property
    def tokens(self) -> tuple[TokenLine, ...]:
        return ((self.product,) if self.product else ()) + self.orders

    @property
    def granted(self) -> int:
        return sum(line.granted for line in self.tokens)

    @property
    def needed(self) -> int:
        return sum(line.needed for line in self.tokens)


def token_line(store: Store, credential: Credential, now: datetime) -> TokenLine:
    needed = marketplace(store.marketplace).permissions(
        slot_of(credential), StoreType(store.store_type)
    )
    lacking = tuple(rules.missing(credential.scopes, needed))
    return TokenLine(
        credential,
        rules.standing(held(credential), now),
        rules.days_left(credential.expires_at, now),
        len(needed) - len(lacking),
        len(needed),
        lacking,
    )


def store_line(store: Store, now: datetime) -> StoreLine:
    lines = [token_line(store, one, now) for one in store.credentials.all()]
    product = next((one for one in lines if one.credential.kind == TokenKind.PRODUCT), None)
    orders = tuple(one for one in lines if one.credential.kind == TokenKind.ORDER)
    return StoreLine(store, standing(store, now), product, orders)


@dataclass(frozen=True)
class Wanted:
    """How the list of stores is narrowed and sorted; empty: no limit."""

    state: str = ""
    store_type: str = ""
    area: str = ""
    search: str = ""
    sort: str = "nickname"


def store_lines(wanted: Wanted, *, archived: bool = False) -> list[StoreLine]:
    """The stores of the list, in two queries however many there are."""
    rows = not_leaving().filter(archived_at__isnull=not archived)
    if wanted.store_type:
        rows = rows.filter(store_type=wanted.store_type)
    if wanted.area:
        rows = rows.filter(credentials__area=wanted.area).distinct()
    for word in wanted.search.replace("\x00", "").split()[:5]:
        rows = rows.filter(
            Q(nickname__icontains=word) | Q(mall_id__icontains=word) | Q(shop_name__icontains=word)
        )
    now = clock.now()
    lines = [store_line(one, now) for one in _with_credentials(rows)]
    return _sorted([one for one in lines if _in_state(one, wanted.state)], wanted.sort)


def _with_credentials(rows: QuerySet[Store]) -> QuerySet[Store]:
    inside = Prefetch("credentials", Credential.objects.select_related("app"))
    return rows.prefetch_related(inside)


def _in_state(line: StoreLine, state: str) -> bool:
    return not state or line.standing.state == state


def _sorted(lines: Iterable[StoreLine], sort: str) -> list[StoreLine]:
    if sort == "expiry":
        return sorted(lines, key=lambda one: (_end(one), one.store.nickname.casefold()))
    return sorted(lines, key=lambda one: one.store.nickname.casefold())


def _end(line: StoreLine) -> float:
    earliest = line.standing.earliest
    return earliest.at.timestamp() if earliest else float("inf")


def one_line(store: Store) -> StoreLine:
    """One store as its own page shows it."""
    return store_line(_with_credentials(Store.objects.filter(pk=store.pk)).get(), clock.now())


NEEDS_A_HAND = frozenset(
    {rules.StoreState.EXPIRED, rules.StoreState.INCOMPLETE, rules.StoreState.EXPIRING}
)


def needs_a_hand() -> list[StoreLine]:
    """Stores on which somebody must act, the gravest first: dead, then lacking, then expiring.

    Also a store that still counts as authorized while one of its areas is dead.
    """
    lines = store_lines(Wanted(sort="expiry"))
    grave = [rules.StoreState.EXPIRED, rules.StoreState.INCOMPLETE]
    found = [one for one in lines if one.standing.state in NEEDS_A_HAND or _partly(one)]
    return sorted(found, key=lambda one: one.standing.state not in grave)


def _partly(line: StoreLine) -> bool:
    return line.standing.state == rules.StoreState.AUTHORIZED and bool(line.standing.stopped)


def history(
    store: Store, before: int | None = None, size: int = 50
) -> Sequence[AuthorizationEvent]:
    """The authorization history, newest first; `before` is the id of the last one shown."""
    rows = AuthorizationEvent.objects.filter(store=store).order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows[:size])


def apps(area: str | None = None) -> list[DeveloperApp]:
    rows = DeveloperApp.objects.all()
    return list(rows.filter(area=area) if area else rows)
