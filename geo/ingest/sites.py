"""Rows of a list of places where a checkpoint could stand, or of a plan's sites, understood."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from geo.crs import REGION
from geo.errors import FileRefused
from geo.ingest.account import Remark
from geo.ingest.checkpoints import CHECKPOINT_WORDS, kind_said
from geo.ingest.coordinates import Region
from geo.ingest.headers import Vocabulary
from geo.ingest.place_columns import PLACE_WORDS, require_place
from geo.ingest.problems import CellRefused, quoted
from geo.ingest.reading import Reading, read_rows, require_located
from geo.ingest.table import Row, Table
from geo.ingest.tabular import read_file, read_table
from geo.ingest.text import Cell, ascii_digits, cell_text, clean, is_blank, match_key

__all__ = ["MOST_ROWS", "SITE_WORDS", "SiteEntry", "read_sites", "site_file", "site_table"]

MOST_ROWS = 5_000
LONGEST_NAME = 200

_HEADINGS = {
    "name": "ชื่อสถานที่ | สถานที่ | จุดเสนอ | จุด | place | site | name of site | title",
    "cost": "งบประมาณ | ค่าใช้จ่าย | ต้นทุน | ราคา | cost | budget | price",
    "staff": "กำลังพล | จำนวนเจ้าหน้าที่ | เจ้าหน้าที่ | กำลังเจ้าหน้าที่ | จำนวนคน | staff | officers | personnel",
    "capacity": "ความสามารถรองรับ | รองรับได้ | ขีดความสามารถ | capacity",
    "mark": "เงื่อนไข | บังคับ | การเลือก | rule | mark | role | forced",
}
SITE_WORDS: Mapping[str, tuple[str, ...]] = (
    {"name": (*CHECKPOINT_WORDS["name"], *_HEADINGS["name"].split(" | ")), "kind": CHECKPOINT_WORDS["kind"]}
    | {name: tuple(words.split(" | ")) for name, words in _HEADINGS.items() if name != "name"}
    | PLACE_WORDS
)
"""Field to headings, the surest first."""

_MARKS = {
    "forced": "บังคับ ต้องมี ต้องเลือก ใช่ เลือก forced must always yes 1",
    "forbidden": "ห้าม ห้ามเลือก ไม่ใช้ งดใช้ forbidden never excluded",
    "": "ไม่ ไม่บังคับ อิสระ free no 0 candidate",
}
_MARK_OF = {match_key(word): mark for mark, words in _MARKS.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """One row; ``None`` where it does not say.

    Attributes
    ----------
    row
        Number of the row in the file.
    name
        May be empty.
    mark
        ``forced``, ``forbidden`` or empty.
    lon, lat
        Degrees, WGS 84.
    """

    row: int
    name: str
    kind: str | None
    cost: float | None
    staff: float | None
    capacity: float | None
    mark: str
    lon: float
    lat: float


def site_table(content: bytes, name: str) -> Table:
    """The rows of a CSV, XLSX or GeoJSON, not yet looked at one by one.

    Raises
    ------
    FileRefused
        ``file.*``: the file as a whole.
    """
    return _placed(read_table(content, name, Vocabulary(SITE_WORDS), least=1))


def site_file(path: Path) -> Table:
    """The same of a file; for the command line, GeoPackages too.

    Raises
    ------
    FileRefused
        ``file.*``: the file as a whole.
    """
    return _placed(read_file(path, Vocabulary(SITE_WORDS), least=1))


def _placed(table: Table) -> Table:
    require_place(table)
    return table


def read_sites(table: Table, *, region: Region = REGION) -> Reading[SiteEntry]:
    """Understand every row of a table.

    Rows are refused with ``site.number``, ``site.mark``, ``checkpoint.kind_unknown`` and ``row.*``; latitude and longitude
    that were put right are remarked.

    Raises
    ------
    FileRefused
        ``file.no_rows``; ``site.many_rows``; what reading rows refuses.
    """
    reading = read_rows(table, lambda row, remarks: _entry(table, row, region, remarks))
    if reading.read > MOST_ROWS:
        raise FileRefused("site.many_rows", most=MOST_ROWS)
    return reading


def _entry(table: Table, row: Row, region: Region, remarks: list[Remark]) -> SiteEntry:
    name = table.cell(row, "name")
    said = table.cell(row, "mark")
    if (mark := "" if is_blank(said) else _MARK_OF.get(match_key(cell_text(said)))) is None:
        raise CellRefused("site.mark", value=quoted(cell_text(said)))
    numbers = {
        field: _number(table.cell(row, field), table.labels.get(field, field))
        for field in ("cost", "staff", "capacity")
    }
    kind = kind_said(table.cell(row, "kind"))
    place = require_located(table, row, region, remarks)
    return SiteEntry(
        row=row.number,
        name="" if is_blank(name) else clean(cell_text(name))[:LONGEST_NAME],
        kind=kind,
        mark=mark,
        lon=place.lon,
        lat=place.lat,
        **numbers,
    )


def _number(cell: Cell, label: str) -> float | None:
    """A number of 0 or more, as people write it: thousands with commas, Thai digits."""
    if is_blank(cell):
        return None
    written = ascii_digits(cell_text(cell)).strip()
    plain = re.sub(r"(?<=\d),(?=\d{3}(?:\D|$))", "", written)
    try:
        number = float(plain)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise CellRefused("site.number", column=label, value=quoted(written))
    return number
