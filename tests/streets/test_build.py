"""From drawn ways to a network: counts, lengths and connections that anyone can check."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drawn_osm import EAST, GRID, Drawing, square
from walkshed.errors import InvalidValueError
from walkshed.streets.build import build_network

ROAD = {"highway": "residential"}
PRIVATE = {"highway": "service", "access": "private"}


def line(*nodes: int) -> dict[int, tuple[float, float]]:
    """Nodes 1 grid step apart on the equator."""
    return {node: (node, 0) for node in nodes}


def edge_pairs(net) -> list[tuple[int, int]]:
    """Each edge as the OSM ids of its ends."""
    ids = net.node_id
    return list(zip(ids[net.edge_start].tolist(), ids[net.edge_end].tolist(), strict=True))


def test_ways_are_split_where_they_share_a_node(tmp_path):
    drawing = Drawing(
        nodes={1: (0, 0), 2: (1, 0), 3: (2, 0), 4: (1, 1)},
        ways={7: ([1, 2, 3], {**ROAD, "name": "解放路"}), 6: ([4, 2], {"highway": "steps"})},
    )
    net = build_network(drawing.read(tmp_path))
    assert edge_pairs(net) == [(4, 2), (1, 2), (2, 3)]
    assert net.way_id.tolist() == [6, 7, 7]
    assert net.steps.tolist() == [True, False, False]
    assert [net.names[code] for code in net.name] == ["", "解放路", "解放路"]
    assert [net.highway_classes[code] for code in net.highway] == [
        "steps",
        "residential",
        "residential",
    ]
    assert net.edge_m == pytest.approx(
        [drawing.meters(4, 2), drawing.meters(1, 2), drawing.meters(2, 3)], abs=1e-3
    )
    assert net.component.tolist() == [0, 0, 0]
    assert net.attribution == "© OpenStreetMap contributors"
    assert net.profile == "walking"


def test_a_bend_is_no_junction_and_keeps_its_shape(tmp_path):
    drawing = Drawing(nodes={1: (0, 0), 2: (1, 0), 3: (1, 1)}, ways={7: ([1, 2, 3], ROAD)})
    net = build_network(drawing.read(tmp_path))
    assert net.edge_count == 1
    assert net.edge_m[0] == pytest.approx(drawing.meters(1, 2, 3), abs=1e-3)
    lonlat = net.plane.to_lonlat(net.vertex_xy)
    np.testing.assert_allclose(
        lonlat, [[EAST, 0], [EAST + GRID, 0], [EAST + GRID, GRID]], atol=1e-9
    )


def test_a_bridge_without_a_shared_node_does_not_connect(tmp_path):
    drawing = Drawing(
        nodes={1: (0, 0), 2: (2, 0), 3: (1, -1), 4: (1, 1)},
        ways={7: ([1, 2], ROAD), 8: ([3, 4], {**ROAD, "bridge": "yes"})},
    )
    assert build_network(drawing.read(tmp_path)).component.tolist() == [0, 1]


def test_parallel_edges_loops_and_zero_lengths_survive(tmp_path):
    drawing = Drawing(
        nodes={1: (0, 0), 2: (2, 0), 3: (1, 1), 4: (3, 1), 5: (3, 0), 6: (2, 0)},
        ways={
            1: ([1, 2], ROAD),
            2: ([1, 2], ROAD),
            3: ([1, 3, 2], ROAD),
            4: ([2, 4, 5, 2], ROAD),
            5: ([2, 6], ROAD),
        },
    )
    net = build_network(drawing.read(tmp_path))
    assert edge_pairs(net) == [(1, 2), (1, 2), (1, 2), (2, 2), (2, 6)]
    assert net.edge_m[4] == 0
    assert net.edge_m[3] == pytest.approx(drawing.meters(2, 4, 5, 2), abs=1e-3)


def test_a_way_that_meets_itself_is_split_there(tmp_path):
    drawing = Drawing(
        nodes={1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1)}, ways={1: ([1, 2, 3, 4, 2], ROAD)}
    )
    assert edge_pairs(build_network(drawing.read(tmp_path))) == [(1, 2), (2, 2)]


def test_parts_of_a_clipped_way_do_not_join_across_the_gap(tmp_path):
    drawing = Drawing(nodes=line(1, 2, 4, 5), ways={1: ([1, 2, 3, 4, 5], ROAD)})
    net = build_network(drawing.read(tmp_path))
    assert edge_pairs(net) == [(1, 2), (4, 5)]
    assert len(net.component_m) == 2


def test_directed_only_where_a_tag_speaks_of_walkers(tmp_path):
    drawing = Drawing(
        nodes=line(1, 2, 3),
        ways={
            1: ([1, 2], {**ROAD, "oneway": "yes"}),
            2: ([2, 3], {"highway": "steps", "conveying": "backward"}),
        },
    )
    net = build_network(drawing.read(tmp_path))
    assert net.forward.tolist() == [True, False]
    assert net.backward.tolist() == [True, True]


def test_a_square_is_walked_along_its_outline_where_a_street_reaches_it(tmp_path):
    drawing = Drawing(
        nodes={**square(0, 0, 1, 1), **square(5, 5, 1, 11), 9: (0, -1)},
        ways={
            1: ([1, 2, 3, 4, 1], {"highway": "pedestrian", "area": "yes"}),
            2: ([11, 12, 13, 14, 11], {"highway": "pedestrian", "area": "yes"}),
            3: ([9, 1], ROAD),
        },
    )
    net = build_network(drawing.read(tmp_path))
    assert edge_pairs(net) == [(1, 1), (9, 1)]
    assert net.edge_m[0] == pytest.approx(drawing.meters(1, 2, 3, 4, 1), abs=1e-3)
    assert net.notes == ("1 square, platform or pier that no street reaches left out",)


def test_a_square_mapped_as_a_multipolygon_joins_its_streets(tmp_path):
    drawing = Drawing(
        nodes={**square(0, 0, 1, 1), 8: (2, 1), 9: (0, -1)},
        ways={1: ([1, 2, 3], {}), 2: ([3, 4, 1], {}), 3: ([9, 1], ROAD), 4: ([3, 8], ROAD)},
        relations={
            7: (
                [("w", 1, "outer"), ("w", 2, "outer")],
                {"type": "multipolygon", "highway": "pedestrian", "name": "广场"},
            )
        },
    )
    net = build_network(drawing.read(tmp_path))
    assert sorted(edge_pairs(net)) == [(1, 3), (3, 1), (3, 8), (9, 1)]
    assert len(net.component_m) == 1
    assert "广场" in net.names


@pytest.mark.parametrize("tags", [{"barrier": "wall"}, {"barrier": "gate", "access": "no"}])
def test_a_barrier_parts_a_way(tmp_path, tags):
    drawing = Drawing(nodes=line(1, 2, 3), ways={1: ([1, 2, 3], ROAD)}, node_tags={2: tags})
    net = build_network(drawing.read(tmp_path))
    assert edge_pairs(net) == [(1, 2), (2, 3)]
    assert net.node_id.tolist() == [1, 2, 3, 2]
    assert len(net.component_m) == 2
    assert net.notes == ("1 barrier closes a way",)


def test_a_barrier_parts_two_ways_that_end_in_it(tmp_path):
    drawing = Drawing(
        nodes=line(1, 2, 3),
        ways={1: ([1, 2], ROAD), 2: ([2, 3], ROAD)},
        node_tags={2: {"barrier": "fence"}},
    )
    assert len(build_network(drawing.read(tmp_path)).component_m) == 2


@pytest.mark.parametrize(
    "tags", [{"barrier": "gate"}, {"barrier": "bollard", "access": "no"}, {"barrier": "lift_gate"}]
)
def test_an_open_gate_is_passed_and_does_not_split(tmp_path, tags):
    drawing = Drawing(nodes=line(1, 2, 3), ways={1: ([1, 2, 3], ROAD)}, node_tags={2: tags})
    net = build_network(drawing.read(tmp_path))
    assert edge_pairs(net) == [(1, 3)]
    assert net.notes == ()


def test_a_barrier_on_a_junction_closes_nothing(tmp_path):
    drawing = Drawing(
        nodes={**line(1, 2, 3), 4: (2, 1)},
        ways={1: ([1, 2, 3], ROAD), 2: ([2, 4], ROAD)},
        node_tags={2: {"barrier": "gate", "access": "no"}},
    )
    net = build_network(drawing.read(tmp_path))
    assert len(net.component_m) == 1
    assert net.notes == ("1 barrier stands on a junction and closes nothing",)


def compound(**ways: dict[str, str]) -> Drawing:
    """A street 1-2-3-4, and a compound's lane 12-13 joined to it by 2-12 and, if drawn, 3-13."""
    drawing = Drawing(
        nodes={
            1: (0, 0),
            2: (4, 0),
            3: (8, 0),
            4: (12, 0),
            12: (4, 2),
            13: (8, 2),
            22: (4, 1),
            23: (8, 1),
        },
        ways={1: ([1, 2, 3, 4], ROAD), 2: ([12, 13], {"highway": "service"})},
    )
    drawing.ways |= {
        3: ([2, 22, 12], ways.get("west", {"highway": "service"})),
        4: ([3, 23, 13], ways.get("east", {"highway": "service"})),
    }
    return drawing


def walks(net, start: int, goal: int) -> bool:
    """Whether a walk may begin on the edge that ends in OSM node ``start`` and end on the one that ends in ``goal``."""
    graph = net.graph
    edge = {pair: index for index, pair in enumerate(edge_pairs(net))}
    here = next(index for pair, index in edge.items() if start in pair)
    there = next(index for pair, index in edge.items() if goal in pair)
    reached, waiting = set(), set(graph.arrive_by[there].tolist())
    while waiting:
        node = waiting.pop()
        reached.add(node)
        waiting |= set(graph.tail[graph.into[node] : graph.into[node + 1]].tolist()) - reached
    return bool(reached & set(graph.leave_by[here].tolist()))


def test_what_lies_behind_private_gates_is_a_private_pocket(tmp_path):
    """Both gates are private, so the lane and its approaches are: residents get out, nobody walks through."""
    drawing = compound()
    drawing.node_tags = {
        22: {"barrier": "gate", "access": "private"},
        23: {"barrier": "gate", "locked": "yes"},
    }
    net = build_network(drawing.read(tmp_path))
    private = {
        pair for pair, closed in zip(edge_pairs(net), net.private.tolist(), strict=True) if closed
    }
    assert private == {(12, 13), (22, 12), (23, 13)}
    assert net.node_count == 8
    assert walks(net, 12, 1)
    assert walks(net, 1, 12)
    assert net.notes == (
        "3 stretches lie behind private gates or private ways only and count as private",
    )


def test_a_lane_reached_by_private_ways_only_is_private_too(tmp_path):
    net = build_network(compound(west=PRIVATE, east=PRIVATE).read(tmp_path))
    private = {
        pair for pair, closed in zip(edge_pairs(net), net.private.tolist(), strict=True) if closed
    }
    assert private == {(12, 13), (2, 12), (3, 13)}
    assert walks(net, 13, 1)


def test_with_an_open_side_the_lane_stays_public_and_the_private_gate_is_closed(tmp_path):
    drawing = compound()
    drawing.node_tags = {22: {"barrier": "gate", "access": "private"}}
    net = build_network(drawing.read(tmp_path))
    assert not net.private.any()
    assert net.node_id.tolist().count(22) == 2
    assert walks(net, 12, 1)
    assert net.notes == ("1 private gate between public ways is closed",)


def test_open_private_ways_have_no_pockets(tmp_path):
    drawing = compound(west=PRIVATE, east=PRIVATE)
    drawing.node_tags = {22: {"barrier": "gate", "access": "private"}}
    net = build_network(drawing.read(tmp_path), private="open")
    assert int(net.private.sum()) == 3  # 2-22, 22-12 and 3-13, as tagged
    assert len(net.graph.street_node) == net.node_count


def test_the_longest_public_part_is_the_street_whatever_its_id(tmp_path):
    """Two streets joined by a private way: the shorter one is the pocket."""
    drawing = Drawing(
        nodes=line(1, 2, 3, 9), ways={1: ([1, 2], ROAD), 2: ([2, 3], PRIVATE), 3: ([3, 9], ROAD)}
    )
    net = build_network(drawing.read(tmp_path))
    assert net.private.tolist() == [True, True, False]


def test_no_walkable_way(tmp_path):
    drawing = Drawing(nodes=line(1, 2), ways={1: ([1, 2], {"highway": "motorway"})})
    with pytest.raises(
        InvalidValueError,
        match=r"drawn\.osm: holds no walkable way \(1 way, none that the profile",
    ):
        build_network(drawing.read(tmp_path))
    drawing.ways = {1: ([1, 2], {"man_made": "pier"})}
    with pytest.raises(InvalidValueError, match="but no street; give an extract with streets"):
        build_network(drawing.read(tmp_path))


def test_wrong_choices(tmp_path):
    extract = compound().read(tmp_path)
    with pytest.raises(InvalidValueError, match="private = 'closed'"):
        build_network(extract, private="closed")
    with pytest.raises(InvalidValueError, match="beyond = 'sea'"):
        build_network(extract, beyond="sea")


def test_the_edge_of_the_data_is_kept_unless_nothing_lies_beyond(tmp_path):
    drawing = compound()
    drawing.bounds = (0, 0, 12, 2)
    extract = drawing.read(tmp_path)
    west, south, east, north = build_network(extract).bounds_xy
    assert (east - west, north - south) == pytest.approx((12 * 111.32, 2 * 110.57), rel=1e-3)
    assert build_network(extract, beyond="nothing").bounds_xy is None


def test_the_digest_knows_names_and_shapes(tmp_path):
    def digest(**change):
        drawing = compound()
        drawing.ways[2] = ([12, 13], {"highway": "service", **change.get("tags", {})})
        drawing.nodes[13] = change.get("place", drawing.nodes[13])
        return build_network(drawing.read(tmp_path)).digest

    assert len({digest(), digest(tags={"name": "弄"}), digest(place=(8, 2.1)), digest()}) == 3


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_the_order_of_the_file_does_not_matter(tmp_path, data):
    from walkshed.osm import read_extract

    drawing = compound()
    drawing.node_tags = {22: {"barrier": "gate", "access": "private"}, 23: {"barrier": "wall"}}
    path = tmp_path / "permuted.osm"
    path.write_bytes(drawing.xml(data.draw(st.permutations(drawing.elements()))))
    assert build_network(read_extract(path)).digest == build_network(drawing.read(tmp_path)).digest


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    ways=st.lists(st.lists(st.integers(1, 16), min_size=2, max_size=6), min_size=1, max_size=8),
    gates=st.dictionaries(
        st.integers(1, 16), st.sampled_from(["private", "no", "yes"]), max_size=5
    ),
)
def test_barriers_and_junctions_never_change_the_total_length(tmp_path, ways, gates):
    nodes = {4 * y + x + 1: (x, y) for x in range(4) for y in range(4)}
    drawing = Drawing(
        nodes=nodes, ways={number: (refs, ROAD) for number, refs in enumerate(ways, start=1)}
    )
    drawing.node_tags = {
        node: {"barrier": "gate", "access": access} for node, access in gates.items()
    }
    net = build_network(drawing.read(tmp_path))
    expected = sum(drawing.meters(*refs) for refs in ways)
    assert net.edge_m.sum() == pytest.approx(expected, abs=1e-3 * net.edge_count)
    first, last = net.vertex_from[:-1], net.vertex_from[1:] - 1
    np.testing.assert_allclose(net.vertex_xy[first], net.node_xy[net.edge_start], atol=1e-6)
    np.testing.assert_allclose(net.vertex_xy[last], net.node_xy[net.edge_end], atol=1e-6)


def test_a_town_of_private_ways_only(tmp_path):
    drawing = Drawing(
        nodes=line(1, 2, 3),
        ways={1: ([1, 2, 3], PRIVATE)},
        node_tags={2: {"barrier": "gate", "locked": "yes"}},
    )
    net = build_network(drawing.read(tmp_path))
    assert net.private.all()
    assert len(net.component_m) == 1
    assert walks(net, 1, 3)


def test_a_private_gate_at_the_foot_of_a_loop_opens_it(tmp_path):
    """Both sides of the gate are the same public lane: nobody passes the gate, everybody walks around."""
    drawing = Drawing(
        nodes={**square(0, 0, 1, 1), 9: (1, -1)},
        ways={1: ([1, 2, 3, 4, 1], ROAD), 2: ([9, 2], ROAD)},
    )
    drawing.node_tags = {1: {"barrier": "gate", "access": "private"}}
    net = build_network(drawing.read(tmp_path))
    assert net.node_id.tolist().count(1) == 2
    assert len(net.component_m) == 1
