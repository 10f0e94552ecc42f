"""Exits by the map's own rules: closed gates, streets equally near, and ways along a block's edge (definition 7)."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
import shapely

from drawn_osm import EAST, GRID, Drawing, square
from needs.judged import Judged, block, judge, station
from towns import town
from walkshed.model.judged.verdicts import ExitKind
from walkshed.model.town.places import Form, Gate
from walkshed.streets.barriers import closed_nodes
from walkshed.streets.build import build_network

GATE, NORTH_GATE, HOME, DOOR = 4, 6, 50, 51

#: A compound between two streets: a lane enters it from the south by a gate and leaves it in the
#: north; the streets meet far in the east.
COMPOUND = Drawing(
    nodes={
        1: (0, 0),
        2: (2, 0),
        3: (6, 0),
        GATE: (2, 0.2),
        5: (2, 0.5),
        NORTH_GATE: (2, 2),
        7: (2, 2.4),
        8: (6, 2.4),
        HOME: (2, 1.1),
        DOOR: (2, -0.05),
        **square(1.9, 1.0, 0.2, 60),
    },
    node_tags={NORTH_GATE: {"barrier": "gate"}},
    ways={
        10: ([1, 2, 3], {"highway": "residential"}),
        11: ([2, GATE, 5, NORTH_GATE, 7], {"highway": "service"}),
        12: ([7, 8, 3], {"highway": "residential"}),
        13: ([60, 61, 62, 63, 60], {"building": "apartments"}),
    },
)


def at(x: float, y: float) -> tuple[float, float]:
    return EAST + x * GRID, y * GRID


def ground(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(*at(west, south), *at(east, north))


def judged(drawing: Drawing, folder: Path, outline: shapely.Polygon, place: tuple) -> Judged:
    """Return what a run makes of one block and one station on a drawn map."""
    extract = drawing.read(folder)
    net = build_network(extract)
    return judge(
        net,
        [block("b", outline)],
        [station("s", *at(*place))],
        extract=extract,
        closed=closed_nodes(extract, "walking"),
    )


def tagged(tags: dict[str, str], node: int = GATE) -> Drawing:
    return replace(COMPOUND, node_tags={**COMPOUND.node_tags, node: tags})


@pytest.mark.parametrize(
    "tags",
    [
        {"barrier": "gate", "access": "no"},
        {"barrier": "gate", "foot": "no"},
        {"barrier": "lift_gate", "foot": "no"},
        {"barrier": "fence"},
        {"barrier": "yes"},
    ],
)
def test_nobody_leaves_by_a_gate_that_is_closed(tags: dict[str, str], tmp_path: Path) -> None:
    found = judged(tagged(tags), tmp_path, ground(1, 0.2, 3, 2), (2, -0.05))
    around_m = COMPOUND.meters(HOME, NORTH_GATE, 7, 8, 3, 2, DOOR)
    assert found.of("b").verdict == "too_far"
    assert found.of("b").nearest_m == pytest.approx(around_m, abs=0.1)
    assert found.demand.exit_kind == (ExitKind.MAPPED,)


@pytest.mark.parametrize(
    "tags",
    [
        {"barrier": "gate"},
        {"barrier": "gate", "access": "private"},
        {"barrier": "gate", "access": "no", "foot": "yes"},
    ],
)
def test_an_open_gate_and_one_of_the_residents_own_lead_out(
    tags: dict[str, str], tmp_path: Path
) -> None:
    found = judged(tagged(tags), tmp_path, ground(1, 0.2, 3, 2), (2, -0.05))
    assert found.of("b").verdict == "served"
    assert found.of("b").nearest_m == pytest.approx(COMPOUND.meters(HOME, 2, DOOR), abs=0.1)


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"barrier": "gate"}, ExitKind.MAPPED),
        ({"barrier": "gate", "access": "private"}, ExitKind.MAPPED),
        ({"barrier": "gate", "access": "no"}, ExitKind.INFERRED),
    ],
)
def test_a_gate_beside_the_ways_follows_the_same_rules(
    tags: dict[str, str], kind: ExitKind, tmp_path: Path
) -> None:
    street = Drawing(
        nodes={1: (0, 0), 2: (6, 0), 3: (2, 0.3)},
        node_tags={3: tags},
        ways={10: ([1, 2], {"highway": "residential"})},
    )
    found = judged(street, tmp_path, ground(1, 0.3, 3, 2), (2, -0.05))
    assert found.demand.exit_kind == (kind,)


def test_a_closed_gate_on_a_junction_closes_nothing(tmp_path: Path) -> None:
    """As for the streets: it says not which of them it stands on."""
    crossing = Drawing(
        nodes={1: (0, 0), 2: (2, 0), 3: (6, 0), 4: (2, 0.9)},
        node_tags={2: {"barrier": "gate", "access": "no"}},
        ways={
            10: ([1, 2, 3], {"highway": "residential"}),
            11: ([2, 4], {"highway": "service"}),
        },
    )
    found = judged(crossing, tmp_path, ground(1, 0, 3, 0.8), (2, -0.05))
    assert found.demand.exit_kind == (ExitKind.MAPPED,)
    assert found.of("b").verdict == "served"


def test_no_verdict_hangs_on_the_ids_of_ways(tmp_path: Path) -> None:
    """A path crosses the edge of a block, where a street runs, without a node: people walk either way."""
    nodes = {
        1: (-6, 0),
        2: (6, 0),
        3: (0.1, 1),
        4: (0.1, -2),
        5: (-6, -6),
        6: (0.1, -6),
    }
    found = []
    for street, path, detour in permutations((10, 20, 30)):
        drawn = Drawing(
            nodes=nodes,
            ways={
                street: ([1, 2], {"highway": "residential"}),
                path: ([3, 4], {"highway": "footway"}),
                detour: ([1, 5, 6, 4], {"highway": "residential"}),
            },
        )
        one = judged(drawn, tmp_path, ground(-1, 0, 1, 1.5), (0.1, -1.9))
        found.append((one.of("b").verdict, one.of("b").nearest_m, round(one.of("b").share, 9)))
    assert set(found) == {("served", found[0][1], 1.0)}
    assert found[0][1] < 350.0


def test_residents_step_out_at_the_foot_of_a_station_on_the_way_along_their_edge() -> None:
    """Nothing is shorter than straight to the foot, wherever on the way the station is."""
    street = town(
        """
        . . . . . . . . . . .
        . . . . . . . . . . .
        A . . . . B . . . . C
        """,
        "A-B-C",
    )
    outline = shapely.box(100, 0.5, 900, 190)
    for x in (137.0, 263.5, 500.0, 777.7):
        found = judge(street.net, [block("b", outline)], [station("s", x, -30)])
        expected_m = np.hypot(*(found.demand.xy - (x, 0.0)).T) + 30.0
        np.testing.assert_allclose(found.answer.nearest_m[0, :, 0], expected_m, atol=0.003)


def test_a_way_along_the_edge_is_left_at_junctions_and_where_it_turns_away() -> None:
    bending = town(
        """
        . . . . . . E
        . . D . . . .
        A . B . c . .
        """,
        "A-B-c-E",
        "B-D",
    )
    # the street turns away from the edge at (400, 0), up across the block
    outline = shapely.box(50, 0, 700, 60)
    found = judge(bending.net, [block("b", outline)], [station("far", 0, -10)])
    first, last = found.demand.exit_start[:2]
    out = sorted(map(tuple, found.demand.exit_xy[first:last].round(0).tolist()))
    assert (50.0, 0.0) in {(x + 1, y) for x, y in out} | set(out)  # a meter around the corner
    assert {(200.0, 0.0), (200.0, 60.0), (460.0, 60.0)} <= set(out)
    assert any(400.0 <= x <= 402.0 and 0.0 <= y <= 2.0 for x, y in out)
    assert len(out) == 5


def test_a_loop_around_a_block_is_left_anywhere() -> None:
    ring_road = town(
        """
        A . . b
        . . . .
        d . . c
        """,
        "A-b-c-d-A",
    )
    outline = shapely.box(0.5, 0.5, 299.5, 199.5)
    found = judge(ring_road.net, [block("b", outline)], [station("s", 310, 70)])
    expected_m = np.hypot(*(found.demand.xy - (300.0, 70.0)).T) + 10.0
    np.testing.assert_allclose(found.answer.nearest_m[0, :, 0], expected_m, atol=0.003)


def test_a_closed_list_of_gates_leaves_no_other_way_out() -> None:
    from walkshed.model.town.places import Gate

    street = town("A . . . B", "A-B")
    outline = shapely.box(100, 0, 300, 90)
    gate = (Gate("b", 110.0, 0.0),)
    open_list = judge(street.net, [block("b", outline)], [station("s", 290, -5)], gates=gate)
    closed_list = judge(
        street.net, [block("b", outline)], [station("s", 290, -5)], gates=gate, gates_complete=True
    )
    assert len(open_list.demand.exit_xy) == 4  # the gate, both ends, the station's foot
    assert len(closed_list.demand.exit_xy) == 1
    assert len(closed_list.demand.stretches.block) == 0


def test_gates_beside_the_edge_are_those_of_compounds_only(tmp_path: Path) -> None:
    """A gate of the map leads into a compound, and not into the block between streets beside it."""
    gate = {**COMPOUND.nodes, 90: (4, 0.05)}
    drawing = replace(
        COMPOUND, nodes=gate, node_tags={**COMPOUND.node_tags, 90: {"barrier": "gate"}}
    )
    extract = drawing.read(tmp_path)
    net = build_network(extract)
    outline = ground(1, 0.1, 5, 2)
    exits = {}
    for form in Form:
        whole = replace(block("b", outline), form=form)
        demand = judge(net, [whole], [station("s", *at(0, 0))], extract=extract).demand
        exits[form] = len(demand.exit_xy)
    assert exits[Form.COMPOUND] == exits[Form.STREET_BLOCK] + 1


@pytest.mark.parametrize("short_m", [0.0, 0.005])
def test_a_lane_that_branches_off_the_edge_follows_nothing(short_m: float) -> None:
    """Whether the junction lies on the edge or a hair beside it: no exit stands a meter up the lane."""
    street = town(
        """
        . . . . . D . . . . .
        A . . . . B . . . . C
        """,
        "A-B-C",
        "B-D",
    )
    outline = shapely.box(100, -190, 900, -short_m)
    found = judge(street.net, [block("b", outline)], [station("s", 0, -10)])
    assert found.demand.exit_xy[:, 1].max() < 0.001
    assert (500.0, 0.0) in set(map(tuple, found.demand.exit_xy.round(2).tolist()))


def test_a_stretch_ends_a_meter_from_the_edge_around_a_corner_too() -> None:
    street = town("A . . . b . .\n. . . . . . C", "A-b-C")
    outline = shapely.box(100, 100, 400, 190)
    found = judge(street.net, [block("b", outline)], [station("s", 0, 110)])
    away_m = np.hypot(*(found.demand.exit_xy - (400.0, 100.0)).T)
    assert away_m.min() == pytest.approx(1.0, abs=0.005)


def test_exits_stand_where_they_are_and_not_a_rounding_beside() -> None:
    """Half a millimeter off a junction an exit would be on one street alone, which some walkers cannot walk."""
    street = town("A B C", "A-B-C", cell_m=400.0004)
    outline = shapely.box(300, 0.0, 500, 100)
    found = judge(street.net, [block("b", outline)], [station("s", 0, -10)])
    assert np.abs(found.demand.exit_xy - (400.0004, 0.0)).sum(axis=1).min() < 1e-9


def test_a_stretch_through_the_joint_of_a_loop_is_not_the_rest_of_the_loop() -> None:
    """Nobody steps out at a station on the far side of the loop."""
    ring = town(
        """
        d . . . c
        . . . . .
        A . . . b
        """,
        "A-b-c-d-A",
    )
    outline = shapely.box(0.5, 0.5, 150, 120)
    near, far = station("near", 50, -20), station("far", 430, 100)
    demand = judge(ring.net, [block("b", outline)], [near, far]).demand
    exits = set(map(tuple, demand.exit_xy.round(0).tolist()))
    assert (50.0, 0.0) in exits
    assert (400.0, 100.0) not in exits


def test_a_gate_beside_the_way_does_not_stand_where_a_station_has_its_foot() -> None:
    """Its foot is the station's, but residents who leave by the gate walk to the way and back."""
    street = town(
        """
        . . . . . . . . . . .
        . . . . . . . . . . .
        A . . . . B . . . . C
        """,
        "A-B-C",
    )
    outline = shapely.box(100, 0.5, 900, 190)
    gates = (Gate("b", 437.0, -10.0),)
    found = judge(street.net, [block("b", outline)], [station("s", 437, -30)], gates=gates)
    expected_m = np.hypot(*(found.demand.xy - (437.0, 0.0)).T) + 30.0
    np.testing.assert_allclose(found.answer.nearest_m[0, :, 0], expected_m, atol=0.003)
