"""Monthly reports for a demonstration: some centres have sent theirs, one was late, most are waited for."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from geo.actions.demo_people import HOME
from geo.actions.month_reports import content_of
from geo.crs import TIMEZONE
from geo.model import Scope
from geo.model.json_form import to_json
from geo.model.month_report import Narrative, last_day

__all__ = ["add_demo_reports"]

SENT = ((0, 2, 4), (0, 3, 9), (1, 1, 3), (1, 2, 5), (2, 1, 12))
"""Centres by their place among targets (the first is that of the demonstration's chief), months back, and days into the next
month after which they signed. His own report of the last month is waited for: it is there to be tried."""
WORDS = {
    Narrative.SITUATION: "เหตุส่วนใหญ่เกิดช่วงหลังเที่ยงคืนตามท่าเรือและช่องทางธรรมชาติ ศูนย์ประสาน นรข. และตำรวจตระเวนชายแดนออกลาดตระเวนร่วมทุกสัปดาห์",
    Narrative.PRACTICE: "ผู้ใหญ่บ้านใช้หอกระจายข่าวเตือนภัยการหลอกไปทำงานต่างประเทศทุกเย็นวันศุกร์",
    Narrative.PROBLEM: "เรือตรวจการณ์ชำรุด และสัญญาณโทรศัพท์ริมโขงไม่ทั่วถึง",
    Narrative.PROPOSAL: "ขอสนับสนุนวิทยุสื่อสารสำหรับชุดรักษาความปลอดภัยหมู่บ้าน",
}
_PLACES = (
    "select a.code from area a where a.level = 'district' and a.country = 'TH' and (a.target in ('named', 'likely') or a.code = :home)"
    " order by a.code <> :home, a.code limit 3"
)
_KEEP = (
    "insert into month_report (district_code, month, content, narrative, as_of, made_at, state, signed_by, signed_at, is_demo)"
    " values (:district, :month, cast(:content as jsonb), cast(:narrative as jsonb), :at, :at, 'signed',"
    " (select p.id from person p join person_district d on d.person_id = p.id where p.is_demo and p.role = 'chief'"
    " and d.district_code = :district limit 1), :at, true)"
)


def add_demo_reports(connection: Connection, moment: datetime) -> int:
    """Write them as the owner of the tables; how many.

    Parameters
    ----------
    moment
        Aware; the newest month that is reported is the one before it.
    """
    places = connection.execute(text(_PLACES), {"home": HOME}).scalars().all()
    written = 0
    for place, back, days in SENT:
        if place >= len(places):
            continue
        month = _back(moment.astimezone(ZoneInfo(TIMEZONE)).date(), back)
        at = datetime.combine(last_day(month) + timedelta(days=days), time(15, 20), ZoneInfo(TIMEZONE))
        if at > moment:
            continue
        content = content_of(connection, Scope.everything(), places[place], month, at)
        connection.execute(
            text(_KEEP),
            {
                "district": places[place],
                "month": month,
                "content": json.dumps(to_json(content), ensure_ascii=False),
                "narrative": json.dumps(
                    WORDS if place == 0 else {Narrative.SITUATION: WORDS[Narrative.SITUATION]}, ensure_ascii=False
                ),
                "at": at,
            },
        )
        written += 1
    return written


def _back(today: date, months: int) -> date:
    found = today.replace(day=1)
    for _ in range(months):
        found = (found - timedelta(days=1)).replace(day=1)
    return found
