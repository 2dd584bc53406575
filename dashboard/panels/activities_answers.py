"""What stands in the fields of the form as an activity, and an activity as what stands in the fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dashboard.i18n.dates import today
from dashboard.panels.activities_heads import SEXES
from geo.errors import WatchError
from geo.ingest.coordinates import parse_place
from geo.ingest.problems import CellRefused
from geo.model.activity import Activity, ActivityKind, ActivityState, AttendeeRole, Heads, NewActivity

__all__ = ["answered", "begun"]

_SAME = (
    "title", "begins", "ends", "area_code", "village", "place", "agency", "partner_code", "partner", "reach", "baht", "baht_source",
    "score_before", "score_after", "scored", "satisfaction", "answered", "note",
)  # fmt: skip


def answered(answers: Mapping[str, Any], district: str) -> NewActivity:
    """The activity that the fields say: planned where its day is ahead, else held, unless it was cancelled.

    Raises
    ------
    WatchError
        ``activity.position``; ``activity.no_day``.
    """
    first = answers.get("first_day")
    if not isinstance(first, date):
        raise WatchError("activity.no_day")
    lon, lat = _position(str(answers.get("position") or ""))
    by_day = ActivityState.PLANNED if first > today() else ActivityState.HELD
    return NewActivity(
        **{name: answers.get(name) or None for name in _SAME if name != "title" and name not in _NUMBERS},
        **{name: answers.get(name) for name in _NUMBERS},
        title=str(answers.get("title") or ""),
        district=district,
        kind=ActivityKind(answers["kind"]),
        state=ActivityState(answers["state"]) if answers.get("state") else by_day,
        first_day=first,
        last_day=answers.get("last_day") or first,
        lon=lon,
        lat=lat,
        heads=_heads(answers),
        coordinators=tuple(answers.get("coordinators") or ()),
    )


_WORDS = ("area_code", "village", "place", "agency", "partner_code", "partner", "baht_source", "note")
"""Fields in which nothing is an empty text: a list of choices shows its first one by it."""
_NUMBERS = ("reach", "baht", "score_before", "score_after", "scored", "satisfaction", "answered")
"""Fields in which 0 says something."""


def _heads(answers: Mapping[str, Any]) -> dict[AttendeeRole, Heads]:
    """Groups of the same role are one."""
    found: dict[AttendeeRole, Heads] = {}
    for at in range(len(AttendeeRole)):
        numbers = [int(answers.get(f"{sex}_{at}") or 0) for sex in SEXES]
        if any(numbers):
            role = AttendeeRole(answers[f"role_{at}"])
            known = found.get(role, Heads())
            found[role] = Heads(known.men + numbers[0], known.women + numbers[1], known.unstated + numbers[2])
    return found


def _position(said: str) -> tuple[float | None, float | None]:
    """Degrees of a place that was typed, in any way that a spreadsheet's column may have it."""
    if not said.strip():
        return None, None
    try:
        fix = parse_place(said)
    except CellRefused as error:
        raise WatchError("activity.position", because=WatchError(error.code, **error.params)) from error
    return fix.lon, fix.lat


def begun(one: Activity) -> dict[str, Any]:
    """What the fields say of an activity."""
    what = one.what
    fields: dict[str, Any] = {name: getattr(what, name) for name in _SAME}
    for name in _WORDS:
        fields[name] = fields[name] or ""
    fields |= {
        "kind": what.kind,
        "first_day": what.first_day,
        "last_day": what.last_day if what.last_day != what.first_day else None,
        "state": str(what.state) if what.state is ActivityState.CANCELLED else "",
        "position": "" if what.lat is None else f"{what.lat:.5f}, {what.lon:.5f}",
        "coordinators": list(what.coordinators),
    }
    for at, (role, heads) in enumerate(what.heads.items()):
        fields[f"role_{at}"] = role
        fields |= {f"{sex}_{at}": getattr(heads, sex) or None for sex in SEXES}
    return fields
