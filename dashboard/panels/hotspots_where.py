"""Where: density, hot and cold areas, clusters, and the few places that hold most."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import session
from dashboard.hotspots.answer import Answer
from dashboard.hotspots.called import land_m2
from dashboard.i18n import name, t
from dashboard.i18n.dates import day, distance, number
from dashboard.maps import computed
from dashboard.maps.computed import Classes
from dashboard.maps.palette import HEAT, HOT_COLD
from dashboard.panels.hotspots_how import finding
from dashboard.panels.hotspots_list import count_column, listed, text_column
from dashboard.panels.hotspots_places import areas_of, boxes_around, named, named_at
from dashboard.panels.hotspots_view import Picture, View
from geo.analysis.arrays import Floats

__all__ = [
    "SHOWN", "beside_clusters", "beside_density", "beside_districts", "beside_hot_and_cold", "beside_places", "clusters",
    "density", "density_steps", "districts", "hot_and_cold", "legend_of", "places", "shade", "two_digits",
]  # fmt: skip

TOP = (0.2, 0.1, 0.05, 0.02, 0.01)
"""Shares of the land that each class of density and those above it hold: the darkest is the densest 1 %."""
FEWEST_CLASSES = 3
PARTS = (0.0, 0.5, 0.8, 0.95)
"""Quantiles of what is not 0 at which classes begin, where so little of the land has any."""
SHOWN = 30
"""Places numbered on the map; the list holds as many."""
PEAKS = 10
APART = 2
"""Peaks of a density are at least so many bandwidths apart."""
SIDES = (-3, -2, -1, 1, 2, 3)
"""Classes of Gi*, from cold with 99 % to hot with 99 %."""
SIGNS = ("− −", "−", "", "", "+", "+ +")


def shade(view: View) -> str:
    """Which colours of a palette."""
    return "night" if view.night else "day"


def two_digits(value: float) -> str:
    """A density as it is said: two digits that count, whole from 10 on, and never as a power of ten."""
    return f"{value:,.0f}" if value >= 9.95 else np.format_float_positional(float(f"{value:.2g}"), trim="-")


def legend_of(view: View, kinds: Classes, counts: list[int]) -> dict[str, Any]:
    """The legend with how many areas are in each class, and a word where there are too many to be drawn all."""
    drawn, n = kinds.legend(counts), sum(counts)
    if n > computed.MOST:
        drawn["note"] = f"{drawn['note']} {t('hotspots_page.drawn', view.lang, most=computed.MOST, of=n)}".strip()
    return drawn


# ---------------------------------------------------------------- density


def density(view: View, answer: Answer) -> Picture:
    """The surface in five classes, and the peaks with their numbers."""
    lang, rows = view.lang, answer.rows
    if rows.empty or answer.plane is None:
        return Picture(computed={})
    values = rows["density_per_km2"].to_numpy()
    cells = land_m2(view.scope, view.incidents, view.version) / answer.summary["cell"] ** 2
    steps = density_steps(values, cells)
    labels = tuple(
        t("hotspots_page.top", lang, share=f"{100 * share:.0f}", least=two_digits(step))
        if share
        else t("hotspots_page.at_least", lang, least=two_digits(step))
        for share, step in steps
    )
    note = t("hotspots_page.legend.kde_note" if steps[-1][0] else "hotspots_page.legend.kde_few", lang)
    colours = HEAT[shade(view)]
    kinds = Classes(t("hotspots_page.legend.kde", lang), labels, colours[len(colours) - len(steps) :], note=note)
    drawn = computed.surface(
        rows["x"].to_numpy(), rows["y"].to_numpy(), values, answer.summary["cell"], answer.plane, [step for _, step in steps],
        kinds.colours,
    )  # fmt: skip
    peaks = _peaks(rows, answer.summary["bandwidth"])
    lon, lat = answer.plane.degrees(peaks["x"], peaks["y"])
    reach = 1.5 * answer.summary["bandwidth"] / 111_320
    return Picture(
        computed={
            "surface": drawn, "legend": kinds.legend(), "marks": computed.marks(lon, lat, session.asked_box()[1]),
        },
        boxes=[(float(x - reach), float(y - reach), float(x + reach), float(y + reach)) for x, y in zip(lon, lat, strict=True)],
    )  # fmt: skip


def density_steps(values: Floats, cells: float) -> list[tuple[float | None, float]]:
    """Where classes of density begin, ascending: the share of the land at or above it, and the density.

    Parameters
    ----------
    values
        Densities above 0, shape (n,).
    cells
        Cells of the whole land; where too little of it has any density, no share is told.
    """
    down, cells = np.sort(values)[::-1], max(cells, len(values))
    ranks = [(share, round(share * cells)) for share in TOP]
    found: list[tuple[float | None, float]] = [
        (share, float(down[rank - 1])) for share, rank in ranks if 1 <= rank <= len(down)
    ]
    if len(found) < FEWEST_CLASSES:
        found = [(None, float(step)) for step in np.unique(np.quantile(values, PARTS))]
    return found


def _peaks(rows: pd.DataFrame, bandwidth: float) -> pd.DataFrame:
    """The densest cells that are some bandwidths apart, the densest first."""
    x, y, left = rows["x"].to_numpy(), rows["y"].to_numpy(), rows["density_per_km2"].to_numpy(copy=True)
    found: list[int] = []
    while len(found) < PEAKS and len(left) and left.max() > 0:
        top = int(left.argmax())
        found.append(top)
        left[np.hypot(x - x[top], y - y[top]) <= APART * bandwidth] = 0
    return rows.iloc[found].reset_index(drop=True)


def beside_density(view: View, answer: Answer, drawn: Picture) -> None:
    found, lang = answer.summary, view.lang
    peaks = _peaks(answer.rows, found["bandwidth"])
    if peaks.empty:
        return
    called = named_at(view, peaks["x"].tolist(), peaks["y"].tolist())
    lost = 1 - found["kept"] / found["n"]
    finding(
        t("hotspots_page.found.kde", lang, place=called[0], peak=two_digits(found["peak_per_km2"])),
        t("hotspots_page.found.kde_lost", lang, share=f"{100 * lost:.0f}") if lost >= 0.005 else "",
    )
    listed(
        "peaks",
        {"number": range(1, len(peaks) + 1), "place": called, "density": peaks["density_per_km2"].round(2).tolist()},
        {
            "number": count_column(lang, "number"),
            "place": text_column(lang, "place"),
            "density": st.column_config.NumberColumn(
                t("hotspots_page.column.density", lang), format="%.2f", width="small",
                help=t("hotspots_page.column_help.density", lang, radius=distance(found["bandwidth"], lang))),
        },
        drawn.boxes,
    )  # fmt: skip


# ---------------------------------------------------------------- hot and cold


def hot_cold(view: View) -> Classes:
    """The six classes of Gi*."""
    lang = view.lang
    labels = tuple(
        t(f"hotspots_page.gi.{'hot' if side > 0 else 'cold'}_{(90, 95, 99)[abs(side) - 1]}", lang) for side in SIDES
    )
    note = t("hotspots_page.legend.gi_note", lang)
    return Classes(t("hotspots_page.legend.gi", lang), labels, HOT_COLD[shade(view)], SIGNS, note)


def hot_and_cold(view: View, answer: Answer) -> Picture:
    """Hexagons that are significant, and no others; hot areas with their numbers."""
    kinds, shapes = hot_cold(view), answer.shapes_in_degrees()
    assert shapes is not None
    side = answer.rows["class"].to_numpy()
    rows = np.flatnonzero(side != 0)
    place = [SIDES.index(one) for one in side[rows]]
    areas = _hot_areas(answer)
    drawn: dict[str, Any] = {
        "areas": computed.areas(shapes[rows], place, kinds, answer.rows["count"].to_numpy()[rows].tolist()),
        "labels": list(kinds.labels),
        "count": t("hotspots_page.count", view.lang, n="{n}"),
        "legend": legend_of(view, kinds, [place.count(kind) for kind in range(len(SIDES))]),
    }
    if len(areas) and answer.plane is not None:
        lon, lat = answer.plane.degrees(areas["x"].astype(float), areas["y"].astype(float))
        drawn["marks"] = computed.marks(lon, lat, session.asked_box()[1])
    return Picture(computed=drawn, boxes=boxes_around(answer, areas["rows"].tolist()))


def _hot_areas(answer: Answer) -> pd.DataFrame:
    """Hot hexagons that touch, put together; positions are those of the answer's rows."""
    hot = np.flatnonzero(answer.rows["class"].to_numpy() > 0)
    areas = areas_of(answer.rows.iloc[hot], answer.summary["cell"]).head(SHOWN)
    areas["rows"] = [hot[some] for some in areas["rows"]]
    return areas


def beside_hot_and_cold(view: View, answer: Answer, drawn: Picture) -> None:
    found, lang, areas = answer.summary, view.lang, _hot_areas(answer)
    hot, cold = (sum(found[f"{side}_{level}"] for level in (90, 95, 99)) for side in ("hot", "cold"))
    if not hot and not cold:
        finding(t("hotspots_page.found.gi_none", lang, places=number(found["places"])))
        return
    finding(
        t("hotspots_page.found.gi", lang, areas=number(len(areas)), hot=number(hot)) if hot else "",
        t("hotspots_page.found.gi_cold", lang, cold=number(cold), places=number(found["places"])),
    )
    if areas.empty:
        return
    side = answer.rows["class"].to_numpy()
    sure = [(90, 95, 99)[int(side[some].max()) - 1] for some in areas["rows"]]
    listed(
        "hot_areas",
        {
            "number": range(1, len(areas) + 1),
            "place": named_at(view, areas["x"].tolist(), areas["y"].tolist()),
            "count": areas["count"].tolist(),
            "sure": [f"{one}%" for one in sure],
        },
        {
            "number": count_column(lang, "number"),
            "place": text_column(lang, "place"),
            "count": count_column(lang, "count"),
            "sure": text_column(lang, "sure", helped=True),
        },
        drawn.boxes,
    )


def districts(view: View, answer: Answer) -> Picture:
    """Districts that are significant, in the colours of hexagons."""
    kinds = hot_cold(view)
    side = answer.rows["class"].to_numpy()
    values = {code: SIDES.index(int(one)) for code, one in zip(answer.rows["code"], side, strict=True) if one != 0}
    shapes = answer.shapes_in_degrees()
    assert shapes is not None
    ranked = answer.rows["z"].to_numpy().argsort()[::-1]
    return Picture(
        computed={},
        classes=kinds.legend() | {"values": values},
        boxes=[computed.box_of(shapes[at]) if shapes[at] is not None else None for at in ranked],
    )


def beside_districts(view: View, answer: Answer, drawn: Picture) -> None:
    found, lang = answer.summary, view.lang
    hot, cold = (sum(found[f"{side}_{level}"] for level in (90, 95, 99)) for side in ("hot", "cold"))
    key = "gi_districts" if hot or cold else "gi_districts_none"
    finding(t(f"hotspots_page.found.{key}", lang, hot=number(hot), cold=number(cold), places=number(found["places"])))
    rows = answer.rows.iloc[answer.rows["z"].to_numpy().argsort()[::-1]]
    said = {0: t("hotspots_page.gi.neither", lang)} | dict(zip(SIDES, hot_cold(view).labels, strict=True))
    listed(
        "hot_districts",
        {
            "district": [name(row, lang) or row["code"] for row in rows.to_dict("records")],
            "count": rows["count"].tolist(),
            "sure": [said[int(one)] for one in rows["class"]],
        },
        {
            "district": text_column(lang, "district"),
            "count": count_column(lang, "count"),
            "sure": text_column(lang, "side", helped=True),
        },
        drawn.boxes,
    )


# ---------------------------------------------------------------- clusters


def clusters(view: View, answer: Answer) -> Picture:
    """Hulls with their numbers."""
    shapes = answer.shapes_in_degrees()
    assert shapes is not None
    rows = answer.rows_in_degrees().head(SHOWN)
    drawn = {
        "outlines": computed.outlines(list(shapes[: len(rows)])),
        "marks": computed.marks(rows["lon"], rows["lat"], session.asked_box()[1]),
        "legend": {"title": t("hotspots_page.legend.dbscan", view.lang), "labels": [], "colours": [],
                   "note": t("hotspots_page.legend.dbscan_note", view.lang)},
    }  # fmt: skip
    return Picture(computed=drawn, boxes=[computed.box_of(shape) for shape in shapes[: len(rows)]])


def beside_clusters(view: View, answer: Answer, drawn: Picture) -> None:
    found, lang, rows = answer.summary, view.lang, answer.rows.head(SHOWN)
    if not found["clusters"]:
        finding(t("hotspots_page.found.dbscan_none", lang))
        return
    share = f"{100 * (found['n'] - found['noise']) / found['n']:.0f}"
    finding(t("hotspots_page.found.dbscan", lang, n=number(found["clusters"]), share=share))
    if found["clusters"] > SHOWN:
        st.caption(t("hotspots_page.largest", lang, n=SHOWN))
    listed(
        "clusters",
        {
            "number": range(1, len(rows) + 1),
            "place": named(rows, lang),
            "count": rows["count"].tolist(),
            "last": [day(date.fromisoformat(str(last)), lang) for last in rows["last"]],
            "type": [name(view.types.get(kind), lang) or kind for kind in rows["main_kind"]],
        },
        {
            "number": count_column(lang, "number"),
            "place": text_column(lang, "place"),
            "count": count_column(lang, "count"),
            "last": text_column(lang, "last"),
            "type": text_column(lang, "type"),
        },
        drawn.boxes,
    )


# ---------------------------------------------------------------- 80-20


def places(view: View, answer: Answer) -> Picture:
    """The hexagons of the list, the first of them numbered."""
    shapes = answer.shapes_in_degrees()
    assert shapes is not None
    lang, colour = view.lang, HEAT[shade(view)][3]
    kinds = Classes(
        t("hotspots_page.legend.places", lang),
        (t("hotspots_page.legend.places_label", lang, share=f"{100 * answer.summary['share']:.0f}"),),
        (colour,),
    )
    rows = answer.rows_in_degrees()
    drawn = {
        "areas": computed.areas(shapes, [0] * len(rows), kinds, rows["count"].tolist()),
        "labels": list(kinds.labels),
        "count": t("hotspots_page.count", lang, n="{n}"),
        "legend": legend_of(view, kinds, [len(rows)]),
        "marks": computed.marks(rows["lon"][:PEAKS], rows["lat"][:PEAKS], session.asked_box()[1]),
    }
    return Picture(computed=drawn, boxes=[computed.box_of(shape) for shape in shapes])


def beside_places(view: View, answer: Answer, drawn: Picture) -> None:
    found, lang, rows = answer.summary, view.lang, answer.rows
    finding(
        t(
            "hotspots_page.found.places", lang, n=number(found["listed"]), share=f"{100 * found['share']:.0f}",
            of=f"{100 * found['listed_share_of_places']:.1f}",
        )
    )  # fmt: skip
    listed(
        "places",
        {
            "number": rows["rank"].tolist(),
            "place": named(rows, lang),
            "count": rows["count"].astype(int).tolist(),
            "until_here": (100 * rows["until_here"]).round().astype(int).tolist(),
        },
        {
            "number": count_column(lang, "number"),
            "place": text_column(lang, "place"),
            "count": count_column(lang, "count"),
            "until_here": st.column_config.ProgressColumn(
                t("hotspots_page.column.until_here", lang), format="%d%%", min_value=0, max_value=100, width="small",
                help=t("hotspots_page.column_help.until_here", lang)),
        },
        drawn.boxes,
    )  # fmt: skip
