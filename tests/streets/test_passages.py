"""Ways that lead nowhere, pass below, are dug up, or only look joined: towns of a few streets."""

from __future__ import annotations

import heapq
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drawn_osm import Drawing, square
from streets.test_build import PRIVATE, ROAD, edge_pairs, line
from walkshed.streets.build import build_network
from walkshed.walk.anchors import snap


def two_streets(**tags: str) -> Drawing:
    """Two streets, 1-5-2 and 3-6-4, joined in the west by 1-8-3, and in the middle by 5-7-6 with tags."""
    nodes = {1: (0, 0), 5: (5, 0), 2: (10, 0), 3: (0, 6), 6: (5, 6), 4: (10, 6)}
    return Drawing(
        nodes={**nodes, 7: (5, 3), 8: (-9, 3)},
        ways={
            10: ([1, 5, 2], ROAD),
            11: ([3, 6, 4], ROAD),
            12: ([5, 7, 6], tags),
            13: ([1, 8, 3], ROAD),
        },
    )


def is_short_cut(drawing: Drawing, folder: Path, **choices: Any) -> bool:
    """Whether a walk from 5 to 6 leads through the middle, and not around by the west."""
    net = build_network(drawing.read(folder), **choices)
    walked = walked_m(net, 5, 6)
    through, around = drawing.meters(5, 7, 6), drawing.meters(5, 1, 8, 3, 6)
    assert walked == pytest.approx(through, abs=0.1) or walked == pytest.approx(around, abs=0.1)
    return walked < around - 1


def walked_m(net, start: int, goal: int) -> float:
    """The shortest walk between two street corners, by OSM node."""
    graph, ids = net.graph, net.node_id.tolist()
    waiting, reached = [(0.0, ids.index(goal))], {}
    while waiting:
        meters, node = heapq.heappop(waiting)
        if node in reached:
            continue
        reached[node] = meters
        for arc in range(graph.into[node], graph.into[node + 1]):
            heapq.heappush(waiting, (meters + graph.meters[arc], int(graph.tail[arc])))
    return reached[ids.index(start)]


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "motorway", "foot": "use_sidepath"},
        {"highway": "trunk", "motorroad": "yes", "foot": "use_sidepath"},
        {"highway": "residential", "construction": "yes"},
        {"highway": "path", "sac_scale": "demanding_mountain_hiking"},
    ],
)
def test_no_walk_through(tmp_path, tags):
    net = build_network(two_streets(**tags).read(tmp_path))
    assert set(net.way_id.tolist()) == {10, 11, 13}


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "primary", "foot": "use_sidepath"},
        {"highway": "residential", "construction": "minor"},
        {"highway": "path", "sac_scale": "mountain_hiking"},
        {"highway": "platform"},
        {"railway": "platform", "tram": "yes"},
    ],
)
def test_a_walk_through(tmp_path, tags):
    assert is_short_cut(two_streets(**tags), tmp_path)


def test_a_private_way_with_a_path_beside_it_stays_private(tmp_path):
    drawing = two_streets(highway="service", access="private", foot="use_sidepath")
    assert not is_short_cut(drawing, tmp_path)
    assert is_short_cut(drawing, tmp_path, private="open")


@pytest.mark.parametrize("told", [{"train": "yes"}, {"subway": "yes"}, {}])
def test_a_platform_is_no_short_cut(tmp_path, told):
    """Who goes to the train walks onto it, from either street; nobody walks across."""
    drawing = two_streets(railway="platform", **told)
    assert not is_short_cut(drawing, tmp_path)
    net = build_network(drawing.read(tmp_path))
    assert net.way_id[net.private].tolist() == [12]
    assert len(net.component_m) == 1


def test_the_tunnel_between_two_platforms_is_no_short_cut_either(tmp_path):
    """Stairs lead from each street to a platform, and a tunnel from one platform to the other."""
    drawing = two_streets()
    drawing.nodes |= {21: (5, 1), 22: (5, 2), 23: (5, 4), 24: (5, 5)}
    del drawing.ways[12]
    drawing.ways |= {
        21: ([5, 21], {"highway": "steps"}),
        22: ([21, 22], {"railway": "platform"}),
        23: ([22, 7, 23], {"highway": "footway", "tunnel": "yes"}),
        24: ([23, 24], {"railway": "platform"}),
        25: ([24, 6], {"highway": "steps"}),
    }
    assert not is_short_cut(drawing, tmp_path)
    net = build_network(drawing.read(tmp_path))
    assert net.way_id[net.private].tolist() == [22, 23, 24]


def test_a_silent_platform_beside_a_tram_is_the_trams(tmp_path):
    """Five meters beside its track; a railway's track as near leaves it a train's."""

    def is_open(*tracks: str) -> bool:
        drawing = two_streets(railway="platform")
        drawing.nodes |= {21: (5.05, 1), 22: (5.05, 5), 23: (4.95, 1), 24: (4.95, 5)}
        for number, kind in enumerate(tracks):
            nodes = [21 + 2 * number, 22 + 2 * number]
            drawing.ways[30 + number] = (nodes, {"railway": kind})
        return is_short_cut(drawing, tmp_path)

    assert is_open("tram")
    assert not is_open("rail")
    assert not is_open("tram", "rail")
    assert not is_open()


def test_what_lies_behind_ticket_gates_is_walked_at_the_ends_only(tmp_path):
    drawing = two_streets(highway="footway")
    drawing.nodes |= {28: (5, 1), 29: (5, 5)}
    drawing.ways[12] = ([5, 28, 7, 29, 6], {"highway": "footway"})
    assert is_short_cut(drawing, tmp_path)
    drawing.node_tags = {node: {"barrier": "turnstile", "fee": "yes"} for node in (28, 29)}
    assert not is_short_cut(drawing, tmp_path)
    net = build_network(drawing.read(tmp_path))
    assert net.private.tolist() == [pair == (28, 29) for pair in edge_pairs(net)]


@pytest.mark.parametrize(
    "told", [{"layer": "-1"}, {"indoor": "yes", "level": "-1"}, {"location": "underground"}]
)
def test_nobody_steps_into_a_passage_from_the_street_above(tmp_path, told):
    """The passage runs 55 m beside the street; whoever stands over it goes to its stairs."""
    drawing = Drawing(
        nodes={1: (0, 0), 2: (6, 0), 3: (6, 0.5), 4: (0, 0.5)},
        ways={
            10: ([1, 2], ROAD),
            11: ([2, 3], {"highway": "steps"}),
            12: ([3, 4], {"highway": "footway", **told}),
        },
    )
    net = build_network(drawing.read(tmp_path))
    passage = edge_pairs(net).index((3, 4))
    above = net.plane.to_xy(np.array([[100.001, 0.00045]]))
    anchors = snap(net, above, max_snap_m=100.0)
    assert anchors.edge.tolist() == [edge_pairs(net).index((1, 2))]
    assert passage not in anchors.edge


def test_a_road_under_a_viaduct_may_be_entered(tmp_path):
    drawing = Drawing(
        nodes=line(1, 2, 3), ways={1: ([1, 2, 3], {"highway": "secondary", "layer": "-1"})}
    )
    assert build_network(drawing.read(tmp_path)).enterable.all()


@pytest.mark.parametrize("kind", ["yes", "jersey_barrier", "guard_rail"])
def test_full_barriers_close_by_choice_and_say_so(tmp_path, kind):
    drawing = Drawing(
        nodes=line(1, 2, 3), ways={1: ([1, 2, 3], ROAD)}, node_tags={2: {"barrier": kind}}
    )
    net = build_network(drawing.read(tmp_path))
    assert len(net.component_m) == 2
    closed, chosen = net.notes
    assert closed == "1 barrier closes a way"
    assert chosen == (
        "1 of them by choice, since their tags leave open whether people pass (node 2); "
        "foot=yes or foot=no on them decides"
    )


def test_hours_of_gates_and_ways_are_counted_and_named(tmp_path):
    drawing = Drawing(
        nodes={**line(1, 2, 3), 4: (2, 3)},
        ways={
            1: ([1, 2, 3], ROAD),
            2: ([2, 4], {**PRIVATE, "foot:conditional": "yes @ (Su)"}),
            3: ([3, 4], {"highway": "motorway", "access:conditional": "no @ (22:00-06:00)"}),
            4: ([1, 4], {"highway": "construction", "opening_hours": "24/7"}),
        },
        node_tags={
            2: {"barrier": "gate", "opening_hours": "06:00-22:00"},
            4: {"amenity": "cafe", "opening_hours": "Mo-Fr 09:00-17:00"},
        },
    )
    (note,) = [note for note in build_network(drawing.read(tmp_path)).notes if "hours" in note]
    assert note == (
        "1 gate and 2 ways have hours or conditions, which are not judged: they count as their "
        "other tags say (node 2: opening_hours=06:00-22:00; way 2: foot:conditional=yes @ (Su); "
        "way 3: access:conditional=no @ (22:00-06:00))"
    )


def test_of_many_hours_the_first_five_are_named(tmp_path):
    drawing = Drawing(nodes=line(*range(1, 9)))
    drawing.ways = {
        way: ([way, way + 1], {**ROAD, "access:conditional": "no @ (Su)"}) for way in range(1, 8)
    }
    (note,) = build_network(drawing.read(tmp_path)).notes
    assert note.startswith("7 ways have hours")
    assert note.count("way ") == 5
    assert note.endswith("; …)")


def test_of_gates_alone_no_ways_are_counted(tmp_path):
    drawing = Drawing(nodes=line(1, 2), ways={1: ([1, 2], ROAD)})
    drawing.node_tags = {2: {"barrier": "gate", "opening_hours": "06:00-22:00"}}
    (note,) = build_network(drawing.read(tmp_path)).notes
    assert note.startswith("1 gate has hours or conditions, which are not judged")
    assert "0" not in note.partition("(")[0]


METER = 1 / 111.32  # of the drawing's grid, along the equator


def joined_by(gap_m: float, **tags: str) -> Drawing:
    """A street 1-2 to the west and 22-3 to the east, ``gap_m`` apart at node 2."""
    return Drawing(
        nodes={1: (0, 0), 2: (2, 0), 5: (2, 2), 22: (2 + gap_m * METER, 0), 3: (4, 0)},
        ways={101: ([1, 2, 5], ROAD), 110: ([22, 3], {**ROAD, **tags})},
    )


def test_two_nodes_at_one_place_are_told(tmp_path):
    net = build_network(joined_by(0).read(tmp_path))
    assert len(net.component_m) == 2
    (note,) = net.notes
    assert note == (
        "1 place holds two nodes of streets that do not join (nodes 2 and 22); "
        "merge them where people can pass"
    )


def test_an_end_within_a_meter_of_a_street_is_told(tmp_path):
    net = build_network(joined_by(0.5).read(tmp_path))
    (note,) = net.notes
    assert note == (
        "1 street ends within 1 m of another without touching it (node 22); "
        "join them where people can pass"
    )
    assert build_network(joined_by(1.5).read(tmp_path)).notes == ()


@pytest.mark.parametrize("gap_m", [0, 0.5])
def test_a_bridge_ends_above_a_street_without_a_word(tmp_path, gap_m):
    assert build_network(joined_by(gap_m, bridge="yes").read(tmp_path)).notes == ()


def test_nodes_of_one_way_at_one_place_are_joined_by_it(tmp_path):
    drawing = Drawing(
        nodes={1: (0, 0), 2: (1, 0), 3: (1, 0), 4: (2, 0)}, ways={1: ([1, 2, 3, 4], ROAD)}
    )
    assert build_network(drawing.read(tmp_path)).notes == ()


def test_an_end_at_a_closed_gate_is_no_miss(tmp_path):
    drawing = Drawing(
        nodes=line(1, 2, 3), ways={1: ([1, 2, 3], ROAD)}, node_tags={2: {"barrier": "wall"}}
    )
    assert build_network(drawing.read(tmp_path)).notes == ("1 barrier closes a way",)


@pytest.mark.parametrize("seed", range(6))
def test_near_ends_are_those_that_a_plain_search_finds(tmp_path, seed):
    """Random short and long streets in a small town, every end against every segment."""
    import shapely

    rng = np.random.default_rng(seed)
    places = rng.uniform(0, 1.2, (120, 2)) if seed % 2 else rng.uniform(0, 0.15, (60, 2))
    drawing = Drawing(nodes={node + 1: tuple(at) for node, at in enumerate(places.tolist())})
    nodes = iter(range(1, len(places) + 1))
    drawing.ways = {
        way: ([next(nodes), next(nodes), next(nodes)], ROAD) for way in range(1, len(places) // 3)
    }
    extract = drawing.read(tmp_path)
    scale = 111_320.0 * np.array([np.cos(np.radians(extract.ways.lonlat[:, 1].min())), 1.0])
    lines = [
        shapely.LineString(extract.ways.lonlat[low : low + 3] * scale)
        for low in extract.ways.start[:-1]
    ]
    expected = sum(
        any(other.distance(shapely.Point(end)) <= 1.0 for other in lines if other is not own)
        for own in lines
        for end in (own.coords[0], own.coords[-1])
    )
    told = [note for note in build_network(extract).notes if "within 1 m" in note]
    assert (int(told[0].split()[0]) if told else 0) == expected


def test_a_square_of_a_pier_is_still_left_out(tmp_path):
    drawing = Drawing(
        nodes={**square(5, 5, 1, 11), **line(1, 2)},
        ways={
            1: ([1, 2], ROAD),
            2: ([11, 12, 13, 14, 11], {"railway": "platform", "area": "yes"}),
        },
    )
    net = build_network(drawing.read(tmp_path))
    assert net.notes == ("1 square, platform or pier that no street reaches left out",)
