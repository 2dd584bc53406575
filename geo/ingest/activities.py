"""A list of activities as offices keep them: headings in Thai or English, one activity a row, people in columns by role and sex."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TypeVar

from geo.ingest import tabular
from geo.ingest.account import Remark
from geo.ingest.activity_words import ACTIVITY_WORDS, KIND_OF, SEXES, STATE_OF
from geo.ingest.agencies import AgencyWords
from geo.ingest.dates import BANGKOK, When, parse_time, parse_when
from geo.ingest.district_words import DistrictWords
from geo.ingest.headers import Vocabulary
from geo.ingest.places import locate
from geo.ingest.problems import CellRefused, quoted
from geo.ingest.reading import Reading, read_rows
from geo.ingest.table import Row, Table
from geo.ingest.text import Cell, ascii_digits, cell_text, clean, is_blank, match_key
from geo.model.activity import LONGEST, ActivityState, AttendeeRole, Heads, NewActivity

__all__ = ["ActivityRow", "ActivityRules", "activity_table", "read_activities"]

T = TypeVar("T")

AHEAD = timedelta(days=730)
"""Plans go no farther."""
_SUBDISTRICT = re.compile(r"^(?:ตำบล|ต\.)\s*|\b(?:sub-?district|tambon)\b\.?", re.IGNORECASE)
_UNIT = re.compile(r"\s*(?:คน|ครั้ง|บาท|คะแนน|ราย|people|persons|baht|thb|%)\.?\s*$", re.IGNORECASE)
_NUMBERS = ("reach", "baht", "score_before", "score_after", "scored", "satisfaction", "answered")
_WHOLE = frozenset({"reach", "scored", "answered"})


@dataclass(frozen=True, slots=True)
class ActivityRules:
    """What rows are understood by.

    Attributes
    ----------
    subdistricts
        Code and names (as `geo.ingest.text.match_key` makes them) of the sub-districts of a district, to their codes.
    district
        Code for rows that name none.
    now
        The moment against which plans are told from what was held.
    """

    districts: DistrictWords
    agencies: AgencyWords
    subdistricts: Callable[[str], Mapping[str, str]]
    district: str | None
    now: datetime


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity, and the row that says it."""

    row: int
    new: NewActivity


def activity_table(content: bytes | Path, name: str = "", columns: Mapping[str, str] | None = None) -> Table:
    """The rows of a file, not yet looked at one by one.

    Parameters
    ----------
    content
        What was handed in under ``name``, or a path.
    columns
        Heading to field, as the user said.

    Raises
    ------
    FileRefused
        ``file.*``: the file as a whole; there have to be columns of kind, title and day.
    """
    words = Vocabulary(ACTIVITY_WORDS, columns)
    table = tabular.read_file(content, words) if isinstance(content, Path) else tabular.read_table(content, name, words)
    table.require("kind", "title", "first_day")
    return table


def read_activities(table: Table, rules: ActivityRules) -> Reading[ActivityRow]:
    """Understand every row. Whether it is planned or held its day says, where no column does.

    Raises
    ------
    FileRefused
        ``file.no_rows``; what reading rows refuses.
    """
    return read_rows(table, lambda row, remarks: _understood(table, row, rules, remarks))


def _understood(table: Table, row: Row, rules: ActivityRules, _remarks: list[Remark]) -> ActivityRow:
    def said(field: str) -> str | None:
        cell = table.cell(row, field)
        words = "" if is_blank(cell) else clean(cell_text(cell), lines=field == "note")
        if len(words) > LONGEST.get(field, LONGEST["place"]):
            raise CellRefused("row.too_long", value=quoted(words), limit=LONGEST.get(field, LONGEST["place"]))
        return words or None

    title = said("title")
    if title is None:
        raise CellRefused("row.activity_title_missing")
    first, begins = _day(table, row, "first_day", rules)
    last, _ = _day(table, row, "last_day", rules) if not is_blank(table.cell(row, "last_day")) else (first, None)
    district = _district(table, row, rules)
    area = None
    if place := said("subdistrict"):
        area = _subdistrict(place, rules.subdistricts(district))
    fix = locate(table, row)
    numbers = {name: _number(table.cell(row, name), table.labels[name], whole=name in _WHOLE) for name in _NUMBERS}
    new = NewActivity(
        district=district,
        kind=_word(said("kind"), KIND_OF, "activity_kind"),
        title=title,
        first_day=first.date(),
        last_day=last.date(),
        state=_state(said("state"), first, rules.now),
        begins=_clock(table.cell(row, "begins")) or begins,
        ends=_clock(table.cell(row, "ends")),
        area_code=area,
        village=said("village"),
        place=said("place"),
        lon=fix.lon if fix else None,
        lat=fix.lat if fix else None,
        agency=rules.agencies.code(table.cell(row, "agency")),
        partner=said("partner"),
        reach=_int(numbers["reach"]),
        baht=numbers["baht"],
        baht_source=said("baht_source"),
        score_before=numbers["score_before"],
        score_after=numbers["score_after"],
        scored=_int(numbers["scored"]),
        satisfaction=numbers["satisfaction"],
        answered=_int(numbers["answered"]),
        note=said("note"),
        heads=_heads(table, row),
    )
    return ActivityRow(row.number, new)


def _day(table: Table, row: Row, field: str, rules: ActivityRules) -> tuple[datetime, time | None]:
    cell = table.cell(row, field)
    if is_blank(cell):
        raise CellRefused("row.activity_day_missing")
    when: When = parse_when(cell, now=rules.now + AHEAD, epoch=table.epoch)
    return when.at, None if when.day_only else when.at.timetz().replace(tzinfo=None)


def _clock(cell: Cell) -> time | None:
    if is_blank(cell):
        return None
    since = parse_time(cell)
    if since >= timedelta(days=1):
        raise CellRefused("row.time_unreadable", value=quoted(cell_text(cell)))
    return (datetime.min + since).time().replace(microsecond=0)


def _word(said: str | None, known: Mapping[str, T], what: str) -> T:
    if said is None:
        raise CellRefused(f"row.{what}_missing")
    found = known.get(match_key(said))
    if found is None:
        raise CellRefused(f"row.{what}_unknown", value=quoted(said))
    return found


def _state(said: str | None, first: datetime, now: datetime) -> ActivityState:
    if said is not None:
        return _word(said, STATE_OF, "activity_state")
    ahead = first.date() > now.astimezone(BANGKOK).date()
    return ActivityState.PLANNED if ahead else ActivityState.HELD


def _district(table: Table, row: Row, rules: ActivityRules) -> str:
    found = rules.districts.find(table.cell(row, "district"), table.cell(row, "province")) or rules.district
    if found is None:
        raise CellRefused("row.district_missing")
    return found


def _subdistrict(said: str, known: Mapping[str, str]) -> str:
    digits = ascii_digits(said).removesuffix(".0")
    code = known.get(digits) or known.get(match_key(_SUBDISTRICT.sub("", said))) or known.get(match_key(said))
    if code is None:
        raise CellRefused("row.subdistrict_unknown", value=quoted(said))
    return code


def _heads(table: Table, row: Row) -> dict[AttendeeRole, Heads]:
    found: dict[AttendeeRole, Heads] = {}
    for role in AttendeeRole:
        counts = [
            _int(_number(table.cell(row, field), table.labels[field], whole=True)) or 0
            for field in (f"{role}_{sex}" for sex in SEXES)
        ]
        if any(counts):
            found[role] = Heads(*counts)
    return found


def _number(cell: Cell, label: str, *, whole: bool) -> float | None:
    """A number as offices write it: 1,250 or ๓๐ คน or 80%."""
    if is_blank(cell):
        return None
    field = label.rpartition(" (")[0] or label
    text = _UNIT.sub("", ascii_digits(clean(cell_text(cell)))).replace(",", "").replace(" ", "")
    if not re.fullmatch(r"[+-]?\d{1,12}(?:\.\d{1,10})?", text):
        raise CellRefused("row.number_unreadable", field=field, value=quoted(cell_text(cell)))
    value = float(text)
    if value < 0 or not math.isfinite(value):
        raise CellRefused("row.number_negative", field=field, value=quoted(cell_text(cell)))
    if whole and not value.is_integer():
        raise CellRefused("row.number_not_whole", field=field, value=quoted(cell_text(cell)))
    return value


def _int(value: float | None) -> int | None:
    return None if value is None else int(value)
