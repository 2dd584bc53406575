"""Entries of the audit log, for an administrator who asks who did what and when. Read as the web process itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from geo.crs import TIMEZONE

__all__ = ["AuditFilter", "Entry", "actions", "actors", "entries"]


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries; what is nothing does not matter.

    Attributes
    ----------
    person
        Who did it.
    actions
        Codes; empty means all.
    subject
        To what: ``incident:NTS69-0000012``, ``person:12``; also only its end.
    first, last
        Days in Asia/Bangkok, both included.
    """

    person: int | None = None
    actions: tuple[str, ...] = ()
    subject: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: codes and numbers, and the name of who did it as it is now."""

    id: int
    at: datetime
    person: int | None
    name: str | None
    action: str
    subject: str
    detail: Mapping[str, Any]
    hash: str


def entries(
    connection: Connection, chosen: AuditFilter, *, before: int | None = None, limit: int = 100
) -> tuple[Entry, ...]:
    """The newest entries first.

    Parameters
    ----------
    before
        Number of the last entry of the page before.
    """
    where, values = _where(chosen)
    if before is not None:
        where.append("a.id < :before")
    rows = connection.execute(
        text(
            "select a.id, a.at, a.person_id, p.name, a.action, a.subject, a.detail, encode(a.hash, 'hex') from audit_log a"
            f" left join person p on p.id = a.person_id where {' and '.join(where) or 'true'}"
            " order by a.id desc limit :limit"
        ),
        values | {"before": before, "limit": limit},
    )
    return tuple(Entry(*row) for row in rows)


def actions(connection: Connection) -> tuple[str, ...]:
    """What was ever done, by code."""
    return tuple(connection.execute(text("select distinct action from audit_log order by 1")).scalars())


def actors(connection: Connection) -> dict[int, tuple[str, str]]:
    """Login and name of everybody, by number: who can stand in the log."""
    rows = connection.execute(text("select id, login, name from person order by name, id"))
    return {row.id: (row.login, row.name) for row in rows}


def _where(chosen: AuditFilter) -> tuple[list[str], dict[str, Any]]:
    where: list[str] = []
    values: dict[str, Any] = {"zone": TIMEZONE}
    for condition, name, value in (
        ("a.person_id = :person", "person", chosen.person),
        ("a.action = any(:actions)", "actions", list(chosen.actions) or None),
        ("right(a.subject, length(:subject)) = :subject", "subject", chosen.subject or None),
        ("a.at >= timezone(:zone, cast(:first as timestamp))", "first", chosen.first),
        (
            "a.at < timezone(:zone, cast(:after as timestamp))",
            "after",
            None if chosen.last is None else chosen.last + timedelta(days=1),
        ),
    ):
        if value is not None:
            where.append(condition)
            values[name] = value
    return where, values
