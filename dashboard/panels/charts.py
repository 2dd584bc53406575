"""Charts in the house style: few colours, words in the reader's language, no legend where labels do."""

from __future__ import annotations

import altair as alt
import pandas as pd

from dashboard.i18n.dates import number

__all__ = ["by_type", "by_week"]

FONT = "Sarabun, sans-serif"
ROW = 34
"""Height of one bar with its label above it, in pixels."""


def _calm(chart: alt.LayerChart | alt.Chart) -> alt.LayerChart | alt.Chart:
    calm: alt.LayerChart | alt.Chart = chart.configure_view(stroke=None).configure(
        font=FONT, background="transparent", padding={"left": 0, "right": 4, "top": 2, "bottom": 0}
    )
    return calm


def by_type(rows: pd.DataFrame, ink: str) -> alt.LayerChart | alt.Chart:
    """Horizontal bars, each under its own label.

    Parameters
    ----------
    rows
        Columns ``name``, ``n``, ``colour``, in the order to draw.
    ink
        Colour of text.
    """
    frame = rows.assign(count=[number(int(n)) for n in rows["n"]], order=range(len(rows)))
    y = alt.Y("order:O", axis=None, scale=alt.Scale(paddingInner=0.1))
    x = alt.X("n:Q", axis=None, scale=alt.Scale(domain=[0, max(1, int(rows["n"].max()))], nice=False))
    base = alt.Chart(frame).encode(y=y, tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("count:N", title=" ")])
    bars = base.mark_bar(height=7, yOffset=9, cornerRadius=2).encode(
        x=x, color=alt.Color("colour:N", scale=None, legend=None)
    )
    names = base.mark_text(align="left", baseline="middle", dy=-6, fontSize=13, color=ink, limit=215).encode(
        x=alt.value(0), text="name:N"
    )
    counts = base.mark_text(align="right", baseline="middle", dy=-6, fontSize=13, fontWeight=600, color=ink).encode(
        x=alt.value("width"), text="count:N"
    )
    return _calm((bars + names + counts).properties(height=ROW * len(frame)))


def by_week(rows: pd.DataFrame, ink: str, colour: str, title: str) -> alt.LayerChart | alt.Chart:
    """Columns of counts by week.

    Parameters
    ----------
    rows
        Columns ``label`` (the Monday in words), ``period`` (the week in words), ``n``, ``whole`` (the period holds the
        whole week), in time order.
    title
        What is counted, for readers of the screen's text.
    """
    frame = rows.assign(count=[number(int(n)) for n in rows["n"]], order=range(len(rows)))
    labels = alt.Axis(
        title=None, labelAngle=0, labelColor=ink, labelFontSize=11, tickSize=0, domainColor=ink, domainOpacity=0.3,
        labelOverlap="greedy", labelSeparation=6,
    )  # fmt: skip
    chart = (
        alt.Chart(frame, description=title)
        .mark_bar(cornerRadiusTopLeft=2, cornerRadiusTopRight=2, color=colour)
        .encode(
            x=alt.X("label:N", sort=alt.SortField("order"), axis=labels, scale=alt.Scale(paddingInner=0.15)),
            y=alt.Y("n:Q", axis=alt.Axis(
                title=None, labelColor=ink, tickCount=3, gridOpacity=0.2, domain=False, tickSize=0, format="~s")),
            opacity=alt.condition("datum.whole", alt.value(1.0), alt.value(0.45)),
            tooltip=[alt.Tooltip("period:N", title=" "), alt.Tooltip("count:N", title=" ")],
        )
        .properties(height=140)
    )  # fmt: skip
    return _calm(chart)
