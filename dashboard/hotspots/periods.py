"""Which earlier period a period is compared with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum

from dashboard.hotspots.asked import Asked
from geo.errors import AnalysisRefused
from geo.model import IncidentFilter

__all__ = ["Comparison", "compared", "earlier_period"]


class Comparison(StrEnum):
    """The comparisons that a meeting asks for."""

    DAYS_28 = "28"
    YEAR = "year"


def compared(comparison: Comparison, last: date) -> tuple[tuple[date, date], tuple[date, date]]:
    """First and last day of the later and of the earlier period, both included, the later one ending with ``last``.

    The year to date is compared with the same days of the year before, the 29th of February with the 28th.
    """
    if comparison is Comparison.DAYS_28:
        first = last - timedelta(days=27)
        return (first, last), (first - timedelta(days=28), last - timedelta(days=28))
    first = date(last.year, 1, 1)
    leap = last.month == 2 and last.day == 29
    return (first, last), (date(last.year - 1, 1, 1), last.replace(year=last.year - 1, day=28 if leap else last.day))


def earlier_period(chosen: IncidentFilter, asked: Asked) -> IncidentFilter:
    """The filter of the earlier period: the one that was asked for, else the equally long one just before.

    Raises
    ------
    AnalysisRefused
        ``analysis.bad_period``; ``analysis.periods_overlap`` where the earlier one does not end before the later begins.
    """
    if asked.earlier is None:
        return chosen.before()
    first, last = asked.earlier
    if last < first:
        raise AnalysisRefused("analysis.bad_period", first=str(first), last=str(last))
    if last >= chosen.first:
        raise AnalysisRefused("analysis.periods_overlap", last=str(last), first=str(chosen.first))
    return replace(chosen, first=first, last=last)
