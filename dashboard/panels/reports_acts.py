"""What a press of a button does to a report, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dashboard import desk, month_desk, office, session
from dashboard.panels.case_words import refusal
from geo.errors import WatchError
from geo.model.person import Person

__all__ = ["done_as"]


def done_as(person: Person, said: str, act: Callable[[Any], object]) -> None:
    """Callback: one act with the person's rights; ``said`` where it was done, in words why it was not."""
    desk.clear()
    desk.put(month_desk.ASKED, None)
    try:
        with office.acting(person) as connection:
            act(connection)
    except WatchError as error:
        desk.say("refused", refusal(error, session.language()))
        return
    if said:
        desk.say("done", said)
    desk.put(month_desk.WHICH, None)
