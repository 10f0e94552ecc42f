"""The document from its first page to its last: chapters, in the order in which an office hands them in.

Every number stands in a table of the workbook too, which is made of the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from walkshed.model.results import Results, caveats
from walkshed.reports.document import chapters, findings
from walkshed.reports.document.parts import Break, Paragraph, Part, Style
from walkshed.reports.workbook.reported import reported
from walkshed.words.report.document import FRONT, HEADINGS, TITLE
from walkshed.words.report.lines import note_line


def document_parts(results: Results, proposed: pd.DataFrame | None = None) -> tuple[Part, ...]:
    """Return all parts of the document; ``proposed`` is the table of walkshed site, where it ran."""
    told = reported(results, proposed)
    tables = findings.tables_of(told)
    language = told.language

    def heading(name: str, style: Style = Style.CHAPTER) -> Paragraph:
        return Paragraph(HEADINGS[name].in_(language), style)

    def chapter(name: str, sections: Sequence[tuple[str, Iterator[Part]]]) -> Iterator[Part]:
        yield heading(name)
        for section, parts in sections:
            if section:
                yield heading(section, Style.SECTION)
            yield from parts

    front = [line.in_(language) for line in FRONT]
    first_page = (
        Paragraph(TITLE.said(language, study=results.inputs.settings.name), Style.TITLE),
        *(
            Paragraph(line, Style.FRONT)
            for line in (*front, note_line(results, len(told.unverified)))
        ),
        *(Paragraph(text, Style.FRONT) for text in caveats(results)),
    )
    return (
        *first_page,
        Break(),
        *chapter(
            "summary",
            (
                ("conclusions", findings.conclusions(tables)),
                ("numbers", findings.four_numbers(tables)),
                ("advice", findings.advice(tables)),
            ),
        ),
        Break(),
        *chapter(
            "overview",
            (
                ("extent", chapters.extent(told)),
                ("basis", chapters.basis(told)),
                ("data", chapters.data(told)),
            ),
        ),
        *chapter(
            "present",
            (("stations", chapters.stations(tables)), ("kinds", chapters.kinds(tables))),
        ),
        *chapter(
            "results",
            (
                ("all", chapters.every_service(tables)),
                ("areas", chapters.areas(tables)),
                ("by_kind", chapters.by_kind(tables)),
                ("groups", chapters.groups(told)),
                ("access", chapters.access(told)),
            ),
        ),
        Break(landscape=True),
        *chapter("problems", (("", chapters.problems(tables)),)),
        *chapter("advised", (("", chapters.advised(tables)),)),
        Break(),
        *chapter("schedule", (("", chapters.schedule(told)),)),
        *chapter("limits", (("", chapters.limits(tables)),)),
    )
