"""Answers kept for all viewers of this process: handed out as they are, so they must be values that nobody changes.

What an answer depends on must be in its key. Whoever asks with an equal key gets it, whatever they may see.
"""

from __future__ import annotations

import functools
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, Generic, ParamSpec, TypeVar, cast

__all__ = ["Kept", "keep"]

T = TypeVar("T")
P = ParamSpec("P")


class Kept(Generic[T]):
    """The answers asked for last. Safe between threads; of several that ask for the same at once, one works it out.

    Parameters
    ----------
    size
        So many are kept; the one asked for longest ago goes first.
    seconds
        So long each is kept; without it as long as there is room.
    """

    def __init__(self, size: int, seconds: float | None = None) -> None:
        self._size = size
        self._seconds = float("inf") if seconds is None else seconds
        self._kept: OrderedDict[Hashable, tuple[float, Future[T]]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer under ``key``, made where it is not kept. What ``make`` raises is not kept."""
        now = time.monotonic()
        with self._lock:
            made, answer = self._kept.get(key, (0.0, None))
            if mine := answer is None or now - made >= self._seconds:
                answer = Future()
                self._kept[key] = now, answer
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        assert answer is not None
        if mine:
            try:
                answer.set_result(make())
            except BaseException as error:
                with self._lock:
                    if self._kept.get(key, (now, None))[1] is answer:
                        del self._kept[key]
                answer.set_exception(error)
                raise
        return answer.result()


def keep(size: int, seconds: float) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep what a function answers under its arguments: all of them, given by place, equal where they mean the same."""

    def wrap(read: Callable[P, T]) -> Callable[P, T]:
        answers: Kept[T] = Kept(size, seconds)

        @functools.wraps(read)
        def asked(*arguments: Any) -> T:
            return answers.get(arguments, lambda: read(*arguments))  # type: ignore[call-arg]

        return cast("Callable[P, T]", asked)

    return wrap
