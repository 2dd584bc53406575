"""How many of many tests may be believed: the false-discovery rate of Benjamini and Hochberg."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from geo.analysis.arrays import Floats, finite

__all__ = ["q_values", "two_sided_p"]


def two_sided_p(z: npt.ArrayLike) -> Floats:
    """Probability of a standard normal value at least as far from 0, either way; same shape."""
    return np.asarray(2 * special.ndtr(-np.abs(np.asarray(z, dtype=np.float64))))


def q_values(p: npt.ArrayLike) -> Floats:
    """Adjusted p: the smallest false-discovery rate at which each test would be believed.

    Source: Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B 57.

    Parameters
    ----------
    p
        Probabilities of all tests made together, shape (n,).
    """
    values = finite("p", p)
    return np.asarray(stats.false_discovery_control(values)) if len(values) else values
