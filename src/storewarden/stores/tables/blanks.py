"""Empty tables to fill in: the names of the columns and nothing else."""

import csv
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_csv(names: Sequence[str]) -> bytes:
    """With the mark by which Excel knows UTF-8."""
    out = StringIO()
    csv.writer(out).writerow(names)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(names: Sequence[str]) -> bytes:
    """Its columns have the format Text, so that Excel leaves a shop id as it is typed."""
    book, out = Workbook(), BytesIO()
    sheet = book.active
    sheet.append(list(names))
    for number, name in enumerate(names, start=1):
        column = sheet.column_dimensions[get_column_letter(number)]
        column.number_format, column.width = "@", max(18, 2 + 2 * len(name))
    book.save(out)
    return out.getvalue()


TEMPLATES: Mapping[str, tuple[str, Callable[[Sequence[str]], bytes]]] = {
    "csv": (CSV, as_csv),
    "xlsx": (XLSX, as_xlsx),
}
"""By how the file's name ends: its content type, and what makes it."""
