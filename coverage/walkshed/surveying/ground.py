"""Where the map may be wrong: one unmapped gate, one shut gate that is open, one lane that nobody drew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import shapely
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import dijkstra
from shapely import LineString

from walkshed.frames.streets import read_lanes
from walkshed.groundwork import streets_with_lanes, with_open_gates
from walkshed.model.arrays import FloatArray, IntArray, ObjectArray
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.judged.verdicts import ExitKind
from walkshed.model.town.places import Form, Gate
from walkshed.model.town.survey import NONE, OPEN, Fact, FactKind, Reason
from walkshed.needs.people.faces import lines_of
from walkshed.streets.barriers import closed_nodes
from walkshed.streets.drawn.extra import Lanes
from walkshed.surveying.bounds import Lacking, by_gate, by_lanes, lacking_of, meters_to_services
from walkshed.surveying.candidates import Candidate, having
from walkshed.surveying.town import Town, people_turned, town_on, with_exits

#: A gate may be where a way ends, or passes, so near to the edge of a compound.
_WAY_AT_EDGE_M = 20.0
#: A shut barrier is the compound's so near to its edge.
_BARRIER_AT_EDGE_M = 15.0
#: The edge is looked at every so many meters; what is nearer to an exit is that exit.
_ALONG_EDGE_M, _SAME_GATE_M = 40.0, 25.0
#: A lane may lack between the end of a way and another way so near, if the walk around is so long.
_GAP_M, _AROUND_M, _TIMES = 60.0, 150.0, 3.0


def gate_candidates(town: Town) -> Iterator[Candidate]:
    """Yield places at which compounds may have a gate that nobody knows, and gates that may be none."""
    lack, worth, served = lacking_of(town), town.worth, having(town)
    places = list(_places(town, lack))
    onward = meters_to_services(town, np.array([xy for _, xy, _ in places]).reshape(-1, 2))
    for (row, xy, reason), onward_m in zip(places, onward, strict=True):
        most = by_gate(town, lack, row, xy, onward_m)
        if most > 0.0:
            yield _gate(town, row, xy, reason, known=NONE, most=most)

    # gates that may be none
    start, exits = town.residents.demand.start, town.residents.demand.exit_start
    for row in _compounds(town):
        points = slice(int(start[row]), int(start[row + 1]))
        loss = float((worth[points] * served[points]).sum())
        there = town.residents.demand.exit_xy[exits[row] : exits[row + 1]]
        if loss > 0.0:
            for xy, reason in _guessed(town, row, there):
                yield _gate(town, row, xy, reason, known=OPEN, most=loss)


def _compounds(town: Town) -> list[int]:
    """Return the blocks behind an edge of their own that is drawn."""
    shapes = np.array([block.geometry for block in town.residents.blocks], dtype=object)
    drawn = shapely.get_dimensions(shapes) == 2
    forms = [block.form for block in town.residents.blocks]
    return [row for row, form in enumerate(forms) if drawn[row] and form is Form.COMPOUND]


def _places(town: Town, lack: Lacking) -> Iterator[tuple[int, FloatArray, Reason]]:
    """Yield where compounds whose people lack something may have a gate."""
    shapes = np.array([block.geometry for block in town.residents.blocks], dtype=object)
    outlines = town.network.plane.geometry_to_xy(shapes)
    ends, barriers, tree = _dead_ends(town), _barriers(town), shapely.STRtree(_lines(town))
    start, exits = town.residents.demand.start, town.residents.demand.exit_start
    for row in _compounds(town):
        if lack.worth[:, start[row] : start[row + 1]].any():
            there = town.residents.demand.exit_xy[exits[row] : exits[row + 1]]
            for xy, reason in _possible(outlines[row], there, ends, barriers, tree):
                yield row, xy, reason


def _gate(
    town: Town, row: int, xy: FloatArray, reason: Reason, *, known: str, most: float
) -> Candidate:
    """Return a gate of a block that is there as far as anybody knows, or not."""
    block = town.residents.blocks[row]
    lon, lat = town.network.plane.to_lonlat(xy[None])[0]
    place = round(float(lon), 7), round(float(lat), 7)
    gate = (Gate(block.id, *place),)
    if reason is Reason.SHUT:
        most = float(town.worth.sum()) * len(town.inputs.services)
    turn = partial(with_exits, town, row, **{"opened" if known == NONE else "shut": gate})
    return Candidate(
        fact=Fact(FactKind.GATE, block.id, (place,), known),
        reason=reason,
        name=block.name,
        area=(block.subdistrict, block.community),
        xy=(float(xy[0]), float(xy[1])),
        most=most,
        ends=() if reason is not Reason.ENDS else _ends_near(town, xy),
        people=partial(_with_gate_open, town, gate[0])
        if reason is Reason.SHUT
        else lambda: people_turned(town, *turn()),
    )


def _possible(
    outline: shapely.Geometry,
    there: FloatArray,
    ends: FloatArray,
    barriers: FloatArray,
    ways: shapely.STRtree,
) -> Iterator[tuple[FloatArray, Reason]]:
    """Yield where a gate may be that nobody knows: shut by the map, at the end of a way, where a way passes."""
    ring = shapely.boundary(outline)
    found = [(xy, Reason.SHUT) for xy in _beside(ring, barriers, _BARRIER_AT_EDGE_M)]
    found += [(_on(ring, xy), Reason.ENDS) for xy in _beside(ring, ends, _WAY_AT_EDGE_M)]
    steps = np.arange(0.0, shapely.length(ring), _ALONG_EDGE_M)
    along = shapely.get_coordinates(shapely.line_interpolate_point(ring, steps))
    near, _ = ways.query(shapely.points(along), predicate="dwithin", distance=_WAY_AT_EDGE_M)
    found += [(xy, Reason.PASSES) for xy in along[np.unique(near)]]

    # each place once, and none where there is an exit
    taken = [*there]
    for xy, reason in found:
        gap_m = _SAME_GATE_M if reason is not Reason.SHUT else 1.0
        if all(np.hypot(*(xy - other)) > gap_m for other in taken):
            taken.append(xy)
            yield xy, reason


def _guessed(town: Town, row: int, there: FloatArray) -> Iterator[tuple[FloatArray, Reason]]:
    """Yield exits that somebody stated, or that are guessed."""
    kind = town.residents.demand.exit_kind[row]
    if kind is ExitKind.INFERRED:
        yield from ((xy, Reason.INFERRED) for xy in there)
    plane, block = town.network.plane, town.residents.blocks[row]
    given = [gate for gate in town.inputs.gates if gate.block in {block.id, block.name}]
    if given and kind is ExitKind.GIVEN:
        at = plane.to_xy(np.array([(gate.lon, gate.lat) for gate in given]))
        yield from ((xy, Reason.STATED) for xy in at)


def _ends_near(town: Town, xy: FloatArray) -> tuple[tuple[float, float], ...]:
    """Return the ends of ways that are near a gate."""
    ends = _dead_ends(town)
    near = np.hypot(*(ends - xy).T) <= _WAY_AT_EDGE_M
    return tuple(_named(end) for end in ends[near])


def _named(end: FloatArray) -> tuple[float, float]:
    """Return an end of a way as what it is told apart by, to a decimeter."""
    return round(float(end[0]), 1), round(float(end[1]), 1)


def _beside(ring: shapely.Geometry, xy: FloatArray, within_m: float) -> FloatArray:
    """Return the places near an edge."""
    away = shapely.distance(shapely.points(xy), ring) if len(xy) else np.empty(0)
    return np.asarray(xy[away <= within_m])


def _on(ring: shapely.Geometry, xy: FloatArray) -> FloatArray:
    """Return the point of an edge that is nearest to a place."""
    at = shapely.line_locate_point(ring, shapely.Point(xy))
    return np.asarray(shapely.get_coordinates(shapely.line_interpolate_point(ring, at))[0])


def _lines(town: Town) -> ObjectArray:
    """Return the ways that people can step onto."""
    return lines_of(town.network, _walked(town)).lines


def _walked(town: Town) -> IntArray:
    """Return the edges that people can step onto, of parts of the network that count."""
    net = town.network
    return np.flatnonzero(town.standing.usable[net.component] & net.enterable)


def _dead_ends(town: Town) -> FloatArray:
    """Return (n, 2) where ways end."""
    net = town.network
    ends = np.concatenate([net.edge_start, net.edge_end])
    degree = np.bincount(ends, minlength=net.node_count)
    return np.asarray(net.node_xy[degree == 1])


def _barriers(town: Town) -> FloatArray:
    """Return (n, 2) the gates of the map that are shut to everybody."""
    if town.extract is None:
        return np.empty((0, 2))
    closed = sorted(closed_nodes(town.extract, town.inputs.settings.streets.profile))
    gates = town.extract.gates
    shut = gates.geometry[np.isin(gates.osm_id, closed)]
    return town.network.plane.to_xy(shapely.get_coordinates(shut))


def _with_gate_open(town: Town, gate: Gate) -> float:
    """Return the people who hang on a gate that the map shuts: for them, and for whoever walks through."""
    assert town.extract is not None  # only a map shuts gates
    source, known = town.inputs.settings.streets, town.inputs.surveyed
    extract = with_open_gates(town.extract, source, (*known.opened, gate))
    network = streets_with_lanes(extract, source, known.lanes, drawn=_drawn(town))
    inputs = replace(town.inputs, surveyed=replace(known, opened=(*known.opened, gate)))
    return people_turned(town, town_on(inputs, extract, network).served)


def _drawn(town: Town) -> Lanes | None:
    """Return the lanes that the planner has drawn."""
    source = town.inputs.settings.streets
    if source.extra is None:
        return None
    return read_lanes(source.extra, join_m=source.extra_join_m)


def lane_candidates(town: Town) -> Iterator[Candidate]:
    """Yield where the end of a way lies near another way, and the walk around is long."""
    if town.extract is None or town.inputs.settings.streets.form != "osm":
        return
    net, plane, gaps = town.network, town.network.plane, list(_gaps(town))
    ends, feet = (np.array([gap[side] for gap in gaps]).reshape(-1, 2) for side in (0, 1))
    bounds = by_lanes(town, lacking_of(town), ends, feet)

    # those by which somebody may gain
    for end, foot, most in zip(ends, feet, bounds.tolist(), strict=True):
        if most <= 0.0:
            continue
        lonlat = plane.to_lonlat(np.array([end, foot]))
        at = tuple((round(float(lon), 7), round(float(lat), 7)) for lon, lat in lonlat)
        yield Candidate(
            fact=Fact(FactKind.LANE, "", at, NONE),
            reason=Reason.ENDS,
            name=_street_name(net, end),
            area=_area_near(town, (end + foot) / 2.0),
            xy=(float(end[0]), float(end[1])),
            most=most,
            people=partial(_with_lane, town, LineString(at)),
            ends=(_named(end), _named(foot)),
        )


def _street_name(net: StreetNetwork, end: FloatArray) -> str:
    """Return what the way that ends there is called; "" for none."""
    node = int(np.argmin(np.hypot(*(net.node_xy - end).T)))
    edges = np.flatnonzero((net.edge_start == node) | (net.edge_end == node))
    return net.names[net.name[edges[0]]] if len(edges) else ""


def _area_near(town: Town, xy: FloatArray) -> tuple[str, str]:
    """Return subdistrict and community of the people next to a place."""
    demand = town.residents.demand
    nearest = int(np.argmin(np.hypot(*(demand.xy - xy).T)))
    block = town.residents.blocks[int(demand.block[nearest])]
    return block.subdistrict, block.community


def _with_lane(town: Town, lane: LineString) -> float:
    """Return the people who hang on a lane that is not on the map."""
    assert town.extract is not None  # lanes lack of maps alone
    known = (*town.inputs.surveyed.lanes, lane)
    source = town.inputs.settings.streets
    network = streets_with_lanes(town.extract, source, known, drawn=_drawn(town))
    return people_turned(town, town_on(town.inputs, town.extract, network).served)


def _gaps(town: Town) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Yield the end of a way and the nearest place on each other way near it, each pair once."""
    ends, edges = _dead_ends(town), _walked(town)
    lines, graph = lines_of(town.network, edges).lines, _graph(town)
    barred = _in_the_way(town)
    points = shapely.points(ends)
    end, line = shapely.STRtree(lines).query(points, predicate="dwithin", distance=_GAP_M)
    seen: set[tuple[int, ...]] = set()
    for number in np.unique(end):
        # of the ways around, the nearest that is far to walk to
        around = line[end == number]
        order = np.argsort(shapely.distance(points[number], lines[around]), kind="stable")
        for edge in around[order]:
            foot = _on(lines[edge], ends[number])
            gap_m = float(np.hypot(*(foot - ends[number])))
            around_m = _walk_around_m(town, graph, ends[number], int(edges[edge]), foot)
            if around_m < max(_AROUND_M, _TIMES * gap_m) or gap_m < 1.0:
                continue
            straight = LineString([ends[number], foot])
            if any(shapely.intersects(shape, straight) for shape in barred(straight)):
                break
            pair = tuple(sorted(round(value) for value in (*ends[number], *foot)))
            if pair not in seen:
                seen.add(pair)
                yield ends[number], foot
            break


def _graph(town: Town) -> csr_matrix:
    """Return the streets as a matrix of meters, walked either way."""
    net = town.network
    size = (net.node_count, net.node_count)
    meters = np.maximum(net.edge_m, 1e-3)
    order = np.lexsort([-meters])
    found = coo_matrix((meters[order], (net.edge_start[order], net.edge_end[order])), shape=size)
    # of parallel edges the sum would be kept
    best = found.tolil()
    best[net.edge_start[order], net.edge_end[order]] = meters[order]
    return best.tocsr()


def _walk_around_m(
    town: Town, graph: csr_matrix, end: FloatArray, edge: int, foot: FloatArray
) -> float:
    """Return the meters from the end of a way to a place on an edge, at least; inf beyond what matters."""
    net = town.network
    node = int(np.argmin(np.hypot(*(net.node_xy - end).T)))
    most_m = _AROUND_M + _TIMES * _GAP_M
    away = dijkstra(graph, directed=False, indices=node, limit=most_m)
    ends = (int(net.edge_start[edge]), int(net.edge_end[edge]))
    to_foot = [float(np.hypot(*(net.node_xy[each] - foot))) for each in ends]
    return min(float(away[each]) + more for each, more in zip(ends, to_foot, strict=True))


def _in_the_way(town: Town) -> partial[Sequence[shapely.Geometry]]:
    """Return a function from a line to houses and water that it may cross."""
    assert town.extract is not None  # asked by who has one
    plane = town.network.plane
    areas, houses = town.extract.areas, town.extract.buildings
    wet = [row for row, tags in enumerate(areas.tags) if tags.get("natural") == "water"]
    shapes = plane.geometry_to_xy(
        np.concatenate([houses.geometry, areas.geometry[wet], town.extract.divides.geometry])
    )
    tree = shapely.STRtree(shapes)
    return partial(_crossed, tree)


def _crossed(tree: shapely.STRtree, line: LineString) -> Sequence[shapely.Geometry]:
    """Return what a line crosses."""
    return list(tree.geometries[tree.query(line, predicate="intersects")])
