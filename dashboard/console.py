"""What commands say to the person at the keyboard, in the language of ``WATCH_LANGUAGE``."""

from __future__ import annotations

import os

import typer

from dashboard.i18n import LANGUAGES, t
from dashboard.messages import sentence

__all__ = ["explain", "language", "say"]


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
