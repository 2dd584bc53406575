"""Where a cluster is drawn: its hull, or where that is mostly empty, the squares that its points lie in."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from geo.analysis.arrays import Floats, Ints, positive

__all__ = ["EMPTY", "cluster_outlines", "hearts"]

EMPTY = 4.0
"""A hull that is this many times as large as the squares says more of what lies between than of the cluster."""


def cluster_outlines(
    x: Floats, y: Floats, label: Ints, hulls: npt.NDArray[np.object_], eps: float
) -> npt.NDArray[np.object_]:
    """The outline of each cluster.

    A chain of points along a border has a hull that covers half a country. Its outline is made of the squares of width
    ``eps`` that hold its points, rounded off by half of that.

    Parameters
    ----------
    x, y, label
        Metres and cluster of each point, -1 none; shape (n,).
    hulls
        Of each cluster, shape (c,).
    eps
        Metres.
    """
    width = positive("eps", eps)
    inside = label >= 0
    if not inside.any():
        return hulls
    west, south = float(x[inside].min()), float(y[inside].min())
    column, row, columns, rows = _squares(x[inside] - west, y[inside] - south, width)
    keys = np.unique((label[inside] * rows + row) * columns + column)
    keys, column = np.divmod(keys, columns)
    of, row = np.divmod(keys, rows)
    held = np.bincount(of, minlength=len(hulls))
    drawn = hulls.copy()
    for cluster in np.flatnonzero(shapely.area(hulls) > EMPTY * held * width**2):
        left, low = west + column[of == cluster] * width, south + row[of == cluster] * width
        squares = shapely.box(left, low, left + width, low + width)
        drawn[cluster] = shapely.buffer(shapely.coverage_union_all(squares), width / 2)
    return drawn


def hearts(x: Floats, y: Floats, label: Ints, middles: Floats, outlines: npt.NDArray[np.object_], eps: float) -> Floats:
    """Where each cluster is marked: the mean of its points, or where that lies outside, their mean in its fullest square.

    Parameters
    ----------
    x, y, label
        Metres and cluster of each point, -1 none; shape (n,).
    middles
        Means of the clusters, metres, shape (c, 2).
    outlines
        Shape (c,).
    eps
        Width of a square, and how far from its outline a mean may lie, metres.
    """
    marked = middles.copy()
    for cluster in np.flatnonzero(shapely.distance(outlines, shapely.points(middles)) > eps):
        own = label == cluster
        east, north = x[own], y[own]
        column, row, columns, _ = _squares(east - east.min(), north - north.min(), eps)
        _, square, held = np.unique(row * columns + column, return_inverse=True, return_counts=True)
        fullest = square == held.argmax()
        marked[cluster] = east[fullest].mean(), north[fullest].mean()
    return marked


def _squares(x: Floats, y: Floats, width: float) -> tuple[Ints, Ints, int, int]:
    """Column and row of each point, shape (n,), and how many columns and rows there are."""
    column, row = (x // width).astype(np.int64), (y // width).astype(np.int64)
    return column, row, int(column.max()) + 1, int(row.max()) + 1
