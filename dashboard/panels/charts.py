"""Charts in the house style: few colours, words in the reader's language, no legend where labels do.

They are written as Vega-Lite itself, for ``st.vega_lite_chart``: Altair takes longer to check a chart than all the rest
of a rerun takes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]

from dashboard.i18n.dates import number

__all__ = ["TypeBar", "WeekColumn", "by_type", "by_week", "lines_of"]

Spec = dict[str, Any]

FONT = "Sarabun, sans-serif"
LINE, BAR, GAP = 17, 7, 11
"""Heights in pixels: a line of a name, its bar, the space under it."""
TONE = 4
"""Pixels above the first line for what stands on Thai letters."""
LETTERS = 40
"""Letters of a name that fit beside each other at 13 pixels in the narrowest column of figures."""
COUNT = 48
"""Pixels kept free at the end of the bars for the counts."""


@dataclass(frozen=True, slots=True)
class TypeBar:
    """A crime type's name, its count and its colour."""

    name: str
    n: int
    colour: str


@dataclass(frozen=True, slots=True)
class WeekColumn:
    """A week's count: its Monday and its days in words, and whether the period holds all of it."""

    label: str
    period: str
    n: int
    whole: bool


def _chart(rows: list[Spec], **spec: Any) -> Spec:
    return {
        "data": {"values": pa.Table.from_pylist(rows)},  # what Streamlit would make of it in the end, by way of pandas
        "config": {
            "font": FONT, "background": "transparent", "padding": {"left": 0, "right": 2, "top": 0, "bottom": 0},
            "view": {"stroke": None},
        },
        **spec,
    }  # fmt: skip


def _words(*fields: str) -> list[Spec]:
    """What stands beside the pointer: fields of a row, without their names."""
    return [{"field": field, "type": "nominal", "title": " "} for field in fields]


def _width(text: str) -> int:
    """Letters that take room: Thai vowels and tone marks stand above and below others."""
    return sum(unicodedata.category(letter) not in {"Mn", "Me", "Cf"} for letter in text)


def lines_of(text: str, letters: int = LETTERS) -> list[str]:
    """``text`` in one line or two, broken at a space: a name is read whole or not at all.

    What is too long for two lines ends in "…" where it is drawn.
    """
    words = text.split()
    if _width(text) <= letters or len(words) < 2:
        return [" ".join(words)]
    first = 1
    while first < len(words) - 1 and _width(" ".join(words[: first + 1])) <= letters:
        first += 1
    if words[first - 1] in {"/", "-", "–"} and first > 1:  # a stroke begins the second line, it does not end the first
        first -= 1
    return [" ".join(words[:first]), " ".join(words[first:])]


def by_type(rows: Sequence[TypeBar], ink: str) -> Spec:
    """Horizontal bars, each under its own name, with its count behind it.

    Parameters
    ----------
    rows
        In the order to draw.
    ink
        Colour of text.
    """
    drawn: list[Spec] = []
    most, high = max(1, *(row.n for row in rows)), TONE
    for row in rows:
        lines = lines_of(row.name)
        bar = high + len(lines) * LINE + 1
        words = {"name": row.name, "count": number(row.n), "lines": "\n".join(lines), "colour": row.colour}
        drawn.append(words | {"share": row.n / most, "top": high, "bar": bar, "low": bar + BAR})
        high += len(lines) * LINE + BAR + GAP
    down = {"type": "quantitative", "axis": None, "scale": {"domain": [0, high], "range": [0, high], "nice": False}}
    room = {"domain": [0, 1], "range": [0, {"expr": f"width - {COUNT}"}], "nice": False}
    along = {"field": "share", "type": "quantitative", "axis": None, "scale": room}
    text = {"type": "text", "align": "left", "fontSize": 13, "color": ink}
    bars = {
        "mark": {"type": "bar", "cornerRadius": 2},
        "encoding": {
            "x": along, "x2": {"datum": 0}, "y": {"field": "bar", **down}, "y2": {"field": "low"},
            "color": {"field": "colour", "type": "nominal", "scale": None, "legend": None},
        },
    }  # fmt: skip
    names = {
        "mark": {**text, "baseline": "top", "lineHeight": LINE, "lineBreak": "\n", "limit": {"expr": "width"}},
        "encoding": {"x": {"value": 0}, "y": {"field": "top", **down}, "text": {"field": "lines", "type": "nominal"}},
    }
    counts = {
        "mark": {**text, "baseline": "middle", "dx": 6, "dy": BAR / 2, "fontWeight": 600},
        "encoding": {"x": along, "y": {"field": "bar", **down}, "text": {"field": "count", "type": "nominal"}},
    }
    return _chart(drawn, height=high, encoding={"tooltip": _words("name", "count")}, layer=[bars, names, counts])


def by_week(rows: Sequence[WeekColumn], ink: str, colour: str, title: str) -> Spec:
    """Columns of counts by week.

    Parameters
    ----------
    rows
        In time order.
    title
        What is counted, for readers of the screen's text.
    """
    drawn = [
        {
            "label": row.label,
            "period": row.period,
            "n": row.n,
            "whole": row.whole,
            "count": number(row.n),
            "order": order,
        }
        for order, row in enumerate(rows)
    ]
    weeks = {
        "title": None, "labelAngle": 0, "labelColor": ink, "labelFontSize": 11, "tickSize": 0, "labelPadding": 5,
        "domainColor": ink, "domainOpacity": 0.3, "labelOverlap": "greedy", "labelSeparation": 6,
    }  # fmt: skip
    numbers = {
        "title": None, "labelColor": ink, "tickCount": 3, "tickMinStep": 1, "gridOpacity": 0.2, "domain": False,
        "tickSize": 0, "format": "~s",
    }  # fmt: skip
    return _chart(
        drawn,
        description=title,
        height=140,
        mark={"type": "bar", "cornerRadiusTopLeft": 2, "cornerRadiusTopRight": 2, "color": colour},
        encoding={
            "x": {
                "field": "label",
                "type": "nominal",
                "sort": {"field": "order"},
                "axis": weeks,
                "scale": {"paddingInner": 0.15},
            },
            "y": {"field": "n", "type": "quantitative", "axis": numbers},
            "opacity": {"condition": {"test": "datum.whole", "value": 1.0}, "value": 0.45},
            "tooltip": _words("period", "count"),
        },
    )
