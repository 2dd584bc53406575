"""The hotspots of a meeting: Gi* of the period and the classes of the year, on hexagons over all of its districts together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.analysis.arrays import Floats, Ints
from geo.analysis.emerging import emerging
from geo.analysis.hexagons import Hexagons, hexagons_over
from geo.analysis.hot_spots import gi_star_of
from geo.analysis.neighbourhoods import HexagonNeighbourhoods
from geo.analysis.plane import BORDER, Plane
from geo.model.incident import Channel
from geo.model.meeting import MeetingFilter
from geo.model.meeting_material import Ground
from geo.model.meeting_sheet import Method

__all__ = ["PLANE", "SLICES", "SLICE_DAYS", "Hotspots", "day_number", "hotspot_base", "meeting_hotspots", "spacing_of"]

PLANE = Plane(*BORDER)
SLICES, SLICE_DAYS = 13, 28
FEW_DISTRICTS = 3


def spacing_of(districts: int) -> float:
    """Metres from middle to middle of the hexagons: 2 km where a few districts are looked at closely, else 3 km."""
    return 2000.0 if districts <= FEW_DISTRICTS else 3000.0


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - date(1970, 1, 1)).days


def hotspot_base(incidents: pd.DataFrame, chosen: MeetingFilter) -> pd.DataFrame:
    """What hotspots are made of: verified, with a point, and without what patrols found themselves, unless that was asked for.

    Where patrols go they find something: fed back, it would send them there again.
    """
    kept = incidents.verified & incidents.lon.notna()
    if Channel.PATROL not in chosen.channels:
        kept &= incidents.channel != str(Channel.PATROL)
    base = incidents[kept].copy()
    base["x"], base["y"] = PLANE.metres(base.lon, base.lat)
    return base


@dataclass(frozen=True, slots=True, eq=False)
class Hotspots:
    """What was found for each hexagon.

    Attributes
    ----------
    grid
        Hexagons in metres (`PLANE`); nothing where districts have no shapes or there is nothing to judge.
    counts, gi, z, kinds, district
        Of each hexagon: incidents of the period, class and score of Gi*, class of the year, code of the district that its
        middle lies in or nearest to. Shape (n,).
    n
        Incidents of the period that went in.
    methods
        How it was made.
    """

    spacing: float
    grid: Hexagons | None
    counts: Ints
    gi: Ints
    z: Floats
    kinds: npt.NDArray[np.object_]
    district: npt.NDArray[np.object_]
    n: int
    methods: tuple[Method, ...]


def meeting_hotspots(base: pd.DataFrame, ground: Ground, chosen: MeetingFilter) -> Hotspots:
    """Hotspots over the meeting's districts together: what is hot in one is hot beside the others.

    Parameters
    ----------
    base
        Of `hotspot_base`, with at least 13 × 28 days.
    """
    last = day_number(chosen.last)
    now = base[base.day.between(day_number(chosen.first), last)]
    spacing = spacing_of(len(ground.districts))
    codes = [code for code in ground.districts if code in ground.shapes]
    lands = [PLANE.shapes_to_metres(ground.shapes[code].geom) for code in codes]
    none = np.array([], dtype=object)
    if not lands:
        empty = np.array([], dtype=np.int64)
        return Hotspots(spacing, None, empty, empty, empty.astype(np.float64), none, none, len(now), ())
    # Those at the edge too: a corner is 0.58 of the width from its middle, so no incident on the land is lost.
    grid = hexagons_over(shapely.buffer(shapely.union_all(lands), 0.6 * spacing), spacing)
    counts = grid.counts(now.x, now.y)
    near = HexagonNeighbourhoods(grid, 2 * spacing)
    hot = gi_star_of(counts, near)
    year = base[base.day.between(last - SLICES * SLICE_DAYS + 1, last)]
    at = grid.locate(year.x, year.y) if len(year) else np.array([], dtype=np.int64)
    number = SLICES - 1 - (last - year.day.to_numpy()) // SLICE_DAYS
    inside = at >= 0
    cube = np.bincount(at[inside] * SLICES + number[inside], minlength=len(grid) * SLICES).reshape(len(grid), SLICES)
    shared = {"hexagon_m": spacing, "distance_m": 2 * spacing, "hexagons": len(grid), "districts": len(codes)}
    return Hotspots(
        spacing=spacing,
        grid=grid,
        counts=np.asarray(counts, dtype=np.int64),
        gi=hot["class"].to_numpy(dtype=np.int64),
        z=np.round(hot["z"].to_numpy(dtype=np.float64), 2),
        kinds=emerging(cube, near)["class"].to_numpy(dtype=object),
        district=_nearest(grid, codes, lands),
        n=len(now),
        methods=(
            Method("gi", shared | {"correction": "benjamini_hochberg"}, len(now)),
            Method("emerging", shared | {"slices": SLICES, "slice_days": SLICE_DAYS, "alpha": 0.05}, int(inside.sum())),
        ),
    )


def _nearest(grid: Hexagons, codes: list[str], lands: list[shapely.Geometry]) -> npt.NDArray[np.object_]:
    """Code of the district of each middle; of two that touch there the first."""
    middles = shapely.points(grid.x, grid.y)
    asked, found = shapely.STRtree(lands).query_nearest(middles, all_matches=False)
    district = np.empty(len(grid), dtype=object)
    district[asked] = np.array(codes, dtype=object)[found]
    return district
