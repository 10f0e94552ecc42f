"""What each further new site adds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import read_only
from walkshed.model.siting import GainCurve, Goal, Problem, Solution, Status
from walkshed.siting.record import Clock, Stop
from walkshed.siting.solving import TIME_LIMIT_S, solve


def gain_curve(
    problem: Problem, up_to: int, *, time_limit_s: float = TIME_LIMIT_S, should_stop: Stop | None = None
) -> GainCurve:
    """Return the best coverage with 0, 1, … ``up_to`` new sites; ``time_limit_s`` is for all of them together.

    Each number is solved by itself: the best five sites need not hold the best four. Fewer points are returned if the
    caller interrupts, or where no plan has so few sites (some are required) the curve begins later.
    Raises ``InvalidValueError`` for goals other than cover.
    """
    if problem.goal is not Goal.COVER:
        raise InvalidValueError(f"goal = '{problem.goal}' has no gain by number of sites; use 'cover'")
    clock = Clock(time_limit_s, should_stop)
    numbers: list[int] = []
    solutions: list[Solution] = []
    for number in range(up_to + 1):
        share_s = clock.left_s / (up_to + 1 - number)
        answer = solve(replace(problem, new_sites=number), time_limit_s=share_s, should_stop=should_stop)
        if answer.found:
            if solutions and answer.objective < solutions[-1].objective:  # out of time: fewer sites did better
                answer = replace(
                    solutions[-1], bound=answer.bound, gap=_gap(solutions[-1], answer), status=answer.status
                )
            numbers.append(number)
            solutions.append(answer)
        if answer.status is Status.INTERRUPTED:
            break
    served = np.array([answer.objective for answer in solutions], dtype=np.float64)
    return GainCurve(
        new_sites=read_only(numbers, np.int64),
        served=read_only(served, np.float64),
        bound=read_only([answer.bound for answer in solutions], np.float64),
        gain=read_only(np.diff(served, prepend=served[:1]), np.float64),
        solutions=tuple(solutions),
    )


def _gap(kept: Solution, answer: Solution) -> float:
    return abs(answer.bound - kept.objective) / kept.objective if kept.objective else float("inf")
