"""Positions of patrols from the files of their devices: GPX, GeoJSON, CSV, XLSX."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from geo.crs import REGION
from geo.errors import FileRefused
from geo.ingest import tabular, track_features
from geo.ingest.account import Remark
from geo.ingest.agencies import AgencyWords
from geo.ingest.coordinates import Region
from geo.ingest.dates import BANGKOK, EARLIEST, parse_when
from geo.ingest.gpx import GpxPoint, read_gpx
from geo.ingest.headers import Vocabulary
from geo.ingest.place_columns import PLACE_WORDS, require_place
from geo.ingest.problems import CellRefused, quoted
from geo.ingest.reading import Reading, read_rows, require_located
from geo.ingest.table import Row, Table, limited
from geo.ingest.text import Cell, cell_text, clean, is_blank
from geo.model.track import PatrolFix

__all__ = ["FIX_WORDS", "fix_table", "read_fixes"]

MAX_NAME = 200
AHEAD = timedelta(minutes=10)
"""A receiver's clock may be a little fast; a fix later than that comes from a wrong clock."""

_WORDS = {
    "patrol": "รหัสการลาดตระเวน | รหัสลาดตระเวน | เลขที่ลาดตระเวน | เที่ยวลาดตระเวน | patrol id | patrol no | "
    "patrol number | trip id | track id",
    "unit": "ชุดลาดตระเวน | ชุดปฏิบัติการ | ชื่อชุด | ชุด | หน่วย | หน่วยลาดตระเวน | team | unit name | team name | "
    "call sign | name",
    "agency": "หน่วยงาน | ต้นสังกัด | สังกัด | organisation | organization",
    "date": "วันที่บันทึก | วันที่ | ว/ด/ป | วันเดือนปี | fix date | gps date",
    "time": "วันเวลาที่บันทึก | เวลาที่บันทึก | วันที่และเวลา | วันเวลา | วัน/เวลา | เวลา | fix time | gps time | "
    "timestamp | datetime | date time | recorded at | utc time",
    "track": "หมายเลขแทร็ก | track number",
}
FIX_WORDS = {name: tuple(words.split(" | ")) for name, words in _WORDS.items()} | PLACE_WORDS
"""Field to headings, the surest first."""

_ENDINGS = (".gpx", ".geojson", ".json", ".csv", ".txt", ".tsv", ".xlsx", ".xlsm")
_GPX_COLUMNS = ("unit", "time", "lat", "lon", "track")
_GPX_TROUBLE = {"route": "track.route_point", "waypoint": "track.waypoint"}


def fix_table(path: Path, given: Mapping[str, str] | None = None) -> Table:
    """The rows of a file, one a position, not yet looked at one by one.

    Parameters
    ----------
    given
        Heading to field, for headings that are not known.

    Raises
    ------
    FileRefused
        ``file.*``, ``track.*`` with what is wrong with the file as a whole; also while rows are taken.
    """
    vocabulary = Vocabulary(FIX_WORDS, given)
    ending = path.suffix.lower()
    data = tabular.read_bytes(path)
    if ending == ".gpx":
        if not data.strip():
            raise FileRefused("file.empty")
        return _gpx_table(data)
    if ending not in _ENDINGS:
        raise FileRefused("file.type_unknown", ending=ending or "-", endings=" ".join(_ENDINGS))
    kind = tabular.kind_of(path.name, data)
    if kind == "geojson":
        return track_features.read(data, vocabulary)
    try:
        table = tabular.read_table(data, path.name, vocabulary)
    except FileRefused as refused:
        if refused.code != "file.no_header":
            raise
        raise FileRefused("track.no_header", **refused.params) from refused
    if "date" not in table.columns:
        table.require("time")
    require_place(table)
    return table


def _gpx_table(data: bytes) -> Table:
    columns = {name: index for index, name in enumerate(_GPX_COLUMNS)}
    return Table(_GPX_COLUMNS, columns, limited(map(_gpx_row, read_gpx(data))), "gpx")


def _gpx_row(point: GpxPoint) -> Row:
    cells = (point.name, point.time, point.lat, point.lon, point.track)
    return Row(point.number, cells, _GPX_TROUBLE.get(point.kind, ""))


def read_fixes(
    table: Table, agencies: AgencyWords, *, region: Region = REGION, now: datetime | None = None
) -> Reading[PatrolFix]:
    """Understand every row of a table. A time without a zone is Bangkok's; in GPX it is UTC, as GPX says.

    Rows are refused with ``track.no_time``, ``track.no_clock``, ``track.future``, ``track.route_point``,
    ``track.waypoint`` and ``row.*``; latitude and longitude that were put right are remarked.

    Raises
    ------
    FileRefused
        ``file.no_rows``; what reading rows refuses.
    """
    moment = now or datetime.now(UTC)
    return read_rows(table, lambda row, remarks: _fix(table, row, agencies, region, moment, remarks))


def _fix(
    table: Table, row: Row, agencies: AgencyWords, region: Region, now: datetime, remarks: list[Remark]
) -> PatrolFix:
    at = _moment(table, row, now, UTC if table.kind == "gpx" else BANGKOK)
    agency = agencies.code(table.cell(row, "agency"))
    place = require_located(table, row, region, remarks)
    track = table.cell(row, "track")
    return PatrolFix(
        row=row.number,
        patrol=_name(table.cell(row, "patrol")),
        unit=_name(table.cell(row, "unit")),
        agency=agency,
        at=at,
        lon=place.lon,
        lat=place.lat,
        track=track if isinstance(track, int) else 0,
    )


def _name(cell: Cell) -> str:
    return "" if is_blank(cell) else clean(cell_text(cell))[:MAX_NAME]


def _moment(table: Table, row: Row, now: datetime, zone: tzinfo) -> datetime:
    day, clock = table.cell(row, "date"), table.cell(row, "time")
    if is_blank(day):
        day, clock = clock, None
    if is_blank(day):
        raise CellRefused("track.no_time")
    at = _iso(day, zone) if clock is None else None
    if at is None:
        when = parse_when(day, clock, now=now, epoch=table.epoch)
        if when.day_only:
            raise CellRefused("track.no_clock", value=quoted(cell_text(day)))
        at = when.at
    if at > now + AHEAD:
        raise CellRefused("track.future", value=quoted(cell_text(day)))
    return at


def _iso(cell: Cell, zone: tzinfo) -> datetime | None:
    """A moment as devices write it, fractions of a second too; nothing where a person may have written it."""
    if not isinstance(cell, str) or len(cell) < 16 or cell[10] not in "T ":
        return None
    try:
        at = datetime.fromisoformat(cell.strip())
    except ValueError:
        return None
    if not EARLIEST.year <= at.year < 2400:
        return None
    return at if at.tzinfo else at.replace(tzinfo=zone)
