"""Clusters of points."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.hotspots.answer import Answer
from dashboard.hotspots.asked import Asked
from dashboard.hotspots.material import Material, Watch
from dashboard.hotspots.naming import NEAR, names
from dashboard.hotspots.telling import day, few, plain, where
from geo.analysis import clusters
from geo.analysis.cluster_outlines import cluster_outlines, hearts
from geo.analysis.cluster_summary import cluster_summary

__all__ = ["dbscan"]


def dbscan(material: Material, asked: Asked, watch: Watch) -> Answer:
    """Clusters, the largest first; rows: ``label``, ``count``, ``x``, ``y`` (where it is marked), ``area_km2`` (of the hull), ``last``
    (day), ``main_kind``, ``main_share`` and of the store what they are called (`dashboard.hotspots.naming.names`); shapes are their
    outlines (a point or a line where the points make no area). ``each``: ``label`` (-1 noise) and ``core`` of each point.
    """
    points = material.points
    found = clusters.dbscan(points.x, points.y, asked.eps, asked.min_points)
    table = cluster_summary(points.x, points.y, found.label, t=points.t, kind=points.kind)
    label = found["label"].to_numpy()
    drawn = cluster_outlines(points.x, points.y, label, table["hull"].to_numpy(), asked.eps)
    table[["x", "y"]] = hearts(points.x, points.y, label, table[["x", "y"]].to_numpy(), drawn, asked.eps)
    listed = []
    for one in table.drop(columns="hull").head(100).reset_index().to_dict("records"):
        told = {str(name): plain(value) for name, value in one.items()}
        told |= where(points, told.pop("x"), told.pop("y"))
        if points.t is not None:
            told["last"] = day(points, float(one["last"]))
        listed.append(told)
    summary = {
        "method": "dbscan",
        "n": len(points),
        "eps": asked.eps,
        "min_points": asked.min_points,
        "clusters": len(table),
        "noise": int((found.label < 0).sum()),
        "core": int(found.core.sum()),
        "named_within": NEAR if material.stored else None,
        "largest": listed,
    }
    found["core"] = found["core"].astype(np.int8)
    rows = pd.concat([table.drop(columns="hull").reset_index(), names(material.ground, table["x"], table["y"])], axis=1)
    if points.t is not None:
        rows["last"] = [day(points, t) for t in rows["last"]]
    return Answer(summary, rows, drawn, remarks=few(points), each=found)
