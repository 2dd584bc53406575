"""Features with shapes from an official GeoJSON, GeoPackage or zipped Shapefile, in WGS 84.

For the command line of an administrator. What a file is, its first bytes say; GDAL sees only files that have
been recognised as a GeoPackage or a Shapefile.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import numpy.typing as npt
import pyogrio
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from shapely.geometry.base import BaseGeometry

from geo.crs import WGS84
from geo.errors import FileRefused
from geo.ingest.encodings import decode
from geo.ingest.limits import MAX_COLUMNS, MAX_ROWS
from geo.ingest.text import Cell, clean
from geo.ingest.unzip import checked_members, extract

__all__ = ["FeatureFile", "read_features"]

MAX_MEGABYTES = 512
MAX_JSON_MEGABYTES = 128
"""A GeoJSON takes twenty times its size in memory."""
ENDINGS = {".geojson": "geojson", ".json": "geojson", ".gpkg": "gpkg", ".zip": "zip"}
SHAPEFILE = b"\x00\x00\x27\x0a"
_GPKG_IDS = (b"GPKG", b"GP10", b"GP11")

Suits = Callable[[Sequence[str]], int]
"""How well a layer with these headings suits; 0: not at all."""


@dataclass(frozen=True, slots=True)
class FeatureFile:
    """One layer of a file.

    Attributes
    ----------
    headings
        Names of the columns, cleaned.
    cells
        A row a feature.
    shapes
        As in the file, neither checked nor repaired, in WGS 84; None where there is none or it is unreadable.
    """

    headings: tuple[str, ...]
    cells: list[tuple[Cell, ...]]
    shapes: list[BaseGeometry | None]
    layer: str


def read_features(path: Path, suits: Suits, layer: str | None = None, most: int = MAX_ROWS) -> FeatureFile:
    """The features of the layer that suits best.

    Parameters
    ----------
    suits
        Judges the layers of a GeoPackage and the Shapefiles in a zip by their headings.
    layer
        Name of the layer or Shapefile, where the best one is not the one that is meant.
    most
        Features of one layer beyond which the file is refused.

    Raises
    ------
    FileRefused
        ``file.…``, ``zip.…`` or ``layer.…`` with what is wrong.
    """
    kind = _kind(path)
    if kind == "geojson":
        return _read_geojson(path, most)
    if kind == "gpkg":
        names = _gpkg_layers(path)
        return _best([(name, path, name, None) for name in names], suits, layer, "GPKG", most)
    with tempfile.TemporaryDirectory() as folder:
        return _best(_unzipped(path, Path(folder)), suits, layer, "ESRI Shapefile", most)


def _kind(path: Path) -> str:
    if not path.is_file():
        raise FileRefused("file.not_found", name=str(path))
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(512)
    except OSError as wrong:
        raise FileRefused("file.unreadable", name=str(path), reason=wrong.strerror or "") from wrong
    if not start.strip(b" \t\r\n\0"):
        raise FileRefused("file.empty")
    expected = ENDINGS.get(path.suffix.lower())
    if expected is None:
        raise FileRefused("file.type_unknown", ending=path.suffix or "-", endings=" ".join(ENDINGS))
    found = "geojson"
    if start.startswith(b"PK\x03\x04"):
        found = "zip"
    elif start.startswith(b"SQLite format 3\0"):
        found = "gpkg"
    elif not (begin := start.removeprefix(b"\xef\xbb\xbf").lstrip()).startswith(b"{"):
        found = "XML" if begin.startswith(b"<") else "binary" if b"\0" in start else "text"
    if found != expected:
        raise FileRefused("file.content_differs", ending=path.suffix, found=found)
    limit = MAX_JSON_MEGABYTES if found == "geojson" else MAX_MEGABYTES
    if size > limit * 2**20:
        raise FileRefused("file.too_large", megabytes=limit)
    return found


def _read_geojson(path: Path, most: int) -> FeatureFile:
    text, _ = decode(path.read_bytes())
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise FileRefused("file.json_broken") from wrong
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise FileRefused("file.not_geojson")
    if not features:
        raise FileRefused("file.empty")
    if len(features) > most:
        raise FileRefused("file.too_many_rows", limit=most)
    features = [feature if isinstance(feature, dict) else {} for feature in features]
    properties = [p if isinstance(p := feature.get("properties"), dict) else {} for feature in features]
    names = list(dict.fromkeys(name for row in properties for name in row))
    if len(names) > MAX_COLUMNS:
        raise FileRefused("file.too_many_columns", limit=MAX_COLUMNS)
    texts = [json.dumps(feature.get("geometry")) for feature in features]
    with np.errstate(all="ignore"):  # numbers beyond all bounds are refused later, in words
        shapes = shapely.from_geojson(texts, on_invalid="ignore")
    crs = document.get("crs")
    if crs is not None:
        named = crs.get("properties") if isinstance(crs, dict) else None
        shapes = _to_wgs84(shapes, str(named.get("name")) if isinstance(named, dict) else "?")
    cells = [tuple(_cell(row.get(name)) for name in names) for row in properties]
    return FeatureFile(tuple(map(clean, names)), cells, list(shapes), path.name)


_Source = tuple[str, Path, str | None, str | None]
"""Name, file, layer in it, encoding."""


def _best(sources: Sequence[_Source], suits: Suits, layer: str | None, driver: str, most: int) -> FeatureFile:
    """Read the source of the given name, else the one that suits best."""
    names = ", ".join(clean(source[0]) for source in sources)
    if layer is not None:
        sources = [source for source in sources if source[0].casefold() == layer.casefold()]
        if not sources:
            raise FileRefused("layer.unknown", layer=clean(layer), layers=names)
    infos = [_opened(pyogrio.read_info, source[1], source[2], source[3]) for source in sources]
    if any(info["driver"] != driver for info in infos):
        raise FileRefused("layer.unreadable")
    scores = [suits([clean(str(name)) for name in info["fields"]]) for info in infos]
    best = int(np.argmax(scores))
    if len(infos[best]["fields"]) > MAX_COLUMNS:
        raise FileRefused("file.too_many_columns", limit=MAX_COLUMNS)
    name, path, inside, encoding = sources[best]
    meta, _, blobs, columns = _opened(pyogrio.raw.read, path, inside, encoding, max_features=most + 1, force_2d=True)
    if blobs is None or len(blobs) == 0:
        raise FileRefused("file.empty")
    if len(blobs) > most:
        raise FileRefused("file.too_many_rows", limit=most)
    if not meta["crs"]:
        raise FileRefused("layer.no_crs")
    shapes = _to_wgs84(shapely.from_wkb(blobs, on_invalid="ignore"), meta["crs"])
    rows = zip(*(column.tolist() for column in columns), strict=True) if columns else (() for _ in blobs)
    cells = [tuple(map(_cell, row)) for row in rows]
    return FeatureFile(tuple(clean(str(field)) for field in meta["fields"]), cells, list(shapes), clean(name))


def _opened(read: Callable[..., Any], path: Path, layer: str | None, encoding: str | None, **how: Any) -> Any:
    try:
        return read(str(path), layer=layer, encoding=encoding, **how)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, UnicodeError) as wrong:
        raise FileRefused("layer.unreadable") from wrong
    except (pyogrio.errors.FeatureError, pyogrio.errors.FieldError, pyogrio.errors.GeometryError) as wrong:
        raise FileRefused("layer.unreadable") from wrong


def _gpkg_layers(path: Path) -> list[str]:
    """Names of the layers; tables only, for a view could hold any query."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("pragma trusted_schema = off")
            with path.open("rb") as file:
                mark = file.read(72)[68:72]
            found = database.execute(
                "select c.table_name from gpkg_contents c join sqlite_master m on m.name = c.table_name"
                " where m.type = 'table' and c.data_type = 'features' order by c.rowid"
            ).fetchall()
            others = database.execute(
                "select count(*) from sqlite_master where type = 'table' and sql like 'create virtual table%'"
                " and sql not like '%using rtree%'"
            ).fetchone()[0]
    except sqlite3.Error as wrong:
        raise FileRefused("file.gpkg_broken") from wrong
    if mark not in _GPKG_IDS or not found or others:
        raise FileRefused("file.gpkg_broken")
    return [str(row[0]) for row in found]


def _unzipped(path: Path, folder: Path) -> list[_Source]:
    """The Shapefiles of a zip, unpacked under names of our own."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as wrong:
        raise FileRefused("zip.broken") from wrong
    sources: list[_Source] = []
    with archive:
        parts: dict[str, dict[str, zipfile.ZipInfo]] = {}
        for member in checked_members(archive):
            name = PurePosixPath(member.filename.replace("\\", "/"))
            if not name.name.startswith("._"):  # what a Mac adds
                parts.setdefault(str(name.with_suffix("")), {})[name.suffix.lower()] = member
        for number, (stem, files) in enumerate(parts.items()):
            if ".shp" not in files:
                continue
            if not {".shx", ".dbf"} <= set(files):
                raise FileRefused("zip.shapefile_parts", name=clean(stem))
            wanted = [ending for ending in (".shp", ".shx", ".dbf", ".prj", ".cpg") if ending in files]
            targets = [folder / f"layer{number}{ending}" for ending in wanted]
            extract(archive, [files[ending] for ending in wanted], targets)
            with targets[0].open("rb") as file:
                if file.read(4) != SHAPEFILE:
                    raise FileRefused("layer.unreadable")
            encoding = None if ".cpg" in files else _dbf_encoding(targets[2])
            sources.append((PurePosixPath(stem).name, targets[0], None, encoding))
    if not sources:
        raise FileRefused("zip.no_shapefile")
    return sources


def _dbf_encoding(path: Path) -> str:
    """UTF-8 where nearly all of the text is, else CP874: fields are cut by bytes, also inside a letter."""
    data = path.read_bytes()
    high = sum(byte > 127 for byte in data)
    return "UTF-8" if data.decode("utf-8", "replace").count("\ufffd") * 20 <= high else "CP874"


def _to_wgs84(shapes: npt.NDArray[Any], crs: str) -> npt.NDArray[Any]:
    """Shapes in WGS 84; what cannot be computed becomes infinite and is refused by who checks the shape."""
    try:
        source = CRS.from_user_input(crs)
        if source.to_epsg() == WGS84:
            return shapes
        change = Transformer.from_crs(source, WGS84, always_xy=True)
    except (CRSError, ProjError) as wrong:
        raise FileRefused("layer.unknown_crs", crs=clean(crs)[:60]) from wrong
    moved = [
        None if shape is None else shapely.transform(shape, lambda x: np.column_stack(change.transform(*x.T)))
        for shape in shapes
    ]
    return np.array([*moved, None], dtype=object)[:-1]


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)[:200]
