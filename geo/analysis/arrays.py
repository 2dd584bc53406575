"""What every statistic asks of its points: as many x as y, all of them finite, at least as many as it needs."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import AnalysisRefused

__all__ = ["Bools", "Floats", "Ints", "finite", "index_of", "points", "positive"]

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]


def finite(name: str, values: npt.ArrayLike, n: int | None = None) -> Floats:
    """Values as an array of floats.

    Parameters
    ----------
    name
        What an error calls them.
    values
        Shape (n,).

    Raises
    ------
    AnalysisRefused
        ``analysis.not_finite`` with the first bad ``row`` (from 1), ``analysis.lengths_differ``.
    """
    array = np.ascontiguousarray(values, dtype=np.float64).ravel()
    if n is not None and len(array) != n:
        raise AnalysisRefused("analysis.lengths_differ", name=name, n=len(array), expected=n)
    bad = ~np.isfinite(array)
    if bad.any():
        raise AnalysisRefused("analysis.not_finite", name=name, row=int(bad.argmax()) + 1, count=int(bad.sum()))
    return array


def points(x: npt.ArrayLike, y: npt.ArrayLike, least: int = 1) -> tuple[Floats, Floats]:
    """Coordinates in metres as arrays of equal length, shape (n,).

    Raises
    ------
    AnalysisRefused
        As `finite`; ``analysis.no_points`` (none at all), ``analysis.too_few`` (``n`` of the ``least`` that are needed).
    """
    xs = finite("x", x)
    ys = finite("y", y, len(xs))
    if len(xs) == 0:
        raise AnalysisRefused("analysis.no_points")
    if len(xs) < least:
        raise AnalysisRefused("analysis.too_few", n=len(xs), least=least)
    return xs, ys


def positive(name: str, value: float) -> float:
    """A number above nothing.

    Raises
    ------
    AnalysisRefused
        ``analysis.not_positive``.
    """
    if not (math.isfinite(value) and value > 0):
        raise AnalysisRefused("analysis.not_positive", name=name, value=value)
    return float(value)


def index_of(values: object, n: int) -> pd.Index:
    """The index that results take over: that of a Series or frame, else 0 to n - 1."""
    return values.index if isinstance(values, pd.Series | pd.DataFrame) else pd.RangeIndex(n)
