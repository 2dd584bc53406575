"""Is it new: how hot spots develop, clusters of the last weeks, and whether incidents repeat near by."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from dashboard import session
from dashboard.hotspots.answer import Answer
from dashboard.i18n import t
from dashboard.i18n.dates import distance, number, period
from dashboard.maps import computed
from dashboard.maps.computed import Classes
from dashboard.maps.palette import DIVERGING, EMERGING, palette
from dashboard.panels import hotspots_charts
from dashboard.panels.hotspots_how import finding
from dashboard.panels.hotspots_list import count_column, listed, text_column
from dashboard.panels.hotspots_places import areas_of, boxes_around, named, named_at
from dashboard.panels.hotspots_view import Picture, View
from dashboard.panels.hotspots_where import SHOWN, legend_of, shade
from geo.analysis.emerging import KINDS

__all__ = [
    "SURE", "beside_emerging", "beside_recent", "beside_repeats", "emerging", "recent", "repeats", "repeats_chart",
]  # fmt: skip

SIGNS = {
    "new": "★", "consecutive": "»", "intensifying": "▲", "persistent": "●", "diminishing": "▼", "sporadic": "∴",
    "oscillating": "~", "historical": "○",
}  # fmt: skip
HOT = tuple(f"hot_{kind}" for kind in KINDS)
COLD = tuple(f"cold_{kind}" for kind in KINDS)
SURE = 0.05
CORNERS = 48
NEWS = ("hot_new", "hot_consecutive", "hot_intensifying")
"""What a meeting should look at first."""


# ---------------------------------------------------------------- emerging


def _kinds(view: View, present: tuple[str, ...]) -> Classes:
    lang = view.lang
    return Classes(
        t("hotspots_page.legend.emerging", lang),
        tuple(t(f"hotspots_page.emerging.{kind}", lang) for kind in present),
        tuple(EMERGING[shade(view)][kind] for kind in present),
        tuple(SIGNS[kind.split("_", 1)[1]] for kind in present),
        t("hotspots_page.legend.emerging_note", lang),
    )


def emerging(view: View, answer: Answer) -> Picture:
    """Hexagons that follow a pattern, each with the sign of its class."""
    shapes, kind = answer.shapes_in_degrees(), answer.rows["class"].to_numpy()
    assert shapes is not None
    present = tuple(one for one in HOT + COLD if (kind == one).any())
    kinds, rows = _kinds(view, present), np.flatnonzero(np.isin(kind, present))
    place = [present.index(one) for one in kind[rows]]
    drawn: dict[str, Any] = {
        "areas": computed.areas(shapes[rows], place, kinds, answer.rows["count"].to_numpy()[rows].tolist()),
        "labels": list(kinds.labels),
        "count": t("hotspots_page.count", view.lang, n="{n}"),
        "legend": legend_of(view, kinds, [place.count(at) for at in range(len(present))]),
    }
    areas = _areas(answer)
    if len(areas) and answer.plane is not None:
        lon, lat = answer.plane.degrees(areas["x"].astype(float), areas["y"].astype(float))
        drawn["marks"] = computed.marks(lon, lat, session.asked_box()[1])
    return Picture(computed=drawn, boxes=boxes_around(answer, areas["rows"].tolist()))


def _areas(answer: Answer) -> pd.DataFrame:
    """Touching hexagons of one hot class put together: what is new or growing first, then by incidents."""
    kind, found = answer.rows["class"].to_numpy(), []
    for one in HOT:
        at = np.flatnonzero(kind == one)
        areas = areas_of(answer.rows.iloc[at], answer.summary["cell"])
        areas["rows"] = [at[some] for some in areas["rows"]]
        found.append(areas.assign(kind=one, order=one not in NEWS))
    together = pd.concat([one for one in found if len(one)] or found[:1], ignore_index=True)
    return (
        together.sort_values(["order", "count"], ascending=[True, False], kind="stable")
        .head(SHOWN)
        .reset_index(drop=True)
    )


def beside_emerging(view: View, answer: Answer, drawn: Picture) -> None:
    lang, classes, areas = view.lang, answer.summary["classes"], _areas(answer)
    new, growing = (
        sum(classes.get(kind, 0) for kind in some) for some in (("hot_new", "hot_consecutive"), ("hot_intensifying",))
    )
    hot = sum(classes.get(kind, 0) for kind in HOT)
    if not hot:
        finding(t("hotspots_page.found.emerging_none", lang, slices=answer.summary["slices"]))
        return
    finding(
        t("hotspots_page.found.emerging", lang, new=number(new), growing=number(growing)),
        t("hotspots_page.found.emerging_of", lang, hot=number(hot), slices=answer.summary["slices"]),
    )
    listed(
        "emerging_areas",
        {
            "number": range(1, len(areas) + 1),
            "kind": [t(f"hotspots_page.emerging.{kind}", lang) for kind in areas["kind"]],
            "place": named_at(view, areas["x"].tolist(), areas["y"].tolist()),
            "count": areas["count"].tolist(),
        },
        {
            "number": count_column(lang, "number"),
            "kind": text_column(lang, "kind"),
            "place": text_column(lang, "place"),
            "count": count_column(lang, "count"),
        },
        drawn.boxes,
    )
    with st.expander(t("hotspots_page.what_classes_mean", lang), icon=":material/help:"):
        for kind in KINDS:
            st.caption(
                f"**{SIGNS[kind]} {t(f'hotspots_page.emerging.hot_{kind}', lang)}** – {t(f'hotspots_page.emerging_help.{kind}', lang)}"
            )
        st.caption(t("hotspots_page.emerging_help.cold", lang))


# ---------------------------------------------------------------- recent clusters


def _circles(answer: Answer) -> list[Any]:
    assert answer.plane is not None
    rows = answer.rows.head(SHOWN)
    drawn = shapely.buffer(
        shapely.points(rows["x"].astype(float), rows["y"].astype(float)), rows["radius"].clip(lower=500), CORNERS // 4
    )
    return list(answer.plane.shapes_to_degrees(np.atleast_1d(drawn))) if len(rows) else []


def recent(view: View, answer: Answer) -> Picture:
    """Circles of the clusters that are unlikely to be chance, with their numbers."""
    shapes, rows = _circles(answer), answer.rows_in_degrees().head(SHOWN)
    sure = rows["p"].to_numpy() <= SURE
    drawn = {
        "outlines": computed.outlines([shape for shape, is_sure in zip(shapes, sure, strict=True) if is_sure]),
        "marks": [
            mark
            for mark, is_sure in zip(computed.marks(rows["lon"], rows["lat"], session.asked_box()[1]), sure, strict=True)
            if is_sure
        ],
        "legend": {"title": t("hotspots_page.legend.scan", view.lang), "labels": [], "colours": [],
                   "note": t("hotspots_page.legend.scan_note", view.lang)},
    }  # fmt: skip
    return Picture(computed=drawn, boxes=[computed.box_of(shape) for shape in shapes])


def beside_recent(view: View, answer: Answer, drawn: Picture) -> None:
    lang, rows = view.lang, answer.rows.head(SHOWN)
    sure = int((answer.rows["p"] <= SURE).sum())
    finding(t("hotspots_page.found.scan" if sure else "hotspots_page.found.scan_none", lang, n=number(sure)))
    if rows.empty:
        return
    listed(
        "recent",
        {
            "number": range(1, len(rows) + 1),
            "place": named(rows, lang),
            "p": rows["p"].round(3).tolist(),
            "count": rows["observed"].astype(int).tolist(),
            "expected": rows["expected"].round(1).tolist(),
            "days": [_days(row, lang) for row in rows.to_dict("records")],
        },
        {
            "number": count_column(lang, "number"),
            "place": text_column(lang, "place"),
            "p": count_column(lang, "p", helped=True, form="%.3f"),
            "count": count_column(lang, "count"),
            "expected": count_column(lang, "expected", helped=True),
            "days": text_column(lang, "days"),
        },
        drawn.boxes,
    )


def _days(row: dict[Any, Any], lang: str) -> str:
    return period(date.fromisoformat(str(row["first"])), date.fromisoformat(str(row["last"])), lang)


# ---------------------------------------------------------------- near repeats


def repeats(view: View, answer: Answer) -> Picture:
    """No map: pairs of incidents have no place."""
    return Picture()


def repeats_chart(view: View, answer: Answer) -> None:
    """How many times more often than expected, by distance and days."""
    lang, table = view.lang, answer.rows
    days = [
        _band(row["time_from"], row["time_to"], lang, "days")
        for row in table.drop_duplicates("time_to").to_dict("records")
    ]
    away = [
        _band(row["space_from"], row["space_to"], lang, "km")
        for row in table.drop_duplicates("space_to").to_dict("records")
    ]
    rows = []
    for row in table.to_dict("records"):
        ratio = float(row["ratio"]) if np.isfinite(row["ratio"]) else None
        across, down = (
            _band(row["time_from"], row["time_to"], lang, "days"),
            _band(row["space_from"], row["space_to"], lang, "km"),
        )
        mark = " *" if row["p"] <= SURE else ""
        rows.append(
            {
                "across": across, "down": down, "value": ratio, "dark": ratio is not None and (ratio > 2.2 or ratio < 0.4),
                "text": "–" if ratio is None else f"{ratio:.2f}{mark}",
                "said": t("hotspots_page.knox_cell", lang, space=down, time=across, observed=number(int(row["observed"])),
                          expected=f"{row['expected']:,.1f}", p=f"{row['p']:.3f}"),
            }
        )  # fmt: skip
    ink = palette(view.night)["ink"]
    spec = hotspots_charts.heat(
        rows, days, away, DIVERGING["day"], ink, t("hotspots_page.method.knox", lang), height=90 + 62 * len(away),
        across_title=t("hotspots_page.axis.days_between", lang), down_title=t("hotspots_page.axis.km_between", lang),
        texts=True, middle=1.0,
    )  # fmt: skip
    st.subheader(t("hotspots_page.knox_title", lang))
    st.vega_lite_chart(spec, width="stretch", theme=None)
    st.caption(t("hotspots_page.knox_note", lang))


def _band(low: float, high: float, lang: str, unit: str) -> str:
    if unit == "km":
        return t("hotspots_page.band_km", lang, low=f"{low / 1000:g}", high=f"{high / 1000:g}")
    return t("hotspots_page.band_days", lang, low=f"{low:g}", high=f"{high:g}")


def beside_repeats(view: View, answer: Answer, drawn: Picture) -> None:
    lang, first = view.lang, answer.rows.iloc[0]
    space, time = distance(first["space_to"], lang), number(int(first["time_to"]))
    if first["p"] <= SURE and first["ratio"] > 1:
        said = t("hotspots_page.found.knox", lang, space=space, time=time, ratio=f"{first['ratio']:.1f}")
    else:
        said = t("hotspots_page.found.knox_none", lang, space=space, time=time)
    finding(
        said,
        t("hotspots_page.found.knox_pairs", lang, observed=number(int(first["observed"])), expected=f"{first['expected']:,.1f}"),
    )  # fmt: skip
