"""Read the audit log back and compute its chain again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

__all__ = ["Chain", "head", "verify"]

_BEGINNING = "sha256('NTS-Mekong Watch'::bytea)"

_BROKEN = text(
    "select id from (select a.*, row_number() over (order by id) as place,"
    f" lag(hash, 1, {_BEGINNING}) over (order by id) as before from audit_log a) e"
    " where id <> place or previous <> before"
    " or hash is distinct from audit_hash(id, at, person_id, action, subject, detail, previous)"
    " order by id limit 1"
)


@dataclass(frozen=True, slots=True)
class Chain:
    """What the log looks like.

    Attributes
    ----------
    entries
        How many there are.
    head
        Hash of the last one, hexadecimal; the beginning's where there is none. The chain cannot see that its end was cut
        off: compare it with one that was written down elsewhere.
    broken
        Number of the first entry that was changed, inserted or follows a gap; nothing where all are as they were written.
    """

    entries: int
    head: str
    broken: int | None = None


def head(connection: Connection) -> Chain:
    """Number of entries and the last hash, without checking them."""
    row = connection.execute(
        text(
            "select (select count(*) from audit_log),"
            f" encode(coalesce((select hash from audit_log order by id desc limit 1), {_BEGINNING}), 'hex')"
        )
    ).one()
    return Chain(int(row[0]), str(row[1]))


def verify(connection: Connection) -> Chain:
    """Compute every hash again, in order."""
    found = head(connection)
    broken = connection.execute(_BROKEN).scalar()
    return Chain(found.entries, found.head, None if broken is None else int(broken))
