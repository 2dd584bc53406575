"""Find the district that a district is best compared with: as many incidents before, and going the same way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import log

import numpy as np
import pandas as pd

from geo.errors import AnalysisRefused

__all__ = ["MOST_APART", "Match", "comparison_district"]

MOST_APART = log(2.0)
"""A district with more than twice or fewer than half the incidents is no match, nor one whose trend differs so much."""


@dataclass(frozen=True, slots=True)
class Match:
    """The district that fits best, and why.

    Attributes
    ----------
    n, own_n
        Incidents before, there and in the district itself.
    trend, own_trend
        Second half of the time before as a multiple of the first half (0.5 added to each, so that 0 is no end).
    apart
        Distance of the two in logarithms of number and trend; 0 is alike.
    candidates
        Districts among which it was chosen.
    """

    code: str
    n: int
    own_n: int
    trend: float
    own_trend: float
    apart: float
    candidates: int


def comparison_district(counts: pd.DataFrame, district: str, excluded: Collection[str] = ()) -> Match | None:
    """The district whose number and trend before were most alike; nothing where none is near enough.

    Matched before the fact, by what was before alone: what came after must not choose its own comparison.

    Parameters
    ----------
    counts
        Rows districts by code, columns equal steps of time before, oldest first, at least 2; incidents.
    district
        Its code; where it has no row, it had no incident.
    excluded
        Codes that may not be chosen: neighbours, into which things may have been driven, and where something was decided too.

    Raises
    ------
    AnalysisRefused
        ``analysis.too_few_slices``.
    """
    if counts.shape[1] < 2:
        raise AnalysisRefused("analysis.too_few_slices", slices=counts.shape[1], least=2)
    table = counts.sort_index()
    half = table.shape[1] // 2
    values = table.to_numpy(dtype=np.float64)
    total = pd.Series(values.sum(axis=1), index=table.index)
    # Of an odd number of steps the middle one belongs to neither half.
    first, second = values[:, :half].sum(axis=1) + 0.5, values[:, values.shape[1] - half :].sum(axis=1) + 0.5
    trend = pd.Series(second / first, index=table.index)
    if district not in table.index or total[district] == 0:
        return None
    others = [code for code in table.index if code != district and code not in set(excluded)]
    if not others:
        return None
    number = np.log((total[others] + 0.5) / (total[district] + 0.5))
    turn = np.log(trend[others] / trend[district])
    apart = pd.Series(np.hypot(number, turn), index=others)[(number.abs() <= MOST_APART) & (turn.abs() <= MOST_APART)]
    if apart.empty:
        return None
    best = str(apart.round(9).idxmin())  # of equal ones the first by its code
    return Match(
        best,
        int(total[best]),
        int(total[district]),
        float(trend[best]),
        float(trend[district]),
        float(apart[best]),
        len(others),
    )
