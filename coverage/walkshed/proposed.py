"""What is proposed for a study, as users hold it: frames, a map before and after, files and a few lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from walkshed.findings import Findings, reports

if TYPE_CHECKING:
    import folium
    import geopandas as gpd
    import pandas as pd

    from walkshed.model.plans.proposals import SitePlan
    from walkshed.model.results import Results
    from walkshed.needs.measures.effects import InDoubt
    from walkshed.reports.plans.planned import Planned
    from walkshed.siting.planning.upgrading import Upgrades


@dataclass(frozen=True, slots=True, eq=False)
class Proposed:
    """A plan for a study, act by act in the order in which each adds most, and the findings without and with it."""

    before: Findings
    plan: SitePlan
    after: Findings

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
        """What the run with the plan gains over the one without, by the judgments of both."""
        from walkshed.needs.measures.effects import measured_gain

        return measured_gain(self.before.results, self.after.results, self.plan)

    @property
    def in_doubt(self) -> InDoubt:
        """Those whose verdict is to be checked: who lack a service, and who gain it by the plan."""
        from walkshed.needs.measures.effects import in_doubt

        return in_doubt(self.before.results, self.after.results, self.plan)

    def map(self) -> folium.Map:
        """Return the interactive map with what is proposed on it, to be seen before and after."""
        from walkshed.maps.page import build_map

        return build_map(self.before.results, proposed=(self.plan, self.after.results))


@dataclass(frozen=True, slots=True, eq=False)
class ProposedSites(Proposed):
    """Stations proposed for a study: the plan, and the findings without and with them."""

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
        proposals = self.proposals
        tables = {"proposals.csv": proposals, "curve.csv": self.curve}
        return _written(
            self, Path(folder), tables, {"proposals": proposals}, report=report, say=say
        )

    def summary_lines(self) -> list[str]:
        """Return the plan in a few lines, in the study's language."""
        from walkshed.words.proposals import summary

        results = self.before.results
        return summary(results, self.after.results, self.plan, results.inputs.settings.language)


@dataclass(frozen=True, slots=True, eq=False)
class ProposedUpgrades(Proposed):
    """What to do about centers upstairs, and stations beside them: the plan, and the findings without and with it."""

    found: Upgrades

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
        from walkshed.reports.plans.proposals import proposals_frame

        tables = {
            "upgrades.csv": self.upgrades,
            "frontier.csv": self.frontier(time_limit_s=frontier_limit_s),
        }
        layer = proposals_frame(self.before.results, self.after.results, self.plan)
        return _written(self, Path(folder), tables, {"upgrades": layer}, report=report, say=say)

    def summary_lines(self) -> list[str]:
        """Return what is done in a few lines, in the study's language."""
        from walkshed.words.proposals import upgrades_summary

        return upgrades_summary(self.before.results, self.after.results, self.found)


def _written(
    proposed: Proposed,
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    report: bool,
    say: Callable[[str], None] | None,
) -> Path:
    """Write the files of the run with what is proposed, all or nothing; return the map's path.

    The first of the ``tables`` is what is proposed, the second what else it could be: reports tell
    both.
    """
    from walkshed.maps.page import page_text
    from walkshed.reports.plans.proposals import plan_facts
    from walkshed.reports.write import write_run

    results, plan = proposed.before.results, proposed.plan
    page = page_text(results, proposed=(plan, proposed.after.results))
    planned = _planned(proposed, *tables.values())
    every = {
        **tables,
        "unreachable.csv": proposed.unreachable,
        "effects.csv": proposed.effects,
        "before_after.csv": planned.before_after,
    }
    files = reports(results, planned, asked=report)
    files |= {"index.html": page.encode("utf-8"), **_tables_told(results, every)}
    write_run(
        results,
        folder,
        extra_files=files,
        extra_layers=dict(layers),
        extra_facts={"siting": plan_facts(plan, proposed.measured_gain, proposed.in_doubt)},
        say=say,
    )
    return folder / "index.html"


def _planned(proposed: Proposed, table: pd.DataFrame, more: pd.DataFrame) -> Planned:
    """Return a plan as what leaves the office tells it."""
    from walkshed.reports.plans.before_after import before_after_frame
    from walkshed.reports.plans.planned import Planned

    compared = before_after_frame(proposed.before.results, proposed.after.results)
    return Planned(table, compared, more, proposed.after.results)


def _tables_told(results: Results, tables: Mapping[str, pd.DataFrame]) -> dict[str, bytes]:
    """Return the tables of a plan as CSV, under the heads that the study asks for."""
    from walkshed.reports.declared import headed
    from walkshed.reports.registry import SITE_TABLES
    from walkshed.reports.writing.csv_text import csv_bytes

    declared = {each.file: each.declared() for each in SITE_TABLES}
    return {
        name: csv_bytes(headed(frame, declared[name], results)) for name, frame in tables.items()
    }
