"""What the page of patrols remembers between reruns: its part, the run that lies open, what is being filled in.

The only owner of these keys of the session, and of ``part`` and ``run`` in the address.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import streamlit as st

from dashboard import desk

__all__ = [
    "Box", "asked_box", "choose", "chosen", "close_form", "form", "go_to", "keep_part", "lay_open", "open_form", "open_part",
    "opened", "part",
]  # fmt: skip

Box = tuple[float, float, float, float]
_PART, _RUN, _FORM, _BOX, _CHOSEN = (f"patrol.{name}" for name in ("part", "run", "form", "box", "chosen"))
_PART_QUERY, _RUN_QUERY = "part", "run"
LONGEST_CODE = 40


def part(known: Collection[str]) -> str:
    """The part that is shown; at a first visit the one that the address names."""
    if _PART not in st.session_state:
        st.session_state[_PART] = st.query_params.get(_PART_QUERY)
    first = next(iter(known))
    found: str = st.session_state[_PART] if st.session_state[_PART] in known else first
    keep_part(found)
    return found


def keep_part(code: str) -> None:
    """Say in the address which part is shown."""
    st.session_state[_PART] = code
    if st.query_params.get(_PART_QUERY) != code:
        st.query_params[_PART_QUERY] = code


def open_part(code: str) -> None:
    """Go to another part."""
    desk.clear()
    close_form()
    keep_part(code)


def opened() -> str | None:
    """Code of the run that lies open; at a first visit the one that the address names."""
    if _RUN not in st.session_state:
        st.session_state[_RUN] = st.query_params.get(_RUN_QUERY, "")[:LONGEST_CODE] or None
    found: str | None = st.session_state[_RUN]
    if found and st.query_params.get(_RUN_QUERY) != found:  # the menu opens the page without a query
        st.query_params[_RUN_QUERY] = found
    return found


def lay_open(code: str | None) -> None:
    """Open a run, or put it away."""
    desk.clear()
    close_form()
    st.session_state[_RUN] = code
    if code:
        st.query_params[_RUN_QUERY] = code
    elif _RUN_QUERY in st.query_params:
        del st.query_params[_RUN_QUERY]


def form() -> str | None:
    """What is being filled in: ``plan``, ``track``, ``route``, the code of a route, or a step of the open run."""
    found: str | None = st.session_state.get(_FORM)
    return found


def open_form(code: str) -> None:
    """Begin to fill something in."""
    desk.clear()
    st.session_state[_FORM] = code


def close_form() -> None:
    """Leave it; what was typed stays typed."""
    st.session_state[_FORM] = None


def chosen(what: str, usual: Any) -> Any:
    """What was chosen of something: a period, an agency, a row."""
    return st.session_state.get(f"{_CHOSEN}.{what}", usual)


def choose(what: str, value: Any) -> None:
    """Choose it."""
    st.session_state[f"{_CHOSEN}.{what}"] = value


def go_to(box: Box) -> None:
    """Let the map go to a box: west, south, east, north in degrees."""
    st.session_state[_BOX] = (st.session_state.get(_BOX, (0,))[0] + 1, box)


def asked_box() -> tuple[int, Box] | None:
    """Where the map was asked to go last, with a number that grows."""
    found: tuple[int, Box] | None = st.session_state.get(_BOX)
    return found
