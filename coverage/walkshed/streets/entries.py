"""An extract and a network as named arrays and JSON, and back: what an entry of the cache holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from walkshed.model.arrays import read_only
from walkshed.model.ground.arcs import Arcs
from walkshed.model.ground.extract import Extract, Features, Multipolygon, Tags, Ways
from walkshed.model.ground.network import ArcGraph, StreetNetwork, arc_graph
from walkshed.model.ground.plane import Plane
from walkshed.model.ground.squares import Squares
from walkshed.model.messages import as_data, of_data

Arrays = dict[str, NDArray[Any]]

_FEATURES = ("areas", "buildings", "places", "gates", "entrances", "coast", "divides")


def extract_words(extract: Extract, arrays: Arrays) -> dict[str, Any]:
    """Put the arrays of an extract among ``arrays``; return the rest as JSON has it."""
    # ways, by column
    ways = extract.ways
    arrays |= {
        f"ways.{name}": getattr(ways, name) for name in ("way_id", "start", "node_id", "lonlat")
    }
    arrays["ends"] = extract.ends
    words: dict[str, Any] = {
        name: getattr(extract, name) for name in ("source", "digest", "data_date", "bounds")
    }
    words["street_notes"] = [as_data(note) for note in extract.street_notes]
    words["notes"] = [as_data(note) for note in extract.notes]
    words["ways"] = _dicts(ways.tags)
    words["multipolygons"] = [
        [area.relation_id, dict(area.tags), list(area.ways)] for area in extract.multipolygons
    ]
    words["nodes"] = [[node, dict(tags)] for node, tags in extract.way_node_tags.items()]

    # features, their shapes and outlines end to end
    for name in _FEATURES:
        features: Features = getattr(extract, name)
        shapes = []
        if len(features):
            shapes = shapely.to_wkb(features.geometry, byte_order=1).tolist()
        outlines = [np.zeros(0, dtype=np.int64), *features.outline]
        arrays[f"{name}.osm_id"] = features.osm_id
        arrays[f"{name}.wkb"] = np.frombuffer(b"".join(shapes), dtype=np.uint8)
        arrays[f"{name}.wkb_from"] = _starts(shapes)
        arrays[f"{name}.outline"] = np.concatenate(outlines)
        arrays[f"{name}.outline_from"] = _starts(features.outline)
        words[name] = {"type": "".join(features.osm_type), "tags": _dicts(features.tags)}
    return words


def extract_of(words: dict[str, Any], arrays: Arrays) -> Extract:
    """Return the extract that ``extract_words`` took apart.

    Damaged words or arrays raise errors of any kind.
    """
    ways = Ways(
        way_id=_frozen(arrays["ways.way_id"]),
        tags=_tags(words["ways"]),
        start=_frozen(arrays["ways.start"]),
        node_id=_frozen(arrays["ways.node_id"]),
        lonlat=_frozen(arrays["ways.lonlat"]),
    )
    features = {name: _features(words[name], name, arrays) for name in _FEATURES}
    multipolygons = tuple(
        Multipolygon(relation, MappingProxyType(tags), tuple(members))
        for relation, tags, members in words["multipolygons"]
    )
    node_tags = {node: MappingProxyType(tags) for node, tags in words["nodes"]}

    return Extract(
        source=words["source"],
        digest=words["digest"],
        data_date=words["data_date"],
        bounds=tuple(words["bounds"]),
        ways=ways,
        way_node_tags=MappingProxyType(node_tags),
        multipolygons=multipolygons,
        street_notes=tuple(map(of_data, words["street_notes"])),
        ends=_frozen(arrays["ends"]),
        notes=tuple(map(of_data, words["notes"])),
        **features,
    )


def _features(words: dict[str, Any], name: str, arrays: Arrays) -> Features:
    """Return the features of a name, their shapes and outlines cut apart."""
    shapes, outline = arrays[f"{name}.wkb"].tobytes(), _frozen(arrays[f"{name}.outline"])
    geometry = np.empty(len(words["type"]), dtype=object)
    geometry[:] = shapely.from_wkb(
        [shapes[low:high] for low, high in pairwise(arrays[f"{name}.wkb_from"].tolist())]
    )

    return Features(
        osm_type=tuple(words["type"]),
        osm_id=_frozen(arrays[f"{name}.osm_id"]),
        tags=_tags(words["tags"]),
        geometry=_frozen(geometry),
        outline=tuple(
            outline[low:high] for low, high in pairwise(arrays[f"{name}.outline_from"].tolist())
        ),
    )


def network_words(network: StreetNetwork, arrays: Arrays) -> dict[str, Any]:
    """Put the arrays of a network among ``arrays``; return the rest as JSON has it."""
    words: dict[str, Any] = {}
    owners = ((network, "net"), (network.graph, "graph"), (network.squares, "squares"))

    for owner, prefix in owners:
        for field in fields(owner):
            value = getattr(owner, field.name)
            if isinstance(value, np.ndarray):
                arrays[f"{prefix}.{field.name}"] = value
            elif isinstance(value, Plane):
                words[field.name] = [value.lon0, value.lat0, value.planar]
            elif not isinstance(value, ArcGraph | Arcs | Squares):
                words[field.name] = value
    words["notes"] = [as_data(note) for note in network.notes]
    return words


def network_of(words: dict[str, Any], arrays: Arrays) -> StreetNetwork:
    """Return the network that ``network_words`` took apart.

    Damaged words or arrays raise errors of any kind.
    """
    owners: dict[str, dict[str, Any]] = {"net": {}, "graph": {}, "squares": {}}
    for name, array in arrays.items():
        prefix, _, field = name.partition(".")
        if prefix in owners:
            owners[prefix][field] = _frozen(array)

    # JSON has lists for tuples
    lon0, lat0, planar = words.pop("plane")
    notes = tuple(map(of_data, words.pop("notes")))
    plain: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in words.items()
    }
    return StreetNetwork(
        plane=Plane(lon0=lon0, lat0=lat0, planar=planar),
        graph=arc_graph(**owners["graph"]),
        squares=Squares(**owners["squares"]),
        notes=notes,
        **plain,
        **owners["net"],
    )


def _dicts(tags: Iterable[Tags]) -> list[dict[str, str]]:
    return [dict(mapping) for mapping in tags]


def _tags(dicts: Iterable[Mapping[str, str]]) -> tuple[Tags, ...]:
    return tuple(map(MappingProxyType, dicts))


def _starts(parts: Iterable[Any]) -> NDArray[np.int64]:
    return np.cumsum([0, *(len(part) for part in parts)], dtype=np.int64)


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    if not array.flags.c_contiguous:
        return read_only(array, array.dtype)
    array.flags.writeable = False
    return array
