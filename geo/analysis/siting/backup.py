"""Backup cover: as much as possible covered twice, and everything once where so many sites can do that."""

from __future__ import annotations

from dataclasses import replace

from geo.analysis.simulation import Cancelled
from geo.analysis.siting import fewest
from geo.analysis.siting.cover import Cover
from geo.analysis.siting.covering import Covering
from geo.analysis.siting.rules import Rules

__all__ = ["backup"]


def backup(cover: Cover, limits: Rules, limit: float = 5.0, *, cancelled: Cancelled | None = None) -> Covering:
    """The question of backup cover, to be solved as a maximal covering.

    Where the number of sites suffices to cover all demand once, it has to be, and what is covered twice counts
    (Hogan and ReVelle 1986). Where it does not, only what is covered twice counts: ``all_once`` says which.

    Parameters
    ----------
    limit
        Seconds to find out whether the number suffices; if that is not known by then it is not asked for.
    """
    everything = cover.weight.sum() >= cover.total * (1 - 1e-12)
    if everything and limits.number is not None:
        least = fewest.solve(fewest.fewest(cover, replace(limits, number=None)), limit, cancelled=cancelled)
        everything = least.found and least.value <= limits.number
    return Covering(cover, limits, once=0.0, twice=1.0, all_once=bool(everything and limits.number is not None))
