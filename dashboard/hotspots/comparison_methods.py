"""Two periods beside each other: what changed in each hexagon and in each district."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from dashboard.hotspots.answer import Answer
from dashboard.hotspots.asked import Asked
from dashboard.hotspots.district_methods import counts_of, ground_of
from dashboard.hotspots.grids import grid_of
from dashboard.hotspots.material import Material, Watch
from geo.analysis.change import CLASSES, change

__all__ = ["compare", "compare_districts"]


def compare(material: Material, asked: Asked, watch: Watch) -> Answer:
    """Change of each hexagon that has any incident in either period.

    Rows: ``x``, ``y``, ``before``, ``latest``, ``difference``, ``percent``, ``class`` (`geo.analysis.change`); shapes are the hexagons.
    """
    ground_of(material, "compare")
    now, earlier = material.points, material.earlier_points
    assert earlier is not None
    grid = grid_of(material, asked)
    latest, before = grid.counts(now.x, now.y), grid.counts(earlier.x, earlier.y)
    some = np.flatnonzero((latest + before).to_numpy())
    found = change(latest.iloc[some], before.iloc[some])
    rows = pd.concat([pd.DataFrame({"x": grid.x[some], "y": grid.y[some]}), found.reset_index(drop=True)], axis=1)
    summary = {"method": "compare", "cell": grid.spacing, "places": len(grid)} | _told(material, len(now), len(earlier))
    summary |= {"outside": len(now) - int(latest.sum()), "outside_before": len(earlier) - int(before.sum())}
    return Answer(summary | _classes(found), rows, grid.outlines()[some])


def compare_districts(material: Material, asked: Asked, watch: Watch) -> Answer:
    """Change of each district, those without any incident too.

    Rows: ``code``, ``name_th``, ``name_en``, ``before``, ``latest``, ``difference``, ``percent``, ``class``; shapes are the districts.
    """
    ground = ground_of(material, "compare_districts")
    now, earlier = material.incidents, material.earlier
    assert earlier is not None
    latest, before = counts_of(now, ground), counts_of(earlier, ground)
    found = change(latest, before)
    rows = pd.concat([ground.districts[["name_th", "name_en"]], found], axis=1).reset_index()
    summary = {"method": "compare_districts", "places": len(rows)} | _told(material, len(now), len(earlier))
    summary |= {"outside": len(now) - int(latest.sum()), "outside_before": len(earlier) - int(before.sum())}
    return Answer(summary | _classes(found), rows, ground.districts["shape"].to_numpy(), placed=False)


def _told(material: Material, now: int, earlier: int) -> dict[str, Any]:
    """Counts and periods; of both together one line of change."""
    assert material.before is not None
    together = change([now], [earlier]).iloc[0]
    return {
        "n": now,
        "before": earlier,
        "percent": None if np.isnan(together["percent"]) else float(together["percent"]),
        "class": str(together["class"]),
        "earlier_first": str(material.before.first),
        "earlier_last": str(material.before.last),
    }


def _classes(found: pd.DataFrame) -> dict[str, Any]:
    number = found["class"].value_counts()
    return {"classes": {kind: int(number.get(kind, 0)) for kind in CLASSES}}
