"""How many people may hang on a new gate or lane at most: a walk through it to some station, whoever it admits.

An unrestricted adult's walk bounds everybody's from below; hours, floors, scopes and rooms are left
out, which only makes the bound higher.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from walkshed.model.arrays import FloatArray
from walkshed.model.town.places import Mode
from walkshed.needs.rules.standards import limit_m, need_for
from walkshed.surveying.town import Town
from walkshed.walk.anchors import snap
from walkshed.walk.distances import pairs

#: Whatever is rounded on the way.
_ROUNDING_M = 1.0
#: A lane that comes so near to the edge of a block is a way out of it.
_AT_EDGE_M = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Lacking:
    """What points lack, p of them, by service, s of them, and how far each may walk for it."""

    worth: FloatArray  # (s, p) people to whom some walker's service is lacking
    limit_m: FloatArray  # (s, p) nan without a need

    def within(self, walk_m: FloatArray, rows: slice = slice(None)) -> float:
        """Return the people who may gain where ``walk_m`` (s, p) are their walks at least."""
        near = walk_m <= self.limit_m[:, rows] + _ROUNDING_M
        return float(self.worth[:, rows][near].sum())


def lacking_of(town: Town) -> Lacking:
    """Return what is lacking in a town; needs alone count."""
    blocks, inputs, of_point = town.residents.blocks, town.inputs, town.residents.demand.block
    limits = np.full((len(inputs.services), len(blocks)), np.nan)
    for row, service in enumerate(inputs.services):
        for column, block in enumerate(blocks):
            need = need_for(inputs.needs, block.kind, service)
            limits[row, column] = max(limit_m(need, walker) for walker in town.walkers)
    short = (1.0 - town.served).max(axis=0) * town.worth
    return Lacking(short, limits[:, of_point])


def meters_to_services(town: Town, xy: FloatArray) -> FloatArray:
    """Return (n, s) the meters from places to the nearest station with each service; 0 where it comes to the door."""
    services = [service.id for service in town.inputs.services]
    found = np.full((len(xy), len(services)), np.inf)
    place = snap(
        town.network,
        xy,
        max_snap_m=town.inputs.settings.max_snap_m,
        usable=town.standing.usable,
    )
    reach_m = _longest_m(town)
    near = pairs(town.network, place, town.walks.stations, limit_m=reach_m)

    # station by station, for what each offers
    row_of = {station.id: row for row, station in enumerate(town.residents.stations)}
    for offer in town.offers:
        column = services.index(offer.service)
        if offer.mode is Mode.OUTREACH:
            found[:, column] = 0.0
            continue
        rows = near.station == row_of[offer.station]
        np.minimum.at(found[:, column], near.point[rows], near.distance_m[rows])
    return found


def by_gate(town: Town, lack: Lacking, block: int, xy: FloatArray, onward_m: FloatArray) -> float:
    """Return the people who may gain by a gate of their block; ``onward_m`` (s,) from it to each service."""
    demand = town.residents.demand
    if (town.supply.homes == block).any():
        # a gate of its compound brings a station nearer to everybody
        return float(np.nansum(np.where(np.isnan(lack.limit_m), 0.0, lack.worth)))
    rows = slice(int(demand.start[block]), int(demand.start[block + 1]))
    leg_m = np.hypot(*(demand.xy[rows] - xy).T)
    return lack.within(leg_m[None, :] + onward_m[:, None], rows)


def by_lanes(town: Town, lack: Lacking, ends: FloatArray, feet: FloatArray) -> FloatArray:
    """Return (n,) the people who may gain by lanes between two places each."""
    demand, count = town.residents.demand, len(ends)
    gap_m = np.hypot(*(ends - feet).T)
    both = np.concatenate([ends, feet])
    onward = meters_to_services(town, both)
    usable, snap_m = town.standing.usable, town.inputs.settings.max_snap_m
    place = snap(town.network, both, max_snap_m=snap_m, usable=usable)
    near = pairs(town.network, demand.anchors, place, limit_m=_longest_m(town))

    # to one end, along the lane, and on from the other
    walks = np.full((2 * count, len(demand.weight)), np.inf)
    walks[near.station, near.point] = near.distance_m
    _from_edges(town, ends, feet, walks)
    found = np.zeros(count)
    for lane in range(count):
        there = walks[lane][None, :] + gap_m[lane] + onward[count + lane][:, None]
        back = walks[count + lane][None, :] + gap_m[lane] + onward[lane][:, None]
        found[lane] = lack.within(np.minimum(there, back))
    return found


def _from_edges(town: Town, ends: FloatArray, feet: FloatArray, walks: FloatArray) -> None:
    """Lower walks to lanes that cross the edge of a block, for its people: straight to them."""
    demand, count = town.residents.demand, len(ends)
    shapes = np.array([block.geometry for block in town.residents.blocks], dtype=object)
    rings = shapely.boundary(town.network.plane.geometry_to_xy(shapes))
    lines = shapely.linestrings(np.stack([ends, feet], axis=1)) if count else np.empty(0, object)
    lane, block = shapely.STRtree(rings).query(lines, predicate="dwithin", distance=_AT_EDGE_M)
    for number, row in zip(lane.tolist(), block.tolist(), strict=True):
        rows = slice(int(demand.start[row]), int(demand.start[row + 1]))
        points = shapely.points(demand.xy[rows])
        away_m = shapely.distance(points, lines[number])
        for end in (number, count + number):
            walks[end, rows] = np.minimum(walks[end, rows], away_m)


def _longest_m(town: Town) -> float:
    """Return the longest walk that any limit allows."""
    limits = [limit_m(need, walker) for need in town.inputs.needs for walker in town.walkers]
    return max([*limits, 0.0])
