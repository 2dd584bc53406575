"""Preparing a meeting beside the page: it takes up to a minute, and a page that runs so long shows nothing meanwhile."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import date

from dashboard import store
from geo.actions.meetings import prepare_meeting
from geo.db.scope import enter
from geo.db.transaction import transaction
from geo.errors import WatchError
from geo.model.meeting import MeetingFilter, MeetingLayer
from geo.model.person import Person, scope_of

__all__ = ["Choice", "Work", "begin", "forget", "of"]

log = logging.getLogger("watch.meeting")

_works: dict[int, Work] = {}
"""The last one of each person."""
_turns = threading.BoundedSemaphore(1)
"""One at a time in a process: pages come first."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for a meeting; ``districts`` in their order."""

    title: str
    held_on: date
    districts: tuple[str, ...]
    chosen: MeetingFilter
    layers: tuple[MeetingLayer, ...]
    hides_small: bool


@dataclass(slots=True)
class Work:
    """A meeting that is being prepared.

    Attributes
    ----------
    done, total
        Steps: one a district, and some.
    meeting
        Its number, once it is there.
    error
        Why it is not.
    """

    total: int
    done: int = 0
    meeting: int | None = None
    error: Exception | None = None

    @property
    def is_over(self) -> bool:
        """Whether it came to an end, good or bad."""
        return self.meeting is not None or self.error is not None


def of(person: int) -> Work | None:
    """What is being prepared for this person, or was and has not been looked at."""
    return _works.get(person)


def forget(person: int) -> None:
    """It has been looked at."""
    _works.pop(person, None)


def begin(person: Person, choice: Choice) -> Work:
    """Prepare a meeting for a person; where one is being prepared for them already, it is that one."""
    running = _works.get(person.id)
    if running is not None and not running.is_over:
        return running
    work = _works[person.id] = Work(len(choice.districts))
    threading.Thread(target=_run, args=(person, choice, work), name="meeting", daemon=True).start()
    return work


def _run(person: Person, choice: Choice, work: Work) -> None:
    def progress(done: int, total: int) -> None:
        work.done, work.total = done, total

    try:
        with _turns, transaction(store.engine()) as connection:
            enter(connection, scope_of(person), person.id)
            number = prepare_meeting(
                connection, person, title=choice.title, held_on=choice.held_on, districts=choice.districts,
                chosen=choice.chosen, layers=choice.layers, hides_small=choice.hides_small, progress=progress,
            )  # fmt: skip
    except WatchError as error:
        work.error = error
    except Exception as error:  # nobody else hears of it: the page waits for an end
        log.exception("a meeting could not be prepared")
        work.error = error
    else:
        work.meeting = number
