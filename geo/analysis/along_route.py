"""How much of a track runs along a route, how much of a route was passed, and how far beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from geo.crs import WGS84

__all__ = ["Followed", "followed", "share_along"]

LOOK_EVERY_M = 100.0
"""Along a track the distance to the route is taken this often."""


@dataclass(frozen=True, slots=True)
class Followed:
    """How a track followed a route: share of the route's length that it passed (0 to 1); mean and farthest metres from it."""

    share: float
    mean_m: float
    most_m: float


def followed(track: BaseGeometry, route: BaseGeometry, within_m: float) -> Followed | None:
    """Judge a track by the route that it was to follow; nothing where either has no length.

    Parameters
    ----------
    track, route
        Lines in degrees, WGS 84, as in `share_along`.
    within_m
        Metres to either side within which the route counts as passed.
    """
    if track.is_empty or route.is_empty:
        return None
    in_metres = _metres_around(route)
    way, walked = in_metres(route), in_metres(track)
    if not way.length > 0 or not walked.length > 0:
        return None
    places = shapely.points(shapely.get_coordinates(shapely.segmentize(walked, LOOK_EVERY_M)))
    shapely.prepare(way)
    off = shapely.distance(way, places)
    return Followed(share_along(route, track, within_m), float(off.mean()), float(off.max()))


def share_along(track: BaseGeometry, route: BaseGeometry, within_m: float) -> float:
    """Share of a track's length that lies within so many metres of a route, 0 to 1; 0 where it has no length.

    Parameters
    ----------
    track, route
        Lines in degrees, WGS 84; routes of up to some hundred kilometres.
    within_m
        Metres to either side of the route.

    Notes
    -----
    Both are projected about the middle of the route, true in distance from there: off by less than one part
    in a thousand within 200 km.
    """
    if track.is_empty or route.is_empty:
        return 0.0
    in_metres = _metres_around(route)
    # Step by step: where a way is walked there and back, the two lie on each other, and both count.
    steps = np.concatenate([_steps(shapely.get_coordinates(part)) for part in shapely.get_parts(in_metres(track))])
    length = shapely.length(steps)
    whole = float(length.sum())
    if not whole > 0:
        return 0.0
    near = shapely.buffer(in_metres(route), within_m)
    shapely.prepare(near)
    inside = shapely.covers(near, steps)
    edge = ~inside & shapely.intersects(near, steps)
    along = float(length[inside].sum()) + float(shapely.length(shapely.intersection(steps[edge], near)).sum())
    return min(1.0, along / whole)


def _metres_around(route: BaseGeometry) -> Callable[[BaseGeometry], BaseGeometry]:
    """From degrees to metres around the middle of a route."""
    west, south, east, north = route.bounds
    middle = f"+proj=aeqd +lon_0={(west + east) / 2} +lat_0={(south + north) / 2} +datum=WGS84 +units=m"
    change = Transformer.from_crs(WGS84, middle, always_xy=True)
    return lambda line: shapely.transform(line, lambda at: np.column_stack(change.transform(at[:, 0], at[:, 1])))


def _steps(at: NDArray[np.float64]) -> NDArray[np.object_]:
    return np.asarray(shapely.linestrings(np.stack([at[:-1], at[1:]], axis=1)), dtype=object)
