"""The curve of an answer against the number of sites, as Vega-Lite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]

from dashboard.i18n import t

__all__ = ["curve_chart"]

FONT = "Sarabun, sans-serif"


def curve_chart(
    rows: Sequence[Mapping[str, Any]], here: int, ways: tuple[str, float] | None, lang: str, colours: Mapping[str, str]
) -> dict[str, Any]:
    """Coverage (per cent) or mean way against the number of new sites, with the number of the answer marked.

    Parameters
    ----------
    rows
        ``number`` with ``share``, or of a p-median ``mean``.
    here
        How many the answer has.
    ways
        Of a p-median: as `dashboard.planning.found.way_unit`.
    """
    values = [row["mean"] / ways[1] if ways else 100 * row["share"] for row in rows]
    unit = ways[0] if ways else "per_cent"
    drawn = [
        {
            "number": int(row["number"]),
            "value": float(value),
            "said": t(f"plans.curve.said_{unit}", lang, n=int(row["number"]), value=f"{value:.1f}"),
            "here": int(row["number"]) == here,
        }
        for row, value in zip(rows, values, strict=True)
    ]
    ink = colours["ink"]
    axis = {"labelColor": ink, "titleColor": ink, "titleFontWeight": 400, "domainOpacity": 0.3, "gridOpacity": 0.2}
    place = {
        "x": {"field": "number", "type": "quantitative", "axis": {**axis, "title": t("plans.curve.across", lang), "tickMinStep": 1}},
        "y": {"field": "value", "type": "quantitative", "scale": {"zero": False}, "axis": {**axis, "title": t(f"plans.curve.up_{unit}", lang)}},
        "tooltip": [{"field": "said", "type": "nominal", "title": " "}],
    }  # fmt: skip
    return {
        "data": {"values": pa.Table.from_pylist(drawn)},
        "config": {"font": FONT, "background": "transparent", "view": {"stroke": None}},
        "description": t("plans.curve.title", lang),
        "height": 190,
        "layer": [
            {"mark": {"type": "line", "color": colours["panel_faint"]}, "encoding": place},
            {"mark": {"type": "point", "filled": True, "size": 40, "color": colours["hot_line"], "opacity": 0.8}, "encoding": place},
            {"transform": [{"filter": "datum.here"}],
             "mark": {"type": "point", "filled": True, "size": 170, "color": colours["hot_line"], "opacity": 1}, "encoding": place},
        ],
    }  # fmt: skip
