"""Why a message did not get through."""

from __future__ import annotations

from geo.errors import WatchError

__all__ = ["NotSent"]


class NotSent(WatchError):
    """A message did not get through.

    Parameters
    ----------
    code
        ``notify.…``; what the other side said may hold addresses and passwords, and is not repeated.
    again
        Whether it may get through later.
    for_all
        Whether no message gets through there now, whoever it is for.
    """

    def __init__(self, code: str, *, again: bool = True, for_all: bool = False, **params: object) -> None:
        super().__init__(code, **params)
        self.again = again
        self.for_all = for_all
