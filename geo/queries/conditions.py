"""An `IncidentFilter` and a `Scope` as SQL conditions with bound values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from geo.model import IncidentFilter, Scope, Status

__all__ = ["DAY_ZERO", "Part", "Period", "codes", "counted", "incidents_by_day", "levels", "split_period"]

DAY_ZERO = date(1900, 1, 1)
"""A Monday: blocks of 7 days counted from it are ISO weeks. The same day stands in the SQL function day_block."""


def codes(chosen: IncidentFilter, scope: Scope) -> tuple[str, dict[str, Any]]:
    """Conditions on district, type, status and channel, beginning with ``and``; the period is left to the caller.

    The columns have the same names in ``incident`` and ``incident_count``.
    """
    where, values = _others(chosen, scope)
    return where + _statuses(_wanted(chosen), values, "statuses"), values


def _others(chosen: IncidentFilter, scope: Scope) -> tuple[str, dict[str, Any]]:
    parts: list[str] = []
    values: dict[str, Any] = {}
    for column, name, wanted in (
        ("crime_type", "types", chosen.crime_types),
        ("channel", "channels", chosen.channels),
        ("district_code", "districts", chosen.districts),
    ):
        if len(wanted) == 1:  # for a million rows it matters that no array is taken apart
            parts.append(f" and {column} = :{name}")
            values[name] = wanted[0]
        elif wanted:
            parts.append(f" and {column} = any(:{name})")
            values[name] = list(wanted)
    if scope.districts is not None:
        parts.append(" and district_code = any(:scope)")
        values["scope"] = list(scope.districts)
    return "".join(parts), values


def _wanted(chosen: IncidentFilter) -> frozenset[Status]:
    return frozenset(map(Status, chosen.statuses)) or frozenset(Status)


def _statuses(wanted: frozenset[Status], values: dict[str, Any], name: str) -> str:
    """The condition that is soonest told: one or two states that are not wanted are faster than many that are."""
    unwanted = frozenset(Status) - wanted
    if len(unwanted) > 2:
        values[name] = sorted(str(status) for status in wanted)
        return f" and status = any(:{name})"
    return "".join(f" and status <> '{status}'" for status in sorted(unwanted))


_BY_DAY = "select day, zkey, district_code, crime_type, status, channel from"


def incidents_by_day(scope: Scope) -> str:
    """What to read single days from, by the name ``incident``.

    Who sees all districts has no rows of what is not verified yet but their outlines, whose key is the middle of a cell
    of level 12.
    """
    return f"({_BY_DAY} incident union all {_BY_DAY} incident_outline) incident" if scope.rough else "incident"


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of the counts: the states that each of its looks stands for, its tier for each length of block in days,
    and the lengths that each level has. The SQL view incident_count_level says the same."""

    looks: dict[str, frozenset[Status]]
    tiers: dict[int, int]
    levels: dict[int, tuple[int, ...]]


ALL = _Form({}, {7: 1, 56: 2}, {9: (7, 56), 12: (7, 56), 14: (56,)})
SHOWN = _Form(
    {
        "received": frozenset({Status.RECEIVED, Status.VERIFYING}),
        "verified": frozenset({Status.VERIFIED, Status.REFERRED, Status.CLOSED}),
    },
    {1: 7, 7: 3, 56: 4},
    {9: (1, 7, 56), 12: (1, 7, 56), 14: (7, 56), 16: (56,)},
)
REFUTED = _Form(
    {status: frozenset({status}) for status in (Status.UNFOUNDED, Status.DUPLICATE)},
    {7: 5, 56: 6},
    {9: (7, 56), 12: (7, 56), 14: (56,)},
)


def _forms(chosen: IncidentFilter) -> list[_Form]:
    """The short forms of the counts where they can answer a filter, else the full one."""
    wanted, short = _wanted(chosen), []
    for form in (SHOWN, REFUTED):
        looks = [group for group in form.looks.values() if group <= wanted]
        if looks:
            short.append(form)
        wanted -= frozenset().union(*looks)
    return [ALL] if wanted or chosen.channels else short


def levels(chosen: IncidentFilter) -> list[int]:
    """Levels of the counts that a filter can be asked at, coarsest first."""
    return sorted(set.intersection(*(set(form.levels) for form in _forms(chosen))))


@dataclass(frozen=True, slots=True)
class Part:
    """Where a part of what a filter keeps is read.

    Attributes
    ----------
    length
        Days in a block of ``incident_count``; None: from ``incident``.
    where
        Conditions on that table, with bound values.
    status
        What the part says of the status: the column, or the look in its place.
    """

    length: int | None
    where: str
    status: str


def counted(chosen: IncidentFilter, scope: Scope, level: int, longest: int = 56) -> tuple[list[Part], dict[str, Any]]:
    """The parts that together hold what a filter keeps exactly once, and their bound values.

    Parameters
    ----------
    level
        One of ``levels(chosen)``.
    longest
        No block is longer than this, in days.
    """
    others, values = _others(chosen, scope)
    parts = []
    for form in _forms(chosen):
        lengths = tuple(days for days in form.levels[level] if days <= longest)
        period = split_period(chosen.first, chosen.last, lengths)
        if form is ALL:
            mark, status = "all", "status"
            kept = known = _statuses(_wanted(chosen), values, "statuses")
        else:
            mark, status = next(iter(form.looks)), "incident_look(status)"
            looks = [look for look, group in form.looks.items() if group <= _wanted(chosen)]
            known = _statuses(frozenset().union(*(form.looks[look] for look in looks)), values, f"{mark}_statuses")
            kept = "" if len(looks) == len(form.looks) else f" and status = '{looks[0]}'"
        for length, numbers in period.blocks.items():
            values[f"{mark}{length}"] = numbers
            tier = f"level = {level} and tier = {form.tiers[length]}"
            parts.append(Part(length, f"{tier} and block = any(:{mark}{length}){others}{kept}", "status"))
        if period.days:
            values[f"{mark}_days"] = period.days
            parts.append(Part(None, f"day = any(:{mark}_days){others}{known}", status))
    return parts, values


class Period:
    """A period taken apart into whole blocks of days, longest first, and the single days that are left.

    Attributes
    ----------
    blocks
        Block length in days -> numbers of the blocks that lie wholly inside.
    days
        Days in no block.
    """

    def __init__(self, blocks: dict[int, list[int]], days: list[date]) -> None:
        self.blocks = blocks
        self.days = days


def split_period(first: date, last: date, lengths: tuple[int, ...]) -> Period:
    """Cover ``first`` to ``last``, both included, exactly once with blocks of the given lengths and single days.

    Parameters
    ----------
    lengths
        Block lengths in days, in any order, each a multiple of the next shorter one; may be empty.
    """
    spans = [((first - DAY_ZERO).days, (last - DAY_ZERO).days + 1)]
    blocks: dict[int, list[int]] = {}
    for length in sorted(lengths, reverse=True):
        left: list[tuple[int, int]] = []
        for start, end in spans:
            low, high = -(-start // length), end // length
            if low < high:
                blocks.setdefault(length, []).extend(range(low, high))
                left += [(start, low * length), (high * length, end)]
            else:
                left.append((start, end))
        spans = left
    days = [DAY_ZERO + timedelta(days=d) for start, end in spans for d in range(start, end)]
    return Period(blocks, days)
