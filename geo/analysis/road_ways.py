"""Ways along roads from every place to every other, told apart from those that can be estimated only."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree
from scipy.spatial.distance import cdist

from geo.analysis.arrays import Bools, Floats, points
from geo.analysis.roads import AFOOT_M, AT_ONCE, OFF_ROAD_KMH, Roads, beside
from geo.analysis.siting.median import MOST_DISTANCES
from geo.errors import AnalysisRefused

__all__ = ["DETOUR", "FAR", "KMH", "every_way"]

DETOUR = 1.3
"""So much longer than the straight line a way is where no road is known: as the page of patrols has it."""
KMH = 40.0
"""Of an estimated way, for minutes."""
FAR = {"metres": 100_000.0, "minutes": 120.0}
"""Farther along roads nothing is looked for: who goes so far has no checkpoint near, and how far exactly changes no plan."""


def every_way(
    net: Roads,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    site_x: npt.ArrayLike,
    site_y: npt.ArrayLike,
    *,
    minutes: bool = False,
) -> tuple[Floats, Bools]:
    """What the way from each site to each demand costs, along roads where roads lead there within `FAR`.

    Parameters
    ----------
    x, y
        Demand, metres, shape (m,).
    site_x, site_y
        Sites, metres, shape (s,).
    minutes
        Whether minutes count, not metres.

    Returns
    -------
    Floats
        Shape (m, s), finite: elsewhere the straight line times `DETOUR`, and no less than `FAR` where both ends lie beside roads.
    Bools
        Which of them are such estimates, shape (m, s).

    Raises
    ------
    AnalysisRefused
        As `points`; ``siting.no_demand``, ``siting.no_candidates``, ``siting.too_many_distances``.
    """
    at, sites = np.column_stack(points(x, y)), np.column_stack(points(site_x, site_y))
    if not len(at) or not len(sites):
        raise AnalysisRefused("siting.no_demand" if not len(at) else "siting.no_candidates")
    if len(at) * len(sites) > MOST_DISTANCES:
        raise AnalysisRefused("siting.too_many_distances", rows=len(at), sites=len(sites))
    walk = 60 / (1000 * OFF_ROAD_KMH) if minutes else 1.0
    ride = DETOUR * (60 / (1000 * KMH) if minutes else 1.0)
    far = FAR["minutes" if minutes else "metres"]
    nodes = KDTree(np.column_stack([net.x, net.y]))
    row_node, row_away, row_on = beside(nodes, at)
    site_node, site_away, site_on = beside(nodes, sites)
    places, inverse = np.unique(row_node[row_on], return_inverse=True)
    found, guessed = np.empty((len(at), len(sites))), np.empty((len(at), len(sites)), dtype=np.bool_)
    step = max(1, AT_ONCE // max(len(net.x), len(at)))
    for begin in range(0, len(sites), step):
        part = slice(begin, begin + step)
        straight = cdist(at, sites[part])
        ways = np.full_like(straight, np.inf)
        here = np.flatnonzero(site_on[part])
        if len(here) and len(places):
            along = dijkstra(net.minutes if minutes else net.metres, indices=site_node[part][here], limit=far)[
                :, places
            ]
            beside_road = walk * (row_away[row_on][:, None] + site_away[part][here])
            ways[np.ix_(np.flatnonzero(row_on), here)] = along.T[inverse.ravel()] + beside_road
        ways = np.minimum(ways, np.where(straight <= AFOOT_M, walk * straight, np.inf))
        guessed[:, part] = ~np.isfinite(ways)
        both = row_on[:, None] & site_on[part]
        found[:, part] = np.where(guessed[:, part], np.maximum(ride * straight, np.where(both, far, 0.0)), ways)
    return found, guessed
