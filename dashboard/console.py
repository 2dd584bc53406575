"""What commands say to the person at the keyboard, in the language of ``WATCH_LANGUAGE``."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer

from dashboard.i18n import LANGUAGES, t
from dashboard.messages import sentence

__all__ = ["explain", "language", "say", "stoppable"]


def language() -> str:
    """Language of the command line: ``WATCH_LANGUAGE`` where we speak it, else Thai."""
    asked = os.environ.get("WATCH_LANGUAGE", "").strip().lower()[:2]
    return asked if asked in LANGUAGES else "th"


def say(key: str, /, **params: object) -> None:
    """Print the sentence of a key."""
    typer.echo(t(key, language(), **params))


def explain(error: BaseException) -> None:
    """Print what went wrong in one line on stderr."""
    typer.echo(" ".join(sentence(error, language()).split()), err=True)


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """Ctrl-C asks a long computation to stop; a second one ends the program."""
    asked = False

    def stop(*_: Any) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)
