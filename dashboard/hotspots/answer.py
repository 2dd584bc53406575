"""What a hotspot statistic found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from geo.analysis.plane import Plane

__all__ = ["Answer", "Remark"]

Remark = tuple[str, Mapping[str, Any]]
"""Key of a sentence, and its values."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a method found. Shared by all who ask the same: nobody changes it.

    Attributes
    ----------
    summary
        Plain values: ``method``, ``n``, the parameters, the results; of the store also ``first``, ``last``, ``as_of``
        (moment of reading, ISO, Asia/Bangkok) and ``version``.
    rows
        A table, one row a place, cluster, cell, band …; columns ``x``, ``y`` in metres where ``placed``.
    shapes
        Geometry of each row in metres, shape (rows,), or nothing.
    placed
        Whether the rows are places.
    remarks
        What must be said beside it.
    plane
        Turns metres into degrees; nothing where the points came in metres.
    each
        What was found of each single point, in the order read, where that is something else than ``rows``.
    """

    summary: Mapping[str, Any]
    rows: pd.DataFrame
    shapes: np.ndarray[Any, Any] | None = None
    placed: bool = True
    remarks: tuple[Remark, ...] = field(default=())
    plane: Plane | None = None
    each: pd.DataFrame | None = None

    def rows_in_degrees(self) -> pd.DataFrame:
        """The rows with ``lon`` and ``lat`` (WGS 84, rounded to a centimetre) in place of ``x`` and ``y``."""
        if self.plane is None or not self.placed or not {"x", "y"} <= set(self.rows.columns) or "lon" in self.rows:
            return self.rows
        lon, lat = self.plane.degrees(self.rows["x"], self.rows["y"])
        rows = self.rows.drop(columns=["x", "y"])
        rows.insert(0, "lat", np.round(lat, 7))
        rows.insert(0, "lon", np.round(lon, 7))
        return rows

    def shapes_in_degrees(self) -> np.ndarray[Any, Any] | None:
        """The shapes in WGS 84, shape (rows,); as they are where the points came in metres."""
        if self.shapes is None or self.plane is None:
            return self.shapes
        return self.plane.shapes_to_degrees(self.shapes)
