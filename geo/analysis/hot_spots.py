"""Getis-Ord Gi*: where high or low values lie together more than chance would put them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.analysis.arrays import Floats, finite, index_of, points
from geo.analysis.false_discovery import q_values, two_sided_p
from geo.analysis.near import neighbour_sums
from geo.analysis.neighbourhoods import Neighbourhoods
from geo.errors import AnalysisRefused

__all__ = ["LEVELS", "class_counts", "confidence_class", "gi_scores", "gi_star", "gi_star_of"]

LEVELS = (0.10, 0.05, 0.01)
"""Probabilities of the classes 1, 2 and 3: 90, 95 and 99 % confidence."""


def gi_star(values: npt.ArrayLike, x: npt.ArrayLike, y: npt.ArrayLike, distance: float) -> pd.DataFrame:
    """Gi* of the value at each place, all places within a distance counted alike, the place itself too.

    Source: Ord and Getis 1995, Geographical Analysis 27, equation 14 with binary weights; the normal approximation.
    Where all values are alike, or a place has every other one near, nothing can be told: z is 0 and p is 1.

    Parameters
    ----------
    values
        Shape (n,), n at least 3.
    x, y
        Metres, shape (n,).
    distance
        Metres.

    Returns
    -------
    DataFrame
        Index of ``values``; ``z``, ``p`` (two-sided), ``q`` (Benjamini-Hochberg over all places), ``neighbours`` (within the
        distance, the place itself not counted) and ``class`` by q (see `confidence_class`).

    Raises
    ------
    AnalysisRefused
        As `points`, `finite` and `geo.analysis.near.pairs_within`.
    """
    xs, ys = points(x, y, least=3)
    v = finite("value", values, len(xs))
    # Sums of large values that differ little lose the difference: it is the deviations that are summed.
    centred = v - v.mean()
    near, total = neighbour_sums(xs, ys, distance, centred)
    return _told(gi_scores(centred, total, near), near, index_of(values, len(v)))


def gi_star_of(values: npt.ArrayLike, neighbourhoods: Neighbourhoods) -> pd.DataFrame:
    """As `gi_star`, with neighbourhoods that were made before: those of a grid of hexagons, or of districts."""
    v = finite("value", values, len(neighbourhoods.near))
    if len(v) < 3:
        raise AnalysisRefused("analysis.too_few", n=len(v), least=3)
    z = gi_scores(v, neighbourhoods.sums(v), neighbourhoods.near)
    return _told(z, neighbourhoods.near, index_of(values, len(v)))


def _told(z: Floats, near: Floats, index: pd.Index) -> pd.DataFrame:
    p = two_sided_p(z)
    q = q_values(p)
    columns = {"z": z, "p": p, "q": q, "neighbours": near.astype(np.int64) - 1, "class": confidence_class(z, q)}
    return pd.DataFrame(columns, index=index)


def gi_scores(values: npt.NDArray[Any], local: npt.NDArray[Any], near: npt.NDArray[Any]) -> Floats:
    """Standard scores of Gi* from sums over neighbourhoods.

    Parameters
    ----------
    values
        Shape (n,) or (n, t): each column is judged by its own mean and spread.
    local
        Sum of the values within each place's neighbourhood, itself too; same shape.
    near
        How many places each neighbourhood holds, itself too; shape (n,).
    """
    n = len(values)
    mean = values.mean(axis=0)
    spread = values.std(axis=0)
    size = near.reshape((n,) + (1,) * (values.ndim - 1)).astype(np.float64)
    room = np.sqrt(np.maximum(size * (n - size), 0) / max(n - 1, 1))
    known = (room > 0) & (spread > 1e-12 * np.maximum(1, np.abs(mean)))
    z: Floats = np.divide(local - mean * size, spread * room, out=np.zeros(values.shape), where=known)
    return z


def confidence_class(z: npt.ArrayLike, q: npt.ArrayLike) -> npt.NDArray[np.int8]:
    """Hot and cold by confidence.

    Parameters
    ----------
    z
        Standard scores, any shape.
    q
        Corrected (or, where that is asked for, plain) probabilities, same shape.

    Returns
    -------
    ndarray
        3, 2, 1 hot with 99, 95, 90 %; -3, -2, -1 cold; 0 neither.
    """
    q = np.asarray(q)
    level = sum((q <= limit).astype(np.int8) for limit in LEVELS)
    return np.asarray(np.sign(z).astype(np.int8) * level, dtype=np.int8)


def class_counts(classes: npt.ArrayLike) -> dict[str, int]:
    """How many places are of each class: ``hot_90``, ``hot_95``, ``hot_99`` and the same for cold.

    Parameters
    ----------
    classes
        Of `confidence_class`, shape (n,).
    """
    found = np.asarray(classes)
    named = ((1, 90), (2, 95), (3, 99))
    return {
        f"{side}_{level}": int((found == sign * number).sum())
        for side, sign in (("hot", 1), ("cold", -1))
        for number, level in named
    }
