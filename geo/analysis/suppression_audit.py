"""How far a reader can pin down what a published table hides: a linear programme over all that is published."""

from __future__ import annotations

import highspy
import numpy as np
import numpy.typing as npt

from geo.analysis.arrays import Bools, Floats, Ints
from geo.analysis.margins import Margins, engine

__all__ = ["NARROWEST", "Reader", "narrow"]

NARROWEST = 5
"""A hidden figure's range, largest less smallest, is never less."""
_ABOVE = 1_000.0
"""No count is thought to be higher than it is by more."""
_PASSES = 40
"""Looks in random directions; each widens what is known of many cells at once."""


class Reader:
    """Who reads the table and knows its sums, and that counts are whole and not negative; nothing else.

    Parameters
    ----------
    margins
        The sums.
    cells
        The whole table.
    hidden
        What of it is not shown, same shape.
    wanted
        Which of that is looked for, same shape; all of it where it is not said.
    """

    def __init__(self, margins: Margins, cells: Ints, hidden: Bools, wanted: Bools | None = None) -> None:
        self._unknown = np.flatnonzero(hidden)
        known = np.where(hidden, 0, cells).ravel().astype(np.float64)
        relations = margins.relations()
        self._wanted = np.ones(len(self._unknown), dtype=bool) if wanted is None else wanted.ravel()[self._unknown]
        self.low = cells.ravel()[self._unknown].astype(np.float64)
        self.high = self.low.copy()
        count = len(self._unknown)
        # Where the whole is hidden too nothing bounds what is in it but this; its totals then follow.
        ceiling = np.where(margins.inner.ravel()[self._unknown], self.low + _ABOVE, np.inf)
        self._solver = engine(
            relations[:, self._unknown], -(relations @ known), np.zeros(count), ceiling, np.zeros(count)
        )
        self._columns = np.arange(count, dtype=np.int32)

    def _look(self, cost: Floats) -> None:
        """One possible table, the least by ``cost``: every hidden cell may be as it is there."""
        self._solver.changeColsCost(len(cost), self._columns, cost)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError("what is published contradicts itself")
        found = np.round(np.asarray(self._solver.getSolution().col_value))
        np.minimum(self.low, found, out=self.low)
        np.maximum(self.high, found, out=self.high)

    @property
    def _open(self) -> npt.NDArray[np.int64]:
        return np.flatnonzero(self._wanted & (self.high - self.low < NARROWEST))

    def search(self) -> None:
        """Widen the ranges in random directions for as long as that helps. Ranges are then at least so wide."""
        draw = np.random.default_rng(1)
        for _ in range(_PASSES):
            open_cells = self._open
            if not len(open_cells):
                return
            cost = np.zeros(len(self.low))
            cost[open_cells] = draw.normal(size=len(open_cells))
            self._look(cost)
            self._look(-cost)
            if len(self._open) > 0.97 * len(open_cells):
                return

    def prove(self) -> None:
        """Find the whole range of every cell that is still narrow."""
        for cell in self._open:
            for sign in (1.0, -1.0):
                if self.high[cell] - self.low[cell] < NARROWEST:
                    cost = np.zeros(len(self.low))
                    cost[cell] = sign
                    self._look(cost)

    @property
    def narrow_cells(self) -> npt.NDArray[np.int64]:
        """Numbers of the cells that are looked for, counted row by row, whose range as found so far is narrower than `NARROWEST`."""
        return np.asarray(self._unknown[self._open])


def narrow(margins: Margins, cells: Ints, hidden: Bools) -> Bools:
    """Which hidden cells a reader can pin to a range narrower than `NARROWEST`; same shape as ``cells``."""
    pinned = np.zeros(cells.size, dtype=bool)
    if hidden.any():
        reader = Reader(margins, cells, hidden)
        reader.search()
        reader.prove()
        pinned[reader.narrow_cells] = True
    return pinned.reshape(cells.shape)
