"""When: by hour and weekday, and by week of the year."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.crs import TIMEZONE
from geo.errors import AnalysisRefused

__all__ = ["by_hour_and_weekday", "by_week"]


def by_hour_and_weekday(
    when: pd.Series[pd.Timestamp], day_only: npt.ArrayLike | None = None
) -> tuple[pd.DataFrame, int]:
    """Incidents by weekday and hour in Asia/Bangkok.

    Parameters
    ----------
    when
        Aware moments, or local ones without a zone.
    day_only
        True where only the day is known, shape (n,): those have no hour.

    Returns
    -------
    table, without_hour
        Rows 1 (Monday) to 7, columns 0 to 23; and how many have no hour. Together they are all incidents.

    Raises
    ------
    AnalysisRefused
        ``analysis.lengths_differ``, ``analysis.not_finite`` where a moment is missing.
    """
    local = _local(when)
    hourless = np.zeros(len(local), dtype=np.bool_) if day_only is None else np.asarray(day_only, dtype=np.bool_)
    if len(hourless) != len(local):
        raise AnalysisRefused("analysis.lengths_differ", name="day_only", n=len(hourless), expected=len(local))
    known = local[~hourless]
    at = known.day_of_week.to_numpy() * 24 + known.hour.to_numpy()
    table = np.bincount(at.astype(np.int64), minlength=168).reshape(7, 24)
    frame = pd.DataFrame(table, index=pd.RangeIndex(1, 8, name="weekday"), columns=pd.RangeIndex(24, name="hour"))
    return frame, int(hourless.sum())


def by_week(when: pd.Series[pd.Timestamp]) -> pd.DataFrame:
    """Incidents by ISO week in Asia/Bangkok: rows years (of the ISO calendar), columns weeks 1 to 53."""
    week = _local(when).isocalendar()
    table = pd.crosstab(week.year.to_numpy(), week.week.to_numpy()) if len(week) else pd.DataFrame()
    table = table.reindex(columns=range(1, 54), fill_value=0).rename_axis(index="year", columns="week")
    return table.astype(np.int64)


def _local(when: pd.Series[pd.Timestamp]) -> pd.DatetimeIndex:
    moments = pd.DatetimeIndex(when)
    if moments.hasnans:
        missing = np.asarray(moments.isna())
        raise AnalysisRefused("analysis.not_finite", name="t", row=int(missing.argmax()) + 1, count=int(missing.sum()))
    return moments if moments.tz is None else moments.tz_convert(TIMEZONE)
