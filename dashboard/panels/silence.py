"""Silence: whom to call, for a district's own people; how many places of each district, for those who see all."""

from __future__ import annotations

import html
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from dashboard import desk, office, session, silences, store
from dashboard.access import CENTRE, Viewer
from dashboard.i18n import t
from dashboard.i18n.dates import clock, number
from dashboard.panels import case, office_style, silence_calls, silence_style, silence_tables, unavailable
from dashboard.panels.case_words import district_words
from dashboard.panels.live_office import hear
from dashboard.web.live import hub
from geo.analysis.silence import GRACE_DAYS, LATE, LEAST_DAYS
from geo.crs import TIMEZONE
from geo.errors import DatabaseUnavailable
from geo.queries.silence import calls, coordinators

__all__ = ["show"]

ORDER = ("silent", "never", "quiet", "heard", "nobody")
_DISTRICT = "desk.silence_district"


def show(viewer: Viewer) -> None:
    """The whole page."""
    lang = session.language()
    office_style.frame(lang, session.night())
    silence_style.frame()
    try:
        _draw(viewer, lang, datetime.now(ZoneInfo(TIMEZONE)))
    except DatabaseUnavailable as error:
        unavailable.show(error, lang)


def _draw(viewer: Viewer, lang: str, now: datetime) -> None:
    heard, person = hub.office, viewer.person
    with office.acting(person) as connection:
        found = silences.board(connection, viewer.scope, now)
    with st.container(key="silence_page"):
        with st.container(horizontal=True, vertical_alignment="center", key="silence_top"):
            st.html(f'<h1 class="office-title">{html.escape(t("nav.silence", lang))}</h1>')
            if store.state(hub.version)["demo"]:
                st.badge(t("map.demo", lang), icon=":material/science:", color="orange", help=t("map.demo_help", lang))
            st.caption(t("map.as_of", lang, time=clock(now, lang)), width="content")
        st.caption(t("silence.about", lang))
        with st.container():  # has its place also while it is empty: else what is below is made anew
            if told := desk.notice():
                case.show_notice(told)
        if viewer.may(CENTRE):
            district = _chosen(viewer, lang)
            here = found[found["district_code"] == district]
            with office.acting(person) as connection:
                people = [one for one in coordinators(connection) if one.area_code[:4] == district]
                noted = calls(connection, district)
            _figures(here, lang)
            spots = silences.spots_of(tuple(sorted(set(here["area_code"]))), store.area_version(hub.version))
            left, right = st.columns([8, 5], gap="large")
            with left:
                silence_calls.show(person, here, people, noted, spots, lang, now)
            with right:
                silence_tables.nobody(here, spots, lang)
                silence_tables.noted(noted, spots, lang, now)
            silence_tables.places(here, spots, district, lang, now)
        else:
            _figures(found, lang)
            silence_tables.districts(silences.by_district(found), lang)
        with st.expander(t("silence.how_title", lang), icon=":material/help:", key="silence_how"):
            st.text(t("silence.how", lang, late=f"{LATE:.1f}", least=f"{LEAST_DAYS:.0f}", grace=GRACE_DAYS))
    hear(heard, now)


def _chosen(viewer: Viewer, lang: str) -> str:
    districts = store.district_names(hub.version)
    names = {code: district_words(code, districts, lang) for code in viewer.person.districts}
    if len(names) > 1:
        st.selectbox(t("inbox.by.district", lang), list(names), format_func=names.__getitem__, key=_DISTRICT)
    else:
        st.text(" ".join(names.values()))
    return str(desk.said(_DISTRICT) or viewer.person.districts[0])


def _figures(found: pd.DataFrame, lang: str) -> None:
    """How many places stand how; those without a coordinator apart."""
    nobody = found["coordinators"] == 0
    state = found["state"].mask(nobody, "nobody").value_counts()
    tiles = "".join(
        f'<div class="silence-figure"><i class="silence-sign {code}"></i><b>{number(int(state.get(code, 0)))}</b>'
        f"<span>{html.escape(t(f'silence.state.{code}', lang))}</span></div>"
        for code in ORDER
    )
    st.html(f'<div class="silence-figures">{tiles}</div>')
