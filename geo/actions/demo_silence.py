"""Headmen for a demonstration of silence: some tell regularly, some said that there was nothing, some were not heard of for long."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from geo.actions.audit import audit
from geo.actions.demo_people import HEADMAN

__all__ = ["add_demo_silence"]

HOME_SHARE, NEAR_SHARE = 0.75, 0.4
"""Share of the sub-districts that have a headman: in the district of the demonstration people, and in the others of its province."""
KINDS: Final = ("heard", "quiet", "silent", "silent", "never", "quiet")
"""What a headman is like, in turn."""
SINCE_DAYS = 400
"""How long they have had an account."""
STOPPED_DAYS: Final = {"heard": 0, "quiet": 45, "silent": 62, "never": SINCE_DAYS}
"""How long ago they reported last at the earliest; the silent ones each a week longer ago than the one before."""

_PLACES = text(
    "select a.code, a.parent_code = h.code as home from (select district_code as code from person p join person_district d"
    " on d.person_id = p.id where p.login = 'demo.officer' and p.is_demo) h join area d on d.level = 'district' and d.is_border"
    " and left(d.code, 2) = left(h.code, 2) join area a on a.level = 'subdistrict' and a.parent_code = d.code"
    " where a.code not in (select area_code from person where is_demo and area_code is not null) order by 2 desc, 1"
)
_PERSON = text(
    "insert into person (login, name, role, area_code, village, is_demo, created_at) values (:login, :name, 'coordinator', :area,"
    " :village, true, :since) on conflict (login) do update set active = true where person.is_demo returning id"
)
_REPORTS = text(
    "update report set entered_by = :who where is_demo and channel = 'coordinator' and entered_by is null"
    " and left(area_code, 6) = :area and received_at < :until"
)
_QUIET = text(
    "insert into quiet_month (area_code, village, month, person_id, said_at)"
    " select :area, :village, m::date, :who, (m + interval '1 month' - interval '3 hours') at time zone 'Asia/Bangkok'"
    " from generate_series(date_trunc('month', timezone('Asia/Bangkok', cast(:since as timestamptz))),"
    "  date_trunc('month', timezone('Asia/Bangkok', cast(:until as timestamptz))) - interval '1 month', interval '1 month') m"
    " where not exists (select from report r where r.entered_by = :who and date_trunc('month',"
    " timezone('Asia/Bangkok', r.received_at)) = m) on conflict do nothing"
)
_CALL = text(
    "insert into silence_call (person_id, called_by, called_at, outcome, note, is_demo) select :who, o.id, :at, :outcome, :note, true"
    " from person o where o.login = 'demo.officer' and o.is_demo"
)


def add_demo_silence(connection: Connection, moment: datetime) -> dict[str, int]:
    """Write them, with what they told until when, and two calls. ``moment`` is what the data leads up to.

    Returns
    -------
    dict
        Rows written by table.
    """
    places = connection.execute(_PLACES).all()
    silent: list[int] = []
    written, headmen = {"quiet_month": 0, "silence_call": 0}, 0
    for home in (True, False):
        codes = [code for code, at_home in places if at_home is home]
        for number, code in enumerate(codes[: round(len(codes) * (HOME_SHARE if home else NEAR_SHARE))]):
            kind = KINDS[number % len(KINDS)]
            village = f"หมู่ {number % 9 + 1}"
            since = moment - timedelta(days=SINCE_DAYS)
            who = connection.execute(
                _PERSON,
                {
                    "login": f"{HEADMAN}{code}",
                    "name": f"ผู้ใหญ่บ้าน {village} (สาธิต)",
                    "area": code,
                    "village": village,
                    "since": since,
                },
            ).scalar_one()
            connection.execute(
                text("insert into person_district values (:who, left(:code, 4)) on conflict do nothing"),
                {"who": who, "code": code},
            )
            headmen += 1
            if kind == "never":
                continue
            until = moment - timedelta(days=STOPPED_DAYS[kind] + (7 * len(silent) if kind == "silent" else 0))
            connection.execute(_REPORTS, {"who": who, "area": code, "until": until})
            said = until if kind == "silent" else moment
            quiet = {"who": who, "area": code, "village": village, "since": since, "until": said}
            written["quiet_month"] += connection.execute(_QUIET, quiet).rowcount
            if kind == "silent":
                silent.append(who)
    for who, days, outcome, note in zip(
        silent, (2, 6), ("will_report", "unreachable"), ("จะแจ้งภายในสัปดาห์นี้", None), strict=False
    ):
        call = {"who": who, "at": moment - timedelta(days=days), "outcome": outcome, "note": note}
        written["silence_call"] += connection.execute(_CALL, call).rowcount
    audit(connection, "demo.silence", "person:*", people=headmen)
    return written
