"""Keeps a page of the office current: it is drawn again when something changed, and what is being typed stays."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.web.live import hub
from geo.crs import TIMEZONE

__all__ = ["hear"]

EVERY_S = 3
"""How often the page asks its own process, not the database, whether anything changed."""
OLDEST_S = 60
"""Clocks run on when nothing changes: after so long the page is drawn again."""


@st.fragment(run_every=EVERY_S)
def hear(heard: int, drawn: datetime) -> None:
    """Draw the page again where `Hub.office` is no longer what it was when the page was drawn.

    Only this fragment runs every few seconds. Fields keep what is typed because the page gives each part its place before
    it draws anything. Not within the run that draws the page: where news come faster than it is drawn, nobody would ever
    see it.
    """
    context = get_script_run_ctx()
    if context is None or not context.fragment_ids_this_run:
        return
    if hub.office != heard or (datetime.now(ZoneInfo(TIMEZONE)) - drawn).total_seconds() > OLDEST_S:
        st.rerun()
