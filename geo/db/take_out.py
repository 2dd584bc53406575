"""Take everything out of the store in forms that outlive this program: CSV, GeoPackage, files, and a data dictionary."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql
from sqlalchemy import make_url
from sqlalchemy.engine import URL

from geo.crs import TIMEZONE
from geo.db.engine import libpq_url
from geo.db.leaving import CONTACT, Table, tables
from geo.db.replacing import last_line
from geo.db.take_out_layers import write_layers
from geo.errors import ClusterError

__all__ = ["FORMAT", "MANIFEST", "Described", "Taken", "take_out"]

FORMAT = 1
"""Of the archive; counted up where an older program could not read it any more."""
MANIFEST = "manifest.json"
Described = Callable[[str, str | None], Sequence[str]]
"""What a table, or one of its columns, means: a sentence in each language of the dictionary."""
_SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}
_SESSION = ("set timezone = 'Asia/Bangkok'", "set datestyle = 'ISO'", "set statement_timeout = 0")


@dataclass(frozen=True, slots=True)
class Taken:
    """Rows by table, and the size of the archive in bytes."""

    rows: dict[str, int]
    size: int


def take_out(
    url: str | URL,
    file: Path,
    *,
    described: Described,
    languages: Sequence[str],
    readme: str,
    opened: Callable[[bytes], str | None] | None = None,
) -> Taken:
    """Write the whole store into a new ZIP archive, readable only by the account that writes it.

    It holds ``csv/<table>.csv`` (UTF-8, times of Asia/Bangkok, geometries as EWKT in EPSG:4326; an empty cell is NULL, "" an
    empty text), ``everything.gpkg`` with the same tables as layers, ``files/<table>/…`` for what is a file of its own,
    ``dictionary.csv``, ``README.txt`` and ``manifest.json`` with the sums by which `geo.db.bring_in` checks it. All of one moment.

    Parameters
    ----------
    described, languages
        Meaning of a table or column in each of the languages, for the dictionary.
    readme
        What the archive says of itself.
    opened
        Opens the sealed contact of a reporter; without it, contacts stay.

    Raises
    ------
    geo.errors.ClusterError
        ``backup.exists``, ``backup.folder``, ``everything.not_taken``, ``everything.other_key``.
    """
    with _whole(file) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        try:
            with psycopg.connect(libpq_url(make_url(url))) as connection:
                for statement in _SESSION:
                    connection.execute(statement)
                connection.commit()
                connection.isolation_level, connection.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
                with connection.transaction():
                    rows = _Writer(connection, archive, opened).write(described, languages, readme, part.parent)
        except psycopg.Error as error:
            raise ClusterError("everything.not_taken", reason=last_line(str(error))) from None
    return Taken(rows, file.stat().st_size)


@contextmanager
def _whole(file: Path) -> Iterator[Path]:
    """A file beside it that takes its name when all is written."""
    if file.exists():
        raise ClusterError("backup.exists", file=file)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
    except OSError as error:
        raise ClusterError("backup.folder", folder=file.parent, reason=error.strerror) from None
    os.close(handle)
    part = Path(name)
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)


class _Writer:
    def __init__(
        self,
        connection: psycopg.Connection,
        archive: zipfile.ZipFile,
        opened: Callable[[bytes], str | None] | None,
    ) -> None:
        self._connection, self._archive, self._opened = connection, archive, opened
        self._sums: dict[str, str] = {}

    def write(self, described: Described, languages: Sequence[str], readme: str, folder: Path) -> dict[str, int]:
        """Everything but the contacts that stay; rows by table."""
        leaving = [one for one in tables(self._connection) if one.name != CONTACT or self._opened is not None]
        rows = {table.name: self._table(table) for table in leaving}
        with tempfile.TemporaryDirectory(prefix=".leaving-", dir=folder) as made:
            package = Path(made) / "everything.gpkg"
            write_layers(self._connection, [one for one in leaving if one.name != CONTACT], package)
            with package.open("rb") as layers, self._entry(package.name) as entry:
                while block := layers.read(1 << 20):
                    entry.write(block)
        self._csv("dictionary.csv", _dictionary(leaving, described, languages))
        with self._entry("README.txt") as entry:
            entry.write(readme.encode())
        manifest = {
            "format": FORMAT,
            "revision": self._connection.execute("select version_num from alembic_version").fetchone()[0],  # type: ignore[index]
            "made_at": datetime.now(ZoneInfo(TIMEZONE)).isoformat(timespec="seconds"),
            "with_reporters": self._opened is not None,
            "tables": {one.name: {"rows": rows[one.name], "columns": _columns(one)} for one in leaving},
            "sequences": dict(
                self._connection.execute(
                    "select sequencename, last_value from pg_sequences where schemaname = 'public' order by 1"
                ).fetchall()
            ),
            "sha256": self._sums,
        }
        self._archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        return rows

    def _table(self, table: Table) -> int:
        if table.name == CONTACT:
            return self._csv(f"csv/{table.name}.csv", self._contacts())
        if table.has_files:
            return self._csv(f"csv/{table.name}.csv", self._with_files(table))
        question = sql.SQL("copy (select {} from {}{}) to stdout (format csv, header)").format(
            sql.SQL(", ").join(
                sql.SQL("{} as {}").format(one.written(), sql.Identifier(one.name)) for one in table.leaving
            ),
            sql.Identifier(table.name),
            table.ordered(),
        )
        with self._connection.cursor() as cursor, self._entry(f"csv/{table.name}.csv") as entry:
            with cursor.copy(question) as copied:
                for block in copied:
                    entry.write(block)
            return cursor.rowcount

    def _contacts(self) -> Iterator[list[Any]]:
        assert self._opened is not None
        yield ["report_id", "contact"]
        for report, sealed in self._connection.execute("select report_id, sealed from report_contact order by 1"):
            contact = self._opened(sealed)
            if contact is None:
                raise ClusterError("everything.other_key")
            yield [report, contact]

    def _with_files(self, table: Table) -> Iterator[list[Any]]:
        """Rows whose file is written beside them, and named in place of its bytes."""
        names = [one.name for one in table.leaving]
        yield names
        columns = sql.SQL(", ").join(
            sql.Identifier(one.name) if one.name == "content" else sql.SQL("({})::text").format(one.written())
            for one in table.leaving
        )
        question = sql.SQL("select {} from {}{}").format(columns, sql.Identifier(table.name), table.ordered())
        with self._connection.cursor(name="leaving") as cursor:
            cursor.itersize = 20
            for row in cursor.execute(question):
                told = dict(zip(names, row, strict=True))
                suffix = _SUFFIX.get(told["media_type"], "bin")
                path = f"files/{table.name}/{'-'.join(told[key] for key in table.key)}.{suffix}"
                with self._entry(path) as entry:
                    entry.write(told["content"])
                yield list((told | {"content": path}).values())

    def _csv(self, name: str, rows: Iterable[list[Any]]) -> int:
        """A CSV as PostgreSQL writes it: no quotes around nothing, which is NULL, and "" for an empty text."""
        # Whole before it is begun: rows bring files of their own, and an archive takes one entry at a time.
        lines = [",".join("" if one is None else _quoted(str(one)) for one in row) for row in rows]
        with self._entry(name) as entry:
            entry.write("\n".join([*lines, ""]).encode())
        return len(lines) - 1

    @contextmanager
    def _entry(self, name: str) -> Iterator[_Summed]:
        with self._archive.open(name, "w", force_zip64=True) as opened:
            summed = _Summed(opened)
            yield summed
        self._sums[name] = summed.sum.hexdigest()


class _Summed:
    """A file that is summed while it is written."""

    def __init__(self, opened: IO[bytes]) -> None:
        self._opened, self.sum = opened, hashlib.sha256()

    def write(self, block: bytes | bytearray | memoryview) -> None:
        self._opened.write(block)
        self.sum.update(block)


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


def _columns(table: Table) -> list[str]:
    return ["report_id", "contact"] if table.name == CONTACT else [one.name for one in table.leaving]


def _dictionary(leaving: Sequence[Table], described: Described, languages: Sequence[str]) -> Iterator[list[Any]]:
    yield ["table", "column", "type", "required", "refers_to", *(f"meaning_{lang}" for lang in languages)]
    for table in leaving:
        yield [table.name, "", "", "", "", *described(table.name, None)]
        for one in table.columns:
            if one.name in _columns(table) or one.computed:
                kind = f"{one.type} (computed)" if one.computed else one.type
                yield [
                    table.name,
                    one.name,
                    kind,
                    "yes" if one.required else "",
                    one.refers,
                    *described(table.name, one.name),
                ]
        if table.name == CONTACT:
            yield [table.name, "contact", "text", "yes", "", *described(table.name, "contact")]
