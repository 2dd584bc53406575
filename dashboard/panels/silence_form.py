"""Noting what came of a call to a coordinator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import desk, office, session
from dashboard.i18n import t
from dashboard.i18n.dates import month
from dashboard.labels import plain
from dashboard.panels.case_words import refusal
from dashboard.panels.coordinator_one import days_back
from geo.actions.silence_calls import note_call
from geo.crs import TIMEZONE
from geo.errors import WatchError
from geo.model.person import Person
from geo.model.silence import LONGEST_NOTE, CallOutcome
from geo.queries.silence import Coordinator

__all__ = ["begin", "call", "close", "open_for"]

FORM = "silence"
_OPEN = "desk.silence_form"


def begin(what: str, coordinator: int) -> None:
    """Open a form at a coordinator's card, or close it where it is open: ``call`` or ``phone``."""
    desk.clear()
    if open_for() == (what, coordinator):
        close()
    else:
        desk.put(_OPEN, (what, coordinator))


def open_for() -> tuple[str, int] | None:
    """Which form is open, and whose."""
    found: tuple[str, int] | None = desk.said(_OPEN)
    return found


def close() -> None:
    """Leave the form."""
    desk.put(_OPEN, None)


def call(here: Sequence[Coordinator], months: Sequence[date], lang: str, now: datetime, person: Person) -> None:
    """Draw the form.

    Parameters
    ----------
    here
        Coordinators of the place.
    months
        First days of the months for which "nothing to report" can be said.
    """
    of = str(here[0].id)

    def key(field: str) -> str:
        return desk.field_key(FORM, of, field)

    outcomes, days = [str(one) for one in CallOutcome], days_back(now, lang)
    names = {one.id: one.name for one in here}
    with st.form(f"silence_call_form_{of}"):
        if len(here) > 1:
            st.selectbox(t("silence.who", lang), list(names), format_func=names.__getitem__, key=key("who"))
        st.radio(
            t("silence.what_came", lang), outcomes, format_func=lambda code: plain(t(f"silence.outcome.{code}", lang)),
            key=key("outcome"), horizontal=True, help=t("silence.replaced_help", lang),
        )  # fmt: skip
        with st.container(key=f"silence_month_{of}"):  # hidden by a rule unless there was nothing
            st.selectbox(
                t("silence.which_month", lang), list(months), format_func=lambda one: month(one, lang, short=False), key=key("month"),
            )  # fmt: skip
        with st.container(horizontal=True):
            st.selectbox(t("silence.when", lang), list(days), format_func=days.__getitem__, key=key("day"))
            st.time_input(t("silence.clock", lang), None, key=key("time"), step=300)
        st.text_input(t("silence.note", lang), key=key("note"), max_chars=LONGEST_NOTE)
        with st.container(horizontal=True):
            st.form_submit_button(
                t("silence.save", lang),
                type="primary",
                key=f"silence_save_{of}",
                on_click=_save,
                args=(person, here[0].id),
            )
            st.form_submit_button(t("silence.leave", lang), key=f"silence_leave_{of}", on_click=close)


def _save(person: Person, first: int) -> None:
    lang, said = session.language(), desk.answers(FORM, str(first))
    desk.clear()
    outcome = CallOutcome(str(said["outcome"]))
    try:
        with office.acting(person) as connection:
            note_call(
                connection, int(said.get("who") or first), outcome, at=_moment(said.get("day"), said.get("time")),
                month=said.get("month") if outcome is CallOutcome.NOTHING else None, note=said.get("note"),
            )  # fmt: skip
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    close()
    desk.forget(FORM, str(first))
    told: Any = said.get("month")
    quiet = outcome is CallOutcome.NOTHING
    desk.say(
        "done",
        t("silence.noted_quiet", lang, month=month(told, lang, short=False)) if quiet else t("silence.noted", lang),
    )


def _moment(on: date | None, at: time | None) -> datetime | None:
    """The moment that was chosen; without a time now where it was today, else midnight, which stands for the day alone."""
    zone = ZoneInfo(TIMEZONE)
    if on is None or (at is None and on == datetime.now(zone).date()):
        return None
    return datetime.combine(on, at or time(), zone)
