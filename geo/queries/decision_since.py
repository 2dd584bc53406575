"""What has happened since something was decided: before and after, there and in a district that is like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from geo.analysis.before_after import Around, Change, around, displacement, since
from geo.analysis.comparison_district import Match
from geo.analysis.plane import BORDER, Plane
from geo.crs import TIMEZONE
from geo.model.meeting import Decision
from geo.model.meeting_sheet import DecisionSoFar
from geo.queries.since_counts import MATCH_DAYS, by_day, day_number, hours, matches, names, points, total

__all__ = ["FEWEST_DAYS", "RADIUS_M", "DecisionSince", "decision_since", "decisions_so_far"]

RADIUS_M = 5000.0
MOST_DAYS, FEWEST_DAYS = 90, 7
"""Windows are as long as the time that has passed, up to the first; before the second nothing can be told."""
DEGREE_M = 100_000.0
"""A degree is longer than that everywhere here: a box that holds a circle."""


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
    known = by_day(connection, split - timedelta(days=span), last, types)
    spot = _spot(connection, decision)
    counts, series = None, known.get(decision.district)
    if spot is not None:
        reach = 2 * radius_m / DEGREE_M
        box = (spot[0] - reach, spot[1] - reach, spot[0] + reach, spot[1] + reach)
        found = points(connection, box, (split - timedelta(days=span), last), types, decision.district)
        plane = Plane(*BORDER)
        x, y = plane.metres(found.lon, found.lat)
        (px,), (py,) = plane.metres([spot[0]], [spot[1]])
        at = (float(px), float(py))
        counts = around(x, y, found.day, at=at, radius=radius_m, split=day_number(split), days=days)
        near = np.hypot(x - at[0], y - at[1]) <= radius_m
        series = found[near].groupby("day").size()
    own = pd.Series(dtype=np.int64) if series is None else series
    match = next(iter(matches(connection, decision.district, own, known, split, (first, last))), None)
    other = None
    if match is not None:
        other = (
            total(known[match.code], split, last), total(known[match.code], first, split - timedelta(days=1)),
        )  # fmt: skip
    after = counts.after if counts else total(own, split, last)
    before = counts.before if counts else total(own, first, split - timedelta(days=1))
    called = (None, None) if match is None else names(connection, [match.code])[match.code]
    codes = (decision.district,) if match is None else (decision.district, match.code)
    worked = hours(connection, codes, split, days)
    beside = (None, None) if match is None else worked[match.code]
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
        match_name_th=called[0],
        match_name_en=called[1],
        match_before=other[1] if other else None,
        match_after=other[0] if other else None,
        hours_before=worked[decision.district][0],
        hours_after=worked[decision.district][1],
        match_hours_before=beside[0],
        match_hours_after=beside[1],
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
