"""Ask for a suggested patrol and get it, or what is still being worked out by a process beside the page's."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from dashboard.jobs import Job, Worker
from dashboard.patrolling.asked import OutingQuestion, RotaQuestion
from dashboard.patrolling.suggestion import Suggestion
from geo.errors import AnalysisRefused
from geo.model.rota import RotaPost

if TYPE_CHECKING:
    from geo.analysis.simulation import Cancelled, Progress

__all__ = ["forget", "look", "rota_material", "stop"]

Material = tuple[tuple[RotaPost, ...], tuple[str, ...], dict[str, object]]
KEPT = 24
LIMIT_S = 120.0
"""A question that takes longer is refused."""

_lock = threading.Lock()
_kept: OrderedDict[OutingQuestion, Job[Suggestion]] = OrderedDict()
_worker = Worker("patrols", nice=5)


def _suggestion(question: OutingQuestion, progress: Progress, cancelled: Cancelled) -> Suggestion:
    # Imported there alone: the page's process needs neither the solver nor what it brings along.
    from dashboard import store
    from dashboard.patrolling.outing_work import suggested

    with store.reading(question.scope, patient=True) as connection:
        return suggested(connection, question, progress, cancelled)


def _material(question: RotaQuestion, _progress: Progress, _cancelled: Cancelled) -> Material:
    from dashboard import store
    from dashboard.patrolling.rota_work import rota_posts

    with store.reading(question.scope, patient=True) as connection:
        return rota_posts(connection, question)


def rota_material(question: RotaQuestion) -> Material:
    """As `dashboard.patrolling.rota_work.rota_posts`, which is waited for: it reads, and computes for less than a second.

    Raises
    ------
    AnalysisRefused
        As there.
    JobFailed, DatabaseUnavailable
        It was cut off, or could not be read.
    """
    return _worker.submit(_material, question, limit_s=LIMIT_S).result()


def look(question: OutingQuestion, wait_s: float = 1.5) -> Suggestion | Job[Suggestion]:
    """The answer where it comes within ``wait_s`` seconds, at once where it was asked for before; else the job under way.

    Raises
    ------
    AnalysisRefused
        It cannot be worked out; the sentence says what is missing.
    AnalysisCancelled, JobFailed, DatabaseUnavailable
        It was stopped or cut off; who asks again begins anew.
    """
    with _lock:
        if question not in _kept:
            _kept[question] = _worker.submit(_suggestion, question, limit_s=LIMIT_S)
        _kept.move_to_end(question)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
        job = _kept[question]
    try:
        return job.result(wait_s)
    except TimeoutError:
        if not job.ended:
            return job
        raise
    except AnalysisRefused:
        raise  # would be refused again
    except Exception:
        if wait_s > 0:  # told once to who waits for it
            stop(question)
        raise


def stop(question: OutingQuestion) -> None:
    """Cancel it where it runs, and forget it."""
    with _lock:
        job = _kept.pop(question, None)
    if job is not None:
        job.cancel()


def forget() -> None:
    """Forget every answer and end the worker: the store is another one."""
    with _lock:
        _kept.clear()
    _worker.end()
