"""When the database does not answer: said in words, and the page comes back by itself.

A page that fails again whenever the database answers is not brought back for ever: its error gets a number, and it is
tried seldom.
"""

from __future__ import annotations

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import session, store
from dashboard.i18n import t
from dashboard.i18n.dates import clock
from dashboard.messages import sentence
from dashboard.web.errors import numbered
from geo.crs import TIMEZONE
from geo.errors import DatabaseUnavailable

__all__ = ["show"]

EVERY_S = 3
"""How often the page asks whether the database is back."""
SELDOM_S = 60
"""How often it does where the database was there, and the page failed nevertheless."""


def show(error: DatabaseUnavailable, lang: str) -> None:
    """Say what happened, what was kept and what to do; try again until it is over."""
    with st.container(key="unavailable"):
        if session.fails_again():
            st.error(f"**{t('unavailable.failing', lang)}**", icon=":material/error:")
            st.text(sentence(error, lang))
            st.text(t("unavailable.number", lang, number=numbered(error)))
            st.button(t("unavailable.again", lang), key="try_again", on_click=session.forget_returns)
            _wait_long(lang, time.monotonic())
            return
        st.error(f"**{t('unavailable.title', lang)}**", icon=":material/database_off:")
        st.text(sentence(error, lang))
        st.text(t("unavailable.kept", lang))
        st.text(t("unavailable.next", lang))
        _wait(lang, time.monotonic())


@st.fragment(run_every=EVERY_S)
def _wait(lang: str, since: float) -> None:
    _return_where_it_answers(lang, since)


@st.fragment(run_every=SELDOM_S)
def _wait_long(lang: str, since: float) -> None:
    _return_where_it_answers(lang, since)


def _return_where_it_answers(lang: str, since: float) -> None:
    st.caption(t("unavailable.waiting", lang, time=clock(datetime.now(ZoneInfo(TIMEZONE)), lang)))
    if time.monotonic() - since > 1 and store.answers():  # not within the run that has just failed
        session.note_return()
        st.rerun()
