"""Coverage as it stands on the map: the demand in squares by how often it is covered, and the border where nobody is near."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from dashboard.i18n import t
from dashboard.maps.computed import Classes, areas
from dashboard.maps.patrol_ways import lines
from dashboard.planning.coverage import Squares
from dashboard.planning.found import CELL_M
from geo.analysis.plane import BORDER, Plane

__all__ = ["alone_ways", "covered_squares"]

COLOURS = {
    "day": ("#c5502e", "#8fb8d0", "#0b5c8a"),
    "night": ("#ff8a66", "#3d7ea3", "#7cc7f0"),
}
"""Not covered, covered once, covered twice or more. Told apart by the colour-blind too."""
ALONE = {"day": "#b3261e", "night": "#ff6b5f"}
HALF = 0.5
"""A square counts as covered from this share of its weight on."""


def covered_squares(squares: Squares, lang: str, night: bool) -> dict[str, Any]:
    """The squares, and the legend that says how many are of each class."""
    names = ("open", "once", "twice")
    kinds = Classes(
        t("coverage.legend.title", lang), tuple(t(f"coverage.legend.{name}", lang) for name in names),
        COLOURS["night" if night else "day"], note=t("coverage.legend.note", lang),
    )  # fmt: skip
    place = np.where(squares.twice >= HALF, 2, np.where(squares.once >= HALF, 1, 0))
    half = CELL_M / 2
    boxes = shapely.box(squares.x - half, squares.y - half, squares.x + half, squares.y + half)
    classes = [int(one) for one in place]
    return {
        "areas": areas(Plane(*BORDER).shapes_to_degrees(boxes), classes, kinds, [int(one) for one in squares.count]),
        "labels": list(kinds.labels),
        "count": t("coverage.legend.count", lang, n="{n}"),
        "legend": kinds.legend([classes.count(kind) for kind in range(len(names))]),
    }


def alone_ways(alone: Sequence[Any], night: bool) -> list[dict[str, Any]]:
    """The kilometres of border (lines, WGS 84) without a checkpoint within reach and without a patrol; neighbours in one line."""
    if not alone:
        return []
    return lines(shapely.line_merge(shapely.union_all(list(alone))), ALONE["night" if night else "day"])
