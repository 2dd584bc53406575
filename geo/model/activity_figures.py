"""What activities add up to, and the four things that the national centre aims at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from geo.model.activity import ActivityKind, AttendeeRole, Heads

__all__ = ["ActivityTotals", "Figure", "Indicator", "Target", "quarter_of", "quarters_back", "target_of"]


class Indicator(StrEnum):
    """What is aimed at in each quarter."""

    TRAINED_VILLAGES = "trained_villages"
    """Of villages and sub-districts with a coordinator those whose coordinator was trained, per cent."""
    PEOPLE_REACHED = "people_reached"
    """People who came to something."""
    PLACES_HEARD = "places_heard"
    """Of sub-districts with a coordinator those that reported or said there was nothing, per cent."""
    HOURS_TO_VERIFY = "hours_to_verify"
    """Median hours until a report that proved true was verified; the only one of which less is better."""

    @property
    def is_share(self) -> bool:
        """Whether it is a part of something, per cent."""
        return self in {Indicator.TRAINED_VILLAGES, Indicator.PLACES_HEARD}

    @property
    def less_is_better(self) -> bool:
        """Whether one stays under the target."""
        return self is Indicator.HOURS_TO_VERIFY


@dataclass(frozen=True, slots=True)
class ActivityTotals:
    """What was held in a period.

    Attributes
    ----------
    by_kind
        How many of each kind; kinds of which there was none are not there.
    heads, by_role
        Who came, in all and by what they do. Whoever came twice counts twice.
    reach
        Views and listeners as they were told; not people who came.
    baht
        Money spent, as far as it was noted.
    score_before, score_after, scored
        Means of tests before and after, weighted by the number who took them; nothing where nobody did.
    satisfaction, answered
        Mean from 1 to 5, weighted by the number who answered; nothing where nobody did.
    watched, trained
        Villages and sub-districts that have a coordinator, and those of them whose coordinator was trained by the last day;
        of the districts that the reader may count.
    follow_ups, follow_ups_done
        What was to be done after these activities, and what of it is done.
    """

    by_kind: Mapping[ActivityKind, int]
    heads: Heads
    by_role: Mapping[AttendeeRole, Heads]
    reach: int
    baht: float
    score_before: float | None
    score_after: float | None
    scored: int
    satisfaction: float | None
    answered: int
    watched: int
    trained: int
    follow_ups: int
    follow_ups_done: int

    @property
    def total(self) -> int:
        """How many activities were held."""
        return sum(self.by_kind.values())


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator of a district in a quarter.

    Attributes
    ----------
    value
        Nothing where there is nothing to measure: no coordinator, no verified report.
    part, whole
        Of a share; ``part`` alone of a count. ``whole`` of hours is the number of reports that they are the median of.
    target
        Nothing where none was set.
    """

    value: float | None
    part: int | None
    whole: int | None
    target: float | None

    def meets(self, indicator: Indicator) -> bool | None:
        """Whether the target is met; nothing where there is no target or nothing to measure."""
        if self.value is None or self.target is None:
            return None
        return self.value <= self.target if indicator.less_is_better else self.value >= self.target


@dataclass(frozen=True, slots=True)
class Target:
    """What is aimed at from a quarter on; without a district for all that have none of their own."""

    indicator: Indicator
    district: str | None
    since: date
    value: float


def quarter_of(day: date) -> tuple[date, date]:
    """First and last day of the quarter of the year that a day lies in."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return first, (first + timedelta(days=95)).replace(day=1) - timedelta(days=1)


def quarters_back(day: date, n: int) -> tuple[tuple[date, date], ...]:
    """The quarter of a day and those before it, the latest first; ``n`` of them."""
    found = [quarter_of(day)]
    while len(found) < n:
        found.append(quarter_of(found[-1][0] - timedelta(days=1)))
    return tuple(found)


def target_of(targets: tuple[Target, ...], indicator: Indicator, district: str, first: date) -> float | None:
    """The target in force in a quarter: the district's own before the one for all, of each the latest."""
    fit = [
        one for one in targets if one.indicator is indicator and one.since <= first and one.district in (None, district)
    ]
    return max(fit, key=lambda one: (one.district is not None, one.since)).value if fit else None
