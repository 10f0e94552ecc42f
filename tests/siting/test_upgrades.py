"""Upgrades under a budget: a town solved by hand, and random programs against every portfolio."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest

from walkshed.errors import InvalidValueError
from walkshed.model.plans.siting import Status
from walkshed.siting.solver.upgrades import Choice, Opening, Program, UpgradePlan, solve_upgrades


def choice(
    name: str, cost: float, *serves: int, room: str | None = None, needs: tuple[str, ...] = ()
) -> Choice:
    return Choice(name, cost, np.array(serves, dtype=np.int64), room, needs)


def two_centers(budget: float) -> Program:
    """South (rows 0 to 2) and East (rows 3 to 5) are upstairs and serve row 0 and row 3 only; row 6 has nobody.

    The one free room R is near both. South may also merge into East's place once East has a ground
    floor.
    """
    return Program(
        weight=np.array([10.0, 20, 30, 5, 6, 7, 40]),
        served=np.array([], dtype=np.int64),
        centers={
            "South": (
                choice("South stays", 0, 0),
                choice("South to R", 8, 0, 1, room="R"),
                choice("South into East", 2, 0, 1, 2, needs=("East to R",)),
                choice("South lift", 5, 0, 1, 2),
            ),
            "East": (
                choice("East stays", 0, 3),
                choice("East to R", 4, 3, 4, 5, room="R"),
                choice("East lift", 9, 3, 4),
            ),
        },
        additions=(choice("new at S", 6, 6), choice("new at R", 3, 6, room="R")),
        budget=budget,
    )


@pytest.mark.parametrize(
    ("budget", "choices", "additions", "after"),
    [
        (0, ("South stays", "East stays"), (), 15.0),
        (3, ("South stays", "East stays"), ("new at R",), 55.0),
        # 63 more than staying; a lift for South alone brings 50
        (6, ("South into East", "East to R"), (), 78.0),
        (8, ("South lift", "East stays"), ("new at R",), 105.0),
        (12, ("South into East", "East to R"), ("new at S",), 118.0),
        # no more than is useful is spent
        (100, ("South into East", "East to R"), ("new at S",), 118.0),
    ],
)
def test_two_centers_by_hand(
    budget: float, choices: tuple[str, str], additions: tuple[str, ...], after: float
) -> None:
    plan = solve_upgrades(two_centers(budget))
    assert tuple(plan.choices.values()) == choices
    assert plan.additions == additions
    assert (plan.before, plan.after, plan.bound) == (15.0, after, after)
    assert plan.cost <= budget
    assert plan.solution.status is Status.OPTIMAL


def every_portfolio(program: Program) -> float:
    """The most people served, by trying everything."""
    best = -1.0
    additions = list(product((False, True), repeat=len(program.additions)))
    openings = list(product(*(_ways(each) for each in program.openings)))
    for made in product(*program.centers.values()):
        for taken, opened in product(additions, openings):
            extras = [extra for extra, take in zip(program.additions, taken, strict=True) if take]
            offered = [service for services in opened for service in services]
            all_made = [*made, *extras, *offered]
            names = {done.name for done in all_made}
            used = [
                place for place, services in zip(program.openings, opened, strict=True) if services
            ]
            rooms = [done.room for done in (*all_made, *used) if done.room]
            if (
                sum(done.cost for done in (*all_made, *used)) <= program.budget
                and len(set(rooms)) == len(rooms)
                and all(name in names for done in all_made for name in done.needs)
                and (program.new_stations is None or len(used) <= program.new_stations)
            ):
                share = _shares(program, all_made)
                left_alone = [choices[0] for choices in program.centers.values()]
                today = np.minimum(_shares(program, left_alone), 1.0)
                if program.no_losers and (share < today - 1e-9).any():
                    continue
                best = max(best, float((program.weight * np.minimum(share, 1.0)).sum()))
    return best + program.beside


def _shares(program: Program, made: list[Choice]) -> np.ndarray:
    share = np.zeros(len(program.weight))
    share[program.served] = 1.0
    for done in made:
        share[done.serves] += 1.0 if done.shares is None else done.shares
    return share


def _ways(place: Opening) -> list[tuple[Choice, ...]]:
    """Every way to use an opening, not using it among them."""
    return [ways for size in range(place.slots + 1) for ways in combinations(place.services, size)]


def invented(seed: int, *, openings: bool = False, shares: bool = False) -> Program:
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(5, 40))
    some = lambda: np.flatnonzero(rng.random(rows) < 0.15)  # noqa: E731
    centers = {}
    for center in range(int(rng.integers(1, 7))):
        listed = [Choice(f"{center} stays", 0.0, some())]
        for number in range(int(rng.integers(1, 4))):
            room = f"room {rng.integers(0, 3)}" if rng.random() < 0.5 else None
            other = int(rng.integers(0, max(center, 1)))
            needs = (f"{other} choice 0",) if center and rng.random() < 0.3 else ()
            listed.append(
                Choice(f"{center} choice {number}", float(rng.integers(0, 9)), some(), room, needs)
            )
        centers[f"center {center}"] = tuple(listed)
    additions = tuple(
        Choice(f"new {n}", float(rng.integers(1, 9)), some())
        for n in range(int(rng.integers(0, 4)))
    )
    weight = rng.integers(1, 100, rows).astype(float)
    program = Program(weight, some(), centers, additions, float(rng.integers(0, 25)))
    if not openings:
        return program
    centers = {
        center: tuple(_shared(each, rng) if shares else each for each in choices)
        for center, choices in list(centers.items())[:4]
    }
    places = []
    for number in range(int(rng.integers(1, 4))):
        served = [some() for _ in range(int(rng.integers(1, 4)))]
        services = [
            Choice(f"place {number}: {s}", float(rng.integers(0, 4)), rows)
            for s, rows in enumerate(served)
        ]
        room = f"room {number}" if rng.random() < 0.6 else None
        taken = tuple(_shared(each, rng) if shares else each for each in services)
        places.append(
            Opening(
                f"place {number}", float(rng.integers(0, 6)), int(rng.integers(1, 3)), taken, room
            )
        )
    return replace(
        program,
        centers=centers,
        additions=additions[:1],
        openings=tuple(places),
        beside=float(rng.integers(0, 9)),
        new_stations=int(rng.integers(0, 3)) if rng.random() < 0.4 else None,
    )


def _shared(each: Choice, rng: np.random.Generator) -> Choice:
    return replace(each, shares=rng.choice([0.3, 0.5, 1.0], len(each.serves)))


@pytest.mark.parametrize("shares", [False, True])
@pytest.mark.parametrize("seed", range(0, 60, 15))
def test_new_stations_in_the_same_budget_equal_every_portfolio(seed: int, shares: bool) -> None:
    for number in range(seed, seed + 15):
        program = invented(number, openings=True, shares=shares)
        plan = solve_upgrades(program)
        assert plan.after == pytest.approx(every_portfolio(program), abs=1e-9)
        assert plan.after == pytest.approx(plan.bound)
        assert plan.cost <= program.budget
        used = {
            place.room for place in program.openings if place.name in plan.opened and place.room
        }
        assert not used & {
            choice.room
            for center, choices in program.centers.items()
            for choice in choices
            if choice.name == plan.choices[center]
        }


@pytest.mark.parametrize("shares", [False, True])
@pytest.mark.parametrize("seed", range(0, 60, 15))
def test_nobody_loses_and_no_portfolio_without_losers_is_better(seed: int, shares: bool) -> None:
    """Moving takes places away from those who have them; some rows count for nothing and lose as little."""
    dearer = 0
    for number in range(seed, seed + 15):
        program = invented(number, openings=True, shares=shares)
        weight = np.where(np.arange(len(program.weight)) % 4 == 0, 0.0, program.weight)
        program = replace(program, weight=weight, no_losers=True)
        plan = solve_upgrades(program)
        assert plan.after == pytest.approx(every_portfolio(program), abs=1e-9)
        assert plan.after == pytest.approx(plan.bound)
        assert plan.cost <= program.budget
        dearer += plan.after < solve_upgrades(replace(program, no_losers=False)).after - 1e-9
    assert dearer  # the rule is no empty one


@pytest.mark.parametrize("seed", range(0, 60, 10))
def test_equals_every_portfolio(seed: int) -> None:
    for number in range(seed, seed + 10):
        program = invented(number)
        plan: UpgradePlan = solve_upgrades(program)
        assert plan.after == pytest.approx(every_portfolio(program), abs=1e-9)
        assert plan.cost <= program.budget
        assert plan.before <= plan.after == plan.bound


def test_names_are_checked() -> None:
    twice = Program(np.ones(1), np.array([], int), {"A": (choice("x", 0), choice("x", 1))}, (), 1.0)
    with pytest.raises(InvalidValueError, match=r"'x'.* occur twice"):
        solve_upgrades(twice)
    unknown = Program(
        np.ones(1), np.array([], int), {"A": (choice("x", 0, needs=("y",)),)}, (), 1.0
    )
    with pytest.raises(InvalidValueError, match=r"'y'.* needed by others but not listed"):
        solve_upgrades(unknown)


def test_a_budget_that_fits_nothing_says_so() -> None:
    dear = Program(
        np.ones(1), np.array([], int), {"A": (choice("x", 5, 0), choice("y", 6, 0))}, (), 1.0
    )
    with pytest.raises(
        InvalidValueError, match="no plan for the upgrades: no combination of options fits"
    ):
        solve_upgrades(dear)


def test_a_room_takes_no_more_than_fits() -> None:
    """East moves into R (100 m²) and takes 60 of it: South, which needs 50, no longer fits in beside it."""
    places = two_centers(12)
    areas = {"East to R": 60.0, "South into East": 50.0, "South to R": 50.0}
    centers = {
        center: tuple(
            replace(each, hall="R" if each.name in areas else None, area_m2=areas.get(each.name, 0))
            for each in choices
        )
        for center, choices in places.centers.items()
    }
    held = replace(places, centers=centers, halls_m2={"R": 100.0})
    plan = solve_upgrades(held)
    assert plan.solution.status is Status.OPTIMAL
    assert tuple(plan.choices.values()) == ("South lift", "East stays")
    assert plan.after == plan.bound == 105.0

    # with 110 m² both fit, as where nobody has said how large it is
    wide = solve_upgrades(replace(held, halls_m2={"R": 110.0}))
    assert tuple(wide.choices.values()) == ("South into East", "East to R")
    assert wide.after == 118.0
