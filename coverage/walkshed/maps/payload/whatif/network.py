"""The walkable network, residents and stations for the page's what-if, as exact integers.

Lengths, offsets and legs are whole numbers of 1/1024 m, so that sums in the page equal those of a
run. The page holds each street's line already, at six decimals; here come the seventh decimals,
which are the resolution of OpenStreetMap.
"""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from walkshed.maps.packing import DRAWN_DECIMALS, PACKED_AT_ONCE, degrees
from walkshed.maps.payload.whatif.offers import offers_payload
from walkshed.maps.payload.whatif.squares import (
    pack_squares,
    pack_standing_exits,
    pack_standing_stations,
)
from walkshed.model.arrays import TICKS, BoolArray, FloatArray, IntArray, ranges, to_ticks
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.judged.coverage import Demand
from walkshed.model.judged.verdicts import ExitKind
from walkshed.model.results import Results
from walkshed.model.town.places import PeopleSource
from walkshed.needs.exits.by_exits import doors_inside
from walkshed.needs.exits.edge import edge_gap_m
from walkshed.needs.exits.yards import FINE_STEPS_PER_M, LONGEST_DETOUR, STEPS_PER_M

#: Flags of an edge; usable: a station may meet the streets there.
PRIVATE, FORWARD, BACKWARD, STEPS, USABLE = 1, 2, 4, 8, 16
#: Residents and exits are shipped in such steps; straight legs follow from them, but for listed
#: exceptions.
FINE = FINE_STEPS_PER_M


@dataclass(slots=True)
class Packer:
    """Sections of bytes, one after the other, in the order in which they are added."""

    data: bytearray = field(default_factory=bytearray)
    sections: list[list[Any]] = field(default_factory=list)

    def integers(self, name: str, values: Any, *, steps: bool = False) -> None:  # noqa: ANN401
        """Add signed integers; ``steps`` keeps their differences.

        They are zigzag integers, seven bits to a byte, the lowest first.
        """
        whole = np.asarray(values, dtype=np.int64).reshape(-1)
        if steps:
            differences = np.diff(whole, prepend=np.zeros(1, dtype=np.int64))
            self._add(name, "steps", len(whole), varints(differences))
        else:
            self._add(name, "integers", len(whole), varints(whole))

    def bytes_(self, name: str, values: Any) -> None:  # noqa: ANN401
        """Add integers from 0 to 255, a byte each."""
        self._add(name, "bytes", len(values), np.asarray(values, dtype=np.uint8).tobytes())

    def floats(self, name: str, values: Any) -> None:  # noqa: ANN401
        """Add doubles, eight bytes each."""
        self._add(name, "floats", len(values), np.asarray(values, dtype="<f8").tobytes())

    def _add(self, name: str, form: str, count: int, data: bytes) -> None:
        self.sections.append([name, form, count, len(data)])
        self.data += data


def network_payload(results: Results) -> dict[str, Any]:
    """Return what the page needs to measure walks anew.

    ``packed`` is base64 of zlib, ``sections`` lists name, form, count and bytes of each part of the
    unpacked data, in order; the rest says by what rules residents are served.
    """
    network, demand = results.network, results.demand
    packer = Packer()
    _pack_streets(packer, network, results.usable)
    square = pack_squares(packer, network, results.usable)
    _pack_residents(packer, demand, square)
    _pack_yards(packer, demand)
    _pack_stations(packer, results, square)
    kinds = _pack_blocks(packer, results)

    return {
        "packed": base64.b64encode(zlib.compress(bytes(packer.data), 9)).decode("ascii"),
        "sections": packer.sections,
        "plane": {
            "lon0": network.plane.lon0,
            "lat0": network.plane.lat0,
            "planar": network.plane.planar,
        },
        "inside_detour": demand.yards.detour,
        "longest_detour": LONGEST_DETOUR,
        "max_snap_m": results.inputs.settings.max_snap_m,
        "weighs_blocks": results.main.matrix.weighs_blocks,
        "min_share": results.main.min_share,
        "kinds": kinds,
        **offers_payload(results, kinds),
    }


def _pack_blocks(packer: Packer, results: Results) -> list[str]:
    """Add kind, people and distance to the data's end of each block; return the kinds."""
    kinds = sorted({block.kind for block in results.blocks})
    packer.integers("block_kind", [kinds.index(block.kind) for block in results.blocks])

    # people of no source are not counted
    known = [block.people_source is not PeopleSource.NONE for block in results.blocks]
    people = [(block.people or 0.0) * flag for block, flag in zip(results.blocks, known)]
    packer.floats("block_people", people)
    packer.floats("block_gap_m", edge_gap_m(results.network, results.blocks))
    return kinds


def _pack_streets(packer: Packer, network: StreetNetwork, usable: BoolArray | None) -> None:
    """Add edges: their ends, lengths, flags, and the seventh decimals of their vertices."""
    counted = np.ones(network.edge_count, dtype=bool)
    if usable is not None:
        counted = usable[network.component]
    closed = network.private & (network.private_rule == "ends")
    flags = (
        PRIVATE * closed
        + FORWARD * network.forward
        + BACKWARD * network.backward
        + STEPS * network.steps
        + USABLE * (counted & network.enterable)
    )

    packer.integers("edge_start", network.edge_start, steps=True)
    packer.integers("edge_end", network.edge_end.astype(np.int64) - network.edge_start)
    packer.integers("edge_ticks", ticks(network.edge_m))
    packer.bytes_("edge_flags", flags)

    # the page has six decimals; each seventh digit is off by -5 to 5
    latlon = degrees(network.plane, network.vertex_xy)[:, ::-1]
    drawn = np.round(latlon * 10**DRAWN_DECIMALS).astype(np.int64)
    finer = np.round(latlon * 10 ** (DRAWN_DECIMALS + 1)).astype(np.int64) - 10 * drawn
    packer.bytes_("vertex_digits", (finer[:, 0] + 5) * 11 + finer[:, 1] + 5)


def _pack_residents(packer: Packer, demand: Demand, square: IntArray) -> None:
    """Add points with their weights, exits with their anchors, and the stretches stepped onto."""
    points, met = np.diff(demand.start), np.diff(demand.anchors.start)[demand.start[:-1]]
    packer.integers("block_points", points)
    packer.integers("block_exits", met)
    packer.integers("block_lasting", demand.lasting_anchors)

    # weights only where the points of a block do not share it evenly
    even = np.repeat(1.0 / np.maximum(points, 1), points)
    uneven = np.zeros(0, dtype=bool)
    if len(points):
        uneven = np.add.reduceat(demand.weight != even, demand.start[:-1]) > 0
    packer.bytes_("block_uneven", uneven)
    packer.floats("uneven_weight", demand.weight[np.repeat(uneven, points)])

    # The anchors of a block's first point stand for those of all its points.
    first = np.concatenate(
        [np.arange(at, at + size) for at, size in zip(demand.anchors.start[demand.start[:-1]], met)]
    )
    first = first.astype(np.int64)
    feet, foot = demand.anchors.feet, demand.anchors.foot[first]
    exit_xy = demand.exit_xy[demand.foot_exit[foot]]
    for name, xy in (("point", demand.xy), ("exit", exit_xy)):
        fine_xy = np.round(xy * FINE).astype(np.int64)
        packer.integers(f"{name}_x", fine_xy[:, 0], steps=True)
        packer.integers(f"{name}_y", fine_xy[:, 1], steps=True)

    # straight legs follow from these; where rounding misses one, it is listed
    straight = [
        _straight(demand, slice(begin, begin + PACKED_AT_ONCE))
        for begin in range(0, len(demand.anchors.foot), PACKED_AT_ONCE)
    ]
    more = np.concatenate([np.zeros(0, dtype=np.int64), *straight])
    wrong = np.flatnonzero(more)
    packer.integers("exit_edge", feet.edge[foot], steps=True)
    packer.integers("exit_offset", ticks(feet.offset_m[foot]))
    packer.integers("exit_leg", ticks(demand.exit_leg_m[foot]))
    packer.integers("straight_wrong", wrong, steps=True)
    packer.integers("straight_more", more[wrong])

    to_exit = ticks(demand.anchors.leg_m[first]) - ticks(demand.exit_leg_m[foot])
    pack_standing_exits(packer, demand.anchors, first, to_exit, square)

    along = demand.stretches
    packer.integers("stretch_block", along.block, steps=True)
    packer.integers("stretch_edge", along.edge, steps=True)
    packer.integers("stretch_low", ticks(along.low_m))
    packer.integers("stretch_high", ticks(along.high_m))


def _straight(demand: Demand, rows: slice) -> IntArray:
    """Return by how many ticks the straight leg of some anchors exceeds what the page works out."""
    point = np.searchsorted(
        demand.anchors.start, np.arange(*rows.indices(len(demand.anchors.foot))), side="right"
    )
    home_xy = demand.xy[point - 1]
    exit_xy = demand.exit_xy[demand.foot_exit[demand.anchors.foot[rows]]]
    straight = ticks(np.hypot(*(home_xy - exit_xy).T))

    away = np.round(home_xy * FINE) - np.round(exit_xy * FINE)
    guessed = np.sqrt(away[:, 0] * away[:, 0] + away[:, 1] * away[:, 1]) / (FINE / TICKS)
    return straight - np.round(guessed).astype(np.int64)


def _pack_yards(packer: Packer, demand: Demand) -> None:
    """Add compounds: edges as rings, whether exits are known, what parts their ground, and ways."""
    yards = demand.yards
    known = [demand.exit_kind[block] in (ExitKind.GIVEN, ExitKind.MAPPED) for block in yards.block]
    packer.integers("yard_block", yards.block, steps=True)
    packer.bytes_("yard_walled", known)

    # the lines of a ring begin where the one before them ends
    edges = np.round(yards.edges * STEPS_PER_M).astype(np.int64)
    yard = np.repeat(np.arange(len(yards.block)), np.diff(yards.edge_start))
    begins = np.ones(len(edges), dtype=bool)
    begins[1:] = (edges[1:, :2] != edges[:-1, 2:]).any(axis=1) | (yard[1:] != yard[:-1])
    first = np.flatnonzero(begins)
    packer.integers("yard_rings", np.bincount(yard[first], minlength=len(yards.block)))
    packer.integers("ring_lines", np.diff(np.append(first, len(edges))))
    packer.integers("ring_x", edges[:, 0], steps=True)
    packer.integers("ring_y", edges[:, 1], steps=True)

    divides = np.round(yards.divides * STEPS_PER_M).astype(np.int64)
    packer.integers("yard_divides", np.diff(yards.divide_start))
    for name, column in zip(("x", "y"), divides[:, :2].T, strict=True):
        packer.integers(f"divide_{name}", column, steps=True)
    for name, column in zip(("x", "y"), (divides[:, 2:] - divides[:, :2]).T, strict=True):
        packer.integers(f"divide_d{name}", column)

    packer.integers("yard_ways", np.diff(yards.way_start))
    packer.integers("way_edge", yards.way_edge, steps=True)
    packer.integers("way_low", ticks(yards.way_low_m))
    packer.integers("way_high", ticks(yards.way_high_m))


def _pack_stations(packer: Packer, results: Results, square: IntArray) -> None:
    """Add where stations meet the streets on their own, and their doors inside compounds.

    How they are reached through exits follows from these.
    """
    anchors = results.station_anchors
    doors, owner, at_exits = doors_inside(results.demand, anchors)

    # a station's own anchors come before those at exits of its compound
    own = np.diff(anchors.start) - at_exits
    rows = ranges(anchors.start[:-1], own)
    pack_standing_stations(packer, anchors, rows, square)
    packer.integers("station_anchors", own)
    packer.integers("station_edge", anchors.edge[rows])
    packer.integers("station_offset", ticks(anchors.offset_m[rows]))
    packer.integers("station_leg", ticks(anchors.leg_m[rows]))

    packer.floats("station_x", anchors.point_xy[:, 0])
    packer.floats("station_y", anchors.point_xy[:, 1])
    packer.integers("station_doors", np.bincount(owner, minlength=len(own)))
    packer.floats("door_x", doors[:, 0])
    packer.floats("door_y", doors[:, 1])


def ticks(meters: FloatArray) -> IntArray:
    """Return whole numbers of 1/1024 m."""
    return np.asarray(to_ticks(meters) * TICKS).astype(np.int64)


def varints(values: IntArray) -> bytes:
    """Return integers as zigzag varints.

    Seven bits to a byte, the lowest first, the top bit set but in the last.
    """
    return b"".join(
        _varints(values[begin : begin + PACKED_AT_ONCE])
        for begin in range(0, len(values), PACKED_AT_ONCE)
    )


def _varints(values: IntArray) -> bytes:
    zigzag = (values << 1) ^ (values >> 63)
    shifted = zigzag[:, None] >> (7 * np.arange(9, dtype=np.int64))[None, :]
    used = shifted > 0
    used[:, 0] = True

    # the top bit says that more bytes follow
    follows = np.zeros_like(used)
    follows[:, :-1] = used[:, 1:]
    return bytes(((shifted & 127) + 128 * follows)[used].astype(np.uint8).tobytes())
