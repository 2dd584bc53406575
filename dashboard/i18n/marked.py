"""How a word in another language than the reader's is shown: so that a missing one is seen, and nothing breaks."""

from __future__ import annotations

__all__ = ["marked"]


def marked(words: str) -> str:
    """These words between ⟦ and ⟧."""
    return f"⟦{words}⟧"
