"""Residents as points, and the exits by which they come out onto the streets (definition 7)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import shapely

from walkshed.model.arrays import (
    BoolArray,
    FloatArray,
    Int32Array,
    IntArray,
    ObjectArray,
    frozen,
    ranges,
    read_only,
    to_ticks,
)
from walkshed.model.ground.extract import Extract
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.ground.walking import Anchors, Feet
from walkshed.model.judged.coverage import Demand
from walkshed.model.judged.verdicts import ExitKind
from walkshed.model.messages import Message
from walkshed.model.town.places import Block, Gate
from walkshed.needs.exits.of_blocks import Exits, exits_of
from walkshed.needs.exits.yards import yards_of
from walkshed.needs.people.dwellings import Dwellings

SAMPLE_POINTS = 36  # a polygon without buildings is sampled by about so many points
SAMPLE_SPACING_MIN_M = 10.0


def demand(
    blocks: tuple[Block, ...],
    network: StreetNetwork,
    *,
    extract: Extract | None,
    homes: Dwellings,
    gates: tuple[Gate, ...],
    gates_complete: bool,
    usable: BoolArray,
    max_snap_m: float,
    opened: tuple[Gate, ...] = (),
    shut: tuple[Gate, ...] = (),
    closed: frozenset[int] = frozenset(),
    inside_detour: float = 1.0,
) -> Demand:
    """Return the residents of ``blocks`` as points with exits.

    Steps: (1) outlines onto the plane; (2) points: the block's buildings by floor area, else a
    regular sample; (3) the exits of each block, the first kind that exists; (4) exits meet the
    network; (5) every point gets one anchor per exit of its block, with the straight leg between
    them in full. Gates that a scenario has ``opened`` come beside the exits that there are,
    whatever their kind; exits that a survey found ``shut`` are none. At ``closed`` nodes of the map
    residents do not come out. Straight walks inside a compound, to a station that stands in it, are
    multiplied by ``inside_detour``.
    """
    # (1)
    outlines = network.plane.geometry_to_xy(
        np.array([block.geometry for block in blocks], dtype=object)
    )
    points, weights = _residents(outlines, homes)  # (2)
    exits = exits_of(  # (3), (4)
        blocks,
        outlines,
        network,
        given=_gates_on_plane(gates, network),
        mapped_gates=_mapped_gates(extract, network, closed),
        gates_complete=gates_complete,
        opened=_gates_on_plane(opened, network),
        barred=_gates_on_plane(shut, network),
        shut_xy=_closed_on_ways(network, closed),
        usable=usable,
        max_snap_m=max_snap_m,
    )

    start = np.concatenate([[0], np.cumsum([len(xy) for xy in points])])
    people = np.concatenate(
        [weight * (block.people or 0.0) for weight, block in zip(weights, blocks)]
    )
    anchors, foot_exit, exit_leg_m = _point_anchors(points, exits)  # (5)

    # what is to be known of it
    without = [block.name for block, kind in zip(blocks, exits.kind) if kind is ExitKind.NONE]
    notes: tuple[str, ...] = ()
    if without:
        notes = (
            Message(
                "{count} {count:block has|blocks have} no exit within {max_snap_m:g} m of a way",
                count=len(without),
                max_snap_m=max_snap_m,
            ),
        )

    return Demand(
        start=read_only(start, np.int64),
        xy=read_only(np.concatenate(points), np.float64),
        weight=read_only(np.concatenate(weights), np.float64),
        people=read_only(people, np.float64),
        exit_start=exits.start,
        exit_xy=exits.anchors.point_xy,
        exit_kind=exits.kind,
        anchors=anchors,
        foot_exit=foot_exit,
        exit_leg_m=exit_leg_m,
        stretches=exits.stretches,
        yards=yards_of(blocks, outlines, network, extract, detour=inside_detour),
        notes=notes,
    )


def _residents(
    outlines: ObjectArray, homes: Dwellings
) -> tuple[list[FloatArray], list[FloatArray]]:
    """Return, per block, points (n, 2) and weights (n,) that sum to 1."""
    # the buildings in each block, in their own order
    block, building = shapely.STRtree(shapely.points(homes.xy)).query(
        outlines, predicate="intersects"
    )
    areal = shapely.get_dimensions(outlines) == 2
    block, building = block[areal[block]], building[areal[block]]

    order = np.lexsort([building, block])
    block, building = block[order], building[order]
    bounds = np.searchsorted(block, np.arange(len(outlines) + 1)).tolist()

    # a block without a building gets a grid of points
    empty = np.array([begin == end for begin, end in pairwise(bounds)], dtype=bool)
    samples = iter(sampled(outlines[empty]))
    points, weights = [], []
    for begin, end in pairwise(bounds):
        if begin == end:
            xy = next(samples)
            points.append(xy)
            weights.append(np.full(len(xy), 1.0 / len(xy)))
        else:
            living = building[begin:end]
            points.append(homes.xy[living])
            weights.append(homes.floor_m2[living] / homes.floor_m2[living].sum())
    return points, weights


def sampled(outlines: ObjectArray) -> list[FloatArray]:
    """Return about 36 points of a square grid inside each outline (n, 2), symmetric about its box.

    One if it is small. A point is its own sample; the grid is never finer than 10 m.
    """
    west, south, east, north = shapely.bounds(outlines).T.reshape(4, -1)
    spacing = np.sqrt(shapely.area(outlines) / SAMPLE_POINTS)
    spacing = np.maximum(SAMPLE_SPACING_MIN_M, spacing)
    columns = np.maximum(1, (east - west) / spacing).astype(np.int64)
    rows = np.maximum(1, (north - south) / spacing).astype(np.int64)

    # the grid of every outline, row by row
    size = columns * rows
    owner = np.repeat(np.arange(len(outlines)), size)
    place = ranges(0, size)
    column, row = place % columns[owner], place // columns[owner]
    x = ((west + east) / 2)[owner] + spacing[owner] * (column - (columns[owner] - 1) / 2)
    y = ((south + north) / 2)[owner] + spacing[owner] * (row - (rows[owner] - 1) / 2)
    inside = shapely.contains_xy(outlines[owner], x, y)

    # what the grid misses has one point
    grid, owner = np.column_stack([x, y])[inside], owner[inside]
    bounds = np.searchsorted(owner, np.arange(len(outlines) + 1))
    missed = np.diff(bounds) == 0
    inner = np.full((len(outlines), 2), np.nan)
    inner[missed] = shapely.get_coordinates(shapely.point_on_surface(outlines[missed]))
    return [
        inner[[number]] if missed[number] else grid[begin:end]
        for number, (begin, end) in enumerate(pairwise(bounds.tolist()))
    ]


def _gates_on_plane(gates: tuple[Gate, ...], network: StreetNetwork) -> Mapping[str, FloatArray]:
    """Return the given gates of each block (n, 2), by block id."""
    found: dict[str, list[tuple[float, float]]] = {}
    for gate in gates:
        found.setdefault(gate.block, []).append((gate.lon, gate.lat))
    return {block: network.plane.to_xy(np.array(sorted(places))) for block, places in found.items()}


def _mapped_gates(
    extract: Extract | None, network: StreetNetwork, closed: frozenset[int]
) -> FloatArray:
    """Return the ``barrier=gate`` and kindred nodes of the extract on the plane (n, 2), where people may pass."""
    if extract is None or len(extract.gates) == 0:
        return np.empty((0, 2))
    # a barrier on a junction closes nothing, since it says not which street it stands on
    node, _ = _closed_nodes(network, closed, at_junction=True)
    shut = np.array(sorted(closed - set(network.node_id[node].tolist())), dtype=np.int64)
    passable = ~np.isin(extract.gates.osm_id, shut)
    return network.plane.to_xy(shapely.get_coordinates(extract.gates.geometry[passable]))


def _closed_on_ways(network: StreetNetwork, closed: frozenset[int]) -> FloatArray:
    """Return where closed barriers part or end a way (n, 2)."""
    _, xy = _closed_nodes(network, closed, at_junction=False)
    return xy


def _closed_nodes(
    network: StreetNetwork, closed: frozenset[int], *, at_junction: bool
) -> tuple[IntArray, FloatArray]:
    """Return the nodes at which closed barriers stand, and where: those at junctions of streets, or the others."""
    ends = np.concatenate([network.edge_start, network.edge_end])
    degree = np.bincount(ends, minlength=network.node_count)
    stands = np.isin(network.node_id, np.array(sorted(closed), dtype=np.int64))
    node = np.flatnonzero(stands & ((degree > 2) == at_junction))
    return node, network.node_xy[node]


def _point_anchors(
    points: list[FloatArray], exits: Exits
) -> tuple[Anchors, Int32Array, FloatArray]:
    """Return each point's anchors at its block's exits, the exit of each foot, and the leg between the two.

    The legs of the anchors begin at the point.
    """
    met = exits.anchors
    owner = np.repeat(np.arange(len(met.start) - 1), np.diff(met.start))  # exit of each anchor
    xy = np.concatenate(points)
    block = np.repeat(np.arange(len(points)), [len(each) for each in points])

    # every anchor of a block, once for each of its points
    first, end = met.start[exits.start[:-1]], met.start[exits.start[1:]]
    count = (end - first)[block]
    start = np.concatenate([[0], np.cumsum(count)])
    chosen = ranges(first[block], count)

    # the straight leg between point and exit in full, and that from the exit to the street
    at_exit = met.point_xy[owner]
    away = [np.repeat(xy[:, axis], count) - at_exit[chosen, axis] for axis in (0, 1)]
    leg_m = to_ticks(np.hypot(*away)) + met.leg_m[chosen]
    on_squares = met.feet.standing
    standing = None if on_squares is None else on_squares.take(met.foot)
    anchors = Anchors(
        start=read_only(start, np.int64),
        foot=frozen(chosen.astype(np.int32)),
        leg_m=frozen(leg_m),
        feet=Feet(met.edge, met.offset_m, met.xy, standing),
        point_xy=read_only(xy, np.float64),
        nearest_way_m=read_only(_nearest_way_m(exits)[block], np.float64),
    )
    return anchors, read_only(owner, np.int32), met.leg_m


def _nearest_way_m(exits: Exits) -> FloatArray:
    """Return (b,) the meters to the nearest usable way from any exit of each block.

    Inf without an exit.
    """
    nearest_m = np.full(len(exits.start) - 1, np.inf)
    block = np.repeat(np.arange(len(nearest_m)), np.diff(exits.start))
    np.minimum.at(nearest_m, block, exits.anchors.nearest_way_m)
    return nearest_m
