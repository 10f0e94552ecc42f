"""Stations in the order of the matrix: each hub with what hangs below it, then those that no hub links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from walkshed.model.town.places import Station, Tier

_RANK = {Tier.HUB: 0, Tier.CENTER: 1, Tier.MICRO: 2, Tier.COMPOUND: 3}


def grouped_stations(stations: Sequence[Station]) -> list[dict[str, Any]]:
    """Return groups ``{"hub": index or -1, "rows": [[station, depth], …]}``.

    Every station is in exactly one row. A hub heads its group; below it come the stations whose
    parents lead to it, children under their parent, by tier, then id. A chain of parents that ends
    at no hub, or runs in a circle, belongs to the last group (hub -1).
    """
    number = {station.id: i for i, station in enumerate(stations)}
    parent = [number.get(station.parent or "", -1) for station in stations]
    children: dict[int, list[int]] = {}
    for i in sorted(range(len(stations)), key=lambda i: (_RANK[stations[i].tier], stations[i].id)):
        children.setdefault(parent[i], []).append(i)

    # each station stands in one group, the first that comes to it
    seen: set[int] = set()

    def below(root: int) -> list[list[int]]:
        rows: list[list[int]] = []
        waiting = [(root, 0)]
        while waiting:
            station, depth = waiting.pop()
            if station in seen:
                continue
            seen.add(station)
            rows.append([station, depth])
            waiting += [(child, depth + 1) for child in reversed(children.get(station, []))]
        return rows

    top = children.get(-1, [])
    groups: list[dict[str, Any]] = [
        {"hub": i, "rows": below(i)} for i in top if stations[i].tier == Tier.HUB
    ]
    rest = [row for i in top for row in below(i)]
    rest += [row for i in range(len(stations)) for row in below(i)]
    return [*groups, {"hub": -1, "rows": rest}] if rest else groups
