"""Tables of tokens: what each line asks for. No database, no network.

What is no table is refused as a whole (Refusal). A wrong line is a row with its
problems, as findings, and does not hold the other lines up.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from storewarden.marketplaces.base import Slot, StoreType, TokenKind
from storewarden.marketplaces.registry import marketplace
from storewarden.stores import naming, rules
from storewarden.stores.checking import Finding
from storewarden.stores.errors import Refusal
from storewarden.stores.tables import files as table_files
from storewarden.stores.tables.columns import (
    AREA,
    AREA_OF,
    CONNECT,
    NICKNAME,
    ORDER,
    SHOP,
    TOKEN_LIKE,
    TYPE,
    TYPE_OF,
    Header,
    known_name,
    masked,
    plain,
    printable,
)
from storewarden.stores.tables.files import DATE, FORMULA, NUMBER, Cell, GridRow
from storewarden.stores.tables.rules import is_mangled, is_shop_id
from storewarden.vault import Secret


@dataclass(frozen=True)
class Row:
    """What one line asks for. `problems`: why it cannot be done as it stands."""

    line: int
    nickname: str = ""
    shop_id: str = ""
    store_type: StoreType | None = None
    tokens: Mapping[Slot, Secret] = field(default_factory=dict)
    problems: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Table:
    """The rows of a table, and the names of the columns that are not read."""

    kind: str
    market: str
    rows: tuple[Row, ...]
    unread: tuple[str, ...] = ()


def read_text(kind: str, market: str, text: str) -> Table:
    """A pasted table. Raises Refusal."""
    return _table(kind, market, table_files.lines_of_text(text, known_name))


def read_file(kind: str, market: str, raw: bytes) -> Table:
    """A CSV or XLSX file. Raises Refusal."""
    return _table(kind, market, table_files.lines_of_file(raw, known_name))


def _table(kind: str, market: str, lines: Sequence[GridRow]) -> Table:
    if not lines:
        raise Refusal(
            "table_empty",
            _("There is nothing in the table."),
            _("Paste the lines with their header, or choose a file that has them."),
        )
    head = Header(kind, market, [cell.text for cell in lines[0].cells])
    if len(lines) == 1:
        raise Refusal(
            "table_header_only",
            _("The table has a header and no line below it."),
            _("Add a line for each store."),
        )
    rows = _without_repeats([_Line(head, one).row() for one in lines[1:]])
    return Table(kind, market, tuple(rows), head.unread)


def surplus(market: str, store_type: StoreType, slots: Iterable[Slot]) -> Slot | None:
    """A slot that a store of this type does not have."""
    known = marketplace(market).slots(store_type)
    return next((slot for slot in slots if slot not in known), None)


class _Line:
    """One line under a header, read into a row; what is wrong is collected."""

    def __init__(self, head: Header, line: GridRow) -> None:
        self.head, self.line = head, line.line
        self.problems: list[Finding] = []
        self.cells: dict[str, Cell] = {}
        self.given: set[Slot] = set()
        for place, cell in enumerate(line.cells):
            self._place(place, cell)

    def _place(self, place: int, cell: Cell) -> None:
        where = table_files.cell_name(place, self.line)
        if place >= len(self.head.columns):
            if cell.text or cell.fault:
                self._say("too_many_cells", cell=where)
        elif column := self.head.columns[place]:
            self.cells[column] = cell
            if cell.fault in (FORMULA, DATE):
                self._say(f"cell_is_{cell.fault}", cell=where)

    def row(self) -> Row:
        connecting = self.head.kind == CONNECT
        nickname = self._nickname() if connecting else self._name()
        shop_id = "" if connecting else self._shop_id()
        store_type = self._store_type() if connecting else None
        tokens = dict(self._tokens())
        if connecting:
            self._judge_slots(store_type)
        elif not self.problems:
            self._judge_renewal(tokens, named=bool(nickname or shop_id))
        return Row(self.line, nickname, shop_id, store_type, tokens, tuple(self.problems))

    def _say(self, cause: str, slot: Slot | None = None, **data: object) -> None:
        """Each cause once for a slot: the first place is enough to look there."""
        if all((one.cause, one.slot) != (cause, slot) for one in self.problems):
            self.problems.append(Finding(cause, slot, data=data))

    def _cell(self, column: str) -> Cell:
        return self.cells.get(column, Cell(""))

    def _is_misread(self, column: str) -> bool:
        """A formula or a date: said already, and there is nothing to read."""
        return self._cell(column).fault in (FORMULA, DATE)

    def _text(self, column: str) -> str:
        return "" if self._is_misread(column) else self._cell(column).text

    def _nickname(self) -> str:
        text = self._text(NICKNAME)
        if TOKEN_LIKE.search(text):
            self._say("nickname_is_token")
        elif not self._is_misread(NICKNAME):
            try:
                return naming.clean_nickname(text)
            except Refusal as no:
                self._say(no.cause)
        return masked(text)

    def _name(self) -> str:
        """The nickname or shop id of a store that is there; it is looked up later."""
        text = printable(" ".join(self._text(NICKNAME).split()))
        if TOKEN_LIKE.search(text):
            self._say("nickname_is_token")
        return text if len(text) <= naming.LONGEST_NICKNAME else masked(text)

    def _shop_id(self) -> str:
        text = self._text(SHOP).removeprefix("'")
        if is_mangled(text) or self._cell(SHOP).fault == NUMBER:
            self._say("shop_id_mangled", value=masked(text))
        elif text and not is_shop_id(text):
            self._say("shop_id_unfit", value=masked(text))
        return masked(text)

    def _store_type(self) -> StoreType | None:
        text = self._text(TYPE)
        found = TYPE_OF.get(plain(text))
        if text and found is None:
            self._say("type_unknown", value=masked(text))
        elif not text and not self._is_misread(TYPE):
            self._say("type_missing")
        return found

    def _tokens(self) -> Iterator[tuple[Slot, Secret]]:
        for column in self.head.tokens:
            slot = self._slot(column) if self._cell(column).text else None
            if slot is None:
                continue
            if slot in self.given:
                self._say("slot_twice", slot)
            self.given.add(slot)
            token = self._token(slot, self._text(column))
            if token is not None:
                yield slot, token

    def _slot(self, column: str) -> Slot | None:
        """The slot of a column; that of a plain “order token” stands in the column “area”."""
        if column != ORDER:
            return self.head.slots[column]
        text = self._text(AREA)
        slot = self.head.slots.get(f"{TokenKind.ORDER}:{AREA_OF.get(plain(text), '')}")
        if text and slot is None:
            self._say("area_unfit", value=masked(text))
        elif slot is None and not self._is_misread(AREA):
            self._say("area_missing")
        return slot

    def _token(self, slot: Slot, text: str) -> Secret | None:
        try:
            return naming.clean_token(self.head.market, text)
        except Refusal as no:
            self._say(no.cause, slot)
            return None

    def _judge_slots(self, store_type: StoreType | None) -> None:
        """Which token a store of this type needs, or does not have."""
        if store_type is None:
            return
        for kind in rules.required_kinds(store_type):
            if all(slot.kind is not kind for slot in self.given):
                self.problems.append(Finding("token_required", data={"kind": kind}))
        if unfit := surplus(self.head.market, store_type, self.given):
            self._say("slot_surplus", unfit)

    def _judge_renewal(self, tokens: Mapping[Slot, Secret], *, named: bool) -> None:
        if not named:
            self._say("store_missing")
        if not tokens:
            self._say("no_token")


def _without_repeats(rows: Iterable[Row]) -> Iterator[Row]:
    """What stands in a line already is wrong in a later one."""
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        problems = list(row.problems)
        for what, slot, value in _marks(row):
            line = first.setdefault((what, value), 0)
            if line:
                problems.append(Finding(f"{what}_repeated", slot, data={"line": line}))
            else:
                first[what, value] = row.line
        yield replace(row, problems=tuple(problems))


def _marks(row: Row) -> Iterator[tuple[str, Slot | None, str]]:
    """What must not stand in a table twice."""
    if row.nickname:
        yield "nickname", None, row.nickname.casefold()
    if row.shop_id:
        yield "shop_id", None, row.shop_id
    for slot, token in row.tokens.items():
        yield "token", slot, token.reveal()
