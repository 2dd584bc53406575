"""Meetings: what is left undone, the meetings prepared and held, and the one that lies open."""

from __future__ import annotations

import html
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import meeting_desk, meeting_work, office, session, store
from dashboard.i18n import t
from dashboard.meeting_decisions import Known
from dashboard.panels import meeting_form, meeting_list, meeting_one, meeting_style, office_style, unavailable
from dashboard.panels.live_office import hear
from dashboard.web.live import hub
from geo.crs import TIMEZONE
from geo.errors import DatabaseUnavailable
from geo.model.meeting import PREPARES
from geo.model.person import Person
from geo.queries import meetings

__all__ = ["show"]


def show(person: Person) -> None:
    """The whole page."""
    lang = session.language()
    office_style.frame(lang, session.night())
    meeting_style.frame()
    try:
        _draw(person, lang, datetime.now(ZoneInfo(TIMEZONE)))
    except DatabaseUnavailable as error:
        unavailable.show(error, lang)


def _draw(person: Person, lang: str, now: datetime) -> None:
    heard, version = hub.office, hub.version
    types, agencies, places = store.crime_types(version), store.agencies(version), store.district_names(version)
    known = Known(types, agencies, places, lang, now.date())
    with st.container(key="meeting_page"):
        if (number := meeting_desk.opened()) is not None:
            meeting_one.show(person, number, known)
        else:
            _list(person, known)
    hear(heard, now)


def _list(person: Person, known: Known) -> None:
    lang, prepares = known.lang, person.role in PREPARES
    with office.acting(person) as connection:
        found = meetings.meetings(connection)
        decided = {one.id: meetings.decisions_of(connection, one.id) for one in found}
    with st.container(horizontal=True, vertical_alignment="center", key="meeting_top"):
        st.html(f'<h1 class="office-title">{html.escape(t("meeting_page.title", lang))}</h1>')
        if prepares and not _preparing(person):
            st.button(
                t("meeting_page.prepare", lang), key="meeting_prepare", type="primary", icon=":material/add:",
                on_click=meeting_desk.open_form,
            )  # fmt: skip
    if prepares and _preparing(person):
        meeting_form.show(person, lang, known.today)
    elif not found:
        meeting_list.nothing(prepares, lang)
    if not found:
        return
    left, right = st.columns([5, 4], gap="medium")
    with left:
        meeting_list.listed(found, decided, known)
    with right:
        meeting_list.undone(person, decided, known)


def _preparing(person: Person) -> bool:
    return meeting_desk.form_is_open() or meeting_work.of(person.id) is not None
