"""Every problem on random instances of up to 12 options: the best of all plans, or the proof that there is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from siting import brute
from siting.instances import anything
from walkshed.model.arrays import read_only
from walkshed.model.plans.siting import Goal, Problem, Solution, State, Status
from walkshed.siting import problem, solve
from walkshed.siting.solver.bundles import bundled


def assert_solved(made: Problem, answer: Solution) -> None:
    best = brute.best(made)
    if best is None:
        assert answer.status is Status.INFEASIBLE
        assert not answer.found
        assert answer.reasons
        return
    assert answer.status is Status.OPTIMAL
    assert answer.objective == pytest.approx(best, rel=1e-9, abs=1e-6)
    assert (answer.bound, answer.gap) == (answer.objective, 0.0)
    plan = np.isin(np.arange(len(made.option_site)), answer.options)
    assert any((plan == other).all() for other in brute.plans(made))
    assert answer.reasons == ()
    weight = made.weight[answer.flow_demand] * answer.flow_share
    used = np.bincount(answer.flow_option, weights=weight, minlength=len(plan))
    assert (used <= made.option_capacity + 1e-6).all()
    standing = (made.option_state == State.STANDING) & made.allowed
    assert (plan | standing)[answer.flow_option].all()
    share = np.bincount(answer.flow_demand, weights=answer.flow_share, minlength=len(made.weight))
    assert share == pytest.approx(answer.served, abs=1e-6)


@pytest.mark.parametrize("goal", list(Goal))
@pytest.mark.parametrize("seed", range(0, 40, 10))
def test_plain(goal: Goal, seed: int) -> None:
    for number in range(seed, seed + 10):
        made = anything(number, goal, services=False)
        assert_solved(made, solve(made))


@pytest.mark.parametrize("goal", list(Goal))
@pytest.mark.parametrize("seed", range(0, 60, 10))
def test_services_slots_groups_and_prerequisites(goal: Goal, seed: int) -> None:
    for number in range(seed, seed + 10):
        made = anything(number, goal)
        assert_solved(made, solve(made))


@pytest.mark.parametrize("goal", list(Goal))
def test_capacities(goal: Goal) -> None:
    for number in range(8):
        for services in (False, True):
            made = anything(number, goal, capacities=True, services=services)
            assert_solved(made, solve(made))


@pytest.mark.parametrize("goal", list(Goal))
def test_sites_kept_apart(goal: Goal) -> None:
    for number in range(12):
        for services in (False, True):
            made = anything(number, goal, services=services, apart=True)
            assert_solved(made, solve(made))
        capacitated = anything(number, goal, services=False, capacities=True, apart=True)
        if number < 3:
            assert_solved(capacitated, solve(capacitated))


@pytest.mark.parametrize("goal", list(Goal))
def test_free_services_come_with_their_site(goal: Goal) -> None:
    """Where services cost nothing and fit, a site is one option; sites with a condition stay as they are."""
    fewer = 0
    for number in range(25):
        made = anything(number, goal)
        kept = made.demand % 3 == made.option_of_pair % 3  # rows are of one service
        count = np.bincount(made.option_of_pair[kept], minlength=len(made.option_site))
        free = replace(
            made,
            start=read_only(np.concatenate([[0], np.cumsum(count)]), np.int64),
            demand=read_only(made.demand[kept], np.int32),
            distance_m=read_only(made.distance_m[kept], np.float64),
            share=read_only(made.share[kept], np.float64),
            option_cost=read_only(np.zeros(len(made.option_site)), np.float64),
            site_slots=read_only(np.full(len(made.site_slots), 12), np.int64),
        )
        smaller = bundled(free)
        if smaller is not None:
            fewer += 1
            assert len(smaller.problem.option_site) < len(free.option_site)
            everything = np.arange(len(smaller.problem.option_site))
            assert smaller.whole(everything).tolist() == list(range(len(free.option_site)))
        assert_solved(free, solve(free))
    assert fewer > 5


def test_shares_add_up() -> None:
    for number in range(60):
        for services in (False, True):
            made = anything(number, Goal.COVER, services=services, shares=True)
            assert_solved(made, solve(made))


def test_shares_of_one_source_do_not_add_up() -> None:
    differ = 0
    for number in range(16):
        for services in (False, True):
            added = anything(number, Goal.COVER, services=services, shares=True)
            made = replace(added, single_source=True)
            answer = solve(made)
            assert_solved(made, answer)
            assert len(np.unique(answer.flow_demand)) == len(answer.flow_demand)
            differ += brute.best(made) != brute.best(added)
    assert differ > 4


def test_arguments_stay_as_they_are_and_answers_repeat() -> None:
    made = anything(3, Goal.COVER)
    before = {
        name: np.array(getattr(made, name), copy=True)
        for name in ("weight", "demand", "option_state", "group")
    }
    first, second = solve(made), solve(made)
    for name, values in before.items():
        assert (getattr(made, name) == values).all()
    assert first.options.tolist() == second.options.tolist()
    assert first.flow_option.tolist() == second.flow_option.tolist()


def test_an_hour_or_a_second_the_proven_answer_is_the_same() -> None:
    for seed in range(10):
        made = anything(seed, Goal.MEDIAN)
        short, long = solve(made, time_limit_s=1.0), solve(made, time_limit_s=3600.0)
        assert (short.status, short.options.tolist()) == (long.status, long.options.tolist())


def test_thinning_is_said_and_loses_nothing() -> None:
    # Option 1 serves all that options 0 and 2 serve; option 3 serves less than it but nobody else
    # serves row 4.
    made = problem(
        "cover",
        weight=[1, 2, 3, 4, 5],
        start=[0, 1, 4, 6, 7],
        demand=[0, 0, 1, 2, 1, 2, 4],
        new_sites=1,
    )
    answer = solve(made)
    assert answer.options.tolist() == [1]
    assert answer.objective == 6.0
    assert answer.notes == (
        "2 of 4 options left out without loss: another one serves all that they serve, at no higher cost",
    )
    # At a higher cost the larger one makes nothing superfluous.
    dear = problem(
        "cover",
        weight=[1, 2, 3, 4, 5],
        start=[0, 1, 4, 6, 7],
        demand=[0, 0, 1, 2, 1, 2, 4],
        site_cost=[1, 3, 1, 1],
        budget=2,
    )
    assert solve(dear).options.tolist() == [2, 3]
    assert solve(dear).objective == 10.0
    assert solve(dear).notes == ()
