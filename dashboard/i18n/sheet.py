"""Words of the sheet for a counterpart across the border: Thai and English beside the neighbour's language."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.i18n import four_languages
from dashboard.i18n.four_languages import LANGUAGES

__all__ = ["LANGUAGES", "NEIGHBOURS", "words"]

NEIGHBOURS = {"LA": "lo", "KH": "km"}
"""The language of each neighbour."""


def words(lang: str) -> Mapping[str, Mapping[str, str]]:
    """All words of a language, by table and key."""
    return four_languages.words("sheet", lang)
