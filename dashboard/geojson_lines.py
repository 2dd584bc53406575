"""The lines of a GeoJSON geometry, for maps on screens and on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

__all__ = ["Ring", "lines_of"]

Ring: TypeAlias = Sequence[Sequence[float]]
"""Longitude and latitude of each corner, degrees."""


def lines_of(shape: Mapping[str, Any]) -> Iterator[Ring]:
    """The rings and lines of a GeoJSON geometry."""
    match shape["type"]:
        case "GeometryCollection":
            for part in shape["geometries"]:
                yield from lines_of(part)
        case "LineString":
            yield shape["coordinates"]
        case "MultiLineString" | "Polygon":
            yield from shape["coordinates"]
        case "MultiPolygon":
            for polygon in shape["coordinates"]:
                yield from polygon
