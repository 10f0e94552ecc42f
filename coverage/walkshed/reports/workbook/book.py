"""The whole workbook: the content of ``report.xlsx``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from walkshed.model.labels import Label
from walkshed.reports.workbook.paper import Heading, write_sheet
from walkshed.reports.workbook.reported import Grid, reported
from walkshed.reports.workbook.sheets import SHEETS
from walkshed.reports.writing.same_bytes import workbook_bytes
from walkshed.words.report.lines import HEADING, note_line

if TYPE_CHECKING:
    from walkshed.model.results import Results
    from walkshed.reports.plans.planned import Planned

_CHARTS = (
    Label("图 各类服务未覆盖人数（未达标、待核实）", "People left out, and to check"),
    Label("图 各类服务未覆盖小区数（未达标、待核实）", "Blocks left out, and to check"),
)
#: The columns of what is left out, and of what is to be checked, in the tables by service.
_OUT, _TO_CHECK = 5, 6
_COLORS = ("C0504D", "C9B38C")
#: How many rows the chart takes, below the first table.
_CHART_ROWS = 15


def report_bytes(results: Results, planned: Planned | None = None) -> bytes:
    """Return the workbook of a run as a file; of the same results, the same bytes.

    ``planned`` is what walkshed site proposes, where it ran.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.creator = "walkshed"
    told = reported(results, planned)
    language, note = told.language, note_line(results, len(told.unverified))

    for sheet in SHEETS:
        if sheet.when.holds(results):
            grids = sheet.tables(told)
            name = sheet.form.title if len(grids) == 1 else sheet.name
            study = results.inputs.settings.name
            title = HEADING.said(language, study=study, title=name.in_(language))
            heading = Heading(title, (note,))
            drawn = _drawn(grids) if sheet.chart else None
            written, heads = write_sheet(
                book,
                sheet.name.in_(language),
                heading,
                grids,
                language=language,
                kept=sheet.kept,
                room=_CHART_ROWS if drawn is not None else 0,
            )
            if drawn is not None:
                chart = _chart(written, grids[drawn], heads[drawn])
                chart.title = _CHARTS[drawn].in_(language)
                written.add_chart(chart, f"A{heads[0] + len(grids[0].rows) + 2}")
    return workbook_bytes(book)


def _drawn(grids: tuple[Grid, ...]) -> int | None:
    """Return the table that the chart draws: of people, or of blocks where nobody is counted; None for no bar."""
    for number in (0, 1):
        counts = [row[place - 1] for row in grids[number].rows for place in (_OUT, _TO_CHECK)]
        if any(counts):
            return number
        if any(count is not None for count in counts):
            return None
    return None


def _chart(page: Any, grid: Grid, head: int) -> Any:  # noqa: ANN401 (openpyxl's)
    """Return who is left out of each service, and who is to be checked, as bars."""
    from openpyxl.chart import BarChart, Reference

    last = head + len(grid.rows)
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.legend.position = "col", "stacked", 100, "b"
    chart.y_axis.number_format, chart.y_axis.delete, chart.x_axis.delete = "#,##0", False, False
    counts = Reference(page, min_col=_OUT, max_col=_TO_CHECK, min_row=head, max_row=last)
    chart.add_data(counts, titles_from_data=True)
    for series, color in zip(chart.series, _COLORS, strict=True):
        series.graphicalProperties.solidFill = color
    chart.set_categories(Reference(page, min_col=1, min_row=head + 1, max_row=last))
    chart.width, chart.height = 26, 7
    return chart
