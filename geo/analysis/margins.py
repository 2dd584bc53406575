"""A table of counts with its margins: districts in provinces in a whole, by kinds and all kinds together."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

from geo.analysis.arrays import Bools, Floats, Ints
from geo.analysis.siting.mip import QuietHighs

__all__ = ["Margins", "engine"]


@dataclass(frozen=True, slots=True, eq=False)
class Margins:
    """Which sums hold in the table.

    Its rows are the whole, the provinces, the districts; its columns all kinds together, then each kind. Along one side
    there is a hierarchy and along the other a single sum, so that the sums are those of a network: the corners of what a
    linear programme may find are whole numbers, and no integer programme is needed (Cox 1995, "Network models for
    complementary cell suppression", Journal of the American Statistical Association 90).

    Attributes
    ----------
    province_of
        Number of each district's province, 0 to provinces - 1, shape (districts,); every province has a district.
    kinds
        How many.
    """

    province_of: Ints
    kinds: int

    @property
    def provinces(self) -> int:
        """How many."""
        return int(self.province_of.max()) + 1

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the table."""
        return 1 + self.provinces + len(self.province_of), 1 + self.kinds

    @property
    def inner(self) -> Bools:
        """Which cells are no sums, shape ``shape``."""
        inner = np.zeros(self.shape, dtype=bool)
        inner[1 + self.provinces :, 1:] = True
        return inner

    def filled(self, counts: npt.ArrayLike) -> Ints:
        """The table of these counts, shape (districts, kinds), with its margins."""
        inner = np.asarray(counts, dtype=np.int64)
        by_province = np.zeros((self.provinces, self.kinds), dtype=np.int64)
        np.add.at(by_province, self.province_of, inner)
        rows = np.vstack([inner.sum(axis=0, keepdims=True), by_province, inner])
        return np.hstack([rows.sum(axis=1, keepdims=True), rows])

    def relations(self) -> sparse.csr_array:
        """The sums as a matrix, shape (sums, cells): times the table laid out row by row it is 0."""
        rows, columns = self.shape
        first = 1 + self.provinces
        number = np.arange(rows * columns).reshape(rows, columns)
        parts: list[list[int]] = [[int(line[0]), *(int(cell) for cell in line[1:])] for line in number]
        for column in range(columns):
            parts.append([int(number[0, column]), *(int(cell) for cell in number[1:first, column])])
            for province in range(self.provinces):
                own = number[first:, column][self.province_of == province]
                parts.append([int(number[1 + province, column]), *(int(cell) for cell in own)])
        at = np.concatenate([np.full(len(part), line) for line, part in enumerate(parts)])
        signs = np.concatenate([np.r_[1.0, -np.ones(len(part) - 1)] for part in parts])
        return sparse.csr_array((signs, (at, np.concatenate(parts))), shape=(len(parts), rows * columns))

    def weights(self, cells: Ints) -> Floats:
        """What is lost with each figure, same shape as ``cells``: the wider what it counts and the larger, the more."""
        level = np.ones(self.shape)
        level[1 : 1 + self.provinces] = 2.0
        level[0] = 8.0
        level[:, 0] *= 3.0
        return np.asarray(level * (1.0 + np.log1p(cells)))


def engine(matrix: sparse.csr_array, right: Floats, low: Floats, high: Floats, cost: Floats) -> highspy.Highs:
    """HiGHS with ``matrix @ x = right``, ``low <= x <= high`` and the cost to be made least, by dual simplex."""
    solver = QuietHighs()  # type: ignore[no-untyped-call]
    settings: dict[str, int | str] = {"threads": 1, "solver": "simplex", "presolve": "off"}
    for name, value in settings.items():
        solver.setOptionValue(name, value)
    problem = highspy.HighsLp()
    problem.num_col_, problem.num_row_ = len(low), len(right)
    problem.col_cost_, problem.col_lower_, problem.col_upper_ = cost, low, high
    problem.row_lower_ = problem.row_upper_ = right
    problem.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    problem.a_matrix_.start_, problem.a_matrix_.index_ = matrix.indptr, matrix.indices
    problem.a_matrix_.value_ = matrix.data
    solver.passModel(problem)
    return solver
