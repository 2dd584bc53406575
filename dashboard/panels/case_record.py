"""What was done with a case: checks on the spot, evidence, referrals, the joint log and the history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

import streamlit as st

from dashboard.i18n import has, t
from dashboard.i18n.dates import moment
from dashboard.panels import joint_entry, papers
from dashboard.panels.case_reports import photo
from dashboard.panels.case_words import agency_name, clock_words, due_words
from geo.model import District
from geo.model.clock import ClockName
from geo.model.person import Person
from geo.queries.case import Case
from geo.queries.case_parts import CaseEvent, FactCheck

__all__ = ["event_words", "show"]

LABEL = 172


def show(person: Person, case: Case, districts: Mapping[str, District], lang: str, now: datetime) -> None:
    """Draw the parts that there are; the history always."""
    _checks(case, lang, now)
    _evidence(person, case, lang)
    _referrals(person, case, lang, now)
    papers.counterpart(person, case, districts, lang)
    _log(case, lang)
    _history(case, lang)


def _checks(case: Case, lang: str, now: datetime) -> None:
    if not case.checks:
        return
    st.subheader(t("case.checks", lang))
    for check in case.checks:
        with st.container(border=True):
            st.text(f"{t(f'unit_kind.{check.unit_kind}', lang)}: {check.unit}")
            st.caption(_check_state(check, lang, now))
            if check.instruction:
                st.text(check.instruction)
            if check.found:
                st.text(t("case.found", lang, words=check.found))


def _check_state(check: FactCheck, lang: str, now: datetime) -> str:
    if check.done_at is None:
        return due_words(ClockName.FACT_CHECK, check.due_at, now, lang)
    return t("case.finding_at", lang, finding=t(f"finding.{check.finding}", lang), at=moment(check.done_at, lang))


def _evidence(person: Person, case: Case, lang: str) -> None:
    own = [one for one in case.evidence if one.report_id is None]
    if not own:
        return
    st.subheader(t("case.evidence", lang))
    for one in own:
        with st.container(border=True, key=f"evidence_{one.id}"):
            kind = t(f"case.media.{one.media_type.split('/')[1]}", lang)
            st.caption(
                t("case.evidence_line", lang, kind=kind, at=moment(one.added_at, lang), kb=f"{one.bytes / 1024:,.0f}")
            )
            if one.note:
                st.text(one.note)
            if one.media_type == "image/jpeg":
                st.image(photo(person, one.id), width=240)
            elif one.media_type == "text/plain":
                st.text(photo(person, one.id).decode("utf-8", "replace"))
            else:
                st.download_button(
                    t("case.download", lang), partial(photo, person, one.id), f"{case.public_id}-{one.id}.pdf",
                    one.media_type, key=f"file_{one.id}", on_click="ignore",
                )  # fmt: skip


def _referrals(person: Person, case: Case, lang: str, now: datetime) -> None:
    if not case.referrals:
        return
    st.subheader(t("case.referrals", lang))
    for one in case.referrals:
        with st.container(border=True):
            st.text(f"{agency_name(one.agency, lang)}: {t(f'referral_state.{one.state}', lang)}")
            st.caption(clock_words(one.clock, now, lang))
            for words in (one.note, one.return_reason, one.outcome_note):
                if words:
                    st.text(words)
            for signer in (one.accepted_name, one.ended_name):
                if signer:
                    st.text(t("case.signed_by", lang, person=signer))
            if one.state in {"sent", "accepted"}:
                papers.referral_pack(person, case, one, lang)


def _log(case: Case, lang: str) -> None:
    if not case.log:
        return
    st.subheader(t("case.log", lang))
    joint_entry.lines(case.log, lang)


def _history(case: Case, lang: str) -> None:
    st.subheader(t("case.history", lang))
    with st.container(key="history"):
        if not case.events:
            st.caption(t("case.no_history", lang))
        for event in reversed(case.events):
            with st.container(horizontal=True):
                st.caption(moment(event.at, lang), width=LABEL)
                words = event_words(event, lang)
                if event.of != case.public_id:
                    words = f"{event.of}: {words}"
                st.text(f"{words}\n{event.note}" if event.note else words, width="stretch")


def event_words(event: CaseEvent, lang: str) -> str:
    """What happened, and who did it."""
    what = t(f"errors.case.event.{event.kind}", lang) if has(f"errors.case.event.{event.kind}") else event.kind
    detail = event.detail
    more = [str(detail[key]) for key in ("grade", "into", "of") if detail.get(key)]
    if event.kind == "split" and detail.get("to"):
        more.append(str(detail["to"]))
    if detail.get("agency"):
        more.append(agency_name(str(detail["agency"]), lang))
    for kind in ("unit_kind", "finding", "outcome"):
        if detail.get(kind) and has(f"{kind}.{detail[kind]}"):
            more.append(t(f"{kind}.{detail[kind]}", lang))
    if "holds" in detail:
        more.append(t("case.holds" if detail["holds"] else "case.does_not_hold", lang))
    if more:
        what = f"{what}: {', '.join(more)}"
    return f"{what} ({event.person})" if event.person else what
