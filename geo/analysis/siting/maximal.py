"""Maximal covering and backup cover: a first answer with a bound at once, then the proven best, or what is known by then."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from scipy import sparse

from geo.analysis.arrays import Bools, Floats
from geo.analysis.simulation import Cancelled
from geo.analysis.siting.answer import Answer, Clock, Report, Status
from geo.analysis.siting.covering import Covering
from geo.analysis.siting.covering_bound import CoveringBound, covering_bound
from geo.analysis.siting.covering_search import greedy, shaken, swapped
from geo.analysis.siting.mip import Model, Rows, rule_rows, site_bounds, solved
from geo.analysis.siting.rules import Rules

__all__ = ["first_answer", "solve"]

SHAKING = (0.1, 3.0)
"""Share of the time limit, and at most so many seconds, for exchanges before HiGHS begins."""
PATIENCE = 60
"""Exchanges from a shaken choice that lead to nothing better before HiGHS begins."""


def first_answer(asked: Covering, clock: Clock | None = None) -> tuple[Answer, CoveringBound]:
    """Greedy and exchanges, and Lagrange's bound: in a fraction of a second.

    Returns
    -------
    The answer, of status ``optimal``, ``feasible``, or ``not_found`` where the greedy way leads to none; and the bound.
    """
    clock = clock or Clock()
    chosen = swapped(asked, greedy(asked), clock)
    if asked.rules.budgets:
        chosen = _better(asked, chosen, swapped(asked, greedy(asked, per_cost=True), clock))
    if asked.twice > asked.once:
        # The first of two covers counts for nothing, so that the next best site leads astray.
        both = replace(asked, once=asked.twice)
        chosen = _better(asked, chosen, swapped(asked, swapped(both, greedy(both), clock), clock))
    bound = covering_bound(asked, _value(asked, chosen), clock=clock)
    if asked.rules.kept_to(bound.sites):
        chosen = _better(asked, chosen, swapped(asked, bound.sites, clock))
    return _answer(asked, chosen, bound.value, Status.FEASIBLE, clock), bound


def solve(
    asked: Covering, limit: float = 30.0, *, report: Report | None = None, cancelled: Cancelled | None = None
) -> Answer:
    """The best choice, proven where the time suffices.

    Parameters
    ----------
    limit
        Seconds.
    report
        Called with the first answer at once, then with better ones and lower bounds.
    cancelled
        Asked often; True stops with the best so far.
    """
    clock = Clock(limit, cancelled)
    answer, bound = first_answer(asked, clock)
    tell = report or (lambda _: None)
    tell(answer)
    if answer.proven:
        return answer
    chosen = _mask(asked, answer)
    random = np.random.default_rng(1)
    until = Clock(min(SHAKING[0] * limit, SHAKING[1], clock.left), cancelled)
    waited = 0
    while chosen is not None and not until.over and waited < PATIENCE and not answer.proven:
        other = shaken(asked, chosen, random, until)
        waited += 1
        if asked.kept_to(other, asked.cover.counts(np.flatnonzero(other))) and _value(asked, other) > answer.value:
            chosen, waited = other, 0
            answer = _answer(asked, chosen, bound.value, Status.FEASIBLE, clock)
            tell(answer)
    if chosen is not None and not answer.proven:
        bound = covering_bound(asked, answer.value, steps=600, price=bound.price, clock=clock)
        answer = _answer(asked, chosen, min(bound.value, answer.bound), Status.FEASIBLE, clock)
    if answer.proven or clock.over:
        return replace(answer, seconds=clock.seconds, status=_ended(answer, clock))
    return _exact(asked, answer, bound, clock, tell)


def _exact(asked: Covering, known: Answer, lagrange: CoveringBound, clock: Clock, tell: Report) -> Answer:
    best, begin = known, _mask(asked, known)
    narrowed = asked if begin is None else replace(asked, rules=_fixed(asked, known.value, lagrange))

    def heard(columns: Floats | None, bound: float | None) -> None:
        nonlocal best
        highest = best.bound if bound is None else max(min(best.bound, _rounded(asked, bound)), _least(best))
        if columns is not None:
            best = _best(best, _answer(asked, columns[: asked.cover.sites] > 0.5, highest, Status.FEASIBLE, clock))
        best = replace(best, bound=highest, seconds=clock.seconds)
        tell(best)

    start = None
    if begin is not None:
        counts = asked.cover.counts(np.flatnonzero(begin))
        parts = [begin, counts >= 1, counts >= 2] if asked.twice > 0 else [begin, counts >= 1]
        start = np.concatenate(parts).astype(np.float64)
    outcome = solved(_model(narrowed), clock, start=start, apart=0.999 if _whole(asked) else 0.0, on_progress=heard)
    if outcome.status is Status.INFEASIBLE:
        if begin is None:
            nothing = np.empty(0, dtype=np.int64)
            return Answer(nothing, math.nan, math.nan, Status.INFEASIBLE, clock.seconds)
        return replace(best, bound=best.value, status=Status.OPTIMAL, seconds=clock.seconds)
    if outcome.columns is not None:
        best = _best(best, _answer(asked, outcome.columns[: asked.cover.sites] > 0.5, best.bound, best.status, clock))
    if outcome.status is Status.OPTIMAL and best.found:
        return replace(best, bound=best.value, status=Status.OPTIMAL, seconds=clock.seconds)
    highest = max(min(best.bound, outcome.bound), _least(best)) if math.isfinite(outcome.bound) else best.bound
    best = replace(best, bound=_rounded(asked, highest), seconds=clock.seconds)
    return replace(best, status=_ended(best, clock))


def _model(asked: Covering) -> Model:
    """Columns: sites, groups covered once, groups covered twice; the latter two continuous where that gives the same."""
    cover, n, g = asked.cover, asked.cover.sites, len(asked.cover.weight)
    backup = asked.twice > 0
    columns = n + g * (2 if backup else 1)
    rows = Rows(columns)
    rule_rows(rows, asked.rules)
    one = sparse.eye_array(g, format="csr")
    parts = [-cover.by_site.T, one, one] if backup else [-cover.by_site.T, one]
    rows.add(sparse.csr_array(sparse.hstack(parts, format="csr")), -np.inf, 0.0)
    low, high = site_bounds(asked.rules)
    first = np.full(g, 1.0 if asked.all_once else 0.0)
    low, high = np.concatenate([low, first]), np.concatenate([high, np.ones(g)])
    cost = np.concatenate([np.zeros(n), asked.once * cover.weight])
    whole = np.arange(columns) < n
    if backup:
        rows.add(sparse.csr_array(sparse.hstack([-one, one], format="csr")), -np.inf, 0.0, first=n)
        low, high = np.concatenate([low, np.zeros(g)]), np.concatenate([high, np.ones(g)])
        cost = np.concatenate([cost, asked.twice * cover.weight])
        # Half once and half twice by a single site would pay where twice counts more.
        whole[n + g :] = asked.twice > asked.once and not asked.all_once
    return Model(cost, low, high, whole, rows, maximise=True)


def _fixed(asked: Covering, reached: float, lagrange: CoveringBound) -> Rules:
    """Rules without the sites that, by the prices of the bound, no better choice has; with those that each has."""
    limits = asked.rules
    if limits.number is None or limits.budgets or limits.least_each or not 0 < limits.slots < limits.free.sum():
        return limits
    score = asked.cover.by_site @ lagrange.price
    free = np.flatnonzero(limits.free)
    order = free[np.argsort(-score[free], kind="stable")]
    taken, left = order[: limits.slots], order[limits.slots :]
    room = lagrange.value - reached - (1.0 - 1e-6 if _whole(asked) else 1e-9 * reached)
    forced, chance = limits.forced.copy(), limits.free.copy()
    never = left[score[taken[-1]] - score[left] > room]
    sure = taken[score[taken] - score[left[0]] > room]
    chance[never] = chance[sure] = False
    forced[sure] = True
    return replace(limits, forced=forced, free=chance)


def _value(asked: Covering, chosen: Bools) -> float:
    return asked.value(asked.cover.counts(np.flatnonzero(chosen)))


def _better(asked: Covering, one: Bools, other: Bools) -> Bools:
    """The better of two choices; one that keeps to the rules before one that does not."""
    return max((one, other), key=lambda c: (asked.kept_to(c, asked.cover.counts(np.flatnonzero(c))), _value(asked, c)))


def _best(one: Answer, other: Answer) -> Answer:
    return other if not one.found or other.value > one.value else one


def _least(answer: Answer) -> float:
    return -math.inf if not answer.found else answer.value


def _mask(asked: Covering, answer: Answer) -> Bools | None:
    if not answer.found:
        return None
    chosen = np.zeros(asked.cover.sites, dtype=np.bool_)
    chosen[answer.sites] = True
    return chosen


def _answer(asked: Covering, chosen: Bools, bound: float, status: Status, clock: Clock) -> Answer:
    sites = np.flatnonzero(chosen)
    counts = asked.cover.counts(sites)
    bound = _rounded(asked, bound)
    if not asked.kept_to(chosen, counts):
        return Answer(sites[:0], math.nan, bound, Status.NOT_FOUND, clock.seconds)
    value = asked.value(counts)
    if bound <= value + 1e-9 * abs(value):
        bound, status = value, Status.OPTIMAL
    return Answer(sites, value, bound, status, clock.seconds)


def _ended(answer: Answer, clock: Clock) -> Status:
    if answer.proven or (answer.found and answer.bound <= answer.value):
        return Status.OPTIMAL
    return Status.NOT_FOUND if not answer.found else clock.ended()


def _whole(asked: Covering) -> bool:
    """Whether every value is a whole number."""
    parts = (asked.cover.weight, np.array([asked.once, asked.twice]))
    return all(bool((part == np.floor(part)).all()) for part in parts) and asked.cover.total < 2**50


def _rounded(asked: Covering, bound: float) -> float:
    return float(math.floor(bound + 1e-6)) if _whole(asked) and math.isfinite(bound) else bound
