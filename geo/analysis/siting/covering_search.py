"""A good choice of covering sites at once: the best next site until all are placed, then the best exchange while one helps."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from geo.analysis.arrays import Bools, Floats, Ints
from geo.analysis.siting.answer import Clock
from geo.analysis.siting.covering import Covering

__all__ = ["exchanges", "greedy", "shaken", "swapped"]


def greedy(asked: Covering, begin: Bools | None = None, per_cost: bool = False) -> Bools:
    """Add the site that adds most until none can be added, shape (sites,).

    Parameters
    ----------
    begin
        Sites that are chosen already; nothing: those in every choice.
    per_cost
        Add the one that adds most for its share of the budgets.
    """
    limits = asked.rules
    chosen = (limits.existing | limits.forced) if begin is None else begin.copy()
    counts = asked.cover.counts(np.flatnonzero(chosen))
    guide = asked.guide()
    price = np.ones(len(chosen))
    if per_cost:
        price = sum((np.asarray(b.cost / max(b.limit, 1e-12)) for b in limits.budgets), np.full(len(chosen), 1e-9))
    while (can := limits.addable(chosen)).any():
        gain = asked.cover.by_site @ asked.step(counts, guide) / price
        best = int(np.where(can, gain, -1.0).argmax())
        if gain[best] <= 0 and (limits.number is None or limits.budgets) and not limits.needs(chosen).any():
            break
        chosen[best] = True
        counts += asked.cover.counts(np.array([best]))
    return chosen


def swapped(asked: Covering, chosen: Bools, clock: Clock | None = None) -> Bools:
    """Exchange one site for another, always the best pair, while the value rises; budgets may then buy one more."""
    limits, guide = asked.rules, asked.guide()
    chosen = chosen.copy()
    counts = asked.cover.counts(np.flatnonzero(chosen))
    smallest = 1e-9 * (asked.cover.weight.sum() * guide.max() + 1e-300)
    while clock is None or not clock.over:
        out, change = exchanges(asked, chosen, guide, counts)
        if not np.isfinite(change).any():
            return chosen
        into, from_ = np.unravel_index(int(change.argmax()), change.shape)
        if change[into, from_] <= smallest:
            if not limits.budgets:
                return chosen
            more = greedy(asked, chosen)
            if (more == chosen).all():
                return chosen
            chosen, counts = more, asked.cover.counts(np.flatnonzero(more))
            continue
        chosen[out[from_]], chosen[into] = False, True
        counts += asked.cover.counts(np.array([into])) - asked.cover.counts(out[from_ : from_ + 1])
    return chosen


def exchanges(asked: Covering, chosen: Bools, guide: Floats, counts: Ints | None = None) -> tuple[Ints, Floats]:
    """What each exchange changes: the sites that can go, and the change by each that comes, shape (sites, going).

    Minus infinity where the rules forbid it.
    """
    limits, by_site = asked.rules, asked.cover.by_site
    counts = asked.cover.counts(np.flatnonzero(chosen)) if counts is None else counts
    out = np.flatnonzero(chosen & limits.free)
    can = limits.swappable(chosen, out)
    if not can.any():
        return out, np.full(can.shape, -np.inf)
    # Without one that goes its groups have one cover less: who comes then adds what that one did.
    adds = by_site @ asked.step(counts, guide)
    less = asked.step(counts - 1, guide)
    mine = by_site[out]
    both = by_site @ sparse.csr_array(mine.multiply(less - asked.step(counts, guide))).T
    change = adds[:, None] + both.toarray() - (mine @ less)
    return out, np.where(can, change, -np.inf)


def shaken(asked: Covering, chosen: Bools, random: np.random.Generator, clock: Clock) -> Bools:
    """Take a few sites out that lie near each other's demand, fill up and exchange again: another good choice."""
    out: Ints = np.flatnonzero(chosen & asked.rules.free)
    if len(out) < 2:
        return chosen
    many = int(random.integers(2, max(3, min(len(out), 6)) + 1))
    middle = asked.cover.by_site[[int(random.choice(out))]]
    wide = asked.cover.by_site @ (asked.cover.by_site.T @ (asked.cover.by_site @ middle.T.toarray().ravel()))
    order = np.argsort(-wide[out] * random.uniform(0.2, 1, len(out)), kind="stable")
    changed = chosen.copy()
    changed[out[order[:many]]] = False
    # A random next site instead of the best, so that the same choice is not built again.
    can = np.flatnonzero(asked.rules.addable(changed))
    if len(can):
        likely = wide[can] + 1e-9
        changed[int(random.choice(can, p=likely / likely.sum()))] = True
    return swapped(asked, greedy(asked, changed), clock)
