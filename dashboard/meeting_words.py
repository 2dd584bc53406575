"""What a meeting's sheet says, in words: the same on the screen, on paper, on slides and in tables.

Here alone it is decided which counts are written as "1–4", in `written`. Pure; plain text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.i18n import name, t
from dashboard.i18n.dates import change, distance, number, percent
from geo.model import CrimeType
from geo.model.meeting_sheet import (
    SMALL,
    CountRow,
    Figure,
    FigureName,
    Finding,
    MeetingSheet,
    OverviewSheet,
    PlaceName,
    TopPlace,
    WeekCount,
    small_hidden,
)

__all__ = [
    "AT_LEAST",
    "HIDDEN",
    "BreakdownRow",
    "FigureWords",
    "PlaceRow",
    "alone",
    "breakdown",
    "figure_words",
    "found_words",
    "place_rows",
    "place_words",
    "week_counts",
    "written",
]

HIDDEN = "1–4"
AT_LEAST = "≥5"
"""Of a larger count that is not told because a single small one beside it would follow from the total."""


def written(counts: Sequence[int], hides: bool) -> tuple[str, ...]:
    """The counts of one breakdown as they are written, in its order.

    Parameters
    ----------
    hides
        Whether the meeting hides small counts.
    """
    if not hides:
        return tuple(map(number, counts))
    return tuple(
        number(n) if not hidden else HIDDEN if n in SMALL else AT_LEAST
        for n, hidden in zip(counts, small_hidden(counts), strict=True)
    )


def alone(n: int, hides: bool) -> str:
    """A count that is no part of a total."""
    return HIDDEN if hides and n in SMALL else number(n)


# ---------------------------------------------------------------- the five figures


@dataclass(frozen=True, slots=True)
class FigureWords:
    """A figure: its name, its value large, and the sentence under it."""

    title: str
    value: str
    under: str


def figure_words(figure: Figure, lang: str, hides: bool) -> FigureWords:
    """One of the five figures as it is shown. They are totals, which are always told."""
    detail = {key: _said(key, value, lang) for key, value in figure.detail.items()}
    if isinstance(unverified := figure.detail.get("unverified"), int):
        detail["unverified"] = alone(unverified, hides)
    return FigureWords(
        t(f"meeting.figure.{figure.name}", lang),
        _value(figure, lang),
        t(f"meeting.says.{figure.says}", lang, **detail),
    )


def _value(figure: Figure, lang: str) -> str:
    match figure.name:
        case FigureName.CHANGE:
            if figure.value is not None:
                return percent(figure.value / 100)
            now, before = figure.detail.get("now"), figure.detail.get("before")
            return change(int(now), int(before), lang) if now is not None and before is not None else "–"
        case FigureName.VERIFIED:
            return "–" if figure.value is None else f"{figure.value:.0%}"
        case FigureName.EFFORT:
            return t("meeting.hours", lang, n=number(round(figure.value or 0)))
    return "–" if figure.value is None else number(round(figure.value))


def _said(key: str, value: int | float | str | None, lang: str) -> str:
    """A value of a sentence; a percentage without its sign, as the sentence says which way."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if key == "percent":
        return f"{abs(value):.0f}%"
    return number(round(value))


# ---------------------------------------------------------------- breakdowns


@dataclass(frozen=True, slots=True)
class BreakdownRow:
    """A part of the incidents: counts and change as they are written; ``n`` and ``before`` only where they may be told.

    ``change`` is empty where a count is not told, and its class is nothing there too.
    """

    code: str
    now: str
    before: str
    change: str
    kind: str | None
    n: int | None
    n_before: int | None


def breakdown(rows: Sequence[CountRow], lang: str, hides: bool) -> tuple[BreakdownRow, ...]:
    """Types or channels of a sheet, in its order."""
    told = []
    now = written([row.now for row in rows], hides)
    before = written([row.before for row in rows], hides)
    for row, now_said, before_said in zip(rows, now, before, strict=True):
        n = row.now if now_said == number(row.now) else None
        n_before = row.before if before_said == number(row.before) else None
        both = n is not None and n_before is not None
        told.append(
            BreakdownRow(
                row.code, now_said, before_said, _changed(row, lang) if both else "", row.change if both else None, n,
                n_before,
            )
        )  # fmt: skip
    return tuple(told)


def _changed(row: CountRow, lang: str) -> str:
    return percent(row.percent / 100) if row.percent is not None else change(row.now, row.before, lang)


def week_counts(weeks: Sequence[WeekCount], hides: bool) -> tuple[str, ...]:
    """The count of each week as it is written."""
    return written([week.n for week in weeks], hides)


# ---------------------------------------------------------------- places


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One of the top places: ``n`` only where it may be told."""

    rank: int
    place: str
    count: str
    n: int | None
    main_type: str
    signs: tuple[str, ...]


def place_rows(top: Sequence[TopPlace], types: Mapping[str, CrimeType], lang: str, hides: bool) -> tuple[PlaceRow, ...]:
    """The top places. They are no whole, so that a small count does not follow from the others."""
    rows = []
    for one in top:
        count = alone(one.n, hides)
        signs = [t(f"meeting.gi.{one.gi}", lang)] if one.gi else []
        if one.emerging != "no_pattern":
            signs.append(t(f"meeting.emerging.{one.emerging}", lang))
        rows.append(
            PlaceRow(
                one.rank, place_words(one.place, lang), count, one.n if count == number(one.n) else None,
                _type(one.main_type, types, lang), tuple(signs),
            )
        )  # fmt: skip
    return tuple(rows)


def place_words(place: PlaceName | None, lang: str) -> str:
    """Where a spot is, by the nearest known place: ``ห่างจากท่าเรือหนองคาย 1.2 กม.``"""
    if place is None:
        return t("meeting.place.unknown", lang)
    called = t(f"meeting.place.{place.kind}", lang, name=name(place, lang) or place.code)
    return (
        t("meeting.place.away", lang, place=called, distance=distance(place.metres, lang)) if place.metres else called
    )


# ---------------------------------------------------------------- what changed


def found_words(
    sheet: MeetingSheet | OverviewSheet, types: Mapping[str, CrimeType], lang: str, hides: bool
) -> tuple[str, ...]:
    """What changed, one sentence each. Counts of a type are written as they are in its breakdown."""
    rows = {row.code: row for row in breakdown(sheet.by_type, lang, hides)}
    return tuple(_found(one, rows, types, lang) for one in sheet.found)


def _found(one: Finding, rows: Mapping[str, BreakdownRow], types: Mapping[str, CrimeType], lang: str) -> str:
    said = {key: _said(key, value, lang) for key, value in one.detail.items()}
    code = one.detail.get("crime_type")
    if isinstance(code, str):
        said["type"] = _type(code, types, lang)
        if (row := rows.get(code)) is not None:
            said |= {"n": row.now, "before": row.before}
    found = t(f"meeting.found.{one.code}", lang, **said)
    if one.place is None:
        return found
    return t("meeting.found_near", lang, found=found, place=place_words(one.place, lang))


def _type(code: str, types: Mapping[str, CrimeType], lang: str) -> str:
    return name(types[code], lang) if code in types else code
