"""Replace boundaries by those of an official file, in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import shapely
from sqlalchemy import Connection, Engine

from geo.actions.boundaries import (
    areas_of_level,
    lock_boundaries,
    record_import,
    relocate_incidents,
    replace_shapes,
)
from geo.errors import FileRefused, WatchError
from geo.ingest.derived import derive
from geo.ingest.feature_file import FeatureFile, read_features
from geo.ingest.headers import seen
from geo.ingest.place_match import LEVELS, PlaceIndex, place_vocabulary
from geo.ingest.place_shape import PlaceRefused, PlaceShape, place_shape
from geo.ingest.problems import quoted
from geo.ingest.progress import Say, Step
from geo.ingest.text import Cell, cell_text, clean
from geo.model.area import Area

__all__ = ["OfficialFile", "OfficialLoad", "RefusedFeature", "load_official", "read_official"]


@dataclass(frozen=True, slots=True)
class RefusedFeature:
    """A feature that was not taken: its number in the file (from 1), what names it, and why."""

    number: int
    label: str
    reason: WatchError


@dataclass(slots=True)
class OfficialLoad:
    """The account of a load: ``read = replaced + joined + already + refused``.

    Attributes
    ----------
    replaced
        Features that gave an area its shape.
    joined
        Features that are further pieces of an area (islands).
    already
        Features whose area has this shape already.
    repaired
        Features whose shape crossed itself and was repaired.
    sections
        Border sections afterwards, None where they were not touched.
    relocated
        Incidents of which the district of the point, or how it was found, changed.
    """

    level: str
    layer: str
    read: int = 0
    replaced: int = 0
    joined: int = 0
    already: int = 0
    repaired: int = 0
    sections: int | None = None
    relocated: int = 0
    refused: list[RefusedFeature] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OfficialFile:
    """A boundary file that was read: its features at a level, and what it is called."""

    name: str
    sha256: str
    level: str
    features: FeatureFile


def read_official(path: Path, level: str, layer: str | None = None) -> OfficialFile:
    """Read a boundary file, without the store.

    Parameters
    ----------
    level
        What its features are: ``district``, ``subdistrict`` or ``village``.
    layer
        Layer of a GeoPackage or Shapefile in a zip, where the best one is not the one that is meant.

    Raises
    ------
    geo.errors.FileRefused
        The file cannot be read, or has neither codes nor names of this level.
    """
    features = read_features(path, lambda headings: _suits(headings, level), layer)
    if _suits(features.headings, level) == 0:
        raise FileRefused("boundaries.no_columns", seen=seen(features.headings))
    with path.open("rb") as file:
        return OfficialFile(clean(path.name), hashlib.file_digest(file, "sha256").hexdigest(), level, features)


def load_official(
    engine: Engine,
    file: OfficialFile,
    *,
    source: str | None = None,
    say: Say = print,
    before_commit: Callable[[OfficialLoad], None] = lambda account: None,
) -> OfficialLoad:
    """Replace the shapes of districts, sub-districts or villages by those of a file.

    One transaction. Of districts also the outlines of provinces and country, the border sections and the
    districts of incidents follow. Areas that the file does not have keep their shapes.

    Parameters
    ----------
    source
        Whose boundaries they are, with the licence; the file's name where not given.
    before_commit
        Given the account while all can still be undone: to write down what was refused.

    Raises
    ------
    geo.errors.FileRefused
        ``boundaries.nothing_matched``: nothing in the file is a known area. Nothing was written.
    """
    account = OfficialLoad(file.level, file.features.layer, read=len(file.features.cells))
    levels = LEVELS[: LEVELS.index(file.level) + 1]
    with engine.begin() as connection:
        lock_boundaries(connection)
        known = [area for level in levels for area in areas_of_level(connection, level)]
        found = _match(file.features, PlaceIndex(file.level, known), account)
        if not found:
            raise _nothing(account)
        areas = _changed(found, {area.code: area for area in known}, source or file.name, account)
        if areas:
            say(Step("boundaries.replacing", n=len(areas)))
            replace_shapes(connection, areas)
            if file.level == "district":
                _follow(connection, account, say)
        taken = account.replaced + account.joined
        counts = (account.read, taken, account.already, len(account.refused))
        record_import(connection, file.name, file.sha256, *counts)
        before_commit(account)
    return account


@dataclass(slots=True)
class _Found:
    """What a file says of one area."""

    shapes: list[PlaceShape]
    names: tuple[str | None, str | None]


def _suits(headings: Sequence[str], level: str) -> int:
    """How well a layer suits: by columns of this level, against columns of a smaller one."""
    columns = place_vocabulary().assign(headings)
    own = (f"{level}_code" in columns) * 4 + (level in columns or f"{level}_en" in columns) * 2
    any_name = bool({"own_code", "own", "own_en"} & set(columns))
    smaller = any(one in columns or f"{one}_code" in columns for one in LEVELS[LEVELS.index(level) + 1 :])
    return 0 if not own and not any_name else max(1, (own or 1) * (1 if smaller else 4))


def _match(features: FeatureFile, index: PlaceIndex, account: OfficialLoad) -> dict[str, _Found]:
    columns = place_vocabulary().assign(features.headings)
    found: dict[str, _Found] = {}
    for number, (cells, raw) in enumerate(zip(features.cells, features.shapes, strict=True), 1):
        row = {name: cells[at] for name, at in columns.items()}
        try:
            shape = place_shape(raw, or_point=account.level == "village")
            code = index.find(row, shape.geom or shape.point)
        except PlaceRefused as reason:
            account.refused.append(RefusedFeature(number, _label(row, account.level), reason))
            continue
        account.repaired += shape.repaired
        if code in found:
            account.joined += 1
            found[code].shapes.append(shape)
        else:
            found[code] = _Found([shape], _names(row, account.level))
    return found


def _changed(found: dict[str, _Found], known: dict[str, Area], source: str, account: OfficialLoad) -> list[Area]:
    """The areas that are new or get another shape."""
    changed = []
    for code, what in found.items():
        shape = _whole(what.shapes)
        old = known.get(code)
        if old is not None and _same(old, shape):
            account.already += 1
            continue
        area = old or Area(code, account.level, "TH", code[:-2], *what.names)
        area = replace(area, geom=shape.geom, point=shape.point, source=source)
        changed.append(replace(area, is_approximate=shape.geom is None))
        account.replaced += 1
    return changed


def _whole(shapes: list[PlaceShape]) -> PlaceShape:
    if len(shapes) == 1:
        return shapes[0]
    together = shapely.union_all([shape.geom or shape.point for shape in shapes])
    return place_shape(together, or_point=True)


def _same(old: Area, shape: PlaceShape) -> bool:
    if shape.geom is None:
        return old.geom is not None or old.point == shape.point
    return old.geom is not None and bool(shapely.equals_exact(old.geom, shape.geom, 0.0))


def _follow(connection: Connection, account: OfficialLoad, say: Say) -> None:
    account.sections = derive(connection, say)
    say(Step("boundaries.relocating"))
    account.relocated = relocate_incidents(connection)


def _names(row: dict[str, Cell], level: str) -> tuple[str | None, str | None]:
    thai, english = (
        next((said for name in names if row.get(name) and (said := clean(cell_text(row[name])))), None)
        for names in ((level, "own"), (f"{level}_en", "own_en"))
    )
    return thai, english


def _label(row: dict[str, Cell], level: str) -> str:
    cells = (row.get(name) for name in (f"{level}_code", "own_code", level, f"{level}_en", "own", "own_en"))
    return quoted(" ".join(dict.fromkeys(cell_text(cell) for cell in cells if cell not in (None, ""))))


def _nothing(account: OfficialLoad) -> FileRefused:
    first = account.refused[0]
    return FileRefused("boundaries.nothing_matched", n=account.read, label=first.label, reason=first.reason)
