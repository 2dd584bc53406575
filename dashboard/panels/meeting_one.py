"""One meeting on the page: open its screen, take its papers along, end it, and follow what it decided."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from dashboard import desk, meeting_desk, office, session
from dashboard.i18n import t
from dashboard.i18n.dates import day, moment
from dashboard.meeting_decisions import Known, came_words, district_words, leads
from dashboard.meeting_screen import PAPERS, choice_words
from dashboard.panels import meeting_decision, meeting_minutes
from dashboard.panels.case import show_notice
from dashboard.panels.case_words import refusal
from dashboard.panels.take_away import link
from geo.actions.meetings import finish_meeting, start_meeting
from geo.errors import NotFound, WatchError
from geo.model.meeting import Decision, DecisionState, Meeting, MeetingState
from geo.model.person import Person
from geo.queries import meetings

__all__ = ["show"]

_SURE = "meeting.finish"


def show(person: Person, number: int, known: Known) -> None:
    """Draw it, or say that there is none of this number for this person."""
    lang = known.lang
    st.button(
        t("meeting_page.back", lang), key="meeting_back", icon=":material/arrow_back:", type="tertiary",
        on_click=meeting_desk.lay_open, args=(None,),
    )  # fmt: skip
    try:
        with office.acting(person) as connection:
            one = meetings.meeting(connection, number)
            decided, came = meetings.decisions_of(connection, number), meetings.came_since(connection, number)
    except NotFound as error:
        st.warning(refusal(error, lang), icon=":material/search_off:")
        return
    if told := desk.notice():
        show_notice(told)
    _head(one, came_words(came, lang), known)
    _ways(person, one, lang)
    left, right = st.columns([5, 4], gap="medium")
    with left:
        _decisions(person, decided, known)
    with right:
        _papers(number, lang)
        meeting_minutes.show(person, one, known)
        _agenda(one, known)


def _head(one: Meeting, came: str, known: Known) -> None:
    lang = known.lang
    as_of = t("meeting_screen.as_of", lang, time=moment(one.as_of, lang))
    state = t(f"meeting_page.state.{one.state}", lang)
    who = t("meeting_page.prepared_by", lang, name=one.prepared_name) if one.prepared_name else ""
    st.html(
        f'<h1 class="meeting-title">{html.escape(one.title)} <span class="office-chip">{html.escape(state)}</span></h1>'
        f'<p class="office-line">{html.escape(" · ".join(part for part in (day(one.held_on, lang), who) if part))}</p>'
        f'<p class="office-line">{html.escape(choice_words(one, known.types, lang))}</p>'
        f'<p class="office-line office-faint">{html.escape(f"{as_of} · {came}")}</p>'
    )


def _ways(person: Person, one: Meeting, lang: str) -> None:
    held = one.state is MeetingState.HELD
    night = "1" if session.night() else "0"
    with st.container(horizontal=True, vertical_alignment="center", key="meeting_ways"):
        words = t("meeting_page.again" if held else "meeting_page.start", lang)
        link(
            f"/meetings/{one.id}", {"lang": lang, "night": night}, words, f"meeting_start_{'again' if held else 'now'}"
        )
        if leads(person, one) and not held and not desk.said(_SURE):
            st.button(
                t("meeting_page.finish", lang), key="meeting_finish", icon=":material/flag:", on_click=desk.put,
                args=(_SURE, True),
            )  # fmt: skip
    if held:
        st.caption(t("meeting_page.finished", lang))
    elif desk.said(_SURE) and leads(person, one):
        with st.container(border=True, key="meeting_sure"):
            st.text(t("meeting_page.finish_sure", lang))
            with st.container(horizontal=True):
                st.button(
                    t("meeting_page.finish", lang), key="meeting_finish_sure", type="primary", on_click=_finish,
                    args=(person, one.id),
                )  # fmt: skip
                st.button(
                    t("meeting_screen.words.close", lang),
                    key="meeting_finish_not",
                    on_click=desk.put,
                    args=(_SURE, False),
                )
    else:
        st.caption(t("meeting_page.keys", lang))


def _finish(person: Person, number: int) -> None:
    lang = session.language()
    desk.put(_SURE, False)
    try:
        with office.acting(person) as connection:
            start_meeting(connection, person, number)  # one that nobody opened on a screen is held on paper
            finish_meeting(connection, person, number)
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    desk.say("done", t("meeting_page.finished", lang))


def _decisions(person: Person, decided: Sequence[Decision], known: Known) -> None:
    lang = known.lang
    st.html(f'<h2 class="meeting-part">{html.escape(t("meeting_page.decisions", lang))}</h2>')
    if not decided:
        st.caption(t("meeting_page.decisions_none", lang))
    for one in decided:
        if one.state is DecisionState.OPEN:
            meeting_decision.show(person, one, known, whose=True)
    ended = [one for one in decided if one.state is not DecisionState.OPEN]
    if ended:
        st.html(f'<h2 class="meeting-part">{html.escape(t("meeting_page.ended", lang))}</h2>')
    for one in ended:
        meeting_decision.show(person, one, known)


def _papers(number: int, lang: str) -> None:
    st.html(f'<h2 class="meeting-part">{html.escape(t("meeting_page.take", lang))}</h2>')
    with st.container(horizontal=True, key="meeting_papers", gap="small"):
        for form in PAPERS:
            link(f"papers/meeting/{number}.{form}", {"lang": lang}, t(f"meeting_page.{form}", lang), f"meeting_{form}")
    st.caption(t("meeting_page.take_help", lang))


def _agenda(one: Meeting, known: Known) -> None:
    st.html(f'<h2 class="meeting-part">{html.escape(t("meeting_page.agenda", known.lang))}</h2>')
    names = "".join(f"<li>{html.escape(district_words(code, known))}</li>" for code in one.districts)
    st.html(f'<ol class="meeting-agenda">{names}</ol>')
