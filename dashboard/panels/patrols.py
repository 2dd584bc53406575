"""The page of patrols: five figures, and under them one of its parts."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import desk, patrol_desk, session, store
from dashboard.access import Viewer
from dashboard.i18n import t
from dashboard.i18n.dates import clock
from dashboard.panels import (
    office_style,
    patrols_figures,
    patrols_gaps,
    patrols_rota,
    patrols_routes,
    patrols_runs,
    patrols_style,
    patrols_suggest,
    patrols_work,
    unavailable,
)
from dashboard.panels.live_office import hear
from dashboard.web.live import hub
from geo.crs import TIMEZONE
from geo.errors import DatabaseUnavailable

__all__ = ["PARTS", "show"]

PARTS: Final[Mapping[str, Callable[[Viewer, str, datetime], None]]] = {
    "runs": patrols_runs.draw,
    "gaps": patrols_gaps.draw,
    "work": patrols_work.draw,
    "routes": patrols_routes.draw,
    "suggest": patrols_suggest.draw,
    "rota": patrols_rota.draw,
}
"""Parts by code, in the order of their buttons; the words are ``patrols.part.…``."""


def show(viewer: Viewer) -> None:
    """The whole page."""
    lang = session.language()
    office_style.frame(lang, session.night())
    patrols_style.frame()
    try:
        _draw(viewer, lang, datetime.now(ZoneInfo(TIMEZONE)))
    except DatabaseUnavailable as error:
        unavailable.show(error, lang)


def _draw(viewer: Viewer, lang: str, now: datetime) -> None:
    heard, version = hub.office, hub.version
    part = patrol_desk.part(PARTS)
    with st.container(key="patrol_page"):
        with st.container(horizontal=True, vertical_alignment="center", key="patrol_top"):
            st.html(f'<h1 class="office-title">{html.escape(t("patrols.title", lang))}</h1>')
            desk.put("patrol_part", part)
            st.segmented_control(
                t("patrols.parts", lang), list(PARTS), key="patrol_part", label_visibility="collapsed",
                format_func=lambda code: t(f"patrols.part.{code}", lang), on_change=_chosen,
            )  # fmt: skip
            if store.state(version)["demo"]:
                st.badge(t("map.demo", lang), icon=":material/science:", color="orange", help=t("map.demo_help", lang))
            st.caption(t("map.as_of", lang, time=clock(now, lang)), width="content")
        patrols_figures.draw(viewer, lang, now)
        with st.container(key=f"patrol_{part}"):
            PARTS[part](viewer, lang, now)
    hear(heard, now)


def _chosen() -> None:
    if code := desk.said("patrol_part"):
        patrol_desk.open_part(code)
