"""Ask, and get the answer, or what is still being worked out, by a process beside the page's.

Two workers: one for what takes a second, and one for simulations, so that nobody waits for somebody else's thousand rounds.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING

from dashboard.hotspots.answer import Answer
from dashboard.hotspots.question import SIMULATED, Question
from dashboard.jobs import Job, Worker
from geo.errors import AnalysisRefused, JobFailed

if TYPE_CHECKING:
    from geo.analysis.simulation import Cancelled, Progress

__all__ = ["Running", "forget", "look", "warm"]

KEPT = 48
"""Answers, refusals and work under way; the one asked for longest ago goes first."""
LIMIT_S = 900.0
"""A question that takes longer is refused."""


class Running:
    """An answer that is being worked out. Read it as often as wanted; ask again with `look`."""

    def __init__(self, job: Job[Answer]) -> None:
        self._job = job

    @property
    def since(self) -> datetime:
        """Moment (UTC) at which it was asked for first."""
        return self._job.since

    @property
    def done(self) -> int:
        """Rounds of a simulation that are done."""
        return self._job.done

    @property
    def total(self) -> int:
        """Rounds in all; 0 while nothing can be told."""
        return self._job.total

    def cancel(self) -> None:
        """Stop soon. Who looks next gets `AnalysisCancelled`; who asks after that starts anew."""
        self._job.cancel()


def _answer(question: Question, progress: Progress, cancelled: Cancelled) -> Answer:
    # Imported there alone: the page's process needs none of what the statistics are made with.
    from dashboard.hotspots.work import answer_of

    return answer_of(question, progress, cancelled)


def _load(_progress: Progress, _cancelled: Cancelled) -> None:
    import_module("dashboard.hotspots.work")
    import_module("dashboard.hotspots.methods")
    import_module("dashboard.store").engine()


_lock = threading.Lock()
_kept: OrderedDict[Question, Job[Answer]] = OrderedDict()
quick, simulations = Worker("hotspots", nice=2), Worker("simulations", nice=10)


def look(question: Question, wait_s: float = 2.5) -> Answer | Running:
    """The answer where it comes within ``wait_s`` seconds, at once where it was asked before; else what is under way.

    An error that asking again may mend is told once to somebody who waits, and then forgotten; who only looks how far it is
    (``wait_s`` 0) is told too, and leaves it for the one who waits.

    Raises
    ------
    AnalysisRefused
        It cannot be computed; the sentence says what is missing.
    AnalysisCancelled
        Somebody cancelled it.
    JobFailed
        It was cut off (``job.lost``), or took too long (``job.too_long``).
    DatabaseUnavailable
        Points or areas could not be read.
    """
    with _lock:
        if question not in _kept:
            worker = simulations if question.method in SIMULATED else quick
            _kept[question] = worker.submit(_answer, question, limit_s=LIMIT_S)
        _kept.move_to_end(question)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
        job = _kept[question]
    try:
        return job.result(wait_s)
    except TimeoutError:
        if not job.ended:
            return Running(job)
        raise
    except AnalysisRefused:
        raise  # would be refused again
    except Exception as error:
        if wait_s > 0 and not (isinstance(error, JobFailed) and error.code == "job.too_long"):
            _forget(question, job)
        raise


def warm() -> Job[None]:
    """Let the quick worker load what it answers with, so that nobody waits for that."""
    return quick.submit(_load)


def forget() -> None:
    """Forget every answer and end the workers: the store is another one."""
    with _lock:
        _kept.clear()
    quick.end()
    simulations.end()


def _forget(question: Question, job: Job[Answer]) -> None:
    with _lock:
        if _kept.get(question) is job:
            del _kept[question]
