"""Beside the list to call: sub-districts without anybody, the latest calls, and every place by channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import store
from dashboard.i18n import name, t
from dashboard.i18n.dates import ago, day, local, month, number
from dashboard.panels.case_words import district_words
from dashboard.panels.take_away import table_links
from dashboard.silence_words import days_words, every_words, late_words, place_words
from dashboard.web.live import hub
from geo.queries.silence import Call, PlaceSpot

__all__ = ["districts", "nobody", "noted", "places"]

SHOWN_CALLS = 12


def nobody(found: pd.DataFrame, spots: Mapping[str, PlaceSpot], lang: str) -> None:
    """Sub-districts in which nobody can be called."""
    codes = list(found.loc[found["coordinators"] == 0, "area_code"])
    if not codes:
        return
    st.subheader(t("silence.nobody_title", lang))
    names = sorted(
        name({"name_th": s.name_th, "name_en": s.name_en}, lang) or s.code for s in map(spots.get, codes) if s
    )
    st.text(t("silence.nobody", lang, n=number(len(codes)), names=", ".join(names)))


def noted(calls: Sequence[Call], spots: Mapping[str, PlaceSpot], lang: str, now: datetime) -> None:
    """Who was called lately, and what came of it."""
    st.subheader(t("silence.calls_title", lang))
    if not calls:
        st.caption(t("silence.calls_none", lang))
    for call in calls[:SHOWN_CALLS]:
        place = place_words(call.area_code, call.village, spots, lang)
        said = t(f"silence.outcome.{call.outcome}", lang)
        if call.month is not None:
            said = f"{said} ({month(call.month, lang)})"
        st.text(
            f"{place} · {said}\n{ago(call.at, now, lang)} · {call.by or '–'}" + (f"\n{call.note}" if call.note else "")
        )


def places(found: pd.DataFrame, spots: Mapping[str, PlaceSpot], district: str, lang: str, now: datetime) -> None:
    """Every place with what was heard from it by each channel."""
    with st.expander(t("silence.all_title", lang), icon=":material/table_rows:", key="silence_all"):
        told = pd.DataFrame(
            {
                "subdistrict": [place_words(code, "", spots, lang) for code in found["area_code"]],
                "village": list(found["village"]),
                "state": [_state(row, lang) for row in found.itertuples()],
                "last_report": [_moment(one, lang) for one in found["last_report"]],
                "rhythm": [every_words(one, lang) for one in found["gap_days"]],
                "confirmed": ["" if pd.isna(one) else month(one, lang) for one in found["said_month"]],
                "online_last": [_day(one, lang) for one in found["online_last"]],
                "online_rhythm": [every_words(one, lang) for one in found["online_gap_days"]],
                "overdue": [late_words(one, lang) for one in found["overdue_days"]],
            }
        )
        _table(told, lang, "silence_list")
        table_links("silence", {"district": district}, lang)


def districts(counts: pd.DataFrame, lang: str) -> None:
    """How many places of each district stand how."""
    known = store.district_names(hub.version)
    st.subheader(t("silence.districts_title", lang))
    told = pd.DataFrame(
        {
            "district": [district_words(code, known, lang, province=True) for code in counts["district_code"]],
            **{key: list(counts[key]) for key in ("silent", "never", "quiet", "heard", "nobody")},
            "longest": ["" if pd.isna(one) else days_words(one, lang) for one in counts["longest_days"]],
        }
    )
    _table(told, lang, "silence_districts")
    table_links("silence", {}, lang)


def _table(told: pd.DataFrame, lang: str, key: str) -> None:
    figures = [name for name in told.columns if pd.api.types.is_integer_dtype(told[name])]
    st.dataframe(
        told, key=key, hide_index=True, height=min(560, 38 + 35 * max(1, len(told))), row_height=35,
        column_config={
            code: (st.column_config.NumberColumn if code in figures else st.column_config.TextColumn)(
                t(f"silence.column.{code}", lang)
            )
            for code in told.columns
        },
    )  # fmt: skip


def _state(row: Any, lang: str) -> str:
    return t(f"silence.state.{row.state if row.coordinators else 'nobody'}", lang)


def _moment(value: Any, lang: str) -> str:
    return "" if pd.isna(value) else day(local(value.to_pydatetime()).date(), lang)


def _day(value: date | None, lang: str) -> str:
    return "" if pd.isna(value) else day(value, lang)
