"""How often one partner may call: a bucket of tokens for each key, in memory."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["Buckets"]


class Buckets:
    """Lets a minute's calls through at once, and then as many as the minute brings.

    Parameters
    ----------
    per_minute
        Calls of one key.
    clock
        Seconds that only grow.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = float(per_minute), clock
        self._levels: dict[int, tuple[float, float]] = {}

    def take(self, key: int) -> float:
        """Take one token: 0, or the seconds after which there is one again."""
        now = self._clock()
        level, at = self._levels.get(key, (self._most, now))
        level = min(self._most, level + (now - at) * self._most / 60)
        if level < 1:
            self._levels[key] = level, now
            return (1 - level) * 60 / self._most
        self._levels[key] = level - 1, now
        return 0.0
