"""The smallest number of new sites that covers a share of the demand: all of it (set covering), or a part."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from geo.analysis.arrays import Bools, Floats
from geo.analysis.simulation import Cancelled
from geo.analysis.siting.answer import Answer, Clock, Report, Status
from geo.analysis.siting.cover import Cover
from geo.analysis.siting.mip import Model, Rows, rule_rows, site_bounds, solved
from geo.analysis.siting.rules import Rules
from geo.errors import AnalysisRefused

__all__ = ["Fewest", "fewest", "first_answer", "solve"]


@dataclass(frozen=True, slots=True, eq=False)
class Fewest:
    """Cover at least ``need`` of the weight with as few new sites as can be; make one with `fewest`."""

    cover: Cover
    rules: Rules
    need: float

    @property
    def slack(self) -> float:
        """Weight that rounding may lose."""
        return 1e-9 * self.cover.total

    def covered(self, chosen: Bools) -> float:
        """Weight that a choice covers."""
        return float(self.cover.weight[self.cover.counts(np.flatnonzero(chosen)) > 0].sum())

    def kept_to(self, chosen: Bools) -> bool:
        """Whether a choice covers enough and keeps to the rules."""
        return self.covered(chosen) >= self.need - self.slack and self.rules.kept_to(chosen)


def fewest(cover: Cover, limits: Rules, share: float = 1.0) -> Fewest:
    """Ask for a share (above 0, at most 1) of all demand.

    Raises
    ------
    AnalysisRefused
        ``siting.share``; ``siting.share_unreachable`` where all sites that may stand cover less.
    """
    if not 0 < share <= 1:
        raise AnalysisRefused("siting.share", share=share)
    asked = Fewest(cover, limits, share * cover.total)
    most = asked.covered(limits.existing | limits.forced | limits.free)
    if most < asked.need - asked.slack:
        raise AnalysisRefused("siting.share_unreachable", share=share, most=math.floor(1e6 * most / cover.total) / 1e6)
    return asked


def first_answer(asked: Fewest, clock: Clock | None = None) -> Answer:
    """The site that covers most of what lacks until it is enough, those that are not needed taken out; and a bound."""
    clock = clock or Clock()
    chosen = _greedy(asked)
    if not asked.kept_to(chosen):
        return Answer(
            np.empty(0, dtype=np.int64), math.nan, _bound(asked, len(chosen), clock), Status.NOT_FOUND, clock.seconds
        )
    number = _new(asked, chosen)
    return _answer(asked, chosen, _bound(asked, number, clock), Status.FEASIBLE, clock)


def solve(
    asked: Fewest, limit: float = 30.0, *, report: Report | None = None, cancelled: Cancelled | None = None
) -> Answer:
    """The smallest number, proven where the time suffices; arguments as for maximal covering."""
    clock = Clock(limit, cancelled)
    best = first_answer(asked, clock)
    tell = report or (lambda _: None)
    tell(best)
    if best.proven:
        return best

    def heard(columns: Floats | None, bound: float | None) -> None:
        nonlocal best
        lowest = best.bound if bound is None or not math.isfinite(bound) else max(best.bound, math.ceil(bound - 1e-6))
        if columns is not None:
            best = _fewer(best, _answer(asked, columns[: asked.cover.sites] > 0.5, lowest, Status.FEASIBLE, clock))
        best = replace(best, bound=lowest, seconds=clock.seconds)
        tell(best)

    model = _model(asked)
    start = None
    if best.found:
        start = np.zeros(len(model.cost))
        start[best.sites] = 1
        if len(start) > asked.cover.sites:
            start[asked.cover.sites :] = asked.cover.counts(best.sites) > 0
    outcome = solved(model, clock, start=start, apart=0.999, on_progress=heard)
    if outcome.status is Status.INFEASIBLE:
        return Answer(np.empty(0, dtype=np.int64), math.nan, math.nan, Status.INFEASIBLE, clock.seconds)
    if outcome.columns is not None:
        found = _answer(asked, outcome.columns[: asked.cover.sites] > 0.5, best.bound, Status.FEASIBLE, clock)
        best = _fewer(best, found)
    if math.isfinite(outcome.bound):
        best = replace(best, bound=max(best.bound, math.ceil(outcome.bound - 1e-6)))
    if not best.found:
        return replace(best, status=Status.NOT_FOUND, seconds=clock.seconds)
    proven = outcome.status is Status.OPTIMAL or best.bound >= best.value
    return replace(
        best,
        bound=best.value if proven else best.bound,
        status=Status.OPTIMAL if proven else clock.ended(),
        seconds=clock.seconds,
    )


def _greedy(asked: Fewest) -> Bools:
    cover, limits = asked.cover, asked.rules
    chosen = limits.existing | limits.forced
    lacks = cover.counts(np.flatnonzero(chosen)) == 0
    left = asked.need - float(cover.weight[~lacks].sum())
    while (left > asked.slack or limits.needs(chosen).any()) and (can := limits.addable(chosen)).any():
        if left <= asked.slack:
            can &= limits.needs(chosen)[limits.district] > 0
        gain = np.minimum(cover.by_site @ (cover.weight * lacks), max(left, 0.0))
        best = int(np.where(can, gain, -1.0).argmax())
        chosen[best] = True
        inside = cover.counts(np.array([best])) > 0
        left -= float(cover.weight[inside & lacks].sum())
        lacks &= ~inside
    alone = cover.by_site @ cover.weight
    for site in sorted(np.flatnonzero(chosen & limits.free), key=lambda j: alone[j]):
        chosen[site] = False
        chosen[site] = not asked.kept_to(chosen)
    return chosen


def _bound(asked: Fewest, reached: float, clock: Clock, steps: int = 300) -> float:
    """A number that no choice can go below: Lagrange's relaxation of "covered only where a site is"."""
    cover, limits = asked.cover, asked.rules
    w = cover.weight
    always, free = limits.existing | limits.forced, limits.free
    price = np.zeros(cover.sites)
    price[~limits.existing] = 1.0
    p = w / max(float((cover.by_site @ w).max()), 1e-12)
    best = float(limits.forced.sum() + limits.needs(always).sum())
    theta, waited = 1.0, 0
    for _ in range(steps):
        reduced = price - cover.by_site @ p
        sites = np.flatnonzero(always | (free & (reduced < 0)))
        order = np.argsort(p / w, kind="stable")
        until = np.cumsum(w[order])
        last = min(int(np.searchsorted(until, asked.need - asked.slack)), len(w) - 1)
        part = np.zeros_like(w)
        part[order[:last]] = 1.0
        part[order[last]] = min(1.0, max(0.0, (asked.need - (until[last] - w[order[last]])) / w[order[last]]))
        bound = float(reduced[sites].sum() + p @ part)
        waited = 0 if bound > best + 1e-6 else waited + 1
        best = max(best, bound)
        if waited >= 15:
            theta, waited = theta / 2, 0
        slope = part - cover.counts(sites)
        size = float((slope * slope).sum())
        if size == 0 or theta < 1e-3 or math.ceil(best - 1e-6) >= reached or clock.over:
            break
        p = np.maximum(0, p + theta * (reached - bound) / size * slope)
    return float(math.ceil(best - 1e-6))


def _model(asked: Fewest) -> Model:
    """Columns: sites and, where only a part must be covered, groups that are covered (continuous)."""
    cover, n, g = asked.cover, asked.cover.sites, len(asked.cover.weight)
    everything = asked.need >= float(cover.weight.sum()) - asked.slack
    columns = n if everything else n + g
    rows = Rows(columns)
    rule_rows(rows, asked.rules)
    by_group = sparse.csr_array(cover.by_site.T)
    low, high = site_bounds(asked.rules)
    if everything:
        rows.add(by_group, 1.0, np.inf)
    else:
        rows.add(
            sparse.csr_array(sparse.hstack([-by_group, sparse.eye_array(g, format="csr")], format="csr")), -np.inf, 0.0
        )
        middle = float(cover.weight.mean())
        rows.add(sparse.csr_array(cover.weight[None, :] / middle), (asked.need - asked.slack) / middle, np.inf, first=n)
        low, high = np.concatenate([low, np.zeros(g)]), np.concatenate([high, np.ones(g)])
    cost = np.zeros(columns)
    cost[:n] = ~asked.rules.existing
    return Model(cost, low, high, np.arange(columns) < n, rows)


def _new(asked: Fewest, chosen: Bools) -> float:
    return float((chosen & ~asked.rules.existing).sum())


def _answer(asked: Fewest, chosen: Bools, bound: float, status: Status, clock: Clock) -> Answer:
    if not asked.kept_to(chosen):
        return Answer(np.empty(0, dtype=np.int64), math.nan, bound, Status.NOT_FOUND, clock.seconds)
    value = _new(asked, chosen)
    return Answer(np.flatnonzero(chosen), value, bound, Status.OPTIMAL if bound >= value else status, clock.seconds)


def _fewer(one: Answer, other: Answer) -> Answer:
    return other if not one.found or other.value < one.value else one
