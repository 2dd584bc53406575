"""What the parts of the page of patrols remember between reruns: which rota lies open, which week of it, what was asked for.

The only owner of these keys of the session, and of ``rota`` in the address.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import desk

__all__ = ["ask", "asked", "close_form", "field", "form_is_open", "lay_open", "open_form", "opened"]

_OPEN, _FORM, _ASKED = "rota.open", "rota.form_open", "outing.asked"
_QUERY = "rota"


def opened() -> int | None:
    """Number of the rota that lies open; at a first visit the one that the address names."""
    if _OPEN not in st.session_state:
        asked = st.query_params.get(_QUERY, "")
        st.session_state[_OPEN] = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None
    found: int | None = st.session_state[_OPEN]
    if found is not None and st.query_params.get(_QUERY) != str(found):  # the menu opens the page without a query
        st.query_params[_QUERY] = str(found)
    return found


def lay_open(number: int | None) -> None:
    """Open a rota, or go back to the list."""
    desk.clear()
    close_form()
    st.session_state[_OPEN] = number
    if number is not None:
        st.query_params[_QUERY] = str(number)
    elif _QUERY in st.query_params:
        del st.query_params[_QUERY]


def form_is_open() -> bool:
    """Whether a rota is being made."""
    return bool(st.session_state.get(_FORM, False))


def open_form() -> None:
    """Begin to make one."""
    lay_open(None)
    st.session_state[_FORM] = True


def close_form() -> None:
    """Leave it; what was chosen stays chosen."""
    st.session_state[_FORM] = False


def field(name: str) -> str:
    """Key of a widget of these parts."""
    return f"rota.field.{name}"


def ask(question: Any) -> None:
    """A round trip is asked for; nothing: it was stopped."""
    st.session_state[_ASKED] = question


def asked() -> Any:
    """The round trip that was asked for last."""
    return st.session_state.get(_ASKED)
