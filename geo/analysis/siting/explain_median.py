"""Why these sites of a p-median: who goes to each, how much longer ways get without it, its second-best place; and the curve."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from geo.analysis.arrays import Ints
from geo.analysis.siting.answer import Clock
from geo.analysis.siting.median import Median
from geo.analysis.siting.median_search import exchanges, neighbours

__all__ = ["curve_of_ways", "explained_ways"]


def explained_ways(asked: Median, sites: Ints) -> pd.DataFrame:
    """The sites of a choice, those that are there already first, then in the order in which they shorten ways most.

    Returns
    -------
    A row a site (position among the candidates) with ``existing``, ``covers`` (weight to which it is the nearest of the
    chosen ones), ``adds`` (weight × distance saved beside those above it; NaN for the first of all, without which there
    is no way), ``lost`` (weight × distance more if it alone were left out; NaN where it stands alone), ``second_best``
    (position that could take its place with the least loss, -1 where none can), ``swap_loss`` (that loss, weight ×
    distance; NaN where none can).
    """
    costs, weight = asked.costs, asked.weight
    chosen = np.zeros(costs.shape[1], dtype=np.bool_)
    chosen[sites] = True
    order = [int(site) for site in sites if asked.rules.existing[site]]
    left = [int(site) for site in sites if not asked.rules.existing[site]]
    nearest = asked.nearest(np.array(order)) if order else None
    adds = _saved_in_turn(asked, order)
    while left:
        if nearest is None:
            best = int(np.argmin(weight @ costs[:, left]))
            adds.append(math.nan)
            nearest = costs[:, left[best]]
        else:
            saved = weight @ np.maximum(0, nearest[:, None] - costs[:, left])
            best = int(saved.argmax())
            adds.append(float(saved[best]))
            nearest = np.minimum(nearest, costs[:, left[best]])
        order.append(left.pop(best))
    out, profit = exchanges(asked, chosen, neighbours(asked))
    swaps = {int(site): (int(profit[:, k].argmax()), float(profit[:, k].max())) for k, site in enumerate(out)}
    second = [swaps.get(site, (-1, -math.inf)) for site in order]
    mine = costs[:, order].argmin(axis=1)
    return pd.DataFrame(
        {
            "existing": asked.rules.existing[order],
            "covers": np.bincount(mine, weights=weight, minlength=len(order)),
            "adds": adds,
            "lost": _lost(asked, order),
            "second_best": [place if math.isfinite(gain) else -1 for place, gain in second],
            "swap_loss": [-gain if math.isfinite(gain) else math.nan for _, gain in second],
        },
        index=pd.Index(order, name="site"),
    )


def curve_of_ways(asked: Median, most: int, clock: Clock | None = None) -> pd.DataFrame:
    """Mean distance against the number of new sites: each number keeps those of the one before, and adds the best next one.

    Another choice of as many may be a little nearer: the curve says where more stops helping, not the best of each number.

    Parameters
    ----------
    most
        Largest number of new sites; as many as may stand at most.

    Returns
    -------
    Rows ``number`` with ``value`` (weight × distance), ``mean`` (distance of a unit of weight) and ``site`` (the one
    added, -1 in the first row).
    """
    clock = clock or Clock()
    limits, weight = asked.rules, asked.weight
    number = int(limits.forced.sum())
    most = min(most, number + int(limits.free.sum()))
    chosen = limits.existing | limits.forced
    nearest = asked.nearest(np.flatnonzero(chosen)) if chosen.any() else None
    total = float(weight.sum())
    told = []
    if nearest is not None:
        told.append((number, float(weight @ nearest), -1))
    while number < most and not clock.over:
        free = np.flatnonzero(limits.free & ~chosen)
        far = asked.costs.max(axis=1) if nearest is None else nearest
        saved = np.einsum("i,ij->j", weight, np.maximum(0, far[:, None] - asked.costs[:, free]))
        site = int(free[saved.argmax()])
        chosen[site] = True
        nearest = np.minimum(far, asked.costs[:, site])
        number += 1
        told.append((number, float(weight @ nearest), site))
    frame = pd.DataFrame(told, columns=["number", "value", "site"]).set_index("number")
    frame.insert(1, "mean", frame["value"] / total)
    return frame


def _saved_in_turn(asked: Median, order: list[int]) -> list[float]:
    saved: list[float] = []
    for at, site in enumerate(order):
        if not at:
            saved.append(math.nan)
            continue
        before = asked.nearest(np.array(order[:at]))
        saved.append(float(asked.weight @ np.maximum(0, before - asked.costs[:, site])))
    return saved


def _lost(asked: Median, order: list[int]) -> list[float]:
    if len(order) == 1:
        return [math.nan]
    mine = asked.costs[:, order]
    first = mine.argmin(axis=1)
    two = np.partition(mine, 1, axis=1)[:, :2]
    return [
        float(one) for one in np.bincount(first, weights=asked.weight * (two[:, 1] - two[:, 0]), minlength=len(order))
    ]
