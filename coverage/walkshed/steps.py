"""The steps of a run between its streets and its results: where people live, what is offered, who is judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from walkshed.model.results import StreetsSource, StudyInputs

if TYPE_CHECKING:
    from walkshed.model.arrays import BoolArray, FloatArray, IntArray
    from walkshed.model.ground.extract import Extract
    from walkshed.model.ground.network import StreetNetwork
    from walkshed.model.ground.walking import Anchors
    from walkshed.model.judged.answers import Answer
    from walkshed.model.judged.coverage import Demand
    from walkshed.model.town.places import Block, Gate, Offer, Station
    from walkshed.model.town.walkers import Walker
    from walkshed.needs.access.situation import Supply
    from walkshed.needs.access.walks import Walks
    from walkshed.needs.assessing import Rules
    from walkshed.needs.people.dwellings import Dwellings
    from walkshed.needs.rules.calendars import DayCalendar


@dataclass(frozen=True, slots=True, eq=False)
class StationsOnStreets:
    """Stations, their doors, where they meet the streets, and which components of the network count.

    The doors of station ``i`` are rows ``door_start[i]:door_start[i + 1]`` of ``doors`` (d, 2).
    """

    stations: tuple[Station, ...]
    anchors: Anchors
    usable: BoolArray
    doors: FloatArray
    door_start: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Residents:
    """Blocks and stations in their areas, the points at which residents live, and where stations meet the streets."""

    blocks: tuple[Block, ...]
    stations: tuple[Station, ...]
    demand: Demand
    station_anchors: Anchors
    notes: tuple[str, ...]
    homes: Dwellings


def blocks_of(
    inputs: StudyInputs, extract: Extract | None, network: StreetNetwork, homes: Dwellings
) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Return the study's blocks (given, made from the map, or of a file of population) with their people, and notes."""
    from walkshed.errors import InvalidValueError
    from walkshed.needs.people.blocks import residential_blocks, share_people, street_blocks
    from walkshed.needs.people.population import blocks_of_population, share_population

    if inputs.blocks is not None:
        blocks = inputs.blocks
    elif inputs.settings.blocks_from == "people" and inputs.population is not None:
        return blocks_of_population(inputs.population), ()
    elif inputs.settings.blocks_from == "streets":
        blocks = street_blocks(network, homes)
    elif extract is not None:
        blocks = residential_blocks(extract, network)
    else:
        raise InvalidValueError(
            "[blocks] from = 'osm' needs [streets] file, an OSM extract; give a file of blocks"
        )

    # people of a file, and of a total
    notes: tuple[str, ...] = ()
    if inputs.population is not None:
        shared = share_population(blocks, inputs.population, network, homes)
        blocks, notes = shared.blocks, shared.notes
    if inputs.settings.people_total is not None:
        shared = share_people(blocks, network, homes, inputs.settings.people_total)
        blocks, notes = shared.blocks, (*notes, *shared.notes)
    return blocks, notes


def stations_on(
    inputs: StudyInputs, extract: Extract | None, network: StreetNetwork
) -> StationsOnStreets:
    """Return the stations as a scenario leaves them, and where they meet the streets.

    Which parts of the network count is decided by the stations without the scenario, so that a
    scenario moves nothing else.
    """
    from walkshed.needs.rules.scenarios import stations_after
    from walkshed.walk.anchors import snap, usable_components
    from walkshed.walk.doors import station_doors

    max_snap_m = inputs.settings.max_snap_m
    before = stations_after(replace(inputs, scenario=None))
    doors_before, _ = station_doors(before, network.plane, extract)
    usable = usable_components(network, doors_before, max_snap_m=max_snap_m)

    stations = stations_after(inputs)
    doors, door_start = station_doors(stations, network.plane, extract)
    anchors = snap(network, doors, start=door_start, max_snap_m=max_snap_m, usable=usable)
    return StationsOnStreets(stations, anchors, usable, doors, door_start)


def residents_of(
    inputs: StudyInputs,
    extract: Extract | None,
    network: StreetNetwork,
    standing: StationsOnStreets,
) -> Residents:
    """Return the blocks with their people, the points at which residents live, and the exits by which they leave.

    Stations inside a compound meet the streets at its exits.
    """
    from walkshed.needs.exits.by_exits import by_exits
    from walkshed.needs.exits.gates import refuse_lost_gates
    from walkshed.needs.exits.stepping_out import with_feet
    from walkshed.needs.people.areas import in_areas
    from walkshed.needs.people.dwellings import dwellings

    scenario = inputs.scenario
    homes = dwellings(extract, network.plane)
    blocks, blocks_notes = blocks_of(inputs, extract, network, homes)
    blocks, stations, areas_notes = in_areas(inputs.areas, blocks, standing.stations, network.plane)
    opened = () if scenario is None else scenario.gates
    refuse_lost_gates(inputs.surveyed, blocks)
    points = exits_again(
        inputs, extract, network, standing.usable, blocks, opened=opened, homes=homes
    )
    anchors = by_exits(points, standing.anchors, standing.doors, standing.door_start)
    points = with_feet(points, anchors)
    notes = (*blocks_notes, *areas_notes, *points.notes)
    return Residents(blocks, stations, points, anchors, notes, homes)


def exits_again(
    inputs: StudyInputs,
    extract: Extract | None,
    network: StreetNetwork,
    usable: BoolArray,
    blocks: tuple[Block, ...],
    *,
    homes: Dwellings,
    every: tuple[Block, ...] | None = None,
    opened: tuple[Gate, ...] = (),
    shut: tuple[Gate, ...] = (),
) -> Demand:
    """Return the residents of some blocks as points with exits.

    ``opened`` and ``shut`` come beside what a survey found. ``every`` are all blocks of the study,
    where these are some of them. Raises ``InputFaultsError`` where gates name blocks that are none.
    """
    from walkshed.needs.demand import demand
    from walkshed.needs.exits.gates import gates_of_blocks

    settings, surveyed = inputs.settings, inputs.surveyed
    return demand(
        blocks,
        network,
        extract=extract,
        homes=homes,
        gates=gates_of_blocks(inputs.gates, every or blocks),
        gates_complete=settings.gates_complete,
        usable=usable,
        max_snap_m=settings.max_snap_m,
        opened=(*opened, *surveyed.opened),
        shut=(*shut, *surveyed.shut),
        closed=_closed(settings.streets, extract),
        inside_detour=settings.inside_detour,
    )


def _closed(source: StreetsSource, extract: Extract | None) -> frozenset[int]:
    """Return the nodes of the map that the study's walking profile closes."""
    if extract is None:
        return frozenset()
    from walkshed.streets.barriers import closed_nodes

    return closed_nodes(extract, source.profile)


def walks_of(
    inputs: StudyInputs, network: StreetNetwork, points: Demand, stations: Anchors
) -> Walks:
    """Return the walks from points to stations, as far as some limit of the study reaches."""
    from walkshed.needs.access.walks import Walks
    from walkshed.needs.rules.walkers import walker_of

    return Walks(
        network,
        points,
        stations,
        inputs.needs,
        least_limit_m=max(inputs.settings.limits_m),
        adult=walker_of(inputs.walkers, "adult"),
    )


def people_in_reach(walks: Walks, limit_m: float) -> tuple[int, ...]:
    """Return, by station, the printed people whose walk to it is within a limit."""
    import numpy as np

    from walkshed.model.arrays import whole

    nearby = walks.meters
    near = nearby.distance_m <= limit_m
    people = walks.demand.people[nearby.point[near]]
    stations = len(walks.stations.start) - 1
    counts = np.bincount(nearby.station[near], weights=people, minlength=stations)
    return tuple(whole(count) for count in counts)


def offers_of(inputs: StudyInputs, stations: tuple[Station, ...]) -> tuple[Offer, ...]:
    """Return all offers of the stations as a scenario leaves them."""
    from walkshed.needs.rules.offers import all_offers
    from walkshed.needs.rules.scenarios import offers_after

    return all_offers(offers_after(inputs, stations), stations)


def open_now(
    inputs: StudyInputs, offers: tuple[Offer, ...], calendar: DayCalendar
) -> Mapping[str, bool] | None:
    """Return whether each opening hours is open at the moment asked for; None where none is."""
    from walkshed.needs.rules.hours import open_at

    return open_at(inputs.settings.at, offers, calendar)


def rules_of(inputs: StudyInputs, network: StreetNetwork) -> Rules:
    """Return by what the study judges."""
    from walkshed.needs.assessing import Rules
    from walkshed.needs.rules.calendars import calendar_here
    from walkshed.needs.rules.walkers import crew_of

    return Rules(
        services=inputs.services,
        needs=inputs.needs,
        min_share=inputs.settings.min_share,
        crew=crew_of(inputs.walkers),
        at=inputs.settings.at,
        calendar=calendar_here(inputs, network),
        unplaced=inputs.unplaced,
    )


def visitors_judged(
    inputs: StudyInputs,
    network: StreetNetwork,
    standing: StationsOnStreets,
    residents: Residents,
    supply: Supply,
    rules: Rules,
) -> dict[str, Answer]:
    """Return what is judged of the places of visitors for each walker that the study names; empty without any.

    The rows of the standard for the kind ``visitor`` hold for them, else those for every kind.
    Visitors live nowhere here: offers for a subdistrict, a community or a compound do not admit
    them. Room is judged for visitors among visitors alone, as if no resident came, and for
    residents as if no visitor came: each may take all of an offer's places, and nobody is counted
    twice.
    """
    import numpy as np

    from walkshed.needs.access.situation import People
    from walkshed.needs.assessing import assess
    from walkshed.needs.demand import demand
    from walkshed.needs.exits.edge import edge_gap_m
    from walkshed.needs.people.dwellings import dwellings
    from walkshed.needs.rules.walkers import walker_of

    if not inputs.visitors:
        return {}
    points = demand(
        inputs.visitors,
        network,
        extract=None,
        homes=dwellings(None, network.plane),
        gates=(),
        gates_complete=False,
        usable=standing.usable,
        max_snap_m=inputs.settings.max_snap_m,
    )
    people = People(inputs.visitors, walks_of(inputs, network, points, residents.station_anchors))
    gap_m = edge_gap_m(network, inputs.visitors)
    nowhere = np.full(len(supply.stations), -1, dtype=np.int64)
    visited = replace(supply, homes=nowhere)
    return {
        name: assess(people, visited, rules, walker_of(inputs.walkers, name), gap_m=gap_m)
        for name in inputs.settings.walkers or ("adult",)
    }


def walkers_and_groups(
    inputs: StudyInputs,
) -> Iterator[tuple[Walker, Mapping[str, Walker | None]]]:
    """Yield the walkers for whom the study is judged, each once: those it names, then those of its groups.

    With the first come all groups and whose walk each of them takes (None: an adult's), so that
    unequal walks are told once.
    """
    from walkshed.needs.rules.walkers import walker_of

    settings = inputs.settings
    of_groups = settings.group_walkers
    names = dict.fromkeys((*(settings.walkers or ("adult",)), *of_groups.values()))
    groups: Mapping[str, Walker | None] = {
        group: walker_of(inputs.walkers, of_groups[group]) if group in of_groups else None
        for group in settings.groups
    }
    for number, name in enumerate(names):
        yield walker_of(inputs.walkers, name), groups if number == 0 else {}


def notes_of(
    inputs: StudyInputs,
    extract: Extract | None,
    network: StreetNetwork,
    residents: Residents,
    offers: tuple[Offer, ...],
) -> tuple[str, ...]:
    """Return everything that a reader of the results should know, once each, in the order in which it arose."""
    from walkshed.needs.rules.calendars import calendar_here
    from walkshed.needs.rules.hours import calendar_notes
    from walkshed.needs.rules.offers import offer_notes, scope_findings

    scopes = scope_findings(offers, inputs.stations, residents.stations, residents.blocks, network)
    spread_evenly = "no residential building is mapped: residents are spread evenly over each block"
    every = (
        *inputs.notes,
        *(extract.notes if extract is not None else ()),
        *network.notes,
        *residents.notes,
        *offer_notes(scopes),
        *calendar_notes(inputs.settings.at, offers, calendar_here(inputs, network)),
        *(() if len(residents.homes.floor_m2) else (spread_evenly,)),
    )
    return tuple(dict.fromkeys(every))


def doubts_of(
    inputs: StudyInputs,
    network: StreetNetwork,
    residents: Residents,
    offers: tuple[Offer, ...],
) -> tuple[str, ...]:
    """Return what every output must say of what nobody stated, that of public pages, too."""
    from walkshed.needs.rules.offers import scope_findings
    from walkshed.words.ledgers.operations import idle_stations
    from walkshed.words.studies.doubts import (
        datum_doubts,
        left_out_stations,
        shut_scopes,
        stations_without_services,
        unknown_hours,
    )

    language = inputs.settings.language
    scopes = scope_findings(offers, inputs.stations, residents.stations, residents.blocks, network)
    return (
        *datum_doubts(inputs.datum_doubts, language),
        *left_out_stations(inputs.unplaced, language),
        *idle_stations((*residents.stations, *inputs.unplaced), language),
        *stations_without_services((*inputs.stations, *inputs.unplaced), language),
        *shut_scopes(scopes, language),
        *unknown_hours(*_hours_unknown(inputs, network, residents, offers), language),
    )


def _hours_unknown(
    inputs: StudyInputs, network: StreetNetwork, residents: Residents, offers: tuple[Offer, ...]
) -> tuple[list[str], list[str]]:
    """Return the years whose holidays nobody knows, and the stations whose hours only say whom to ask at the moment."""
    from walkshed.needs.rules.calendars import calendar_here
    from walkshed.needs.rules.hours import is_unknown, unknown_years

    moment = inputs.settings.at
    if not moment or not any(offer.hours for offer in offers):
        return [], []

    calendar = calendar_here(inputs, network)
    asked = {hours: is_unknown(hours, moment, calendar) for hours in {one.hours for one in offers}}
    names = {station.id: station.name for station in residents.stations}
    shut = [names[offer.station] for offer in offers if asked[offer.hours]]
    return unknown_years(moment, calendar), shut


def remarks_of(
    inputs: StudyInputs,
    extract: Extract | None,
    network: StreetNetwork,
    residents: Residents,
    offers: tuple[Offer, ...],
) -> tuple[str, ...]:
    """Return what promises and people rest on, what the map of a study lacks, and what is guessed from it."""
    from walkshed.needs.rules.walkers import crew_of
    from walkshed.reports.remarks import remarks
    from walkshed.words.ledgers.counts import basis_remarks
    from walkshed.words.ledgers.work_orders import response_remarks, responses

    language = inputs.settings.language
    promised = responses(offers, inputs.needs, inputs.services, residents.blocks)
    orders, crew = inputs.ledgers.work_orders, crew_of(inputs.walkers)
    response = response_remarks(promised, orders, crew, language)
    basis = basis_remarks(inputs.ledgers, residents.blocks, language)

    of_draft = remarks(
        inputs.settings,
        residents.blocks,
        residents.stations,
        inputs.services,
        network=network,
        homes=residents.homes,
        extract=extract,
    )
    return (*response, *basis, *of_draft)
