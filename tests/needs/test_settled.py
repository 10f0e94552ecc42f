"""Blocks of a draft, on six faces of 300 m by 200 m between named streets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from needs.test_demand import extract
from towns import Street, town
from walkshed.model.ground.extract import Extract, Features
from walkshed.model.town.places import Block, Form
from walkshed.needs.drafting import draft_blocks
from walkshed.needs.people.block_names import NameForms, told_apart
from walkshed.needs.people.dwellings import dwellings
from walkshed.needs.people.outlines import LARGEST_BLOCK_M2, LONGEST_BLOCK_M, handy, sound

TOWN = town(
    """
    A . . B . . C . . D
    . . . . . . . . . .
    E . . F . . G . . H
    . . . . . . . . . .
    I . . J . . K . . L
    """,
    Street("A-B-C-D", "North Street"),
    Street("E-F-G-H", "Middle Street"),
    Street("I-J-K-L", "South Street"),
    *(Street(path, f"{path[0]} Lane") for path in ("A-E-I", "B-F-J", "C-G-K", "D-H-L")),
)
FORMS = NameForms("unnamed, by {street}", "by {street}", "Block {id}")
FACE_M2 = 300 * 200
Area = tuple[shapely.Geometry, dict[str, str]]


def face(column: int, row: int) -> shapely.Polygon:
    """Return one of the six faces; (0, 0) is in the south-west."""
    return shapely.box(300 * column, 200 * row, 300 * column + 300, 200 * row + 200)


def land(outline: shapely.Geometry, name: str = "") -> Area:
    return outline, {"landuse": "residential", **({"name": name} if name else {})}


def house(x: float, y: float, kind: str = "house") -> Area:
    return shapely.box(x - 5, y - 5, x + 5, y + 5), {"building": kind}


def rows_of_houses(column: int, row: int) -> list[Area]:
    """Return 40 houses that cover 6.7 % of a face."""
    west, south = 300 * column, 200 * row
    return [house(west + 20 + 28 * i, south + 25 + 50 * j) for i in range(10) for j in range(4)]


def map_of(areas: list[Area], houses: list[Area]) -> Extract:
    geometry = np.empty(len(areas), dtype=object)
    geometry[:] = [shape for shape, _ in areas]
    none = tuple(np.empty(0, dtype=np.int64) for _ in areas)
    numbers, tags = np.arange(1, len(areas) + 1), tuple(tags for _, tags in areas)
    drawn = Features(("w",) * len(areas), numbers, tags, geometry, none)
    return replace(extract(buildings=houses), areas=drawn)


def drafted(areas: list[Area], houses: list[Area]) -> tuple[tuple[Block, ...], str]:
    read = map_of(areas, houses)
    return draft_blocks(read, TOWN.net, dwellings(read, TOWN.net.plane), FORMS)


def told(blocks: tuple[Block, ...]) -> list[tuple[str, str, int]]:
    return [(block.name, block.form.value, round(block.geometry.area)) for block in blocks]


def test_a_residential_area_is_a_block_whether_or_not_it_has_a_name() -> None:
    """Two areas in two faces; the third holds a row of shops that says nothing of homes."""
    blocks, origin = drafted(
        [
            land(face(0, 1).buffer(-10, join_style="mitre")),
            land(shapely.box(310, 210, 590, 390), "甲"),
        ],
        [house(700, 300, "retail")],
    )
    assert told(blocks) == [
        ("unnamed, by Middle Street", "compound", 280 * 180),
        ("甲", "compound", 280 * 180),
    ]
    assert [block.id for block in blocks] == ["w1", "w2"]
    assert origin == "residential"


def test_an_unnamed_area_is_cut_by_the_streets_that_part_it_and_a_named_compound_is_not() -> None:
    both_faces = shapely.box(50, 20, 550, 180)
    blocks, _ = drafted([land(both_faces, "甲")], [])
    assert told(blocks) == [("甲", "compound", 500 * 160)]
    blocks, origin = drafted([land(both_faces)], [])
    # most of each face, and so all of it
    assert told(blocks) == [
        ("Middle Street / South Street 1", "street_block", FACE_M2),
        ("Middle Street / South Street 2", "street_block", FACE_M2),
    ]
    assert origin == "dwellings"
    beyond = shapely.box(50, 20, 310, 180)  # 10 m beyond a street part nothing
    assert told(drafted([land(beyond)], [])[0]) == [("unnamed, by B Lane", "compound", 260 * 160)]


def test_an_area_too_large_for_one_block_is_split_and_keeps_its_name() -> None:
    blocks, _ = drafted([land(shapely.box(0, 0, 900, 400), "大院")], [])
    assert told(blocks) == [(f"大院 {n}", "street_block", FACE_M2) for n in range(1, 7)]
    assert shapely.union_all([block.geometry for block in blocks]).area == 900 * 400


def test_gaps_are_gaps_where_homes_are_mapped_and_kept_where_they_are_not() -> None:
    whole = land(shapely.box(0, 0, 900, 400), "大院")
    full = [home for column in (0, 1, 2) for home in rows_of_houses(column, 0)]
    full += [home for column in (0, 1) for home in rows_of_houses(column, 1)]
    assert len(drafted([whole], full)[0]) == 5  # nobody lives in the sixth
    assert len(drafted([whole], full[:3])[0]) == 6  # three houses say nothing of the rest


def test_homes_outside_of_residential_areas_get_blocks_of_their_own() -> None:
    """A built-up face, a lone house in another, and two neighbors far beyond the streets."""
    compound = land(shapely.box(10, 210, 290, 390), "甲")
    blocks, _ = drafted(
        [compound], [*rows_of_houses(1, 0), house(700, 300), house(1500, 0), house(1560, 0)]
    )
    homes = shapely.points(
        [(1500, 0), (1560, 0), (700, 300), *((320 + 28 * i, 25) for i in range(10))]
    )
    assert all(any(block.geometry.intersects(home) for block in blocks) for home in homes)
    names = {block.name: block.geometry.area for block in blocks}
    assert names["甲"] == 280 * 180
    assert names["Middle Street / South Street"] == FACE_M2
    assert names["by Middle Street"] == pytest.approx(np.pi * 50**2, rel=0.11)
    assert names["Block B003"] == pytest.approx(np.pi * 50**2 + 60 * 100, rel=0.15)
    assert [block.form for block in blocks] == [Form.COMPOUND, *[Form.STREET_BLOCK] * 3]


@pytest.mark.parametrize(
    ("ground", "kind", "lives"),
    [
        ({"amenity": "university"}, "yes", False),
        ({"amenity": "university"}, "dormitory", False),
        ({"amenity": "university"}, "apartments", True),
        ({"landuse": "industrial"}, "yes", False),
        ({"landuse": "commercial"}, "yes", False),
        ({"landuse": "commercial"}, "apartments", True),
        ({"leisure": "park"}, "yes", False),
        ({"natural": "wood"}, "yes", True),
        ({"landuse": "residential", "amenity": "school"}, "yes", True),
        ({}, "dormitory", True),
    ],
)
def test_what_a_building_is_depends_on_the_ground(
    ground: dict[str, str], kind: str, lives: bool
) -> None:
    read = map_of([(face(0, 0), ground)], [house(100, 100, kind)])
    homes = dwellings(read, TOWN.net.plane)
    assert len(homes.floor_m2) == lives
    assert homes.stated.tolist() == [kind != "yes"] * lives


def test_staff_housing_on_a_campus_is_homes() -> None:
    read = map_of(
        [(face(0, 0), {"amenity": "university"}), land(shapely.box(50, 50, 150, 150))],
        [house(100, 100, "yes"), house(250, 100, "yes")],
    )
    assert dwellings(read, TOWN.net.plane).xy.tolist() == [[100, 100]]


def test_school_water_and_green_are_taken_out_of_street_blocks() -> None:
    taken = [
        (shapely.box(310, 10, 400, 190), {"amenity": "school"}),
        (shapely.box(400, 150, 600, 200), {"natural": "water"}),
        (shapely.box(560, 0, 600, 150), {"leisure": "park"}),
    ]
    clear = [
        home for home in rows_of_houses(1, 0) if not any(home[0].intersects(s) for s, _ in taken)
    ]
    blocks, _ = drafted(taken, [*clear, *rows_of_houses(0, 0), *rows_of_houses(2, 0)])
    (middle,) = (
        block.geometry for block in blocks if block.geometry.intersects(shapely.Point(500, 75))
    )
    assert middle.area == FACE_M2 - 90 * 180 - 200 * 50 - 40 * 150
    assert all(shapely.intersection(middle, shape).area == 0 for shape, _ in taken)
    # a house in the wood keeps the ground around itself
    wood = (face(1, 0), {"natural": "wood"})
    (in_wood,) = drafted([wood, land(face(0, 0), "甲")], [house(450, 100)])[0][1:]
    assert in_wood.geometry.area == pytest.approx(np.pi * 50**2, rel=0.11)


def test_no_block_reaches_into_the_sea() -> None:
    """The sea is no area of the map: it lies right of the coast, here south of a line through the southern faces."""
    houses = [home for column in range(3) for home in rows_of_houses(column, 0)]
    ashore = [home for home in houses if home[0].bounds[1] > 50]
    read = map_of([], ashore)
    shore = np.array([shapely.LineString([(-100, 50), (1000, 50)])], dtype=object)
    none = (np.empty(0, dtype=np.int64),)
    coast = Features(("w",), np.array([1]), ({"natural": "coastline"},), shore, none)
    town = replace(read, coast=coast, bounds=(-100.0, -100.0, 1000.0, 500.0))

    for drawn, depth in ((read, 200), (town, 150)):
        blocks, _ = draft_blocks(drawn, TOWN.net, dwellings(drawn, TOWN.net.plane), FORMS)
        assert [round(block.geometry.area) for block in blocks] == [300 * depth] * 3


def test_a_map_that_does_not_show_where_people_live_gives_all_ground_between_streets() -> None:
    lake = (shapely.box(610, 210, 890, 390), {"natural": "water"})
    blocks, origin = drafted([lake], [house(100, 100)])
    assert origin == "streets"
    assert len(blocks) == 5  # what the lake leaves of its face is a rim of 10 m
    assert sum(block.geometry.area for block in blocks) == 5 * FACE_M2
    assert len({block.name for block in blocks}) == 5


def test_order_of_the_map_decides_nothing() -> None:
    areas = [
        land(shapely.box(0, 0, 900, 400), "大院"),
        land(shapely.box(20, 20, 120, 120), "内院"),
        (shapely.box(400, 20, 500, 120), {"amenity": "school"}),
    ]
    houses = [*rows_of_houses(1, 1), house(1500, 0), house(700, 100)]
    there, _ = drafted(areas, houses)
    back, _ = drafted(areas[::-1], houses[::-1])
    assert sorted(told(there)) == sorted(told(back))
    assert not shapely.union_all([block.geometry for block in there]).is_empty
    shared = [
        shapely.intersection(one.geometry, two.geometry).area
        for row, one in enumerate(there)
        for two in there[:row]
    ]
    assert max(shared) < 1e-6


@pytest.mark.parametrize(("width", "height"), [(200, 100), (2000, 50), (1700, 900), (450, 450)])
def test_what_is_too_large_is_halved_and_nothing_is_lost(width: float, height: float) -> None:
    pieces = handy(shapely.box(0, 0, width, height))
    assert sum(piece.area for piece in pieces) == pytest.approx(width * height)
    assert all(piece.area <= LARGEST_BLOCK_M2 for piece in pieces)
    spans = [max(e - w, n - s) for w, s, e, n in (piece.bounds for piece in pieces)]
    assert max(spans) <= LONGEST_BLOCK_M
    assert (len(pieces) == 1) == (width * height <= LARGEST_BLOCK_M2 and width <= LONGEST_BLOCK_M)


def test_rings_that_touch_share_a_corner() -> None:
    """A hole whose corner stands on the middle of the edge, where a projection would push it across."""
    hole = [(40, 0), (50, 30), (30, 30)]
    touching = shapely.Polygon([(0, 0), (100, 0), (100, 100), (0, 100)], [hole])
    (mended,) = sound(np.array([touching], dtype=object))
    assert mended.area == touching.area
    corners = [tuple(xy) for part in mended.geoms for xy in part.exterior.coords]
    assert corners.count((40.0, 0.0)) >= 1
    bent = shapely.transform(mended, lambda xy: xy + np.sin(xy[:, ::-1] / 7))
    assert bent.is_valid


def test_names_are_told_apart() -> None:
    assert told_apart(["龙飞大道", "甲", "龙飞大道", "龙飞大道 1"]) == [
        "龙飞大道 2",
        "甲",
        "龙飞大道 3",
        "龙飞大道 1",
    ]
    assert told_apart([]) == []
