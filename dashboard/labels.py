"""Plain text where Streamlit expects Markdown.

Labels are Markdown, and Markdown fetches pictures from other hosts. Names are text.
"""

from __future__ import annotations

import re

__all__ = ["plain"]

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: str) -> str:
    """``text`` as Markdown that shows exactly it: every ASCII punctuation mark escaped, on one line."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))
