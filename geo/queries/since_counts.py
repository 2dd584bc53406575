"""Counts before and after a day, for decisions, checkpoints and patrols: by district and day, around a place, and of patrols."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from geo.analysis.comparison_district import Match, comparison_district
from geo.crs import TIMEZONE
from geo.queries.meeting_material import patrolled

__all__ = ["MATCH_DAYS", "by_day", "day_number", "hours", "matches", "names", "points", "total", "weeks"]

MATCH_DAYS, STEP_DAYS = 84, 7
"""Twelve weeks before the day are compared to find a district that is like this one."""
_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - _EPOCH).days


def total(counts: pd.Series[int], first: date, last: date) -> int:
    """Sum of counts by day, both days included."""
    return int(counts[(counts.index >= day_number(first)) & (counts.index <= day_number(last))].sum())


def by_day(connection: Connection, first: date, last: date, types: tuple[str, ...]) -> dict[str, pd.Series[int]]:
    """Incidents of each border district by day (since 1970)."""
    rows = connection.execute(
        text(
            "select district_code, day - date '1970-01-01', n from verified_by_day(:first, :last, cast(:types as text[]))"
        ),
        {"first": first, "last": last, "types": list(types)},
    )
    frame = pd.DataFrame(rows.all(), columns=["district", "day", "n"])
    return {str(code): rows.set_index("day")["n"].astype(np.int64) for code, rows in frame.groupby("district")}


def points(
    connection: Connection,
    box: tuple[float, float, float, float],
    window: tuple[date, date],
    types: tuple[str, ...] = (),
    district: str | None = None,
) -> pd.DataFrame:
    """Verified incidents that patrols did not find themselves, with the reader's rights: ``lon``, ``lat``, ``day`` (since 1970).

    Parameters
    ----------
    box
        West, south, east, north, degrees.
    """
    rows = connection.execute(
        text(
            "select st_x(geom), st_y(geom), day - date '1970-01-01' from incident"
            " where geom && st_makeenvelope(:west, :south, :east, :north, 4326)"
            " and (cast(:district as text) is null or district_code = :district)"
            " and day between :first and :last and status in ('verified', 'referred', 'closed') and channel <> 'patrol'"
            " and (cast(:types as text[]) = '{}' or crime_type = any(:types))"
        ),
        dict(zip(("west", "south", "east", "north"), box, strict=True))
        | {"district": district, "first": window[0], "last": window[1], "types": list(types)},
    )
    return pd.DataFrame(rows.all(), columns=["lon", "lat", "day"]).astype(
        {"lon": np.float64, "lat": np.float64, "day": np.int64}
    )


def matches(
    connection: Connection,
    district: str,
    own: pd.Series[int],
    known: dict[str, pd.Series[int]],
    split: date,
    window: tuple[date, date],
    *,
    most: int = 1,
    without: Collection[str] = (),
) -> list[Match]:
    """The districts most like this place before the day, the best first: not next to it, and without a decision of their own
    meanwhile.

    Parameters
    ----------
    own
        Counts of the place by day.
    known
        Those of the border districts.
    without
        Codes of others that are no comparison.
    """
    begin = split - timedelta(days=MATCH_DAYS)
    starts = [begin + timedelta(days=STEP_DAYS * step) for step in range(MATCH_DAYS // STEP_DAYS)]

    def weekly(counts: pd.Series[int]) -> list[int]:
        return [total(counts, start, start + timedelta(days=STEP_DAYS - 1)) for start in starts]

    table = {code: weekly(counts) for code, counts in known.items()} | {district: weekly(own)}
    excluded = set(without) | set(
        connection.execute(
            text(
                "select n.code from area a join area n on n.level = 'district' and n.geom && st_expand(a.geom, 0.01)"
                " and st_dwithin(n.geom, a.geom, 0.01) where a.code = :code"
                " union select decided_districts(:first, :last)"
            ),
            {"code": district, "first": window[0], "last": window[1]},
        ).scalars()
    )
    weeks, found = pd.DataFrame.from_dict(table, orient="index"), list[Match]()
    while len(found) < most and (one := comparison_district(weeks, district, excluded)) is not None:
        found.append(one)
        excluded.add(one.code)
    return found


def names(connection: Connection, codes: Collection[str]) -> dict[str, tuple[str | None, str | None]]:
    """Thai and English names of areas."""
    rows = connection.execute(
        text("select code, name_th, name_en from area where code = any(:codes)"), {"codes": list(codes)}
    )
    return {str(code): (thai, english) for code, thai, english in rows}


def hours(connection: Connection, districts: tuple[str, ...], split: date, days: int) -> dict[str, tuple[float, float]]:
    """Hours of patrols in each district in the windows before and after, with the reader's rights."""
    length, one = timedelta(days=days), timedelta(days=1)
    until = datetime.combine(split + length, time(), ZoneInfo(TIMEZONE))
    before, after = (
        patrolled(connection, districts, until, period)
        for period in ((split - length, split - one), (split, split + length - one))
    )

    def of(found: dict[str, Any], code: str) -> float:
        return float(found[code].hours) if code in found else 0.0

    return {code: (of(before, code), of(after, code)) for code in districts}


def weeks(own: pd.Series[int], first: date, split: date, last: date) -> tuple[tuple[date, int], ...]:
    """First day and count of whole weeks, counted from the day of change in both directions."""
    before = [split - timedelta(days=7 * n) for n in range((split - first).days // 7, 0, -1)]
    after = [split + timedelta(days=7 * n) for n in range(((last - split).days + 1) // 7)]
    return tuple((day, total(own, day, day + timedelta(days=6))) for day in (*before, *after))
