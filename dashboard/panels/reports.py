"""The page of reports: a centre sees its months, the national centre and commanders those of all, and the quarters."""

from __future__ import annotations

import html
from datetime import date, datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import month_desk, session, store
from dashboard.documents.referral_pack import Names
from dashboard.i18n import t
from dashboard.panels import office_style, reports_month, reports_quarter, reports_style, reports_table, unavailable
from dashboard.panels.live_office import hear
from dashboard.web.live import hub
from geo.crs import TIMEZONE
from geo.errors import DatabaseUnavailable
from geo.model.person import Person, Role

__all__ = ["show"]

CENTRES = frozenset({Role.CHIEF, Role.OFFICER})

PARTS = {"month": reports_table.show, "quarter": reports_quarter.show}


def show(person: Person) -> None:
    """The whole page."""
    lang = session.language()
    office_style.frame(lang, session.night())
    reports_style.frame()
    now = datetime.now(ZoneInfo(TIMEZONE))
    heard = hub.office
    try:
        _draw(person, lang, now)
    except DatabaseUnavailable as error:
        unavailable.show(error, lang)
    hear(heard, now)


def _draw(person: Person, lang: str, now: datetime) -> None:
    today, version = now.date(), hub.version
    names = Names(store.crime_types(version), store.district_names(version), store.agencies(version))
    month_desk.visit(today)
    with st.container(key="reports_page"):
        st.html(f'<h1 class="office-title">{html.escape(t("reports.title", lang))}</h1>')
        if person.role in CENTRES:
            _centre(person, names, lang, today)
        else:
            _all(person, names, lang, now)


def _centre(person: Person, names: Names, lang: str, today: date) -> None:
    own = person.districts or ()
    district = own[0] if own else ""
    with st.container(horizontal=True, vertical_alignment="bottom", key="reports_top"):
        if len(own) > 1:
            district = reports_month.choose_district(own, names, lang)
        month = reports_month.choose_month(lang, today)
    reports_month.show(person, district, month, names, lang, today)


def _all(person: Person, names: Names, lang: str, now: datetime) -> None:
    if (district := month_desk.opened()) is not None:
        st.button(
            t("reports.back", lang), key="reports_back", icon=":material/arrow_back:", type="tertiary",
            on_click=month_desk.lay_open, args=(None,),
        )  # fmt: skip
        reports_month.show(person, district, month_desk.chosen_month(now.date()), names, lang, now.date())
        return
    part = st.segmented_control(
        t("reports.part", lang), list(PARTS), required=True, default="month", key=month_desk.PART,
        label_visibility="collapsed", format_func=lambda code: t(f"reports.parts.{code}", lang),
    )  # fmt: skip
    PARTS[part or "month"](person, names, lang, now)
