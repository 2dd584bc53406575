"""The store as pages see it: one engine a process, reads cached by scope, filter and state of the data.

Every function that keeps its answers takes the scope and the version as plain arguments, because they are shared by
all viewers: what is not in the key would be shown to the wrong one, or stay when the data has moved on.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import psycopg.errors
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError

from dashboard.kept import keep
from dashboard.settings import DashboardSettings
from geo.db.engine import page_engine
from geo.db.scope import enter, wait_longer
from geo.db.transaction import transaction
from geo.errors import DatabaseUnavailable, NotFound
from geo.model import Agency, CrimeType, District, IncidentFilter, Scope
from geo.model.filter import Reach
from geo.model.release import ShownRelease
from geo.queries import (
    area_tiles,
    checkpoints,
    crossings,
    figures,
    incidents,
    patrols,
    places,
    releases,
    road_files,
)
from geo.queries import (
    release_ground as ground,
)
from geo.settings import StoreSettings

__all__ = [
    "agencies",
    "answers",
    "area_version",
    "border_districts",
    "bounds",
    "card",
    "crime_types",
    "district_names",
    "engine",
    "figures_of",
    "intake",
    "patrol_counts",
    "pick",
    "reading",
    "release_ground",
    "road_file",
    "settings",
    "shown_releases",
    "signing_key",
    "state",
]


@functools.cache
def settings() -> DashboardSettings:
    """Settings of this process."""
    return DashboardSettings()


@functools.cache
def signing_key() -> str:
    """Key that signs tokens, the same in every process of one installation."""
    return settings().signing_key()


@functools.cache
def engine() -> Engine:
    """The one engine of this process, with the rights of a role that may read no case."""
    return page_engine(StoreSettings())


@contextmanager
def reading(scope: Scope | None = None, *, patient: bool = False) -> Iterator[Connection]:
    """A connection for one read, with the rights of a scope; without one for what everybody may know.

    Parameters
    ----------
    patient
        Wait longer than a page may: for work outside of its process.

    Raises
    ------
    DatabaseUnavailable
        The database does not answer, or not in time.
    """
    try:
        with engine().connect() as connection:
            if scope:
                enter(connection, scope)
            if patient:
                wait_longer(connection)
            yield connection
    except TimeoutError as error:
        raise DatabaseUnavailable("database.busy") from error
    except DBAPIError as error:
        if not (isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated):
            raise  # the database answers, and says that it was asked for something wrong: waiting mends nothing
        slow = isinstance(error.orig, psycopg.errors.QueryCanceled)
        raise DatabaseUnavailable("database.slow" if slow else "database.unavailable") from error


@contextmanager
def intake() -> Iterator[Connection]:
    """A transaction of the public form, which may hand in and ask by receipt, and read no case.

    Raises
    ------
    DatabaseUnavailable
        The database does not answer, or not in time. Nothing was kept.
    """
    with transaction(engine()) as connection:
        enter(connection, Scope(districts=(), role=Reach.INTAKE))
        yield connection


_VISITOR = Scope(districts=(), role=Reach.VISITOR)


@keep(size=2, seconds=60)
def shown_releases(version: str) -> tuple[ShownRelease, ...]:
    """What is published, the latest quarter first; read with the rights of a visitor, who may read no case."""
    with reading(_VISITOR) as connection:
        return releases.shown_releases(connection)


@keep(size=1, seconds=3600)
def release_ground(version: str) -> ground.ReleaseGround | None:
    """Districts and border for the public map."""
    with reading(_VISITOR) as connection:
        return ground.release_ground(connection)


@keep(size=4, seconds=3600)
def border_districts(version: str) -> Mapping[str, District]:
    """Border districts by code."""
    with reading() as connection:
        return MappingProxyType(places.border_districts(connection))


@keep(size=4, seconds=3600)
def district_names(version: str) -> Mapping[str, District]:
    """All Thai districts by code."""
    with reading() as connection:
        return MappingProxyType(places.district_names(connection))


@keep(size=4, seconds=3600)
def crime_types(version: str) -> Mapping[str, CrimeType]:
    """Crime types by code, in display order."""
    with reading() as connection:
        return MappingProxyType(places.crime_types(connection))


@keep(size=4, seconds=3600)
def area_version(version: str) -> str:
    """Version of the boundaries, part of the ground tiles' address."""
    with reading() as connection:
        return area_tiles.area_version(connection)


@keep(size=4, seconds=3600)
def road_file(scope: Scope, version: str) -> road_files.RoadFile | None:
    """The file of roads that was loaded last."""
    with reading(scope) as connection:
        return road_files.road_file(connection)


@keep(size=8, seconds=60)
def state(version: str) -> Mapping[str, bool]:
    """Whether there is anything, whether it is a demonstration, and whether boundaries have shapes."""
    with reading() as connection:
        return MappingProxyType(places.store_state(connection) | {"boundaries": places.has_boundaries(connection)})


@keep(size=300, seconds=600)
def figures_of(
    scope: Scope, chosen: IncidentFilter, version: str
) -> tuple[figures.Figures, tuple[incidents.Newest, ...]]:
    """All figures of a filter, and the ten incidents reported last."""
    with reading(scope) as connection:
        return figures.figures(connection, scope, chosen), incidents.newest(connection, scope, chosen)


@keep(size=200, seconds=3600)
def bounds(codes: tuple[str, ...], version: str) -> tuple[float, float, float, float] | None:
    """Box around areas."""
    with reading() as connection:
        return places.bounds(connection, codes)


@keep(size=200, seconds=3600)
def incident_box(scope: Scope, public_id: str, version: str) -> tuple[float, float, float, float] | None:
    """Box of some 4 km around an incident; nothing where it has no point or is not there."""
    with reading(scope) as connection:
        try:
            found = incidents.card(connection, scope, public_id)
        except NotFound:
            return None
    if found["lat"] is None:
        return None
    lon, lat = found["lon"], found["lat"]
    return lon - 0.02, lat - 0.02, lon + 0.02, lat + 0.02


@keep(size=4, seconds=3600)
def agencies(version: str) -> Mapping[str, Agency]:
    """Agencies by code."""
    with reading() as connection:
        return MappingProxyType(places.agencies(connection))


def card(scope: Scope, kind: str, code: str, now: datetime) -> dict[str, Any]:
    """One incident, checkpoint, patrol, route or crossing; never from a cache: a card says what is true now.

    Raises
    ------
    NotFound
        There is no such thing in this scope.
    """
    overdue = timedelta(minutes=settings().start_overdue_minutes)
    with reading(scope) as connection:
        match kind:
            case "incident":
                return incidents.card(connection, scope, code)
            case "checkpoint":
                return checkpoints.card(connection, scope, code, now.date())
            case "patrol":
                return patrols.card(connection, scope, code, now, overdue)
            case "route":
                return patrols.route_card(connection, scope, code)
            case "crossing":
                return crossings.card(connection, scope, code)
    raise ValueError(f"no card for {kind}")


def pick(
    scope: Scope, chosen: IncidentFilter, lat: float, lon: float, radius_m: float, incident: bool
) -> tuple[str, str] | None:
    """What a click on the map means: the nearest incident where one is drawn there, else the district."""
    with reading(scope) as connection:
        if incident and (public_id := incidents.nearest(connection, scope, chosen, lat, lon, radius_m)):
            return "incident", public_id
        code = places.district_at(connection, lat, lon)
    return None if code is None else ("district", code)


def patrol_counts(scope: Scope, now: datetime) -> dict[str, int]:
    """Patrols of now by effective status."""
    overdue = timedelta(minutes=settings().start_overdue_minutes)
    with reading(scope) as connection:
        frame = patrols.patrol_list(connection, scope, now, overdue)
    return {str(k): int(v) for k, v in frame["status"].value_counts().items()}


def answers() -> bool:
    """Whether the database answers now."""
    try:
        with reading() as connection:
            return places.has_boundaries(connection) is not None
    except DatabaseUnavailable:
        return False
