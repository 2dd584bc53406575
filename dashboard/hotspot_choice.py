"""What a reader of the hotspot page chose beside the shared filter, and how it stands in the page's address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import get_args

from dashboard.filter_state import EARLIEST, LATEST
from dashboard.hotspots.asked import Asked, Base
from dashboard.hotspots.question import Method

__all__ = ["AGAINST", "CHOICE_KEYS", "PARAMETERS", "QUESTIONS", "Choice", "choice_of", "choice_query"]

QUESTIONS: Mapping[str, tuple[Method, ...]] = {
    "where": ("kde", "gi", "gi_districts", "dbscan", "places"),
    "new": ("emerging", "scan", "knox"),
    "concentrated": ("concentration",),
    "when": ("when",),
    "good": ("pai",),
    "rates": ("rates",),
    "compare": ("compare", "compare_districts"),
}
"""The questions in their order, each with the methods that answer it; the first opens."""
AGAINST = ("28", "year", "custom")
"""Compared are 28 days with the 28 before, this year so far with as much of the last, or the filter's period with days of one's own."""
CHOICE_KEYS = ("method", "found", "unverified", "points", "against", "before", "beside", "with")
"""Keys of the address."""
LIMITS: Mapping[str, tuple[float, float]] = {
    "bandwidth": (2000, 25_000),
    "cell": (1000, 25_000),
    "distance": (1000, 100_000),
    "eps": (250, 5000),
    "min_points": (3, 100),
    "radius": (1000, 200_000),
    "days": (1, 60),
    "slice_days": (7, 92),
    "split": (0, 100_000),
    "share": (0.5, 0.95),
    "permutations": (99, 999),
}
"""Numbers that can be set, and how far."""
PARAMETERS: Mapping[Method, tuple[str, ...]] = {
    "kde": ("bandwidth", "adaptive"),
    "gi": ("cell", "distance", "uncorrected"),
    "gi_districts": ("uncorrected",),
    "dbscan": ("eps", "min_points"),
    "places": ("share",),
    "emerging": ("cell", "distance", "uncorrected"),
    "scan": ("radius", "days"),
    "knox": (),
    "concentration": (),
    "when": (),
    "pai": ("cell", "bandwidth"),
    "rates": (),
    "compare": ("cell",),
    "compare_districts": (),
}
"""What can be set of each method; what was set of others does not concern it."""
SWITCHES = ("adaptive", "uncorrected")


@dataclass(frozen=True, slots=True)
class Choice:
    """Everything chosen on the page.

    Attributes
    ----------
    method
        What is shown; it belongs to one of the `QUESTIONS`.
    base
        Whose incidents: the public's, or what patrols found themselves.
    unverified
        What is not verified yet too.
    points
        Incidents are drawn on the map as well.
    against, before
        What is compared; days of one's own exactly where ``against`` is ``custom`` and they were chosen.
    side_by_side
        Both periods on maps of their own.
    asked
        Parameters.
    """

    method: Method = "kde"
    base: Base = Base.PUBLIC
    unverified: bool = False
    points: bool = False
    against: str = AGAINST[0]
    before: tuple[date, date] | None = None
    side_by_side: bool = False
    asked: Asked = field(default_factory=Asked)

    @property
    def question(self) -> str:
        """The question that the method answers."""
        return next(name for name, methods in QUESTIONS.items() if self.method in methods)


def choice_query(choice: Choice) -> dict[str, str]:
    """The shortest query of a choice: what is as usual is left out."""
    usual = Asked()
    set_to = [
        f"{name}-{getattr(choice.asked, name):g}"
        for name in LIMITS
        if getattr(choice.asked, name) != getattr(usual, name)
    ]
    set_to += [name for name in SWITCHES if getattr(choice.asked, name)]
    said = {
        "method": "" if choice.method == "kde" else choice.method,
        "found": "" if choice.base == Base.PUBLIC else choice.base.value,
        "unverified": "1" if choice.unverified else "",
        "points": "1" if choice.points else "",
        "against": "" if choice.against == AGAINST[0] else choice.against,
        "before": "_".join(map(str, choice.before)) if choice.before else "",
        "beside": "1" if choice.side_by_side else "",
        "with": " ".join(set_to),
    }
    return {key: text for key, text in said.items() if text}


def choice_of(params: Mapping[str, str]) -> Choice:
    """The choice of an address. Never fails: what it does not understand is as usual."""
    method = params.get("method", "")
    against = params.get("against", "")
    found = params.get("found", "")
    return Choice(
        method=method if method in get_args(Method) else "kde",  # type: ignore[arg-type]
        base=Base.PATROLS if found == Base.PATROLS else Base.PUBLIC,
        unverified=params.get("unverified") == "1",
        points=params.get("points") == "1",
        against=against if against in AGAINST else AGAINST[0],
        before=_days(params.get("before", "")) if against == "custom" else None,
        side_by_side=params.get("beside") == "1",
        asked=_asked(params.get("with", "")),
    )


def _days(text: str) -> tuple[date, date] | None:
    try:
        first, last = map(date.fromisoformat, text.split("_"))
    except ValueError:
        return None
    return (first, last) if EARLIEST <= first <= last <= LATEST else None


def _asked(text: str) -> Asked:
    kinds = {one.name: str(one.type) for one in fields(Asked)}
    asked = Asked()
    for part in text.split():
        name, _, value = part.partition("-")
        if part in SWITCHES:
            asked = replace(asked, **{part: True})  # type: ignore[arg-type]
        elif name in LIMITS and (number := _number(value, *LIMITS[name])) is not None:
            asked = replace(asked, **{name: int(number) if kinds[name] == "int" else number})  # type: ignore[arg-type]
    return asked


def _number(text: str, least: float, most: float) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if least <= number <= most else None
