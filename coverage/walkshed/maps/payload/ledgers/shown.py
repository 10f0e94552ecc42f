"""Ledgers as the page shows them: lines beside stations and compounds, tables, and which stations do not run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from walkshed.model.labels import Label, Language
from walkshed.model.results import Results
from walkshed.model.town.governance import Governance
from walkshed.model.town.relocations import mergers
from walkshed.needs.measures.relocations import totals_by_means
from walkshed.needs.measures.room_times import room_weeks, station_rooms
from walkshed.needs.measures.work_orders import Arrivals, arrivals
from walkshed.needs.rules.offers import shared_by
from walkshed.words.ledgers.counts import count_line, counts_shown
from walkshed.words.ledgers.governance import (
    SORTED,
    SORTED_HINT,
    governance_line,
    governance_shown,
)
from walkshed.words.ledgers.operations import (
    IDLE_NAME,
    operation_lines,
    operations_shown,
    shared_by_line,
    shares_line,
)
from walkshed.words.ledgers.relocations import (
    relocation_line,
    relocations_shown,
    summary_shown,
)
from walkshed.words.ledgers.room_times import rooms_lines, rooms_shown
from walkshed.words.ledgers.said import Shown
from walkshed.words.ledgers.work_orders import arrivals_line, arrivals_shown


def ledgers(results: Results, *, public: bool = False) -> dict[str, Any] | None:
    """Return what the ledgers add to the page; None where the study keeps none.

    ``stations`` and ``blocks`` hold the lines to be shown beside each, ``tables`` what stands under
    the list of blocks; ``idle`` are the stations that do not run, which ``idle_name`` calls so. A
    public page tells no figures of single blocks.
    """
    found = arrivals(results.inputs.ledgers.work_orders)
    if public:
        found = tuple(each for each in found if each.level != "block")
    governed = () if public else results.inputs.ledgers.governance
    of_stations = _station_lines(results, found)
    of_blocks = _block_lines(results, found, governed)
    counted = () if public else results.inputs.ledgers.population
    languages = results.inputs.settings.languages
    place = {block.id: number for number, block in enumerate(results.blocks)}
    for count in counted:
        if count.block in place:
            of_blocks[place[count.block]].append(count_line(count))
    tables = _tables(results, found, governed)
    if counted:
        tables.append(counts_shown(counted, {block.id: block.name for block in results.blocks}))
    if not tables and not any(of_stations) and not any(of_blocks):
        return None
    return {
        "stations": [_spoken_lines(lines, languages) for lines in of_stations],
        "blocks": [_spoken_lines(lines, languages) for lines in of_blocks],
        "tables": [_spoken_table(table, languages) for table in tables],
        "idle": [i for i, each in enumerate(results.stations) if each.running is False],
        "idle_name": _spoken(IDLE_NAME, languages),
        "sorted": _sorted(governed, languages),
    }


def _station_lines(results: Results, found: Sequence[Arrivals]) -> list[list[Label]]:
    """Return what is said beside each station."""
    services = {service.id: service for service in results.inputs.services}
    operations = {each.station: each for each in results.inputs.ledgers.operations}
    rooms = {each.station.id: each for each in station_rooms(room_weeks(results))}
    relocated = {each.station: each for each in results.inputs.ledgers.relocations}
    came = {each.key: each for each in found if each.level == "crew"}
    sharing = shared_by(results.blocks)
    every = []
    for station in results.stations:
        lines = operation_lines(station, operations.get(station.id), services)
        if station.id in relocated:
            lines.append(relocation_line(relocated[station.id]))
        if station.id in came:
            lines.append(arrivals_line(came[station.id]))
        if station.id in rooms:
            lines += rooms_lines(rooms[station.id], services)
        if station.id in sharing:
            names = [results.blocks[number].name for number in sharing[station.id]]
            lines.append(shared_by_line(names))
        every.append(lines)
    return every


def _sorted(governed: Sequence[Governance], languages: Sequence[Language]) -> dict[str, Any] | None:
    """Return the words for sorting failing blocks by work orders; None where nobody states any."""
    if all(row.orders is None for row in governed):
        return None
    names = {key: _spoken(name, languages) for key, name in SORTED.items()}
    return {"names": names, "hint": _spoken(SORTED_HINT, languages)}


def worst_by_orders(results: Results, worst: Sequence[int]) -> list[int] | None:
    """Return failing blocks by their property work orders of a year, most first, equal ones in their order.

    Blocks that state none come last. None where nobody states any.
    """
    governed = results.inputs.ledgers.governance
    orders = {row.block: row.orders for row in governed if row.orders is not None}
    if not orders:
        return None
    return sorted(worst, key=lambda block: -orders.get(results.blocks[block].id, -1))


def _block_lines(
    results: Results, found: Sequence[Arrivals], governed: Sequence[Governance]
) -> list[list[Label]]:
    """Return what is said beside each block."""
    stations = {each.id: each for each in (*results.stations, *results.inputs.unplaced)}
    came = {each.key: each for each in found if each.level == "block"}
    rows = {row.block: row for row in governed}
    every = []
    for block in results.blocks:
        lines = [shares_line(block, stations)] if block.shared_stations else []
        line = governance_line(rows[block.id]) if block.id in rows else None
        if line is not None:
            lines.append(line)
        if block.id in came:
            lines.append(arrivals_line(came[block.id]))
        every.append(lines)
    return every


def _tables(
    results: Results, found: Sequence[Arrivals], governed: Sequence[Governance]
) -> list[Shown]:
    """Return the tables of the ledgers that the study keeps."""
    kept, tables = results.inputs.ledgers, []
    services = {service.id: service for service in results.inputs.services}
    by_id = {station.id: station for station in (*results.stations, *results.inputs.unplaced)}
    pairs = [(by_id[each.station], each) for each in kept.operations if each.station in by_id]
    if pairs:
        tables.append(operations_shown(pairs, services))
    if kept.room_times:
        tables.append(rooms_shown(room_weeks(results), services))
    if kept.relocations:
        totals = totals_by_means(kept.relocations)
        tables.append(summary_shown(totals, mergers(kept.relocations)))
        tables.append(relocations_shown(kept.relocations))
    if found:
        names = {("block", block.id): block.name for block in results.blocks}
        names |= {("crew", key): station.name for key, station in by_id.items()}
        tables.append(arrivals_shown(found, names))
    if governed:
        block_names = {block.id: block.name for block in results.blocks}
        tables.append(governance_shown(governed, block_names))
    return tables


def _spoken(text: Label, languages: Sequence[Language]) -> dict[str, str]:
    return {language: text.in_(language) for language in languages}


def _spoken_lines(lines: Sequence[Label], languages: Sequence[Language]) -> list[dict[str, str]]:
    return [_spoken(line, languages) for line in lines]


def _spoken_table(table: Shown, languages: Sequence[Language]) -> dict[str, Any]:
    return {
        "title": _spoken(table.title, languages),
        "notes": _spoken_lines(table.notes, languages),
        "heads": _spoken_lines(table.heads, languages),
        "rows": [_spoken_lines(row, languages) for row in table.rows],
    }
