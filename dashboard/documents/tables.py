"""Tables that are taken away: CSV and XLSX, written row by row, all words safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import IO, Any, TypeAlias

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import ALL_TEMP_FILES

from dashboard.i18n.dates import local
from dashboard.spreadsheet import safe_cell

__all__ = ["FORMS", "MOST", "Cell", "Table", "write", "write_book"]

Cell: TypeAlias = str | int | float | datetime | date | None
MOST = {"csv": 1_000_000, "xlsx": 50_000}
"""Rows of one file. A workbook of more takes minutes to write and longer to open."""
FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Media types."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds.

    Attributes
    ----------
    title
        Name of the workbook's sheet.
    about
        Label and words of each thing that must be known of it: what it is, the filter, as of when.
    about_title
        Name of the sheet that says so.
    heads
        Names of the columns with their widths in letters.
    rows
        Cells; times are aware and written on a clock in Bangkok. Read once.
    """

    title: str
    about: Sequence[tuple[str, str]]
    about_title: str
    heads: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Cell]]


def write(table: Table, form: str, out: IO[bytes]) -> int:
    """Write a table in one of `FORMS`; how many rows it has. No more than one row is held at a time."""
    return _write_csv(table, out) if form == "csv" else _write_xlsx(table, out)


@lru_cache(20_000)
def _kept(text: str) -> str:
    return safe_cell(text)


def _safe(text: str) -> str:
    return _kept(text) if len(text) < 60 else safe_cell(text)


def _written(cell: Cell) -> str | int | float:
    if isinstance(cell, str):
        return _safe(cell)
    if isinstance(cell, datetime):
        return f"{local(cell):%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else cell


def _write_csv(table: Table, out: IO[bytes]) -> int:
    """UTF-8 with a byte order mark, by which Excel knows it. What the table is stands above it, and an empty line between."""
    stream = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=False)
    writer = csv.writer(stream)
    writer.writerows([_safe(label), _safe(words)] for label, words in table.about)
    writer.writerow([])
    writer.writerow([_safe(head) for head, _ in table.heads])
    n = 0
    for row in table.rows:
        writer.writerow([_written(cell) for cell in row])
        n += 1
    stream.flush()
    stream.detach()
    return n


def _write_xlsx(table: Table, out: IO[bytes]) -> int:
    """The rows on the first sheet, under heads that stay in sight; what the table is on the second."""
    return write_book([table], out)


def write_book(tables: Sequence[Table], out: IO[bytes]) -> int:
    """Write tables as sheets of one workbook, and what they are, as the first of them says it, on the last; how many rows."""
    book = Workbook(write_only=True)
    try:
        n = sum(_fill(book, table) for table in tables)
        _tell(book, tables[0])
        book.save(out)
    except BaseException:
        _throw_away(book)
        raise
    return n


def _throw_away(book: Workbook) -> None:
    """A workbook that is not saved leaves its rows in a file behind, unless it is told."""
    for sheet in book.worksheets:  # private, as openpyxl has no word for it
        writer = getattr(sheet, "_writer", None)
        if writer is not None and writer.out in ALL_TEMP_FILES:
            if not getattr(sheet, "closed", True):
                sheet.close()
            writer.cleanup()


def _fill(book: Workbook, table: Table) -> int:
    sheet = book.create_sheet(_sheet_name(table.title))
    sheet.freeze_panes = "A2"
    for number, (_, width) in enumerate(table.heads, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    heads = []
    for head, _ in table.heads:
        cell = WriteOnlyCell(sheet, _safe(head))
        cell.font = Font(bold=True)
        heads.append(cell)
    sheet.append(heads)
    n = 0
    for row in table.rows:
        sheet.append([_in_book(sheet, cell) for cell in row])
        n += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.heads))}{n + 1}"
    return n


def _tell(book: Workbook, table: Table) -> None:
    about = book.create_sheet(_sheet_name(table.about_title))
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 24, 100
    for label, words in table.about:
        about.append([_safe(label), _safe(words)])


def _in_book(sheet: Any, cell: Cell) -> object:
    if isinstance(cell, str):
        return _safe(cell)
    if isinstance(cell, datetime):
        return _dated(sheet, local(cell).replace(tzinfo=None), "yyyy-mm-dd hh:mm")
    if isinstance(cell, date):
        return _dated(sheet, cell, "yyyy-mm-dd")
    return cell


def _dated(sheet: Any, value: Any, shown: str) -> object:
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = shown
    return cell


def _sheet_name(title: str) -> str:
    """At most 31 letters, none of which a workbook forbids."""
    return "".join(letter for letter in title if letter not in "[]:*?/\\'")[:31]
