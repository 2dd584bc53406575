"""The map of a shared stretch for paper: the zone that is counted, the border, and the part of it that both have in common."""

from __future__ import annotations

from dashboard.documents.district_map import DrawnMap, drawn_map, ground_parts
from dashboard.documents.map_plane import MapPlane
from dashboard.geojson_lines import lines_of
from dashboard.maps.palette import DAY
from geo.model.pair import Stretch
from geo.queries.paper_ground import PaperGround

__all__ = ["ZONE_HATCH", "draw_pair"]

LOWEST, HIGHEST = 0.5, 0.85
"""Height by width that the page has room for."""
ZONE_HATCH = (
    '<pattern id="zone" width="14" height="14" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="2.4" height="14" fill="{DAY["planned"]}" fill-opacity=".55"/></pattern>'
)
"""The zone is hatched: grey prints tell it from the ground."""


def draw_pair(ground: PaperGround, stretch: Stretch, district: str) -> DrawnMap:
    """Draw it; no incident is on it, and nothing finer than a district."""
    paper = MapPlane(ground.box, LOWEST, HIGHEST)
    zone = paper.path(lines_of(stretch.zone), True)
    line = paper.path(lines_of(stretch.shape), False)
    parts = ground_parts(ground, paper, district)
    hatched = (
        f"<defs>{ZONE_HATCH}</defs>"
        f'<path d="{zone}" fill="url(#zone)" fill-rule="evenodd" stroke="{DAY["planned"]}" stroke-width="2"'
        ' stroke-dasharray="8 6"/>'
    )
    shared = [
        f'<path d="{line}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round"'
        ' stroke-linejoin="round"/>'
        for colour, width in (("#ffffff", 20), (DAY["overdue"], 11))
    ]
    signs = len(parts) - len(ground.crossings)  # crossings are drawn last, and stand on the line
    return drawn_map(ground, paper, [*parts[:signs], hatched, *shared, *parts[signs:]])
