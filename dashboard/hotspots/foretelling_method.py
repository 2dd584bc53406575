"""How well maps of the earlier period foretold the later one."""

from __future__ import annotations

from typing import Any

import numpy as np

from dashboard.hotspots.answer import Answer
from dashboard.hotspots.asked import Asked
from dashboard.hotspots.grids import grid_of
from dashboard.hotspots.material import Material, Watch
from dashboard.hotspots.surface_method import USUAL_BANDWIDTH
from dashboard.hotspots.telling import day, few, plain
from geo.analysis import hot_spots, kernel_density, prediction
from geo.analysis.neighbourhoods import HexagonNeighbourhoods
from geo.errors import AnalysisRefused

__all__ = ["pai"]


def pai(material: Material, asked: Asked, watch: Watch) -> Answer:
    """Each map's score; rows: ``method``, ``share``, ``cells``, ``inside``, ``hit_rate``, ``pai``, ``pei`` (`geo.analysis.prediction`)."""
    points = material.points
    assert points.t is not None
    split = np.floor(points.t.max()) + 1 - 30 if asked.split is None else asked.split
    before = points.t < split
    if not before.any():
        raise AnalysisRefused("analysis.nothing_earlier")
    if before.all():
        raise AnalysisRefused("analysis.nothing_later")
    grid = grid_of(material, asked)
    earlier, later = (grid.counts(points.x[part], points.y[part]) for part in (before, ~before))
    x, y = points.x[before], points.y[before]
    h = asked.bandwidth or (
        USUAL_BANDWIDTH if material.stored else max(kernel_density.suggested_bandwidth(x, y), grid.spacing)
    )
    scores: dict[str, Any] = {"count": earlier}
    for name, adaptive in (("kde", False), ("kde_adaptive", True)):
        surface = kernel_density.density(x, y, h, adaptive=adaptive)
        scores[name] = surface.raster.at(surface.density, grid.x, grid.y)
    distance = asked.distance or 2 * grid.spacing
    scores["gi"] = hot_spots.gi_star_of(earlier, HexagonNeighbourhoods(grid, distance)).z
    found = prediction.scored(scores, later)
    summary = {
        "method": "pai",
        "n": len(points),
        "earlier": int(before.sum()),
        "later": int((~before).sum()),
        "split": day(points, float(split)),
        "places": len(grid),
        "cell": grid.spacing,
        "bandwidth": h,
        "distance": distance,
        "scores": [{str(k): plain(v) for k, v in row.items()} for row in found.to_dict("records")],
    }
    return Answer(summary, found, placed=False, remarks=few(points))
