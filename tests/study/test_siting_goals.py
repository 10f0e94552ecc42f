"""Nobody left out, least walking, shortest longest walk: on the invented town, against every set of rooms."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from walkshed import cli
from walkshed.cli import shipped_studies
from walkshed.errors import InvalidValueError
from walkshed.findings import Findings
from walkshed.model.plans.siting import Room, Status
from walkshed.model.results import Results
from walkshed.model.town.places import Mode
from walkshed.needs.exits.inside import inside_walks
from walkshed.proposed import ProposedSites
from walkshed.siting.planning.places import places
from walkshed.study import Study
from walkshed.walk.distances import pairs

SERVICE = "meals"


def _rooms(results: Results, count: int) -> tuple[Room, ...]:
    """Rooms spread over the blocks, every so many blocks one."""
    step = len(results.blocks) // count
    points = [block.geometry.representative_point() for block in results.blocks[::step][:count]]
    return tuple(Room(f"R{n}", f"Room {n}", at.x, at.y) for n, at in enumerate(points))


def _site(results: Results, **wishes: object) -> ProposedSites:
    asked = {"candidates": "rooms", "services": (SERVICE,), **wishes}
    return Study(results.inputs).site(Findings(results), **asked)  # type: ignore[arg-type]


def _meters(results: Results) -> tuple[np.ndarray, np.ndarray]:
    """Return (p,) meters to the nearest station with the service, inf without any, and (p,) people."""
    offering = {
        each.station
        for each in results.offers
        if each.service == SERVICE and each.mode is Mode.VISIT
    }
    assert all(each.scope.value == "all" for each in results.offers if each.service == SERVICE)
    found = pairs(results.network, results.demand.anchors, results.station_anchors, limit_m=1e6)
    keep = np.isin(
        found.station, [row for row, each in enumerate(results.stations) if each.id in offering]
    )
    meters = np.full(len(results.demand.people), np.inf)
    np.minimum.at(meters, found.point[keep], found.distance_m[keep])
    inside = inside_walks(results.network, results.demand, results.station_anchors)
    keep = np.isin(inside.station, found.station[keep])
    np.minimum.at(meters, inside.point[keep], inside.meters[keep])
    return meters, results.demand.people


def _room_meters(results: Results, rooms: tuple[Room, ...]) -> dict[str, np.ndarray]:
    settings = replace(results.inputs.siting, candidates="rooms", rooms=rooms)
    found = places(results, settings, results.demand.xy, 1e6)
    walks = pairs(results.network, results.demand.anchors, found.anchors, limit_m=1e6)
    meters = np.full((len(found.stations), len(results.demand.people)), np.inf)
    meters[walks.station, walks.point] = walks.distance_m
    inside = inside_walks(results.network, results.demand, found.anchors)
    np.minimum.at(meters, (inside.station, inside.point), inside.meters)
    return {station.id: row for station, row in zip(found.stations, meters, strict=True)}


@pytest.mark.parametrize("goal", ["distance", "worst"])
def test_walks_equal_every_pair_of_rooms(gucheng: Results, goal: str) -> None:
    rooms = _rooms(gucheng, 9)
    found = _site(gucheng, goal=goal, new=2, rooms=rooms)
    assert found.plan.solution.status is Status.OPTIMAL
    today, people = _meters(gucheng)
    of_room = _room_meters(gucheng, rooms)
    counts = (people > 0) & np.isfinite(today)

    def summed(meters: np.ndarray) -> float:
        if goal == "worst":
            return float(meters[counts].max())
        return float((meters * people)[counts].sum() / people[counts].sum())

    best = min(
        summed(np.minimum(today, np.minimum(*pair))) for pair in combinations(of_room.values(), 2)
    )
    assert found.plan.walk_m == pytest.approx((summed(today), best, best), abs=1e-6)
    then, _ = _meters(found.after.results)
    assert summed(then) == pytest.approx(best, abs=1e-6)
    assert best < summed(today)
    assert found.measured_gain == pytest.approx(found.plan.gain, abs=1e-6)
    assert ("平均步行" if goal == "distance" else "最远步行") in found.summary_lines()[1]
    table = found.proposals
    assert set(table.goal) == {goal}
    assert found.plan.walk_m is not None
    assert table[["walk_before_m", "walk_after_m", "walk_bound_m"]].iloc[0].tolist() == [
        round(meters, 1) for meters in found.plan.walk_m
    ]


def test_nobody_left_out_takes_no_more_rooms_than_any_other_set(gucheng: Results) -> None:
    rooms = _rooms(gucheng, 14)
    found = _site(gucheng, goal="all", rooms=rooms)
    assert found.plan.solution.status is Status.OPTIMAL
    made = found.plan.problem
    reach = [
        set(made.demand[made.start[o] : made.start[o + 1]].tolist())
        for o in range(len(made.start) - 1)
    ]
    everybody = set().union(*reach)
    fewest = next(
        size
        for size in range(len(reach) + 1)
        if any(set().union(*some) == everybody for some in combinations(reach, size))
    )
    assert len(found.plan.stations) == fewest > 2
    assert found.measured_gain == pytest.approx(found.plan.gain, abs=1e-6)
    left = sum(each.worth for each in found.plan.unreachable)
    assert found.plan.total - found.plan.after == pytest.approx(left, abs=1e-6)
    with pytest.raises(
        InvalidValueError,
        match=f"{fewest - 1} new stations cannot serve everybody: at best .* lack",
    ):
        _site(gucheng, goal="all", rooms=rooms, new=fewest - 1)


def test_goals_say_what_they_do_not_take(gucheng: Results) -> None:
    brought = tuple(
        replace(each, mode=Mode.OUTREACH) for each in gucheng.offers if each.service == SERVICE
    )
    others = tuple(each for each in gucheng.offers if each.service != SERVICE)
    at_the_door = replace(gucheng, offers=(*others, *brought))
    rooms = _rooms(gucheng, 3)
    for results, wishes, told in (
        (at_the_door, {"goal": "distance", "new": 1}, "is about walks, but meals come to the door"),
        (
            gucheng,
            {"goal": "worst", "new": 1, "add_services": 1},
            "takes new stations: leave out add_services",
        ),
        (gucheng, {"goal": "distance"}, "how many stations"),
        (gucheng, {"goal": "distance", "budget": 9.0}, "rooms without a cost under a budget"),
    ):
        with pytest.raises(InvalidValueError, match=told):
            _site(results, rooms=rooms, **wishes)


def test_goal_on_the_command_line(tmp_path: Path) -> None:
    study = str(shipped_studies()["gucheng"])
    asked = ["site", study, "--services", "meals", "--no-open", "--out", str(tmp_path / "out")]
    told = CliRunner().invoke(cli.app, [*asked, "--goal", "nearest"])
    assert told.exit_code == 2
    told = CliRunner().invoke(cli.app, [*asked, "--goal", "all"])
    assert told.exit_code == 0, told.output
    assert "可使能够服务到的居民全部达标，已证明为最优" in told.output
