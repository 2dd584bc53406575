"""Districts in classes: how many, or how much more or less than in the period before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.i18n import t
from dashboard.i18n.dates import number
from dashboard.maps.palette import DIVERGING, SEQUENTIAL

__all__ = ["SMALL", "change_classes", "choropleth", "count_breaks"]

SMALL = 5
"""Under so many incidents before, a percentage says nothing: the district stays without a colour."""
STEPS = (-25, -10, 10, 25)
"""Per cent at which a class begins. Compared in whole numbers: 90 of 100 is down by exactly ten."""


def count_breaks(counts: pd.Series, classes: int) -> list[int]:
    """Upper bounds of at most ``classes`` classes that hold about equally many districts; the last is the largest.

    Quantiles of the districts that have any: a few very large ones would leave all others in the first of equal steps.
    """
    some = counts[counts > 0]
    if some.empty:
        return []
    bounds = some.quantile([i / classes for i in range(1, classes + 1)], interpolation="higher").astype(int)
    return sorted(set(bounds.tolist()))


def change_classes(now: pd.Series, before: pd.Series) -> pd.Series:
    """Class 0 (down by 25 % and more) to 4 (up by 25 % and more) by district; those with under `SMALL` before are left out."""
    both = pd.DataFrame({"now": now, "before": before}).fillna(0)
    both = both[both["before"] >= SMALL]
    change = 100 * (both["now"] - both["before"])
    classes = sum(
        (change >= step * both["before"] if step > 0 else change > step * both["before"]).astype(int) for step in STEPS
    )
    assert isinstance(classes, pd.Series)
    return classes


def choropleth(kind: str, by_district: pd.DataFrame, lang: str, night: bool) -> Mapping[str, Any] | None:
    """What the map's script needs to colour districts and to explain it; nothing where there is nothing to colour.

    Parameters
    ----------
    kind
        ``none``, ``count`` or ``change``.
    by_district
        Indexed by district code: ``n`` and ``before``.
    """
    shade = "night" if night else "day"
    known = by_district[by_district.index.notna()]
    if kind == "count":
        breaks = count_breaks(known["n"], len(SEQUENTIAL[shade]))
        if not breaks:
            return None
        labels = [f"{number(low + 1)}–{number(high)}" if high > low + 1 else number(high)
                  for low, high in zip([0, *breaks], breaks, strict=False)]  # fmt: skip
        values = {str(c): next(i for i, b in enumerate(breaks) if n <= b) for c, n in known["n"].items() if n > 0}
        colours = SEQUENTIAL[shade][len(SEQUENTIAL[shade]) - len(breaks) :]
        return {"title": t("choropleth_words.count", lang), "values": values, "colours": list(colours), "labels": labels,
                "note": t("choropleth_words.count_note", lang)}  # fmt: skip
    if kind == "change":
        classes = change_classes(known["n"], known["before"])
        labels = [t(f"choropleth_words.change_{i}", lang) for i in range(5)]
        return {"title": t("choropleth_words.change", lang), "values": {str(c): int(i) for c, i in classes.items()},
                "colours": list(DIVERGING[shade]), "labels": labels,
                "note": t("choropleth_words.change_note", lang, small=SMALL)}  # fmt: skip
    return None
