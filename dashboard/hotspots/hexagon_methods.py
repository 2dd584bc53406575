"""Hexagons: where incidents lie together, and where that is new."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from dashboard.hotspots.answer import Answer
from dashboard.hotspots.asked import Asked
from dashboard.hotspots.grids import grid_of, slices_of
from dashboard.hotspots.material import Material, Watch
from dashboard.hotspots.telling import beside, few
from geo.analysis import emerging as patterns
from geo.analysis import hot_spots
from geo.analysis.neighbourhoods import HexagonNeighbourhoods
from geo.errors import AnalysisRefused

__all__ = ["emerging", "gi"]


def gi(material: Material, asked: Asked, watch: Watch) -> Answer:
    """Gi* of the counts of hexagons, or of the values at places that a file gives.

    Rows: ``x``, ``y``, ``count``, ``z``, ``p``, ``q``, ``neighbours``, ``class`` (-3 to 3, `hot_spots.confidence_class`), a
    hexagon each; of values at places the file's rows, a point each.
    """
    points = material.points
    outside = 0
    if points.value is not None:
        if asked.distance is None:
            raise AnalysisRefused("analysis.needs", method="gi", option="distance", example=1000)
        found = hot_spots.gi_star(points.value, points.x, points.y, asked.distance)
        rows, shapes, cell, distance = beside(points, found), shapely.points(points.x, points.y), None, asked.distance
    else:
        grid = grid_of(material, asked)
        cell, distance = grid.spacing, asked.distance or 2 * grid.spacing
        counts = grid.counts(points.x, points.y)
        outside = len(points) - int(counts.sum())
        found = hot_spots.gi_star_of(counts, HexagonNeighbourhoods(grid, distance))
        rows = pd.concat([pd.DataFrame({"x": grid.x, "y": grid.y, "count": counts}), found], axis=1)
        shapes = grid.outlines()
    if asked.uncorrected:
        found["class"] = rows["class"] = hot_spots.confidence_class(found.z, found.p)
    summary = {"method": "gi", "n": len(points), "places": len(found), "distance": distance, "cell": cell}
    summary |= {"outside": outside, "corrected": not asked.uncorrected, **hot_spots.class_counts(found["class"])}
    return Answer(summary, rows, shapes, remarks=few(points))


def emerging(material: Material, asked: Asked, watch: Watch) -> Answer:
    """The emerging class of each hexagon.

    Rows: ``x``, ``y``, ``count``, ``class``, ``hot``, ``cold``, ``z``, ``trend_z``, ``trend_p`` (`geo.analysis.emerging`).
    """
    points = material.points
    grid = grid_of(material, asked)
    distance = asked.distance or 2 * grid.spacing
    number, length = slices_of(points, asked)
    slices = int(number.max()) + 1
    at = grid.locate(points.x, points.y)
    inside = at >= 0
    cube = np.bincount(at[inside] * slices + number[inside], minlength=len(grid) * slices).reshape(len(grid), slices)
    found = patterns.emerging(cube, HexagonNeighbourhoods(grid, distance), corrected=not asked.uncorrected)
    rows = pd.concat([pd.DataFrame({"x": grid.x, "y": grid.y, "count": cube.sum(axis=1)}), found], axis=1)
    classes = {str(name): int(n) for name, n in found["class"].value_counts().sort_index().items()}
    summary = {"method": "emerging", "n": len(points), "places": len(grid), "cell": grid.spacing, "distance": distance}
    summary |= {
        "outside": int((~inside).sum()),
        "slices": slices,
        "slice": length,
        "corrected": not asked.uncorrected,
        "classes": classes,
    }
    return Answer(summary, rows, grid.outlines(), remarks=few(points))
