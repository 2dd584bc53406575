"""Which open cases may be the same as this one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from geo.analysis.same_case import NEAR_M, WITHIN, Likeness, Sighting, likeness
from geo.errors import NotFound
from geo.model import Scope
from geo.model.case import OPEN

__all__ = ["SameCase", "same_case"]

_DEGREES = NEAR_M / 90_000
"""More than 2 km of latitude, and of longitude anywhere in Thailand; metres are looked at afterwards."""
_SUBDISTRICTS = (
    "array(select distinct left(r.area_code, 6) from report r where r.incident_id = i.id and length(r.area_code) >= 6)"
)
_COLUMNS = (
    "i.id, i.public_id, i.status, i.district_code, i.crime_type, i.other_crime_types, i.occurred_at, i.occurred_day_only,"
    f" i.reported_at, st_x(i.geom) as lon, st_y(i.geom) as lat, {_SUBDISTRICTS} as subdistricts"
)


@dataclass(frozen=True, slots=True)
class SameCase:
    """A case that may be the same, and why. ``lon``, ``lat`` in degrees (WGS 84) for a map of both."""

    public_id: str
    status: str
    crime_type: str
    occurred_at: datetime
    occurred_day_only: bool
    reported_at: datetime
    lon: float | None
    lat: float | None
    likeness: Likeness


def same_case(connection: Connection, scope: Scope, public_id: str, *, limit: int = 10) -> tuple[SameCase, ...]:
    """Open cases that may be the same as this one, the likeliest first.

    Raises
    ------
    NotFound
        ``case.not_found``.
    """
    own = "" if scope.districts is None else " and i.district_code = any(:scope)"
    values: dict[str, Any] = {"scope": list(scope.districts or ())}
    this = (
        connection.execute(
            text(f"select {_COLUMNS}, i.day from incident i where i.public_id = :public_id{own}"),
            values | {"public_id": public_id},
        )
        .mappings()
        .one_or_none()
    )
    if this is None:
        raise NotFound("case.not_found", public_id=public_id)
    days = WITHIN + timedelta(days=1)
    values |= {
        "id": this["id"], "lon": this["lon"], "lat": this["lat"], "degrees": _DEGREES, "first": this["day"] - days,
        "last": this["day"] + days, "open": sorted(OPEN), "district": this["district_code"],
        "subdistricts": this["subdistricts"],
    }  # fmt: skip
    same_days = f"i.day between :first and :last and i.status = any(:open) and i.id <> :id{own}"
    parts = []
    if this["lon"] is not None:
        parts.append(
            f"select {_COLUMNS} from incident i where {same_days}"
            " and i.geom && st_expand(st_setsrid(st_makepoint(:lon, :lat), 4326), :degrees)"
        )
    if this["subdistricts"]:
        pointless = " and i.geom is null" if this["lon"] is not None else ""
        parts.append(
            f"select {_COLUMNS} from incident i where {same_days}{pointless} and i.district_code = :district"
            f" and {_SUBDISTRICTS} && cast(:subdistricts as text[])"
        )
    if not parts:
        return ()
    rows = connection.execute(text(" union all ".join(parts)), values).mappings()
    found = [(alike, row) for row in rows if (alike := likeness(_sighting(this), _sighting(row))) is not None]
    found.sort(key=lambda pair: (-pair[0].score, pair[1]["id"]))
    return tuple(
        SameCase(
            row["public_id"],
            row["status"],
            row["crime_type"],
            row["occurred_at"],
            row["occurred_day_only"],
            row["reported_at"],
            row["lon"],
            row["lat"],
            alike,
        )
        for alike, row in found[:limit]
    )


def _sighting(row: Any) -> Sighting:
    return Sighting(
        row["lon"],
        row["lat"],
        row["occurred_at"],
        row["occurred_day_only"],
        row["crime_type"],
        frozenset(row["other_crime_types"]),
        frozenset(row["subdistricts"]),
    )
