"""When incidents happen: by hour and weekday, and by week of the year."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from dashboard.hotspots.answer import Answer
from dashboard.hotspots.asked import Asked
from dashboard.hotspots.material import Material, Watch
from dashboard.hotspots.telling import few
from geo.analysis.time_patterns import by_hour_and_weekday, by_week
from geo.errors import AnalysisRefused
from geo.ingest.points import EPOCH

__all__ = ["when"]


def when(material: Material, asked: Asked, watch: Watch) -> Answer:
    """Incidents by weekday (1 Monday) and hour; rows: ``weekday``, ``hour``, ``count``, all 168 of them.

    Those of which only the day is known are told apart (``without_hour``); of a file, those with a date alone. The summary's
    ``weeks`` are ``{year, week, count}`` of the ISO calendar, from the first week to the last, zeros too.
    """
    incidents = material.incidents
    assert incidents.t is not None
    if not incidents.dated:
        raise AnalysisRefused("analysis.needs_dates", method="when")
    moments = pd.Series(EPOCH + pd.to_timedelta(np.round(incidents.t * 86_400), unit="s"))
    day_only = incidents.t % 1 == 0 if incidents.day_only is None else incidents.day_only
    table, without = by_hour_and_weekday(moments, day_only)
    rows = pd.DataFrame(
        {
            "weekday": np.repeat(table.index.to_numpy(), table.shape[1]),
            "hour": np.tile(table.columns.to_numpy(), table.shape[0]),
            "count": table.to_numpy().ravel(),
        }
    )
    summary = {
        "method": "when",
        "n": len(incidents),
        "without_hour": without,
        "weeks": _weeks(moments),
    }
    return Answer(summary, rows, placed=False, remarks=few(incidents))


def _weeks(moments: pd.Series[pd.Timestamp]) -> list[dict[str, int]]:
    table = by_week(moments)
    listed = [
        {"year": int(year), "week": week, "count": int(counts[week - 1])}
        for year, counts in zip(table.index.to_numpy(), table.to_numpy(), strict=True)
        for week in range(1, date(int(year), 12, 28).isocalendar().week + 1)
    ]
    some = [number for number, one in enumerate(listed) if one["count"]]
    return listed[some[0] : some[-1] + 1]
