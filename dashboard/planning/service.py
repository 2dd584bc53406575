"""Ask for a plan, and get the answer, or the best so far, by a process beside the page's."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dashboard.jobs import Job, Worker
from dashboard.planning.found import Found
from dashboard.planning.question import PlanQuestion
from geo.crs import TIMEZONE
from geo.errors import AnalysisRefused, JobFailed
from geo.model import Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.analysis.simulation import Cancelled

__all__ = ["Asked", "Running", "again", "forget", "look"]

KEPT = 32
"""Answers, refusals and work under way; the one asked for longest ago goes first."""
LIMIT_S = 300.0
TICKS = 10
"""Parts of a second in which progress is told."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks what, and of which state of the data (``hub.version``): equal ones have one answer."""

    scope: Scope
    question: PlanQuestion
    version: str


class Running:
    """A plan that is being worked out. Read it as often as wanted; ask again with `look`."""

    def __init__(self, job: Job[Found]) -> None:
        self._job = job

    @property
    def best(self) -> Found | None:
        """The best so far: sites and value, no reasons yet."""
        found: Found | None = self._job.value
        return found

    @property
    def share(self) -> float:
        """How much of the time limit is over, 0 to 1."""
        return min(1.0, self._job.done / self._job.total) if self._job.total else 0.0

    def cancel(self) -> None:
        """Stop soon, and answer with the best so far."""
        self._job.cancel()


def _answer(asked: Asked, progress: Callable[[int, int, Found | None], None], cancelled: Cancelled) -> Found:
    # Imported there alone: the page's process needs none of what plans are made with.
    from dashboard import store
    from dashboard.planning.run import run

    limit = asked.question.time_limit or 30.0

    def heard(found: Found) -> None:
        progress(round(TICKS * float(found.told["seconds"])), round(TICKS * limit), found)

    with store.reading(asked.scope, patient=True) as connection:
        return run(connection, asked.scope, asked.question, datetime.now(ZoneInfo(TIMEZONE)), heard, cancelled)


_lock = threading.Lock()
_kept: OrderedDict[Asked, Job[Found]] = OrderedDict()
figures, searches = Worker("plan figures", nice=2), Worker("plan search", nice=10)
"""One for sites that are given, which takes a moment, and one for searches: nobody waits for somebody else's thirty seconds."""


def look(asked: Asked, wait_s: float = 1.0) -> Found | Running:
    """The answer where it comes within ``wait_s`` seconds, at once where it was asked before; else what is under way.

    An error that asking again may mend is told once to somebody who waits, and then forgotten; so is an answer that a person
    stopped once another question was asked.

    Raises
    ------
    AnalysisRefused
        It cannot be planned; the sentence says what is wrong.
    AnalysisCancelled
        Somebody stopped it before there was any answer.
    JobFailed, DatabaseUnavailable
        It was cut off, or could not be read.
    """
    with _lock:
        if asked not in _kept:
            worker = searches if asked.question.given is None else figures
            _kept[asked] = worker.submit(_answer, asked, limit_s=LIMIT_S)
        _kept.move_to_end(asked)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
        job = _kept[asked]
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
            with _lock:
                if _kept.get(asked) is job:
                    del _kept[asked]
        raise


def again(asked: Asked) -> None:
    """Forget an answer, so that it is worked out anew."""
    with _lock:
        _kept.pop(asked, None)


def forget() -> None:
    """Forget every answer and end the workers: the store is another one."""
    with _lock:
        _kept.clear()
    figures.end()
    searches.end()
