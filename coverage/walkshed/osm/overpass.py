"""A place fetched by name: its boundary from Nominatim, its map from Overpass.

Every answer is cleaned, then kept. Nominatim: nominatim.org/release-docs (Search). Overpass: the
query language at wiki.openstreetmap.org/wiki/Overpass_API/Overpass_QL. How their servers are
treated: ``walkshed.outside``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely

from walkshed.errors import InvalidValueError, OutsideServiceError, shorten
from walkshed.model.marks import plain_values
from walkshed.model.messages import Message, fact_and_cure, without_place
from walkshed.osm.elements import by_type, unsound, write_elements
from walkshed.osm.ground import Box, Ground
from walkshed.outside.addresses import bare, under
from walkshed.outside.failures import BadAnswerError
from walkshed.outside.service import JsonService, Manners

#: The public ones; one's own are asked in the same way.
PUBLIC_SERVERS = ("https://nominatim.openstreetmap.org/", "https://overpass-api.de/api")
PLACE_FILE = "place.osm.pbf"
#: What is asked for: streets and whatever later rooms look for (walkshed.osm.tags.keys); every tag
#: of it comes along.
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
#: 44 km: no town.
_LARGEST_DEGREES = 0.4
#: Seconds that Overpass may work on the map.
_TIMEOUT_S = 180
#: Where the answers of one place are kept, and older ones beside them.
_BOUNDARY_FILE, _MAP_FILE = "boundary.json", "map.json"
#: An outline of a city has a few megabytes; the map of a town as JSON some twenty times its file.
_OF_NOMINATIM = Manners(every_s=1.1, timeout_s=60.0, tries=3, pause_s=2.0, most_bytes=50_000_000)
_OF_OVERPASS = Manners(
    every_s=1.0, timeout_s=_TIMEOUT_S + 20.0, tries=4, pause_s=5.0, most_bytes=400_000_000
)

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Fetched:
    """The file with the map of a place, and its boundary."""

    path: Path
    ground: Ground


@dataclass(slots=True)
class _Kept:
    """The answers in a folder: places of Nominatim, elements of Overpass.

    None for what is not there.
    """

    places: list[Any] | None = None
    elements: list[dict[str, Any]] | None = field(default=None)


def fetch_place(
    place: str,
    answers: Path,
    *,
    servers: tuple[str | None, str | None] | None = None,
    tell: Tell | None = None,
) -> Fetched:
    """Return the map of a place as an OSM file beside the kept answers.

    The servers are asked only for what is missing.

    Everything within the box of the boundary is fetched, so that streets and stations beside it are
    known. Answers go into a folder of ``answers`` named after the place and the servers; a second
    call needs no network. ``tell`` hears of every pause that a server asks for. Raises
    ``OutsideServiceError`` when a server cannot be reached, fails, or sends what is no map (what
    was answered before is kept), and ``InvalidValueError`` when no such place with an outline is
    known.
    """
    if not place.strip():
        raise InvalidValueError(
            "place is empty; write a name that Nominatim knows, such as 潮州市湘桥区"
        )

    given = servers or (None, None)
    nominatim, overpass = given[0] or PUBLIC_SERVERS[0], given[1] or PUBLIC_SERVERS[1]
    named = "\n".join((place, bare(nominatim), bare(overpass)))
    folder = answers / hashlib.sha256(named.encode()).hexdigest()[:12]
    kept = _read_kept(folder)

    # 1. The boundary.
    places = kept.places
    if places is None:
        with _service(nominatim, Message("boundary")):
            places = _ask_nominatim(place, nominatim, tell)
    boundary = _boundary(places, place, nominatim)
    if kept.places is None:
        _keep(places, folder / _BOUNDARY_FILE)

    west, south, east, north = boundary.bounds
    if max(east - west, north - south) > _LARGEST_DEGREES:
        raise InvalidValueError(
            Message(
                "place = {place!r}: reaches over {east:.1f} by {north:.1f} degrees, a region "
                "rather than a town; name a smaller place",
                place=place,
                east=east - west,
                north=north - south,
            )
        )
    box = (round(west, 7), round(south, 7), round(east, 7), round(north, 7))

    # 2. What lies in its box.
    elements = kept.elements
    if elements is None:
        with _service(overpass, Message("map of {place!r}", place=place)):
            answer = _ask_overpass(box, overpass, tell)
        elements = answer["elements"]
        _keep(answer, folder / _MAP_FILE)

    # 3. The file.
    found = by_type(elements)
    if not found["way"]:
        raise InvalidValueError(
            Message(
                "place = {place!r}: Overpass holds no street there; name another place", place=place
            )
        )

    path = folder / PLACE_FILE
    write_elements(found, path, box)
    return Fetched(path, Ground(box, boundary))


def _ask_nominatim(place: str, server: str, tell: Tell | None) -> list[Any]:
    service = JsonService(bare(server), under(server, "search"), manners=_OF_NOMINATIM, tell=tell)
    asked = {"q": place, "format": "json", "polygon_geojson": "1", "dedupe": "0", "limit": "50"}
    try:
        places = service.get(asked)
    finally:
        service.close()

    if not isinstance(places, list):
        raise BadAnswerError(
            Message("{service}: the answer is not a list of places", service=service.name)
        )
    return places


def _boundary(places: list[Any], place: str, server: str) -> shapely.Geometry:
    """Return the outline of the first place that has one, on Earth and sound."""
    for found in places:
        drawn = found.get("geojson") if isinstance(found, dict) else None
        if not isinstance(drawn, dict) or drawn.get("type") not in ("Polygon", "MultiPolygon"):
            continue

        try:
            outline = shapely.make_valid(shapely.from_geojson(json.dumps(drawn)))
        except (shapely.errors.ShapelyError, ValueError, TypeError):
            outline = shapely.Polygon()

        west, south, east, north = outline.bounds if not outline.is_empty else (0.0,) * 4
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise OutsideServiceError(
                Message(
                    "{server}: sent an outline of {place!r} that is none; try again later, or "
                    "name another server with --nominatim-url",
                    server=bare(server),
                    place=place,
                )
            )
        return outline
    raise InvalidValueError(
        Message(
            "place = {place!r}: {server} knows no place of that name with an outline; write it as "
            "on openstreetmap.org, with the city: 潮州市湘桥区",
            place=place,
            server=bare(server),
        )
    )


def _ask_overpass(box: Box, server: str, tell: Tell | None) -> dict[str, Any]:
    """Return Overpass' answer of everything within the box, whole and sound."""
    west, south, east, north = box
    wanted = "".join(f'nwr["{key}"];' for key in _KEYS)
    query = (
        f"[out:json][timeout:{_TIMEOUT_S}][bbox:{south:.7f},{west:.7f},{north:.7f},{east:.7f}];"
        f"({wanted});(._;>;);out body;"
    )

    service = JsonService(
        bare(server), under(server, "interpreter"), manners=_OF_OVERPASS, tell=tell
    )
    try:
        answer = service.post({"data": query})
    finally:
        service.close()

    elements = answer.get("elements") if isinstance(answer, dict) else None
    if not isinstance(answer, dict) or not isinstance(elements, list):
        raise BadAnswerError(
            Message("{service}: the answer holds no elements", service=service.name)
        )
    if "runtime error" in (remark := str(answer.get("remark", ""))):
        raise BadAnswerError(
            Message(
                "{service}: the answer is half of one ({remark})",
                service=service.name,
                remark=shorten(" ".join(remark.split()), 160),
            )
        )
    if fault := unsound(elements):
        raise BadAnswerError(Message("{service}: {fault}", service=service.name, fault=fault))

    return answer


@contextmanager
def _service(server: str, what: str) -> Iterator[None]:
    """Say of a failure what is missing now, and what to do."""
    try:
        yield
    except OutsideServiceError as error:
        reason = _fact(error, bare(server))
        raise OutsideServiceError(
            Message(
                "{server}: gave no {what} ({reason}); try again later (what was answered is "
                "kept), name another server with --nominatim-url and --overpass-url, or give an "
                "extract instead",
                server=bare(server),
                what=what,
                reason=reason,
            )
        ) from None


def _fact(error: OutsideServiceError, server: str) -> str:
    """Return what an error says, without the server, and without the cure where it has one."""
    told = error.args[0]
    if not isinstance(told, Message):
        return str(told).removeprefix(f"{server}: ").partition("; ")[0]
    return fact_and_cure(told, server)[0] or without_place(told, server)


def _keep(answer: object, path: Path) -> None:
    """Put an answer in place in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")
    part.replace(path)


def _read_kept(folder: Path) -> _Kept:
    """Return the answers in a folder, those too that older versions kept under other names, cleaned.

    What is broken, or half an answer, is removed, and said: the next call asks again.
    """
    kept = _Kept()
    for path in sorted(folder.glob("*.json")):
        try:
            answer = plain_values(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, RecursionError):
            _give_up(path, Message("was broken"))

        if isinstance(answer, list):
            kept.places = [*(kept.places or []), *answer]
        elif isinstance(answer, dict):
            remark = str(answer.get("remark", ""))
            if "runtime error" in remark:
                _give_up(
                    path,
                    Message(
                        "is half of one ({remark})", remark=shorten(" ".join(remark.split()), 160)
                    ),
                )
            elements = answer.get("elements", [])
            if not isinstance(elements, list) or unsound(elements):
                _give_up(path, Message("holds what is not a map"))
            kept.elements = [*(kept.elements or []), *elements]
    return kept


def _give_up(path: Path, fact: str) -> None:
    path.unlink()
    raise OutsideServiceError(
        Message("{file}: a kept answer {fact} and is removed; run again", file=path.name, fact=fact)
    )
