"""One case, whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from geo.errors import NotFound
from geo.model import Reach, Scope, Status
from geo.model.case import ENDED, MAY_BECOME, Grade
from geo.model.clock import Clock, case_clocks
from geo.queries import case_parts
from geo.queries.case_parts import CaseEvent, Evidence, FactCheck, LogEntry, Question, Report
from geo.queries.case_settings import targets
from geo.queries.referrals import Referral, referrals_of

__all__ = ["Case", "Person", "Staff", "read_case", "staff"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works on a case."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Staff:
    """An officer or chief to whom a case of the district can be given."""

    id: int
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that the district's people, and those who see all districts, read of a case.

    Attributes
    ----------
    facts
        What is known of the incident: ``crime_type, other_crime_types, occurred_at, occurred_day_only, reported_at, channel,
        district_code, district_stated, point_district_code, district_conflict, location_check, snap_distance_m,
        location_note, source, is_demo, lon, lat`` (degrees, WGS 84).
    outcome, outcome_note
        Of the closing, also while it waits for a second person (``closing_waits``).
    merged_into, merged
        The case of which it is a duplicate; those that are duplicates of this one, also of their duplicates.
    clocks
        First look, verification, closure. Checks and referrals have their own.
    last_event
        Hand it to a step as ``seen``: the step is refused where something happened since.
    """

    id: int
    public_id: str
    status: Status
    facts: dict[str, Any]
    grade: Grade | None
    graded_by: Person | None
    officer: Person | None
    outcome: str | None
    outcome_note: str | None
    closing_by: Person | None
    closing_at: datetime | None
    closed_by: Person | None
    closed_at: datetime | None
    first_look_at: datetime | None
    verified_at: datetime | None
    reopened_at: datetime | None
    recheck: bool
    rechecked_by: Person | None
    rechecked_at: datetime | None
    open_text: str | None
    open_draft: str | None
    open_text_by: Person | None
    merged_into: str | None
    merged: tuple[str, ...]
    clocks: tuple[Clock, ...]
    reports: tuple[Report, ...]
    questions: tuple[Question, ...]
    events: tuple[CaseEvent, ...]
    checks: tuple[FactCheck, ...]
    evidence: tuple[Evidence, ...]
    referrals: tuple[Referral, ...]
    log: tuple[LogEntry, ...]
    last_event: int

    @property
    def closing_waits(self) -> bool:
        """Whether a second person has to confirm that it is closed."""
        return self.closing_by is not None and self.closed_at is None

    @property
    def may_become(self) -> frozenset[Status]:
        """The states that can follow."""
        return MAY_BECOME[self.status]


_PEOPLE = ("graded_by", "officer_id", "closing_by", "closed_by", "rechecked_by", "open_text_by")
_FACTS = [
    "crime_type",
    "other_crime_types",
    "occurred_at",
    "occurred_day_only",
    "reported_at",
    "channel",
    "district_code",
    "district_stated",
    "point_district_code",
    "district_conflict",
    "location_check",
    "snap_distance_m",
    "location_note",
    "source",
    "is_demo",
]


def read_case(connection: Connection, scope: Scope, public_id: str) -> Case:
    """A case with all that stands on it and on those merged into it.

    Raises
    ------
    NotFound
        ``case.not_found``: there is none, or not for this viewer. Agencies read `geo.queries.referred.referred_case`.
    """
    row = (
        connection.execute(
            text(
                f"select i.id, i.public_id, i.status, {', '.join(f'i.{name}' for name in _FACTS)}, st_x(i.geom) as lon, st_y(i.geom) as lat,"
                " f.source_grade, f.info_grade, f.outcome, f.outcome_note, f.closing_at, f.closed_at, f.first_look_at,"
                " f.verified_at, f.reopened_at, coalesce(f.recheck, false) as recheck, f.rechecked_at, f.open_text, f.open_draft,"
                " m.public_id as merged_into, "
                + ", ".join(f"f.{who}, (select name from person where id = f.{who}) as {who}_name" for who in _PEOPLE)
                + " from incident i left join case_file f on f.incident_id = i.id"
                " left join incident m on m.id = f.merged_into where i.public_id = :public_id"
            ),
            {"public_id": public_id},
        )
        .mappings()
        .one_or_none()
    )
    if row is None or not _within(scope, row["district_code"]):
        raise NotFound("case.not_found", public_id=public_id)
    family = connection.execute(
        text(
            "with recursive family (id) as (select cast(:id as bigint) union select f.incident_id from case_file f"
            " join family on f.merged_into = family.id)"
            " select i.id, i.public_id from family join incident i using (id) where i.id <> :id order by i.id"
        ),
        {"id": row["id"]},
    ).all()
    ids = [row["id"], *(one.id for one in family)]
    status = Status(row["status"])
    people = {who: Person(row[who], row[f"{who}_name"]) if row[who] is not None else None for who in _PEOPLE}
    events = case_parts.events_of(connection, ids)
    return Case(
        id=row["id"],
        public_id=row["public_id"],
        status=status,
        facts={name: row[name] for name in [*_FACTS, "lon", "lat"]},
        grade=None if row["source_grade"] is None else Grade(row["source_grade"], row["info_grade"]),
        graded_by=people["graded_by"],
        officer=people["officer_id"],
        outcome=row["outcome"],
        outcome_note=row["outcome_note"],
        closing_by=people["closing_by"],
        closing_at=row["closing_at"],
        closed_by=people["closed_by"],
        closed_at=row["closed_at"],
        first_look_at=row["first_look_at"],
        verified_at=row["verified_at"],
        reopened_at=row["reopened_at"],
        recheck=row["recheck"],
        rechecked_by=people["rechecked_by"],
        rechecked_at=row["rechecked_at"],
        open_text=row["open_text"],
        open_draft=row["open_draft"],
        open_text_by=people["open_text_by"],
        merged_into=row["merged_into"],
        merged=tuple(one.public_id for one in family),
        clocks=case_clocks(
            targets(connection),
            reported_at=row["reported_at"],
            first_look_at=row["first_look_at"],
            verified_at=row["verified_at"],
            closed_at=row["closed_at"],
            reopened_at=row["reopened_at"],
            ended=status in ENDED,
        ),
        reports=case_parts.reports_of(connection, row["id"], contacts=scope.role == Reach.CENTRE),
        questions=case_parts.questions_of(connection, row["id"]) if scope.role == Reach.CENTRE else (),
        events=events,
        checks=case_parts.fact_checks_of(connection, ids),
        evidence=case_parts.evidence_of(connection, ids),
        referrals=referrals_of(connection, ids),
        log=case_parts.log_of(connection, ids),
        last_event=max((event.id for event in events if event.of == row["public_id"]), default=0),
    )


def staff(connection: Connection, district: str) -> tuple[Staff, ...]:
    """Officers and chiefs of a district of one's own, chiefs last."""
    return tuple(Staff(*row) for row in connection.execute(text("select * from district_staff(:d)"), {"d": district}))


def _within(scope: Scope, district: str | None) -> bool:
    return scope.districts is None or district in scope.districts
