"""What has happened since something was decided: before and after, there and in a district that is like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from geo.analysis.before_after import Around, Change, around, displacement, since
from geo.analysis.comparison_district import Match, comparison_district
from geo.analysis.plane import BORDER, Plane
from geo.crs import TIMEZONE
from geo.model.meeting import Decision
from geo.model.meeting_sheet import DecisionSoFar
from geo.queries.meeting_material import patrolled

__all__ = ["FEWEST_DAYS", "RADIUS_M", "DecisionSince", "decision_since", "decisions_so_far"]

RADIUS_M = 5000.0
MOST_DAYS, FEWEST_DAYS = 90, 7
"""Windows are as long as the time that has passed, up to the first; before the second nothing can be told."""
MATCH_DAYS, STEP_DAYS = 84, 7
"""Twelve weeks before the day are compared to find a district that is like this one."""
DEGREE_M = 100_000.0
"""A degree is longer than that everywhere here: a box that holds a circle."""
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class DecisionSince:
    """Before and after a decision, of verified incidents that the public or agencies reported.

    What patrols found themselves is left out, because a decision to patrol more would find more. What happened last is often
    not verified yet: that is so in the district of comparison too.

    Attributes
    ----------
    place
        Whether it is counted around the decision's place; else in its whole district.
    lon, lat, radius_m
        The place, degrees, and the radius.
    days
        Length of each window; the second begins on ``split``, the day of the decision.
    change
        Counts, ratios, intervals, and what can be said.
    around
        Counts of the middle and of the ring from R to 2 R.
    displacement
        Quotient of `geo.analysis.before_after.displacement`.
    match
        The district that it is compared with, and why that one; nothing where none is like it.
    match_before, match_after
        Incidents of that district in the same windows.
    hours_before, hours_after
        Of patrols in the district.
    match_hours_before, match_hours_after
        And in the one that it is compared with.
    """

    place: bool
    lon: float | None
    lat: float | None
    radius_m: float | None
    split: date
    days: int
    change: Change
    around: Around | None
    displacement: float | None
    match: Match | None
    match_name_th: str | None
    match_name_en: str | None
    match_before: int | None
    match_after: int | None
    hours_before: float
    hours_after: float
    match_hours_before: float | None
    match_hours_after: float | None


def decision_since(
    connection: Connection, decision: Decision, today: date, *, radius_m: float = RADIUS_M, types: tuple[str, ...] = ()
) -> DecisionSince | None:
    """What has happened since a decision; nothing where less than a week has passed. With the reader's rights.

    Around a place is counted what lies in the decision's own district, whoever reads it.

    Parameters
    ----------
    today
        The day in Asia/Bangkok; it is not over, and not counted.
    types
        Crime types to count; empty means all.
    """
    split = decision.decided_at.astimezone(ZoneInfo(TIMEZONE)).date()
    days = min((today - split).days, MOST_DAYS)
    if days < FEWEST_DAYS:
        return None
    first, last = split - timedelta(days=days), split + timedelta(days=days - 1)
    span = max(days, MATCH_DAYS)
    by_day = _by_day(connection, split - timedelta(days=span), last, types)
    spot = _spot(connection, decision)
    counts, series = None, by_day.get(decision.district)
    if spot is not None:
        points = _points(connection, decision.district, spot, 2 * radius_m, (split - timedelta(days=span), last), types)
        plane = Plane(*BORDER)
        x, y = plane.metres(points.lon, points.lat)
        (px,), (py,) = plane.metres([spot[0]], [spot[1]])
        at = (float(px), float(py))
        counts = around(x, y, points.day, at=at, radius=radius_m, split=_number(split), days=days)
        near = np.hypot(x - at[0], y - at[1]) <= radius_m
        series = points[near].groupby("day").size()
    own = pd.Series(dtype=np.int64) if series is None else series
    match = _match(connection, decision.district, own, by_day, split, (first, last))
    other = None
    if match is not None:
        other = (_sum(by_day[match.code], split, last), _sum(by_day[match.code], first, split - timedelta(days=1)))
    after = counts.after if counts else _sum(own, split, last)
    before = counts.before if counts else _sum(own, first, split - timedelta(days=1))
    names = _names(connection, match)
    hours = _hours(connection, decision.district, match, split, days)
    return DecisionSince(
        place=spot is not None,
        lon=spot[0] if spot else None,
        lat=spot[1] if spot else None,
        radius_m=radius_m if spot else None,
        split=split,
        days=days,
        change=since(after, before, other),
        around=counts,
        displacement=displacement(counts, other[1], other[0]) if counts and other else None,
        match=match,
        match_name_th=names[0],
        match_name_en=names[1],
        match_before=other[1] if other else None,
        match_after=other[0] if other else None,
        hours_before=hours[0],
        hours_after=hours[1],
        match_hours_before=hours[2],
        match_hours_after=hours[3],
    )


def decisions_so_far(
    connection: Connection, undone: Sequence[Decision], today: date, types: tuple[str, ...] = ()
) -> tuple[DecisionSoFar, ...]:
    """`decision_since` of several, as a meeting's sheet keeps it; without those that are too young."""
    found = ((one, decision_since(connection, one, today, types=types)) for one in undone)
    return tuple(
        DecisionSoFar(
            decision=one.id,
            radius_m=since.radius_m,
            split=since.split,
            days=since.days,
            before=since.change.before,
            after=since.change.after,
            direction=str(since.change.direction),
            beside=since.match.code if since.match else None,
            beside_th=since.match_name_th,
            beside_en=since.match_name_en,
            beside_before=since.match_before,
            beside_after=since.match_after,
            hours_before=since.hours_before,
            hours_after=since.hours_after,
        )
        for one, since in found
        if since is not None
    )


def _number(day: date) -> int:
    return (day - _EPOCH).days


def _sum(by_day: pd.Series[int], first: date, last: date) -> int:
    return int(by_day[(by_day.index >= _number(first)) & (by_day.index <= _number(last))].sum())


def _by_day(connection: Connection, first: date, last: date, types: tuple[str, ...]) -> dict[str, pd.Series[int]]:
    """Incidents of each border district by day (since 1970)."""
    rows = connection.execute(
        text(
            "select district_code, day - date '1970-01-01', n from verified_by_day(:first, :last, cast(:types as text[]))"
        ),
        {"first": first, "last": last, "types": list(types)},
    )
    frame = pd.DataFrame(rows.all(), columns=["district", "day", "n"])
    return {str(code): rows.set_index("day")["n"].astype(np.int64) for code, rows in frame.groupby("district")}


def _spot(connection: Connection, decision: Decision) -> tuple[float, float] | None:
    """Where it was decided for: its point, its checkpoint, or the middle of its sub-district or village, where that is known."""
    if decision.lon is not None and decision.lat is not None:
        return decision.lon, decision.lat
    row = connection.execute(
        text(
            "select st_x(geom), st_y(geom) from checkpoint where code = :checkpoint union all"
            " select st_x(rep_point), st_y(rep_point) from area where code = :area and rep_point is not null limit 1"
        ),
        {"checkpoint": decision.checkpoint, "area": decision.area_code},
    ).first()
    return None if row is None else (float(row[0]), float(row[1]))


def _points(
    connection: Connection,
    district: str,
    spot: tuple[float, float],
    reach: float,
    window: tuple[date, date],
    types: tuple[str, ...],
) -> pd.DataFrame:
    rows = connection.execute(
        text(
            "select st_x(geom), st_y(geom), day - date '1970-01-01' from incident"
            " where geom && st_expand(st_setsrid(st_makepoint(:lon, :lat), 4326), :reach)"
            " and district_code = :district and day between :first and :last and status in ('verified', 'referred', 'closed') and channel <> 'patrol'"
            " and (cast(:types as text[]) = '{}' or crime_type = any(:types))"
        ),
        {
            "district": district,
            "lon": spot[0],
            "lat": spot[1],
            "reach": reach / DEGREE_M,
            "first": window[0],
            "last": window[1],
            "types": list(types),
        },
    )
    return pd.DataFrame(rows.all(), columns=["lon", "lat", "day"]).astype(
        {"lon": np.float64, "lat": np.float64, "day": np.int64}
    )


def _match(
    connection: Connection,
    district: str,
    own: pd.Series[int],
    by_day: dict[str, pd.Series[int]],
    split: date,
    window: tuple[date, date],
) -> Match | None:
    """The district most like this place before the day, not next to it, and without a decision of its own meanwhile."""
    begin = split - timedelta(days=MATCH_DAYS)
    steps = range(MATCH_DAYS // STEP_DAYS)

    def weekly(series: pd.Series[int]) -> list[int]:
        starts = [begin + timedelta(days=STEP_DAYS * step) for step in steps]
        return [_sum(series, start, start + timedelta(days=STEP_DAYS - 1)) for start in starts]

    table = {code: weekly(series) for code, series in by_day.items()} | {district: weekly(own)}
    excluded = connection.execute(
        text(
            "select n.code from area a join area n on n.level = 'district' and n.geom && st_expand(a.geom, 0.01)"
            " and st_dwithin(n.geom, a.geom, 0.01) where a.code = :code"
            " union select decided_districts(:first, :last)"
        ),
        {"code": district, "first": window[0], "last": window[1]},
    ).scalars()
    return comparison_district(pd.DataFrame.from_dict(table, orient="index"), district, set(excluded))


def _names(connection: Connection, match: Match | None) -> tuple[str | None, str | None]:
    if match is None:
        return None, None
    row = connection.execute(text("select name_th, name_en from area where code = :code"), {"code": match.code}).one()
    return row[0], row[1]


def _hours(
    connection: Connection, district: str, match: Match | None, split: date, days: int
) -> tuple[float, float, float | None, float | None]:
    codes = (district,) if match is None else (district, match.code)
    length = timedelta(days=days)
    until = datetime.combine(split + length, time(), ZoneInfo(TIMEZONE))
    one = timedelta(days=1)
    found: list[dict[str, Any]] = [
        {code: done.hours for code, done in patrolled(connection, codes, until, period).items()}
        for period in ((split - length, split - one), (split, split + length - one))
    ]
    before, after = (one.get(district, 0.0) for one in found)
    if match is None:
        return before, after, None, None
    return before, after, found[0].get(match.code, 0.0), found[1].get(match.code, 0.0)
