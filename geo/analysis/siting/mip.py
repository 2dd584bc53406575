"""Exact answers by HiGHS: begun with a choice that is known, told on the way, stopped by time or by a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import highspy
import numpy as np
from scipy import sparse

from geo.analysis.arrays import Bools, Floats
from geo.analysis.siting.answer import Clock, Status
from geo.analysis.siting.rules import Rules

__all__ = ["Model", "Outcome", "Rows", "rule_rows", "site_bounds", "solved"]

BETWEEN_REPORTS = 0.2
"""Seconds."""


class QuietHighs(highspy.Highs):
    """HiGHS that never writes to standard output: there it would stand in the middle of an answer as JSON."""

    def enableCallbacks(self) -> None:  # the first thing that its constructor does
        """Switch the log off before HiGHS writes its first line."""
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


@dataclass(slots=True)
class Rows:
    """Linear conditions ``lower <= matrix @ columns <= upper``, put together block by block."""

    columns: int
    blocks: list[sparse.csr_array] = field(default_factory=list)
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)

    def add(self, matrix: sparse.sparray, lower: float | Floats, upper: float | Floats, first: int = 0) -> None:
        """Conditions on the columns from ``first`` on."""
        m, n = matrix.shape
        around = [sparse.csr_array((m, first)), matrix, sparse.csr_array((m, self.columns - first - n))]
        self.blocks.append(sparse.csr_array(sparse.hstack(around, format="csr")))
        self.lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), m))
        self.upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), m))


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A mixed-integer programme: cost, bounds and whether whole of each column, shape (columns,); the rows.

    ``offset`` is what the cost of the columns is added to.
    """

    cost: Floats
    low: Floats
    high: Floats
    whole: Bools
    rows: Rows
    maximise: bool = False
    offset: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Columns of the best choice or nothing, what no choice is better than, and how it ended."""

    columns: Floats | None
    bound: float
    status: Status


def rule_rows(rows: Rows, limits: Rules) -> None:
    """The rules as conditions on the first columns, one a site, of which those in every choice are 1."""
    n = len(limits.free)
    if limits.number is not None:
        total = limits.number + int(limits.existing.sum())
        rows.add(sparse.csr_array(np.ones((1, n))), -np.inf if limits.budgets else total, total)
    if limits.district is not None and limits.least_each:
        member = sparse.csr_array((np.ones(n), (limits.district, np.arange(n))))
        rows.add(member, float(limits.least_each), np.inf)
    for budget in limits.budgets:
        rows.add(sparse.csr_array(np.where(limits.existing, 0.0, budget.cost)[None, :]), -np.inf, budget.limit)


def site_bounds(limits: Rules) -> tuple[Floats, Floats]:
    """The lowest and the highest that each site can be, shape (sites,) each."""
    always = limits.existing | limits.forced
    return always.astype(np.float64), (always | limits.free).astype(np.float64)


def solved(
    model: Model,
    clock: Clock,
    *,
    start: Floats | None = None,
    apart: float = 0.0,
    on_progress: Callable[[Floats | None, float | None], object] | None = None,
) -> Outcome:
    """Solve a model.

    Parameters
    ----------
    start
        All columns of a choice to begin with. (HiGHS would complete a part of them by a search of its own, and tell the
        bounds of that one as if they were those of the question.)
    apart
        Two values less than this apart are the same (whole weights: anything under 1).
    on_progress
        Called with the columns of a better choice, or with a bound; the other one is nothing.
    """
    engine = _engine(model, clock, apart)
    if start is not None:
        begin = highspy.HighsSolution()
        begin.col_value = start
        engine.setSolution(begin)
    # Costs were scaled: HiGHS's tolerances are absolute.
    scale = _scale(model)
    told = 0.0

    def interrupt(event: highspy.HighsCallbackEvent) -> None:
        nonlocal told
        if clock.stopped:
            event.interrupt()
        elif on_progress is not None and clock.seconds - told > BETWEEN_REPORTS:
            told = clock.seconds
            on_progress(None, float(event.data_out.mip_dual_bound) * scale)

    def better(event: highspy.HighsCallbackEvent) -> None:
        if on_progress is not None:
            on_progress(np.array(event.data_out.mip_solution), None)

    engine.cbMipInterrupt += interrupt
    engine.cbSimplexInterrupt += interrupt if clock.cancelled is not None else _nothing
    engine.cbMipImprovingSolution += better
    engine.run()
    status, info = engine.getModelStatus(), engine.getInfo()
    if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
        return Outcome(None, np.nan, Status.INFEASIBLE)
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    columns = np.array(engine.getSolution().col_value) if found else None
    bound = float(info.mip_dual_bound) * scale
    if status == highspy.HighsModelStatus.kOptimal and columns is not None:
        value = (float(model.cost @ columns) + model.offset) / scale
        if start is not None and abs(value - info.objective_function_value) > 1e-6 * max(1.0, abs(value)):
            # HiGHS 1.16 can return the columns it began with beside the value of better ones that presolve led to.
            return solved(model, clock, apart=apart, on_progress=on_progress)
        return Outcome(columns, bound, Status.OPTIMAL)
    return Outcome(columns, bound, clock.ended() if found else Status.NOT_FOUND)


def _nothing(_: highspy.HighsCallbackEvent) -> None:
    """HiGHS wants something to call."""


def _scale(model: Model) -> float:
    return float(np.abs(model.cost).max()) or 1.0


def _engine(model: Model, clock: Clock, apart: float) -> highspy.Highs:
    matrix = sparse.csr_array(sparse.vstack(model.rows.blocks, format="csr"))
    scale = _scale(model)
    engine = QuietHighs()  # type: ignore[no-untyped-call]
    # One thread: its pool of threads would not survive the fork of a worker process.
    settings: dict[str, int | float | str] = {
        "threads": 1,
        # By interior points: simplex takes a minute for the first relaxation of a large square, and hears nobody meanwhile.
        "mip_lp_solver": "ipx",
        "mip_rel_gap": 0.0,
        "mip_abs_gap": max(apart / scale, 1e-9),
        "time_limit": max(clock.left, 0.01),
    }
    for name, value in settings.items():
        engine.setOptionValue(name, value)
    problem = highspy.HighsLp()
    problem.num_col_, problem.num_row_ = len(model.cost), matrix.shape[0]
    problem.col_cost_, problem.col_lower_, problem.col_upper_ = model.cost / scale, model.low, model.high
    problem.row_lower_, problem.row_upper_ = np.concatenate(model.rows.lower), np.concatenate(model.rows.upper)
    problem.offset_ = model.offset / scale
    problem.sense_ = highspy.ObjSense.kMaximize if model.maximise else highspy.ObjSense.kMinimize
    problem.integrality_ = [
        highspy.HighsVarType.kInteger if one else highspy.HighsVarType.kContinuous for one in model.whole
    ]
    problem.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    problem.a_matrix_.start_, problem.a_matrix_.index_ = matrix.indptr, matrix.indices
    problem.a_matrix_.value_ = matrix.data
    engine.passModel(problem)
    return engine
