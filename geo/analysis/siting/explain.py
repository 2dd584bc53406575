"""Why these sites: what each adds, what is lost without it, its second-best place; and what more sites would bring."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from geo.analysis.arrays import Bools, Ints
from geo.analysis.siting.answer import Clock
from geo.analysis.siting.covering import Covering
from geo.analysis.siting.covering_bound import covering_bound
from geo.analysis.siting.covering_search import exchanges, greedy

__all__ = ["curve", "explained"]


def explained(asked: Covering, sites: Ints) -> pd.DataFrame:
    """The sites of a choice, those that are there already first, then in the order in which they add most.

    Which demand rows a site covers: ``asked.cover.rows_covered(np.array([site]))``.

    Returns
    -------
    A row a site (position among the candidates) with ``existing``, ``covers`` (weight within its reach), ``adds`` (to
    those above it), ``lost`` (if it alone were left out), ``second_best`` (position that could take its place with the
    least loss, -1 where none can), ``swap_loss`` (that loss, never below 0 for the best choice; NaN where none can).
    """
    cover = asked.cover
    chosen = np.zeros(cover.sites, dtype=np.bool_)
    chosen[sites] = True
    order = [int(site) for site in sites if asked.rules.existing[site]]
    counts = cover.counts(np.array(order, dtype=np.int64))
    guide = np.array([asked.once, asked.twice, 0.0])
    left = [int(site) for site in sites if not asked.rules.existing[site]]
    while left:
        adds = (cover.by_site @ asked.step(counts, asked.guide()))[left]
        order.append(left.pop(int(adds.argmax())))
        counts += cover.counts(np.array(order[-1:]))
    running = np.zeros_like(counts)
    adds_in_turn = []
    for site in order:
        inside = cover.counts(np.array([site]))
        adds_in_turn.append(float(asked.step(running, guide) @ inside))
        running += inside
    lost = cover.by_site[order] @ asked.step(counts - 1, guide)
    out, change = exchanges(asked, chosen, guide)
    change = np.where(np.isfinite(change), change, -np.inf)
    best = {int(site): (int(change[:, k].argmax()), float(change[:, k].max())) for k, site in enumerate(out)}
    second = [best.get(site, (-1, -np.inf)) for site in order]
    return pd.DataFrame(
        {
            "existing": asked.rules.existing[order],
            "covers": cover.by_site[order] @ cover.weight,
            "adds": adds_in_turn,
            "lost": lost,
            "second_best": [place if np.isfinite(gain) else -1 for place, gain in second],
            "swap_loss": [-gain if np.isfinite(gain) else np.nan for _, gain in second],
        },
        index=pd.Index(order, name="site"),
    )


def curve(asked: Covering, most: int, clock: Clock | None = None) -> pd.DataFrame:
    """Coverage against the number of new sites, each number with what no choice can exceed.

    The sites are the greedy ones, so that each number keeps those of the one before. Where more stops helping is for
    the reader to say: the curve has no corner of its own.

    Parameters
    ----------
    most
        Largest number of new sites; as many as may stand at most.

    Returns
    -------
    Rows ``number`` (from the forced ones on), with ``value``, ``share`` of all demand covered once, ``bound``, and
    ``site`` (the one added, -1 in the first row).
    """
    clock = clock or Clock()
    limits = asked.rules
    most = min(most, int((limits.free | limits.forced).sum()))
    chosen = limits.existing | limits.forced
    price = None
    told = []
    site = -1
    for number in range(int(limits.forced.sum()), most + 1):
        here = replace(asked, rules=replace(limits, number=number, budgets=(), district=None, least_each=0))
        if number > limits.forced.sum():
            more: Bools = greedy(here, chosen)
            site = int(np.flatnonzero(more & ~chosen)[0])
            chosen = more
        counts = asked.cover.counts(np.flatnonzero(chosen))
        value = asked.value(counts)
        found = covering_bound(here, value, steps=120, price=price, clock=clock)
        price = found.price
        share = float(asked.cover.weight[counts > 0].sum() / asked.cover.total)
        told.append((number, value, share, found.value, site))
    return pd.DataFrame(told, columns=["number", "value", "share", "bound", "site"]).set_index("number")
