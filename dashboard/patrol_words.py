"""Runs, routes and gaps in words: the same on the page and in tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pandas as pd

from dashboard.documents.tables import Cell, Table
from dashboard.i18n import name, t
from dashboard.i18n.dates import clock, day, distance, duration, local, moment
from geo.model import Agency, District
from geo.queries.patrol_runs import PatrolRun

__all__ = [
    "agency_words",
    "district_words",
    "gap_table",
    "hours_words",
    "judged_words",
    "runs_table",
    "when_words",
    "work_table",
]


def agency_words(code: str | None, agencies: Mapping[str, Agency], lang: str) -> str:
    """Name of an agency; its code where it is gone."""
    if not code:
        return t("patrols.no_agency", lang)
    return name(agencies[code], lang) if code in agencies else code


def district_words(code: str | None, districts: Mapping[str, District], lang: str) -> str:
    """Name of a district with its province."""
    row = districts.get(code or "")
    if row is None:
        return code or "–"
    return t("card.district_of", lang, district=name(row, lang), province=name(row, lang, "province"))


def when_words(run: PatrolRun, lang: str) -> str:
    """When a run is to be, or was: ``14 ก.ค. 2569 21:05–23:00 น.``."""
    begins, ends = run.scheduled_start or run.started_at, run.scheduled_end or run.ended_at
    if begins is None:
        return "–"
    if ends is None:
        return moment(begins, lang)
    if local(begins).date() == local(ends).date():
        return f"{day(local(begins).date(), lang)} {local(begins):%H:%M}–{clock(ends, lang)}"
    return f"{moment(begins, lang)} – {moment(ends, lang)}"


def hours_words(hours: float, lang: str) -> str:
    """How long ago somebody passed; that nobody is known to have where there is no pass."""
    if math.isinf(hours):
        return t("patrols.never", lang)
    return duration(timedelta(hours=hours), lang)


def judged_words(run: PatrolRun, lang: str) -> list[tuple[str, str]]:
    """Label and words of what the track of a run says."""
    if run.km is None or run.hours is None:
        return []
    told = [("km", distance(run.km * 1000, lang)), ("hours", duration(timedelta(hours=run.hours), lang))]
    if run.hours > 0:
        told.append(("speed", t("patrols.kmh", lang, n=f"{run.km / run.hours:.1f}")))
    if run.route_share is not None and run.off_mean_m is not None and run.off_most_m is not None:
        told.append(("share", f"{run.route_share:.0%}"))
        told.append(
            ("off", t("patrols.off", lang, mean=distance(run.off_mean_m, lang), most=distance(run.off_most_m, lang)))
        )
    return [(t(f"patrols.fact.{key}", lang), words) for key, words in told]


# ---------------------------------------------------------------- tables to take away
def _about(title: str, now: datetime, lang: str, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(t("patrols.take.what", lang), title), *more, (t("patrols.take.as_of", lang), moment(now, lang))]


def _table(
    title: str, about: Sequence[tuple[str, str]], heads: Sequence[tuple[str, int]], rows: list[list[Cell]], lang: str
) -> Table:
    said = [(t(f"patrols.column.{key}", lang), width) for key, width in heads]
    return Table(title, about, t("patrols.take.about", lang), said, rows)


def runs_table(
    runs: Sequence[PatrolRun],
    agencies: Mapping[str, Agency],
    districts: Mapping[str, District],
    now: datetime,
    lang: str,
) -> Table:
    """Runs, one a row."""
    heads = [("code", 14), ("state", 14), ("route", 30), ("kind", 12), ("agency", 26), ("district", 28), ("unit", 20),
             ("start", 17), ("end", 17), ("started", 17), ("ended", 17), ("km", 8), ("hours", 8), ("share", 10),
             ("off_mean", 12), ("off_most", 12), ("reason", 40)]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            run.code, t(f"patrol_status.{run.status}", lang), run.route_name or "",
            t(f"route_kind.{run.kind}", lang) if run.kind else "", agency_words(run.agency, agencies, lang),
            district_words(run.district_code or next(iter(run.districts), None), districts, lang), run.unit or "",
            run.scheduled_start, run.scheduled_end, run.started_at, run.ended_at, _rounded(run.km), _rounded(run.hours),
            _rounded(run.route_share, 2), _rounded(run.off_mean_m, 0), _rounded(run.off_most_m, 0), run.reason or "",
        ]
        for run in runs
    ]  # fmt: skip
    title = t("patrols.part.runs", lang)
    return _table(title, _about(title, now, lang), heads, rows, lang)


def gap_table(found: pd.DataFrame, districts: Mapping[str, District], whose: str, now: datetime, lang: str) -> Table:
    """Stretches that wait, longest first (`geo.analysis.border_gaps.stretches`)."""
    heads = [("number", 7), ("district", 30), ("neighbour", 12), ("km", 9), ("hours_since", 12), ("last", 17)]
    rows: list[list[Cell]] = [
        [
            n, district_words(row["district"], districts, lang), t("neighbour." + row["neighbour"], lang), round(row["km"], 1),
            None if math.isinf(row["hours"]) else round(row["hours"], 1),
            None if pd.isna(row["last_at"]) else row["last_at"].to_pydatetime(),
        ]
        for n, row in enumerate(found.to_dict("records"), 1)
    ]  # fmt: skip
    title = t("patrols.part.gaps", lang)
    return _table(title, _about(title, now, lang, (t("patrols.column.agency", lang), whose)), heads, rows, lang)


def work_table(frame: pd.DataFrame, named: Sequence[str], by: str, period: str, now: datetime, lang: str) -> Table:
    """What runs come to, by agency or district (`geo.queries.patrol_runs.patrol_work`)."""
    heads = [(by, 34), ("planned", 10), ("made", 10), ("late", 10), ("cancelled", 10), ("km", 10), ("hours", 10), ("speed", 10),
             ("share", 10), ("off_mean", 12)]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            said, int(row["planned"]), int(row["made"]), int(row["late"]), int(row["cancelled"]), round(row["km"], 1), round(row["hours"], 1),
            round(row["km"] / row["hours"], 1) if row["hours"] else None, _rounded(row["route_share"], 2), _rounded(row["off_mean_m"], 0),
        ]
        for said, row in zip(named, frame.to_dict("records"), strict=True)
    ]  # fmt: skip
    title = t("patrols.part.work", lang)
    return _table(title, _about(title, now, lang, (t("patrols.take.period", lang), period)), heads, rows, lang)


def _rounded(value: float | None, places: int = 1) -> float | None:
    return None if value is None or math.isnan(value) else round(float(value), places)
