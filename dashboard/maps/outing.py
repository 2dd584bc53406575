"""Round trips on the map: a line for each team, its stops with their numbers, and the post where all begin."""

from __future__ import annotations

from typing import Any

from dashboard.i18n import t
from dashboard.maps import computed
from dashboard.maps.palette import TEAMS
from dashboard.patrolling.suggestion import Suggestion

__all__ = ["AROUND", "box", "drawn"]

AROUND = 0.03
"""Degrees of room around the ways."""


def drawn(found: Suggestion, lang: str) -> dict[str, Any]:
    """For ``state["analysis"]`` (dashboard/web/assets/analysis.js)."""
    ways: list[dict[str, Any]] = []
    marks: list[list[Any]] = [*computed.marks([found.lon], [found.lat], 0)]
    marks[0][2] = 0  # the post, before the first stop
    for number, team in enumerate(found.teams):
        colour = TEAMS[number % len(TEAMS)]
        lon, lat = zip(*team.line, strict=True)
        ways.append(computed.way(lon, lat, colour))
        stops = computed.marks([stop.place.lon for stop in team.stops], [stop.place.lat for stop in team.stops])
        marks += [[*mark, colour] for mark in stops]
    labels = [t("outing.legend.team", lang, team=number) for number in range(1, len(found.teams) + 1)]
    colours = [TEAMS[number % len(TEAMS)] for number in range(len(found.teams))]
    legend = {
        "title": t("outing.legend.title", lang),
        "labels": labels,
        "colours": colours,
        "note": t("outing.legend.note", lang),
    }
    return {"ways": ways, "marks": marks, "legend": legend}


def box(found: Suggestion) -> tuple[float, float, float, float]:
    """West, south, east, north (degrees) of all ways, with some room."""
    lon = [at[0] for team in found.teams for at in team.line] or [found.lon]
    lat = [at[1] for team in found.teams for at in team.line] or [found.lat]
    return min(lon) - AROUND, min(lat) - AROUND, max(lon) + AROUND, max(lat) + AROUND
