"""What the search box finds beside the names on the map: streets, and other names of the same things."""

from __future__ import annotations

from typing import Any

import numpy as np

from walkshed.maps.packing import pack_integers
from walkshed.model.ground.extract import Extract
from walkshed.model.results import Results

#: Tags that hold another name of what ``name`` names.
OTHER_NAMES = (
    *(
        "name:en",
        "name:zh",
        "name:zh-Hans",
        "name:zh_pinyin",
        "name:fi",
        "name:sv",
        "name:fr",
        "name:pt",
    ),
    *("int_name", "alt_name", "short_name", "official_name", "loc_name"),
)


def lookup(results: Results) -> dict[str, Any]:
    """Return ``{"streets": [[name, edges], …], "aliases": {name: [other names]}}``.

    ``edges`` packs the indices of the street's edges as differences; streets are sorted by name.
    Other names are those that the map gives to anything of the same name, in any language.
    """
    network = results.network
    by_name = np.argsort(network.name, kind="stable")
    start = np.searchsorted(network.name[by_name], np.arange(len(network.names) + 1))

    # edges as differences within a name
    steps = by_name.astype(np.int64)
    steps[1:] -= by_name[:-1]
    begun = start[:-1][np.diff(start) > 0]
    steps[begun] = by_name[begun]
    packed = pack_integers(steps, start.astype(np.int64))
    streets = sorted(
        [name, edges] for name, edges in zip(network.names, packed, strict=True) if name and edges
    )

    # who has another name on the map
    named = {name for name, _ in streets}
    named.update(block.name for block in results.blocks)
    named.update(station.name for station in results.stations)
    others = {} if results.extract is None else aliases(results.extract, named)
    return {"streets": streets, "aliases": others}


def aliases(extract: Extract, named: set[str]) -> dict[str, list[str]]:
    """Return, for each of the names that has any, its other names on the map, sorted."""
    found: dict[str, set[str]] = {}
    for things in (extract.ways, extract.areas, extract.places, extract.buildings):
        for tags in things.tags:
            name = tags.get("name")
            if name not in named:
                continue
            listed = [part for key in OTHER_NAMES for part in tags.get(key, "").split(";")]
            others = {part.strip() for part in listed} - {"", name}
            found.setdefault(name, set()).update(others)

    return {name: sorted(others) for name, others in sorted(found.items()) if others}
