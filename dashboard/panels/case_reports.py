"""The reports of a case as they were told, with photos, questions to the reporter and the contact that was left."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import datetime

import streamlit as st

from dashboard import desk, office, session, store
from dashboard.contact import unseal
from dashboard.i18n import name, t
from dashboard.i18n.dates import ago, moment
from dashboard.kept import keep
from dashboard.labels import plain
from dashboard.panels.case_words import refusal, type_words
from geo.actions.contact import open_contact
from geo.actions.questions import read_answers
from geo.errors import WatchError
from geo.model import CrimeType
from geo.model.person import Person, Role
from geo.queries.case import Case
from geo.queries.case_parts import Question, Report, evidence_content

__all__ = ["photo", "show"]

_OPENED = "desk.contact"
AreaNames = Mapping[str, tuple[str | None, str | None]]


@keep(size=300, seconds=3600)
def photo(person: Person, evidence: int) -> bytes:
    """A photo of a case as this person may see it; evidence is never changed."""
    with office.acting(person) as connection:
        return evidence_content(connection, evidence)[1]


def show(
    person: Person, case: Case, areas: AreaNames, types: Mapping[str, CrimeType], lang: str, now: datetime
) -> None:
    """Draw the reports, the oldest first."""
    st.subheader(t("case.reports", lang, n=len(case.reports)))
    if not case.reports:
        st.caption(t("case.no_reports", lang))
    for report in case.reports:
        with st.container(border=True, key=f"report_{report.id}"):
            _report(person, case, report, areas, types, lang, now)


def _report(
    person: Person,
    case: Case,
    report: Report,
    areas: AreaNames,
    types: Mapping[str, CrimeType],
    lang: str,
    now: datetime,
) -> None:
    channel = t(f"channel.{report.channel}", lang)
    told = [channel, ago(report.received_at, now, lang)]
    if report.crime_type:
        told.append(type_words(report.crime_type, types, lang))
    if report.language and report.language != lang:
        told.append(t(f"case.written_in.{report.language}", lang))
    if report.ongoing:
        told.append(t("case.ongoing", lang))
    st.caption(plain(" · ".join(told)))
    st.text(report.description or t("case.no_words", lang))
    if where := _where(report, areas, lang):
        st.text(t("case.told_where", lang, place=where))
    if report.entered_by:
        st.text(t("case.entered_by", lang, person=report.entered_by))
    if report.disputed_at:
        words = t("case.disputed", lang, at=moment(report.disputed_at, lang))
        st.html(f'<p class="office-line office-late">{html.escape(words)}</p>')
        if report.dispute_note:
            st.text(report.dispute_note)
    photos = [e for e in case.evidence if e.report_id == report.id and e.media_type == "image/jpeg"]
    if photos:
        with st.container(horizontal=True):
            for one in photos:
                st.image(photo(person, one.id), width=180)
    for question in case.questions:
        if question.report_id == report.id:
            _question(person, case, question, lang)
    if report.has_contact and person.role in {Role.OFFICER, Role.CHIEF}:
        _contact(person, case, report, lang)


def _where(report: Report, areas: AreaNames, lang: str) -> str:
    parts = [report.village or "", report.location_note or ""]
    for code, key in ((report.area_code, "village"), (report.area_code and report.area_code[:6], "subdistrict")):
        if code and len(code) == (8 if key == "village" else 6) and code in areas:
            thai, english = areas[code]
            parts.append(t(f"case.{key}", lang, name=name({"name_th": thai, "name_en": english}, lang)))
    return " ".join(dict.fromkeys(part for part in parts if part))


def _question(person: Person, case: Case, question: Question, lang: str) -> None:
    asked = t("case.asked", lang, person=question.asked_by or "–", at=moment(question.asked_at, lang))
    st.caption(plain(asked))
    st.text(question.question)
    if question.answered_at is None:
        st.caption(t("case.not_answered", lang))
        return
    st.caption(t("case.answered", lang, at=moment(question.answered_at, lang)))
    st.text(question.answer or "")
    if not question.read:
        st.button(
            t("case.read_answer", lang), key=f"read_{question.id}", icon=":material/mark_email_read:",
            on_click=_read, args=(person, case.public_id),
        )  # fmt: skip


def _read(person: Person, public_id: str) -> None:
    desk.clear()
    try:
        with office.acting(person) as connection:
            read_answers(connection, person.id, public_id)
    except WatchError as error:
        desk.say("refused", refusal(error, session.language()))


def _contact(person: Person, case: Case, report: Report, lang: str) -> None:
    key = f"{_OPENED}/{report.id}"
    opened = desk.said(key)
    if opened is None:
        st.button(
            t("case.open_contact", lang), key=f"contact_{report.id}", icon=":material/contact_phone:",
            help=t("case.open_contact_help", lang), on_click=_open, args=(person, report.id, key),
        )  # fmt: skip
    else:
        st.caption(t("case.contact", lang))
        st.text(opened)
        st.button(
            t("case.hide_contact", lang), key=f"hide_{report.id}", type="tertiary", on_click=desk.put, args=(key, None)
        )


def _open(person: Person, report: int, key: str) -> None:
    """Callback: the opening is logged by the database itself."""
    desk.clear()
    lang = session.language()
    try:
        with office.acting(person) as connection:
            sealed = open_contact(connection, report)
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    desk.put(key, unseal(store.signing_key(), sealed) or t("case.contact_unreadable", lang))
