"""A study's settings, its inputs and all that a run found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from walkshed.model.arrays import BoolArray
from walkshed.model.geocoding import DatumDoubt
from walkshed.model.ground.extract import Extract
from walkshed.model.ground.network import PrivateRule, StreetNetwork
from walkshed.model.ground.walking import Anchors, Catchments
from walkshed.model.idioms import PLAIN, Habits
from walkshed.model.judged.annexes import AnnexSettings
from walkshed.model.judged.answers import Answer
from walkshed.model.judged.coverage import Demand
from walkshed.model.judged.judgments import Judgments
from walkshed.model.judged.verdicts import ExitKind
from walkshed.model.labels import UNVERIFIED_STATIONS, Language, switched
from walkshed.model.plans.proposals import SitingSettings
from walkshed.model.town.country import Country
from walkshed.model.town.ledgers import Ledgers
from walkshed.model.town.places import (
    Area,
    Block,
    CommunityRule,
    Gate,
    Need,
    Offer,
    Service,
    Station,
)
from walkshed.model.town.population import Population
from walkshed.model.town.scenario import Scenario
from walkshed.model.town.survey import Surveyed
from walkshed.model.town.walkers import Walker

#: What a run writes for readers outside: a workbook.
ReportForm = Literal["xlsx", "docx", "annexes", "atlas"]


@dataclass(frozen=True, slots=True)
class StreetsSource:
    """Where the streets come from: an OSM extract or lines of the planner's own."""

    path: Path
    form: Literal["osm", "lines"]
    private_rule: PrivateRule
    profile: str
    split_crossings: bool
    beyond: Literal["unknown", "nothing"]  # what lies past the edge of the data
    attribution: str | None = None  # whose data it is, where it is not OpenStreetMap's
    extra: Path | None = None  # lanes that the extract lacks
    extra_join_m: float = 5.0

    @property
    def extract(self) -> Path | None:
        """The OSM extract; None for lines of the planner's own."""
        return self.path if self.form == "osm" else None


@dataclass(frozen=True, slots=True)
class Settings:
    """What study.toml says, checked; paths resolved."""

    name: str
    language: Language
    illustrative: bool
    streets: StreetsSource
    blocks_from: Literal["file", "osm", "streets", "people"]
    # [blocks] people_total: shared out over blocks without people by floor area
    people_total: float | None
    people_total_source: str
    gates_complete: bool  # gates = "only"
    min_share: float
    max_snap_m: float
    limits_m: tuple[float, ...]
    walkers: tuple[str, ...]
    groups: tuple[str, ...]
    # what straight walks inside a compound are multiplied by
    inside_detour: float = 1.0
    table_language: Literal["en", "zh"] = "en"  # of the heads of columns in CSV files
    at: str = ""  # ISO moment at which hours are judged, "" for any time
    country: str = ""  # whose holidays they know, as an ISO code; "" for that of the place
    group_walkers: Mapping[str, str] = field(default_factory=dict)  # the walker of each group
    # [map] assets: where the page's scripts come from
    map_assets: Literal["inline", "cdn"] = "inline"
    # [map] tiles: a background that needs the internet
    map_tiles: Literal["none", "osm", "tianditu"] = "none"
    # "osm": found in the tags, not checked
    stations_source: Literal["given", "osm"] = "given"
    # "osm": drafted from the map
    blocks_source: Literal["given", "osm"] = "given"
    # what every output must say beside the answer, in the study's language
    remarks: tuple[str, ...] = ()
    # units, words, clock and money of the office
    habits: Habits = PLAIN
    # [study] languages: those of the page; () where it names none
    languages_named: tuple[Language, ...] = ()

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages of the page, in the order in which it switches."""
        named = self.languages_named or switched(self.language)
        return tuple(cast("Language", self.habits.spoken(language)) for language in named)


@dataclass(frozen=True, slots=True, eq=False)
class StudyInputs:
    """A checked study: settings and tables. ``blocks`` is None where they are to be made from the map.

    ``file_digests`` are sha256 of every file read, by path relative to the study. ``notes`` are
    warnings that did not stop the reading (a repaired polygon, a column that this version carries
    but does not judge).
    """

    folder: Path
    settings: Settings
    services: tuple[Service, ...]
    stations: tuple[Station, ...]
    blocks: tuple[Block, ...] | None
    gates: tuple[Gate, ...]
    needs: tuple[Need, ...]
    file_digests: Mapping[str, str]
    sources: str  # the text of the study's SOURCES file, "" without one
    notes: tuple[str, ...]
    # every offer of every station; () where stations only list services
    offers: tuple[Offer, ...] = ()
    community_rule: CommunityRule | None = None
    # places of visitors, of the kind ``visitor``; never added to residents
    visitors: tuple[Block, ...] = ()
    walkers: tuple[Walker, ...] = ()  # those that the study names, its groups' and the crew's
    # [areas]: who lies in none of their tables' words lies in these outlines
    areas: tuple[Area, ...] = ()
    country: Country | None = None  # None where nothing tells it
    # [people], shared out over blocks without people of their own
    population: Population | None = None
    # changes to the study, which ``stations`` and ``offers`` do not yet show
    scenario: Scenario | None = None
    siting: SitingSettings = field(default_factory=SitingSettings)
    # tables taken as WGS84 that may stand in a shifted datum
    datum_doubts: tuple[DatumDoubt, ...] = ()
    # stations that have no place and are left out ([stations] unplaced = "leave_out")
    unplaced: tuple[Station, ...] = ()
    ledgers: Ledgers = field(default_factory=Ledgers)
    # [report] write: what leaves the office beside the map and its tables
    report: tuple[ReportForm, ...] = ()
    report_template: bytes = b""  # a .docx whose styles report.docx takes over
    # what came back of a survey; stations, offers and given gates show it already
    surveyed: Surveyed = field(default_factory=lambda: Surveyed(""))
    annexes: AnnexSettings = field(default_factory=AnnexSettings)
    file: str = "study.toml"  # the study.toml, which may have a name of its own, in ``folder``


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One answer with the names that its words and tables need."""

    inputs: StudyInputs
    blocks: tuple[Block, ...]  # of the answer: where residents live, or places of visitors
    exit_kind: tuple[ExitKind, ...]  # b
    stations: tuple[Station, ...]
    offers: tuple[Offer, ...]
    answer: Answer

    @property
    def judgments(self) -> Judgments:
        """The answer's judgments."""
        return self.answer.judgments

    @property
    def language(self) -> Language:
        """The language of the study."""
        return self.inputs.settings.language

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages of the page."""
        return self.inputs.settings.languages


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """All that a run found, plus provenance. Rooms above turn it into tables and maps and compute nothing new."""

    inputs: StudyInputs
    network: StreetNetwork
    extract: Extract | None
    blocks: tuple[Block, ...]  # in the order of every per-block array
    stations: tuple[Station, ...]  # sorted by id: the order of every per-station array
    demand: Demand
    station_anchors: Anchors
    # printed people whose walk to the station is within the study's largest limit
    station_people: tuple[int, ...]
    catchments: Catchments
    seconds: Mapping[str, float]  # wall seconds per stage, for run.json only
    notes: tuple[str, ...]
    answers: Mapping[str, Answer]  # by walker; the first is the one by whom the study judges
    offers: tuple[Offer, ...] = ()
    # of inputs.visitors, for the walkers of the study
    visitors: Mapping[str, Answer] = field(default_factory=dict)
    usable: BoolArray | None = None  # (c,) the components of the network that count; None: all
    # what the study as it stands must say of itself, beside the planner's own remarks
    remarks: tuple[str, ...] = ()
    # how many of them, the first, make places or verdicts doubtful: public pages say these, too
    doubts: int = 0

    @property
    def main(self) -> Answer:
        """The answer for the walker by whom the study judges."""
        return next(iter(self.answers.values()))

    def view(self, walker: str | None = None) -> View:
        """Return the answer for a walker, by default the main one, with what its words need."""
        answer = self.main if walker is None else self.answers[walker]
        return View(
            inputs=self.inputs,
            blocks=self.blocks,
            exit_kind=self.demand.exit_kind,
            stations=self.stations,
            offers=self.offers,
            answer=answer,
        )

    def visitors_view(self, walker: str) -> View:
        """Return the same of visitors, who stand where their table says."""
        places = self.inputs.visitors
        return View(
            inputs=self.inputs,
            blocks=places,
            exit_kind=(ExitKind.GIVEN,) * len(places),
            stations=self.stations,
            offers=self.offers,
            answer=self.visitors[walker],
        )


def caveats(results: Results) -> list[str]:
    """Return what must stand beside every answer of the study: all remarks, unverified stations."""
    settings = results.inputs.settings
    remarks = [*results.remarks, *settings.remarks]

    # that stations are unverified comes first
    if settings.stations_source == "osm":
        remarks.insert(0, UNVERIFIED_STATIONS.in_(settings.language))
    return remarks
