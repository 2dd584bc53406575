"""How many of many tests may be believed: the false-discovery rate of Benjamini and Hochberg."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

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
    order = np.argsort(values, kind="stable")[::-1]
    n = len(values)
    q = np.empty(n)
    # From the largest down: no test is believed at a lower rate than a likelier one.
    q[order] = np.minimum.accumulate(np.minimum(values[order] * n / np.arange(n, 0, -1), 1.0))
    return q
