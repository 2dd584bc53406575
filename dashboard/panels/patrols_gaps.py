"""Where nobody passed for long: the border in colours, and the stretches that wait, longest first."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import desk, patrol_desk, session, store
from dashboard.access import Viewer
from dashboard.i18n import t
from dashboard.i18n.dates import distance, moment
from dashboard.maps import patrol_ways
from dashboard.panels import patrols_map, patrols_runs, patrols_take
from dashboard.patrol_reading import passes
from dashboard.patrol_words import agency_words, district_words, gap_table, hours_words
from dashboard.web.live import hub
from geo.analysis.border_gaps import sections, stretches

__all__ = ["draw"]

LONGER = {"day": 24.0, "days3": 72.0, "week": 168.0, "weeks4": 672.0}
"""Hours after which a stretch is one to act on."""
DAYS = 28
MARKED = 20
"""Stretches with a number on the map."""
MOST = 300


def draw(viewer: Viewer, lang: str, now: datetime) -> None:
    """The whole part."""
    agency = patrol_desk.chosen("agency", patrols_runs.ALL) or None
    longer = patrol_desk.chosen("longer", "days3")
    pieces = passes(viewer.scope, now, DAYS, agency)
    if pieces.empty:
        st.info(f"**{t('patrols.no_border', lang)}** {t('patrols.no_border_next', lang)}", icon=":material/map:")
        return
    found = stretches(pieces, LONGER[longer]).head(MOST)
    at = patrols_map.pressed("patrol_map_gaps")
    if at is not None and at.mark is not None and at.mark < len(found):
        patrol_desk.choose("gap", at.mark)
    _choice(lang)
    left, right = st.columns([8, 5], gap="small")
    with left:
        _map(viewer, pieces, found, lang, now)
    with right:
        _list(pieces, found, agency, lang, now)
        _sections(pieces, longer, lang)


def _choice(lang: str) -> None:
    agencies = store.agencies(hub.version)
    with st.container(horizontal=True, key="patrol_choice", gap="small"):
        desk.put("patrol_longer", patrol_desk.chosen("longer", "days3"))
        st.segmented_control(
            t("patrols.longer_label", lang), list(LONGER), key="patrol_longer", label_visibility="collapsed",
            format_func=lambda code: t(f"patrols.longer.{code}", lang), on_change=_longer_chosen,
        )  # fmt: skip
        patrols_runs.whose([code for code, one in agencies.items() if one.active], lang, "patrol_gap_agency")


def _longer_chosen() -> None:
    if code := desk.said("patrol_longer"):
        patrol_desk.choose("longer", code)
        patrol_desk.choose("gap", None)


def _middle(pieces: pd.DataFrame, row: Mapping[Hashable, Any]) -> tuple[float, float]:
    piece = pieces["line"].iloc[(row["first_row"] + row["last_row"]) // 2]
    at = piece.interpolate(0.5, normalized=True)
    return float(at.x), float(at.y)


def _map(viewer: Viewer, pieces: pd.DataFrame, found: pd.DataFrame, lang: str, now: datetime) -> None:
    drawn = patrol_ways.gap_ways(pieces, session.night(), lang)
    places = [_middle(pieces, row) for row in found.head(MARKED).to_dict("records")]
    drawn["marks"] = patrol_ways.marks(places, patrol_desk.chosen("gap", None))
    patrols_map.draw(viewer, now, drawn, "patrol_map_gaps")


def _list(pieces: pd.DataFrame, found: pd.DataFrame, agency: str | None, lang: str, now: datetime) -> None:
    version = hub.version
    agencies, districts = store.agencies(version), store.district_names(version)
    st.html(f'<b class="office-line">{t("patrols.gaps_title", lang)}</b>')
    if found.empty:
        st.success(t("patrols.no_gaps", lang), icon=":material/check_circle:")
        return
    told = pd.DataFrame(
        {
            "n": [str(n) if n <= MARKED else "" for n in range(1, len(found) + 1)],
            "hours_since": [hours_words(hours, lang) for hours in found["hours"]],
            "district": [district_words(code, districts, lang) for code in found["district"]],
            "km": [distance(km * 1000, lang) for km in found["km"]],
            "neighbour": [t(f"neighbour.{code}", lang) for code in found["neighbour"]],
            "last": ["–" if pd.isna(at) else moment(at.to_pydatetime(), lang) for at in found["last_at"]],
        }
    )
    st.dataframe(
        told, key="patrol_gap_list", hide_index=True, height=min(460, 38 + 35 * len(told)), on_select=_row_chosen,
        selection_mode="single-row", row_height=35,
        column_config={"n": st.column_config.TextColumn(t("patrols.column.number", lang), width=44)}
        | {key: st.column_config.TextColumn(t(f"patrols.column.{key}", lang)) for key in told.columns if key != "n"},
    )  # fmt: skip
    boxes = [
        patrol_ways.box(pieces["line"].iloc[row["first_row"] : row["last_row"] + 1]) for row in found.to_dict("records")
    ]  # of each row, for the map to go to
    patrol_desk.choose("gap_boxes", boxes)
    chosen = patrol_desk.chosen("gap", None)
    if chosen is not None and chosen < len(found):
        _one(found.to_dict("records")[chosen], chosen + 1, lang)
    whose = agency_words(agency, agencies, lang) if agency else t("patrols.all_agencies", lang)
    patrols_take.buttons(lambda: gap_table(found, districts, whose, now, lang), "border-gaps", lang)
    st.caption(t("patrols.gaps_note", lang))


def _row_chosen() -> None:
    rows, boxes = desk.said("patrol_gap_list")["selection"]["rows"], patrol_desk.chosen("gap_boxes", ())
    if rows and rows[0] < len(boxes):
        patrol_desk.choose("gap", rows[0])
        patrol_desk.go_to(boxes[rows[0]])


def _one(row: Mapping[Hashable, Any], number: int, lang: str) -> None:
    km = distance(row["km"] * 1000, lang)
    if math.isinf(row["hours"]):
        st.text(t("patrols.gap_never", lang, n=number, km=km))
    else:
        last = moment(row["last_at"].to_pydatetime(), lang)
        st.text(t("patrols.gap_one", lang, n=number, since=hours_words(row["hours"], lang), km=km, last=last))
    if row["undetermined"]:
        st.caption(t("patrols.undetermined", lang))


def _sections(pieces: pd.DataFrame, longer: str, lang: str) -> None:
    districts = store.district_names(hub.version)
    found = sections(pieces, LONGER[longer])
    with st.expander(t("patrols.sections_title", lang), icon=":material/table_rows:", key="patrol_sections"):
        told = pd.DataFrame(
            {
                "district": [district_words(code, districts, lang) for code in found["district"]],
                "neighbour": [t(f"neighbour.{code}", lang) for code in found["neighbour"]],
                "length": [distance(km * 1000, lang) for km in found["km"]],
                "passed_share": [f"{share:.0%}" for share in found["share"]],
                "hours_since": [hours_words(hours, lang) for hours in found["hours"]],
                "never_km": [distance(km * 1000, lang) for km in found["never_km"]],
                "km_passed": [distance(km * 1000, lang) for km in found["km_passed"]],
            }
        )
        st.dataframe(
            told, key="patrol_section_list", hide_index=True, height=min(420, 38 + 35 * len(told)), row_height=35,
            column_config={key: st.column_config.TextColumn(t(f"patrols.column.{key}", lang)) for key in told.columns},
        )  # fmt: skip
        st.caption(t("patrols.sections_note", lang, within=t(f"patrols.longer.{longer}", lang), days=DAYS))
