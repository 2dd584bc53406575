"""The joint log of a district: what was said and done together with agencies and offices across the border."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import desk, office, session, store
from dashboard.i18n import t
from dashboard.panels import case, joint_entry, office_style, unavailable
from dashboard.panels.case_words import district_words, refusal
from dashboard.panels.live_office import hear
from dashboard.web.live import hub
from geo.crs import TIMEZONE
from geo.errors import DatabaseUnavailable, WatchError
from geo.model.person import Person
from geo.queries.case_parts import district_log

__all__ = ["show"]

MOST = 100
"""Entries that are shown, newest first."""
FORM = "joint_log"
_DISTRICT = "desk.log_district"
_DRAFT = "desk.log_draft"


def show(person: Person) -> None:
    """The whole page for somebody of a district centre."""
    lang = session.language()
    office_style.frame(lang, session.night())
    try:
        _draw(person, lang, datetime.now(ZoneInfo(TIMEZONE)))
    except DatabaseUnavailable as error:
        unavailable.show(error, lang)


def _draw(person: Person, lang: str, now: datetime) -> None:
    heard, districts = hub.office, store.district_names(hub.version)
    with st.container(key="joint_log"):
        st.title(t("nav.joint_log", lang))
        names = {code: district_words(code, districts, lang) for code in person.districts}
        if len(names) > 1:
            st.selectbox(t("inbox.by.district", lang), list(names), format_func=names.__getitem__, key=_DISTRICT)
        else:
            st.text(" ".join(names.values()))
        district = str(desk.said(_DISTRICT) or person.districts[0])
        with st.container():  # has its place also while it is empty: else the form is made anew under whoever writes
            if told := desk.notice():
                case.show_notice(told)
        left, right = st.columns([5, 7], gap="large")
        with left:
            _form(person, district, lang, now)
        with right:
            with office.acting(person) as connection:
                entries = district_log(connection, district, limit=MOST)
            if not entries:
                st.info(t("joint_log.empty", lang), icon=":material/handshake:")
            joint_entry.lines(entries, lang, cases=True)
    hear(heard, now)


def _form(person: Person, district: str, lang: str, now: datetime) -> None:
    draft = str(desk.said(_DRAFT) or 0)  # an entry that was kept takes its fields with it
    with st.form(f"{FORM}/{draft}"):
        joint_entry.fields(FORM, draft, lang, now)
        st.form_submit_button(
            t("joint_log.add", lang), type="primary", key="add_log", on_click=_add, args=(person, district, draft)
        )
    st.caption(t("joint_log.about", lang))


def _add(person: Person, district: str, draft: str) -> None:
    lang = session.language()
    desk.clear()
    try:
        with office.acting(person) as connection:
            joint_entry.write(connection, person.id, district, desk.answers(FORM, draft))
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    desk.forget(FORM, draft)
    desk.put(_DRAFT, int(draft) + 1)
    desk.say("done", t("case.done.log", lang))
