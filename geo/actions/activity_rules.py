"""What an activity has to be like before it is written: cleaned words, days and clocks that fit, figures within reason."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import Any

from geo.actions.case_history import StepRefused
from geo.errors import WatchError
from geo.ingest.text import clean
from geo.model.activity import ABROAD, LONGEST, ActivityState, Heads, NewActivity

__all__ = ["MOST_BAHT", "MOST_HEADS", "MOST_REACH", "checked"]

LONGEST_DAYS = 366
MOST_HEADS, MOST_REACH, MOST_BAHT = 100_000, 100_000_000, 1e9
"""More than this is a slip of the finger."""
SCORES, STARS = (0.0, 100.0), (1.0, 5.0)


def checked(new: NewActivity, today: date) -> NewActivity:
    """The activity as it is kept; without roles of whom nobody came.

    Parameters
    ----------
    today
        The day in Asia/Bangkok: what was held lies not ahead of it.

    Raises
    ------
    StepRefused
        ``activity.…``: ``no_title``, ``too_long``, ``days``, ``clock``, ``held_ahead``, ``needs_partner``, ``half_place``,
        ``number``, ``half_score``, ``half_satisfaction``.
    """
    kept: dict[str, Any] = {name: _words(new, name) for name in ("village", "place", "partner", "baht_source", "note")}
    title = _words(new, "title")
    if title is None:
        raise StepRefused("activity.no_title")
    if not 0 <= (new.last_day - new.first_day).days <= LONGEST_DAYS:
        raise StepRefused("activity.days")
    _clock(new)
    if new.state is ActivityState.HELD and new.first_day > today:
        raise StepRefused("activity.held_ahead")
    if new.kind in ABROAD and not (new.partner_code or kept["partner"]):
        raise StepRefused("activity.needs_partner")
    if (new.lon is None) != (new.lat is None):
        raise StepRefused("activity.half_place")
    _figures(new)
    heads = {role: one for role, one in new.heads.items() if one.total}
    return replace(new, title=title, heads=heads, coordinators=tuple(sorted(set(new.coordinators))), **kept)


def _words(new: NewActivity, name: str) -> str | None:
    said = clean(getattr(new, name) or "", lines=name == "note")
    if len(said) > LONGEST[name]:
        raise StepRefused("activity.too_long", field=_field(name), most=LONGEST[name])
    return said or None


def _field(name: str) -> WatchError:
    """What a field is called, in the reader's language."""
    return WatchError(f"activity.field.{name}")


def _clock(new: NewActivity) -> None:
    if new.ends is None:
        return
    if new.begins is None or (new.first_day == new.last_day and new.ends <= new.begins):
        raise StepRefused("activity.clock")


def _figures(new: NewActivity) -> None:
    _within(new, "reach", (0, MOST_REACH))
    _within(new, "baht", (0, MOST_BAHT))
    _within(new, "score_before", SCORES)
    _within(new, "score_after", SCORES)
    _within(new, "scored", (1, MOST_HEADS))
    _within(new, "satisfaction", STARS)
    _within(new, "answered", (1, MOST_HEADS))
    for one in new.heads.values():
        _counted(one)
    if len({value is None for value in (new.score_before, new.score_after, new.scored)}) > 1:
        raise StepRefused("activity.half_score")
    if (new.satisfaction is None) != (new.answered is None):
        raise StepRefused("activity.half_satisfaction")


def _within(new: NewActivity, name: str, limits: tuple[float, float]) -> None:
    value = getattr(new, name)
    if value is not None and not (math.isfinite(value) and limits[0] <= value <= limits[1]):
        raise StepRefused("activity.number", field=_field(name), least=f"{limits[0]:,.0f}", most=f"{limits[1]:,.0f}")


def _counted(one: Heads) -> None:
    if any(not 0 <= n <= MOST_HEADS for n in (one.men, one.women, one.unstated)):
        raise StepRefused("activity.number", field=_field("heads"), least="0", most=f"{MOST_HEADS:,}")
