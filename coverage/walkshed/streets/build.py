"""From the ways of an extract to the walkable network: split at junctions, closed at barriers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import BoolArray, FloatArray, IntArray, ranges, same_objects
from walkshed.model.ground.extract import StreetExtract, Tags
from walkshed.model.ground.network import PrivateRule, StreetNetwork
from walkshed.model.ground.plane import Plane
from walkshed.model.messages import Message
from walkshed.osm.outlines.bounds import corners
from walkshed.streets.assemble import Origin, RawEdges, assemble
from walkshed.streets.barriers import barriers_on_ways, close_barriers
from walkshed.streets.drawn.extra import Lanes, join_lanes
from walkshed.streets.hours import hours_notes
from walkshed.streets.islands import drop_alone
from walkshed.streets.names import Names, names_of
from walkshed.streets.near import Vertices, near_notes, twin_nodes
from walkshed.streets.profile import Profile, Walk, read_profile
from walkshed.streets.split import cut_lines
from walkshed.streets.squares.crossed import squares_of
from walkshed.streets.squares.entering import links_of
from walkshed.streets.squares.grounds import Ground, grounds_of
from walkshed.streets.squares.meeting import Courses, with_meetings

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
            Message(
                'private = {private!r}: is not a rule for private ways; write "ends" or "open"',
                private=private,
            )
        )
    if beyond not in get_args(Beyond):
        raise InvalidValueError(
            Message('beyond = {beyond!r}: is unknown; write "unknown" or "nothing"', beyond=beyond)
        )
    # (1)
    rules = read_profile(profile)
    chosen = _choose(extract, rules)
    if len(chosen.rows) == 0:
        raise InvalidValueError(
            Message(
                "{source}: holds no walkable way ({count} {count:way|ways}, none that the profile "
                "{profile!r} "
                "allows); give an extract with streets, or look into the profile's rules",
                source=extract.source,
                count=len(extract.ways.way_id),
                profile=rules.name,
            )
        )
    barrier = barriers_on_ways(extract, rules)
    grounds = grounds_of(extract, chosen.rows.tolist(), chosen.walks(), rules)

    # Nothing waits for notes on near misses: they are made beside all that follows.
    with ThreadPoolExecutor(1, thread_name_prefix="near") as beside:
        twins = beside.submit(lambda: twin_nodes(_entered(extract, chosen)))

        # (2)
        edges, joined, grounds = _split(extract, chosen, barrier, grounds=grounds, rules=rules)

        # (3)
        edges, alone = drop_alone(edges, joined, links_of(edges, grounds))
        if len(edges.way_id) == 0:
            raise InvalidValueError(
                Message(
                    "{source}: holds squares, platforms or piers, but no street; give an extract "
                    "with streets",
                    source=extract.source,
                )
            )
        near = beside.submit(lambda: near_notes(twins.result(), edges))

        # (4)
        parted = close_barriers(edges, barrier, private, links=links_of(edges, grounds))
        plane, joined_edges = _plane(edges.vertex_lonlat), parted.edges
        lanes_told: tuple[str, ...] = ()
        if extra is not None:
            joined_edges, lanes_told = join_lanes(parted.edges, extra, plane)

        # (5)
        origin = Origin(
            profile=rules.name,
            source=extract.source,
            data_date=extract.data_date,
            attribution="© OpenStreetMap contributors",
            bounds_lonlat=extract.bounds if beyond == "unknown" else None,
            ends_lonlat=extract.ends,
        )
        network = assemble(
            joined_edges,
            plane=plane,
            origin=origin,
            private=private,
            crossing=lambda edges, edge_m, plane: squares_of(edges, edge_m, grounds, plane),
        )
        notes = (
            *extract.street_notes,
            *alone,
            *near.result(),
            *parted.notes,
            *hours_notes(extract, rules),
            *lanes_told,
        )
    return replace(network, notes=(*notes, *network.notes))


@dataclass(frozen=True, slots=True, eq=False)
class _Chosen:
    """The n walkable ways of an extract.

    A town's ways are tagged in few ways: each set of tags is looked at once.
    """

    rows: IntArray  # (n,) among the ways
    like: IntArray  # (n,) the set of tags of each
    tags: list[Tags]  # by set
    kind: IntArray  # (n,) how each is walked
    kinds: list[Walk]

    def walks(self) -> list[Walk]:
        """Return how each is walked."""
        return list(map(self.kinds.__getitem__, self.kind.tolist()))

    def marked(self, mark: str) -> BoolArray:
        """Return (n,) whether the walk of each has a mark, such as "steps"."""
        return np.array([getattr(walk, mark) for walk in self.kinds], dtype=bool)[self.kind]

    def named(self, said: Callable[[Tags], str]) -> Names:
        """Return what is said of the tags of each."""
        names = names_of(map(said, self.tags))
        return names.some(self.like)


def _choose(extract: StreetExtract, rules: Profile) -> _Chosen:
    """Return the walkable ways."""
    asked = {key for kind in rules.rules.values() for rule in kind for key, _ in rule.when}
    first, which = same_objects(extract.ways.tags)
    tags = [extract.ways.tags[row] for row in first]

    # of the tags only those that some rule asks for
    known: dict[tuple[tuple[str, str], ...], int] = {}
    kinds: list[Walk] = []
    answers = []
    for own in tags:
        alike = tuple([tag for tag in own.items() if tag[0] in asked])
        if alike not in known:
            walk = rules.walk(own)
            known[alike] = -1 if walk is None else len(kinds)
            kinds += [] if walk is None else [walk]
        answers.append(known[alike])

    kind = np.array(answers, dtype=np.int64)[which]
    rows = np.flatnonzero(kind >= 0)
    return _Chosen(rows, which[rows], tags, kind[rows], kinds)


def _entered(extract: StreetExtract, chosen: _Chosen) -> Vertices:
    """Return the vertices of the chosen ways that are entered anywhere."""
    ways = extract.ways
    rows = chosen.rows[chosen.marked("enterable")]
    count = ways.start[rows + 1] - ways.start[rows]
    at = ranges(ways.start[rows], count)
    lonlat = np.take(ways.lonlat, at, axis=0)
    return Vertices(ways.node_id[at], lonlat, np.repeat(ways.way_id[rows], count))


def _split(
    extract: StreetExtract,
    chosen: _Chosen,
    barrier: dict[int, str],
    *,
    grounds: list[Ground],
    rules: Profile,
) -> tuple[RawEdges, BoolArray, list[Ground]]:
    """Return edges, which of them are "joined", and the grounds.

    Edges are stretches of the chosen ways between junctions, barriers, ends and places where they
    enter a ground.
    """
    # The nodes of the chosen ways, end to end.
    ways, rows = extract.ways, chosen.rows
    count = ways.start[rows + 1] - ways.start[rows]
    first = np.concatenate([[0], np.cumsum(count)])  # of each chosen way, in the arrays below
    at = ranges(ways.start[rows], count)
    node, lonlat = ways.node_id[at], np.take(ways.lonlat, at, axis=0)

    tags = list(map(chosen.tags.__getitem__, chosen.like.tolist()))
    made = min(0, int(node.min()))  # nodes below are made where ways enter a ground
    courses, grounds = with_meetings(
        Courses(first, node, lonlat), grounds, tags, chosen.walks(), rules=rules
    )
    first, node, lonlat = courses.start, courses.node, courses.lonlat

    # Cut where a node is shared or barred; nodes by their numbers among all.
    every_node, place = np.unique(node, return_inverse=True)
    cut = cut_lines(first, place, _marked(every_node, barrier)[place])
    is_end = np.zeros(len(node), dtype=bool)
    is_end[cut.begin] = is_end[cut.end] = True
    ends = np.flatnonzero(is_end)[::-1]

    # the vertices at which lines end are the nodes
    row = np.full(len(every_node), -1)
    row[place[ends]] = ends  # the first of each, which is written last
    used = row >= 0
    number = np.cumsum(used, dtype=np.int32) - 1

    # What each edge is called and how it is walked.
    edges = RawEdges(
        node_id=np.where(every_node < made, 0, every_node)[used],
        node_lonlat=lonlat[row[used]],
        start=number[place[cut.begin]],
        end=number[place[cut.end]],
        vertex_from=cut.vertex_from,
        vertex_lonlat=np.take(lonlat, cut.vertex, axis=0),
        way_id=ways.way_id[rows][cut.line],
        highway=chosen.named(_highway_class).some(cut.line),
        name=chosen.named(_name).some(cut.line),
        steps=chosen.marked("steps")[cut.line],
        private=chosen.marked("private")[cut.line],
        forward=chosen.marked("forward")[cut.line],
        backward=chosen.marked("backward")[cut.line],
        enterable=chosen.marked("enterable")[cut.line],
    )
    return edges, chosen.marked("joined")[cut.line], grounds


def _marked(nodes: IntArray, wanted: Iterable[int]) -> BoolArray:
    """Return which of the ascending nodes are among a few others."""
    others = np.array(list(wanted), dtype=np.int64)
    at = np.minimum(np.searchsorted(nodes, others), len(nodes) - 1)
    marked = np.zeros(len(nodes), dtype=bool)
    marked[at[nodes[at] == others]] = True
    return marked


def _name(tags: Tags) -> str:
    return tags.get("name", "")


def _highway_class(tags: Tags) -> str:
    """Return the way's class.

    Squares, platforms and piers without ``highway`` go by what they are.
    """
    if "highway" in tags:
        return tags["highway"]
    return "pier" if tags.get("man_made") == "pier" else "platform"


def _plane(lonlat: FloatArray) -> Plane:
    """Return the plane through the middle of the ways, at the resolution at which it is written down."""
    low, high = corners(lonlat)
    lon0, lat0 = (low + high) / 2
    return Plane(lon0=round(float(lon0), 6), lat0=round(float(lat0), 6))
