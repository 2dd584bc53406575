"""The figures beside the map: totals, by type, by district, by week, from the counts kept beside the incidents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection, text

from geo.model import IncidentFilter, Scope
from geo.queries.conditions import DAY_ZERO, codes, counted, split_period

__all__ = ["Figures", "by_district", "figures", "weekly"]

LEVEL = 9
"""The coarsest level of ``incident_count``: the fewest rows for the same sums."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one filter.

    Attributes
    ----------
    total, before
        Incidents in the period and in the period of equal length before it.
    by_type
        Series of counts by code, largest first.
    by_district
        Frame by ``district_code`` (missing: none found) with ``n`` and ``before``, largest first.
    by_week
        Series by Monday, every week of the period present, zeros too. First and last week may be cut by the period.
    """

    total: int
    before: int
    by_type: pd.Series[int]
    by_district: pd.DataFrame
    by_week: pd.Series[int]


def _found(chosen: IncidentFilter, scope: Scope, lengths: tuple[int, ...]) -> tuple[str, dict[str, Any]]:
    """SQL of rows (block, district_code, crime_type, n) of a filter; block is the ISO week's number
    where only weeks are asked for."""
    where, values = codes(chosen, scope)
    counts = counted(chosen, scope)
    values |= counts.values
    period = split_period(chosen.first, chosen.last, lengths)
    parts = []
    for length, numbers in period.blocks.items():
        values[f"blocks{length}"] = numbers
        parts.append(
            "select block, district_code, crime_type, n from incident_count"
            f" where level = {LEVEL} and tier = {counts.tiers[length]} and block = any(:blocks{length}){counts.where}"
        )
    if period.days:
        values["days"] = period.days
        parts.append(
            "select day_block(day, 7) as block, district_code, crime_type, 1 as n from incident"
            f" where day = any(:days){where}"
        )
    return " union all ".join(parts), values


def _sums(connection: Connection, scope: Scope, chosen: IncidentFilter) -> pd.DataFrame:
    sql, values = _found(chosen, scope, (7, 56))
    rows = connection.execute(
        text(
            f"select grouping(district_code, crime_type) as g, coalesce(district_code, crime_type) as code,"
            f" sum(n)::bigint as n from ({sql}) f group by grouping sets ((), (district_code), (crime_type)) order by n desc"
        ),
        values,
    )
    frame = pd.DataFrame(rows.all(), columns=["g", "code", "n"])
    return frame[(frame["n"] != 0).fillna(False)]


_GROUPS = {"district": 0b01, "type": 0b10}
_ALL = 0b11


def _part(frame: pd.DataFrame, group: str) -> pd.Series[int]:
    part = frame[frame["g"] == _GROUPS[group]]
    return pd.Series(part["n"].astype("int64").to_numpy(), index=pd.Index(part["code"], name=group), name="n")


def by_district(connection: Connection, scope: Scope, chosen: IncidentFilter) -> pd.Series[int]:
    """Incidents by district code, largest first; a missing code means that no district was found."""
    return _part(_sums(connection, scope, chosen), "district")


def weekly(connection: Connection, scope: Scope, chosen: IncidentFilter) -> pd.Series[int]:
    """Incidents by ISO week (its Monday, a date), zeros included."""
    sql, values = _found(chosen, scope, (7,))
    rows = connection.execute(text(f"select block, sum(n)::bigint from ({sql}) f group by 1"), values).all()
    low, high = ((d - DAY_ZERO).days // 7 for d in (chosen.first, chosen.last))
    counted = {int(block): int(n) for block, n in rows}
    mondays = [DAY_ZERO + timedelta(days=7 * block) for block in range(low, high + 1)]
    return pd.Series(
        [counted.get(block, 0) for block in range(low, high + 1)], index=pd.Index(mondays, name="week"), name="n"
    )


def figures(connection: Connection, scope: Scope, chosen: IncidentFilter) -> Figures:
    """Every figure of the page for one filter."""
    now, then = (_sums(connection, scope, f) for f in (chosen, chosen.before()))

    def total(frame: pd.DataFrame) -> int:
        return int(frame.loc[frame["g"] == _ALL, "n"].sum())

    districts = pd.DataFrame({"n": _part(now, "district"), "before": _part(then, "district")})
    districts = districts.fillna(0).astype("int64").sort_values(["n", "before"], ascending=False)
    return Figures(
        total=total(now),
        before=total(then),
        by_type=_part(now, "type"),
        by_district=districts,
        by_week=weekly(connection, scope, chosen),
    )
