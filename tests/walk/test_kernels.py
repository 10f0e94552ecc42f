"""The searches themselves: against a plain queue in Python, and the same bytes from any number of threads."""

from __future__ import annotations

import heapq
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from walkshed.errors import InvalidValueError
from walkshed.walk.kernels import searches as kernels

Arc = tuple[int, int, float]


def graph(nodes: int, arcs: list[Arc]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Arcs (tail, head, weight) as the searches take them: grouped by head."""
    rows = sorted(arcs, key=lambda arc: arc[1])
    head = np.array([arc[1] for arc in rows], dtype=np.int64)
    return (
        np.searchsorted(head, np.arange(nodes + 1)),
        np.array([arc[0] for arc in rows], dtype=np.int32),
        np.array([arc[2] for arc in rows], dtype=np.float64),
    )


def in_order(nodes: int, arcs: list[Arc], seeds: list[int]) -> list[dict[int, float]]:
    """For each node the cost to every seed, by a plain queue."""
    before: list[list[tuple[int, float]]] = [[] for _ in range(nodes)]
    for tail, head, weight in arcs:
        before[head].append((tail, weight))
    costs: list[dict[int, float]] = [{} for _ in range(nodes)]
    for owner, seed in enumerate(seeds):
        queue = [(0.0, seed)]
        while queue:
            cost, node = heapq.heappop(queue)
            if owner in costs[node]:
                continue
            costs[node][owner] = cost
            for tail, weight in before[node]:
                heapq.heappush(queue, (cost + weight, tail))
    return costs


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[Arc], list[int]]:
    nodes = draw(st.integers(1, 30))
    node = st.integers(0, nodes - 1)
    # Sixteenths: short, with zeros and ties; now and then an arc that is longer than many rounds of
    # the queue.
    weight = st.one_of(st.integers(0, 40).map(lambda k: k / 16), st.sampled_from([0.0, 1.0, 500.0]))
    arcs = draw(st.lists(st.tuples(node, node, weight), max_size=120))
    return nodes, arcs, draw(st.lists(node, min_size=1, max_size=6))


@settings(max_examples=150, deadline=None)
@given(graphs(), st.sampled_from([0.0, 1.0, 3.5, np.inf]))
def test_searches_agree_with_a_plain_queue(
    town: tuple[int, list[Arc], list[int]], limit: float
) -> None:
    nodes, arcs, seeds = town
    packed = kernels.pack(*graph(nodes, arcs))
    seed_node = np.array(seeds, dtype=np.int32)
    costs = in_order(nodes, arcs, seeds)
    cost, owner = kernels.nearest_nodes(packed, seed_node, second=True)
    for node in range(nodes):
        best = sorted((meters, who) for who, meters in costs[node].items())[:2]
        best += [(np.inf, -1)] * (2 - len(best))
        assert [(cost[k, node], owner[k, node]) for k in range(2)] == best
    one_cost, one_owner = kernels.nearest_nodes(packed, seed_node, limit=limit)
    within = cost[0] <= limit
    np.testing.assert_array_equal(one_cost[0], np.where(within, cost[0], np.inf))
    np.testing.assert_array_equal(one_owner[0], np.where(within, owner[0], -1))
    for threads in (1, 2, 4):
        who, node_of, meters = kernels.nodes_within(packed, seed_node, limit=limit, threads=threads)
        assert (np.diff(who) >= 0).all()
        expected = {(w, n): m for n in range(nodes) for w, m in costs[n].items() if m <= limit}
        assert dict(zip(zip(who.tolist(), node_of.tolist()), meters.tolist())) == expected
        assert len(who) == len(expected)


def lattice(side: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    node = np.arange(side * side).reshape(side, side)
    one = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    other = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    meters = rng.integers(0, 200_000, len(one)) / 1024
    return graph(side * side, [*zip(one, other, meters), *zip(other, one, meters)])


def test_threads_change_no_byte() -> None:
    packed = kernels.pack(*lattice(60, 3))
    seeds = np.random.default_rng(4).choice(3600, 70, replace=False).astype(np.int32)
    answers = [
        kernels.nodes_within(packed, seeds, limit=800.0, threads=threads) for threads in (1, 2, 4)
    ]
    assert len(answers[0][0]) > 5000  # more than one filling of the answer's first room
    for answer in answers[1:]:
        assert [column.tobytes() for column in answer] == [
            column.tobytes() for column in answers[0]
        ]


def test_weights_that_are_no_ticks_are_refused() -> None:
    into, tail, weight = graph(2, [(0, 1, 0.3)])
    with pytest.raises(InvalidValueError, match=r"multiple of 1/1024"):
        kernels.pack(into, tail, weight)
    with pytest.raises(InvalidValueError, match=r"multiple of 1/1024"):
        kernels.pack(into, tail, np.array([np.inf]))
    with pytest.raises(InvalidValueError, match=r"multiple of 1/1024"):
        kernels.pack(into, tail, np.array([-1.0]))


def test_areas_are_the_buffer_to_a_thousandth_and_the_same_from_any_thread(
    helsinki_extract_path: Path,
) -> None:
    from walkshed.osm import read_extract
    from walkshed.streets.build import build_network
    from walkshed.walk.anchors import snap
    from walkshed.walk.reach.catchments import catchments

    net = build_network(read_extract(helsinki_extract_path))
    xy = np.random.default_rng(8).uniform(*np.quantile(net.node_xy, [0.3, 0.7], axis=0), (5, 2))
    stations = snap(net, xy)
    found = catchments(net, stations, limits_m=[150.0, 500.0], threads=1)
    pieces = found.pieces
    for station, limit_m, area in zip(found.station, found.limit_m, found.geometry):
        own = (pieces.station == station) & (pieces.limit_m == limit_m)
        true = shapely.unary_union(shapely.buffer(pieces.geometry[own], 25.0, quad_segs=64))
        assert area.is_valid
        assert area.symmetric_difference(true).area < 0.001 * true.area
    for threads in (2, 4):
        again = catchments(net, stations, limits_m=[150.0, 500.0], threads=threads)
        assert shapely.to_wkb(again.geometry).tolist() == shapely.to_wkb(found.geometry).tolist()
    drawn = catchments(net, stations, limits_m=[150.0, 500.0], simplify_m=1.0)
    assert shapely.is_valid(drawn.geometry).all()
    np.testing.assert_array_equal(drawn.area_m2, found.area_m2)
    assert (
        shapely.get_num_coordinates(drawn.geometry).sum()
        < 0.5 * shapely.get_num_coordinates(found.geometry).sum()
    )
    moved = shapely.hausdorff_distance(
        shapely.boundary(drawn.geometry), shapely.boundary(found.geometry)
    )
    assert (moved <= 1.0 + 1e-9).all()
    with pytest.raises(InvalidValueError, match="tolerance"):
        catchments(net, stations, limits_m=[150.0], simplify_m=-1.0)
