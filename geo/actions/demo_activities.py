"""Work with people for a demonstration: a year of activities in every border district, and some that are planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection, text

from geo.actions.audit import audit
from geo.actions.demo_people import HOME
from geo.crs import TIMEZONE
from geo.model.activity import AttendeeRole

__all__ = ["add_demo_activities"]

BACK_DAYS, AHEAD_DAYS = 330, 60


@dataclass(frozen=True, slots=True)
class _Sort:
    """What is invented of one sort of activity.

    Attributes
    ----------
    often
        How many of it a district has on average.
    """

    kind: str
    title: str
    place: str
    role: AttendeeRole
    most: int
    often: float
    hours: tuple[int, int] | None = (9, 12)


SORTS = (
    _Sort("training", "อบรมกำนัน ผู้ใหญ่บ้าน เรื่องการแจ้งเหตุและการสังเกต", "หอประชุมอำเภอ", AttendeeRole.HEADMAN, 60, 1.6, (9, 16)),
    _Sort("news_tower", "ประกาศเตือนภัยแก๊งหลอกไปทำงานต่างประเทศ", "หอกระจายข่าวหมู่บ้าน", AttendeeRole.VILLAGER, 0, 1.4, (6, 7)),
    _Sort("local_radio", "รายการวิทยุ รู้ทันยาเสพติดชายแดน", "สถานีวิทยุชุมชน", AttendeeRole.VILLAGER, 0, 0.7, (18, 19)),
    _Sort("school", "ให้ความรู้นักเรียนเรื่องภัยออนไลน์และการค้ามนุษย์", "โรงเรียนในพื้นที่", AttendeeRole.STUDENT, 180, 1.0, (10, 12)),
    _Sort("online_post", "โพสต์วิธีแจ้งเหตุผ่านระบบออนไลน์", "เพจอำเภอ", AttendeeRole.VILLAGER, 0, 1.2, None),
    _Sort("agency_meeting", "ประชุมคณะทำงานร่วมระดับอำเภอ", "ที่ว่าการอำเภอ", AttendeeRole.OFFICIAL, 25, 1.0, (13, 16)),
    _Sort("visit_to", "เยือนเมืองคู่ขนานและประชุมร่วม", "สำนักงานเมืองคู่ขนาน", AttendeeRole.OFFICIAL, 12, 0.5, None),
    _Sort("visit_from", "ต้อนรับคณะจากเมืองคู่ขนาน", "ที่ว่าการอำเภอ", AttendeeRole.COUNTERPART, 14, 0.4, None),
)  # fmt: skip
TARGETS = (("trained_villages", 80.0), ("people_reached", 250.0), ("places_heard", 90.0), ("hours_to_verify", 72.0))
_DISTRICTS = (
    "select a.code, st_asbinary(coalesce(st_generatepoints(a.geom, 1, 7), st_multi(a.rep_point))) as at, (select n.code from area n"
    " where n.country in ('LA', 'KH') and n.level <> 'country' and n.geom && st_expand(a.geom, 0.3)"
    " order by coalesce(n.rep_point, n.geom) <-> a.rep_point, n.code limit 1) as partner,"
    " array(select s.code from area s where s.parent_code = a.code and s.level = 'subdistrict' order by 1) as subdistricts"
    " from area a where a.level = 'district' and a.country = 'TH' and a.is_border order by 1"
)


def add_demo_activities(connection: Connection, moment: datetime) -> dict[str, int]:
    """Write them as the owner of the tables, with targets and what follows; rows written by table.

    Parameters
    ----------
    moment
        The moment that the demonstration leads up to.
    """
    rows_of = connection.execute(text("select login, id from person where is_demo and active order by id"))
    people: dict[str, int] = {row.login: row.id for row in rows_of}
    if "demo.national" not in people:
        return {"activity": 0}
    today = moment.astimezone(ZoneInfo(TIMEZONE)).date()
    rows: list[dict[str, Any]] = []
    for code, at, partner, subdistricts in connection.execute(text(_DISTRICTS)):
        rng = np.random.default_rng(crc32(code.encode()))
        for sort in SORTS:
            rows += [
                _row(rng, sort, code, at, partner, subdistricts, today) | {"by": people["demo.national"]}
                for _ in range(int(rng.poisson(sort.often)) + (code == HOME))
            ]
    if not rows:
        return {"activity": 0}
    connection.execute(
        text(
            "insert into activity (district_code, kind, title, state, first_day, last_day, begins, ends, area_code, place, geom,"
            " partner_code, reach, baht, baht_source, score_before, score_after, scored, satisfaction, answered, made_by, source,"
            " source_key, is_demo) values (:district, :kind, :title, :state, :day, :day, :begins, :ends, :area, :place,"
            " st_geometryn(st_geomfromwkb(:at, 4326), 1), :partner, :reach, :baht, :baht_source, :before, :after, :scored, :stars,"
            " :answered, :by, 'demo', :key, true)"
        ),
        [row | {"key": f"demo:{number}"} for number, row in enumerate(rows)],
    )
    connection.execute(
        text(
            "insert into activity_attendance (activity_id, role, men, women) select a.id, :role, :men, :women from activity a"
            " where a.source_key = :key and a.is_demo"
        ),
        [row | {"key": f"demo:{number}"} for number, row in enumerate(rows) if row["men"] + row["women"]],
    )
    _round_off(connection, people, today)
    audit(connection, "demo.activities", "activity:*", rows=len(rows))
    return {"activity": len(rows)}


def _row(
    rng: np.random.Generator,
    sort: _Sort,
    district: str,
    at: bytes,
    partner: str | None,
    subdistricts: list[str],
    today: date,
) -> dict[str, Any]:
    day = today - timedelta(days=int(rng.integers(-AHEAD_DAYS, BACK_DAYS)))
    held, abroad = day <= today, sort.kind.startswith("visit")
    came = int(rng.integers(sort.most // 3, sort.most + 1)) if held and sort.most else 0
    women = int(rng.binomial(came, 0.35))
    tested = came if sort.kind == "training" and came else None
    before = float(np.round(rng.uniform(35, 60), 1))
    reach = None if sort.most or not held else int(rng.integers(80, 6000))
    begins, ends = (time(sort.hours[0]), time(sort.hours[1])) if sort.hours else (None, None)
    cost = int(rng.integers(20, 400)) * 100 if held and (came or abroad) else None
    return {
        "district": district, "kind": sort.kind, "title": f"{sort.title} (สาธิต)", "state": "held" if held else "planned",
        "day": day, "begins": begins, "ends": ends, "place": sort.place, "at": at if sort.most else None,
        "area": str(rng.choice(subdistricts)) if subdistricts and not abroad and rng.random() < 0.7 else None,
        "partner": partner if abroad else None, "reach": reach, "baht": cost,
        "baht_source": "งบโครงการ" if cost else None, "role": str(sort.role), "men": came - women, "women": women,
        "before": before if tested else None, "scored": tested,
        "after": float(np.round(min(before + rng.uniform(8, 35), 98), 1)) if tested else None,
        "stars": float(np.round(rng.uniform(3.4, 4.9), 1)) if tested else None, "answered": tested,
    }  # fmt: skip


def _round_off(connection: Connection, people: dict[str, int], today: date) -> None:
    """Who was trained, what follows the last training at home, and what the national centre aims at."""
    connection.execute(
        text(
            "insert into activity_coordinator (activity_id, person_id) select a.id, p.id from person p join lateral (select a.id"
            " from activity a where a.is_demo and a.kind = 'training' and a.state = 'held'"
            " and a.district_code = left(p.area_code, 4) order by a.first_day desc limit 1) a on true"
            " where p.is_demo and p.role = 'coordinator'"
        )
    )
    last = connection.execute(
        text(
            "select id from activity where is_demo and kind = 'training' and state = 'held' and district_code = :home"
            " order by first_day desc limit 1"
        ),
        {"home": HOME},
    ).scalar()
    if last is not None:
        connection.execute(
            text(
                "insert into activity_follow_up (activity_id, words, owner_id, due, made_by, done_by, done_at)"
                " values (:id, :words, :owner, :due, :by, :done_by, case when cast(:done_by as integer) is null then null else now() end)"
            ),
            [
                {"id": last, "words": "ส่งคู่มือการแจ้งเหตุให้ครบทุกหมู่บ้าน", "owner": people.get("demo.officer"),
                 "due": today - timedelta(days=5), "by": people.get("demo.chief"), "done_by": None},
                {"id": last, "words": "ตั้งกลุ่มไลน์ผู้ประสานงานตำบล", "owner": people.get("demo.officer"),
                 "due": today - timedelta(days=10), "by": people.get("demo.chief"), "done_by": people.get("demo.officer")},
            ],
        )  # fmt: skip
    _minutes(connection)
    since = date(today.year - 1, 1, 1)
    connection.execute(
        text(
            "insert into activity_target (indicator, since, value, set_by, is_demo) values (:indicator, :since, :value, :by, true)"
            " on conflict do nothing"
        ),
        [
            {"indicator": indicator, "since": since, "value": value, "by": people["demo.national"]}
            for indicator, value in TARGETS
        ],
    )


AGENDA = (
    ("เรื่องที่ประธานแจ้งให้ที่ประชุมทราบ", "ประธานขอบคุณทุกหน่วยงาน และย้ำให้ทุกตำบลแจ้งเหตุหรือยืนยันว่าไม่มีเหตุทุกเดือน"),
    ("เรื่องสืบเนื่อง: ติดตามมติครั้งก่อน", None),
    ("เรื่องเพื่อทราบ: สถานการณ์และสถิติ", "ฝ่ายเลขานุการนำเสนอสถิติ 28 วันและจุดเสี่ยงรายอำเภอ"),
    ("เรื่องเพื่อพิจารณา", "พิจารณาจุดเสี่ยงและมอบหมายงานตามมติท้ายรายงาน"),
)
PRESENT = ((None, "ที่ทำการปกครองอำเภอ", 6), ("bpp", None, 3), ("local_police", None, 2), ("immigration", None, 2))


def _minutes(connection: Connection) -> None:
    """Agenda and attendance of the demonstration meeting, where there is one without."""
    meeting = connection.execute(
        text(
            "select m.id from meeting m where m.is_demo and not exists (select from meeting_item i where i.meeting_id = m.id) limit 1"
        )
    ).scalar()
    if meeting is None:
        return
    connection.execute(
        text("insert into meeting_item (meeting_id, place, words, note) values (:meeting, :place, :words, :note)"),
        [
            {"meeting": meeting, "place": place, "words": words, "note": note}
            for place, (words, note) in enumerate(AGENDA, 1)
        ],
    )
    agencies = set(connection.execute(text("select code from agency")).scalars())
    came = [one for one in PRESENT if one[0] is None or one[0] in agencies]
    connection.execute(
        text(
            "insert into meeting_attendance (meeting_id, place, agency, office, present)"
            " values (:meeting, :place, :agency, :office, :present)"
        ),
        [
            {"meeting": meeting, "place": place, "agency": agency, "office": office, "present": present}
            for place, (agency, office, present) in enumerate(came, 1)
        ],
    )
