"""Drawing shifts by chance with given probabilities, so that exactly as many teams are out as there are.

Places are laid end to end, each as long as its probability, and a comb whose teeth are 1 apart is put down anywhere on them:
the places it hits are watched. The order is mixed anew for each shift; else neighbours would never be watched together, and
somebody who sees one team would know where the others are not.

Source: comb sampling of Tsai et al. 2010, Urban security: game-theoretic resource allocation in networked physical domains,
AAAI; in statistics systematic sampling of unequal probabilities, Madow 1949, in random order: Goodman and Kish 1950.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geo.analysis.arrays import Bools, Floats
from geo.analysis.simulation import whole
from geo.errors import AnalysisRefused

__all__ = ["checked_probability", "draw"]


def checked_probability(probability: npt.ArrayLike) -> Floats:
    """Probabilities of places and windows that can be drawn, shape (places, windows).

    Raises
    ------
    AnalysisRefused
        ``patrolling.probability``: not between 0 and 1, or a window's do not sum to a whole number of teams.
    """
    p = np.asarray(probability, dtype=np.float64)
    if p.ndim != 2 or not p.size or not np.isfinite(p).all() or (p < -1e-9).any() or (p > 1 + 1e-9).any():
        raise AnalysisRefused("patrolling.probability")
    p = np.clip(p, 0.0, 1.0)
    teams = p.sum(axis=0)
    if (np.abs(teams - np.rint(teams)) > 1e-6).any():
        raise AnalysisRefused("patrolling.probability")
    return p


def draw(probability: npt.ArrayLike, days: int, *, seed: int) -> Bools:
    """Who is where: shape (days, windows, places). The same seed draws the same.

    Parameters
    ----------
    probability
        Shape (places, windows); each window's sum is a whole number of teams.
    days
        At least 1.

    Raises
    ------
    AnalysisRefused
        ``patrolling.probability``, ``analysis.not_whole``.
    """
    p = checked_probability(probability).T
    chance = np.random.default_rng(seed)
    # Only plain uniform numbers are drawn: their stream stays the same from one release of numpy to the next.
    mixed = np.argsort(chance.random((whole("days", days, 1), *p.shape)), axis=2, kind="stable")
    tooth = chance.random((days, p.shape[0], 1))
    until = np.cumsum(np.take_along_axis(np.broadcast_to(p, mixed.shape), mixed, axis=2), axis=2)
    until[..., -1] = np.rint(until[..., -1])  # so that rounding loses no team
    hit = np.diff(np.ceil(until - tooth), axis=2, prepend=np.ceil(-tooth)) > 0.5
    drawn = np.zeros(mixed.shape, dtype=np.bool_)
    np.put_along_axis(drawn, mixed, hit, axis=2)
    return drawn
