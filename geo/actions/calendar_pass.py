"""A secret address under which a telephone reads its owner's calendar: made anew, closed, and known again."""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import Connection, text

from geo.actions.audit import act_as, audit
from geo.errors import NotFound
from geo.model.person import Person
from geo.queries.people import person

__all__ = ["close_calendar", "has_calendar", "open_calendar", "owner_of"]

LENGTH = 32
"""Bytes of the secret: nobody guesses it, so nobody has to be stopped from guessing."""


def open_calendar(connection: Connection, who: Person) -> str:
    """Make a new secret, which the caller shows once; an older one opens nothing any more. As the web process itself."""
    token = secrets.token_urlsafe(LENGTH)
    act_as(connection, who.id)
    connection.execute(
        text(
            "insert into calendar_pass (person_id, token_hash) values (:id, :hash)"
            " on conflict (person_id) do update set token_hash = excluded.token_hash, made_at = now()"
        ),
        {"id": who.id, "hash": _hash(token)},
    )
    audit(connection, "calendar.open", f"person:{who.id}")
    return token


def close_calendar(connection: Connection, who: Person) -> None:
    """Let the secret open nothing any more. As the web process itself."""
    act_as(connection, who.id)
    gone = connection.execute(text("delete from calendar_pass where person_id = :id"), {"id": who.id}).rowcount
    if gone:
        audit(connection, "calendar.close", f"person:{who.id}")


def has_calendar(connection: Connection, who: Person) -> bool:
    """Whether there is a secret that opens this person's calendar."""
    return bool(
        connection.execute(text("select exists (select from calendar_pass where person_id = :id)"), {"id": who.id}).scalar()
    )  # fmt: skip


def owner_of(connection: Connection, token: str) -> Person | None:
    """Whose calendar a secret opens now: of somebody who is still at work here."""
    number = connection.execute(
        text("select person_id from calendar_pass where token_hash = :hash"), {"hash": _hash(token)}
    ).scalar()
    if number is None:
        return None
    try:
        found = person(connection, number)
    except NotFound:
        return None
    return found if found.active and not found.must_change_password else None


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
