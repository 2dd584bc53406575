"""Synthetic patrols on routes: past, under way, waiting, late, called off, planned, with their GPS fixes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.analysis.tracks import Track, make_track
from geo.ingest.demo.border import metres, shifted
from geo.ingest.demo.posts import Route

__all__ = ["Patrol", "make_patrols"]

PAST_PER_ROUTE = 6
FIX_S = 180
NOISE_M = 7.0
SPEED_KMH = {"foot": (3.5, 5.5), "vehicle": (12.0, 30.0), "river": (14.0, 30.0)}
JUMPING = 0.08
"""Share of tracks with a fix that nobody can have been at."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Patrol:
    """One row of ``patrol`` with its fixes; ``track`` is None where nothing was travelled."""

    code: str
    route: Route
    status: str
    scheduled_start: datetime
    scheduled_end: datetime
    track: Track | None = field(default=None)

    @property
    def line(self) -> BaseGeometry | None:
        """Track as travelled, a MultiLineString in WGS 84."""
        if self.track is None or not self.track.pieces:
            return None
        return shapely.multilinestrings(
            [shapely.linestrings(self.track.lon[p], self.track.lat[p]) for p in self.track.pieces]
        )


def make_patrols(routes: Sequence[Route], moment: datetime, seed: int) -> list[Patrol]:
    """Some past patrols for each route, one of now (active, late, ready, called off), and planned ones."""
    rng = np.random.default_rng([seed, 4])
    found: list[Patrol] = []

    def add(route: Route, status: str, start: datetime, delay_min: float | None = None) -> None:
        """``delay_min``: minutes between the planned and the real start; None: did not start."""
        start = start.replace(second=0, microsecond=0)
        hours = metres(route.line) / 1000 / float(np.mean(SPEED_KMH[route.kind])) + 0.5
        track = None
        if delay_min is not None:
            begun = start + timedelta(minutes=delay_min)
            until = moment if status == "active" else begun + timedelta(hours=24)
            track = _travelled(route, begun, until, rng)
        code = f"DEMO-PT-{len(found) + 1:04}"
        found.append(Patrol(code, route, status, start, start + timedelta(hours=hours), track))

    for number, route in enumerate(routes):
        for _ in range(PAST_PER_ROUTE):
            start = moment - timedelta(days=float(rng.uniform(1.2, 60)))
            if rng.random() < 0.12:
                add(route, "cancelled", start)
            else:
                add(route, "done", start, float(rng.exponential(12)))
        match number % 7:
            case 0 | 1:
                delay = float(rng.uniform(0, 15))
                add(route, "active", moment - timedelta(minutes=float(rng.uniform(25, 70)) + delay), delay)
            case 2:
                add(route, "scheduled", moment - timedelta(minutes=float(rng.uniform(70, 200))))
            case 3:
                add(route, "start_overdue", moment - timedelta(minutes=float(rng.uniform(70, 300))))
            case 4:
                add(route, "ready", moment + timedelta(minutes=float(rng.uniform(5, 50))))
            case 5:
                add(route, "cancelled", moment - timedelta(hours=float(rng.uniform(1, 8))))
            case _:
                add(route, "done", moment - timedelta(hours=float(rng.uniform(8, 12))), 4.0)
        for ahead in range(1 + number % 3):
            add(route, "scheduled", moment + timedelta(hours=float(rng.uniform(3, 20)) + 24 * ahead))
    return found


def _travelled(route: Route, begun: datetime, until: datetime, rng: np.random.Generator) -> Track:
    """A fix every three minutes along the route and back, until the way or the time is over."""
    slow, fast = SPEED_KMH[route.kind]
    way = shapely.get_coordinates(route.line)
    there_and_back = shapely.linestrings(np.concatenate([way, way[-2::-1]]))
    whole = metres(there_and_back)
    count = max(2, int(min((until - begun).total_seconds(), 10 * 3600) // FIX_S) + 1)
    steps = rng.uniform(slow, fast, count) / 3.6 * FIX_S
    done = np.concatenate(([0.0], np.cumsum(steps)))[:count]
    kept = max(2, int((done < whole).sum()))
    if until - begun < timedelta(hours=24):  # still out: the last fix is of now, wherever that is on the way
        done = np.minimum(done, whole)
        kept = count
    at = shapely.line_interpolate_point(there_and_back, done[:kept] / whole, normalized=True)
    east, north = rng.normal(0, NOISE_M, (2, kept))
    lon, lat = shifted(shapely.get_x(at), shapely.get_y(at), east, north)
    if kept > 6 and rng.random() < JUMPING:
        jump = int(rng.integers(2, kept - 2))
        lon[jump] += rng.uniform(0.4, 1.5)
    seconds = int(begun.timestamp()) + np.arange(kept) * FIX_S
    return make_track(seconds, lon, lat)
