"""What the page of pairs remembers between reruns: the pair that lies open, its part, what is being filled in.

The only owner of these keys of the session, and of ``pair`` and ``side`` in the address.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import streamlit as st

from dashboard import desk

__all__ = ["FORM", "begin", "close", "form", "lay_open", "opened", "part", "take_part"]

FORM = "pair"
"""Name of the page's forms for `dashboard.desk.field_key`."""
_PAIR, _PART, _FORM = "pairs.pair", "pairs.part", "pairs.form"
_PAIR_QUERY, _PART_QUERY = "pair", "side"


def opened(known: Sequence[int]) -> int | None:
    """Number of the pair that lies open; at a first visit the one that the address names, else the first."""
    if _PAIR not in st.session_state:
        asked = st.query_params.get(_PAIR_QUERY, "")
        st.session_state[_PAIR] = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None
    found: int | None = st.session_state[_PAIR]
    if found not in known:
        found = known[0] if known else None
    if found is not None and st.query_params.get(_PAIR_QUERY) != str(found):
        st.query_params[_PAIR_QUERY] = str(found)
    return found


def lay_open(number: int) -> None:
    """Open another pair."""
    desk.clear()
    close()
    st.session_state[_PAIR] = number


def part(known: Collection[str]) -> str:
    """The part of the pair that is shown; at a first visit the one that the address names."""
    if _PART not in st.session_state:
        st.session_state[_PART] = st.query_params.get(_PART_QUERY)
    found: str = st.session_state[_PART] if st.session_state[_PART] in known else next(iter(known))
    if st.query_params.get(_PART_QUERY) != found:
        st.query_params[_PART_QUERY] = found
    return found


def take_part(code: str) -> None:
    """Go to another part."""
    desk.clear()
    close()
    st.session_state[_PART] = code


def form() -> str | None:
    """What is being filled in: ``new``, ``change``, ``contact``."""
    found: str | None = st.session_state.get(_FORM)
    return found


def begin(code: str) -> None:
    """Begin to fill something in, or leave it where it is open."""
    desk.clear()
    st.session_state[_FORM] = None if form() == code else code


def close() -> None:
    """Leave it."""
    st.session_state[_FORM] = None
