"""Candidates along drawn streets, in features and in rooms."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from scipy.spatial import cKDTree

from towns import Street, town
from walkshed.errors import InvalidValueError
from walkshed.model.ground.extract import Extract, Features, Ways
from walkshed.model.ground.plane import Plane
from walkshed.model.plans.siting import Room
from walkshed.osm import read_extract
from walkshed.siting.planning.candidates import features, rooms, service_slots, street_positions
from walkshed.streets.build import build_network
from walkshed.walk.anchors import snap
from walkshed.walk.distances import nearest


def test_positions_divide_a_street_evenly() -> None:
    net = town("A . . . . . B", "A-B").net
    found, anchors = street_positions(net, spacing_m=250.0)
    assert found.xy.tolist() == [[0.0, 0.0], [600.0, 0.0], [200.0, 0.0], [400.0, 0.0]]
    assert found.kind == ("street",) * 4
    assert found.id == ("street-1", "street-2", "street-3", "street-4")
    # Their anchors stand on the street: walking between two of them takes the meters in between.
    walk = nearest(net, anchors.take(np.array([0])), anchors.take(np.array([3])))
    assert walk.distance_m[0, 0] == 400.0


def test_positions_keep_half_the_spacing_between_them() -> None:
    net = town("A B C D E F G", "A-B-C-D-E-F-G").net  # a node every 100 m
    found, _ = street_positions(net, spacing_m=400.0)
    gaps = np.hypot(*(found.xy[:, None] - found.xy[None]).transpose(2, 0, 1))[
        np.triu_indices(len(found.xy), 1)
    ]
    assert gaps.min() >= 200.0
    assert len(found.xy) >= 3


def test_no_station_on_stairs_private_ways_or_islands() -> None:
    net = town(
        """
        A . . . . . B
        . . . . . . .
        C . D . . . .
        . . . . . . .
        E . F . . . .
        """,
        "A-B",
        Street("A-C", steps=True),
        Street("B-D", private=True),
        "C-D",
        "E-F",
    ).net
    found, anchors = street_positions(net, spacing_m=100.0, min_component_m=300.0)
    # A to B and C to D, which the stairs join; nothing halfway down the stairs, nothing on the
    # island E to F.
    expected = {(100.0 * x, 200.0) for x in range(3)} | {(100.0 * x, 400.0) for x in range(7)}
    assert {(round(x, 6), y) for x, y in found.xy.tolist()} == expected
    assert len(found.xy) == len(expected)
    assert not (net.steps | net.private)[anchors.edge].any()


def test_no_spacing() -> None:
    with pytest.raises(InvalidValueError, match="spacing_m = 0 is not a valid spacing"):
        street_positions(town("A B", "A-B").net, spacing_m=0)


def _features(*listed: tuple[int, dict[str, str], object]) -> Features:
    geometry = np.array([row[2] for row in listed], dtype=object)
    empty = np.empty(0, dtype=np.int64)
    return Features(
        ("w",) * len(listed),
        np.array([row[0] for row in listed], dtype=np.int64),
        tuple(row[1] for row in listed),
        geometry,
        (empty,) * len(listed),
    )


def test_features_by_rule_count_once() -> None:
    nothing = _features()
    ways = Ways(
        *(np.empty(0, np.int64), (), np.zeros(1, np.int64), np.empty(0, np.int64), np.empty((0, 2)))
    )
    school = (7, {"amenity": "school", "name": "一小"}, shapely.box(0, 0, 2, 2))
    hall = (9, {"building": "public"}, shapely.box(10, 0, 12, 2))
    shed = (8, {"building": "shed"}, shapely.box(5, 0, 6, 1))
    extract = Extract(
        source="",
        digest="",
        data_date=None,
        bounds=(0, 0, 1, 1),
        ways=ways,
        way_node_tags={},
        areas=nothing,
        buildings=_features(hall, shed, school),
        places=_features(school),
        gates=nothing,
        entrances=nothing,
    )
    found = features(
        extract, Plane(planar=True), {"amenity": None, "building": {"public", "civic"}}
    )
    assert found.id == ("w7", "w9")
    assert found.name == ("一小", "")
    assert found.xy.tolist() == [[1.0, 1.0], [11.0, 1.0]]


def test_rooms_hold_as_many_services_as_their_area_allows() -> None:
    listed = (
        Room("b", "乙", 1.0, 2.0, area_m2=95.0),
        Room("a", "甲", 3.0, 4.0),
        Room("c", "丙", 5.0, 6.0, area_m2=20.0),
    )
    found = rooms(listed, Plane(planar=True))
    assert found.id == ("a", "b", "c")
    assert found.xy.tolist() == [[3.0, 4.0], [1.0, 2.0], [5.0, 6.0]]
    assert service_slots(found, service_m2=30.0, most=4).tolist() == [4, 3, 0]


@pytest.mark.data
def test_positions_along_the_streets_of_dachang(test_data: Path) -> None:
    net = build_network(read_extract(test_data / "osm" / "shanghai_baoshan_dachang.osm.pbf"))
    found, anchors = street_positions(net, spacing_m=200.0)
    assert 300 < len(found.id) < 3000
    # Where the anchors say that they are is where the nearest way is.
    snapped = snap(net, found.xy)
    assert snapped.on_network.all()
    assert snapped.street_leg_m.max() < 0.01
    assert (anchors.offset_m <= net.edge_m[anchors.edge]).all()
    # Nobody on a public street is farther than the spacing from a candidate, in a straight line
    # (bridges aside).
    standing = ~net.steps & ~net.private & net.enterable
    public = np.flatnonzero(standing & (net.component_m[net.component] >= 500.0))
    ends = net.node_xy[np.unique(np.concatenate([net.edge_start[public], net.edge_end[public]]))]
    gap = cKDTree(found.xy).query(ends)[0]
    assert gap.max() <= 100.0
