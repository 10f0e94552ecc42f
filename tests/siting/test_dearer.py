"""What is just too dear: a town solved by hand, and random problems against every site."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from siting.test_upgrades import two_centers
from walkshed.model.plans.siting import Goal, Problem
from walkshed.siting.solver.dearer import Change, further_sites, just_too_dear
from walkshed.siting.solver.plans import evaluate
from walkshed.siting.solver.problems import problem
from walkshed.siting.solver.solving import solve
from walkshed.siting.solver.upgrades import listed_choices, upgrade_problem

NOTHING = np.empty(0, dtype=np.int64)


def swaps(names: list[str], plan: dict[str, str], others: list[str]) -> list[Change]:
    """Return the change from what each center does to each of the other choices, by its first word."""
    return [
        (np.array([names.index(plan[other.split()[0]])]), np.array([names.index(other)]))
        for other in others
    ]


@pytest.mark.parametrize(
    ("budget", "act", "short", "gain"),
    [
        # nothing can be paid: of the centers' acts East's move to R is cheapest, for rows 4 and 5
        (0, "East to R", 4.0, 13.0),
        # East has moved, and South may merge into it: the lift would bring the same for 5
        (4, "South into East", 2.0, 50.0),
    ],
)
def test_the_act_that_lacks_least(budget: float, act: str, short: float, gain: float) -> None:
    program = two_centers(budget)
    covering = upgrade_problem(program)
    names = [choice.name for choice in listed_choices(program)]
    plan = {"South": "South stays", "East": "East to R" if budget else "East stays"}
    others = [
        name
        for name in ("South to R", "South into East", "South lift", "East to R", "East lift")
        if name not in plan.values()
    ]
    options = np.sort([names.index(name) for name in plan.values()])
    found = just_too_dear(covering, options, swaps(names, plan, others))
    assert found is not None
    assert others[found.act] == act
    assert (found.short, found.step.gain) == (short, gain)


def test_what_somebody_would_lose_by_is_no_act() -> None:
    """A choice that takes row 0 from South's people is left out where nobody may lose."""
    program = two_centers(0.0)
    centers = {
        **program.centers,
        "South": (
            program.centers["South"][0],
            replace(program.centers["South"][1], serves=np.array([1, 2])),
        ),
    }
    for no_losers, found in ((False, True), (True, False)):
        ruled = replace(program, centers=centers, no_losers=no_losers)
        names = [choice.name for choice in listed_choices(ruled)]
        options = np.array([names.index("South stays"), names.index("East stays")])
        plan = {"South": "South stays"}
        act = just_too_dear(upgrade_problem(ruled), options, swaps(names, plan, ["South to R"]))
        assert (act is not None) == found


def drawn(seed: int) -> Problem:
    """Return sites of two services and several prices, each reaching some rows in part or whole."""
    draw = np.random.default_rng(seed)
    sites, count = 6, 2
    rows = [
        np.flatnonzero(draw.random(10) < 0.4) * count + service
        for _ in range(sites)
        for service in range(count)
    ]
    sizes = [len(row) for row in rows]
    return problem(
        Goal.COVER,
        weight=draw.integers(1, 9, 10 * count).astype(float),
        start=np.concatenate([[0], np.cumsum(sizes)]),
        demand=np.concatenate(rows),
        share=draw.choice([0.5, 1.0], sum(sizes)),
        option_site=np.repeat(np.arange(sites), count),
        option_cost=np.ones(sites * count),
        site_cost=draw.choice([4.0, 5.0, 7.0], sites),
        site_slots=np.full(sites, 1 + seed % 2),
        new_sites=None,
        budget=11.0,
    )


@pytest.mark.parametrize("seed", range(30))
def test_the_next_site_is_the_best_of_those_that_lack_least(seed: int) -> None:
    made = drawn(seed)
    solution = solve(made)
    before = evaluate(made, solution.options)

    # every closed site with every set of its services that fits and adds most
    best: tuple[float, float] | None = None
    for site in range(6):
        if site in before.sites:
            continue
        own = np.flatnonzero(made.option_site == site)
        sets = [own] if made.site_slots[site] == 2 else [own[:1], own[1:]]
        gains = [
            evaluate(made, np.append(solution.options, some)).objective - before.objective
            for some in sets
        ]
        gain = max(gains)
        chosen = sets[gains.index(gain)]
        adding = [
            option
            for option in chosen
            if evaluate(made, np.append(solution.options, option)).objective > before.objective
        ]
        short = before.cost + made.site_cost[site] + len(adding) - 11.0
        if gain > 1e-9 and short > 1e-9:
            best = (short, -gain) if best is None else min(best, (short, -gain))

    found = just_too_dear(made, solution.options, further_sites(made, solution.options))
    assert (found is None) == (best is None)
    if found is not None and best is not None:
        assert (found.short, -found.step.gain) == pytest.approx(best)


def test_without_a_budget_or_with_all_sites_taken_nothing_is_too_dear() -> None:
    made = drawn(1)
    options = solve(made).options
    assert just_too_dear(replace(made, budget=None), options, [(NOTHING, np.array([0]))]) is None
    opened = len(evaluate(made, options).sites)
    assert further_sites(replace(made, new_sites=opened), options) == ()
