"""Write what became of synthetic incidents: of all in the districts of the demonstration people, and of the newest elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from geo.actions.audit import audit
from geo.crs import TIMEZONE

__all__ = ["add_demo_cases", "demo_staff", "newest_demo_incidents"]

AT_HOME, ELSEWHERE = 1000, 1500
"""Newest incidents that get a history: in each district with demonstration people, and in all the others together."""
HEARD = timedelta(days=2)
"""What people were told before that they have read."""
KEPT = timedelta(days=30)
"""What they were told before that is gone."""

_INSERT = {
    "report": "insert into report (id, incident_id, channel, received_at, description, language, crime_type, when_said, ongoing,"
    " area_code, village, entered_by, receipt_hash, disputed_at, dispute_note, is_demo) overriding system value values (:id,"
    " :incident_id, :channel, :received_at, :description, :language, :crime_type, :when_said, :ongoing, :area_code, :village,"
    " :entered_by, :receipt_hash, :disputed_at, :dispute_note, true)",
    "case_file": "insert into case_file (incident_id, source_grade, info_grade, graded_by, officer_id, merged_into, first_look_at,"
    " verified_at, closed_at, outcome, outcome_note, closing_by, closing_at, closed_by, recheck, rechecked_by, rechecked_at,"
    " reopened_at) values (:incident_id, :source_grade, :info_grade, :graded_by, :officer_id, :merged_into, :first_look_at,"
    " :verified_at, :closed_at, :outcome, :outcome_note, :closing_by, :closing_at, :closed_by, coalesce(:recheck, false),"
    " :rechecked_by, :rechecked_at, :reopened_at)",
    "fact_check": "insert into fact_check (id, incident_id, unit_kind, unit, due_at, asked_by, asked_at, instruction, finding,"
    " found, done_by, done_at) overriding system value values (:id, :incident_id, :unit_kind, :unit, :due_at, :asked_by,"
    " :asked_at, :instruction, :finding, :found, :done_by, :done_at)",
    "evidence": "insert into evidence (id, incident_id, media_type, content, sha256, added_by, added_at) overriding system value"
    " values (:id, :incident_id, 'text/plain', :content, :sha256, :added_by, :added_at)",
    "report_question": "insert into report_question (id, report_id, asked_by, asked_at, question, answer, answered_at)"
    " overriding system value values (:id, :report_id, :asked_by, :asked_at, :question, :answer, :answered_at)",
    "referral": "insert into referral (id, incident_id, agency, state, note, sent_by, sent_at, answer_due, accepted_by,"
    " accepted_at, accepted_name, return_reason, outcome_due, outcome, outcome_note, ended_by, ended_at)"
    " overriding system value values (:id, :incident_id, :agency, :state, :note, :sent_by, :sent_at, :answer_due, :accepted_by,"
    " :accepted_at, :accepted_name, :return_reason, :outcome_due, :outcome, :outcome_note, :ended_by, :ended_at)",
    "log_entry": "insert into log_entry (id, incident_id, district_code, at, kind, agency, counterpart, said, person_id, entered_at)"
    " overriding system value values (:id, :incident_id, :district_code, :at, :kind, :agency, :counterpart, :said, :person_id,"
    " :entered_at)",
    "case_event": "insert into case_event (id, incident_id, at, person_id, kind, from_status, to_status, note, detail)"
    " overriding system value values (:id, :incident_id, :at, :person_id, :kind, :from_status, :to_status, :note,"
    " cast(:detail as jsonb))",
}
"""In the order in which they refer to each other."""
_FILE = (
    "source_grade", "info_grade", "graded_by", "officer_id", "merged_into", "first_look_at", "verified_at", "closed_at", "outcome",
    "outcome_note", "closing_by", "closing_at", "closed_by", "recheck", "rechecked_by", "rechecked_at", "reopened_at",
)  # fmt: skip
_POINTS = {
    "report": (),
    "case_file": (),
    "fact_check": (),
    "evidence": (),
    "report_question": (("report_id", "report"),),
    "referral": (),
    "log_entry": (),
    "case_event": (),
}
_NAMED = {
    "report": "report", "check": "fact_check", "evidence": "evidence", "question": "report_question", "referral": "referral",
    "entry": "log_entry",
}  # fmt: skip
"""What in the detail of an event is a number of which table."""

_NEWEST = """
    (select i.id, i.public_id, i.crime_type, i.status, i.channel, i.district_code, a.neighbours[1], i.occurred_at, i.reported_at
     from incident i join area a on a.code = i.district_code
     where i.is_demo and {where} order by i.reported_at desc, i.id desc limit {limit})
"""


def demo_staff(connection: Connection) -> dict[str, list[Any]]:
    """Who works where.

    Returns
    -------
    dict
        ``people``: number, role, agency, place of a coordinator, district. ``subdistricts``: code and district, of their
        districts. ``agencies``: codes.
    """

    def rows(statement: str) -> list[Any]:
        return [tuple(row) for row in connection.execute(text(statement))]

    people = (
        "select p.id, p.role, p.agency, p.area_code, d.district_code from person p left join person_district d"
        " on d.person_id = p.id where p.is_demo and p.active and p.login like 'demo.%' order by p.id"
    )
    return {
        "people": rows(people),
        "subdistricts": rows(
            "select code, parent_code from area where level = 'subdistrict' and parent_code in"
            f" (select district_code from ({people}) p) order by code"
        ),
        "agencies": [code for (code,) in rows("select code from agency order by code")],
    }


def newest_demo_incidents(connection: Connection, homes: list[str]) -> list[Any]:
    """Incidents that get a history, in the order of their reports.

    Returns
    -------
    list
        Number, public number, crime type, status, channel, district, neighbour, when it happened, when it was reported.
    """
    parts = [_NEWEST.format(where=f"i.district_code = :home_{n}", limit=AT_HOME) for n in range(len(homes))]
    parts.append(_NEWEST.format(where="i.district_code <> all(:homes)", limit=ELSEWHERE))
    rows = connection.execute(
        text(" union all ".join(parts) + " order by reported_at, id"),
        {"homes": homes} | {f"home_{n}": code for n, code in enumerate(homes)},
    )
    return [tuple(row) for row in rows]


def add_demo_cases(
    connection: Connection, rows: Mapping[str, list[dict[str, Any]]], moment: datetime
) -> dict[str, int]:
    """Write histories; rows written by table.

    Nobody is told of what is older than two days, and nobody by e-mail.

    Parameters
    ----------
    rows
        By table, numbered from 1 in each; pointers to other rows are such numbers. Incidents and people have their own.
    moment
        The moment that the data leads up to.
    """
    _number(connection, rows)
    for table, statement in _INSERT.items():
        if rows[table]:
            connection.execute(text(statement), rows[table])
    connection.execute(
        text(
            "update notification n set at = e.at, sent_at = e.at, read_at = case when e.at < :heard then e.at end"
            " from (select incident_id, kind, max(at) as at from case_event group by 1, 2) e, incident i"
            " where e.incident_id = n.incident_id and e.kind = n.kind and i.id = n.incident_id and i.is_demo"
        ),
        {"heard": moment - HEARD},
    )
    connection.execute(
        text("delete from notification n using incident i where i.id = n.incident_id and i.is_demo and n.at < :kept"),
        {"kept": moment - KEPT},
    )
    written = {table: len(rows[table]) for table in _INSERT} | {"quiet_month": _quiet(connection, moment)}
    audit(connection, "demo.cases", "incident:*", cases=written["case_file"])
    return written


def _number(connection: Connection, made: Mapping[str, list[dict[str, Any]]]) -> None:
    """Give rows the next numbers of their tables, and put these wherever a row points to another."""
    numbers: dict[str, list[int]] = {}
    for table in _INSERT:
        if table == "case_file":
            continue
        taken = connection.execute(
            text(f"select nextval(pg_get_serial_sequence('{table}', 'id')) from generate_series(1, :n)"),
            {"n": len(made[table])},
        )
        numbers[table] = list(taken.scalars())
    for table, rows in made.items():
        for row in rows:
            _put(row, table, numbers)


def _put(row: dict[str, Any], table: str, numbers: Mapping[str, list[int]]) -> None:
    if table == "case_file":
        row.update({name: row.get(name) for name in _FILE})
        return
    row["id"] = numbers[table][row["id"] - 1]
    for column, other in _POINTS[table]:
        row[column] = numbers[other][row[column] - 1]
    if table == "case_event":
        detail = dict(row["detail"])
        for key, other in _NAMED.items():
            if key in detail:
                detail[key] = numbers[other][detail[key] - 1]
        if "reports" in detail:
            detail["reports"] = [numbers["report"][number - 1] for number in detail["reports"]]
        row["detail"] = json.dumps({key: value for key, value in detail.items() if value is not None}, default=str)


def _quiet(connection: Connection, moment: datetime) -> int:
    """The coordinator said at the end of each month without a report that there was nothing, but for one."""
    first, written = moment.astimezone(ZoneInfo(TIMEZONE)).date().replace(day=1), 0
    for back in (1, 2, 4, 5):
        written += connection.execute(
            text(
                "insert into quiet_month (area_code, village, month, person_id, said_at)"
                " select p.area_code, coalesce(p.village, ''), :month, p.id, cast(:next as timestamp) at time zone"
                " 'Asia/Bangkok' - interval '5 hours' from person p where p.is_demo and p.role = 'coordinator'"
                " and p.login like 'demo.%' and p.area_code is not null and not exists (select from report r"
                " where r.entered_by = p.id and r.received_at >= cast(:month as timestamp) at time zone 'Asia/Bangkok'"
                " and r.received_at < cast(:next as timestamp) at time zone 'Asia/Bangkok') on conflict do nothing"
            ),
            {"month": _before(first, back), "next": _before(first, back - 1)},
        ).rowcount
    return written


def _before(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)
