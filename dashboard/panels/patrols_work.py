"""What the runs of a period come to: kilometres, hours, speed, and how much of the routes was gone, by agency and district."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from dashboard import desk, office, patrol_desk, store
from dashboard.access import Viewer
from dashboard.i18n import t
from dashboard.i18n.dates import distance, local, number, period
from dashboard.panels import patrols_take
from dashboard.patrol_reading import overdue_after
from dashboard.patrol_words import agency_words, district_words, work_table
from dashboard.web.live import hub
from geo.queries import patrol_runs

__all__ = ["draw"]

DAYS = (7, 28, 90, 365)


def draw(viewer: Viewer, lang: str, now: datetime) -> None:
    """The whole part."""
    with st.container(horizontal=True, key="patrol_choice", gap="small"):
        desk.put("patrol_days", patrol_desk.chosen("days", 28))
        st.segmented_control(
            t("patrols.period_label", lang), DAYS, key="patrol_days", label_visibility="collapsed",
            format_func=lambda n: t("dates.days", lang, n=n), on_change=_days_chosen,
        )  # fmt: skip
    first = now - timedelta(days=patrol_desk.chosen("days", 28))
    with office.acting(viewer.person) as connection:
        frames = {
            by: patrol_runs.patrol_work(connection, by, first, now, now, overdue_after())
            for by in ("agency", "district")
        }
    if all(frame.empty for frame in frames.values()):
        st.info(f"**{t('patrols.no_runs', lang)}** {t('patrols.no_runs_next', lang)}", icon=":material/event_busy:")
        return
    said = period(local(first).date(), local(now).date(), lang)
    for by, frame in frames.items():
        _table(frame, by, said, now, lang)
    st.caption(t("patrols.work_note", lang))


def _days_chosen() -> None:
    if days := desk.said("patrol_days"):
        patrol_desk.choose("days", days)


def _table(frame: pd.DataFrame, by: str, said: str, now: datetime, lang: str) -> None:
    version = hub.version
    agencies, districts = store.agencies(version), store.district_names(version)
    codes = [None if pd.isna(code) else str(code) for code in frame["code"]]
    named = [
        agency_words(code, agencies, lang) if by == "agency" else district_words(code, districts, lang)
        for code in codes
    ]
    st.html(f'<b class="office-line">{t(f"patrols.by_{by}", lang)} · {said}</b>')
    told = pd.DataFrame(
        {
            by: named,
            "made": [number(int(n)) for n in frame["made"]],
            "planned": [number(int(n)) for n in frame["planned"]],
            "late": [number(int(n)) if n else "–" for n in frame["late"]],
            "cancelled": [number(int(n)) if n else "–" for n in frame["cancelled"]],
            "km": [distance(km * 1000, lang) if km else "–" for km in frame["km"]],
            "hours": [f"{hours:,.1f}" if hours else "–" for hours in frame["hours"]],
            "speed": [
                f"{km / hours:.1f}" if hours else "–" for km, hours in zip(frame["km"], frame["hours"], strict=True)
            ],
            "share": ["–" if pd.isna(share) else f"{share:.0%}" for share in frame["route_share"]],
            "off_mean": ["–" if pd.isna(m) else distance(m, lang) for m in frame["off_mean_m"]],
        }
    )
    st.dataframe(
        told, key=f"patrol_work_{by}", hide_index=True, height=min(560, 38 + 35 * len(told)), row_height=35,
        column_config={key: st.column_config.TextColumn(t(f"patrols.column.{key}", lang)) for key in told.columns},
    )  # fmt: skip
    patrols_take.buttons(lambda: work_table(frame, named, by, said, now, lang), f"patrols-by-{by}", lang)
