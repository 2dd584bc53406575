"""What can be done with a case now: one row of next actions that fit its state, and the form of the one that was chosen."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import streamlit as st

from dashboard import desk, office, session
from dashboard.i18n import t
from dashboard.i18n.dates import moment
from dashboard.panels.case_forms import STEPS, Desk, Step
from dashboard.panels.case_record import event_words
from dashboard.panels.case_words import refusal
from geo.errors import WatchError
from geo.model.person import Person, Role
from geo.queries.case import Case, Staff

__all__ = ["show"]

CENTRE = frozenset({Role.OFFICER, Role.CHIEF})
QUIET = frozenset({"looked", "contact_opened"})
"""What changes nothing that a step depends on."""


def show(person: Person, case: Case, people: tuple[Staff, ...], lang: str, now: datetime) -> None:
    """Draw the row, and the form of the step that is being taken."""
    if person.role not in CENTRE:
        return
    at = Desk(person, case, people, lang, now)
    fitting = sorted((step for step in STEPS.values() if step.fits(case, person)), key=lambda step: not step.first)
    with st.container(horizontal=True, key="case_steps"):
        for step in fitting:
            if step.main:
                _button(step, at)
    with st.container(horizontal=True, key="case_more", gap="small"):
        for step in fitting:
            if not step.main:
                _button(step, at)
    with st.container():
        if (code := desk.step()) in STEPS:
            _form(STEPS[code], at)


def _button(step: Step, at: Desk) -> None:
    chosen = desk.step() == step.code
    usual = step.first and desk.step() is None
    kind: Literal["primary", "secondary", "tertiary"] = "secondary" if step.main else "tertiary"
    if chosen or usual:
        kind = "primary"
    label, key = t(f"case.do.{step.code}", at.lang), f"do_{step.code}"
    if step.fields is None:
        st.button(
            label,
            key=key,
            icon=step.icon,
            type=kind,
            on_click=_take,
            args=(at.person, at.case, step.code, at.case.last_event),
        )
    else:
        st.button(
            label, key=key, icon=step.icon, type=kind, on_click=desk.open_step, args=(step.code, at.case.last_event)
        )


def _form(step: Step, at: Desk) -> None:
    with st.form(f"form/{at.case.public_id}/{step.code}"):
        st.markdown(f"**{t(f'case.do.{step.code}', at.lang)}**")
        fits = step.fits(at.case, at.person)
        if not fits:
            st.warning(t("case.fits_no_longer", at.lang), icon=":material/sync_problem:")
        _meanwhile(at)
        assert step.fields is not None
        step.fields(at)
        with st.container(horizontal=True):
            st.form_submit_button(
                t("case.save", at.lang), type="primary", key=f"save_{step.code}", disabled=not fits, on_click=_take,
                args=(at.person, at.case, step.code, at.case.last_event),
            )  # fmt: skip
            st.form_submit_button(t("case.cancel", at.lang), key=f"cancel_{step.code}", on_click=desk.close_step)


def _meanwhile(at: Desk) -> None:
    """What others did since the form was opened."""
    since = desk.seen(at.case.last_event)
    news = [
        event for event in at.case.events
        if event.id > since and event.of == at.case.public_id and event.kind not in QUIET
    ]  # fmt: skip
    if news:
        st.text("\n".join([
            t("case.meanwhile", at.lang),
            *(f"{moment(event.at, at.lang)} {event_words(event, at.lang)}" for event in news),
        ]))  # fmt: skip


def _take(person: Person, case: Case, code: str, last_event: int) -> None:
    """Callback: take a step. What was written stays until it was taken."""
    lang, step = session.language(), STEPS[code]
    desk.clear()
    seen = desk.seen(last_event) if desk.step() == code else last_event
    try:
        with office.acting(person) as connection:
            other = step.act(connection, person.id, case, desk.answers(case.public_id, code), seen)
    except WatchError as error:
        desk.say("changed" if error.code == "case.changed" else "refused", refusal(error, lang))
        if error.code == "case.changed":
            desk.told()
        return
    if desk.step() == code:
        desk.close_step()
    desk.told()  # what one did oneself is no news for another form that is open
    desk.forget(case.public_id, code)
    if isinstance(other, str):
        desk.open_case(other)
    desk.say("done", t(f"case.done.{code}", lang))
