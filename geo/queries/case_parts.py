"""What stands on a case and on those merged into it: reports, questions, history, checks, evidence, referrals, log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, text

from geo.errors import NotFound
from geo.model.clock import Clock, ClockName

__all__ = [
    "CaseEvent",
    "Evidence",
    "FactCheck",
    "LogEntry",
    "Question",
    "Report",
    "district_log",
    "events_of",
    "evidence_content",
    "evidence_of",
    "fact_checks_of",
    "log_of",
    "pair_log",
    "questions_of",
    "reports_of",
]


@dataclass(frozen=True, slots=True)
class Report:
    """What one person told. ``reachable``: questions can be asked, for there is a receipt code."""

    id: int
    channel: str
    received_at: datetime
    crime_type: str | None
    description: str | None
    when_said: str | None
    ongoing: bool | None
    area_code: str | None
    village: str | None
    location_note: str | None
    lon: float | None
    lat: float | None
    language: str | None
    entered_by: str | None
    reachable: bool
    has_contact: bool
    disputed_at: datetime | None
    dispute_note: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question to a reporter, and the answer if there is one. ``read``: by somebody at the centre."""

    id: int
    report_id: int
    asked_by: str | None
    asked_at: datetime
    question: str
    answer: str | None
    answered_at: datetime | None
    read: bool


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One line of the history; ``kind`` is a `geo.model.case.Event`. ``of`` is the case it happened to, merged ones too."""

    id: int
    of: str
    at: datetime
    person: str | None
    kind: str
    from_status: str | None
    to_status: str | None
    note: str | None
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FactCheck:
    """A check on the spot: who was asked until when, and what was found."""

    id: int
    of: str
    unit_kind: str
    unit: str
    instruction: str | None
    asked_by: str | None
    asked_at: datetime
    due_at: datetime
    finding: str | None
    found: str | None
    done_by: str | None
    done_at: datetime | None

    @property
    def clock(self) -> Clock:
        """Until when the unit was to answer."""
        return Clock(ClockName.FACT_CHECK, self.asked_at, self.due_at, self.done_at)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A photo, a paper or a statement; its content is read one by one."""

    id: int
    of: str
    report_id: int | None
    media_type: str
    bytes: int
    note: str | None
    added_by: str | None
    added_at: datetime


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the joint log. ``of`` is the case it is about, if it is about one."""

    id: int
    of: str | None
    district_code: str
    at: datetime
    kind: str
    agency: str | None
    counterpart: str | None
    said: str
    person: str | None
    entered_at: datetime


Part = TypeVar("Part")


def _read(connection: Connection, part: type[Part], statement: str, **values: object) -> tuple[Part, ...]:
    return tuple(part(*row) for row in connection.execute(text(statement), values))


def reports_of(connection: Connection, case: int, *, contacts: bool) -> tuple[Report, ...]:
    """The reports of a case, oldest first.

    Parameters
    ----------
    contacts
        Say which left a contact; for the district's own people.
    """
    return _read(
        connection,
        Report,
        "select r.id, r.channel, r.received_at, r.crime_type, r.description, r.when_said, r.ongoing, r.area_code, r.village,"
        " r.location_note, st_x(r.geom), st_y(r.geom), r.language, p.name, r.receipt_hash is not null,"
        f" {'r.id in (select contact_left(:case))' if contacts else 'false'}, r.disputed_at, r.dispute_note"
        " from report r left join person p on p.id = r.entered_by where r.incident_id = :case order by r.received_at, r.id",
        case=case,
    )


def questions_of(connection: Connection, case: int) -> tuple[Question, ...]:
    """Questions to the reporters of a case, oldest first; for the district's own people."""
    return _read(
        connection,
        Question,
        "select q.id, q.report_id, p.name, q.asked_at, q.question, q.answer, q.answered_at, q.read_at is not null"
        " from report_question q join report r on r.id = q.report_id left join person p on p.id = q.asked_by"
        " where r.incident_id = :case order by q.id",
        case=case,
    )


def events_of(connection: Connection, cases: list[int]) -> tuple[CaseEvent, ...]:
    """The history of some cases, oldest first."""
    return _read(
        connection,
        CaseEvent,
        "select e.id, i.public_id, e.at, p.name, e.kind, e.from_status, e.to_status, e.note, e.detail from case_event e"
        " join incident i on i.id = e.incident_id left join person p on p.id = e.person_id"
        " where e.incident_id = any(:cases) order by e.id",
        cases=cases,
    )


def fact_checks_of(connection: Connection, cases: list[int]) -> tuple[FactCheck, ...]:
    """Checks of the facts of some cases; those that nobody answered first, the earliest due first."""
    return _read(
        connection,
        FactCheck,
        "select c.id, i.public_id, c.unit_kind, c.unit, c.instruction, a.name, c.asked_at, c.due_at, c.finding, c.found, d.name,"
        " c.done_at from fact_check c join incident i on i.id = c.incident_id left join person a on a.id = c.asked_by"
        " left join person d on d.id = c.done_by where c.incident_id = any(:cases)"
        " order by c.done_at is not null, c.due_at, c.id",
        cases=cases,
    )


def evidence_of(connection: Connection, cases: list[int]) -> tuple[Evidence, ...]:
    """What there is of evidence, without its content."""
    return _read(
        connection,
        Evidence,
        "select e.id, i.public_id, e.report_id, e.media_type, octet_length(e.content), e.note, p.name, e.added_at"
        " from evidence e join incident i on i.id = e.incident_id left join person p on p.id = e.added_by"
        " where e.incident_id = any(:cases) order by e.id",
        cases=cases,
    )


def evidence_content(connection: Connection, evidence: int) -> tuple[str, bytes]:
    """Media type and content of one piece.

    Raises
    ------
    NotFound
        ``evidence.not_found``: there is none, or not for this viewer.
    """
    row = connection.execute(
        text("select media_type, content from evidence where id = :id"), {"id": evidence}
    ).one_or_none()
    if row is None:
        raise NotFound("evidence.not_found")
    return str(row.media_type), bytes(row.content)


_LOG = (
    "select l.id, i.public_id, l.district_code, l.at, l.kind, l.agency, l.counterpart, l.said, p.name, l.entered_at"
    " from log_entry l left join incident i on i.id = l.incident_id left join person p on p.id = l.person_id"
)


def log_of(connection: Connection, cases: list[int]) -> tuple[LogEntry, ...]:
    """The joint log of some cases, oldest first."""
    return _read(connection, LogEntry, f"{_LOG} where l.incident_id = any(:cases) order by l.at, l.id", cases=cases)


def district_log(connection: Connection, district: str, *, limit: int = 200) -> tuple[LogEntry, ...]:
    """The joint log of a district with that of its cases, newest first."""
    return _read(
        connection,
        LogEntry,
        f"{_LOG} where l.district_code = :district order by l.at desc, l.id desc limit :limit",
        district=district,
        limit=limit,
    )


def pair_log(connection: Connection, pair: int, *, limit: int = 200) -> tuple[LogEntry, ...]:
    """The joint log with the counterpart of a pair, newest first."""
    return _read(
        connection,
        LogEntry,
        f"{_LOG} where l.pair_id = :pair order by l.at desc, l.id desc limit :limit",
        pair=pair,
        limit=limit,
    )
