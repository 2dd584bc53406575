"""Lines of a road file: GeoPackage, GeoJSON, Shapefile, or OpenStreetMap's PBF, in WGS 84."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import osmium
import shapely

from geo.analysis.arrays import Floats
from geo.errors import FileRefused
from geo.ingest.feature_file import ENDINGS, read_features
from geo.ingest.road_classes import OTHER, driven, one_way, speed_kmh
from geo.ingest.text import Cell, cell_text, clean

__all__ = ["RoadLines", "read_roads"]

MOST = 500_000
"""Features of a layer: a whole country comes as PBF, which is read as a stream."""
PBF, SHP = ".pbf", ".shp"
CLASS = ("highway", "fclass", "road_class", "class", "type", "ประเภท", "ประเภทถนน")
ONE_WAY, SPEED = ("oneway", "one_way"), ("maxspeed", "speed", "speed_kmh")
"""Headings in the order in which they are believed."""


@dataclass(frozen=True, slots=True, eq=False)
class RoadLines:
    """Roads that can be driven.

    Attributes
    ----------
    line
        LineStrings in degrees (WGS 84), shape (n,).
    road_class
        Key of `SPEEDS`, shape (n,).
    one_way
        1 along the line alone, -1 against it alone, 0 both, shape (n,).
    speed
        Kilometres an hour where the file says it, else NaN, shape (n,).
    read, not_driven, broken
        Features in the file; those where no car goes; those that are no line or have coordinates that are none.
    """

    name: str
    sha256: str
    line: npt.NDArray[np.object_]
    road_class: npt.NDArray[np.object_]
    one_way: npt.NDArray[np.int8]
    speed: Floats
    read: int
    not_driven: int
    broken: int


def read_roads(path: Path, layer: str | None = None) -> RoadLines:
    """Read a road file, without the store.

    Parameters
    ----------
    layer
        Layer of a GeoPackage, or Shapefile in a zip, where the best one is not the one that is meant.

    Raises
    ------
    FileRefused
        ``roads.no_lines``: nothing in it can be driven; ``roads.pbf_broken``; what `read_features` refuses.
    """
    if not path.is_file():
        raise FileRefused("file.not_found", name=str(path))
    ending = path.suffix.lower()
    if ending not in {*ENDINGS, PBF, SHP}:
        raise FileRefused("file.type_unknown", ending=ending or "-", endings=" ".join([*ENDINGS, SHP, ".osm.pbf"]))
    counts = {"read": 0, "not_driven": 0, "broken": 0}
    kept: list[tuple[shapely.LineString, str, int, float]] = []
    for shape, said, way, speed in _osm(path) if ending == PBF else _features(path, layer):
        counts["read"] += 1
        road_class = driven(said)
        if road_class is None:
            counts["not_driven"] += 1
            continue
        lines = _lines(shape)
        counts["broken"] += not lines
        kept.extend((line, road_class, one_way(way), speed_kmh(speed)) for line in lines)
    if not kept:
        raise FileRefused("roads.no_lines", n=counts["read"])
    line, classes, ways, speeds = zip(*kept, strict=True)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return RoadLines(
        clean(path.name),
        sha256,
        np.array(line, dtype=object),
        np.array(classes, dtype=object),
        np.array(ways, dtype=np.int8),
        np.array(speeds, dtype=np.float64),
        **counts,
    )


_Feature = tuple[shapely.Geometry | None, str, str, str]
"""Shape, and what is written of its class, direction and speed."""


def _features(path: Path, layer: str | None) -> Iterator[_Feature]:
    if path.suffix.lower() == SHP:
        with tempfile.TemporaryDirectory(prefix="watch-roads-") as folder:
            zipped = Path(folder) / "roads.zip"
            with zipfile.ZipFile(zipped, "w") as archive:
                for ending in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
                    if (part := path.with_suffix(ending)).is_file():
                        archive.write(part, part.name)
            file = read_features(zipped, _suits, layer, MOST)
    else:
        file = read_features(path, _suits, layer, MOST)
    at = [_column(file.headings, names) for names in (CLASS, ONE_WAY, SPEED)]
    for shape, cells in zip(file.shapes, file.cells, strict=True):
        said, way, speed = (_said(cells, one) for one in at)
        yield shape, said or OTHER, way, speed


def _suits(headings: Sequence[str]) -> int:
    return 1 + sum(_column(headings, names) is not None for names in (CLASS, ONE_WAY, SPEED))


def _column(headings: Sequence[str], names: Sequence[str]) -> int | None:
    folded = [heading.casefold() for heading in headings]
    return next((folded.index(name) for name in names if name in folded), None)


def _said(cells: tuple[Cell, ...], at: int | None) -> str:
    return "" if at is None or cells[at] is None else cell_text(cells[at])


def _lines(shape: shapely.Geometry | None) -> list[shapely.LineString]:
    if shape is None:
        return []
    parts = [
        one for one in shapely.get_parts(shapely.force_2d(shape)) if one.geom_type == "LineString" and one.length > 0
    ]
    return [one for one in parts if np.isfinite(shapely.get_coordinates(one)).all()]


def _osm(path: Path) -> Iterator[_Feature]:
    """Ways with a class of road; those of which the file lacks places are broken."""
    try:
        ways = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
        ways.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY)).with_filter(osmium.filter.KeyFilter("highway"))
        for way in ways:
            if not isinstance(way, osmium.osm.Way):
                continue
            tags = way.tags
            direction = tags.get("oneway") or ("yes" if _round(tags) else "")
            places = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
            whole = len(places) == len(way.nodes) and len(places) > 1
            shape = shapely.LineString(places) if whole else None
            yield shape, tags["highway"], direction, tags.get("maxspeed") or ""
    except (RuntimeError, ValueError) as wrong:  # osmium's own words are for programmers
        raise FileRefused("roads.pbf_broken", name=path.name) from wrong


def _round(tags: osmium.osm.TagList) -> bool:
    """Whether it is driven one way without saying so."""
    return tags.get("junction") in {"roundabout", "circular"} or tags["highway"] in {"motorway", "motorway_link"}
