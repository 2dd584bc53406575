"""The numbers on a meeting's sheet: the five figures, by type, by channel, by week, and what changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from geo.analysis.change import change
from geo.analysis.meeting_hotspots import PLANE, Hotspots, day_number
from geo.analysis.meeting_places import Naming
from geo.model.meeting_material import CaseFigures, Patrolled, Reporting
from geo.model.meeting_sheet import CountRow, Figure, FigureName, Finding, WeekCount

__all__ = ["count_rows", "figures", "findings", "weeks"]

FELL, ROSE = ("decrease", "strong_decrease"), ("increase", "strong_increase")
QUIET_DAYS = 14
MOST_FOUND = 7
SOME_HOURS = 10
"""With fewer hours of patrols in both periods one patrol more or less is no news."""
HOT = {
    "new_hotspot": ("hot_new",),
    "intensifying_hotspot": ("hot_intensifying", "hot_consecutive"),
    "faded_hotspot": ("hot_diminishing", "hot_historical"),
}


def figures(
    now: int,
    before: int,
    waiting: int,
    cases: CaseFigures,
    cases_before: CaseFigures,
    reporting: Reporting,
    patrolled: Patrolled,
    patrolled_before: Patrolled,
    channels: Mapping[str, int],
) -> tuple[Figure, ...]:
    """The five figures.

    Parameters
    ----------
    now, before
        Incidents that the meeting counts, in the period and the one before.
    waiting
        Incidents of the period that are not verified and not among them.
    channels
        Incidents of the period by channel.
    """
    judged = change([now], [before]).iloc[0]
    percent = None if pd.isna(judged["percent"]) else round(float(judged["percent"]), 1)
    hours, hours_before = patrolled.hours, patrolled_before.hours
    effort = str(change([hours], [hours_before]).iloc[0]["class"])
    counts = {"now": now, "before": before}
    says = "incidents.unverified_too" if waiting else "incidents.some" if now else "incidents.none"
    incidents = Figure(FigureName.INCIDENTS, now, before, str(judged["class"]), says, counts | {"unverified": waiting})
    share = round(cases.verified / cases.reported, 4) if cases.reported else None
    share_before = round(cases_before.verified / cases_before.reported, 4) if cases_before.reported else None
    median = None if cases.median_hours is None else round(cases.median_hours, 1)
    open_says = "open.some" if cases.overdue else "open.none_overdue" if cases.open else "open.none"
    return (
        incidents,
        Figure(
            FigureName.CHANGE,
            percent,
            None,
            str(judged["class"]),
            _change_says(str(judged["class"]), percent, effort),
            counts | {"percent": percent, "hours": hours, "hours_before": hours_before},
        ),
        Figure(
            FigureName.VERIFIED,
            share,
            share_before,
            None,
            "verified.none_reported"
            if share is None
            else "verified.share_no_time"
            if median is None
            else "verified.share",
            {"verified": cases.verified, "of": cases.reported, "median_hours": median},
        ),
        Figure(FigureName.OPEN, cases.open, None, None, open_says, {"open": cases.open, "overdue": cases.overdue}),
        Figure(
            FigureName.EFFORT,
            hours,
            hours_before,
            effort,
            "effort.patrols" if patrolled.patrols else "effort.no_patrols",
            {
                "hours": hours,
                "hours_before": hours_before,
                "patrols": patrolled.patrols,
                "villages": reporting.reported,
                "silent": reporting.silent,
                "watched": reporting.watched,
            }
            | {f"channel_{code}": n for code, n in channels.items()},
        ),
    )


def _change_says(kind: str, percent: float | None, effort: str) -> str:
    if percent is None:
        return "change.few"
    if kind in ROSE:
        return "change.rose_with_effort" if effort in ROSE else "change.rose"
    return "change.fell" if kind in FELL else "change.same"


def count_rows(now: pd.Series[str], before: pd.Series[str]) -> tuple[CountRow, ...]:
    """Incidents by code, most first; of each code that has any in either period."""
    table = pd.DataFrame({"now": now.astype(str).value_counts(), "before": before.astype(str).value_counts()})
    table = table.fillna(0).astype(int)
    if table.empty:
        return ()
    told = change(table["now"], table["before"])
    table["class"], table["percent"] = told["class"], told["percent"]
    rows = [
        CountRow(
            str(code), int(one["now"]), int(one["before"]), str(one["class"]),
            None if pd.isna(one["percent"]) else round(float(one["percent"]), 1),
        )
        for code, one in table.iterrows()
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (-row.now, -row.before, row.code)))


def weeks(days: pd.Series[int], first: date, last: date) -> tuple[WeekCount, ...]:
    """Incidents by ISO week of the period, empty ones too; the first and last may be cut.

    Parameters
    ----------
    days
        Days since 1970 of the incidents of the period.
    """
    zero = first - timedelta(days=first.weekday())
    n = ((days - day_number(zero)) // 7).value_counts()
    found = []
    for number in range((last - zero).days // 7 + 1):
        monday = zero + timedelta(days=7 * number)
        held = (min(last, monday + timedelta(days=6)) - max(first, monday)).days + 1
        found.append(WeekCount(monday, int(n.get(number, 0)), held))
    return tuple(found)


def findings(
    by_type: tuple[CountRow, ...],
    quiet: int | None,
    reporting: Reporting,
    effort: Figure,
    hotspots: Hotspots,
    naming: Naming,
    districts: frozenset[str],
) -> tuple[Finding, ...]:
    """What changed, what matters most first; that nothing did is said too.

    Parameters
    ----------
    quiet
        Days up to the end of the period without any report; nothing where there was none at all.
    districts
        Codes of those that the sheet is of.
    """
    hot = {code: _hexagons(code, kinds, hotspots, naming, districts) for code, kinds in HOT.items()}
    types = [one for row in by_type if (one := _type(row)) is not None]
    found = [one for one in (hot["new_hotspot"], hot["intensifying_hotspot"]) if one]
    found += [one for code in ("type_new", "type_rose", "type_fell") for one in types if one.code == code]
    if hot["faded_hotspot"]:
        found.append(hot["faded_hotspot"])
    if quiet is not None and quiet >= QUIET_DAYS:
        found.append(Finding("quiet_days", {"n": quiet}))
    if reporting.silent:
        found.append(Finding("silent_villages", {"n": reporting.silent, "of": reporting.watched}))
    if (
        effort.change in ("strong_increase", "strong_decrease")
        and max(effort.value or 0, effort.before or 0) >= SOME_HOURS
    ):
        code = "effort_rose" if effort.change == "strong_increase" else "effort_fell"
        found.append(Finding(code, {"n": effort.value, "before": effort.before}))
    return tuple(found[:MOST_FOUND]) or (Finding("nothing", {}),)


def _type(row: CountRow) -> Finding | None:
    if row.before == 0 and row.change in ROSE:
        return Finding("type_new", {"crime_type": row.code, "n": row.now, "before": 0, "percent": None})
    if row.percent is None or row.change not in (*ROSE, *FELL):
        return None
    code = "type_rose" if row.change in ROSE else "type_fell"
    return Finding(code, {"crime_type": row.code, "n": row.now, "before": row.before, "percent": row.percent})


def _hexagons(
    code: str, kinds: tuple[str, ...], hotspots: Hotspots, naming: Naming, districts: frozenset[str]
) -> Finding | None:
    """How many hexagons are of these classes; the place is that of the one with the highest score."""
    if hotspots.grid is None:
        return None
    marked = [n for n, kind in enumerate(hotspots.kinds) if kind in kinds and hotspots.district[n] in districts]
    if not marked:
        return None
    top = max(marked, key=lambda n: (hotspots.z[n], hotspots.counts[n], -n))
    x, y = float(hotspots.grid.x[top]), float(hotspots.grid.y[top])
    (lon,), (lat,) = PLANE.degrees([x], [y])
    place = naming.name(x, y, str(hotspots.district[top]))
    return Finding(code, {"n": len(marked)}, place, round(float(lon), 3), round(float(lat), 3))
