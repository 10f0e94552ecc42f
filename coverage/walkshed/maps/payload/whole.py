"""Results as one plain value that the page shows: names, printed numbers, words and packed geometry.

Nothing is computed anew: people are the printed people of the judgments, and every total sums
printed rows. What there is of every block and service is packed, a text per column
(``maps/packing.py``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, get_args

import numpy as np
import shapely

from walkshed.maps.packing import (
    drawn_point,
    drawn_points,
    pack_integers,
    pack_lines,
    pack_polygons,
)
from walkshed.maps.payload.areas import areas
from walkshed.maps.payload.background import background, frame_of
from walkshed.maps.payload.briefing import briefing
from walkshed.maps.payload.grouping import grouped_stations
from walkshed.maps.payload.judged import (
    STATES,
    WORST_BY,
    judged,
    needs_of_service,
    state_of,
    worst_blocks,
)
from walkshed.maps.payload.lookup import lookup
from walkshed.maps.payload.reached import reached
from walkshed.maps.payload.walks import walks
from walkshed.maps.payload.week import week
from walkshed.maps.payload.whatif.network import network_payload
from walkshed.model.arrays import IntArray, ObjectArray
from walkshed.model.formats import PAGE_FORMAT
from walkshed.model.judged.coverage import ServiceMatrix
from walkshed.model.results import Language, Results, View
from walkshed.model.town.places import PeopleSource
from walkshed.model.town.walkers import ADULT
from walkshed.needs.measures.totals import (
    Totals,
    passing_by_other_metric,
    totals_by_service,
    visitors_totals,
)
from walkshed.words.outreach import only_comes
from walkshed.words.page import page_words
from walkshed.words.verdicts import rule_text

__all__ = ["LANGUAGES", "STATES", "WORST", "build_payload", "state_of", "views"]

#: How many of the worst blocks the page lists per service.
WORST = 10
LANGUAGES: tuple[Language, ...] = get_args(Language)


def build_payload(results: Results, *, public: bool = False) -> dict[str, Any]:
    """Return all that the page shows, of lists, dicts, strings and numbers only; the same results, the same value.

    Both languages are in it. With ``public`` nothing tells how many people live in a block: neither
    blocks and judgments, nor cells of the matrix whose people all live in one block, nor the people
    in reach of a station.
    """
    settings = results.inputs.settings
    plane = results.network.plane
    block_xy = plane.geometry_to_xy(
        np.array([block.geometry for block in results.blocks], dtype=object)
    )
    station_xy = plane.geometry_to_xy(
        np.array([station.geometry for station in results.stations], dtype=object)
    )
    corners = shapely.get_coordinates(np.concatenate([block_xy, station_xy]))
    frame = frame_of(corners if len(corners) else results.network.node_xy)
    west_south, east_north = np.array(frame[:2]), np.array(frame[2:])
    own = views(results, public=public)
    return {
        "format": PAGE_FORMAT,
        "language": settings.language,
        "words": {language: page_words(language, results.stations) for language in LANGUAGES},
        "study": _study(results, public=public),
        "bounds": [drawn_point(plane, west_south), drawn_point(plane, east_north)],
        "worst": {"by": [list(key) for key in WORST_BY], "count": WORST},
        **own[0],
        "walkers": _walkers(results, own),
        "blocks": _blocks(results, block_xy, public=public),
        "stations": _stations(results, station_xy, public=public),
        "background": background(results, frame),
        "reached": reached(results),
        "homes": _homes(results),
        "lookup": lookup(results),
        "network": None if public else network_payload(results),
    }


def views(results: Results, *, public: bool = False) -> list[dict[str, Any]]:
    """Return what depends on the walker for whom is judged, for each walker, the first one first."""
    shown = [results.view(walker) for walker in results.answers]
    drawn = walks(results, [view.answer for view in shown])
    return [
        _view(results, view, lines, public=public) for view, lines in zip(shown, drawn, strict=True)
    ]


def _view(results: Results, view: View, drawn: dict[str, Any], *, public: bool) -> dict[str, Any]:
    """Return what depends on the walker for whom is judged."""
    every = totals_by_service(view.judgments)
    return {
        "services": [_service(results, view, number, found) for number, found in enumerate(every)],
        "areas": areas(view, public=public),
        "judgments": judged(view, public=public),
        "walks": drawn,
        "matrix": _matrix(view, public=public),
        "week": week(view),
        "briefing": briefing(view, data_date=results.network.data_date or "", public=public),
    }


def _walkers(results: Results, own: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each walker's names, and of its view that which differs from the first walker's."""
    known = {walker.id: walker for walker in (*results.inputs.walkers, ADULT)}
    return [
        {
            "id": name,
            "names": {"zh": known[name].zh, "en": known[name].en},
            "view": {key: part for key, part in view.items() if part != own[0][key]},
        }
        for name, view in zip(results.answers, own, strict=True)
    ]


def _remarks(results: Results, *, public: bool) -> list[str]:
    """Return what the page says of the study; the public one only what makes its places doubtful."""
    # they come first: tables without a datum, then, in one sentence, stations without a place
    doubts = len(results.inputs.datum_doubts) + bool(results.inputs.unplaced)
    if public:
        return list(results.remarks[:doubts])
    return [*results.remarks, *results.inputs.settings.remarks]


def _study(results: Results, *, public: bool) -> dict[str, Any]:
    settings, network = results.inputs.settings, results.network
    sources = {block.people_source for block in results.blocks if block.people is not None} - {
        PeopleSource.NONE
    }
    source = "none" if not sources else "mixed" if len(sources) > 1 else sources.pop().value
    return {
        "name": settings.name,
        "scenario": results.inputs.scenario.name if results.inputs.scenario else "",
        "illustrative": settings.illustrative,
        "unverified": settings.stations_source == "osm",
        "remarks": _remarks(results, public=public),
        "data_date": network.data_date,
        "attribution": network.attribution,
        "people_source": source,
        "people_total_source": settings.people_total_source
        if settings.people_total is not None
        else "",
        "has_people": bool((results.main.judgments.printed_people > 0).any()),
        "public": public,
        "at": settings.at,
        "min_share": round(results.main.min_share, 6),
        "limits_m": [_number(limit) for limit in settings.limits_m],
    }


def _service(results: Results, view: View, number: int, found: Totals) -> dict[str, Any]:
    """Return a service's names, rules, totals of printed rows, and its worst blocks."""
    service, comes = results.inputs.services[number], only_comes(view, number)
    visitors = results.visitors.get(view.answer.walker)
    of_visitors = visitors_totals(visitors.judgments if visitors else None, number)
    return {
        "id": service.id,
        "names": {"zh": service.zh or service.id, "en": service.en or service.id},
        "rules": [
            {
                "texts": {
                    language: rule_text(need, language, comes=comes) for language in LANGUAGES
                },
                "kind": need.kind,
                "metric": need.metric,
            }
            for need in needs_of_service(view.judgments, number)
        ],
        "blocks": found.blocks,
        "blocks_served": found.blocks_served,
        "blocks_failing": found.blocks_failing,
        "blocks_in_doubt": found.blocks_in_doubt,
        "blocks_unknown": found.blocks_unknown,
        "unjudged": found.unjudged,
        "people": found.people,
        "people_served": found.people_served,
        "people_left_out": found.people_left_out,
        "people_in_doubt": found.people_in_doubt,
        "people_unknown": found.people_unknown,
        "passing_otherwise": passing_by_other_metric(view.answer, number),
        "visitors": list(of_visitors),
        "worst": worst_blocks(view.judgments, number)[:WORST].tolist(),
    }


def _blocks(results: Results, block_xy: ObjectArray, *, public: bool) -> list[dict[str, Any]]:
    """Return who lives in each block, where it lies and by which exits its residents leave."""
    plane, demand, judgments = results.network.plane, results.demand, results.main.judgments
    shapes = pack_polygons(plane, block_xy)
    middles = drawn_points(plane, shapely.get_coordinates(shapely.point_on_surface(block_xy)))
    bounds = shapely.bounds(block_xy).reshape(-1, 4)
    wide_m = np.round(bounds[:, 2] - bounds[:, 0]).astype(np.int64).tolist()
    exits = pack_lines(plane, demand.exit_xy, demand.exit_start)
    people = judgments.printed_people.tolist()
    told = judgments.shape[1] > 0 and not public
    return [
        {
            "id": block.id,
            "name": block.name,
            "kind": block.kind,
            "kind_rule": block.kind_rule,
            "flags": list(block.flags),
            "people": people[i] if told and block.people is not None else None,
            "people_source": block.people_source.value,
            "groups": _groups(block.groups, public=public),
            "place": " · ".join(part for part in (block.subdistrict, block.community) if part),
            "shape": shapes[i],
            "middle": middles[i],
            "wide_m": wide_m[i],
            "exit_kind": demand.exit_kind[i].value,
            "exits": exits[i],
        }
        for i, block in enumerate(results.blocks)
    ]


def _groups(groups: Mapping[str, float], *, public: bool) -> dict[str, int]:
    """Return the whole people of each group, none in a public page."""
    return {} if public else {name: round(count) for name, count in sorted(groups.items())}


def _stations(results: Results, station_xy: ObjectArray, *, public: bool) -> list[dict[str, Any]]:
    plane = results.network.plane
    number = {station.id: i for i, station in enumerate(results.stations)}
    services = {service.id: i for i, service in enumerate(results.inputs.services)}
    middles = drawn_points(plane, shapely.get_coordinates(shapely.point_on_surface(station_xy)))
    on_network = results.station_anchors.on_network
    return [
        {
            "id": station.id,
            "name": station.name,
            "tier": station.tier.value,
            "parent": number.get(station.parent, -1) if station.parent is not None else -1,
            "services": sorted(
                services[service] for service in station.services if service in services
            ),
            "at": middles[i],
            "guessed": station.illustrative,
            "floor": station.floor,
            "elevator": station.elevator,
            "step_free": station.step_free,
            "hours": station.hours,
            "on_network": bool(on_network[i]),
            "people": None if public else results.station_people[i],
        }
        for i, station in enumerate(results.stations)
    ]


def _matrix(view: View, *, public: bool) -> dict[str, Any]:
    """Return the matrix row by row: what a cell is worth (whole people or blocks), its twin, and where they live.

    ``live[station][service]`` packs the blocks of the cell's worth (as differences), then their
    people. In a public page it is left out, and so is the worth of a cell whose people all live in
    one block.
    """
    matrix = view.answer.matrix
    worth = np.where(matrix.filled, matrix.unique_gain, matrix.potential)
    start, live = _living(view.answer.matrix)
    alone = np.diff(start).reshape(matrix.filled.shape) == 1
    hidden = alone & (public and not matrix.weighs_blocks)
    services = matrix.filled.shape[1]
    return {
        "groups": grouped_stations(view.stations),
        "filled": ["".join("1" if cell else "0" for cell in row) for row in matrix.filled.tolist()],
        "worth": [
            [
                None if hide else round(cell) if math.isfinite(cell) else 0
                for cell, hide in zip(*row, strict=True)
            ]
            for row in zip(worth.tolist(), hidden.tolist(), strict=True)
        ],
        "twin": matrix.twin.tolist(),
        "live": None
        if public
        else [live[row * services : (row + 1) * services] for row in range(len(view.stations))],
        "weighs_blocks": matrix.weighs_blocks,
    }


def _living(matrix: ServiceMatrix) -> tuple[IntArray, list[str]]:
    """Return where each cell's rows of blocks begin (t * s + 1,), and its blocks and people as a text."""
    stations, services = matrix.filled.shape
    rows = matrix.by_block
    cells = np.arange(stations * services + 1)
    if rows is None:
        return np.zeros(len(cells), dtype=np.int64), [""] * (len(cells) - 1)
    cell = rows.station.astype(np.int64) * services + rows.service
    start = np.searchsorted(cell, cells)

    # blocks as differences within a cell
    block = rows.block.astype(np.int64)
    steps = np.diff(block, prepend=0)
    first = start[:-1][start[:-1] < start[1:]]
    steps[first] = block[first]
    blocks = pack_integers(steps, start)
    people = pack_integers(np.round(rows.worth).astype(np.int64), start)
    return start, [f"{one}{other}" for one, other in zip(blocks, people, strict=True)]


def _homes(results: Results) -> str:
    """Return the points at which residents are placed, packed as one line."""
    start = np.array([0, len(results.demand.xy)], dtype=np.int64)
    return pack_lines(results.network.plane, results.demand.xy, start)[0]


def _number(value: float) -> int | float:
    return int(value) if float(value).is_integer() else float(value)
