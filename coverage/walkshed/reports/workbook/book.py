"""The whole workbook: the content of ``report.xlsx``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from walkshed.model.labels import Label, Language
from walkshed.reports.workbook.paper import Heading, write_sheet
from walkshed.reports.workbook.reported import Grid, reported
from walkshed.reports.workbook.sheets import SHEETS
from walkshed.reports.writing.same_bytes import workbook_bytes
from walkshed.words.report.lines import HEADING, note_line

if TYPE_CHECKING:
    import pandas as pd

    from walkshed.model.results import Results

_CHART = {
    "people": Label("图 各类服务未达标人数", "People left out by service"),
    "blocks": Label("图 各类服务未达标小区数", "Blocks left out by service"),
}
#: The column of what is left out, in the tables by service.
_OUT = 5
#: How many rows the chart takes, below the first table.
_CHART_ROWS = 15


def report_bytes(results: Results, proposed: pd.DataFrame | None = None) -> bytes:
    """Return the workbook of a run as a file; of the same results, the same bytes.

    ``proposed`` is the table of what walkshed site proposes, where it ran.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.creator = "walkshed"
    told = reported(results, proposed)
    language, note = told.language, note_line(results, len(told.unverified))

    for sheet in SHEETS:
        if sheet.when.holds(results):
            grids = sheet.tables(told)
            name = sheet.form.title if len(grids) == 1 else sheet.name
            study = results.inputs.settings.name
            title = HEADING.said(language, study=study, title=name.in_(language))
            heading = Heading(title, (note,))
            written, heads = write_sheet(
                book,
                sheet.name.in_(language),
                heading,
                grids,
                language=language,
                kept=sheet.kept,
                room=_CHART_ROWS if sheet.chart else 0,
            )
            if sheet.chart:
                _add_chart(written, grids, heads, language)
    return workbook_bytes(book)


def _add_chart(
    page: Any,  # noqa: ANN401 (openpyxl's)
    grids: tuple[Grid, ...],
    heads: list[int],
    language: Language,
) -> None:
    """Draw who is left out of each service as bars below the first table: people, or blocks where nobody is counted."""
    from openpyxl.chart import BarChart, Reference

    of_people = grids[0].rows and grids[0].rows[0][2] is not None
    number = 0 if of_people else 1
    grid, head = grids[number], heads[number]
    last = head + len(grid.rows)
    if last == head:
        return

    chart = BarChart()
    chart.type, chart.style, chart.legend = "col", 10, None
    chart.title = _CHART["people" if of_people else "blocks"].in_(language)
    chart.y_axis.number_format, chart.y_axis.delete, chart.x_axis.delete = "#,##0", False, False
    chart.add_data(Reference(page, min_col=_OUT, min_row=head, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(page, min_col=1, min_row=head + 1, max_row=last))
    chart.width, chart.height = 26, 7
    page.add_chart(chart, f"A{heads[0] + len(grids[0].rows) + 2}")
