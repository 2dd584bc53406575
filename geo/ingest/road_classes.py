"""Classes of roads, as OpenStreetMap and files made from it write them: what can be driven, which way, and how fast."""

from __future__ import annotations

import math
import re

__all__ = ["OTHER", "SPEEDS", "driven", "one_way", "speed_kmh"]

SPEEDS = {
    "motorway": 90.0, "trunk": 80.0, "primary": 70.0, "secondary": 60.0, "tertiary": 50.0, "unclassified": 40.0,
    "road": 40.0, "residential": 30.0, "living_street": 15.0, "service": 20.0, "track": 20.0,
}  # fmt: skip
"""Kilometres an hour that a patrol's car makes on each class, stops counted: some 0.8 of what is allowed in Thailand (90 on highways)."""
OTHER = "road"
"""Class of a line that says none: a file of roads holds roads."""
NOT_DRIVEN = {
    "footway", "path", "steps", "cycleway", "pedestrian", "bridleway", "corridor", "construction", "proposed", "platform",
    "elevator", "raceway", "razed", "abandoned", "ferry", "rest_area", "services", "bus_stop", "busway", "via_ferrata",
}  # fmt: skip
SLOWEST, FASTEST = 5.0, 120.0
_MPH = 1.609344
_FORWARD, _BACK = {"yes", "true", "1", "f", "ft"}, {"-1", "reverse", "t", "tf"}
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(mph)?")


def driven(said: str) -> str | None:
    """The class of a road in `SPEEDS`; nothing where a car cannot go.

    ``primary_link`` and Geofabrik's ``track_grade3`` are what they begin with; a word that is not known is `OTHER`.
    """
    word = said.strip().lower()
    if word in NOT_DRIVEN:
        return None
    word = word.removesuffix("_link")
    return "track" if word.startswith("track") else word if word in SPEEDS else OTHER


def one_way(said: str) -> int:
    """1 along the line alone, -1 against it alone, 0 both; Geofabrik writes F, T and B."""
    word = said.strip().lower()
    return 1 if word in _FORWARD else -1 if word in _BACK else 0


def speed_kmh(said: str) -> float:
    """Kilometres an hour that a file gives, within reason; NaN where it gives none."""
    found = _NUMBER.match(said.strip().lower())
    if found is None or float(found[1]) <= 0:
        return math.nan
    return min(max(float(found[1]) * (_MPH if found[2] else 1.0), SLOWEST), FASTEST)
