"""What the workbook tells: the tables of a run, each made once, and what its ids are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from walkshed.model.arrays import BoolArray
from walkshed.model.labels import KIND, VERDICT, Language, label
from walkshed.model.results import Results, View
from walkshed.reports.layers.frames import stations_frame
from walkshed.reports.plans.planned import Planned
from walkshed.reports.tables.areas import areas_frame
from walkshed.reports.tables.coverage import coverage_frame
from walkshed.reports.tables.matrix import matrix_frame
from walkshed.reports.tables.unverified import unverified_frame
from walkshed.reports.workbook.forms import Form, Head
from walkshed.words.judgments import phrases, reason_column
from walkshed.words.page import page_words
from walkshed.words.report.lines import ALL_KINDS, name_or_not_stated

Row = Sequence[object]
#: A table with more rows is not listed; its file is named.
MOST_ROWS = 20_000
#: What the lists of blocks tell of coverage.csv.
_COVERED = (
    *("block_id", "block_name", "kind", "service", "people", "people_served", "share_served"),
    *("limit", "unit", "nearest_station", "nearest_m", "short_m", "verdict", "doubt"),
    *("cure", "cure_people", "people_source"),
)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its rows, the last ``sums`` of which are totals.

    ``heads`` are the form's and those that the study adds; () for the form's alone.
    """

    form: Form
    rows: Sequence[Row]
    heads: tuple[Head, ...] = ()
    notes: tuple[str, ...] = ()
    sums: int = 0
    # (row, column): how a cell is colored
    colors: Mapping[tuple[int, int], str] | None = None
    too_many: int = 0  # how many rows there are, where they are more than a sheet lists

    @property
    def columns(self) -> tuple[Head, ...]:
        """The columns of the table."""
        return self.heads or self.form.heads


@dataclass(frozen=True, slots=True, eq=False)
class Reported:
    """A run with the tables that several sheets tell; ``planned`` is what walkshed site proposes, where it ran.

    ``place`` tells where each block stands in the order of the results.
    """

    results: Results
    coverage: pd.DataFrame
    areas: pd.DataFrame
    stations: pd.DataFrame
    matrix: pd.DataFrame
    unverified: pd.DataFrame
    planned: Planned | None
    services: Mapping[str, str]
    station_names: Mapping[str, str]
    tiers: Mapping[str, str]
    place: Mapping[str, int]

    @property
    def view(self) -> View:
        """The answer by which the study judges."""
        return self.results.view()

    @property
    def proposed(self) -> pd.DataFrame | None:
        """The table of what walkshed site proposes, where it ran."""
        return None if self.planned is None else self.planned.table

    @property
    def language(self) -> Language:
        """The language of the study."""
        return self.results.inputs.settings.language

    def kind(self, kind: str) -> str:
        """Return what a kind of block is called; ``*`` are all."""
        if kind == "*":
            return ALL_KINDS.in_(self.language)
        return label(KIND, kind, self.language)

    def verdict(self, verdict: str) -> str:
        """Return what a verdict is called."""
        return label(VERDICT, verdict, self.language)

    def stated(self, name: str) -> str:
        """Return a name, or that none is stated."""
        return name_or_not_stated(name, self.language)

    def where(self, block: str) -> tuple[str, str]:
        """Return the subdistrict and the community of a block."""
        found = self.results.blocks[self.place[block]]
        return found.subdistrict, found.community

    def covered(self, chosen: BoolArray) -> list[dict[str, Any]]:
        """Return some rows of coverage.csv by column, as far as the lists of blocks tell them."""
        return rows_of(self.coverage.loc[chosen, list(_COVERED)])

    def reasons(self, chosen: BoolArray) -> list[str]:
        """Return why the blocks of some rows of coverage.csv have their verdict."""
        view = self.view
        return [str(text) for text in reason_column(view, phrases(view), np.flatnonzero(chosen))]


def reported(results: Results, planned: Planned | None = None) -> Reported:
    """Return a run as the workbook tells it."""
    language = results.inputs.settings.language
    known = (*results.stations, *results.inputs.unplaced)
    return Reported(
        results,
        coverage=coverage_frame(results),
        areas=areas_frame(results),
        stations=stations_frame(results),
        matrix=matrix_frame(results),
        unverified=unverified_frame(results),
        planned=planned,
        services={each.id: each.called(language) for each in results.inputs.services},
        station_names={station.id: station.name for station in known},
        tiers=page_words(language, results.stations)["tier"],
        place={block.id: number for number, block in enumerate(results.blocks)},
    )


def plain_value(value: Any) -> object:  # noqa: ANN401 (a cell of any frame)
    """Return a cell of a frame as a sheet holds it: None for what is missing, whole numbers as such."""
    if value is None or value is pd.NA or value != value:
        return None
    return value.item() if hasattr(value, "item") else value


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame by column, missing cells as None."""
    columns = {str(name): [plain_value(cell) for cell in frame[name]] for name in frame}
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def left_out(row: dict[str, Any]) -> int | None:
    """Return the people of a row who are not served; None where nobody stated them."""
    if row["people"] is None or row["people_served"] is None:
        return None
    return int(row["people"] - row["people_served"])


def numbered(rows: Sequence[Row]) -> list[Row]:
    """Return rows with their number in front."""
    return [(number, *row) for number, row in enumerate(rows, start=1)]


def share(served: object, people: object, unknown: object) -> float | None:
    """Return which share of people (or blocks) is served; None of nobody, and where some are not judged.

    Of a service that is not surveyed only those are known who are served: their share would be 1.
    """
    if not isinstance(served, int) or not isinstance(people, int) or unknown != 0:
        return None
    return served / people if people else None


__all__ = [
    "Grid",
    "Reported",
    "Row",
    "left_out",
    "numbered",
    "plain_value",
    "reported",
    "rows_of",
    "share",
]
