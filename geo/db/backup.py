"""Save the whole store in one file, and put it back: all of it or nothing."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url
from sqlalchemy.engine import URL

from geo.db.engine import libpq_url
from geo.db.migrate import alembic_config, migrate
from geo.db.packages import client_program
from geo.db.replacing import administration, fresh_database, last_line, swap
from geo.errors import ClusterError

__all__ = ["backup", "restore"]

MAGIC = b"PGDMP"
"""First bytes of a file in pg_dump's custom format."""


def backup(url: str | URL, file: Path) -> int:
    """Save the database in ``file`` (pg_dump, custom format), readable only by the account that saves it.

    Written under a temporary name in the same folder and renamed when it is whole.

    Returns
    -------
    int
        Size in bytes.

    Raises
    ------
    geo.errors.ClusterError
        ``backup.exists``, ``backup.folder``, ``backup.failed``.
    """
    if file.exists():
        raise ClusterError("backup.exists", file=file)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
    except OSError as error:
        raise ClusterError("backup.folder", folder=file.parent, reason=error.strerror) from None
    os.close(handle)
    part = Path(name)
    try:
        _run("pg_dump", make_url(url), ["--format=custom", "--enable-row-security", f"--file={part}"], "backup.failed")
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.rename(file)
        return file.stat().st_size
    finally:
        part.unlink(missing_ok=True)


def restore(url: str | URL, file: Path) -> None:
    """Replace the database by what ``file`` holds.

    Fills a new database, brings it to the current schema and swaps the two in one transaction. Where anything
    fails, the present data stays as it is. Open pages lose their connection and come back by themselves.

    Raises
    ------
    geo.errors.ClusterError
        ``backup.no_file``, ``backup.not_a_backup``, ``backup.not_ours``, ``backup.newer``,
        ``backup.restore_failed``, ``backup.busy``.
    """
    target = make_url(url)
    contents = _check_file(file, target)
    with administration(target) as admin, fresh_database(admin, target) as fresh, _wanted(contents) as wanted:
        arguments = ["--exit-on-error", "--no-owner", "--no-privileges", "--jobs=2", f"--use-list={wanted}"]
        _run("pg_restore", fresh, [*arguments, str(file.absolute())], "backup.restore_failed")
        _bring_up_to_date(fresh)
        swap(admin, str(target.database), str(fresh.database))


@contextmanager
def _wanted(contents: str) -> Iterator[Path]:
    """A list of what to restore: all but the policies, which name roles and are made anew from ``access.sql``."""
    with tempfile.NamedTemporaryFile("w", suffix=".list") as listed:
        for line in contents.splitlines(keepends=True):
            if " POLICY " not in line and " ROW SECURITY " not in line:
                listed.write(line)
        listed.flush()
        yield Path(listed.name)


def _check_file(file: Path, target: URL) -> str:
    """The file's table of contents."""
    try:
        with file.open("rb") as opened:
            begins = opened.read(len(MAGIC))
    except OSError as error:
        raise ClusterError("backup.no_file", file=file, reason=error.strerror) from None
    if begins != MAGIC:
        raise ClusterError("backup.not_a_backup", file=file)
    listing = _call("pg_restore", ["--list", str(file.absolute())], {})
    if listing.returncode != 0:
        raise ClusterError("backup.not_a_backup", file=file)
    if " TABLE public incident " not in listing.stdout:
        raise ClusterError("backup.not_ours", file=file)
    return listing.stdout


def _bring_up_to_date(fresh: URL) -> None:
    """Migrate what an older version saved; refuse what a newer one saved."""
    with psycopg.connect(libpq_url(fresh), autocommit=True) as connection:
        row = connection.execute("select version_num from alembic_version").fetchone()
        known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
        if row is None or row[0] not in known:
            raise ClusterError("backup.newer", revision=row[0] if row else "-")
        engine = create_engine(fresh.set(drivername="postgresql+psycopg"))
        try:
            migrate(engine, restored=True)
        finally:
            engine.dispose()
        connection.execute("vacuum (analyze)")  # index-only scans need it at once


def _run(program: str, url: URL, arguments: Sequence[str], code: str) -> None:
    # The password goes by the environment: everybody on the machine can read a command line.
    password = url.password or url.query.get("password")
    secret = {"PGPASSWORD": str(password)} if password else {}
    address = libpq_url(url._replace(password=None).difference_update_query(["password"]))
    done = _call(program, [f"--dbname={address}", *arguments], secret)
    if done.returncode != 0:
        raise ClusterError(code, reason=last_line(done.stderr))


def _call(program: str, arguments: Sequence[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own arguments, no shell
        [client_program(program), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        env=os.environ | {"LC_ALL": "C.UTF-8"} | environment,
    )
