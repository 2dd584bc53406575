"""The methods of the hotspot page and command, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from dashboard.hotspots.answer import Answer
from dashboard.hotspots.asked import Asked
from dashboard.hotspots.cluster_method import dbscan
from dashboard.hotspots.foretelling_method import pai
from dashboard.hotspots.hexagon_methods import emerging, gi
from dashboard.hotspots.material import Material, Watch
from dashboard.hotspots.simulated_methods import knox, scan
from dashboard.hotspots.surface_method import kde
from geo.errors import AnalysisRefused

__all__ = ["BY_NAME", "run"]

BY_NAME: Mapping[str, Callable[[Material, Asked, Watch], Answer]] = {
    "gi": gi,
    "kde": kde,
    "dbscan": dbscan,
    "emerging": emerging,
    "scan": scan,
    "knox": knox,
    "pai": pai,
}
IN_TIME = frozenset({"emerging", "scan", "knox", "pai"})
"""Those that need to know when."""


def run(method: str, material: Material, asked: Asked, watch: Watch | None = None) -> Answer:
    """The answer of one of `BY_NAME`.

    Raises
    ------
    AnalysisRefused
        ``analysis.no_points``, ``analysis.no_time``, and what the method refuses.
    AnalysisCancelled
        ``analysis.cancelled``.
    """
    if len(material.points) == 0:
        raise AnalysisRefused("analysis.no_points")
    if method in IN_TIME and material.points.t is None:
        raise AnalysisRefused("analysis.no_time", method=method)
    found = BY_NAME[method](material, asked, watch or Watch())
    return replace(found, plane=material.points.plane)
