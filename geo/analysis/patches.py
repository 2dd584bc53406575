"""Cells that touch each other, put together into patches."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.analysis.arrays import Ints, finite, positive

__all__ = ["patches"]


def patches(x: npt.ArrayLike, y: npt.ArrayLike, spacing: float) -> Ints:
    """The patch of each cell of one grid, numbered from 0 in the order of their first cells, shape (n,).

    Parameters
    ----------
    x, y
        Middles, metres, shape (n,).
    spacing
        Metres from middle to middle of cells that touch.
    """
    xs = finite("x", x)
    ys = finite("y", y, len(xs))
    if len(xs) == 0:
        return np.zeros(0, dtype=np.int64)
    near = cKDTree(np.column_stack([xs, ys])).query_pairs(1.01 * positive("cell", spacing), output_type="ndarray")
    touching = coo_matrix((np.ones(len(near)), (near[:, 0], near[:, 1])), shape=(len(xs), len(xs)))
    label = connected_components(touching, directed=False)[1]
    _, first = np.unique(label, return_index=True)
    order = np.empty(len(first), dtype=np.int64)
    order[np.argsort(first)] = np.arange(len(first))
    return np.asarray(order[label], dtype=np.int64)
