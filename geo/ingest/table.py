"""Rows of cells as every kind of file gives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from geo.errors import FileRefused
from geo.ingest.dates import EXCEL_EPOCH
from geo.ingest.headers import Vocabulary, seen
from geo.ingest.limits import HEADER_ROWS, MAX_COLUMNS, MAX_ROWS
from geo.ingest.text import Cell, cell_text, clean

__all__ = [
    "GEOMETRY",
    "Row",
    "Table",
    "best_header",
    "headings_of",
    "limited",
    "refuse_header",
    "says_nothing",
]

GEOMETRY = "geometry"
"""Heading of the column into which GeoJSON and GeoPackage put a feature's point, as WKT in WGS 84."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet shows it (features: counted from 1), and its cells.

    ``trouble`` is the code of what is wrong with the row as a whole, for example ``row.too_many_cells``.
    """

    number: int
    cells: tuple[Cell, ...]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Headings, which column holds which field, and the rows, read as they are taken (once).

    Attributes
    ----------
    headings
        As written in the file, cleaned.
    columns
        Field to column index.
    rows
        Those that say something; blank ones are left out.
    kind
        ``csv``, ``xlsx``, ``geojson`` or ``gpkg``.
    detail
        Encoding of a CSV, name of the sheet or layer.
    other_sheets
        Sheets or layers that were not read.
    epoch
        Day 0 of the workbook's numbers.
    labels
        Field to what a sentence calls it.
    """

    headings: tuple[str, ...]
    columns: dict[str, int]
    rows: Iterator[Row]
    kind: str
    detail: str = ""
    other_sheets: tuple[str, ...] = ()
    epoch: date = EXCEL_EPOCH
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def unused(self) -> tuple[str, ...]:
        """Headings of the columns that no field was read from."""
        used = set(self.columns.values())
        return tuple(heading for index, heading in enumerate(self.headings) if heading and index not in used)

    def cell(self, row: Row, name: str) -> Cell:
        """The cell of field ``name``, ``None`` where the file has no such column."""
        index = self.columns.get(name)
        if index is None or index >= len(row.cells):
            return None
        cell = row.cells[index]
        # The apostrophe keeps a spreadsheet from computing the cell; our lists of rejects put it there too.
        if isinstance(cell, str) and cell[:1] == "'" and cell[1:2] in tuple("=+-@\t"):
            return cell[1:]
        return cell

    def require(self, *fields: str) -> None:
        """Refuse where a field has no column (``file.missing_columns`` with ``fields`` and ``seen``)."""
        missing = [self.labels.get(name, name) for name in fields if name not in self.columns]
        if missing:
            raise FileRefused("file.missing_columns", fields=", ".join(missing), seen=seen(self.headings))


def says_nothing(cells: Sequence[Cell]) -> bool:
    """True where all cells are empty or spaces."""
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def best_header(rows: Iterable[Sequence[Cell]], vocabulary: Vocabulary) -> tuple[int, int]:
    """Index of the row that names most fields, and how many (0 where none does)."""
    best = (0, 0)
    for index, cells in enumerate(rows):
        if index >= HEADER_ROWS:
            break
        count = len(vocabulary.assign(cells))
        if count > best[1]:
            best = (index, count)
    return best


def refuse_header(rows: Sequence[Sequence[Cell]]) -> FileRefused:
    """The error for a file in which no row of headings was recognised."""
    first = next((cells for cells in rows if not says_nothing(cells)), ())
    return FileRefused("file.no_header", rows=HEADER_ROWS, seen=seen(first))


def headings_of(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Headings cleaned, empty ones at the end left out.

    Raises
    ------
    FileRefused
        ``file.too_many_columns``.
    """
    names = [clean(cell_text(cell)) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise FileRefused("file.too_many_columns", limit=MAX_COLUMNS)
    return tuple(names)


def limited(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows that say something, refused when they are too many (``file.too_many_rows``)."""
    for count, row in enumerate((row for row in rows if row.trouble or not says_nothing(row.cells)), 1):
        if count > MAX_ROWS:
            raise FileRefused("file.too_many_rows", limit=MAX_ROWS)
        yield row
