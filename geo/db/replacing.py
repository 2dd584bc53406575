"""Put a whole database in the place of the present one: all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL

from geo.db.engine import libpq_url
from geo.errors import ClusterError

__all__ = ["administration", "fresh_database", "last_line", "swap"]

LOCK = 7_341_191
"""Advisory lock that keeps two restores from running at once."""
TRIES = 5


@contextmanager
def administration(target: URL) -> Iterator[psycopg.Connection]:
    """Connection to the server beside the database that is replaced; one restore at a time."""
    try:
        admin = psycopg.connect(libpq_url(target.set(database="postgres")), autocommit=True)
    except psycopg.OperationalError as error:
        raise ClusterError("backup.restore_failed", reason=last_line(str(error))) from None
    with admin:
        got = admin.execute("select pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
        if not got or not got[0]:
            raise ClusterError("backup.busy")
        yield admin


@contextmanager
def fresh_database(admin: psycopg.Connection, target: URL) -> Iterator[URL]:
    """A new, empty database, which is dropped unless it was swapped in."""
    name = f"{target.database}_restoring"
    drop = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
    try:
        admin.execute(drop)  # a restore that was killed left it
        admin.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
        yield target.set(database=name)
    except psycopg.Error as error:
        raise ClusterError("backup.restore_failed", reason=last_line(str(error))) from None
    finally:
        if not admin.closed:
            admin.execute(drop)


def swap(admin: psycopg.Connection, current: str, fresh: str) -> None:
    """Rename both in one transaction; the data replaced ends under the name that is dropped."""
    aside = f"{current}_replaced"
    rename = sql.SQL("alter database {} rename to {}")
    steps = [(current, aside), (fresh, current), (aside, fresh)]
    for tries_left in reversed(range(TRIES)):
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname in (%s, %s) and pid <> pg_backend_pid()",
            (current, fresh),
        )
        try:
            with admin.transaction():
                for old, new in steps:
                    admin.execute(rename.format(sql.Identifier(old), sql.Identifier(new)))
            return
        except psycopg.errors.ObjectInUse:  # a page came back in between
            if tries_left == 0:
                raise


def last_line(words: str) -> str:
    """The line of a program's or driver's words that says what went wrong."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    telling = [line for line in lines if "error:" in line or "ERROR" in line]
    return (telling or lines or ["-"])[0]
