"""Change one shift of a rota by hand, with a reason; score and warnings follow at once."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from dashboard import desk, office, rota_desk, session
from dashboard.i18n import t
from dashboard.panels.case_words import refusal
from dashboard.rota_words import weekday_words
from geo.actions.rotas import change_shift
from geo.errors import WatchError
from geo.model.person import Person
from geo.model.rota import LONGEST_REASON, Rota

__all__ = ["show"]


def show(person: Person, one: Rota, first: date, last: date, lang: str) -> None:
    """The form, for a shift of the days that are shown."""
    key, what = rota_desk.field, one.what
    with st.expander(t("rota.change", lang), icon=":material/edit:", key="rota_change"):
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        columns = st.columns([3, 2, 4, 4], gap="small")
        with columns[0]:
            on = st.selectbox(
                t("rota.change_day", lang),
                days,
                key=key(f"change_day_{first}"),
                format_func=lambda of: weekday_words(of, lang),
            )
        with columns[1]:
            slot = st.selectbox(
                t("rota.change_window", lang), range(len(what.windows)), key=key("change_slot"),
                format_func=lambda at: str(what.windows[at]),
            )  # fmt: skip
        here = {shift.team: shift.place for shift in one.shifts if (shift.day, shift.slot) == (on, slot)}
        with columns[2]:
            team = st.selectbox(
                t("rota.change_team", lang), list(here), key=key(f"change_team_{on}_{slot}_{sorted(here.items())}"),
                format_func=lambda of: t("rota.change_team_at", lang, team=of, place=what.posts[here[of]].name),
            )  # fmt: skip
        with columns[3]:
            free = [place for place in range(len(what.posts)) if place not in here.values()]
            place = st.selectbox(
                t("rota.change_to", lang), free, key=key(f"change_to_{on}_{slot}_{sorted(here.values())}"),
                format_func=lambda at: f"{at + 1} {what.posts[at].name}",
            )  # fmt: skip
        why = st.text_input(
            t("rota.change_why", lang),
            max_chars=LONGEST_REASON,
            key=key(f"change_why_{len(one.shifts)}_{_changes(one)}"),
        )
        # Not by a callback: it would send what stood in the fields when they were drawn.
        if st.button(t("rota.change_go", lang), key="rota_change_go", disabled=place is None or team is None):
            _change(person, one.id, on, slot, int(team or 0), int(place or 0), why)
            st.rerun()


def _changes(one: Rota) -> int:
    """How many shifts were changed: the field of the reason is empty after each."""
    return sum(shift.changed_at is not None for shift in one.shifts)


def _change(person: Person, number: int, on: date, slot: int, team: int, place: int, why: str) -> None:
    lang = session.language()
    try:
        with office.acting(person) as connection:
            change_shift(connection, person, number, day=on, slot=slot, team=team, place=place, reason=why)
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    desk.say("done", t("rota.changed", lang))
