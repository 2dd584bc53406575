"""Notifications in the application: who is told is decided in the database whenever something happens to a case.

The trigger ``case_event_told`` (0004_cases2.sql) writes a row of ``notification`` for each whom an event of these kinds
concerns: kind and case, nothing else.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, text

from geo.model.case import Event
from geo.model.person import Role

__all__ = ["TOLD", "forget_read", "kinds_for", "mark_case_read", "mark_read"]

KEPT_DAYS = 90
"""What was read is kept for so long; access.sql lets nothing younger be deleted."""

TOLD: dict[Event, str] = {
    Event.RECEIVED: "handlers",
    Event.ANSWERED: "handlers",
    Event.DISPUTED: "handlers",
    Event.REOPENED: "handlers",
    Event.ASSIGNED: "who has it now",
    Event.CLOSING_PROPOSED: "chiefs",
    Event.CLOSING_SENT_BACK: "who asked",
    Event.CLOSED: "who asked",
    Event.RECHECK_DRAWN: "chiefs",
    Event.REFERRED: "people of the agency",
    Event.REFERRAL_ACCEPTED: "handlers and who sent it",
    Event.REFERRAL_RETURNED: "handlers and who sent it",
    Event.REFERRAL_LAPSED: "handlers and who sent it",
    Event.REFERRAL_WITHDRAWN: "people of the agency",
    Event.REFERRAL_DONE: "handlers and who sent it",
}
"""Kinds of notifications and who gets them. Handlers: the officer of the case, else all officers and chiefs of its district;
where a district has no other chief, its officers. Nobody is told of what they did themselves."""


def kinds_for(role: Role) -> tuple[Event, ...]:
    """The kinds that somebody in this role can be told of."""
    if role is Role.AGENCY:
        return tuple(kind for kind, whom in TOLD.items() if whom == "people of the agency")
    if role in (Role.OFFICER, Role.CHIEF):
        return tuple(kind for kind, whom in TOLD.items() if whom != "people of the agency")
    return ()


def mark_read(connection: Connection, who: int, notifications: Collection[int] | None = None) -> int:
    """Mark one's own notifications as read, all of them by default; how many were unread."""
    return int(
        connection.execute(
            text(
                "update notification set read_at = now() where person_id = :who and read_at is null"
                " and (cast(:ids as bigint[]) is null or id = any(cast(:ids as bigint[])))"
            ),
            {"who": who, "ids": None if notifications is None else list(notifications)},
        ).rowcount
    )


def mark_case_read(connection: Connection, who: int, public_id: str) -> int:
    """Whoever opens a case knows what happened to it: mark as read all that one was told of it; how many that was."""
    return int(
        connection.execute(
            text(
                "update notification set read_at = now() where person_id = :who and read_at is null"
                " and incident_id = (select id from incident where public_id = :id)"
            ),
            {"who": who, "id": public_id},
        ).rowcount
    )


def forget_read(connection: Connection) -> int:
    """Delete what was read `KEPT_DAYS` ago; how many. With the rights of the web process."""
    return int(
        connection.execute(
            text("delete from notification where read_at < now() - :days * interval '1 day'"), {"days": KEPT_DAYS + 1}
        ).rowcount
    )
