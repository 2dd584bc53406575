"""The methods of the hotspot page and command, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from dashboard.hotspots.answer import Answer
from dashboard.hotspots.asked import Asked
from dashboard.hotspots.cluster_method import dbscan
from dashboard.hotspots.comparison_methods import compare, compare_districts
from dashboard.hotspots.district_methods import gi_districts, rates
from dashboard.hotspots.foretelling_method import pai
from dashboard.hotspots.hexagon_methods import emerging, gi
from dashboard.hotspots.material import Material, Watch
from dashboard.hotspots.place_methods import concentration, places
from dashboard.hotspots.simulated_methods import knox, scan
from dashboard.hotspots.surface_method import kde
from dashboard.hotspots.time_method import when
from geo.errors import AnalysisRefused

__all__ = ["BY_NAME", "run"]

BY_NAME: Mapping[str, Callable[[Material, Asked, Watch], Answer]] = {
    "gi": gi,
    "gi_districts": gi_districts,
    "kde": kde,
    "dbscan": dbscan,
    "places": places,
    "emerging": emerging,
    "scan": scan,
    "knox": knox,
    "concentration": concentration,
    "when": when,
    "pai": pai,
    "rates": rates,
    "compare": compare,
    "compare_districts": compare_districts,
}
IN_TIME = frozenset({"emerging", "scan", "knox", "pai", "when"})
"""Those that need to know when."""
POINTLESS = frozenset({"gi_districts", "when"})
"""Those that count incidents without a point too."""
FROM_NOTHING = frozenset({"rates", "compare", "compare_districts"})
"""Those to which no incident is an answer."""


def run(method: str, material: Material, asked: Asked, watch: Watch | None = None) -> Answer:
    """The answer of one of `BY_NAME`.

    Raises
    ------
    AnalysisRefused
        ``analysis.no_points``, ``analysis.no_time``, and what the method refuses.
    AnalysisCancelled
        ``analysis.cancelled``.
    """
    looked_at = material.incidents if method in POINTLESS else material.points
    if len(looked_at) == 0 and method not in FROM_NOTHING:
        raise AnalysisRefused("analysis.no_points")
    if method in IN_TIME and looked_at.t is None:
        raise AnalysisRefused("analysis.no_time", method=method)
    found = BY_NAME[method](material, asked, watch or Watch())
    return replace(found, plane=material.points.plane)
