"""Activities as far as the reader may see them: one, a list, and their totals for a report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from geo.errors import NotFound
from geo.model.activity import (
    Activity,
    ActivityKind,
    ActivityState,
    AttendeeRole,
    FollowUp,
    Heads,
    Material,
    NewActivity,
)
from geo.queries.activity_figures import activity_totals

__all__ = ["MOST", "activities", "activity", "activity_totals", "coordinators_of", "material_content", "partners"]

MOST = 2000
"""Activities of one list."""
_SAME = (
    "title", "first_day", "last_day", "begins", "ends", "area_code", "village", "place", "agency", "partner_code", "partner",
    "reach", "baht_source", "score_before", "score_after", "scored", "satisfaction", "answered", "note",
)  # fmt: skip
_ACTIVITY = (
    "select a.*, st_x(a.geom) as lon, st_y(a.geom) as lat, a.baht::float8 as money, p.name as made_name,"
    " s.name_th as area_th, s.name_en as area_en, b.name_th as partner_th, b.name_en as partner_en,"
    " coalesce((select jsonb_object_agg(t.role, jsonb_build_array(t.men, t.women, t.unstated)) from activity_attendance t"
    " where t.activity_id = a.id), '{{}}') as heads,"
    " array(select c.person_id from activity_coordinator c where c.activity_id = a.id order by 1) as coordinators"
    " from activity a left join person p on p.id = a.made_by left join area s on s.code = a.area_code"
    " left join area b on b.code = a.partner_code where {where} order by a.first_day desc, a.id desc"
)


def activities(
    connection: Connection,
    first: date,
    last: date,
    *,
    districts: tuple[str, ...] | None = None,
    kinds: tuple[ActivityKind, ...] = (),
    states: tuple[ActivityState, ...] = (ActivityState.PLANNED, ActivityState.HELD),
) -> tuple[Activity, ...]:
    """Activities that touch a period, the latest first, at most `MOST`. With the reader's rights (`geo.db.scope.enter`).

    Parameters
    ----------
    first, last
        Days in Asia/Bangkok, both included.
    districts
        Codes; nothing means all that the reader may see.
    kinds
        Empty means all.
    """
    where = (
        "a.first_day <= :last and a.last_day >= :first and a.state = any(:states)"
        " and (cast(:districts as text[]) is null or a.district_code = any(:districts))"
        " and (cast(:kinds as text[]) = '{}' or a.kind = any(:kinds))"
    )
    rows = connection.execute(
        text(_ACTIVITY.format(where=where) + f" limit {MOST}"),
        {"first": first, "last": last, "districts": None if districts is None else list(districts),
         "kinds": [str(kind) for kind in kinds], "states": [str(state) for state in states]},
    ).mappings()  # fmt: skip
    return tuple(_activity(row) for row in rows)


def activity(connection: Connection, number: int) -> Activity:
    """One activity with what follows and its files.

    Raises
    ------
    NotFound
        ``activity.not_found``: there is none, or none for this reader.
    """
    row = connection.execute(text(_ACTIVITY.format(where="a.id = :id")), {"id": number}).mappings().first()
    if row is None:
        raise NotFound("activity.not_found", number=number)
    after = connection.execute(
        text(
            "select f.id, f.words, f.owner_id, o.name, f.agency, f.due, f.done_at from activity_follow_up f"
            " left join person o on o.id = f.owner_id where f.activity_id = :id order by f.done_at is not null, f.due, f.id"
        ),
        {"id": number},
    )
    files = connection.execute(
        text("select id, media_type, note, added_at from activity_material where activity_id = :id order by id"),
        {"id": number},
    )
    return _activity(row, tuple(FollowUp(*one) for one in after), tuple(Material(*one) for one in files))


def _activity(row: Mapping[Any, Any], after: tuple[FollowUp, ...] = (), files: tuple[Material, ...] = ()) -> Activity:
    what = NewActivity(
        **{name: row[name] for name in _SAME},
        district=row["district_code"],
        kind=ActivityKind(row["kind"]),
        state=ActivityState(row["state"]),
        lon=row["lon"],
        lat=row["lat"],
        baht=row["money"],
        heads={AttendeeRole(role): Heads(*numbers) for role, numbers in row["heads"].items()},
        coordinators=tuple(row["coordinators"]),
    )
    return Activity(
        id=row["id"],
        what=what,
        revision=row["revision"],
        made_name=row["made_name"],
        changed_at=row["changed_at"],
        area_th=row["area_th"],
        area_en=row["area_en"],
        partner_th=row["partner_th"],
        partner_en=row["partner_en"],
        is_demo=row["is_demo"],
        follow_ups=after,
        materials=files,
    )


def material_content(connection: Connection, number: int) -> tuple[str, bytes]:
    """Media type and content of a file.

    Raises
    ------
    NotFound
        ``activity.no_material``.
    """
    row = connection.execute(
        text("select media_type, content from activity_material where id = :id"), {"id": number}
    ).first()
    if row is None:
        raise NotFound("activity.no_material", number=number)
    return str(row.media_type), bytes(row.content)


def coordinators_of(connection: Connection, district: str) -> dict[int, tuple[str, str | None, str | None]]:
    """Coordinators at work in a district that the reader may write of: number to name, area and village."""
    rows = connection.execute(text("select * from district_coordinators(:district)"), {"district": district})
    return {number: (name, area, village) for number, name, area, village in rows}


def partners(connection: Connection, district: str) -> dict[str, tuple[str | None, str | None]]:
    """Lao districts and Cambodian communes within 60 km of a district, the nearest first: code to Thai and English name."""
    rows = connection.execute(
        text(
            "select n.code, n.name_th, n.name_en from area d join area n on n.country in ('LA', 'KH') and n.level <> 'country'"
            " and n.geom && st_expand(d.geom, 0.6) where d.code = :code"
            " order by coalesce(n.rep_point, n.geom) <-> coalesce(d.rep_point, d.geom), n.code limit 40"
        ),
        {"code": district},
    )
    return {code: (thai, english) for code, thai, english in rows}
