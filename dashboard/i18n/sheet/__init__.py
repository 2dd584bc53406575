"""Words of the sheet for a counterpart across the border: Thai and English beside the neighbour's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

__all__ = ["LANGUAGES", "NEIGHBOURS", "words"]

LANGUAGES = ("th", "en", "lo", "km")
NEIGHBOURS = {"LA": "lo", "KH": "km"}
"""The language of each neighbour."""


@cache
def words(lang: str) -> Mapping[str, Mapping[str, str]]:
    """All words of a language, by table and key."""
    with Path(__file__).with_name(f"{lang}.toml").open("rb") as file:
        return tomllib.load(file)
