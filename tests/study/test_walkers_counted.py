"""A plan for somebody who walks in a way of their own weighs those who do: a street of two blocks, by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from small import lonlat, table, write_study
from walkshed.findings import Findings
from walkshed.model.plans.siting import Room
from walkshed.proposed import ProposedSites
from walkshed.study import Study, read_study

#: Nobody is served; one room at each block. A holds most people, B most older ones and wheelchairs.
STATIONS = table("id,name,services", [("S1", 0, "Hall", "meals")])
BLOCKS = table(
    "id,name,people,older_people,wheelchair_users",
    [("A", 1500, "Young court", 100, 20, 1), ("B", 3000, "Old court", 60, 50, 8)],
)
TOML = """
[[services]]
id = "meals"
zh = "助餐"
en = "Meals"
[walk]
walkers = ["adult", "older", "wheelchair", "pram"]
group_walkers = { older_people = "older", wheelchair_users = "wheelchair" }
"""
ROOMS = tuple(Room(name, name, *lonlat(x)) for name, x in (("at A", 1500.0), ("at B", 3000.0)))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    folder = write_study(
        tmp_path_factory.mktemp("town"), stations=STATIONS, blocks=BLOCKS, toml=TOML
    )
    text = (folder / "study.toml").read_text(encoding="utf-8")
    groups = '[blocks]\ngroups = ["older_people", "wheelchair_users"]\n'
    (folder / "study.toml").write_text(text.replace("[blocks]\n", groups), encoding="utf-8")
    return read_study(folder).run()


def sited(found: Findings, *walkers: str) -> ProposedSites:
    return Study(found.results.inputs).site(
        found, new=1, candidates="rooms", rooms=ROOMS, walkers=walkers
    )


@pytest.mark.parametrize(
    ("walkers", "room", "gain", "total"),
    [
        ((), "at A", 100.0, 160.0),  # the study's first walker: all residents
        (("older",), "at B", 50.0, 70.0),
        (("wheelchair",), "at B", 8.0, 9.0),
        (("older", "wheelchair"), "at B", 58.0, 79.0),
        (("older", "adult"), "at A", 20.0 + 80.0, 160.0),  # adults are those who are not older
        (("wheelchair", "adult"), "at A", 1.0 + 99.0, 160.0),
    ],
)
def test_those_count_who_walk_so(
    found: Findings, walkers: tuple[str, ...], room: str, gain: float, total: float
) -> None:
    plan = sited(found, *walkers)
    assert [each.room.name for each in plan.plan.proposals if each.room] == [room]
    assert (plan.plan.gain, plan.plan.total) == (gain, total)
    assert plan.measured_gain == pytest.approx(gain)
    assert not any("everybody is counted as if" in line for line in plan.summary_lines())

    # and the table says who gains by each walker and group, whomever the plan is for
    rows = plan.effects.set_index(["group", "walker"])["gained"].to_dict()
    at_b = room == "at B"
    assert rows == {
        ("people", "adult"): 60 if at_b else 100,
        ("people", "older"): 60 if at_b else 100,
        ("people", "wheelchair"): 60 if at_b else 100,
        ("people", "pram"): 60 if at_b else 100,
        ("older_people", "older"): 50 if at_b else 20,
        ("wheelchair_users", "wheelchair"): 8 if at_b else 1,
    }


def test_of_whom_nobody_says_how_many_they_are_everybody_counts_and_that_is_said(
    found: Findings,
) -> None:
    plan = sited(found, "pram")
    assert (plan.plan.gain, plan.plan.total) == (100.0, 160.0)
    assert any(
        line.startswith("nobody has said how many people walk so (")
        and "everybody is counted as if" in line
        for line in plan.summary_lines()
    )


def test_a_study_judged_by_wheelchair_alone_says_whom_a_plan_counts(found: Findings) -> None:
    """Unless a walker is named all residents are judged by the study's first, and count so in its plans."""
    inputs = found.results.inputs
    alone = replace(inputs, settings=replace(inputs.settings, walkers=("wheelchair",)))
    plan = Study(alone).site(new=1, candidates="rooms", rooms=ROOMS)
    assert (plan.plan.gain, plan.plan.total) == (100.0, 160.0)
    assert any("counts the 9 people who walk so" in line for line in plan.summary_lines())
