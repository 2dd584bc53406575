"""The hexagons and slices of time that incidents are counted in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

from dashboard.hotspots.asked import Asked
from dashboard.hotspots.material import Material
from geo.analysis.hexagons import Hexagons, hexagons_around, hexagons_over
from geo.errors import AnalysisRefused
from geo.ingest.points import EPOCH, Points

__all__ = ["grid_of", "slices_of"]


def grid_of(material: Material, asked: Asked, usual: float = 5000.0) -> Hexagons:
    """Hexagons over the land, of the usual width (metres) where none is told; without land around the points, of a size that
    gives each half an incident.
    """
    points = material.points
    if material.land is not None:
        cell = asked.cell or usual
        # Those at the edge too: a corner is 0.58 of the width from its middle, so no incident on the land is lost.
        return hexagons_over(shapely.buffer(material.land, 0.6 * cell), cell)
    if asked.cell is not None:
        return hexagons_around(points.x, points.y, asked.cell)
    hull = shapely.convex_hull(
        shapely.multipoints(np.column_stack([points.x - points.x.min(), points.y - points.y.min()]))
    )
    across = max(float(np.hypot(np.ptp(points.x), np.ptp(points.y))), 100.0)
    area = max(hull.area, across**2 / 100)
    return hexagons_around(points.x, points.y, float(np.sqrt(2 * area / max(min(len(points), 100_000), 50) / 0.866)))


def slices_of(points: Points, asked: Asked) -> tuple[np.ndarray[Any, Any], str]:
    """The slice of each point, 0 the oldest: calendar months of dates, else so many days ending with the last."""
    assert points.t is not None
    if points.dated and asked.slice_days is None:
        month = (EPOCH + pd.to_timedelta(np.floor(points.t), unit="D")).to_period("M")
        number = month.year.to_numpy() * 12 + month.month.to_numpy()
        return number - number.min(), "month"
    length = asked.slice_days or 30.0
    if not length > 0:
        raise AnalysisRefused("analysis.not_positive", name="slice-days", value=length)
    back = ((np.floor(points.t.max()) + 1 - points.t) / length - 1e-12).astype(np.int64)
    return back.max() - back, f"{length:g} days"
