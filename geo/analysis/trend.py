"""Mann-Kendall: whether values rise or fall over time, whatever their distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.analysis.arrays import Floats
from geo.analysis.false_discovery import two_sided_p
from geo.errors import AnalysisRefused

__all__ = ["Trend", "mann_kendall", "mann_kendall_rows"]


@dataclass(frozen=True, slots=True)
class Trend:
    """Mann-Kendall's test of one series; ``slope`` is Sen's, the median change from one step to the next."""

    s: float
    variance: float
    z: float
    p: float
    tau: float
    slope: float


def mann_kendall(series: npt.ArrayLike) -> Trend:
    """Test one series; missing values (NaN) are left out, their places in time kept.

    Source: Mann 1945; Kendall 1975, with his correction for ties; slope after Sen 1968. Values that follow one another are
    taken to be independent: where they are not, p is too small or too large.

    Parameters
    ----------
    series
        In the order of time, shape (n,).

    Raises
    ------
    AnalysisRefused
        ``analysis.too_few`` with fewer than 2 values.
    """
    values = np.asarray(series, dtype=np.float64).ravel()
    place = np.flatnonzero(~np.isnan(values))
    values = values[place]
    n = len(values)
    if n < 2:
        raise AnalysisRefused("analysis.too_few", n=n, least=2)
    s, variance, z = mann_kendall_rows(values[None, :])
    i, j = np.triu_indices(n, 1)
    slope = float(np.median((values[j] - values[i]) / (place[j] - place[i])))
    return Trend(
        float(s[0]), float(variance[0]), float(z[0]), float(two_sided_p(z)[0]), float(s[0] * 2 / (n * (n - 1))), slope
    )


def mann_kendall_rows(values: npt.NDArray[Any]) -> tuple[Floats, Floats, Floats]:
    """S, its variance (corrected for ties) and z of many series at once.

    Parameters
    ----------
    values
        Shape (n, t), finite, a series a row.

    Returns
    -------
    s, variance, z
        Shape (n,) each; z is 0 where S is, or where all values are alike.
    """
    n, t = values.shape
    s = np.zeros(n)
    ties = np.zeros((n, t), dtype=np.float32)
    for lag in range(1, t):
        later, earlier = values[:, lag:], values[:, :-lag]
        s += (later > earlier).sum(axis=1) - (later < earlier).sum(axis=1)
        alike = later == earlier
        if alike.any():
            ties[:, lag:] += alike
            ties[:, :-lag] += alike
    # A group of k equal values takes k (k - 1) (2k + 5): each of its members, with k - 1 like it, (k - 1) (2k + 5).
    tied = (ties * (2 * ties + 7)).sum(axis=1, dtype=np.float64)
    variance = (t * (t - 1) * (2 * t + 5) - tied) / 18
    z = np.divide(s - np.sign(s), np.sqrt(variance), out=np.zeros(n), where=variance > 0)
    return s, variance, z
