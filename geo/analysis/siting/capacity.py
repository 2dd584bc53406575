"""Maximal covering where a site can look after so much weight only: who covers how much of what is decided as well."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from geo.analysis.arrays import Bools, Floats, Ints, finite
from geo.analysis.simulation import Cancelled
from geo.analysis.siting import maximal
from geo.analysis.siting.answer import Answer, Clock, Report, Status
from geo.analysis.siting.cover import Cover
from geo.analysis.siting.covering import Covering
from geo.analysis.siting.mip import Model, Rows, rule_rows, site_bounds, solved
from geo.analysis.siting.rules import Rules
from geo.errors import AnalysisRefused

__all__ = ["Capacitated", "capacitated", "solve"]


@dataclass(frozen=True, slots=True, eq=False)
class Capacitated:
    """Cover as much weight as possible, at most ``capacity`` by each site, shape (sites,); make one with `capacitated`.

    The weight of a place can be shared among the sites that cover it.
    """

    cover: Cover
    rules: Rules
    capacity: Floats

    @property
    def by_group(self) -> sparse.csr_array:
        """Pairs of group and site, shape (groups, sites)."""
        return sparse.csr_array(self.cover.by_site.T)


def capacitated(cover: Cover, limits: Rules, capacity: npt.ArrayLike) -> Capacitated:
    """Check the capacities.

    Raises
    ------
    AnalysisRefused
        As `finite`; ``siting.negative_capacity``.
    """
    most = finite("capacity", capacity, cover.sites)
    if (most < 0).any():
        raise AnalysisRefused("siting.negative_capacity", row=int((most < 0).argmax()) + 1)
    return Capacitated(cover, limits, most)


def solve(
    asked: Capacitated, limit: float = 30.0, *, report: Report | None = None, cancelled: Cancelled | None = None
) -> Answer:
    """The best choice, proven where the time suffices; arguments as for maximal covering."""
    clock = Clock(limit, cancelled)
    n = asked.cover.sites
    chosen, shares = _greedy(asked)
    # Neither without capacities nor with all they can take could more be covered.
    _, free = maximal.first_answer(Covering(asked.cover, asked.rules), clock)
    most = asked.rules.best(np.minimum(asked.capacity, asked.cover.by_site @ asked.cover.weight))[0]
    best = _answer(asked, chosen, shares, min(free.value, most, float(asked.cover.weight.sum())), clock)
    tell = report or (lambda _: None)
    tell(best)
    if best.proven or clock.over:
        return best if best.proven else replace(best, status=clock.ended() if best.found else Status.NOT_FOUND)

    def heard(columns: Floats | None, bound: float | None) -> None:
        nonlocal best
        best = _heard(asked, best, columns, bound, clock)
        tell(best)

    start = np.concatenate([chosen, shares]).astype(np.float64) if best.found else None
    outcome = solved(_model(asked), clock, start=start, on_progress=heard)
    if outcome.status is Status.INFEASIBLE:
        return Answer(np.empty(0, dtype=np.int64), math.nan, math.nan, Status.INFEASIBLE, clock.seconds)
    bound = outcome.bound if math.isfinite(outcome.bound) else None
    best = _heard(asked, best, outcome.columns, bound, clock)
    if not best.found:
        return replace(best, status=Status.NOT_FOUND)
    if outcome.status is Status.OPTIMAL and outcome.columns is not None:
        return replace(best, bound=best.value, status=Status.OPTIMAL, sites=np.flatnonzero(outcome.columns[:n] > 0.5))
    return best if best.proven else replace(best, status=clock.ended())


def _heard(asked: Capacitated, best: Answer, columns: Floats | None, bound: float | None, clock: Clock) -> Answer:
    highest = best.bound if bound is None else min(best.bound, bound)
    if columns is not None:
        n = asked.cover.sites
        other = _answer(asked, columns[:n] > 0.5, np.clip(columns[n:], 0, 1), highest, clock)
        best = other if not best.found or other.value > best.value else best
    return replace(best, bound=max(highest, best.value) if best.found else highest, seconds=clock.seconds)


def _greedy(asked: Capacitated) -> tuple[Bools, Floats]:
    """The site that can take most of what is left until none can be added; the share that each pair takes, (pairs,)."""
    cover, limits, by_group = asked.cover, asked.rules, asked.by_group
    chosen = np.zeros(cover.sites, dtype=np.bool_)
    left = cover.weight.copy()
    choices = np.diff(by_group.indptr)
    shares = np.zeros(by_group.nnz)
    # Where each pair of a site stands among the pairs by group.
    number = sparse.csr_array((np.arange(1.0, by_group.nnz + 1), by_group.indices, by_group.indptr), by_group.shape)
    places = sparse.csr_array(number.T)
    waiting = list(limits.always)
    while True:
        if not waiting:
            can = limits.addable(chosen)
            gain = np.where(can, np.minimum(asked.capacity, cover.by_site @ left), -1.0)
            waiting = [int(gain.argmax())] if can.any() else []
        if not waiting:
            return chosen, shares
        site = int(waiting.pop())
        chosen[site] = True
        inside = slice(places.indptr[site], places.indptr[site + 1])
        groups, pairs = places.indices[inside], places.data[inside].astype(np.int64) - 1
        order = np.argsort(choices[groups], kind="stable")  # what few others cover comes first
        groups, pairs = groups[order], pairs[order]
        until = np.minimum(np.cumsum(left[groups]), asked.capacity[site])
        taken = np.diff(until, prepend=0.0)
        shares[pairs] = taken / cover.weight[groups]
        left[groups] -= taken


def _model(asked: Capacitated) -> Model:
    """Columns: sites, then the share of each pair of group and site."""
    cover, by_group = asked.cover, asked.by_group
    n, pairs = cover.sites, by_group.nnz
    group = np.repeat(np.arange(len(cover.weight)), np.diff(by_group.indptr))
    site, each = by_group.indices, np.arange(pairs)
    w = cover.weight[group]
    rows = Rows(n + pairs)
    rule_rows(rows, asked.rules)
    rows.add(sparse.csr_array((np.ones(pairs), (group, each))), -np.inf, 1.0, first=n)
    takes = sparse.csr_array((w, (site, each)), shape=(n, pairs))
    room = sparse.diags_array(-asked.capacity, format="csr")
    rows.add(sparse.csr_array(sparse.hstack([room, takes], format="csr")), -np.inf, 0.0)
    only_open = sparse.csr_array((-np.ones(pairs), (each, site)), shape=(pairs, n))
    rows.add(sparse.csr_array(sparse.hstack([only_open, sparse.eye_array(pairs)], format="csr")), -np.inf, 0.0)
    low, high = site_bounds(asked.rules)
    return Model(
        np.concatenate([np.zeros(n), w]),
        np.concatenate([low, np.zeros(pairs)]),
        np.concatenate([high, np.ones(pairs)]),
        np.arange(n + pairs) < n,
        rows,
        maximise=True,
    )


def _answer(asked: Capacitated, chosen: Bools, shares: Floats, bound: float, clock: Clock) -> Answer:
    sites: Ints = np.flatnonzero(chosen)
    if not asked.rules.kept_to(chosen):
        return Answer(sites[:0], math.nan, bound, Status.NOT_FOUND, clock.seconds)
    by_group = asked.by_group
    value = float(np.repeat(asked.cover.weight, np.diff(by_group.indptr)) @ shares)
    if bound <= value * (1 + 1e-9):
        return Answer(sites, value, value, Status.OPTIMAL, clock.seconds)
    return Answer(sites, value, bound, Status.FEASIBLE, clock.seconds)
