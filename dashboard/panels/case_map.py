"""The small map beside a case."""

from __future__ import annotations

import math
from collections.abc import Mapping

import streamlit as st
from streamlit_folium import st_folium

from dashboard import office, session
from dashboard.i18n import t
from dashboard.maps.case_map import Mark, box_around, case_map
from dashboard.maps.palette import OTHER_TYPE
from geo.model import CrimeType
from geo.model.person import Person
from geo.queries.case import Case
from geo.queries.case_ground import case_ground
from geo.queries.same_case import SameCase

__all__ = ["show"]

HEIGHT = 220


def show(person: Person, case: Case, alike: tuple[SameCase, ...], types: Mapping[str, CrimeType], lang: str) -> None:
    """Draw it where anything of the case has a place."""

    def colour(code: str) -> str:
        return (types[code].colour if code in types else None) or OTHER_TYPE

    marks = []
    if case.facts["lon"] is not None:
        marks.append(Mark(case.facts["lon"], case.facts["lat"], "case", colour(case.facts["crime_type"])))
    for report in case.reports:
        if report.lon is not None and report.lat is not None:
            marks.append(Mark(report.lon, report.lat, "report", OTHER_TYPE))
    if not marks:
        return
    near = marks[0]
    for number, other in enumerate(alike, 1):
        if (
            other.lon is not None
            and other.lat is not None
            and math.dist((near.lon, near.lat), (other.lon, other.lat)) < 0.1
        ):
            marks.append(Mark(other.lon, other.lat, "other", colour(other.crime_type), number))
    with office.acting(person) as connection:
        ground = case_ground(connection, *_wider(box_around(marks)))
    units = {unit: t(f"map_words.{unit}", lang) for unit in ("m", "km")}
    drawn = case_map(marks, ground.districts, ground.border, night=session.night(), units=units)
    with st.container(key="map_small"):
        st_folium(drawn, key=f"case_map_{case.public_id}", height=HEIGHT, use_container_width=True, returned_objects=[])
        st.caption(t("case.map_legend" if alike else "case.map_legend_alone", lang) + " " + t("case.map_credit", lang))


def _wider(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """With what can be seen when somebody zooms out."""
    west, south, east, north = box
    return west - 0.15, south - 0.1, east + 0.15, north + 0.1
