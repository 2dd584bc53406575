"""Where: density, hot and cold areas, clusters, and the few places that hold most."""

from __future__ import annotations

from datetime import date

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.hotspots.answer import Answer
from dashboard.i18n import name, t
from dashboard.i18n.dates import day, distance, number
from dashboard.maps import computed
from dashboard.maps.computed import Classes
from dashboard.maps.palette import HEAT, HOT_COLD
from dashboard.panels.hotspots_how import finding
from dashboard.panels.hotspots_list import listed
from dashboard.panels.hotspots_view import Picture, View

__all__ = [
    "beside_clusters",
    "beside_density",
    "beside_hot_and_cold",
    "clusters",
    "density",
    "hot_and_cold",
    "hot_cold",
]

TOP = (0.8, 0.9, 0.95, 0.98, 0.99)
"""Shares of the land under each class of density: the darkest is the densest 1 %."""
SHOWN = 30
"""Clusters numbered on the map."""
SIDES = (-3, -2, -1, 1, 2, 3)
"""Classes of Gi*, from cold with 99 % to hot with 99 %."""


def _shade(view: View) -> str:
    return "night" if view.night else "day"


# ---------------------------------------------------------------- density


def density(view: View, answer: Answer) -> Picture:
    """The surface in five classes."""
    lang, rows = view.lang, answer.rows
    if rows.empty or answer.plane is None:
        return Picture(computed={})
    values = rows["density_per_km2"].to_numpy()
    steps = np.quantile(values, TOP)
    labels = tuple(
        t("hotspots_page.top", lang, share=f"{100 * (1 - share):.0f}", least=f"{step:,.2g}")
        for share, step in zip(TOP, steps, strict=True)
    )
    kinds = Classes(
        t("hotspots_page.legend.kde", lang), labels, HEAT[_shade(view)], note=t("hotspots_page.legend.kde_note", lang)
    )
    drawn = computed.surface(
        rows["x"].to_numpy(), rows["y"].to_numpy(), values, answer.summary["cell"], answer.plane, list(steps), kinds.colours
    )  # fmt: skip
    return Picture(computed={"surface": drawn, "legend": kinds.legend()})


def beside_density(view: View, answer: Answer, drawn: Picture) -> None:
    found, lang = answer.summary, view.lang
    if not found.get("peak"):
        return
    finding(
        t(
            "hotspots_page.found.kde",
            lang,
            peak=f"{found['peak_per_km2']:,.2g}",
            radius=distance(found["bandwidth"], lang),
        ),
        t("hotspots_page.found.kde_lost", lang, n=number(round(found["n"] - found["kept"])))
        if found["n"] - found["kept"] >= 1
        else "",
    )


# ---------------------------------------------------------------- hot and cold


def hot_cold(view: View) -> Classes:
    """The six classes of Gi*."""
    lang = view.lang
    labels = tuple(
        t(f"hotspots_page.gi.{'hot' if side > 0 else 'cold'}_{(90, 95, 99)[abs(side) - 1]}", lang) for side in SIDES
    )
    return Classes(
        t("hotspots_page.legend.gi", lang), labels, HOT_COLD[_shade(view)], ("− −", "−", "", "", "+", "+ +"),
        t("hotspots_page.legend.gi_note", lang),
    )  # fmt: skip


def hot_and_cold(view: View, answer: Answer) -> Picture:
    """Hexagons that are significant, and no others."""
    kinds, shapes = hot_cold(view), answer.shapes_in_degrees()
    assert shapes is not None
    rows = np.flatnonzero(answer.rows["class"].to_numpy() != 0)
    place = [SIDES.index(side) for side in answer.rows["class"].to_numpy()[rows]]
    counts = [place.count(kind) for kind in range(len(SIDES))]
    drawn = {
        "areas": computed.areas(shapes[rows], place, kinds, answer.rows["count"].to_numpy()[rows].tolist()),
        "labels": list(kinds.labels),
        "count": t("hotspots_page.count", view.lang, n="{n}"),
        "legend": kinds.legend(counts),
    }
    return Picture(computed=drawn, rows=rows.tolist())


def beside_hot_and_cold(view: View, answer: Answer, drawn: Picture) -> None:
    found, lang = answer.summary, view.lang
    hot = sum(found[f"hot_{level}"] for level in (90, 95, 99))
    cold = sum(found[f"cold_{level}"] for level in (90, 95, 99))
    key = "gi" if hot or cold else "gi_none"
    finding(t(f"hotspots_page.found.{key}", lang, hot=number(hot), cold=number(cold), places=number(found["places"])))


# ---------------------------------------------------------------- clusters


def clusters(view: View, answer: Answer) -> Picture:
    """Hulls with their numbers."""
    shapes = answer.shapes_in_degrees()
    assert shapes is not None
    rows = answer.rows_in_degrees().head(SHOWN)
    _, row, _ = session.asked_box()
    drawn = {
        "outlines": computed.outlines(list(shapes[: len(rows)])),
        "marks": computed.marks(rows["lon"], rows["lat"], row),
    }
    return Picture(computed=drawn, boxes=[computed.box_of(shape) for shape in shapes[: len(rows)]])


def beside_clusters(view: View, answer: Answer, drawn: Picture) -> None:
    found, lang, rows = answer.summary, view.lang, answer.rows.head(SHOWN)
    if not found["clusters"]:
        finding(t("hotspots_page.found.dbscan_none", lang))
        return
    inside = found["n"] - found["noise"]
    share = f"{100 * inside / found['n']:.0f}"
    finding(t("hotspots_page.found.dbscan", lang, n=number(found["clusters"]), share=share))
    listed(
        "clusters",
        {
            "number": range(1, len(rows) + 1),
            "count": rows["count"].tolist(),
            "last": [day(date.fromisoformat(last), lang) for last in rows["last"]],
            "type": [name(view.types.get(kind), lang) or kind for kind in rows["main_kind"]],
        },
        {
            "number": st.column_config.NumberColumn(t("hotspots_page.column.number", lang), width=40),
            "count": st.column_config.NumberColumn(t("hotspots_page.column.count", lang), width=60),
            "last": st.column_config.TextColumn(t("hotspots_page.column.last", lang)),
            "type": st.column_config.TextColumn(t("hotspots_page.column.type", lang)),
        },
        drawn.boxes,
    )
