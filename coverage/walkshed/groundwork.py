"""The streets of a study, from the source that study.toml names: an extract, an extract with drawn lanes, or lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from walkshed.model.messages import Message, fact_and_cure

#: Places nearer than this are one, in degrees (about a meter).
_SAME_DEGREES = 1e-5

if TYPE_CHECKING:
    from shapely import LineString

    from walkshed.errors import Fault
    from walkshed.model.ground.extract import Extract
    from walkshed.model.ground.network import StreetNetwork
    from walkshed.model.results import StreetsSource, StudyInputs
    from walkshed.model.town.places import Gate
    from walkshed.streets.drawn.extra import Lanes


def streets_of(inputs: StudyInputs, *, cache: bool) -> tuple[Extract | None, StreetNetwork]:
    """Return the extract (None for drawn lines) and the walkable streets, credited as study.toml says.

    Lanes that a survey found are among them, and gates that it found open are.
    """
    source, surveyed = inputs.settings.streets, inputs.surveyed
    extract: Extract | None
    extract, network = _read_streets(source, cache=cache)
    opened = None if extract is None else with_open_gates(extract, source, surveyed.opened)
    if opened is not None and (opened is not extract or surveyed.lanes):
        from walkshed.frames.streets import read_lanes

        join_m = source.extra_join_m
        drawn = None if source.extra is None else read_lanes(source.extra, join_m=join_m)
        extract, lanes = opened, surveyed.lanes
        network = streets_with_lanes(opened, source, lanes, drawn=drawn, file=surveyed.file)
    credit = source.attribution
    return extract, network if credit is None else replace(network, attribution=credit)


def with_open_gates(extract: Extract, source: StreetsSource, gates: Sequence[Gate]) -> Extract:
    """Return the extract with the shut barriers open at which gates were found; itself where there are none."""
    import shapely

    from walkshed.streets.barriers import closed_nodes

    if not gates or len(extract.gates) == 0:
        return extract
    closed = closed_nodes(extract, source.profile)
    lonlat = shapely.get_coordinates(extract.gates.geometry)
    found = {
        node
        for node, (lon, lat) in zip(extract.gates.osm_id.tolist(), lonlat.tolist(), strict=True)
        if node in closed
        and any(max(abs(gate.lon - lon), abs(gate.lat - lat)) <= _SAME_DEGREES for gate in gates)
    }
    if not found:
        return extract

    # what stands there lets everybody through
    open_tags = {"barrier": "entrance"}
    tags = tuple(
        open_tags if node in found else each
        for node, each in zip(extract.gates.osm_id.tolist(), extract.gates.tags, strict=True)
    )
    on_ways = {node: open_tags for node in found if node in extract.way_node_tags}
    return replace(
        extract,
        gates=replace(extract.gates, tags=tags),
        way_node_tags={**extract.way_node_tags, **on_ways},
    )


def streets_with_lanes(
    extract: Extract,
    source: StreetsSource,
    found: Sequence[LineString],
    *,
    drawn: Lanes | None = None,
    file: str = "",
) -> StreetNetwork:
    """Return the streets of an extract with ``found`` lanes, and those that the planner has ``drawn``."""
    import numpy as np

    from walkshed.streets.build import build_network
    from walkshed.streets.drawn.extra import Lanes

    if not found and drawn is None:
        return build_network(
            extract, private=source.private_rule, profile=source.profile, beyond=source.beyond
        )
    count = len(found)
    lines = np.array([*found, None], dtype=object)[:count]
    before = drawn or Lanes(lines[:0], (), (), (), file, source.extra_join_m)
    lanes = Lanes(
        lines=np.concatenate([before.lines, lines]),
        names=(*before.names, *[""] * count),
        highway=(*before.highway, *["footway"] * count),
        is_private=(*before.is_private, *[False] * count),
        source=" + ".join(dict.fromkeys(name for name in (before.source, file) if name)),
        join_m=source.extra_join_m,
    )
    return build_network(
        extract,
        private=source.private_rule,
        profile=source.profile,
        beyond=source.beyond,
        extra=lanes,
    )


def streets_checked(source: StreetsSource, *, cache: bool) -> tuple[Fault | None, tuple[str, ...]]:
    """Return what keeps the streets from being read (None when they can be), and notes on them."""
    from walkshed.errors import Fault, WalkshedError

    try:
        extract, network = _read_streets(source, cache=cache)
    except WalkshedError as error:
        told = error.args[0]
        fact, cure = fact_and_cure(told, source.path.name)
        if not fact:
            fact, cure = told, Message("give another file")
        return Fault(source.path.name, fact, cure), ()
    of_extract = () if extract is None else extract.notes
    return None, tuple(dict.fromkeys((*of_extract, *network.notes)))


def _read_streets(source: StreetsSource, *, cache: bool) -> tuple[Extract | None, StreetNetwork]:
    if source.form == "osm" and source.extra is None:
        from walkshed.streets.cache import read_built

        return read_built(
            source.path,
            private=source.private_rule,
            profile=source.profile,
            beyond=source.beyond,
            cache=cache,
        )
    if source.form == "osm" and source.extra is not None:
        from walkshed.frames.streets import read_lanes
        from walkshed.osm import read_extract
        from walkshed.streets.build import build_network

        extract, lanes = (
            read_extract(source.path),
            read_lanes(source.extra, join_m=source.extra_join_m),
        )
        return extract, build_network(
            extract,
            private=source.private_rule,
            profile=source.profile,
            beyond=source.beyond,
            extra=lanes,
        )
    from walkshed.frames.streets import read_lines

    return None, read_lines(
        source.path,
        split_crossings=source.split_crossings,
        private=source.private_rule,
        beyond=source.beyond,
    )
