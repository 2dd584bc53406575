"""What only an administrator does: who acts is asked of the database again, whatever a page believed."""

from __future__ import annotations

import re
from collections.abc import Collection

import psycopg.errors
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from geo.actions.audit import act_as
from geo.errors import WatchError
from geo.ingest.text import clean
from geo.model.person import Person, Role

__all__ = ["LONGEST_NAME", "administers", "code_from", "named"]

LONGEST_NAME = 200


def administers(connection: Connection, by: Person | None) -> None:
    """Say who does what follows in this transaction, and refuse anybody but an administrator who is one now.

    Nobody stands for a command of the one who runs the server.

    Raises
    ------
    geo.errors.WatchError
        ``people.not_administrator``.
    """
    if by is not None:
        try:
            role = connection.execute(
                text("select role from person where id = :id and active and login <> ''"), {"id": by.id}
            ).scalar()
        except DBAPIError as error:  # who acts for a district or an agency may not read logins
            if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
                raise
            role = None
        if role != Role.ADMINISTRATOR:
            raise WatchError("people.not_administrator")
    act_as(connection, by.id if by else None)


def named(said: str, code: str) -> str:
    """A name on one line that is not too long.

    Raises
    ------
    geo.errors.WatchError
        ``code``: there is none; ``admin.name_long``.
    """
    name = clean(said[: 4 * LONGEST_NAME])
    if not name:
        raise WatchError(code)
    if len(name) > LONGEST_NAME:
        raise WatchError("admin.name_long", most=LONGEST_NAME)
    return name


def code_from(name_en: str, taken: Collection[str], otherwise: str) -> str:
    """A code that nothing has yet, from an English name; ``otherwise`` where it has no letters."""
    stem = re.sub(r"[^a-z0-9]+", "_", name_en.lower()).strip("_")[:30].strip("_")
    if len(stem) < 2 or not stem[0].isalpha():
        stem = otherwise
    return next(code for n in range(1, len(taken) + 2) if (code := stem if n == 1 else f"{stem}_{n}") not in taken)
