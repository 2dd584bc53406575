"""Silence as pages, files and the map see it: every place with its state, in one table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from dashboard import store
from dashboard.kept import keep
from geo.analysis.silence import STATES, silence
from geo.model import Scope
from geo.queries.silence import PlaceSpot, place_spots, silence_days, silence_places

__all__ = ["board", "by_district", "layer", "spots_of"]

BACK_DAYS = 365
"""A rhythm is that of the last year."""
WORST = ("silent", "never", "quiet", "heard")
"""What a sub-district is hatched as where its villages differ: whatever asks most for a call."""
ON_MAP = ("silent", "never", "quiet")


@keep(size=64, seconds=120)
def _days(scope: Scope, since: date) -> pd.DataFrame:
    with store.reading(scope) as connection:
        return silence_days(connection, since)


def board(connection: Any, scope: Scope, now: datetime) -> pd.DataFrame:
    """Every place that this scope may count, the longest overdue first. Its last contact is that of now; the days of which its
    rhythm is made may be two minutes old.

    Parameters
    ----------
    connection
        Acts for ``scope``.

    Returns
    -------
    pandas.DataFrame
        Columns of `geo.queries.silence.silence_places` and of `geo.analysis.silence.silence`.
    """
    places = silence_places(connection)
    judged = silence(places, _days(scope, now.date() - timedelta(days=BACK_DAYS)), now)
    found = places.join(judged)
    order = pd.DataFrame(
        {"rest": ~found["state"].isin(["silent", "never"]), "late": -found["overdue_days"].fillna(-1e9)}
    )
    return found.loc[order.sort_values(["rest", "late"], kind="stable").index].reset_index(drop=True)


def by_district(found: pd.DataFrame) -> pd.DataFrame:
    """Places of each district by state: ``district_code``, `STATES`, ``nobody`` (sub-districts without a coordinator, which are
    not among ``never``) and ``longest_days``, by how much the silent one that is latest is overdue."""
    nobody = found["coordinators"] == 0
    state = found["state"].mask(nobody, "nobody")
    counts = pd.crosstab(found["district_code"], state).reindex(columns=[*STATES, "nobody"], fill_value=0)
    late = found[found["state"] == "silent"].groupby("district_code")["overdue_days"].max()
    counts["longest_days"] = late.reindex(counts.index)
    order = counts.sort_values(["silent", "never", "nobody"], ascending=False, kind="stable")
    return order.reset_index()


@keep(size=16, seconds=3600)
def spots_of(codes: tuple[str, ...], grounds: str) -> Mapping[str, PlaceSpot]:
    """Names, places and shapes of places; ``grounds`` is the version of the boundaries."""
    with store.reading() as connection:
        return place_spots(connection, codes, shapes=True)


def layer(found: pd.DataFrame, spots: Mapping[str, PlaceSpot]) -> dict[str, Any]:
    """The map's layer: codes, states and counts, no text of anybody.

    Where the place of a sub-district is not known its sign stands with the others of its district, one for each state.
    """
    signs: dict[tuple[str, str], int] = {}
    at: dict[str, tuple[float, float]] = {}
    hatched: dict[str, str] = {}
    for code, state in zip(found["area_code"], found["state"], strict=True):
        spot = spots.get(str(code))
        if spot is None or spot.lon is None or spot.lat is None:
            continue
        place = spot.code if spot.level != "district" else spot.code[:4]
        at[place] = (spot.lon, spot.lat)
        if state in ON_MAP:
            signs[place, str(state)] = signs.get((place, str(state)), 0) + 1
        below = spots.get(spot.code[:6])
        if below is not None and below.shape is not None:
            hatched[below.code] = min(hatched.get(below.code, "heard"), str(state), key=WORST.index)
    features = [_area(code, state, spots[code].shape) for code, state in hatched.items() if state in ON_MAP]
    features += list(_signs(signs, at))
    return {"type": "FeatureCollection", "features": features}


def _area(code: str, state: str, shape: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"code": code, "status": state}, "geometry": shape}


def _signs(signs: Mapping[tuple[str, str], int], at: Mapping[str, tuple[float, float]]) -> Iterable[dict[str, Any]]:
    """Signs of one place side by side: ``beside`` is how many widths from its middle."""
    for place, where in at.items():
        here = [state for state in ON_MAP if (place, state) in signs]
        for number, state in enumerate(here):
            yield {
                "type": "Feature",
                "properties": {
                    "code": f"{place}-{state}", "status": state, "n": signs[place, state], "together": len(place) == 4,
                    "beside": number - (len(here) - 1) / 2,
                },
                "geometry": {"type": "Point", "coordinates": where},
            }  # fmt: skip
