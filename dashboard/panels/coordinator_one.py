"""One report, quickly: preset to the coordinator's own village."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import desk, office, session
from dashboard.i18n import name, t
from dashboard.i18n.dates import day
from dashboard.panels.case_words import refusal
from geo.actions.intake import MAX_DESCRIPTION, MAX_VILLAGE, NewReport, submit
from geo.crs import TIMEZONE
from geo.errors import WatchError
from geo.model import CrimeType
from geo.model.person import Person
from geo.queries.own_reports import case_number

__all__ = ["UNSURE", "Home", "days_back", "one_report", "type_choices"]

UNSURE = ""
"""No crime type."""
DAYS = 60
WHEN = ("now", "today", "date", "unsure")
_DRAFT = "desk.draft"
FORM = "coordinator"


@dataclass(frozen=True, slots=True)
class Home:
    """Who reports and from where: the district's sub-districts as code, Thai and English name."""

    person: Person
    district: str
    subdistricts: tuple[tuple[str, str, str], ...]

    @property
    def area(self) -> str:
        """Code of the place that is preset."""
        return self.person.area_code or self.district

    def choices(self, lang: str) -> dict[str, str]:
        """Sub-districts by code; the district where it has none with a code."""
        found = {code: thai if lang == "th" else english for code, thai, english in self.subdistricts}
        if self.area and self.area[:6] not in found:
            found = {self.area: t("coordinator.own_area", lang)} | found
        return found


def type_choices(types: Mapping[str, CrimeType], lang: str) -> dict[str, str]:
    """Crime types by code, "not sure" first; those that were retired are no longer offered."""
    offered = {code: name(kind, lang) for code, kind in types.items() if kind.active}
    return {UNSURE: t("coordinator.not_sure", lang)} | offered


def days_back(now: datetime, lang: str, days: int = DAYS) -> dict[date, str]:
    """The last days in words: a calendar of the browser would count years in another era."""
    found = {}
    for n in range(days):
        one = now.date() - timedelta(days=n)
        near = t(f"coordinator.day.{n}", lang) if n < 2 else ""
        found[one] = f"{day(one, lang)} ({near})" if near else day(one, lang)
    return found


def one_report(home: Home, types: Mapping[str, CrimeType], lang: str, now: datetime) -> None:
    """Draw the form."""
    choices, days, areas = type_choices(types, lang), days_back(now, lang), home.choices(lang)

    draft = str(_draft())

    def key(field: str) -> str:  # a sent report takes its fields with it: the browser would keep what stands in them
        return desk.field_key(FORM, draft, field)

    with st.form(f"coordinator_one/{draft}"):
        st.selectbox(t("coordinator.what", lang), list(choices), format_func=choices.__getitem__, key=key("type"))
        st.text_area(t("coordinator.told", lang), key=key("told"), height=130, max_chars=MAX_DESCRIPTION)
        st.radio(
            t("coordinator.when", lang), WHEN, format_func=lambda code: t(f"coordinator.when_{code}", lang), horizontal=True,
            key=key("when"),
        )  # fmt: skip
        with st.container(
            horizontal=True, key="coordinator_day"
        ):  # the style sheet shows it when a day is to be chosen
            st.selectbox(t("coordinator.which_day", lang), list(days), format_func=days.__getitem__, key=key("day"))
            st.time_input(t("coordinator.which_time", lang), None, key=key("time"))
        with st.container(horizontal=True):
            if areas:
                preset = next((n for n, code in enumerate(areas) if code in {home.area, home.area[:6]}), 0)
                st.selectbox(
                    t("coordinator.subdistrict", lang),
                    list(areas),
                    preset,
                    format_func=areas.__getitem__,
                    key=key("area"),
                )
            st.text_input(
                t("coordinator.village", lang), home.person.village or "", key=key("village"), max_chars=MAX_VILLAGE
            )
        st.checkbox(t("coordinator.ongoing", lang), key=key("ongoing"))
        st.form_submit_button(t("coordinator.send", lang), type="primary", key="send_one", on_click=_send, args=(home,))


def _draft() -> UUID:
    """Name of the report that is being written: sent twice it is one."""
    if desk.said(_DRAFT) is None:
        desk.put(_DRAFT, uuid4())
    return UUID(str(desk.said(_DRAFT)))


def _send(home: Home) -> None:
    lang = session.language()
    draft = _draft()
    said = desk.answers(FORM, str(draft))
    desk.clear()
    try:
        report = NewReport(
            client_id=draft,
            receipt_hash=None,
            channel="coordinator",
            language=lang,
            crime_type=str(said.get("type") or "") or None,
            when_said=str(said["when"]),
            occurred_at=moment_of(str(said["when"]), said.get("day"), said.get("time")),
            ongoing=bool(said.get("ongoing")),
            area_code=str(said.get("area") or home.area) or None,
            village=str(said.get("village") or ""),
            description=str(said.get("told") or ""),
        )
        with office.acting(home.person) as connection:
            received = submit(connection, report)
            number = case_number(connection, received.public_id)
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    desk.put(_DRAFT, None)
    desk.forget(FORM, str(draft))
    near = "coordinator.sent_near" if received.similar_near else "coordinator.sent"
    desk.say("done", t(near, lang, id=number))


def moment_of(when: str, on: date | None, at: time | None) -> datetime | None:
    """The moment that was chosen; midnight where no time was given."""
    zone = ZoneInfo(TIMEZONE)
    if when == "now":
        return datetime.now(zone)
    if when == "date" and on is not None:
        return datetime.combine(on, at or time(), zone)
    return None
