"""Work out a suggested patrol, in a process beside the page's."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from dashboard.hotspots.material import Ground
from dashboard.hotspots.naming import names
from dashboard.patrolling.asked import OutingAsked, OutingQuestion
from dashboard.patrolling.ground import PatrolGround, follows_roads, ground_of
from dashboard.patrolling.reading import chosen_posts, demand_points
from dashboard.patrolling.suggestion import PlaceToGo, Stop, Suggestion, Team
from geo.analysis.arrays import Floats
from geo.analysis.patrolling.outing import RoundTrip, round_trips
from geo.analysis.patrolling.stops import Stops, stops
from geo.analysis.plane import BORDER, Plane
from geo.analysis.simulation import Cancelled, Progress
from geo.crs import TIMEZONE
from geo.errors import AnalysisRefused
from geo.queries.last_passes import hours_since_pass
from geo.queries.watched_land import named_places, watched_districts

__all__ = ["LONGEST_H", "MOST_STOPS", "suggested"]

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
    chosen = asked.demand.incidents(now.date())
    post = chosen_posts(connection, scope, (asked.post,), now.date()).iloc[0]
    points, weight = demand_points(connection, scope, asked.demand, now.date())
    found, since = _worth_most(connection, stops(points.x, points.y, weight), asked, post)
    ground = ground_of(connection, found, since, post, asked.ways)
    n = len(found.x) + 1
    trips = round_trips(
        ground.seconds(asked.kmh, asked.detour), ground.prize, limit=asked.hours * 3600, teams=asked.teams,
        stop=asked.stop_minutes * 60, seed=asked.seed, progress=progress, cancelled=cancelled,
    )  # fmt: skip
    named = names(Ground(watched_districts(connection, scope, chosen), named_places(connection)), found.x, found.y)
    places = [_place(at, ground, found, since, named) for at in range(len(found.x))]
    reached = np.setdiff1d(np.arange(1, n), trips.out_of_reach)
    left = sorted((places[at - 1] for at in trips.left_out), key=lambda place: -place.prize)
    return Suggestion(
        post=str(post.code), post_th=str(post.name_th), post_en=str(post.name_en or post.name_th), lon=float(post.lon),
        lat=float(post.lat), ways=ground.followed, teams=tuple(_team(trip, places, ground, asked) for trip in trips.trips),
        prize=trips.prize, possible=float(ground.prize[reached].sum()), left_out=tuple(left[:TOLD]),
        out_of_reach=len(trips.out_of_reach), incidents=len(points), first=str(chosen.first), last=str(chosen.last),
        as_of=now.isoformat(timespec="seconds"), seed=asked.seed,
    )  # fmt: skip


def _worth_most(connection: Connection, found: Stops, asked: OutingAsked, post: pd.Series) -> tuple[Stops, Floats]:
    """The stops within reach that are worth most, and the hours since anybody came by each."""
    plane = Plane(*BORDER)
    x, y = plane.metres([post.lon], [post.lat])
    longer = 1.0 if follows_roads(connection, asked.ways) else asked.detour
    reach = asked.hours * asked.kmh * 1000 / 2 / longer
    near = np.flatnonzero(np.hypot(found.x - x[0], found.y - y[0]) <= reach)
    if not len(near):
        raise AnalysisRefused("patrolling.nothing_reached", hours=asked.hours)
    lon, lat = plane.degrees(found.x[near], found.y[near])
    since = hours_since_pass(connection, lon, lat, asked.start, longest=LONGEST_H)
    kept = np.argsort(-found.demand[near] * since, kind="stable")[:MOST_STOPS]
    rows = near[kept]
    return Stops(found.x[rows], found.y[rows], found.demand[rows], found.incidents[rows]), since[kept]


def _place(at: int, ground: PatrolGround, found: Stops, since: Floats, named: pd.DataFrame) -> PlaceToGo:
    row = named.iloc[at]
    return PlaceToGo(
        lon=float(ground.lon[at + 1]), lat=float(ground.lat[at + 1]), name_th=str(row["near_th"] or ""),
        name_en=str(row["near_en"] or ""), away_m=float(np.nan_to_num(row["near_m"])), demand=float(found.demand[at]),
        incidents=int(found.incidents[at]), hours_since=float(since[at]), prize=float(ground.prize[at + 1]),
    )  # fmt: skip


def _team(trip: RoundTrip, places: list[PlaceToGo], ground: PatrolGround, asked: OutingAsked) -> Team:
    at = [int(stop) for stop in trip.stops]
    stay = timedelta(minutes=asked.stop_minutes)
    arrive = [asked.start + timedelta(seconds=round(float(seconds))) for seconds in trip.arrive]
    made = tuple(Stop(places[stop - 1], when, when + stay) for stop, when in zip(at, arrive, strict=True))
    back = asked.start + timedelta(seconds=round(trip.back))
    return Team(made, asked.start, back, ground.metres(at, asked.detour) / 1000, trip.prize, ground.line(at))
