"""One question of the hotspot page: who asks, which incidents, which method, how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dashboard.hotspots.asked import Asked
from geo.model import IncidentFilter, Scope

__all__ = ["METHODS", "SIMULATED", "Method", "Question"]

Method = Literal[
    "gi", "gi_districts", "kde", "dbscan", "places", "emerging", "scan", "knox", "concentration", "when", "pai",
    "rates", "compare", "compare_districts",
]  # fmt: skip
METHODS: tuple[Method, ...] = (
    "gi", "gi_districts", "kde", "dbscan", "places", "emerging", "scan", "knox", "concentration", "when", "pai",
    "rates", "compare", "compare_districts",
)  # fmt: skip
SIMULATED: frozenset[Method] = frozenset({"scan", "knox"})
"""Those that take long, tell how far they have got and can be cancelled."""


@dataclass(frozen=True, slots=True)
class Question:
    """Equal questions have one answer.

    Attributes
    ----------
    scope
        What the asker may read.
    chosen
        The incidents; see `dashboard.hotspots.asked.based_on`.
    version
        State of the data (``hub.version``): an answer is as old as that.
    """

    scope: Scope
    chosen: IncidentFilter
    method: Method
    asked: Asked
    version: str
