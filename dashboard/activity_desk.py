"""What the page of activities remembers between reruns: its part, the activity that lies open, what is being filled in.

The only owner of these keys of the session, and of ``part`` and ``activity`` in the address.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import streamlit as st

from dashboard import desk

__all__ = [
    "begin_form",
    "choose",
    "chosen",
    "draft",
    "editing",
    "kept",
    "lay_open",
    "leave_form",
    "month",
    "open_part",
    "opened",
    "part",
    "turn_to",
]  # fmt: skip

_PART, _OPEN, _FORM, _DRAFT, _MONTH, _CHOSEN = (
    f"activity.{name}" for name in ("part", "open", "form", "draft", "month", "chosen")
)
_PART_QUERY, _QUERY = "part", "activity"
NEW = 0
"""Stands for an activity that has no number yet."""


def part(known: Collection[str]) -> str:
    """The part that is shown; at a first visit the one that the address names."""
    if _PART not in st.session_state:
        st.session_state[_PART] = st.query_params.get(_PART_QUERY)
    found: str = st.session_state[_PART] if st.session_state[_PART] in known else next(iter(known))
    st.session_state[_PART] = found
    if st.query_params.get(_PART_QUERY) != found:
        st.query_params[_PART_QUERY] = found
    return found


def open_part(code: str) -> None:
    """Go to another part."""
    lay_open(None)
    st.session_state[_PART] = code


def opened() -> int | None:
    """Number of the activity that lies open; at a first visit the one that the address names."""
    if _OPEN not in st.session_state:
        asked = st.query_params.get(_QUERY, "")
        st.session_state[_OPEN] = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None
    found: int | None = st.session_state[_OPEN]
    if found is not None and st.query_params.get(_QUERY) != str(found):  # the menu opens the page without a query
        st.query_params[_QUERY] = str(found)
    return found


def lay_open(number: int | None) -> None:
    """Open an activity, or go back."""
    desk.clear()
    leave_form()
    st.session_state[_OPEN] = number
    if number is not None:
        st.query_params[_QUERY] = str(number)
    elif _QUERY in st.query_params:
        del st.query_params[_QUERY]


def editing() -> int | None:
    """Number of the activity that is being filled in, `NEW` for a new one."""
    found: int | None = st.session_state.get(_FORM)
    return found


def begin_form(number: int = NEW) -> None:
    """Fill in an activity."""
    desk.clear()
    kept()
    st.session_state[_FORM] = number


def leave_form() -> None:
    """Leave what is being filled in."""
    st.session_state[_FORM] = None


def draft() -> str:
    """Name of what is being filled in; another one has other fields."""
    return str(st.session_state.get(_DRAFT, 0))


def kept() -> None:
    """What was filled in was kept, or is given up: the next time its fields are empty."""
    desk.forget("activity", draft())
    st.session_state[_DRAFT] = int(draft()) + 1


def month(today: date) -> date:
    """First day of the month that the calendar shows."""
    found: date = st.session_state.get(_MONTH, today.replace(day=1))
    return found


def turn_to(first: date) -> None:
    """Show another month."""
    st.session_state[_MONTH] = first


def chosen(what: str, usual: Any) -> Any:
    """What was chosen of something."""
    return st.session_state.get(f"{_CHOSEN}.{what}", usual)


def choose(what: str, value: Any) -> None:
    """Choose it."""
    st.session_state[f"{_CHOSEN}.{what}"] = value
