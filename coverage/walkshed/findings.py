"""What a run found, as users hold it: frames, a map, files and a few lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import folium
    import geopandas as gpd
    import pandas as pd

    from walkshed.model.results import ReportForm, Results, StudyInputs
    from walkshed.reports.plans.planned import Planned


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
        atlas: bool = False,
        say: Callable[[str], None] | None = None,
    ) -> Path:
        """Write the map, tables, layers and provenance into ``folder``, all or nothing; return the map's path.

        ``pdf`` adds map-a4.pdf and map-a3.pdf, ``png`` a picture for a slide; both need an
        installed Chromium, Edge or Chrome. ``report`` adds report.xlsx,
        report.docx and annexes.xlsx, ``atlas`` atlas.pdf, as ``[report] write`` of study.toml does.
        ``public`` writes only what may be passed on: the map without people per block, and the
        provenance; a background that holds the planner's own key is refused, unless ``with_key``.
        ``say`` is told what becomes of prints that an older run, or somebody's hand, left in the
        folder.
        """
        from walkshed.reports.write import write_run

        target = Path(folder)
        files = self._pages(pdf=pdf, png=png, public=public, with_key=with_key)
        if not public:
            files |= reports(self.results, asked=report, atlas=atlas)
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


def reports(
    results: Results, planned: Planned | None = None, *, asked: bool, atlas: bool = False
) -> dict[str, bytes]:
    """Return what leaves the office, by file name: what is ``asked`` for, and what the study asks for.

    ``planned`` is what is proposed, where something is.
    """
    from walkshed.reports.registry import REPORTS

    wanted = reports_wanted(results.inputs, asked=asked, atlas=atlas)
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
    if "atlas" in wanted:
        from walkshed.reports.document.atlas.book import atlas_bytes

        made[REPORTS["atlas"].file] = atlas_bytes(results)
    return made


def reports_wanted(
    inputs: StudyInputs, *, asked: bool, atlas: bool = False
) -> tuple[ReportForm, ...]:
    """Return what leaves the office, by the words of ``[report] write``.

    Raises NotFoundError where packages that write it are not installed.
    """
    from walkshed.reports.registry import REPORTS

    named = {form: atlas if form == "atlas" else asked for form in REPORTS}
    wanted = tuple(form for form in REPORTS if named[form] or form in inputs.report)
    if {"docx", "atlas"} & set(wanted):
        from walkshed.reports.document.book import refuse_without_packages

        for form in wanted:
            refuse_without_packages(form)
    return wanted
