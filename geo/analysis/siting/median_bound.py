"""How short the ways can be at least: Lagrange's relaxation of "everybody goes to one site", by subgradients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.analysis.arrays import Bools, Floats
from geo.analysis.siting.answer import Clock
from geo.analysis.siting.median import Median
from geo.analysis.siting.median_search import Neighbours

__all__ = ["MedianBound", "median_bound"]


LEAST_STEPS = 5
"""Steps that are taken whatever the time: an answer without any bound says too little."""


@dataclass(frozen=True, slots=True, eq=False)
class MedianBound:
    """The bound; what a way may cost each demand, shape (m,); what each site saves by that, shape (n,); its choice."""

    value: float
    price: Floats
    saving: Floats
    sites: Bools


def median_bound(
    asked: Median,
    chosen: Bools,
    around: Neighbours,
    *,
    steps: int = 300,
    seconds: float = np.inf,
    begin: Floats | None = None,
    clock: Clock | None = None,
) -> MedianBound:
    """Raise the bound step by step from the ways of a choice that is known.

    Source: Cornuéjols, Fisher and Nemhauser 1977.

    Parameters
    ----------
    seconds
        At most so long.
    begin
        Prices to begin with, shape (m,).
    """
    until = Clock(seconds)
    w, n = asked.weight, asked.costs.shape[1]
    mine = np.sort(asked.costs[:, np.flatnonzero(chosen)], axis=1)[:, :2]
    reached = float((w * mine[:, 0]).sum())
    # A price is at most the cost of the last neighbour that is looked at: sites farther away save nothing by it.
    whole = around.cost.shape[1] == n
    highest = np.full(len(w), np.inf) if whole else around.cost[:, -1]
    price = np.minimum(mine.mean(axis=1) if begin is None else begin, highest)
    best, best_price, best_saving, best_sites = -np.inf, price, np.zeros(n), chosen
    theta, waited = 1.0, 0
    direction: Floats = np.zeros_like(w)
    for number in range(steps):
        if number >= LEAST_STEPS and (until.over or (clock is not None and clock.over)):
            break
        # Rows are in rising order of cost: columns beyond the longest stretch below its price need no look.
        wide = int((around.cost < price[:, None]).sum(axis=1).max(initial=1)) or 1
        below = price[:, None] - around.cost[:, :wide]
        np.maximum(below, 0, out=below)
        below *= w[:, None]
        saving = np.bincount(around.site[:, :wide].ravel(), weights=below.ravel(), minlength=n).astype(np.float64)
        most, sites = asked.rules.best(saving)
        bound = float((w * price).sum()) - most
        taken = np.zeros(n, dtype=np.bool_)
        taken[sites] = True
        if bound > best + 1e-9 * abs(reached):
            best, best_price, best_saving, best_sites, waited = bound, price, saving, taken, 0
        else:
            waited += 1
            if waited >= 10:
                theta, waited, price = theta / 2, 0, best_price
                direction = np.zeros_like(w)
                if theta < 1e-3:
                    break
                continue
        slope = 1.0 - (asked.costs[:, sites] < price[:, None]).sum(axis=1)
        direction = np.asarray(slope + 0.3 * direction, dtype=np.float64)
        size = float((w * direction * direction).sum())
        if size == 0 or bound >= reached * (1 - 1e-12):
            break
        price = np.clip(price + theta * (reached - bound) / size * direction, 0, highest)
    return MedianBound(min(best, reached), best_price, best_saving, best_sites)
