"""What leaves the store when all of it is taken out: which tables, which of their columns, and in which form."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql

__all__ = ["CONTACT", "FORMULA", "KEPT_BACK", "LEFT_OUT", "Column", "Table", "tables"]

LEFT_OUT = frozenset(
    {
        "alembic_version",
        "sign_in",
        "sign_in_attempt",
        "incident_count",
        "incident_count_written",
        "coordinator_contact",
        "calendar_pass",
    }
)
"""Tables that stay: who is signed in at this moment, counts that are made anew from the incidents, and telephones whose seal is of
one installation: they are kept anew; and what opens a calendar."""
KEPT_BACK = frozenset({"password_hash", "totp_sealed", "totp_last_step", "webhook_url", "sealed"})
"""Columns that open doors elsewhere: an account of an export has to be given a new password; and persons who consented to be known
to one office."""
CONTACT = "report_contact"
"""How to reach reporters. It leaves only where an administrator asks, and then in clear: its seal is of one installation."""
FORMULA = "^[=+@\\t\\r''-]"
"""Texts that a spreadsheet would compute, or that begin with the ' by which they are told to be texts (SQL, quoted)."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as PostgreSQL declares it.

    Attributes
    ----------
    type
        As `format_type` writes it: ``text[]``, ``geometry(Point,4326)``.
    computed
        Made from others by the database: told in the dictionary, and not in the files.
    refers
        ``table.column`` that it refers to; empty where none.
    """

    name: str
    type: str
    required: bool
    computed: bool
    refers: str

    @property
    def is_shape(self) -> bool:
        """A geometry, longitude and latitude of WGS 84."""
        return self.type.startswith("geometry")

    @property
    def is_text(self) -> bool:
        """A text that somebody may have typed."""
        return self.type == "text" or self.type.startswith("character varying")

    def written(self) -> sql.Composable:
        """Its value in a file: a geometry as well-known text that comes back to the last bit, a text never as a formula."""
        name = sql.Identifier(self.name)
        if self.is_shape:
            return sql.SQL("st_asewkt({}, 17)").format(name)
        if self.is_text:
            return sql.SQL(f"case when {{0}} ~ '{FORMULA}' then '''' || {{0}} else {{0}} end").format(name)
        return name

    def read(self) -> sql.Composable:
        """The value of what `written` wrote."""
        name = sql.Identifier(self.name)
        if self.is_text:
            return sql.SQL("case when starts_with({0}, '''') then substr({0}, 2) else {0} end").format(name)
        return name


@dataclass(frozen=True, slots=True)
class Table:
    """A table that leaves.

    Attributes
    ----------
    key
        Columns of its primary key, by which its rows are in order.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def leaving(self) -> tuple[Column, ...]:
        """The columns that are in its file."""
        return tuple(one for one in self.columns if not one.computed and one.name not in KEPT_BACK)

    @property
    def has_files(self) -> bool:
        """Whether each row is a file, a photo for example, which leaves as such."""
        return {"content", "media_type"} <= {one.name for one in self.columns if one.type in {"bytea", "text"}}

    def ordered(self) -> sql.Composable:
        """``order by`` its key."""
        return sql.SQL(" order by {}").format(sql.SQL(", ").join(map(sql.Identifier, self.key)))


_TABLES = """
    select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated <> '',
           coalesce((select f.confrelid::regclass || '.' || r.attname from pg_constraint f
                     join pg_attribute r on r.attrelid = f.confrelid and r.attnum = f.confkey[1]
                     where f.contype = 'f' and f.conrelid = c.oid and f.conkey = array[a.attnum] limit 1), '')
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
        and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    order by c.relname, a.attnum
"""
_KEYS = """
    select c.conrelid::regclass::text, array_agg(a.attname::text order by k.n)
    from pg_constraint c cross join unnest(c.conkey) with ordinality k (attnum, n)
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum
    where c.contype = 'p' and c.connamespace = 'public'::regnamespace group by 1
"""


def tables(connection: psycopg.Connection) -> tuple[Table, ...]:
    """The tables of a store that leave, by name; a new one leaves without being told."""
    keys: dict[str, list[str]] = dict(connection.execute(_KEYS).fetchall())
    columns: dict[str, list[Column]] = {}
    for table, *told in connection.execute(_TABLES):
        if table not in LEFT_OUT:
            columns.setdefault(table, []).append(Column(*told))
    return tuple(
        Table(name, tuple(own), tuple(keys.get(name) or [one.name for one in own])) for name, own in columns.items()
    )
