"""Agenda and attendance of a meeting: read by who sees the meeting, written by who leads it, also once it is held."""

from __future__ import annotations

import html

import streamlit as st

from dashboard import desk, office, session
from dashboard.i18n import name, t
from dashboard.i18n.dates import number
from dashboard.meeting_decisions import Known, leads
from dashboard.panels.case_words import refusal
from dashboard.panels.take_away import link
from geo.actions.meeting_minutes import put_minutes
from geo.errors import WatchError
from geo.model.meeting import Meeting
from geo.model.meeting_minutes import (
    LONGEST_ITEM,
    LONGEST_NOTE,
    LONGEST_OFFICE,
    MOST_ITEMS,
    MOST_OFFICES,
    MOST_PRESENT,
    AgendaItem,
    Attendance,
)
from geo.model.person import Person
from geo.queries.meeting_minutes import agenda, attendance

__all__ = ["show"]

_OPEN = "minutes.open"
_OF = "minutes"


def show(person: Person, one: Meeting, known: Known) -> None:
    """Draw them, or the form for them."""
    lang = known.lang
    with office.acting(person) as connection:
        items, came = agenda(connection, one.id), attendance(connection, one.id)
    st.html(f'<h2 class="meeting-part">{html.escape(t("minutes.part", lang))}</h2>')
    if leads(person, one) and desk.said(_OPEN) == one.id:
        _form(person, one, items, came, known)
        return
    if items:
        words = "".join(f"<li>{html.escape(item.words)}</li>" for item in items)
        st.html(f'<ol class="meeting-agenda">{words}</ol>')
    if came:
        total = number(sum(office.present for office in came))
        st.caption(t("minutes.came_n", lang, n=total, offices=number(len(came))))
    if not (items or came):
        st.caption(t("minutes.none", lang))
    with st.container(horizontal=True, key="minutes_ways", gap="small"):
        if leads(person, one):
            st.button(
                t("minutes.edit", lang),
                key="minutes_edit",
                icon=":material/edit_note:",
                on_click=_open,
                args=(one.id, items, came),
            )
        link(f"papers/minutes/{one.id}.docx", {"lang": lang}, t("minutes.take", lang), "minutes_take")


def _key(meeting: int, field: str) -> str:
    return desk.field_key(_OF, str(meeting), field)


def _open(meeting: int, items: tuple[AgendaItem, ...], came: tuple[Attendance, ...]) -> None:
    desk.clear()
    desk.forget(_OF, str(meeting))
    desk.put(_OPEN, meeting)
    _fill(meeting, items)
    for at, one in enumerate(came):
        for field, value in (("agency", one.agency or ""), ("office", one.office or ""), ("present", one.present)):
            desk.put(_key(meeting, f"{field}_{at}"), value)


def _fill(meeting: int, items: tuple[AgendaItem, ...]) -> None:
    for at, one in enumerate(items):
        desk.put(_key(meeting, f"words_{at}"), one.words)
        desk.put(_key(meeting, f"note_{at}"), one.note or "")


def _usual(meeting: int, lang: str) -> None:
    """The agenda that Thai offices hold to."""
    _fill(meeting, tuple(AgendaItem(words) for words in t("minutes.usual", lang).split(" | ")))


def _form(
    person: Person, one: Meeting, items: tuple[AgendaItem, ...], came: tuple[Attendance, ...], known: Known
) -> None:
    lang = known.lang
    with st.container(border=True, key="minutes_form"):
        if not items and not desk.said(_key(one.id, "words_0")):
            st.button(
                t("minutes.use_usual", lang), key="minutes_usual", icon=":material/format_list_numbered:", on_click=_usual,
                args=(one.id, lang),
            )  # fmt: skip
        at = 0
        while at < MOST_ITEMS and (at < len(items) or at == 0 or desk.said(_key(one.id, f"words_{at - 1}"))):
            st.text_input(
                t("minutes.field.words", lang, n=at + 1), key=_key(one.id, f"words_{at}"), max_chars=LONGEST_ITEM
            )
            if desk.said(_key(one.id, f"words_{at}")):
                st.text_area(
                    t("minutes.field.note", lang, n=at + 1), key=_key(one.id, f"note_{at}"), max_chars=LONGEST_NOTE, height=80
                )  # fmt: skip
            at += 1
        _offices(one.id, len(came), known)
        with st.container(horizontal=True, key="minutes_keep_ways", gap="small"):
            st.button(
                t("meeting_screen.words.save", lang),
                key="minutes_keep",
                type="primary",
                on_click=_keep,
                args=(person, one.id),
            )
            st.button(t("meeting_screen.words.close", lang), key="minutes_leave", on_click=desk.put, args=(_OPEN, None))


def _offices(meeting: int, there: int, known: Known) -> None:
    lang = known.lang
    codes = ["", *(code for code, one in known.agencies.items() if one.active)]
    st.html(f'<b class="office-line">{html.escape(t("minutes.came", lang))}</b>')
    at = 0
    while at < MOST_OFFICES and (at < there or at == 0 or _said(meeting, at - 1)):
        with st.container(horizontal=True, key=f"minutes_office_{at}"):
            st.selectbox(
                t("minutes.field.agency", lang), codes, key=_key(meeting, f"agency_{at}"),
                format_func=lambda code: name(known.agencies[code], lang) if code else t("minutes.other_office", lang),
            )  # fmt: skip
            if not desk.said(_key(meeting, f"agency_{at}")):
                st.text_input(
                    t("minutes.field.office", lang), key=_key(meeting, f"office_{at}"), max_chars=LONGEST_OFFICE
                )
            st.number_input(t("minutes.field.present", lang), 1, MOST_PRESENT, None, key=_key(meeting, f"present_{at}"))
        at += 1


def _said(meeting: int, at: int) -> bool:
    return any(desk.said(_key(meeting, f"{field}_{at}")) for field in ("agency", "office"))


def _keep(person: Person, meeting: int) -> None:
    lang = session.language()
    said = desk.answers(_OF, str(meeting))
    items = [
        AgendaItem(str(said[f"words_{at}"]), str(said.get(f"note_{at}") or ""))
        for at in range(MOST_ITEMS)
        if said.get(f"words_{at}")
    ]
    came = [
        Attendance(
            agency or None, None if agency else str(said.get(f"office_{at}") or ""), int(said.get(f"present_{at}") or 0)
        )
        for at in range(MOST_OFFICES)
        if (agency := said.get(f"agency_{at}")) or said.get(f"office_{at}")
    ]
    desk.clear()
    try:
        with office.acting(person) as connection:
            put_minutes(connection, person, meeting, items, came)
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    desk.put(_OPEN, None)
    desk.say("done", t("minutes.kept", lang))
