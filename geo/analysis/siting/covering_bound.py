"""How much covering sites can cover at most: Lagrange's relaxation of "covered only where a site is", by subgradients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.analysis.arrays import Bools, Floats
from geo.analysis.siting.answer import Clock
from geo.analysis.siting.covering import Covering

__all__ = ["CoveringBound", "covering_bound"]


LEAST_STEPS = 5
"""Steps that are taken whatever the time: an answer without any bound says too little."""


@dataclass(frozen=True, slots=True, eq=False)
class CoveringBound:
    """The bound; the price of each group that gave it, shape (groups,); and sites that looked good on the way."""

    value: float
    price: Floats
    sites: Bools


def covering_bound(
    asked: Covering, reached: float, *, steps: int = 400, price: Floats | None = None, clock: Clock | None = None
) -> CoveringBound:
    """Lower the bound step by step.

    Source: Held, Wolfe and Crowder 1974; for covering Galvão and ReVelle 1996.

    Parameters
    ----------
    reached
        Value of a choice that is known, towards which the steps are measured.
    price
        Where to begin.
    """
    cover = asked.cover
    w = cover.weight
    once, both = asked.once * w, (asked.once + asked.twice) * w
    highest = np.maximum(once, both / 2)
    p = highest / 2 if price is None else price
    best, best_price, best_sites = np.inf, p, np.zeros(cover.sites, dtype=np.bool_)
    theta, waited = 1.0, 0
    direction: Floats = np.zeros_like(w)
    for number in range(steps):
        if number >= LEAST_STEPS and clock is not None and clock.over:
            break
        first, second = once - p, both - 2 * p
        wanted = np.where(second > first, 2, 1) * (np.maximum(first, second) > 0)
        most, sites = asked.rules.best(cover.by_site @ p)
        bound = most + float(np.maximum(0, np.maximum(first, second)).sum())
        if bound < best - 1e-9 * abs(best if np.isfinite(best) else 1.0):
            best, best_price, waited = bound, p, 0
            best_sites = np.zeros(cover.sites, dtype=np.bool_)
            best_sites[sites] = True
        else:
            waited += 1
            if waited >= 12:
                theta, waited, p = theta / 2, 0, best_price
                direction = np.zeros_like(w)
                if theta < 1e-4:
                    break
                continue
        slope = cover.counts(sites) - wanted
        direction = slope + 0.5 * direction
        size = float((direction * direction).sum())  # no threads, unlike a dot product
        if size == 0 or bound <= reached:
            break
        p = np.clip(p - theta * (bound - reached) / size * direction, 0, highest)
    return CoveringBound(max(best, reached), best_price, best_sites)
