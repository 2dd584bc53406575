"""The private PostGIS cluster under ``var_dir``: a unix socket, no TCP, no password, started on demand."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from geo.db.cluster_folder import ROLE, ClusterFolder
from geo.db.cluster_process import NEEDED_MB, answers, failure, postmaster, start_server, stop_server
from geo.db.packages import Installation, find_installation
from geo.errors import ClusterError

__all__ = ["DATABASE", "ClusterStatus", "ensure_running", "status", "stop"]

DATABASE = "watch"


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
    if folder.socket_is_ours() and answers(folder, DATABASE):
        return folder.url(DATABASE)
    installation = find_installation(_data_major(folder))
    folder.prepare()
    with _alone(folder):
        if not answers(folder, "postgres"):
            if not (folder.data / "PG_VERSION").is_file():
                _create(folder, installation)
            start_server(folder, installation, overrides)
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
        if postmaster(folder) is None:
            return False
        stop_server(folder, find_installation(_data_major(folder)))
        folder.leave_socket()
    return True


def status(var_dir: Path) -> ClusterStatus:
    """What the cluster is doing; starts and writes nothing."""
    folder = ClusterFolder.of(var_dir)
    running = folder.socket_is_ours() and answers(folder, "postgres")
    return ClusterStatus(
        running=running,
        data=folder.data,
        major=_data_major(folder),
        pid=postmaster(folder) if running else None,
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
        raise failure(folder, done.stderr or done.stdout)
    with (making / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("\ninclude 'watch.conf'\n")
    making.rename(folder.data)


def _create_database(folder: ClusterFolder) -> None:
    with psycopg.connect(folder.url("postgres"), autocommit=True) as connection:
        if connection.execute("select from pg_database where datname = %s", (DATABASE,)).fetchone() is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
