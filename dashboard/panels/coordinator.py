"""A coordinator's page: hand in one report or several, say that there was nothing, and see what became of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import desk, office, session, store
from dashboard.i18n import name, t
from dashboard.i18n.dates import ago, day, local, month
from dashboard.panels import case, coordinator_rows, coordinator_sheet, office_style, unavailable
from dashboard.panels.case_words import refusal, type_words
from dashboard.panels.coordinator_one import Home, one_report
from dashboard.panels.live_office import hear
from dashboard.panels.take_away import table_links
from dashboard.web.live import hub
from geo.actions.quiet_months import say_quiet
from geo.crs import TIMEZONE
from geo.errors import DatabaseUnavailable, WatchError
from geo.model import CrimeType
from geo.model.person import Person
from geo.queries.own_reports import area_line, own_reports, quiet_months, reported_months
from geo.queries.report_places import places_in

__all__ = ["show"]

MONTHS = 6
"""How many months are shown, this one among them."""
REPORTS = 20


def show(person: Person) -> None:
    """The whole page."""
    lang = session.language()
    office_style.frame(lang, session.night())
    try:
        _draw(person, lang, datetime.now(ZoneInfo(TIMEZONE)))
    except DatabaseUnavailable as error:
        unavailable.show(error, lang)


def _draw(person: Person, lang: str, now: datetime) -> None:
    heard = hub.office
    district = person.districts[0] if person.districts else (person.area_code or "")[:4]
    since = _back(now.date().replace(day=1), MONTHS - 1)
    with office.acting(person) as connection:
        line = area_line(connection, person.area_code or district) if district else {}
        home = Home(person, district, places_in(connection, district) if district else ())
        said, reported = quiet_months(connection, person.id, since), reported_months(connection, person.id, since)
        own = own_reports(connection, person.id, limit=REPORTS)
    types = store.crime_types(hub.version)
    with st.container(key="coordinator"):
        st.title(t("coordinator.title", lang))
        st.text(_home_words(person, line, lang))
        if not district:
            st.warning(t("coordinator.no_home", lang), icon=":material/location_off:")
        with (
            st.container()
        ):  # has its place also while it is empty: else the tabs are made anew, and the first one opens
            if told := desk.notice():
                case.show_notice(told)
        left, right = st.columns([7, 5], gap="large")
        with left:
            one, several, sheet = st.tabs([t(f"coordinator.tab.{code}", lang) for code in ("one", "rows", "sheet")])
            with one:
                one_report(home, types, lang, now)
            with several:
                coordinator_rows.show(home, types, lang, now)
            with sheet:
                coordinator_sheet.show(person, lang)
        with right:
            _quiet(person, said, reported, since, lang, now)
            st.subheader(t("coordinator.own", lang))
            if not own:
                st.caption(t("coordinator.own_empty", lang))
            for report in own:
                with st.container(border=True, key=f"own_{report.id}"):
                    st.badge(t(f"coordinator.state.{report.status or 'received'}", lang), color="blue")
                    st.text(_what(report.crime_type, report.description, types, lang))
                    st.caption(f"{report.case or '–'} · {ago(report.received_at, now, lang)}")
            if own:
                table_links("reports", {}, lang)
    hear(heard, now)


def _what(crime_type: str | None, description: str | None, types: Mapping[str, CrimeType], lang: str) -> str:
    kind = type_words(crime_type, types, lang) if crime_type else t("coordinator.not_sure", lang)
    short = " ".join((description or "").split())
    return f"{kind}\n{short[:160]}{'…' if len(short) > 160 else ''}" if short else kind


def _home_words(person: Person, line: Mapping[str, tuple[str | None, str | None]], lang: str) -> str:
    parts = [person.village or ""]
    for level in ("village", "subdistrict", "district", "province"):
        if level in line:
            thai, english = line[level]
            parts.append(t(f"coordinator.place.{level}", lang, name=name({"name_th": thai, "name_en": english}, lang)))
    return " ".join(part for part in parts if part)


def _back(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def _quiet(
    person: Person, said: Mapping[date, datetime], reported: Mapping[date, int], since: date, lang: str, now: datetime
) -> None:
    """The last months, each with what was said of it; the button where nothing was."""
    st.subheader(t("coordinator.quiet", lang))
    this = now.date().replace(day=1)
    months = [_back(this, n) for n in range(MONTHS)]
    with st.container(key="quiet"):
        for number, first in enumerate(months):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.text(month(first, lang, short=False))
                if first in reported:
                    st.text(t("coordinator.reported", lang, n=reported[first]))
                elif first in said:
                    st.text(t("coordinator.said", lang, at=day(local(said[first]).date(), lang)))
                elif number < 2:
                    st.button(
                        t("coordinator.say_quiet", lang), key=f"quiet_{first:%Y%m}", icon=":material/check:",
                        on_click=_say_quiet, args=(person, first),
                    )  # fmt: skip
                else:
                    st.text(t("coordinator.silent", lang))


def _say_quiet(person: Person, first: date) -> None:
    lang = session.language()
    desk.clear()
    try:
        with office.acting(person) as connection:
            new = say_quiet(connection, person.id, person.area_code, person.village, first)
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    desk.say(
        "done",
        t("coordinator.quiet_done" if new else "coordinator.quiet_was", lang, month=month(first, lang, short=False)),
    )
