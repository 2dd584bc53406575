"""What stands on a meeting's maps, thinned so that a sheet stays small."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.analysis.emerging import NO_PATTERN
from geo.analysis.hexagons import Hexagons
from geo.analysis.meeting_hotspots import PLANE, Hotspots
from geo.model.meeting_material import Ground, Shape
from geo.model.meeting_sheet import BorderLine, HexagonCell, MapPoint, Outline, SheetMap, UnverifiedCell

__all__ = ["MOST_POINTS", "district_map", "overview_map"]

ROOM = 0.06
"""Share of the box that is added on each side."""
NARROWEST = 0.05
"""Degrees: a box is never narrower."""
MOST_POINTS = 1200
"""Spots on one map; where there are more, those of the same square of about 1 km, then 10, are put together."""
MOST_HEXAGONS, MOST_OVERALL = 400, 300
"""On a district's map and on the overview's, those with the highest scores."""
FIGURES = 4
"""Decimals of degrees: some 10 m, finer than outlines are known."""
COARSE = 0.004
"""Degrees: how far outlines of the overview are thinned."""

COUNTRIES = frozenset({"TH", "LA", "KH"})
"""Codes of whole countries."""

Box = tuple[float, float, float, float]


def district_map(ground: Ground, code: str, now: pd.DataFrame, waiting: pd.DataFrame, hotspots: Hotspots) -> SheetMap:
    """The map of one district.

    Parameters
    ----------
    now, waiting
        Its incidents of the period, verified and not verified, with ``lon``, ``lat`` and ``crime_type``.
    """
    box = _box([ground.shapes[code].geom] if code in ground.shapes else [], [ground.points.get(code)])
    return _drawn(ground, (code,), box, _points(now), _cells(waiting), hotspots, thin=0.0)


def overview_map(ground: Ground, hotspots: Hotspots) -> SheetMap:
    """The map of all districts: no incidents, the strongest hexagons."""
    codes = tuple(ground.districts)
    box = _box([ground.shapes[code].geom for code in codes if code in ground.shapes], list(ground.points.values()))
    return _drawn(ground, codes, box, (), (), hotspots, thin=COARSE)


def _drawn(
    ground: Ground,
    codes: tuple[str, ...],
    box: Box,
    points: tuple[MapPoint, ...],
    cells: tuple[UnverifiedCell, ...],
    hotspots: Hotspots,
    *,
    thin: float,
) -> SheetMap:
    clip = shapely.box(*box)
    west, south, east, north = box

    def inside(lon: float, lat: float) -> bool:
        return west <= lon <= east and south <= lat <= north

    around = [
        shape
        for code, shape in ground.shapes.items()
        if code not in codes and _beside(code, bool(thin)) and shape.geom.intersects(clip)
    ]
    return SheetMap(
        box=box,
        districts=tuple(_outline(ground.shapes[code], None, thin) for code in codes if code in ground.shapes),
        around=tuple(one for shape in around if (one := _outline(shape, clip, thin or 0.002)).lon is not None),
        border=tuple(
            BorderLine(one.undetermined, _geojson(cut))
            for one in ground.border
            if not (cut := _thin(shapely.intersection(one.geom, clip), thin)).is_empty and cut.length > 0
        ),
        crossings=tuple(one for one in ground.crossings if inside(one.lon, one.lat)),
        checkpoints=tuple(one for one in ground.checkpoints if inside(one.lon, one.lat)),
        points=points,
        unverified=cells,
        hexagons=_hexagons(hotspots, frozenset(codes), strongest=bool(thin)),
        hexagon_m=hotspots.spacing,
    )


def _beside(code: str, whole: bool) -> bool:
    """Whether a shape is drawn beside the meeting's districts: countries in the overview, else districts, and all of the
    country that is not known by its districts."""
    return code in COUNTRIES if whole else code not in COUNTRIES or code == "KH"


def _box(shapes: Sequence[Any], points: Sequence[tuple[float, float] | None]) -> Box:
    known = [shapely.Point(at) for at in points if at is not None]
    held = shapely.union_all([shapely.box(*shape.bounds) for shape in shapes] or known or [shapely.Point(103, 15)])
    west, south, east, north = held.bounds
    wide = max((NARROWEST - (east - west)) / 2, (east - west) * ROOM)
    high = max((NARROWEST - (north - south)) / 2, (north - south) * ROOM)
    return round(west - wide, 4), round(south - high, 4), round(east + wide, 4), round(north + high, 4)


def _thin(shape: Any, by: float) -> Any:
    return shapely.simplify(shape, by) if by else shape


def _outline(shape: Shape, clip: Any | None, thin: float) -> Outline:
    geom = _thin(shape.geom if clip is None else shapely.intersection(shape.geom, clip), thin)
    lon = lat = None
    if not geom.is_empty and geom.area > 0:
        label = shapely.point_on_surface(geom)
        lon, lat = round(label.x, FIGURES), round(label.y, FIGURES)
    return Outline(shape.code, shape.country, shape.name_th, shape.name_en, lon, lat, _geojson(geom))


def _geojson(shape: Any) -> dict[str, Any]:
    """GeoJSON with rounded coordinates; what a cut left as lines or points beside areas is dropped."""
    if shape.geom_type == "GeometryCollection":
        most = max(shapely.get_dimensions(part) for part in shape.geoms)
        shape = shapely.union_all([part for part in shape.geoms if shapely.get_dimensions(part) == most])
    return {"type": shape.geom_type, "coordinates": _rounded(shapely.geometry.mapping(shape)["coordinates"])}


def _rounded(at: Any) -> Any:
    return [_rounded(one) for one in at] if isinstance(at, tuple | list) else round(float(at), FIGURES)


def _points(now: pd.DataFrame) -> tuple[MapPoint, ...]:
    placed = now[now.lon.notna()]
    kinds = placed.crime_type.astype(str)
    grouped = pd.DataFrame()
    for figures in (3, 2, 1):
        keys = pd.DataFrame({"lon": placed.lon.round(figures), "lat": placed.lat.round(figures), "kind": kinds})
        grouped = keys.groupby(["lon", "lat", "kind"]).size().reset_index(name="n")
        if len(grouped) <= MOST_POINTS:
            break
    return tuple(
        MapPoint(round(float(lon), 3), round(float(lat), 3), str(kind), int(n))
        for lon, lat, kind, n in grouped.itertuples(index=False)
    )


def _cells(waiting: pd.DataFrame) -> tuple[UnverifiedCell, ...]:
    placed = waiting[waiting.lon.notna()]
    keys = pd.DataFrame({"lon": placed.lon.round(FIGURES), "lat": placed.lat.round(FIGURES)})
    grouped = keys.groupby(["lon", "lat"]).size().reset_index(name="n")
    return tuple(UnverifiedCell(float(lon), float(lat), int(n)) for lon, lat, n in grouped.itertuples(index=False))


def _hexagons(hotspots: Hotspots, districts: frozenset[str], *, strongest: bool) -> tuple[HexagonCell, ...]:
    if hotspots.grid is None:
        return ()
    mine = np.isin(hotspots.district.astype(str), sorted(districts))
    told = (hotspots.gi != 0) | (hotspots.kinds != NO_PATTERN)
    kept = np.flatnonzero(mine & (told if strongest else told | (hotspots.counts > 0)))
    order = np.lexsort((-hotspots.counts[kept], -np.abs(hotspots.z[kept])))
    kept = np.sort(kept[order[: MOST_OVERALL if strongest else MOST_HEXAGONS]])
    grid = hotspots.grid
    drawn = Hexagons(grid.spacing, grid.q[kept], grid.r[kept]).outlines()
    corners = shapely.get_coordinates(drawn).reshape(len(kept), 7, 2)[:, :6]
    lon, lat = PLANE.degrees(corners[..., 0], corners[..., 1])
    rings = np.round(np.stack([lon, lat], axis=-1), FIGURES)
    return tuple(
        HexagonCell(
            tuple((float(a), float(b)) for a, b in ring),
            int(hotspots.counts[n]),
            int(hotspots.gi[n]),
            float(hotspots.z[n]),
            str(hotspots.kinds[n]),
        )
        for n, ring in zip(kept, rings, strict=True)
    )
