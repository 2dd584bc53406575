"""When the database does not answer: said in words, and the page comes back by itself."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import store
from dashboard.i18n import t
from dashboard.i18n.dates import clock
from dashboard.messages import sentence
from geo.crs import TIMEZONE
from geo.errors import DatabaseUnavailable

__all__ = ["show"]

EVERY_S = 3
"""How often the page asks whether the database is back."""


def show(error: DatabaseUnavailable, lang: str) -> None:
    """Say what happened, what was kept and what to do; try again until it is over."""
    with st.container(key="unavailable"):
        st.error(f"**{t('unavailable.title', lang)}**", icon=":material/database_off:")
        st.text(sentence(error, lang))
        st.text(t("unavailable.kept", lang))
        st.text(t("unavailable.next", lang))
        _wait(lang)


@st.fragment(run_every=EVERY_S)
def _wait(lang: str) -> None:
    st.caption(t("unavailable.waiting", lang, time=clock(datetime.now(ZoneInfo(TIMEZONE)), lang)))
    if store.answers():
        st.rerun()
