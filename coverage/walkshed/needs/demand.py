"""Residents as points, and the exits by which they come out onto the streets (definition 7)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely

from walkshed.model.arrays import (
    BoolArray,
    FloatArray,
    Int32Array,
    ObjectArray,
    read_only,
    to_ticks,
)
from walkshed.model.coverage import Demand
from walkshed.model.extract import Extract
from walkshed.model.network import StreetNetwork
from walkshed.model.places import Block, Gate
from walkshed.model.verdicts import ExitKind
from walkshed.model.walking import Anchors
from walkshed.needs.dwellings import Dwellings
from walkshed.needs.exits import Exits, exits_of

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
) -> Demand:
    """Return the residents of ``blocks`` as points with exits.

    Steps: (1) outlines onto the plane; (2) points: the block's buildings by floor area, else a
    regular sample; (3) the exits of each block, the first kind that exists; (4) exits meet the
    network; (5) every point gets one anchor per exit of its block, with the straight leg between
    them in full. Gates that a scenario has ``opened`` come beside the exits that there are,
    whatever their kind.
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
        mapped_gates=_mapped_gates(extract, network),
        gates_complete=gates_complete,
        opened=_gates_on_plane(opened, network),
        usable=usable,
        max_snap_m=max_snap_m,
    )
    start = np.concatenate([[0], np.cumsum([len(xy) for xy in points])])
    people = np.concatenate(
        [weight * (block.people or 0.0) for weight, block in zip(weights, blocks)]
    )
    anchors, anchor_exit = _point_anchors(points, exits)  # (5)
    without = [block.name for block, kind in zip(blocks, exits.kind) if kind is ExitKind.NONE]
    notes = (
        (f"{len(without)} blocks have no exit within {max_snap_m:g} m of a way",) if without else ()
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
        anchor_exit=anchor_exit,
        notes=notes,
    )


def _residents(
    outlines: ObjectArray, homes: Dwellings
) -> tuple[list[FloatArray], list[FloatArray]]:
    """Return, per block, points (n, 2) and weights (n,) that sum to 1."""
    inside: dict[int, list[int]] = {}
    areal = shapely.get_dimensions(outlines) == 2
    if len(homes.xy):
        block, building = shapely.STRtree(shapely.points(homes.xy)).query(
            outlines, predicate="intersects"
        )
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


def _point_anchors(points: list[FloatArray], exits: Exits) -> tuple[Anchors, Int32Array]:
    """Return, for each point, the anchors of its block's exits, the straight leg to each included, and their exits."""
    met = exits.anchors
    # the exit of each of its anchors
    owner = np.repeat(np.arange(len(met.start) - 1), np.diff(met.start))
    starts, legs, anchor_rows, nearest = [0], [], [], []
    for block, xy in enumerate(points):
        first, last = exits.start[block], exits.start[block + 1]
        rows = np.arange(met.start[first], met.start[last])
        at = met.point_xy[owner[rows]]
        straight = np.hypot(xy[:, None, 0] - at[None, :, 0], xy[:, None, 1] - at[None, :, 1])
        legs.append((to_ticks(straight) + met.leg_m[rows][None, :]).ravel())
        anchor_rows.append(np.tile(rows, len(xy)))
        starts.extend(starts[-1] + len(rows) * np.arange(1, len(xy) + 1))
        nearest.append(np.full(len(xy), met.nearest_way_m[first:last].min(initial=np.inf)))
    chosen = np.concatenate(anchor_rows).astype(np.int64)
    anchors = Anchors(
        start=read_only(starts, np.int64),
        edge=read_only(met.edge[chosen], np.int32),
        offset_m=read_only(met.offset_m[chosen], np.float64),
        leg_m=read_only(np.concatenate(legs), np.float64),
        xy=read_only(met.xy[chosen].reshape(-1, 2), np.float64),
        point_xy=read_only(np.concatenate(points), np.float64),
        nearest_way_m=read_only(np.concatenate(nearest), np.float64),
    )
    return anchors, read_only(owner[chosen], np.int32)
