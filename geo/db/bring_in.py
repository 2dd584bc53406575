"""Bring what `geo.db.take_out` wrote into an installation that holds nothing of its own yet."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from alembic import command
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL

from geo.db.engine import libpq_url
from geo.db.leaving import CONTACT, Table, tables
from geo.db.migrate import alembic_config, migrate
from geo.db.replacing import administration, fresh_database, last_line, swap
from geo.db.take_out import FORMAT, MANIFEST
from geo.errors import ClusterError

__all__ = ["Brought", "bring_in"]

SET_UP = frozenset(
    {
        "agency",
        "area",
        "area_part",
        "audit_log",
        "border_section",
        "border_segment",
        "crime_type",
        "crossing",
        "import_batch",
    }
    | {"road_edge", "road_file", "road_node", "setting"}
)
"""Tables that an installation fills by itself when it is set up, and that may be replaced."""
COUNTED = "incident_counted_insert"
"""The one trigger that runs: it counts the incidents anew."""
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Brought:
    """Rows by table, when they were taken out, and whether with the contacts of reporters."""

    rows: dict[str, int]
    made_at: str
    with_reporters: bool


def bring_in(url: str | URL, file: Path, sealed: Callable[[str], bytes]) -> Brought:
    """Fill a new database with an archive, check it, and swap it in; where anything fails, the store stays as it is.

    An archive of an older version is brought to the current schema. Passwords do not come with it.

    Parameters
    ----------
    sealed
        Seals a reporter's contact with the key of this installation.

    Raises
    ------
    geo.errors.ClusterError
        ``everything.no_file``, ``everything.not_ours``, ``everything.newer``, ``everything.damaged``, ``everything.not_empty``,
        ``everything.not_brought``, ``backup.busy``.
    """
    target = make_url(url)
    with _opened(file) as archive:
        told = _manifest(archive, file)
        _refuse_filled(target)
        with administration(target) as admin, fresh_database(admin, target) as fresh:
            engine = create_engine(fresh.set(drivername="postgresql+psycopg"))
            try:
                with engine.begin() as connection:
                    connection.execute(text("set local statement_timeout = 0"))
                    config = alembic_config()
                    config.attributes["connection"] = connection
                    command.upgrade(config, told["revision"])
                with psycopg.connect(libpq_url(fresh)) as connection:
                    _Reader(connection, archive, told, file).read(sealed)
                migrate(engine)
                with engine.begin() as connection:
                    detail = {"rows": sum(one["rows"] for one in told["tables"].values())}
                    connection.execute(
                        text("select audit('store.bring_in', 'store', cast(:detail as jsonb))"),
                        {"detail": json.dumps(detail)},
                    )
            except psycopg.Error as error:
                raise ClusterError("everything.not_brought", reason=last_line(str(error))) from None
            finally:
                engine.dispose()
            with psycopg.connect(libpq_url(fresh), autocommit=True) as connection:
                connection.execute("vacuum (analyze)")
            swap(admin, str(target.database), str(fresh.database))
    return Brought({name: one["rows"] for name, one in told["tables"].items()}, told["made_at"], told["with_reporters"])


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except OSError as error:
        raise ClusterError("everything.no_file", file=file, reason=error.strerror) from None
    except zipfile.BadZipFile:
        raise ClusterError("everything.not_ours", file=file) from None


def _manifest(archive: zipfile.ZipFile, file: Path) -> dict[str, Any]:
    try:
        told = json.loads(archive.read(MANIFEST))
        number, revision = told["format"], told["revision"]
        complete = {f"csv/{name}.csv" for name in told["tables"]} <= set(told["sha256"]) <= set(archive.namelist())
    except zipfile.BadZipFile:
        raise ClusterError("everything.damaged", file=file, part=MANIFEST) from None
    except (KeyError, TypeError, ValueError):
        raise ClusterError("everything.not_ours", file=file) from None
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if number != FORMAT or revision not in known:
        raise ClusterError("everything.newer", revision=revision)
    if not complete:
        raise ClusterError("everything.damaged", file=file, part=MANIFEST)
    return dict(told)


def _refuse_filled(target: URL) -> None:
    with psycopg.connect(libpq_url(target)) as connection:
        for table in tables(connection):
            if table.name not in SET_UP:
                found = sql.SQL("select exists (select from {})").format(sql.Identifier(table.name))
                if connection.execute(found).fetchone() == (True,):
                    raise ClusterError("everything.not_empty", table=table.name)


class _Reader:
    """Fills the tables of a fresh database in one transaction."""

    def __init__(
        self, connection: psycopg.Connection, archive: zipfile.ZipFile, told: dict[str, Any], file: Path
    ) -> None:
        self._connection, self._archive, self._told, self._file = connection, archive, told, file

    def read(self, sealed: Callable[[str], bytes]) -> None:
        known = {one.name: one for one in tables(self._connection)}
        if missing := set(self._told["tables"]) - set(known):
            raise ClusterError("everything.newer", revision=min(missing))
        self._connection.execute("set timezone = 'Asia/Bangkok'")
        references = self._without_references()
        names = sql.SQL(", ").join(map(sql.Identifier, known))
        for name in known:
            self._triggers(name, "disable")
        self._connection.execute(sql.SQL("truncate {}").format(names))
        for name, told in self._told["tables"].items():
            table = known[name]
            if name == "incident":
                self._connection.execute(f"alter table incident enable trigger {COUNTED}")
            rows = self._contacts(sealed) if name == CONTACT else self._table(table, told["columns"])
            if rows != told["rows"]:
                raise ClusterError("everything.damaged", file=self._file, part=name)
        for sequence, last in self._told["sequences"].items():
            if last is not None:
                self._connection.execute("select setval(%s::regclass, %s)", (sequence, last))
        for name in known:
            self._triggers(name, "enable")
        for table_name, name, definition in references:
            self._connection.execute(
                sql.SQL("alter table {} add constraint {} {}").format(
                    sql.SQL(table_name), sql.Identifier(name), sql.SQL(definition)
                )
            )
        self._connection.execute("select incident_count_fold()")

    def _triggers(self, table: str, do: str) -> None:
        self._connection.execute(sql.SQL("alter table {} {} trigger user").format(sql.Identifier(table), sql.SQL(do)))

    def _without_references(self) -> list[tuple[str, str, str]]:
        """Take the foreign keys off, to put them on again, and so check them, when all rows are there."""
        found = self._connection.execute(
            "select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint"
            " where contype = 'f' and connamespace = 'public'::regnamespace order by 1, 2"
        ).fetchall()
        for table, name, _ in found:
            self._connection.execute(
                sql.SQL("alter table {} drop constraint {}").format(sql.SQL(table), sql.Identifier(name))
            )
        return found

    def _table(self, table: Table, columns: list[str]) -> int:
        """Rows of a table, by way of one without rules: a text that was kept from being a formula is none yet."""
        by_name = {one.name: one for one in table.leaving}
        if not set(columns) <= set(by_name):
            raise ClusterError("everything.newer", revision=table.name)
        own, names = sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, columns))
        make = sql.SQL("create temp table arriving as select {} from {} with no data").format(names, own)
        self._connection.execute(make)
        if table.has_files:
            self._connection.execute("alter table arriving alter content type text, add bytes bytea")
        self._copy(sql.SQL("arriving ({})").format(names), f"csv/{table.name}.csv")
        if table.has_files:
            for (path,) in self._connection.execute("select content from arriving").fetchall():
                self._connection.execute(
                    "update arriving set bytes = %s where content = %s", (b"".join(self._part(path)), path)
                )
            self._connection.execute("alter table arriving drop content")
            self._connection.execute("alter table arriving rename bytes to content")
        done = self._connection.execute(
            sql.SQL("insert into {} ({}) overriding system value select {} from arriving").format(
                own, names, sql.SQL(", ").join(by_name[one].read() for one in columns)
            )
        )
        rows = done.rowcount
        self._connection.execute("drop table arriving")
        return rows

    def _contacts(self, sealed: Callable[[str], bytes]) -> int:
        self._connection.execute("create temp table arriving (report_id bigint, contact text)")
        self._copy(sql.SQL("arriving (report_id, contact)"), f"csv/{CONTACT}.csv")
        rows = self._connection.execute("select report_id, contact from arriving").fetchall()
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "insert into report_contact values (%s, %s)", [(report, sealed(contact)) for report, contact in rows]
            )
        self._connection.execute("drop table arriving")
        return len(rows)

    def _copy(self, into: sql.Composable, part: str) -> None:
        question = sql.SQL("copy {} from stdin (format csv, header match)").format(into)
        with self._connection.cursor() as cursor, cursor.copy(question) as copying:
            for block in self._part(part):
                copying.write(block)

    def _part(self, name: str) -> Iterator[bytes]:
        """A file of the archive in blocks, checked against its sum."""
        summed = hashlib.sha256()
        try:
            with self._archive.open(name) as opened:
                while block := opened.read(BLOCK):
                    summed.update(block)
                    yield block
        except (KeyError, zipfile.BadZipFile):
            raise ClusterError("everything.damaged", file=self._file, part=name) from None
        if summed.hexdigest() != self._told["sha256"].get(name):
            raise ClusterError("everything.damaged", file=self._file, part=name)
