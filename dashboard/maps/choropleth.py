"""Districts in classes: how many, or how much more or less than in the period before."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.i18n import t
from dashboard.i18n.dates import number
from dashboard.maps.palette import DIVERGING, SEQUENTIAL
from geo.queries.figures import DistrictCount

__all__ = ["SMALL", "change_class", "choropleth", "count_breaks"]

SMALL = 5
"""Under so many incidents before, a percentage says nothing: the district stays without a colour."""
STEPS = (-25, -10, 10, 25)
"""Per cent at which a class begins. Compared in whole numbers: 90 of 100 is down by exactly ten."""


def count_breaks(counts: Iterable[int], classes: int) -> list[int]:
    """Upper bounds of at most ``classes`` classes that hold about equally many districts; the last is the largest.

    Quantiles of the districts that have any: a few very large ones would leave all others in the first of equal steps.
    """
    some = sorted(n for n in counts if n > 0)
    if not some:
        return []
    return sorted({some[-(-i * (len(some) - 1) // classes)] for i in range(1, classes + 1)})


def change_class(now: int, before: int) -> int | None:
    """Class 0 (down by 25 % and more) to 4 (up by 25 % and more); none where under `SMALL` were before."""
    if before < SMALL:
        return None
    change = 100 * (now - before)
    return sum(change >= step * before if step > 0 else change > step * before for step in STEPS)


def choropleth(kind: str, by_district: Iterable[DistrictCount], lang: str, night: bool) -> Mapping[str, Any] | None:
    """What the map's script needs to colour districts and to explain it; nothing where there is nothing to colour.

    Parameters
    ----------
    kind
        ``none``, ``count`` or ``change``.
    by_district
        Counts of districts; what has none is passed over.
    """
    shade = "night" if night else "day"
    known = [(row.code, row.n, row.before) for row in by_district if row.code is not None]
    if kind == "count":
        breaks = count_breaks((n for _, n, _ in known), len(SEQUENTIAL[shade]))
        if not breaks:
            return None
        labels = [f"{number(low + 1)}–{number(high)}" if high > low + 1 else number(high)
                  for low, high in zip([0, *breaks], breaks, strict=False)]  # fmt: skip
        values = {code: bisect_left(breaks, n) for code, n, _ in known if n > 0}
        colours = SEQUENTIAL[shade][len(SEQUENTIAL[shade]) - len(breaks) :]
        return {"title": t("choropleth_words.count", lang), "values": values, "colours": list(colours), "labels": labels,
                "note": t("choropleth_words.count_note", lang)}  # fmt: skip
    if kind == "change":
        classes = {code: change_class(n, before) for code, n, before in known}
        labels = [t(f"choropleth_words.change_{i}", lang) for i in range(5)]
        return {"title": t("choropleth_words.change", lang), "values": {code: i for code, i in classes.items() if i is not None},
                "colours": list(DIVERGING[shade]), "labels": labels,
                "note": t("choropleth_words.change_note", lang, small=SMALL)}  # fmt: skip
    return None
