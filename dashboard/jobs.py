"""Heavy work outside the page's process: one worker process, its queue, and jobs that tell how far they have got.

A worker is started when the first job comes, yields to everything else on the machine, and ends when the server does, however
that ends. One that is killed takes its job along; the next job starts another.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Generic, TypeVar

from geo.errors import AnalysisCancelled, JobFailed

__all__ = ["Job", "Worker"]

T = TypeVar("T")
LIMIT_S = 900.0
"""A job that takes longer is stopped."""
PATIENCE_S = 5.0
"""A job that goes on for so long after it was cancelled is stopped with its worker."""
LOOK_S = 0.2
"""So often is looked whether a running job was cancelled."""


class Job(Generic[T]):
    """Work that waits, runs or has ended.

    Attributes
    ----------
    since
        Moment (UTC) at which it was asked for.
    done, total
        Rounds; ``total`` is 0 while nothing can be told.
    value
        The best that is known so far, where the function tells it; else nothing.
    """

    def __init__(self, function: Callable[..., T], arguments: tuple[Any, ...], limit_s: float) -> None:
        self.since = datetime.now(UTC)
        self.done = self.total = 0
        self.value: Any = None
        self.call = function, arguments
        self.limit_s = limit_s
        self.outcome: Future[T] = Future()
        self.cancelled = threading.Event()

    @property
    def ended(self) -> bool:
        """Whether there is a result or an error."""
        return self.outcome.done()

    def cancel(self) -> None:
        """Ask it to stop; whoever waits for the result gets `AnalysisCancelled`."""
        self.cancelled.set()

    def result(self, wait_s: float | None = None) -> T:
        """What the function returned; what it raised is raised.

        Raises
        ------
        TimeoutError
            It has not ended within ``wait_s`` seconds.
        AnalysisCancelled
            ``analysis.cancelled``.
        JobFailed
            ``job.lost``: its worker was killed; ``job.too_long``.
        """
        return self.outcome.result(wait_s)

    def stopped(self) -> AnalysisCancelled:
        """What is told of a job that was cancelled."""
        return AnalysisCancelled("analysis.cancelled", done=self.done, total=self.total)


class Worker:
    """One process that works off jobs, one after the other. Safe between threads.

    Parameters
    ----------
    name
        Told in the list of processes.
    nice
        How far it stands back behind other processes, 0 to 19.
    """

    def __init__(self, name: str, nice: int = 10) -> None:
        self.name = name
        self._nice = nice
        self.process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None
        self._waiting: deque[Job[Any]] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def submit(self, function: Callable[..., T], *arguments: Any, limit_s: float = LIMIT_S) -> Job[T]:
        """Queue a job.

        Parameters
        ----------
        function
            Of the top level of a module; called with the arguments, then ``progress(done, total)`` or
            ``progress(done, total, value)`` and ``cancelled()``. Arguments, values and result can be pickled.
        limit_s
            Seconds of work after which it is stopped.
        """
        job = Job(function, arguments, limit_s)
        with self._changed:
            self._waiting.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=f"jobs {self.name}", daemon=True)
                self._thread.start()
            self._changed.notify()
        return job

    def end(self) -> None:
        """Kill the process, and what it does; the next job starts another."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    self._changed.wait()
                job = self._waiting.popleft()
            try:
                job.outcome.set_result(self._done(job))
            except Exception as error:  # noqa: BLE001 - of any kind: it belongs to whoever waits for the job
                job.outcome.set_exception(error)

    def _done(self, job: Job[T]) -> T:
        if job.cancelled.is_set():
            raise job.stopped()
        try:
            line = self._line_to_process()
            line.send(job.call)
            succeeded, value = self._heard(line, job)
        except (EOFError, OSError) as gone:
            self.end()
            if job.cancelled.is_set():
                raise job.stopped() from gone
            raise JobFailed("job.lost") from gone
        if not succeeded:
            raise value
        return value  # type: ignore[no-any-return]

    def _heard(self, line: Connection, job: Job[Any]) -> tuple[bool, Any]:
        """Listen until the job has ended: whether it succeeded, and its result or error."""
        begun, told = time.monotonic(), 0.0
        while True:
            if line.poll(LOOK_S):
                match line.recv():
                    case ("progress", done, total, value):
                        job.done, job.total = done, total
                        job.value = job.value if value is None else value
                    case (bool() as succeeded, value):
                        return succeeded, value
            now = time.monotonic()
            if job.cancelled.is_set() and not told:
                line.send(None)
                told = now
            if told and now - told > PATIENCE_S:
                self.end()
                raise job.stopped()
            if now - begun > job.limit_s:
                self.end()
                raise JobFailed("job.too_long", minutes=max(1, round(job.limit_s / 60)))

    def _line_to_process(self) -> Connection:
        if self._line is not None and self.process is not None and self.process.poll() is None:
            return self._line
        if self._line is not None:
            self._line.close()
        ours, theirs = socket.socketpair()
        root = str(Path(__file__).resolve().parents[1])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        with theirs:
            # Not multiprocessing's own way: it would run the program's main module again, which in a page's thread is the page.
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", "dashboard.job_worker", str(theirs.fileno()), str(self._nice), self.name],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path},
            )
        self._line = Connection(ours.detach())
        return self._line
