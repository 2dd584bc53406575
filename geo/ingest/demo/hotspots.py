"""Where and when synthetic incidents come thick: places on the border that emerge, grow and fade."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.ingest.demo.border import STEP_M, Border
from geo.ingest.demo.patterns import type_shares

__all__ = ["Hotspots", "make_hotspots"]

HOTSPOTS = 44
AT_CROSSINGS = 0.6
"""Share of the hotspots that stand at a crossing point."""
BACKGROUND = 0.2
"""Share of incidents that belong to no hotspot and lie anywhere along the sections."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hotspots:
    """Sources of incidents: hotspots first, then one thin, steady source for each section; k of them.

    Attributes
    ----------
    station
        Station in the middle, shape (k,); unused where ``spread`` is infinite.
    spread
        Standard deviation along the border in stations, shape (k,); infinite: anywhere on the section.
    inland_m
        Mean distance from the border, shape (k,).
    section
        Index of the section, shape (k,).
    strength
        Share of all incidents, shape (k,), sum 1.
    life
        Weight of each day of the period, shape (k, days).
    types
        Shares of the crime types, shape (k, types).
    """

    station: NDArray[np.int64]
    spread: Floats
    inland_m: Floats
    section: NDArray[np.int64]
    strength: Floats
    life: Floats
    types: Floats


def make_hotspots(border: Border, types: tuple[str, ...], days: int, rng: np.random.Generator) -> Hotspots:
    """Draw the sources for a period of so many days."""
    at_crossings = min(round(HOTSPOTS * AT_CROSSINGS), border.crossing_stations.size)
    station = np.concatenate(
        [
            rng.choice(border.crossing_stations, at_crossings, replace=False),
            rng.integers(0, border.stations.lon.size, HOTSPOTS - at_crossings),
        ]
    )
    sections = np.arange(len(border.sections))
    lengths = np.array([len(stations) for stations in border.of_section], dtype=np.float64)
    strength = rng.lognormal(0.0, 0.9, HOTSPOTS)
    section = np.concatenate([border.stations.section[station], sections])
    base = np.stack([type_shares(border.sections[i].district, types) for i in section])
    return Hotspots(
        station=np.concatenate([station, np.zeros(sections.size, dtype=np.int64)]),
        spread=np.concatenate([rng.uniform(700, 3000, HOTSPOTS) / STEP_M, np.full(sections.size, np.inf)]),
        inland_m=np.concatenate([rng.uniform(600, 3000, HOTSPOTS), np.full(sections.size, 3000.0)]),
        section=section,
        strength=np.concatenate([strength / strength.sum() * (1 - BACKGROUND), lengths / lengths.sum() * BACKGROUND]),
        life=np.stack([_life(days, rng) for _ in range(HOTSPOTS)] + [np.ones(days)] * sections.size),
        types=_own_mixture(base, rng),
    )


def _life(days: int, rng: np.random.Generator) -> Floats:
    """One of three stories: always there, emerging, or there for some months; never quite silent."""
    day = np.arange(days) / max(days, 1)
    story = rng.random()
    if story < 0.35:
        return np.asarray(0.8 + 0.2 * np.sin(2 * np.pi * (day * rng.uniform(1, 3) + rng.random())), dtype=np.float64)
    if story < 0.65:
        return np.asarray(0.03 + 1 / (1 + np.exp(-(day - rng.uniform(0.4, 0.95)) / 0.04)), dtype=np.float64)
    width = rng.uniform(0.04, 0.15)
    return np.asarray(0.02 + np.exp(-(((day - rng.random()) / width) ** 2) / 2), dtype=np.float64)


def _own_mixture(base: Floats, rng: np.random.Generator) -> Floats:
    mixed = base * rng.gamma(1.5, 1.0, base.shape)
    return np.asarray(mixed / mixed.sum(axis=1, keepdims=True), dtype=np.float64)
