"""The document from its first page to its last: chapters, in the order in which an office hands them in.

Every number stands in a table of the workbook too, which is made of the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from walkshed.model.results import Results, caveats
from walkshed.reports.document import chapters, findings, measures
from walkshed.reports.document.parts import Break, Paragraph, Part, Style
from walkshed.reports.plans.planned import Planned
from walkshed.reports.workbook.reported import reported
from walkshed.words.report.document import FRONT, HEADINGS, TITLE
from walkshed.words.report.lines import note_line


def document_parts(results: Results, planned: Planned | None = None) -> tuple[Part, ...]:
    """Return all parts of the document; ``planned`` is what walkshed site proposes, where it ran."""
    told = reported(results, planned)
    tables = findings.tables_of(told)
    language = told.language

    def heading(name: str, style: Style = Style.CHAPTER) -> Paragraph:
        return Paragraph(HEADINGS[name].in_(language), style)

    def chapter(name: str, sections: Iterable[tuple[str, Iterator[Part]]]) -> Iterator[Part]:
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
        *chapter("advised", (("", measures.listed(tables)), *_measures(tables))),
        Break(),
        *chapter("schedule", (("", chapters.schedule(told)),)),
        *chapter("limits", (("", chapters.limits(tables)),)),
        *_annex(heading("annex"), tables),
    )


def _measures(tables: findings.Tables) -> Iterator[tuple[str, Iterator[Part]]]:
    """Yield the sections on measures: four types, plans, and what is no measure at a station, where there is any."""
    yield from ((kind, measures.of_type(tables, kind)) for kind in ("upgrade", "share"))
    yield from ((kind, measures.of_type(tables, kind)) for kind in ("door", "new"))
    yield "plans", measures.plans(tables)
    for kind in ("ways", "survey"):
        if measures.has_type(tables, kind):
            yield kind, measures.of_type(tables, kind)


def _annex(heading: Paragraph, tables: findings.Tables) -> Iterator[Part]:
    """Yield the annex, where there is anything in it."""
    parts = tuple(measures.annex(tables))
    if parts:
        yield from (Break(), heading, *parts)
