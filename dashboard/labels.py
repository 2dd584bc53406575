"""Plain text where Streamlit expects Markdown.

Labels are Markdown, and Markdown fetches pictures from other hosts. Names are text.
"""

from __future__ import annotations

import re

__all__ = ["plain"]

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_LINK = re.compile(r"(?=://)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
_JOINER = "\N{WORD JOINER}"
"""Not seen. Bare addresses become links after the escapes were read, so only another letter inside keeps them text."""


def plain(text: str) -> str:
    """``text`` as Markdown that shows exactly it: every ASCII punctuation mark escaped, no address a link, on one line."""
    return _PUNCTUATION.sub(r"\\\1", _LINK.sub(_JOINER, " ".join(text.split())))
