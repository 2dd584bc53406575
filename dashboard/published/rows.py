"""The rows of a release, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.published.names import Names
from dashboard.spreadsheet import csv_bytes
from geo.model.release import Figures, ShownRelease

__all__ = [
    "CLASSES",
    "KindRow",
    "PlaceRow",
    "QuarterRow",
    "class_of",
    "kind_rows",
    "place_rows",
    "quarter_rows",
    "table",
]

CLASSES = (10, 20, 50, 100)
"""Where each shade of the map begins. They are the same for every quarter, so that two maps can be held side by side."""


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind of crime on the whole border; no count means that it is not shown."""

    name: str
    count: int | None


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A district, or a province with all of its border districts; with the kinds whose counts are shown."""

    name: str
    count: int | None
    kinds: tuple[KindRow, ...]
    is_province: bool


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """The whole border in a quarter."""

    name: str
    short: str
    count: int | None


def class_of(count: int | None) -> int | None:
    """Which shade, from 0; nothing where the count is not shown."""
    return None if count is None else sum(count >= begins for begins in CLASSES) - 1


def kind_rows(figures: Figures, names: Names) -> tuple[KindRow, ...]:
    """Kinds on the whole border, the most first, then those that are not shown."""
    rows = [KindRow(names.type(code), count) for code, count in zip(figures.types, figures.cells[0][1:], strict=True)]
    return tuple(sorted(rows, key=lambda row: -(row.count or 0)))


def place_rows(figures: Figures, names: Names) -> tuple[PlaceRow, ...]:
    """Each province, followed by its districts."""
    rows: list[PlaceRow] = []
    for province in figures.provinces:
        rows.append(_place(names.province(province), figures, figures.province(province), names, True))
        rows += [
            _place(names.district(code), figures, figures.district(code), names, False)
            for code in figures.districts if code.startswith(province)
        ]  # fmt: skip
    return tuple(rows)


def _place(name: str, figures: Figures, cells: Sequence[int | None], names: Names, is_province: bool) -> PlaceRow:
    kinds = [
        KindRow(names.type(code), count)
        for code, count in zip(figures.types, cells[1:], strict=True) if count is not None
    ]  # fmt: skip
    return PlaceRow(name, cells[0], tuple(sorted(kinds, key=lambda row: -(row.count or 0))), is_province)


def quarter_rows(releases: Sequence[ShownRelease], names: Names) -> tuple[QuarterRow, ...]:
    """Quarters, the first one first; those between that were not published are left out."""
    return tuple(
        QuarterRow(names.quarter(one.quarter), names.quarter_short(one.quarter), one.figures.total)
        for one in sorted(releases, key=lambda one: one.quarter)
    )


def table(release: ShownRelease, names: Names) -> bytes:
    """Every figure as a CSV: a row for each place and kind; an empty count is not shown."""
    figures = release.figures
    lines = [
        [
            "quarter",
            "version",
            "made",
            "demonstration",
            "level",
            "code",
            "place",
            "crime_type",
            "kind",
            "verified_incidents",
        ]
    ]
    head = [
        str(release.quarter),
        str(release.version),
        f"{release.made_at:%Y-%m-%d}",
        "yes" if release.is_demo else "no",
    ]
    places = [("border", "", names.say("border"), figures.cells[0])]
    places += [("province", code, names.province(code), figures.province(code)) for code in figures.provinces]
    places += [("district", code, names.district(code), figures.district(code)) for code in figures.districts]
    kinds = [("", names.say("all_types")), *((code, names.type(code)) for code in figures.types)]
    for level, code, place, cells in places:
        for (kind, kind_name), count in zip(kinds, cells, strict=True):
            lines.append([*head, level, code, place, kind, kind_name, "" if count is None else str(count)])
    return csv_bytes(lines)
