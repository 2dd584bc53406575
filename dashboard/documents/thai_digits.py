"""Thai digits, as some offices want them on paper."""

from __future__ import annotations

__all__ = ["thai_digits"]

_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def thai_digits(words: str) -> str:
    """The same words with Thai digits."""
    return words.translate(_DIGITS)
