"""Signs of a map on paper as SVG, told apart by their shape as well as by their colour: many are printed without colour."""

from __future__ import annotations

import math
from typing import Final

from dashboard.maps.palette import DAY, OTHER_TYPE
from geo.model.reference import CRIME_COLOURS

__all__ = [
    "AROUND",
    "BEYOND",
    "EMERGING",
    "GI",
    "HATCHES",
    "OWN",
    "checkpoint_sign",
    "count_circle",
    "crossing_sign",
    "emerging_sign",
    "hexagon",
    "rank_disc",
    "type_sign",
    "unverified_sign",
]

OWN, AROUND, BEYOND = "#ffffff", "#f6f2e8", "#e4dfd2"
"""Grounds of the meeting's districts, of others, and of the neighbours a shade darker."""
GI: Final = {
    3: "#9c1c16", 2: "#d9573b", 1: "#f2a983", 0: "#d9d6cd", -1: "#9dbdd6", -2: "#5f92bd", -3: "#2c6496",
}  # fmt: skip
"""Colour of a hexagon by its class, as on the screen: the surer, the darker. Hot ones are filled, cold ones are hatched, so
that grey tells them apart too."""
HATCHES: Final = "".join(
    f'<pattern id="h{-gi}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="7" height="7" fill="#ffffff" fill-opacity=".55"/>'
    f'<rect width="{width}" height="7" fill="{GI[gi]}"/></pattern>'
    for gi, width in ((-1, 1.6), (-2, 2.4), (-3, 3.6))
)
"""Patterns that a picture with cold hexagons has to hold."""

EMERGING: Final = {
    "new": "M0-7L2-2.2L7-2.2L3 1L4.6 6L0 3L-4.6 6L-3 1L-7-2.2L-2-2.2Z",
    "consecutive": "M-6-5H6V-2H-6ZM-6 2H6V5H-6Z",
    "intensifying": "M0-7L7 5H-7Z",
    "persistent": "M-5-5H5V5H-5Z",
    "diminishing": "M0 7L7-5H-7Z",
    "sporadic": "M-7-1.5H-3V1.5H-7ZM-2-1.5H2V1.5H-2ZM3-1.5H7V1.5H3Z",
    "oscillating": "M-7 3L-3.5-4L0 3L3.5-4L7 3L5 4L3.5 0L0 6L-3.5 0L-5 4Z",
    "historical": "M-5-7L0-2L5-7L7-5L2 0L7 5L5 7L0 2L-5 7L-7 5L-2 0L-7-5Z",
}
"""A sign of each class of `geo.analysis.emerging`, within 7 of its middle."""


def _polygon(corners: int, turn: float = -90.0, inner: float | None = None) -> str:
    """A regular polygon, or a star, of radius 1 as a path."""
    n = corners * (1 if inner is None else 2)
    points = []
    for at in range(n):
        far = 1.0 if inner is None or at % 2 == 0 else inner
        angle = math.radians(turn + 360 * at / n)
        points.append((far * math.cos(angle), far * math.sin(angle)))
    return "M" + "L".join(f"{x:.3f} {y:.3f}" for x, y in points) + "Z"


_CIRCLE = "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z"
_PLUS = "M-.36-1H.36V-.36H1V.36H.36V1H-.36V.36H-1V-.36H-.36Z"
_SHAPES: Final = (
    _CIRCLE,
    _polygon(3),
    _polygon(3, 90),
    _polygon(5, inner=0.45),
    _PLUS,
    _polygon(6),
    _polygon(4, inner=0.4, turn=-45),
    "M-1-.6H1V.6H-1Z",
)
"""One for each of `CRIME_COLOURS`, so that each pair is told apart in grey."""


def type_sign(x: float, y: float, size: float, colour: str | None) -> str:
    """Incidents of a type, as a shape that goes with its colour; a type without a colour of its own is a small grey disc."""
    known = colour in CRIME_COLOURS
    shape = _SHAPES[CRIME_COLOURS.index(str(colour))] if known else _CIRCLE
    scale = size if known else size * 0.75
    fill = str(colour) if known else OTHER_TYPE
    return (
        f'<path transform="translate({x:.1f} {y:.1f}) scale({scale:.2f})" d="{shape}" fill="{fill}" stroke="#ffffff"'
        f' stroke-width="{2 / scale:.3f}" stroke-linejoin="round"/>'
    )


def unverified_sign(x: float, y: float, size: float) -> str:
    """A cell of what is not verified yet: hollow and dashed; its count is written into it."""
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="#ffffff" fill-opacity=".72" stroke="{DAY["count"]}"'
        ' stroke-width="3" stroke-dasharray="7 5"/>'
    )


def crossing_sign(x: float, y: float) -> str:
    """A border crossing: a white diamond."""
    return (
        f'<path d="M{x:.1f} {y - 13:.1f}l13 13l-13 13l-13-13z" fill="#ffffff" stroke="{DAY["ink"]}" stroke-width="4"/>'
    )


def checkpoint_sign(x: float, y: float, status: str) -> str:
    """A checkpoint: a full square in use, a hollow dashed one planned, a crossed one closed."""
    box = f'<rect x="{x - 10:.1f}" y="{y - 10:.1f}" width="20" height="20"'
    if status == "active":
        return f'{box} fill="{DAY["active"]}" stroke="#ffffff" stroke-width="3"/>'
    if status == "planned":
        return f'{box} fill="#ffffff" stroke="{DAY["planned"]}" stroke-width="4" stroke-dasharray="7 4"/>'
    return (
        f'{box} fill="#ffffff" stroke="{DAY["closed"]}" stroke-width="3"/>'
        f'<path d="M{x - 9:.1f} {y - 9:.1f}l18 18m0-18l-18 18" stroke="{DAY["closed"]}" stroke-width="3"/>'
    )


def rank_disc(x: float, y: float) -> str:
    """The ground of a number of a top place."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="21" fill="{DAY["ink"]}" stroke="#ffffff" stroke-width="4"/>'


def count_circle(x: float, y: float, size: float) -> str:
    """The ground of a district's count."""
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="{DAY["count"]}" fill-opacity=".88" stroke="#ffffff"'
        ' stroke-width="3"/>'
    )


def emerging_sign(x: float, y: float, kind: str, size: float = 1.0) -> str:
    """The sign of a class, without ``hot_`` and ``cold_``."""
    return (
        f'<path transform="translate({x:.1f} {y:.1f}) scale({size:.2f})" d="{EMERGING[kind]}" fill="{DAY["ink"]}"'
        f' fill-opacity=".85"/>'
    )


def hexagon(path: str, gi: int) -> str:
    """A hexagon of a class; cold ones need `HATCHES` in the picture."""
    if gi < 0:
        return f'<path d="{path}" fill="url(#h{-gi})" stroke="{GI[gi]}" stroke-width="1.6"/>'
    opacity, edge = (0.78, "#7d2415") if gi else (0.6, "#a8a397")
    return f'<path d="{path}" fill="{GI[gi]}" fill-opacity="{opacity}" stroke="{edge}" stroke-width="1"/>'
