"""The head of a case: type, state, clocks, and what is known of time and place."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import datetime

import streamlit as st

from dashboard.i18n import t
from dashboard.i18n.dates import moment
from dashboard.panels.card import incident_lines
from dashboard.panels.case_words import clock_words, grade_words, head_html
from geo.model import CrimeType, District
from geo.queries.case import Case

__all__ = ["facts", "head"]

LABEL = 92
"""Pixels for the label of a line."""
_SHOWN = ("when", "where", "note", "location", "coordinates", "channel", "reported")


def head(case: Case, types: Mapping[str, CrimeType], lang: str, now: datetime) -> None:
    """Number, type, state and clocks."""
    with st.container(key="case_head"):
        st.html(
            f'<h2 class="office-number">{html.escape(case.public_id)}</h2>'
            + head_html(case.facts["crime_type"], case.status, types, lang)
        )
        st.html(_clocks(case, lang, now))


def facts(case: Case, types: Mapping[str, CrimeType], districts: Mapping[str, District], lang: str) -> None:
    """Who has it, how far to believe it, when and where; and what came of it."""
    with st.container(key="facts"):
        for label, words in _lines(case, types, districts, lang):
            with st.container(horizontal=True):
                st.caption(label, width=LABEL)
                st.text(words, width="stretch")
        if case.facts["is_demo"]:
            st.caption(t("map.demo", lang))


def _clocks(case: Case, lang: str, now: datetime) -> str:
    said = []
    for clock in case.clocks:
        late = clock.overdue(now) or clock.late
        words = html.escape(clock_words(clock, now, lang))
        said.append(f'<span class="office-late">{words}</span>' if late else words)
    return f'<p class="office-line">{" · ".join(said)}</p>'


def _lines(
    case: Case, types: Mapping[str, CrimeType], districts: Mapping[str, District], lang: str
) -> list[tuple[str, str]]:
    known = dict(incident_lines(case.facts | {"status": case.status}, types, districts, lang))
    lines = [
        (t("case.officer", lang), t("inbox.nobody", lang) if case.officer is None else case.officer.name),
        (
            t("case.grade", lang),
            t("case.no_grade", lang) if case.grade is None else f"{case.grade} – {grade_words(case.grade, lang)}",
        ),
    ]
    if case.facts["other_crime_types"]:
        lines.append((t("card.type", lang), known["type"]))
    lines += [(t(f"card.{name}", lang), known[name]) for name in _SHOWN if known.get(name)]
    if case.merged_into:
        lines.append((t("case.merged_into", lang), case.merged_into))
    if case.merged:
        lines.append((t("case.merged", lang), ", ".join(case.merged)))
    if case.outcome:
        said = t(f"outcome.{case.outcome}", lang)
        lines.append((t("case.outcome_label", lang), f"{said}\n{case.outcome_note}" if case.outcome_note else said))
    if case.closing_waits and case.closing_by and case.closing_at:
        lines.append((
            t("case.closing_label", lang),
            t("case.closing_asked", lang, person=case.closing_by.name, at=moment(case.closing_at, lang)),
        ))  # fmt: skip
    return lines
