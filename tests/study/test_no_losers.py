"""Nobody loses in silence: upgrades of the invented town judged door to window, against every portfolio."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from judged_rows import rows_of
from walkshed.maps.payload.proposals import of_plan
from walkshed.model.plans.siting import Status
from walkshed.model.results import Results
from walkshed.reports.plans.proposals import plan_facts
from walkshed.siting.planning.upgrading import propose_upgrades
from walkshed.siting.solver.upgrades import Choice, Program
from walkshed.study import Findings, ProposedUpgrades, Study

#: All services fit into every room, so that what a station offers needs no choosing.
WISHES = {"walkers": ("wheelchair",), "services_per_site": 9, "service_m2": 10.0}


@pytest.fixture(scope="module", params=[60.0, 130.0])
def built(window: Results, request: pytest.FixtureRequest) -> ProposedUpgrades:
    return Study(window.inputs).upgrade(Findings(window), budget=request.param, **WISHES)


def served_by(results: Results, walker: str) -> np.ndarray:
    """Return the share of each home that a run serves, (s, p)."""
    return results.answers[walker].served


def test_whoever_is_served_today_is_served_then(window: Results, built: ProposedUpgrades) -> None:
    """By the runs, not by the solver: every walker, service and home."""
    after = built.after.results
    assert set(window.answers) == {"older", "adult", "wheelchair", "pram"}
    for walker in window.answers:
        assert (served_by(after, walker) >= served_by(window, walker) - 1e-9).all()
    effects = built.effects
    assert (effects["lost"] == 0).all()
    assert built.measured_gain == pytest.approx(built.plan.gain, abs=1e-6)

    # the table says what the judgments of both runs say
    for walker in window.answers:
        rows = effects[(effects["group"] == "people") & (effects["walker"] == walker)]
        gained = [
            sum(row.served for row in rows_of(results.answers[walker]) if row.need is not None)
            for results in (window, after)
        ]
        assert rows["gained"].sum() == pytest.approx(gained[1] - gained[0], abs=len(rows))


def test_rooms_hold_what_moves_into_them(window: Results, built: ProposedUpgrades) -> None:
    area_m2 = {station.id: station.area_m2 for station in window.stations}
    rooms = {room.id: room.area_m2 for room in window.inputs.siting.rooms}
    listed = [choice for choices in built.found.program.centers.values() for choice in choices]
    assert {choice.hall for choice in listed} == {None, *rooms}
    taken = dict.fromkeys(rooms, 0.0)
    for upgrade in built.found.chosen:
        if upgrade.hall is not None:
            taken[upgrade.hall] += area_m2[upgrade.center]
    assert all(taken[room] <= rooms[room] for room in rooms)


def fitting(program: Program) -> list[list[Choice]]:
    """The choices of each center that may be at all: its room is large enough, and so is that of whom it needs."""
    listed = [list(choices) for choices in program.centers.values()]
    fit = {
        choice.name
        for choices in listed
        for choice in choices
        if choice.area_m2 <= program.halls_m2.get(choice.hall or "", np.inf)
    }
    return [
        [choice for choice in choices if choice.name in fit and set(choice.needs) <= fit]
        for choices in listed
    ]


def within_budget(listed: list[list[Choice]], budget: float) -> Iterator[tuple[Choice, ...]]:
    """Every choice for every center that the budget pays for."""
    if not listed:
        yield ()
        return
    for choice in listed[0]:
        if choice.cost <= budget:
            for rest in within_budget(listed[1:], budget - choice.cost):
                yield choice, *rest


def portfolios(program: Program) -> Iterator[tuple[tuple[Choice, ...], tuple[str, ...]]]:
    """Every set of choices and of opened places that may be, by its costs, rooms, areas and needs."""
    sets = [
        (sum(place.cost for place in some), some)
        for size in range(len(program.openings) + 1)
        for some in combinations(program.openings, size)
        if sum(place.cost for place in some) <= program.budget
    ]
    for made in within_budget(fitting(program), program.budget):
        names = {choice.name for choice in made}
        rooms = [choice.room for choice in made if choice.room]
        cost = sum(choice.cost for choice in made)
        area = {
            hall: sum(choice.area_m2 for choice in made if choice.hall == hall)
            for hall in program.halls_m2
        }
        if (
            len(set(rooms)) < len(rooms)
            or any(area[hall] > program.halls_m2[hall] for hall in area)
            or not all(set(choice.needs) <= names for choice in made)
        ):
            continue
        for more, some in sets:
            if not {place.room for place in some} & set(rooms) and cost + more <= program.budget:
                yield made, tuple(place.name for place in some)


def best_of(program: Program) -> tuple[float, float]:
    """The most that any portfolio serves, each one tried: of those without losers, and of all."""
    shares: dict[str, np.ndarray] = {}
    for choice in (choice for choices in program.centers.values() for choice in choices):
        shares[choice.name] = share_of(program, (choice,))
    for place in program.openings:
        assert place.slots >= len(place.services)
        shares[place.name] = share_of(program, place.services)

    # rows that all of them serve alike are one
    patterns: dict[bytes, int] = {}
    table = np.array(list(shares.values())).T.copy()
    group = np.array([patterns.setdefault(row.tobytes(), len(patterns)) for row in table])
    people = np.bincount(group, weights=program.weight)
    _, first = np.unique(group, return_index=True)
    short = {name: table[first, column] for column, name in enumerate(shares)}

    leaving = [short[choices[0].name] for choices in program.centers.values()]
    today = np.minimum(np.sum(leaving, axis=0), 1.0)
    kept, free, tried = 0.0, 0.0, 0
    for made, opened in portfolios(program):
        names = [*(choice.name for choice in made), *opened]
        served = np.minimum(np.sum([short[name] for name in names], axis=0), 1.0)
        worth = float(people @ served)
        tried += 1
        free = max(free, worth)
        if worth > kept and (served >= today - 1e-9).all():
            kept = worth
    assert tried > 10
    return kept + program.beside, free + program.beside


def share_of(program: Program, choices: tuple[Choice, ...]) -> np.ndarray:
    share = np.zeros(len(program.weight))
    for choice in choices:
        np.add.at(share, choice.serves, 1.0 if choice.shares is None else choice.shares)
    return share


def test_no_portfolio_without_losers_is_better(built: ProposedUpgrades) -> None:
    found, program = built.found, built.found.program
    assert program.no_losers
    assert found.plan.solution.status is Status.OPTIMAL
    kept, best = best_of(program)
    assert found.plan.after == pytest.approx(kept, abs=1e-6)

    # the price of the rule is that of the best portfolio with losers
    free = built.plan.without_rule
    assert free is not None
    assert free.after == pytest.approx(best, abs=1e-6)
    lines = built.summary_lines()
    assert lines[1] == "现已达标的，无一人失去任何服务"
    assert (free.after > found.plan.after + 1e-6) == bool(free.lost)
    assert any("no_losers" in line for line in lines[:5])

    # the page says it, and the table of acts, on each of its rows
    shown = of_plan(built.before.results, built.plan, built.after.results)
    assert any("no_losers" in line for line in shown.told["zh"])
    table = built.upgrades
    price = round(max(best - kept, 0.0), 1)
    assert table["more_without_rule"].tolist() == [price] * len(table)
    for walker in built.before.results.answers:
        lost = int(np.floor(free.lost.get(walker, 0.0) + 0.5))
        assert set(table[f"lost_without_rule_{walker}"]) == {lost}

    # run.json says the same
    assert plan_facts(built.plan, built.measured_gain, built.in_doubt)["price_of_no_losers"] == {
        "after_without_rule": round(free.after, 3),
        "more_without_rule": round(max(free.after - found.plan.after, 0.0), 3),
        "lost_without_rule": {walker: round(lost, 3) for walker, lost in free.lost.items()},
    }


def test_those_who_lose_without_the_rule_are_told(window: Results) -> None:
    """Freed of the rule, the plan for wheelchairs takes from others; the first lines and the table say from whom."""
    wishes = WISHES | {"no_losers": False}
    built = Study(window.inputs).upgrade(Findings(window), budget=60.0, **wishes)
    assert built.plan.without_rule is None
    assert plan_facts(built.plan, built.measured_gain, built.in_doubt)["price_of_no_losers"] is None
    assert not any("without_rule" in column for column in built.upgrades)
    effects = built.effects
    losing = effects[effects["lost"] > 0]
    assert len(losing)
    assert "失去现有服务" in built.summary_lines()[1]
    after = built.after.results
    for walker in window.answers:
        less = np.maximum(served_by(window, walker) - served_by(after, walker), 0.0)
        lost = float((less * window.demand.people).sum())
        told = losing[(losing["group"] == "people") & (losing["walker"] == walker)]["lost"].sum()
        assert told == pytest.approx(lost, abs=max(len(losing), 1))


def test_a_group_counts_by_its_own_people(window: Results) -> None:
    """Older people are those whom the blocks state; nobody says how many go by wheelchair."""
    settings = replace(window.inputs.siting, budget=60.0, walkers=("older", "adult"))
    found = propose_upgrades(window, settings)
    older = sum(block.groups["older_people"] for block in window.blocks)
    everybody = sum(block.people or 0.0 for block in window.blocks)
    needs = len(window.inputs.services)
    assert found.proposals.total <= (everybody + 1e-6) * needs
    alone = propose_upgrades(window, replace(settings, walkers=("older",)))
    assert alone.proposals.total <= (older + 1e-6) * needs
    assert alone.proposals.total < found.proposals.total
