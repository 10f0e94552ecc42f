"""The matrix of services as the page shows it: what every cell is worth, its twin, and its blocks."""

from __future__ import annotations

from typing import Any

import numpy as np

from walkshed.maps.packing import pack_integers
from walkshed.maps.payload.grouping import grouped_stations
from walkshed.model.arrays import IntArray
from walkshed.model.judged.coverage import ServiceMatrix
from walkshed.model.results import View


def matrix(view: View, *, public: bool) -> dict[str, Any]:
    """Return the matrix row by row: what a cell is worth, its twin, and where its people live.

    The worth is of whole people or blocks.

    ``live[station][service]`` packs the blocks of the cell's worth (as differences), then their
    people. In a public page it is left out, and so is the worth of a cell whose people all live in
    one block.
    """
    found = view.answer.matrix
    start, live = _living(found)

    # what a cell is worth: what the station alone brings today, or what it would bring
    worth = np.where(found.filled, found.unique_gain, found.potential)
    whole = np.where(np.isfinite(worth), np.round(worth), 0).astype(np.int64).astype(object)
    if public and not found.weighs_blocks:
        alone = np.diff(start).reshape(worth.shape) == 1
        whole[alone] = None

    stations, services = worth.shape
    rows = [live[row * services : (row + 1) * services] for row in range(stations)]
    return {
        "groups": grouped_stations(view.stations),
        "filled": ["".join(row) for row in np.where(found.filled, "1", "0").tolist()],
        "worth": whole.tolist(),
        "twin": found.twin.tolist(),
        "live": None if public else rows,
        "weighs_blocks": found.weighs_blocks,
    }


def _living(matrix: ServiceMatrix) -> tuple[IntArray, list[str]]:
    """Return where each cell's rows of blocks begin (t * s + 1,), and blocks and people as text."""
    stations, services = matrix.filled.shape
    rows = matrix.by_block
    cells = np.arange(stations * services + 1)
    if rows is None:
        return np.zeros(len(cells), dtype=np.int64), [""] * (len(cells) - 1)

    cell = rows.station.astype(np.int64) * services + rows.service
    start = np.searchsorted(cell, cells)

    # blocks as differences within a cell
    block = rows.block.astype(np.int64)
    steps = np.diff(block, prepend=0)
    first = start[:-1][start[:-1] < start[1:]]
    steps[first] = block[first]

    blocks = pack_integers(steps, start)
    people = pack_integers(np.round(rows.worth).astype(np.int64), start)
    return start, [f"{one}{other}" for one, other in zip(blocks, people, strict=True)]
