"""The plane of a map on paper: from degrees to a picture of a thousand units width, and paths in it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from dashboard.geojson_lines import Ring

__all__ = ["HIGHEST", "LOWEST", "WIDE", "MapPlane"]

WIDE = 1000.0
HIGHEST, LOWEST = 1.1, 0.45
"""Height by width that a page has room for."""
METRES = 111_320.0
"""Of a degree of latitude."""


class MapPlane:
    """From degrees to the picture: at this size a plane with the right proportions at its middle.

    Parameters
    ----------
    box
        West, south, east, north in degrees; all of it is shown.
    lowest, highest
        Between these is the picture's height by its width.
    """

    def __init__(
        self, box: tuple[float, float, float, float], lowest: float = LOWEST, highest: float = HIGHEST
    ) -> None:
        west, south, east, north = box
        self.shrink = math.cos(math.radians((south + north) / 2))
        wide, high = (east - west) * self.shrink, north - south
        ratio = min(max(high / wide, lowest), highest)
        side = max(wide, high / ratio)
        self.scale = WIDE / side
        self.high = WIDE * ratio
        self.lon0 = (west + east) / 2 - side / 2 / self.shrink
        self.lat0 = (south + north) / 2 + self.high / self.scale / 2

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Place in the picture, from its top left."""
        return (lon - self.lon0) * self.shrink * self.scale, (self.lat0 - lat) * self.scale

    def inside(self, x: float, y: float) -> bool:
        """Whether a place of the picture is in it."""
        return 0 <= x <= WIDE and 0 <= y <= self.high

    def path(self, lines: Iterable[Ring], closed: bool, least: float = 0.0) -> str:
        """The ``d`` of an SVG path; nothing of a line that passes outside of the picture.

        Parameters
        ----------
        least
            A point that is nearer than this to the one before is left out, but never the last.
        """
        parts = []
        for line in lines:
            points = [self.at(float(p[0]), float(p[1])) for p in line]
            if self._outside(points):
                continue
            said = [f"{x:.1f} {y:.1f}" for x, y in _thinned(points, least)]
            if len(said) > 1:
                parts.append("M" + "L".join(said) + ("Z" if closed else ""))
        return "".join(parts)

    def _outside(self, points: Sequence[tuple[float, float]]) -> bool:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return not points or max(xs) < 0 or min(xs) > WIDE or max(ys) < 0 or min(ys) > self.high

    def scale_bar(self) -> tuple[float, float]:
        """Kilometres of a round length of about a fifth of the width, and its share of the width."""
        width_km = WIDE / self.scale * METRES / 1000
        km = max((n for n in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100) if n <= width_km / 4), default=0.1)
        return km, km / width_km


def _thinned(points: Sequence[tuple[float, float]], least: float) -> list[tuple[float, float]]:
    kept = list(points[:1])
    for point in points[1:]:
        if math.dist(point, kept[-1]) >= least:
            kept.append(point)
    if kept[-1] != points[-1]:
        kept.append(points[-1])
    return kept
