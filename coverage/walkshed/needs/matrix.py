"""The service matrix: what every station's every service is worth, offered or not (definition 13)."""

from __future__ import annotations

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray, read_only
from walkshed.model.coverage import CellWorth, Demand, ServiceMatrix
from walkshed.model.places import Station
from walkshed.needs.situation import Situation


def service_matrix(
    demand: Demand, stations: tuple[Station, ...], found: tuple[Situation, ...]
) -> ServiceMatrix:
    """Return the matrix of ``stations`` (sorted by id) and the services of the situations.

    A person counts for a cell if its station's offer, standing or not, would serve that person:
    admitted, reached within the limit of the person's own block, open to the walker, and open at
    the moment asked for. For each service: (1) those pairs of point and station; (2) how many
    providers each point has; (3) unique gain: people whose only provider is the cell's station; (4)
    potential: people of points that have none; (5) twins; (6) by block.
    """
    shape = (len(stations), len(found))
    filled = np.zeros(shape, dtype=bool)
    for s, situation in enumerate(found):
        filled[:, s] = [situation.service.id in station.services for station in stations]
        filled[situation.table.station[situation.table.standing], s] = True
    weighs_blocks = not bool(np.any(demand.people > 0))
    worth = demand.weight if weighs_blocks else demand.people
    in_reach, gain, potential = np.zeros(shape), np.full(shape, np.nan), np.full(shape, np.nan)
    twin = np.full(shape, -1, dtype=np.int32)
    living: list[tuple[IntArray, FloatArray]] = []
    for s, situation in enumerate(found):
        rows = situation.rows
        pair = np.unique((rows.point * len(stations) + rows.station)[rows.accepted()])  # (1)
        point, station = pair // max(len(stations), 1), pair % max(len(stations), 1)
        offers = filled[station, s]
        providers = np.bincount(point[offers], minlength=len(worth))  # (2)
        in_reach[:, s] = _sums(station, worth[point], len(stations))
        only = offers & (providers[point] == 1)
        lacking = ~offers & (providers[point] == 0)
        unique = _sums(station[only], worth[point[only]], len(stations))
        would = _sums(station[lacking], worth[point[lacking]], len(stations))
        gain[filled[:, s], s] = unique[filled[:, s]]  # (3)
        potential[~filled[:, s], s] = would[~filled[:, s]]  # (4)
        # (5)
        twin[:, s] = _twins(
            point[offers], station[offers], worth, unique, in_reach[:, s], filled[:, s]
        )
        adds = only | lacking
        block = situation.block_of[point[adds]]
        cells = np.column_stack([station[adds], np.full(adds.sum(), s), block])  # (6)
        living.append((cells.astype(np.int64), worth[point[adds]]))
    return ServiceMatrix(
        filled=read_only(filled, np.bool_),
        people_in_reach=read_only(in_reach, np.float64),
        unique_gain=read_only(gain, np.float64),
        potential=read_only(potential, np.float64),
        twin=read_only(twin, np.int32),
        weighs_blocks=weighs_blocks,
        by_block=_by_block(living),
    )


def _by_block(living: list[tuple[IntArray, FloatArray]]) -> CellWorth:
    """Return the worth of (station, service, block) rows, summed; rows that add nothing are left out."""
    rows = np.concatenate([np.zeros((0, 3), dtype=np.int64), *(cells for cells, _ in living)])
    worth = np.concatenate([np.zeros(0), *(part for _, part in living)])
    cells, row = np.unique(rows, axis=0, return_inverse=True)
    sums = np.bincount(row.ravel(), weights=worth, minlength=len(cells))
    some = sums > 0
    return CellWorth(
        station=read_only(cells[some, 0], np.int32),
        service=read_only(cells[some, 1], np.int32),
        block=read_only(cells[some, 2], np.int32),
        worth=read_only(sums[some], np.float64),
    )


def _sums(station: IntArray | Int32Array, worth: FloatArray, stations: int) -> FloatArray:
    """Return the sum of ``worth`` by station."""
    return np.asarray(np.bincount(station, weights=worth, minlength=stations), dtype=np.float64)


def _twins(
    point: IntArray | Int32Array,
    station: IntArray | Int32Array,
    worth: FloatArray,
    unique: FloatArray,
    in_reach: FloatArray,
    filled: BoolArray,
) -> Int32Array:
    """Return, for each provider that reaches people but none alone, the provider that shares most of them."""
    twin = np.full(len(filled), -1, dtype=np.int32)
    for cell in np.flatnonzero(filled & (unique == 0) & (in_reach > 0)):
        own = np.zeros(len(worth), dtype=bool)
        own[point[station == cell]] = True
        shared = own[point] & (station != cell)
        people = _sums(station[shared], worth[point[shared]], len(filled))
        twin[cell] = int(np.argmax(np.round(people, 9)))
    return twin
