"""Results as one plain value that the page shows: names, printed numbers, words and geometry.

Nothing is computed anew: people are the printed people of the judgments, and every total sums
printed rows. What there is of every block and service is packed, a text per column
(``maps/packing.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from walkshed.maps.packing import (
    drawn_point,
    drawn_points,
    pack_lines,
    pack_polygons,
)
from walkshed.maps.payload.areas import areas
from walkshed.maps.payload.background import background, frame_of
from walkshed.maps.payload.briefing import briefing
from walkshed.maps.payload.judged import (
    STATES,
    WORST_BY,
    judged,
    needs_of_service,
    state_of,
    worst_blocks,
)
from walkshed.maps.payload.ledgers.shown import ledgers, worst_by_orders
from walkshed.maps.payload.lookup import lookup
from walkshed.maps.payload.matrix import matrix
from walkshed.maps.payload.reached import reached
from walkshed.maps.payload.walks import walks
from walkshed.maps.payload.week import week
from walkshed.maps.payload.whatif.hours import hours_words
from walkshed.maps.payload.whatif.network import network_payload
from walkshed.model.arrays import ObjectArray
from walkshed.model.formats import PAGE_FORMAT
from walkshed.model.results import Results, View
from walkshed.model.town.places import Need, PeopleSource
from walkshed.model.town.walkers import ADULT
from walkshed.needs.measures.totals import (
    Totals,
    passing_by_other_metric,
    totals_by_service,
    visitors_totals,
)
from walkshed.needs.rules.calendars import calendar_here
from walkshed.needs.rules.walkers import walker_of
from walkshed.words.messages.saying import said
from walkshed.words.outreach import only_comes
from walkshed.words.page import PAGE, page_words
from walkshed.words.quantities import moment_text
from walkshed.words.verdicts import rule_text

__all__ = ["STATES", "WORST", "build_payload", "state_of", "views"]

#: How many of the worst blocks the page lists per service.
WORST = 10


def build_payload(results: Results, *, public: bool = False) -> dict[str, Any]:
    """Return all that the page shows, of lists, dicts, strings and numbers only.

    The same results give the same value, and all languages of the page are in it. With ``public`` nothing
    tells how many people live in a block: neither blocks and judgments, nor cells of the matrix
    whose people all live in one block, nor the people in reach of a station.
    """
    settings = results.inputs.settings
    plane = results.network.plane
    block_shapes = [block.geometry for block in results.blocks]
    block_xy = plane.geometry_to_xy(np.array(block_shapes, dtype=object))
    station_shapes = [station.geometry for station in results.stations]
    station_xy = plane.geometry_to_xy(np.array(station_shapes, dtype=object))

    # the map opens on blocks and stations; without any, on the streets
    corners = shapely.get_coordinates(np.concatenate([block_xy, station_xy]))
    frame = frame_of(corners if len(corners) else results.network.node_xy)
    west_south, east_north = np.array(frame[:2]), np.array(frame[2:])

    # the first walker's view stands for the study; the others say where theirs differ
    own = views(results, public=public)
    return {
        "format": PAGE_FORMAT,
        "language": settings.language,
        "words": {language: _words(results, language) for language in settings.languages},
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
        **_of_ledgers(results, public=public),
    }


def _words(results: Results, language: str) -> dict[str, dict[str, str]]:
    """Return every word of the page in a language, that of opening hours among them."""
    catalogs = page_words(language, results.stations)
    return catalogs | {"hours": hours_words(results, language)}


def _of_ledgers(results: Results, *, public: bool) -> dict[str, Any]:
    """Return what the office's own ledgers add; nothing where the study keeps none."""
    kept = ledgers(results, public=public)
    return {} if kept is None else {"ledgers": kept}


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
        "services": [
            _service(results, view, number, found, public=public)
            for number, found in enumerate(every)
        ],
        "areas": areas(view, public=public),
        "judgments": judged(view, public=public),
        "walks": drawn,
        "matrix": matrix(view, public=public),
        "week": week(view),
        "briefing": briefing(view, data_date=results.network.data_date or "", public=public),
    }


def _walkers(results: Results, own: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each walker's names, and of its view that which differs from the first walker's."""
    known = {walker.id: walker for walker in (*results.inputs.walkers, ADULT)}
    languages = results.inputs.settings.languages
    return [
        {
            "id": name,
            "names": {language: known[name].called(language) for language in languages},
            "no_steps": known[name].step_s is None,
            "view": {key: part for key, part in view.items() if part != own[0][key]},
        }
        for name, view in zip(results.answers, own, strict=True)
    ]


def _remarks(results: Results, *, public: bool) -> list[str]:
    """Return what the page says of the study.

    The public one only what makes its places or verdicts doubtful.
    """
    if public:
        return list(results.remarks[: results.doubts])
    return [*results.remarks, *results.inputs.settings.remarks]


def _study(results: Results, *, public: bool) -> dict[str, Any]:
    """Return what the study as a whole is called, rests on and asks for."""
    settings, network = results.inputs.settings, results.network
    scenario, stated_total = results.inputs.scenario, settings.people_total is not None
    return {
        "name": settings.name,
        "scenario": scenario.name if scenario else "",
        "illustrative": settings.illustrative,
        "unverified": settings.stations_source == "osm",
        "remarks": _remarks(results, public=public),
        "data_date": network.data_date,
        "attribution": network.attribution,
        "country": _country(results),
        "people_source": _people_source(results),
        "people_total_source": settings.people_total_source if stated_total else "",
        "has_people": bool((results.main.judgments.printed_people > 0).any()),
        "public": public,
        "at": settings.at,
        "moments": {each: moment_text(settings.at, each) for each in settings.languages},
        "judged_at": _judged_at(results),
        "min_share": round(results.main.min_share, 6),
        "limits_m": [_number(limit) for limit in settings.limits_m],
    }


def _country(results: Results) -> dict[str, Any] | None:
    """Return the country and whether maps need a review there; None where nothing tells it."""
    country = results.inputs.country
    if country is None:
        return None
    names = {"code": country.code, **country.names}
    return {"names": names, "reviews_maps": country.reviews_maps}


def _judged_at(results: Results) -> dict[str, str]:
    """Return at which moment hours are judged, and by whose holidays, in each language; "" for any time."""
    settings = results.inputs.settings
    if not settings.at:
        return dict.fromkeys(settings.languages, "")
    calendar = calendar_here(results.inputs, results.network).called
    return {
        language: PAGE["judged_at"].said(
            language,
            moment=moment_text(settings.at, language),
            calendar=said(calendar, language),
        )
        for language in settings.languages
    }


def _people_source(results: Results) -> str:
    """Return where the people of blocks come from: "none", "mixed", or the one source of all."""
    sources = {block.people_source for block in results.blocks if block.people is not None}
    known = sources - {PeopleSource.NONE}
    if not known:
        return "none"
    return "mixed" if len(known) > 1 else known.pop().value


def _service(
    results: Results, view: View, number: int, found: Totals, *, public: bool
) -> dict[str, Any]:
    """Return a service's names, rules, totals of printed rows, and its worst blocks."""
    service, comes = results.inputs.services[number], only_comes(view, number)
    visitors = results.visitors.get(view.answer.walker)
    worst = worst_blocks(view.judgments, number).tolist()
    by_orders = worst_by_orders(results, worst)
    of_visitors = visitors_totals(visitors.judgments if visitors else None, number)
    needs = needs_of_service(view.judgments, number)

    return {
        "id": service.id,
        "names": {language: service.called(language) for language in view.languages},
        "rules": [_rule(need, view, comes=comes) for need in needs],
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
        "worst": worst[:WORST],
        **({} if by_orders is None or public else {"by_orders": by_orders[:WORST]}),
    }


def _rule(need: Need, view: View, *, comes: bool) -> dict[str, Any]:
    """Return a rule of a service, in words of each language, for the walker of a view."""
    walker = walker_of(view.inputs.walkers, view.answer.walker)
    texts = {
        language: rule_text(need, language, [walker], comes=comes) for language in view.languages
    }
    return {"texts": texts, "kind": need.kind, "metric": need.metric}


def _blocks(results: Results, block_xy: ObjectArray, *, public: bool) -> list[dict[str, Any]]:
    """Return who lives in each block, where it lies and by which exits its residents leave."""
    plane, demand, judgments = results.network.plane, results.demand, results.main.judgments

    # where each lies and how wide it is, by which it is named on the map
    shapes = pack_polygons(plane, block_xy)
    middles = drawn_points(plane, shapely.get_coordinates(shapely.point_on_surface(block_xy)))
    bounds = shapely.bounds(block_xy).reshape(-1, 4)
    wide_m = np.round(bounds[:, 2] - bounds[:, 0]).astype(np.int64).tolist()
    exits = pack_lines(plane, demand.exit_xy, demand.exit_start)

    # none of them is told where no service is judged
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
    """Return what each station is, offers and states of its premises, and where it stands."""
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
            "parent": number.get(station.parent or "", -1),
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


def _homes(results: Results) -> str:
    """Return the points at which residents are placed, packed as one line."""
    start = np.array([0, len(results.demand.xy)], dtype=np.int64)
    return pack_lines(results.network.plane, results.demand.xy, start)[0]


def _number(value: float) -> int | float:
    return int(value) if float(value).is_integer() else float(value)
