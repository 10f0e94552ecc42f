"""The one door to HiGHS: sparse rows in, plan, bound and status out; one thread, one seed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from walkshed.errors import WalkshedError
from walkshed.model.arrays import BoolArray, FloatArray, IntArray
from walkshed.model.messages import Message
from walkshed.siting.solver.record import Clock

if TYPE_CHECKING:
    from scipy.sparse import csr_array

INFINITE = np.inf
POLL_S = 0.05
#: HiGHS does not look at the clock while it presolves: 6e-6 s for each entry were measured, on 7e5
#: of them.
STEP_S = 1e-5
#: No search for better plans: nothing comes of it where the plan to begin with is near the best.
WITHOUT_HEURISTICS = {
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_root_reduced_cost": False,
}


@dataclass(slots=True)
class Rows:
    """Constraints as they are collected: blocks of (row, column, value) with their bounds."""

    columns: int
    _row: list[IntArray] = field(default_factory=list)
    _column: list[IntArray] = field(default_factory=list)
    _value: list[FloatArray] = field(default_factory=list)
    _low: list[FloatArray] = field(default_factory=list)
    _high: list[FloatArray] = field(default_factory=list)
    count: int = 0

    def add(
        self,
        row: ArrayLike,
        column: ArrayLike,
        value: ArrayLike,
        *,
        low: ArrayLike,
        high: ArrayLike,
        rows: int,
    ) -> None:
        """Add ``rows`` constraints low ≤ sum of value times column ≤ high.

        ``row`` counts from 0 within the block.
        """
        # the entries of the matrix
        rows_of_block = np.asarray(row, dtype=np.int64)
        self._row.append(rows_of_block + self.count)
        self._column.append(np.asarray(column, dtype=np.int64))
        self._value.append(_filled(value, len(rows_of_block)))

        # the bounds
        self._low.append(_filled(low, rows))
        self._high.append(_filled(high, rows))
        self.count += rows

    def matrix(self) -> csr_array:
        """Return the constraints as a sparse matrix by rows."""
        from scipy.sparse import csr_array

        if not self._row:
            return csr_array((0, self.columns))
        entries = (
            np.concatenate(self._value),
            (np.concatenate(self._row), np.concatenate(self._column)),
        )
        return csr_array(entries, shape=(self.count, self.columns))

    def bounds(self) -> tuple[FloatArray, FloatArray]:
        """Return (low, high) of all constraints."""
        nothing = np.empty(0)
        return np.concatenate([nothing, *self._low]), np.concatenate([nothing, *self._high])


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Minimize ``cost`` over columns between 0 and ``upper``, subject to ``rows``.

    The values of ``integer`` columns are whole numbers.
    """

    cost: FloatArray
    upper: FloatArray
    integer: BoolArray
    rows: Rows
    constant: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class MipSolution:
    """What HiGHS found: values of the columns (None: no plan), and a lower bound."""

    values: FloatArray | None
    bound: float
    infeasible: bool
    proven: bool  # nothing is left to find


def minimize(
    model: Model,
    clock: Clock,
    *,
    start: FloatArray | None = None,
    whole: bool = False,
    enough: float = 0.0,
    improve: bool = True,
    tell: Callable[[float, float], None] | None = None,
) -> MipSolution:
    """Return the solution of ``model``.

    ``start`` gives values for the integer columns of a plan to begin with. ``whole``: all
    objectives are whole numbers, so that a gap below 1 is a proof. HiGHS may stop ``enough`` above
    its bound; without ``improve`` it only proves; ``tell`` is called with cost and bound as they
    are found. It is not begun where the time left is too short for a step, and ends a step before
    its time is up.
    """
    if not len(model.cost):
        return _without_columns(model)

    matrix = model.rows.matrix()
    step_s = STEP_S * matrix.nnz
    if clock.left_s <= step_s:
        return MipSolution(None, -np.inf, infeasible=False, proven=False)

    # the same path on every machine, as near to the bound as is asked
    solver = _solver()
    options = {
        "threads": 1,
        "parallel": "off",
        "random_seed": 0,
        "mip_rel_gap": 0.0 if whole else 1e-10,
        "mip_abs_gap": max(enough, 1.0 - 1e-5 if whole else 1e-9),
        # a plan as good is there from the start; presolving anew took most of the time
        "mip_allow_restart": False,
        "mip_feasibility_tolerance": 1e-9,
        "primal_feasibility_tolerance": 1e-9,
    }
    if not improve:
        options |= WITHOUT_HEURISTICS
    if np.isfinite(clock.left_s):
        options["time_limit"] = max(clock.left_s - step_s, 0.0)
    for name, value in options.items():
        solver.setOptionValue(name, value)

    # the model, and the plan to begin with
    _check(solver.passModel(_program(model, matrix)), Message("HiGHS refused the model"))
    if start is not None and model.integer.any():
        columns = np.flatnonzero(model.integer).astype(np.int32)
        solver.setSolution(len(columns), columns, start[columns])

    _run(solver, clock, tell)
    return _solution(solver, model, exact=enough <= 0.0)


def _solver() -> Any:  # noqa: ANN401 (highspy has no types)
    """Return a solver that prints nothing.

    The class of highspy prints a banner as it is made; the one below it can be silenced before.
    """
    from highspy._core import _Highs

    solver = _Highs()
    solver.setOptionValue("output_flag", False)
    return solver


def _run(
    solver: Any,  # noqa: ANN401 (highspy has no types)
    clock: Clock,
    tell: Callable[[float, float], None] | None,
) -> None:
    """Run HiGHS beside this thread, which keeps asking the clock; Ctrl-C stops the clock.

    HiGHS lets go of Python while it computes. An exception within one of its callbacks would unwind
    through C++, hence the callback only passes a flag on.
    """
    import highspy

    kinds = highspy.cb.HighsCallbackType
    stop = threading.Event()
    latest = [np.inf, -np.inf]  # cost and bound

    def interrupt(*arguments: Any) -> None:  # noqa: ANN401
        kind, _message, out, into, _user = arguments
        if into is not None and stop.is_set():
            into.user_interrupt = True
        if kind == kinds.kCallbackMipInterrupt:
            latest[:] = out.mip_primal_bound, out.mip_dual_bound

    solver.setCallback(interrupt, None)
    solver.startCallback(kinds.kCallbackMipInterrupt)
    solver.startCallback(kinds.kCallbackSimplexInterrupt)
    solver.startCallback(kinds.kCallbackIpmInterrupt)
    if clock.over():
        return

    worker = threading.Thread(target=solver.run, name="HiGHS", daemon=True)
    worker.start()
    while worker.is_alive():
        try:
            worker.join(POLL_S)
            if tell is not None:
                tell(*latest)
            if clock.over():
                stop.set()
        except KeyboardInterrupt:
            clock.stopped = True
            stop.set()


def _program(model: Model, matrix: csr_array) -> Any:  # noqa: ANN401 (highspy has no types)
    """Return the model as HiGHS takes it."""
    import highspy

    # columns
    program = highspy.HighsLp()
    program.num_col_ = len(model.cost)
    program.offset_ = model.constant
    program.col_cost_ = model.cost
    program.col_lower_ = np.zeros(len(model.cost))
    program.col_upper_ = model.upper
    if model.integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        program.integrality_ = [kinds[whole] for whole in model.integer.tolist()]

    # rows
    low, high = model.rows.bounds()
    program.num_row_ = len(low)
    program.row_lower_, program.row_upper_ = low, high
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    program.a_matrix_.index_ = matrix.indices.astype(np.int32)
    program.a_matrix_.value_ = matrix.data
    return program


def _solution(solver: Any, model: Model, *, exact: bool) -> MipSolution:  # noqa: ANN401
    """Return what HiGHS has found; ``exact``: it did not stop short of its bound."""
    import highspy

    status, info = solver.getModelStatus(), solver.getInfo()
    states = highspy.HighsModelStatus
    if status in (states.kInfeasible, states.kUnboundedOrInfeasible):
        return MipSolution(None, np.inf, infeasible=True, proven=True)

    values = None
    if info.primal_solution_status == 2:  # kSolutionStatusFeasible
        values = np.array(solver.getSolution().col_value)

    # a linear program has no bound before it is solved
    whole = bool(model.integer.any())
    proven = status == states.kOptimal and (exact or not whole)
    bound = -np.inf
    if whole:
        bound = float(info.mip_dual_bound)
    elif proven:
        bound = float(info.objective_function_value)
    if not np.isfinite(bound):
        bound = -np.inf
    return MipSolution(values, bound, infeasible=False, proven=proven)


def _without_columns(model: Model) -> MipSolution:
    """Return the solution of a model that has nothing to decide."""
    low, high = model.rows.bounds()
    if (low > 0).any() or (high < 0).any():
        return MipSolution(None, np.inf, infeasible=True, proven=True)
    return MipSolution(np.empty(0), model.constant, infeasible=False, proven=True)


def _filled(values: ArrayLike, count: int) -> FloatArray:
    """Return (``count``,) the values, or the single value repeated."""
    return np.broadcast_to(np.asarray(values, dtype=np.float64), (count,))


def _check(status: Any, fact: str) -> None:  # noqa: ANN401
    """Raise ``WalkshedError`` where HiGHS reports an error."""
    import highspy

    if status == highspy.HighsStatus.kError:
        raise WalkshedError(
            Message("{fact}; this is a fault of walkshed, please report it", fact=fact)
        )
