"""Where residents live and by which exits they leave (definition 7), on a street drawn by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from needs.judged import block, judge, square, station
from towns import Line, network, town
from walkshed.errors import InputFaultsError
from walkshed.model.ground.extract import Extract, Features, Ways
from walkshed.model.judged.verdicts import ExitKind
from walkshed.model.town.places import Gate
from walkshed.needs.demand import sampled
from walkshed.needs.exits.gates import gates_of_blocks

# A 1,000 m street; a lane of 100 m leads north from its middle.
STREET = town(
    """
    . . . . . D . . . . .
    A . . . . B . . . . C
    """,
    "A-B-C",
    "B-D",
)
HERE = [station("s", 0, 0)]


def extract(
    gates: list[tuple[float, float]] | None = None,
    buildings: list[tuple[shapely.Polygon, dict[str, str]]] | None = None,
) -> Extract:
    """Return an extract that holds gates and buildings only."""

    def features(shapes: list[shapely.Geometry], tags: list[dict[str, str]]) -> Features:
        geometry = np.empty(len(shapes), dtype=object)
        geometry[:] = shapes
        empty = tuple(np.empty(0, dtype=np.int64) for _ in shapes)
        return Features(("n",) * len(shapes), np.arange(len(shapes)), tuple(tags), geometry, empty)

    none = features([], [])
    ways = Ways(np.empty(0, int), (), np.zeros(1, int), np.empty(0, int), np.empty((0, 2)))
    shapes = [shapely.Point(gate) for gate in gates or []]
    houses = buildings or []
    return Extract(
        source="drawn",
        digest="",
        data_date=None,
        bounds=(0, 0, 0, 0),
        ways=ways,
        way_node_tags={},
        areas=none,
        buildings=features([shape for shape, _ in houses], [tags for _, tags in houses]),
        places=none,
        gates=features(shapes, [{"barrier": "gate"}] * len(shapes)),
        entrances=none,
    )


def exits(judged, row: int = 0) -> list[tuple[float, float]]:
    first, last = judged.demand.exit_start[row : row + 2]
    return sorted(
        (round(float(x), 3), round(float(y), 3)) for x, y in judged.demand.exit_xy[first:last]
    )


def test_a_way_across_the_edge_is_an_exit() -> None:
    # the lane x = 500 crosses y = 30 and y = 70
    found = judge(STREET.net, [block("b", square(480, 30))], HERE)
    assert found.demand.exit_kind == (ExitKind.MAPPED,)
    assert exits(found) == [(500, 30), (500, 70)]


def test_without_crossings_the_edge_is_left_where_a_way_is_near() -> None:
    found = judge(STREET.net, [block("b", square(100, 10))], HERE)
    assert found.demand.exit_kind == (ExitKind.INFERRED,)
    first, last = found.demand.exit_start[:2]
    ring = shapely.boundary(square(100, 10))
    assert all(ring.distance(shapely.Point(xy)) < 1e-9 for xy in found.demand.exit_xy[first:last])
    assert last - first >= ring.length / 50


def test_a_gate_beside_the_edge_is_an_exit_and_one_farther_in_is_not() -> None:
    compound = square(100, 10, 60)
    found = judge(
        STREET.net, [block("b", compound)], HERE, extract=extract(gates=[(130, 4), (130, 40)])
    )
    assert found.demand.exit_kind == (ExitKind.MAPPED,)
    assert exits(found) == [(130, 4)]


def test_given_gates_stand_beside_mapped_ones_unless_the_list_is_complete() -> None:
    compound, gate = square(480, 30), Gate("b", 520, 50)
    beside = judge(STREET.net, [block("b", compound)], HERE, gates=(gate,))
    only = judge(STREET.net, [block("b", compound)], HERE, gates=(gate,), gates_complete=True)
    assert beside.demand.exit_kind == only.demand.exit_kind == (ExitKind.GIVEN,)
    assert exits(beside) == [(500, 30), (500, 70), (520, 50)]
    assert exits(only) == [(520, 50)]


def test_the_leg_counts_in_full() -> None:
    point = block("b", shapely.Point(200, 60))
    found = judge(STREET.net, [point], HERE)
    assert found.of("b").nearest_m == 200 + 60
    gate = judge(STREET.net, [point], HERE, gates=(Gate("b", 200, 30),), gates_complete=True)
    assert gate.of("b").nearest_m == 30 + 30 + 200


def test_the_best_exit_wins() -> None:
    # From (500, 50) to the lane's crossings 20 m north or south, then 30 m or 70 m along the lane,
    # then 500 m west.
    found = judge(STREET.net, [block("b", square(480, 30))], HERE)
    middle = np.flatnonzero(np.all(np.isclose(found.demand.xy, (500, 50), atol=10), axis=1))
    away = np.hypot(*(found.demand.xy[middle] - (500, 30)).T)
    assert found.answer.nearest_m[0][middle, 0] == pytest.approx(away + 30 + 500, abs=0.001)


def test_residents_live_in_buildings_by_floor_area() -> None:
    houses = [
        # 600 m²
        (shapely.box(100, 20, 110, 30), {"building": "apartments", "building:levels": "6"}),
        (shapely.box(150, 20, 160, 30), {"building": "yes", "building:levels": "2"}),  # 200 m²
        # the median of the mapped levels: 4, so 400 m²
        (shapely.box(170, 20, 180, 30), {"building": "yes"}),
        (shapely.box(120, 20, 130, 30), {"building": "school", "building:levels": "4"}),
        (shapely.box(130, 20, 140, 30), {"building": "yes", "amenity": "kindergarten"}),
    ]
    found = judge(
        STREET.net,
        [block("b", shapely.box(90, 10, 200, 40), 120)],
        HERE,
        extract=extract(buildings=houses),
    )
    assert found.demand.xy[:, 0].tolist() == [105, 155, 175]
    assert found.demand.people.tolist() == pytest.approx([60, 20, 40])


def test_weights_sum_to_one_and_people_to_the_block() -> None:
    found = judge(
        STREET.net, [block("a", square(100, 10), 33), block("b", shapely.Point(300, 5), 7)], HERE
    )
    start = found.demand.start
    assert np.add.reduceat(found.demand.weight, start[:-1]) == pytest.approx([1, 1])
    assert np.add.reduceat(found.demand.people, start[:-1]) == pytest.approx([33, 7])


@pytest.mark.parametrize("size", [5.0, 40.0, 300.0])
def test_the_sample_lies_inside_and_is_symmetric(size: float) -> None:
    outline = square(0, 0, size)
    (points,) = sampled(np.array([outline], dtype=object))
    assert all(outline.contains(shapely.Point(point)) for point in points)
    assert points.mean(axis=0) == pytest.approx([size / 2, size / 2])
    assert 1 <= len(points) <= 49


def test_a_block_far_from_any_way_has_no_exit() -> None:
    found = judge(STREET.net, [block("b", square(100, 300))], HERE)
    assert found.demand.exit_kind == (ExitKind.NONE,)
    assert found.of("b").verdict == "off_network"


def closed_gate(*, drawn_inward: bool):
    """A street along y = 0, a driveway north from (300, 0); a closed gate at (300, 50) parts it into two nodes."""
    nodes = [(0, 0), (300, 0), (700, 0), (300, 50), (300, 50), (300, 90)]
    outside = Line(1, 3, ((300, 0), (300, 50)))
    inside = Line(4, 5, ((300, 50), (300, 90)), private=True)
    street = [Line(0, 1, ((0, 0), (300, 0))), Line(1, 2, ((300, 0), (700, 0)))]
    return network(
        nodes, [*street, outside, inside] if drawn_inward else [inside, outside, *street]
    )


@pytest.mark.parametrize("drawn_inward", [True, False])
def test_residents_at_their_own_gate_walk_either_way(drawn_inward: bool) -> None:
    """The order in which the driveway's parts were drawn decides nothing: 10 m to the gate, 50 m, 300 m to the west."""
    compound = block("b", shapely.box(290, 50, 310, 90))
    found = judge(closed_gate(drawn_inward=drawn_inward), [compound], [station("s", 0, 0)])
    assert found.demand.exit_kind == (ExitKind.MAPPED,)
    away = np.hypot(*(found.demand.xy - (300, 50)).T)
    assert found.answer.nearest_m[0][:, 0] == pytest.approx(away + 50 + 300, abs=0.001)


@pytest.mark.parametrize("drawn_inward", [True, False])
def test_a_gatehouse_is_reached_from_both_sides(drawn_inward: bool) -> None:
    net = closed_gate(drawn_inward=drawn_inward)
    blocks = [block("in", shapely.Point(300, 80)), block("out", shapely.Point(300, 20))]
    found = judge(net, blocks, [station("gatehouse", 300, 50), station("s", 0, 0, "law")])
    assert [found.of(name).nearest_m for name in ("in", "out")] == [30, 30]


def test_a_tunnel_is_entered_at_its_ends_only() -> None:
    """A tunnel leads under the block from the street in the south to a street in the north, 300 m away."""
    nodes = [(0, 0), (400, 0), (800, 0), (400, 300), (0, 300)]
    lines = [
        Line(0, 1, ((0, 0), (400, 0))),
        Line(1, 2, ((400, 0), (800, 0))),
        Line(1, 3, ((400, 0), (400, 300)), enterable=False),
        Line(3, 4, ((400, 300), (0, 300))),
    ]
    found = judge(network(nodes, lines), [block("b", square(380, 20))], [station("s", 400, 300)])
    # no way crosses the edge; the southern street is near it
    assert found.demand.exit_kind == (ExitKind.INFERRED,)
    assert found.of("b").nearest_m > 300 + 20


def test_a_gate_that_meets_no_way_leaves_the_next_kind() -> None:
    # 90 m from the street; a mapped gate on its far side is 130 m from it
    compound = square(100, 90)
    found = judge(STREET.net, [block("b", compound)], HERE, extract=extract(gates=[(120, 132)]))
    assert found.demand.exit_kind == (ExitKind.INFERRED,)
    assert found.of("b").verdict == "served"


@pytest.mark.parametrize("shift", [0.0, 1e-9, -1e-9, 3e-8])
def test_rounding_noise_in_a_shared_line_changes_nothing(shift: float) -> None:
    """A block drawn on the street's own line, give or take a hair: its exits are the corners and the station's foot."""
    around = town(
        """
        A . . B
        . . . .
        C . . D
        """,
        "A-B",
        "C-D",
        "A-C",
        "B-D",
    )
    ring = shapely.Polygon([(0, 0), (150, shift), (300, 0), (300, 200), (0, 200 - shift)])
    found = judge(around.net, [block("b", ring)], [station("s", 120, -5)])
    assert [(round(x), round(y)) for x, y in exits(found)] == [
        (0, 0),
        (0, 200),
        (120, 0),
        (300, 0),
        (300, 200),
    ]


def test_gates_find_blocks_made_from_the_map_by_id_or_by_a_name_of_ones_own() -> None:
    from dataclasses import replace

    blocks = (block("w1", square(0, 0)), replace(block("w2", square(90, 0)), name="锦秋花园"))
    twice = (*blocks, replace(block("w3", square(190, 0)), name="锦秋花园"))
    gates = (Gate("w1", 1, 1), Gate("锦秋花园", 2, 2))
    assert [gate.block for gate in gates_of_blocks(gates, blocks)] == ["w1", "w2"]
    with pytest.raises(InputFaultsError) as caught:
        gates_of_blocks((*gates, Gate("nowhere", 3, 3)), twice)
    assert [str(fault) for fault in caught.value.faults] == [
        (
            "[blocks] gates, column 'block': '锦秋花园' is the name of several blocks; write one of "
            "the ids w2, w3"
        ),
        (
            "[blocks] gates, column 'block': 'nowhere' is not a block of this study; "
            "write an id or a name from coverage.csv"
        ),
    ]
