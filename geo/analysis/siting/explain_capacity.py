"""Why these sites where each can look after so much only: the demand is shared out anew without a site, or with another one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import maximum_flow

from geo.analysis.arrays import Floats
from geo.analysis.siting.answer import Clock
from geo.analysis.siting.capacity import Capacitated

__all__ = ["MOST_TRIED", "curve_of_capacity", "explained_capacity", "looked_after"]

MOST_TRIED = 25
"""Places tried instead of each site, those first that could look after most of what would be left alone."""
WHOLE = 1_000_000_000
"""Flows are counted in whole numbers: all demand together is at most so many."""


def looked_after(asked: Capacitated, sites: npt.NDArray[np.integer]) -> float:
    """The most weight that these sites can look after together, however it is shared out among them (a maximum flow)."""
    return float(_shared(asked, sites)[0])


def explained_capacity(asked: Capacitated, sites: npt.NDArray[np.integer], clock: Clock | None = None) -> pd.DataFrame:
    """The sites of a choice, those that are there already first, then in the order in which they add most.

    Parameters
    ----------
    clock
        When it is over, no further places are tried instead of a site.

    Returns
    -------
    As `geo.analysis.siting.explain.explained`; ``covers`` is the weight within reach, ``adds`` and ``lost`` are what can be
    looked after more or less, shared out anew. ``second_best`` is the best of the `MOST_TRIED` most promising places.
    """
    clock = clock or Clock()
    order = [int(site) for site in sites if asked.rules.existing[site]]
    adds = [looked_after(asked, np.array(order[: n + 1])) for n in range(len(order))]
    adds = list(np.diff(adds, prepend=0.0))
    reached, grown = _grown(
        asked, order, [int(site) for site in sites if not asked.rules.existing[site]], None, Clock()
    )
    order, adds = reached, adds + grown
    total = looked_after(asked, np.array(order))
    chosen = np.zeros(asked.cover.sites, dtype=np.bool_)
    chosen[order] = True
    lost, second, swap = [], [], []
    for site in order:
        rest = np.array([one for one in order if one != site], dtype=np.int64)
        value, left = _shared(asked, rest)
        lost.append(total - value)
        other, best = -1, -np.inf
        if asked.rules.free[site]:
            can = np.flatnonzero(asked.rules.swappable(chosen, np.array([site]))[:, 0])
            alone = np.minimum(asked.capacity, asked.cover.by_site @ left)[can]
            for place in can[np.argsort(-alone, kind="stable")[:MOST_TRIED]]:
                if clock.over:
                    break
                tried = looked_after(asked, np.append(rest, place))
                other, best = (int(place), tried) if tried > best else (other, best)
        second.append(other)
        swap.append(total - best if other >= 0 else np.nan)
    return pd.DataFrame(
        {
            "existing": asked.rules.existing[order],
            "covers": asked.cover.by_site[order] @ asked.cover.weight,
            "adds": adds,
            "lost": lost,
            "second_best": second,
            "swap_loss": swap,
        },
        index=pd.Index(order, name="site"),
    )


def curve_of_capacity(asked: Capacitated, most: int, clock: Clock | None = None) -> pd.DataFrame:
    """What can be looked after against the number of new sites, each number keeping those of the one before.

    Parameters
    ----------
    most
        Largest number of new sites; as many as may stand at most, and as the clock lets.

    Returns
    -------
    Rows ``number`` (from the forced ones on), with ``value``, ``share`` of all demand, and ``site`` (the one added, -1 in
    the first row). Another choice of as many may look after a little more.
    """
    limits = asked.rules
    always = [int(site) for site in limits.always]
    begin = looked_after(asked, np.array(always, dtype=np.int64))
    order, adds = _grown(asked, always, list(map(int, np.flatnonzero(limits.free))), most, clock or Clock())
    number = int(limits.forced.sum())
    value = begin + np.concatenate([[0.0], np.cumsum(adds)])[: max(1, most - number + 1)]
    return pd.DataFrame(
        {"value": value, "share": value / asked.cover.total, "site": [-1, *order[len(always) :]][: len(value)]},
        index=pd.RangeIndex(number, number + len(value), name="number"),
    )


def _grown(
    asked: Capacitated, begin: list[int], more: list[int], most: int | None, clock: Clock
) -> tuple[list[int], list[float]]:
    """Add sites one by one, each time the one that adds most, and what each adds.

    What a site adds never grows with those that are there (the flow is submodular), so that most need no second look.
    """
    order, adds = list(begin), list[float]()
    value = looked_after(asked, np.array(order, dtype=np.int64))
    bound = {
        site: float(min(asked.capacity[site], (asked.cover.by_site[[site]] @ asked.cover.weight)[0])) for site in more
    }
    while bound and (most is None or len(adds) < most) and not clock.over:
        fresh: set[int] = set()
        while (best := max(bound, key=lambda site: bound[site])) not in fresh:
            if clock.over:
                return order, adds
            bound[best] = looked_after(asked, np.array([*order, best])) - value
            fresh.add(best)
        adds.append(bound.pop(best))
        value += adds[-1]
        order.append(best)
    return order, adds


def _shared(asked: Capacitated, sites: npt.NDArray[np.integer]) -> tuple[float, Floats]:
    """The most that these sites can look after, and what of each group's weight is left alone then, shape (groups,)."""
    cover = asked.cover
    left = cover.weight.copy()
    if not len(sites):
        return 0.0, left
    inside = cover.by_site[np.asarray(sites, dtype=np.int64)].toarray() > 0
    groups = np.flatnonzero(inside.any(axis=0))
    # Groups that the same of these sites cover are one.
    patterns, of = np.unique(inside[:, groups].T, axis=0, return_inverse=True)
    of = of.ravel()
    weight = np.bincount(of, weights=cover.weight[groups], minlength=len(patterns))
    scale = 10.0 ** np.floor(np.log10(WHOLE / cover.total))  # a power of ten: weights with few decimals stay exact
    room = np.minimum(asked.capacity[sites], cover.total)
    s, p = len(sites), len(patterns)
    pattern, site = np.nonzero(patterns)
    source, sink = s + p, s + p + 1
    row = np.concatenate([np.full(s, source), site, s + np.arange(p)])
    column = np.concatenate([np.arange(s), s + pattern, np.full(p, sink)])
    width = np.concatenate([np.rint(room * scale), np.rint(weight[pattern] * scale), np.rint(weight * scale)])
    graph = sparse.csr_array((width.astype(np.int32), (row, column)), shape=(s + p + 2, s + p + 2))
    flow = maximum_flow(graph, source, sink)
    taken = np.asarray(flow.flow[s : s + p, [sink]].todense(), dtype=np.float64).ravel() / scale
    share = np.where(weight > 0, taken / np.where(weight > 0, weight, 1.0), 0.0)
    left[groups] *= np.clip(1.0 - share[of], 0.0, 1.0)
    return float(flow.flow_value / scale), left
