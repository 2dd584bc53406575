"""Who may read and write what: roles, grants and row-level security, brought to what ``access.sql`` says."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

import psycopg.errors
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

__all__ = ["LEAKPROOF", "ensure_access", "ensure_roles"]

log = logging.getLogger("watch.access")

_FOLDER = Path(__file__).parent
LEAKPROOF = (
    "geometry_overlaps(geometry,geometry)",
    "st_intersects(geometry,geometry)",
    "zkey_axis(bigint)",
)
"""Functions that tell nothing of their arguments by their errors. Only such are asked before row-level security is, and
only so are the indexes on geometry used under it (0.1 instead of 200 ms). A dump does not hold the mark."""


def ensure_roles(connection: Connection) -> None:
    """Make the roles that ``access.sql`` speaks of, where the cluster has none. Needs the right to make roles."""
    _run(connection, "roles.sql")


def ensure_access(connection: Connection, *, anew: bool = False) -> bool:
    """Bring grants and policies to what ``access.sql`` says; whether anything had to be done.

    Parameters
    ----------
    connection
        Of the owner of the tables, in a transaction that the caller commits.
    anew
        After a restore: what the database remembers of its grants is not to be believed.
    """
    wanted = hashlib.sha256(b"".join((_FOLDER / name).read_bytes() for name in ("roles.sql", "access.sql"))).hexdigest()
    kept = connection.execute(text("select obj_description('alembic_version'::regclass)")).scalar()
    changed = anew or kept != wanted
    if changed:
        ensure_roles(connection)
        _run(connection, "access.sql")
        connection.execute(text(f"comment on table alembic_version is '{wanted}'"))
    _mark_leakproof(connection)
    return changed


def _run(connection: Connection, name: str) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute((_FOLDER / name).read_text(encoding="utf-8"))


def _mark_leakproof(connection: Connection) -> None:
    missing = connection.execute(
        text(
            "select f from unnest(cast(:all as text[])) f join pg_proc p on p.oid = f::regprocedure where not p.proleakproof"
        ),
        {"all": list(LEAKPROOF)},
    ).scalars()
    for function in missing.all():
        try:
            with connection.begin_nested():
                connection.execute(text(f"alter function {function} leakproof"))
        except DBAPIError as error:
            if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
                raise
            log.warning(
                "only a superuser may mark %s leakproof: searches by place will be slow until one does", function
            )
