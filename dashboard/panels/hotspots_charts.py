"""Charts of the hotspot page, written as Vega-Lite itself like those of the live map: few colours, words in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]

__all__ = ["Bar", "bars", "curve", "heat"]

Spec = dict[str, Any]
FONT = "Sarabun, sans-serif"


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a group: which, in which group, how high, and what is said of it."""

    name: str
    group: str
    value: float
    said: str


def _chart(rows: list[Spec], **spec: Any) -> Spec:
    config = {"font": FONT, "background": "transparent", "view": {"stroke": None}, "padding": 2}
    return {"data": {"values": pa.Table.from_pylist(rows)}, "config": config, **spec}


def _axis(ink: str, title: str | None = None, **more: Any) -> Spec:
    return {
        "title": title, "labelColor": ink, "titleColor": ink, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": 400,
        "tickSize": 0, "domainOpacity": 0.3, "domainColor": ink, "gridOpacity": 0.2, "labelAngle": 0, "labelPadding": 5, **more,
    }  # fmt: skip


def heat(
    rows: list[Spec], across: Sequence[str], down: Sequence[str], colours: Sequence[str], ink: str, title: str,
    *, height: int, across_title: str | None = None, down_title: str | None = None, texts: bool = False,
    every: int = 1, middle: float | None = None,
) -> Spec:  # fmt: skip
    """A table whose cells are coloured by their value.

    Parameters
    ----------
    rows
        ``across``, ``down`` (labels), ``value`` (a number or nothing) and ``said`` (beside the pointer); with ``texts`` also ``text``
        and ``dark`` (whether it stands on a dark colour).
    across, down
        Labels in their order.
    every
        One of so many labels across is written.
    middle
        The value at which a diverging scale turns.
    """
    scale: Spec = {"range": list(colours), "type": "linear"} | ({"domainMid": middle} if middle is not None else {})
    named = f"indexof({list(across)!r}, datum.value) % {every} == 0 ? datum.value : ''" if every > 1 else "datum.value"
    place = {
        "x": {"field": "across", "type": "nominal", "sort": list(across),
              "axis": _axis(ink, across_title, labelExpr=named, labelOverlap=False)},
        "y": {"field": "down", "type": "nominal", "sort": list(down), "axis": _axis(ink, down_title)},
        "tooltip": [{"field": "said", "type": "nominal", "title": " "}],
    }  # fmt: skip
    cells = {
        "mark": {"type": "rect", "cornerRadius": 2, "stroke": "transparent", "strokeWidth": 2},
        "encoding": {"color": {"field": "value", "type": "quantitative", "scale": scale, "legend": None}},
    }
    written = {
        "mark": {"type": "text", "fontSize": 13, "fontWeight": 600},
        "encoding": {
            "text": {"field": "text", "type": "nominal"},
            "color": {"condition": {"test": "datum.dark", "value": "#ffffff"}, "value": "#1d2733"},
        },
    }
    return _chart(
        rows, description=title, height=height, encoding=place, layer=[cells, written] if texts else [cells]
    )  # fmt: skip


def curve(
    rows: list[Spec], ink: str, colour: str, titles: tuple[str, str], title: str, half: tuple[float, str]
) -> Spec:
    """Share of places against share of incidents, in per cent, with the place where half is reached.

    Parameters
    ----------
    rows
        ``places``, ``incidents`` (per cent).
    titles
        Of the axes across and up.
    half
        Per cent of the places, and what is said there.
    """
    at = {"places": half[0], "incidents": 50.0, "said": half[1]}
    x = {
        "field": "places",
        "type": "quantitative",
        "scale": {"domain": [0, 100]},
        "axis": _axis(ink, titles[0], tickCount=5),
    }
    y = {
        "field": "incidents",
        "type": "quantitative",
        "scale": {"domain": [0, 100]},
        "axis": _axis(ink, titles[1], tickCount=5),
    }
    point = {"data": {"values": [at]}, "encoding": {"x": x, "y": y}}
    return _chart(
        rows,
        description=title,
        height=320,
        layer=[
            {"data": {"values": [{"places": 0, "incidents": 0}, {"places": 100, "incidents": 100}]},
             "mark": {"type": "line", "strokeDash": [4, 4], "color": ink, "opacity": 0.5}, "encoding": {"x": x, "y": y}},
            {"mark": {"type": "area", "line": {"color": colour, "strokeWidth": 2.5}, "color": colour, "fillOpacity": 0.15},
             "encoding": {"x": x, "y": y}},
            {**point, "mark": {"type": "point", "filled": True, "size": 110, "color": colour, "opacity": 1}},
            {**point, "mark": {"type": "text", "align": "left", "dx": 12, "fontSize": 13, "fontWeight": 600, "color": ink},
             "encoding": {"x": x, "y": y, "text": {"field": "said"}}},
        ],
    )  # fmt: skip


def bars(
    rows: Sequence[Bar], ink: str, colours: Sequence[str], title: str, *, height: int, up: str | None = None,
    across: str | None = None, legend: bool = True,
) -> Spec:  # fmt: skip
    """Bars in groups, in the order given."""
    names, groups = list(dict.fromkeys(row.name for row in rows)), list(dict.fromkeys(row.group for row in rows))
    drawn = [{"name": row.name, "group": row.group, "value": row.value, "said": row.said} for row in rows]
    key = {"orient": "top", "title": None, "labelColor": ink, "labelFontSize": 13, "labelLimit": 320, "columns": 3}
    return _chart(
        drawn,
        description=title,
        height=height,
        mark={"type": "bar", "cornerRadiusTopLeft": 2, "cornerRadiusTopRight": 2},
        encoding={
            "x": {"field": "group", "type": "nominal", "sort": groups, "axis": _axis(ink, across, labelOverlap="greedy")},
            "xOffset": {"field": "name", "type": "nominal", "sort": names},
            "y": {"field": "value", "type": "quantitative", "axis": _axis(ink, up, tickCount=4)},
            "color": {"field": "name", "type": "nominal", "sort": names, "scale": {"domain": names, "range": list(colours)},
                      "legend": key if legend else None},
            "tooltip": [{"field": "said", "type": "nominal", "title": " "}],
        },
    )  # fmt: skip
