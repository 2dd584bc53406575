"""Suggested patrols: from a post, within some hours, through the places where most is to be gained.

Team orienteering: each place has a prize that is won once, by whichever team stops there, and every team is back in time.
Solved as prize-collecting vehicle routing with a limit on each route's duration. It is a search, not a proof: another round
trip may win a little more, and none of those told is ever too long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from pyvrp import Client, Depot, Location, ProblemData, VehicleType

from geo.analysis.arrays import Floats, Ints, finite, positive
from geo.analysis.patrolling.solver import solved
from geo.analysis.simulation import Cancelled, Progress, whole
from geo.errors import AnalysisRefused

__all__ = ["ITERATIONS", "MOST_TEAMS", "RoundTrip", "RoundTrips", "round_trips"]

MOST_TEAMS = 10
MOST_PLACES = 1_000
ITERATIONS = 2_000
"""Rounds of the search: 60 places and 3 teams take about a second."""
TICKS = 200_000
"""The solver counts in whole numbers: the time limit is so many. Ways are rounded up, so that nobody is late."""
PRIZES = 1_000_000_000
"""All prizes together. Ten teams that are out to the last minute cost a five-hundredth of it: time only decides between routes of about
the same prize."""


@dataclass(frozen=True, slots=True, eq=False)
class RoundTrip:
    """What one team does.

    Attributes
    ----------
    stops
        Positions of the places in the order in which they are visited, shape (stops,).
    arrive
        Seconds after setting out at which each is reached, shape (stops,).
    back
        Seconds after setting out at which the team is back.
    prize
        What it wins.
    """

    stops: Ints
    arrive: Floats
    back: float
    prize: float


@dataclass(frozen=True, slots=True, eq=False)
class RoundTrips:
    """The round trips of the teams that are needed, the richest first; and the positions of the places left out though
    one could go there and back in time, and of those that nobody can."""

    trips: tuple[RoundTrip, ...]
    left_out: Ints
    out_of_reach: Ints

    @property
    def prize(self) -> float:
        """What all teams win together."""
        return float(sum(trip.prize for trip in self.trips))


def round_trips(
    ways: npt.ArrayLike,
    prize: npt.ArrayLike,
    *,
    limit: float,
    teams: int = 1,
    stop: float = 0.0,
    finish: int = 0,
    seed: int = 1,
    iterations: int = ITERATIONS,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> RoundTrips:
    """The round trips that win most within a time.

    Parameters
    ----------
    ways
        Seconds from each place to each, shape (n, n), at least 0; not finite where there is no way. Row 0 is the post.
    prize
        What stopping at a place is worth, shape (n,), at least 0. The post's own counts nothing.
    limit
        Seconds within which a team is back, stops included.
    teams
        1 to `MOST_TEAMS`.
    stop
        Seconds spent at each place.
    finish
        Position of the place where a round trip ends: the post, or another one (a landing further down the river).
    seed, iterations
        The same ones give the same routes.

    Raises
    ------
    AnalysisRefused
        ``patrolling.ways``, ``patrolling.many_teams``, ``patrolling.many_places``, ``patrolling.no_places``,
        ``patrolling.negative``, ``patrolling.nothing_reached`` (``hours``), ``analysis.not_positive``, ``analysis.not_whole``,
        as `finite`.
    AnalysisCancelled
        ``analysis.cancelled``.
    """
    matrix, worth = _checked(ways, prize, limit, teams, stop, finish)
    there_and_back = matrix[0] + stop + matrix[:, finish]
    places = np.setdiff1d(np.arange(len(worth)), [0, finish])
    reached = places[there_and_back[places] <= limit]
    wanted = reached[worth[reached] > 0]
    if not len(places):
        raise AnalysisRefused("patrolling.no_places")
    if not len(wanted) or matrix[0, finish] > limit:
        raise AnalysisRefused("patrolling.nothing_reached", hours=limit / 3600)
    if len(wanted) > MOST_PLACES:
        raise AnalysisRefused("patrolling.many_places", n=len(wanted), most=MOST_PLACES)
    nodes = np.concatenate([[0, finish] if finish else [0], wanted])
    data = _problem(matrix[np.ix_(nodes, nodes)], worth[wanted], limit, teams, stop, at_post=finish == 0)
    result = solved(data, seed=seed, iterations=iterations, progress=progress, cancelled=cancelled)
    first = len(nodes) - len(wanted)
    trips = [
        _trip(nodes[[first + activity.idx for activity in route if activity.is_client()]], matrix, worth, stop, finish)
        for route in result.best.routes()
    ]
    trips = [trip for trip in trips if len(trip.stops) and trip.back <= limit]
    visited = np.concatenate([trip.stops for trip in trips]) if trips else np.empty(0, dtype=np.int64)
    return RoundTrips(
        tuple(sorted(trips, key=lambda trip: (-trip.prize, trip.back))),
        np.setdiff1d(wanted, visited),
        np.setdiff1d(places, reached),
    )


def _checked(
    ways: npt.ArrayLike, prize: npt.ArrayLike, limit: float, teams: int, stop: float, finish: int
) -> tuple[Floats, Floats]:
    worth = finite("prize", prize)
    matrix = np.asarray(ways, dtype=np.float64)
    if matrix.shape != (len(worth), len(worth)) or not 0 <= finish < len(worth):
        raise AnalysisRefused("patrolling.ways", rows=len(matrix), expected=len(worth))
    if (worth < 0).any() or np.nanmin(matrix) < 0 or stop < 0:
        raise AnalysisRefused("patrolling.negative")
    if whole("teams", teams, 1) > MOST_TEAMS:
        raise AnalysisRefused("patrolling.many_teams", teams=teams, most=MOST_TEAMS)
    positive("limit", limit)
    return np.where(np.isfinite(matrix), matrix, np.inf), worth


def _problem(matrix: Floats, worth: Floats, limit: float, teams: int, stop: float, *, at_post: bool) -> ProblemData:
    """Whole numbers for the solver: locations 0 (and 1) where round trips begin (and end), then the places."""
    n, first = len(matrix), 1 if at_post else 2
    scale = TICKS / limit
    # PyVRP's stubs ask for arrays of a shape that numpy does not name: Any.
    # One who cannot get from a place to the next in time cannot at all.
    ticks: Any = np.ceil(np.minimum(matrix * scale, 2.0 * TICKS) - 1e-6).astype(np.int64)
    np.fill_diagonal(ticks, 0)
    prizes = np.maximum(1, np.rint(worth / worth.sum() * PRIZES)).astype(np.int64)
    serving = int(np.ceil(stop * scale - 1e-6))
    return ProblemData(
        locations=[Location(0, 0) for _ in range(n)],
        clients=[
            Client(first + i, service_duration=serving, prize=int(prizes[i]), required=False) for i in range(n - first)
        ],
        depots=[Depot(i) for i in range(first)],
        vehicle_types=[
            VehicleType(teams, start_depot=0, end_depot=first - 1, shift_duration=TICKS, unit_distance_cost=0, unit_duration_cost=1)
        ],
        distance_matrices=[ticks],
        duration_matrices=[ticks],
    )  # fmt: skip


def _trip(stops: Ints, matrix: Floats, worth: Floats, stop: float, finish: int) -> RoundTrip:
    way: Sequence[int] = [0, *map(int, stops), finish]
    legs = np.array([matrix[a, b] for a, b in pairwise(way)])
    arrive = np.cumsum(legs[:-1] + stop) - stop
    back = float(arrive[-1] + stop + legs[-1]) if len(stops) else 0.0
    return RoundTrip(np.asarray(stops, dtype=np.int64), arrive, back, float(worth[stops].sum()))
