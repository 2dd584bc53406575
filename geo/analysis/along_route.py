"""How much of a track runs along a route."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from geo.crs import WGS84

__all__ = ["share_along"]


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
    west, south, east, north = route.bounds
    middle = f"+proj=aeqd +lon_0={(west + east) / 2} +lat_0={(south + north) / 2} +datum=WGS84 +units=m"
    change = Transformer.from_crs(WGS84, middle, always_xy=True)

    def in_metres(line: BaseGeometry) -> BaseGeometry:
        return shapely.transform(line, lambda at: np.column_stack(change.transform(at[:, 0], at[:, 1])))

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


def _steps(at: NDArray[np.float64]) -> NDArray[np.object_]:
    return np.asarray(shapely.linestrings(np.stack([at[:-1], at[1:]], axis=1)), dtype=object)
