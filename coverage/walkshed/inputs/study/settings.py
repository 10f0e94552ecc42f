"""study.toml read section by section, and the settings made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from walkshed.inputs.faults import FaultBook, did_you_mean, nearest_word
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.study.conflicts import check_keys, check_values
from walkshed.inputs.study.labels import LabelsSection, check_labels, habits_with
from walkshed.inputs.study.sections import (
    REQUIRED,
    SECTIONS,
    AreasSection,
    BlocksSection,
    LedgersSection,
    MapSection,
    NeedsSection,
    OffersSection,
    PeopleSection,
    ReportSection,
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
from walkshed.inputs.study.toml_text import TomlText, read_section
from walkshed.model.idioms import Habits
from walkshed.model.labels import LABELED, LANGUAGES, Language
from walkshed.model.messages import Listing, Message
from walkshed.model.results import Settings, StreetsSource
from walkshed.model.town.country import Country
from walkshed.model.town.places import Service
from walkshed.outside.forms import EXTRACT, LINES, parts_of

_EXTRACTS = EXTRACT.suffixes
_LINES = tuple(suffix for form in LINES for suffix in form.suffixes)
_ADD_SERVICES = 'add [[services]] with id = "meals", zh = "…", en = "…" for each class of service'

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
    ledgers: LedgersSection
    report: ReportSection
    labels: LabelsSection
    services: tuple[Service, ...]
    service_table: ServicesSection  # where [services] is a table, read with the other tables

    def line(self, *path: str | int) -> int | None:
        """Return the line of a key of study.toml."""
        return self.text.line(*path)


def read_study_toml(toml: TomlText, book: FaultBook) -> StudyToml:
    """Return the sections of study.toml; every fault of them is in ``book``."""
    data = _tables(toml, book)

    sections: dict[str, Any] = {}
    for name, model in SECTIONS.items():
        if name not in data and name in REQUIRED:
            cure = Message("add [{name}] and below it {setting}", name=name, setting=REQUIRED[name])
            book.fault(toml.label, Message("there is no [{name}]", name=name), cure)
        sections[name] = read_section(model, data.get(name, {}), (name,), toml, book) or model()

    # services are listed here, or in a table of their own; whose stations are the planner's own are all listed
    raw_services, given = data.get("services"), sections["stations"].source == "given"
    listed = isinstance(raw_services, dict)
    services = () if listed else _services(raw_services, toml, book, given=given)
    table = _service_table(raw_services if listed else {}, toml, book)

    # what each says by itself is checked; what they say together is not yet
    checked = StudyToml(toml, data=data, services=services, service_table=table, **sections)
    check_keys(checked, book)
    check_values(checked, book)
    check_labels(checked.labels, toml, book)
    return checked


def _tables(toml: TomlText, book: FaultBook) -> dict[str, Any]:
    """Return the tables of the file by name; one with an unknown name, a fault, also by the name that it is near."""
    known = [*SECTIONS, "services"]
    data = dict(toml.data)
    for name in toml.data:
        if name in known:
            continue
        otherwise = Message("remove it; the tables are {known}", known=Listing(known))
        cure = did_you_mean(name, known, otherwise=otherwise)
        book.fault(toml.label, "is not a table of a study", cure, row=toml.line(name), value=name)

        # read as what it is meant to be, so that its own faults are told as well
        near = nearest_word(name, known)
        if near is not None:
            data.setdefault(near, toml.data[name])
    return data


def _service_table(raw: object, toml: TomlText, book: FaultBook) -> ServicesSection:
    """Return ``[services]``, which names a table of services; without it, an empty section."""
    section = read_section(ServicesSection, raw, ("services",), toml, book) or ServicesSection()
    if raw and section.file is None:
        cure = 'add file = "services.xlsx", or write [[services]] for each class of service'
        book.fault(toml.label, "[services] has no 'file'", cure, row=toml.line("services"))
    return section


def _services(raw: object, toml: TomlText, book: FaultBook, *, given: bool) -> tuple[Service, ...]:
    """Return the services of ``[[services]]``, each id once.

    ``given``: a file of the planner's own lists all stations unless a service denies it.
    """
    label = toml.label
    if raw is None or raw == []:
        book.fault(label, "there are no [[services]]", _ADD_SERVICES)
        return ()
    if not isinstance(raw, list):
        row = toml.line("services")
        book.fault(label, "is not a list of services", _ADD_SERVICES, row=row, value="services")
        return ()

    column = "services.id"
    services: dict[str, Service] = {}
    for number, entry in enumerate(raw):
        section = read_section(ServiceSection, entry, ("services", number), toml, book)
        if section is None:
            continue
        row, key = toml.line("services", number, "id"), section.id.strip()
        if key in services:
            fact, cure = "is the id of two services", "give each its own"
            book.fault(label, fact, cure, row=row, column=column, value=key)
        elif not is_service_id(key):
            fact = "cannot be the id of a service"
            cure = "choose an id without ; ； 、 , and other than *"
            book.fault(label, fact, cure, row=row, column=column, value=section.id)
        else:
            services[key] = _service(section, given=given)
            _check_name(services, key, toml.line("services", number), toml, book)
    return tuple(services.values())


def _check_name(
    services: Mapping[str, Service], key: str, row: int | None, toml: TomlText, book: FaultBook
) -> None:
    """Write down a service that is called like one before it: stations that list the name could mean either."""
    name = services[key].zh
    if any(other.zh == name for other in services.values() if other.id != key):
        fact, cure = "is the name of two services", "give each its own name"
        book.fault(toml.label, fact, cure, row=row, column="services.zh", value=name)


def is_service_id(key: str) -> bool:
    """Return whether a text can be the id of a service: a word that lists can hold."""
    return bool(key) and key != "*" and not any(mark in key for mark in ";；、,，")


def _service(section: ServiceSection, *, given: bool) -> Service:
    """Return a service; a label that is missing is the one of another language, else the id."""
    key, zh, en = section.id.strip(), section.zh.strip(), section.en.strip()
    others = (language for language in LANGUAGES if language not in LABELED)
    given_names = {language: getattr(section, language).strip() for language in others}
    names: dict[str, str] = {language: name for language, name in given_names.items() if name}
    further = next(iter(names.values()), key)
    return Service(
        key,
        zh or en or further,
        en or zh or further,
        _items(section.standard_item),
        given if section.complete is None else section.complete,
        names=names,
        site=section.site,
    )


def _items(named: str | list[str] | None) -> str | None:
    """Return the lines of standards that a service answers to as one text; None for none."""
    if isinstance(named, list):
        return ";".join(named) or None
    return named


def streets_source(toml: StudyToml, folder: StudyFolder) -> StreetsSource | None:
    """Return where the streets come from; None, and a fault, when that cannot be read."""
    streets = toml.streets
    key: Literal["lines", "file"] = "lines"
    form: Literal["lines", "osm"] = "lines"
    name = streets.lines
    if name is None:
        key, form, name = "file", "osm", streets.file
    if name is None and streets.place is not None:
        name = PLACE_FILE
    if name is None:
        return None

    # the file, of the form that its key asks for
    row = toml.line("streets", key)
    path = folder.find(name, asked_by=f"streets.{key}", row=row)
    if path is None or not _is_of_form(path, key, name, toml, folder.book):
        return None
    _digest(path, folder)

    # lanes that the map lacks
    extra = None
    if streets.extra is not None:
        row = toml.line("streets", "extra")
        extra = folder.find(streets.extra, asked_by="streets.extra", row=row)
    if extra is not None:
        _digest(extra, folder)

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


def _is_of_form(
    path: Path, key: Literal["lines", "file"], name: str, toml: StudyToml, book: FaultBook
) -> bool:
    """Return whether a file is what its key asks for; a fault for another one."""
    mine, other, other_key, fact = _EXTRACTS, _LINES, "lines", "is not an OSM extract"
    if key == "lines":
        mine, other, other_key, fact = _LINES, _EXTRACTS, "file", "is not a file of street lines"
    if path.name.lower().endswith(mine):
        return True

    cure = Message("give a file that ends in {endings}", endings=Listing(mine))
    if path.name.lower().endswith(other):
        cure = Message('write {key} = "{name}"', key=other_key, name=name)
    row = toml.line("streets", key)
    book.fault(toml.text.label, fact, cure, row=row, column=f"streets.{key}", value=name)
    return False


def _digest(path: Path, folder: StudyFolder) -> None:
    """Keep the digests of all files that make up one."""
    for part in parts_of(path):
        folder.digest(part, folder.label(part))


def settings_of(
    toml: StudyToml,
    streets: StreetsSource,
    groups: tuple[str, ...],
    group_walkers: Mapping[str, str],
    *,
    country: Country | None = None,
) -> Settings:
    """Return the settings of a study without faults; units and clock are those of its ``country`` unless it says."""
    study, blocks, walk = toml.study, toml.blocks, toml.walk

    # texts on one line, lists without repetitions
    remarks = tuple(" ".join(remark.split()) for remark in study.remarks if remark.strip())
    limits_m = tuple(sorted(set(walk.limits_m)))
    walkers = tuple(dict.fromkeys(walk.walkers))
    habits = habits_with(toml.labels, _habits(study, country))

    return Settings(
        name=" ".join(study.name.split()),
        language=cast("Language", habits.spoken(language_of(study, country))),
        languages_named=tuple(dict.fromkeys(study.languages or ())),
        illustrative=study.illustrative,
        streets=streets,
        blocks_from=blocks.source or "file",
        people_total=blocks.people_total,
        people_total_source=blocks.people_total_source.strip(),
        gates_complete=blocks.gates_complete,
        min_share=toml.needs.min_share,
        max_snap_m=walk.max_snap_m,
        inside_detour=walk.inside_detour,
        limits_m=limits_m,
        walkers=walkers,
        groups=groups,
        at=toml.run.moment or "",
        table_language=toml.run.table_language,
        country=toml.run.country or study.country or "",
        group_walkers=dict(group_walkers),
        map_assets=toml.map.assets,
        map_tiles=toml.map.tiles,
        stations_source=toml.stations.source,
        blocks_source=blocks.drafted,
        remarks=remarks,
        habits=habits,
    )


def language_of(study: StudySection, country: Country | None) -> Language:
    """Return the language of a study: the one it states, else that of its country's offices."""
    is_stated = "language" in study.model_fields_set
    return study.language if is_stated or country is None else country.language


def _habits(study: StudySection, country: Country | None) -> Habits:
    """Return units, clock and money: as the study states them, else units and clock as the country has them.

    Costs of tables may be in thousands of what the country pays with: their money is never guessed.
    """
    local = country or Country("")
    units, clock = study.units or local.units, study.clock or local.clock
    return Habits(units, clock, (study.currency or "").strip())
