"""A plan on the map: demand in squares by whether it is covered, the sites with their numbers, how far one reaches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from dashboard.i18n import t
from dashboard.maps.computed import UNIT, Classes, areas, outlines
from dashboard.planning.found import CELL_M, Cells
from geo.analysis.plane import BORDER, Plane

__all__ = ["Place", "demand_layer", "marks_of", "reach_of"]

Place = tuple[float, float]
"""Longitude and latitude, degrees."""

COLOURS = {
    "day": ("#c5502e", "#e8a87c", "#4d8fb3", "#0b5c8a"),
    "night": ("#ff8a66", "#a8603f", "#3d7ea3", "#7cc7f0"),
}
"""Not covered, covered in part, covered by others, covered by the site looked at. Told apart by the colour-blind too."""
PART = 0.5
"""A square counts as covered from this share of its weight on."""


def demand_layer(cells: Cells, site: int | None, lang: str, night: bool) -> dict[str, Any]:
    """The squares; of the site looked at (position among the sites) those that it covers stand out."""
    names = ("open", "part", "covered", "mine")
    kinds = Classes(
        t("plans.legend.title", lang), tuple(t(f"plans.legend.{name}", lang) for name in names),
        COLOURS["night" if night else "day"], note=t("plans.legend.note", lang),
    )  # fmt: skip
    place = np.where(cells.covered >= PART, 2, np.where(cells.covered > 0, 1, 0))
    if site is not None and site < cells.by_site.shape[1]:
        place = np.where(cells.by_site[:, site] >= PART, 3, place)
    half = CELL_M / 2
    boxes = shapely.box(cells.x - half, cells.y - half, cells.x + half, cells.y + half)
    shapes = Plane(*BORDER).shapes_to_degrees(boxes)
    classes = [int(one) for one in place]
    return {
        "areas": areas(shapes, classes, kinds, [int(one) for one in cells.count]),
        "labels": list(kinds.labels),
        "count": t("plans.legend.count", lang, n="{n}"),
        "legend": kinds.legend([classes.count(kind) for kind in range(len(names))]),
    }


def marks_of(places: Sequence[Place], strong: Sequence[bool], numbers: Sequence[int] | None = None) -> list[list[int]]:
    """Numbered places, the strong ones filled."""
    numbered = numbers or range(1, len(places) + 1)
    return [
        [round(lon * UNIT), round(lat * UNIT), number, int(full)]
        for (lon, lat), full, number in zip(places, strong, numbered, strict=True)
    ]


def reach_of(places: Sequence[Place], metres: float) -> list[list[int]]:
    """Circles of so many metres around places."""
    if not places:
        return []
    plane = Plane(*BORDER)
    x, y = plane.metres([lon for lon, _ in places], [lat for _, lat in places])
    circles = shapely.buffer(shapely.points(np.column_stack([x, y])), metres, quad_segs=16)
    return outlines(list(plane.shapes_to_degrees(np.asarray(circles, dtype=object))))
