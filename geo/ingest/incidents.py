"""Rows of an incident sheet, understood: incidents to write, and an account of every row that is not plain.

A row needs a crime type, a date, and a place: a usable point, or a stated district. Where the point cannot be
used but a district is stated, the row is taken without a point and that is remarked. What only adds to an
incident (time of day, state, channel, date of reporting) never costs the row: it is left out, and remarked.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from geo.crs import REGION
from geo.errors import FileRefused
from geo.ingest.account import Refusal, Remark
from geo.ingest.columns import INCIDENT_WORDS
from geo.ingest.coordinates import Region
from geo.ingest.crime_words import CrimeWords
from geo.ingest.dates import BANGKOK, When, date_order, parse_when
from geo.ingest.district_words import DistrictWords
from geo.ingest.headers import Vocabulary
from geo.ingest.limits import MAX_CELL
from geo.ingest.places import locate
from geo.ingest.problems import CellRefused, quoted
from geo.ingest.state_words import channel_of, status_of
from geo.ingest.table import Row, Table
from geo.ingest.text import Cell, cell_text, clean, is_blank
from geo.model import Channel, Status
from geo.model.new_incident import NewIncident

__all__ = ["IncidentRules", "Reading", "incident_vocabulary", "read_incidents"]


@dataclass(frozen=True, slots=True)
class IncidentRules:
    """How cells are to be understood.

    Attributes
    ----------
    crimes, districts
        The words for the crime types and districts of the store.
    channel
        Taken where the file names none.
    type_for_unknown
        Code of the crime type for words that no crime type answers to; empty: such rows are refused.
    region
        Box in which points are accepted.
    month_first
        Dates such as 07/14/2026 are written month first.
    now
        Moment against which "in the future" is judged.
    """

    crimes: CrimeWords
    districts: DistrictWords
    channel: Channel = Channel.COORDINATOR
    type_for_unknown: str = ""
    region: Region = REGION
    month_first: bool = False
    now: datetime = field(default_factory=lambda: datetime.now(BANGKOK))


@dataclass(frozen=True, slots=True)
class Reading:
    """All rows of a table: ``read`` = ``len(incidents)`` + ``len(refused)``."""

    read: int
    incidents: list[NewIncident]
    refused: list[Refusal]
    remarks: list[Remark]
    rows: dict[int, Row]


def incident_vocabulary(given: dict[str, str] | None = None) -> Vocabulary:
    """The headings of an incident sheet, and those that the user named."""
    return Vocabulary(INCIDENT_WORDS, given)


def read_incidents(table: Table, rules: IncidentRules) -> Reading:
    """Understand every row of a table.

    Raises
    ------
    FileRefused
        ``file.missing_columns``, ``file.no_rows``, ``file.type_for_unknown``; what reading rows refuses.
    """
    if rules.type_for_unknown and rules.type_for_unknown not in rules.crimes.codes:
        codes = ", ".join(sorted(rules.crimes.codes))
        raise FileRefused("file.type_for_unknown", code_given=rules.type_for_unknown, codes=codes)
    table.require("crime_type", "occurred_at")
    if not _has_place(table):
        table.require("position")
    rows = list(table.rows)
    if not rows:
        raise FileRefused("file.no_rows")
    doubtful = not rules.month_first and _mostly_month_first(table, rows)
    reading = Reading(len(rows), [], [], [], {row.number: row for row in rows})
    for row in rows:
        one = _RowReader(table, row, rules, doubtful)
        try:
            reading.incidents.append(one.incident())
        except CellRefused as refused:
            reading.refused.append(Refusal(row, refused.code, refused.params))
        else:
            reading.remarks.extend(one.remarks)
    return reading


def _has_place(table: Table) -> bool:
    ways = ({"lat", "lon"}, {"position"}, {"easting", "northing"}, {"geometry"}, {"district"})
    return any(way <= table.columns.keys() for way in ways)


def _mostly_month_first(table: Table, rows: list[Row]) -> bool:
    """True where a column's clear dates are month first: then 07/05/2026 in it must not be read as 7 May."""
    orders = Counter(date_order(table.cell(row, "occurred_at")) for row in rows)
    return orders["month"] > orders["day"]


class _RowReader:
    """One row on its way to an incident; ``remarks`` gathers what was left out or put right."""

    def __init__(self, table: Table, row: Row, rules: IncidentRules, doubtful: bool) -> None:
        self.table, self.row, self.rules, self.doubtful = table, row, rules, doubtful
        self.remarks: list[Remark] = []

    def incident(self) -> NewIncident:
        """The incident of this row; refused with `CellRefused` where it has none."""
        if self.row.trouble:
            raise CellRefused(self.row.trouble)
        if any(isinstance(cell, str) and len(cell) > MAX_CELL for cell in self.row.cells):
            raise CellRefused("row.cell_too_long", limit=MAX_CELL)
        types = self._types()
        when = self._when()
        lon, lat, district, unread = self._place()
        title, description = self._text("title", lines=True), self._text("description", lines=True)
        return NewIncident(
            row=self.row.number,
            crime_type=types[0],
            other_types=types[1:],
            occurred_at=when.at,
            day_only=when.day_only,
            reported_at=self._reported(when),
            status=self._status(),
            channel=self._channel(),
            district=district,
            location_note=self._location_note(unread),
            lon=lon,
            lat=lat,
            description="\n".join(part for part in (title, description) if part),
            source_id=self._text("source_id"),
        )

    def _cell(self, name: str) -> Cell:
        return self.table.cell(self.row, name)

    def _text(self, name: str, *, lines: bool = False) -> str:
        cell = self._cell(name)
        return "" if is_blank(cell) else clean(cell_text(cell), lines=lines)

    def _remark(self, code: str, because: CellRefused | None = None, **params: object) -> None:
        self.remarks.append(Remark(self.row, code, params, because))

    def _types(self) -> tuple[str, ...]:
        written = self._text("crime_type", lines=True)
        named = self.rules.crimes.find(written)
        if named.codes:
            if named.unknown:
                self._remark("type_part_unknown", value=quoted(", ".join(named.unknown)))
            return named.codes
        if not named.unknown:
            raise CellRefused("row.type_missing")
        if not self.rules.type_for_unknown:
            raise CellRefused("row.type_unknown", value=quoted(written))
        self._remark("type_replaced", value=quoted(written), type=self.rules.type_for_unknown)
        return (self.rules.type_for_unknown,)

    def _when(self) -> When:
        cell, clock = self._cell("occurred_at"), self._cell("occurred_time")
        if self.doubtful and date_order(cell) == "either":
            raise CellRefused("row.date_order_doubtful", value=quoted(cell_text(cell)))
        try:
            return self._parse_when(cell, clock)
        except CellRefused as refused:
            if refused.code != "row.time_unreadable":
                raise
            self._remark("time_left_out", refused)
            return self._parse_when(cell)

    def _parse_when(self, cell: Cell, clock: Cell = None) -> When:
        return parse_when(cell, clock, now=self.rules.now, month_first=self.rules.month_first, epoch=self.table.epoch)

    def _reported(self, when: When) -> datetime:
        # Where a file does not say when something was told, no later moment is invented.
        cell = self._cell("reported_at")
        if is_blank(cell):
            return when.at
        try:
            reported = self._parse_when(cell)
        except CellRefused as refused:
            self._remark("reported_left_out", refused)
            return when.at
        if reported.at.date() < when.at.date():
            self._remark("reported_before_occurred", value=quoted(cell_text(cell)))
        return reported.at

    def _status(self) -> Status:
        written = self._text("status")
        found = status_of(written) if written else Status.RECEIVED
        if found is None:
            self._remark("status_unknown", value=quoted(written))
        return found or Status.RECEIVED

    def _channel(self) -> Channel:
        written = self._text("channel")
        found = channel_of(written) if written else self.rules.channel
        if found is None:
            self._remark("channel_unknown", value=quoted(written))
        return found or self.rules.channel

    def _place(self) -> tuple[float | None, float | None, str | None, str]:
        """Longitude, latitude, stated district, and the words for a district that was not understood."""
        district, district_refused, point_refused, fix = None, None, None, None
        try:
            district = self.rules.districts.find(self._cell("district"), self._cell("province"))
        except CellRefused as refused:
            district_refused = refused
        try:
            fix = locate(self.table, self.row, self.rules.region)
        except CellRefused as refused:
            point_refused = refused
        if fix is None:
            if district is None:
                raise point_refused or district_refused or CellRefused("row.place_missing")
            if point_refused:
                self._remark("point_left_out", point_refused)
            return None, None, district, ""
        if fix.correction:
            self._remark(fix.correction, lat=f"{fix.lat:.5f}", lon=f"{fix.lon:.5f}")
        if district_refused:
            self._remark("district_left_out", district_refused)
        unread = f"{self._text('district')} {self._text('province')}".strip() if district_refused else ""
        return fix.lon, fix.lat, district, unread

    def _location_note(self, unread: str) -> str:
        parts = [self._text("place_note")]
        for name in ("village", "subdistrict"):
            value = self._text(name)
            if value:
                # "5" says nothing without its heading, "บ้านหม้อ" does.
                heading = self.table.headings[self.table.columns[name]]
                parts.append(f"{heading} {value}" if len(value) < 4 or value[0].isdigit() else value)
        return ", ".join(part for part in (*parts, unread) if part)
