"""Places worth a stop: where incidents lie close together, each at a spot where something did happen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.analysis.arrays import Floats, Ints, finite, points, positive

__all__ = ["CELL_M", "Stops", "stops"]

CELL_M = 2000.0
"""Width of the squares into which incidents are gathered: what lies so near is seen in one stop."""


@dataclass(frozen=True, slots=True, eq=False)
class Stops:
    """One row a stop, the most demand first.

    Attributes
    ----------
    x, y
        Metres, shape (n,): the incident nearest to the middle of those gathered. A middle could lie in the river.
    demand
        Sum of the weights, shape (n,).
    incidents
        How many, shape (n,).
    """

    x: Floats
    y: Floats
    demand: Floats
    incidents: Ints


def stops(x: npt.ArrayLike, y: npt.ArrayLike, weight: npt.ArrayLike, *, cell: float = CELL_M) -> Stops:
    """Gather incidents into stops.

    Parameters
    ----------
    x, y
        Metres, shape (n,).
    weight
        What each counts, at least 0, shape (n,).

    Raises
    ------
    AnalysisRefused
        As `points` and `finite`; ``analysis.not_positive``.
    """
    xs, ys = points(x, y)
    weights = finite("weight", weight, len(xs))
    width = positive("cell", cell)
    column, row = np.floor(xs / width).astype(np.int64), np.floor(ys / width).astype(np.int64)
    _, of = np.unique(np.column_stack([column, row]), axis=0, return_inverse=True)
    of = of.ravel()
    count = np.bincount(of)
    away = np.hypot(xs - (np.bincount(of, xs) / count)[of], ys - (np.bincount(of, ys) / count)[of])
    # The nearest of each cell: sorted by cell, then by distance.
    order = np.lexsort((away, of))
    nearest = order[np.flatnonzero(np.diff(of[order], prepend=-1))]
    demand: Floats = np.bincount(of, weights).astype(np.float64)
    rank = np.argsort(-demand, kind="stable")
    return Stops(xs[nearest][rank], ys[nearest][rank], demand[rank], count[rank].astype(np.int64))
