"""Where a checkpoint could stand, suggested: a grid on land, off its edge, near the border or a road."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import KDTree
from shapely.geometry.base import BaseGeometry

from geo.analysis.arrays import Floats, Ints, points, positive
from geo.errors import AnalysisRefused

__all__ = ["INSET_M", "MOST_CANDIDATES", "road_sites", "site_grid"]

INSET_M = 500.0
"""Metres that a suggested place keeps from the edge of the land: outlines are simplified to about 500 m, and most of the border
with Laos is a river."""
MOST_CANDIDATES = 5_000
"""More places than that are no suggestion."""


def site_grid(
    land: BaseGeometry, spacing: float, near: BaseGeometry, within: float, inset: float = INSET_M
) -> tuple[Floats, Floats]:
    """Places on a square grid; where they lie does not change with what else is asked for.

    Parameters
    ----------
    land
        Polygons on which somebody can stand, metres; places lie inside of them, at least ``inset`` metres from the edge of
        all of them together.
    spacing
        Metres between neighbours.
    near, within
        Lines or points, metres; places lie within so many metres of them.

    Returns
    -------
    x, y
        Metres, shape (n,) each; from west to east, then from south to north. None where there is no such place.

    Raises
    ------
    AnalysisRefused
        As `positive`; ``siting.grid_too_fine``.
    """
    step, reach = positive("spacing", spacing), positive("within", within)
    solid = shapely.buffer(shapely.union_all(shapely.get_parts(land)), -inset) if inset > 0 else land
    strip = shapely.intersection(shapely.buffer(near, reach, quad_segs=16), solid)
    if shapely.is_empty(strip):
        return np.empty(0), np.empty(0)
    west, south, east, north = shapely.bounds(strip)
    expected = float(shapely.area(strip)) / step**2
    if expected > MOST_CANDIDATES:
        least = math.ceil(math.sqrt(float(shapely.area(strip)) / MOST_CANDIDATES) / 100) * 100
        raise AnalysisRefused("siting.grid_too_fine", most=MOST_CANDIDATES, spacing=step, least=least)
    x, y = (
        np.arange(math.ceil(low / step), math.floor(high / step) + 1) * step
        for low, high in ((west, east), (south, north))
    )
    shapely.prepare(strip)
    # Column by column: a long thin border has a box of many times its places.
    columns = []
    for one in x:
        inside = y[shapely.contains_xy(strip, one, y)]
        columns.append(np.column_stack([np.full(len(inside), one), inside]))
    at = np.concatenate(columns) if columns else np.empty((0, 2))
    at = at[_near(at, near, reach)]
    return at[:, 0].copy(), at[:, 1].copy()


def road_sites(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    roads: npt.ArrayLike,
    land: BaseGeometry,
    spacing: float,
    near: BaseGeometry,
    within: float,
    inset: float = INSET_M,
) -> Ints:
    """Places on roads, at least a spacing apart: first where most roads meet, as whoever passes there passes the checkpoint.

    Parameters
    ----------
    x, y, roads
        Places of a road network, metres, and how many roads lead away from each; shape (n,).
    land, spacing, near, within, inset
        As `site_grid`.

    Returns
    -------
    Ints
        Positions among the places, those where most roads meet first.

    Raises
    ------
    AnalysisRefused
        As `points` and `positive`; ``siting.grid_too_fine``.
    """
    xs, ys = points(x, y)
    step, reach = positive("spacing", spacing), positive("within", within)
    solid = shapely.buffer(shapely.union_all(shapely.get_parts(land)), -inset) if inset > 0 else land
    strip = shapely.intersection(shapely.buffer(near, reach, quad_segs=16), solid)
    if shapely.is_empty(strip) or not len(xs):
        return np.empty(0, dtype=np.int64)
    shapely.prepare(strip)
    inside = np.flatnonzero(shapely.contains_xy(strip, xs, ys))
    at = np.column_stack([xs[inside], ys[inside]])
    kept_near = _near(at, near, reach)
    inside, at = inside[kept_near], at[kept_near]
    if not len(inside):
        return np.empty(0, dtype=np.int64)
    tree = KDTree(at)
    left = np.ones(len(at), dtype=np.bool_)
    kept: list[int] = []
    for one in np.argsort(-np.asarray(roads)[inside], kind="stable"):
        if not left[one]:
            continue
        if len(kept) == MOST_CANDIDATES:
            raise AnalysisRefused("siting.grid_too_fine", most=MOST_CANDIDATES, spacing=step, least=math.ceil(2 * step))
        kept.append(int(one))
        left[tree.query_ball_point(at[one], step)] = False
    return np.asarray(inside[kept], dtype=np.int64)


def _near(at: Floats, near: BaseGeometry, reach: float) -> np.ndarray:
    """Whether each place is as near as asked: the strip's round ends are polygons, and a little too narrow, never too wide."""
    shapely.prepare(near)
    return np.asarray(shapely.dwithin(near, shapely.points(at), reach)) if len(at) else np.empty(0, dtype=np.bool_)
