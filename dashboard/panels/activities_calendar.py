"""The calendar: a month as a table, on a telephone as a list of its days, and the address to subscribe to."""

from __future__ import annotations

import html
from calendar import Calendar
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import streamlit as st

from dashboard import activity_desk, office
from dashboard.access import Viewer
from dashboard.activity_words import Known, district_choices, district_words
from dashboard.documents.activity_calendar import place_line
from dashboard.i18n import t
from dashboard.i18n.dates import month
from dashboard.panels import activities_feed
from dashboard.panels.activities_list import filters
from geo.model.activity import ActivityKind, ActivityState
from geo.model.person import Role
from geo.queries.activity_calendar import Entry, calendar_entries

__all__ = ["draw"]

SUNDAY: Final = 6
"""Weeks of an office's calendar begin on it."""
SHOWN = 4
"""Entries of a day in the table; further ones are counted."""


def draw(viewer: Viewer, known: Known) -> None:
    """The whole part."""
    lang, home = known.lang, viewer.person.role is Role.COORDINATOR
    first = activity_desk.month(known.today)
    weeks = Calendar(SUNDAY).monthdatescalendar(first.year, first.month)
    kinds: tuple[ActivityKind, ...] = ()
    districts: tuple[str, ...] | None = None
    if not home:
        with st.container(horizontal=True, key="activity_filters", vertical_alignment="bottom"):
            kinds, districts = filters(viewer, known, "calendar")
    several = len(district_choices(viewer.person, known)) > 1 and not home
    _turn(first, known)
    with office.acting(viewer.person) as connection:
        found = calendar_entries(connection, weeks[0][0], weeks[-1][-1], districts=districts, kinds=kinds)
    st.html(_table(first, weeks, found, known, links=not home, several=several))
    if not any(one.first_day <= _last(first) and one.last_day >= first for one in found):
        st.caption(t("activities.calendar.none", lang))
    activities_feed.show(viewer.person, lang)


def _last(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _turn(first: date, known: Known) -> None:
    lang = known.lang
    with st.container(horizontal=True, vertical_alignment="center", key="activity_turn"):
        st.button(
            t("activities.calendar.before", lang), key="activity_month_before", icon=":material/chevron_left:",
            on_click=activity_desk.turn_to, args=((first - timedelta(days=1)).replace(day=1),),
        )  # fmt: skip
        st.html(f'<h2 class="activity-month">{html.escape(month(first, lang, short=False))}</h2>')
        st.button(
            t("activities.calendar.after", lang), key="activity_month_after", icon=":material/chevron_right:",
            icon_position="right", on_click=activity_desk.turn_to, args=(_last(first) + timedelta(days=1),),
        )  # fmt: skip
        if first != known.today.replace(day=1):
            st.button(
                t("activities.calendar.today", lang), key="activity_month_today", type="tertiary",
                on_click=activity_desk.turn_to, args=(known.today.replace(day=1),),
            )  # fmt: skip


def _table(
    first: date, weeks: Sequence[Sequence[date]], found: Sequence[Entry], known: Known, *, links: bool, several: bool
) -> str:
    lang = known.lang
    names = t("activities.calendar.weekdays", lang).split()
    whole = t("activities.calendar.weekdays_long", lang).split()
    heads = "".join(
        f'<th scope="col"><abbr title="{html.escape(long)}">{html.escape(short)}</abbr></th>'
        for short, long in zip(names, whole, strict=True)
    )
    rows = ""
    for week in weeks:
        cells = "".join(
            _cell(
                on,
                whole[at],
                [one for one in found if one.first_day <= on <= one.last_day],
                first,
                known,
                links,
                several,
            )
            for at, on in enumerate(week)
        )
        rows += f"<tr>{cells}</tr>"
    caption = t("activities.calendar.caption", lang, month=month(first, lang, short=False))
    return (
        f'<table class="activity-calendar"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _cell(
    on: date, weekday: str, entries: Sequence[Entry], first: date, known: Known, links: bool, several: bool
) -> str:
    classes = {
        "other": on.month != first.month, "today": on == known.today, "empty": not entries,
    }  # fmt: skip
    named = " ".join(name for name, holds in classes.items() if holds)
    today = ' aria-current="date"' if on == known.today else ""
    lines = "".join(f"<li>{_entry(one, known, links, several)}</li>" for one in entries[:SHOWN])
    if len(entries) > SHOWN:
        lines += f"<li>{html.escape(t('activities.calendar.more', known.lang, n=len(entries) - SHOWN))}</li>"
    return (
        f'<td class="{named}"{today}><span class="activity-day"><span class="activity-weekday">{html.escape(weekday)} </span>'
        f"{on.day}</span>{f'<ul>{lines}</ul>' if lines else ''}</td>"
    )


def _entry(one: Entry, known: Known, links: bool, several: bool) -> str:
    lang = known.lang
    facts: Mapping[str, str] = {
        "clock": f"{one.begins:%H:%M} " if one.begins else "",
        "kind": t(f"activities.kind.{one.kind}", lang),
        "place": place_line(one, known),
    }
    planned = one.state is ActivityState.PLANNED
    state = f" ({t('activities.state.planned', lang)})" if planned else ""
    words = f"{facts['clock']}{facts['kind']}{state}: {one.title}"
    sort = facts["clock"] + facts["kind"] + (f" {district_words(one.district, known)}" if several else "")
    said = f'<span class="activity-sort">{html.escape(sort)}</span>{html.escape(one.title)}'
    shape = "activity-entry planned" if planned else "activity-entry"
    about = html.escape(f"{words} · {facts['place']}", quote=True)
    if links:
        return f'<a class="{shape}" href="activities?activity={one.id}&amp;lang={lang}" title="{about}">{said}</a>'
    return f'<span class="{shape}" title="{about}">{said}<span class="activity-place">{html.escape(facts["place"])}</span></span>'
