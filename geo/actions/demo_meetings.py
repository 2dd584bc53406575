"""A meeting for a demonstration: held a month ago, with decisions of which some are done and some are late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from geo.actions.audit import audit
from geo.actions.demo_people import HOME
from geo.actions.meetings import snapshot
from geo.crs import TIMEZONE
from geo.model import Scope
from geo.model.meeting import MeetingFilter, MeetingLayer
from geo.queries.meetings import sheets
from geo.queries.places import district_names

__all__ = ["add_demo_meeting"]

AGO, DAYS = timedelta(days=35), 28
DISTRICTS = 6
TITLE = "ประชุมศูนย์ประสานงานประจำเดือน (สาธิต)"

_PLACES = (
    "select a.code from area a where a.level = 'district' and a.is_border and a.country = 'TH' order by a.code <> :home,"
    " a.code not in (select d.district_code from person_district d join person p on p.id = d.person_id where p.is_demo),"
    " (select count(*) from incident i where i.district_code = a.code and i.day >= :since) desc, a.code limit :most"
)


@dataclass(frozen=True, slots=True)
class _Decided:
    """A decision of the meeting: the district by its place in the meeting, and days from the meeting."""

    district: int
    words: str
    owner: str
    due: int
    at_top: bool = False
    ended: int | None = None
    state: str = "open"
    reason: str | None = None


_DECISIONS = (
    _Decided(0, "เพิ่มชุดลาดตระเวนกลางคืนบริเวณจุดที่พบเหตุมากที่สุด สัปดาห์ละ 3 คืน", "demo.chief", 14, at_top=True),
    _Decided(
        0, "ประชุมกำนัน ผู้ใหญ่บ้าน ทุกตำบล ขอให้รายงานทุกเดือนแม้ไม่มีเหตุ", "demo.officer", 21, ended=17, state="done",
        reason="ประชุมครบทุกตำบลแล้ว",
    ),
    _Decided(1, "ประสานตำรวจตระเวนชายแดนตั้งจุดตรวจร่วมชั่วคราว", "bpp", 50, at_top=True),
    _Decided(2, "ตรวจสอบเส้นทางลำเลียงตามแนวลำน้ำ แล้วรายงานในการประชุมครั้งหน้า", "demo.commander", 28),
    _Decided(
        3, "ขอสนับสนุนเรือตรวจการณ์เพิ่ม 1 ลำ", "demo.planner", 30, ended=20, state="dropped",
        reason="หน่วยงานต้นสังกัดยังไม่มีงบประมาณ",
    ),
)  # fmt: skip


def add_demo_meeting(connection: Connection, moment: datetime) -> dict[str, int]:
    """Write it with its snapshot, as the owner of the tables; rows written by table.

    The snapshot is computed now, of what had been reported by then; only its states are those of now.

    Parameters
    ----------
    moment
        The moment that the demonstration leads up to.
    """
    rows = connection.execute(text("select login, id from person where is_demo and active"))
    people: dict[str, int] = {row.login: row.id for row in rows}
    if "demo.commander" not in people:
        return {"meeting": 0, "decision": 0}
    as_of = (moment - AGO).astimezone(ZoneInfo(TIMEZONE)).replace(hour=9, minute=0)
    last = as_of.date() - timedelta(days=1)
    chosen = MeetingFilter(last - timedelta(days=DAYS - 1), last)
    codes = connection.execute(
        text(_PLACES), {"home": HOME, "since": last - timedelta(days=90), "most": DISTRICTS}
    ).scalars()
    known = district_names(connection)
    districts = {code: known[code] for code in codes}
    number = connection.execute(
        text(
            "insert into meeting (title, held_on, prepared_by, state, districts, first_day, last_day, layers, as_of, started_at,"
            " finished_at, is_demo) values (:title, :day, :by, 'held', :districts, :first, :last, :layers, :as_of, :started,"
            " :finished, true) returning id"
        ),
        {
            "title": TITLE,
            "day": as_of.date(),
            "by": people["demo.commander"],
            "districts": list(districts),
            "first": chosen.first,
            "last": chosen.last,
            "layers": [str(layer) for layer in MeetingLayer],
            "as_of": as_of,
            "started": as_of + timedelta(hours=1),
            "finished": as_of + timedelta(hours=3),
        },
    ).scalar_one()
    snapshot(connection, Scope.everything(), number, districts, chosen, as_of)
    written = _decide(connection, number, tuple(districts), people, as_of)
    audit(connection, "demo.meeting", f"meeting:{number}", decisions=written)
    return {"meeting": 1, "decision": written}


def _decide(
    connection: Connection, meeting: int, districts: tuple[str, ...], people: dict[str, int], as_of: datetime
) -> int:
    agencies = set(connection.execute(text("select code from agency")).scalars())
    frozen = sheets(connection, meeting)
    rows: list[dict[str, Any]] = []
    for one in _DECISIONS:
        if one.district >= len(districts) or one.owner not in people.keys() | agencies:
            continue
        code = districts[one.district]
        top = frozen[code].top[0] if one.at_top and frozen[code].top else None
        ended = None if one.ended is None else as_of + timedelta(days=one.ended)
        rows.append(
            {
                "meeting": meeting, "district": code, "words": one.words, "owner": people.get(one.owner),
                "agency": None if one.owner in people else one.owner, "due": as_of.date() + timedelta(days=one.due),
                "lon": top and top.lon, "lat": top and top.lat, "state": one.state, "reason": one.reason,
                "by": people["demo.commander"], "at": as_of + timedelta(hours=2), "ended": ended,
                "ended_by": people["demo.commander"] if ended else None,
            }
        )  # fmt: skip
    connection.execute(
        text(
            "insert into decision (meeting_id, district_code, words, owner_id, agency, due, geom, state, reason, decided_by,"
            " decided_at, ended_by, ended_at, is_demo) values (:meeting, :district, :words, :owner, :agency, :due,"
            " st_setsrid(st_makepoint(:lon, :lat), 4326), :state, :reason, :by, :at, :ended_by, :ended, true)"
        ),
        rows,
    )
    connection.execute(
        text(
            "update notification n set at = d.decided_at, sent_at = d.decided_at from decision d"
            " where d.id = n.decision_id and d.meeting_id = :meeting"
        ),
        {"meeting": meeting},
    )
    return len(rows)
