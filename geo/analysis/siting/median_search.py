"""A good p-median at once: the best next site until all are placed, then the best exchange while one helps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.analysis.arrays import Bools, Floats, Ints
from geo.analysis.siting.answer import Clock
from geo.analysis.siting.median import Median

__all__ = ["Neighbours", "exchanges", "good_choice", "greedy", "neighbours", "swapped"]

BLOCK = 2_000
"""Demand rows sorted in one go."""
SAMPLE = 2_500
"""Demand rows on which a large question is answered first."""


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The nearest sites of each demand in rising order: positions and costs, shape (m, k) each."""

    site: Ints
    cost: Floats


def neighbours(asked: Median, least: int = 40) -> Neighbours:
    """As many as an exchange usually looks at: three times those that share a site, at least ``least``."""
    n = asked.costs.shape[1]
    number = max(1, asked.rules.slots + len(asked.rules.always))
    k = min(n, max(least, -(-3 * n // number)))
    sites, costs = np.empty((len(asked.costs), k), dtype=np.int64), np.empty((len(asked.costs), k))
    for begin in range(0, len(sites), BLOCK):
        part = asked.costs[begin : begin + BLOCK]
        near = np.argpartition(part, k - 1, axis=1)[:, :k]
        cost = np.take_along_axis(part, near, axis=1)
        order = np.argsort(cost, axis=1)
        sites[begin : begin + BLOCK] = np.take_along_axis(near, order, axis=1)
        costs[begin : begin + BLOCK] = np.take_along_axis(cost, order, axis=1)
    return Neighbours(sites, costs)


def good_choice(asked: Median, around: Neighbours, clock: Clock | None = None) -> Bools:
    """Greedy and exchanges, for many rows on a part of them first."""
    if len(asked.weight) <= 2 * SAMPLE:
        return swapped(asked, greedy(asked), around, clock)
    random = np.random.default_rng(3)
    rows = random.choice(len(asked.weight), SAMPLE, p=asked.weight / asked.weight.sum())
    part = Median(asked.costs[rows], np.ones(SAMPLE), asked.rules)
    begin = swapped(part, greedy(part), Neighbours(around.site[rows], around.cost[rows]), clock)
    return swapped(asked, begin, around, clock)


def greedy(asked: Median, begin: Bools | None = None) -> Bools:
    """Add the site that shortens the ways most until none can be added, shape (sites,)."""
    limits = asked.rules
    chosen = (limits.existing | limits.forced) if begin is None else begin.copy()
    sites = np.flatnonzero(chosen)
    nearest = asked.nearest(sites) if len(sites) else asked.costs.max(axis=1)
    while (can := limits.addable(chosen)).any():
        left = np.flatnonzero(can)
        gain = np.einsum("i,ij->j", asked.weight, np.maximum(0, nearest[:, None] - asked.costs[:, left]))
        best = int(left[gain.argmax()])
        chosen[best] = True
        nearest = np.minimum(nearest, asked.costs[:, best])
    return chosen


def swapped(asked: Median, chosen: Bools, around: Neighbours, clock: Clock | None = None) -> Bools:
    """Exchange one site for another, always the best pair, while the ways get shorter.

    Source: Teitz and Bart 1968, with the sums of Resende and Werneck 2007.
    """
    chosen = chosen.copy()
    while clock is None or not clock.over:
        out, profit = exchanges(asked, chosen, around)
        if not np.isfinite(profit).any():
            break
        into, from_ = np.unravel_index(int(profit.argmax()), profit.shape)
        if profit[into, from_] <= 1e-9 * float((asked.weight * asked.nearest(np.flatnonzero(chosen))).sum()):
            break
        chosen[out[from_]], chosen[into] = False, True
    return chosen


def exchanges(asked: Median, chosen: Bools, around: Neighbours) -> tuple[Ints, Floats]:
    """What every exchange of one site for another would shorten.

    Returns
    -------
    The sites that may go, shape (k,), and by how much the ways get shorter with each site in its place, shape (sites, k);
    minus infinity where the rules do not let it.
    """
    limits, w, costs = asked.rules, asked.weight, asked.costs
    n = costs.shape[1]
    sites = np.flatnonzero(chosen)
    out = np.flatnonzero(chosen & limits.free)
    can = limits.swappable(chosen, out)
    if not can.any():
        return out, np.full((n, len(out)), -np.inf)
    mine = costs[:, sites]
    first = mine.argmin(axis=1)
    d1 = np.take_along_axis(mine, first[:, None], axis=1).ravel()
    if len(sites) > 1:
        mine = mine.copy()
        np.put_along_axis(mine, first[:, None], np.inf, axis=1)
        d2 = mine.min(axis=1)
    else:
        d2 = costs.max(axis=1)
    row, site, cost = _closer_than(d2, around, costs)
    gain = np.bincount(site, weights=w[row] * np.maximum(0, d1[row] - cost), minlength=n)
    lost = np.bincount(first, weights=w * (d2 - d1), minlength=len(sites))
    again = np.bincount(
        site * len(sites) + first[row],
        weights=w[row] * (d2[row] - np.maximum(cost, d1[row])),
        minlength=n * len(sites),
    ).reshape(n, len(sites))
    profit = gain[:, None] - lost + again
    where = np.searchsorted(sites, out)
    return out, np.where(can, profit[:, where], -np.inf)


def _closer_than(reach: Floats, around: Neighbours, costs: Floats) -> tuple[Ints, Ints, Floats]:
    """Every pair of demand and site closer than the reach of the demand: row, site and cost, shape (pairs,) each."""
    near = around.cost < reach[:, None]
    whole = around.cost.shape[1] == costs.shape[1]
    # Where even the last of the neighbours is closer there may be others.
    open_ended = np.zeros(len(reach), dtype=np.bool_) if whole else near[:, -1]
    near[open_ended] = False
    row, at = np.nonzero(near)
    site, cost = around.site[row, at], around.cost[row, at]
    if open_ended.any():
        rows = np.flatnonzero(open_ended)
        i, j = np.nonzero(costs[rows] < reach[rows, None])
        row, site = np.concatenate([row, rows[i]]), np.concatenate([site, j])
        cost = np.concatenate([cost, costs[rows[i], j]])
    return row, site, cost
