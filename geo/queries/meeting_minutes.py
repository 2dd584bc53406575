"""Agenda and attendance of a meeting, as far as the reader may see the meeting."""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo.model.meeting_minutes import AgendaItem, Attendance

__all__ = ["agenda", "attendance"]


def agenda(connection: Connection, meeting: int) -> tuple[AgendaItem, ...]:
    """Its items in their order. With the reader's rights (`geo.db.scope.enter`)."""
    rows = connection.execute(
        text("select words, note from meeting_item where meeting_id = :id order by place"), {"id": meeting}
    )
    return tuple(AgendaItem(*row) for row in rows)


def attendance(connection: Connection, meeting: int) -> tuple[Attendance, ...]:
    """Who came, in the order in which they were written down."""
    rows = connection.execute(
        text("select agency, office, present from meeting_attendance where meeting_id = :id order by place"),
        {"id": meeting},
    )
    return tuple(Attendance(*row) for row in rows)
