"""Read the audit log back and compute its chain again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

__all__ = ["Chain", "head", "verify"]

_BEGINNING = "sha256('NTS-Mekong Watch'::bytea)"

_AT_ONCE = 20_000
"""Entries computed in one statement: a page's statements have five seconds."""
_SLICE = text(
    "with part as materialized (select * from audit_log where id > :after and id <= :last order by id limit :n),"
    " placed as (select p.*, row_number() over (order by id) + :done as place,"
    f" lag(hash, 1, coalesce(cast(:hash as bytea), {_BEGINNING})) over (order by id) as before from part p)"
    " select count(*), max(id), (array_agg(hash order by id desc))[1],"
    " min(id) filter (where id <> place or previous <> before"
    " or hash is distinct from audit_hash(id, at, person_id, action, subject, detail, previous)) from placed"
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
        text(f"select entries, encode(coalesce(head, {_BEGINNING}), 'hex') from audit_head()")
    ).one()
    return Chain(int(row[0]), str(row[1]))


def verify(connection: Connection, at_once: int = _AT_ONCE) -> Chain:
    """Compute every hash again, in order; of the entries that are there when it begins."""
    found = head(connection)
    last = connection.execute(text("select coalesce(max(id), 0) from audit_log")).scalar_one()
    done, after, hash_ = 0, -(2**62), None
    while True:
        n, upto, hash_, broken = connection.execute(
            _SLICE, {"after": after, "last": last, "done": done, "hash": hash_, "n": at_once}
        ).one()
        if broken is not None:
            return Chain(found.entries, found.head, int(broken))
        if n < at_once:
            return Chain(found.entries, found.head)
        done, after = done + n, upto
