"""The first draft of a study: from an extract, or a place's name, to a folder that any planner can edit."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import numpy as np
import shapely

from walkshed.errors import InvalidValueError, NotFoundError, UnreadableFileError
from walkshed.model.drafting import BlockOrigin, Draft, DraftStation, Facility
from walkshed.model.places import Block, PeopleSource, Service
from walkshed.model.results import Language

if TYPE_CHECKING:
    from walkshed.model.extract import Extract
    from walkshed.model.network import StreetNetwork
    from walkshed.needs.dwellings import Dwellings
    from walkshed.osm.cut import Ground

#: Living space of households per person in China was 41.8 m² in 2020 (Seventh National Population
#: Census); a round figure, for floor area by outline and levels is a rough one. Stated as an
#: assumption wherever it is used.
M2_PER_PERSON = 40.0
MAX_SNAP_M = 100.0  # as in the drafted study.toml
_LARGEST_EXTRACT = 80_000_000  # bytes; reading more takes minutes and gigabytes
_KEPT_NAMES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
#: What a block without a name is called: a residential area, houses by a street, houses far from any.
_UNNAMED = {
    "zh": ("{street}旁（无名）", "{street}旁", "街坊 {id}"),
    "en": ("unnamed, by {street}", "by {street}", "Block {id}"),
}


_OUTSIDE: dict[Language, str] = {
    "zh": "人口文件中有 {people:,} 人不在任何小区内，未计入。",
    "en": "{people:,} people of the file of population live in no block and do not count.",
}


class DraftOptions(TypedDict, total=False):
    """The options of ``draft``."""

    around: tuple[float, float, float] | None
    clip: str | Path | None
    place: str | None
    servers: tuple[str, str] | None
    people: str | Path | None
    name: str | None
    language: Language | None
    m2_per_person: float
    progress: Callable[[str], None] | None


def draft(
    extract: str | Path | None,
    folder: str | Path,
    *,
    around: tuple[float, float, float] | None = None,
    clip: str | Path | None = None,
    place: str | None = None,
    servers: tuple[str, str] | None = None,
    people: str | Path | None = None,
    name: str | None = None,
    language: Language | None = None,
    m2_per_person: float = M2_PER_PERSON,
    progress: Callable[[str], None] | None = None,
) -> Draft:
    """Draft a study in ``folder`` (new or empty) and return it; all files are written, or none.

    ``extract`` is an OSM file; ``around`` (longitude, latitude, kilometers) or ``clip`` (a file
    with a polygon) cut a town out of a large one. Without an extract, ``place`` is a name that
    Nominatim knows; ``servers`` are the addresses of Nominatim and Overpass. ``people`` is a file
    of population: points or cells.

    Method. The streets become a network (1). Blocks are residential areas, else street blocks, else
    the ground around the streets, each in the community whose boundary holds it (2). Stations are
    what the rule table takes for one (3). People are those of the given file, else estimated where
    enough floors are mapped (4). What the map lacks is said, here and by every run (5).
    """
    from walkshed.needs.block_names import NameForms
    from walkshed.needs.drafting import (
        draft_blocks,
        gates_of,
        place_stations,
        with_areas,
    )
    from walkshed.needs.dwellings import dwellings
    from walkshed.osm import read_extract
    from walkshed.osm.facilities import find_facilities
    from walkshed.osm.naming import city_of, language_of
    from walkshed.reports.draft import check_draft_folder, write_draft
    from walkshed.streets.build import build_network

    tell = progress or (lambda _stage: None)
    target = Path(folder)
    check_draft_folder(target)
    with _source(extract, target, around=around, clip=clip, place=place, servers=servers) as source:
        tell("streets")  # (1)
        read = read_extract(source.path)
        network = build_network(read)
        homes = dwellings(read, network.plane)
        said = language or language_of(read)
        tell("blocks")  # (2)
        blocks, origin = draft_blocks(read, network, homes, NameForms(*_UNNAMED[said]))
        blocks = with_areas(blocks, read, network)
        if source.ground is not None:
            blocks = _on_ground(blocks, source.ground)
        tell("stations")  # (3)
        facilities = _named(find_facilities(read), said)
        stations = place_stations(facilities, read, network, max_snap_m=MAX_SNAP_M)
        tell("people")  # (4)
        given = None if people is None else Path(people)
        blocks, origin, outside = _with_people(
            blocks, origin, given, read, network, homes, m2_per_person
        )
        services = _services(facilities)
        lacking = _remarks(blocks, origin, stations, services, read, network, homes, said)
        if round(outside):
            lacking += (_OUTSIDE[said].format(people=round(outside)),)
        estimated = any(block.people_source is PeopleSource.ESTIMATED for block in blocks)
        made = Draft(
            name=" ".join((name or source.title or city_of(read, said) or _stem(extract)).split()),
            language=said,
            streets_file=source.file_name,
            streets=source.content,
            source=source.told(said),
            digest=hashlib.sha256(source.content).hexdigest(),
            data_date=read.data_date,
            origin=origin,
            blocks=blocks,
            stations=stations,
            gates=() if origin == "people" else gates_of(blocks, read, network),
            services=services,
            people_m2=m2_per_person if estimated and given is None else None,
            remarks=lacking,  # (5)
            place=place or "",
            servers=servers,
        )
        tell("files")
        write_draft(made, target)
    return made


def _stem(extract: str | Path | None) -> str:
    return Path(extract or "study").name.split(".")[0] or "study"


class _Source:
    """Where the streets' file of a draft comes from, as bytes under the name that it gets in the study."""

    def __init__(
        self,
        path: Path,
        file_name: str,
        title: str,
        told: dict[Language, str],
        ground: Ground | None,
    ) -> None:
        self.path, self.file_name, self.title, self.ground = path, file_name, title, ground
        self.content = path.read_bytes()
        self._told = told

    def told(self, language: Language) -> str:
        """Return in words what the file is."""
        return self._told[language]


@contextmanager
def _source(
    extract: str | Path | None,
    folder: Path,
    *,
    around: tuple[float, float, float] | None,
    clip: str | Path | None,
    place: str | None,
    servers: tuple[str, str] | None,
) -> Iterator[_Source]:
    """Yield the file to draft from: the extract itself, its cut, or what was fetched for a place's name."""
    given = [word for word, value in (("around", around), ("clip", clip)) if value is not None]
    if (extract is None) == (place is None):
        raise InvalidValueError(
            "give either an OSM extract or the name of a place (--place), one of the two"
        )
    if len(given) > 1 or (place is not None and given):
        raise InvalidValueError(
            f"{' and '.join(given)} cannot stand beside {'place' if place else 'each other'}; give one"
        )
    if place is not None:
        from walkshed.osm.overpass import fetch_place

        fetched = fetch_place(place, folder / "answers", servers=servers)
        told: dict[Language, str] = {
            "zh": f"按地名“{place}”经 Nominatim、Overpass 下载，原始回答在 answers/",
            "en": f"fetched for '{place}' from Nominatim and Overpass; their answers are in answers/",
        }
        yield _Source(fetched.path, "place.osm.pbf", place.split(",")[0], told, fetched.ground)
        return
    path = Path(extract or "")
    if not given:
        name = path.name if path.name.lower().endswith(_KEPT_NAMES) else "streets.osm.pbf"
        _check_size(path)
        yield _Source(
            _existing(path),
            name,
            "",
            {"zh": f"取自 {path.name}", "en": f"a copy of {path.name}"},
            None,
        )
        return
    from walkshed.osm.cut import cut_extract, ground_around, ground_of_file

    ground = ground_around(*around) if around is not None else ground_of_file(Path(clip or ""))
    with tempfile.TemporaryDirectory(prefix="walkshed-") as scratch:
        cut = Path(scratch) / "town.osm.pbf"
        cut_extract(path, cut, ground)
        west, south, east, north = ground.box
        where = f"{west:.4f},{south:.4f} – {east:.4f},{north:.4f}"
        told = {"zh": f"自 {path.name} 裁出（{where}）", "en": f"cut out of {path.name} ({where})"}
        yield _Source(cut, "town.osm.pbf", "", told, ground)


def _existing(path: Path) -> Path:
    """Return the path of a file that can be opened; the errors of reading an extract otherwise."""
    if path.is_dir():
        raise UnreadableFileError(
            f"{path}: is a folder, not an OpenStreetMap file; name the .osm.pbf or .osm file in it"
        )
    if not path.is_file():
        raise NotFoundError(f"{path}: no such file; check the path, it is taken from {Path.cwd()}")
    return path


def _check_size(path: Path) -> None:
    size = path.stat().st_size if path.is_file() else 0
    if size > _LARGEST_EXTRACT:
        raise InvalidValueError(
            f"{path}: has {size // 1_000_000} MB, a province rather than a town; cut the town out: "
            "--around LON,LAT,KM or --clip FILE"
        )


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


def _named(facilities: tuple[Facility, ...], language: Language) -> tuple[Facility, ...]:
    """Return the facilities, those without a name called after what they offer."""
    from walkshed.osm.facilities import rule_table

    labels = {
        service.id: service.zh if language == "zh" else service.en
        for service in rule_table().services
    }
    unnamed = "（无名）" if language == "zh" else " (unnamed)"
    return tuple(
        facility
        if facility.name
        else replace(facility, name=labels[facility.services[0]] + unnamed)
        for facility in facilities
    )


def _services(facilities: tuple[Facility, ...]) -> tuple[Service, ...]:
    """Return the services that the map shows, and those that any community has; none counts as surveyed."""
    from walkshed.osm.facilities import rule_table

    offered = {service for facility in facilities for service in facility.services}
    return tuple(
        Service(service.id, service.zh, service.en, None, complete=False)
        for service in rule_table().services
        if service.core or service.id in offered
    )


def _with_people(
    blocks: tuple[Block, ...],
    origin: BlockOrigin,
    people: Path | None,
    extract: Extract,
    network: StreetNetwork,
    homes: Dwellings,
    m2_per_person: float,
) -> tuple[tuple[Block, ...], BlockOrigin, float]:
    """Return blocks with people, where they come from then, and how many people live in none of them.

    Where the map draws no compounds, the points or cells of a file of population are the better
    blocks.
    """
    from walkshed.needs.drafting import estimate_people, with_areas
    from walkshed.needs.population import blocks_of_population, share_population

    if people is None:
        return (
            estimate_people(blocks, network, homes, m2_per_person) or blocks,
            origin,
            0.0,
        )
    from walkshed.inputs.population import read_population_file

    population = read_population_file(people)
    if origin != "residential":
        return with_areas(blocks_of_population(population), extract, network), "people", 0.0
    shared = share_population(blocks, population, network, homes)
    return shared.blocks, origin, shared.outside


def _remarks(
    blocks: tuple[Block, ...],
    origin: BlockOrigin,
    stations: tuple[DraftStation, ...],
    services: tuple[Service, ...],
    extract: Extract,
    network: StreetNetwork,
    homes: Dwellings,
    language: Language,
) -> tuple[str, ...]:
    """Return what a first run will say of the draft."""
    from walkshed.reports.remarks import block_facts, path_share, sentences, station_facts

    of_blocks = None if origin == "people" else block_facts(blocks, network, homes, extract)
    of_stations = station_facts(len(stations), len(stations), services)
    return sentences(of_blocks, of_stations, path_share(network), language)
