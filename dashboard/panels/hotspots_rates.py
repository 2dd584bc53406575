"""Rates and effort: counts beside people, and beside what was done to learn of them."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.hotspots.answer import Answer
from dashboard.i18n import name, t
from dashboard.i18n.dates import change, number, period
from dashboard.maps import computed
from dashboard.maps.choropleth import count_breaks
from dashboard.maps.computed import Classes
from dashboard.maps.palette import HEAT
from dashboard.panels.hotspots_how import finding
from dashboard.panels.hotspots_list import count_column, listed, text_column
from dashboard.panels.hotspots_view import Picture, View
from dashboard.panels.hotspots_where import shade
from geo.model import Channel

__all__ = ["beside_rates", "in_classes", "rates"]


def in_classes(values: dict[str, float], colours: tuple[str, ...]) -> tuple[dict[str, int], list[float]]:
    """Values in classes that hold about equally many, and the upper bounds of the classes. Zeros are in none.

    Values count to the thousandth.
    """
    some = {
        code: round(value * 1000) for code, value in values.items() if np.isfinite(value) and round(value * 1000) > 0
    }
    breaks = count_breaks(some.values(), len(colours))
    return {code: bisect_left(breaks, value) for code, value in some.items()}, [bound / 1000 for bound in breaks]


def rates(view: View, answer: Answer) -> Picture:
    """Districts by their smoothed rate; by their count where no population is known."""
    lang, rows, known = view.lang, answer.rows, answer.summary["with_population"] > 0
    column, colours = "smoothed" if known else "count", HEAT[shade(view)]
    values = dict(zip(rows["code"], rows[column].astype(float), strict=True))
    placed, breaks = in_classes(values, colours)
    low = [0.0, *breaks[:-1]]
    if known:
        labels = tuple(f"{a:,.1f}–{b:,.1f}" for a, b in zip(low, breaks, strict=True))
    else:
        labels = tuple(f"{a + 1:,.0f}–{b:,.0f}" for a, b in zip(low, breaks, strict=True))
    kinds = Classes(
        t("hotspots_page.legend.rates" if known else "hotspots_page.legend.rates_counts", lang), labels,
        colours[len(colours) - len(labels) :], note=t("hotspots_page.legend.rates_note", lang) if known else "",
    )  # fmt: skip
    shapes = answer.shapes_in_degrees()
    ranked = _ranked(answer)
    boxes = [None if shapes is None or shapes[at] is None else computed.box_of(shapes[at]) for at in ranked.index]
    return Picture(computed={}, classes=kinds.legend() | {"values": placed}, boxes=boxes)


def _ranked(answer: Answer) -> pd.DataFrame:
    column = "smoothed" if answer.summary["with_population"] else "count"
    return answer.rows.sort_values([column, "count"], ascending=False, kind="stable", na_position="last")


def beside_rates(view: View, answer: Answer, drawn: Picture) -> None:
    lang, found, rows = view.lang, answer.summary, _ranked(answer)
    earlier = period(date.fromisoformat(found["earlier_first"]), date.fromisoformat(found["earlier_last"]), lang)
    finding(
        t("hotspots_page.found.rates", lang, n=number(found["n"]), change=change(found["n"], found["before"], lang)),
        t("hotspots_page.found.rates_before", lang, before=number(found["before"]), days=earlier),
    )
    _effort(found, lang)
    columns: dict[str, Any] = {
        "district": [name(row, lang) or row["code"] for row in rows.to_dict("records")],
        "count": rows["count"].astype(int).tolist(),
        "before": rows["before"].astype(int).tolist(),
    }
    heads: dict[str, Any] = {
        "district": text_column(lang, "district"),
        "count": count_column(lang, "count"),
        "before": count_column(lang, "before"),
    }
    if found["with_population"]:
        columns["smoothed"], columns["rate"] = ([_rounded(one) for one in rows[of]] for of in ("smoothed", "rate"))
        columns["limits"] = [
            "" if not np.isfinite(low) else f"{_rounded(low):,}–{_rounded(high):,}"
            for low, high in zip(rows["low"], rows["high"], strict=True)
        ]
        heads["smoothed"] = count_column(lang, "smoothed", helped=True)
        heads["rate"] = count_column(lang, "rate", helped=True)
        heads["limits"] = text_column(lang, "limits", helped=True)
        if view.demo:
            st.caption(t("hotspots_page.demo_population", lang))
    else:
        st.caption(t("hotspots_page.no_population", lang))
    columns["hours"] = rows["patrol_hours"].round().astype(int).tolist()
    columns["reporting"] = rows["reporting_places"].astype(int).tolist()
    columns["rose"] = [t("export.yes", lang) if rose else "" for rose in rows["effort_rose"]]
    heads["hours"] = count_column(lang, "hours", helped=True)
    heads["reporting"] = count_column(lang, "reporting", helped=True)
    heads["rose"] = text_column(lang, "rose", helped=True)
    listed("rates", columns, heads, drawn.boxes)


def _rounded(rate: float) -> float:
    """A rate as it is read: tenths where it is small."""
    return round(rate, 1) if not rate >= 100 else round(rate)


def _effort(found: Any, lang: str) -> None:
    """What was done to learn of incidents, now and before."""
    now = {
        "hours": (found["patrol_hours"], found["patrol_hours_before"]),
        "reporting": (found["reporting_places"], found["reporting_places_before"]),
    }
    now |= {f"channel_{c}": (found[f"channel_{c}"], found[f"channel_{c}_before"]) for c in Channel}
    said = {name: (round(a), round(b)) for name, (a, b) in now.items()}
    labels = {
        "hours": t("hotspots_page.effort.hours", lang), "reporting": t("hotspots_page.effort.reporting", lang)
    } | {f"channel_{c}": t(f"channel.{c}", lang) for c in Channel}  # fmt: skip
    shown = [code for code, (a, b) in said.items() if a or b]
    listed(
        "effort",
        {
            "what": [labels[code] for code in shown],
            "now": [said[code][0] for code in shown],
            "before": [said[code][1] for code in shown],
            "change": [change(*said[code], lang) for code in shown],
        },
        {
            "what": text_column(lang, "effort"),
            "now": count_column(lang, "now"),
            "before": count_column(lang, "before"),
            "change": text_column(lang, "change"),
        },
    )
