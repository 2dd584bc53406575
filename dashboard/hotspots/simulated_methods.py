"""What simulation judges: clusters of the last weeks, and near repeats."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from dashboard.hotspots.answer import Answer
from dashboard.hotspots.asked import Asked
from dashboard.hotspots.material import Material, Watch
from dashboard.hotspots.naming import names
from dashboard.hotspots.telling import day, few, plain, where
from geo.analysis import near_repeat
from geo.analysis.scan import scan_recent

__all__ = ["knox", "scan"]

WIDEST_SHARE = 10
"""The widest circle of a scan is this part of the way across all points, where none is given."""
USUAL_RADIUS = 20_000.0
"""Metres, of the store's incidents: a few places along the border, not a province."""


def scan(material: Material, asked: Asked, watch: Watch) -> Answer:
    """Clusters that are still going on; rows, the most likely first: ``x``, ``y``, ``radius`` (metres), ``first``, ``last``,
    ``places``, ``observed``, ``expected``, ``log_ratio``, ``p``, and of the store what they are called. A point each: the middle.
    """
    points = material.points
    assert points.t is not None
    across = float(np.hypot(np.ptp(points.x), np.ptp(points.y)))
    found = scan_recent(
        points.x,
        points.y,
        points.t,
        radius=asked.radius or (USUAL_RADIUS if material.stored else max(across / WIDEST_SHARE, 1.0)),
        days=asked.days,
        permutations=asked.permutations,
        seed=asked.seed,
        progress=watch.progress,
        cancelled=watch.cancelled,
    )
    rows = pd.DataFrame(
        [
            {
                "x": c.x,
                "y": c.y,
                "radius": c.radius,
                "first": day(points, c.first),
                "last": day(points, c.last),
                "places": len(c.places),
                "observed": c.observed,
                "expected": c.expected,
                "log_ratio": c.log_ratio,
                "p": c.p,
            }
            for c in found.clusters
        ],
        columns=["x", "y", "radius", "first", "last", "places", "observed", "expected", "log_ratio", "p"],
    )
    rows = pd.concat([rows, names(material.ground, rows["x"], rows["y"])], axis=1)
    best = {str(name): plain(value) for name, value in rows.to_dict("records")[0].items()} if len(rows) else {}
    if best:
        best |= where(points, best.pop("x"), best.pop("y"))
    summary = {
        "method": "scan",
        "n": len(points),
        "places": found.places,
        "square": float(found.square),
        "radius_at_most": found.radius,
        "days": found.days,
        "permutations": found.permutations,
        "seed": found.seed,
        "clusters": len(rows),
        "p": best.get("p"),
        "most_likely": best or None,
    }
    remarks = few(points)
    if found.square:
        remarks += (("hotspots.thinned_scan", {"square": found.square}),)
    middles = shapely.points(rows.x.to_numpy(np.float64), rows.y.to_numpy(np.float64))  # of none too
    return Answer(summary, rows, middles, remarks=remarks)


def knox(material: Material, asked: Asked, watch: Watch) -> Answer:
    """Near repeats; rows: a pair of bands each (`geo.analysis.near_repeat`)."""
    points = material.points
    assert points.t is not None
    found = near_repeat.knox(
        points.x,
        points.y,
        points.t,
        asked.space,
        asked.time,
        permutations=asked.permutations,
        seed=asked.seed,
        progress=watch.progress,
        cancelled=watch.cancelled,
    )
    first = found.table.iloc[0]
    summary = {
        "method": "knox",
        "n": len(points),
        "used": found.used,
        "pairs": found.pairs,
        "space": list(asked.space),
        "time": list(asked.time),
        "permutations": found.permutations,
        "seed": found.seed,
        "observed": int(first.observed),
        **{name: plain(first[name]) for name in ("expected", "ratio", "simulated", "p", "p_poisson")},
    }
    remarks = few(points)
    if found.used < found.given:
        remarks += (("hotspots.thinned_knox", {"given": found.given, "used": found.used}),)
    return Answer(summary, found.table, placed=False, remarks=remarks)
