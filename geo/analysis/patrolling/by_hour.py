"""What a place is worth in each part of the day: how much happened near it, and when."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree

from geo.analysis.arrays import Bools, Floats, finite, points, positive
from geo.model.rota import Window

__all__ = ["BELIEF", "value_by_window"]

BELIEF = 20.0
"""How many incidents the hours of all places together count for at each place: few incidents say little about hours."""


def value_by_window(
    site_x: npt.ArrayLike,
    site_y: npt.ArrayLike,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    hour: npt.ArrayLike,
    weight: npt.ArrayLike,
    windows: Sequence[Window],
    *,
    radius: float,
) -> Floats:
    """Weight of the incidents near each place by window of the day, shape (places, windows).

    The weight around a place is shared out by its own hours and those of all places together, which count for `BELIEF`
    incidents (a Dirichlet prior; source: Good 1965, The estimation of probabilities). An hour counts for every window it lies in.
    What falls into no window is left out.

    Parameters
    ----------
    site_x, site_y
        Metres, shape (places,).
    x, y, weight
        Incidents, shape (n,).
    hour
        Hour of the day 0 to 24, shape (n,); NaN where only the day is known: those say nothing about hours.
    radius
        Metres around a place that it looks after.

    Raises
    ------
    AnalysisRefused
        As `points` and `finite`; ``analysis.not_positive``.
    """
    sites, at = np.column_stack(points(site_x, site_y)), np.column_stack(points(x, y))
    weights = finite("weight", weight, len(at))
    hours = np.asarray(hour, dtype=np.float64)
    inside = np.column_stack([_within(hours, window) for window in windows]).astype(np.float64)
    timed = np.isfinite(hours)
    everywhere = (inside * (weights * timed)[:, None]).sum(axis=0)
    lengths = np.array([window.end - window.start for window in windows]) / 24
    total = float((weights * timed).sum())
    profile = everywhere / total if total > 0 else lengths
    value = np.zeros((len(sites), len(windows)))
    near = KDTree(at).query_ball_point(sites, positive("radius", radius))
    for place, rows in enumerate(near):
        if rows:
            own = timed[rows]
            share = (inside[rows][own].sum(axis=0) + BELIEF * profile) / (own.sum() + BELIEF)
            value[place] = weights[rows].sum() * share
    return value


def _within(hour: Floats, window: Window) -> Bools:
    return np.asarray(((hour - window.start) % 24) < (window.end - window.start))
