"""Blocks made from the map, and people shared out over them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from needs.judged import block
from needs.test_demand import extract
from towns import Street, town
from walkshed.errors import InvalidValueError
from walkshed.model.ground.extract import Features
from walkshed.model.town.places import PeopleSource
from walkshed.needs.people.blocks import residential_blocks, share_people, street_blocks
from walkshed.needs.people.dwellings import dwellings, houses_residents

# Two faces of 200 m by 100 m; a footway crosses the western one and divides nothing.
TOWN = town(
    """
    A . e . B . . . C
    D . f . E . . . F
    """.replace("e", "G").replace("f", "H"),
    Street("A-G-B-C", "North Street"),
    Street("D-H-E-F", "South Street"),
    Street("A-D", "West Lane"),
    Street("B-E", "Middle Lane"),
    Street("C-F", "East Lane"),
    Street("G-H", "", highway="footway"),
    cell_m=100,
)
HOUSES = [
    (shapely.box(50, 20, 60, 30), {"building": "house"}),
    (shapely.box(500, 20, 530, 30), {"building": "house"}),
]


def test_street_blocks_are_the_faces_between_streets_that_hold_dwellings() -> None:
    both = street_blocks(TOWN.net, dwellings(extract(buildings=HOUSES), TOWN.net.plane))
    assert [(each.id, each.name) for each in both] == [
        ("B001", "North Street / South Street"),
        ("B002", "North Street / South Street"),
    ]
    assert [each.geometry.area for each in both] == pytest.approx([40_000, 40_000])
    west = street_blocks(TOWN.net, dwellings(extract(buildings=HOUSES[:1]), TOWN.net.plane))
    assert [each.geometry.bounds[0] for each in west] == [0]


def test_no_dwelling_no_block() -> None:
    with pytest.raises(InvalidValueError, match="no street block with a mapped dwelling"):
        street_blocks(TOWN.net, dwellings(extract(), TOWN.net.plane))


def residential(*areas: tuple[str, shapely.Geometry]):
    geometry = np.empty(len(areas), dtype=object)
    geometry[:] = [shape for _, shape in areas]
    tags = tuple(
        {"landuse": "residential", **({"name": name} if name else {})} for name, _ in areas
    )
    none = tuple(np.empty(0, dtype=np.int64) for _ in areas)
    return replace(
        extract(),
        areas=Features(("w",) * len(areas), np.arange(1, len(areas) + 1), tags, geometry, none),
    )


def test_parts_of_one_name_that_touch_are_one_block() -> None:
    found = residential_blocks(
        residential(
            ("祁连四村", shapely.box(0, 0, 50, 50)),
            ("祁连四村", shapely.box(50, 0, 90, 50)),
            ("祁连四村", shapely.box(300, 0, 350, 50)),
            ("", shapely.box(90, 0, 120, 50)),
            ("", shapely.box(120, 0, 150, 50)),
        ),
        TOWN.net,
    )
    assert [(each.id, each.name, each.geometry.area) for each in found] == [
        ("w1", "祁连四村", 4500),
        ("w3", "祁连四村", 2500),
        ("w4", "w4", 1500),
        ("w5", "w5", 1500),
    ]


def test_overlaps_count_once_and_the_smaller_keeps_the_ground() -> None:
    found = residential_blocks(
        residential(("", shapely.box(0, 0, 100, 100)), ("inner", shapely.box(20, 20, 40, 40))),
        TOWN.net,
    )
    assert [each.geometry.area for each in found] == [10_000 - 400, 400]
    assert shapely.area(shapely.intersection(found[0].geometry, found[1].geometry)) == 0


def test_a_total_is_shared_by_floor_area_over_blocks_without_people() -> None:
    blocks = (
        block("west", shapely.box(0, 0, 100, 100), None),
        block("east", shapely.box(450, 0, 600, 100), None),
        block("told", shapely.box(200, 0, 300, 100), 60),
    )
    # 100 m² in the west, 300 m² in the east
    homes = dwellings(extract(buildings=HOUSES), TOWN.net.plane)
    shared = share_people(blocks, TOWN.net, homes, 460).blocks
    assert [each.people for each in shared] == pytest.approx([100, 300, 60])
    assert [each.people_source for each in shared] == [
        PeopleSource.ESTIMATED,
        PeopleSource.ESTIMATED,
        PeopleSource.GIVEN,
    ]
    assert blocks[0].people is None


def test_a_block_without_a_mapped_building_is_taken_to_be_built_as_the_others() -> None:
    """One mapped house must not get the people of the whole town."""
    blocks = (
        block("west", shapely.box(0, 0, 100, 100), None),  # 100 m² of floor on 10,000 m²
        block("bare", shapely.box(100, 0, 300, 100), None),  # 20,000 m²
        block("dot", shapely.Point(350, 50), None),
    )
    homes = dwellings(extract(buildings=HOUSES[:1]), TOWN.net.plane)
    assert homes.floor_m2.tolist() == [100]
    shared = share_people(blocks, TOWN.net, homes, 450)
    # 100, 200, and their mean
    assert [each.people for each in shared.blocks] == pytest.approx([100, 200, 150])
    assert shared.notes == (
        (
            "people_total: the map shows no dwelling in 2 of 3 blocks; their people are estimated by "
            "their ground, as if it were built as that of the others"
        ),
    )


def test_a_total_is_shared_over_common_ground_once() -> None:
    large, inner = shapely.box(0, 0, 100, 100), shapely.box(50, 0, 100, 100)

    def shares(people_inside: float | None, *houses: shapely.Geometry) -> list[float | None]:
        blocks = (block("large", large, None), block("inner", inner, people_inside))
        homes = dwellings(
            extract(buildings=[(house, {"building": "house"}) for house in houses]), TOWN.net.plane
        )
        return [each.people for each in share_people(blocks, TOWN.net, homes, 90).blocks]

    assert shares(None) == pytest.approx([45, 45])  # 5,000 m² each, not 10,000 and 5,000
    west, east = shapely.box(20, 20, 30, 30), shapely.box(60, 20, 80, 30)  # 100 and 200 m²
    assert shares(None, west, east) == pytest.approx([30, 60])
    assert shares(40, west, east) == pytest.approx([50, 40])
    # a sliver of 0.5 m
    apart = (block("a", large, None), block("b", shapely.box(99.5, 0, 199.5, 100), None))
    assert [
        each.people
        for each in share_people(apart, TOWN.net, dwellings(extract(), TOWN.net.plane), 90).blocks
    ] == [45, 45]


@pytest.mark.parametrize(
    ("tags", "lives"),
    [
        ({"building": "yes"}, True),
        ({"building": "apartments", "amenity": "pharmacy"}, True),
        ({"building": "yes", "amenity": "school"}, False),
        ({"building": "garage"}, False),
    ],
)
def test_which_buildings_house_residents(tags: dict[str, str], lives: bool) -> None:
    assert houses_residents(tags) is lives


def test_a_lane_between_two_parts_of_one_name_parts_no_compound() -> None:
    found = residential_blocks(
        residential(
            ("祁连四村", shapely.box(0, 0, 50, 50)),
            ("祁连四村", shapely.box(67, 0, 120, 50)),
            ("祁连五村", shapely.box(0, 60, 50, 90)),
            ("", shapely.box(60, 60, 90, 90)),
        ),
        TOWN.net,
    )
    assert [(each.id, each.geometry.area) for each in found] == [
        ("w1", 2500 + 2650),
        ("w3", 1500),
        ("w4", 900),
    ]
