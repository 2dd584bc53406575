"""Note that somebody of whom nothing was heard was called, and keep and open how they are reached."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from geo.actions.case_history import StepRefused, audit, written
from geo.actions.case_steps import own_rows
from geo.crs import TIMEZONE
from geo.errors import NotFound
from geo.model.silence import LONGEST_NOTE, CallOutcome
from geo.queries.own_reports import reported_months

__all__ = ["keep_coordinator_contact", "note_call", "open_coordinator_contact"]


def note_call(
    connection: Connection,
    coordinator: int,
    outcome: CallOutcome,
    *,
    at: datetime | None = None,
    month: date | None = None,
    note: str | None = None,
) -> int:
    """Note a call; its number. "Nothing to report" is that place's word for the month, as if they had said it themselves.

    Who calls is the person of the entered scope; the database takes nobody else, and only for coordinators of their districts.

    Parameters
    ----------
    coordinator
        Number of the person.
    at
        Aware moment, not in the future; now by default.
    month
        First day of the month for which there was nothing; for that outcome alone.

    Raises
    ------
    StepRefused
        ``log.in_future``; ``coordinator.month_ahead``; ``silence.has_reports``; ``silence.no_month``; ``silence.note_long``;
        ``case.not_yours``: not a coordinator of their districts.
    """
    said = written(note)
    if said is not None and len(said) > LONGEST_NOTE:
        raise StepRefused("silence.note_long", most=LONGEST_NOTE)
    now = connection.execute(text("select now()")).scalar_one()
    if at is not None and at > now:
        raise StepRefused("log.in_future")
    month = _month(connection, coordinator, outcome, month, now)
    with own_rows():
        number = connection.execute(
            text(
                "insert into silence_call (person_id, called_at, outcome, month, note)"
                " values (:coordinator, :at, :outcome, :month, :note) returning id"
            ),
            {"coordinator": coordinator, "at": at or now, "outcome": outcome.value, "month": month, "note": said},
        ).scalar_one()
    audit(connection, "silence.call", f"person:{coordinator}", outcome=outcome.value, month=month and month.isoformat())
    return int(number)


def _month(
    connection: Connection, coordinator: int, outcome: CallOutcome, month: date | None, now: datetime
) -> date | None:
    if outcome is not CallOutcome.NOTHING:
        return None
    if month is None:
        raise StepRefused("silence.no_month")
    first = month.replace(day=1)
    if first > now.astimezone(ZoneInfo(TIMEZONE)).date():
        raise StepRefused("coordinator.month_ahead")
    if n := reported_months(connection, coordinator, first).get(first, 0):
        raise StepRefused("silence.has_reports", n=n)
    return first


def keep_coordinator_contact(connection: Connection, coordinator: int, sealed: bytes | None) -> None:
    """Keep how a coordinator of one's own district is reached, or forget it; the last statement of a transaction.

    Parameters
    ----------
    sealed
        Encrypted by the application.

    Raises
    ------
    StepRefused
        ``case.not_yours``.
    """
    with own_rows():
        connection.execute(
            text("select keep_coordinator_contact(:who, :sealed)"), {"who": coordinator, "sealed": sealed}
        )


def open_coordinator_contact(connection: Connection, coordinator: int) -> bytes:
    """The sealed contact of a coordinator of one's own district; the last statement of a transaction.

    The database itself writes the opening into the audit log.

    Raises
    ------
    StepRefused
        ``case.not_yours``.
    NotFound
        ``silence.no_contact``.
    """
    with own_rows():
        sealed = connection.execute(text("select open_coordinator_contact(:who)"), {"who": coordinator}).scalar()
    if sealed is None:
        raise NotFound("silence.no_contact")
    return bytes(sealed)
