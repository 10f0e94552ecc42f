"""The sheets of stations: each of them, those that were re-sited, and the service matrix in colors."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from walkshed.model.labels import MEANS, Label, label
from walkshed.model.town.places import Station
from walkshed.reports.ledgers.relocations import relocations_frame
from walkshed.reports.workbook import forms
from walkshed.reports.workbook.reported import Grid, Reported, Row, numbered, rows_of
from walkshed.words.hours import hours_text
from walkshed.words.quantities import NAMES, joined

_YES_NO = {True: Label("是", "yes"), False: Label("否", "no")}
_HAS = {True: Label("有", "yes"), False: Label("无", "no")}
_STATUS = {
    "on_network": Label("已接入", "on the streets"),
    "off_network": Label("未接入路网", "off the streets"),
    "unplaced": Label("未定位", "no place"),
}


def stations(told: Reported) -> tuple[Grid, ...]:
    """Return one row per station, those without a place last."""
    by_id = {row["id"]: row for row in rows_of(told.stations.drop(columns="geometry"))}
    alone: dict[str, int] = {}
    for row in rows_of(told.matrix):
        if row["offered"] and row["unique_gain"] is not None:
            alone[row["station"]] = alone.get(row["station"], 0) + row["unique_gain"]

    rows = []
    for station in (*told.results.stations, *told.results.inputs.unplaced):
        found = by_id.get(station.id, {})
        reach = found.get("people_in_reach")
        status = _STATUS[found.get("status", "unplaced")].in_(told.language)
        rows.append((*_station(told, station, found), reach, alone.get(station.id), status))
    return (Grid(forms.STATIONS, numbered(rows)),)


def _station(told: Reported, station: Station, found: dict[str, Any]) -> Row:
    """Return what is stated of a station: blank for what is not."""
    language = told.language
    services = [told.services.get(each, each) for each in station.services]
    return (
        station.name,
        told.tiers[station.tier.value],
        told.station_names.get(found.get("hub") or "", ""),
        *(station.subdistrict, station.community, station.details.get("address", "")),
        joined(services, NAMES, language),
        station.floor,
        _said(_HAS, station.elevator, told),
        _said(_YES_NO, station.step_free, told),
        station.building_m2,
        hours_text(station.hours, language) if station.hours else "",
        _said(_YES_NO, station.running, told),
    )


def _said(words: dict[bool, Label], answer: bool | None, told: Reported) -> str:
    return "" if answer is None else words[answer].in_(told.language)


def relocations(told: Reported) -> tuple[Grid, ...]:
    """Return the ledger of re-sited centers."""
    rows = []
    for row in rows_of(relocations_frame(told.results)):
        before = (row["old_address"], row["old_floor"], row["old_area_m2"])
        now = (row["new_address"], row["new_floor"], row["new_area_m2"])
        rows.append(
            (
                *(row["center"], _names(told, row["communities"])),
                label(MEANS, row["means"], told.language),
                *(*before, *now, row["completed"]),
                *(row["visits_before"], row["visits_after"]),
                _said(_YES_NO, row["step_free"], told),
                _names(told, row["counted_as"]),
            )
        )
    return (Grid(forms.RELOCATIONS, numbered(rows)),)


def _names(told: Reported, listed: str) -> str:
    return joined([name for name in listed.split(";") if name], NAMES, told.language)


def matrix(told: Reported) -> tuple[Grid, ...]:
    """Return stations by services, those of a hub together, in colors: what each cell is worth."""
    names = told.services
    heads = (
        *forms.MATRIX.heads,
        *(replace(forms.OF_SERVICE, label=Label(name, name)) for name in names.values()),
    )
    cells: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of(told.matrix):
        cells.setdefault(row["station"], []).append(row)

    # hubs first, each with its stations below it; those of no hub last
    order = {station: place for place, station in enumerate(cells)}
    tiers = {tier: place for place, tier in enumerate(told.tiers)}

    def place(station: str) -> tuple[object, ...]:
        first = cells[station][0]
        return not first["hub"], first["hub"], tiers[first["tier"]], order[station]

    rows: list[Row] = []
    colors: dict[tuple[int, int], str] = {}
    for number, station in enumerate(sorted(cells, key=place)):
        every = cells[station]
        worth = [each["unique_gain"] if each["offered"] else each["potential"] for each in every]
        first = every[0]
        hub = told.station_names.get(first["hub"], "")
        rows.append((first["name"], told.tiers[first["tier"]], hub, *worth))
        for column, each in enumerate(every):
            color = _color(each)
            if color:
                colors[number, column + len(forms.MATRIX.heads)] = color
    return (Grid(forms.MATRIX, rows, heads=heads, colors=colors),)


def _color(cell: dict[str, Any]) -> str:
    """Return the color of a cell of the matrix: deeper where it is worth something; "" for white."""
    if cell["offered"]:
        return "offered" if cell["unique_gain"] else "offered_too"
    return "lacking" if cell["potential"] else ""
