"""What became of a checkpoint or a patrol route since it is there: inside, in the ring around, and where nothing was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection, text

from geo.analysis.before_after import Around, Change, by_distance, displacement, since
from geo.analysis.plane import BORDER, Plane
from geo.model import Scope
from geo.queries.since_counts import MATCH_DAYS, by_day, day_number, hours, matches, names, points, total, weeks

__all__ = ["FEWEST_DAYS", "MATCHES", "MOST_DAYS", "Beside", "Place", "PlaceSince", "place_since", "places_since"]

RADIUS_M = 5000.0
MOST_DAYS, FEWEST_DAYS = 90, 7
"""Windows are as long as the time that has passed, up to the first; before the second nothing can be told."""
MATCHES = 3
"""Districts of comparison, together."""
DEGREE_M = 100_000.0
"""A degree is longer than that everywhere here."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A checkpoint that stood, or a route that was patrolled.

    Attributes
    ----------
    kind
        ``checkpoint`` or ``route``.
    first
        Day from which it was in force: that of the checkpoint, or of the route's first patrol.
    until
        Day on which it ended; nothing while it is in force.
    shape
        Point or line, WGS 84.
    """

    kind: str
    code: str
    name: str
    district: str
    first: date
    until: date | None
    shape: shapely.Geometry


@dataclass(frozen=True, slots=True)
class Beside:
    """A district of comparison, and its incidents in the two windows."""

    code: str
    name_th: str | None
    name_en: str | None
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class PlaceSince:
    """Before and after, of verified incidents that the public or agencies reported.

    Attributes
    ----------
    split, days
        The day from which it was in force, and the length of each window.
    around
        Counts within R and in the ring from R to 2 R.
    change, ring
        Of the middle and of the ring, beside the districts of comparison together where there are any.
    displacement
        As `geo.analysis.before_after.displacement`.
    beside
        The districts that were most like it before; none is near it.
    hours_before, hours_after
        Of patrols in its district.
    weeks
        First day and incidents within R of each week, before and after.
    """

    radius_m: float
    split: date
    days: int
    around: Around
    change: Change
    ring: Change
    displacement: float | None
    beside: tuple[Beside, ...]
    hours_before: float
    hours_after: float
    weeks: tuple[tuple[date, int], ...]


def places_since(connection: Connection, scope: Scope, today: date) -> tuple[Place, ...]:
    """Checkpoints in scope that have been in force, whose first day is known, and routes that were patrolled; the latest first."""
    rows = connection.execute(
        text(
            "select 'checkpoint', code, name, district_code, valid_from, case when valid_to < :today then valid_to end,"
            " st_asbinary(geom) from checkpoint where valid_from <= :today and status <> 'planned' and district_code is not null"
            " and (cast(:own as text[]) is null or district_code = any(:own))"
            " union all select 'route', r.code, r.name, r.district_code,"
            " min(timezone('Asia/Bangkok', p.started_at)::date), null, st_asbinary(r.geom) from patrol_route r"
            " join patrol p on p.route_id = r.id and p.started_at is not null and p.status in ('active', 'done')"
            " where r.district_code is not null and (cast(:own as text[]) is null or r.district_code = any(:own))"
            " group by r.id order by 5 desc, 1, 2"
        ),
        {"today": today, "own": None if scope.districts is None else list(scope.districts)},
    )
    return tuple(
        Place(kind, code, name, district, first, until, shapely.from_wkb(bytes(shape)))
        for kind, code, name, district, first, until, shape in rows
    )


def place_since(
    connection: Connection, place: Place, today: date, *, radius_m: float = RADIUS_M, types: tuple[str, ...] = ()
) -> PlaceSince | None:
    """What has happened since it is there; nothing where it was in force for less than a week. With the reader's rights.

    Parameters
    ----------
    today
        The day in Asia/Bangkok; it is not over, and not counted.
    types
        Crime types to count; empty means all.
    """
    split = place.first
    days = min(((place.until or today) - split).days, (today - split).days, MOST_DAYS)
    if days < FEWEST_DAYS:
        return None
    first, last = split - timedelta(days=days), split + timedelta(days=days - 1)
    begin = split - timedelta(days=max(days, MATCH_DAYS))
    found, away = _away(connection, place, radius_m, (begin, last), types)
    counts = by_distance(away, found.day, radius=radius_m, split=day_number(split), days=days)
    own = found[away <= radius_m].groupby("day").size()
    known = by_day(connection, begin, last, types)
    opened = connection.execute(
        text("select distinct district_code from checkpoint where valid_from between :first and :last"),
        {"first": first, "last": last},
    ).scalars()
    like = matches(
        connection, place.district, own, known, split, (first, last), most=MATCHES, without={str(one) for one in opened}
    )
    called = names(connection, [one.code for one in like])
    eve = split - timedelta(days=1)
    beside = tuple(
        Beside(one.code, *called[one.code], total(known[one.code], first, eve), total(known[one.code], split, last))
        for one in like
    )
    other = (sum(one.after for one in beside), sum(one.before for one in beside)) if beside else None
    worked = hours(connection, (place.district,), split, days)[place.district]
    return PlaceSince(
        radius_m=radius_m,
        split=split,
        days=days,
        around=counts,
        change=since(counts.after, counts.before, other),
        ring=since(counts.ring_after, counts.ring_before, other),
        displacement=displacement(counts, other[1], other[0]) if other else None,
        beside=beside,
        hours_before=worked[0],
        hours_after=worked[1],
        weeks=weeks(own, first, split, last),
    )


def _away(
    connection: Connection, place: Place, radius_m: float, window: tuple[date, date], types: tuple[str, ...]
) -> tuple[pd.DataFrame, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Incidents near the place, and how far from it each lies, metres."""
    reach = 2 * radius_m / DEGREE_M
    west, south, east, north = place.shape.bounds
    found = points(connection, (west - reach, south - reach, east + reach, north + reach), window, types)
    plane = Plane(*BORDER)
    at = shapely.points(np.column_stack(plane.metres(found.lon, found.lat)))
    return found, np.asarray(shapely.distance(at, plane.shapes_to_metres(place.shape)), dtype=np.float64)
