"""When something was last heard from each place, and who can be called. One scan of an index, however many reports there are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, text

__all__ = ["Call", "Coordinator", "PlaceSpot", "calls", "coordinators", "place_spots", "silence_days", "silence_places"]

MOMENTS = ("since", "last_report", "said_at", "called_at")
SIMPLE_DEG = 0.0005
"""Shapes of sub-districts are thinned to some 50 m: they are a ground to hatch."""


@dataclass(frozen=True, slots=True)
class Coordinator:
    """Somebody who can be called; ``has_contact`` where a telephone was kept."""

    id: int
    name: str
    area_code: str
    village: str
    has_contact: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was noted. ``coordinator`` and ``by`` are names."""

    id: int
    area_code: str
    village: str
    coordinator: str | None
    by: str | None
    at: datetime
    outcome: str
    month: date | None
    note: str | None


@dataclass(frozen=True, slots=True)
class PlaceSpot:
    """Where a place is drawn.

    Attributes
    ----------
    level
        ``village`` or ``subdistrict`` where its own place is known, else ``district``.
    lon, lat
        Degrees, WGS 84.
    shape
        GeoJSON of a sub-district, where its boundary was loaded.
    """

    code: str
    name_th: str | None
    name_en: str | None
    level: str
    lon: float | None
    lat: float | None
    shape: Mapping[str, Any] | None


def silence_places(connection: Connection) -> pd.DataFrame:
    """Every place with a coordinator, and every sub-district without any, that the entered scope may count.

    Returns
    -------
    pandas.DataFrame
        ``district_code``, ``area_code``, ``village``, ``coordinators``, ``trained``, ``since``, ``last_report``, ``said_at``, ``said_month``,
        ``called_at``, ``called_outcome``; by district and place. Moments are aware.
    """
    result = connection.execute(text("select * from silence_places()"))
    frame = pd.DataFrame(result.all(), columns=list(result.keys()))
    for column in MOMENTS:
        frame[column] = pd.to_datetime(frame[column], utc=True)
    return frame


def silence_days(connection: Connection, since: date) -> pd.DataFrame:
    """On which days a place told something, from a day on: ``area_code``, ``village``, ``channel``, ``day``."""
    result = connection.execute(text("select * from silence_days(:since)"), {"since": since})
    return pd.DataFrame(result.all(), columns=list(result.keys()))


def coordinators(connection: Connection) -> tuple[Coordinator, ...]:
    """The coordinators of one's own districts, by place."""
    return tuple(Coordinator(*row) for row in connection.execute(text("select * from silence_coordinators()")))


def calls(connection: Connection, district: str, *, limit: int = 100) -> tuple[Call, ...]:
    """Calls of a district, newest first."""
    rows = connection.execute(
        text(
            "select c.id, c.area_code, c.village, p.name, b.name, c.called_at, c.outcome, c.month, c.note from silence_call c"
            " left join person p on p.id = c.person_id left join person b on b.id = c.called_by"
            " where left(c.area_code, 4) = :district order by c.called_at desc, c.id desc limit :limit"
        ),
        {"district": district, "limit": limit},
    )
    return tuple(Call(*row) for row in rows)


def place_spots(connection: Connection, codes: Sequence[str], *, shapes: bool = False) -> dict[str, PlaceSpot]:
    """Names and places of sub-districts and villages; those of their district where their own place is not known.

    Parameters
    ----------
    shapes
        Also the shapes of sub-districts.
    """
    outline = f"st_asgeojson(st_simplify(a.geom, {SIMPLE_DEG}, true), 4)" if shapes else "null"
    rows = connection.execute(
        text(
            "select a.code, a.name_th, a.name_en, case when a.own is null then 'district' else a.level end, st_x(p.at), st_y(p.at),"
            f" case when a.level = 'subdistrict' then {outline} end from (select *, coalesce(rep_point, st_pointonsurface(geom)) as own from area where code = any(:codes)) a"
            " left join area d on d.code = left(a.code, 4)"
            " cross join lateral (select coalesce(a.own, d.rep_point, st_pointonsurface(d.geom)) as at) p"
        ),
        {"codes": list(codes)},
    )
    return {
        code: PlaceSpot(code, thai, english, level, lon, lat, None if shape is None else json.loads(shape))
        for code, thai, english, level, lon, lat, shape in rows
    }
