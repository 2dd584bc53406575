"""What a person is told in the application."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

__all__ = ["Notification", "notifications", "unread"]


@dataclass(frozen=True, slots=True)
class Notification:
    """That something happened to a case; ``kind`` is a `geo.model.case.Event` of `geo.actions.notify.TOLD`.

    ``public_id`` is nothing where the case is no longer this person's to see.
    """

    id: int
    kind: str
    public_id: str | None
    at: datetime
    read: bool


def notifications(connection: Connection, who: int, *, limit: int = 50) -> tuple[Notification, ...]:
    """One's own notifications, unread and then newest first."""
    rows = connection.execute(
        text(
            "select n.id, n.kind, i.public_id, n.at, n.read_at is not null from notification n"
            " left join incident i on i.id = n.incident_id where n.person_id = :who"
            " order by n.read_at is not null, n.at desc, n.id desc limit :limit"
        ),
        {"who": who, "limit": limit},
    )
    return tuple(Notification(*row) for row in rows)


def unread(connection: Connection, who: int) -> int:
    """How many of one's own notifications nobody read yet."""
    return int(
        connection.execute(
            text("select count(*) from notification where person_id = :who and read_at is null"), {"who": who}
        ).scalar_one()
    )
