"""Where activities were, on the live map's ground: numbers on the map are those of the list beside it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import activity_desk, office
from dashboard.access import Viewer
from dashboard.activity_words import Known
from dashboard.i18n import t
from dashboard.i18n.dates import number
from dashboard.maps import computed
from dashboard.panels import activities_list, patrols_map
from geo.crs import TIMEZONE
from geo.model.activity import Activity
from geo.queries.activities import activities

__all__ = ["draw"]

SHOWN = 60
"""Numbers on the map, of the latest ones: more of them hide each other."""
DAYS = (90, 366)


def draw(viewer: Viewer, known: Known) -> None:
    """The whole part."""
    lang = known.lang
    with st.container(horizontal=True, key="activity_filters", vertical_alignment="bottom"):
        days = st.pills(
            t("activities.filter.period", lang), DAYS, required=True, default=DAYS[0], key="activity_map_days",
            format_func=lambda n: t(f"activities.filter.days_{n}", lang),
        )  # fmt: skip
        kinds, districts = activities_list.filters(viewer, known, "map")
    first: date = known.today - timedelta(days=days or DAYS[0])
    with office.acting(viewer.person) as connection:
        found = activities(connection, first, known.today, districts=districts, kinds=kinds)
    placed = [one for one in found if one.what.lon is not None][:SHOWN]
    left, right = st.columns([7, 4], gap="medium")
    with left:
        _map(viewer, placed)
    with right, st.container(key="activity_beside", height=620, border=False):
        st.caption(t("activities.map.counted", lang, shown=number(len(placed)), n=number(len(found))))
        for place, one in enumerate(placed, 1):
            activities_list.row(one, known, place)


def _map(viewer: Viewer, placed: list[Activity]) -> None:
    event = patrols_map.pressed("activity_map")
    if event is not None and event.mark is not None and event.mark < len(placed):
        activity_desk.lay_open(placed[event.mark].id)
        st.rerun()
    at = [(one.what.lon, one.what.lat) for one in placed if one.what.lon is not None and one.what.lat is not None]
    marks = computed.marks([lon for lon, _ in at], [lat for _, lat in at])
    drawn = {"ways": [], "marks": marks, "legend": None}
    patrols_map.draw(viewer, datetime.now(ZoneInfo(TIMEZONE)), drawn, "activity_map")
