"""The sheets of a meeting, made of what was read from the store; nothing is read or computed again after it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd

from geo.analysis.meeting_figures import count_rows, figures, findings, weeks
from geo.analysis.meeting_hotspots import Hotspots, day_number, hotspot_base, meeting_hotspots
from geo.analysis.meeting_map import district_map, overview_map
from geo.analysis.meeting_places import MOST_PLACES, Naming, top_places
from geo.crs import TIMEZONE
from geo.model.meeting import MeetingFilter
from geo.model.meeting_material import CaseFigures, Material, Patrolled, Reporting
from geo.model.meeting_sheet import CountRow, Figure, MeetingSheet, Method, OverviewRow, OverviewSheet, TopPlace

__all__ = ["FEW", "meeting_sheets"]

FEW = 30
"""Hotspots of fewer incidents say little."""


@dataclass(frozen=True, slots=True, eq=False)
class _Counted:
    """The incidents of one district or of all: counted now and before, waiting now, and anything known of any day."""

    now: pd.DataFrame
    before: pd.DataFrame
    waiting: pd.DataFrame
    last_day: int | None


def meeting_sheets(
    material: Material, chosen: MeetingFilter, as_of: datetime, versions: Mapping[str, str]
) -> Iterator[MeetingSheet | OverviewSheet]:
    """A sheet a district, in the meeting's order, and the overview at the end.

    Parameters
    ----------
    as_of
        Moment of the snapshot, aware.
    versions
        Of the application and its libraries, by name.
    """
    base = hotspot_base(material.incidents, chosen)
    hotspots = meeting_hotspots(base, material.ground, chosen)
    span = (day_number(chosen.first), day_number(chosen.last))
    hot_now = {str(code): rows for code, rows in base[base.day.between(*span)].groupby("district", observed=True)}
    naming = Naming(material.ground)
    by_district = {str(code): rows for code, rows in material.incidents.groupby("district", observed=True)}
    sheets = []
    for code in material.ground.districts:
        counted = _counted(by_district.get(code, material.incidents.iloc[:0]), chosen)
        sheet = _district(
            material, chosen, as_of, versions, code, counted, hotspots, hot_now.get(code, base.iloc[:0]), naming
        )
        sheets.append(sheet)
        yield sheet
    yield _overview(material, chosen, as_of, versions, _counted(material.incidents, chosen), hotspots, sheets, naming)


def _counted(incidents: pd.DataFrame, chosen: MeetingFilter) -> _Counted:
    first, last = day_number(chosen.first), day_number(chosen.last)
    length = last - first + 1
    kept = incidents[incidents.verified] if chosen.verified_only else incidents
    now = incidents[incidents.day.between(first, last)]
    return _Counted(
        now=kept[kept.day.between(first, last)],
        before=kept[kept.day.between(first - length, first - 1)],
        waiting=now[~now.verified],
        last_day=None if incidents.empty else int(incidents.day.max()),
    )


def _quiet(counted: _Counted, chosen: MeetingFilter, as_of: datetime) -> int | None:
    """Days up to the end of the period, or to the snapshot, without anything known."""
    if counted.last_day is None:
        return None
    today = pd.Timestamp(as_of).tz_convert(TIMEZONE).date()
    return max(0, day_number(min(chosen.last, today)) - counted.last_day)


def _figures(
    counted: _Counted,
    chosen: MeetingFilter,
    by_channel: tuple[CountRow, ...],
    cases: CaseFigures,
    cases_before: CaseFigures,
    reporting: Reporting,
    patrolled: tuple[Patrolled, Patrolled],
) -> tuple[Figure, ...]:
    return figures(
        len(counted.now),
        len(counted.before),
        len(counted.waiting) if chosen.verified_only else 0,
        cases,
        cases_before,
        reporting,
        *patrolled,
        {row.code: row.now for row in by_channel},
    )


def _method(chosen: MeetingFilter, n: int) -> Method:
    parameters: dict[str, int | float | str | None] = {
        "days": chosen.incidents(()).days,
        "some_percent": 10,
        "much_percent": 25,
        "fewest": 5,
        "verified_only": str(chosen.verified_only).lower(),
    }
    return Method("change", parameters, n)


def _district(
    material: Material,
    chosen: MeetingFilter,
    as_of: datetime,
    versions: Mapping[str, str],
    code: str,
    counted: _Counted,
    hotspots: Hotspots,
    hot_now: pd.DataFrame,
    naming: Naming,
) -> MeetingSheet:
    known = material.ground.districts[code]
    by_type = count_rows(counted.now.crime_type, counted.before.crime_type)
    by_channel = count_rows(counted.now.channel, counted.before.channel)
    reporting = material.reporting.get(code, Reporting())
    five = _figures(
        counted,
        chosen,
        by_channel,
        material.cases.get(code, CaseFigures()),
        material.cases_before.get(code, CaseFigures()),
        reporting,
        (material.patrolled.get(code, Patrolled()), material.patrolled_before.get(code, Patrolled())),
    )
    top, clusters = top_places(hot_now, hotspots, naming, code)
    shown = counted.now[counted.now.verified]
    before = chosen.incidents(()).before()
    return MeetingSheet(
        district=code,
        name_th=known.name_th,
        name_en=known.name_en,
        province_th=known.province_th,
        province_en=known.province_en,
        neighbours=known.neighbours,
        first=chosen.first,
        last=chosen.last,
        before_first=before.first,
        before_last=before.last,
        as_of=as_of,
        figures=five,
        by_type=by_type,
        by_channel=by_channel,
        by_week=weeks(counted.now.day, chosen.first, chosen.last),
        found=findings(
            by_type, _quiet(counted, chosen, as_of), reporting, five[-1], hotspots, naming, frozenset({code})
        ),
        top=top,
        map=district_map(material.ground, code, shown, counted.waiting, hotspots),
        few=hotspots.n < FEW,
        methods=(*hotspots.methods, clusters, _method(chosen, len(counted.now))),
        versions=dict(versions),
    )


def _overview(
    material: Material,
    chosen: MeetingFilter,
    as_of: datetime,
    versions: Mapping[str, str],
    counted: _Counted,
    hotspots: Hotspots,
    sheets: list[MeetingSheet],
    naming: Naming,
) -> OverviewSheet:
    by_type = count_rows(counted.now.crime_type, counted.before.crime_type)
    by_channel = count_rows(counted.now.channel, counted.before.channel)
    reporting = Reporting(
        *(sum(getattr(one, name) for one in material.reporting.values()) for name in ("reported", "silent", "watched"))
    )
    five = _figures(
        counted,
        chosen,
        by_channel,
        material.cases.get(None, CaseFigures()),
        material.cases_before.get(None, CaseFigures()),
        reporting,
        (_all_patrols(material.patrolled), _all_patrols(material.patrolled_before)),
    )
    before = chosen.incidents(()).before()
    return OverviewSheet(
        first=chosen.first,
        last=chosen.last,
        before_first=before.first,
        before_last=before.last,
        as_of=as_of,
        rows=tuple(
            OverviewRow(one.district, one.name_th, one.name_en, one.province_th, one.province_en, one.figures)
            for one in sheets
        ),
        figures=five,
        by_type=by_type,
        by_channel=by_channel,
        by_week=weeks(counted.now.day, chosen.first, chosen.last),
        found=findings(
            by_type,
            _quiet(counted, chosen, as_of),
            reporting,
            five[-1],
            hotspots,
            naming,
            frozenset(material.ground.districts),
        ),
        top=_best(sheets),
        map=overview_map(material.ground, hotspots),
        few=hotspots.n < FEW,
        methods=(*hotspots.methods, _method(chosen, len(counted.now))),
        versions=dict(versions),
    )


def _all_patrols(patrolled: Mapping[str, Patrolled]) -> Patrolled:
    hours = math.fsum(one.hours for one in patrolled.values())
    return Patrolled(round(hours, 1), sum(one.patrols for one in patrolled.values()))


def _best(sheets: list[MeetingSheet]) -> tuple[TopPlace, ...]:
    """The fullest places of all districts; clusters before hexagons."""
    every = [(one.kind != "cluster", -one.n, sheet.district, one) for sheet in sheets for one in sheet.top]
    every.sort(key=lambda one: one[:3])
    return tuple(replace(one[3], rank=rank) for rank, one in enumerate(every[: 2 * MOST_PLACES], 1))
