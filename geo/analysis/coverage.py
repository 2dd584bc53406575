"""How much of the demand checkpoints and patrols cover as they stand, and where nobody is near.

Covered is what lies within a radius of a checkpoint or of the way of a patrol (Church and ReVelle 1974); what is covered
twice does not depend on a single one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import KDTree

from geo.analysis.arrays import Bools, Floats, Ints, finite, positive
from geo.analysis.near import TOLERANCE
from geo.analysis.siting.cover import checked_weights

__all__ = ["Coverage", "coverage", "intensity", "near_ways", "shares"]

STEP = 20
"""A way is looked at in points a twentieth of the radius apart: at most 0.03 % of the radius is missed beside it."""


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Which demand is covered.

    Attributes
    ----------
    weight
        Of each demand row, shape (n,).
    posts
        Checkpoints within the radius of each, shape (n,).
    passed
        Whether the way of a patrol lies within the radius of each, shape (n,).
    """

    weight: Floats
    posts: Ints
    passed: Bools

    @property
    def times(self) -> Ints:
        """How often each is covered; all patrols together count once, shape (n,)."""
        return self.posts + self.passed

    @property
    def total(self) -> float:
        """Weight of all demand."""
        return float(self.weight.sum())

    def share(self, times: int = 1) -> float:
        """Share (0 to 1) of the weight that is covered at least so often."""
        return float(self.weight[self.times >= times].sum() / self.total)


def coverage(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    weight: npt.ArrayLike | None,
    site_x: npt.ArrayLike,
    site_y: npt.ArrayLike,
    radius: float,
    ways: Sequence[shapely.Geometry] = (),
) -> Coverage:
    """Hold demand against checkpoints and the ways of patrols.

    Parameters
    ----------
    x, y, weight
        Demand in metres, shape (n,); without weights 1 each.
    site_x, site_y
        Checkpoints in metres, shape (s,).
    radius
        Metres; what lies exactly at it is covered.
    ways
        Lines in metres.

    Raises
    ------
    AnalysisRefused
        ``analysis.not_finite``, ``analysis.not_positive``, ``siting.no_demand``, ``siting.negative_weight``, ``siting.no_weight``.
    """
    xs, ys = finite("x", x), finite("y", y)
    weights = checked_weights(weight, len(xs))
    reach = positive("radius", radius) * (1 + TOLERANCE)
    at = np.column_stack([xs, ys])
    sites = np.column_stack([finite("site-x", site_x), finite("site-y", site_y)])
    posts = np.zeros(len(at), dtype=np.int64)
    if len(sites):
        posts = np.asarray(KDTree(sites).query_ball_point(at, reach, return_length=True), dtype=np.int64)
    return Coverage(weights, posts, near_ways(xs, ys, ways, radius))


def near_ways(x: Floats, y: Floats, ways: Sequence[shapely.Geometry], radius: float) -> Bools:
    """Whether a way lies within the radius (metres) of each place, shape (n,)."""
    lines = [one for one in ways if not one.is_empty]
    if not lines or not len(x):
        return np.zeros(len(x), dtype=np.bool_)
    points = shapely.get_coordinates(shapely.segmentize(np.array(lines, dtype=object), radius / STEP))
    reach = np.nextafter(radius * (1 + TOLERANCE), np.inf)
    away, _ = KDTree(points).query(np.column_stack([x, y]), distance_upper_bound=reach)
    return np.asarray(np.isfinite(away))


def intensity(x: npt.ArrayLike, y: npt.ArrayLike, weight: Floats, cell: float = 2500.0) -> Floats:
    """Weights by how much lies together: each times the weight of its square, 1 on average of the weight; shape (n,).

    Parameters
    ----------
    cell
        Metres.
    """
    at = np.floor(np.column_stack([finite("x", x), finite("y", y)]) / cell).astype(np.int64)
    _, square = np.unique(at, axis=0, return_inverse=True)
    held = np.bincount(square.ravel(), weights=weight)[square.ravel()]
    mean = float((held * weight).sum() / weight.sum())
    return np.asarray(weight * held / mean)


def shares(found: Coverage, by: npt.ArrayLike) -> pd.DataFrame:
    """Coverage of each group, the one with most uncovered weight first.

    Parameters
    ----------
    by
        Group of each demand row, shape (n,); nothing: in none.

    Returns
    -------
    DataFrame
        Index the group; ``demand``, ``covered``, ``twice``, ``open`` (weights), ``share``, ``twice_share`` (0 to 1, NaN where
        there is no demand).
    """
    frame = pd.DataFrame(
        {
            "by": pd.Series(by, dtype=object),
            "demand": found.weight,
            "covered": np.where(found.times >= 1, found.weight, 0.0),
            "twice": np.where(found.times >= 2, found.weight, 0.0),
        }
    )
    table = frame.dropna(subset=["by"]).groupby("by", sort=True)[["demand", "covered", "twice"]].sum()
    table["open"] = table["demand"] - table["covered"]
    demand = table["demand"].where(table["demand"] > 0)
    table["share"], table["twice_share"] = table["covered"] / demand, table["twice"] / demand
    return table.sort_values("open", ascending=False, kind="stable")
