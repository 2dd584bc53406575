"""How concentrated incidents are: the share of places that hold half of them, its curve, and the list of those places.

Source: Lorenz 1905; Weisburd 2015, Criminology 53 (law of crime concentration).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.analysis.arrays import Floats, finite, index_of
from geo.errors import AnalysisRefused

__all__ = ["Concentration", "concentration", "few_places"]


@dataclass(frozen=True, slots=True, eq=False)
class Concentration:
    """The curve of places and incidents, busiest places first.

    Attributes
    ----------
    places, incidents
        Shares from 0 to 1, shape (n + 1,), both beginning with 0.
    holds_half
        Smallest share of the places that holds at least half of the incidents; ``half_count`` of them.
    gini
        0 all places alike, towards 1 all in one.
    """

    places: Floats
    incidents: Floats
    holds_half: float
    half_count: int
    gini: float


def concentration(counts: npt.ArrayLike) -> Concentration:
    """The concentration of incidents by place.

    Parameters
    ----------
    counts
        Of each place, those without any too, shape (n,).

    Raises
    ------
    AnalysisRefused
        ``analysis.no_points`` without any place or incident; ``analysis.negative``.
    """
    values = _counts(counts)
    n, total = len(values), values.sum()
    until = np.concatenate([[0.0], np.cumsum(np.sort(values)[::-1])])
    half = int(np.argmax(until >= total / 2 * (1 - 1e-12)))
    area = float(((until[1:] + until[:-1]) / 2).sum() / (n * total))
    return Concentration(np.arange(n + 1) / n, until / total, half / n, half, 2 * area - 1)


def few_places(counts: npt.ArrayLike, share: float = 0.8) -> pd.DataFrame:
    """The fewest places that hold a share of the incidents (the 80-20 list), busiest first.

    Returns
    -------
    DataFrame
        Index of ``counts``; ``count``, ``share`` and ``until_here`` (shares of all incidents). Equal ones in the order given.
    """
    values = _counts(counts)
    order = np.argsort(-values, kind="stable")
    until = np.cumsum(values[order]) / values.sum()
    kept = order[: int(np.argmax(until >= share * (1 - 1e-12))) + 1]
    index = index_of(counts, len(values))[kept]
    shares = values[kept] / values.sum()
    return pd.DataFrame({"count": values[kept], "share": shares, "until_here": np.cumsum(shares)}, index=index)


def _counts(counts: npt.ArrayLike) -> Floats:
    values = finite("count", counts)
    if (values < 0).any():
        raise AnalysisRefused("analysis.negative", name="count", row=int((values < 0).argmax()) + 1)
    if values.sum() <= 0:
        raise AnalysisRefused("analysis.no_points")
    return values
