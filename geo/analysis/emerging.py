"""Emerging hot spots: where hot and cold places are new, growing, fading or gone.

Source: ESRI, "How Emerging Hot Spot Analysis works", its eight classes for hot and the same for cold. Gi* is computed within
each slice of time (each slice is judged by its own mean and spread); the trend is Mann-Kendall's of the Gi* scores.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.analysis.arrays import Bools, Floats
from geo.analysis.false_discovery import q_values, two_sided_p
from geo.analysis.hot_spots import gi_scores
from geo.analysis.neighbourhoods import Neighbourhoods
from geo.analysis.trend import mann_kendall_rows
from geo.errors import AnalysisRefused

__all__ = ["KINDS", "NO_PATTERN", "classify", "emerging"]

KINDS = (
    "new",
    "consecutive",
    "intensifying",
    "persistent",
    "diminishing",
    "sporadic",
    "oscillating",
    "historical",
)
"""In the order in which they are tested; the class is ``hot_`` or ``cold_`` and one of them."""
NO_PATTERN = "no_pattern"
MOSTLY = 0.9


def emerging(
    counts: npt.ArrayLike, neighbourhoods: Neighbourhoods, *, alpha: float = 0.05, corrected: bool = True
) -> pd.DataFrame:
    """The class of each place.

    Parameters
    ----------
    counts
        Incidents of each place in each slice of time, oldest first, shape (n, t); n at least 3, t at least 2.
    neighbourhoods
        Of the n places.
    alpha
        Largest probability that is taken as significant, of a slice's Gi* and of the trend.
    corrected
        Whether a slice's probabilities are corrected for their number (Benjamini-Hochberg).

    Returns
    -------
    DataFrame
        Index of ``counts``; ``class``, ``hot`` and ``cold`` (number of slices), ``z`` (Gi* of the last slice), ``trend_z`` and
        ``trend_p`` (Mann-Kendall of the scores).

    Raises
    ------
    AnalysisRefused
        ``analysis.too_few``, ``analysis.too_few_slices``, ``analysis.lengths_differ``.
    """
    cube = np.asarray(counts)
    if cube.ndim != 2 or cube.shape[1] < 2:
        raise AnalysisRefused("analysis.too_few_slices", slices=cube.shape[1] if cube.ndim == 2 else 0, least=2)
    n, slices = cube.shape
    if n < 3:
        raise AnalysisRefused("analysis.too_few", n=n, least=3)
    if n != len(neighbourhoods.near):
        raise AnalysisRefused("analysis.lengths_differ", name="counts", n=n, expected=len(neighbourhoods.near))
    z = np.empty((n, slices), dtype=np.float32)
    state = np.zeros((n, slices), dtype=np.int8)
    for number in range(slices):
        values = cube[:, number].astype(np.float64)
        score = gi_scores(values, neighbourhoods.sums(values), neighbourhoods.near)
        p = two_sided_p(score)
        found = (q_values(p) if corrected else p) <= alpha
        # Rounded: sums along different ways must not make a trend out of the sixteenth figure.
        z[:, number] = np.round(score, 6)
        state[found, number] = np.sign(score[found])
    trend = mann_kendall_rows(z)[2]
    trend_p = two_sided_p(trend)
    kind = classify(state, np.where(trend_p <= alpha, np.sign(trend), 0))
    return pd.DataFrame(
        {
            "class": kind,
            "hot": (state > 0).sum(axis=1),
            "cold": (state < 0).sum(axis=1),
            "z": z[:, -1].astype(np.float64),
            "trend_z": trend,
            "trend_p": trend_p,
        },
        index=counts.index if isinstance(counts, pd.DataFrame) else pd.RangeIndex(n),
    )


def classify(state: npt.NDArray[np.int8], trend: Floats) -> npt.NDArray[np.object_]:
    """Classes from what each slice was; the first of `KINDS` that fits.

    Parameters
    ----------
    state
        1 significantly hot, -1 cold, 0 neither, oldest first, shape (n, t).
    trend
        1 the scores rise significantly, -1 they fall, 0 neither, shape (n,).
    """
    found = np.full(len(state), NO_PATTERN, dtype=object)
    for word, side in (("hot", 1), ("cold", -1)):
        for kind, fits in _tests((state == side), (state == -side), trend * side).items():
            found[fits & (found == NO_PATTERN)] = f"{word}_{kind}"
    return found


def _tests(hot: Bools, cold: Bools, trend: Floats) -> dict[str, Bools]:
    slices = hot.shape[1]
    number = hot.sum(axis=1)
    now = hot[:, -1]
    mostly = number >= MOSTLY * slices - 1e-9
    run = np.where(hot.all(axis=1), slices, np.argmin(hot[:, ::-1], axis=1))
    return {
        "new": now & (number == 1),
        "consecutive": now & (run >= 2) & (run == number) & ~mostly,
        "intensifying": now & mostly & (trend > 0),
        "persistent": now & mostly & (trend == 0),
        "diminishing": now & mostly & (trend < 0),
        "sporadic": now & ~mostly & ~cold.any(axis=1),
        "oscillating": now & ~mostly & cold.any(axis=1),
        "historical": ~now & mostly,
    }
