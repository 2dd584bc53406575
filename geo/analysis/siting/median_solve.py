"""The p-median: exchanges and Lagrange's bound at once, then the proven best by branching, or by HiGHS under other rules."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from scipy import sparse

from geo.analysis.arrays import Bools, Floats, Ints
from geo.analysis.simulation import Cancelled
from geo.analysis.siting.answer import Answer, Clock, Report, Status
from geo.analysis.siting.median import Median
from geo.analysis.siting.median_bound import MedianBound, median_bound
from geo.analysis.siting.median_branch import branched
from geo.analysis.siting.median_search import Neighbours, good_choice, greedy, neighbours, swapped
from geo.analysis.siting.mip import Model, Rows, rule_rows, site_bounds, solved

__all__ = ["LARGE", "first_answer", "solve"]

BEFORE = (0.1, 2.0)
"""Share of the time limit, and at most so many seconds, for more exchanges, and again for the bound, before HiGHS."""
PATIENCE = 30
"""Exchanges from a shaken choice that lead to nothing better before HiGHS begins."""
FEW_PAIRS = 25
"""Sites in question for each demand up to which HiGHS is quicker than branching."""
LARGE = 2_000_000
"""Distances beyond which a good bound needs more of the time."""
MOST_PAIRS = 1_500_000
"""Pairs of demand and site in question beyond which HiGHS would need too much memory."""


def first_answer(
    asked: Median, around: Neighbours | None = None, clock: Clock | None = None
) -> tuple[Answer, MedianBound]:
    """Exchanges and a bound from a few steps: within seconds for 20,000 demand rows and 1,000 candidates."""
    clock = clock or Clock()
    around = around or neighbours(asked)
    chosen = good_choice(asked, around, clock)
    bound = median_bound(asked, chosen, around, steps=150, seconds=1.5, clock=clock)
    return _answer(asked, chosen, bound.value, Status.FEASIBLE, clock), bound


def solve(
    asked: Median, limit: float = 30.0, *, report: Report | None = None, cancelled: Cancelled | None = None
) -> Answer:
    """The shortest ways, proven where the time suffices; arguments as for maximal covering."""
    clock = Clock(limit, cancelled)
    tell = report or (lambda _: None)
    around = neighbours(asked)
    best, bound = first_answer(asked, around, clock)
    tell(best)
    if best.proven or clock.over:
        return _closed(best, clock)
    random = np.random.default_rng(1)
    before = min(BEFORE[0] * limit, BEFORE[1])
    until = Clock(min(before, clock.left), cancelled)
    waited = 0
    known = best.found
    tries = [bound.sites] if asked.rules.kept_to(bound.sites) else []
    while known and not until.over and waited < PATIENCE and not best.proven:
        begin = tries.pop() if tries else _shaken(asked, best, random)
        other = _answer(asked, swapped(asked, begin, around, until), bound.value, Status.FEASIBLE, clock)
        waited += 1
        if other.value < best.value * (1 - 1e-12):
            best, waited = other, 0
            tell(best)
    if known and not best.proven:
        more = median_bound(
            asked,
            _mask(asked, best),
            around,
            steps=1500,
            seconds=before if asked.costs.size <= LARGE else 0.35 * limit,
            begin=bound.price,
            clock=clock,
        )
        bound = more if more.value > bound.value else bound
        best = _answer(asked, _mask(asked, best), max(bound.value, best.bound), Status.FEASIBLE, clock)
        tell(best)
    if best.proven or clock.over:
        return _closed(best, clock)
    limits = asked.rules
    plain = known and limits.number is not None and not limits.budgets and not limits.least_each
    model = _model(asked, best, bound, FEW_PAIRS * len(asked.weight) if plain else MOST_PAIRS)
    if model is not None:
        return _exact(asked, best, model, clock, tell)
    if plain:
        return _branched(asked, best, bound, around, clock, tell)
    return replace(best, status=Status.FEASIBLE if best.found else Status.NOT_FOUND, seconds=clock.seconds)


def _branched(
    asked: Median, known: Answer, lagrange: MedianBound, around: Neighbours, clock: Clock, tell: Report
) -> Answer:
    lowest = replace(lagrange, value=max(lagrange.value, known.bound))

    def heard(chosen: Bools, bound: float) -> None:
        tell(_answer(asked, chosen, bound, Status.FEASIBLE, clock))

    chosen, bound = branched(asked, _mask(asked, known), lowest, around, clock, heard)
    return _closed(_answer(asked, chosen, bound, Status.FEASIBLE, clock), clock)


def _exact(asked: Median, known: Answer, built: tuple[Model, Floats | None], clock: Clock, tell: Report) -> Answer:
    best = known
    n = asked.costs.shape[1]

    def heard(columns: Floats | None, bound: float | None) -> None:
        nonlocal best
        lowest = best.bound if bound is None else _rounded(asked, min(max(best.bound, bound), _most(best)))
        if columns is not None:
            best = _shorter(best, _answer(asked, columns[:n] > 0.5, lowest, Status.FEASIBLE, clock))
        best = replace(best, bound=min(lowest, _most(best)), seconds=clock.seconds)
        tell(best)

    outcome = solved(built[0], clock, start=built[1], apart=0.999 if asked.whole else 0.0, on_progress=heard)
    if outcome.status is Status.INFEASIBLE and not best.found:
        return Answer(np.empty(0, dtype=np.int64), math.nan, math.nan, Status.INFEASIBLE, clock.seconds)
    if outcome.columns is not None:
        best = _shorter(best, _answer(asked, outcome.columns[:n] > 0.5, best.bound, Status.FEASIBLE, clock))
    # Without any choice left in the model no better one exists than the one that is known.
    if outcome.status in {Status.OPTIMAL, Status.INFEASIBLE} and best.found:
        return replace(best, bound=best.value, status=Status.OPTIMAL, seconds=clock.seconds)
    if math.isfinite(outcome.bound):
        best = replace(best, bound=_rounded(asked, min(max(best.bound, outcome.bound), _most(best))))
    return _closed(best, clock)


def _model(asked: Median, known: Answer, lagrange: MedianBound, most: float) -> tuple[Model, Floats | None] | None:
    """What a choice better than the known one can still consist of; nothing where that is more than so many pairs.

    And the known one as columns of it.

    Columns: sites, then for each demand and each of its sites in rising order of cost whether it must go farther.
    """
    limits, w, n = asked.rules, asked.weight, asked.costs.shape[1]
    room = known.value - lagrange.value if known.found else math.inf
    low, high = site_bounds(limits)
    reach = lagrange.price + room / w * (1 + 1e-9) + 1e-9 * float(np.abs(lagrange.price).max(initial=1.0))
    inside = (asked.costs <= reach[:, None]) & (high > 0)
    pairs = int(inside.sum())
    if pairs > most:
        return None
    row, site = np.nonzero(inside)
    cost = asked.costs[row, site]
    order = np.lexsort((cost, row))
    row, site, cost = row[order], site[order], cost[order]
    first = np.diff(row, prepend=-1) > 0
    last = np.append(np.diff(row) > 0, True) if pairs else first
    # far[k] + open[k] >= far[k - 1]: who finds the k-th nearest site closed goes on to the next one.
    k = np.arange(pairs)
    step = np.zeros(pairs)
    step[:-1][~last[:-1]] = (np.diff(cost))[~last[:-1]]
    rows = Rows(n + pairs)
    rule_rows(rows, limits)
    entries = np.concatenate([np.ones(pairs), np.ones(pairs), -np.ones(int((~first).sum()))])
    at = (np.concatenate([k, k, k[~first]]), np.concatenate([site, n + k, n + k[~first] - 1]))
    rows.add(sparse.csr_array((entries, at), shape=(pairs, n + pairs)), first.astype(np.float64), np.inf)
    cost_of = np.concatenate([np.zeros(n), w[row] * step])
    nobody = np.setdiff1d(np.arange(len(w)), row)
    if len(nobody):  # the known choice is the best: an empty model says so
        rows.add(sparse.csr_array((1, n + pairs)), 1.0, np.inf)
    lowest = float((w[row[first]] * cost[first]).sum())
    model = Model(
        cost_of,
        np.concatenate([low, np.zeros(pairs)]),
        np.concatenate([high, np.where(last, 0.0, 1.0)]),
        np.arange(n + pairs) < n,
        rows,
        offset=lowest,
    )
    if not known.found:
        return model, None
    chosen = _mask(asked, known)
    met = np.cumsum(chosen[site])
    before: Ints = (met - chosen[site])[first]  # sites met until the first of each row
    far = met == np.repeat(before, np.diff(np.append(np.flatnonzero(first), pairs)))
    return model, np.concatenate([chosen, far]).astype(np.float64)


def _shaken(asked: Median, best: Answer, random: np.random.Generator) -> Bools:
    """The choice with a few of its sites exchanged for others at random, as far as the rules let."""
    chosen = _mask(asked, best)
    out = np.flatnonzero(chosen & asked.rules.free)
    for site in random.permutation(out)[: int(random.integers(2, 5))]:
        can = np.flatnonzero(asked.rules.swappable(chosen, np.array([site]))[:, 0])
        if len(can):
            chosen[site], chosen[int(random.choice(can))] = False, True
    return chosen if asked.rules.kept_to(chosen) else greedy(asked, chosen)


def _mask(asked: Median, answer: Answer) -> Bools:
    chosen = np.zeros(asked.costs.shape[1], dtype=np.bool_)
    chosen[answer.sites] = True
    return chosen


def _answer(asked: Median, chosen: Bools, bound: float, status: Status, clock: Clock) -> Answer:
    bound = _rounded(asked, bound)
    if not asked.rules.kept_to(chosen) or not chosen.any():
        return Answer(np.empty(0, dtype=np.int64), math.nan, bound, Status.NOT_FOUND, clock.seconds)
    value = asked.value(chosen)
    if bound >= value * (1 - 1e-9):
        bound, status = value, Status.OPTIMAL
    return Answer(np.flatnonzero(chosen), value, bound, status, clock.seconds)


def _closed(best: Answer, clock: Clock) -> Answer:
    if best.proven:
        return replace(best, seconds=clock.seconds)
    if not best.found:
        return replace(best, status=Status.NOT_FOUND, seconds=clock.seconds)
    return replace(best, status=clock.ended(), seconds=clock.seconds)


def _shorter(one: Answer, other: Answer) -> Answer:
    return other if not one.found or other.value < one.value else one


def _most(answer: Answer) -> float:
    return math.inf if not answer.found else answer.value


def _rounded(asked: Median, bound: float) -> float:
    return float(math.ceil(bound - 1e-6)) if math.isfinite(bound) and asked.whole else bound
