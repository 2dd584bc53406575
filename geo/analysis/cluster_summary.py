"""What a cluster of points is: its hull, how many, the last day, the main type."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.analysis.arrays import points

__all__ = ["cluster_summary"]


def cluster_summary(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    label: npt.ArrayLike,
    *,
    t: npt.ArrayLike | None = None,
    kind: npt.ArrayLike | None = None,
) -> pd.DataFrame:
    """One row a cluster.

    Parameters
    ----------
    x, y
        Metres, shape (n,).
    label
        Of `geo.analysis.clusters.dbscan`, -1 noise, shape (n,).
    t
        Days, shape (n,).
    kind
        Crime type, shape (n,).

    Returns
    -------
    DataFrame
        Index ``label``; ``count``, ``x``, ``y`` (mean, metres), ``hull`` (metres; a point or a line where the points make no
        area), ``area_km2``, and where given ``last`` (largest t) and ``main_kind`` (the most frequent, of equal ones the first
        by its letters) with ``main_share``.
    """
    xs, ys = points(x, y)
    frame = pd.DataFrame({"x": xs, "y": ys, "label": np.asarray(label, dtype=np.int64)})
    if t is not None:
        frame["last"] = np.asarray(t, dtype=np.float64)
    if kind is not None:
        frame["kind"] = np.asarray(kind, dtype=object)
    frame = frame[frame.label >= 0].sort_values("label", kind="stable")
    grouped = frame.groupby("label")
    table = grouped[["x", "y"]].mean()
    table.insert(0, "count", grouped.size())
    _, begins = np.unique(frame.label.to_numpy(), return_index=True)
    at = np.column_stack([frame.x, frame.y])
    pieces = np.split(at, begins[1:]) if len(begins) else []
    table["hull"] = np.array([shapely.convex_hull(shapely.multipoints(piece)) for piece in pieces] + [None])[:-1]
    table["area_km2"] = shapely.area(table["hull"].to_numpy()) / 1e6
    if t is not None:
        table["last"] = grouped["last"].max()
    if kind is not None:
        table["main_kind"] = grouped["kind"].agg(lambda kinds: kinds.value_counts().sort_index().idxmax())  # type: ignore[type-var]
        same = frame["kind"].to_numpy() == table["main_kind"].reindex(frame.label).to_numpy()
        table["main_share"] = pd.Series(same, index=frame.label.to_numpy()).groupby(level=0).mean()
    return table
