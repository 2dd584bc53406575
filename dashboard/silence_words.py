"""A place and its silence in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from dashboard.i18n import name, t
from dashboard.i18n.dates import day, duration, local
from geo.analysis.silence import never_trained
from geo.queries.silence import PlaceSpot

__all__ = ["days_words", "every_words", "facts", "late_words", "place_words"]

WHOLE = timedelta(days=1)


def place_words(area_code: str, village: str, spots: Mapping[str, PlaceSpot], lang: str) -> str:
    """Village and sub-district; the code where its name is not known. A village may hold words of others."""
    spot = spots.get(area_code)
    called = name({"name_th": spot.name_th, "name_en": spot.name_en}, lang) if spot else ""
    below = t("case.village" if len(area_code) == 8 else "case.subdistrict", lang, name=called or area_code)
    return " ".join(part for part in (village, below) if part)


def days_words(days: float, lang: str) -> str:
    """A length of time in whole days, at least one."""
    return duration(max(1, int(abs(days))) * WHOLE, lang)


def every_words(gap_days: float, lang: str) -> str:
    """A rhythm; empty where there is none."""
    return "" if pd.isna(gap_days) else t("silence.every", lang, n=f"{gap_days:.0f}")


def late_words(overdue_days: float, lang: str) -> str:
    """By how much it is overdue, or how much time there is left."""
    if pd.isna(overdue_days):
        return ""
    key = "silence.overdue" if overdue_days > 0 else "silence.not_due"
    return t(key, lang, time=days_words(overdue_days, lang))


def facts(row: Any, now: datetime, lang: str) -> list[str]:
    """Since when a place is silent, against which rhythm, and whether nobody of it was ever trained."""
    if pd.isna(row.last_contact):
        since = t("silence.never_since", lang, time=days_words((now - row.since) / WHOLE, lang))
    else:
        last: date = local(row.last_contact.to_pydatetime()).date()
        since = t("silence.since", lang, time=days_words((now - row.last_contact) / WHOLE, lang), day=day(last, lang))
    rhythm = (
        t("silence.rhythm_none", lang)
        if pd.isna(row.gap_days)
        else t("silence.rhythm", lang, days=f"{row.gap_days:.0f}")
    )
    untrained = [t("silence.never_trained", lang)] if never_trained(row.trained) else []
    return [since, rhythm, *untrained]
