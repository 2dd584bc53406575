"""Name places after what lies near: a crossing, a village, a sub-district, else the district they are in."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from dashboard.hotspots.material import Ground
from geo.analysis.arrays import Floats

__all__ = ["NEAR", "names"]

NEAR = 5000.0
"""Metres: what lies farther away lends its name no more."""
ORDER = ("crossing", "village", "subdistrict")
COLUMNS = ("near_kind", "near_code", "near_th", "near_en", "near_m")


def names(ground: Ground | None, x: npt.ArrayLike, y: npt.ArrayLike) -> pd.DataFrame:
    """What to call places.

    The nearest crossing within 5 km; where there is none the nearest village, then the nearest sub-district; else the
    district that holds the place or, outside of all, the nearest.

    Parameters
    ----------
    ground
        Without one no name is known, and there are no columns.
    x, y
        Metres, shape (n,).

    Returns
    -------
    DataFrame
        ``near_kind`` (crossing, village, subdistrict, district), ``near_code``, ``near_th``, ``near_en`` and ``near_m``, metres to
        it: 0 inside a district.
    """
    at = np.column_stack([np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)])
    if ground is None:
        return pd.DataFrame(index=pd.RangeIndex(len(at)))
    found = {name: np.full(len(at), None, dtype=object) for name in COLUMNS}
    for kind in ORDER:
        some = ground.named[ground.named["kind"] == kind]
        _take(found, kind, some, *_nearest(some, at))
    known = ground.districts[ground.districts["shape"].notna()]
    if len(known) and len(at):
        tree = shapely.STRtree(known["shape"].to_numpy())
        nearest, away = tree.query_nearest(shapely.points(at), return_distance=True, all_matches=False)
        _take(found, "district", known.reset_index(), nearest[1], away)
    found["near_m"] = found["near_m"].astype(np.float64).round()
    return pd.DataFrame(found)


def _nearest(places: pd.DataFrame, at: Floats) -> tuple[npt.NDArray[np.intp], Floats]:
    if places.empty or len(at) == 0:
        return np.zeros(len(at), dtype=np.intp), np.full(len(at), np.inf)
    away, which = cKDTree(places[["x", "y"]].to_numpy()).query(at)
    return which, np.where(away <= NEAR, away, np.inf)


def _take(
    found: dict[str, npt.NDArray[np.object_]],
    kind: str,
    places: pd.DataFrame,
    which: npt.NDArray[np.intp],
    away: Floats,
) -> None:
    """Name those that have no name yet and something of this kind near."""
    nameless = np.flatnonzero((found["near_kind"] == None) & np.isfinite(away))  # noqa: E711 - of each element
    chosen = places.iloc[which[nameless]]
    found["near_kind"][nameless] = kind
    found["near_m"][nameless] = away[nameless]
    for column, own in (("near_code", "code"), ("near_th", "name_th"), ("near_en", "name_en")):
        found[column][nameless] = chosen[own].to_numpy()
