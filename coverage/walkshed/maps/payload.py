"""Results as one plain value that the page shows: names, printed numbers, words and packed geometry.

Nothing is computed anew: people are the printed people of the judgments, and every total sums
printed rows.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import Any, get_args

import numpy as np
import shapely

from walkshed.maps.areas import areas
from walkshed.maps.background import background, frame_of
from walkshed.maps.briefing import briefing
from walkshed.maps.drawing import degrees, drawn_point, pack_lines, pack_polygons
from walkshed.maps.grouping import grouped_stations
from walkshed.maps.lookup import lookup
from walkshed.maps.network_payload import network_payload
from walkshed.maps.reached import reached
from walkshed.maps.walks import walks
from walkshed.maps.week import week
from walkshed.maps.words import page_words
from walkshed.model.coverage import Judgment
from walkshed.model.places import Need, PeopleSource
from walkshed.model.results import Language, Results
from walkshed.model.verdicts import REASONS, BlockState, Doubt, Verdict
from walkshed.model.walkers import ADULT
from walkshed.needs.coming import only_comes
from walkshed.needs.totals import passing_by_other_metric, totals, visitors_totals

#: How many of the worst blocks the page lists per service.
WORST = 10
#: The states, by the digit that stands for them in the payload.
STATES = (BlockState.SERVED, BlockState.PARTLY, BlockState.NOT_SERVED, BlockState.UNKNOWN)
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
        "language": settings.language,
        "words": {language: page_words(language) for language in LANGUAGES},
        "study": _study(results, public=public),
        "bounds": [drawn_point(plane, west_south), drawn_point(plane, east_north)],
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
    names = dict.fromkeys([results.coverage.walker, *results.by_walker])
    judged = [results.by_walker.get(name, results.coverage) for name in names]
    shown = [replace(results, coverage=coverage) for coverage in judged]
    return [
        _view(each, drawn, public=public) for each, drawn in zip(shown, walks(shown), strict=True)
    ]


def _view(results: Results, drawn: dict[str, Any], *, public: bool) -> dict[str, Any]:
    """Return what depends on the walker for whom is judged."""
    return {
        "services": [_service(results, index) for index in range(len(results.inputs.services))],
        "areas": areas(results, public=public),
        "judgments": _judgments(results, public=public),
        "walks": drawn,
        "matrix": _matrix(results, public=public),
        "week": week(results),
        "briefing": briefing(results, worst=_worst, public=public),
    }


def _walkers(results: Results, own: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each walker's names, and of its view that which differs from the first walker's."""
    known = {walker.id: walker for walker in (*results.inputs.walkers, ADULT)}
    names = dict.fromkeys([results.coverage.walker, *results.by_walker])
    return [
        {
            "id": name,
            "names": {"zh": known[name].zh, "en": known[name].en},
            "view": {key: part for key, part in view.items() if part != own[0][key]},
        }
        for name, view in zip(names, own, strict=True)
    ]


def state_of(judgment: Judgment) -> BlockState:
    """Return the state in which the map shows the block for the service."""
    if judgment.verdict == Verdict.SERVED:
        return BlockState.SERVED
    if judgment.verdict not in REASONS:
        return BlockState.UNKNOWN
    return BlockState.PARTLY if judgment.share > 0 else BlockState.NOT_SERVED


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
        "remarks": [] if public else [*results.remarks, *settings.remarks],
        "data_date": network.data_date,
        "attribution": network.attribution,
        "people_source": source,
        "people_total_source": settings.people_total_source
        if settings.people_total is not None
        else "",
        "has_people": _has_people(results),
        "public": public,
        "at": settings.at,
        "min_share": round(results.coverage.min_share, 6),
        "limits_m": [_number(limit) for limit in settings.limits_m],
    }


def _service(results: Results, index: int) -> dict[str, Any]:
    """Return a service's names, rules, totals of printed rows, and its worst blocks."""
    from walkshed.needs.wording import rule_text

    service, blocks = results.inputs.services[index], range(len(results.blocks))
    found = totals(results, blocks, index)
    comes = only_comes(results, index)
    needs = _needs([results.coverage.at(block, index) for block in blocks])
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
            for need in needs
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
        "passing_otherwise": passing_by_other_metric(results, blocks, index),
        "visitors": list(visitors_totals(results, results.coverage.walker, index)),
        "worst": [row.block for row in _worst(results, index)[:WORST]],
    }


def _worst(results: Results, index: int) -> list[Judgment]:
    """Return the blocks that fail the service, the worst first.

    Where people are known, blocks that leave nobody out stand behind those that do; then those in
    doubt behind the sure ones; then by people left out, share served, meters beyond the limit
    (never reached is the most).
    """
    counted = _has_people(results)

    def key(row: Judgment) -> tuple[bool, bool, int, float, float, int]:
        short_m = row.short_m if not math.isnan(row.short_m) else math.inf
        empty = counted and _left_out(row) == 0
        return (empty, row.doubt != Doubt.NONE, -_left_out(row), row.share, -short_m, row.block)

    rows = (results.coverage.at(block, index) for block in range(len(results.blocks)))
    return sorted((row for row in rows if row.verdict in REASONS), key=key)


def _has_people(results: Results) -> bool:
    return any(judgment.printed_people > 0 for judgment in results.coverage.rows)


def _left_out(row: Judgment) -> int:
    return row.printed_people - row.printed_served


def _needs(rows: list[Judgment]) -> list[Need]:
    """Return the needs by which the rows are judged, each once, in the order in which they appear."""
    return list(dict.fromkeys(row.need for row in rows if row.need is not None))


def _blocks(results: Results, block_xy: Any, *, public: bool) -> list[dict[str, Any]]:  # noqa: ANN401 (geometries)
    plane, demand = results.network.plane, results.demand
    shapes = pack_polygons(plane, block_xy)
    middles = (
        shapely.get_coordinates(shapely.point_on_surface(block_xy))
        if len(block_xy)
        else np.zeros((0, 2))
    )
    blocks = []
    for i, block in enumerate(results.blocks):
        exits = demand.exit_xy[demand.exit_start[i] : demand.exit_start[i + 1]]
        judgment = results.coverage.at(i, 0) if results.coverage.services else None
        blocks.append(
            {
                "id": block.id,
                "name": block.name,
                "kind": block.kind,
                "kind_rule": block.kind_rule,
                "flags": list(block.flags),
                "people": None
                if public or block.people is None or judgment is None
                else judgment.printed_people,
                "people_source": block.people_source.value,
                "groups": {}
                if public
                else {name: round(count) for name, count in sorted(block.groups.items())},
                "place": " · ".join(part for part in (block.subdistrict, block.community) if part),
                "shape": shapes[i],
                "middle": drawn_point(plane, middles[i]),
                "wide_m": round(
                    float(shapely.bounds(block_xy[i])[2] - shapely.bounds(block_xy[i])[0])
                ),
                "exit_kind": demand.exit_kind[i].value,
                "exits": [
                    [_degree(lat), _degree(lon)] for lon, lat in degrees(plane, exits).tolist()
                ],
            }
        )
    return blocks


def _judgments(results: Results, *, public: bool) -> dict[str, Any]:
    """Return one list per column, each sorted by block, then service; sentences are indices into ``texts``."""
    from walkshed.needs.wording import cure_text, reason_text

    texts: dict[tuple[str, ...], int] = {}  # one sentence in every language
    rows = results.coverage.rows
    by_service = [
        rows[service :: results.coverage.services] for service in range(results.coverage.services)
    ]
    rules = [
        {need: number for number, need in enumerate(_needs(list(judged)))} for judged in by_service
    ]
    reasons, cures = (
        [
            texts.setdefault(
                tuple(say(results, row, language) for language in LANGUAGES), len(texts)
            )
            for row in rows
        ]
        for say in (reason_text, partial(cure_text, people=not public))
    )
    return {
        "state": "".join(str(STATES.index(state_of(row))) for row in rows),
        "doubt": "".join("1" if row.doubt != Doubt.NONE else "0" for row in rows),
        "verdict": [row.verdict.value for row in rows],
        "people": [] if public else [row.printed_people for row in rows],
        "served": [] if public else [row.printed_served for row in rows],
        "limit_m": [_meters(row.limit_m) for row in rows],
        "nearest": [row.nearest for row in rows],
        "nearest_m": [_meters(row.nearest_m) for row in rows],
        "rule": [-1 if row.need is None else rules[row.service][row.need] for row in rows],
        "reason": reasons,
        "cure": cures,
        "texts": {language: [forms[i] for forms in texts] for i, language in enumerate(LANGUAGES)},
    }


def _stations(results: Results, station_xy: Any, *, public: bool) -> list[dict[str, Any]]:  # noqa: ANN401 (geometries)
    plane = results.network.plane
    number = {station.id: i for i, station in enumerate(results.stations)}
    services = {service.id: i for i, service in enumerate(results.inputs.services)}
    middles = (
        shapely.get_coordinates(shapely.point_on_surface(station_xy))
        if len(station_xy)
        else np.zeros((0, 2))
    )
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
            "at": drawn_point(plane, middles[i]),
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


def _matrix(results: Results, *, public: bool) -> dict[str, Any]:
    """Return the matrix row by row: what a cell is worth (whole people or blocks), its twin, and where they live.

    ``live[station][service]`` lists [block, people] of the cell's worth. In a public page it is
    left out, and so is the worth of a cell whose people all live in one block.
    """
    matrix = results.matrices.get(results.coverage.walker, results.matrix)
    shape = matrix.filled.shape
    worth = np.where(matrix.filled, matrix.unique_gain, matrix.potential)
    live: list[list[list[list[int]]]] = [[[] for _ in range(shape[1])] for _ in range(shape[0])]
    rows = matrix.by_block
    if rows is not None:
        for t, s, block, people in zip(
            rows.station, rows.service, rows.block, rows.worth, strict=True
        ):
            live[t][s].append([int(block), round(float(people))])
    hidden = [
        [public and not matrix.weighs_blocks and len(cell) == 1 for cell in line] for line in live
    ]
    return {
        "groups": grouped_stations(results.stations),
        "filled": ["".join("1" if cell else "0" for cell in row) for row in matrix.filled.tolist()],
        "worth": [
            [
                None if hide else round(cell) if math.isfinite(cell) else 0
                for cell, hide in zip(*row, strict=True)
            ]
            for row in zip(worth.tolist(), hidden, strict=True)
        ],
        "twin": [[int(cell) for cell in row] for row in matrix.twin.tolist()],
        "live": None if public else live,
        "weighs_blocks": matrix.weighs_blocks,
    }


def _homes(results: Results) -> str:
    """Return the points at which residents are placed, packed as one line."""
    start = np.array([0, len(results.demand.xy)], dtype=np.int64)
    return pack_lines(results.network.plane, results.demand.xy, start)[0]


def _meters(value: float) -> int | None:
    return round(value) if math.isfinite(value) else None


def _number(value: float) -> int | float:
    return int(value) if float(value).is_integer() else float(value)


def _degree(value: float) -> float:
    return round(value, 6)
