"""A worker process does what it is given, tells how far it is, stops when asked, and is replaced when it is killed."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from dashboard.jobs import Job, Worker
from geo.errors import AnalysisCancelled, AnalysisRefused, JobFailed

WORK = """
import os, time
from geo.errors import AnalysisCancelled, AnalysisRefused

def who(number, progress, cancelled):
    return number, os.getpid(), os.nice(0)

def rounds(total, progress, cancelled):
    for done in range(1, total + 1):
        if cancelled():
            raise AnalysisCancelled("analysis.cancelled", done=done, total=total)
        time.sleep(0.02)
        progress(done, total)
    return total

def better(total, progress, cancelled):
    for done in range(1, total + 1):
        progress(done, total, {"best": done} if done % 3 == 0 else None)
        time.sleep(0.02)
        if cancelled():
            return "the best so far"

def deaf(progress, cancelled):
    progress(1, 2)
    time.sleep(600)

def refuse(progress, cancelled):
    raise AnalysisRefused("analysis.too_few", n=1, least=3)

class Odd(Exception):
    def __init__(self, one, two):
        super().__init__("only one")

def odd(progress, cancelled):
    raise Odd(1, 2)

def unsendable(progress, cancelled):
    return lambda: None
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Functions that the worker's process can import too."""
    (tmp_path / "work_for_jobs.py").write_text(WORK)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    sys.modules.pop("work_for_jobs", None)
    return importlib.import_module("work_for_jobs")


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker("test")
    yield made
    made.end()


def until(true: Callable[[], bool]) -> None:
    limit = time.monotonic() + 60
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.01)


def test_jobs_are_done_one_after_the_other_by_one_nicer_process_that_is_started_when_needed(work, worker):
    assert worker.process is None
    found = [job.result(60) for job in [worker.submit(work.who, number) for number in range(3)]]
    assert [number for number, _, _ in found] == [0, 1, 2]
    assert len({pid for _, pid, _ in found}) == 1
    assert found[0][1] != os.getpid()
    assert found[0][2] > os.nice(0)


def test_a_job_tells_how_far_it_is_and_stops_when_asked_and_the_next_goes_on_in_the_same_process(work, worker):
    pid = worker.submit(work.who, 0).result(60)[1]
    long = worker.submit(work.rounds, 100_000)
    waiting = worker.submit(work.rounds, 100_000)
    next_ = worker.submit(work.who, 1)
    until(lambda: long.done > 0)
    assert long.total == 100_000
    assert not long.ended
    waiting.cancel()
    long.cancel()
    for job in (long, waiting):
        with pytest.raises(AnalysisCancelled):
            job.result(60)
    assert next_.result(60)[1] == pid


def test_a_job_tells_the_best_so_far_keeps_it_between_and_may_end_with_it_when_it_is_stopped(work, worker):
    job = worker.submit(work.better, 100_000)
    assert job.value is None
    until(lambda: job.value is not None)
    first = job.value["best"]
    assert first % 3 == 0
    until(lambda: job.value["best"] > first)
    job.cancel()
    assert job.result(60) == "the best so far"


def test_a_job_that_does_not_listen_is_stopped_with_its_process(work, worker, monkeypatch):
    monkeypatch.setattr("dashboard.jobs.PATIENCE_S", 0.2)
    pid = worker.submit(work.who, 0).result(60)[1]
    deaf: Job[None] = worker.submit(work.deaf)
    until(lambda: deaf.done == 1)
    deaf.cancel()
    with pytest.raises(AnalysisCancelled):
        deaf.result(60)
    assert worker.submit(work.who, 1).result(60)[1] != pid


def test_a_job_that_takes_too_long_is_stopped_and_says_so(work, worker):
    with pytest.raises(JobFailed) as told:
        worker.submit(work.deaf, limit_s=0.3).result(60)
    assert told.value.code == "job.too_long"
    assert worker.submit(work.who, 1).result(60)[0] == 1


def test_a_worker_that_is_killed_loses_its_job_and_is_replaced(work, worker):
    lost: Job[None] = worker.submit(work.deaf)
    until(lambda: worker.process is not None)
    os.kill(worker.process.pid, signal.SIGKILL)
    with pytest.raises(JobFailed) as told:
        lost.result(60)
    assert told.value.code == "job.lost"
    assert worker.submit(work.who, 7).result(60)[0] == 7


def test_a_worker_that_was_killed_while_idle_is_replaced_without_a_loss(work, worker):
    pid = worker.submit(work.who, 0).result(60)[1]
    os.kill(pid, signal.SIGKILL)
    worker.process.wait()
    assert worker.submit(work.who, 8).result(60)[0] == 8


def test_errors_come_back_as_they_were_raised_and_others_as_text(work, worker):
    with pytest.raises(AnalysisRefused) as refused:
        worker.submit(work.refuse).result(60)
    assert (refused.value.code, refused.value.params) == ("analysis.too_few", {"n": 1, "least": 3})
    with pytest.raises(RuntimeError, match="only one"):
        worker.submit(work.odd).result(60)
    with pytest.raises(Exception, match="pickle"):
        worker.submit(work.unsendable).result(60)
    with pytest.raises(Exception, match="pickle"):
        worker.submit(work.who, lambda: None).result(60)
    assert worker.submit(work.who, 9).result(60)[0] == 9


def test_a_worker_ends_when_the_server_is_killed(tmp_path, work):
    code = (
        "from dashboard.jobs import Worker; import work_for_jobs as w, time\n"
        "worker = Worker('orphan'); print(worker.submit(w.who, 1).result(60)[1], flush=True); worker.submit(w.deaf)\n"
        "time.sleep(600)"
    )
    root = Path(__file__).resolve().parents[2]
    path = os.pathsep.join([str(root), str(tmp_path)])
    server = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path}
    )
    try:
        assert server.stdout is not None
        pid = int(server.stdout.readline())
    finally:
        server.kill()
        server.communicate()
    until(lambda: not Path(f"/proc/{pid}").exists())
