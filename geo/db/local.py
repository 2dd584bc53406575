"""The private PostGIS cluster under ``var_dir``: a unix socket, no TCP, no password, started on demand."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from geo.db.cluster_folder import ROLE, ClusterFolder
from geo.db.cluster_settings import settings_text
from geo.db.packages import Installation, find_installation
from geo.errors import ClusterError

__all__ = ["DATABASE", "ClusterStatus", "ensure_running", "status", "stop"]

DATABASE = "watch"
NEEDED_MB = 300
"""Free disk space that a new cluster and its first data need."""
LOG_LIMIT = 10 * 1024**2
PATIENCE_S = 30.0
"""How long a start waits for the processes of a killed server to go away."""


@dataclass(frozen=True, slots=True)
class ClusterStatus:
    """What the private cluster is doing. ``pid`` and ``url`` are None where it is not running."""

    running: bool
    data: Path
    major: int | None
    pid: int | None
    url: str | None


def ensure_running(var_dir: Path, overrides: Mapping[str, str] | None = None) -> str:
    """libpq URL of the private cluster's database, which is made and started where it is not running.

    Two processes may call it at once: one starts the cluster, the other waits and uses it.

    Parameters
    ----------
    var_dir
        Folder for data, log and socket.
    overrides
        PostgreSQL settings for this start, for example ``{"fsync": "off"}`` in tests.

    Raises
    ------
    geo.errors.ClusterError
        With a code ``cluster.…``: packages, disk, folder, version, or the server's own last words.
    """
    folder = ClusterFolder.of(var_dir)
    if folder.socket_is_ours() and _answers(folder, DATABASE):
        return folder.url(DATABASE)
    installation = find_installation(_data_major(folder))
    folder.prepare()
    with _alone(folder):
        if not _answers(folder, "postgres"):
            if not (folder.data / "PG_VERSION").is_file():
                _create(folder, installation)
            _start(folder, installation, overrides)
        _create_database(folder)
    return folder.url(DATABASE)


def stop(var_dir: Path) -> bool:
    """Stop the private cluster; False where it was not running.

    Raises
    ------
    geo.errors.ClusterError
        ``cluster.stop_failed`` and those of finding the programs.
    """
    folder = ClusterFolder.of(var_dir)
    if not folder.data.is_dir():
        return False
    with _alone(folder):
        if _postmaster(folder) is None:
            return False
        _pg_ctl_stop(folder, find_installation(_data_major(folder)))
    return True


def status(var_dir: Path) -> ClusterStatus:
    """What the cluster is doing; starts and writes nothing."""
    folder = ClusterFolder.of(var_dir)
    running = folder.socket_is_ours() and _answers(folder, "postgres")
    return ClusterStatus(
        running=running,
        data=folder.data,
        major=_data_major(folder),
        pid=_postmaster(folder) if running else None,
        url=folder.url(DATABASE) if running else None,
    )


@contextmanager
def _alone(folder: ClusterFolder) -> Iterator[None]:
    try:
        handle = os.open(folder.lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ClusterError("cluster.folder", folder=folder.var_dir, reason=error.strerror) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _answers(folder: ClusterFolder, database: str) -> bool:
    try:
        psycopg.connect(folder.url(database), connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def _data_major(folder: ClusterFolder) -> int | None:
    """Major version of PostgreSQL that made the data; None where there is none."""
    try:
        written = (folder.data / "PG_VERSION").read_text(encoding="ascii", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ClusterError("cluster.folder", folder=folder.data, reason=error.strerror) from None
    if not written.isdigit():
        raise ClusterError("cluster.other_version", data=written, installed="-")
    return int(written)


def _postmaster(folder: ClusterFolder) -> int | None:
    """Process number of the server that runs on this data, if it is alive and is that server."""
    try:
        pid = int((folder.data / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return None
    return pid if b"postgres" in words[0] and os.fsencode(folder.data) in words else None


def _create(folder: ClusterFolder, installation: Installation) -> None:
    """Make the data directory under another name first, so that half a one is never taken for a whole."""
    free = shutil.disk_usage(folder.top).free // 1024**2
    if free < NEEDED_MB:
        raise ClusterError("cluster.disk_full", folder=folder.top, free_mb=free, needed_mb=NEEDED_MB)
    making = folder.top / "data.making"
    if making.exists():
        shutil.rmtree(making)
    done = folder.run(
        [
            installation.program("initdb"),
            f"--pgdata={making}",
            f"--username={ROLE}",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--auth-local=trust",  # the socket's folder lets nobody else in
            "--auth-host=reject",
            "--data-checksums",
        ]
    )
    if done.returncode != 0:
        shutil.rmtree(making, ignore_errors=True)
        raise _failure(folder, done.stderr or done.stdout)
    with (making / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("\ninclude 'watch.conf'\n")
    making.rename(folder.data)


def _start(folder: ClusterFolder, installation: Installation, overrides: Mapping[str, str] | None) -> None:
    if _postmaster(folder) is not None:  # alive but silent: recovering, or its socket was deleted
        if (folder.socket_dir / ".s.PGSQL.5432").exists() and _wait_for_answer(folder):
            return
        _pg_ctl_stop(folder, installation)
    else:
        # A dead server's file may name a process that now is another program; PostgreSQL would then refuse to start.
        (folder.data / "postmaster.pid").unlink(missing_ok=True)
    _write_settings(folder, overrides)
    if folder.log.exists() and folder.log.stat().st_size > LOG_LIMIT:
        folder.log.replace(folder.log.with_suffix(".log.1"))
    deadline = time.monotonic() + PATIENCE_S
    while True:
        before = folder.log.stat().st_size if folder.log.exists() else 0
        done = folder.run(
            [installation.program("pg_ctl"), "start", "-w", "-t", "120"]
            + ["-D", str(folder.data), "-l", str(folder.log)]
        )
        if done.returncode == 0:
            return
        words = _log_since(folder, before) or done.stderr or done.stdout
        # The children of a server that was killed need a moment to see that it is gone.
        if "still in use" not in words or time.monotonic() > deadline:
            raise _failure(folder, words)
        time.sleep(0.5)


def _pg_ctl_stop(folder: ClusterFolder, installation: Installation) -> None:
    done = folder.run(
        [installation.program("pg_ctl"), "stop", "-m", "fast", "-w", "-t", "60", "-D", str(folder.data)]
    )
    if done.returncode != 0 and _postmaster(folder) is not None:
        raise ClusterError("cluster.stop_failed", reason=_last_line(done.stderr or done.stdout))


def _wait_for_answer(folder: ClusterFolder) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while _postmaster(folder) is not None and time.monotonic() < deadline:
        if _answers(folder, "postgres"):
            return True
        time.sleep(0.25)
    return False


def _write_settings(folder: ClusterFolder, overrides: Mapping[str, str] | None) -> None:
    text = settings_text(folder.socket_dir, overrides)
    try:
        with tempfile.NamedTemporaryFile("w", dir=folder.data, delete=False, encoding="utf-8") as file:
            file.write(text)
            os.fchmod(file.fileno(), 0o644)
        Path(file.name).replace(folder.data / "watch.conf")
    except OSError as error:
        raise ClusterError("cluster.folder", folder=folder.data, reason=error.strerror) from None


def _create_database(folder: ClusterFolder) -> None:
    with psycopg.connect(folder.url("postgres"), autocommit=True) as connection:
        if connection.execute("select from pg_database where datname = %s", (DATABASE,)).fetchone() is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))


def _log_since(folder: ClusterFolder, position: int) -> str:
    try:
        with folder.log.open("rb") as file:
            file.seek(position)
            return file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""


def _last_line(words: str) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    telling = [line for line in lines if any(mark in line for mark in ("FATAL", "PANIC", "ERROR", "error:"))]
    return (telling or lines or ["-"])[-1]


def _failure(folder: ClusterFolder, words: str) -> ClusterError:
    if "No space left on device" in words:
        free = shutil.disk_usage(folder.top).free // 1024**2
        return ClusterError("cluster.disk_full", folder=folder.top, free_mb=free, needed_mb=NEEDED_MB)
    if "could not create any Unix-domain sockets" in words or "could not create lock file" in words:
        return ClusterError("cluster.socket_taken", folder=folder.socket_dir)
    return ClusterError("cluster.start_failed", reason=_last_line(words), log=folder.log)
