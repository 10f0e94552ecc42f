"""What a run found, and what is proposed for a study, as users hold it: frames, a map, files and a few lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import folium
    import geopandas as gpd
    import pandas as pd

    from walkshed.model.arrays import FloatArray
    from walkshed.model.judged.judgments import Judgments
    from walkshed.model.plans.proposals import SitePlan
    from walkshed.model.results import ReportForm, Results, StudyInputs
    from walkshed.needs.measures.effects import InDoubt
    from walkshed.reports.plans.planned import Planned
    from walkshed.siting.planning.upgrading import Upgrades


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Findings:
    """What a run found, as frames, a map and files; each is made anew when asked for."""

    results: Results

    def __repr__(self) -> str:
        """``Findings(Monaco: 76 blocks, 43 stations, 6 services)``."""
        found = self.results
        services = len(found.inputs.services)
        counts = f"{len(found.blocks)} blocks, {len(found.stations)} stations, {services} services"
        return f"Findings({found.inputs.settings.name}: {counts})"

    def table(self, file: str) -> pd.DataFrame:
        """Return the table that a run writes under a name, such as ``priorities.csv``, whether this one does or not.

        ``docs/data-dictionary.md`` tells the tables and their columns. Raises NotFoundError for any
        other name.
        """
        from walkshed.reports.registry import table

        return table(file).made_of(self.results)

    @property
    def coverage(self) -> pd.DataFrame:
        """One row per block and service, columns as in coverage.csv."""
        return self.table("coverage.csv")

    @property
    def coverage_by_walker(self) -> pd.DataFrame:
        """One row per block, service and way of walking, columns as in coverage_by_walker.csv."""
        return self.table("coverage_by_walker.csv")

    @property
    def capacity(self) -> pd.DataFrame:
        """One row per offer whose places or rooms are known: who would come, and what is short."""
        return self.table("capacity.csv")

    @property
    def rooms(self) -> pd.DataFrame:
        """One row per community: service rooms per 100 households."""
        return self.table("rooms.csv")

    @property
    def overlaps(self) -> pd.DataFrame:
        """One row per hub and service: who is served twice, and what no station of the hub offers."""
        return self.table("overlap.csv")

    @property
    def left_out(self) -> pd.DataFrame:
        """Blocks and people failing each service, by kind, flag, community and subdistrict."""
        return self.table("left_out.csv")

    @property
    def priorities(self) -> pd.DataFrame:
        """Who comes first: blocks, communities and kinds ranked by the people left out, times what each need weighs."""
        return self.table("priorities.csv")

    @property
    def inequality(self) -> pd.DataFrame:
        """How unevenly walks are spread: Gini and worst-off tenth, by service and group."""
        return self.table("inequality.csv")

    def changes(self, before: Findings | None = None) -> pd.DataFrame:
        """Return what changed and why: since ``before``, or, in one run, from the first walker to each other one."""
        from walkshed.reports.compared.changes import changes_between, changes_by_walker

        if before is None:
            return changes_by_walker(self.results)
        return changes_between(before.results.view(), self.results.view())

    def changes_by_service(self, before: Findings | None = None) -> pd.DataFrame:
        """Return the same service by service: limits, blocks failing, people served, and why, most blocks first."""
        from walkshed.reports.compared.by_service import (
            changes_by_service,
            changes_by_service_and_walker,
        )

        if before is None:
            return changes_by_service_and_walker(self.results)
        return changes_by_service(before.results.view(), self.results.view())

    @property
    def visitors(self) -> pd.DataFrame:
        """One row per place of visitors and service; visitors are never added to residents."""
        return self.table("visitors.csv")

    @property
    def hours(self) -> pd.DataFrame:
        """One row per block and service: when it is served in the week of the moment asked for."""
        return self.table("hours.csv")

    @property
    def unverified(self) -> pd.DataFrame:
        """Every unverified figure that decided something."""
        return self.table("unverified.csv")

    @property
    def blocks(self) -> gpd.GeoDataFrame:
        """One row per block (WGS84), with how many services it lacks."""
        from walkshed.reports.layers.frames import blocks_frame

        return blocks_frame(self.results)

    @property
    def areas(self) -> pd.DataFrame:
        """One row per community (or subdistrict) and service: blocks and people failing."""
        return self.table("areas.csv")

    @property
    def stations(self) -> gpd.GeoDataFrame:
        """One row per station (WGS84), with its anchor and the people in reach."""
        from walkshed.reports.layers.frames import stations_frame

        return stations_frame(self.results)

    @property
    def matrix(self) -> pd.DataFrame:
        """One row per station and service: people in reach, unique gain or potential, twin."""
        return self.table("matrix.csv")

    @property
    def catchments(self) -> gpd.GeoDataFrame:
        """One row per station and limit (WGS84): street meters, area, outline."""
        from walkshed.reports.layers.catchments import catchments_frame

        return catchments_frame(self.results)

    def map(
        self,
        *,
        assets: Literal["inline", "cdn"] | None = None,
        tiles: Literal["none", "osm", "tianditu"] | None = None,
        public: bool = False,
        with_key: bool = False,
    ) -> folium.Map:
        """Return the interactive map; ``.save(path)`` writes one file that opens with no internet.

        ``assets="cdn"`` and ``tiles`` need the internet where the page is opened; None: as
        study.toml says in [map]. ``public`` leaves out how many people live in each block, and
        refuses a background that holds the planner's own key, unless ``with_key``.
        """
        from walkshed.maps.page import build_map

        return build_map(self.results, assets=assets, tiles=tiles, public=public, with_key=with_key)

    def write(
        self,
        folder: str | Path,
        *,
        pdf: bool = False,
        png: bool = False,
        public: bool = False,
        with_key: bool = False,
        report: bool = False,
        say: Callable[[str], None] | None = None,
    ) -> Path:
        """Write the map, tables, layers and provenance into ``folder``, all or nothing; return the map's path.

        ``pdf`` adds map-a4.pdf and map-a3.pdf, ``png`` a picture for a slide; both need an
        installed Chromium, Edge or Chrome. ``report`` adds report.xlsx, as ``[report] write`` of
        study.toml does. ``public`` writes only what may be passed on: the map
        without people per block, and the provenance; a background that holds the planner's own key
        is refused, unless ``with_key``. ``say`` is told what becomes of prints that an older run,
        or somebody's hand, left in the folder.
        """
        from walkshed.reports.write import write_run

        target = Path(folder)
        files = self._pages(pdf=pdf, png=png, public=public, with_key=with_key)
        if not public:
            files |= reports(self.results, asked=report)
        write_run(self.results, target, extra_files=files, public=public, say=say)
        return target / "index.html"

    def _pages(self, *, pdf: bool, png: bool, public: bool, with_key: bool) -> dict[str, bytes]:
        """Return the map and its prints by file; its text, twice as large in memory, ends here."""
        from walkshed.maps.page import page_text
        from walkshed.maps.paper import prints

        page = page_text(self.results, public=public, with_key=with_key)
        return {"index.html": page.encode("utf-8")} | prints(page, pdf=pdf, png=png)

    def summary_lines(self) -> list[str]:
        """Return the answer in a few lines, in the study's language: per service who is left out."""
        from walkshed.reports.summary import summary_lines

        return summary_lines(self.results)


@dataclass(frozen=True, slots=True, eq=False)
class ProposedSites:
    """Stations proposed for a study: the plan, and the findings without and with them."""

    before: Findings
    plan: SitePlan
    after: Findings

    @property
    def proposals(self) -> gpd.GeoDataFrame:
        """One row per proposal, by rank (WGS84), columns as in proposals.csv."""
        from walkshed.reports.plans.proposals import proposals_frame

        return proposals_frame(self.before.results, self.after.results, self.plan)

    @property
    def curve(self) -> pd.DataFrame:
        """One row per number of new stations: what the best such plan gains, and its bound."""
        from walkshed.reports.plans.proposals import curve_frame

        return curve_frame(self.plan)

    @property
    def unreachable(self) -> pd.DataFrame:
        """One row per block and service that no candidate can serve in full, and why."""
        from walkshed.reports.plans.proposals import unreachable_frame

        return unreachable_frame(self.before.results, self.plan)

    @property
    def effects(self) -> pd.DataFrame:
        """One row per walker or group, block and service where somebody gains or loses, columns as in effects.csv."""
        from walkshed.reports.plans.effects import effects_frame

        return effects_frame(self.before.results, self.after.results)

    @property
    def measured_gain(self) -> float:
        """What the run with the proposals gains over the one without, by the judgments of both."""
        before, after = self.before.results, self.after.results
        return measured(after, self.plan, before) - measured(before, self.plan, before)

    @property
    def in_doubt(self) -> InDoubt:
        """Those whose verdict is to be checked: who lack a service, and who gain it by the plan."""
        from walkshed.needs.measures.effects import in_doubt

        return in_doubt(self.before.results, self.after.results, self.plan)

    def map(self) -> folium.Map:
        """Return the interactive map with the proposals on it, to be seen before and after."""
        from walkshed.maps.page import build_map

        return build_map(self.before.results, proposed=(self.plan, self.after.results))

    def write(
        self,
        folder: str | Path,
        *,
        report: bool = False,
        say: Callable[[str], None] | None = None,
    ) -> Path:
        """Write the files of the run with proposals.csv, what belongs to it and their layer, all or nothing.

        ``report`` adds report.xlsx, as ``[report] write`` of study.toml does.
        """
        from walkshed.maps.page import page_text
        from walkshed.reports.plans.proposals import plan_facts
        from walkshed.reports.write import write_run

        target, proposals = Path(folder), self.proposals
        curve = self.curve
        planned = _planned(self.before, self.after, proposals, more=curve)
        tables = {
            "proposals.csv": proposals,
            "curve.csv": curve,
            "unreachable.csv": self.unreachable,
            "effects.csv": self.effects,
            "before_after.csv": planned.before_after,
        }
        page = page_text(self.before.results, proposed=(self.plan, self.after.results))
        files = reports(self.before.results, planned, asked=report)
        files |= {"index.html": page.encode("utf-8"), **_tables_told(self.before.results, tables)}
        write_run(
            self.before.results,
            target,
            extra_files=files,
            extra_layers={"proposals": proposals},
            extra_facts={"siting": plan_facts(self.plan, self.measured_gain, self.in_doubt)},
            say=say,
        )
        return target / "index.html"

    def summary_lines(self) -> list[str]:
        """Return the plan in a few lines, in the study's language."""
        from walkshed.words.proposals import summary

        results = self.before.results
        return summary(results, self.after.results, self.plan, results.inputs.settings.language)


@dataclass(frozen=True, slots=True, eq=False)
class ProposedUpgrades:
    """What to do about centers upstairs, and stations beside them: the plan, and the findings without and with it."""

    before: Findings
    found: Upgrades
    after: Findings

    @property
    def plan(self) -> SitePlan:
        """The plan act by act, in the order in which each adds most."""
        return self.found.proposals

    @property
    def upgrades(self) -> pd.DataFrame:
        """One row per center upstairs and per new station, columns as in upgrades.csv."""
        from walkshed.reports.plans.upgrades import upgrades_frame

        return upgrades_frame(self.before.results, self.after.results, self.found)

    def frontier(
        self, budgets: Sequence[float] | None = None, *, time_limit_s: float = 60.0
    ) -> pd.DataFrame:
        """One row per budget (by default eight up to this one): what the best plan costs and gains, and its bound."""
        from walkshed.reports.plans.upgrades import frontier_frame

        return frontier_frame(self.found, budgets, time_limit_s=time_limit_s)

    @property
    def effects(self) -> pd.DataFrame:
        """One row per walker or group, block and service where somebody gains or loses, columns as in effects.csv."""
        from walkshed.reports.plans.effects import effects_frame

        return effects_frame(self.before.results, self.after.results)

    @property
    def measured_gain(self) -> float:
        """What the run with the plan gains over the one without, by the judgments of both."""
        before, after = self.before.results, self.after.results
        return measured(after, self.plan, before) - measured(before, self.plan, before)

    @property
    def in_doubt(self) -> InDoubt:
        """Those whose verdict is to be checked: who lack a service, and who gain it by the plan."""
        from walkshed.needs.measures.effects import in_doubt

        return in_doubt(self.before.results, self.after.results, self.plan)

    def map(self) -> folium.Map:
        """Return the interactive map with what is done on it, to be seen before and after."""
        from walkshed.maps.page import build_map

        return build_map(self.before.results, proposed=(self.plan, self.after.results))

    def write(
        self,
        folder: str | Path,
        *,
        frontier_limit_s: float = 30.0,
        report: bool = False,
        say: Callable[[str], None] | None = None,
    ) -> Path:
        """Write the files of the run with upgrades.csv, frontier.csv and a layer, all or nothing; return the map's.

        ``report`` adds report.xlsx, as ``[report] write`` of study.toml does.
        """
        from walkshed.maps.page import page_text
        from walkshed.reports.plans.proposals import plan_facts, proposals_frame
        from walkshed.reports.write import write_run

        target, upgrades = Path(folder), self.upgrades
        frontier = self.frontier(time_limit_s=frontier_limit_s)
        planned = _planned(self.before, self.after, upgrades, more=frontier)
        tables = {
            "upgrades.csv": upgrades,
            "frontier.csv": frontier,
            "effects.csv": self.effects,
            "before_after.csv": planned.before_after,
        }
        page = page_text(self.before.results, proposed=(self.plan, self.after.results))
        files = reports(self.before.results, planned, asked=report)
        files |= {"index.html": page.encode("utf-8"), **_tables_told(self.before.results, tables)}
        layer = proposals_frame(self.before.results, self.after.results, self.plan)
        write_run(
            self.before.results,
            target,
            extra_files=files,
            extra_layers={"upgrades": layer},
            extra_facts={"siting": plan_facts(self.plan, self.measured_gain, self.in_doubt)},
            say=say,
        )
        return target / "index.html"

    def summary_lines(self) -> list[str]:
        """Return what is done in a few lines, in the study's language."""
        from walkshed.words.proposals import upgrades_summary

        return upgrades_summary(self.before.results, self.after.results, self.found)


def _tables_told(results: Results, tables: Mapping[str, pd.DataFrame]) -> dict[str, bytes]:
    """Return the tables of a plan as CSV, under the heads that the study asks for."""
    from walkshed.reports.declared import headed
    from walkshed.reports.registry import SITE_TABLES
    from walkshed.reports.writing.csv_text import csv_bytes

    declared = {each.file: each.declared() for each in SITE_TABLES}
    return {
        name: csv_bytes(headed(frame, declared[name], results)) for name, frame in tables.items()
    }


def _planned(
    before: Findings, after: Findings, table: pd.DataFrame, *, more: pd.DataFrame
) -> Planned:
    """Return a plan as what leaves the office tells it."""
    from walkshed.reports.plans.before_after import before_after_frame
    from walkshed.reports.plans.planned import Planned

    compared = before_after_frame(before.results, after.results)
    return Planned(table, compared, more, after.results)


def reports(results: Results, planned: Planned | None = None, *, asked: bool) -> dict[str, bytes]:
    """Return what leaves the office, by file name: all of it where it is ``asked`` for, else what the study asks for.

    ``planned`` is what is proposed, where something is.
    """
    from walkshed.reports.registry import REPORTS

    wanted = reports_wanted(results.inputs, asked=asked)
    made: dict[str, bytes] = {}
    if "xlsx" in wanted:
        from walkshed.reports.workbook import book

        made[REPORTS["xlsx"].file] = book.report_bytes(results, planned)
    if "annexes" in wanted:
        from walkshed.reports.workbook.annexes import annexes_bytes

        made[REPORTS["annexes"].file] = annexes_bytes(results, planned)
    if "docx" in wanted:
        from walkshed.reports.document import book as document

        template = results.inputs.report_template
        made[REPORTS["docx"].file] = document.report_bytes(results, planned, template=template)
    return made


def reports_wanted(inputs: StudyInputs, *, asked: bool) -> tuple[ReportForm, ...]:
    """Return what leaves the office, by the words of ``[report] write``.

    Raises NotFoundError where packages that write it are not installed.
    """
    from walkshed.reports.registry import REPORTS

    wanted = tuple(REPORTS) if asked else inputs.report
    if "docx" in wanted:
        from walkshed.reports.document.book import refuse_without_packages

        refuse_without_packages()
    return wanted


def measured(results: Results, plan: SitePlan, before: Results) -> float:
    """Return the people (or blocks) that a run serves, once for each of the plan's services, by the plan's walkers.

    Each counts with the weight of its need, as in the plan; those who were in doubt ``before`` only
    where the plan weighs them.
    """
    import numpy as np

    from walkshed.needs.measures.effects import counted, doubted

    services = [
        number
        for number, service in enumerate(results.inputs.services)
        if service.id in plan.services
    ]
    named = bool(plan.settings.walkers)
    people = counted(results, plan.walkers, named=named)
    starts = results.demand.start[:-1]
    named_services = [results.inputs.services[number].id for number in services]
    counts = np.ones((len(plan.walkers), len(results.blocks), len(services)), dtype=bool)
    if plan.settings.doubt == "apart":
        counts = ~doubted(before, plan.walkers, named_services).transpose(0, 2, 1)
    return sum(
        _worth(
            results.answers[walker].judgments,
            services,
            np.add.reduceat(of_home, starts)[:, None] * certain,
        )
        for walker, of_home, certain in zip(plan.walkers, people, counts, strict=True)
    )


def _worth(judgments: Judgments, services: list[int], people: FloatArray) -> float:
    """Return the ``people`` (b, s) served with some services, each times the weight of its need."""
    served = people * judgments.share[:, services]
    judged = judgments.need[:, services] >= 0
    return float((judgments.need_weight[:, services] * served)[judged].sum())
