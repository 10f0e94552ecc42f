"""The table of stations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shapely.geometry.base import BaseGeometry

from walkshed.inputs.faults import FaultBook, did_you_mean, drawn_as, words
from walkshed.inputs.places.coordinates import area_of, place_of
from walkshed.inputs.places.systems import TableCrs
from walkshed.inputs.places.twice import note_twice
from walkshed.inputs.rows.floors.reading import elevator_in, floor_in
from walkshed.inputs.rows.premises import hours_in, scope_in, size_in, step_free_in
from walkshed.inputs.tables.cells import Identified, text_in, truth_in
from walkshed.inputs.tables.meaning.lists import list_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Listing, Message
from walkshed.model.town.places import Scope, Service, Station, Tier

#: Carried in ``Station.details`` as the planner wrote them; what is judged of them is read as well.
CARRIED = (
    *("floor", "elevator", "step_free", "hours", "area_m2", "service_area_m2", "capacity", "scope"),
    *("address", "subdistrict", "community"),
)
_LONGEST_DETAIL = 1000
_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]$")
_TOLD_ELSEWHERE = ("floor", "hours", "scope")  # their cells are read as text for what they mean
#: A parent stands at least as high as its children; a compound's station is as low as a
#: micro-station.
_HEIGHT = {Tier.HUB: 2, Tier.CENTER: 1, Tier.MICRO: 0, Tier.COMPOUND: 0}


@dataclass(frozen=True, slots=True, eq=False)
class _Draft:
    """A station whose parent is still a word."""

    row: Row
    station_id: str
    name: str
    tier: Tier | None
    parent: str


def read_stations(
    table: Table,
    identified: Sequence[Identified],
    crs: TableCrs | None,
    services: Sequence[Service],
    book: FaultBook,
    *,
    illustrative: bool,
    otherwise: Sequence[str] = (),
) -> list[tuple[Row, Station]]:
    """Return the stations sorted by id, each with its row; every fault of the table is in ``book``.

    ``crs`` is None where the coordinates have a fault of their own: the other columns are checked
    all the same. ``illustrative``: the whole study is. ``otherwise``: services of rows that name none.
    """
    # parents may stand below their children
    drafts = [
        _Draft(row, key, name, _tier(row, table, book), text_in(row, table, "parent", book))
        for row, key, name in identified
    ]
    parents = _parents(drafts, table, book)

    known = service_words(services)
    stations = []
    for draft in (*drafts, *_left_out(table, identified, book)):
        row = draft.row
        if row.broken:
            continue
        offered = _services(row, table, known, services, book)
        if not row.cells.get("services"):
            offered = tuple(otherwise)
        premises = _premises(row, table, book)
        details = {name: text for name in CARRIED if (text := _detail(row, table, name, book))}
        own = truth_in(row, table, "illustrative", book)

        # without a place there is no station
        place = _place(row, table, crs, book)
        if place is None or not draft.station_id:
            continue
        station = Station(
            draft.station_id,
            draft.name,
            draft.tier or Tier.MICRO,
            parents.get(draft.station_id),
            offered,
            place,
            bool(own) or illustrative,
            details,
            **premises,
        )
        stations.append((row, station))

    _note_unknown(stations, table, book)
    _note_tiers([draft.tier for draft in drafts], table, book)
    note_twice(stations, table, book)
    return sorted(stations, key=lambda pair: pair[1].id)


def check_services(table: Table, book: FaultBook) -> None:
    """Write down a table of which no station offers anything: its map would be empty."""
    if any(row.broken or row.cells.get("services") for row in table.rows):
        return
    cure = (
        "fill in what each station offers, parted by ;  or, if all offer the same, write  services "
        '= ["…"]  under [stations]'
    )
    if "services" in table.headers:
        header = table.headers["services"]
        book.fault(table.label, "names no service at any station", cure, column=header)
        return
    near = table.near.get("services")
    if near is not None:
        cure = Message("is it column '{near}'? call it 'services'", near=near)
    fact = "has no column 'services', so that no station offers anything"
    book.fault(table.label, fact, cure, row=table.header_row)


def _left_out(table: Table, identified: Sequence[Identified], book: FaultBook) -> list[_Draft]:
    """Return the rows that nothing tells apart from others, so that their other faults are told as well."""
    known = {row.number for row, _, _ in identified}
    others = [row for row in table.rows if row.number not in known]
    return [_Draft(row, "", "", _tier(row, table, book), "") for row in others]


def service_words(services: Sequence[Service]) -> Mapping[str, str]:
    """Return {word, lower case: service id} for ids and, where only one service has it, labels."""
    labels: dict[str, str] = {}
    doubtful = set()
    for service in services:
        for label in dict.fromkeys(map(str.lower, service.words)):
            if labels.setdefault(label, service.id) != service.id:
                doubtful.add(label)

    clear = {label: key for label, key in labels.items() if label not in doubtful}
    lower = {service.id.lower(): service.id for service in services}
    return clear | lower | {service.id: service.id for service in services}


def _tier(row: Row, table: Table, book: FaultBook) -> Tier | None:
    """Return the tier of a station; None for an empty cell and, with a fault, for another word."""
    text = text_in(row, table, "tier", book)
    if not text or row.broken:
        return None
    known = words("tier")
    if text.lower() in known:
        return Tier(known[text.lower()])

    cure = did_you_mean(text, list(Tier), otherwise="write one of hub, center, micro, compound")
    table.fault(book, row, "tier", "is not a valid tier", cure, value=text)
    return None


def _services(
    row: Row, table: Table, known: Mapping[str, str], services: Sequence[Service], book: FaultBook
) -> tuple[str, ...]:
    """Return the services that a station lists, each once; a fault for each that is not known."""
    ids = Listing(service.id for service in services)
    otherwise = Message(
        "add it to study.toml as [[services]] (walkshed check STUDY --fix  does), "
        "or write one of {ids}",
        ids=ids,
    )
    offered = []
    for word in list_in(row, "services", known):
        key = known_service(word, known)
        if key is not None:
            offered.append(key)
        elif services:  # a study without services has a fault of its own
            cure = did_you_mean(word, known, otherwise=otherwise)
            table.fault(book, row, "services", "is not a service of study.toml", cure, value=word)
    return tuple(dict.fromkeys(offered))


def known_service(word: str, known: Mapping[str, str]) -> str | None:
    """Return the service that a word means, with or without what it says in brackets: 助餐（堂食、送餐）."""
    plain = service_word(word)
    return next(
        (known[each] for each in (word, word.lower(), plain, plain.lower()) if each in known), None
    )


def service_word(word: str) -> str:
    """Return the word for a service less what stands in brackets behind it."""
    return _IN_BRACKETS.sub("", word).strip() or word


def _note_tiers(tiers: Sequence[Tier | None], table: Table, book: FaultBook) -> None:
    """Note stations of which the table does not say the tier."""
    unsaid = sum(tier is None for tier in tiers)
    if not unsaid:
        return
    count = Message(
        "{unsaid} of {all} {all:station|stations} {unsaid:states|state}",
        unsaid=unsaid,
        all=len(tiers),
    )
    if unsaid == len(tiers):
        count = Message("all {all} {all:station states|stations state}", all=len(tiers))
    told = "{table}: {count} no tier; counted as micro-stations"
    book.note(Message(told, table=table.label, count=count))


def _premises(row: Row, table: Table, book: FaultBook) -> dict[str, Any]:
    """Return what is judged of a station's rooms and hours; None or "" for what the table does not say."""
    area = size_in(row, table, "area_m2", book)
    service_area = size_in(row, table, "service_area_m2", book)
    if area is not None and service_area is not None and service_area > area:
        fact, cure = (
            Message("is more than the whole station ({area})", area=row.cells["area_m2"]),
            "correct one of the two",
        )
        value = row.cells["service_area_m2"]
        table.fault(book, row, "service_area_m2", fact, cure, value=value)

    # too long a subdistrict or community is told as a detail
    return {
        "floor": floor_in(row, table, book),
        "elevator": elevator_in(row, table, book),
        "step_free": step_free_in(row, table, book),
        "scope": scope_in(row, table, book) or Scope.ALL,
        "hours": hours_in(row, table, book),
        "capacity": size_in(row, table, "capacity", book),
        "area_m2": area if service_area is None else service_area,
        "building_m2": area,
        "subdistrict": text_in(row, table, "subdistrict", FaultBook()),
        "community": text_in(row, table, "community", FaultBook()),
    }


def _note_unknown(stations: Sequence[tuple[Row, Station]], table: Table, book: FaultBook) -> None:
    """Note what floors are judged without: an elevator of which nothing is known."""
    unknown = [s for _, s in stations if s.floor not in (None, 1) and s.elevator is None]
    if unknown:
        book.note(
            Message(
                "{table}: {count} of {total} {total:station|stations} off the ground floor do not "
                "say whether they "
                "have an elevator; taken as yes",
                table=table.label,
                count=len(unknown),
                total=len(stations),
            )
        )


def _detail(row: Row, table: Table, name: str, book: FaultBook) -> str:
    """Return what a station carries of a column, as the planner wrote it; "" without the column."""
    if name not in table.headers:
        return ""
    heard = FaultBook() if name in _TOLD_ELSEWHERE else book
    return text_in(row, table, name, heard, longest=_LONGEST_DETAIL)


def _place(row: Row, table: Table, crs: TableCrs | None, book: FaultBook) -> BaseGeometry | None:
    """Return the point or the outline of a station; None, and a fault, for anything else."""
    place = place_of(row, table, crs, book)
    if place is None or place.geom_type == "Point":
        return place
    if place.geom_type == "MultiPoint" and len(place.geoms) == 1:
        only: BaseGeometry = place.geoms[0]
        return only
    if place.geom_type in {"Polygon", "MultiPolygon"}:
        return area_of(place, row, table, book)

    fact = Message(
        "is a {geometry}, neither a point nor a building's outline",
        geometry=drawn_as(place.geom_type),
    )
    table.fault(book, row, "geometry", fact, "give each station one point or one outline")
    return None


def _parents(drafts: Sequence[_Draft], table: Table, book: FaultBook) -> dict[str, str]:
    """Return {station: parent} with unknown parents, parents too low and cycles written down as faults."""
    by_id = {draft.station_id: draft for draft in drafts}
    by_name: dict[str, list[str]] = {}
    for draft in drafts:
        by_name.setdefault(draft.name, []).append(draft.station_id)

    parents: dict[str, str] = {}
    for draft in drafts:
        word = draft.parent
        if not word or draft.row.broken:
            continue

        # an id, or a name that only one has
        named = by_name.get(word, [])
        if word in by_id or len(named) == 1:
            key = word if word in by_id else named[0]
            parents[draft.station_id] = key
            _check_height(draft, by_id[key], table, book)
        elif named:
            fact = "is the name of several stations"
            table.fault(book, draft.row, "parent", fact, "write the id", value=word)
        else:
            otherwise = "write the id of a station of this table"
            cure = did_you_mean(word, [*by_id, *by_name], otherwise=otherwise)
            table.fault(
                book, draft.row, "parent", "is not a station of this table", cure, value=word
            )

    for ring in _rings(parents):
        row, chain = by_id[ring[0]].row, " → ".join([*ring, ring[0]])
        table.fault(book, row, "parent", "is a circle", "empty one of these parents", value=chain)
    return parents


def _check_height(draft: _Draft, above: _Draft, table: Table, book: FaultBook) -> None:
    """Write down a parent of a lower tier than its child's."""
    if not draft.tier or not above.tier or above.row.broken:
        return
    if _HEIGHT[above.tier] < _HEIGHT[draft.tier]:
        fact = Message(
            "is a {tier}, below this {own_tier}", tier=str(above.tier), own_tier=str(draft.tier)
        )
        cure = "exchange the two, or correct a tier"
        table.fault(book, draft.row, "parent", fact, cure, value=draft.parent)


def _rings(parents: Mapping[str, str]) -> list[list[str]]:
    """Return every cycle once, from its lowest id on."""
    rings, done = [], set[str]()
    for start in sorted(parents):
        # upwards until the top, a station that was seen from another start, or one of this path
        path: dict[str, None] = {}  # in order, and quickly looked up
        key: str | None = start
        while key is not None and key not in done and key not in path:
            path[key] = None
            key = parents.get(key)

        if key is not None and key in path:
            ring = list(path)[list(path).index(key) :]
            low = ring.index(min(ring))
            rings.append(ring[low:] + ring[:low])
        done.update(path)
    return rings
