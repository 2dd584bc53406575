"""What was found: the answer as the command prints it, the sites with their reasons, and what the map shows of the demand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.analysis.arrays import Floats

__all__ = ["CELL_M", "Cells", "Found", "Site", "way_unit"]

CELL_M = 1000.0
"""Metres: squares in which the map shows the demand."""


def way_unit(told: Mapping[str, Any]) -> tuple[str, float]:
    """In what the ways of an answer are told, ``min`` or ``km``, and by what its figures are divided for that."""
    return ("min", 1.0) if told.get("distance") == "minutes" else ("km", 1000.0)


@dataclass(frozen=True, slots=True)
class Site:
    """A site of an answer.

    Attributes
    ----------
    number
        On map and list, from 1.
    code, source
        Of the candidate: ``checkpoint``, ``planned``, ``crossing``, ``own``, ``grid``, ``road`` or ``given``.
    role
        ``existing``, ``chosen`` or ``forced``.
    checkpoint
        Code of the checkpoint that stands or is planned there.
    covers, adds, lost, swap_loss
        As `geo.analysis.siting.explain` and `explain_median` say them; nothing where there is no such figure.
    second_best
        Name of the place that could take its place with the least loss, and where that is (degrees).
    """

    number: int
    code: str
    name: str
    name_en: str
    district: str | None
    kind: str
    source: str
    role: str
    lon: float
    lat: float
    cost: float | None
    staff: float | None
    moved: bool = False
    checkpoint: str | None = None
    covers: float | None = None
    adds: float | None = None
    lost: float | None = None
    swap_loss: float | None = None
    second_best: tuple[str, str, float, float] | None = None

    @property
    def figures(self) -> dict[str, Any]:
        """As a plan keeps them."""
        told = {name: getattr(self, name) for name in ("covers", "adds", "lost", "swap_loss")}
        second = None if self.second_best is None else list(self.second_best)
        return {name: value for name, value in (told | {"second_best": second}).items() if value is not None}


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Demand put together in squares of a kilometre, for the map.

    Attributes
    ----------
    x, y
        Middles, metres around the middle of the border, shape (n,).
    weight, count
        Shape (n,): of the demand, and how many incidents.
    by_site
        Share of the weight of each square that each site of the answer covers, shape (n, sites).
    covered
        Share of the weight that any of them covers, shape (n,).
    """

    x: Floats
    y: Floats
    weight: Floats
    count: npt.NDArray[np.int64]
    by_site: npt.NDArray[np.float32]
    covered: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """An answer.

    Attributes
    ----------
    told
        As ``python -m dashboard plan --json`` prints it.
    sites
        The new ones in the order in which they add most, then those that are there already.
    cells
        Nothing while the search goes on.
    as_of
        Moment at which the demand was read.
    remarks
        Keys of sentences, and what stands in them.
    """

    told: Mapping[str, Any]
    sites: tuple[Site, ...]
    cells: Cells | None
    as_of: datetime
    remarks: tuple[tuple[str, Mapping[str, Any]], ...] = ()

    @property
    def new(self) -> tuple[Site, ...]:
        """Without the existing ones."""
        return tuple(site for site in self.sites if site.role != "existing")
