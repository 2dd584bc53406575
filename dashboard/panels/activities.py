"""The page of activities: one of its parts, the activity that lies open, or the form."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import activity_desk, desk, session, store
from dashboard.access import Viewer
from dashboard.activity_words import Known
from dashboard.i18n import t
from dashboard.panels import (
    activities_calendar,
    activities_figures,
    activities_file,
    activities_form,
    activities_list,
    activities_map,
    activities_one,
    activities_since,
    activities_style,
    office_style,
    unavailable,
)
from dashboard.panels.case import show_notice
from dashboard.panels.live_office import hear
from dashboard.web.live import hub
from geo.crs import TIMEZONE
from geo.errors import DatabaseUnavailable
from geo.model.activity import WRITES
from geo.model.person import Role

__all__ = ["show"]

Part = Callable[[Viewer, Known], None]
PARTS: Final[Mapping[str, Part]] = {
    "list": activities_list.draw,
    "calendar": activities_calendar.draw,
    "map": activities_map.draw,
    "figures": activities_figures.draw,
    "since": activities_since.draw,
    "file": activities_file.draw,
}
"""Parts by code, in the order of their buttons; the words are ``activities.part.…``."""
TO_WRITE: Final = ("file",)
"""Parts of those who write activities alone."""
AT_HOME: Final = ("calendar",)
"""Parts of a coordinator, who sees what is on and no figure of it."""


def show(viewer: Viewer) -> None:
    """The whole page."""
    lang = session.language()
    office_style.frame(lang, session.night())
    activities_style.frame()
    try:
        _draw(viewer, lang, datetime.now(ZoneInfo(TIMEZONE)))
    except DatabaseUnavailable as error:
        unavailable.show(error, lang)


def _draw(viewer: Viewer, lang: str, now: datetime) -> None:
    heard, version = hub.office, hub.version
    known = Known(store.district_names(version), store.agencies(version), lang, now.date())
    home = viewer.person.role is Role.COORDINATOR
    writes = viewer.person.role in WRITES
    parts = {
        code: part for code, part in PARTS.items() if (code in AT_HOME if home else writes or code not in TO_WRITE)
    }
    with st.container(key="activity_page"):
        number, form = None if home else activity_desk.opened(), activity_desk.editing()
        _top(viewer, parts, lang, alone=number is not None or form is not None)
        with st.container():  # has its place also while it is empty: else a form is made anew under whoever writes
            if told := desk.notice():
                show_notice(told)
        if form is not None and not home:
            activities_form.show(viewer.person, form, known)
        elif number is not None:
            activities_one.show(viewer.person, number, known)
        else:
            parts[activity_desk.part(parts)](viewer, known)
    hear(heard, now)


def _top(viewer: Viewer, parts: Mapping[str, Part], lang: str, *, alone: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="activity_top"):
        st.html(f'<h1 class="office-title">{html.escape(t("activities.title", lang))}</h1>')
        if alone:
            return
        if len(parts) > 1:
            desk.put("activity_part", activity_desk.part(parts))
            st.segmented_control(
                t("activities.parts", lang), list(parts), key="activity_part", label_visibility="collapsed",
                format_func=lambda code: t(f"activities.part.{code}", lang), on_change=_chosen,
            )  # fmt: skip
        if viewer.person.role in WRITES:
            st.button(
                t("activities.new", lang), key="activity_new", type="primary", icon=":material/add:",
                on_click=activity_desk.begin_form,
            )  # fmt: skip
        if store.state(hub.version)["demo"]:
            st.badge(t("map.demo", lang), icon=":material/science:", color="orange", help=t("map.demo_help", lang))


def _chosen() -> None:
    if code := desk.said("activity_part"):
        activity_desk.open_part(code)
