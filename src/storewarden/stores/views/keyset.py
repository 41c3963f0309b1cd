"""Keyset pages of a list that is sorted in memory: a page begins after the last key shown."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")
Key = tuple[str, ...]
LONGEST = 2_000


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows, and the cursors of the pages beside it ("" at the ends)."""

    rows: Sequence[Row]
    newer: str
    older: str


def cut(
    rows: Sequence[Row], key: Callable[[Row], Key], asked: Mapping[str, str], size: int
) -> Page[Row]:
    """The page after one mark, or before another, or the first; what is no mark is as good
    as none."""
    ordered = sorted(rows, key=key)
    after, before = unmarked(asked.get("after", "")), unmarked(asked.get("before", ""))
    start = sum(key(one) <= after for one in ordered) if after else 0
    if before and not after:
        start = max(0, sum(key(one) < before for one in ordered) - size)
    some = ordered[start : start + size]
    newer = mark(key(some[0])) if some and start else ""
    older = mark(key(some[-1])) if start + size < len(ordered) else ""
    return Page(some, newer, older)


def mark(key: Key) -> str:
    return urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def unmarked(text: str) -> Key:
    """The key of a mark, or () for anything else."""
    try:
        told = json.loads(urlsafe_b64decode(text[:LONGEST] + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        return ()
    whole = isinstance(told, list) and all(isinstance(one, str) for one in told)
    return tuple(told) if whole else ()
