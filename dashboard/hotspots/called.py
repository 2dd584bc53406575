"""What places on the page are called, for methods whose rows are too many to be named all."""

from __future__ import annotations

import pandas as pd

from dashboard import store
from dashboard.hotspots.material import Ground
from dashboard.hotspots.naming import names
from dashboard.kept import keep
from geo.model import IncidentFilter, Scope
from geo.queries.watched_land import named_places, watched_districts

__all__ = ["called", "land_m2"]


@keep(size=64, seconds=3600)
def called(
    scope: Scope, chosen: IncidentFilter, version: str, x: tuple[float, ...], y: tuple[float, ...]
) -> pd.DataFrame:
    """`dashboard.hotspots.naming.names` of places in metres, with the rights of a scope."""
    return names(_ground(scope, chosen, version), x, y)


def land_m2(scope: Scope, chosen: IncidentFilter, version: str) -> float:
    """Area of the watched land that a scope sees and a filter chose; 0 without boundaries."""
    land = _ground(scope, chosen, version).land
    return 0.0 if land is None else float(land.area)


@keep(size=4, seconds=3600)
def _ground(scope: Scope, chosen: IncidentFilter, version: str) -> Ground:
    with store.reading(scope) as connection:
        return Ground(watched_districts(connection, scope, chosen), named_places(connection))
