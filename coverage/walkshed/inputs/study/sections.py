"""The sections of study.toml: which keys each may hold, and of what kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from walkshed.inputs.study.labels import LabelsSection
from walkshed.inputs.study.siting import SitingSection
from walkshed.inputs.study.toml_text import Section
from walkshed.model.formats import STUDY_FORMAT
from walkshed.model.idioms import Units
from walkshed.model.judged.annexes import AnnexRule
from walkshed.model.labels import Language
from walkshed.model.results import ReportForm

NameText = Annotated[str, Field(min_length=1, max_length=200)]
#: The version of a file, see model.formats.
Format = Annotated[int, Field(ge=1, le=1_000)]
Meters = Annotated[float, Field(gt=0, le=100_000)]
Limits = Annotated[list[Meters], Field(min_length=1, max_length=20)]
#: An ISO code: BR, US, CN.
Country = Annotated[str, Field(pattern="^[A-Z]{2}$")]
Remark = Annotated[str, Field(max_length=500)]


class StudySection(Section):
    """``[study]``."""

    format: Format = STUDY_FORMAT
    name: NameText = ""
    language: Language = "zh"
    # of the page, in the order in which it switches
    languages: Annotated[list[Language], Field(min_length=1)] | None = None
    illustrative: bool = False
    remarks: Annotated[list[Remark], Field(max_length=20)] = []  # noqa: RUF012 (pydantic copies)
    country: Country | None = None
    decimal: Literal[".", ","] | None = None  # the mark of decimals in the tables
    ground_floor: Literal[0, 1] | None = None  # what the floor at the street is called
    units: Units | None = None  # of sentences and of the page
    clock: Literal[12, 24] | None = None  # hours of a day as they are written
    currency: Annotated[str, Field(min_length=1, max_length=8)] | None = None

    @model_validator(mode="before")
    @classmethod
    def first_language(cls, data: Mapping[str, object]) -> Mapping[str, object]:
        """Return the section with the first of its languages as that of the study, where it states none."""
        listed = data.get("languages")
        if "language" in data or not isinstance(listed, list) or not listed:
            return data
        return {**data, "language": listed[0]}


class StreetsSection(Section):
    """``[streets]``: exactly one of ``file`` and ``lines``."""

    file: str | None = None
    lines: str | None = None
    place: NameText | None = None
    nominatim_url: NameText | None = None
    overpass_url: NameText | None = None
    extra: str | None = None
    extra_join_m: Annotated[float, Field(gt=0, le=50)] = 5.0
    private: Literal["ends", "open"] = "ends"
    profile: Literal["walking"] = "walking"
    split_crossings: bool = False
    beyond: Literal["unknown", "nothing"] = "unknown"
    attribution: Annotated[str, Field(max_length=200)] | None = None


class TableSection(Section):
    """A section of a table: its files, the first and those that go on with it, and its columns.

    ``columns`` are the planner's headers by the contract's names.
    """

    file: str | None = None
    further: list[NameText] = Field(default=[], alias="further_files", exclude=True)
    columns: dict[str, str] = {}  # noqa: RUF012 (pydantic copies)

    @model_validator(mode="before")
    @classmethod
    def _of_several(cls, data: Any) -> Any:  # noqa: ANN401 (what TOML holds)
        """Return the section with ``file = [...]`` as the first file and the further ones."""
        files = data.get("file") if isinstance(data, dict) else None
        if not isinstance(files, list) or not files:
            return data
        return {**data, "file": files[0], "further_files": files[1:]}


class StationsSection(TableSection):
    """``[stations]``."""

    sheet: NameText | None = None
    crs: str | None = None
    unplaced: Literal["fault", "leave_out"] = "fault"
    services: list[NameText] = []  # noqa: RUF012 (what stations offer whose rows say nothing)
    source: Literal["given", "osm"] = "given"


class OffersSection(TableSection):
    """``[offers]``: a table of what stations offer."""

    sheet: NameText | None = None


class BlocksSection(TableSection):
    """``[blocks]``: exactly one of ``file`` and ``from``."""

    sheet: NameText | None = None
    source: Literal["osm", "streets", "people"] | None = Field(default=None, alias="from")
    drafted: Literal["given", "osm"] = Field(default="given", alias="source")
    crs: str | None = None
    gates: str | None = None
    gates_crs: str | None = None
    gates_columns: dict[str, str] = {}  # noqa: RUF012
    gates_complete: bool = False
    people_total: Annotated[float, Field(gt=0, le=1e10)] | None = None
    people_total_source: str = ""
    household_size: Annotated[float, Field(gt=0, le=20)] | None = None
    household_size_source: str = ""
    groups: list[NameText] = []  # noqa: RUF012 (pydantic copies defaults)
    kind_rules: str | None = None
    weights: list[NameText] = []  # noqa: RUF012


class PeopleSection(Section):
    """``[people]``: population of the planner's own, exactly one of ``points`` and ``grid``."""

    points: str | None = None
    grid: str | None = None
    crs: str | None = None
    columns: dict[str, str] = {}  # noqa: RUF012


class ServicesSection(TableSection):
    """``[services]``: a table of the services, in place of ``[[services]]``."""

    sheet: NameText | None = None


class ServiceSection(Section):
    """``[[services]]``: ``complete`` where it says so, or where the stations are a given file (definition 10).

    ``site``: whether proposed stations may offer it.
    """

    id: NameText
    zh: NameText = ""
    en: NameText = ""
    pt: NameText = ""
    standard_item: NameText | list[NameText] | None = None
    complete: bool | None = None
    site: bool = True


class NeedsSection(Section):
    """``[needs]``: exactly one of ``preset`` and ``file``."""

    preset: str | None = None
    file: str | None = None
    min_share: Annotated[float, Field(gt=0, le=1)] = 0.8


class WalkSection(Section):
    """``[walk]``."""

    walkers: Annotated[list[str], Field(min_length=1)] = ["adult"]  # noqa: RUF012
    limits_m: Limits = [300.0, 500.0, 1000.0]  # noqa: RUF012 (pydantic copies defaults)
    max_snap_m: Annotated[float, Field(gt=0, le=10_000)] = 100.0
    # how much longer than the straight line a walk inside a compound is
    inside_detour: Annotated[float, Field(ge=1, le=5)] = 1.0
    walkers_file: str | None = None
    group_walkers: dict[str, str] | None = None


class AreasSection(TableSection):
    """``[areas]``: outlines of subdistricts and communities, for summaries and scope."""

    sheet: NameText | None = None
    crs: str | None = None


class VisitorsSection(TableSection):
    """``[visitors]``: places where visitors are, counted apart from residents."""

    sheet: str | None = None
    crs: str | None = None


class LedgersSection(Section):
    """``[ledgers]``: a workbook whose sheets are called as the ledgers are, or a file for each."""

    file: str | None = None
    operations: str | None = None
    room_times: str | None = None
    relocations: str | None = None
    work_orders: str | None = None
    governance: str | None = None
    population: str | None = None
    # the planner's headers by ledger: [ledgers.columns.operations]
    columns: dict[str, dict[str, str]] = {}  # noqa: RUF012
    # who are the people of the study, where the ledger counts several
    people_basis: Literal["resident", "registered", "served"] | None = None


class RunSection(Section):
    """``[run]``."""

    at: NameText | None = None
    country: Country | None = None
    table_language: Literal["en", "zh"] = "en"

    @property
    def moment(self) -> str | None:
        """``at`` to the minute; None without one and for other text.

        It has no time zone: hours are those of the place.
        """
        text = (self.at or "").strip()
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        has_time = "T" in text or " " in text
        if moment.tzinfo is not None or not has_time:
            return None
        return moment.isoformat(timespec="minutes")


class MapSection(Section):
    """``[map]``: what the page may fetch; by default nothing."""

    assets: Literal["inline", "cdn"] = "inline"
    tiles: Literal["none", "osm", "tianditu"] = "none"


class ReportSection(Section):
    """``[report]``: what is written for readers outside; by default nothing."""

    write: list[ReportForm] = []  # noqa: RUF012 (pydantic copies defaults)
    template: str | None = None
    # columns of the annexes, as the office calls them, and by what its check-up judges
    annex_columns: dict[str, str] = {}  # noqa: RUF012 (pydantic copies defaults)
    annex_rule: AnnexRule | None = None


SECTIONS: Mapping[str, type[Section]] = {
    "study": StudySection,
    "streets": StreetsSection,
    "stations": StationsSection,
    "blocks": BlocksSection,
    "needs": NeedsSection,
    "walk": WalkSection,
    "offers": OffersSection,
    "run": RunSection,
    "visitors": VisitorsSection,
    "areas": AreasSection,
    "map": MapSection,
    "people": PeopleSection,
    "siting": SitingSection,
    "ledgers": LedgersSection,
    "report": ReportSection,
    "labels": LabelsSection,
}
#: What to write where a required section is missing.
REQUIRED = {
    "study": 'name = "…"',
    "streets": 'file = "town.osm.pbf"',
    "stations": 'file = "stations.csv"',
    "blocks": 'file = "blocks.geojson"',
    "needs": 'preset = "illustrative-500"',
}
#: What to write where a section that may be missing stands without its file.
FILES = {
    "areas": 'file = "communities.geojson"',
    "visitors": 'file = "visitors.csv"',
    "offers": 'file = "offers.csv"',
}
