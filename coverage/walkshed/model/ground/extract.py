"""What one OSM extract holds for this project, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from walkshed.model.arrays import FloatArray, IntArray, ObjectArray, read_only

Tags = Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Ways that carry ``highway`` (or another key that a walking profile may ask for), nodes in drawing order.

    Way ``i`` runs over ``node_id[start[i]:start[i + 1]]`` and the same rows of ``lonlat`` (WGS84
    degrees). A way whose nodes are partly missing from a clipped extract appears as one part per
    unbroken stretch of at least two nodes, each with the way's id and tags.
    """

    way_id: IntArray  # (n,)
    tags: tuple[Tags, ...]  # n
    start: IntArray  # (n + 1,)
    node_id: IntArray  # (k,)
    lonlat: FloatArray  # (k, 2)


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Tagged things with a geometry in WGS84 degrees: points, lines, polygons and multipolygons.

    ``osm_type`` is ``"n"``, ``"w"`` or ``"r"``; ``outline`` holds the node ids of a closed way's
    ring (empty for nodes and relations) so that entrances and gates on it are found by identity,
    not by distance.
    """

    osm_type: tuple[str, ...]
    osm_id: IntArray  # (n,)
    tags: tuple[Tags, ...]
    geometry: ObjectArray  # (n,) shapely
    outline: tuple[IntArray, ...]

    def __len__(self) -> int:
        """Return the number of features."""
        return len(self.osm_type)


#: What an extract without such things holds.
NO_FEATURES = Features((), read_only([], np.int64), (), read_only([], np.object_), ())


@dataclass(frozen=True, slots=True)
class Multipolygon:
    """A relation of ``type=multipolygon`` with a key that makes ways: its tags and the ways that bound it, by id."""

    relation_id: int
    tags: Tags
    ways: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StreetExtract:
    """What a street network is built from, and where it came from.

    - ``ways``: candidates for the street network, all tags kept.
    - ``way_node_tags``: tags of nodes that lie on those ways, by node id: those of barriers at least.
    - ``bounds``: west, south, east, north in degrees: the header's box, else the box of the nodes that the file holds.
    - ``data_date``: ISO date of the newest element or of the header, None when the file does not say.
    - ``multipolygons``: squares and platforms drawn as relations, by id; the ways that bound them are among ``ways``.
    - ``street_notes``: what was incomplete about the ways, in words, for provenance.
    - ``ends``: (e, 2) places within the bounds along which the data end: cut ways, the outline of what is mapped.
    """

    source: str
    digest: str  # sha256 of the file, hex
    data_date: str | None
    bounds: tuple[float, float, float, float]
    ways: Ways
    way_node_tags: Mapping[int, Tags]
    multipolygons: tuple[Multipolygon, ...] = ()
    street_notes: tuple[str, ...] = ()
    ends: FloatArray = field(default_factory=lambda: read_only(np.zeros((0, 2)), np.float64))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Extract(StreetExtract):
    """One OSM extract: everything that later rooms may ask of it.

    - ``way_node_tags``: tags of all tagged nodes on the ways (barriers, crossings, elevators), by node id.
    - ``areas``: land use, water, green, pedestrian areas and boundaries (polygons; ``boundary=administrative`` too).
    - ``buildings``: polygons with ``building`` (not ``building=no``) .
    - ``places``: everything with a name, and everything with ``amenity``, ``office``, ``shop``, ``healthcare``,
      ``social_facility``, ``leisure``, ``tourism`` or ``addr:housenumber`` (points, or the geometry
      of the area).
    - ``gates``: nodes with ``barrier`` in gate, lift_gate, swing_gate, sliding_gate, entrance, turnstile …
    - ``entrances``: nodes with ``entrance`` (or the older ``building=entrance``).
    - ``coast``: lines of ``natural=coastline`` in drawing order, water on their right; one per unbroken stretch.
    - ``divides``: lines of railways and rivers, which are not walked across, but for those under or
      over the ground.
    - ``notes``: everything that was incomplete, that of the ways too.
    """

    areas: Features
    buildings: Features
    places: Features
    gates: Features
    entrances: Features
    coast: Features = NO_FEATURES
    divides: Features = NO_FEATURES
    notes: tuple[str, ...] = ()
