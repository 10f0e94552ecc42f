"""The ledger of re-sited centers (落地台账): before, after, by which means, and into which community others merged."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from walkshed.inputs.faults import FaultBook, did_you_mean, first_of, nearest_word, words
from walkshed.inputs.ledgers.dates import date_in
from walkshed.inputs.ledgers.named import Names, has_columns
from walkshed.inputs.rows.floors.reading import floor_in
from walkshed.inputs.rows.premises import size_in
from walkshed.inputs.tables.cells import amount_in, text_in, truth_in
from walkshed.inputs.tables.meaning.lists import list_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.labels import MEANS, Label
from walkshed.model.messages import Message
from walkshed.model.town.places import Area, Block, Station
from walkshed.model.town.relocations import Relocation, bare_name, mergers

_LEDGER = Message("[ledgers] relocations")
_NAMED = 10  # in a note
#: 120→260, 120/260, 120-260: before and after in one cell.
_PAIR = re.compile(r"(\d+(?:\.\d+)?)\D*(?:→|->|/|-|~|—|至|到|;|,)\D*(\d+(?:\.\d+)?)\D*")


def read_relocations(table: Table, stations: Names, book: FaultBook) -> tuple[Relocation, ...]:
    """Return the rows in the order of the table; every fault of it is in ``book``."""
    if not has_columns(table, ("center", "means"), book):
        return ()
    found = []
    for row in table.rows:
        if row.broken:
            continue
        told = len(book.faults)
        read = _relocation(row, table, stations, book)
        if len(book.faults) == told:
            found.append(read)
    _note_rows(found, stations, table.label, book)
    return tuple(found)


def _relocation(row: Row, table: Table, stations: Names, book: FaultBook) -> Relocation:
    """Return one row as far as it can be read; what is wrong with it is in ``book``."""
    center = text_in(row, table, "center", book)
    if not center and not row.cells.get("center"):
        table.fault(book, row, "center", "is empty", "write the name of the center")
    before, after = _visits(row, table, book)
    return Relocation(
        center=center,
        station=_station(center, stations),
        subdistrict=text_in(row, table, "subdistrict", book),
        communities=tuple(list_in(row, "community")),
        merged_into=text_in(row, table, "merged_into", book),
        means=_means(row, table, book),
        old_address=text_in(row, table, "old_address", book),
        old_floor=_floor(row, table, "old_floor", book),
        new_address=text_in(row, table, "new_address", book),
        new_floor=_floor(row, table, "new_floor", book),
        old_area_m2=size_in(row, table, "old_area_m2", book),
        new_area_m2=size_in(row, table, "new_area_m2", book),
        completed=date_in(row, table, "completed", book),
        visits_before=before,
        visits_after=after,
        step_free=truth_in(row, table, "step_free", book),
    )


def _station(center: str, stations: Names) -> str:
    """Return the id of the station that a center is; "" for none, or where several bear the name."""
    bearers = stations.by_name.get(center, ())
    if center in stations.ids:
        return center
    return bearers[0] if len(bearers) == 1 else ""


def _means(row: Row, table: Table, book: FaultBook) -> str:
    """Return by which means a center came to its place; "", and a fault, for none."""
    text, known = text_in(row, table, "means", book), words("means")
    if text.lower() in known:
        return known[text.lower()]
    listed = "、".join(label.zh for label in MEANS.values())
    if text:
        cure = did_you_mean(
            text,
            [label.zh for label in MEANS.values()],
            otherwise=Message("write one of {known}", known=listed),
        )
        table.fault(book, row, "means", "is none of the means", cure, value=text)
    elif not row.cells.get("means"):
        table.fault(book, row, "means", "is empty", Message("write one of {known}", known=listed))
    return ""


def _floor(row: Row, table: Table, column: str, book: FaultBook) -> int | None:
    """Return the floor of a column, read as that of a station is."""
    alone = replace(row, cells={"floor": row.cells.get(column, "")})
    header = table.headers.get(column, column)
    return floor_in(alone, replace(table, headers={"floor": header}), book)


def _visits(row: Row, table: Table, book: FaultBook) -> tuple[float | None, float | None]:
    """Return how many come on a day, before and after: of two columns, or of both in one cell."""
    before, after = (
        amount_in(row, table, name, book) for name in ("visits_before", "visits_after")
    )
    both = unicodedata.normalize("NFKC", row.cells.get("visits", "")).strip()
    if not both:
        return before, after
    pair = _PAIR.fullmatch(both)
    if pair is not None:
        return float(pair[1]), float(pair[2])
    cure = "write before and after with a mark between: 120→260"
    table.fault(book, row, "visits", "are not two numbers", cure, value=row.cells["visits"])
    return before, after


def _note_rows(rows: Sequence[Relocation], stations: Names, label: str, book: FaultBook) -> None:
    """Note centers that are no station of the study, and mergers that do not say into what."""
    foreign = [row.center for row in rows if not row.station and stations.ids]
    if foreign:
        near = [
            Message("{center} (did you mean {nearest!r}?)", center=center, nearest=nearest)
            if (nearest := nearest_word(center, stations.by_name)) is not None
            else center
            for center in foreign
        ]
        told = Message(
            "{count} of {total} {total:center|centers} "
            "{count:is not a station, and counts|are not stations, and count} in the ledger alone",
            count=len(foreign),
            total=len(rows),
        )
        book.note(
            Message(
                "{place}: {told}: {names}", place=label, told=told, names=first_of(near, _NAMED)
            )
        )

    open_ended = [row.center for row in rows if row.means == "merger" and not row.merged_into]
    if open_ended:
        told = Message(
            "{count} of {total} {total:row|rows} {count:merges|merge}, and not into a community "
            "(并入社区)",
            count=len(open_ended),
            total=len(rows),
        )
        book.note(
            Message(
                "{place}: {told}; communities stay as they are: {names}",
                place=label,
                told=told,
                names=first_of(open_ended, _NAMED),
            )
        )


def check_mergers(
    rows: Sequence[Relocation], places: Sequence[Station | Block | Area], book: FaultBook
) -> None:
    """Note which communities are counted under another name; a fault for a name that two subdistricts have."""
    # the subdistricts in which a community's name occurs
    known: dict[str, set[str]] = {}
    for place in places:
        if place.community:
            known.setdefault(bare_name(place.community), set()).add(place.subdistrict)

    for (subdistrict, old), new in mergers(rows).items():
        among = known.get(old, set()) - {""}
        if not subdistrict and len(among) > 1:
            fact = Message(
                "is a community of several subdistricts ({among})", among=", ".join(sorted(among))
            )
            book.fault(_LEDGER, fact, "add a column 街道 (subdistrict) to the ledger", value=old)
        elif bare_name(new) == old:
            book.fault(_LEDGER, "merges in a circle", "correct 并入社区 of one row", value=old)
        else:
            count = sum(bare_name(place.community) == old for place in places)
            book.note(
                Message(
                    "{ledger}: community {old} merged into {new}: {count} {count:row is|rows are} "
                    "counted there",
                    ledger=_LEDGER,
                    old=old,
                    new=new,
                    count=count,
                )
            )


def filled_in(
    stations: Sequence[Station], rows: Sequence[Relocation], book: FaultBook
) -> tuple[Station, ...]:
    """Return the stations, what their table leaves open filled in from the ledger where the work is done.

    What the table states stands; where the ledger says otherwise, that is noted.
    """
    done = {row.station: row for row in rows if row.station and row.completed}
    filled, changed, other = [], [], []
    for station in stations:
        row = done.get(station.id)
        if row is None:
            filled.append(station)
            continue
        new = _filled(station, row)
        filled.append(new)
        changed += [station.name] if new is not station else []
        other += _otherwise(new, row)

    if changed:
        count = Message(
            "{count} of {total} {total:station|stations}", count=len(changed), total=len(stations)
        )
        told = Message("{count} have floor, elevator, entrance or area of it", count=count)
        book.note(
            Message(
                "{place}: {told}, where their table says nothing: {names}",
                place=_LEDGER,
                told=told,
                names=first_of(changed, _NAMED),
            )
        )
    if other:
        book.note(
            Message(
                "{ledger}: the table of stations stands where the ledger says otherwise: {cells}",
                ledger=_LEDGER,
                cells=first_of(other, _NAMED, mark="; "),
            )
        )
    return tuple(filled)


def _filled(station: Station, row: Relocation) -> Station:
    """Return a station with what its re-siting has made of it, where its table says nothing."""
    new = replace(
        station,
        floor=row.new_floor if station.floor is None else station.floor,
        elevator=_has_elevator(row) if station.elevator is None else station.elevator,
        step_free=(row.step_free or None) if station.step_free is None else station.step_free,
        area_m2=row.new_area_m2 if station.area_m2 is None else station.area_m2,
        building_m2=row.new_area_m2 if station.building_m2 is None else station.building_m2,
    )
    kept = (station.floor, station.elevator, station.step_free, station.area_m2)
    return station if (new.floor, new.elevator, new.step_free, new.area_m2) == kept else new


def _has_elevator(row: Relocation) -> bool | None:
    """Return that a center has an elevator where one was added; None where the ledger does not tell."""
    return True if row.means == "elevator" else None


def _as_said(value: float | bool | None) -> object:
    """Return a value as a sentence has it."""
    if value is None:
        return Label("未填", "empty")
    if isinstance(value, bool):
        return Label("是", "yes") if value else Label("否", "no")
    return f"{value:g}"


def _otherwise(station: Station, row: Relocation) -> list[str]:
    """Return what the table of stations states otherwise than the ledger."""
    # rooms that serve are a part of all
    area = None if "service_area_m2" in station.details else row.new_area_m2
    pairs = (
        (Label("楼层", "floor"), station.floor, row.new_floor),
        (Label("电梯", "elevator"), station.elevator, _has_elevator(row)),
        (Label("无障碍", "step_free"), station.step_free, row.step_free or None),
        (Label("面积", "area_m2"), station.area_m2, area),
    )
    return [
        Message(
            "{station}: {column} {stands}, not {said}",
            station=station.name,
            column=name,
            stands=_as_said(stands),
            said=_as_said(said),
        )
        for name, stands, said in pairs
        if said is not None and stands != said
    ]
