"""study.toml read section by section, and the settings made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from walkshed.inputs.faults import FaultBook, did_you_mean, nearest_word
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.study.sections import (
    FILES,
    REQUIRED,
    SECTIONS,
    AreasSection,
    BlocksSection,
    MapSection,
    NeedsSection,
    OffersSection,
    PeopleSection,
    RunSection,
    ServiceSection,
    ServicesSection,
    StationsSection,
    StreetsSection,
    StudySection,
    VisitorsSection,
    WalkSection,
)
from walkshed.inputs.study.siting import SitingSection
from walkshed.inputs.study.toml_text import TomlText, keys_of, read_section
from walkshed.model.results import Settings, StreetsSource
from walkshed.model.town.places import Service
from walkshed.outside.forms import EXTRACT, LINES, parts_of

_LATER_KEYS: Mapping[str, Mapping[str, str]] = {}
_EXTRACTS = EXTRACT.suffixes
_LINES = tuple(suffix for form in LINES for suffix in form.suffixes)


#: Where the map of ``[streets] place`` is kept, unless ``file`` says otherwise.
PLACE_FILE = "place.osm.pbf"


@dataclass(frozen=True, slots=True)
class StudyToml:
    """study.toml, checked section by section; a section is at its defaults where it had faults."""

    text: TomlText
    data: Mapping[str, Any]  # the tables under their right names, keys as written
    study: StudySection
    streets: StreetsSection
    stations: StationsSection
    blocks: BlocksSection
    needs: NeedsSection
    walk: WalkSection
    offers: OffersSection
    run: RunSection
    visitors: VisitorsSection
    areas: AreasSection
    map: MapSection
    people: PeopleSection
    siting: SitingSection
    services: tuple[Service, ...]
    service_table: ServicesSection  # where [services] is a table, read with the other tables

    def line(self, *path: str | int) -> int | None:
        """Return the line of a key of study.toml."""
        return self.text.line(*path)


def read_study_toml(toml: TomlText, book: FaultBook) -> StudyToml:
    """Return the sections of study.toml; every fault of them is in ``book``."""
    known = [*SECTIONS, "services"]
    data = dict(toml.data)
    for name in toml.data:
        if name not in known:
            cure = did_you_mean(
                name, known, otherwise=f"remove it; the tables are {', '.join(known)}"
            )
            book.fault(toml.label, "is no table of a study", cure, row=toml.line(name), value=name)
            near = nearest_word(name, known)
            # read as what it is meant to be, so that its own faults are told as well
            if near is not None:
                data.setdefault(near, toml.data[name])
    sections: dict[str, Any] = {}
    for name, model in SECTIONS.items():
        if name not in data and name in REQUIRED:
            book.fault(
                toml.label, f"there is no [{name}]", f"add [{name}] and below it {REQUIRED[name]}"
            )
        raw = data.get(name, {})
        later = _LATER_KEYS.get(name)
        sections[name] = read_section(model, raw, (name,), toml, book, later=later) or model()
    raw_services, given = data.get("services"), sections["stations"].source == "given"
    listed = isinstance(raw_services, dict)
    checked = StudyToml(
        toml,
        data=data,
        services=() if listed else _services(raw_services, toml, book, given=given),
        service_table=_service_table(raw_services if listed else {}, toml, book),
        **sections,
    )
    _check_choices(checked, book)
    _check_company(checked, book)
    return checked


def _service_table(raw: object, toml: TomlText, book: FaultBook) -> ServicesSection:
    section = read_section(ServicesSection, raw, ("services",), toml, book) or ServicesSection()
    if raw and section.file is None:
        cure = 'add file = "services.xlsx", or write [[services]] for each class of service'
        book.fault(toml.label, "[services] has no 'file'", cure, row=toml.line("services"))
    return section


def _services(raw: object, toml: TomlText, book: FaultBook, *, given: bool) -> tuple[Service, ...]:
    """Return the services of study.toml; ``given``: a file of the planner's own lists all stations unless denied."""
    cure = 'add [[services]] with id = "meals", zh = "…", en = "…" for each class of service'
    if raw is None or raw == []:
        book.fault(toml.label, "there are no [[services]]", cure)
        return ()
    if not isinstance(raw, list):
        book.fault(
            toml.label, "is no list of services", cure, row=toml.line("services"), value="services"
        )
        return ()
    services: dict[str, Service] = {}
    for number, entry in enumerate(raw):
        section = read_section(ServiceSection, entry, ("services", number), toml, book)
        if section is None:
            continue
        row, key = toml.line("services", number, "id"), section.id.strip()
        if key in services:
            book.fault(
                toml.label,
                "is the id of two services",
                "give each its own",
                row=row,
                column="services.id",
                value=key,
            )
        elif not is_service_id(key):
            cure = "choose an id without ; ； 、 , and other than *"
            book.fault(
                toml.label,
                "cannot be the id of a service",
                cure,
                row=row,
                column="services.id",
                value=section.id,
            )
        else:
            zh, en = section.zh.strip(), section.en.strip()
            services[key] = Service(
                key,
                zh or en or key,
                en or zh or key,
                _items(section.standard_item),
                given if section.complete is None else section.complete,
            )
    return tuple(services.values())


def is_service_id(key: str) -> bool:
    """Return whether a text can be the id of a service: a word that lists can hold."""
    return bool(key) and key != "*" and not any(mark in key for mark in ";；、,，")


def _items(named: str | list[str] | None) -> str | None:
    """Return the lines of standards that a service answers to as one text; None for none."""
    return ";".join(named) or None if isinstance(named, list) else named


def _check_choices(toml: StudyToml, book: FaultBook) -> None:
    """Write down keys that exclude each other, and keys that a section cannot do without."""
    for section, first, second in (
        ("streets", "file", "lines"),
        ("blocks", "file", "from"),
        ("needs", "preset", "file"),
    ):
        given = _keys_given(toml, section)
        if {first, second} <= given:
            fact, cure = f"stands beside '{first}'", f"keep one of '{first}' and '{second}'"
            book.fault(
                toml.text.label,
                fact,
                cure,
                row=toml.line(section, second),
                column=f"{section}.{second}",
            )
        elif given and not given & {first, second, "place"}:
            fact = f"[{section}] has neither '{first}' nor '{second}'"
            book.fault(toml.text.label, fact, f"add {REQUIRED[section]}", row=toml.line(section))
    people = _keys_given(toml, "people")
    if people and len(people & {"points", "grid"}) != 1:
        fact = (
            "[people] has neither 'points' nor 'grid'"
            if not people & {"points", "grid"}
            else "[people] has both"
        )
        cure = 'write one of points = "people.csv" and grid = "grid.gpkg"'
        book.fault(toml.text.label, fact, cure, row=toml.line("people"))
    for section, key in (
        ("study", "name"),
        ("stations", "file"),
        *((section, "file") for section in FILES),
    ):
        given = _keys_given(toml, section)
        if given and key not in given:
            fact = f"[{section}] has no '{key}'"
            book.fault(
                toml.text.label, fact, f"add {(REQUIRED | FILES)[section]}", row=toml.line(section)
            )


def _keys_given(toml: StudyToml, section: str) -> set[str]:
    """Return the keys of a section and those that unknown keys were meant to be; {""} for a section without keys."""
    raw = toml.data.get(section)
    if not isinstance(raw, dict):
        return set()
    known = keys_of(SECTIONS[section])
    later = _LATER_KEYS.get(section, {})
    meant = {nearest_word(key, known) or "" for key in raw if key not in known and key not in later}
    return {*raw, *meant, ""}


def _check_company(toml: StudyToml, book: FaultBook) -> None:
    """Write down values that are possible on their own but not beside the others."""

    def refuse(section: str, key: str, fact: str, cure: str, value: object = None) -> None:
        row = toml.line(section, key)
        book.fault(toml.text.label, fact, cure, row=row, column=f"{section}.{key}", value=value)

    blocks = toml.blocks
    if blocks.gates_complete and blocks.gates is None:
        refuse(
            "blocks",
            "gates_complete",
            "says that gates are complete, but none are given",
            "add gates = …",
            "true",
        )
    if blocks.people_total is not None and not blocks.people_total_source.strip():
        cure = 'add people_total_source = "…" (who counted, and when)'
        refuse("blocks", "people_total", "has no source", cure, blocks.people_total)
    if blocks.household_size is not None and not blocks.household_size_source.strip():
        cure = 'add household_size_source = "…" (who counted, and when)'
        refuse("blocks", "household_size", "has no source", cure, blocks.household_size)
    if blocks.source is not None and blocks.file is None and blocks.groups:
        cure = "take groups out, or give blocks as a file with these columns"
        refuse(
            "blocks",
            "groups",
            "cannot be counted without a table of blocks",
            cure,
            ", ".join(blocks.groups),
        )
    if blocks.source == "osm" and toml.streets.lines is not None and toml.streets.file is None:
        fact, cure = (
            "needs an OSM extract under [streets]",
            'give blocks as a file, or write from = "streets"',
        )
        refuse("blocks", "from", fact, cure, "osm")
    if toml.run.at is not None and _moment(toml.run.at) is None:
        refuse(
            "run",
            "at",
            "is no moment",
            'write a date and a time: at = "2026-11-23T10:00"',
            toml.run.at,
        )
    if blocks.source == "people" and toml.people.points is None and toml.people.grid is None:
        cure = 'add [people] with points = "people.csv" or grid = "grid.gpkg"'
        refuse("blocks", "from", "needs a file of population", cure, "people")
    if toml.streets.extra is not None and toml.streets.lines is not None:
        cure = "add the lanes to your own lines"
        refuse("streets", "extra", "stands beside 'lines'", cure, toml.streets.extra)


def _moment(text: str) -> str | None:
    """Return an ISO moment to the minute, without a time zone: hours are those of the place; None for another text."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    plain = moment.tzinfo is None and ("T" in text or " " in text.strip())
    return moment.isoformat(timespec="minutes") if plain else None


def streets_source(toml: StudyToml, folder: StudyFolder) -> StreetsSource | None:
    """Return where the streets come from; None, and a fault, when that cannot be read."""
    streets = toml.streets
    key = "lines" if streets.lines is not None else "file"
    name = streets.lines if streets.lines is not None else streets.file
    if name is None and streets.place is not None:
        name = PLACE_FILE
    if name is None:
        return None
    row = toml.line("streets", key)
    path = folder.find(name, asked_by=f"streets.{key}", row=row)
    if path is None:
        return None
    mine, other = (_LINES, _EXTRACTS) if key == "lines" else (_EXTRACTS, _LINES)
    if not path.name.lower().endswith(mine):
        if path.name.lower().endswith(other):
            cure = f'write {"file" if key == "lines" else "lines"} = "{name}"'
        else:
            cure = f"give a file that ends in {', '.join(mine)}"
        fact = "is no file of street lines" if key == "lines" else "is no OSM extract"
        folder.book.fault(toml.text.label, fact, cure, row=row, column=f"streets.{key}", value=name)
        return None
    for part in parts_of(path):
        folder.digest(part, folder.label(part))
    form: Literal["osm", "lines"] = "lines" if key == "lines" else "osm"
    extra = None
    if streets.extra is not None:
        extra = folder.find(
            streets.extra, asked_by="streets.extra", row=toml.line("streets", "extra")
        )
        if extra is not None:
            for part in parts_of(extra):
                folder.digest(part, folder.label(part))
    return StreetsSource(
        path,
        form,
        streets.private,
        streets.profile,
        streets.split_crossings,
        streets.beyond,
        streets.attribution,
        extra,
        streets.extra_join_m,
    )


def settings_of(
    toml: StudyToml,
    streets: StreetsSource,
    groups: tuple[str, ...],
    group_walkers: Mapping[str, str],
) -> Settings:
    """Return the settings of a study without faults."""
    blocks, walk = toml.blocks, toml.walk
    return Settings(
        name=" ".join(toml.study.name.split()),
        language=toml.study.language,
        illustrative=toml.study.illustrative,
        streets=streets,
        blocks_from=blocks.source or "file",
        people_total=blocks.people_total,
        people_total_source=blocks.people_total_source.strip(),
        gates_complete=blocks.gates_complete,
        min_share=toml.needs.min_share,
        max_snap_m=walk.max_snap_m,
        inside_detour=walk.inside_detour,
        limits_m=tuple(sorted(set(walk.limits_m))),
        walkers=tuple(dict.fromkeys(walk.walkers)),
        groups=groups,
        at=(_moment(toml.run.at) or "") if toml.run.at is not None else "",
        country=toml.run.country or "",
        group_walkers=dict(group_walkers),
        map_assets=toml.map.assets,
        map_tiles=toml.map.tiles,
        stations_source=toml.stations.source,
        blocks_source=blocks.drafted,
        remarks=tuple(" ".join(remark.split()) for remark in toml.study.remarks if remark.strip()),
    )
