"""Append to the audit log."""

from __future__ import annotations

import json

from sqlalchemy import Connection, text

__all__ = ["act_as", "audit"]


def audit(connection: Connection, action: str, subject: str, **detail: str | int | bool | None) -> int:
    """Append one entry, as the last statement of its transaction: the next entry of anybody waits until it is over.

    Parameters
    ----------
    action, subject
        Codes: ``person.create``, ``person:12``.
    detail
        Codes and numbers only, never a name or a text.

    Returns
    -------
    int
        Number of the entry.
    """
    statement = text("select audit(:action, :subject, cast(:detail as jsonb))")
    values = {"action": action, "subject": subject, "detail": json.dumps(detail)}
    return int(connection.execute(statement, values).scalar_one())


def act_as(connection: Connection, person: int | None) -> None:
    """Say who does what follows in this transaction, without taking a role: for what is nobody's case."""
    connection.execute(
        text("select set_config('watch.person', :person, true)"), {"person": "" if person is None else str(person)}
    )
