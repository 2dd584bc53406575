"""Routes, tracks and stretches of border as lines in colours, for the maps of patrols."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from dashboard.i18n import t
from dashboard.maps import computed
from dashboard.maps.palette import palette
from geo.model.patrol import PatrolStatus

__all__ = ["AGES", "COLOURS", "age_class", "age_words", "box", "gap_ways", "lines", "state_legend", "status_colour"]

AGES: Final = (24.0, 72.0, 168.0, 672.0)
"""Hours at which a stretch of border goes into the next class: a day, three days, a week, four weeks."""
COLOURS: Final = {
    "day": ("#1b7f5c", "#7fb069", "#e3b23c", "#e07b39", "#b3261e", "#5b2a86"),
    "night": ("#4fc79a", "#a5d18a", "#f0cf6a", "#f29a5e", "#ff6b5f", "#c49bff"),
}
"""A class each, from passed today to not for four weeks, and the last for where nobody is known to have been."""
READY: Final = {"day": "#a8720b", "night": "#f0cf6a"}
COARSE = 0.0006
"""Degrees by which ways are simplified: some 60 m, less than the map shows where all of them are seen."""
AROUND = 0.02


def lines(shape: BaseGeometry, colour: str, coarse: float = COARSE) -> list[dict[str, Any]]:
    """The pieces of a line (WGS 84) in a colour."""
    parts = shapely.get_parts(shapely.simplify(shape, coarse))
    found = []
    for part in parts:
        at = shapely.get_coordinates(part)
        if len(at) > 1:
            found.append(computed.way(at[:, 0], at[:, 1], colour))
    return found


def status_colour(status: PatrolStatus, night: bool) -> str:
    """Colour of a run's way by its state."""
    colours = palette(night)
    return {
        PatrolStatus.START_OVERDUE: colours["overdue"],
        PatrolStatus.ACTIVE: colours["active"],
        PatrolStatus.READY: READY["night" if night else "day"],
        PatrolStatus.DONE: colours["track_past"],
        PatrolStatus.CANCELLED: colours["closed"],
    }.get(status, colours["route"])


def state_legend(statuses: Iterable[PatrolStatus], night: bool, lang: str) -> dict[str, Any]:
    """What the colours of the ways mean, of the states that are there."""
    shown = [status for status in PatrolStatus if status in set(statuses)]
    kinds = computed.Classes(
        t("patrols.legend.states", lang),
        tuple(t(f"patrol_status.{status}", lang) for status in shown),
        tuple(status_colour(status, night) for status in shown),
    )
    return kinds.legend()


def age_class(hours: float) -> int:
    """Class of so many hours since a pass; the last where there was none."""
    return len(AGES) + 1 if np.isinf(hours) else int(np.searchsorted(AGES, hours, side="left"))


def age_words(lang: str) -> tuple[str, ...]:
    """Names of the classes."""
    return tuple(t(f"patrols.age.{key}", lang) for key in ("day", "days3", "week", "weeks4", "longer", "never"))


def gap_ways(pieces: pd.DataFrame, night: bool, lang: str, coarse: float = 0.0) -> dict[str, Any]:
    """The border in the colours of how long ago each piece was passed, neighbours of one class in one line, with its legend."""
    colours = COLOURS["night" if night else "day"]
    kinds = np.array([age_class(hours) for hours in pieces["hours"]], dtype=int)
    follows = (
        pieces[["section", "part"]].eq(pieces[["section", "part"]].shift()).all(axis=1) & pieces["number"].diff().eq(1)
    ).to_numpy()
    ways: list[dict[str, Any]] = []
    shapes: Sequence[BaseGeometry] = list(pieces["line"])
    run: list[BaseGeometry] = []
    for at, shape in enumerate(shapes):
        if run and not (follows[at] and kinds[at] == kinds[at - 1]):
            ways += _joined(run, colours[kinds[at - 1]], coarse)
            run = []
        run.append(shape)
    if run:
        ways += _joined(run, colours[kinds[-1]], coarse)
    km = [float(pieces["km"].to_numpy()[kinds == kind].sum()) for kind in range(len(colours))]
    said = tuple(
        f"{words} · {length:,.0f} {t('map_words.km', lang)}" for words, length in zip(age_words(lang), km, strict=True)
    )
    legend = computed.Classes(t("patrols.legend.ages", lang), said, colours, note=t("patrols.legend.ages_note", lang))
    return {"ways": ways, "legend": legend.legend()}


def _joined(run: Sequence[BaseGeometry], colour: str, coarse: float) -> list[dict[str, Any]]:
    at = np.concatenate([shapely.get_coordinates(shape) for shape in run])
    return lines(shapely.linestrings(at), colour, coarse)


def box(shapes: Iterable[BaseGeometry]) -> tuple[float, float, float, float] | None:
    """West, south, east, north of shapes (WGS 84) with some room; nothing where there are none."""
    kept = [shape for shape in shapes if shape is not None and not shape.is_empty]
    if not kept:
        return None
    west, south, east, north = (float(side) for side in shapely.total_bounds(np.array(kept, dtype=object)))
    around = max(AROUND, (east - west) * 0.15, (north - south) * 0.15)
    return west - around, south - around, east + around, north + around


def marks(places: Sequence[tuple[float, float]], chosen: int | None = None) -> list[list[int]]:
    """Numbered places (lon, lat in degrees, WGS 84)."""
    if not places:
        return []
    lon, lat = zip(*places, strict=True)
    return computed.marks(lon, lat, chosen)


def shown(ways: list[dict[str, Any]], numbered: list[list[int]], legend: Mapping[str, Any]) -> dict[str, Any]:
    """For ``state["analysis"]``."""
    return {"ways": ways, "marks": numbered, "legend": dict(legend)}
