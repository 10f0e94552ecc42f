"""Who asks for a station, within which limits: what decides where a station is worth standing."""

from __future__ import annotations

import numpy as np

from walkshed.model.arrays import FloatArray, IntArray, begins_run, distinct
from walkshed.model.results import Results
from walkshed.model.town.places import Need, Service
from walkshed.model.town.walkers import Walker
from walkshed.needs.access.floors import pace_in_meters, pace_in_seconds
from walkshed.needs.access.walks import SECONDS_PER_MINUTE
from walkshed.needs.rules.standards import need_for
from walkshed.siting.grounds.dominating import Asking


def askings(
    results: Results,
    services: tuple[Service, ...],
    goers: tuple[tuple[Walker, ...], ...],
    lacking: tuple[IntArray, IntArray, IntArray],
) -> tuple[Asking, ...] | None:
    """Return who asks, by who walks and unit; None where some limit is as the crow flies.

    ``goers`` are those who walk, by walker and service: the walker, or a crew on its way. ``lacking``
    are the walkers, services and points (indices) of those who lack something.
    """
    kinds = sorted({block.kind for block in results.blocks})
    of_kind = {kind: number for number, kind in enumerate(kinds)}
    kind_of = np.array([of_kind[block.kind] for block in results.blocks], dtype=np.int64)

    # the points and limits of those who ask, by who walks and unit
    walker, service, point = lacking
    kind = kind_of[results.demand.block[point]]
    case = distinct((walker * len(services) + service) * len(kinds) + kind)
    cases = np.column_stack(np.unravel_index(case, (len(goers), len(services), len(kinds))))
    rows: dict[tuple[str, str], list[FloatArray]] = {}
    by_id = {goer.id: goer for of_walker in goers for goer in of_walker}
    for one, offered, lived in cases.tolist():
        need = need_for(results.inputs.needs, kinds[lived], services[offered])
        if need is None:
            continue
        if need.metric == "radius":
            return None
        asks = (walker == one) & (service == offered) & (kind == lived)
        points = np.unique(point[asks])
        limits = np.full(len(points), _limit(need))
        key = goers[one][offered].id, need.unit
        rows.setdefault(key, []).append(np.column_stack([points, limits]))

    # each once
    found = []
    for (goer, unit), tables in sorted(rows.items()):
        table = np.concatenate(tables)
        table = table[np.lexsort((table[:, 1], table[:, 0]))]
        table = table[begins_run(table)]
        pace = pace_in_meters if unit == "m" else pace_in_seconds
        asking = Asking(
            pace(results.network, by_id[goer]), table[:, 0].astype(np.int64), table[:, 1]
        )
        found.append(asking)
    return tuple(found)


def _limit(need: Need) -> float:
    """Return a limit in meters or seconds."""
    return need.limit * SECONDS_PER_MINUTE if need.unit == "min" else need.limit
