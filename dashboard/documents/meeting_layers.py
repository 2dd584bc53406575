"""The map of a meeting as a GeoPackage for QGIS: each kind of thing a layer, WGS 84, with what it all is in a table beside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from dashboard.documents.layer_styles import layer_styles
from dashboard.documents.meeting_about import about
from dashboard.documents.meeting_book import plain_figures
from dashboard.documents.meeting_pack import MeetingPack, decisions_of, district_name
from dashboard.i18n import name, t
from dashboard.meeting_decisions import owner_words
from dashboard.meeting_words import place_rows, written
from geo.crs import WGS84
from geo.ingest.text import clean
from geo.model.meeting_sheet import BorderLine, Outline, SheetMap

__all__ = ["LAYERS", "meeting_layers"]

Row = tuple[BaseGeometry | None, list[Any]]
"""The shape of a feature, and its values in the order of its layer's columns."""

VERSION = "1.2"
"""Of the GeoPackage standard: older programs know no later one, and nothing here needs it."""
_TEXT, _WHOLE, _REAL, _DAY, _YES = "string", "Int64", "Float64", pd.ArrowDtype(pa.date32()), "boolean"


def meeting_layers(pack: MeetingPack) -> bytes:
    """The GPKG. Layers and columns have English names; names and words are in the language of the pack."""
    with TemporaryDirectory(prefix="watch-layers-") as folder:
        path = Path(folder) / "meeting.gpkg"
        for layer, (kind, columns, rows) in LAYERS.items():
            _write(path, layer, kind, columns, list(rows(pack)))
        told = [[clean(label), clean(words, lines=True)] for label, words in about(pack)]
        table = pd.DataFrame(told, columns=["what", "words"], dtype=_TEXT)
        pyogrio.write_dataframe(table, path, layer="about", driver="GPKG", append=True, use_arrow=True)
        styles = layer_styles(pack.names.types, pack.lang, pack.now)
        options = {"FID": "id"}
        pyogrio.write_dataframe(
            styles, path, layer="layer_styles", driver="GPKG", append=True, layer_options=options, use_arrow=True
        )
        return path.read_bytes()


def _write(path: Path, layer: str, kind: str, columns: Mapping[str, Any], rows: list[Row]) -> None:
    """A layer, with all its columns where it has no feature too."""
    table = pd.DataFrame(
        {
            column: pd.array([_clean(values[at]) for _, values in rows], dtype=of)
            for at, (column, of) in enumerate(columns.items())
        }
    )
    frame = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries([shape for shape, _ in rows], crs=WGS84))
    begins = {} if path.exists() else {"dataset_options": {"VERSION": VERSION}}
    pyogrio.write_dataframe(
        frame, path, layer=layer, driver="GPKG", geometry_type=kind, append=path.exists(), use_arrow=True, **begins
    )


def _clean(value: Any) -> Any:
    return clean(value, lines=True) if isinstance(value, str) else value


# ---------------------------------------------------------------- the features of each layer


def _maps(pack: MeetingPack) -> Iterator[tuple[str, SheetMap]]:
    """The map of each district by its code."""
    for sheet in pack.sheets:
        yield sheet.district, sheet.map


def _ground(pack: MeetingPack) -> list[SheetMap]:
    """The overview's map, which holds all lines once; of one district alone its own."""
    return [pack.overview.map] if pack.overview is not None else [sheet.map for sheet in pack.sheets]


def _shape(one: Outline | BorderLine, dimension: int) -> BaseGeometry:
    """A shape as a multiple one: its surfaces, or its lines."""
    parts = shapely.get_parts(shapely.geometry.shape(one.geometry))
    parts = shapely.get_parts(parts)  # a collection may hold multiple ones
    kept = [part for part in parts if shapely.get_dimensions(part) == dimension]
    return shapely.multipolygons(kept) if dimension == 2 else shapely.multilinestrings(kept)


def _districts(pack: MeetingPack) -> Iterator[Row]:
    for sheet in pack.sheets:
        for one in sheet.map.districts:
            named = [one.code, name(one, pack.lang), name(sheet, pack.lang, "province"), one.country]
            yield _shape(one, 2), [*named, *plain_figures(sheet.figures)]


def _around(pack: MeetingPack) -> Iterator[Row]:
    """What lies beside: countries under all districts, neighbouring districts under one."""
    seen = {sheet.district for sheet in pack.sheets}
    for ground in _ground(pack):
        for one in ground.around:
            if one.code not in seen:
                seen.add(one.code)
                yield _shape(one, 2), [one.code, name(one, pack.lang), one.country]


def _border(pack: MeetingPack) -> Iterator[Row]:
    for ground in _ground(pack):
        for one in ground.border:
            yield _shape(one, 1), [one.undetermined]


def _crossings(pack: MeetingPack) -> Iterator[Row]:
    known = {one.code: one for _, ground in _maps(pack) for one in ground.crossings}
    for one in known.values():
        kind = t(f"crossing_kind.{one.kind}", pack.lang)
        yield shapely.Point(one.lon, one.lat), [one.code, name(one, pack.lang), kind]


def _checkpoints(pack: MeetingPack) -> Iterator[Row]:
    known = {one.code: one for _, ground in _maps(pack) for one in ground.checkpoints}
    for one in known.values():
        said = [t(f"checkpoint_kind.{one.kind}", pack.lang), t(f"checkpoint_status.{one.status}", pack.lang)]
        yield shapely.Point(one.lon, one.lat), [one.code, *said, one.status]


def _counted(n: int, pack: MeetingPack) -> list[Any]:
    """A count as a number where it may be told, and as it is written."""
    said = written([n], pack.meeting.hides_small)[0]
    return [n if said == f"{n:,}" else None, said]


def _incidents(pack: MeetingPack) -> Iterator[Row]:
    """Without their types where the meeting hides small counts: whoever counted the spots would know them."""
    hides = pack.meeting.hides_small
    for district, ground in _maps(pack):
        for one in ground.points:
            said = [district, None if hides else one.crime_type, None if hides else pack.type_name(one.crime_type)]
            yield shapely.Point(one.lon, one.lat), [*said, *_counted(one.n, pack)]


def _unverified(pack: MeetingPack) -> Iterator[Row]:
    for district, ground in _maps(pack):
        for one in ground.unverified:
            yield shapely.Point(one.lon, one.lat), [district, *_counted(one.n, pack)]


def _hexagons(pack: MeetingPack) -> Iterator[Row]:
    for district, ground in _maps(pack):
        for one in ground.hexagons:
            hot = t(f"meeting.gi.{one.gi}", pack.lang) if one.gi else ""
            said = [one.gi, round(one.z, 3), hot, one.emerging, t(f"meeting.emerging.{one.emerging}", pack.lang)]
            yield shapely.Polygon(one.ring), [district, *_counted(one.n, pack), *said]


def _top_places(pack: MeetingPack) -> Iterator[Row]:
    for sheet in pack.sheets:
        rows = place_rows(sheet.top, pack.names.types, pack.lang, pack.meeting.hides_small)
        for one, row in zip(sheet.top, rows, strict=True):
            share = None if row.n is None else round(one.main_share * 100, 1)
            said = [row.n, row.count, one.main_type, row.main_type, share, one.last, one.gi, " · ".join(row.signs)]
            yield shapely.Point(one.lon, one.lat), [sheet.district, one.rank, row.place, *said]


def _decisions(pack: MeetingPack) -> Iterator[Row]:
    """A decision without a place is a row without a shape."""
    called = {sheet.district: district_name(sheet, pack.lang) for sheet in pack.sheets}
    for one in decisions_of(pack):
        at = None if one.lon is None or one.lat is None else shapely.Point(one.lon, one.lat)
        owner = owner_words(one, pack.known)
        state = t(f"meeting_paper.state.{one.state}", pack.lang)
        late = one.late(pack.today)
        said = [one.words, owner, one.due, state, late, one.reason, one.held_on, one.meeting_title, one.checkpoint_name]
        yield at, [one.district, called.get(one.district, one.district), *said]


_COUNT: Final = {"n": _WHOLE, "n_written": _TEXT}
_OF: Final = {"district": _TEXT}

LAYERS: Final[dict[str, tuple[str, dict[str, Any], Callable[[MeetingPack], Iterable[Row]]]]] = {
    "districts": (
        "MultiPolygon",
        dict.fromkeys(("code", "name", "province", "country"), _TEXT)
        | {"incidents": _WHOLE, "before": _WHOLE, "change_percent": _REAL, "verified_percent": _REAL, "open_cases": _WHOLE}
        | {"overdue": _WHOLE, "patrol_hours": _REAL, "patrol_hours_before": _REAL},
        _districts,
    ),
    "around": ("MultiPolygon", dict.fromkeys(("code", "name", "country"), _TEXT), _around),
    "border": ("MultiLineString", {"undetermined": _YES}, _border),
    "hexagons": (
        "Polygon",
        _OF | _COUNT | {"gi": _WHOLE, "z": _REAL, "gi_words": _TEXT, "emerging": _TEXT, "emerging_words": _TEXT},
        _hexagons,
    ),
    "unverified": ("Point", _OF | _COUNT, _unverified),
    "incidents": ("Point", _OF | {"crime_type": _TEXT, "type": _TEXT} | _COUNT, _incidents),
    "crossings": ("Point", dict.fromkeys(("code", "name", "kind"), _TEXT), _crossings),
    "checkpoints": ("Point", dict.fromkeys(("code", "kind", "state", "status"), _TEXT), _checkpoints),
    "top_places": (
        "Point",
        _OF | {"rank": _WHOLE, "place": _TEXT} | _COUNT | {"crime_type": _TEXT, "type": _TEXT, "share_percent": _REAL}
        | {"last": _DAY, "gi": _WHOLE, "class": _TEXT},
        _top_places,
    ),
    "decisions": (
        "Point",
        _OF | {"name": _TEXT, "words": _TEXT, "owner": _TEXT, "due": _DAY, "state": _TEXT, "late": _YES, "reason": _TEXT}
        | {"decided": _DAY, "meeting": _TEXT, "checkpoint": _TEXT},
        _decisions,
    ),
}  # fmt: skip
"""Kind of shape, columns with their kind, and features of each layer, the lowest on the map first."""
