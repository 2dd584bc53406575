"""Work out a suggested patrol, and what the places of a rota are worth; in a process beside the page's."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from dashboard.hotspots.material import Ground
from dashboard.hotspots.naming import names
from dashboard.patrolling.asked import SCHEMES, OutingQuestion, RotaQuestion
from dashboard.patrolling.reading import chosen_posts, demand_points
from dashboard.patrolling.suggestion import PlaceToGo, Stop, Suggestion, Team
from geo.analysis.arrays import Floats
from geo.analysis.patrolling.by_hour import value_by_window
from geo.analysis.patrolling.outing import RoundTrip, round_trips, straight_ways
from geo.analysis.patrolling.stops import stops
from geo.analysis.plane import BORDER, Plane
from geo.analysis.simulation import Cancelled, Progress
from geo.crs import TIMEZONE
from geo.errors import AnalysisRefused
from geo.model.rota import RotaPost
from geo.queries.last_passes import hours_since_pass
from geo.queries.watched_land import named_places, watched_districts

__all__ = ["LONGEST_H", "MOST_STOPS", "rota_posts", "suggested"]

LONGEST_H = 24.0 * 14
"""Hours: a place where nobody came by for two weeks is not more urgent after three."""
MOST_STOPS = 60
"""Places that the solver is given, those worth most: what a team can see in a day is a fraction of them."""
TOLD = 10
"""Places left out that are told."""


def suggested(
    connection: Connection,
    question: OutingQuestion,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Suggestion:
    """The round trips of a question, with the rights that the connection has.

    Raises
    ------
    AnalysisRefused
        As `demand_points`, `chosen_posts` and `round_trips`.
    AnalysisCancelled
        ``analysis.cancelled``.
    """
    asked, scope, now = question.asked, question.scope, datetime.now(ZoneInfo(TIMEZONE))
    plane, chosen = Plane(*BORDER), asked.demand.incidents(now.date())
    post = chosen_posts(connection, scope, (asked.post,), now.date()).iloc[0]
    points, weight = demand_points(connection, scope, asked.demand, now.date())
    found = stops(points.x, points.y, weight)
    home_x, home_y = (float(at[0]) for at in plane.metres([post.lon], [post.lat]))
    reach = asked.hours * asked.kmh * 1000 / 2 / asked.detour
    near = np.flatnonzero(np.hypot(found.x - home_x, found.y - home_y) <= reach)
    if not len(near):
        raise AnalysisRefused("patrolling.nothing_reached", hours=asked.hours)
    lon, lat = plane.degrees(found.x[near], found.y[near])
    since = hours_since_pass(connection, lon, lat, asked.start, longest=LONGEST_H)
    kept = np.argsort(-found.demand[near] * since, kind="stable")[:MOST_STOPS]
    rows, since = near[kept], since[kept]
    x, y = np.append(home_x, found.x[rows]), np.append(home_y, found.y[rows])
    ways = straight_ways(x, y, kmh=asked.kmh, detour=asked.detour)
    prize = np.append(0.0, found.demand[rows] * since)
    trips = round_trips(
        ways, prize, limit=asked.hours * 3600, teams=asked.teams, stop=asked.stop_minutes * 60, seed=asked.seed,
        progress=progress, cancelled=cancelled,
    )  # fmt: skip
    ground = Ground(watched_districts(connection, scope, chosen), named_places(connection))
    named = names(ground, found.x[rows], found.y[rows])
    places = [
        PlaceToGo(
            float(lon[kept[i]]), float(lat[kept[i]]), str(named.near_th.iloc[i] or ""), str(named.near_en.iloc[i] or ""),
            float(np.nan_to_num(named.near_m.iloc[i])), float(found.demand[row]), int(found.incidents[row]), float(since[i]),
            float(prize[i + 1]),
        )
        for i, row in enumerate(rows)
    ]  # fmt: skip
    left = sorted((places[at - 1] for at in trips.left_out), key=lambda place: -place.prize)
    return Suggestion(
        post=str(post.code), post_th=str(post.name_th), post_en=str(post.name_en or post.name_th), lon=float(post.lon),
        lat=float(post.lat), ways="straight",
        teams=tuple(_team(trip, places, ways, asked.kmh, asked.start, asked.stop_minutes, (float(post.lon), float(post.lat))) for trip in trips.trips),
        prize=trips.prize, possible=float(sum(place.prize for place in places)) - sum(places[at - 1].prize for at in trips.out_of_reach),
        left_out=tuple(left[:TOLD]), out_of_reach=len(trips.out_of_reach), incidents=len(points), first=str(chosen.first),
        last=str(chosen.last), as_of=now.isoformat(timespec="seconds"), seed=asked.seed,
    )  # fmt: skip


def _team(
    trip: RoundTrip, places: list[PlaceToGo], ways: Floats, kmh: float, start: datetime, stop_minutes: float,
    home: tuple[float, float],
) -> Team:  # fmt: skip
    way = [0, *map(int, trip.stops), 0]
    driven = sum(float(ways[a, b]) for a, b in itertools.pairwise(way))
    stay = timedelta(minutes=stop_minutes)
    made = []
    for at, seconds in zip(trip.stops, trip.arrive, strict=True):
        arrive = start + timedelta(seconds=round(float(seconds)))
        made.append(Stop(places[int(at) - 1], arrive, arrive + stay))
    line = (home, *((stop.place.lon, stop.place.lat) for stop in made), home)
    back = start + timedelta(seconds=round(trip.back))
    return Team(tuple(made), start, back, driven * kmh / 3600, trip.prize, line)


def rota_posts(
    connection: Connection, question: RotaQuestion
) -> tuple[tuple[RotaPost, ...], tuple[str, ...], dict[str, object]]:
    """The places of a rota with what they are worth in each window, the codes of their districts, and what that rests on.

    Raises
    ------
    AnalysisRefused
        As `demand_points` and `chosen_posts`; ``patrolling.no_demand_near`` where nothing happened near any of them.
    """
    asked, now = question.asked, datetime.now(ZoneInfo(TIMEZONE))
    chosen = asked.demand.incidents(now.date())
    rows = chosen_posts(connection, question.scope, asked.posts, now.date())
    points, weight = demand_points(connection, question.scope, asked.demand, now.date())
    plane = Plane(*BORDER)
    assert points.t is not None
    assert points.day_only is not None
    hour = np.where(points.day_only, np.nan, (points.t % 1) * 24)
    value = value_by_window(
        *plane.metres(rows.lon, rows.lat), points.x, points.y, hour, weight, SCHEMES[asked.scheme], radius=asked.radius
    )
    if not value.any():
        raise AnalysisRefused("patrolling.no_demand_near", km=asked.radius / 1000)
    made = tuple(_post(row, value[at]) for at, (_, row) in enumerate(rows.iterrows()))
    told: dict[str, object] = {
        "first": str(chosen.first), "last": str(chosen.last), "crime_types": list(chosen.crime_types), "radius": asked.radius,
        "incidents": len(points), "scheme": asked.scheme, "as_of": now.isoformat(timespec="seconds"),
    }  # fmt: skip
    return made, tuple(sorted({str(code) for code in rows.district_code if code})), told


def _post(row: pd.Series, value: Floats) -> RotaPost:
    made = RotaPost(str(row["name_th"]), float(row["lon"]), float(row["lat"]), tuple(map(float, value)), ())
    return replace(made, checkpoint=str(row["code"])) if row["kind"] == "checkpoint" else made
