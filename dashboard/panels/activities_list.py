"""The list of activities, the latest first, with the filters that choose them and the table to take away."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import activity_desk, office
from dashboard.access import Viewer
from dashboard.activity_words import Known, district_choices, heads_words, when_words, where_words
from dashboard.documents.activity_table import activity_rows
from dashboard.documents.tables import Table
from dashboard.i18n import t
from dashboard.i18n.dates import number
from dashboard.labels import plain
from dashboard.panels import patrols_take
from geo.crs import TIMEZONE
from geo.model.activity import Activity, ActivityKind, ActivityState
from geo.queries.activities import activities

__all__ = ["draw", "filters", "row"]

PERIODS = (28, 90, 366, 0)
"""Days before today of the choices; 0 is what is ahead."""
AHEAD_DAYS = 366
SHOWN = 60
"""Rows drawn at once; the table to take away has all of them."""


def draw(viewer: Viewer, known: Known) -> None:
    """The whole part."""
    lang = known.lang
    found = _found(viewer, known)
    people = sum(one.what.people for one in found if one.what.state is ActivityState.HELD)
    st.caption(t("activities.counted", lang, n=number(len(found)), people=number(people)))
    if found:
        patrols_take.buttons(partial(_taken, found, known), "activities", lang)
    else:
        st.info(t("activities.none", lang), icon=":material/groups:")
    for one in found[:SHOWN]:
        row(one, known)
    if len(found) > SHOWN:
        st.caption(t("activities.more_rows", lang, shown=SHOWN, n=number(len(found))))


def _taken(found: Sequence[Activity], known: Known) -> Table:
    return activity_rows(found, known, datetime.now(ZoneInfo(TIMEZONE)))


def _found(viewer: Viewer, known: Known) -> Sequence[Activity]:
    lang = known.lang
    with st.container(horizontal=True, key="activity_filters", vertical_alignment="bottom"):
        days = st.pills(
            t("activities.filter.period", lang), PERIODS, required=True, default=90, key="activity_period",
            format_func=lambda n: t(f"activities.filter.days_{n}", lang),
        )  # fmt: skip
        kinds, districts = filters(viewer, known, "list")
        cancelled = st.toggle(t("activities.filter.cancelled", lang), key="activity_cancelled")
    first, last = _span(90 if days is None else days, known.today)
    states = tuple(ActivityState) if cancelled else (ActivityState.PLANNED, ActivityState.HELD)
    with office.acting(viewer.person) as connection:
        return activities(connection, first, last, districts=districts, kinds=kinds, states=states)


def filters(viewer: Viewer, known: Known, where: str) -> tuple[tuple[ActivityKind, ...], tuple[str, ...] | None]:
    """Kinds and districts to keep; the same choice in every part.

    Parameters
    ----------
    where
        Names the part: its widgets are its own.
    """
    lang, names = known.lang, district_choices(viewer.person, known)
    kinds = st.multiselect(
        t("activities.field.kind", lang), list(ActivityKind), activity_desk.chosen("kinds", []), key=f"activity_kinds_{where}",
        format_func=lambda kind: t(f"activities.kind.{kind}", lang), placeholder=t("activities.filter.all_kinds", lang),
    )  # fmt: skip
    activity_desk.choose("kinds", kinds)
    if len(names) < 2:
        return tuple(kinds), None
    chosen = [code for code in activity_desk.chosen("districts", []) if code in names]
    districts = st.multiselect(
        t("activities.field.district", lang), list(names), chosen, key=f"activity_districts_{where}",
        format_func=lambda code: names[code], placeholder=t("activities.filter.all_districts", lang),
    )  # fmt: skip
    activity_desk.choose("districts", districts)
    return tuple(kinds), tuple(districts) or None


def _span(days: int, today: date) -> tuple[date, date]:
    return (today - timedelta(days=days), today) if days else (today, today + timedelta(days=AHEAD_DAYS))


def row(one: Activity, known: Known, place: int | None = None) -> None:
    """One activity; a press anywhere on it opens it.

    Parameters
    ----------
    place
        Its number on a map.
    """
    what, lang = one.what, known.lang
    state = "" if what.state is ActivityState.HELD else t(f"activities.state.{what.state}", lang)
    chip = f'<span class="office-chip">{html.escape(state)}</span>' if state else ""
    kind = t(f"activities.kind.{what.kind}", lang)
    when = when_words(what.first_day, what.last_day, what.begins, what.ends, lang)
    came = heads_words(what.heads, lang)
    reach = t("activities.reach_n", lang, n=number(what.reach)) if what.reach is not None else ""
    title = what.title if place is None else f"{place}. {what.title}"
    lines = (
        f'<div class="office-head"><b>{html.escape(title)}</b>{chip}</div>'
        f'<p class="office-line">{html.escape(" · ".join(part for part in (kind, when, came, reach) if part))}</p>'
        f'<p class="office-line office-faint">{html.escape(where_words(one, known))}</p>'
    )
    with st.container(border=True, key=f"activity_row_{one.id}"):
        st.html(lines)
        st.button(
            t("activities.open", lang, title=plain(what.title)), key=f"activity_open_{one.id}", on_click=activity_desk.lay_open,
            args=(one.id,),
        )  # fmt: skip
