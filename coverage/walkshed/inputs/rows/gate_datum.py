"""The datum of gates that nobody states: a gate lies on the edge of its block, and nowhere near it in another datum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.places.systems import SHIFTED, WGS84, TableCrs, shifted_crs
from walkshed.inputs.rows.gates import read_gates
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.arrays import FloatArray
from walkshed.model.town.places import Block

#: Half of the gates lie nearer than this to the edge of their blocks, and in no other datum as near
#: as the second: shifted they are 350 m and more away.
_BESIDE_M, _APART_M = 60.0, 150.0
_METERS_PER_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class GateDatum:
    """The system in which gates lie by their blocks, and how near: meters in the median."""

    crs: TableCrs
    median_m: float


def datum_by_blocks(
    table: Table, blocks: Sequence[tuple[Row, Block]], key: str, folder: StudyFolder
) -> GateDatum | None:
    """Return the datum in which the gates lie on the edges of their blocks; None where that does not tell."""
    drawn = [block for _, block in blocks if block.geometry.geom_type != "Point"]
    outlines = {block.id: block.geometry for block in drawn}
    names = [(block.id, block.name) for _, block in blocks]

    # how near the gates lie in each system
    medians: list[GateDatum] = []
    for crs in (WGS84, *(shifted_crs(word, key, None, folder) for word in SHIFTED)):
        if crs is None:
            return None
        gates = [gate for _, gate in read_gates(table, crs, names, FaultBook())]
        away_m = [
            _away_m(shapely.Point(gate.lon, gate.lat), outlines[gate.block])
            for gate in gates
            if gate.block in outlines
        ]
        if not away_m:
            return None
        medians.append(GateDatum(crs, float(np.median(away_m))))

    # near in one of them, and far in all others
    best, *others = sorted(medians, key=lambda found: found.median_m)
    if best.median_m > _BESIDE_M or any(found.median_m < _APART_M for found in others):
        return None
    return best


def _away_m(gate: shapely.Point, outline: shapely.Geometry) -> float:
    """Return the meters from a gate to the edge of a block, about."""
    narrow = np.cos(np.radians(gate.y))

    def flat(lonlat: FloatArray) -> FloatArray:
        return lonlat * (narrow, 1.0) * _METERS_PER_DEGREE

    point, edge = shapely.transform([gate, outline.boundary], flat)
    return float(shapely.distance(point, edge))
