"""How good a hot-spot map was: what it held of the incidents that came after.

Source: PAI after Chainey, Tompson and Uhlig 2008, Security Journal 21; PEI* after Hunt 2016 and the NIJ Real-Time Crime
Forecasting Challenge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.analysis.arrays import finite
from geo.errors import AnalysisRefused

__all__ = ["SHARES", "captured", "pai", "pei", "scored"]

SHARES = (0.01, 0.02, 0.05, 0.10)
"""Shares of the area that a map may mark."""


def pai(inside: float, total: float, area: float, whole_area: float) -> float:
    """Prediction accuracy index (n / N) / (a / A): how many times denser the marked area was than the whole; NaN of none."""
    return (inside / total) / (area / whole_area) if total > 0 and area > 0 else float("nan")


def pei(inside: float, best: float) -> float:
    """PEI*: share of the incidents that any map of the same area on the same cells could have held; NaN of none."""
    return inside / best if best > 0 else float("nan")


def captured(score: npt.ArrayLike, later: npt.ArrayLike, cells: int) -> float:
    """Incidents in the ``cells`` cells with the highest score.

    Of cells with equal score at the edge each counts with the share of them that is taken: the mean over all ways to
    choose, so that it does not depend on the order of rows.

    Parameters
    ----------
    score, later
        Shape (n,): what the map says of a cell, and the incidents that came in it.
    """
    s = finite("score", score)
    came = finite("later", later, len(s))
    cells = min(max(cells, 0), len(s))
    if cells == 0:
        return 0.0
    edge = np.partition(s, len(s) - cells)[len(s) - cells]
    above, at_edge = s > edge, s == edge
    return float(came[above].sum() + came[at_edge].sum() * (cells - above.sum()) / at_edge.sum())


def scored(scores: Mapping[str, npt.ArrayLike], later: npt.ArrayLike, shares: Sequence[float] = SHARES) -> pd.DataFrame:
    """PAI, PEI* and hit rate of several maps on the same cells of equal size.

    Parameters
    ----------
    scores
        Name of the map -> score of each cell from the earlier period, shape (n,).
    later
        Incidents of the later period in each cell, shape (n,).
    shares
        Shares of the cells that are marked; at least one cell is.

    Returns
    -------
    DataFrame
        ``method``, ``share``, ``cells``, ``inside`` (incidents), ``hit_rate``, ``pai``, ``pei``.

    Raises
    ------
    AnalysisRefused
        ``analysis.nothing_later`` where no incident came.
    """
    came = finite("later", later)
    total = float(came.sum())
    if total <= 0:
        raise AnalysisRefused("analysis.nothing_later")
    rows = []
    for share in shares:
        cells = max(1, round(share * len(came)))
        best = float(np.sort(came)[::-1][:cells].sum())
        for method, score in scores.items():
            inside = captured(score, came, cells)
            index = pai(inside, total, cells, len(came))
            rows.append((method, share, cells, inside, inside / total, index, pei(inside, best)))
    return pd.DataFrame(rows, columns=["method", "share", "cells", "inside", "hit_rate", "pai", "pei"])
