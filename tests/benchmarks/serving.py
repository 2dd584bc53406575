"""The application itself, started as ``make run`` starts it, on a database that is ready."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psutil  # type: ignore[import-untyped]
from sqlalchemy import text

from dashboard.web.visitors import PLAIN
from geo.actions.people import create_person
from geo.actions.sign_in import open_session
from geo.model.person import Role
from tests.benchmarks.data import FOLDER, ROOT, Loaded

__all__ = ["Server", "free_port", "ready", "serving"]

STARTS_IN_S = 120


@dataclass(frozen=True, slots=True)
class Server:
    """A process that serves the page on the loopback address."""

    port: int
    pid: int
    session: str
    """The cookie of somebody who is signed in."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def memory_mb(self) -> float:
        """What the process holds that no other process shares."""
        return float(psutil.Process(self.pid).memory_full_info().uss) / 2**20

    def processor_s(self) -> float:
        """Processor time that it has used."""
        used = psutil.Process(self.pid).cpu_times()
        return float(used.user + used.system)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def ready(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float = STARTS_IN_S) -> None:
    """Wait until an address answers.

    Raises
    ------
    RuntimeError
        The process ended, or does not answer in time.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{url} does not answer; see {log}")


def _session(loaded: Loaded) -> str:
    """A session of a commander, who sees all districts."""
    with loaded.engine().begin() as connection:
        number = connection.execute(text("select id from person where login = 'bench'")).scalar()
        if number is None:
            number = create_person(connection, "bench", "Bench", Role.COMMANDER).id
        return open_session(connection, number, "demo", timedelta(days=1))


@contextmanager
def serving(loaded: Loaded, **settings: str) -> Iterator[Server]:
    """The application on this data, stopped at the end.

    Parameters
    ----------
    settings
        More environment variables.
    """
    port, log = free_port(), FOLDER / "serve.log"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("WATCH_")} | settings
    environment |= {"WATCH_DB_URL": loaded.url, "WATCH_VAR_DIR": str(FOLDER), "WATCH_PORT": str(port)}
    environment["WATCH_DEMO_INCIDENTS"] = "0"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard", "run"], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
    try:
        ready(f"http://127.0.0.1:{port}/health", process, log)
        yield Server(port, process.pid, f"{PLAIN}={_session(loaded)}")
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
