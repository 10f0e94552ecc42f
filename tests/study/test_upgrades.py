"""The upstairs centers of the invented town: the best of all portfolios, and a run gains what it promises."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations, product
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from judged_rows import rows_of
from walkshed.errors import InvalidValueError
from walkshed.inputs.study.walkers import preset_walkers
from walkshed.model.plans.siting import Status
from walkshed.model.results import Results
from walkshed.siting.planning.built import with_plan
from walkshed.siting.planning.upgrading import Upgrades, propose_upgrades
from walkshed.siting.solver.upgrades import Choice, Program
from walkshed.study import Findings, Study, run
from walkshed.words.proposals import explanation

WALKERS = ("older", "wheelchair")
BUDGET = 160.0


@pytest.fixture(scope="module")
def town(gucheng: Results) -> Results:
    """The invented town, judged for an older person and somebody in a wheelchair too."""
    settings = replace(gucheng.inputs.settings, walkers=("adult", *WALKERS))
    return Study(replace(gucheng.inputs, settings=settings, walkers=preset_walkers())).run().results


def _measured(results: Results, services: tuple[str, ...]) -> float:
    """Older people are those whom the blocks state; how many use a wheelchair nobody says: half of all count."""
    ids = [service.id for service in results.inputs.services]
    total = 0.0
    for walker in WALKERS:
        for row in rows_of(results.answers[walker]):
            block = results.blocks[row.block]
            part = 1.0 / len(WALKERS)
            if walker == "older":
                part = block.groups["older_people"] / block.people if block.people else 0.0
            if row.need is not None and (not services or ids[row.service] in services):
                total += part * row.served
    return total


def _best_portfolio(found: Upgrades) -> float:
    """Return the most people that any portfolio within the budget serves, each one tried.

    Every choice of every center, and beside it every set of rooms left free for new stations, each
    with all its services (they cost nothing, and all fit).
    """
    program = found.program
    served = {}
    for place in program.openings:
        assert place.slots >= len(place.services)
        assert not sum(service.cost for service in place.services)
        served[place.name] = np.concatenate([service.serves for service in place.services])
    served |= {
        choice.name: choice.serves for choices in program.centers.values() for choice in choices
    }
    masks = np.zeros((len(served), len(program.weight)), dtype=bool)
    for mask, rows in zip(masks, served.values(), strict=True):
        mask[rows] = True
    patterns, group = np.unique(masks, axis=1, return_inverse=True)
    people = np.bincount(group.ravel(), weights=program.weight)
    short = dict(zip(served, patterns, strict=True))
    sets = [
        (
            {place.room for place in some},
            sum(place.cost for place in some),
            np.any(
                [short[place.name] for place in some] or [np.zeros(len(people), dtype=bool)], axis=0
            ),
        )
        for size in range(len(program.openings) + 1)
        for some in combinations(program.openings, size)
    ]
    today = np.any([short[choices[0].name] for choices in program.centers.values()], axis=0)
    costs, opened = np.array([cost for _, cost, _ in sets]), np.array([mask for _, _, mask in sets])
    best, tried = 0.0, 0
    free: dict[frozenset[str], np.ndarray] = {}
    for portfolio in product(*program.centers.values()):
        names = {choice.name for choice in portfolio}
        rooms = [choice.room for choice in portfolio if choice.room]
        left = program.budget - sum(choice.cost for choice in portfolio)
        if (
            left < 0
            or len(set(rooms)) < len(rooms)
            or not all(set(choice.needs) <= names for choice in portfolio)
            or not _rooms_hold(program, portfolio)
        ):
            continue
        key = frozenset(rooms)
        if key not in free:
            free[key] = np.array([not key & used for used, _, _ in sets])
        base = np.any([short[name] for name in names], axis=0)
        keeps = (opened | base | ~today).all(axis=1) | (not program.no_losers)
        lacking = (opened[free[key] & (costs <= left) & keeps] & ~base) @ people
        tried += int((free[key] & (costs <= left)).sum())
        best = max(best, float(people[base].sum() + lacking.max(initial=-np.inf)))
    assert tried > 10_000
    return program.beside + best


def _rooms_hold(program: Program, portfolio: tuple[Choice, ...]) -> bool:
    """Return whether rooms of known area hold the centers that go there."""
    return all(
        sum(choice.area_m2 for choice in portfolio if choice.hall == room) <= area_m2
        for room, area_m2 in program.halls_m2.items()
    )


@pytest.mark.parametrize(
    ("services", "budget", "no_losers"),
    [((), 300.0, False), (("elder_care", "mediation"), 220.0, True)],
)
def test_the_plan_is_the_best_of_all_portfolios(
    town: Results, services: tuple[str, ...], budget: float, no_losers: bool
) -> None:
    """Six small centers, seven rooms: each may take one of them in, or a new station with all services."""
    settings = replace(
        town.inputs.siting,
        budget=budget,
        walkers=WALKERS,
        services=services,
        services_per_site=9,
        service_m2=1.0,
        no_losers=no_losers,
    )
    assert len(settings.rooms) == 7
    small = replace(town, stations=tuple(replace(each, area_m2=1.0) for each in town.stations))
    found = propose_upgrades(small, settings, near_m=550.0)
    plan = found.proposals
    assert len(found.program.centers) == 6
    assert len(found.program.openings) == 7
    assert {each.action for each in found.listed} == {"leave", "elevator", "room", "merge"}
    assert found.plan.solution.status is Status.OPTIMAL
    assert found.plan.cost <= budget
    assert {each.action for each in plan.proposals} >= {"new_station"}
    assert no_losers or any(each.extends for each in plan.proposals)

    # the station's name, its mark on the map and its row say one number
    fresh = [each for each in plan.proposals if not each.extends]
    assert [each.station.id for each in fresh] == [f"P{each.rank}" for each in fresh]
    assert found.plan.after == pytest.approx(_best_portfolio(found), abs=1e-6)
    after = run(with_plan(town, plan))
    assert _measured(town, services) == pytest.approx(found.plan.before, abs=1e-6)
    assert _measured(after, services) == pytest.approx(found.plan.after, abs=1e-6)
    assert sum(each.gain for each in plan.proposals) == pytest.approx(plan.gain, abs=1e-6)
    rooms = [each.target for each in plan.proposals if each.room is not None]
    assert len(set(rooms)) == len(rooms)


def test_street_positions_compete_with_centers_for_the_money(town: Results) -> None:
    wishes = {"budget": BUDGET, "walkers": WALKERS, "candidates": "streets", "spacing_m": 400.0}
    found = Study(town.inputs).upgrade(
        Findings(town), station_cost=40.0, services=("meals", "elder_care"), **wishes
    )
    assert {each.kind for each in found.plan.proposals if not each.extends} == {"street"}
    assert found.plan.solution.status is Status.OPTIMAL
    assert found.measured_gain == pytest.approx(found.plan.gain, abs=1e-6)
    assert sum(each.cost for each in found.plan.proposals) == pytest.approx(found.found.plan.cost)


def test_new_stations_hold_no_service_that_no_room_can(town: Results) -> None:
    """With site = false no new station offers it beside the centers, unless it is asked for by name."""
    services = tuple(
        replace(service, site=service.id != "elder_care") for service in town.inputs.services
    )
    large = replace(town, inputs=replace(town.inputs, services=services))
    settings = replace(
        town.inputs.siting, budget=220.0, walkers=WALKERS, services_per_site=9, service_m2=1.0
    )

    def offered(results: Results, named: tuple[str, ...] = ()) -> set[str]:
        found = propose_upgrades(results, replace(settings, services=named), time_limit_s=4.0)
        names = [service.name for place in found.program.openings for service in place.services]
        return {name.split(": ")[1] for name in names}

    everything = offered(town)
    assert "elder_care" in everything
    assert offered(large) == everything - {"elder_care"}
    assert offered(large, ("elder_care", "meals")) == {"elder_care", "meals"}


def test_rooms_fill_up_in_upgrades_too(town: Results) -> None:
    needs = tuple(replace(need, places_per_1000=12.0) for need in town.inputs.needs)
    crowded = Study(replace(town.inputs, needs=needs)).run()
    found = Study(crowded.results.inputs).upgrade(
        crowded, budget=120.0, walkers=("older",), station_capacity=15.0
    )
    assert found.plan.problem.partial
    assert found.plan.gain > 100
    assert found.measured_gain == pytest.approx(found.plan.gain, abs=1e-6)


def test_upgrades_as_table_words_and_files(town: Results, tmp_path: Path) -> None:
    down = Study(town.inputs).upgrade(Findings(town), budget=60.0, walkers=("wheelchair",))
    table = down.upgrades
    assert {"C1", "C2", "C3", "C4", "C5", "C6"} <= set(table["center"])
    assert table["cost"].sum() <= 60
    assert (table.loc[table["action"] == "leave", ["loss", "gain"]] == 0).all(axis=None)
    assert table["gain"].sum() == pytest.approx(down.plan.gain, abs=len(table))
    by_service = table[[f"gain_{service}" for service in down.plan.services]].sum(axis=1)
    assert (by_service - table["gain"]).abs().max() <= len(down.plan.services)
    assert table["explanation"].str.len().min() > 10
    lines = down.summary_lines()
    assert "乘轮椅" in lines[0]
    assert lines[1] == "现已达标的，无一人失去任何服务"
    assert len(lines) == 1 + 4 + len(table) + 1
    further = down.plan.too_dear
    assert further is not None
    spent = sum(each.cost for each in down.plan.proposals)
    assert further.short == pytest.approx(spent + further.proposal.cost - 60)
    told = f"预算再增加{further.short:g}，可"
    assert len([line for line in lines if line.startswith(told)]) == 1
    page = down.write(tmp_path / "out")
    written = pd.read_csv(page.parent / "upgrades.csv", encoding="utf-8-sig")
    assert written["action"].tolist() == table["action"].tolist()
    curve = pd.read_csv(page.parent / "frontier.csv", encoding="utf-8-sig")
    assert curve["budget"].tolist() == [7.5 * part for part in range(9)]
    assert curve["gain"].is_monotonic_increasing
    assert (curve["cost"] <= curve["budget"]).all()
    assert curve["gain"].iloc[0] == 0
    assert curve["gain"].iloc[-1] == pytest.approx(down.plan.gain, abs=1)
    facts = json.loads((page.parent / "run.json").read_text(encoding="utf-8"))["siting"]
    assert facts["gain_promised"] == facts["gain_measured_by_running_again"]
    assert facts["just_too_dear"]["short"] == further.short
    layer = gpd.read_file(page.parent / "layers.gpkg", layer="upgrades")
    assert layer["action"].tolist() == [each.action for each in down.plan.proposals]


def test_every_act_in_words(town: Results) -> None:
    """Centers so small that every room holds them, and that may take from some what they have."""
    small = replace(town, stations=tuple(replace(each, area_m2=1.0) for each in town.stations))
    wishes = {"budget": 400.0, "walkers": ("wheelchair",), "no_losers": False}
    down = Study(town.inputs).upgrade(Findings(small), **wishes)
    told = {
        each.action: (
            explanation(town, down.plan, each, "zh"),
            explanation(town, down.plan, each, "en"),
        )
        for each in down.plan.proposals
    }
    assert set(told) == {"new_station", "room", "merge"}
    acts = {each.action: each for each in down.plan.proposals}
    lifted = replace(acts["room"], action="elevator", cost=60.0)
    assert "加装电梯（费用60）" in explanation(town, down.plan, lifted, "zh")
    assert "add an elevator (cost 60)" in explanation(town, down.plan, lifted, "en")
    room = acts["room"].room
    assert room is not None
    assert (
        f"迁至{room.name}（{room.obtained}，{room.floor}层）（费用{room.cost:g}）"
        in told["room"][0]
    )
    assert f"move to {room.name}" in told["room"][1]
    assert "原社区居民转至该处" in told["merge"][0]
    assert "merge into " in told["merge"][1]
    assert "open a station with" in told["new_station"][1]


def test_a_room_without_a_cost_is_asked_for(town: Results) -> None:
    free = tuple(
        replace(room, cost=None) if room.id in {"R2", "R5"} else room
        for room in town.inputs.siting.rooms
    )
    for verb, wishes in (("upgrade", {}), ("site", {"candidates": "rooms"})):
        with pytest.raises(
            InvalidValueError, match=r"rooms without a cost under a budget: R2, R5; fill in .*cost"
        ):
            getattr(Study(town.inputs), verb)(Findings(town), budget=60.0, rooms=free, **wishes)


def test_upgrades_need_a_budget(town: Results) -> None:
    with pytest.raises(InvalidValueError, match="upgrades need a budget"):
        Study(town.inputs).upgrade(Findings(town))
