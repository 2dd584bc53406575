"""The server process of the private cluster: is it alive, does it answer, start it, stop it."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg

from geo.db.cluster_folder import ClusterFolder
from geo.db.cluster_settings import settings_text
from geo.db.packages import Installation
from geo.errors import ClusterError

__all__ = ["NEEDED_MB", "answers", "failure", "postmaster", "start_server", "stop_server"]

NEEDED_MB = 300
"""Free disk space that a new cluster and its first data need."""
LOG_LIMIT = 10 * 1024**2
"""Bytes after which the server's log is put aside at the next start."""
PATIENCE_S = 30.0
"""How long a start waits for a silent server, or for what is left of a killed one."""


def answers(folder: ClusterFolder, database: str) -> bool:
    """Whether the server lets us into a database."""
    try:
        psycopg.connect(folder.url(database), connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def postmaster(folder: ClusterFolder) -> int | None:
    """Process number of the server that runs on this data; None where it is not alive."""
    pid = _written_pid(folder)
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return None
    return pid if f"cluster_name={folder.name}".encode() in words else None


def _written_pid(folder: ClusterFolder) -> int | None:
    try:
        return int((folder.data / "postmaster.pid").read_bytes().split(b"\n", 1)[0])
    except (OSError, ValueError):  # no file, or a half written one
        return None


def start_server(folder: ClusterFolder, installation: Installation, overrides: Mapping[str, str] | None) -> None:
    """Start the server on data that is there, also after it or this program was killed.

    Raises
    ------
    geo.errors.ClusterError
        ``cluster.start_failed`` (with the server's last words), ``cluster.disk_full``,
        ``cluster.socket_taken``.
    """
    if postmaster(folder) is not None:  # alive but silent: recovering, or its socket was deleted
        if folder.socket.exists() and _wait_for_answer(folder):
            return
        stop_server(folder, installation)
    elif (pid := _written_pid(folder)) is not None and Path(f"/proc/{pid}").exists():
        # A dead server's number belongs to another program, and PostgreSQL would take that for the server.
        (folder.data / "postmaster.pid").unlink()
        folder.socket.with_name(f"{folder.socket.name}.lock").unlink(missing_ok=True)
    _write_settings(folder, overrides)
    if folder.log.exists() and folder.log.stat().st_size > LOG_LIMIT:
        folder.log.replace(folder.log.with_suffix(".log.1"))
    deadline = time.monotonic() + PATIENCE_S
    while True:
        before = folder.log.stat().st_size if folder.log.exists() else 0
        # pg_ctl hands its arguments to a shell, so the path, in which anything may stand, is not among them.
        arguments = ["-w", "-t120", "-D.", f"-l../{folder.log.name}", f"-o-c cluster_name={folder.name}"]
        done = folder.run([installation.program("pg_ctl"), "start", *arguments], cwd=folder.data)
        if done.returncode == 0:
            return
        words = _log_since(folder, before) or done.stderr or done.stdout
        # The children of a server that was killed need a moment to see that it is gone.
        if "still in use" not in words or time.monotonic() > deadline:
            raise failure(folder, words)
        time.sleep(0.5)


def stop_server(folder: ClusterFolder, installation: Installation) -> None:
    """Stop the server; open transactions are rolled back."""
    done = folder.run([installation.program("pg_ctl"), "stop", "-m", "fast", "-w", "-t", "60", "-D", str(folder.data)])
    if done.returncode != 0 and postmaster(folder) is not None:
        raise ClusterError("cluster.stop_failed", reason=_last_words(done.stderr or done.stdout))


def _wait_for_answer(folder: ClusterFolder) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while postmaster(folder) is not None and time.monotonic() < deadline:
        if answers(folder, "postgres"):
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


def failure(folder: ClusterFolder, words: str) -> ClusterError:
    """The error that a program's last words mean."""
    if "No space left on device" in words:
        free = shutil.disk_usage(folder.top).free // 1024**2
        return ClusterError("cluster.disk_full", folder=folder.top, free_mb=free, needed_mb=NEEDED_MB)
    if "could not create any Unix-domain sockets" in words or "could not create lock file" in words:
        return ClusterError("cluster.socket_taken", folder=folder.socket_dir)
    return ClusterError("cluster.start_failed", reason=_last_words(words), log=folder.log)


def _log_since(folder: ClusterFolder, position: int) -> str:
    try:
        with folder.log.open("rb") as file:
            file.seek(position)
            return file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""


def _last_words(words: str) -> str:
    """The line that tells why, without its time and process number."""
    lines = [re.sub(r"^[\d-]+ [\d:.]+ \S+ \[\d+\] ", "", line.strip()) for line in words.splitlines()]
    lines = [line for line in lines if line and not line.startswith("Examine the log")] or ["-"]
    telling = [n for n, line in enumerate(lines) if re.search(r"FATAL|PANIC|ERROR|error:", line)]
    last = telling[-1] if telling else len(lines) - 1
    if last > 0 and "contains errors" in lines[last]:  # the line before names the setting
        last -= 1
    return lines[last]
