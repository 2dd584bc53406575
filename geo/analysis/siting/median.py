"""The question of the p-median: sites to which the demand has, weighed and added up, the shortest way."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist

from geo.analysis.arrays import Bools, Floats, Ints, points
from geo.analysis.siting.cover import checked_weights
from geo.analysis.siting.rules import Rules
from geo.errors import AnalysisRefused

__all__ = ["Median", "median_of", "median_within"]

MOST_DISTANCES = 100_000_000
"""Distances kept at once: 800 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class Median:
    """Choose sites so that weight × distance to the nearest one is least; make one with `median_of` or `median_within`.

    Attributes
    ----------
    costs
        From demand to candidate, shape (m, n), finite.
    weight
        Of each demand, above 0, shape (m,).
    whole
        Whether all costs and weights, and so all values, are whole numbers.
    """

    costs: Floats
    weight: Floats
    rules: Rules
    whole: bool = False

    def nearest(self, sites: Ints) -> Floats:
        """Distance from each demand to the nearest of some sites, shape (m,)."""
        return np.asarray(self.costs[:, sites].min(axis=1))

    def value(self, chosen: Bools) -> float:
        """Weight × distance of a choice, added up."""
        return math.fsum(self.weight * self.nearest(np.flatnonzero(chosen)))


def median_of(costs: npt.ArrayLike, limits: Rules, weight: npt.ArrayLike | None = None) -> Median:
    """The p-median by any cost, for example metres along roads.

    Parameters
    ----------
    costs
        Shape (m, n); NaN or infinity: no way.
    weight
        Shape (m,).

    Raises
    ------
    AnalysisRefused
        As `checked_weights`; ``siting.unreachable`` (a demand row without a way to any candidate),
        ``siting.negative_distance``, ``siting.too_many_distances``, ``siting.nothing_to_choose``.
    """
    table = np.atleast_2d(np.asarray(costs, dtype=np.float64))
    if table.size > MOST_DISTANCES:
        raise AnalysisRefused("siting.too_many_distances", rows=table.shape[0], sites=table.shape[1])
    weights = checked_weights(weight, table.shape[0])
    if not len(limits.always) and not limits.slots:
        raise AnalysisRefused("siting.nothing_to_choose")
    if table.min() < 0:
        raise AnalysisRefused("siting.negative_distance", row=int((table < 0).any(axis=1).argmax()) + 1)
    if not np.isfinite(table.sum()):
        ways = np.isfinite(table)
        can = limits.existing | limits.forced | limits.free
        if (alone := ~ways[:, can].any(axis=1) & (weights > 0)).any():
            raise AnalysisRefused("siting.unreachable", row=int(alone.argmax()) + 1)
        # So far that a choice which leaves someone without a way is the last to be taken.
        far = 1 + float((weights * np.where(ways, table, 0).max(axis=1)).sum()) / float(weights[weights > 0].min())
        table = np.where(ways, table, far)
    used = weights > 0
    table, weights = (table, weights) if used.all() else (table[used], weights[used])
    whole = all(bool((part == np.floor(part)).all()) for part in (weights, table[0], table))
    return Median(table, weights, limits, whole)


def median_within(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    site_x: npt.ArrayLike,
    site_y: npt.ArrayLike,
    limits: Rules,
    weight: npt.ArrayLike | None = None,
) -> Median:
    """The p-median by straight lines; demand at the same place is put together, which changes nothing.

    Parameters
    ----------
    x, y, weight
        Demand, metres, shape (m,).
    site_x, site_y
        Candidates, metres, shape (n,).

    Raises
    ------
    AnalysisRefused
        As `median_of` and `points`.
    """
    if np.size(x) == 0:
        raise AnalysisRefused("siting.no_demand")
    demand, sites = np.column_stack(points(x, y)), np.column_stack(points(site_x, site_y))
    weights = checked_weights(weight, len(demand))
    places, inverse = np.unique(demand, axis=0, return_inverse=True)
    if len(places) * len(sites) > MOST_DISTANCES:
        raise AnalysisRefused("siting.too_many_distances", rows=len(places), sites=len(sites))
    return median_of(cdist(places, sites), limits, np.bincount(inverse.ravel(), weights=weights))
