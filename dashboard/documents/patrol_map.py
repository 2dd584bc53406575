"""The map of an outing for paper: its way and its numbered posts on the ground of the border."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.documents.district_map import DrawnMap, drawn_map, ground_parts
from dashboard.documents.map_plane import WIDE, MapPlane
from dashboard.documents.map_signs import rank_disc
from dashboard.documents.patrol_pack import Outing
from dashboard.maps.palette import DAY
from geo.queries.paper_ground import PaperGround

__all__ = ["DrawnOuting", "draw_outing"]

LOWEST, HIGHEST = 0.5, 0.72
"""Height by width that a page has room for beside the table of posts."""
APART = 46.0
"""Numbers nearer to each other than this in the picture are moved apart, along the way."""


@dataclass(frozen=True, slots=True)
class DrawnOuting:
    """The map, and number and place (shares of width and height from the top left) of each post."""

    ground: DrawnMap
    posts: tuple[tuple[int, float, float], ...]


def draw_outing(ground: PaperGround, outing: Outing) -> DrawnOuting:
    """Draw it; discs without numbers, which the page sets on them."""
    paper = MapPlane(ground.box, LOWEST, HIGHEST)
    parts = ground_parts(ground, paper, None)
    path = paper.path([list(map(list, piece)) for piece in outing.line], False)
    parts += [
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round"/>'
        for colour, width in (("#ffffff", 13), (DAY["route"], 7))
        if path
    ]
    places: list[tuple[int, float, float]] = []
    for number, post in enumerate(outing.posts, 1):
        x, y = paper.at(post.lon, post.lat)
        at = _free(x, y, [(one[1], one[2]) for one in places])
        if at != (x, y):
            parts.append(f'<path d="M{x:.1f} {y:.1f}L{at[0]:.1f} {at[1]:.1f}" stroke="{DAY["ink"]}" stroke-width="3"/>')
        places.append((number, *at))
    parts += [rank_disc(x, y) for _, x, y in reversed(places)]
    shares = tuple((number, round(x / WIDE, 4), round(y / paper.high, 4)) for number, x, y in places)
    return DrawnOuting(drawn_map(ground, paper, parts), shares)


def _free(x: float, y: float, taken: list[tuple[float, float]]) -> tuple[float, float]:
    """The place itself, else the nearest of those around it where no number stands."""
    tries = [(0.0, 0.0)] + [
        (dx * ring, dy * ring)
        for ring in (APART, 2 * APART)
        for dx, dy in ((1, 0), (0, -1), (-1, 0), (0, 1), (0.8, -0.8), (-0.8, 0.8), (-0.8, -0.8), (0.8, 0.8))
    ]
    for dx, dy in tries:
        if all(abs(x + dx - a) >= APART * 0.9 or abs(y + dy - b) >= APART * 0.9 for a, b in taken):
            return x + dx, y + dy
    return x, y
