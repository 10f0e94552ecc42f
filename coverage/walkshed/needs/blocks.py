"""Blocks made from the map: residential areas, or the street blocks between streets; people shared out over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray, ObjectArray
from walkshed.model.extract import Extract
from walkshed.model.network import StreetNetwork
from walkshed.model.places import Block, Form, PeopleSource
from walkshed.needs.dwellings import Dwellings

#: Ways that carry traffic or a street's name bound a street block; footways, service ways and steps
#: cross it.
BOUNDING_CLASSES = frozenset(
    {
        *(
            "trunk",
            "trunk_link",
            "primary",
            "primary_link",
            "secondary",
            "secondary_link",
            "tertiary",
            "tertiary_link",
        ),
        *("unclassified", "residential", "living_street", "pedestrian", "road"),
    }
)
LANE_M = 25.0  # parts of one name this close are one compound on both sides of a lane
MIN_BLOCK_M2 = 400.0
SLIVER = 0.01  # neighbors drawn by hand overlap by slivers: up to this share of the smaller one
NEAR_STREET_M = 100.0  # where no dwelling is mapped: people live this close to a street
SQUARE_M, LARGEST_BLOCK_M = 400.0, 800.0
MIN_BLOCK_HALF_WIDTH_M = 6.0  # thinner faces are medians and the space between two carriageways


def street_blocks(
    network: StreetNetwork, homes: Dwellings, *, unmapped: bool = False
) -> tuple[Block, ...]:
    """Return the faces between named or trafficked streets that hold dwellings, numbered from the north-west.

    Each is named after the two streets that bound it longest. Faces cut open by the extract's edge
    are not closed and therefore missing. ``unmapped``: where hardly any dwelling is mapped, all
    faces, each as far as 100 m from a street.
    """
    bounding = _bounding_edges(network)
    lines = np.array([_edge_line(network, edge) for edge in bounding], dtype=object)
    faces = _faces(lines)
    faces = _beside_streets(faces, lines) if unmapped else faces[_floor_m2(faces, homes) > 0]
    if len(faces) == 0:
        raise InvalidValueError(
            f"{network.source}: no street block with a mapped dwelling; draw the blocks, or take [blocks] from = 'osm'"
        )
    faces = _northwest_first(faces)
    return _numbered(network, _street_names(network, bounding, lines, faces), faces)


def _faces(lines: ObjectArray) -> ObjectArray:
    """Return the faces that lines enclose, without slivers."""
    faces = (
        shapely.get_parts(shapely.polygonize([shapely.union_all(lines)]))
        if len(lines)
        else np.empty(0, object)
    )
    wide = ~shapely.is_empty(shapely.buffer(faces, -MIN_BLOCK_HALF_WIDTH_M, quad_segs=2))
    kept: ObjectArray = faces[(shapely.area(faces) >= MIN_BLOCK_M2) & wide]
    return kept


def _beside_streets(faces: ObjectArray, lines: ObjectArray) -> ObjectArray:
    """Return the faces cut back to the ground within 100 m of a street: nobody lives in the middle of a lake."""
    deep = np.flatnonzero(~shapely.is_empty(shapely.buffer(faces, -NEAR_STREET_M, quad_segs=2)))
    face, line = shapely.STRtree(lines).query(faces[deep], predicate="intersects")
    cut = faces.copy()
    for position, row in enumerate(deep):
        streets = shapely.union_all(lines[np.sort(line[face == position])])
        near = shapely.buffer(streets, NEAR_STREET_M, quad_segs=2)
        cut[row] = shapely.multipolygons(_polygons(shapely.intersection(faces[row], near)))
    west, south, east, north = shapely.bounds(cut).T if len(cut) else np.empty((4, 0))
    large = np.maximum(east - west, north - south) > LARGEST_BLOCK_M
    squares = [_squares(outline) for outline in cut[large]]
    return np.concatenate([cut[~large], *squares]) if squares else cut


def _squares(ground: shapely.Geometry) -> ObjectArray:
    """Return the ground cut along squares of 400 m: what reaches over kilometers is no place to judge as one."""
    west, south, east, north = ground.bounds
    xs = np.arange(np.floor(west / SQUARE_M), np.ceil(east / SQUARE_M)) * SQUARE_M
    ys = np.arange(np.floor(south / SQUARE_M), np.ceil(north / SQUARE_M)) * SQUARE_M
    x, y = np.tile(xs, len(ys)), np.repeat(ys, len(xs))
    squares = shapely.box(x, y, x + SQUARE_M, y + SQUARE_M)
    parts = shapely.intersection(squares[shapely.intersects(ground, squares)], ground)
    outlines = [shapely.multipolygons(polygons) for part in parts if (polygons := _polygons(part))]
    return np.array([outline for outline in outlines if outline.area >= MIN_BLOCK_M2], dtype=object)


def _northwest_first(faces: ObjectArray) -> ObjectArray:
    centers = shapely.get_coordinates(shapely.centroid(faces))
    ordered: ObjectArray = faces[np.lexsort([centers[:, 0], -np.round(centers[:, 1] / 50.0)])]
    return ordered


def _numbered(network: StreetNetwork, names: list[str], faces: ObjectArray) -> tuple[Block, ...]:
    width = max(3, len(str(len(faces))))
    return tuple(
        _block(f"B{number:0{width}d}", name, outline, Form.STREET_BLOCK)
        for number, (name, outline) in enumerate(
            zip(names, network.plane.geometry_to_lonlat(faces)), start=1
        )
    )


def share_of_faces_with_homes(network: StreetNetwork, homes: Dwellings) -> float:
    """Return how many of the faces between streets hold a mapped dwelling, as a share; 0 without any face."""
    lines = np.array([_edge_line(network, edge) for edge in _bounding_edges(network)], dtype=object)
    faces = _faces(lines)
    return float(np.mean(_floor_m2(faces, homes) > 0)) if len(faces) else 0.0


def ground_around_streets(network: StreetNetwork) -> tuple[Block, ...]:
    """Return the ground within 100 m of any way, cut into squares of 400 m, numbered from the north-west.

    The last resort for a map whose streets enclose nothing: where people may live, not where they
    do.
    """
    lines = np.array(
        [_edge_line(network, edge) for edge in range(network.edge_count)], dtype=object
    )
    ground = shapely.union_all(shapely.buffer(lines, NEAR_STREET_M, quad_segs=2))
    cells = _northwest_first(_squares(ground))
    names = _street_names(network, list(range(network.edge_count)), lines, cells)
    return _numbered(network, names, cells)


def residential_blocks(extract: Extract, network: StreetNetwork) -> tuple[Block, ...]:
    """Return the mapped residential areas: parts of one name that touch are one block, and overlaps count once.

    Where two areas overlap, the smaller keeps the ground: a named compound inside a larger
    residential area. Blocks are ordered by OSM type and id; the id of a block is that of its first
    part.
    """
    rows = [
        row for row, tags in enumerate(extract.areas.tags) if tags.get("landuse") == "residential"
    ]
    if not rows:
        raise InvalidValueError(
            f"{extract.source}: no area with landuse=residential; draw the blocks, or take [blocks] from = 'streets'"
        )
    outlines = shapely.make_valid(network.plane.geometry_to_xy(extract.areas.geometry[rows]))
    names = [extract.areas.tags[row].get("name", "") for row in rows]
    ids = [f"{extract.areas.osm_type[row]}{extract.areas.osm_id[row]}" for row in rows]
    groups = _same_name_and_touching(names, outlines)
    merged = np.array([shapely.union_all(outlines[group]) for group in groups], dtype=object)
    clear = _overlaps_once(merged)
    geometry = network.plane.geometry_to_lonlat(clear)
    return tuple(
        _block(ids[group[0]], names[group[0]] or ids[group[0]], outline, Form.COMPOUND)
        for group, outline, plane_outline in zip(groups, geometry, clear)
        if shapely.area(plane_outline) > 0
    )


def share_people(
    blocks: tuple[Block, ...], network: StreetNetwork, homes: Dwellings, total: float
) -> tuple[Block, ...]:
    """Return ``blocks`` with ``total`` people shared out, by floor area, over those that have no people of their own.

    People that blocks do state are taken off the total first. Without any mapped dwelling, the
    blocks' areas weigh. Ground on which blocks overlap counts once: the smaller one has it, whether
    or not its people are stated.
    """
    lacking = [row for row, block in enumerate(blocks) if block.people is None]
    rest = total - sum(block.people for block in blocks if block.people is not None)
    if not lacking or rest <= 0:
        return blocks
    outlines = network.plane.geometry_to_xy(
        np.array([block.geometry for block in blocks], dtype=object)
    )
    outlines = (_overlaps_once(outlines) if _overlap(outlines) else outlines)[lacking]
    weight = _floor_m2(outlines, homes)
    if weight.sum() == 0:
        weight = shapely.area(outlines)
    if weight.sum() == 0:
        weight = np.ones(len(lacking))
    shared = dict(zip(lacking, rest * weight / weight.sum()))
    return tuple(
        replace(block, people=float(shared[row]), people_source=PeopleSource.ESTIMATED)
        if row in shared
        else block
        for row, block in enumerate(blocks)
    )


def _block(block_id: str, name: str, outline: shapely.Geometry, form: Form) -> Block:
    return Block(
        id=block_id,
        name=name,
        kind="",
        people=None,
        people_source=PeopleSource.NONE,
        groups={},
        households=None,
        subdistrict="",
        community="",
        geometry=outline,
        form=form,
    )


def _floor_m2(outlines: ObjectArray, homes: Dwellings) -> FloatArray:
    """Return the residential floor area whose building stands in each outline."""
    floor = np.zeros(len(outlines))
    if len(homes.floor_m2):
        building, outline = shapely.STRtree(outlines).query(
            shapely.points(homes.xy), predicate="intersects"
        )
        np.add.at(floor, outline, homes.floor_m2[building])
    return floor


def _bounding_edges(network: StreetNetwork) -> list[int]:
    classes = [name in BOUNDING_CLASSES for name in network.highway_classes]
    return [int(edge) for edge in np.flatnonzero(np.array(classes)[network.highway])]


def _edge_line(network: StreetNetwork, edge: int) -> shapely.LineString:
    first, last = network.vertex_from[edge], network.vertex_from[edge + 1]
    return shapely.LineString(network.vertex_xy[first:last])


def _street_names(
    network: StreetNetwork, edges: list[int], lines: ObjectArray, faces: ObjectArray
) -> list[str]:
    """Return "A / B" after the two named streets that run longest along each face; its number when none has a name."""
    middles = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    face, line = shapely.STRtree(middles).query(
        shapely.boundary(faces), predicate="dwithin", distance=1.0
    )
    meters: list[dict[str, float]] = [{} for _ in faces]
    for row, position in zip(face, line):
        edge = edges[int(position)]
        name = network.names[network.name[edge]]
        if name:
            meters[row][name] = meters[row].get(name, 0.0) + float(network.edge_m[edge])
    named = []
    for meters_of in meters:
        longest_first = sorted(meters_of.items(), key=lambda item: (-item[1], item[0]))
        named.append([name for name, _ in longest_first[:2]])
    return [
        " / ".join(pair) if pair else f"Block {number}"
        for number, pair in enumerate(named, start=1)
    ]


def _same_name_and_touching(names: Sequence[str], outlines: ObjectArray) -> list[list[int]]:
    """Return groups of rows: named alike and touching, directly or through one another; the unnamed stand alone.

    Parts that only a lane keeps apart touch: 祁连四村 in Shanghai is drawn as two areas, 17 m from
    each other.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    a, b = shapely.STRtree(outlines).query(outlines, predicate="dwithin", distance=LANE_M)
    alike = np.array([names[i] != "" and names[i] == names[j] for i, j in zip(a, b)], dtype=bool)
    size = len(names)
    links = coo_array(
        (np.ones(int(alike.sum()), dtype=np.int8), (a[alike], b[alike])), shape=(size, size)
    )
    _, group = connected_components(links, directed=False)
    members: dict[int, list[int]] = {}
    for row, label in enumerate(group):
        members.setdefault(int(label), []).append(row)
    return sorted(members.values())


def _overlap(outlines: ObjectArray) -> bool:
    """Return whether any two outlines share more ground than the slivers of neighbors."""
    area = shapely.area(outlines)
    one, two = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    one, two = one[one < two], two[one < two]
    shared = shapely.area(shapely.intersection(outlines[one], outlines[two]))
    return bool(np.any(shared > SLIVER * np.minimum(area[one], area[two])))


def _overlaps_once(outlines: ObjectArray) -> ObjectArray:
    """Return the outlines with each overlap left to the smaller one (of equals, to the earlier)."""
    area = shapely.area(outlines)
    tree = shapely.STRtree(outlines)
    clear = outlines.copy()
    for row, outline in enumerate(outlines):
        others = tree.query(outline, predicate="intersects")
        smaller = [other for other in sorted(others) if (area[other], other) < (area[row], row)]
        if smaller:
            clear[row] = shapely.make_valid(
                shapely.difference(outline, shapely.union_all(outlines[smaller]))
            )
    polygons = [shapely.multipolygons(_polygons(outline)) for outline in clear]
    result = np.empty(len(polygons), dtype=object)
    result[:] = polygons
    return result


def _polygons(geometry: shapely.Geometry) -> list[shapely.Polygon]:
    """Return the polygons of a geometry, lines and points left out."""
    parts = shapely.get_parts(geometry) if geometry.geom_type != "Polygon" else np.array([geometry])
    found: list[shapely.Polygon] = []
    for part in parts:
        if part.geom_type == "Polygon":
            found.append(part)
        elif part.geom_type in {"MultiPolygon", "GeometryCollection"}:
            found.extend(_polygons(part))
    return found
