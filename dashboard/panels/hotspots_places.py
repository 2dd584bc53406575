"""Places in words: what they are called, and the areas that cells make together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboard.hotspots.answer import Answer
from dashboard.hotspots.called import called
from dashboard.i18n import name, t
from dashboard.maps.computed import box_of
from dashboard.panels.hotspots_view import Box, View
from geo.analysis.patches import patches

__all__ = ["areas_of", "boxes_around", "named", "named_at"]


def named(rows: pd.DataFrame, lang: str) -> list[str]:
    """Names of places from the columns ``near_…`` of an answer."""
    return [
        t(f"hotspots_page.near.{row['near_kind']}", lang, name=name(row, lang, "near") or row["near_code"])
        if isinstance(row["near_kind"], str)
        else t("hotspots_page.near.nothing", lang)
        for row in rows.to_dict("records")
    ]


def named_at(view: View, x: Sequence[float], y: Sequence[float]) -> list[str]:
    """Names of places in metres."""
    return named(called(view.scope, view.incidents, view.version, tuple(x), tuple(y)), view.lang)


def areas_of(rows: pd.DataFrame, spacing: float) -> pd.DataFrame:
    """Cells that touch put together, the area with most incidents first.

    Parameters
    ----------
    rows
        ``x``, ``y`` (metres) and ``count`` of each cell.

    Returns
    -------
    DataFrame
        ``count``, ``cells``, ``x``, ``y`` (middle of its busiest cell) and ``rows``, the positions of its cells.
    """
    if rows.empty:
        return pd.DataFrame(columns=["count", "cells", "x", "y", "rows"])
    label = patches(rows["x"], rows["y"], spacing)
    found = []
    for one in range(int(label.max()) + 1):
        at = np.flatnonzero(label == one)
        busiest = rows.iloc[at[int(rows["count"].to_numpy()[at].argmax())]]
        found.append(
            {
                "count": int(rows["count"].to_numpy()[at].sum()),
                "cells": len(at),
                "x": float(busiest["x"]),
                "y": float(busiest["y"]),
                "rows": at,
            }
        )
    return pd.DataFrame(found).sort_values(["count", "cells"], ascending=False, kind="stable").reset_index(drop=True)


def boxes_around(answer: Answer, rows: Sequence[Sequence[int]]) -> list[Box | None]:
    """The box (degrees) around each choice of the answer's shapes."""
    shapes = answer.shapes_in_degrees()
    assert shapes is not None
    found: list[Box | None] = []
    for some in rows:
        boxes = np.array([box_of(shapes[at]) for at in some])
        low, high = boxes.min(axis=0), boxes.max(axis=0)
        found.append((float(low[0]), float(low[1]), float(high[2]), float(high[3])))
    return found
