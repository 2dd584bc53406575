"""Shares and changes of small numbers, with what they are worth."""

from __future__ import annotations

import math

from scipy.stats import binomtest

__all__ = ["CHANGES", "FEW", "change_of_counts", "wilson"]

CHANGES = ("more", "fewer", "unclear", "few")
FEW = 5
"""Where both counts are under this no change is told."""
Z_95 = 1.959963984540054


def wilson(n: int, of: int) -> tuple[float, float] | None:
    """Interval of a share at 95 %; nothing of nothing.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212.

    Raises
    ------
    ValueError
        ``n`` is negative or more than ``of``.
    """
    if not 0 <= n <= of:
        raise ValueError(f"{n} of {of}")
    if of == 0:
        return None
    share, spread = n / of, Z_95**2 / of
    middle = share + spread / 2
    half = Z_95 * math.sqrt(share * (1 - share) / of + spread / (4 * of))
    return max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread))


def change_of_counts(now: int, before: int) -> str:
    """One of `CHANGES` for two counts of periods of equal length.

    Given their sum, each incident is as likely to fall into either period where nothing changed: the exact binomial test,
    two-sided, at 1 in 20 (J. Przyborowski and H. Wilenski, Biometrika 31 (1940) 313-323).
    """
    if now < FEW and before < FEW:
        return "few"
    if binomtest(now, now + before).pvalue > 0.05:
        return "unclear"
    return "more" if now > before else "fewer"
