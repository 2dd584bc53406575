"""A smooth surface over the land."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from dashboard.hotspots.answer import Answer
from dashboard.hotspots.asked import Asked
from dashboard.hotspots.material import Material, Watch
from dashboard.hotspots.telling import few, plain, where
from geo.analysis import kernel_density

__all__ = ["USUAL_BANDWIDTH", "kde"]

USUAL_BANDWIDTH, USUAL_CELL = 5000.0, 1000.0
"""Metres, of the store's incidents."""


def kde(material: Material, asked: Asked, watch: Watch) -> Answer:
    """Kernel density; rows: ``x``, ``y``, ``density_per_km2`` of each cell above 0, a point each."""
    points = material.points
    usual = USUAL_BANDWIDTH if material.stored else None
    h = asked.bandwidth or usual or kernel_density.suggested_bandwidth(points.x, points.y)
    surface = kernel_density.density(
        points.x,
        points.y,
        h,
        cell=asked.cell or (USUAL_CELL if material.stored else None),
        land=material.land,
        weights=points.value,
        adaptive=asked.adaptive,
    )
    row, column = np.nonzero(surface.density > 0)
    x, y, value = surface.raster.x()[column], surface.raster.y()[row], surface.density[row, column]
    top = int(value.argmax()) if len(value) else None
    summary = {
        "method": "kde",
        "n": len(points),
        "bandwidth": h,
        "bandwidth_rule": None if asked.bandwidth or usual else "0.9 min(SD, Dm / sqrt(ln 2)) n^(-1/5)",
        "kernel": "quartic",
        "adaptive": asked.adaptive,
        "cell": surface.raster.cell,
        "exact": surface.exact,
        "error_at_most_per_km2": plain(surface.error),
        "sum": surface.points,
        "kept": surface.kept,
        "peak_per_km2": None if top is None else float(value[top]),
        "peak": None if top is None else where(points, float(x[top]), float(y[top])),
    }
    return Answer(
        summary, pd.DataFrame({"x": x, "y": y, "density_per_km2": value}), shapely.points(x, y), remarks=few(points)
    )
