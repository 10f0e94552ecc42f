"""The first draft of a study: from an extract, or a place's name, to a folder that any planner can edit."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from walkshed.errors import InvalidValueError
from walkshed.model.drafting import BlockOrigin, Draft, DraftStation, Facility
from walkshed.model.labels import Language
from walkshed.model.marks import escaped
from walkshed.model.messages import Message
from walkshed.model.town.places import Block, Service
from walkshed.outside.addresses import bare, secrets_in
from walkshed.verbs.draft.given import Own, given_tables, guessed_services
from walkshed.words.studies.drafts import outside_text, unnamed_blocks, unnamed_station

if TYPE_CHECKING:
    from walkshed.model.ground.extract import Extract
    from walkshed.model.ground.network import StreetNetwork
    from walkshed.needs.people.dwellings import Dwellings
    from walkshed.osm.ground import Ground

#: Living space of households per person in China was 41.8 m² in 2020 (Seventh National Population
#: Census); a round figure, for floor area by outline and levels is a rough one. Stated as an
#: assumption wherever it is used.
M2_PER_PERSON = 40.0
MAX_SNAP_M = 100.0  # as in the drafted study.toml
_UNWRITTEN = (
    "study.toml names the servers without the user, the password and the key in their addresses; "
    "to fetch the map anew, run  walkshed init --place  with the whole addresses into a new folder"
)


def draft(
    extract: str | Path | None,
    folder: str | Path,
    *,
    around: tuple[float, float, float] | None = None,
    clip: str | Path | None = None,
    place: str | None = None,
    servers: tuple[str, str] | None = None,
    people: str | Path | None = None,
    own: Own | None = None,
    name: str | None = None,
    language: Language | None = None,
    m2_per_person: float = M2_PER_PERSON,
    progress: Callable[[str], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> Draft:
    """Draft a study in ``folder`` (new or empty) and return it; all files are written, or none.

    ``extract`` is an OSM file; ``around`` (longitude, latitude, kilometers) or ``clip`` (a file
    with a polygon) cut a town out of a large one. Without an extract, ``place`` is a name that
    Nominatim knows; ``servers`` are the addresses of Nominatim and Overpass, and ``tell``
    hears of every pause that they ask for. ``people`` is a file of population: points or cells.
    ``own`` are the planner's own tables (one workbook may be both) and needs: they are copied, and
    what they say of services, groups and coordinates stands in study.toml.

    Method. The streets become a network (1). Blocks are residential areas, street blocks with homes
    and the ground around homes beyond them, else the ground around the streets, each in the
    community whose boundary holds it (2). Stations are
    what the rule table takes for one (3). People are those of the given file, else estimated where
    enough floors are mapped (4). What the map lacks is said, here and by every run (5).
    """
    from walkshed.needs.drafting import (
        draft_blocks,
        estimate_people,
        gates_of,
        place_stations,
        with_areas,
    )
    from walkshed.needs.people.block_names import NameForms
    from walkshed.needs.people.dwellings import dwellings
    from walkshed.osm import read_extract
    from walkshed.osm.tags.facilities import find_facilities
    from walkshed.osm.tags.naming import city_of
    from walkshed.streets.build import build_network
    from walkshed.verbs.draft.files import check_draft_folder, told_in, write_draft
    from walkshed.verbs.draft.source import draft_source

    if name and not told_in(name):
        raise InvalidValueError(
            Message(
                "name = '{name}': holds characters that cannot be printed; write it again",
                name=escaped(name),
            )
        )
    begin = progress or (lambda _stage: None)
    target = Path(folder)
    check_draft_folder(target)
    with draft_source(
        extract, target, around=around, clip=clip, place=place, servers=servers, tell=tell
    ) as source:
        mine = own or Own()
        given = given_tables(mine, source.path, source.file_name)

        # (1)
        begin("streets")
        read = read_extract(source.path)
        network = build_network(read)
        homes = dwellings(read, network.plane)
        said = language or given.language or _language_of_place(read)

        # (2)
        begin("blocks")
        blocks: tuple[Block, ...] = ()
        origin: BlockOrigin = "residential"
        if given.blocks is None:
            blocks, origin = draft_blocks(read, network, homes, NameForms(*unnamed_blocks(said)))
            blocks = with_areas(blocks, read, network)
        if given.blocks is None and source.ground is not None:
            blocks = _on_ground(blocks, source.ground)

        # (3)
        begin("stations")
        stations: tuple[DraftStation, ...] = ()
        services = given.services or guessed_services(given)
        if given.stations is None:
            facilities = _named(find_facilities(read), said)
            stations = place_stations(facilities, read, network, max_snap_m=MAX_SNAP_M)
            services = _services(facilities)

        # (4)
        begin("people")
        estimated, outside = None, 0.0
        if given.blocks is None and people is None:
            estimated = estimate_people(blocks, network, homes, m2_per_person)
            blocks = estimated or blocks
        elif given.blocks is None and people is not None:
            blocks, origin, outside = _with_people(
                blocks,
                origin,
                Path(people),
                people_column=mine.people_column,
                extract=read,
                network=network,
                homes=homes,
            )

        # (5)
        lacking = _remarks(
            None if given.blocks is not None else blocks,
            None if given.stations is not None else stations,
            services,
            origin=origin,
            extract=read,
            network=network,
            homes=homes,
            language=said,
        )
        if round(outside):
            lacking += (outside_text(outside, said),)

        begin("files")
        if tell is not None and any(map(secrets_in, servers or ())):
            tell(_UNWRITTEN)
        titles = (
            name or "",
            source.title,
            given.title,
            city_of(read, said),
            _stem(extract),
            "study",
        )
        made = Draft(
            name=next(title for title in map(told_in, titles) if title),
            language=said,
            streets_file=source.file_name,
            streets=source.content,
            source=source.told(said),
            digest=hashlib.sha256(source.content).hexdigest(),
            data_date=read.data_date,
            origin=origin,
            blocks=blocks,
            stations=stations,
            gates=() if origin == "people" or not blocks else gates_of(blocks, read, network),
            services=services,
            people_m2=None if estimated is None else m2_per_person,
            remarks=lacking,
            place=place or "",
            servers=None if servers is None else (bare(servers[0]), bare(servers[1])),
            given=given,
        )
        write_draft(made, target)
    return made


def _stem(extract: str | Path | None) -> str:
    return Path(extract or "study").name.split(".")[0] or "study"


def _on_ground(blocks: tuple[Block, ...], ground: Ground) -> tuple[Block, ...]:
    """Return the blocks of the planner's own polygon (whoever has a point inside it); all blocks without one."""
    if ground.polygon is None:
        return blocks
    inside = shapely.intersects(
        ground.polygon,
        shapely.point_on_surface(np.array([block.geometry for block in blocks], dtype=object)),
    )
    kept = tuple(block for block, is_in in zip(blocks, inside) if is_in)
    if not kept:
        raise InvalidValueError(
            "the polygon of --clip holds no block; draw it larger, or check its coordinates"
        )
    return kept


def _language_of_place(extract: Extract) -> Language:
    """Return the language of the offices of a place."""
    from walkshed.inputs.local import language_at
    from walkshed.osm.tags.naming import language_of

    west, south, east, north = extract.bounds
    return language_at((west + east) / 2, (south + north) / 2) or language_of(extract)


def _named(facilities: tuple[Facility, ...], language: Language) -> tuple[Facility, ...]:
    """Return the facilities, those without a name called after what they offer."""
    from walkshed.osm.tags.facilities import rule_table

    labels = {service.id: service.called(language) for service in rule_table().services}
    return tuple(
        facility
        if facility.name
        else replace(facility, name=unnamed_station(labels[facility.services[0]], language))
        for facility in facilities
    )


def _services(facilities: tuple[Facility, ...]) -> tuple[Service, ...]:
    """Return the services that the map shows, and those that any community has; none counts as surveyed."""
    from walkshed.osm.tags.facilities import rule_table

    offered = {service for facility in facilities for service in facility.services}
    return tuple(
        Service(service.id, service.zh, service.en, None, complete=False, site=service.site)
        for service in rule_table().services
        if service.core or service.id in offered
    )


def _with_people(
    blocks: tuple[Block, ...],
    origin: BlockOrigin,
    people: Path,
    *,
    people_column: str | None,
    extract: Extract,
    network: StreetNetwork,
    homes: Dwellings,
) -> tuple[tuple[Block, ...], BlockOrigin, float]:
    """Return blocks with the people of a file, where they come from then, and how many live in none of them.

    Where the map draws no compounds, the points or cells of a file of population are the better
    blocks.
    """
    from walkshed.inputs.rows.population import read_population_file
    from walkshed.needs.drafting import with_areas
    from walkshed.needs.people.population import blocks_of_population, share_population

    population = read_population_file(people, people_column)
    if origin != "residential":
        return with_areas(blocks_of_population(population), extract, network), "people", 0.0
    shared = share_population(blocks, population, network, homes)
    return shared.blocks, origin, shared.outside


def _remarks(
    blocks: tuple[Block, ...] | None,
    stations: tuple[DraftStation, ...] | None,
    services: tuple[Service, ...],
    *,
    origin: BlockOrigin,
    extract: Extract,
    network: StreetNetwork,
    homes: Dwellings,
    language: Language,
) -> tuple[str, ...]:
    """Return what a first run will say of the draft; None stands for a table of the planner's own."""
    from walkshed.reports.remarks import block_facts, path_share, station_facts
    from walkshed.words.studies.drafted import sentences

    of_blocks, of_stations = None, None
    if blocks is not None and origin != "people":
        of_blocks = block_facts(blocks, network, homes, extract)
    if stations is not None:
        of_stations = station_facts(len(stations), len(stations), services)
    return sentences(of_blocks, of_stations, path_share(network), language)
