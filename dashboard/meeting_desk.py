"""What the page of meetings remembers between reruns: which meeting lies open, and what is being prepared.

The only owner of these keys of the session, and of ``meeting`` in the address.
"""

from __future__ import annotations

import streamlit as st

from dashboard import desk

__all__ = ["close_form", "form_is_open", "lay_open", "open_form", "opened"]

_OPEN, _FORM = "meeting.open", "meeting.form"
_QUERY = "meeting"


def opened() -> int | None:
    """Number of the meeting that lies open; at a first visit the one that the address names."""
    if _OPEN not in st.session_state:
        asked = st.query_params.get(_QUERY, "")
        st.session_state[_OPEN] = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None
    found: int | None = st.session_state[_OPEN]
    if found is not None and st.query_params.get(_QUERY) != str(found):  # the menu opens the page without a query
        st.query_params[_QUERY] = str(found)
    return found


def lay_open(number: int | None) -> None:
    """Open a meeting, or go back to the list."""
    desk.clear()
    close_form()
    st.session_state[_OPEN] = number
    if number is not None:
        st.query_params[_QUERY] = str(number)
    elif _QUERY in st.query_params:
        del st.query_params[_QUERY]


def form_is_open() -> bool:
    """Whether a meeting is being prepared."""
    return bool(st.session_state.get(_FORM, False))


def open_form() -> None:
    """Begin to prepare a meeting."""
    lay_open(None)
    st.session_state[_FORM] = True


def close_form() -> None:
    """Leave it; what was chosen stays chosen."""
    st.session_state[_FORM] = False
