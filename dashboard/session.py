"""The only owner of ``st.session_state`` and ``st.query_params``.

One `MapFilter` in the session is the truth. Widgets show it, callbacks change it, the address follows. An
address is read at the first visit and when the reader goes back or forward, never otherwise: on a quick
second click the browser still sends the address of the first, and obeying it would undo the second.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.access import Viewer
from dashboard.filter_address import KEYS, Known, from_query, to_query
from dashboard.filter_state import MapFilter, Period, without
from dashboard.hotspot_choice import CHOICE_KEYS, Choice, choice_of, choice_query
from dashboard.settings import DashboardSettings
from dashboard.web.visitors import session_name, session_token, viewer_from_cookie
from geo.model import Scope

__all__ = [
    "DISTRICT_TABLE", "begin", "change", "choice", "choose", "default", "dropped", "end", "go_to", "identity", "language",
    "map_filter", "night", "pick_row", "playing", "put", "reset",
    "set_playing", "take_off", "usual_period", "value", "viewer", "wall",
]  # fmt: skip

DISTRICT_TABLE = "watch.district_table"

_FILTER = "watch.filter"
_DROPPED = "watch.dropped"
_USUAL = "watch.usual_period"
_PERIOD_CHOSEN = "watch.period_chosen"
_PAGE = "watch.page"
_BARE = "watch.bare"
_CHOICE = "watch.hotspot_choice"
_BOX = "watch.hotspot_box"
_BEGUN = "watch.hotspot_begun"
_PINNED = "watch.hotspot_version"
_PLAYING = "watch.playing"
_STEPPED = "watch.stepped"
_PLAYER = "watch.player"
_OTHER = "watch.other"
_VIEW = "watch.view"
_SEEN = "watch.seen"
_RETURNS = "watch.returns"
_FAILED = "watch.failed"
_TOKEN = "watch.token"  # noqa: S105 - a key of the session, not a secret
RETURNS, RETURNS_S = 3, 120.0
"""So many returns within this time (s) that all failed again: the fault is not that the database is away."""
_LOOKED_AT = {"incident": "incident", "district": "picked"}
"""What of the things looked at stands in the filter, and under which field."""


@functools.cache
def _default(period: Period) -> MapFilter:
    return MapFilter(period=period, lang=DashboardSettings().language)


def default() -> MapFilter:
    """What an empty address shows: the language is the installation's, the period is the page's."""
    return _default(st.session_state.get(_USUAL, Period.DAYS_28))


# ---------------------------------------------------------------- the filter


def begin(today: date) -> None:
    """Once at the head of every run: take the filter from the address where the address is what counts."""
    st.session_state[_FAILED] = False
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
            st.session_state[_PERIOD_CHOSEN] = "period" in ours
        if any(key in st.query_params for key in CHOICE_KEYS):
            st.session_state.pop(_CHOICE, None)
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


def usual_period(period: Period) -> None:
    """The period that a page shows where none was chosen; asked for before the page's `map_filter`.

    Who chose one keeps it from page to page. An address says the period where it is not the page's own.
    """
    if st.session_state.get(_USUAL, Period.DAYS_28) == period:
        return
    st.session_state[_USUAL] = period
    if not st.session_state.get(_PERIOD_CHOSEN, False):
        st.session_state[_FILTER] = without(st.session_state[_FILTER], "period", period)


def change(**values: Any) -> None:
    """Change the filter, from a callback: the run that follows shows it."""
    if "period" in values:
        st.session_state[_PERIOD_CHOSEN] = True
    st.session_state[_FILTER] = replace(st.session_state.get(_FILTER, default()), **values)
    st.session_state[_DROPPED] = ()


def take_off(key: str) -> None:
    """Take one part of the sentence off the filter."""
    if key == "period":
        st.session_state[_PERIOD_CHOSEN] = False
    st.session_state[_FILTER] = without(st.session_state[_FILTER], key, default().period)
    st.session_state[_DROPPED] = ()


def reset() -> None:
    """Back to the usual picture, in the same language."""
    st.session_state[_FILTER] = replace(default(), lang=language(), wall=wall())
    st.session_state[_PERIOD_CHOSEN] = False
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


def look_at(kind: str, code: str) -> None:
    """The reader looks at one thing: its card opens. Districts and incidents stand in the address too."""
    st.session_state[_OTHER] = None if kind in _LOOKED_AT else (kind, code)
    change(**{field: code if what == kind else None for what, field in _LOOKED_AT.items()})


def unpick() -> None:
    """The card closes."""
    st.session_state[_OTHER] = None
    change(picked=None, incident=None)


def picked() -> tuple[str, str] | None:
    """Kind and code of what the reader looks at."""
    if other := st.session_state.get(_OTHER):
        return tuple(other)
    chosen: MapFilter = st.session_state.get(_FILTER, default())
    return next(((kind, code) for kind, field in _LOOKED_AT.items() if (code := getattr(chosen, field))), None)


def pick_row(table: str, kind: str, codes: Sequence[Any]) -> None:
    """Callback of a table: look at the chosen cell's district or incident and let the map go there; or at none."""
    cells = st.session_state[table]["selection"]["cells"]
    code = codes[cells[0][0]] if cells and cells[0][0] < len(codes) else None
    if not isinstance(code, str):  # nothing is chosen, or the row "no district", which has no code
        unpick()
        return
    go_to(kind, code)


def go_to(kind: str, code: str) -> None:
    """Look at a district or incident and let the map go there."""
    look_at(kind, code)
    number = st.session_state[_VIEW][0] if st.session_state.get(_VIEW) else 0
    st.session_state[_VIEW] = (number + 1, kind, code)


def asked_view() -> tuple[int, str, str] | None:
    """Where the map was asked to go last: a number that grows, kind and code. A copied link asks once, at its start."""
    if _VIEW not in st.session_state:
        at = picked()
        st.session_state[_VIEW] = (1, *at) if at else None
    view: tuple[int, str, str] | None = st.session_state[_VIEW]
    return view


# ---------------------------------------------------------------- the hotspot page


def choice() -> Choice:
    """What was chosen on the hotspot page, which its address is made to say."""
    if _CHOICE not in st.session_state:
        st.session_state[_CHOICE] = choice_of(st.query_params.to_dict())
    chosen: Choice = st.session_state[_CHOICE]
    present = st.query_params.to_dict()
    wanted = {key: text for key, text in present.items() if key not in CHOICE_KEYS} | choice_query(chosen)
    if wanted != present:
        st.query_params.from_dict(wanted)
    return chosen


def choose(**values: Any) -> None:
    """Change it, from a callback."""
    st.session_state[_CHOICE] = replace(st.session_state.get(_CHOICE, Choice()), **values)


def set_parameters(**values: Any) -> None:
    """Change parameters of the method, from a callback."""
    chosen: Choice = st.session_state.get(_CHOICE, Choice())
    choose(asked=replace(chosen.asked, **values))


def go_to_box(row: int | None, box: tuple[float, float, float, float] | None) -> None:
    """Take up a row of the hotspot page's list, and let the map go to its box (west, south, east, north) where one is given."""
    number, _, before = st.session_state.get(_BOX, (0, None, None))
    st.session_state[_BOX] = (number + 1, row, box) if box is not None else (number, row, before)


def asked_box() -> tuple[int, int | None, tuple[float, float, float, float] | None]:
    """Where the map was asked to go last: a number that grows, the row that was taken up, and the box."""
    asked: tuple[int, int | None, tuple[float, float, float, float] | None] = st.session_state.get(
        _BOX, (0, None, None)
    )
    return asked


def half_chosen(key: str) -> bool:
    """Whether of two days the first was chosen and the second not yet."""
    return len(st.session_state.get(key, ())) == 1


def begin_work(question: Any) -> None:
    """Something that takes long may be worked out."""
    st.session_state[_BEGUN] = (*st.session_state.get(_BEGUN, ())[-9:], question)


def begun(question: Any) -> bool:
    """Whether that was said of it."""
    return question in st.session_state.get(_BEGUN, ())


def stop(question: Any) -> None:
    """It was stopped."""
    st.session_state[_BEGUN] = tuple(one for one in st.session_state.get(_BEGUN, ()) if one != question)


def pinned(version: str, seconds: float) -> str:
    """The state of the data that the hotspot page keeps to for so long, whatever comes in meanwhile."""
    now = time.monotonic()
    kept: tuple[str, float] | None = st.session_state.get(_PINNED)
    if kept is None or now - kept[1] > seconds:
        kept = st.session_state[_PINNED] = (version, now)
    return kept[0]


def unpin() -> None:
    """Read the data anew."""
    st.session_state.pop(_PINNED, None)


def map_event(key: str) -> Mapping[str, Any] | None:
    """What the map reported and nobody has taken yet."""
    event = st.session_state.get(key)
    if not isinstance(event, Mapping) or event.get("seq") == st.session_state.get(_SEEN):
        return None
    st.session_state[_SEEN] = event.get("seq")
    return event


def playing() -> bool:
    """Whether the week player runs."""
    return bool(st.session_state.get(_PLAYING, False))


def set_playing(on: bool) -> None:
    """Start or stop the week player; the week shown at the start stays as long as every other."""
    st.session_state[_PLAYING] = on
    st.session_state[_STEPPED] = time.monotonic()


# ---------------------------------------------------------------- the session itself


def player_open() -> bool:
    """Whether the week player stands under the map."""
    return bool(st.session_state.get(_PLAYER, False)) or chosen_week() is not None


def toggle_player() -> None:
    """Open the week player, or close it and show the whole period again."""
    if player_open():
        st.session_state[_PLAYER] = False
        set_playing(False)
        change(week=None)
    else:
        st.session_state[_PLAYER] = True


def due(seconds: float) -> bool:
    """Whether the player's last step is that long ago; a rerun for another reason must not count as a step."""
    now = time.monotonic()
    if now - st.session_state.get(_STEPPED, 0.0) < seconds * 0.8:
        return False
    st.session_state[_STEPPED] = now
    return True


def chosen_week() -> date | None:
    """The week that the player shows."""
    chosen: MapFilter = st.session_state.get(_FILTER, default())
    return chosen.week


def token() -> tuple[str, int, tuple[str, Scope]] | None:
    """The kept token of the map, when it ends (seconds since 1970), and for which session and scope it was made."""
    kept: tuple[str, int, tuple[str, Scope]] | None = st.session_state.get(_TOKEN)
    return kept


def keep_token(text: str, expires: int, made_for: tuple[str, Scope]) -> None:
    """Keep a token for the reruns to come: the same text means that the map has nothing to do."""
    st.session_state[_TOKEN] = (text, expires, made_for)


def drop_token() -> None:
    """The map says that its token ends soon."""
    st.session_state.pop(_TOKEN, None)


def note_return() -> None:
    """The page is brought back by itself, as the database answers again."""
    now = time.monotonic()
    st.session_state[_RETURNS] = [at for at in st.session_state.get(_RETURNS, []) if now - at < RETURNS_S] + [now]


def fails_again() -> bool:
    """Whether the page was brought back several times of late, in vain each time; asked where it fails once more."""
    st.session_state[_FAILED] = True
    now = time.monotonic()
    returns: list[float] = st.session_state.get(_RETURNS, [])
    return sum(now - at < RETURNS_S for at in returns) >= RETURNS


def forget_returns() -> None:
    """Begin anew: somebody wants to see whether it works."""
    st.session_state.pop(_RETURNS, None)


def end() -> None:
    """Once at the end of every run that was not stopped: where the page could be drawn, its returns were not in vain."""
    if not st.session_state[_FAILED]:
        forget_returns()


def viewer() -> Viewer | None:
    """Who looks, asked anew at every run: nobody where the session was ended or the person lost their role.

    Raises
    ------
    geo.errors.DatabaseUnavailable
        The database does not answer, and this session was not known before.
    """
    person = viewer_from_cookie(st.context.cookies)
    return None if person is None else Viewer(person)


def identity() -> str:
    """Name of the reader's session, for tokens that end with it; nobody comes in with it."""
    return session_name(session_token(st.context.cookies) or "")


def night() -> bool:
    """Whether the reader's theme is dark."""
    return st.context.theme.type == "dark"
