"""The weeks of the period, one after the other."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from dashboard import session
from dashboard.filter_state import MapFilter, weeks_of
from dashboard.i18n import t
from dashboard.i18n.dates import period

__all__ = ["show", "switch"]

STEP_S = 1.6
"""Time that a week stays: long enough to be drawn and seen."""
SLIDER = "player_week"


def show(chosen: MapFilter, today: date) -> None:
    """A slider over the weeks with a button that plays them, where the reader has opened it."""
    weeks = weeks_of(chosen, today)
    if len(weeks) < 2 or not session.player_open():
        return
    lang = chosen.lang
    with st.container(horizontal=True, key="player", vertical_alignment="center", gap="small"):
        running = session.playing()
        st.button(
            t("filter.stop" if running else "filter.play", lang), key="player_button", type="tertiary",
            icon=":material/pause:" if running else ":material/play_arrow:",
            on_click=_toggle, args=(weeks, chosen.week),
        )  # fmt: skip
        options: list[date | None] = [None, *weeks]
        session.put(SLIDER, chosen.week)
        st.select_slider(
            t("filter.week", lang), options, key=SLIDER, label_visibility="collapsed", on_change=_slid,
            format_func=lambda w: (
                t("filter.whole_period", lang) if w is None else period(w, w + timedelta(days=6), lang)),
        )  # fmt: skip
    if running:
        _advance(tuple(weeks))


def switch(chosen: MapFilter, today: date) -> None:
    """The button that opens and closes the player. Nothing for a period of one week."""
    if len(weeks_of(chosen, today)) > 1:
        st.button(
            t("filter.week", chosen.lang), key="player_switch", type="tertiary", on_click=session.toggle_player,
            icon=":material/keyboard_arrow_down:" if session.player_open() else ":material/slideshow:",
        )  # fmt: skip


def _toggle(weeks: list[date], week: date | None) -> None:
    session.set_playing(not session.playing())
    if session.playing() and (week is None or week == weeks[-1]):
        session.change(week=weeks[0])


def _slid() -> None:
    session.set_playing(False)
    session.change(week=session.value(SLIDER))


@st.fragment(run_every=STEP_S)
def _advance(weeks: tuple[date, ...]) -> None:
    """Show the next week; at the last one stop."""
    if not session.playing() or not session.due(STEP_S):
        return
    week = session.chosen_week()
    place = weeks.index(week) if week in weeks else -1
    if place + 1 < len(weeks):
        session.change(week=weeks[place + 1])
    else:
        session.set_playing(False)
    st.rerun()
