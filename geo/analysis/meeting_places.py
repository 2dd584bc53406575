"""Top places of a meeting: clusters of incidents, else hexagons, each with the name of what lies nearest."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from geo.analysis.cluster_summary import cluster_summary
from geo.analysis.clusters import dbscan
from geo.analysis.emerging import NO_PATTERN
from geo.analysis.meeting_hotspots import PLANE, Hotspots
from geo.model.meeting_material import Ground
from geo.model.meeting_sheet import Method, PlaceName, TopPlace

__all__ = ["EPS_M", "MIN_POINTS", "MOST_PLACES", "Naming", "top_places"]

EPS_M, MIN_POINTS, MIN_SHARE = 1000.0, 5, 0.02
"""A place is where at least so many lie within so many metres; of very many, that share of them, or all would be one place."""
MOST_PLACES = 5
NAMED_M = {"crossing": 5000.0, "village": 3000.0, "subdistrict": 8000.0}
"""Farther from a place of this kind nobody would name a spot after it."""


class Naming:
    """Names spots after the known place nearest to them.

    Parameters
    ----------
    ground
        Whose places are used.
    """

    def __init__(self, ground: Ground) -> None:
        self._districts = ground.districts
        self._kinds = []
        for kind, reach in NAMED_M.items():
            rows = ground.places[ground.places.kind == kind]
            if len(rows):
                tree = cKDTree(np.column_stack(PLANE.metres(rows.lon, rows.lat)))
                self._kinds.append((reach, tree, rows.to_dict("records")))

    def name(self, x: float, y: float, district: str | None) -> PlaceName | None:
        """The nearest place within reach, else the district; nothing where neither is known.

        Parameters
        ----------
        x, y
            Metres (`PLANE`).
        """
        found = []
        for reach, tree, rows in self._kinds:
            away, at = tree.query([x, y])
            if away <= reach:
                found.append((float(away), rows[int(at)]))
        if found:
            away, row = min(found, key=lambda one: (one[0], one[1]["code"]))
            return PlaceName(row["kind"], row["code"], row["name_th"], row["name_en"], round(away / 100) * 100)
        known = self._districts.get(district or "")
        return None if known is None else PlaceName("district", known.code, known.name_th, known.name_en, 0)


def top_places(
    now: pd.DataFrame, hotspots: Hotspots, naming: Naming, district: str
) -> tuple[tuple[TopPlace, ...], Method]:
    """The places of a district with most incidents: clusters, and where there are few of them the fullest hexagons beside.

    Parameters
    ----------
    now
        Of `geo.analysis.meeting_hotspots.hotspot_base`, this district in the period.
    """
    least = max(MIN_POINTS, round(MIN_SHARE * len(now)))
    method = Method("dbscan", {"eps_m": EPS_M, "min_points": least}, len(now))
    if now.empty:
        return (), method
    label = dbscan(now.x, now.y, EPS_M, least)["label"].to_numpy()
    table = cluster_summary(now.x, now.y, label, t=now.day, kind=now.crime_type)
    rows: list[tuple[str, dict[Any, Any]]] = [("cluster", one) for one in table.to_dict("records")]
    rows.sort(key=lambda one: (-one[1]["count"], one[1]["x"]))
    rows = rows[:MOST_PLACES]
    if len(rows) < MOST_PLACES and hotspots.grid is not None:
        rows += [("hexagon", one) for one in _fullest(now[label < 0], hotspots, MOST_PLACES - len(rows))]
    found = []
    for rank, (kind, one) in enumerate(rows, 1):
        x, y = float(one["x"]), float(one["y"])
        (lon,), (lat,) = PLANE.degrees([x], [y])
        at = -1 if hotspots.grid is None else int(hotspots.grid.locate([x], [y])[0])
        found.append(
            TopPlace(
                rank=rank,
                kind=kind,
                place=naming.name(x, y, district),
                lon=round(float(lon), 3),
                lat=round(float(lat), 3),
                n=int(one["count"]),
                last=date(1970, 1, 1) + timedelta(days=int(one["last"])),
                main_type=str(one["main_kind"]),
                main_share=round(float(one["main_share"]), 3),
                gi=int(hotspots.gi[at]) if at >= 0 else 0,
                emerging=str(hotspots.kinds[at]) if at >= 0 else NO_PATTERN,
            )
        )
    return tuple(found), method


def _fullest(alone: pd.DataFrame, hotspots: Hotspots, most: int) -> list[dict[Any, Any]]:
    """Hexagons with most of the incidents that belong to no cluster; their middles are those of their incidents."""
    assert hotspots.grid is not None
    at = hotspots.grid.locate(alone.x, alone.y)
    inside = at >= 0
    table = (
        cluster_summary(
            alone.x[inside], alone.y[inside], at[inside], t=alone.day[inside], kind=alone.crime_type[inside]
        )
        if inside.any()
        else pd.DataFrame()
    )
    if table.empty:
        return []
    return table.sort_values(["count", "x"], ascending=[False, True]).head(most).to_dict("records")
