"""Five figures of patrols: out now, late, to come, gone, and how much of the border was passed."""

from __future__ import annotations

import html
from datetime import datetime, timedelta

import streamlit as st

from dashboard import office
from dashboard.access import Viewer
from dashboard.i18n import t
from dashboard.i18n.dates import number
from dashboard.patrol_reading import overdue_after, passes
from geo.analysis.border_gaps import sections
from geo.model.patrol import PatrolStatus
from geo.queries import patrol_runs

__all__ = ["draw"]

AHEAD, BACK = timedelta(days=7), timedelta(days=28)
WITHIN = timedelta(days=7)


def draw(viewer: Viewer, lang: str, now: datetime) -> None:
    """Draw them."""
    with office.acting(viewer.person) as connection:
        runs = patrol_runs.runs(connection, now - BACK, now + AHEAD, now, overdue_after())
    pieces = passes(viewer.scope, now, BACK.days)
    told = sections(pieces, WITHIN.total_seconds() / 3600)
    km, passed = float(told["km"].sum()), float((told["km"] * told["share"]).sum())
    by = {status: [run for run in runs if run.status is status] for status in PatrolStatus}
    waiting = [*by[PatrolStatus.SCHEDULED], *by[PatrolStatus.READY]]
    gone = [run for run in runs if run.started_at is not None]
    walked = sum(run.km or 0.0 for run in gone)
    late = len(by[PatrolStatus.START_OVERDUE])
    figures = (
        ("out", number(len(by[PatrolStatus.ACTIVE])), "", ""),
        ("late", number(late), "", "office-late" if late else ""),
        ("ahead", number(len(waiting)), t("patrols.figure.ahead_more", lang, n=len(by[PatrolStatus.READY])), ""),
        ("gone", number(len(gone)), t("patrols.figure.gone_more", lang, km=f"{walked:,.0f}"), ""),
        (
            "passed",
            f"{passed / km:.0%}" if km else "–",
            t("patrols.figure.passed_more", lang, km=f"{passed:,.0f}", of=f"{km:,.0f}")
            if km
            else t("patrols.no_border", lang),
            "",
        ),
    )
    tiles = "".join(
        f'<div class="patrol-figure"><span>{html.escape(t(f"patrols.figure.{key}", lang))}</span>'
        f'<b class="{style}">{html.escape(value)}</b><small>{html.escape(more) or "&nbsp;"}</small></div>'
        for key, value, more, style in figures
    )
    st.html(f'<div class="patrol-figures">{tiles}</div>')
