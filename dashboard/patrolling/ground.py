"""The ground of a suggested patrol: along roads where roads lead, or straight through the country where none are known."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from dashboard.planning.reach import Reach, network_of
from geo.analysis.arrays import Floats
from geo.analysis.patrolling.on_road import RoadWays, road_ways
from geo.analysis.patrolling.overland import Network, overland, seconds
from geo.analysis.patrolling.stops import Stops
from geo.analysis.plane import BORDER, Plane
from geo.queries.country import country_land
from geo.queries.road_files import road_file

__all__ = ["PatrolGround", "follows_roads", "ground_of"]

ROOM_DEG = 0.7
"""Degrees around the places in which a way may lead around a bend of the border."""


@dataclass(frozen=True, slots=True, eq=False)
class PatrolGround:
    """Places to choose from: 0 is the post, then those worth a stop; and the ways between them.

    Attributes
    ----------
    lon, lat
        Degrees; where ways are straight, others follow that ways can lead by.
    prize
        Of the post and the stops, shape (n,).
    ways
        Along roads, or straight ones that stay in the country.
    """

    lon: Floats
    lat: Floats
    prize: Floats
    ways: RoadWays | Network

    @property
    def followed(self) -> str:
        """``road`` or ``straight``."""
        return "road" if isinstance(self.ways, RoadWays) else "straight"

    def seconds(self, kmh: float, detour: float) -> Floats:
        """How long the way from each to each takes, shape (n, n)."""
        if isinstance(self.ways, RoadWays):
            return self.ways.seconds(kmh, detour)
        n = len(self.prize)
        return seconds(self.ways.metres[:n, :n], kmh=kmh, detour=detour)

    def metres(self, stops: list[int], detour: float) -> float:
        """Length of the round trip from the post by these."""
        each = self.ways.metres(detour) if isinstance(self.ways, RoadWays) else self.ways.metres * detour
        return float(sum(each[a, b] for a, b in pairwise([0, *stops, 0])))

    def line(self, stops: list[int]) -> tuple[tuple[float, float], ...]:
        """The way from the post by these and back, (lon, lat)."""
        found = [(float(self.lon[0]), float(self.lat[0]))]
        for a, b in pairwise([0, *stops, 0]):
            if isinstance(self.ways, RoadWays):
                way = self.ways.way(a, b)
                lon, lat = Plane(*BORDER).degrees(self.ways.x[way], self.ways.y[way])
                found += [(float(one), float(other)) for one, other in zip(lon, lat, strict=True)]
                found.append((float(self.lon[b]), float(self.lat[b])))
            else:
                found += [(float(self.lon[at]), float(self.lat[at])) for at in self.ways.way(a, b)[1:]]
        return tuple(found)


def follows_roads(connection: Any, ways: str) -> bool:
    """Whether roads are wanted and there are some."""
    return ways == "road" and road_file(connection) is not None


def ground_of(connection: Any, found: Stops, since: Floats, post: pd.Series, ways: str) -> PatrolGround:
    """The ground of a post and the stops near it.

    Parameters
    ----------
    since
        Hours since anybody came by each stop.
    ways
        ``road``: along roads where there are some; ``straight``.
    """
    plane = Plane(*BORDER)
    lon, lat = plane.degrees(found.x, found.y)
    lon, lat = np.append(post.lon, lon).astype(float), np.append(post.lat, lat).astype(float)
    prize = np.append(0.0, found.demand * since)
    net = network_of(connection, Reach(mode="road")) if follows_roads(connection, ways) else None
    along = None if net is None else road_ways(net, *plane.metres(lon, lat))
    if along is not None:
        return PatrolGround(lon, lat, prize, along)
    land, between = country_land(
        connection, lon.min() - ROOM_DEG, lat.min() - ROOM_DEG, lon.max() + ROOM_DEG, lat.max() + ROOM_DEG
    )
    lon, lat = np.append(lon, between[:, 0]), np.append(lat, between[:, 1])
    network = overland(*plane.metres(lon, lat), None if land is None else plane.shapes_to_metres(land))
    return PatrolGround(lon, lat, prize, network)
