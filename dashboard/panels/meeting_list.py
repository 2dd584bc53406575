"""The meetings, newest first, and beside them what was decided and is not done, one's own first."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import desk, meeting_desk
from dashboard.i18n import t
from dashboard.i18n.dates import day, number
from dashboard.labels import plain
from dashboard.meeting_decisions import Known
from dashboard.meeting_screen import choice_words
from dashboard.panels import meeting_decision
from dashboard.panels.case import show_notice
from geo.model.meeting import Decision, DecisionState, Meeting, MeetingState
from geo.model.person import Person

__all__ = ["listed", "nothing", "undone"]

MOST = 30
"""Undone decisions in the list; a district that has more has another trouble."""


def nothing(prepares: bool, lang: str) -> None:
    """Say what to do where there is no meeting yet."""
    said = t("meeting_page.none_next" if prepares else "meeting_page.none_reader", lang)
    st.info(f"**{t('meeting_page.none', lang)}** {said}", icon=":material/co_present:")
    st.caption(t("meeting_page.about", lang))


def listed(found: Sequence[Meeting], decided: Mapping[int, Sequence[Decision]], known: Known) -> None:
    """Meetings prepared and held."""
    for one in found:
        _row(one, decided[one.id], known)


def _row(one: Meeting, decided: Sequence[Decision], known: Known) -> None:
    lang = known.lang
    full = " full" if one.state is not MeetingState.HELD else ""
    who = t("meeting_page.prepared_by", lang, name=one.prepared_name) if one.prepared_name else ""
    facts = [day(one.held_on, lang), t("meeting_page.districts", lang, n=number(len(one.districts))), who]
    lines = (
        f'<div class="office-head"><b>{html.escape(one.title)}</b><span class="office-chip{full}">'
        f"{html.escape(t(f'meeting_page.state.{one.state}', lang))}</span></div>"
        f'<p class="office-line">{html.escape(" · ".join(fact for fact in facts if fact))}</p>'
        f'<p class="office-line office-faint">{html.escape(choice_words(one, known.types, lang))}</p>'
        f'<p class="office-line">{html.escape(_decided(decided, known))}</p>'
    )
    with st.container(border=True, key=f"row_{one.id}"):
        st.html(lines)
        st.button(
            t("meeting_page.open", lang, title=plain(one.title)), key=f"open_{one.id}", on_click=meeting_desk.lay_open,
            args=(one.id,),
        )  # fmt: skip


def _decided(decided: Sequence[Decision], known: Known) -> str:
    if not decided:
        return t("meeting_page.undecided", known.lang)
    open_ = sum(one.state is DecisionState.OPEN for one in decided)
    late = sum(one.late(known.today) for one in decided)
    code = "decided_late" if late else "decided"
    return t(f"meeting_page.{code}", known.lang, n=number(len(decided)), open=number(open_), late=number(late))


def undone(person: Person, decided: Mapping[int, Sequence[Decision]], known: Known) -> None:
    """What is not done: one's own first, then by its day."""
    open_ = [one for all_ in decided.values() for one in all_ if one.state is DecisionState.OPEN]
    open_.sort(key=lambda one: (one.owner_id != person.id, one.due, one.id))
    st.html(f'<h2 class="meeting-part">{html.escape(t("meeting_page.undone", known.lang))}</h2>')
    if told := desk.notice():
        show_notice(told)
    if not open_:
        st.caption(t("meeting_page.undone_none", known.lang))
    for one in open_[:MOST]:
        meeting_decision.show(person, one, known, whose=True)
