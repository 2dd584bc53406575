"""An `IncidentFilter` and a `Scope` as SQL conditions with bound values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from geo.model import IncidentFilter, Scope, Status

__all__ = ["DAY_ZERO", "Counted", "Period", "codes", "counted", "incidents_by_day", "split_period"]

DAY_ZERO = date(1900, 1, 1)
"""A Monday: blocks of 7 days counted from it are ISO weeks. The same day stands in the SQL function day_block."""


def codes(chosen: IncidentFilter, scope: Scope) -> tuple[str, dict[str, Any]]:
    """Conditions on district, type, status and channel, beginning with ``and``; the period is left to the caller.

    The columns have the same names in ``incident`` and ``incident_count``.
    """
    parts: list[str] = []
    values: dict[str, Any] = {}
    for column, name, wanted in (
        ("status", "statuses", chosen.statuses),
        ("crime_type", "types", chosen.crime_types),
        ("channel", "channels", chosen.channels),
        ("district_code", "districts", chosen.districts),
    ):
        if wanted:
            parts.append(f" and {column} = any(:{name})")
            values[name] = list(wanted)
    if scope.districts is not None:
        parts.append(" and district_code = any(:scope)")
        values["scope"] = list(scope.districts)
    return "".join(parts), values


LOOKS = {
    "received": frozenset({Status.RECEIVED, Status.VERIFYING}),
    "verified": frozenset({Status.VERIFIED, Status.REFERRED, Status.CLOSED}),
}
"""States that look alike on the map; the SQL function incident_look says the same."""


_BY_DAY = "select day, zkey, district_code, crime_type, status, channel from"


def incidents_by_day(scope: Scope) -> str:
    """What to read single days from, by the name ``incident``.

    Who sees all districts has no rows of what is not verified yet but their outlines, whose key is the middle of a cell
    of level 12.
    """
    return f"({_BY_DAY} incident union all {_BY_DAY} incident_outline) incident" if scope.rough else "incident"


@dataclass(frozen=True, slots=True)
class Counted:
    """How a filter is asked of ``incident_count``.

    Attributes
    ----------
    tiers
        Block length in days -> tier.
    where, values
        Conditions, beginning with ``and``, and their bound values.
    short
        Whether only looks are kept, in the place of the status.
    """

    short: bool
    tiers: dict[int, int]
    where: str
    values: dict[str, Any]


def counted(chosen: IncidentFilter, scope: Scope) -> Counted:
    """The short form of the counts where it can answer the filter, else the full one."""
    where, values = codes(chosen, scope)
    wanted = frozenset(map(Status, chosen.statuses))
    looks = [look for look, group in LOOKS.items() if group <= wanted]
    if chosen.channels or not looks or wanted != frozenset().union(*(LOOKS[look] for look in looks)):
        return Counted(False, {7: 1, 56: 2}, where, values)
    return Counted(True, {7: 3, 56: 4}, where.replace(":statuses", ":looks"), {**values, "looks": looks})


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
