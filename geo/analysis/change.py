"""Change between periods, in classes that small numbers cannot fool."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.analysis.arrays import finite, index_of

__all__ = ["CLASSES", "FEWEST", "change"]

CLASSES = ("strong_decrease", "decrease", "no_change", "increase", "strong_increase", "limited_change")
SMALL_MEAN, SMALL_LATEST = 2, 5
SOME, MUCH = 0.10, 0.25
FEWEST = 5
"""Below this in either period no percentage is told."""


def change(latest: npt.ArrayLike, *earlier: npt.ArrayLike) -> pd.DataFrame:
    """The latest period against the mean of one or several earlier ones of equal length.

    Parameters
    ----------
    latest, earlier
        Counts of each place, shape (n,).

    Returns
    -------
    DataFrame
        Index of ``latest``; ``before`` (mean of the earlier), ``latest``, ``difference``, ``percent`` (NaN where either is under
        5) and ``class``: ``limited_change`` where the mean is at most 2 and the latest at most 5, else a change of at least
        10 % is an increase or decrease and one of at least 25 % a strong one.
    """
    now = finite("latest", latest)
    before = np.mean([finite("earlier", counts, len(now)) for counts in earlier], axis=0)
    risen = now - before
    known = before > 0
    share = np.divide(risen, before, out=np.where(now > 0, np.inf, 0.0), where=known)
    limited = (before <= SMALL_MEAN) & (now <= SMALL_LATEST)
    edge = 1e-9
    kind = np.select(
        [limited, share >= MUCH - edge, share >= SOME - edge, share <= -MUCH + edge, share <= -SOME + edge],
        ["limited_change", "strong_increase", "increase", "strong_decrease", "decrease"],
        "no_change",
    )
    told = np.where((before >= FEWEST) & (now >= FEWEST), share * 100, np.nan)
    columns = {"before": before, "latest": now, "difference": risen, "percent": told, "class": kind}
    return pd.DataFrame(columns, index=index_of(latest, len(now)))
