"""Where a patrol was, and the logs that files bring of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

__all__ = ["NAMED", "NEW_PATROL_AFTER", "STILL_OUT", "UNNAMED", "PatrolFix", "PatrolLog", "logs"]

NEW_PATROL_AFTER = timedelta(hours=4)
"""Where a file does not say which patrol a fix belongs to, so long a silence ends one patrol and begins the
next: longer than a meal, shorter than a night."""

STILL_OUT = timedelta(minutes=30)
"""A patrol known from its track is out while its last believable fix is younger than this."""

NAMED, UNNAMED = "patrol:", "track:"
"""How keys begin of patrols that a file names, and of those known by their first moment only."""


@dataclass(frozen=True, slots=True)
class PatrolFix:
    """One position of a patrol.

    Attributes
    ----------
    row
        Number of the row in the file.
    patrol, unit
        As the file says, cleaned; may be empty.
    agency
        Code of the agency, or nothing.
    at
        Moment, with time zone.
    lon, lat
        Degrees, WGS 84.
    track
        Which track of the file, where it has tracks.
    """

    row: int
    patrol: str
    unit: str
    agency: str | None
    at: datetime
    lon: float
    lat: float
    track: int = 0


@dataclass(frozen=True, slots=True)
class PatrolLog:
    """All fixes of one patrol in a file, in order of time, then of rows.

    Attributes
    ----------
    key
        By which the patrol is found again: what the file calls it and its unit, else its unit and its first
        moment.
    named
        Whether the file says which patrol it is.
    """

    key: str
    named: bool
    unit: str
    agency: str | None
    fixes: tuple[PatrolFix, ...]


def logs(fixes: Iterable[PatrolFix]) -> list[PatrolLog]:
    """Sort fixes into patrols; the order of the rows does not matter.

    Fixes belong together that name the same patrol and unit. Where no patrol is named, those of the same
    track and unit do, up to a silence of `NEW_PATROL_AFTER`.
    """
    together: dict[tuple[str, str, int], list[PatrolFix]] = {}
    for fix in sorted(fixes, key=lambda fix: (fix.at, fix.row)):
        together.setdefault((fix.patrol, fix.unit, 0 if fix.patrol else fix.track), []).append(fix)
    found: dict[str, list[PatrolFix]] = {}
    for (patrol, unit, _), own in sorted(together.items()):
        if patrol:
            found[f"{NAMED}{unit}:{patrol}"] = own
            continue
        for part in _parts(own):
            began = part[0].at.astimezone(UTC).isoformat()
            found.setdefault(f"{UNNAMED}{unit}:{began}", []).extend(part)
    return [_log(key, sorted(own, key=lambda fix: (fix.at, fix.row))) for key, own in found.items()]


def _log(key: str, fixes: list[PatrolFix]) -> PatrolLog:
    agency = next((fix.agency for fix in fixes if fix.agency), None)
    return PatrolLog(key, key.startswith(NAMED), fixes[0].unit, agency, tuple(fixes))


def _parts(fixes: list[PatrolFix]) -> list[list[PatrolFix]]:
    parts = [fixes[:1]]
    for before, fix in pairwise(fixes):
        if fix.at - before.at > NEW_PATROL_AFTER:
            parts.append([])
        parts[-1].append(fix)
    return parts
