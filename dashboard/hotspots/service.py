"""Ask, and get the answer, or what is still being worked out."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from dataclasses import dataclass, field
from datetime import UTC, datetime

from dashboard.hotspots.answer import Answer
from dashboard.hotspots.question import Question
from geo.errors import AnalysisCancelled

__all__ = ["Running", "look"]

KEPT = 64
"""Answers and work under way; the one asked for longest ago goes first."""


@dataclass(eq=False)
class Running:
    """An answer that is being worked out. Read it as often as wanted; ask again with `look`.

    Attributes
    ----------
    done, total
        Rounds of a simulation; ``total`` is 0 while nothing can be told.
    since
        Moment (UTC) at which it was asked for.
    """

    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    done: int = 0
    total: int = 0
    cancelled: bool = False

    def cancel(self) -> None:
        """Stop soon. Who looks gets `AnalysisCancelled` once; who asks again then starts anew."""
        self.cancelled = True

    def told(self, done: int, total: int) -> None:
        """Called by the work."""
        self.done, self.total = done, total


_lock = threading.Lock()
_kept: OrderedDict[Question, tuple[Running, Future[Answer]]] = OrderedDict()
_threads = ThreadPoolExecutor(1, "hotspots")


def look(question: Question, wait_s: float = 2.5) -> Answer | Running:
    """The answer where it comes within ``wait_s`` seconds, at once where it was asked before; else what is under way.

    Raises
    ------
    AnalysisRefused
        It cannot be computed; the sentence says what is missing.
    AnalysisCancelled
        Somebody cancelled it.
    DatabaseUnavailable
        Points or areas could not be read.
    """
    with _lock:
        if question not in _kept:
            running = Running()
            _kept[question] = running, _threads.submit(_work(question, running))
        _kept.move_to_end(question)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
        running, future = _kept[question]
    try:
        return future.result(wait_s)
    except TooLong:
        return running
    except CancelledError as stopped:
        _forget(question, future)
        raise AnalysisCancelled("analysis.cancelled", done=running.done, total=running.total) from stopped
    except Exception:
        _forget(question, future)
        raise


def _forget(question: Question, future: Future[Answer]) -> None:
    with _lock:
        if question in _kept and _kept[question][1] is future:
            del _kept[question]


def _work(question: Question, running: Running) -> Callable[[], Answer]:
    def work() -> Answer:
        from dashboard.hotspots.work import answer_of

        return answer_of(question, running.told, lambda: running.cancelled)

    return work
