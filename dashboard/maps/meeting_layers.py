"""What is drawn on a sheet's map in the meeting: numbers, codes and our own words, never text of a person."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from dashboard.geojson_lines import lines_of
from dashboard.i18n import name, t
from dashboard.maps.palette import OTHER_TYPE
from geo.model import CrimeType
from geo.model.meeting import MeetingLayer
from geo.model.meeting_sheet import BorderLine, HexagonCell, MeetingSheet, Outline, OverviewSheet, SheetMap

__all__ = ["bounds", "jumps", "outlined", "sheet_layers"]

MOST_TYPES = 4
"""Types with a colour of their own in one map; the rest is "other"."""
FEW_CIRCLES = 12
"""More circles are drawn smaller."""
WHOLE = 12
"""Letters of a type's name that say it without what stands behind a stroke: "Drug trafficking", but not "Vehicle"."""
NO_PATTERN = "no_pattern"
GI = {
    3: ("#9c1c16", "#ff6f5e"),
    2: ("#d9573b", "#d9573b"),
    1: ("#f2a983", "#9a4f3c"),
    0: ("#c9c6bd", "#39434c"),
    -1: ("#b5cfe3", "#35566f"),
    -2: ("#6d9cc4", "#5185ad"),
    -3: ("#2c6496", "#8cc0ea"),
}
"""Colours by day and night: hot is red, cold is blue, told apart by those who see no red from green too."""
EMERGING = {
    "hot_new": ("#c2185b", "#ff6fa8"),
    "hot_consecutive": ("#d9573b", "#ff8d72"),
    "hot_intensifying": ("#7f0d0a", "#ffb09f"),
    "hot_persistent": ("#9c4a1c", "#d98a52"),
    "hot_diminishing": ("#e0a13a", "#e5b65e"),
    "hot_sporadic": ("#c9a24b", "#bfa05a"),
    "hot_oscillating": ("#8a6fb0", "#b79fd8"),
    "hot_historical": ("#8d8578", "#8f9aa3"),
}
COLD = ("#4a7fb0", "#6fa6d6")
SURE = {3: "99%", 2: "95%", 1: "90%"}
Classes = list[dict[str, str]]


def bounds(drawn: SheetMap) -> list[list[float]] | None:
    """South-west and north-east corner (latitude, longitude); nothing where the box is no box."""
    west, south, east, north = drawn.box
    if not all(map(math.isfinite, drawn.box)) or west >= east or south >= north:
        return None
    return [[south, west], [north, east]]


def _rings(outlines: Sequence[Outline | BorderLine]) -> list[list[list[float]]]:
    """Rings and lines of shapes as pairs of latitude and longitude."""
    return [
        [[round(float(at[1]), 5), round(float(at[0]), 5)] for at in line]
        for one in outlines
        for line in lines_of(one.geometry)
    ]


def sheet_layers(
    drawn: SheetMap, wanted: Collection[MeetingLayer], types: Mapping[str, CrimeType], lang: str
) -> list[dict[str, Any]]:
    """The layers that were chosen for the meeting, the lowest first."""
    layers: list[dict[str, Any]] = []
    if MeetingLayer.HOT in wanted:
        layers += _hot(drawn.hexagons, lang, all_cells=MeetingLayer.INCIDENTS not in wanted)
    if MeetingLayer.EMERGING in wanted and any(one.emerging != NO_PATTERN for one in drawn.hexagons):
        layers.append(_emerging(drawn.hexagons, lang, outline=MeetingLayer.HOT in wanted))
    if MeetingLayer.UNVERIFIED in wanted and drawn.unverified:
        most = max(one.n for one in drawn.unverified)
        layers.append({
            "kind": "rings", "title": None, "label": t("meeting_screen.legend.unverified", lang),
            "at": [[one.lon, one.lat, round(6 + 16 * math.sqrt(one.n / most), 1)] for one in drawn.unverified],
        })  # fmt: skip
    if MeetingLayer.INCIDENTS in wanted and drawn.points:
        layers.append(_points(drawn, types, lang))
    signs = {
        MeetingLayer.CROSSINGS: [[one.lon, one.lat] for one in drawn.crossings],
        MeetingLayer.CHECKPOINTS: [[one.lon, one.lat] for one in drawn.checkpoints if one.status == "active"],
    }
    for what, at in signs.items():
        if what in wanted and at:
            label = t(f"meeting_screen.legend.{what}", lang)
            layers.append({"kind": "symbols", "sign": what.value[:-1], "label": label, "at": at})
    return layers


def _ring(cell: HexagonCell) -> list[list[float]]:
    return [[round(lat, 5), round(lon, 5)] for lon, lat in cell.ring]


def _hot(cells: Sequence[HexagonCell], lang: str, *, all_cells: bool) -> Iterator[dict[str, Any]]:
    """Hot cells and cold ones, a row of the legend each; and those that only have incidents, where no points show them."""
    groups: dict[str, tuple[int, ...]] = {"hot": (3, 2, 1), "cold": (-3, -2, -1), "some": (0,)}
    for group, degrees in groups.items():
        present = [gi for gi in degrees if any(one.gi == gi for one in cells)]
        if not present or (group == "some" and not all_cells):
            continue
        at = {gi: number for number, gi in enumerate(present)}
        labels = {gi: SURE.get(abs(gi)) or t("meeting_screen.legend.some", lang) for gi in present}
        yield {
            "kind": "shapes", "title": None if group == "some" else t(f"meeting_screen.legend.{group}", lang),
            "in_a_row": True, "classes": [_class(GI[gi], labels[gi]) for gi in present],
            "shapes": [[at[one.gi], _ring(one)] for one in cells if one.gi in at], "opacity": 0.62,
        }  # fmt: skip


def _emerging(cells: Sequence[HexagonCell], lang: str, *, outline: bool) -> dict[str, Any]:
    shown = [one for one in cells if one.emerging != NO_PATTERN]
    order = [*EMERGING, *sorted({one.emerging for one in shown} - EMERGING.keys())]
    present = [code for code in order if any(one.emerging == code for one in shown)]
    at = {code: number for number, code in enumerate(present)}
    return {
        "kind": "shapes", "outline": outline,
        "title": t("meeting_screen.legend.emerging_line", lang) if outline else None,
        "classes": [_class(EMERGING.get(code, COLD), t(f"meeting.emerging.{code}", lang)) for code in present],
        "shapes": [[at[one.emerging], _ring(one)] for one in shown], "opacity": 0 if outline else 0.62,
    }  # fmt: skip


def _points(drawn: SheetMap, types: Mapping[str, CrimeType], lang: str) -> dict[str, Any]:
    totals: dict[str, int] = {}
    for one in drawn.points:
        totals[one.crime_type] = totals.get(one.crime_type, 0) + one.n
    own = sorted((code for code in totals if code in types and types[code].colour), key=lambda code: -totals[code])
    own = own[:MOST_TYPES]
    at = {code: number for number, code in enumerate(own)}
    classes: Classes = [
        _class((types[code].colour or OTHER_TYPE,) * 2, _short(name(types[code], lang))) for code in own
    ]
    if len(own) < len(totals):
        classes.append(_class((OTHER_TYPE, OTHER_TYPE), t("meeting_screen.legend.other", lang)))
    return {
        "kind": "points", "title": t("meeting_screen.legend.incidents", lang), "classes": classes,
        "at": [[one.lon, one.lat, at.get(one.crime_type, len(own))] for one in drawn.points],
    }  # fmt: skip


def _class(colours: tuple[str, str], label: str) -> dict[str, str]:
    return {"day": colours[0], "night": colours[1], "label": label}


def _short(label: str) -> str:
    """A type's name without what stands in brackets behind it, nor its second half where the first says enough."""
    label = label.partition(" (")[0]
    first = label.partition(" / ")[0]
    return first if len(first) >= WHOLE else label


def jumps(overview: OverviewSheet, screens: Mapping[str, int], lang: str) -> list[dict[str, Any]]:
    """A circle for each district of the overview, as large as its count, that leads to its screen."""
    where = {one.code: one for one in overview.map.districts}
    totals = {row.district: round(row.figures[0].value or 0) for row in overview.rows}
    most = max(totals.values(), default=0) or 1
    small = 1.0 if len(totals) <= FEW_CIRCLES else 0.7
    sizes = {code: round(small * (0.7 + 2.3 * math.sqrt(n / most)), 2) for code, n in totals.items()}
    return [
        {
            "lat": where[code].lat,
            "lon": where[code].lon,
            "screen": screens[code],
            "text": f"{n:,}" if sizes[code] >= _room(f"{n:,}") else "",
            "name": name(where[code], lang),
            "size": sizes[code],
        }
        for code, n in totals.items()
        if code in where and code in screens and where[code].lat is not None
    ]


def _room(figure: str) -> float:
    """Width of the circle that a figure has room in, by the height of its letters."""
    return 0.25 + sum(0.57 if one.isdigit() else 0.3 for one in figure)


def outlined(sheet: MeetingSheet | OverviewSheet) -> dict[str, Any]:
    """The frozen lines of a sheet: its districts, and the border as the one heavy line, dashed where it is not agreed."""
    agreed = [one for one in sheet.map.border if not one.undetermined]
    open_ = [one for one in sheet.map.border if one.undetermined]
    return {"districts": _rings(sheet.map.districts), "border": _rings(agreed), "undetermined": _rings(open_)}
