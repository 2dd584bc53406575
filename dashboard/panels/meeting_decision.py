"""One decision on a page: what it says, who does it until when, and the buttons that end it. All of it is text of people."""

from __future__ import annotations

import html

import streamlit as st

from dashboard import desk, office, session
from dashboard.i18n import t
from dashboard.meeting_decisions import (
    Known,
    district_words,
    due_words,
    ended_words,
    may_end,
    owner_words,
    place_words,
)
from dashboard.panels.case_words import refusal
from geo.actions.decisions import end_decision
from geo.errors import WatchError
from geo.model.meeting import Decision, DecisionState
from geo.model.person import Person

__all__ = ["show"]

_ENDING = "meeting.ending"
"""Key of the decision and the end that somebody is writing down."""


def show(person: Person, one: Decision, known: Known, *, whose: bool = False) -> None:
    """Draw it.

    Parameters
    ----------
    whose
        Whether one's own are marked.
    """
    lang = known.lang
    late = " office-late" if one.late(known.today) else ""
    when = due_words(one, known.today, lang) if one.state is DecisionState.OPEN else ended_words(one, lang)
    facts = [district_words(one.district, known), owner_words(one, known), place_words(one, lang)]
    mine = f'<span class="office-chip full">{html.escape(t("meeting_page.mine", lang))}</span>'
    lines = (
        f'<div class="office-head"><b class="meeting-words">{html.escape(one.words)}</b>'
        f"{mine if whose and one.owner_id == person.id else ''}</div>"
        f'<p class="office-line">{html.escape(" · ".join(fact for fact in facts if fact))}</p>'
        f'<p class="office-line{late}">{html.escape(when)}</p>'
    )
    with st.container(border=True, key=f"decision_{one.state}_{one.id}"):
        st.html(lines)
        if may_end(person, one):
            _ways(person, one, lang)


def _ways(person: Person, one: Decision, lang: str) -> None:
    ending = desk.said(_ENDING)
    if isinstance(ending, tuple) and ending[0] == one.id:
        _form(person, one, ending[1], lang)
        return
    with st.container(horizontal=True, key=f"ways_{one.id}", gap="small"):
        for state, icon in ((DecisionState.DONE, "check"), (DecisionState.DROPPED, "close")):
            st.button(
                t(f"meeting_screen.words.mark_{state}", lang), key=f"end_{state}_{one.id}", icon=f":material/{icon}:",
                on_click=_begin, args=(one.id, state),
            )  # fmt: skip


def _begin(number: int, state: DecisionState) -> None:
    desk.clear()
    desk.put(_ENDING, (number, state))


def _form(person: Person, one: Decision, state: DecisionState, lang: str) -> None:
    key = f"meeting.reason.{one.id}"
    label = "what_came" if state is DecisionState.DONE else "why_dropped"
    st.text_area(t(f"meeting_screen.words.{label}", lang), key=key, max_chars=2000, height=90)
    if (told := desk.notice()) is not None and told.kind == "refused":
        st.error(told.text)
    with st.container(horizontal=True, gap="small"):
        st.button(
            t("meeting_screen.words.save", lang), key=f"end_save_{one.id}", type="primary", on_click=_end,
            args=(person, one.id, state, key),
        )  # fmt: skip
        st.button(
            t("meeting_screen.words.close", lang), key=f"end_close_{one.id}", on_click=desk.put, args=(_ENDING, None)
        )


def _end(person: Person, number: int, state: DecisionState, key: str) -> None:
    lang = session.language()
    try:
        with office.acting(person) as connection:
            end_decision(connection, person, number, state, str(desk.said(key) or ""))
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    desk.put(_ENDING, None)
    desk.say("done", t(f"meeting_page.marked_{state}", lang))
