"""Squares are crossed straight (definition 16): towns drawn by hand, random grounds against shapely and networkx."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import hypot
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import shapely
from shapely import affinity

from drawn_squares import PATH, Plaza, Walked, on_grid, street_lengths
from walkshed.inputs.study.walkers import preset_walkers
from walkshed.model.ground.squares import no_squares
from walkshed.model.ground.walking import Anchors
from walkshed.needs.access.floors import pace_in_meters, pace_in_seconds
from walkshed.needs.rules.walkers import walker_of
from walkshed.streets.cache import read_network
from walkshed.streets.doors.from_osmnx import network_from_osmnx
from walkshed.streets.doors.to_networkx import to_networkx
from walkshed.streets.squares.meeting import MOST_ENTRIES
from walkshed.streets.squares.sight import lies_on, sees, sides_of
from walkshed.walk.anchors import snap, usable_components
from walkshed.walk.distances import nearest, pairs
from walkshed.walk.reach.catchments import catchments
from walkshed.walk.routes.route import route

CM = 0.01
OUTLINES = ("ring_from", "vertex_from", "vertex_xy")
SW, SE, NE, NW = (0.0, 0.0), (120.0, 0.0), (120.0, 120.0), (0.0, 120.0)
DIAGONAL = 120.0 * 2**0.5


def plain(**tags: str) -> Plaza:
    """A square of 120 m with a path to the west, and one to the east from the far corner."""
    town = Plaza()
    town.square(SW, SE, NE, NW, **tags)
    town.way((-600.0, 0.0), SW, **PATH)
    town.way(NE, (720.0, 120.0), **PATH)
    return town


def meters(town: Walked, begin: Anchors, end: Anchors) -> np.ndarray:
    """Meters from every point to every station, checked by every way in which they are found."""
    found = np.full((len(begin.start) - 1, len(end.start) - 1), np.inf)
    listed = pairs(town.net, begin, end, limit_m=np.inf)
    found[listed.point, listed.station] = listed.distance_m
    best = nearest(town.net, begin, end)
    np.testing.assert_array_equal(best.distance_m[:, 0], found.min(axis=1))
    for i in range(len(begin.start) - 1):
        for j in range(len(end.start) - 1):
            walked = route(town.net, begin.take(np.array([i])), end.take(np.array([j])))
            assert (np.inf if walked is None else walked.distance_m) == found[i, j]
            if walked is not None:
                long = np.hypot(*np.diff(walked.xy, axis=0).T).sum()
                assert long == pytest.approx(found[i, j], abs=CM)
                assert sum(part.meters for part in walked.stretches) == found[i, j]
    return found


def between(town: Walked, *places: tuple[float, float]) -> np.ndarray:
    return meters(town, town.snap(*places), town.snap(*places))


def test_a_square_is_crossed_from_corner_to_corner_and_from_its_middle(tmp_path: Path) -> None:
    town = plain().network(tmp_path)
    found = between(town, SW, NE, (60.0, 60.0), (-600.0, 0.0), (720.0, 120.0), SE, NW)
    half = DIAGONAL / 2
    expected = [
        [0, DIAGONAL, half, 600, DIAGONAL + 600, 120, 120],
        [DIAGONAL, 0, half, DIAGONAL + 600, 600, 120, 120],
        [half, half, 0, half + 600, half + 600, half, half],
        [600, DIAGONAL + 600, half + 600, 0, DIAGONAL + 1200, 720, 720],
        [DIAGONAL + 600, 600, half + 600, DIAGONAL + 1200, 0, 720, 720],
        [120, 120, half, 720, 720, 0, DIAGONAL],
        [120, 120, half, 720, 720, DIAGONAL, 0],
    ]
    np.testing.assert_allclose(found, expected, atol=CM)
    assert "1 square is crossed straight" in town.net.notes


def test_who_stands_on_a_square_has_no_leg_and_is_near_whatever_its_size(tmp_path: Path) -> None:
    town = Plaza()
    town.square((0.0, 0.0), (400.0, 0.0), (400.0, 400.0), (0.0, 400.0))
    town.way((-600.0, 0.0), (0.0, 0.0), **PATH)
    walked = town.network(tmp_path)
    middle = walked.snap((200.0, 200.0))
    assert middle.nearest_way_m.tolist() == [0.0]
    assert set(middle.street_leg_m.tolist()) == {0.0}
    np.testing.assert_allclose(middle.met_xy, middle.point_xy.repeat(len(middle.foot), axis=0))
    assert meters(walked, middle, walked.snap((-600.0, 0.0)))[0, 0] == pytest.approx(
        600 + 200 * 2**0.5, abs=CM
    )


def test_two_on_the_same_square_walk_straight_to_each_other(tmp_path: Path) -> None:
    town = plain().network(tmp_path)
    places = [(10.0, 20.0), (100.0, 95.0), (60.0, 3.0)]
    found = between(town, *places)
    expected = [[hypot(a[0] - b[0], a[1] - b[1]) for b in places] for a in places]
    np.testing.assert_allclose(found, expected, atol=CM)


def test_a_hole_is_walked_around(tmp_path: Path) -> None:
    """A fountain of 40 m in the middle: from corner to corner around its own corner, 2 √(80² + 40²)."""
    town = Plaza()
    town.with_hole([SW, SE, NE, NW], [(40.0, 40.0), (80.0, 40.0), (80.0, 80.0), (40.0, 80.0)])
    town.way((-600.0, 0.0), SW, **PATH)
    town.way(NE, (720.0, 120.0), **PATH)
    walked = town.network(tmp_path)
    around = 2 * hypot(80.0, 40.0)
    found = between(walked, SW, NE, (20.0, 60.0), (100.0, 60.0), (60.0, 20.0))
    assert found[0, 1] == pytest.approx(around, abs=CM)
    # from one side of the fountain to the other: to its corner, along its side, and on
    assert found[2, 3] == pytest.approx(2 * hypot(20.0, 20.0) + 40.0, abs=CM)
    assert found[2, 4] == pytest.approx(2 * hypot(20.0, 20.0), abs=CM)
    assert found[2, 1] == pytest.approx(hypot(20, 20) + hypot(80, 40), abs=CM)


def test_a_way_inside_stays_and_meets_the_square_at_its_nodes_on_the_outline(
    tmp_path: Path,
) -> None:
    """A path to the middle of the square, on which nothing else ends: its far end is reached along it."""
    town = plain()
    town.way((0.0, 60.0), (60.0, 60.0), **PATH)
    town.drawing.ways[1][0].insert(4, town.node((0.0, 60.0)))  # the path begins on the outline
    walked = town.network(tmp_path)
    assert len(walked.net.squares.entry_edge) == 3
    found = meters(walked, walked.snap((60.0, 60.0)), walked.snap((-600.0, 0.0)))
    assert found[0, 0] == pytest.approx(600 + 60 * 2**0.5, abs=CM)


def test_a_foot_stays_where_the_leg_to_it_runs_along_the_side_of_a_hole(tmp_path: Path) -> None:
    """A path beyond the square is nearest to whoever stands at the side of the fountain, and at its corner."""
    town = Plaza()
    outer = [SW, SE, (120.0, 90.0), (0.0, 90.0)]
    town.with_hole(outer, [(40.0, 40.0), (80.0, 40.0), (80.0, 60.0), (40.0, 60.0)])
    town.way((-600.0, 90.0), (0.0, 90.0), **PATH)
    walked = town.network(tmp_path)
    feet = walked.snap((40.0, 48.0), (40.0, 60.0), (60.0, 60.0), (60.0, 40.0))
    ordinary = np.diff(feet.start) - 1  # besides the entry
    assert ordinary.tolist() == [1, 1, 1, 1]
    assert min(feet.leg_m[: feet.start[1]]) == pytest.approx(40.0, abs=CM)
    sides = sides_of(*(getattr(walked.net.squares, one) for one in OUTLINES))
    begin, end = (
        walked.xy(*on_grid(np.array([(40.0, 10.0), (10.0, 50.0), (40.0, 60.0), (30.0, 30.0)]))),
        walked.xy(*on_grid(np.array([(40.0, 80.0), (110.0, 50.0), (80.0, 40.0), (50.0, 50.0)]))),
    )
    assert lies_on(sides, np.zeros(4, dtype=np.int64), begin, end).tolist() == [
        *(True, False, False, False)
    ]
    assert not sees(sides, np.zeros(1, dtype=np.int64), begin[:1], end[:1]).any()


@pytest.mark.parametrize(
    ("square", "way", "enters"),
    [
        ({"tunnel": "yes"}, {"tunnel": "yes"}, True),
        ({"tunnel": "yes"}, {"bridge": "yes"}, False),
        ({"tunnel": "yes"}, {}, False),
        ({"bridge": "yes"}, {}, False),
        ({"bridge": "yes"}, {"bridge": "viaduct"}, True),
        ({"bridge": "yes", "layer": "1"}, {"bridge": "yes", "layer": "+1"}, True),
        ({"bridge": "yes", "layer": "1"}, {"bridge": "yes", "layer": "2"}, False),
        ({"indoor": "yes", "level": "0-2"}, {"indoor": "corridor", "level": "1"}, True),
        ({"indoor": "yes", "level": "-1-1"}, {"indoor": "corridor", "level": "0"}, True),
        ({"indoor": "yes", "level": "1;2"}, {"indoor": "corridor", "level": "0"}, False),
    ],
)
def test_bridges_tunnels_and_floors_meet_their_like_alone(
    tmp_path: Path, square: dict[str, str], way: dict[str, str], enters: bool
) -> None:
    """Without a node in common; at a node that they share they meet whatever they are."""
    town = Plaza()
    town.square(SW, SE, NE, NW, **square)
    town.way((-600.0, 60.0), (60.0, 60.0), **{**PATH, **way})
    town.way(NE, (720.0, 120.0), **PATH)
    assert len(town.network(tmp_path).net.squares.entry_edge) == (2 if enters else 1)
    town.drawing.ways[1][0].insert(4, town.node((0.0, 60.0)))
    town.drawing.ways[2][0].insert(1, town.node((0.0, 60.0)))
    assert len(town.network(tmp_path).net.squares.entry_edge) == 2


@pytest.mark.parametrize(
    ("tags", "enters"),
    [
        ({}, True),
        ({"layer": "0"}, True),
        ({"highway": "residential", "level": "0;1"}, True),
        ({"layer": "1", "bridge": "yes"}, False),
        ({"layer": "-1", "tunnel": "yes"}, False),
        ({"tunnel": "yes"}, False),
        ({"layer": "1"}, False),
        ({"level": "2"}, False),
    ],
)
def test_a_way_that_crosses_the_outline_enters_on_the_same_layer_only(
    tmp_path: Path, tags: dict[str, str], enters: bool
) -> None:
    town = Plaza()
    town.square(SW, SE, NE, NW)
    town.way((-600.0, 60.0), (60.0, 60.0), **{**PATH, **tags})
    town.way(NE, (720.0, 120.0), **PATH)
    walked = town.network(tmp_path)
    assert len(walked.net.squares.entry_edge) == (2 if enters else 1)
    found = meters(walked, walked.snap((-600.0, 60.0)), walked.snap((720.0, 120.0)))[0, 0]
    expected = 600 + hypot(120, 60) + 600 if enters else np.inf
    assert found == pytest.approx(expected, abs=CM)


def test_a_way_through_the_square_enters_where_it_crosses_and_where_it_leaves(
    tmp_path: Path,
) -> None:
    town = Plaza()
    town.square(SW, SE, NE, NW)
    town.way((-600.0, 30.0), (720.0, 30.0), **PATH)
    town.way((60.0, 120.0), (60.0, 700.0), **PATH)
    town.drawing.ways[1][0].insert(3, town.node((60.0, 120.0)))
    walked = town.network(tmp_path)
    assert len(walked.net.squares.entry_edge) == 3
    found = meters(walked, walked.snap((60.0, 700.0)), walked.snap((-600.0, 30.0), (720.0, 30.0)))
    assert found[0] == pytest.approx([580 + hypot(60, 90) + 600] * 2, abs=CM)


@pytest.mark.parametrize("ways", [MOST_ENTRIES, MOST_ENTRIES + 1])
def test_a_square_that_too_many_ways_enter_keeps_its_outline_with_a_note(
    tmp_path: Path, ways: int
) -> None:
    town = Plaza()
    south = [(float(x), 0.0) for x in range(0, 10 * ways, 10)]
    wide = 10.0 * ways
    town.square(*south, (wide, 0.0), (wide, 200.0), (0.0, 200.0))
    for x, _ in south:
        town.way((x, 0.0), (x, -600.0), **PATH)
    walked = town.network(tmp_path)
    large = [note for note in walked.net.notes if "outline only" in note]
    if ways == MOST_ENTRIES:
        assert len(walked.net.squares) == 1
        assert large == []
    else:
        assert len(walked.net.squares) == 0
        assert " ".join(large) == (
            "1 square is walked along its outline only, since more than 64 ways enter it or "
            "its outline has more than 400 corners (way 1)"
        )
        leg = walked.snap((wide / 2, 40.0))
        assert leg.leg_m.tolist() == pytest.approx([40.0], abs=CM)


def test_ways_that_cross_an_outline_are_no_entries_of_a_square_that_is_not_crossed(
    tmp_path: Path,
) -> None:
    town = Plaza()
    south = [(float(x), 0.0) for x in range(0, 640, 10)]
    town.square(*south, (640.0, 0.0), (640.0, 200.0), (0.0, 200.0))
    for x, _ in south:
        town.way((x, 0.0), (x, -600.0), **PATH)
    town.way((300.0, 150.0), (300.0, 900.0), **PATH)
    walked = town.network(tmp_path)
    assert len(walked.net.squares) == 0
    assert "outline only" in walked.net.notes[-1]
    assert len(walked.net.component_m) == 2


def test_streets_pieces_and_lengths_are_those_without_the_lines_across(tmp_path: Path) -> None:
    town = plain().network(tmp_path)
    without = plain(area="no").network(tmp_path)
    assert street_lengths(town.net) == street_lengths(without.net)
    stations = town.snap((-600.0, 0.0), (60.0, 40.0))
    found = catchments(town.net, stations, limits_m=[100.0, 800.0])
    pieces = found.pieces
    assert (pieces.edge[pieces.station == 1] >= 0).all()
    square = shapely.Polygon(town.xy(SW, SE, NE, NW))
    assert not shapely.intersects(pieces.geometry, square.buffer(-1.0)).any()
    # the whole west path, 200 m of the outline either way, and 30 m around the far corner, three ways
    assert found.street_m[1] == pytest.approx(600 + 400 + 3 * (200 - DIAGONAL), abs=CM)
    # the nearest side, 40 m away, and 28 m on from one of its ends: the west side, and the path
    assert found.street_m[2] == pytest.approx(120 + 2 * (100 - hypot(60, 40)), abs=0.01)


def test_nobody_is_anchored_on_a_line_across(tmp_path: Path) -> None:
    town = plain().network(tmp_path)
    anchors = town.snap((60.0, 61.0), (60.0, -20.0), (130.0, 60.0))
    assert anchors.edge.max() < town.net.edge_count
    assert anchors.leg_m[anchors.start[1] :].tolist() == pytest.approx([20.0, 10.0], abs=CM)


def test_a_private_square_is_no_way_through(tmp_path: Path) -> None:
    """Around the square runs a public path of 1,200 m; whoever stands on the square crosses it all the same."""
    town = plain(access="private")
    town.way(SW, (0.0, -480.0), (120.0, -480.0), (120.0, -480.0), (240.0, 0.0), NE, **PATH)
    walked = town.network(tmp_path)
    found = between(walked, (-600.0, 0.0), (720.0, 120.0), (60.0, 60.0))
    outside = 480 + 120 + hypot(120, 480) + hypot(120, 120)
    assert found[0, 1] == pytest.approx(600 + outside + 600, abs=CM)
    assert found[2, 1] == pytest.approx(DIAGONAL / 2 + 600, abs=CM)
    opened = Walked(replace(walked.net))
    assert opened.net.private.any()
    crossed = town.network(tmp_path, private="open")
    assert between(crossed, (-600.0, 0.0), (720.0, 120.0))[0, 1] == pytest.approx(
        1200 + DIAGONAL, abs=CM
    )


def test_a_square_of_steps_is_closed_to_a_wheelchair(tmp_path: Path) -> None:
    town = Plaza()
    town.square(SW, SE, NE, NW, highway="steps")
    town.way((-600.0, 0.0), SW, **PATH)
    town.way(NE, (720.0, 120.0), **PATH)
    walked = town.network(tmp_path)
    begin, end = walked.snap((-600.0, 0.0)), walked.snap((720.0, 120.0))
    wheelchair = walker_of(preset_walkers(), "wheelchair")
    assert meters(walked, begin, end)[0, 0] == pytest.approx(1200 + DIAGONAL, abs=CM)
    pace = pace_in_meters(walked.net, wheelchair)
    assert len(pairs(walked.net, begin, end, limit_m=np.inf, pace=pace).point) == 0
    # nobody stands on stairs: the nearest way is the outline
    assert walked.snap((60.0, 30.0)).leg_m.tolist() == pytest.approx([30.0], abs=CM)


def test_lines_across_take_the_pace_of_the_level(tmp_path: Path) -> None:
    town = plain().network(tmp_path)
    adult = walker_of(preset_walkers(), "adult")
    pace = pace_in_seconds(town.net, adult)
    begin, end = town.snap(SW, (30.0, 30.0)), town.snap(NE, (90.0, 90.0))
    found = pairs(town.net, begin, end, limit_m=np.inf, pace=pace).distance_m
    expected = np.array([DIAGONAL, 0.75 * DIAGONAL, 0.75 * DIAGONAL, 0.5 * DIAGONAL])
    np.testing.assert_allclose(found, expected / adult.speed_m_s, atol=CM)


@pytest.mark.parametrize("shared", ["edge", "node"])
def test_squares_that_share_an_edge_or_a_node_meet_there(tmp_path: Path, shared: str) -> None:
    town = Plaza()
    town.square(SW, SE, NE, NW)
    far = [(240.0, 0.0), (240.0, 120.0)]
    if shared == "edge":
        town.square(SE, *far, NE)
    else:
        town.square(NE, (240.0, 120.0), (240.0, 240.0), (120.0, 240.0))
    town.way((-600.0, 0.0), SW, **PATH)
    town.way((240.0, 120.0), (840.0, 120.0), **PATH)
    walked = town.network(tmp_path)
    assert len(walked.net.squares) == 2
    found = meters(walked, walked.snap((-600.0, 0.0)), walked.snap((840.0, 120.0)))[0, 0]
    # over the middle edge at one of its ends
    assert found == pytest.approx(600 + DIAGONAL + 120 + 600, abs=CM)


def test_a_way_in_a_hole_hangs_together_with_the_streets_by_the_square(tmp_path: Path) -> None:
    town = Plaza()
    hole = [(40.0, 40.0), (80.0, 40.0), (80.0, 80.0), (40.0, 80.0)]
    town.with_hole([SW, SE, NE, NW], hole)
    town.way((-600.0, 0.0), SW, **PATH)
    town.way((40.0, 40.0), (60.0, 60.0), **PATH)
    walked = town.network(tmp_path)
    assert len(walked.net.component_m) == 1
    found = meters(walked, walked.snap((60.0, 60.0)), walked.snap((-600.0, 0.0)))[0, 0]
    assert found == pytest.approx(600 + 60 * 2**0.5, abs=CM)


@pytest.mark.parametrize("access", ["", "private"])
def test_what_a_public_square_joins_to_the_streets_is_no_pocket(
    tmp_path: Path, access: str
) -> None:
    """A path in a hole, to which a private path leads, too."""
    town = Plaza()
    hole = [(40.0, 40.0), (80.0, 40.0), (80.0, 80.0), (40.0, 80.0)]
    town.with_hole([SW, SE, NE, NW], hole, **({"access": access} if access else {}))
    town.way((-600.0, 0.0), SW, **PATH)
    town.way((40.0, 40.0), (60.0, 60.0), (80.0, 40.0), **PATH)
    town.way((-300.0, 0.0), (-300.0, 40.0), (40.0, 40.0), bridge="yes", access="private", **PATH)
    net = town.network(tmp_path).net
    path = np.flatnonzero(net.way_id == 4)
    assert net.private[path].tolist() == [bool(access)]


@pytest.mark.parametrize(("tags", "crossed"), [({"highway": "pedestrian"}, True), ({}, False)])
def test_a_place_is_a_square_where_its_tags_say_that_people_walk_there(
    tmp_path: Path, tags: dict[str, str], crossed: bool
) -> None:
    """``place=square`` names open space, roadways and gardens in it too: it makes no way by itself."""
    town = Plaza()
    town.way(SW, SE, NE, NW, SW, place="square", **tags)
    town.way((-600.0, 0.0), SW, **PATH)
    town.way(NE, (720.0, 120.0), **PATH)
    walked = town.network(tmp_path)
    found = between(walked, (-600.0, 0.0), (720.0, 120.0))
    assert len(walked.net.squares) == crossed
    assert found[0, 1] == (pytest.approx(1200 + DIAGONAL, abs=CM) if crossed else np.inf)


def test_ids_and_the_direction_of_drawing_change_no_answer(tmp_path: Path) -> None:
    places = [(-600.0, 0.0), (720.0, 120.0), (20.0, 60.0), (100.0, 60.0), (60.0, 119.0)]
    answers = []
    for number in range(4):
        town = Plaza(first_node=1 + 1000 * number, first_way=900 - 100 * number)
        outer, hole = [SW, SE, NE, NW], [(40.0, 40.0), (80.0, 40.0), (80.0, 80.0), (40.0, 80.0)]
        ways = [((-600.0, 0.0), SW), (NE, (720.0, 120.0)), ((60.0, 100.0), (60.0, 300.0))]
        if number % 2:
            outer, hole, ways = outer[::-1], hole[1:] + hole[:1], [way[::-1] for way in ways[::-1]]
        if number > 1:
            for way in ways:
                town.way(*way, **PATH)
        town.with_hole(outer, hole)
        if number <= 1:
            for way in ways:
                town.way(*way, **PATH)
        answers.append(between(town.network(tmp_path), *places))
    for other in answers[1:]:
        np.testing.assert_array_equal(other, answers[0])


def test_a_network_with_squares_comes_back_from_the_cache_and_from_networkx(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = plain()
    town.way((60.0, 60.0), (60.0, 300.0), **PATH)
    walked = town.network(tmp_path)
    graph = to_networkx(walked.net)
    inner = [data for _, _, data in graph.edges(data=True) if data.get("inner")]
    assert len(inner) == 2 * len(walked.net.squares.line_m) > 0
    streets = sum(data["length"] for _, _, data in graph.edges(data=True) if not data.get("inner"))
    assert streets == pytest.approx(2 * walked.net.edge_m.sum())
    again = network_from_osmnx(graph)
    assert again.digest == walked.net.digest
    for _, _, data in graph.edges(data=True):
        data["edge"] = str(data["edge"])  # as a file holds it
        data |= {"inner": "True"} if data.get("inner") else {}
    read = network_from_osmnx(graph)
    assert len(read.squares) == 0
    assert read.edge_m.sum() == pytest.approx(walked.net.edge_m.sum())

    monkeypatch.setenv("WALKSHED_CACHE", str(tmp_path / "cache"))
    kept = [read_network(tmp_path / "drawn.osm") for _ in range(2)]
    assert len(list((tmp_path / "cache").glob("*.npz"))) == 1
    expected = between(walked, (-600.0, 0.0), (60.0, 200.0), (30.0, 30.0))
    for net in (again, *kept):
        assert net.digest == walked.net.digest
        found = between(Walked(net), (-600.0, 0.0), (60.0, 200.0), (30.0, 30.0))
        np.testing.assert_array_equal(found, expected)


def random_ground(rng: np.random.Generator) -> shapely.Polygon:
    """A crooked polygon of about 200 m with up to three holes."""
    turn = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(5, 24)))
    away = rng.uniform(35, 110, len(turn))
    ground = shapely.Polygon(np.column_stack([away * np.cos(turn), away * np.sin(turn)])).buffer(0)
    for _ in range(rng.integers(0, 4)):
        turn = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(3, 7)))
        hole = np.column_stack([np.cos(turn), np.sin(turn)]) * rng.uniform(4, 20, (len(turn), 1))
        ring = shapely.Polygon(hole + rng.uniform(-50, 50, 2)).buffer(0)
        if ring.geom_type == "Polygon" and ground.buffer(-2.0).contains(ring) and ring.area > 4:
            ground = ground.difference(ring)
    return max(shapely.get_parts(ground), key=lambda part: part.area)


def oracle(ground: shapely.Polygon, places: np.ndarray) -> np.ndarray:
    """Meters between places on the ground: a visibility graph of shapely's ``covers``, searched by networkx."""
    corners = np.vstack([shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(ground)])
    every = np.vstack([places, corners])
    wide = ground.buffer(1e-6)  # so that rounding parts no line from the outline on which it runs
    shapely.prepare(wide)
    graph: nx.Graph = nx.Graph()
    graph.add_nodes_from(range(len(every)))
    one, other = np.array(list(combinations(range(len(every)), 2))).T
    seen = shapely.covers(wide, shapely.linestrings(np.stack([every[one], every[other]], axis=1)))
    for a, b in zip(one[seen].tolist(), other[seen].tolist()):
        graph.add_edge(a, b, meters=float(np.hypot(*(every[a] - every[b]))))
    found = np.full((len(places), len(places)), np.inf)
    for row in range(len(places)):
        reached = nx.single_source_dijkstra_path_length(graph, row, weight="meters")
        found[row] = [reached.get(column, np.inf) for column in range(len(places))]
    return found


@pytest.mark.parametrize("seed", range(20))
def test_two_hundred_random_grounds_are_walked_as_shapely_and_networkx_do(
    seed: int, tmp_path: Path
) -> None:
    """Ten grounds a town, far apart, each with paths that end on its outline, hole or not, and with people on it."""
    rng = np.random.default_rng(seed)
    town = Plaza()
    grounds, people, doors = [], [], []
    for number in range(10):
        ground = affinity.translate(random_ground(rng), 1000.0 * number, 0.0)
        ground = shapely.transform(ground, on_grid)
        assert ground.is_valid
        rings = [
            [tuple(place) for place in shapely.get_coordinates(ring)[:-1].tolist()]
            for ring in shapely.get_rings(ground)
        ]
        town.with_hole(*rings)
        entered = [ring[row] for ring in rings for row in rng.permutation(len(ring))[:3].tolist()]
        for x, y in entered:
            # a bridge too long to be of use, but to reach the place
            town.way((x, y), (x, y + 5000.0 + 10 * len(town.drawing.ways)), **PATH, bridge="yes")
        inside = []
        while len(inside) < 4:
            place = rng.uniform(-110, 110, 2) + np.array([1000.0 * number, 0.0])
            if ground.buffer(-0.1).contains(shapely.Point(place)):
                inside.append(tuple(on_grid(place).tolist()))
        grounds.append(ground)
        people.append(inside)
        doors.append(entered)
    walked = town.network(tmp_path)
    assert len(walked.net.squares) == 10
    for ground, inside, entered in zip(grounds, people, doors):
        places = [*inside, *entered]
        on_plane = walked.xy(*places)
        rings = [walked.xy(*shapely.get_coordinates(ring)) for ring in shapely.get_rings(ground)]
        expected = oracle(shapely.Polygon(rings[0], rings[1:]), on_plane)
        anchors = snap(walked.net, on_plane)
        listed = pairs(walked.net, anchors, anchors, limit_m=1000.0)
        found = np.full_like(expected, np.inf)
        found[listed.point, listed.station] = listed.distance_m
        assert np.isfinite(expected).all()
        np.testing.assert_allclose(found, expected, atol=CM)


def test_the_oracle_itself_knows_the_hole() -> None:
    hole = [(40.0, 40.0), (80.0, 40.0), (80.0, 80.0), (40.0, 80.0)]
    found = oracle(shapely.Polygon([SW, SE, NE, NW], [hole]), np.array([SW, NE]))
    assert found[0, 1] == pytest.approx(2 * hypot(80.0, 40.0))


def test_a_square_holds_a_part_of_the_network(tmp_path: Path) -> None:
    """A station on a square makes its few streets count, as one beside them would."""
    town = Plaza()
    town.square(SW, SE, NE, NW)
    town.way((-50.0, 0.0), SW, **PATH)
    walked = town.network(tmp_path)
    assert usable_components(walked.net, walked.xy((60.0, 60.0))).tolist() == [True]
    assert len(no_squares()) == 0
