"""Nobody loses in silence: upgrades of the invented town judged door to window, against every portfolio."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest

from judged_rows import rows_of
from walkshed.model.plans.siting import Status
from walkshed.model.results import Results
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


def portfolios(program: Program) -> Iterator[tuple[tuple[Choice, ...], tuple[str, ...]]]:
    """Every set of choices and of opened places that may be, by its costs, rooms, areas and needs."""
    sets = [
        some
        for size in range(len(program.openings) + 1)
        for some in combinations(program.openings, size)
        if sum(place.cost for place in some) <= program.budget
    ]
    for made in product(*program.centers.values()):
        names = {choice.name for choice in made}
        rooms = [choice.room for choice in made if choice.room]
        cost = sum(choice.cost for choice in made)
        area = {
            hall: sum(choice.area_m2 for choice in made if choice.hall == hall)
            for hall in program.halls_m2
        }
        if (
            cost > program.budget
            or len(set(rooms)) < len(rooms)
            or any(area[hall] > program.halls_m2[hall] for hall in area)
            or not all(set(choice.needs) <= names for choice in made)
        ):
            continue
        for some in sets:
            used = {place.room for place in some}
            if not used & set(rooms) and cost + sum(p.cost for p in some) <= program.budget:
                yield made, tuple(place.name for place in some)


def best_of(program: Program, *, no_losers: bool) -> float:
    """The most that any portfolio serves, each one tried; of those without losers if so asked."""
    shares: dict[str, np.ndarray] = {}
    for choice in (choice for choices in program.centers.values() for choice in choices):
        shares[choice.name] = share_of(program, (choice,))
    for place in program.openings:
        assert place.slots >= len(place.services)
        shares[place.name] = share_of(program, place.services)
    table, group = np.unique(np.array(list(shares.values())), axis=1, return_inverse=True)
    people = np.bincount(group.ravel(), weights=program.weight, minlength=table.shape[1])
    short = dict(zip(shares, table, strict=True))

    today = np.minimum(sum(short[choices[0].name] for choices in program.centers.values()), 1.0)
    best, tried = 0.0, 0
    for made, opened in portfolios(program):
        names = [*(choice.name for choice in made), *opened]
        served = np.minimum(sum(short[name] for name in names), 1.0)
        tried += 1
        if not no_losers or (served >= today - 1e-9).all():
            best = max(best, float(people @ served))
    assert tried > 10
    return best + program.beside


def share_of(program: Program, choices: tuple[Choice, ...]) -> np.ndarray:
    share = np.zeros(len(program.weight))
    for choice in choices:
        np.add.at(share, choice.serves, 1.0 if choice.shares is None else choice.shares)
    return share


def test_no_portfolio_without_losers_is_better(built: ProposedUpgrades) -> None:
    found, program = built.found, built.found.program
    assert program.no_losers
    assert found.plan.solution.status is Status.OPTIMAL
    assert found.plan.after == pytest.approx(best_of(program, no_losers=True), abs=1e-6)

    # the price of the rule is that of the best portfolio with losers
    free = built.plan.without_rule
    assert free is not None
    assert free.after == pytest.approx(best_of(program, no_losers=False), abs=1e-6)
    lines = built.summary_lines()
    assert lines[1] == "现已达标的，无一人失去任何服务"
    assert (free.after > found.plan.after + 1e-6) == bool(free.lost)
    assert any("no_losers" in line for line in lines[:5])


def test_those_who_lose_without_the_rule_are_told(window: Results) -> None:
    """Freed of the rule, the plan for wheelchairs takes from others; the first lines and the table say from whom."""
    wishes = WISHES | {"no_losers": False}
    built = Study(window.inputs).upgrade(Findings(window), budget=60.0, **wishes)
    assert built.plan.without_rule is None
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
