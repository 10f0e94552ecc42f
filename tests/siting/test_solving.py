"""Answers that are cut off, impossible or small enough to be checked by hand."""

from __future__ import annotations

import _thread
import threading
import time

import numpy as np
import pytest

from siting.instances import clustered, dense, uniform
from walkshed.errors import InvalidValueError
from walkshed.model.ground.walking import Pairs
from walkshed.model.plans.siting import Goal, Obstacle, Problem, State, Status
from walkshed.siting import problem, rows_within, solve
from walkshed.siting.solver.curves import gain_curve, ranked
from walkshed.siting.solver.programs.mip import Model, Rows, minimize
from walkshed.siting.solver.record import Clock


def hard() -> Problem:
    """A set cover that HiGHS does not prove within seconds."""
    reach = np.random.default_rng(0).random((150, 500)) < 0.04
    reach[np.arange(500) % 150, np.arange(500)] = True
    option, row = np.nonzero(reach)
    start = np.searchsorted(option, np.arange(151))
    return problem(Goal.COVER_ALL, weight=np.ones(500), start=start, demand=row)


def assert_cut_off(answer: object, status: Status) -> None:
    assert answer.status is status
    assert answer.found
    assert (answer.served == 1.0).all()
    assert 0 < answer.bound < answer.objective == len(answer.options)
    assert answer.gap == pytest.approx((answer.objective - answer.bound) / answer.objective)


def test_time_limit_leaves_a_plan_and_a_bound() -> None:
    answer = solve(hard(), time_limit_s=2.0)
    assert_cut_off(answer, Status.FEASIBLE)
    assert answer.seconds < 10.0


def test_the_whole_solve_ends_in_time() -> None:
    """1.5 million pairs: setting up, the search, HiGHS and the plan's worth all within the limit."""
    made = clustered(20_000, 2_000, new_sites=20)
    solve(uniform(200, 50, side_m=3_000.0, new_sites=3))  # compiled and loaded
    # setting up counts, too, and takes 3 s of an idle machine
    answer = solve(made, time_limit_s=8.0)
    assert answer.status is Status.FEASIBLE
    assert answer.gap < 0.05
    # 8 where nobody else keeps the machine busy; HiGHS begun too late took half as long again
    assert answer.seconds <= 12.0


def test_highs_is_not_begun_where_it_would_not_end_in_time() -> None:
    """A plan of one choice by hand: solved at leisure, left alone where presolving might outlast the clock."""
    rows = Rows(2)
    rows.add([0, 0], [0, 1], 1.0, low=1.0, high=2.0, rows=1)
    model = Model(np.array([3.0, 2.0]), np.ones(2), np.ones(2, dtype=bool), rows)
    at_leisure = minimize(model, Clock(np.inf))
    assert (at_leisure.bound, at_leisure.proven) == (2.0, True)
    hasty = minimize(model, Clock(0.0))
    assert (hasty.values, hasty.bound, hasty.proven, hasty.infeasible) == (
        None,
        -np.inf,
        False,
        False,
    )


def test_time_kept_for_what_comes_after_the_search() -> None:
    clock = Clock(9.0)
    clock.reserve(1.0)
    assert 7.0 < clock.left_s <= 8.0
    clock.reserve(100.0)  # a third at most
    assert 5.0 < clock.left_s <= 6.0


def test_the_caller_can_stop_it() -> None:
    begun = time.perf_counter()
    answer = solve(hard(), should_stop=lambda: time.perf_counter() - begun > 2.0)
    assert_cut_off(answer, Status.INTERRUPTED)


def test_ctrl_c_leaves_the_best_answer_so_far() -> None:
    made = hard()
    solve(made, time_limit_s=0.5)  # compiled and loaded before the key is pressed
    key = threading.Timer(2.0, _thread.interrupt_main)
    key.start()
    answer = solve(made)
    key.cancel()
    assert_cut_off(answer, Status.INTERRUPTED)


def test_a_caller_who_stops_at_once_gets_no_plan_and_is_told() -> None:
    answer = solve(hard(), should_stop=lambda: True)
    assert answer.status is Status.INTERRUPTED
    assert not answer.found
    assert np.isnan(answer.objective)
    assert answer.options.tolist() == []


def test_what_cannot_be_covered_is_named() -> None:
    # Row 2 is reached by nobody, row 1 by a forbidden site only.
    made = problem(
        "cover_all",
        weight=[1, 1, 1],
        start=[0, 1, 2],
        demand=[0, 1],
        site_state=[State.FREE, State.FORBIDDEN],
    )
    answer = solve(made)
    assert made.unreachable.tolist() == [1, 2]
    assert [(reason.obstacle, reason.demand) for reason in answer.reasons] == [
        (Obstacle.FORBIDDEN, 1),
        (Obstacle.UNREACHABLE, 2),
    ]
    assert answer.status is Status.INFEASIBLE
    spared = problem(
        "cover_all",
        weight=[1, 1, 1],
        start=[0, 1, 2],
        demand=[0, 1],
        site_state=[State.FREE, State.FORBIDDEN],
        leave_out_unreachable=True,
    )
    assert solve(spared).options.tolist() == [0]
    assert solve(spared).unreachable.tolist() == [1, 2]


def test_too_few_sites_name_the_rows_that_go_without() -> None:
    # Three rows, three sites that serve one each: with two sites one row goes without.
    made = problem("cover_all", weight=[5, 5, 5], start=[0, 1, 2, 3], demand=[0, 1, 2], new_sites=2)
    (reason,) = solve(made).reasons
    assert reason.obstacle is Obstacle.LIMITS
    assert (
        reason.text
        == f"demand {reason.demand}: 2 new sites serve at best all but 1 row, this one among them"
    )


def test_required_beyond_the_budget() -> None:
    made = problem(
        "cover",
        weight=[1.0],
        start=[0, 1, 1],
        demand=[0],
        site_cost=[3, 4],
        site_state=[State.REQUIRED] * 2,
        budget=5,
    )
    (reason,) = solve(made).reasons
    assert reason.text == "what is required costs 7, more than the budget of 5"


def test_standing_stations_count_first() -> None:
    # A street of five places 100 m apart; a station stands at the left end.
    meters = np.abs(np.subtract.outer(np.arange(5), np.arange(5))) * 100.0
    state = [State.STANDING, 0, 0, 0, 0]
    median = solve(dense(Goal.MEDIAN, meters, site_state=state, new_sites=1))
    assert (median.sites.tolist(), median.objective) == ([3], 300.0)
    assert median.server.tolist() == [0, 0, 3, 3, 3]
    center = solve(dense(Goal.CENTER, meters, site_state=state, new_sites=1))
    assert (center.sites.tolist(), center.objective) == ([3], 100.0)


def test_a_point_split_between_two_small_stations() -> None:
    made = problem(
        "cover",
        weight=[10, 4],
        start=[0, 2, 4],
        demand=[0, 1, 0, 1],
        option_capacity=[6, 7],
        distance_m=[1, 9, 2, 3],
    )
    answer = solve(made)
    assert answer.objective == pytest.approx(13.0)
    assert (answer.served * made.weight).sum() == pytest.approx(13.0)


def test_no_room_for_more_services_than_fit() -> None:
    # One site with room for two services; rows are (point, service).
    made = problem(
        "cover",
        weight=[7, 8, 9],
        start=[0, 1, 2, 3],
        demand=[0, 1, 2],
        option_site=[0, 0, 0],
        site_slots=[2],
        new_sites=1,
    )
    answer = solve(made)
    assert (answer.sites.tolist(), answer.options.tolist(), answer.objective) == ([0], [1, 2], 17.0)


def test_nothing_is_proposed_that_adds_nothing() -> None:
    made = problem("cover", weight=[7, 8], start=[0, 1, 2, 4], demand=[0, 1, 0, 1], new_sites=3)
    assert solve(made).options.tolist() == [2]


def test_rows_within_each_points_own_limit() -> None:
    walks = Pairs(
        np.array([0, 0, 1, 1]),
        np.array([0, 1, 0, 1]),
        np.array([300.0, 301.0, 500.0, 200.0]),
        500.0,
    )
    start, demand, meters = rows_within(walks, [300.0, np.nan], 2)
    assert (start.tolist(), demand.tolist(), meters.tolist()) == ([0, 1, 1], [0], [300.0])
    start, demand, _ = rows_within(walks, [301.0, 500.0], 3, station_of_option=[1, 0, 1])
    assert (start.tolist(), demand.tolist()) == ([0, 2, 4, 6], [0, 1, 0, 1, 0, 1])


def test_gain_curve_need_not_be_nested() -> None:
    # Best single: the middle (6). Best pair: left and right (8).
    made = problem("cover", weight=[1, 3, 3, 1], start=[0, 2, 4, 6], demand=[0, 1, 1, 2, 2, 3])
    curve = gain_curve(made, 3)
    assert curve.served.tolist() == [0.0, 6.0, 8.0, 8.0]
    assert curve.gain.tolist() == [0.0, 6.0, 2.0, 0.0]
    assert [answer.sites.tolist() for answer in curve.solutions] == [[], [1], [0, 2], [0, 2]]


def test_sites_of_a_plan_ranked_by_what_each_adds() -> None:
    # Site 0 stands and serves row 0. Site 1 brings rows 1 and 2 (7), site 2 rows 2 and 3 (8), site
    # 0 row 4 once it gets option 1 (2).
    made = problem(
        "cover",
        weight=[9, 3, 4, 4, 2],
        start=[0, 1, 2, 4, 6],
        demand=[0, 4, 1, 2, 2, 3],
        option_site=[0, 0, 1, 2],
        option_state=[State.STANDING, 0, 0, 0],
        site_state=[State.STANDING, 0, 0],
    )
    found = ranked(made, solve(made))
    assert (found.site.tolist(), found.gain.tolist()) == ([2, 1, 0], [8.0, 3.0, 2.0])
    assert [options.tolist() for options in found.options] == [[3], [2], [1]]
    assert found.newly.tolist() == [-1, 1, 0, 0, 2]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"demand": [0, 5]}, "demand rows run from 0 to 5, but weight has 2; number them from 0"),
        ({"start": [0, 2], "demand": [1, 1]}, "lists a demand row twice"),
        ({"weight": [1, -1]}, "weight must be finite and 0 or more"),
        ({"distance_m": [1, np.inf]}, "drop the rest"),
        ({"site_cost": [1, 2, 3], "site_slots": [1, 1]}, "give one value per site"),
        ({"new_sites": -1}, "new_sites = -1; give 0 or more"),
        ({"prerequisite": [(0, 7)]}, "beyond the 2 there are"),
    ],
)
def test_values_that_make_no_problem(change: dict, message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        problem("cover", **({"weight": [1, 1], "start": [0, 1, 2], "demand": [0, 1]} | change))


def test_a_gap_ends_the_search_early() -> None:
    made = uniform(4_000, 800, side_m=12_000.0, new_sites=15)
    whole = solve(made)
    gaps: list[float] = []
    near = solve(made, gap=0.05, tell=gaps.append)
    assert whole.status is Status.OPTIMAL
    assert near.objective <= whole.objective <= near.bound + 1e-6
    assert near.gap <= 0.05
    assert (near.status is Status.OPTIMAL) == (near.gap == 0.0)
    median = dense(Goal.MEDIAN, np.random.default_rng(1).random((60, 60)), new_sites=6)
    assert solve(median, gap=0.5).gap <= 0.5
    assert solve(median, gap=0.5).bound <= solve(median).objective


# what is proven without a search, and what a short time still finds


def test_a_plan_that_serves_everybody_is_proven_at_once() -> None:
    """A station beside everybody: nothing is left to search, whatever else there is to choose from."""
    rows, options = 400, 120
    rng = np.random.default_rng(0)
    served = [np.arange(rows), *(np.flatnonzero(rng.random(rows) < 0.3) for _ in range(options))]
    everywhere = problem(
        Goal.COVER,
        weight=rng.uniform(1, 9, rows),
        start=np.concatenate([[0], np.cumsum([len(each) for each in served])]),
        demand=np.concatenate(served),
        new_sites=3,
    )
    solution = solve(everywhere)
    assert solution.status is Status.OPTIMAL
    assert solution.options.tolist() == [0]
    assert solution.objective == pytest.approx(everywhere.weight.sum())
    assert "mip" not in solution.solver


@pytest.mark.parametrize("goal", [Goal.COVER, Goal.COVER_ALL, Goal.MEDIAN])
def test_without_time_there_is_a_plan(goal: Goal) -> None:
    rng = np.random.default_rng(1)
    distance_m = rng.uniform(0, 1000, (60, 20))
    conditions = {} if goal is Goal.COVER_ALL else {"new_sites": 4}
    town = dense(goal, distance_m, **conditions)
    solution = solve(town, time_limit_s=1e-6)
    assert solution.found
    assert len(solution.options) > 0
    assert not (solution.gap < 0)
