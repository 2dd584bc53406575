"""People for a demonstration: one for each role, without a password, in two neighbouring districts."""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from geo.actions.audit import audit
from geo.model.person import Role

__all__ = ["HEADMAN", "HOME", "add_demo_people", "remove_demo_people"]

HOME = "4301"
"""Mueang Nong Khai; where boundaries lack it, the first border district."""
HEADMAN = "headman.demo."
"""Logins of headmen who are there to be counted begin so; nobody comes in as one of them."""

_PEOPLE = (
    ("demo.coordinator", "ผู้ใหญ่บ้านบุญมา (สาธิต)", Role.COORDINATOR),
    ("demo.officer", "ปลัดสมชาย (สาธิต)", Role.OFFICER),
    ("demo.neighbour", "ปลัดวิไล (สาธิต)", Role.OFFICER),
    ("demo.chief", "นายอำเภอประเสริฐ (สาธิต)", Role.CHIEF),
    ("demo.commander", "พันเอกธนา (สาธิต)", Role.COMMANDER),
    ("demo.planner", "นักวิเคราะห์สุดา (สาธิต)", Role.PLANNER),
    ("demo.agency", "ร้อยตำรวจเอกอนันต์ (สาธิต)", Role.AGENCY),
    ("demo.national", "เจ้าหน้าที่มาลี (สาธิต)", Role.NATIONAL),
    ("demo.administrator", "ผู้ดูแลระบบกิตติ (สาธิต)", Role.ADMINISTRATOR),
)
_HOME = "select a.code from area a where a.level = 'district' and a.is_border order by a.code <> :home, a.code limit 1"
_NEXT_DOOR = (
    "select n.code from area a, area n where a.code = :home and n.level = 'district' and n.is_border and n.code <> a.code"
    " order by coalesce(n.geom, n.rep_point) <-> coalesce(a.geom, a.rep_point), n.code limit 1"
)
_SUBDISTRICT = "select code from area where level = 'subdistrict' and parent_code = :home order by code limit 1"
_AGENCY = "select code from agency order by code <> 'local_police', code limit 1"
_ADD = text(
    "insert into person (login, name, role, agency, area_code, village, is_demo)"
    " values (:login, :name, :role, :agency, :area, :village, true)"
    " on conflict (login) do update set active = true, name = excluded.name, role = excluded.role,"
    " agency = excluded.agency, area_code = excluded.area_code, village = excluded.village"
    " where person.is_demo returning id"
)


def add_demo_people(connection: Connection) -> int:
    """Write them where they are not; how many there are. Roles that need a district or agency need one in the store."""
    home = connection.execute(text(_HOME), {"home": HOME}).scalar()
    next_door = connection.execute(text(_NEXT_DOOR), {"home": home}).scalar() or home
    subdistrict = connection.execute(text(_SUBDISTRICT), {"home": home}).scalar()
    agency = connection.execute(text(_AGENCY)).scalar()
    written = 0
    for login, name, role in _PEOPLE:
        if role is Role.AGENCY and agency is None:
            continue
        is_headman = role is Role.COORDINATOR
        number = connection.execute(
            _ADD,
            {
                "login": login,
                "name": name,
                "role": role.value,
                "agency": agency if role is Role.AGENCY else None,
                "area": subdistrict if is_headman else None,
                "village": "หมู่ 1" if is_headman else None,
            },
        ).scalar()
        if number is None:  # somebody real has this login
            continue
        written += 1
        district = next_door if login == "demo.neighbour" else home
        connection.execute(text("delete from person_district where person_id = :id"), {"id": number})
        if district is not None and role in {Role.COORDINATOR, Role.OFFICER, Role.CHIEF}:
            connection.execute(
                text("insert into person_district (person_id, district_code) values (:id, :code)"),
                {"id": number, "code": district},
            )
    audit(connection, "demo.people", "person:*", people=written)
    return written


def remove_demo_people(connection: Connection) -> int:
    """Take them out; how many that were. Who stands in the history of something real stays, switched off."""
    numbers = connection.execute(text("select id from person where is_demo order by id")).scalars().all()
    removed = 0
    for number in numbers:
        try:
            with connection.begin_nested():
                connection.execute(text("delete from quiet_month where person_id = :id"), {"id": number})
                connection.execute(text("delete from person where id = :id"), {"id": number})
            removed += 1
        except IntegrityError:
            connection.execute(text("delete from sign_in where person_id = :id"), {"id": number})
            connection.execute(text("update person set active = false where id = :id"), {"id": number})
    return removed
