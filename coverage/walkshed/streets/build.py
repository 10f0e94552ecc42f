"""From the ways of an extract to the walkable network: split at junctions, closed at barriers."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray
from walkshed.model.extract import Extract, Tags
from walkshed.model.network import PrivateRule, StreetNetwork
from walkshed.model.plane import Plane
from walkshed.streets.assemble import Origin, RawEdges, assemble
from walkshed.streets.barriers import close_barriers
from walkshed.streets.profile import Profile, Walk, read_profile

Beyond = Literal["unknown", "nothing"]


def build_network(
    extract: Extract, *, private: PrivateRule = "ends", profile: str = "walking", beyond: Beyond = "unknown"
) -> StreetNetwork:
    """Return the walkable network of an extract.

    ``private``: walk private ways at the ends of a walk only, or as if they were public ("open"). ``profile``: the name
    of a shipped walking profile, or the path of a ``.toml`` file. ``beyond``: what lies past the edge of the data;
    "nothing" for a town that ends there.

    Steps: (1) the profile chooses ways; (2) they are split where a node is shared, at their ends and at barriers;
    (3) barriers part or close what meets in them; (4) the network is measured and put together. Edges run in the order
    of way id, then along the way. Raises ``InvalidValueError`` where nothing is walkable.
    """
    if private not in get_args(PrivateRule):
        raise InvalidValueError(f'private = {private!r}: is no rule for private ways; write "ends" or "open"')
    if beyond not in get_args(Beyond):
        raise InvalidValueError(f'beyond = {beyond!r}: is unknown; write "unknown" or "nothing"')
    rules = read_profile(profile)
    chosen, walks = _choose(extract, rules)  # (1)
    if not chosen:
        raise InvalidValueError(
            f"{extract.source}: holds no walkable way ({len(extract.ways.way_id)} ways, none that the profile "
            f"{rules.name!r} allows); give an extract with streets, or look into the profile's rules"
        )
    barrier = {node: rules.barrier(tags) for node, tags in extract.way_node_tags.items() if "barrier" in tags}
    barrier = {node: answer for node, answer in barrier.items() if answer != "open"}
    edges = _split(extract, chosen, walks, barrier)  # (2)
    parted = close_barriers(edges, barrier, private)  # (3)
    origin = Origin(
        profile=rules.name,
        source=extract.source,
        data_date=extract.data_date,
        attribution="© OpenStreetMap contributors",
        bounds_lonlat=extract.bounds if beyond == "unknown" else None,
        notes=(*extract.notes, *parted.notes),
    )
    return assemble(parted.edges, plane=_plane(edges.vertex_lonlat), origin=origin, private=private)  # (4)


def _choose(extract: Extract, rules: Profile) -> tuple[list[int], list[Walk]]:
    """Return the rows of walkable ways and how each is walked."""
    rows, walks = [], []
    for row, tags in enumerate(extract.ways.tags):
        walk = rules.walk(tags)
        if walk is not None:
            rows.append(row)
            walks.append(walk)
    return rows, walks


def _split(extract: Extract, chosen: list[int], walks: list[Walk], barrier: dict[int, str]) -> RawEdges:
    """Return edges: stretches of the chosen ways between junctions, barriers and ends."""
    ways = extract.ways
    rows = np.array(chosen, dtype=np.int64)
    count = ways.start[rows + 1] - ways.start[rows]
    first = np.concatenate([[0], np.cumsum(count)])  # of each chosen way, in the arrays below
    at = np.arange(first[-1]) + np.repeat(ways.start[rows] - first[:-1], count)
    node, lonlat = ways.node_id[at], ways.lonlat[at]
    way = np.repeat(np.arange(len(rows)), count)

    # A vertex is a cut if its way begins or ends there, if its node is met more than once, or if it is a barrier.
    _, inverse, met = np.unique(node, return_inverse=True, return_counts=True)
    cut = met[inverse] > 1
    cut[first[:-1]] = True
    last = first[1:] - 1
    cut[last] = True
    cut |= np.isin(node, np.fromiter(barrier, dtype=np.int64, count=len(barrier)))

    cuts = np.flatnonzero(cut)
    same_way = way[cuts[:-1]] == way[cuts[1:]]
    begin, end = cuts[:-1][same_way], cuts[1:][same_way]
    of_way = way[begin]
    length = end - begin + 1
    vertex_from = np.concatenate([[0], np.cumsum(length)])
    vertices = np.arange(vertex_from[-1]) + np.repeat(begin - vertex_from[:-1], length)

    ends = np.unique(np.concatenate([begin, end]))
    node_id, example = np.unique(node[ends], return_index=True)
    tags = [ways.tags[row] for row in chosen]
    classes = np.array([_highway_class(row) for row in tags], dtype=object)
    names = np.array([row.get("name", "") for row in tags], dtype=object)
    return RawEdges(
        node_id=node_id,
        node_lonlat=lonlat[ends][example],
        start=np.searchsorted(node_id, node[begin]).astype(np.int32),
        end=np.searchsorted(node_id, node[end]).astype(np.int32),
        vertex_from=vertex_from,
        vertex_lonlat=lonlat[vertices],
        way_id=ways.way_id[rows][of_way],
        highway=tuple(classes[of_way].tolist()),
        name=tuple(names[of_way].tolist()),
        steps=np.array([walk.steps for walk in walks], dtype=bool)[of_way],
        private=np.array([walk.private for walk in walks], dtype=bool)[of_way],
        forward=np.array([walk.forward for walk in walks], dtype=bool)[of_way],
        backward=np.array([walk.backward for walk in walks], dtype=bool)[of_way],
    )


def _highway_class(tags: Tags) -> str:
    """Return the way's class; platforms and piers without ``highway`` go by what they are."""
    get = tags.get
    return str(get("highway") or ("pier" if get("man_made") == "pier" else "platform"))


def _plane(lonlat: FloatArray) -> Plane:
    """Return the plane through the middle of the ways, at the resolution at which it is written down."""
    low, high = lonlat.min(axis=0), lonlat.max(axis=0)
    lon0, lat0 = (low + high) / 2
    return Plane(lon0=round(float(lon0), 6), lat0=round(float(lat0), 6))
