"""The tokens that stores have and had, as the timeline draws them: one query for all stores."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from storewarden.stores.models import Credential, Store, TokenRecord
from storewarden.stores.queries import StoreLine, TokenLine
from storewarden.stores.timeline.layout import Token


def held_tokens(line: StoreLine) -> list[Token]:
    """The tokens that are in a store's slots now."""
    return [_held(one, None) for one in line.tokens]


def tokens(lines: Sequence[StoreLine], since: datetime) -> dict[UUID, list[Token]]:
    """For each store the tokens in its slots, and those before them that ended after `since`."""
    records = _records([one.store for one in lines], since)
    return {line.store.pk: _of_store(line, records[line.store.pk]) for line in lines}


def _records(stores: Iterable[Store], since: datetime) -> Mapping[UUID, list[TokenRecord]]:
    found: dict[UUID, list[TokenRecord]] = defaultdict(list)
    rows = TokenRecord.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=since) | Q(expires_at__gte=since),
        store__in=[one.pk for one in stores],
    )
    for row in rows.order_by("entered_at"):
        found[row.store_id].append(row)
    return found


def _of_store(line: StoreLine, records: Sequence[TokenRecord]) -> list[Token]:
    by_mark = {(one.kind, one.area, one.fingerprint): one for one in records}
    now = [_held(one, by_mark.pop(_mark(one.credential), None)) for one in line.tokens]
    return [*map(_past, by_mark.values()), *now]


def _mark(row: Credential) -> tuple[str, str, str]:
    return row.kind, row.area, row.fingerprint


def _past(row: TokenRecord) -> Token:
    return Token(
        f"{row.kind}:{row.area}",
        row.entered_at,
        row.expires_at,
        row.last4,
        ended_at=row.ended_at,
        end_cause=row.end_cause,
    )


def _held(line: TokenLine, record: TokenRecord | None) -> Token:
    """The row of the slot knows how it stands; the record, since when the token is here."""
    row = line.credential
    dead = None if line.usable else (record.ended_at if record else None) or row.died_at
    return Token(
        str(row),
        record.entered_at if record else row.entered_at,
        row.expires_at,
        row.last4,
        row.expires_estimated,
        dead,
        line.verdict.cause,
        held=bool(row.token_sealed),
        usable=line.usable,
    )
