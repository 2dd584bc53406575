"""The process of a `dashboard.jobs.Worker`: takes a call, tells how far it is, gives back what came of it.

A call is ``(function, arguments)``, ``None`` cancels the one that runs. Answers are ``("progress", done, total, value or nothing)`` and
``(succeeded, result or error)``. When the line breaks the server is gone, and so is this process.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

__all__ = ["serve"]

TELL_S = 0.1
"""Progress is told no more often."""

Call = tuple[Callable[..., Any], tuple[Any, ...]]


def serve(line: Connection) -> None:
    """Work off the calls that come, until the line breaks."""
    calls: queue.SimpleQueue[Call] = queue.SimpleQueue()
    cancelled = threading.Event()

    def listen() -> None:
        while True:
            try:
                message = line.recv()
            except (EOFError, OSError):
                os._exit(0)
            except Exception as error:  # noqa: BLE001 - the function or its arguments are not to be had here
                calls.put((_raise, (error,)))
                continue
            if message is None:
                cancelled.set()
            else:
                cancelled.clear()
                calls.put(message)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        function, arguments = calls.get()
        answer = _called(function, arguments, _Teller(line), cancelled.is_set)
        try:
            line.send_bytes(answer)
        except OSError:
            return


class _Teller:
    def __init__(self, line: Connection) -> None:
        self._line = line
        self._told = 0.0
        self._value: Any = None

    def __call__(self, done: int, total: int, value: Any = None) -> None:
        now = time.monotonic()
        self._value = self._value if value is None else value
        if now - self._told >= TELL_S:
            self._told = now
            with contextlib.suppress(OSError):  # the listening thread ends the process
                self._line.send(("progress", done, total, self._value))
            self._value = None


def _called(
    function: Callable[..., Any], arguments: tuple[Any, ...], progress: _Teller, cancelled: Callable[[], bool]
) -> bytes:
    try:
        return pickle.dumps((True, function(*arguments, progress, cancelled)), protocol=5)
    except Exception as error:  # noqa: BLE001 - of any kind: it is told to whoever asked
        try:
            told = pickle.dumps((False, error), protocol=5)
            pickle.loads(told)  # noqa: S301 - our own error
        except Exception:  # noqa: BLE001 - an error that cannot travel is told by its text
            return pickle.dumps((False, RuntimeError("".join(traceback.format_exception(error)))), protocol=5)
        return told


def _raise(error: Exception, *_: Any) -> None:
    raise error


if __name__ == "__main__":
    os.nice(int(sys.argv[2]))
    serve(Connection(int(sys.argv[1])))
