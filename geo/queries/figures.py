"""The figures beside the map: totals, by type, by district, by week, from the counts kept beside the incidents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, text

from geo.model import IncidentFilter, Scope
from geo.queries.conditions import DAY_ZERO, counted, incidents_by_day

__all__ = ["DistrictCount", "Figures", "by_district", "figures", "weekly"]

LEVEL = 9
"""The coarsest level of ``incident_count``: the fewest rows for the same sums."""


@dataclass(frozen=True, slots=True)
class DistrictCount:
    """Incidents of one district, in a period and in the one before it; without a code those of no known district."""

    code: str | None
    n: int
    before: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one filter.

    Attributes
    ----------
    total, before
        Incidents in the period and in the period of equal length before it.
    by_type
        Counts by code, largest first.
    by_district
        Every district that has any in either period, largest first.
    by_week
        Counts by Monday, every week of the period present, zeros too. First and last week may be cut by the period.
    """

    total: int
    before: int
    by_type: Mapping[str, int]
    by_district: tuple[DistrictCount, ...]
    by_week: Mapping[date, int]


def _found(chosen: IncidentFilter, scope: Scope, longest: int) -> tuple[str, dict[str, Any]]:
    """SQL of rows (week, district_code, crime_type, n) of a filter; week is the ISO week's number
    where no block is longer than one."""
    parts, values = counted(chosen, scope, LEVEL, longest)
    found = [
        f"select block * {part.length} / 7 as week, district_code, crime_type, n from incident_count where {part.where}"
        if part.length
        else "select day_block(day, 7) as week, district_code, crime_type, 1 as n"
        f" from {incidents_by_day(scope)} where {part.where}"
        for part in parts
    ]
    return " union all ".join(found), values


@dataclass(frozen=True, slots=True)
class _Sums:
    total: int
    by_type: dict[str, int]
    by_district: dict[str | None, int]


def _sums(connection: Connection, scope: Scope, chosen: IncidentFilter) -> _Sums:
    sql, values = _found(chosen, scope, 56)
    rows = connection.execute(
        text(
            f"select grouping(district_code, crime_type) as g, coalesce(district_code, crime_type) as code,"
            f" sum(n)::bigint as n from ({sql}) f group by grouping sets ((), (district_code), (crime_type))"
            " order by n desc, code"
        ),
        values,
    )
    found: dict[int, dict[Any, int]] = {_ALL: {}, _DISTRICT: {}, _TYPE: {}}
    for group, code, n in rows:
        if n:
            found[group][code] = n
    return _Sums(sum(found[_ALL].values()), found[_TYPE], found[_DISTRICT])


_DISTRICT, _TYPE, _ALL = 0b01, 0b10, 0b11
"""What ``grouping`` says of a row: the columns that it sums over."""


def by_district(connection: Connection, scope: Scope, chosen: IncidentFilter) -> dict[str | None, int]:
    """Incidents by district code, largest first; no code means that no district was found."""
    return _sums(connection, scope, chosen).by_district


def weekly(connection: Connection, scope: Scope, chosen: IncidentFilter) -> dict[date, int]:
    """Incidents by ISO week (its Monday), zeros included."""
    sql, values = _found(chosen, scope, 7)
    rows = connection.execute(text(f"select week, sum(n)::bigint from ({sql}) f group by 1"), values).all()
    low, high = ((d - DAY_ZERO).days // 7 for d in (chosen.first, chosen.last))
    of = {int(week): int(n) for week, n in rows}
    return {DAY_ZERO + timedelta(days=7 * week): of.get(week, 0) for week in range(low, high + 1)}


def figures(connection: Connection, scope: Scope, chosen: IncidentFilter) -> Figures:
    """Every figure of the page for one filter."""
    now, then = (_sums(connection, scope, f) for f in (chosen, chosen.before()))
    districts = [
        DistrictCount(code, now.by_district.get(code, 0), then.by_district.get(code, 0))
        for code in now.by_district.keys() | then.by_district.keys()
    ]
    districts.sort(key=lambda one: (-one.n, -one.before, one.code is None, one.code or ""))
    return Figures(now.total, then.total, now.by_type, tuple(districts), weekly(connection, scope, chosen))
