"""A case as the agency reads it to which it was referred."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from geo.queries.referrals import Referral, read_referral

__all__ = ["ReferredCase", "ReferredReport", "referred_case"]


@dataclass(frozen=True, slots=True)
class ReferredReport:
    """What an agency reads of a report."""

    id: int
    channel: str
    received_at: datetime
    description: str | None
    location_note: str | None
    village: str | None
    area_code: str | None
    ongoing: bool | None
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class ReferredCase:
    """What an agency reads of a case. ``facts`` as in `geo.queries.case.Case`; ``evidence`` are number, media type, note."""

    public_id: str
    status: str
    facts: dict[str, Any]
    referral: Referral
    reports: tuple[ReferredReport, ...]
    evidence: tuple[tuple[int, str, str | None], ...]


def referred_case(connection: Connection, referral: int) -> ReferredCase:
    """A case as the agency reads it to which it was referred, or as the district sees that the agency reads it.

    Raises
    ------
    NotFound
        ``referral.not_found``.
    """
    sent = read_referral(connection, referral)
    names = "crime_type, other_crime_types, occurred_at, occurred_day_only, reported_at, channel, district_code, location_check, location_note"
    case = (
        connection.execute(
            text(
                f"select id, public_id, status, {names}, st_x(geom) as lon, st_y(geom) as lat from incident"
                " where public_id = :public_id"
            ),
            {"public_id": sent.of},
        )
        .mappings()
        .one()
    )
    reports = connection.execute(
        text(
            "select id, channel, received_at, description, location_note, village, area_code, ongoing, st_x(geom), st_y(geom)"
            " from report where incident_id = :id order by received_at, id"
        ),
        {"id": case["id"]},
    )
    evidence = connection.execute(
        text("select id, media_type, note from evidence where incident_id = :id order by id"), {"id": case["id"]}
    )
    return ReferredCase(
        public_id=case["public_id"],
        status=case["status"],
        facts={name: case[name] for name in [*names.split(", "), "lon", "lat"]},
        referral=sent,
        reports=tuple(ReferredReport(*one) for one in reports),
        evidence=tuple((one.id, one.media_type, one.note) for one in evidence),
    )
