"""Load a road file: what can be driven in Thailand near the border, as a network, all at once or not at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine

from geo.actions.roads import replace_roads
from geo.analysis.road_network import Network, network
from geo.errors import AnalysisRefused, FileRefused
from geo.ingest.progress import Say, Step
from geo.ingest.road_classes import SPEEDS
from geo.ingest.road_file import RoadLines
from geo.queries.roads import border_country

__all__ = ["RoadLoad", "load_roads"]

AROUND = 0.3
"""Degrees, some 30 km: roads behind the border districts lead from one to the next."""
NEAR = 0.02
"""Degrees, some 2 km, within which roads count as near the border districts."""


@dataclass(frozen=True, slots=True)
class RoadLoad:
    """The account of a load.

    Attributes
    ----------
    read, not_driven, broken
        Features in the file; those where no car goes; those that are no line.
    elsewhere
        Pieces of road that were left out: far from the border districts, or beyond the border.
    nodes, edges, km
        What was loaded.
    parts, largest
        Parts of the network that no road connects, and the share of the places in the largest.
    """

    read: int
    not_driven: int
    broken: int
    elsewhere: int
    nodes: int
    edges: int
    km: float
    parts: int
    largest: float


def load_roads(engine: Engine, file: RoadLines, source: str, licence: str, say: Say = print) -> RoadLoad:
    """Replace the roads of the store by those of a file. One transaction.

    Parameters
    ----------
    source, licence
        Whose roads they are, and under which licence.

    Raises
    ------
    FileRefused
        ``roads.no_lines``; ``roads.outside``: all lie elsewhere; ``roads.none_near``: none comes near a border district;
        ``roads.no_boundaries``: the store has none to tell. Nothing was written.
    """
    try:
        whole = network(file.line)
    except AnalysisRefused as refused:
        raise FileRefused(refused.code, **refused.params) from refused
    with engine.begin() as connection:
        border, country = border_country(connection)
        if border is None or country is None:
            raise FileRefused("roads.no_boundaries")
        net = _of_country(whole, border, country)
        one_way, speed = file.one_way[net.line], file.speed[net.line]
        road_class = file.road_class[net.line]
        say(Step("roads.writing", n=len(net.metres)))
        replace_roads(
            connection,
            _along(net, one_way < 0),
            road_class,
            one_way != 0,
            np.where(np.isfinite(speed), speed, [SPEEDS[one] for one in road_class]),
            file_name=file.name,
            sha256=file.sha256,
            source=source,
            licence=licence,
        )
    parts, largest = net.connected()
    return RoadLoad(
        file.read, file.not_driven, file.broken, len(whole.metres) - len(net.metres), len(net.lon), len(net.metres),
        float(net.metres.sum() / 1000), parts, largest,
    )  # fmt: skip


def _of_country(whole: Network, border: BaseGeometry, country: BaseGeometry) -> Network:
    """Pieces with both ends in the country near the border districts: no way leads along the border on its other side."""
    region = shapely.intersection(shapely.simplify(border, 0.01).buffer(AROUND), country)
    near = shapely.simplify(border, 0.005).buffer(NEAR)
    for shape in (region, near):
        shapely.prepare(shape)
    net = whole.only(np.asarray(shapely.contains_xy(region, whole.lon, whole.lat)))
    if not len(net.metres):
        raise FileRefused("roads.outside")
    if not shapely.contains_xy(near, net.lon, net.lat).any():
        raise FileRefused("roads.none_near")
    return net


def _along(net: Network, back: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Network:
    """With the pieces that are driven against their line turned round."""
    first, last = np.where(back, net.last, net.first), np.where(back, net.first, net.last)
    shape = np.where(back, shapely.reverse(net.shape), net.shape)
    return Network(net.lon, net.lat, first, last, net.metres, net.line, shape)
