"""Cases in words: why one calls for somebody, how its clocks stand, where it is, and why a step was refused."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from dashboard import store
from dashboard.i18n import name, t
from dashboard.i18n.dates import day, duration, local, moment
from dashboard.maps.palette import OTHER_TYPE
from dashboard.messages import sentence
from dashboard.web.live import hub
from geo.errors import WatchError
from geo.model import CrimeType, District
from geo.model.case import Grade
from geo.model.clock import Clock, ClockName
from geo.queries.case_places import CasePlace
from geo.queries.inbox import InboxRow

__all__ = [
    "agency_choices",
    "agency_name",
    "clock_words",
    "district_words",
    "due_words",
    "grade_words",
    "head_html",
    "occurred_words",
    "place_words",
    "refusal",
    "type_words",
    "why_words",
]

HOLLOW = frozenset({"received", "verifying"})
"""States that are drawn hollow, here as on the map."""


def type_words(code: str, types: Mapping[str, CrimeType], lang: str) -> str:
    """Name of a crime type; its code where it is gone."""
    return name(types[code], lang) if code in types else code


def district_words(code: str | None, districts: Mapping[str, District], lang: str, province: bool = False) -> str:
    """Name of a district, with that of its province where it is asked for."""
    if not code:
        return t("card.no_district", lang)
    row = districts.get(code)
    if row is None:
        return code
    if province:
        return t("card.district_of", lang, district=name(row, lang), province=name(row, lang, "province"))
    return t("case.district", lang, name=name(row, lang))


def place_words(place: CasePlace | None, lang: str) -> str:
    """Village and sub-district, as far as they were told. May hold words of others."""
    if place is None:
        return ""
    parts = []
    if place.said:
        parts.append(" ".join(place.said.split()))
    if village := name({"name_th": place.village_th, "name_en": place.village_en}, lang):
        parts.append(village)
    if subdistrict := name({"name_th": place.subdistrict_th, "name_en": place.subdistrict_en}, lang):
        parts.append(t("case.subdistrict", lang, name=subdistrict))
    return " ".join(parts)


def occurred_words(at: datetime, day_only: bool, lang: str) -> str:
    """When it happened, no finer than it is known."""
    return day(local(at).date(), lang) if day_only else moment(local(at), lang)


def grade_words(grade: Grade, lang: str) -> str:
    """Both parts of a grade in words."""
    source, info = t(f"grade_source.{grade.source}", lang), t(f"grade_info.{grade.info}", lang)
    return t("case.grade_words", lang, source=source, info=info)


def _long(length: timedelta, lang: str) -> str:
    """A duration; from a week on in days alone."""
    return duration(length - length % timedelta(days=1) if length >= timedelta(days=7) else length, lang)


def due_words(clock: ClockName | str, due: datetime, now: datetime, lang: str) -> str:
    """How long it is overdue, or how long there is left."""
    what = t(f"clock.{clock}", lang)
    key = "case.overdue" if due < now else "case.left"
    return t(key, lang, what=what, time=_long(abs(due - now), lang))


def clock_words(clock: Clock, now: datetime, lang: str) -> str:
    """How a clock stands: running, overdue, done in time or late."""
    if clock.done is None:
        return due_words(clock.name, clock.due, now, lang)
    what = t(f"clock.{clock.name}", lang)
    if clock.late:
        return t("case.done_late", lang, what=what, time=_long(clock.done - clock.due, lang))
    return t("case.done_in_time", lang, what=what)


def why_words(row: InboxRow, now: datetime, lang: str, me: int) -> list[tuple[str, bool]]:
    """Why a case calls for somebody, the most urgent first; and whether each is a clock that ran out."""
    said: list[tuple[str, bool]] = []
    for code in row.why:
        late = code.endswith("_overdue")
        if not late:
            own = code == "closing_waiting" and row.closing_by == me
            said.append((t("inbox.closing_own", lang) if own else t(f"case_why.{code}", lang), False))
        elif row.due is not None and code == f"{row.clock}_overdue":
            said.append((due_words(row.clock or "", row.due, now, lang), True))
        else:
            said.append((t(f"case_why.{code}", lang), True))
    if not said and row.due is not None and row.clock is not None:
        said.append((due_words(row.clock, row.due, now, lang), False))
    return said


def agency_name(code: str | None, lang: str) -> str:
    """Name of an agency; its code where it is gone."""
    found = store.agencies(hub.version).get(code or "")
    return name(found, lang) if found else (code or "–")


def agency_choices(lang: str) -> dict[str, str]:
    """Names of the agencies that cases are sent to now, by code."""
    return {code: name(row, lang) for code, row in store.agencies(hub.version).items() if row.active}


def refusal(error: WatchError, lang: str) -> str:
    """Why a step was refused, with agencies as people call them."""
    said: dict[str, Any] = dict(error.params)
    if "agency" in said:
        said["agency"] = agency_name(str(said["agency"]), lang)
    return sentence(WatchError(error.code, **said), lang)


def head_html(code: str, status: str, types: Mapping[str, CrimeType], lang: str) -> str:
    """Type with its colour, hollow where it is not verified, and the state: for `st.html`."""
    colour = (types[code].colour if code in types else None) or OTHER_TYPE
    hollow = status in HOLLOW
    fill, full = ("transparent", "") if hollow else (colour, " full")
    kind, state = type_words(code, types, lang), t(f"status.{status}", lang)
    return (
        '<div class="office-head"><span class="office-what">'
        f'<span class="office-dot" style="border-color:{html.escape(colour)};background:{html.escape(fill)}"></span>'
        f'<b>{html.escape(kind)}</b></span><span class="office-chip{full}">{html.escape(state)}</span></div>'
    )
