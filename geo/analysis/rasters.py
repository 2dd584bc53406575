"""Grids of square cells in metres: where their middles are, what is counted in them, which lie on the land."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.analysis.arrays import Bools, Floats, positive
from geo.errors import AnalysisRefused

__all__ = ["MOST", "Raster", "raster_over"]

MOST = 8_000_000
"""Cells of one grid: 64 MB a layer."""


@dataclass(frozen=True, slots=True)
class Raster:
    """A grid of squares; rows go north, columns go east.

    Attributes
    ----------
    west, south
        Middle of the south-western cell, metres.
    cell
        Width of a cell, metres.
    rows, columns
        How many.
    """

    west: float
    south: float
    cell: float
    rows: int
    columns: int

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)"""
        return self.rows, self.columns

    def x(self) -> Floats:
        """Middles of the columns, metres, shape (columns,)."""
        return np.asarray(self.west + self.cell * np.arange(self.columns))

    def y(self) -> Floats:
        """Middles of the rows, metres, shape (rows,)."""
        return np.asarray(self.south + self.cell * np.arange(self.rows))

    def shared(self, x: Floats, y: Floats, weights: Floats | None = None) -> Floats:
        """Each point shared among the four middles around it, the nearest getting most (linear binning).

        Parameters
        ----------
        x, y
            Metres, shape (n,). What lies beyond the outermost middles is left out.
        weights
            Shape (n,); 1 each where not given.

        Returns
        -------
        ndarray
            Shape (rows, columns); its sum is that of the weights inside.
        """
        across, along = (x - self.west) / self.cell, (y - self.south) / self.cell
        column, row = np.floor(across).astype(np.int64), np.floor(along).astype(np.int64)
        inside = (column >= 0) & (row >= 0) & (column < self.columns - 1) & (row < self.rows - 1)
        column, row = column[inside], row[inside]
        east, north = across[inside] - column, along[inside] - row
        weight = np.ones(len(column)) if weights is None else weights[inside]
        at, size = row * self.columns + column, self.rows * self.columns
        total = np.zeros(size)
        for step, share in (
            (0, (1 - east) * (1 - north)),
            (1, east * (1 - north)),
            (self.columns, (1 - east) * north),
            (self.columns + 1, east * north),
        ):
            total += np.bincount(at + step, weights=share * weight, minlength=size)
        return total.reshape(self.shape)

    def at(self, values: Floats, x: Floats, y: Floats) -> Floats:
        """Values of the grid, shape (rows, columns), between its middles (bilinear), shape (n,); 0 outside."""
        across, along = (x - self.west) / self.cell, (y - self.south) / self.cell
        column = np.clip(np.floor(across).astype(np.int64), 0, self.columns - 2)
        row = np.clip(np.floor(along).astype(np.int64), 0, self.rows - 2)
        east, north = across - column, along - row
        inside = (east >= 0) & (east <= 1) & (north >= 0) & (north <= 1)
        south_side = values[row, column] * (1 - east) + values[row, column + 1] * east
        north_side = values[row + 1, column] * (1 - east) + values[row + 1, column + 1] * east
        return np.where(inside, south_side * (1 - north) + north_side * north, 0.0)

    def on(self, land: BaseGeometry) -> Bools:
        """Whether the middle of each cell lies on the land (metres); shape (rows, columns)."""
        shapely.prepare(land)
        x, y = np.meshgrid(self.x(), self.y())
        return np.asarray(shapely.intersects_xy(land, x, y))


def raster_over(
    bounds: tuple[float, float, float, float],
    cell: float,
    margin: float = 0.0,
    origin: tuple[float, float] = (0.0, 0.0),
) -> Raster:
    """The grid of cells over a box and a margin around it; middles at whole multiples of the cell from the origin.

    Parameters
    ----------
    bounds
        West, south, east, north, metres.
    cell, margin, origin
        Metres.

    Raises
    ------
    AnalysisRefused
        ``analysis.too_many_cells``, ``analysis.not_positive``.
    """
    step = positive("cell", cell)
    box = np.array(bounds) - np.tile(origin, 2)
    low = np.floor((box[:2] - margin) / step)
    high = np.ceil((box[2:] + margin) / step)
    columns, rows = high - low + 2
    if not rows * columns <= MOST:
        raise AnalysisRefused("analysis.too_many_cells", cell=cell, cells=float(rows * columns))
    return Raster(float(origin[0] + low[0] * step), float(origin[1] + low[1] * step), step, int(rows), int(columns))
