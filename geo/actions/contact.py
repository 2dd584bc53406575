"""Open the contact that a reporter left."""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo.actions.case_steps import own_rows
from geo.errors import NotFound

__all__ = ["open_contact"]


def open_contact(connection: Connection, report: int) -> bytes:
    """The sealed contact of a report, for an officer or chief of its district alone; the last statement of a transaction.

    The database itself writes the opening into the case's history and the audit log. Who asks is the person of the entered
    scope, not an argument.

    Raises
    ------
    StepRefused
        ``case.not_yours``.
    NotFound
        ``case.no_contact``.
    """
    with own_rows():
        sealed = connection.execute(text("select open_contact(:report)"), {"report": report}).scalar()
    if sealed is None:
        raise NotFound("case.no_contact")
    return bytes(sealed)
