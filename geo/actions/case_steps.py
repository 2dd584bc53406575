"""Hold a case for a step, refuse what does not fit, and put it into its next state."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg.errors
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from geo.actions.case_history import StepRefused
from geo.crs import TIMEZONE
from geo.errors import NotFound, WatchError
from geo.ingest.text import clean
from geo.model import Status
from geo.model.case import Grade, may_become

__all__ = ["Held", "hold", "move", "own_rows", "refuse_unfit"]


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


@contextmanager
def own_rows() -> Iterator[None]:
    """What the database's rules refuse is said in words: ``case.not_yours``."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise StepRefused("case.not_yours") from None
        raise
