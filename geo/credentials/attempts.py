"""How often one place may guess: counted in memory, under keys that say nothing about the place."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict, deque

from geo.errors import WatchError

__all__ = ["Attempts"]


class Attempts:
    """Counts attempts of each place within a window of time.

    Parameters
    ----------
    most
        Attempts allowed within the window; an office shares one address, so this is more than one person needs.
    window_s
        Length of the window in seconds.
    places
        How many places are remembered; the one that was longest silent is forgotten first.
    """

    def __init__(self, most: int = 30, window_s: float = 900, places: int = 20_000) -> None:
        self._most, self._window, self._places = most, window_s, places
        self._key = secrets.token_bytes(32)
        self._times: OrderedDict[bytes, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def _of(self, place: str) -> bytes:
        return hashlib.blake2b(place.encode(), key=self._key, digest_size=16).digest()

    def charge(self, place: str) -> None:
        """Count one attempt before it is made.

        Raises
        ------
        geo.errors.WatchError
            ``sign_in.many``: there were too many already.
        """
        now, name = time.monotonic(), self._of(place)
        with self._lock:
            times = self._times.setdefault(name, deque())
            self._times.move_to_end(name)
            while times and times[0] < now - self._window:
                times.popleft()
            if len(times) >= self._most:
                raise WatchError("sign_in.many", minutes=round(self._window / 60))
            times.append(now)
            while len(self._times) > self._places:
                self._times.popitem(last=False)

    def take_back(self, place: str) -> None:
        """The attempt was a success: it does not count."""
        with self._lock:
            if times := self._times.get(self._of(place)):
                times.pop()
