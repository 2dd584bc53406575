"""The list to call: each silent place with who coordinates it, how they are reached, and what came of the last call."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import desk
from dashboard.i18n import t
from dashboard.i18n.dates import ago, number
from dashboard.panels import silence_form, silence_phone
from dashboard.silence_words import facts, late_words, place_words
from geo.model.person import Person
from geo.queries.silence import Call, Coordinator, PlaceSpot

__all__ = ["show"]

FIRST, MORE = 15, 30
"""Places that are shown at first, and with each press for more: a page of two hundred cards is slow."""
_SHOWN = "desk.silence_shown"


def show(
    person: Person,
    found: pd.DataFrame,
    people: Sequence[Coordinator],
    noted: Sequence[Call],
    spots: Mapping[str, PlaceSpot],
    lang: str,
    now: datetime,
) -> None:
    """Draw it, the longest overdue first.

    Parameters
    ----------
    found
        Of one district, as `dashboard.silences.board` orders it.
    people, noted
        Coordinators and calls of this district.
    """
    late = found["state"].isin(["silent", "never"]) & (found["overdue_days"] > 0)
    wanted = found[late & (found["coordinators"] > 0)]
    st.subheader(t("silence.to_call_n", lang, n=number(len(wanted))))
    if found.empty:
        st.info(t("silence.no_places", lang), icon=":material/inbox:")
    elif wanted.empty:
        st.success(t("silence.nothing", lang), icon=":material/task_alt:")
    last: dict[tuple[str, str], Call] = {}
    for call in noted:
        last.setdefault((call.area_code, call.village), call)
    shown = int(desk.said(_SHOWN) or FIRST)
    for row in wanted.head(shown).itertuples(index=False):
        place = str(row.area_code), str(row.village)
        here = [one for one in people if (one.area_code, one.village) == place]
        if here:
            _card(person, row, here, last.get(place), spots, lang, now)
    if (left := len(wanted) - shown) > 0:
        st.button(
            t("silence.more", lang, n=min(MORE, left)), key="silence_more", icon=":material/expand_more:",
            on_click=desk.put, args=(_SHOWN, shown + MORE),
        )  # fmt: skip


def _card(
    person: Person,
    row: Any,
    here: Sequence[Coordinator],
    call: Call | None,
    spots: Mapping[str, PlaceSpot],
    lang: str,
    now: datetime,
) -> None:
    first = here[0]
    place = place_words(row.area_code, row.village, spots, lang)
    late, style = late_words(row.overdue_days, lang), "silence-late" if row.overdue_days > 0 else "office-faint"
    who = first.name if len(here) == 1 else t("silence.who_more", lang, name=first.name, n=len(here) - 1)
    with st.container(border=True, key=f"silent_{first.id}"):
        state = html.escape(t(f"silence.state.{row.state}", lang))
        told = "<br>".join(
            html.escape(one) for one in (who, " · ".join(facts(row, now, lang)), _called(call, lang, now))
        )
        st.html(
            f'<div class="silence-head"><i class="silence-sign {row.state}" title="{state}"></i><b>{html.escape(place)}</b>'
            f'<span class="{style}">{html.escape(late)}</span></div><p class="silence-facts">{told}</p>'
        )
        silence_phone.opened(here, lang)
        with st.container(horizontal=True, key=f"call_steps_{first.id}", gap="small"):
            st.button(
                t("silence.note_call", lang), key=f"note_call_{first.id}", type="primary", icon=":material/call:",
                on_click=silence_form.begin, args=("call", first.id),
            )  # fmt: skip
            for one in here:
                silence_phone.buttons(person, one, lang, named=len(here) > 1)
        if silence_form.open_for() == ("call", first.id):
            silence_form.call(here, _months(row, now), lang, now, person)
        for one in here:
            if silence_form.open_for() == ("phone", one.id):
                silence_phone.form(person, one, lang)


def _called(call: Call | None, lang: str, now: datetime) -> str:
    if call is None:
        return t("silence.not_called", lang)
    said = t(
        "silence.called", lang, when=ago(call.at, now, lang), outcome=t(f"silence.outcome.{call.outcome}", lang), by=call.by or "–"
    )  # fmt: skip
    return f"{said} · {call.note}" if call.note else said


def _months(row: Any, now: datetime) -> list[date]:
    """Months that can be confirmed: this one and the one before, the earlier first where it is still owed."""
    this = now.date().replace(day=1)
    before = (this - pd.Timedelta(days=1)).replace(day=1)
    covered = {row.said_month} | (set() if pd.isna(row.last_report) else {row.last_report.date().replace(day=1)})
    return [one for one in (before, this) if one not in covered] or [this]
