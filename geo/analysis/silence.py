"""Which places are heard, quiet, silent, or were never active: what they sent measured against their own rhythm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from geo.crs import TIMEZONE

__all__ = [
    "GRACE_DAYS",
    "LATE",
    "STATES",
    "deadline",
    "gaps_of",
    "never_active",
    "never_trained",
    "rhythms",
    "silence",
    "typical_gap",
]

STATES: Final = ("heard", "quiet", "silent", "never")
LATE: Final = 4.32
"""Median gaps until somebody is late: of gaps that are as if by chance (exponential) with this median, one in twenty is
longer, log2(20)."""
WEIGHT: Final = 3.0
"""Gaps of a place that weigh as much as its district: nobody's rhythm is judged by one gap alone."""
LEAST_DAYS: Final = 7.0
"""Nobody is late within a week, however often they reported before."""
GRACE_DAYS: Final = 7
"""Days of a month in which the word of the month before last may still come."""
ZONE: Final = ZoneInfo(TIMEZONE)
DAY: Final = timedelta(days=1)
PLACE: Final = ("area_code", "village")
NONE: Final = (float("nan"), 0)
"""No rhythm."""


def gaps_of(days: Sequence[date]) -> np.ndarray:
    """Days between one day with a contact and the next.

    Parameters
    ----------
    days
        In any order; several contacts of a day are one.

    Returns
    -------
    numpy.ndarray
        One fewer than there are days; each at least 1.
    """
    ordered = np.array(sorted(set(days)), dtype="datetime64[D]")
    return np.diff(ordered).astype(float)


def typical_gap(gaps: np.ndarray, around: float) -> float:
    """The median gap of a place, drawn towards that of its district the more the fewer gaps there are.

    Both are averaged as logarithms, weighted by the number of gaps and `WEIGHT`: half as long and twice as long are equally
    far away. The idea is that of empirical Bayes shrinkage (Efron and Morris 1977), with a fixed weight.

    Parameters
    ----------
    gaps
        Days, each above 0; at least one.
    around
        Median gap of the district, days, above 0.
    """
    n = len(gaps)
    return float(np.exp((n * np.log(np.median(gaps)) + WEIGHT * np.log(around)) / (n + WEIGHT)))


def rhythms(days: pd.DataFrame) -> dict[tuple[str, str], tuple[float, int]]:
    """Typical gap in days of every place that has one, and on how many gaps it rests.

    Parameters
    ----------
    days
        ``area_code``, whose first four figures are the district, ``village``, ``day``.

    Returns
    -------
    dict
        By area code and village. A place with fewer than two days is missing.
    """
    found = {place: gaps_of(list(group)) for place, group in days.groupby(list(PLACE))["day"]}
    found = {place: gaps for place, gaps in found.items() if len(gaps)}
    together: dict[str, list[np.ndarray]] = {}
    for (area, _), gaps in found.items():
        together.setdefault(str(area)[:4], []).append(gaps)
    around = {code: float(np.median(np.concatenate(gaps))) for code, gaps in together.items()}
    return {
        (str(area), str(village)): (typical_gap(gaps, around[str(area)[:4]]), len(gaps))
        for (area, village), gaps in found.items()
    }


def deadline(month: date, last: datetime, gap_days: float) -> datetime:
    """Until when a place has to be heard from again.

    The earlier of two moments: each month a report or the word that there was nothing is owed, up to `GRACE_DAYS` into the
    month after; and a place that is used to tell is late after `LATE` of its gaps.

    Parameters
    ----------
    month
        First day of the last month for which something was told.
    last
        The last contact, aware.
    gap_days
        NaN where it has no rhythm yet.
    """
    number = month.year * 12 + month.month + 1  # two months on, counted from 0
    owed = pd.Timestamp(number // 12, number % 12 + 1, 1, tz=TIMEZONE).to_pydatetime() + GRACE_DAYS * DAY
    if np.isnan(gap_days):
        return owed
    return min(owed, last + max(LEAST_DAYS, LATE * gap_days) * DAY)


def never_active(last_report: datetime | None, said_at: datetime | None) -> bool:
    """Whether nobody of a place ever told anything, not even that there was nothing."""
    return last_report is None and said_at is None


def never_trained(trained: object) -> bool:
    """Whether it is known that nobody of a place was ever trained; where a district writes down no training it is not."""
    return trained is False or (isinstance(trained, np.bool_) and not trained)


def silence(places: pd.DataFrame, days: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """State of every place.

    Parameters
    ----------
    places
        Any index; ``area_code``, ``village``, ``coordinators``, ``trained`` (whether one of them was; None: not known), and aware moments or NaT ``since`` (first account),
        ``last_report``, ``said_at`` with the date ``said_month``: the last word that there was nothing.
    days
        ``area_code``, ``village``, ``channel`` (``coordinator``, ``quiet``, ``online``), ``day``: at least of the last year.
    now
        Aware.

    Returns
    -------
    pandas.DataFrame
        The same index. ``state`` of `STATES`; ``last_contact``; ``gap_days`` (NaN: none yet) and ``gaps``; ``due`` (NaT: nobody
        is there who could tell) and ``overdue_days``, negative where there is time; of its sub-district ``online_last`` (date)
        and ``online_gap_days``.
    """
    online = days[days["channel"] == "online"]
    rhythm, web = rhythms(days[days["channel"] != "online"]), rhythms(online)
    newest = online.groupby("area_code")["day"].max().to_dict()
    rows = []
    for row in places.itertuples(index=False):
        gap, n = rhythm.get((str(row.area_code), str(row.village)), NONE)
        below = str(row.area_code)[:6]
        rows.append((*_judged(row, gap, now), gap, n, newest.get(below), web.get((below, ""), NONE)[0]))
    columns = ["state", "last_contact", "due", "overdue_days", "gap_days", "gaps", "online_last", "online_gap_days"]
    found = pd.DataFrame(rows, columns=columns, index=places.index)
    for name in ("last_contact", "due"):
        found[name] = pd.to_datetime(found[name], utc=True).dt.tz_convert(TIMEZONE)
    return found


def _judged(row: Any, gap: float, now: datetime) -> tuple[str, datetime | None, datetime | None, float]:
    """State, last contact, when it is due and by how many days it is late."""
    told = None if pd.isna(row.last_report) else row.last_report
    said = None if pd.isna(row.said_at) else row.said_at
    heard = [moment for moment in (told, said) if moment is not None]
    begun = heard or ([] if pd.isna(row.since) else [row.since])
    if not begun:
        return "never", None, None, float("nan")
    last = max(begun)
    months = [] if said is None else [row.said_month]
    if told is not None or not heard:
        months.append((told or last).astimezone(ZONE).date().replace(day=1))
    due = deadline(max(months), last, gap)
    late = (now - due) / DAY
    if never_active(told, said):
        return "never", None, due, late
    if late > 0:
        return "never" if never_trained(row.trained) else "silent", last, due, late
    return "quiet" if said is not None and (told is None or said > told) else "heard", last, due, late
