"""Rates of small populations, drawn towards the mean of all as far as their smallness asks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from geo.analysis.arrays import finite, index_of
from geo.errors import AnalysisRefused

__all__ = ["empirical_bayes"]


def empirical_bayes(counts: npt.ArrayLike, population: npt.ArrayLike) -> pd.DataFrame:
    """Marshall's global empirical-Bayes rates, with exact Poisson limits of the raw ones.

    Source: Marshall 1991, Applied Statistics 40. The variance between areas is never below 0.

    Parameters
    ----------
    counts
        Incidents of each area, shape (n,).
    population
        People (or person-years), above 0, shape (n,).

    Returns
    -------
    DataFrame
        Index of ``counts``; ``raw`` and ``smoothed`` incidents a person, ``low`` and ``high`` (95 %) of the raw rate. The
        attributes ``a`` and ``m`` (``frame.attrs``) are the variance between areas and the mean.

    Raises
    ------
    AnalysisRefused
        ``analysis.no_points``, ``analysis.negative``, ``analysis.not_positive``, as `finite`.
    """
    c = finite("count", counts)
    people = finite("population", population, len(c))
    if len(c) == 0:
        raise AnalysisRefused("analysis.no_points")
    if (c < 0).any():
        raise AnalysisRefused("analysis.negative", name="count", row=int((c < 0).argmax()) + 1)
    if (people <= 0).any():
        raise AnalysisRefused("analysis.not_positive", name="population", value=float(people[people <= 0][0]))
    raw = c / people
    m = c.sum() / people.sum()
    between = max(0.0, float((people * (raw - m) ** 2).sum() / people.sum() - m / people.mean()))
    share = between / (between + m / people) if m > 0 else np.zeros(len(c))
    low = np.where(c > 0, special.gammaincinv(np.maximum(c, 1), 0.025), 0) / people
    high = special.gammaincinv(c + 1, 0.975) / people
    columns = {"raw": raw, "smoothed": m + share * (raw - m), "low": low, "high": high}
    frame = pd.DataFrame(columns, index=index_of(counts, len(c)))
    frame.attrs = {"a": between, "m": float(m)}
    return frame
