"""Notifications in the application: who is told is decided in the database whenever something happens to a case.

The trigger ``case_event_told`` (0004_cases2.sql) writes a row of ``notification`` for each whom an event of these kinds
concerns: kind and case, nothing else.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, text

from geo.model.case import Event

__all__ = ["TOLD", "mark_read"]

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
    Event.REFERRAL_DONE: "handlers and who sent it",
}
"""Kinds of notifications and who gets them. Handlers: the officer of the case, else all officers and chiefs of its district;
where a district has no other chief, its officers. Nobody is told of what they did themselves."""


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
