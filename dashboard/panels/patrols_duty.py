"""What published rotas ask for in the next hours, on the page of patrols: who has no rota to read still has to know where to be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from dashboard.documents.position import grid_words
from dashboard.i18n import t
from dashboard.i18n.dates import clock, local
from geo.model.rota import Duty

__all__ = ["show"]

ROWS = 6
"""That are seen at once."""


def show(shifts: Sequence[Duty], lang: str, now: datetime) -> None:
    """The shifts, those that are going on first; nothing where there are none."""
    if not shifts:
        return
    on = sum(shift.on(now) for shift in shifts)
    with st.container(key="patrol_duty"):
        st.text(t("patrols.duty.title", lang, on=on, next=len(shifts) - on))
        frame = pd.DataFrame(
            {
                "state": [t(f"patrols.duty.{_state(shift, now)}", lang) for shift in shifts],
                "when": [f"{local(shift.begins):%H:%M}–{clock(shift.ends, lang)}" for shift in shifts],
                "place": [shift.place for shift in shifts],
                "team": [str(shift.team) for shift in shifts],
                "mgrs": [grid_words(shift.lon, shift.lat) for shift in shifts],
                "rota": [shift.title for shift in shifts],
            }
        )
        st.dataframe(
            frame, key="patrol_duty_list", hide_index=True, height=38 + 35 * min(ROWS, len(frame)), row_height=35,
            column_config={key: st.column_config.TextColumn(t(f"patrols.duty.column.{key}", lang)) for key in frame.columns},
        )  # fmt: skip
        st.caption(t("patrols.duty.about", lang))


def _state(shift: Duty, now: datetime) -> str:
    """Whether it is on, or on which day it begins."""
    if shift.on(now):
        return "on"
    return ("today", "tomorrow", "after")[max(0, (local(shift.begins).date() - local(now).date()).days)]
