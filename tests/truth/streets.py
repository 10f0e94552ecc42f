"""From mapped ways to streets: stretches between junctions, parted at barriers, in components (definitions 1, 2, 4)."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import networkx as nx
import numpy as np
import shapely

from truth.extract import Extract, Way
from truth.plane import Plane, rounded, segment_m
from truth.squares import Square, squares_of
from truth.walkable import Manner, manner_of, passage_of

#: A platform that does not say what stops there is a tram's if the nearest track, within 15 m, is.
BESIDE_TRACK_M = 15.0
TRACKS = {"tram", "rail", "subway", "light_rail", "monorail", "narrow_gauge", "funicular"}
STOPS = {"train", "subway", "light_rail", "monorail", "tram", "bus", "funicular"}
USABLE_M = 500.0


@dataclass(frozen=True)
class Street:
    """A stretch between two junctions: node numbers at its ends, its course, and how it is walked."""

    start: int
    end: int
    refs: tuple[int, ...]
    lonlat: np.ndarray
    manner: Manner


@dataclass
class Streets:
    """All streets on the plane; ``length_m`` and ``component`` by street, ``at_m`` the meters to each vertex."""

    plane: Plane
    streets: list[Street]
    xy: list[np.ndarray]
    length_m: np.ndarray
    at_m: list[np.ndarray]
    component: np.ndarray
    component_m: np.ndarray
    #: Where nobody gets through: nodes of shut barriers on ways, in degrees, by node.
    shut: dict[int, tuple[float, float]] = field(default_factory=dict)
    node_xy: dict[int, np.ndarray] = field(default_factory=dict)
    #: Ground that is crossed straight, on the plane, with entries that are ends of streets.
    squares: list[Square] = field(default_factory=list)


def streets_of(extract: Extract, *, private: str) -> Streets:
    """Return the walkable streets of an extract.

    Steps: (1) walkable ways; (2) cut where they meet; (3) outlines that no street reaches are left
    out; (4) barriers part what meets in them; (5) meters and components.
    """
    # (1) walkable ways, with the outlines of squares that are mapped as relations
    ways = [*_with_trams(extract), *square_outlines(extract)]
    chosen = [(way, manner) for way in ways if (manner := manner_of(way.tags)) is not None]
    passages = {node: passage_of(tags) for node, tags in extract.node_tags.items()}
    passages = {node: passage for node, passage in passages.items() if passage != "open"}
    if private == "open":
        chosen = [(way, replace(manner, private=False)) for way, manner in chosen]
        passages = {node: what for node, what in passages.items() if what != "private"}

    # (2) to (4), with the ways that squares join (definition 16)
    extract, chosen, squares = squares_of(extract, chosen, private=private)
    streets = _cut(extract, chosen, set(passages))
    streets = _without_lone_outlines(streets, squares)
    squares = _entered(squares, streets)
    shut = {
        n: extract.places[n]
        for n, what in passages.items()
        if what == "shut" and n in extract.places
    }
    streets = _parted(streets, passages, squares)
    squares = _pocket_squares(squares, streets)

    # (5) everything measured, on the plane through the middle
    places = np.concatenate([street.lonlat for street in streets])
    plane = Plane(*((places.min(axis=0) + places.max(axis=0)) / 2))
    return _measured(streets, plane, shut, [one.on(plane, extract.places) for one in squares])


def _with_trams(extract: Extract) -> list[Way]:
    """Return all ways; silent railway platforms beside a tram's track are told that trams stop there."""
    tracks = []
    for way in extract.ways:
        kind = way.tags.get("railway")
        if kind in TRACKS and len(line := _line(extract, way.refs)) > 1:
            tracks.append((kind, shapely.LineString(_local(line))))
    if not tracks:
        return extract.ways
    tree = shapely.STRtree([line for _, line in tracks])

    told = []
    for way in extract.ways:
        tags = way.tags
        silent = tags.get("railway") == "platform" and not any(tags.get(s) == "yes" for s in STOPS)
        if silent and len(line := _line(extract, way.refs)) > 1:
            shape = shapely.LineString(_local(line))
            nearest = tree.query_nearest(shape, max_distance=BESIDE_TRACK_M, all_matches=True)
            if len(nearest) and any(tracks[number][0] == "tram" for number in nearest):
                way = Way(way.id, way.refs, {**tags, "tram": "yes"})
        told.append(way)
    return told


def square_outlines(extract: Extract) -> list[Way]:
    """Return a way for each untagged member of a walkable multipolygon: squares are walked along their outline."""
    members = {way.id: way for way in extract.ways}
    outlines: dict[int, Way] = {}
    for _, tags, parts in extract.relations:
        if tags.get("type") != "multipolygon":
            continue
        square = {key: value for key, value in tags.items() if key != "type"} | {"area": "yes"}
        if (manner := manner_of(square)) is None or not manner.joined:
            continue
        for kind, ref, _ in parts:
            way = members.get(ref) if kind == "w" else None
            if way is not None and ref not in outlines and manner_of(way.tags) is None:
                outlines[ref] = Way(ref, way.refs, square)
    return list(outlines.values())


def _line(extract: Extract, refs: list[int]) -> list[tuple[float, float]]:
    return [extract.places[ref] for ref in refs if ref in extract.places]


def _local(lonlat: list[tuple[float, float]]) -> np.ndarray:
    """Return degrees in about meters; good for asking what is nearest within a few meters."""
    places = np.array(lonlat)
    east = 111_320.0 * np.cos(np.radians(places[:, 1]))
    return np.column_stack([places[:, 0] * east, places[:, 1] * 111_320.0])


def _cut(extract: Extract, chosen: list[tuple[Way, Manner]], also: set[int]) -> list[Street]:
    """Return the ways as stretches between their ends, nodes that are met twice, and the nodes of ``also``."""
    # what the extract holds of each way: a node that it lacks breaks the way
    runs: list[tuple[list[int], Manner]] = []
    for way, manner in chosen:
        run: list[int] = []
        for ref in [*way.refs, None]:
            if ref in extract.places:
                if not run or run[-1] != ref:
                    run.append(ref)
                continue
            if len(run) > 1:
                runs.append((run, manner))
            run = []

    # a junction is a node met twice, by one way or several; ends count as met twice
    met = Counter(ref for run, _ in runs for ref in run)
    junctions = {ref for ref, times in met.items() if times > 1} | also
    streets = []
    for run, manner in runs:
        cuts = [i for i, ref in enumerate(run) if ref in junctions or i in (0, len(run) - 1)]
        for low, high in itertools.pairwise(cuts):
            refs = tuple(run[low : high + 1])
            lonlat = np.array([extract.places[ref] for ref in refs])
            streets.append(Street(refs[0], refs[-1], refs, lonlat, manner))
    return streets


def _without_lone_outlines(streets: list[Street], squares: list[Square]) -> list[Street]:
    """Return the streets without squares, platforms and piers that hang together with no other way."""
    reached: set[int] = set()
    in_their_own_right = {street.start for street in streets if not street.manner.joined}
    for nodes in nx.connected_components(_joined(streets, squares)):
        if nodes & in_their_own_right:
            reached |= nodes
    return [street for street in streets if street.start in reached]


def _across(squares: Iterable[Square]) -> list[tuple[int, int]]:
    """Return pairs of nodes that join whatever squares join."""
    return [pair for one in squares for pair in itertools.pairwise(one.entries)]


def _joined(streets: list[Street], squares: list[Square]) -> nx.Graph:
    """Return what hangs together, along streets and across squares."""
    graph = nx.Graph((street.start, street.end) for street in streets)
    graph.add_edges_from(_across(squares))
    return graph


def _entered(squares: list[Square], streets: list[Street]) -> list[Square]:
    """Return the squares that streets enter, with those entries alone."""
    ends = {node for street in streets for node in (street.start, street.end)}
    kept = [replace(one, entries=tuple(n for n in one.entries if n in ends)) for one in squares]
    return [one for one in kept if one.entries]


def _pocket_squares(squares: list[Square], streets: list[Street]) -> list[Square]:
    """Return the squares; those whose whole outline is private, as in a pocket, are private."""
    open_to = {
        frozenset(pair)
        for street in streets
        if not street.manner.private
        for pair in itertools.pairwise(street.refs)
    }
    told = []
    for one in squares:
        sides = {
            frozenset(pair) for ring in one.rings for pair in itertools.pairwise([*ring, ring[0]])
        }
        private = one.manner.private or not sides & open_to
        told.append(replace(one, manner=replace(one.manner, private=private)))
    return told


def _parted(streets: list[Street], passages: dict[int, str], squares: list[Square]) -> list[Street]:
    """Return the streets with every barrier in effect (definition 4).

    Reading: a barrier works where exactly two ends meet in it; at a junction of three it does not
    say which one it stands on. A shut one parts the two. A private gate between streets that hang
    together anyway parts them too. What private gates and private ways alone join to the streets is
    a pocket, and its ways are private.
    """
    ends = defaultdict(list)
    for number, street in enumerate(streets):
        ends[street.start].append((number, "start"))
        ends[street.end].append((number, "end"))
    between = {node: met for node, met in ends.items() if node in passages and len(met) == 2}

    # shut barriers part
    fresh = -1
    for node, met in between.items():
        if passages[node] == "shut":
            streets, fresh = _moved(streets, met[1], fresh), fresh - 1

    # public streets, parted at private gates, in parts that public ways join
    gates = {node: met for node, met in between.items() if passages[node] == "private"}
    public = nx.Graph()
    for number, street in enumerate(streets):
        if not street.manner.private:
            public.add_edge(_side(street.start, number, gates), _side(street.end, number, gates))
    public.add_edges_from(_across(one for one in squares if not one.manner.private))
    part_of = {}
    for part, nodes in enumerate(nx.connected_components(public)):
        part_of.update(dict.fromkeys(nodes, part))
    part = [
        -1 if street.manner.private else part_of[_side(street.start, number, gates)]
        for number, street in enumerate(streets)
    ]

    # private gates inside one part are shut
    for met in gates.values():
        (one, _), (other, _) = met
        if part[one] >= 0 and part[one] == part[other]:
            streets, fresh = _moved(streets, met[1], fresh), fresh - 1

    # of parts that only private gates and ways join, the longest is the streets
    return _pockets_private(streets, part, squares)


def _side(node: int, street: int, gates: dict[int, list]) -> object:
    """Return a node's name in a graph that private gates part: each side of a gate is a node of its own."""
    return (node, street) if node in gates else node


def _moved(streets: list[Street], end: tuple[int, str], fresh: int) -> list[Street]:
    """Return the streets with one end moved to a node of its own at the same place."""
    number, which = end
    return [*streets[:number], replace(streets[number], **{which: fresh}), *streets[number + 1 :]]


def _pockets_private(streets: list[Street], part: list[int], squares: list[Square]) -> list[Street]:
    """Return the streets with those of pockets marked private."""
    length: Counter[int] = Counter()
    for number, street in enumerate(streets):
        length[part[number]] += float(segment_m(street.lonlat).sum())
    whole = _joined(streets, squares)
    starting = defaultdict(set)
    for number, street in enumerate(streets):
        starting[street.start].add(part[number])
    pockets: set[int] = set()
    for nodes in nx.connected_components(whole):
        parts = set().union(*(starting[node] for node in nodes)) - {-1}
        if len(parts) > 1:
            main = max(parts, key=lambda one: length[one])
            pockets |= parts - {main}
    return [
        replace(street, manner=replace(street.manner, private=True))
        if part[number] in pockets
        else street
        for number, street in enumerate(streets)
    ]


def _measured(
    streets: list[Street],
    plane: Plane,
    shut: dict[int, tuple[float, float]],
    squares: list[Square],
) -> Streets:
    """Return the streets on the plane, each measured once along its geometry, with their components."""
    segments = [segment_m(street.lonlat) for street in streets]
    at_m = [np.concatenate([[0.0], np.cumsum(meters)]) for meters in segments]
    length_m = rounded(np.array([at[-1] for at in at_m]))
    graph = _joined(streets, squares)
    component_of = {}
    for number, nodes in enumerate(nx.connected_components(graph)):
        component_of.update(dict.fromkeys(nodes, number))
    component = np.array([component_of[street.start] for street in streets])
    xy = [plane.xy(street.lonlat) for street in streets]
    node_xy = {}
    for street, course in zip(streets, xy, strict=True):
        node_xy[street.start], node_xy[street.end] = course[0], course[-1]
    component_m = np.bincount(component, weights=length_m)
    return Streets(
        plane, streets, xy, length_m, at_m, component, component_m, shut, node_xy, squares
    )
