"""Where a checkpoint could stand: those that stand, those planned, crossings, a person's own places, and suggested ones on roads or a grid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree

from dashboard.documents.position import grid_words
from dashboard.planning.reach import Reach, network_of
from geo.analysis.plane import BORDER, Plane
from geo.analysis.site_grid import road_sites, site_grid
from geo.errors import AnalysisRefused
from geo.model import Scope
from geo.queries.site_candidates import site_candidates
from geo.queries.site_ground import border_ground
from geo.queries.site_places import districts_of

__all__ = ["COLUMNS", "Own", "Sources", "candidates"]

SAME_PLACE_M = 30.0
"""Two places so near are one."""
COLUMNS = (
    "code", "name", "name_en", "kind", "source", "district_code", "lon", "lat", "x", "y", "existing", "cost", "staff",
    "capacity", "mark",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Own:
    """A place that a person typed, pointed at or handed in with a file.

    Attributes
    ----------
    code
        Its own among the candidates of a question.
    mark
        ``forced``, ``forbidden`` or empty.
    """

    code: str
    name: str
    lon: float
    lat: float
    kind: str = "checkpoint"
    cost: float | None = None
    staff: float | None = None
    capacity: float | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """Which places are candidates.

    Attributes
    ----------
    crossings, planned
        Whether known crossings, and checkpoints that are planned already, are among them. Open checkpoints always are.
    grid
        Whether a grid is suggested.
    roads
        Whether places on the loaded roads are suggested, junctions first.
    spacing_km, within_km
        Of what is suggested: between neighbours, and to the border at most.
    own
        A person's own places.
    """

    crossings: bool = True
    planned: bool = True
    grid: bool = False
    roads: bool = False
    spacing_km: float = 5.0
    within_km: float = 5.0
    own: tuple[Own, ...] = ()


def candidates(connection: Any, scope: Scope, districts: tuple[str, ...], sources: Sources, on: date) -> pd.DataFrame:
    """The candidates of a question, one row each with `COLUMNS`; ``x`` and ``y`` in metres around the middle of the border.

    Raises
    ------
    AnalysisRefused
        ``siting.no_candidates``; ``siting.own_elsewhere``: a person's own place lies in none of the districts;
        ``siting.grid_too_fine``; ``roads.none``.
    """
    known = site_candidates(connection, scope, on, districts)
    offered = {name for name, wanted in (("planned", sources.planned), ("crossing", sources.crossings)) if wanted}
    parts = [known[known.source == "checkpoint"]]
    if sources.own:
        parts.append(_own(connection, scope, districts, sources.own))
    parts.append(known[known.source.isin(offered)])
    if sources.roads:
        parts.append(_suggested(connection, scope, districts, sources, "road"))
    if sources.grid:
        parts.append(_suggested(connection, scope, districts, sources, "grid"))
    parts = [part for part in parts if len(part)]
    if not parts:
        raise AnalysisRefused("siting.no_candidates")
    found = pd.concat([part.reindex(columns=COLUMNS) for part in parts], ignore_index=True)
    found["mark"] = found.mark.astype(object).where(found.mark.notna(), "")
    found["x"], found["y"] = Plane(*BORDER).metres(found.lon.astype(float), found.lat.astype(float))
    return _apart(found)


def _apart(found: pd.DataFrame) -> pd.DataFrame:
    """Without candidates where an earlier one, or a checkpoint that stands, is already."""
    near = KDTree(found[["x", "y"]].to_numpy(dtype=np.float64)).query_pairs(SAME_PLACE_M, output_type="ndarray")
    later = near.max(axis=1) if len(near) else np.empty(0, dtype=np.int64)
    again = np.zeros(len(found), dtype=np.bool_)
    again[later] = True
    kept: pd.DataFrame = found[~again | found.existing.to_numpy(dtype=np.bool_)]
    return kept.reset_index(drop=True)


def _own(connection: Any, scope: Scope, districts: tuple[str, ...], own: tuple[Own, ...]) -> pd.DataFrame:
    rows = pd.DataFrame([[getattr(one, name) for name in Own.__slots__] for one in own], columns=list(Own.__slots__))
    rows["district_code"] = districts_of(connection, [(one.lon, one.lat) for one in own])
    here = rows.district_code.notna()
    if districts or scope.districts is not None:
        here &= rows.district_code.isin(districts or scope.districts or ())
    if not here.all():
        at = int((~here).to_numpy().argmax())
        raise AnalysisRefused(
            "siting.own_elsewhere", number=at + 1, lon=round(own[at].lon, 5), lat=round(own[at].lat, 5)
        )
    return rows.assign(source="own", existing=False, name_en=rows.name)


def _suggested(
    connection: Any, scope: Scope, districts: tuple[str, ...], sources: Sources, source: str
) -> pd.DataFrame:
    """Places near the border, on a grid or on roads."""
    net = network_of(connection, Reach(mode="road")) if source == "road" else None
    ground, border = border_ground(connection, scope, districts)
    if ground.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    shapes = ground["shape"].to_numpy()
    land = shapely.GeometryCollection(list(shapes))
    spacing, within = 1000 * sources.spacing_km, 1000 * sources.within_km
    if net is None:
        x, y = site_grid(land, spacing, border, within)
    else:
        chosen = road_sites(net.x, net.y, net.joined, land, spacing, border, within)
        x, y = net.x[chosen], net.y[chosen]
    place, area = shapely.STRtree(shapely.points(x, y)).query(shapes, predicate="contains")[::-1]
    owner = np.full(len(x), None, dtype=object)
    owner[place] = ground.index.to_numpy()[area]
    lon, lat = Plane(*BORDER).degrees(x, y)
    names = [grid_words(float(one), float(other)) for one, other in zip(lon, lat, strict=True)]
    return pd.DataFrame(
        {
            "code": [f"{source}:{name.replace(' ', '')}" for name in names], "name": names, "name_en": names, "kind": "checkpoint",
            "source": source, "district_code": owner, "lon": lon, "lat": lat, "existing": False,
        }
    )  # fmt: skip
