"""The service matrix: what every station's every service is worth, offered or not (definition 13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import (
    BoolArray,
    FloatArray,
    Int32Array,
    IntArray,
    begins_run,
    frozen,
    read_only,
)
from walkshed.model.judged.coverage import CellWorth, Demand, ServiceMatrix
from walkshed.model.town.places import Station
from walkshed.needs.access.situation import Situation


@dataclass(frozen=True, slots=True, eq=False)
class MatrixColumn:
    """One service of the matrix: t stations, and k cells and blocks whose people add to a cell's worth."""

    filled: BoolArray  # (t,)
    in_reach: FloatArray  # (t,)
    gain: FloatArray  # (t,)
    potential: FloatArray  # (t,)
    twin: Int32Array  # (t,)
    station: Int32Array  # (k,)
    block: Int32Array  # (k,)
    worth: FloatArray  # (k,)


def service_matrix(
    columns: Sequence[MatrixColumn], stations: tuple[Station, ...], *, weighs_blocks: bool
) -> ServiceMatrix:
    """Return the matrix of ``stations`` (sorted by id), service by service."""

    def stacked(name: str, dtype: type) -> np.ndarray:
        empty: np.ndarray = np.zeros((len(stations), 0), dtype=dtype)
        return frozen(np.column_stack([empty, *(getattr(column, name) for column in columns)]))

    return ServiceMatrix(
        filled=stacked("filled", np.bool_),
        people_in_reach=stacked("in_reach", np.float64),
        unique_gain=stacked("gain", np.float64),
        potential=stacked("potential", np.float64),
        twin=stacked("twin", np.int32),
        weighs_blocks=weighs_blocks,
        by_block=_by_block(columns),
    )


def matrix_column(
    demand: Demand, stations: tuple[Station, ...], situation: Situation
) -> MatrixColumn:
    """Return what one service is worth at each station.

    A person counts for a cell if its station's offer, standing or not, would serve that person:
    admitted, reached within the limit of the person's own block, open to the walker, and open at
    the moment asked for. (1) Those pairs of point and station; (2) how many providers each point
    has; (3) unique gain: people whose only provider is the cell's station; (4) potential: people of
    points that have none; (5) twins; (6) by block.
    """
    count, rows = len(stations), situation.rows
    worth = worth_of(demand)
    filled = np.array([situation.service.id in each.services for each in stations], dtype=bool)
    filled[situation.table.station[situation.table.standing]] = True

    # rows are unique by point and station unless some station has several offers of the service
    accepted = rows.accepted()  # (1)
    point, station = rows.point[accepted].astype(np.int64), rows.station[accepted]
    if len(situation.table.station) > len(np.unique(situation.table.station)):
        pair = np.unique(point * count + station)
        point, station = pair // count, (pair % count).astype(np.int32)

    offers = filled[station]  # (2)
    providers = np.bincount(point[offers], minlength=len(worth))
    only = offers & (providers[point] == 1)
    lacking = ~offers & (providers[point] == 0)
    in_reach = _sums(station, worth[point], count)
    unique = _sums(station[only], worth[point[only]], count)
    would = _sums(station[lacking], worth[point[lacking]], count)

    adds = only | lacking  # (6)
    cell, sums = _summed(
        station[adds].astype(np.int64) * situation.blocks + situation.block_of[point[adds]],
        worth[point[adds]],
    )
    return MatrixColumn(
        filled=filled,
        in_reach=in_reach,
        gain=np.where(filled, unique, np.nan),  # (3)
        potential=np.where(filled, np.nan, would),  # (4)
        twin=_twins(point[offers], station[offers], worth, unique, filled=filled),  # (5)
        station=(cell // max(situation.blocks, 1)).astype(np.int32),
        block=(cell % max(situation.blocks, 1)).astype(np.int32),
        worth=sums,
    )


def worth_of(demand: Demand) -> FloatArray:
    """Return (p,) what each point counts: its people, or its share of its block where no block has people."""
    return demand.people if np.any(demand.people > 0) else demand.weight


def _summed(key: IntArray, worth: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return each key once, ascending, and the sum of its worth.

    Those that add nothing are left out.
    """
    order = np.argsort(key, kind="stable")
    key, worth = key[order], worth[order]
    fresh = begins_run(key)
    sums = np.zeros(int(fresh.sum()))
    np.add.at(sums, np.cumsum(fresh) - 1, worth)
    some = sums > 0
    return key[fresh][some], sums[some]


def _by_block(columns: Sequence[MatrixColumn]) -> CellWorth:
    """Return the worth of (station, service, block) rows, sorted so."""
    station, block, worth = (
        np.concatenate([np.zeros(0, dtype), *(getattr(column, name) for column in columns)])
        for name, dtype in (("station", np.int32), ("block", np.int32), ("worth", np.float64))
    )
    service = np.repeat(np.arange(len(columns)), [len(column.station) for column in columns])
    # columns are sorted by station, then block: a stable sort by station and service keeps that
    order = np.argsort(station.astype(np.int64) * max(len(columns), 1) + service, kind="stable")

    return CellWorth(
        station=read_only(station[order], np.int32),
        service=read_only(service[order], np.int32),
        block=read_only(block[order], np.int32),
        worth=read_only(worth[order], np.float64),
    )


def _sums(station: IntArray | Int32Array, worth: FloatArray, stations: int) -> FloatArray:
    """Return the sum of ``worth`` by station."""
    return np.asarray(np.bincount(station, weights=worth, minlength=stations), dtype=np.float64)


def _twins(
    point: IntArray,
    station: Int32Array,
    worth: FloatArray,
    unique: FloatArray,
    *,
    filled: BoolArray,
) -> Int32Array:
    """Return, for each provider that reaches people but none alone, the provider that shares most of them."""
    twin = np.full(len(filled), -1, dtype=np.int32)
    in_reach = _sums(station, worth[point], len(filled))
    for cell in np.flatnonzero(filled & (unique == 0) & (in_reach > 0)):
        own = np.zeros(len(worth), dtype=bool)
        own[point[station == cell]] = True
        shared = own[point] & (station != cell)
        people = _sums(station[shared], worth[point[shared]], len(filled))
        twin[cell] = int(np.argmax(np.round(people, 9)))
    return twin
