"""What pages and commands ask about tables that were handed in. No token is read here."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from storewarden.stores import wording
from storewarden.stores.checking import Finding
from storewarden.stores.models import TableJob, TableRow
from storewarden.stores.tables import wording as table_wording
from storewarden.stores.tables.actions import DONE, DUE, HELD, REFUSED, RUNNING
from storewarden.stores.tables.findings import heard
from storewarden.stores.wording import Words

PAGE = 50
LATELY = 5
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Counts:
    """How many lines of a table are in which state."""

    held: int
    open: int
    done: int
    refused: int

    @property
    def settled(self) -> int:
        return self.done + self.refused

    @property
    def total(self) -> int:
        return self.held + self.open + self.settled

    @property
    def finished(self) -> bool:
        return not self.held and not self.open


COUNTED = {
    "held": Count("rows", filter=Q(rows__state=HELD)),
    "open": Count("rows", filter=Q(rows__state__in=[DUE, RUNNING])),
    "done": Count("rows", filter=Q(rows__state=DONE)),
    "refused": Count("rows", filter=Q(rows__state=REFUSED)),
}


def counts(job: TableJob) -> Counts:
    """One query, however long the table."""
    found = TableJob.objects.filter(pk=job.pk).annotate(**COUNTED).values(*COUNTED).get()
    return Counts(**found)


@dataclass(frozen=True)
class Lately:
    """A table that was handed in, and how far it is."""

    job: TableJob
    counts: Counts


def lately(market: str, kind: str) -> list[Lately]:
    """The last tables of a kind, so that a person who closed the page finds theirs again."""
    jobs = TableJob.objects.filter(marketplace=market, kind=kind).annotate(**COUNTED)
    return [
        Lately(one, Counts(*(getattr(one, name) for name in COUNTED)))
        for one in jobs.order_by("-made_at")[:LATELY]
    ]


@dataclass(frozen=True)
class Line:
    """One line of a table in the reader's language."""

    row: TableRow
    kind: str

    @property
    def name(self) -> str:
        """As the table called it, or as the store is called."""
        return str(self.row.asked.get("nickname", ""))

    @property
    def shop_id(self) -> str:
        return self.row.store.mall_id if self.row.store else str(self.row.asked.get("shop_id", ""))

    @property
    def store_type(self) -> str:
        return str(self.row.asked.get("store_type", ""))

    @property
    def tokens(self) -> Sequence[tuple[str, str]]:
        """Each token's slot and its last four characters."""
        return [(slot, str(last4)) for slot, last4 in self.row.asked.get("last4", {}).items()]

    @property
    def label(self) -> str:
        return table_wording.state(self.kind, self.row.state)

    @property
    def outcome(self) -> str:
        """What became of it, if it went well."""
        return table_wording.outcome(self.row.cause) if self.row.state == DONE else ""

    @property
    def findings(self) -> list[Finding]:
        return [heard(one) for one in self.row.findings]

    @property
    def words(self) -> list[Words]:
        """What is wrong, or worth knowing, each once; a row that waits tells its last silence."""
        said = [table_wording.words(one) for one in self.findings]
        return list(dict.fromkeys(said[-1:] if self.row.state in (DUE, RUNNING) else said))

    @property
    def reason(self) -> str:
        return " ".join(filter(None, [self.outcome, *(one.sentence for one in self.words)]))

    @property
    def next_step(self) -> str:
        steps = [] if self.row.state == DONE else [one.next_step for one in self.words]
        return " ".join(dict.fromkeys(steps))

    @property
    def code(self) -> str:
        return self.row.their_code


def lines(job: TableJob, *, refused_only: bool = False) -> Iterator[Line]:
    """All lines of a table, in its order."""
    for row in _rows(job, refused_only).iterator(chunk_size=500):
        yield Line(row, job.kind)


@dataclass(frozen=True)
class Page:
    """Some lines, and where the pages before and after begin ("" at an end)."""

    lines: list[Line]
    newer: str
    older: str


def page(job: TableJob, *, refused_only: bool, after: str = "", before: str = "") -> Page:
    """A page of lines, by the line's number. What is no number reads from the top."""
    start, end = _number(after), _number(before)
    rows = _rows(job, refused_only)
    if end and not start:
        found = list(rows.filter(line__lt=end).order_by("-line")[: PAGE + 1])
        shown = found[:PAGE][::-1]
        return _page(job, shown, newer=len(found) > PAGE, older=True)
    found = list(rows.filter(line__gt=start)[: PAGE + 1])
    return _page(job, found[:PAGE], newer=bool(start), older=len(found) > PAGE)


def _rows(job: TableJob, refused_only: bool) -> QuerySet[TableRow]:
    rows = TableRow.objects.filter(job=job).select_related("store").defer("tokens_sealed")
    return (rows.filter(state=REFUSED) if refused_only else rows).order_by("line")


def _page(job: TableJob, rows: Sequence[TableRow], *, newer: bool, older: bool) -> Page:
    return Page(
        [Line(one, job.kind) for one in rows],
        str(rows[0].line) if rows and newer else "",
        str(rows[-1].line) if rows and older else "",
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def report(job: TableJob, *, refused_only: bool = False) -> str:
    """The table's outcome as CSV that Excel opens; no cell of it can become a formula."""
    out = StringIO()
    out.write("\ufeff")  # by which Excel knows UTF-8
    writer = csv.writer(out)
    writer.writerow(_report_head())
    for one in lines(job, refused_only=refused_only):
        kind = str(wording.STORE_TYPES.get(one.store_type, one.store_type))
        told: list[Any] = [one.row.line, one.name, one.shop_id, kind, one.label]
        writer.writerow(map(_harmless, [*told, one.reason, one.next_step, one.code]))
    return out.getvalue()


def _report_head() -> list[str]:
    first = [_("line"), _("nickname"), _("shop id"), _("store type"), _("outcome")]
    return [*first, _("reason and remarks"), _("next step"), _("Temu's code")]


def _harmless(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
