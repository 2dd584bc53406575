"""Sums over the neighbourhoods of places, made once and used for every slice of time."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse

from geo.analysis.arrays import Floats, Ints, points, positive
from geo.analysis.hexagons import UP, Hexagons, hexagon_keys
from geo.analysis.near import TOLERANCE, pairs_within

__all__ = ["AreaNeighbourhoods", "HexagonNeighbourhoods", "Neighbourhoods", "PlaceNeighbourhoods"]


class Neighbourhoods(Protocol):
    """For each of n places all those within one distance, the place itself too."""

    near: Floats
    """How many places each neighbourhood holds, shape (n,)."""

    def sums(self, values: Floats) -> Floats:
        """Sum of the values, shape (n,), over each neighbourhood."""


class PlaceNeighbourhoods:
    """Neighbourhoods of any places, as a sparse matrix of ones.

    Parameters
    ----------
    x, y
        Metres, shape (n,).
    distance
        Metres.

    Raises
    ------
    AnalysisRefused
        As `geo.analysis.near.pairs_within`.
    """

    def __init__(self, x: npt.ArrayLike, y: npt.ArrayLike, distance: float) -> None:
        xs, ys = points(x, y)
        blocks = list(pairs_within(xs, ys, distance))
        i = np.concatenate([block[0] for block in blocks]).astype(np.int32)
        j = np.concatenate([block[1] for block in blocks]).astype(np.int32)
        ones = np.ones(len(i), dtype=np.float32)
        self.matrix = sparse.csr_array((ones, (i, j)), shape=(len(xs), len(xs)))
        self.near: Floats = np.bincount(i, minlength=len(xs)).astype(np.float64)

    def sums(self, values: Floats) -> Floats:
        """Sum of the values, shape (n,), over each neighbourhood."""
        return np.asarray(self.matrix @ values)


class AreaNeighbourhoods:
    """Neighbourhoods of areas that share an edge.

    Parameters
    ----------
    shapes
        Polygons in metres, shape (n,).
    gap
        Metres: edges nearer than this are one. Simplified outlines do not meet exactly.
    """

    def __init__(self, shapes: npt.NDArray[np.object_], gap: float) -> None:
        one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=gap)
        self.matrix = sparse.csr_array((np.ones(len(one)), (one, other)), shape=(len(shapes), len(shapes)))
        self.near: Floats = np.bincount(one, minlength=len(shapes)).astype(np.float64)

    def sums(self, values: Floats) -> Floats:
        """Sum of the values, shape (n,), over each neighbourhood."""
        return np.asarray(self.matrix @ values)


class HexagonNeighbourhoods:
    """Neighbourhoods in a grid of hexagons, however wide, by sums along its rows.

    What lies within the distance are a few runs of hexagons, one a row; the sum of a run is the difference of two running
    sums over all hexagons in their order. Counts stay exact: they are whole numbers.

    Parameters
    ----------
    hexagons
        The n hexagons that are there; others have no value and are in no neighbourhood.
    distance
        Metres from middle to middle.
    """

    def __init__(self, hexagons: Hexagons, distance: float) -> None:
        reach = positive("distance", distance) / hexagons.spacing * (1 + TOLERANCE)
        self.n = len(hexagons)
        self.runs: list[tuple[Ints, Ints]] = []
        for up in range(-int(reach / UP), int(reach / UP) + 1):
            half = np.sqrt(max(reach**2 - (up * UP) ** 2, 0))
            # The middle of (q + d, r + up) lies d + up / 2 to the east of that of (q, r).
            low, high = int(np.ceil(-half - up / 2 - 1e-9)), int(np.floor(half - up / 2 + 1e-9))
            if low > high:
                continue
            r = hexagons.r + up
            first = np.searchsorted(hexagons.keys, hexagon_keys(hexagons.q + low, r))
            last = np.searchsorted(hexagons.keys, hexagon_keys(hexagons.q + high, r), "right")
            self.runs.append((first, last))
        self.near: Floats = sum(((last - first).astype(np.float64) for first, last in self.runs), np.zeros(self.n))

    def sums(self, values: Floats) -> Floats:
        """Sum of the values, shape (n,), over each neighbourhood."""
        until = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
        return sum((until[last] - until[first] for first, last in self.runs), np.zeros(self.n))
