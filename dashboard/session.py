"""The only owner of ``st.session_state`` and ``st.query_params``.

One `MapFilter` in the session is the truth. Widgets show it, callbacks change it, the address follows. An
address is read at the first visit and when the reader goes back or forward, never otherwise: on a quick
second click the browser still sends the address of the first, and obeying it would undo the second.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.filter_address import KEYS, Known, from_query, to_query
from dashboard.filter_state import MapFilter, without
from dashboard.settings import DashboardSettings

__all__ = [
    "DISTRICT_TABLE", "NEWEST_TABLE", "begin", "change", "default", "dropped", "identity", "language",
    "map_filter", "night", "pick", "pick_row", "playing", "put", "reset",
    "set_playing", "take_off", "value", "wall",
]  # fmt: skip

DISTRICT_TABLE = "watch.district_table"
NEWEST_TABLE = "watch.newest_table"

_FILTER = "watch.filter"
_DROPPED = "watch.dropped"
_PAGE = "watch.page"
_BARE = "watch.bare"
_IDENTITY = "watch.identity"
_PLAYING = "watch.playing"


@functools.cache
def default() -> MapFilter:
    """What an empty address shows: the language is the installation's."""
    return MapFilter(lang=DashboardSettings().language)


# ---------------------------------------------------------------- the filter


def begin(today: date) -> None:
    """Once at the head of every run: take the filter from the address where the address is what counts."""
    context = get_script_run_ctx()
    page = context.page_script_hash if context else ""
    back = bool(context and context.is_history_navigation)
    ours = {key: text for key, text in st.query_params.to_dict().items() if key in KEYS}
    bare = st.session_state.setdefault(_BARE, {})
    if _FILTER not in st.session_state or back:
        if back and not ours and page in bare:
            st.session_state[_FILTER], st.session_state[_DROPPED] = bare[page], ()
        else:
            st.session_state[_FILTER], st.session_state[_DROPPED] = from_query(ours, today, None, default())
    elif st.session_state.get(_PAGE) != page and not ours:
        # The menu opens a page without a query. That entry of the browser's history means what is shown now.
        bare[page] = st.session_state[_FILTER]
    st.session_state[_PAGE] = page


def map_filter(today: date, known: Known | None = None) -> MapFilter:
    """The filter of this run; the address is made to say it.

    Parameters
    ----------
    today
        The day in Bangkok.
    known
        Codes that exist; what is not among them is taken out and reported by `dropped`.
    """
    if _FILTER not in st.session_state:
        begin(today)
    chosen, left_out = from_query(to_query(st.session_state[_FILTER], default()), today, known, default())
    st.session_state[_FILTER] = chosen
    st.session_state[_DROPPED] = tuple(dict.fromkeys((*st.session_state[_DROPPED], *left_out)))
    if not playing():  # a played year would be fifty steps for the back button
        present = st.query_params.to_dict()
        wanted = {key: text for key, text in present.items() if key not in KEYS} | to_query(chosen, default())
        if wanted != present:
            st.query_params.from_dict(wanted)
    return chosen


def change(**values: Any) -> None:
    """Change the filter, from a callback: the run that follows shows it."""
    st.session_state[_FILTER] = replace(st.session_state.get(_FILTER, default()), **values)
    st.session_state[_DROPPED] = ()


def take_off(key: str) -> None:
    """Take one part of the sentence off the filter."""
    st.session_state[_FILTER] = without(st.session_state[_FILTER], key)
    st.session_state[_DROPPED] = ()


def reset() -> None:
    """Back to the usual picture, in the same language."""
    st.session_state[_FILTER] = replace(default(), lang=language(), wall=wall())
    st.session_state[_DROPPED] = ()
    set_playing(False)


def dropped() -> tuple[str, ...]:
    """Query keys of the last address of which something was not understood."""
    return tuple(st.session_state.get(_DROPPED, ()))


def language() -> str:
    """Language of this session."""
    chosen: MapFilter = st.session_state.get(_FILTER, default())
    return chosen.lang


def wall() -> bool:
    """Whether the page is a wall display without controls."""
    chosen: MapFilter = st.session_state.get(_FILTER, default())
    return chosen.wall


# ---------------------------------------------------------------- widgets


def put(key: str, wanted: Any) -> None:
    """Let a widget that is drawn next show ``wanted``; untouched where it does, to keep a quick click."""
    if key not in st.session_state or st.session_state[key] != wanted:
        st.session_state[key] = wanted


def value(key: str) -> Any:
    """What a widget says."""
    return st.session_state[key]


def pick(what: str, code: str | None) -> None:
    """The reader looks at a ``district`` (its code) or an ``incident`` (its public id), or at none."""
    change(**{{"district": "picked", "incident": "incident"}[what]: code})


def pick_row(table: str, what: str, codes: Sequence[Any]) -> None:
    """Callback of a table: look at the chosen row's district or incident, or at none."""
    rows = st.session_state[table]["selection"]["rows"]
    code = codes[rows[0]] if rows and rows[0] < len(codes) else None
    pick(what, code if isinstance(code, str) else None)  # the row "no district" has no code


def playing() -> bool:
    """Whether the week player runs."""
    return bool(st.session_state.get(_PLAYING, False))


def set_playing(on: bool) -> None:
    """Start or stop the week player."""
    st.session_state[_PLAYING] = on


# ---------------------------------------------------------------- the session itself


def identity() -> str:
    """A random name of this session, for tokens; it says nothing about the reader."""
    return str(st.session_state.setdefault(_IDENTITY, secrets.token_urlsafe(12)))


def night() -> bool:
    """Whether the reader's theme is dark."""
    return st.context.theme.type == "dark"
