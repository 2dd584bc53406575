"""Write activities: training, outreach, meetings with agencies and visits, with how many came and who was trained."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from geo.actions.activity_rules import checked
from geo.actions.audit import audit
from geo.actions.case_history import StepRefused
from geo.actions.case_steps import own_rows
from geo.crs import TIMEZONE
from geo.errors import NotFound
from geo.model.activity import WRITES, NewActivity
from geo.model.person import Person

__all__ = ["change_activity", "may_write", "put_activity", "record_activity"]

OFF_M = 2000
"""Metres that a place may lie off its district: the far bank of the river, and boundaries that are simplified."""
_COLUMNS = (
    "kind", "title", "state", "first_day", "last_day", "begins", "ends", "area_code", "village", "place", "agency",
    "partner_code", "partner", "reach", "baht", "baht_source", "score_before", "score_after", "scored", "satisfaction",
    "answered", "note",
)  # fmt: skip
_POINT = "st_setsrid(st_makepoint(:lon, :lat), 4326)"


def may_write(person: Person, district: str) -> bool:
    """Whether a person writes activities of a district; the database decides by itself again."""
    return person.role in WRITES and (not person.districts or district in person.districts)


def record_activity(connection: Connection, person: Person, new: NewActivity, *, client_id: UUID | None = None) -> int:
    """Write an activity down; its number. What was sent before by the same person is there already.

    The transaction has the person's rights (`geo.db.scope.enter`).

    Parameters
    ----------
    client_id
        Made by the page.

    Raises
    ------
    StepRefused
        ``activity.…``: ``not_allowed``, ``not_your_district``, what `geo.actions.activity_rules.checked` says, and
        ``unknown_district``, ``unknown_area``, ``elsewhere``, ``unknown_agency``, ``unknown_partner``, ``unknown_coordinator``;
        ``case.not_yours``.
    """
    _allowed(person, new.district)
    number, is_new = put_activity(
        connection, new, made_by=person.id, is_demo=person.is_demo, client_id=client_id, person=person
    )
    if is_new:
        audit(
            connection, "activity.record", f"activity:{number}", district=new.district, kind=str(new.kind), people=new.people
        )  # fmt: skip
    return number


def put_activity(
    connection: Connection,
    new: NewActivity,
    *,
    made_by: int | None = None,
    is_demo: bool = False,
    client_id: UUID | None = None,
    source: str | None = None,
    source_key: str | None = None,
    person: Person | None = None,
) -> tuple[int, bool]:
    """Write it without a line in the audit log; its number, and whether it is new. For what writes many at once.

    Raises
    ------
    StepRefused
        As `record_activity`.
    """
    what = _fitting(connection, new, person)
    values = {name: getattr(what, name) for name in _COLUMNS} | {"kind": str(what.kind), "state": str(what.state)}
    with own_rows():
        number = connection.execute(
            text(
                f"insert into activity (district_code, {', '.join(_COLUMNS)}, geom, made_by, is_demo, client_id, source, source_key)"
                f" values (:district, {', '.join(f':{name}' for name in _COLUMNS)}, {_POINT}, :by, :demo, :client, :source, :key)"
                " on conflict do nothing returning id"
            ),
            values
            | {
                "district": what.district,
                "lon": what.lon,
                "lat": what.lat,
                "by": made_by,
                "demo": is_demo,
                "client": client_id,
                "source": source,
                "key": source_key,
            },
        ).scalar()
        if number is None:
            known = connection.execute(
                text("select id from activity where client_id = :client or source_key = :key"),
                {"client": client_id, "key": source_key},
            ).scalar()
            if known is None:  # it is another district's
                raise StepRefused("case.not_yours")
            return int(known), False
        _who(connection, int(number), what)
    return int(number), True


def change_activity(connection: Connection, person: Person, number: int, seen: int, new: NewActivity) -> None:
    """Bring an activity to what is typed now.

    Parameters
    ----------
    seen
        `geo.model.activity.Activity.revision` as the person saw it.

    Raises
    ------
    NotFound
        ``activity.not_found``.
    StepRefused
        As `record_activity`; ``activity.changed``: somebody changed it meanwhile; ``activity.other_district``.
    """
    row = connection.execute(text("select district_code from activity where id = :id"), {"id": number}).first()
    if row is None:
        raise NotFound("activity.not_found", number=number)
    if row.district_code != new.district:
        raise StepRefused("activity.other_district")
    _allowed(person, new.district)
    what = _fitting(connection, new, person)
    values = {name: getattr(what, name) for name in _COLUMNS} | {"kind": str(what.kind), "state": str(what.state)}
    with own_rows():
        changed = connection.execute(
            text(
                f"update activity set {', '.join(f'{name} = :{name}' for name in _COLUMNS)}, geom = {_POINT}"
                " where id = :id and revision = :seen"
            ),
            values | {"id": number, "seen": seen, "lon": what.lon, "lat": what.lat},
        ).rowcount
        if not changed:
            raise StepRefused("activity.changed")
        for table in ("activity_attendance", "activity_coordinator"):
            connection.execute(text(f"delete from {table} where activity_id = :id"), {"id": number})
        _who(connection, number, what)
    audit(connection, "activity.change", f"activity:{number}", state=str(what.state), people=what.people)


def _allowed(person: Person, district: str) -> None:
    if person.role not in WRITES:
        raise StepRefused("activity.not_allowed")
    if not may_write(person, district):
        raise StepRefused("activity.not_your_district", district=district)


def _fitting(connection: Connection, new: NewActivity, person: Person | None) -> NewActivity:
    """The activity checked against itself and against what the store knows."""
    now = connection.execute(text("select now()")).scalar_one()
    what = checked(new, now.astimezone(ZoneInfo(TIMEZONE)).date())
    known = connection.execute(
        text(
            "select exists (select from area where code = :district and level = 'district' and country = 'TH') as district,"
            " cast(:area as text) is null or exists (select from area where code = :area and level in ('subdistrict', 'village')"
            " and left(code, 4) = :district) as area,"
            " cast(:agency as text) is null or exists (select from agency where code = :agency) as agency,"
            " cast(:partner as text) is null or exists (select from area where code = :partner and country in ('LA', 'KH')"
            " and level <> 'country') as partner,"
            f" cast(:lon as float8) is null or coalesce((select st_dwithin(cast(geom as geography), cast({_POINT} as geography),"
            " :off) from area where code = :district), true) as here"
        ),
        {"district": what.district, "area": what.area_code, "agency": what.agency, "partner": what.partner_code,
         "lon": what.lon, "lat": what.lat, "off": OFF_M},
    ).one()  # fmt: skip
    for name, code in (
        ("district", "unknown_district"), ("area", "unknown_area"), ("agency", "unknown_agency"),
        ("partner", "unknown_partner"), ("here", "elsewhere"),
    ):  # fmt: skip
        if not getattr(known, name):
            raise StepRefused(f"activity.{code}")
    if what.coordinators and person is not None:
        there = connection.execute(text("select id from district_coordinators(:district)"), {"district": what.district})
        kept = connection.execute(  # who was trained stays so, also where they work elsewhere by now
            text("select person_id from activity_coordinator where person_id = any(:all)"),
            {"all": list(what.coordinators)},
        )
        if set(what.coordinators) - set(there.scalars()) - set(kept.scalars()):
            raise StepRefused("activity.unknown_coordinator")
    return what


def _who(connection: Connection, number: int, what: NewActivity) -> None:
    rows: list[dict[str, Any]] = [
        {"id": number, "role": str(role), "men": one.men, "women": one.women, "unstated": one.unstated}
        for role, one in what.heads.items()
    ]
    if rows:
        connection.execute(
            text(
                "insert into activity_attendance (activity_id, role, men, women, unstated)"
                " values (:id, :role, :men, :women, :unstated)"
            ),
            rows,
        )
    if what.coordinators:
        connection.execute(
            text(
                "insert into activity_coordinator (activity_id, person_id) select :id, unnest(cast(:people as integer[]))"
            ),
            {"id": number, "people": list(what.coordinators)},
        )
