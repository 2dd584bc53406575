"""Hexagons of equal size over a plane in metres, found by arithmetic instead of a spatial join."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.analysis.arrays import Floats, Ints, points, positive
from geo.errors import AnalysisRefused

__all__ = ["MOST", "UP", "Hexagons", "hexagon_keys", "hexagon_of", "hexagons_around", "hexagons_over"]

MOST = 2_000_000
"""Hexagons of one grid."""
UP = 3**0.5 / 2
"""Rows of hexagons are this share of the spacing apart."""


def hexagon_of(x: npt.ArrayLike, y: npt.ArrayLike, spacing: float) -> tuple[Ints, Ints]:
    """Axial coordinates (q, r) of the hexagon that each point lies in.

    Hexagon (0, 0) has its middle at the origin; one corner points north; middles are ``spacing`` metres apart.

    Parameters
    ----------
    x, y
        Metres, shape (n,).
    spacing
        Metres from middle to middle of neighbours, which is the width across flats.
    """
    r = np.asarray(y, dtype=np.float64) / (spacing * UP)
    q = np.asarray(x, dtype=np.float64) / spacing - r / 2
    # In cube coordinates q + r + s = 0: the one that was rounded farthest is put right by the other two.
    whole = np.rint(np.stack([q, r, -q - r]))
    off = np.abs(whole - np.stack([q, r, -q - r]))
    fix_q = (off[0] > off[1]) & (off[0] > off[2])
    fix_r = ~fix_q & (off[1] > off[2])
    whole[0] = np.where(fix_q, -whole[1] - whole[2], whole[0])
    whole[1] = np.where(fix_r, -whole[0] - whole[2], whole[1])
    return whole[0].astype(np.int64), whole[1].astype(np.int64)


def hexagon_keys(q: Ints, r: Ints) -> Ints:
    """One number for each pair of axial coordinates, row by row; shape (n,)."""
    return r * (1 << 32) + q + (1 << 31)


@dataclass(frozen=True, eq=False)
class Hexagons:
    """A choice of hexagons of one size.

    Attributes
    ----------
    spacing
        Metres from middle to middle.
    q, r
        Axial coordinates, shape (n,), in the order of their keys.
    origin
        Middle of hexagon (0, 0), metres.
    """

    spacing: float
    q: Ints
    r: Ints
    origin: tuple[float, float] = (0.0, 0.0)

    def __len__(self) -> int:
        return len(self.q)

    @cached_property
    def keys(self) -> Ints:
        """One number a hexagon, ascending, shape (n,)."""
        return hexagon_keys(self.q, self.r)

    @cached_property
    def x(self) -> Floats:
        """Middles, metres, shape (n,)."""
        return np.asarray(self.origin[0] + self.spacing * (self.q + self.r / 2))

    @cached_property
    def y(self) -> Floats:
        """Middles, metres, shape (n,)."""
        return np.asarray(self.origin[1] + self.spacing * UP * self.r)

    @property
    def area_km2(self) -> float:
        """Of one hexagon."""
        return float(UP * self.spacing**2 / 1e6)

    def locate(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Ints:
        """Position of the hexagon of each point (metres, shape (m,)), -1 outside all of them."""
        east, north = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        asked = hexagon_keys(*hexagon_of(east - self.origin[0], north - self.origin[1], self.spacing))
        at = np.minimum(np.searchsorted(self.keys, asked), len(self) - 1)
        return np.where(self.keys[at] == asked, at, -1)

    def counts(self, x: npt.ArrayLike, y: npt.ArrayLike) -> pd.Series[int]:
        """Points (metres) in each hexagon, zeros too; index 0 to n - 1. Those outside are not counted."""
        at = self.locate(x, y)
        return pd.Series(np.bincount(at[at >= 0], minlength=len(self)), name="count")

    def outlines(self) -> npt.NDArray[np.object_]:
        """Polygons in metres, shape (n,)."""
        turn = np.deg2rad(np.arange(30, 390, 60))
        ring = np.stack([np.cos(turn), np.sin(turn)], axis=1) * self.spacing / np.sqrt(3)
        middles = np.stack([self.x, self.y], axis=1)
        return np.asarray(shapely.polygons(middles[:, None, :] + ring[None, :, :]))


def hexagons_over(land: BaseGeometry, spacing: float, origin: tuple[float, float] = (0.0, 0.0)) -> Hexagons:
    """All hexagons whose middle lies on the land.

    Parameters
    ----------
    land
        In metres.
    spacing
        Metres from middle to middle.
    origin
        Where hexagon (0, 0) has its middle, metres.

    Raises
    ------
    AnalysisRefused
        ``analysis.too_many_cells``, ``analysis.no_cells``, ``analysis.not_positive``.
    """
    step = positive("cell", spacing)
    if land.is_empty:
        raise AnalysisRefused("analysis.no_cells", cell=spacing)
    west, south, east, north = np.array(land.bounds) - np.tile(origin, 2)
    rows, columns = (north - south) / (step * UP) + 2, (east - west) / step + 2
    if rows * columns > 8 * MOST:
        raise AnalysisRefused("analysis.too_many_cells", cell=spacing, cells=int(rows * columns))
    r = np.arange(np.floor(south / (step * UP)), np.ceil(north / (step * UP)) + 1, dtype=np.int64)
    width = np.arange(int(columns) + 2, dtype=np.int64)
    q = np.floor(west / step - r / 2).astype(np.int64)[:, None] + width
    r = np.broadcast_to(r[:, None], q.shape)
    shapely.prepare(land)
    on = shapely.intersects_xy(land, origin[0] + step * (q + r / 2), origin[1] + step * UP * r)
    if not on.any():
        raise AnalysisRefused("analysis.no_cells", cell=spacing)
    if on.sum() > MOST:
        raise AnalysisRefused("analysis.too_many_cells", cell=spacing, cells=int(on.sum()))
    return _sorted(step, q[on], r[on], origin)


def hexagons_around(x: npt.ArrayLike, y: npt.ArrayLike, spacing: float, rings: int = 1) -> Hexagons:
    """The hexagons over the hull of points that come without any land, and ``rings`` more around it.

    Every point lies in one of them. They move with the points: hexagon (0, 0) lies on the south-western corner of their box.

    Raises
    ------
    AnalysisRefused
        As `points` and `hexagons_over`.
    """
    xs, ys = points(x, y)
    step = positive("cell", spacing)
    hull = shapely.convex_hull(shapely.multipoints(np.stack([xs, ys], axis=1)))
    # A corner is 0.58 of the spacing from its middle: so the hexagon of every point is taken.
    return hexagons_over(shapely.buffer(hull, step * (rings + 0.6)), step, (float(xs.min()), float(ys.min())))


def _sorted(step: float, q: Ints, r: Ints, origin: tuple[float, float]) -> Hexagons:
    order = np.argsort(hexagon_keys(q, r))
    return Hexagons(step, q[order], r[order], origin)
