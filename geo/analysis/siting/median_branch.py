"""The p-median proven by branching: a site is in or out, and Lagrange's bound says which half holds nothing better."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import replace
from itertools import count

import numpy as np

from geo.analysis.arrays import Bools
from geo.analysis.siting.answer import Clock
from geo.analysis.siting.median import Median
from geo.analysis.siting.median_bound import MedianBound, median_bound
from geo.analysis.siting.median_search import Neighbours
from geo.analysis.siting.rules import Rules

__all__ = ["branched", "narrowed"]

STEPS = 60
"""Of the bound in each half, begun with the prices of the whole."""


def branched(
    asked: Median,
    known: Bools,
    bound: MedianBound,
    around: Neighbours,
    clock: Clock,
    heard: Callable[[Bools, float], object],
) -> tuple[Bools, float]:
    """Halve the choices, always the half with the lowest bound first, until none can hold a better choice.

    Parameters
    ----------
    asked
        With a number of sites, without budgets and without a least number in districts.
    heard
        Called with the best choice and the lowest bound that is left, after each half.

    Returns
    -------
    The best choice, shape (sites,), and a bound: the value itself where the choice is proven.
    """
    best, value = known, asked.value(known)
    order = count()
    halves = [(bound.value, next(order), asked.rules, bound)]
    while halves:
        lowest, _, limits, found = halves[0]
        if lowest >= _target(asked, value):
            break
        if clock.over:
            return best, min(lowest, value)
        heapq.heappop(halves)
        limits = narrowed(limits, found, _target(asked, value))
        for forced, free in _halves(limits, found):
            half = replace(asked, rules=replace(limits, forced=forced, free=free))
            if free.sum() < half.rules.slots or half.rules.slots < 0:
                continue
            lower = median_bound(half, best, around, steps=STEPS, begin=found.price, clock=clock)
            if (other := asked.value(lower.sites)) < value:
                best, value = lower.sites, other
            if not half.rules.slots:
                continue  # one choice alone, whose value is known: its bound may fall short of that for ever by rounding
            # A bound that time has cut short is no worse than that of the whole.
            at_least = max(lowest, lower.value)
            if at_least < _target(asked, value):
                heapq.heappush(halves, (at_least, next(order), half.rules, lower))
        heard(best, min(halves[0][0] if halves else value, value))
    return best, value


def narrowed(limits: Rules, found: MedianBound, target: float) -> Rules:
    """Rules without the sites that no choice below the target has, and with those that each has."""
    free = np.flatnonzero(limits.free)
    order = free[np.argsort(-found.saving[free], kind="stable")]
    taken, left = order[: limits.slots], order[limits.slots :]
    forced, chance = limits.forced.copy(), limits.free.copy()
    room = target - found.value
    if len(taken) and len(left):
        never = left[found.saving[taken[-1]] - found.saving[left] > room]
        sure = taken[found.saving[taken] - found.saving[left[0]] > room]
        chance[never] = chance[sure] = False
        forced[sure] = True
    return replace(limits, forced=forced, free=chance)


def _halves(limits: Rules, found: MedianBound) -> list[tuple[Bools, Bools]]:
    """Forced and free sites of the half with the site that saves most, and of the half without it."""
    taken = np.flatnonzero(found.sites & limits.free)
    open_ones = taken if len(taken) else np.flatnonzero(limits.free)
    if not len(open_ones):
        return [(limits.forced, limits.free)]
    site = int(open_ones[found.saving[open_ones].argmax()])
    free, forced = limits.free.copy(), limits.forced.copy()
    free[site], forced[site] = False, True
    return [(forced, free), (limits.forced, free)]


def _target(asked: Median, value: float) -> float:
    """What a better choice is below: whole values differ by one at least."""
    return value - 1 + 1e-6 if asked.whole else value * (1 - 1e-10) if math.isfinite(value) else value
