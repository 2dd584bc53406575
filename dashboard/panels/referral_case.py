"""One referral: what the agency reads of the case, and how it answers."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard import desk, office, session
from dashboard.i18n import t
from dashboard.i18n.dates import ago, moment
from dashboard.navigation import PAGES
from dashboard.panels import case
from dashboard.panels.card import incident_lines
from dashboard.panels.case_reports import photo
from dashboard.panels.case_words import agency_name, clock_words, head_html, refusal
from geo.actions import referrals
from geo.errors import NotFound, WatchError
from geo.model import CrimeType, District
from geo.model.case import Outcome
from geo.model.person import Person, Role
from geo.queries.referrals import Referral
from geo.queries.referred import ReferredCase, referred_case

__all__ = ["show"]

LABEL = 92
STEPS = {"accept": ("sent",), "outcome": ("accepted",), "return": ("sent", "accepted")}
"""What an agency can do, and in which states of the referral."""
ICONS = {"accept": ":material/handshake:", "outcome": ":material/task_alt:", "return": ":material/undo:"}
_LINES = ("when", "where", "note", "location", "coordinates", "channel", "reported")


def show(
    person: Person,
    chosen: int,
    types: Mapping[str, CrimeType],
    districts: Mapping[str, District],
    lang: str,
    now: datetime,
) -> None:
    """Draw it."""
    back, notice, head, steps, body = (
        st.container(key=key) for key in ("case_back", "case_notice", "case_top", "case_do", "case_body")
    )
    with back:
        st.button(
            t("case.back", lang), key="back_to_list", icon=":material/arrow_back:", type="tertiary",
            on_click=desk.open_referral, args=(None,),
        )  # fmt: skip
    try:
        with office.acting(person) as connection:
            found = referred_case(connection, chosen)
            if desk.referral_unread(chosen):
                referrals.look(connection, chosen, found.public_id)
        desk.referral_read(chosen)
    except NotFound as error:
        with head, st.container(key="case_head"):
            st.error(refusal(error, lang), icon=":material/search_off:")
        return
    with head:
        _head(found, types, districts, lang, now)
    with notice:
        if said := desk.notice():
            case.show_notice(said)
    with steps:
        if person.role is Role.AGENCY:
            _steps(person, found.referral, lang)
        else:
            _to_inbox(person, found.public_id, lang)
    with body:
        _reports(person, found, lang, now)


def _to_inbox(person: Person, public_id: str, lang: str) -> None:
    from dashboard.panels.inbox import open_case

    if st.button(t("referral.to_inbox", lang), key="to_inbox", icon=":material/inbox:"):
        open_case(person, public_id)
        st.switch_page(str(PAGES / "inbox.py"))


def _head(
    found: ReferredCase, types: Mapping[str, CrimeType], districts: Mapping[str, District], lang: str, now: datetime
) -> None:
    sent = found.referral
    with st.container(key="case_head"):
        clock = sent.clock
        late = " office-late" if clock.overdue(now) or clock.late else ""
        st.html(
            f'<h2 class="office-number">{html.escape(found.public_id)}</h2>'
            + head_html(found.facts["crime_type"], found.status, types, lang)
            + f'<p class="office-line">{html.escape(agency_name(sent.agency, lang))} · '
            f"{html.escape(t(f'referral_state.{sent.state}', lang))} · "
            f'<span class="office-part{late}">{html.escape(clock_words(clock, now, lang))}</span></p>'
        )
    told = {"district_conflict": False, "snap_distance_m": None, "point_district_code": None}
    known = dict(incident_lines(told | found.facts | {"status": found.status}, types, districts, lang))
    lines = [(t("referral.sent_by", lang), f"{sent.sent_by or '–'} {moment(sent.sent_at, lang)}")]
    if sent.note:
        lines.append((t("referral.note", lang), sent.note))
    lines += [(t(f"card.{name}", lang), known[name]) for name in _LINES if known.get(name)]
    if sent.accepted_at:
        who = sent.accepted_by or sent.accepted_name or "–"
        lines.append((t("referral.accepted", lang), f"{who} {moment(sent.accepted_at, lang)}"))
    if sent.return_reason:
        lines.append((t("referral.reason", lang), sent.return_reason))
    if sent.outcome:
        said = t(f"outcome.{sent.outcome}", lang)
        lines.append((t("case.outcome_label", lang), f"{said}\n{sent.outcome_note}" if sent.outcome_note else said))
    with st.container(key="facts"):
        for label, words in lines:
            with st.container(horizontal=True):
                st.caption(label, width=LABEL)
                st.text(words, width="stretch")


def _steps(person: Person, sent: Referral, lang: str) -> None:
    with st.container(horizontal=True, key="case_steps"):
        for code, states in STEPS.items():
            if sent.state in states:
                first = code in {"accept", "outcome"} and desk.step() is None
                st.button(
                    t(f"referral.do.{code}", lang), key=f"do_{code}", icon=ICONS[code],
                    type="primary" if first or desk.step() == code else "secondary",
                    on_click=_take if code == "accept" else desk.open_step,
                    args=(person, sent, code) if code == "accept" else (code, 0),
                )  # fmt: skip
    taken = desk.step()
    if taken in {"outcome", "return"}:
        _form(person, sent, taken, lang)


def _form(person: Person, sent: Referral, code: str, lang: str) -> None:

    def key(field: str) -> str:
        return desk.field_key(str(sent.id), code, field)

    with st.form(f"referral/{sent.id}/{code}"):
        st.markdown(f"**{t(f'referral.do.{code}', lang)}**")
        if sent.state not in STEPS[code]:
            st.warning(t("case.fits_no_longer", lang), icon=":material/sync_problem:")
        if code == "outcome":
            outcomes = {one.value: t(f"outcome.{one.value}", lang) for one in Outcome}
            st.selectbox(
                t("case.field.outcome", lang), list(outcomes), format_func=outcomes.__getitem__, key=key("outcome")
            )
        label = "referral.details" if code == "outcome" else "case.field.reason"
        st.text_area(t(label, lang), key=key("note"), height=110, max_chars=10_000)
        with st.container(horizontal=True):
            st.form_submit_button(
                t("case.save", lang), type="primary", key=f"save_{code}", on_click=_take, args=(person, sent, code)
            )
            st.form_submit_button(t("case.cancel", lang), key=f"cancel_{code}", on_click=desk.close_step)


def _take(person: Person, sent: Referral, code: str) -> None:
    """Callback: answer. What was written stays until it was taken."""
    lang = session.language()
    said = desk.answers(str(sent.id), code)
    acts: dict[str, Callable[[Any], None]] = {
        "accept": lambda c: referrals.accept(c, person.id, sent.id),
        "return": lambda c: referrals.give_back(c, person.id, sent.id, str(said.get("note") or "")),
        "outcome": lambda c: referrals.report_outcome(
            c, person.id, sent.id, Outcome(str(said.get("outcome"))), str(said.get("note") or "")
        ),
    }
    desk.clear()
    try:
        with office.acting(person) as connection:
            acts[code](connection)
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    desk.close_step()
    desk.forget(str(sent.id), code)
    desk.say("done", t(f"referral.done.{code}", lang))


def _reports(person: Person, found: ReferredCase, lang: str, now: datetime) -> None:
    st.subheader(t("case.reports", lang, n=len(found.reports)))
    for report in found.reports:
        with st.container(border=True, key=f"report_{report.id}"):
            told = [t(f"channel.{report.channel}", lang), ago(report.received_at, now, lang)]
            if report.ongoing:
                told.append(t("case.ongoing", lang))
            st.caption(" · ".join(told))
            st.text(report.description or t("case.no_words", lang))
            if where := " ".join(part for part in (report.village, report.location_note) if part):
                st.text(t("case.told_where", lang, place=where))
    for number, media_type, note in found.evidence:
        with st.container(border=True):
            if note:
                st.text(note)
            if media_type == "image/jpeg":
                st.image(photo(person, number), width=240)
            elif media_type == "text/plain":
                st.text(photo(person, number).decode("utf-8", "replace"))
            else:
                st.download_button(
                    t("case.download", lang), photo(person, number), f"{found.public_id}-{number}.pdf", media_type,
                    key=f"file_{number}", on_click="ignore",
                )  # fmt: skip
