"""What a graph of osmnx or networkx says: where its nodes lie, how its edges run and are walked."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray
from walkshed.model.ground.plane import Plane
from walkshed.model.messages import Message
from walkshed.streets.doors.to_networkx import ENTERING, INNER, PLANE
from walkshed.streets.profile import Profile

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.Graph[Any]

Data = Mapping[str, Any]
Convert = Callable[[FloatArray], FloatArray]


def degrees_of(G: Graph) -> Convert:  # noqa: N803
    """Return a function from the graph's coordinates to WGS84 degrees."""
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError

    stated = G.graph.get("crs")
    if stated is None:
        raise InvalidValueError(
            'osmnx graph: has no CRS; set G.graph["crs"] = "epsg:4326" '
            "or the one its x and y are in"
        )
    try:
        crs = CRS.from_user_input(stated)
    except CRSError:
        raise InvalidValueError(
            Message(
                "osmnx graph: CRS {stated!r} is unknown; write an EPSG code, such as epsg:4326",
                stated=stated,
            )
        ) from None

    wgs84 = CRS.from_epsg(4326)
    if crs.equals(wgs84, ignore_axis_order=True):
        return lambda xy: np.asarray(xy, dtype=np.float64)
    transformer = Transformer.from_crs(crs, wgs84, always_xy=True)
    return lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))


def stated_plane(G: Graph) -> Plane | None:  # noqa: N803
    """Return the plane on which ``to_networkx`` found the graph's network.

    None for another graph.
    """
    words = str(G.graph.get(PLANE, "")).split()
    try:
        lon0, lat0 = map(float, words)
    except ValueError:
        return None
    return Plane(lon0=lon0, lat0=lat0)


def node_places(
    G: Graph,  # noqa: N803
    to_lonlat: Convert,
) -> tuple[FloatArray, dict[Hashable, int]]:
    """Return (n, 2) degrees, and each node's row, from west to east whatever the graph's order."""
    places = []
    for node, data in G.nodes(data=True):
        try:
            x, y = float(data["x"]), float(data["y"])
        except (KeyError, TypeError, ValueError):
            raise InvalidValueError(
                Message(
                    "osmnx graph, node {node!r}: has no x and y; add them as numbers", node=node
                )
            ) from None
        places.append((x, y, str(node), node))

    # nodes that ``to_networkx`` numbered keep their order
    if PLANE in G.graph and all(isinstance(place[3], int) for place in places):
        places.sort(key=lambda place: place[3])
    else:
        places.sort(key=lambda place: place[:3])

    xy = np.array([place[:2] for place in places], dtype=np.float64).reshape(-1, 2)
    lonlat = to_lonlat(xy)
    if not (np.isfinite(lonlat).all() and (np.abs(lonlat) <= [180.0, 90.0]).all()):
        raise InvalidValueError(
            Message(
                "osmnx graph: has nodes that lie nowhere on Earth; check its CRS ({crs})",
                crs=G.graph["crs"],
            )
        )
    return lonlat, {place[3]: row for row, place in enumerate(places)}


def node_id_of(node: Hashable, stated: object) -> int:
    """Return the OSM id that a node states, else its label where it can be one, else 0."""
    label = node if stated is None else stated
    if isinstance(label, int) and abs(label) < 2**63:
        return label
    return 0


def course_of(
    start: FloatArray,
    end: FloatArray,
    geometry: Any,  # noqa: ANN401
    to_lonlat: Convert,
) -> FloatArray:
    """Return (v, 2) degrees from ``start`` to ``end``; a geometry that falls short is drawn on."""
    if geometry is None:
        return np.stack([start, end])

    # undirected graphs keep either direction
    course = to_lonlat(shapely.get_coordinates(geometry))
    if np.hypot(*(course[0] - start)) > np.hypot(*(course[-1] - start)):
        course = course[::-1]

    # an end that is the node's place is drawn once
    before = [] if np.allclose(course[0], start, rtol=0, atol=1e-9) else [course[:1]]
    after = [] if np.allclose(course[-1], end, rtol=0, atol=1e-9) else [course[-1:]]
    return np.vstack([start[None], *before, course[1:-1], *after, end[None]])


def is_inner(data: Data) -> bool:
    """Return whether an edge is a line across a square, which is no street.

    Files hold such marks as words.
    """
    return str(data.get(INNER)) == "True"


def words_of(value: object) -> list[str]:
    """Return an attribute as sorted words: osmnx joins those of merged edges into lists."""
    if value is None or value != value:
        return []
    if isinstance(value, Iterable) and not isinstance(value, str):
        return sorted({str(word) for word in value})
    return [str(value)]


def first_id(words: list[str]) -> int:
    """Return the lowest OSM id, 0 without one."""
    return min((int(word) for word in words if word.lstrip("-").isdigit()), default=0)


def directions(profile: Profile, data: Data) -> tuple[bool, bool]:
    """Return whether walkers may go along an edge, and against it.

    The tags speak of the way as it was drawn.
    """
    tags = {key: str(value) for key, value in data.items() if isinstance(value, str)}
    rule = profile.answer("direction", tags)
    way = "both" if rule is None else rule.walk
    with_drawing, against_drawing = way != "backward", way != "forward"
    if data.get("reversed") is True:
        return against_drawing, with_drawing
    return with_drawing, against_drawing


def is_private(profile: Profile, words: Mapping[str, list[str]]) -> bool:
    """Return whether any of the ways that an edge was merged from is walked at the ends only."""
    tags = {key: ";".join(values) for key, values in words.items() if values}
    rule = profile.answer("access", tags)
    return (rule is not None and rule.walk == "private") or profile.only_at_ends(tags)


def is_enterable(profile: Profile, words: Mapping[str, list[str]]) -> bool:
    """Return whether people step onto an edge between its ends.

    Of a merged edge the first word counts.
    """
    if words[ENTERING] == ["ends"]:
        return False
    return profile.enterable({key: values[0] for key, values in words.items() if values})
