"""From the ways of an extract to the walkable network: split at junctions, closed at barriers."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import BoolArray, FloatArray, distinct, is_among, same_objects
from walkshed.model.extract import StreetExtract, Tags
from walkshed.model.network import PrivateRule, StreetNetwork
from walkshed.model.plane import Plane
from walkshed.osm.bounds import corners
from walkshed.streets.assemble import Origin, RawEdges, assemble
from walkshed.streets.barriers import barriers_on_ways, close_barriers
from walkshed.streets.extra import Lanes, join_lanes
from walkshed.streets.grounds import Ground, grounds_of
from walkshed.streets.hours import hours_notes
from walkshed.streets.islands import drop_alone
from walkshed.streets.meeting import Courses, with_meetings
from walkshed.streets.near import Vertices, near_notes
from walkshed.streets.profile import Profile, Walk, read_profile
from walkshed.streets.split import cut_lines
from walkshed.streets.squares import links_of, squares_of

Beyond = Literal["unknown", "nothing"]


def build_network(
    extract: StreetExtract,
    *,
    private: PrivateRule = "ends",
    profile: str = "walking",
    beyond: Beyond = "unknown",
    extra: Lanes | None = None,
) -> StreetNetwork:
    """Return the walkable network of an extract.

    ``private``: walk private ways at the ends of a walk only, or as if they were public ("open").
    ``profile``: the name of a shipped walking profile, or the path of a ``.toml`` file. ``beyond``:
    what lies past the edge of the data; "nothing" for a town that ends there. ``extra``: lanes that
    the map lacks.

    Steps: (1) the profile chooses ways, and the ground that is crossed; (2) they are split where a
    node is shared, where they enter such ground, at their ends and at barriers; (3) squares,
    platforms and piers that no street reaches are left out; (4) barriers part what meets in them,
    and extra lanes are joined; (5) the network is measured and put together. Edges run in the order
    of way id, then along the way. Raises ``InvalidValueError`` where nothing is walkable.
    """
    if private not in get_args(PrivateRule):
        raise InvalidValueError(
            f'private = {private!r}: is no rule for private ways; write "ends" or "open"'
        )
    if beyond not in get_args(Beyond):
        raise InvalidValueError(f'beyond = {beyond!r}: is unknown; write "unknown" or "nothing"')

    # (1)
    rules = read_profile(profile)
    chosen, walks = _choose(extract, rules)
    if not chosen:
        raise InvalidValueError(
            f"{extract.source}: holds no walkable way ({len(extract.ways.way_id)} ways, none that "
            f"the profile {rules.name!r} allows); give an extract with streets, or look into the "
            "profile's rules"
        )
    barrier = barriers_on_ways(extract, rules)
    grounds = grounds_of(extract, chosen, walks, rules)

    # (2)
    edges, joined, vertices, grounds = _split(extract, chosen, walks, barrier, grounds)

    # (3)
    edges, alone = drop_alone(edges, joined, links_of(edges, grounds))
    if len(edges.way_id) == 0:
        raise InvalidValueError(
            f"{extract.source}: holds squares, platforms or piers, but no street; "
            "give an extract with streets"
        )
    near = near_notes(vertices, edges)

    # (4)
    parted = close_barriers(edges, barrier, private)
    plane, joined_edges = _plane(edges.vertex_lonlat), parted.edges
    lane_notes: tuple[str, ...] = ()
    if extra is not None:
        joined_edges, lane_notes = join_lanes(parted.edges, extra, plane)

    # (5)
    origin = Origin(
        profile=rules.name,
        source=extract.source,
        data_date=extract.data_date,
        attribution="© OpenStreetMap contributors",
        bounds_lonlat=extract.bounds if beyond == "unknown" else None,
        ends_lonlat=extract.ends,
        notes=(
            *extract.street_notes,
            *alone,
            *near,
            *parted.notes,
            *hours_notes(extract, rules),
            *lane_notes,
        ),
    )
    return assemble(
        joined_edges,
        plane=plane,
        origin=origin,
        private=private,
        crossing=lambda edges, edge_m, plane: squares_of(edges, edge_m, grounds, plane),
    )


def _choose(extract: StreetExtract, rules: Profile) -> tuple[list[int], list[Walk]]:
    """Return the rows of walkable ways and how each is walked."""
    # a town's ways are tagged in few ways: only tags that a rule asks for tell them apart
    asked = {key for kind in rules.rules.values() for rule in kind for key, _ in rule.when}
    known: dict[tuple[tuple[str, str], ...], Walk | None] = {}
    first, which = same_objects(extract.ways.tags)
    answers = []
    for row in first:
        tags = extract.ways.tags[row]
        alike = tuple([tag for tag in tags.items() if tag[0] in asked])
        if alike not in known:
            known[alike] = rules.walk(tags)
        answers.append(known[alike])

    chosen = np.array([walk is not None for walk in answers], dtype=bool)[which]
    walks = [walk for place in which.tolist() if (walk := answers[place]) is not None]
    return np.flatnonzero(chosen).tolist(), walks


def _split(
    extract: StreetExtract,
    chosen: list[int],
    walks: list[Walk],
    barrier: dict[int, str],
    grounds: list[Ground],
) -> tuple[RawEdges, BoolArray, Vertices, list[Ground]]:
    """Return edges, which of them are "joined", vertices as ``near_notes`` asks for, and the grounds.

    Edges are stretches of the chosen ways between junctions, barriers, ends and places where they
    enter a ground.
    """
    # the nodes of the chosen ways, end to end; those of row i begin at start[i]
    ways = extract.ways
    rows = np.array(chosen, dtype=np.int64)
    count = ways.start[rows + 1] - ways.start[rows]
    start = np.concatenate([[0], np.cumsum(count)])
    at = np.arange(start[-1]) + np.repeat(ways.start[rows] - start[:-1], count)
    node, lonlat = ways.node_id[at], ways.lonlat[at]

    # those of ways that are entered anywhere
    enterable = np.array([walk.enterable for walk in walks], dtype=bool)
    entered = np.repeat(enterable, count)
    vertices = Vertices(
        node[entered], lonlat[entered], np.repeat(ways.way_id[rows], count)[entered]
    )

    # nodes are made where ways enter a ground, numbered below all that there are
    lowest = min(0, int(node.min()))
    tags = [ways.tags[row] for row in chosen]
    courses, grounds = with_meetings(Courses(start, node, lonlat), grounds, tags, walks)
    node, lonlat = courses.node, courses.lonlat

    # cut where ways meet, and at barriers
    at_barrier = is_among(node, np.fromiter(barrier, dtype=np.int64, count=len(barrier)))
    cut = cut_lines(courses.start, node, at_barrier)
    ends = distinct(np.concatenate([cut.begin, cut.end]))
    node_id, example = np.unique(node[ends], return_index=True)

    # what each edge is called and how it is walked
    first_of, like = same_objects(tags)
    classes = np.array([_highway_class(tags[row]) for row in first_of], dtype=object)[like]
    names = np.array([tags[row].get("name", "") for row in first_of], dtype=object)[like]
    edges = RawEdges(
        node_id=np.where(node_id < lowest, 0, node_id),
        node_lonlat=lonlat[ends][example],
        start=np.searchsorted(node_id, node[cut.begin]).astype(np.int32),
        end=np.searchsorted(node_id, node[cut.end]).astype(np.int32),
        vertex_from=cut.vertex_from,
        vertex_lonlat=lonlat[cut.vertex],
        way_id=ways.way_id[rows][cut.line],
        highway=tuple(classes[cut.line].tolist()),
        name=tuple(names[cut.line].tolist()),
        steps=np.array([walk.steps for walk in walks], dtype=bool)[cut.line],
        private=np.array([walk.private for walk in walks], dtype=bool)[cut.line],
        forward=np.array([walk.forward for walk in walks], dtype=bool)[cut.line],
        backward=np.array([walk.backward for walk in walks], dtype=bool)[cut.line],
        enterable=enterable[cut.line],
    )
    joined = np.array([walk.joined for walk in walks], dtype=bool)[cut.line]
    return edges, joined, vertices, grounds


def _highway_class(tags: Tags) -> str:
    """Return the way's class; squares, platforms and piers without ``highway`` go by what they are."""
    if "highway" in tags:
        return tags["highway"]
    return "pier" if tags.get("man_made") == "pier" else "platform"


def _plane(lonlat: FloatArray) -> Plane:
    """Return the plane through the middle of the ways, rounded as it is written down."""
    low, high = corners(lonlat)
    lon0, lat0 = (low + high) / 2
    return Plane(lon0=round(float(lon0), 6), lat0=round(float(lat0), 6))
