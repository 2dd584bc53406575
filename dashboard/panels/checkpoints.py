"""The page of checkpoints: its parts, one at a time."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import plan_desk, session
from dashboard.access import Viewer
from dashboard.i18n import t
from dashboard.panels import (
    checkpoints_coverage,
    checkpoints_effect,
    checkpoints_next,
    checkpoints_plans,
    hotspots_style,
    office_style,
    plan_style,
    styles,
    unavailable,
)
from geo.crs import TIMEZONE
from geo.errors import DatabaseUnavailable

__all__ = ["PARTS", "show"]

PARTS = {
    "coverage": checkpoints_coverage.draw,
    "next": checkpoints_next.draw,
    "plans": checkpoints_plans.draw,
    "effect": checkpoints_effect.draw,
}


def show(viewer: Viewer) -> None:
    """The whole page for a viewer."""
    lang, now = session.language(), datetime.now(ZoneInfo(TIMEZONE))
    office_style.frame(lang, session.night())
    styles.inject(wall=False, night=session.night())
    hotspots_style.inject()
    plan_style.inject()
    part = st.segmented_control(
        t("plans.page.parts", lang), list(PARTS), required=True, default=plan_desk.first_part(), key=plan_desk.PART,
        label_visibility="collapsed", format_func=lambda code: t(f"plans.page.part.{code}", lang),
    )  # fmt: skip
    try:
        PARTS[part or "coverage"](viewer, lang, now)
    except DatabaseUnavailable as error:
        unavailable.show(error, lang)
