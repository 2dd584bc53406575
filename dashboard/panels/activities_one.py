"""One activity: when, where, who came, what it did, and what follows."""

from __future__ import annotations

import html

import streamlit as st

from dashboard import activity_desk, office
from dashboard.activity_words import (
    Known,
    agency_words,
    heads_words,
    money_words,
    when_words,
    where_words,
)
from dashboard.i18n import t
from dashboard.i18n.dates import moment, number
from dashboard.panels import activities_after
from dashboard.panels.case_words import refusal
from geo.actions.activities import may_write
from geo.errors import NotFound
from geo.model.activity import WRITES, Activity, ActivityState
from geo.model.person import Person, Role
from geo.queries.activities import activity

__all__ = ["show"]

READS = WRITES | {Role.COMMANDER}
"""Who opens files; a planner and an administrator know only that they are there."""


def show(person: Person, opened: int, known: Known) -> None:
    """Draw it, or say that there is none of this number for this person."""
    lang = known.lang
    st.button(
        t("activities.back", lang), key="activity_back", icon=":material/arrow_back:", type="tertiary",
        on_click=activity_desk.lay_open, args=(None,),
    )  # fmt: skip
    try:
        with office.acting(person) as connection:
            one = activity(connection, opened)
    except NotFound as error:
        st.warning(refusal(error, lang), icon=":material/search_off:")
        return
    writes = may_write(person, one.what.district)
    _head(one, known)
    if writes:
        st.button(
            t("activities.edit", lang), key="activity_edit", icon=":material/edit:", on_click=activity_desk.begin_form,
            args=(one.id,),
        )  # fmt: skip
    left, right = st.columns([5, 4], gap="large")
    with left:
        _facts(one, known)
    with right:
        activities_after.follow_ups(person, one, known, writes)
        activities_after.files(person, one, lang, writes, person.role in READS)


def _head(one: Activity, known: Known) -> None:
    what, lang = one.what, known.lang
    full = "" if what.state is ActivityState.HELD else " full"
    st.html(
        f'<h1 class="office-title">{html.escape(what.title)} <span class="office-chip{full}">'
        f"{html.escape(t(f'activities.state.{what.state}', lang))}</span></h1>"
        f'<p class="office-line">{html.escape(t(f"activities.kind.{what.kind}", lang))} · '
        f"{html.escape(when_words(what.first_day, what.last_day, what.begins, what.ends, lang))}</p>"
        f'<p class="office-line">{html.escape(where_words(one, known))}</p>'
    )


def _facts(one: Activity, known: Known) -> None:
    what, lang = one.what, known.lang
    roles = [
        f"{t(f'activities.role.{role}', lang)}: {heads_words({role: heads}, lang)}"
        for role, heads in what.heads.items()
    ]
    facts = {
        "heads": "\n".join([heads_words(what.heads, lang), *roles] if len(roles) > 1 else roles),
        "coordinators": t("activities.coordinators_n", lang, n=number(len(what.coordinators))) if what.coordinators else "",
        "reach": t("activities.reach_n", lang, n=number(what.reach)) if what.reach is not None else "",
        "agency": agency_words(what.agency, known),
        "baht": money_words(what, lang),
        "scores": _scores(one, lang),
        "satisfaction": t("activities.stars", lang, mean=what.satisfaction, n=number(what.answered or 0))
        if what.satisfaction is not None
        else "",
        "note": what.note or "",
        "written": t("activities.written", lang, name=one.made_name or "–", at=moment(one.changed_at, lang)),
    }  # fmt: skip
    lines = "".join(
        f"<dt>{html.escape(t(f'activities.field.{key}', lang))}</dt><dd>{html.escape(words)}</dd>"
        for key, words in facts.items()
        if words
    )
    st.html(f'<dl class="activity-facts">{lines}</dl>')


def _scores(one: Activity, lang: str) -> str:
    what = one.what
    if what.score_before is None or what.score_after is None:
        return ""
    return t(
        "activities.scores", lang, before=what.score_before, after=what.score_after, n=number(what.scored or 0),
        change=what.score_after - what.score_before,
    )  # fmt: skip
