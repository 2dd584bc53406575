"""Pairs in words."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.i18n import name, t
from geo.model import District
from geo.model.pair import Pair

__all__ = ["counterpart_words", "pair_words"]


def pair_words(pair: Pair, districts: Mapping[str, District], lang: str) -> str:
    """Both sides on a line. May hold words of others."""
    here = districts.get(pair.district_code)
    own = t("case.district", lang, name=name(here, lang)) if here else pair.district_code
    words = pair.words
    other = (words.name_th if lang == "th" else words.name_en) or words.name_en
    return f"{own} – {other} ({t(f'neighbour.{pair.neighbour}', lang)})"


def counterpart_words(pair: Pair, lang: str) -> list[str]:
    """The counterpart by every name that it has, and its country."""
    words = pair.words
    names = [words.name_th, words.name_en] if lang == "th" else [words.name_en, words.name_th]
    return [*dict.fromkeys(one for one in (*names, words.name_local) if one), t(f"neighbour.{pair.neighbour}", lang)]
