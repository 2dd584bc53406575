"""How far a checkpoint or patrol reaches: in a straight line, or along the roads that were loaded."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import shapely

    from geo.analysis.arrays import Bools, Floats, Ints
    from geo.analysis.coverage import Coverage
    from geo.analysis.roads import Roads
    from geo.analysis.siting.cover import Cover

# What works it out is imported where it is needed: the page's process asks, and computes nothing.

__all__ = ["MODES", "Reach", "cover", "covered", "every_way", "network_of", "posts_near"]

MODES = ("straight", "road", "minutes")
"""Metres in a straight line; metres along roads; minutes along roads."""
AT_ONCE = 100_000
"""Demand rows whose ways are held at the same time."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far is near.

    Attributes
    ----------
    metres, minutes
        The one that `mode` means counts.
    mode
        One of `MODES`.
    """

    metres: float = 10_000.0
    mode: str = "straight"
    minutes: float = 15.0

    @property
    def by_road(self) -> bool:
        """Whether roads are followed."""
        return self.mode != "straight"

    @property
    def limit(self) -> float:
        """Metres or minutes."""
        return self.minutes if self.mode == "minutes" else self.metres


_lock = threading.Lock()
_kept: dict[tuple[Any, ...], Roads] = {}


def network_of(connection: Any, reach: Reach) -> Roads | None:
    """The roads that a reach follows, on the border's plane; nothing for straight lines. The last network is kept.

    Raises
    ------
    AnalysisRefused
        ``roads.none``: there are none.
    """
    if not reach.by_road:
        return None
    from geo.analysis.plane import BORDER, Plane
    from geo.errors import AnalysisRefused
    from geo.queries.road_files import road_file
    from geo.queries.roads import road_network

    file = road_file(connection)
    if file is None:
        raise AnalysisRefused("roads.none")
    key = (file.sha256, file.loaded_at, file.edges)
    with _lock:
        if key not in _kept:
            _kept.clear()
            _kept[key] = road_network(connection, Plane(*BORDER))
        return _kept[key]


def cover(
    x: Floats, y: Floats, site_x: Floats, site_y: Floats, reach: Reach, net: Roads | None, weight: Floats
) -> Cover:
    """Which sites (s,) cover which demand (m,), metres on the border's plane.

    Raises
    ------
    AnalysisRefused
        As `cover_within` and `costs`.
    """
    from geo.analysis.roads import costs
    from geo.analysis.siting.cover import cover_of, cover_within

    if net is None:
        return cover_within(x, y, site_x, site_y, reach.metres, weight)
    ways = costs(net, x, y, site_x, site_y, reach.limit, minutes=reach.mode == "minutes")
    return cover_of(ways, reach.limit, weight)


def every_way(x: Floats, y: Floats, site_x: Floats, site_y: Floats, reach: Reach, net: Roads) -> tuple[Floats, Bools]:
    """What the way from each demand (m,) to each site (s,) costs in the unit of the reach, and which are estimates; as there.

    Raises
    ------
    AnalysisRefused
        As `geo.analysis.road_ways.every_way`.
    """
    from geo.analysis.road_ways import every_way as along

    return along(net, x, y, site_x, site_y, minutes=reach.mode == "minutes")


def posts_near(x: Floats, y: Floats, site_x: Floats, site_y: Floats, reach: Reach, net: Roads) -> Ints:
    """How many sites reach each place along roads, shape (m,)."""
    import numpy as np

    from geo.analysis.roads import costs

    found = np.zeros(len(x), dtype=np.int64)
    for begin in range(0, len(x) if len(site_x) else 0, AT_ONCE):
        part = slice(begin, begin + AT_ONCE)
        ways = costs(net, x[part], y[part], site_x, site_y, reach.limit, minutes=reach.mode == "minutes")
        found[part] = np.diff(ways.indptr)
    return found


def covered(
    x: Floats,
    y: Floats,
    weight: Floats,
    site_x: Floats,
    site_y: Floats,
    reach: Reach,
    net: Roads | None,
    ways: Sequence[shapely.Geometry],
) -> Coverage:
    """Demand against checkpoints and the ways of patrols, as `geo.analysis.coverage.coverage` for straight lines.

    Raises
    ------
    AnalysisRefused
        As there, and as `costs`.
    """
    from geo.analysis.coverage import Coverage, coverage
    from geo.analysis.roads import reached
    from geo.analysis.siting.cover import checked_weights

    if net is None:
        return coverage(x, y, weight, site_x, site_y, reach.metres, ways)
    weights = checked_weights(weight, len(x))
    passed = reached(net, x, y, ways, reach.limit, minutes=reach.mode == "minutes")
    return Coverage(weights, posts_near(x, y, site_x, site_y, reach, net), passed)
