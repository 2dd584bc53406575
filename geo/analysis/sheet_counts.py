"""Counts that cross the border: small ones are hidden, and one more with them, so that no sum gives a hidden one away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

__all__ = ["LEAST", "hide_small"]

LEAST: Final = 5
"""Counts under this are hidden; so is that there was none at all."""
Key = TypeVar("Key")


def hide_small(counts: Mapping[Key, int], least: int = LEAST) -> dict[Key, int | None]:
    """The counts of one table with the small ones taken out.

    Where any is hidden, the smallest of the others is hidden too: a reader who learns the sum from another table of the same
    incidents then still does not know which of the hidden ones is small, nor what is left for it (complementary
    suppression; Willenborg and de Waal 2001, chapter 4).

    Parameters
    ----------
    counts
        Every cell that the table could have, also those with 0: what is left out would be known to be small.

    Returns
    -------
    dict
        The same keys in the same order; nothing for what is hidden.
    """
    hidden = {key for key, n in counts.items() if n < least}
    shown = [key for key in counts if key not in hidden]
    if hidden and shown:
        hidden.add(min(shown, key=lambda key: counts[key]))
    return {key: None if key in hidden else n for key, n in counts.items()}
