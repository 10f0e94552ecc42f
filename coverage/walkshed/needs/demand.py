"""Residents as points, and the exits by which they come out onto the streets (definition 7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray, ObjectArray, read_only, to_ticks
from walkshed.model.coverage import Demand
from walkshed.model.extract import Extract
from walkshed.model.network import StreetNetwork
from walkshed.model.places import Block, Gate
from walkshed.model.verdicts import ExitKind
from walkshed.model.walking import Anchors
from walkshed.needs.dwellings import Dwellings
from walkshed.walk.anchors import snap

EXIT_SPACING_M = 50.0
GATE_BESIDE_EDGE_M = 15.0
SHARED_WALL_M = 1.0  # two edges whose distances to a gate differ by less are one wall between two compounds
ALONG_EDGE_M = 1.0  # a way this close to a block's edge runs along it: residents step out onto it anywhere
SAMPLE_POINTS = 36  # a polygon without buildings is sampled by about so many points
SAMPLE_SPACING_MIN_M = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class _Exits:
    """The exits of one block."""

    xy: FloatArray  # (n, 2)
    kind: ExitKind


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
) -> Demand:
    """Return the residents of ``blocks`` as points with exits.

    Steps: (1) outlines onto the plane; (2) points: the block's buildings by floor area, else a regular sample; (3) the
    exits of each block, the first kind that exists; (4) exits meet the network; (5) every point gets one anchor per
    exit of its block, with the straight leg between them in full.
    """
    outlines = network.plane.geometry_to_xy(np.array([block.geometry for block in blocks], dtype=object))  # (1)
    points, weights = _residents(outlines, homes)  # (2)
    exits, exit_anchors, exit_start = _exits(  # (3), (4)
        blocks, outlines, network, _gates_on_plane(gates, network), _mapped_gates(extract, network),
        gates_complete=gates_complete, usable=usable, max_snap_m=max_snap_m,
    )  # fmt: skip
    start = np.concatenate([[0], np.cumsum([len(xy) for xy in points])])
    people = np.concatenate([weight * (block.people or 0.0) for weight, block in zip(weights, blocks)])
    anchors, anchor_exit = _point_anchors(points, exit_anchors, exit_start)  # (5)
    without = [block.name for block, kind in zip(blocks, exits) if kind is ExitKind.NONE]
    notes = (f"{len(without)} blocks have no exit within {max_snap_m:g} m of a way",) if without else ()
    return Demand(
        start=read_only(start, np.int64),
        xy=read_only(np.concatenate(points), np.float64),
        weight=read_only(np.concatenate(weights), np.float64),
        people=read_only(people, np.float64),
        exit_start=read_only(exit_start, np.int64),
        exit_xy=read_only(exit_anchors.point_xy, np.float64),
        exit_kind=tuple(exits),
        anchors=anchors,
        anchor_exit=anchor_exit,
        notes=notes,
    )


def _residents(outlines: ObjectArray, homes: Dwellings) -> tuple[list[FloatArray], list[FloatArray]]:
    """Return, per block, points (n, 2) and weights (n,) that sum to 1."""
    inside: dict[int, list[int]] = {}
    areal = shapely.get_dimensions(outlines) == 2
    if len(homes.xy):
        block, building = shapely.STRtree(shapely.points(homes.xy)).query(outlines, predicate="intersects")
        for row, home in zip(block, building):
            if areal[row]:
                inside.setdefault(int(row), []).append(int(home))
    points, weights = [], []
    for row, outline in enumerate(outlines):
        living = sorted(inside.get(row, []))
        if living:
            points.append(homes.xy[living])
            weights.append(homes.floor_m2[living] / homes.floor_m2[living].sum())
        else:
            xy = sample(outline)
            points.append(xy)
            weights.append(np.full(len(xy), 1.0 / len(xy)))
    return points, weights


def sample(outline: shapely.Geometry) -> FloatArray:
    """Return about 36 points of a square grid inside the outline (n, 2), symmetric about its box; one if it is small.

    A point is its own sample; the grid is never finer than 10 m.
    """
    if outline.geom_type == "Point":
        return np.array([[outline.x, outline.y]])
    west, south, east, north = outline.bounds
    spacing = max(SAMPLE_SPACING_MIN_M, float(np.sqrt(outline.area / SAMPLE_POINTS)))
    xs, ys = _centered(west, east, spacing), _centered(south, north, spacing)
    grid = np.column_stack([np.tile(xs, len(ys)), np.repeat(ys, len(xs))])
    inside: FloatArray = grid[shapely.contains_xy(outline, grid[:, 0], grid[:, 1])]
    if len(inside):
        return inside
    inner = shapely.point_on_surface(outline)
    return np.array([[inner.x, inner.y]])


def _centered(low: float, high: float, spacing: float) -> FloatArray:
    count = max(1, int((high - low) / spacing))
    middle = (low + high) / 2
    return np.asarray(middle + spacing * (np.arange(count) - (count - 1) / 2), dtype=np.float64)


def _gates_on_plane(gates: tuple[Gate, ...], network: StreetNetwork) -> Mapping[str, FloatArray]:
    """Return the given gates of each block (n, 2), by block id."""
    found: dict[str, list[tuple[float, float]]] = {}
    for gate in gates:
        found.setdefault(gate.block, []).append((gate.lon, gate.lat))
    return {block: network.plane.to_xy(np.array(sorted(places))) for block, places in found.items()}


def _mapped_gates(extract: Extract | None, network: StreetNetwork) -> FloatArray:
    """Return the ``barrier=gate`` and kindred nodes of the extract on the plane (n, 2)."""
    if extract is None or len(extract.gates) == 0:
        return np.empty((0, 2))
    return network.plane.to_xy(shapely.get_coordinates(extract.gates.geometry))


def _exits(
    blocks: tuple[Block, ...],
    outlines: ObjectArray,
    network: StreetNetwork,
    given: Mapping[str, FloatArray],
    mapped_gates: FloatArray,
    *,
    gates_complete: bool,
    usable: BoolArray,
    max_snap_m: float,
) -> tuple[list[ExitKind], Anchors, IntArray]:
    """Return the kind of each block's exits, the anchors of those within reach, and where each block's begin."""
    crossings = _crossings(outlines, network, usable)
    rings = shapely.boundary(outlines)
    gates_of = _gates_by_block(mapped_gates, rings)
    samples = [_along(ring, EXIT_SPACING_M) if ring is not None else np.empty((0, 2)) for ring in rings]
    sample_start = np.concatenate([[0], np.cumsum([len(xy) for xy in samples])]).astype(np.int64)
    sampled = snap(network, np.concatenate(samples), max_snap_m=max_snap_m, usable=usable)

    found: list[_Exits] = []
    for row, block in enumerate(blocks):
        rows = np.arange(sample_start[row], sample_start[row + 1])
        edge_points = sampled.point_xy[rows]
        near = sampled.nearest_way_m[rows]
        own = given.get(block.id, np.empty((0, 2)))
        if outlines[row].geom_type == "Point":
            found.append(_Exits(own if len(own) else shapely.get_coordinates(outlines[row]), _kind_of_point(own)))
            continue
        mapped = np.concatenate([crossings[row], edge_points[near <= ALONG_EDGE_M], mapped_gates[gates_of[row]]])
        if len(own):
            found.append(_Exits(own if gates_complete else np.concatenate([own, mapped]), ExitKind.GIVEN))
        elif len(mapped):
            found.append(_Exits(mapped, ExitKind.MAPPED))
        else:
            found.append(_Exits(edge_points[near <= max_snap_m], ExitKind.INFERRED))
    return _anchored(found, network, usable=usable, max_snap_m=max_snap_m)


def _gates_by_block(gates: FloatArray, rings: ObjectArray) -> list[list[int]]:
    """Return, per block, the gates within 15 m of its edge that are no nearer to another block's edge.

    The gate of the compound across a narrow street is not one's own; a gate in a shared wall is both neighbors'.
    """
    found: list[list[int]] = [[] for _ in rings]
    areal = np.flatnonzero(~shapely.is_empty(rings) & ~shapely.is_missing(rings))
    places = shapely.points(gates)
    gate, near = shapely.STRtree(rings[areal]).query(places, predicate="dwithin", distance=GATE_BESIDE_EDGE_M)
    away_m = shapely.distance(places[gate], rings[areal][near]) if len(gate) else np.empty(0)
    nearest_m = np.full(len(gates), np.inf)
    np.minimum.at(nearest_m, gate, away_m)
    for row in np.flatnonzero(away_m <= nearest_m[gate] + SHARED_WALL_M):
        found[int(areal[near[row]])].append(int(gate[row]))
    return [sorted(rows) for rows in found]


def _kind_of_point(own: FloatArray) -> ExitKind:
    return ExitKind.GIVEN if len(own) else ExitKind.INFERRED


def _anchored(
    found: list[_Exits], network: StreetNetwork, *, usable: BoolArray, max_snap_m: float
) -> tuple[list[ExitKind], Anchors, IntArray]:
    """Return kinds, anchors and starts of the exits that meet the network; a block left with none has kind ``none``."""
    counts = [len(exits.xy) for exits in found]
    block = np.repeat(np.arange(len(found)), counts)
    xy = np.concatenate([exits.xy for exits in found]) if sum(counts) else np.empty((0, 2))
    anchors = snap(network, xy, max_snap_m=max_snap_m, usable=usable)
    kept = np.flatnonzero(anchors.on_network)
    left = np.bincount(block[kept], minlength=len(found))
    kinds = [exits.kind if count else ExitKind.NONE for exits, count in zip(found, left)]
    start = np.concatenate([[0], np.cumsum(left)])
    return kinds, anchors.take(kept), start


def _crossings(outlines: ObjectArray, network: StreetNetwork, usable: BoolArray) -> list[FloatArray]:
    """Return, per block, the points where usable ways cross its edge (n, 2), from west to east."""
    edges = np.flatnonzero(usable[network.component])
    parts = np.repeat(np.arange(network.edge_count), np.diff(network.vertex_from))
    wanted = np.isin(parts, edges)
    compact = np.searchsorted(edges, parts[wanted])
    lines = shapely.linestrings(network.vertex_xy[wanted], indices=compact) if len(edges) else np.empty(0, object)
    rings = shapely.boundary(outlines)
    row, line = shapely.STRtree(lines).query(rings, predicate="intersects")
    crossing = shapely.intersection(rings[row], lines[line])
    found: list[FloatArray] = []
    for block in range(len(outlines)):
        met = crossing[row == block]
        # A way that runs along the edge is no crossing; its points come from the samples of the edge.
        points = shapely.get_coordinates([part for part in shapely.get_parts(met) if part.geom_type == "Point"])
        found.append(np.unique(np.round(points, 3), axis=0).reshape(-1, 2))
    return found


def _along(ring: shapely.Geometry, spacing_m: float) -> FloatArray:
    """Return points of the ring(s) at most ``spacing_m`` apart (n, 2)."""
    points: list[FloatArray] = []
    for line in shapely.get_parts(ring):
        count = max(1, int(np.ceil(line.length / spacing_m)))
        places = shapely.line_interpolate_point(line, np.arange(count) * (line.length / count))
        points.append(shapely.get_coordinates(places))
    return np.concatenate(points) if points else np.empty((0, 2))


def _point_anchors(points: list[FloatArray], exits: Anchors, exit_start: IntArray) -> tuple[Anchors, Int32Array]:
    """Return one anchor per point and exit of its block, sorted by point, then exit, and the exit of each."""
    starts, legs, exit_rows, nearest = [0], [], [], []
    for block, xy in enumerate(points):
        rows = np.arange(exit_start[block], exit_start[block + 1])
        at = exits.point_xy[rows]
        straight = np.hypot(xy[:, None, 0] - at[None, :, 0], xy[:, None, 1] - at[None, :, 1])
        leg = to_ticks(straight) + exits.leg_m[rows][None, :]
        legs.append(leg.ravel())
        exit_rows.append(np.tile(rows, len(xy)))
        starts.extend(starts[-1] + len(rows) * np.arange(1, len(xy) + 1))
        nearest.append(np.full(len(xy), exits.nearest_way_m[rows].min() if len(rows) else np.inf))
    chosen = np.concatenate(exit_rows).astype(np.int64)
    anchors = Anchors(
        start=read_only(starts, np.int64),
        edge=read_only(exits.edge[chosen], np.int32),
        offset_m=read_only(exits.offset_m[chosen], np.float64),
        leg_m=read_only(np.concatenate(legs), np.float64),
        xy=read_only(exits.xy[chosen].reshape(-1, 2), np.float64),
        point_xy=read_only(np.concatenate(points), np.float64),
        nearest_way_m=read_only(np.concatenate(nearest), np.float64),
    )
    return anchors, read_only(chosen, np.int32)


def gates_without_blocks(gates: tuple[Gate, ...], blocks: tuple[Block, ...]) -> tuple[str, ...]:
    """Return the block ids that gates name and no block has, most frequent first."""
    known = {block.id for block in blocks}
    missing = Counter(gate.block for gate in gates if gate.block not in known)
    return tuple(sorted(missing, key=lambda name: (-missing[name], name)))
