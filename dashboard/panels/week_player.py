"""The period week by week: a slider, and a button that plays it."""

from __future__ import annotations

import time
from datetime import date, timedelta

import streamlit as st

from dashboard import session
from dashboard.filter_state import MapFilter, weeks_of
from dashboard.i18n import t
from dashboard.i18n.dates import period

__all__ = ["following", "show"]

STEP_S = 2.0
"""One week stays this long on the screen."""

_KEY = "week_slider"


def following(weeks: list[date], shown: date | None) -> date | None:
    """The week after the shown one; the first after none; none after the last."""
    later = [week for week in weeks if shown is None or week > shown]
    return later[0] if later else None


def show(chosen: MapFilter, today: date) -> None:
    """Draw the slider and the button. While it plays, the page runs anew for every week."""
    lang, weeks = chosen.lang, weeks_of(chosen, today)
    playing = session.playing()

    def take() -> None:
        session.set_playing(False)
        session.change(week=session.value(_KEY))

    session.put(_KEY, chosen.week)
    with st.container(horizontal=True, vertical_alignment="bottom", key="week_player"):
        st.button(
            t("filter.stop" if playing else "filter.play", lang), key="week_play", disabled=len(weeks) < 2,
            icon=":material/stop:" if playing else ":material/play_arrow:",
            on_click=session.set_playing, args=(not playing,),
        )  # fmt: skip
        st.select_slider(
            t("filter.week", lang), [None, *weeks], key=_KEY, on_change=take,
            format_func=lambda week: _said(week, lang),
        )  # fmt: skip
    if playing:
        st.fragment(_step, run_every=STEP_S)(chosen, weeks, time.monotonic())


def _step(chosen: MapFilter, weeks: list[date], drawn: float) -> None:
    """Go on to the next week, where the clock and not the page has called."""
    if time.monotonic() - drawn < STEP_S / 2:
        return
    week = following(weeks, chosen.week)
    session.change(week=week)
    session.set_playing(week is not None)
    st.rerun()


def _said(week: date | None, lang: str) -> str:
    return t("filter.whole_period", lang) if week is None else period(week, week + timedelta(days=6), lang)
