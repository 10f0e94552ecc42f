"""Rooms are real: their area, the way to them, and whose center leaves, on a street solved by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from small import lonlat, table, write_study
from walkshed.model.plans.siting import Room
from walkshed.proposed import ProposedUpgrades
from walkshed.study import read_study

TOML = """
[[services]]
id = "meals"
zh = "助餐"
en = "Meals"
[walk]
walkers = ["wheelchair"]
"""
COLUMNS = "id,name,tier,services,floor,step_free,scope,community,area_m2"
BLOCKS = table(
    "id,name,people,community",
    [("A", 1000, "Lane", 100, "North"), ("B", 1100, "Court", 80, "South")],
)


def center(
    name: str, x: float, community: str, area_m2: object = "", floor: int = 3
) -> tuple[object, ...]:
    """A center upstairs that serves its own community only."""
    step_free = "no" if floor > 1 else "yes"
    return name, x, name, "center", "meals", floor, step_free, "community", community, area_m2


def room(name: str, x: float, area_m2: float | None = None) -> Room:
    return Room(name, name, *lonlat(x), area_m2=area_m2, floor=1, cost=10.0)


def upgraded(
    folder: Path, centers: list[tuple[object, ...]], *rooms: Room, blocks: str = BLOCKS
) -> ProposedUpgrades:
    write_study(folder, stations=table(COLUMNS, centers), blocks=blocks, toml=TOML)
    return read_study(folder).upgrade(
        budget=100.0, new=0, candidates="rooms", rooms=rooms, merge_cost=5.0
    )


@pytest.mark.parametrize(
    ("area_m2", "gain", "acts"),
    [
        (49.0, 0.0, []),
        (50.0, 80.0, [("south", "room")]),
        (60.0, 100.0, [("north", "room")]),
        (109.0, 100.0, [("north", "room")]),
        (110.0, 180.0, [("north", "room"), ("south", "merge")]),
    ],
)
def test_a_room_takes_no_more_than_fits(
    tmp_path: Path, area_m2: float, gain: float, acts: list[tuple[str, str]]
) -> None:
    """60 and 50 m² go where there are 110: each center serves those of its own community."""
    centers = [center("north", 1000, "North", 60), center("south", 1100, "South", 50)]
    found = upgraded(tmp_path, centers, room("R", 1050, area_m2))
    assert (found.plan.gain, found.measured_gain) == (gain, gain)
    done = [(each.station.id, each.action) for each in found.plan.proposals]
    if gain == 180.0:  # either may be the one that moves: the other merges into it
        assert {name for name, _ in done} == {"north", "south"}
        assert sorted(action for _, action in done) == ["merge", "room"]
        assert found.found.plan.cost == 15.0
    else:
        assert done == acts
    assert not any("its area is not listed" in note for note in found.plan.notes)


def test_a_center_of_unknown_area_takes_that_of_its_services(tmp_path: Path) -> None:
    """30 m² for its one service, as ``service_m2`` says."""
    for area_m2, gain in ((29.0, 0.0), (30.0, 100.0)):
        found = upgraded(
            tmp_path / f"{area_m2}", [center("north", 1000, "North")], room("R", 1000, area_m2)
        )
        assert found.plan.gain == gain


def test_a_merger_is_as_far_as_the_place_where_the_other_will_stand(tmp_path: Path) -> None:
    """No farther than 800 m: a neighbor 500 m off that moves away is too far, one at 900 m that comes near is not."""
    away = [center("north", 1000, "North"), center("south", 1500, "South")]
    blocks = table("id,name,people,community", [("A", 1700, "Lane", 100, "North")])
    found = upgraded(tmp_path / "away", away, room("R", 2100), blocks=blocks)
    listed = {choice.name for choice in found.found.listed}
    assert "south: room R" in listed
    assert not any(name.startswith(("north: merge", "north: room")) for name in listed)

    near = [center("north", 1000, "North"), center("south", 1900, "South")]
    found = upgraded(tmp_path / "near", near, room("R", 1200), blocks=blocks)
    listed = {choice.name for choice in found.found.listed}
    assert "north: merge into south: room R" in listed


def test_a_community_that_loses_its_center_is_named(tmp_path: Path) -> None:
    """The room stands in South: North's only center goes there; a second one on its ground floor would stay."""
    blocks = table(
        "id,name,people,community",
        [("A", 1000, "Lane", 100, "North"), ("B", 1400, "Court", 80, "South")],
    )
    told = "North has no center of its own any more: north leaves it"
    alone = [center("north", 1000, "North")]
    found = upgraded(tmp_path / "alone", alone, room("R", 1390, 90.0), blocks=blocks)
    assert [each.action for each in found.plan.proposals] == ["room"]
    assert found.plan.notes == (told,)
    assert f"· {told}" in found.summary_lines()

    # at home it loses none, nor where another one stays that says whose it is
    for name, centers, x in (
        ("home", alone, 1010),
        ("other", [*alone, center("second", 3900, "North", floor=1)], 1390),
    ):
        found = upgraded(tmp_path / name, centers, room("R", x, 90.0), blocks=blocks)
        assert [each.action for each in found.plan.proposals] == ["room"]
        assert found.plan.notes == ()


def test_rooms_out_of_reach_do_not_keep_centers_where_they_are(tmp_path: Path) -> None:
    """The only room lies 2.9 km away: no station opens there, and north merges into its neighbor all the same."""
    centers = [center("north", 1000, "North", 60), center("south", 1100, "South", 300, floor=1)]
    found = upgraded(tmp_path, centers, room("R", 3900, 500.0))
    assert [(each.action, each.target) for each in found.plan.proposals] == [("merge", "south")]
    assert found.plan.notes[0] == (
        "no new station: none of 1 place lies within reach of people who lack a service"
    )


def test_where_nobody_knows_the_area_it_is_to_be_checked(tmp_path: Path) -> None:
    """A room without an area; and a house on the ground floor, full of what it offers already."""
    found = upgraded(tmp_path / "room", [center("north", 1000, "North", 60)], room("R", 1000))
    assert found.plan.notes == (
        "whether R has 60 m² for north is to be checked: its area is not listed",
    )

    centers = [center("north", 1000, "North", 60), center("south", 1100, "South", 200, floor=1)]
    found = upgraded(tmp_path / "house", centers)
    assert [(each.action, each.target) for each in found.plan.proposals] == [("merge", "south")]
    leaves, checked = found.plan.notes
    assert leaves == "North has no center of its own any more: north leaves it"
    assert checked == (
        "whether south, of 200 m² with all that it offers today, has 60 m² for north is to be "
        "checked"
    )
