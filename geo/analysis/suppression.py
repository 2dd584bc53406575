"""Which figures of a table to hide, so that no small one can be read or worked out.

Source: Cox 1995 (network models); Fischetti and Salazar 2001, "Solving the cell suppression problem on tabular data with
linear constraints", Management Science 47, whose linear programme for one cell after the other is the one here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from geo.analysis.arrays import Bools, Floats, Ints
from geo.analysis.margins import Margins, engine
from geo.analysis.suppression_audit import NARROWEST, Reader

__all__ = ["SMALLEST", "Earlier", "primary", "protected"]

SMALLEST = 10
"""No figure below is shown. A nought neither: shown, it would say of every other hidden figure that it is none."""
_ALMOST_NOTHING = 1e-3
"""What a hidden cell costs: of two ways over as many shown figures the shorter one is better."""


@dataclass(frozen=True, slots=True, eq=False)
class Earlier:
    """What readers have already: a version of the same table, and what of it was hidden, same shape."""

    cells: Ints
    hidden: Bools


def primary(cells: Ints, earlier: Sequence[Earlier] = ()) -> Bools:
    """What is hidden for its own sake, same shape as ``cells``.

    A figure under `SMALLEST`; what an earlier version hid, since whoever has both would otherwise read it for the quarter that
    hardly changed; and what differs from an earlier version by less than `SMALLEST`, for the difference is a small count too.
    """
    hidden: Bools = np.asarray(cells < SMALLEST)
    for one in earlier:
        change = np.abs(cells - one.cells)
        hidden |= one.hidden | ((change > 0) & (change < SMALLEST))
    return hidden


def protected(margins: Margins, cells: Ints, earlier: Sequence[Earlier] = ()) -> Bools:
    """What to hide of a table, same shape: the small figures, and as many others as keep those from being worked out.

    Whoever reads what is left cannot pin any hidden figure to a range narrower than
    `geo.analysis.suppression_audit.NARROWEST`. The figures that go beside the small ones are those whose loss is least by
    `Margins.weights`.

    Parameters
    ----------
    margins
        The sums of the table.
    cells
        Counts with their margins, shape ``margins.shape``.
    earlier
        Versions of the same table that were published before.
    """
    hidden = primary(cells, earlier)
    while True:
        before = hidden.copy()
        hidden = _wide_enough(margins, cells, hidden)
        for one in earlier:
            hidden |= _wide_changes(margins, cells - one.cells, hidden)
        if (hidden == before).all():
            return hidden


def _wide_enough(margins: Margins, cells: Ints, hidden: Bools) -> Bools:
    if not hidden.any():
        return hidden
    reader = Reader(margins, cells, hidden)
    reader.search()
    queue = list(reader.narrow_cells)
    if not queue:
        return hidden
    return _Cover(margins, cells, hidden).covered(queue)


def _wide_changes(margins: Margins, change: Ints, hidden: Bools) -> Bools:
    """Where nothing was taken out between two versions, a reader may hold the difference against us as a table of its own."""
    if (change < 0).any() or not change.any():
        return hidden
    reader = Reader(margins, change, hidden, (change > 0) & (change < SMALLEST))
    reader.search()
    reader.prove()
    told = list(reader.narrow_cells)
    return _Cover(margins, change, hidden).covered(told) if told else hidden


class _Cover:
    """Hides what is needed beside narrow cells, one of them after the other."""

    def __init__(self, margins: Margins, cells: Ints, hidden: Bools) -> None:
        self._flat = cells.ravel()
        self._shape = cells.shape
        self._hidden = hidden.ravel().copy()
        self._weights = margins.weights(cells).ravel()
        self._relations = relations = margins.relations()
        n = len(self._flat)
        # Columns: by how much each cell is more, and by how much less, in another table that a reader could not tell from this.
        room = np.concatenate([np.full(n, self._flat.max(initial=0) + 1_000.0), self._flat.astype(np.float64)])
        self._room = room
        both = sparse.csr_array(sparse.hstack([relations, -relations], format="csr"))
        self._solver = engine(both, np.zeros(relations.shape[0]), np.zeros(2 * n), room, np.zeros(2 * n))
        self._columns = np.arange(2 * n, dtype=np.int32)
        self._low = self._flat.astype(np.float64)
        self._high = self._low.copy()

    def covered(self, queue: list[np.int64]) -> Bools:
        """What is hidden when each of these cells, and each that is hidden for their sake, has its range."""
        waiting = sorted(queue, key=lambda cell: -self._weights[cell])
        while waiting:
            cell = int(waiting.pop())
            if self._high[cell] - self._low[cell] >= NARROWEST:
                continue
            change = min(self._ways(cell), key=lambda way: self._lost(way))
            found = self._flat + change
            np.minimum(self._low, found, out=self._low)
            np.maximum(self._high, found, out=self._high)
            added = np.flatnonzero((change != 0) & ~self._hidden)
            self._hidden[added] = True
            waiting += list(added)
        return np.asarray(self._hidden.reshape(self._shape))

    def _lost(self, change: Floats) -> float:
        return float(self._weights[(change != 0) & ~self._hidden].sum())

    def _ways(self, cell: int) -> list[Floats]:
        """Other tables in which the cell is larger by the range, or smaller, with as little of what is shown changed."""
        n = len(self._flat)
        cost = np.where(self._hidden, _ALMOST_NOTHING, self._weights)
        self._solver.changeColsCost(2 * n, self._columns, np.concatenate([cost, cost]))
        ways = []
        for more, less in ((NARROWEST, 0), (0, NARROWEST)):
            if less > self._flat[cell]:
                continue
            for column, value in ((cell, more), (n + cell, less)):
                self._solver.changeColBounds(column, value, value)
            self._solver.run()
            if self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                found = np.round(np.asarray(self._solver.getSolution().col_value))
                change = np.asarray(found[:n] - found[n:])
                if np.any(self._relations @ change):
                    raise ArithmeticError("the other table does not add up")
                ways.append(change)
        for column in (cell, n + cell):
            self._solver.changeColBounds(column, 0.0, float(self._room[column]))
        return ways
