"""A place fetched by name: its boundary from Nominatim, its map from Overpass, through osmnx; every answer kept."""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from walkshed.errors import InvalidValueError, OutsideServiceError, shorten
from walkshed.osm.cut import Box, Ground
from walkshed.osm.written import reserve

#: Nominatim and Overpass as osmnx knows them.
PUBLIC_SERVERS = ("https://nominatim.openstreetmap.org/", "https://overpass-api.de/api")
PLACE_FILE = "place.osm.pbf"
#: What is asked for: streets and whatever later rooms look for (walkshed.osm.keys); every tag of it
#: comes along.
_KEYS = (
    *(
        "highway",
        "building",
        "landuse",
        "natural",
        "leisure",
        "amenity",
        "office",
        "shop",
        "healthcare",
    ),
    *(
        "social_facility",
        "tourism",
        "barrier",
        "entrance",
        "place",
        "railway",
        "public_transport",
        "waterway",
    ),
)
#: 44 km: no town. osmnx asks for no more in one query (2,500 km²), so that an answer is whole or
#: missing.
_LARGEST_DEGREES = 0.4
_TIMEOUT_S = 180


@dataclass(frozen=True, slots=True)
class Fetched:
    """The file with the map of a place, and its boundary."""

    path: Path
    ground: Ground


def fetch_place(
    place: str, answers: Path, *, servers: tuple[str | None, str | None] | None = None
) -> Fetched:
    """Return the map of a place as an OSM file beside the kept answers, asking the servers only for what is missing.

    Everything within the box of the boundary is fetched, so that streets and stations beside it are
    known. Answers go into a folder of ``answers`` named after the place and the servers; a second
    call needs no network. Raises ``OutsideServiceError`` when a server cannot be reached or fails
    (what was answered is kept), and ``InvalidValueError`` when no such place with an outline is
    known.
    """
    if not place.strip():
        raise InvalidValueError(
            "place is empty; write a name that Nominatim knows, such as 潮州市湘桥区"
        )
    given = servers or (None, None)
    nominatim, overpass = given[0] or PUBLIC_SERVERS[0], given[1] or PUBLIC_SERVERS[1]
    key = hashlib.sha256(f"{place}\n{nominatim}\n{overpass}".encode()).hexdigest()[:12]
    kept = answers / key
    _drop_halves(kept)
    with _osmnx(kept, nominatim, overpass) as osmnx:
        boundary = _boundary(osmnx, place, nominatim)
        west, south, east, north = boundary.bounds
        if max(east - west, north - south) > _LARGEST_DEGREES:
            raise InvalidValueError(
                f"place = {place!r}: reaches over {east - west:.1f} by {north - south:.1f} degrees, a region rather "
                "than a town; name a smaller place"
            )
        box = (round(west, 7), round(south, 7), round(east, 7), round(north, 7))
        _ask_overpass(osmnx, box, place, overpass)
    path = kept / PLACE_FILE
    elements = _elements(kept)
    if elements is None:
        raise OutsideServiceError(
            f"{overpass}: failed on the map of {place!r}; try again later (what was answered is kept), name another "
            "server with --overpass-url, or give an extract instead"
        )
    _write(elements, path, box, place)
    return Fetched(path, Ground(box, boundary))


@contextmanager
def _osmnx(kept: Path, nominatim: str, overpass: str) -> Iterator[Any]:
    """Yield osmnx with our servers and our folder for answers; its settings are put back afterwards.

    osmnx also replaces ``socket.getaddrinfo`` for its requests; that is put back too.
    """
    import osmnx

    wanted = {
        "use_cache": True,
        "cache_folder": str(kept),
        "cache_only_mode": False,
        "nominatim_url": nominatim,
        "overpass_url": overpass,
        "requests_timeout": _TIMEOUT_S,
        # one's own server has no slots to wait for
        "overpass_rate_limit": overpass == PUBLIC_SERVERS[1],
        "log_file": False,
        "log_console": False,
        "http_user_agent": "walkshed (via osmnx)",
    }
    before = {name: getattr(osmnx.settings, name) for name in wanted}
    resolver = socket.getaddrinfo
    for name, value in wanted.items():
        setattr(osmnx.settings, name, value)
    try:
        yield osmnx
    finally:
        for name, value in before.items():
            setattr(osmnx.settings, name, value)
        socket.getaddrinfo = resolver


def _boundary(osmnx: Any, place: str, server: str) -> shapely.Geometry:  # noqa: ANN401 (the module)
    from osmnx._errors import InsufficientResponseError

    with _service(server, "boundary"):
        try:
            found = osmnx.geocode_to_gdf(place)
        except (InsufficientResponseError, TypeError):
            raise InvalidValueError(
                f"place = {place!r}: {server} knows no place of that name with an outline; "
                "write it as on openstreetmap.org, with the city: 潮州市湘桥区"
            ) from None
    return shapely.make_valid(found.geometry.iloc[0])


def _ask_overpass(osmnx: Any, box: Box, place: str, server: str) -> None:  # noqa: ANN401 (the module)
    """Have osmnx fetch, and keep, everything within the box; its frames are not needed."""
    from osmnx._errors import CacheOnlyInterruptError

    osmnx.settings.cache_only_mode = True
    with _service(server, f"map of {place!r}"):
        try:
            osmnx.features_from_polygon(shapely.box(*box), tags=dict.fromkeys(_KEYS, True))
        except CacheOnlyInterruptError:  # how osmnx says that all answers are in the folder
            return


@contextmanager
def _service(server: str, what: str) -> Iterator[None]:
    from osmnx._errors import InsufficientResponseError, ResponseStatusCodeError
    from requests.exceptions import RequestException

    try:
        yield
    except (
        RequestException,
        InsufficientResponseError,
        ResponseStatusCodeError,
        OSError,
        KeyError,
    ) as error:
        if isinstance(error, InvalidValueError):
            raise
        reason = shorten(" ".join(str(error).split()), 160) or type(error).__name__
        raise OutsideServiceError(
            f"{server}: gave no {what} ({reason}); try again later (what was answered is kept), name another server "
            "with --nominatim-url and --overpass-url, or give an extract instead"
        ) from error


def _drop_halves(kept: Path) -> None:
    """Remove kept answers that a process left half written: they are asked for again."""
    for path in sorted(kept.glob("*.json")):
        try:
            json.loads(path.read_bytes())
        except ValueError:
            path.unlink()


def _elements(kept: Path) -> list[dict[str, Any]] | None:
    """Return the elements of all kept answers of Overpass; None where there is none (osmnx keeps no failed ones)."""
    found: list[dict[str, Any]] | None = None
    for path in sorted(kept.glob("*.json")):
        try:
            answer = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            path.unlink()  # half written by a run that was killed
            raise OutsideServiceError(
                f"{path.name}: a kept answer was broken and is removed; run again"
            ) from None
        if isinstance(answer, dict):
            if "runtime error" in str(answer.get("remark", "")):
                path.unlink()
                raise OutsideServiceError(
                    f"{path.name}: a kept answer is half of one "
                    f"({shorten(str(answer['remark']), 160)}) and is removed; run again"
                )
            elements = [
                element for element in answer.get("elements", []) if isinstance(element, dict)
            ]
            found = [*(found or []), *elements]
    return found


def _write(elements: list[dict[str, Any]], path: Path, box: Box, place: str) -> None:
    """Write Overpass' elements as an OSM file: nodes, ways, relations, each by id and once."""
    import osmium
    from osmium.osm import mutable

    by_type: dict[str, dict[int, dict[str, Any]]] = {"node": {}, "way": {}, "relation": {}}
    for element in elements:
        kind, number = element.get("type"), element.get("id")
        if kind in by_type and isinstance(number, int):
            known = by_type[kind].get(number)
            if known is None or (not known.get("tags") and element.get("tags")):
                by_type[kind][number] = element
    if not by_type["way"]:
        raise InvalidValueError(
            f"place = {place!r}: Overpass holds no street there; name another place"
        )
    header = osmium.io.Header()
    header.set("generator", "walkshed")
    header.add_box(osmium.osm.Box(*box))
    reserve(
        path,
        (
            (len(element.get("nodes") or element.get("members") or ()), element.get("tags", {}))
            for known in by_type.values()
            for element in known.values()
        ),
    )
    with osmium.SimpleWriter(str(path), header=header, overwrite=True) as writer:
        for number, node in sorted(by_type["node"].items()):
            place_of = (node["lon"], node["lat"])
            writer.add_node(
                mutable.Node(id=number, version=1, location=place_of, tags=node.get("tags", {}))
            )
        for number, way in sorted(by_type["way"].items()):
            writer.add_way(
                mutable.Way(
                    id=number, version=1, nodes=way.get("nodes", []), tags=way.get("tags", {})
                )
            )
        for number, relation in sorted(by_type["relation"].items()):
            members = [
                (m["type"][0], m["ref"], m.get("role", "")) for m in relation.get("members", [])
            ]
            tags = relation.get("tags", {})
            writer.add_relation(mutable.Relation(id=number, version=1, members=members, tags=tags))
