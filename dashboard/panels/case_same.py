"""Cases that may be the same one: why, and how to make one of them; and a case that is several."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import streamlit as st

from dashboard import desk, office, session
from dashboard.i18n import t
from dashboard.i18n.dates import distance, moment
from dashboard.panels.case_steps import CENTRE
from dashboard.panels.case_words import head_html, occurred_words, refusal
from geo.actions import case_merge
from geo.errors import WatchError
from geo.model import CrimeType, Status
from geo.model.case import ENDED
from geo.model.person import Person
from geo.queries.case import Case
from geo.queries.same_case import SameCase

__all__ = ["show"]


def show(
    person: Person, case: Case, alike: tuple[SameCase, ...], types: Mapping[str, CrimeType], lang: str, now: datetime
) -> None:
    """Draw suggestions with their reasons, the likeliest first; and the reports to choose from for a split."""
    if alike and case.status not in ENDED:
        st.subheader(t("case.same", lang, n=len(alike)))
        for number, other in enumerate(alike, 1):
            _suggestion(person, case, other, number, types, lang)
        if person.role in CENTRE:
            _several(person, case, alike, lang)
    if len(case.reports) > 1 and person.role in CENTRE:
        _split(person, case, lang)


def _suggestion(
    person: Person, case: Case, other: SameCase, number: int, types: Mapping[str, CrimeType], lang: str
) -> None:
    why = [t(f"same_case.{code}", lang) for code in other.likeness.reasons]
    if other.likeness.metres is not None:
        why[0] = t("case.apart", lang, distance=distance(other.likeness.metres, lang))
    with st.container(border=True, key=f"same_{other.public_id}"):
        st.html(head_html(other.crime_type, other.status, types, lang))
        st.text(
            " · ".join(
                [f"{number}. {other.public_id}", occurred_words(other.occurred_at, other.occurred_day_only, lang)]
            )
        )
        st.text(t("case.why_alike", lang, why=", ".join(why)))
        with st.container(horizontal=True):
            st.button(
                t("case.open_other", lang), key=f"see_{other.public_id}", on_click=_open, args=(person, other.public_id)
            )
            if person.role in CENTRE:
                _merge_button(person, case, other, lang)


def _merge_button(person: Person, case: Case, other: SameCase, lang: str) -> None:
    """One of both is kept: the one that cannot be merged away, else the one that was reported first."""
    other_goes = other.status != Status.REFERRED and (
        case.status == Status.REFERRED or other.reported_at >= case.facts["reported_at"]
    )
    goes, stays = (other.public_id, case.public_id) if other_goes else (case.public_id, other.public_id)
    if case.status == Status.REFERRED and other.status == Status.REFERRED:
        return
    st.button(
        t("case.merge", lang, goes=goes, stays=stays), key=f"merge_{other.public_id}", icon=":material/merge:",
        on_click=_merge, args=(person, goes, stays, case.last_event if goes == case.public_id else None),
    )  # fmt: skip


def _several(person: Person, case: Case, alike: tuple[SameCase, ...], lang: str) -> None:
    """Several at once into this one: those that can be merged away, where there are more than one."""
    goes = [other.public_id for other in alike if other.status != Status.REFERRED]
    if len(goes) < 2:
        return
    with st.expander(t("case.merge_several", lang), icon=":material/merge:"), st.form(f"several/{case.public_id}"):
        for number, other in enumerate(alike, 1):
            if other.public_id in goes:
                st.checkbox(
                    f"{number}. {other.public_id}", key=desk.field_key(case.public_id, "several", other.public_id)
                )
        st.form_submit_button(
            t("case.merge_chosen", lang, stays=case.public_id), key="merge_several", on_click=_merge_several, args=(person, case)
        )  # fmt: skip


def _merge_several(person: Person, case: Case) -> None:
    """All that are chosen, or none of them."""
    lang = session.language()
    desk.clear()
    chosen = [code for code, value in desk.answers(case.public_id, "several").items() if value is True]
    if not chosen:
        desk.say("refused", t("case.merge_none", lang))
        return
    try:
        with office.acting(person) as connection:
            for goes in chosen:
                case_merge.merge(connection, person.id, goes, case.public_id)
    except WatchError as error:
        desk.say("changed" if error.code == "case.changed" else "refused", refusal(error, lang))
        return
    desk.forget(case.public_id, "several")
    desk.say("done", t("case.done_merge_several", lang, n=len(chosen), stays=case.public_id))


def _open(person: Person, public_id: str) -> None:
    from dashboard.panels.inbox import open_case

    open_case(person, public_id)


def _merge(person: Person, goes: str, stays: str, seen: int | None) -> None:
    lang = session.language()
    desk.clear()
    try:
        with office.acting(person) as connection:
            case_merge.merge(connection, person.id, goes, stays, seen=seen)
    except WatchError as error:
        desk.say("changed" if error.code == "case.changed" else "refused", refusal(error, lang))
        return
    desk.open_case(stays)
    desk.say("done", t("case.done_merge", lang, goes=goes, stays=stays))


def _split(person: Person, case: Case, lang: str) -> None:
    with st.expander(t("case.split", lang), icon=":material/call_split:"), st.form(f"split/{case.public_id}"):
        st.caption(t("case.split_help", lang))
        for report in case.reports:
            told = f"{t(f'channel.{report.channel}', lang)} {moment(report.received_at, lang)}"
            st.checkbox(told, key=desk.field_key(case.public_id, "split", str(report.id)))
        st.text_input(
            t("case.field.split_note", lang), key=desk.field_key(case.public_id, "split", "note"), max_chars=300
        )
        st.form_submit_button(t("case.split_do", lang), on_click=_take_apart, args=(person, case))


def _take_apart(person: Person, case: Case) -> None:
    lang = session.language()
    desk.clear()
    answers = desk.answers(case.public_id, "split")
    chosen = [int(name) for name, value in answers.items() if name.isdigit() and value is True]
    try:
        with office.acting(person) as connection:
            made = case_merge.split(
                connection, person.id, case.public_id, chosen, note=answers.get("note"), seen=case.last_event
            )
    except WatchError as error:
        desk.say("changed" if error.code == "case.changed" else "refused", refusal(error, lang))
        return
    desk.forget(case.public_id, "split")
    desk.say("done", t("case.done_split", lang, id=made))
