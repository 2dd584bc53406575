"""How concentrated incidents are: the few places that hold most of them, and the curve of all places."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.hotspots.answer import Answer
from dashboard.hotspots.asked import Asked
from dashboard.hotspots.grids import grid_of
from dashboard.hotspots.material import Material, Watch
from dashboard.hotspots.naming import NEAR, names
from dashboard.hotspots.telling import few
from geo.analysis import concentration as curves
from geo.errors import AnalysisRefused

__all__ = ["concentration", "places"]

CURVE = 200
"""Steps of the curve that are told."""


def places(material: Material, asked: Asked, watch: Watch) -> Answer:
    """The fewest places (hexagons of 1 km of the store) that hold a share of the incidents, the busiest first.

    Rows: ``rank``, ``x``, ``y``, ``count``, ``share``, ``until_here`` (shares of all) and of the store what they are called
    (`dashboard.hotspots.naming.names`); shapes are the hexagons.
    """
    if not 0 < asked.share <= 1:
        raise AnalysisRefused("analysis.not_a_share", value=asked.share)
    points = material.points
    grid = grid_of(material, asked, usual=1000.0)
    counts = grid.counts(points.x, points.y)
    listed = curves.few_places(counts, asked.share)
    at = listed.index.to_numpy()
    x, y = grid.x[at], grid.y[at]
    rows = pd.DataFrame({"rank": np.arange(1, len(at) + 1), "x": x, "y": y})
    rows = pd.concat([rows, listed.reset_index(drop=True), names(material.ground, x, y)], axis=1)
    summary = {
        "method": "places",
        "n": len(points),
        "cell": grid.spacing,
        "share": asked.share,
        "places": len(grid),
        "places_with_any": int((counts > 0).sum()),
        "listed": len(rows),
        "listed_share_of_places": len(rows) / len(grid),
        "listed_hold": int(listed["count"].sum()),
        "outside": len(points) - int(counts.sum()),
        "named_within": NEAR if material.stored else None,
    }
    return Answer(summary, rows, grid.outlines()[at], remarks=few(points))


def concentration(material: Material, asked: Asked, watch: Watch) -> Answer:
    """The share of places (as in `places`) that holds half of the incidents; rows: ``places``, ``incidents``, shares from 0 to 1
    along the curve, the busiest places first.
    """
    points = material.points
    grid = grid_of(material, asked, usual=1000.0)
    counts = grid.counts(points.x, points.y)
    found = curves.concentration(counts)
    # Where the curve bends is among the places with any: beyond them it is level.
    busy = int((counts > 0).sum())
    steps = np.unique(np.append(np.linspace(0, busy, CURVE).round(), [found.half_count, len(grid)]).astype(np.int64))
    rows = pd.DataFrame({"places": found.places[steps], "incidents": found.incidents[steps]})
    summary = {
        "method": "concentration",
        "n": len(points),
        "cell": grid.spacing,
        "places": len(grid),
        "places_with_any": busy,
        "half_count": found.half_count,
        "holds_half": found.holds_half,
        "gini": found.gini,
        "outside": len(points) - int(counts.sum()),
    }
    return Answer(summary, rows, placed=False, remarks=few(points))
