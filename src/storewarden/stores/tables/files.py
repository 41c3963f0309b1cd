"""A pasted text, a CSV or an XLSX file → lines of cells, with the number of each line.

What is no table is refused with a sentence. Cells may hold tokens, so no text of
a cell goes into an error or a `repr`.
"""

import csv
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from io import BytesIO, StringIO
from itertools import islice
from string import ascii_uppercase
from typing import Any
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from storewarden.stores.errors import Refusal

MOST_BYTES = 5_000_000
MOST_ROWS = 1_000
MOST_COLUMNS = 60
# Of an XLSX: rows that are looked at, empty ones included, and what it may unpack to.
MOST_SHEET_ROWS = 50_000
MOST_UNPACKED = 30_000_000
MOST_PARTS = 2_000
EXACT_BELOW = 10**15
"""Excel keeps 15 digits of a number; a greater one has lost its last digits."""

FORMULA, NUMBER, DATE = "formula", "number", "date"
SEPARATORS = "\t;,"
SEPARATOR_LINE = re.compile(r'"?sep=([\t;,|])"?\s*', re.IGNORECASE)
MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
warnings.filterwarnings("ignore", module="openpyxl")  # about parts of a workbook that nobody reads

Knows = Callable[[str], bool]
"""Whether a text is the name of a column, which tells the separators apart."""


@dataclass(frozen=True)
class Cell:
    """A cell's text; `fault`: it is a formula, or Excel turned it into a number or a date."""

    text: str = field(repr=False)
    fault: str = ""


@dataclass(frozen=True)
class GridRow:
    """One line that is not blank."""

    line: int
    cells: tuple[Cell, ...] = field(repr=False)


def lines_of_text(text: str, knows: Knows) -> list[GridRow]:
    """The lines of a pasted text. Raises Refusal."""
    if len(text) > MOST_BYTES:
        raise too_large()
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise Refusal(
            "table_nul",
            _("Line %(line)d has a NUL character in it, so this is no table.") % {"line": line},
            _("Save the table as CSV or XLSX again."),
        )
    return _kept(_csv_rows(text.removeprefix("\ufeff"), knows))


def lines_of_file(raw: bytes, knows: Knows) -> list[GridRow]:
    """The lines of a CSV or XLSX file; its content says which of the two. Raises Refusal."""
    if len(raw) > MOST_BYTES:
        raise too_large()
    if raw.startswith(OLE):
        raise Refusal(
            "table_old_excel",
            _("This is an old .xls file, or one with a password; neither can be read."),
            _("Save it in Excel as .xlsx, without a password, or as CSV."),
        )
    if raw.startswith(ZIP):
        return _kept(_xlsx_rows(raw))
    return lines_of_text(_decoded(raw), knows)


def too_large() -> Refusal:
    return Refusal(
        "table_too_large",
        _("The table is larger than 5 MB."),
        _("1,000 stores need less than 1 MB: take out what is no table, or split it."),
    )


def _kept(rows: Iterator[GridRow]) -> list[GridRow]:
    """Without blank lines; the first is the header, after it at most 1,000."""
    filled = (row for row in rows if any(cell.text or cell.fault for cell in row.cells))
    found = list(islice(filled, MOST_ROWS + 2))
    if len(found) > MOST_ROWS + 1:
        raise too_many()
    return found


def too_many() -> Refusal:
    return Refusal(
        "table_too_long",
        _("The table has more than 1,000 lines."),
        _("Split it, and hand in one part after the other."),
    )


# -- text


def _decoded(raw: bytes) -> str:
    """Excel saves CSV as UTF-8 with a mark, UTF-16, or in China GB18030."""
    for mark, name in MARKS:
        if raw.startswith(mark):
            return _by(raw, name)
    if b"\x00" in raw:
        big_end = raw[::2].count(0) > raw[1::2].count(0)
        return _by(raw, "utf-16-be" if big_end else "utf-16-le")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _by(raw, "gb18030")


def _by(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        raise Refusal(
            "table_no_text",
            _("This is no table: neither XLSX, nor text in UTF-8, UTF-16 or GB18030."),
            _("In Excel choose Save as, then “CSV UTF-8” or “Excel workbook (.xlsx)”."),
        ) from None


def _csv_rows(text: str, knows: Knows) -> Iterator[GridRow]:
    separator, skipped = _separator(text, knows)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    before = 0
    try:
        for number, cells in enumerate(reader):
            if number >= skipped:
                yield GridRow(before + 1, tuple(map(_text_cell, cells[:MOST_COLUMNS])))
            before = reader.line_num
    except csv.Error:
        raise Refusal(
            "table_broken_quotes",
            _(
                "Line %(line)d cannot be read: a quotation mark in it is stray or not closed, "
                "or a cell of it is too long."
            )
            % {"line": before + 1},
            _("Take the quotation mark out, or save the table as XLSX."),
        ) from None


def _separator(text: str, knows: Knows) -> tuple[str, int]:
    """The separator under which most column names are known; `sep=;` of Excel's is obeyed."""
    told = SEPARATOR_LINE.fullmatch(next(StringIO(text), ""))
    if told:
        return told[1], 1
    first = next((line for line in StringIO(text) if line.strip()), "")
    known = {one: sum(map(knows, first.split(one))) for one in SEPARATORS}
    return max(SEPARATORS, key=lambda one: known[one]), 0


def _text_cell(text: str) -> Cell:
    stripped = text.strip()
    return Cell(stripped, FORMULA if stripped.startswith("=") else "")


# -- XLSX


def _xlsx_rows(raw: bytes) -> Iterator[GridRow]:
    """The first sheet. zipfile and openpyxl meet broken files with any error there is."""
    from openpyxl import load_workbook  # late: few need it

    try:
        _refuse_bombs(raw)
        book = load_workbook(BytesIO(raw), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its size need not be so
        rows = sheet.iter_rows(max_col=MOST_COLUMNS)
        for line, cells in enumerate(rows, start=1):
            if line > MOST_SHEET_ROWS:
                raise too_many()
            yield GridRow(line, tuple(map(_sheet_cell, cells)))
    except Refusal:
        raise
    except Exception:  # noqa: BLE001  # see above; none of them says what a person could use
        raise _no_xlsx() from None


def _no_xlsx() -> Refusal:
    return Refusal(
        "table_no_xlsx",
        _("This file is no XLSX workbook that can be read."),
        _("Open it in Excel and save it as “Excel workbook (.xlsx)”, or as CSV UTF-8."),
    )


def _sheet_cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return Cell("")
    if cell.data_type in ("f", "e") or (isinstance(value, str) and value.startswith("=")):
        return Cell("=", FORMULA)
    if isinstance(value, date | time | timedelta):
        return Cell(str(value), DATE)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number_cell(value)
    return Cell(str(value).replace("\x00", "").strip())


def _number_cell(value: float) -> Cell:
    """A whole number of up to 15 digits is exact, whatever Excel shows."""
    if value == value // 1 and abs(value) < EXACT_BELOW:
        return Cell(str(int(value)))
    return Cell(f"{value:.6G}", NUMBER)


def _refuse_bombs(raw: bytes) -> None:
    """By what the parts declare, which `ZipFile` never exceeds, and without entities of XML."""
    with ZipFile(BytesIO(raw)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED:
            raise too_large()
        if any(one.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for one in parts):
            raise _no_xlsx()
        for part in parts:
            if part.filename.lower().endswith((".xml", ".rels")):
                _refuse_doctype(archive, part)


class _PrologEndsError(Exception):
    pass


def _refuse_doctype(archive: ZipFile, part: ZipInfo) -> None:
    """A document type could define entities that grow without end; a workbook has none."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _doctype
    parser.StartElementHandler = _element
    with archive.open(part) as stream, suppress(_PrologEndsError):
        parser.ParseFile(stream)


def _doctype(*_told: object) -> None:
    raise _no_xlsx()


def _element(*_told: object) -> None:
    raise _PrologEndsError


def cell_name(column: int, line: int) -> str:
    """As Excel calls it: B3, AB3."""
    high, low = divmod(column, 26)
    return f"{ascii_uppercase[high - 1] if high else ''}{ascii_uppercase[low]}{line}"
