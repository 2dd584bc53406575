"""What every step of a case has in common: hold the case, refuse what does not fit, write it into its history and the audit log."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg.errors
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from geo.crs import TIMEZONE
from geo.errors import NotFound, WatchError
from geo.ingest.text import clean
from geo.model import Status
from geo.model.case import Event, Grade, may_become

__all__ = [
    "Held",
    "StepRefused",
    "append",
    "audit",
    "hold",
    "move",
    "needed",
    "own_rows",
    "record",
    "refuse_unfit",
    "written",
]

LONGEST = 10_000
"""Characters of a note: far more than anybody writes, far less than what would choke a page."""


class StepRefused(WatchError):
    """The case is not in a state for this step, or this person may not take it; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Held:
    """A case as it is now; nobody else changes it until the transaction ends."""

    id: int
    public_id: str
    status: Status
    district: str | None
    grade: Grade | None
    officer: int | None
    merged_into: int | None
    outcome: str | None
    outcome_note: str | None
    verified_at: datetime | None
    closing_by: int | None
    closed_at: datetime | None
    closed_by: int | None
    recheck: bool
    rechecked: bool
    file: Mapping[str, Any]
    """The whole row of ``case_file``."""

    @property
    def closing_waits(self) -> bool:
        """Whether a second person has to confirm that it is closed."""
        return self.closing_by is not None and self.closed_at is None


def hold(connection: Connection, public_id: str, *, seen: int | None = None) -> Held:
    """Lock a case for a step.

    Parameters
    ----------
    seen
        ``geo.queries.case.Case.last_event`` as the person saw it: where something happened since, the step is
        refused and the person told what it was.

    Raises
    ------
    NotFound
        ``case.not_found``: there is none, or not for this viewer.
    StepRefused
        ``case.not_yours``: this viewer may only read; ``case.changed``.
    """
    with own_rows():
        row = connection.execute(
            text(
                "select id, public_id, status, district_code from incident where public_id = :public_id for no key update"
            ),
            {"public_id": clean(public_id)},
        ).first()
        if row is None:
            raise NotFound("case.not_found", public_id=public_id)
        connection.execute(
            text("insert into case_file (incident_id) values (:id) on conflict do nothing"), {"id": row.id}
        )
        read = text("select * from case_file where incident_id = :id for update")
        file = connection.execute(read, {"id": row.id}).mappings().one()
    if seen is not None:
        _refuse_if_changed(connection, int(row.id), row.public_id, seen)
    grade = None if file["source_grade"] is None else Grade(file["source_grade"], file["info_grade"])
    return Held(
        row.id,
        row.public_id,
        Status(row.status),
        row.district_code,
        grade,
        file["officer_id"],
        file["merged_into"],
        file["outcome"],
        file["outcome_note"],
        file["verified_at"],
        file["closing_by"],
        file["closed_at"],
        file["closed_by"],
        file["recheck"],
        file["rechecked_at"] is not None,
        dict(file),
    )


def _last(connection: Connection, incident: int, condition: str, **values: object) -> dict[str, object] | None:
    """Who did what and when, for a sentence."""
    row = connection.execute(
        text(
            "select e.kind, e.at, coalesce(p.name, '-') as person from case_event e left join person p on p.id = e.person_id"
            f" where e.incident_id = :id and {condition} order by e.id desc limit 1"
        ),
        {"id": incident, **values},
    ).first()
    if row is None:
        return None
    return {"kind": row.kind, "at": row.at.astimezone(ZoneInfo(TIMEZONE)), "person": row.person}


def _refuse_if_changed(connection: Connection, incident: int, public_id: str, seen: int) -> None:
    last = _last(connection, incident, "e.id > :seen and e.kind not in ('looked', 'contact_opened')", seen=seen)
    if last:
        what = WatchError(f"case.event.{last['kind']}")
        raise StepRefused("case.changed", public_id=public_id, person=last["person"], at=last["at"], what=what)


def refuse_unfit(connection: Connection, case: Held, then: Status, of: Collection[Status] = tuple(Status)) -> None:
    """Refuse a step that does not lead from the present state, which somebody else may just have changed.

    Parameters
    ----------
    of
        The states from which this step leads there; others that may become ``then`` do so by other steps.

    Raises
    ------
    StepRefused
        ``case.is_<state>`` with who put it there and when; ``case.closing_waits``.
    """
    if case.status not in of or not may_become(case.status, then):
        last = _last(connection, case.id, "e.to_status is not null") or {"at": None, "person": "-"}
        code = f"case.is_{case.status}" + ("" if last["at"] else "_imported")
        raise StepRefused(code, public_id=case.public_id, at=last["at"], person=last["person"])
    if case.closing_waits and then != Status.CLOSED:
        raise StepRefused("case.closing_waits", public_id=case.public_id)


def move(connection: Connection, case: Held, then: Status, of: Collection[Status] = tuple(Status)) -> None:
    """Put a case into its next state, or refuse as `refuse_unfit` does."""
    refuse_unfit(connection, case, then, of)
    connection.execute(text("update incident set status = :then where id = :id"), {"then": then.value, "id": case.id})


_EVENT = (
    "insert into case_event (incident_id, person_id, kind, from_status, to_status, note, detail)"
    " values (:case, :who, :kind, :now, :then, :note, cast(:detail as jsonb))"
)


def record(
    connection: Connection,
    who: int | None,
    case: int,
    kind: Event,
    *,
    now: Status | None = None,
    then: Status | None = None,
    note: str | None = None,
    **detail: object,
) -> int:
    """Write one event into the history of a case; its number. Those whom it concerns are told by the database."""
    values = _event(who, case, kind, detail) | {"now": now and now.value, "then": then and then.value, "note": note}
    return int(connection.execute(text(f"{_EVENT} returning id"), values).scalar_one())


def append(connection: Connection, who: int | None, case: int, kind: Event, detail: Mapping[str, object]) -> None:
    """The same for those who may add to the history but not read it: agencies."""
    connection.execute(
        text(
            "insert into case_event (incident_id, person_id, kind, detail)"
            " values (:case, :who, :kind, cast(:detail as jsonb))"
        ),
        _event(who, case, kind, detail),
    )


def _event(who: int | None, case: int, kind: Event, detail: Mapping[str, object]) -> dict[str, object]:
    known = {key: value for key, value in detail.items() if value is not None}
    return {
        "case": case,
        "who": who,
        "kind": kind.value,
        "detail": json.dumps(known, ensure_ascii=False, default=str),
    }


def audit(connection: Connection, action: str, subject: str, **detail: object) -> None:
    """Append to the audit log; the last statement of its transaction. Codes and numbers only, no names, no text."""
    connection.execute(
        text("select audit(:action, :subject, cast(:detail as jsonb))"),
        {"action": action, "subject": subject, "detail": json.dumps(detail, default=str)},
    )


def written(said: str | None) -> str | None:
    """Text as it is kept: clean, with its line breaks; nothing where nothing was said.

    Raises
    ------
    StepRefused
        ``case.text_too_long``.
    """
    kept = clean(said or "", lines=True)
    if len(kept) > LONGEST:
        raise StepRefused("case.text_too_long", limit=LONGEST)
    return kept or None


def needed(said: str | None, code: str) -> str:
    """The same where something must be said; refused with ``code`` where it is not."""
    kept = written(said)
    if kept is None:
        raise StepRefused(code)
    return kept


@contextmanager
def own_rows() -> Iterator[None]:
    """What the database's rules refuse is said in words: ``case.not_yours``."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise StepRefused("case.not_yours") from None
        raise
