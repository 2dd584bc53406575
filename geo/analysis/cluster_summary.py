"""What a cluster of points is: its hull, how many, the last day, the main type."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.analysis.arrays import Floats, Ints, points

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
        Of `geo.analysis.clusters.dbscan`, or numbers of other groups; below 0 noise, shape (n,).
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
    labels = np.asarray(label, dtype=np.int64)
    inside = labels >= 0
    of, known = pd.factorize(labels[inside], sort=True)
    xs, ys, n = xs[inside], ys[inside], len(known)
    count = np.bincount(of, minlength=n)
    columns: dict[str, npt.ArrayLike] = {
        "count": count,
        "x": np.bincount(of, weights=xs, minlength=n) / count,
        "y": np.bincount(of, weights=ys, minlength=n) / count,
        "hull": _hulls(xs, ys, of, count),
    }
    columns["area_km2"] = shapely.area(columns["hull"]) / 1e6
    if t is not None:
        last = np.full(n, -np.inf)
        np.maximum.at(last, of, np.asarray(t, dtype=np.float64)[inside])
        columns["last"] = last
    if kind is not None:
        codes, kinds = pd.factorize(np.asarray(kind, dtype=object)[inside], sort=True)
        of_kind = np.bincount(of * len(kinds) + codes, minlength=n * len(kinds)).reshape(n, len(kinds))
        columns["main_kind"] = np.asarray(kinds)[of_kind.argmax(axis=1)] if n else np.empty(0, dtype=object)
        columns["main_share"] = of_kind.max(axis=1) / count if n else np.empty(0)
    return pd.DataFrame(columns, index=pd.Index(known, name="label"))


def _hulls(x: Floats, y: Floats, of: Ints, count: Ints) -> npt.NDArray[np.object_]:
    """The hull of each cluster: that of a line through its points, which is made of a million of them soonest."""
    hulls = np.empty(len(count), dtype=object)
    order = np.argsort(of.astype(np.min_scalar_type(len(count))), kind="stable")  # small numbers are sorted soonest
    at, of = np.column_stack([x, y])[order], of[order]
    several = count > 1
    single = ~several[of]
    hulls[of[single]] = shapely.points(at[single])
    if several.any():
        line = np.cumsum(several) - 1
        hulls[several] = shapely.convex_hull(shapely.linestrings(at[~single], indices=line[of[~single]]))
    return hulls
