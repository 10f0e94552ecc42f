"""The chapters of the document behind its summary: their sentences, tables and figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from walkshed.model.judged.verdicts import REASONS, Verdict
from walkshed.model.labels import VERDICT, Label
from walkshed.model.results import caveats
from walkshed.needs.measures.totals import people_by_source
from walkshed.reports.declared import COUNT, METERS, TEXT, WHOLE
from walkshed.reports.document.drawings import Drawn, bars_png
from walkshed.reports.document.findings import (
    Tables,
    community_rows,
    counts_people,
    not_surveyed,
    number,
)
from walkshed.reports.document.parts import Figure, Paragraph, Part, Table
from walkshed.reports.document.shown import (
    counts_text,
    longest_table,
    looks_of_blocks,
    map_figure,
    service_map,
    titled_table,
    whole_table,
    worst_first,
)
from walkshed.reports.tables.left_out import inequality_frame
from walkshed.reports.workbook import forms
from walkshed.reports.workbook.forms import Head
from walkshed.reports.workbook.reported import Reported, Row, rows_of
from walkshed.words.answers.briefing import people_source_text
from walkshed.words.page import page_words
from walkshed.words.quantities import NAMES, SENTENCES, joined
from walkshed.words.report.document import FIGURES, HEADS, TABLES, TOLD, sentence
from walkshed.words.report.lines import note_line
from walkshed.words.studies.country import country_text

#: Columns of the table of communities that fit a page upright; the workbook has all.
_AREAS = (0, 1, 2, 10, 3, 6, 8, 4, 5)
#: So many communities have a bar.
_BARS = 15
#: So many notes of the run are told.
_NOTES = 12
#: Blank rows for the office.
_BLANK_ROWS = 4


def extent(told: Reported) -> Iterator[Part]:
    """Yield what was judged, and where."""
    results, language = told.results, told.language
    names = joined(list(told.services.values()), NAMES, language)
    yield Paragraph(
        sentence(
            "extent",
            language,
            blocks=len(results.blocks),
            stations=len(told.station_names),
            services=len(told.services),
            names=names,
        )
    )
    judgments = results.main.judgments
    if judgments.counted.any():
        sources = people_by_source(judgments, results.blocks)
        people = sources.given + sources.estimated
        told_sources = joined(people_source_text(sources, language), SENTENCES, language)
        yield Paragraph(sentence("people", language, people=people, sources=told_sources))
        if sources.blocks_without:
            yield Paragraph(sentence("blocks_without", language, n=sources.blocks_without))
    else:
        yield Paragraph(sentence("nobody", language))

    shown = Drawn(["served"] * len(results.blocks))
    caption = TOLD["extent"].said(language, n=len(results.stations))
    yield map_figure(told, FIGURES["extent"].in_(language), shown, caption)


def basis(told: Reported) -> Iterator[Part]:
    """Yield the rules, service by service, with their sources."""
    from walkshed.reports.workbook.cover import terms
    from walkshed.words.report.cover import term_rows

    rules = terms(told)[0].rows[len(term_rows(told.language)) :]
    yield from (Paragraph(f"{service}{_colon(told)}{rule}") for service, rule in rules)


def _colon(told: Reported) -> str:
    return Label("：", ": ").in_(told.language)


def data(told: Reported) -> Iterator[Part]:
    """Yield where the data come from, as of when, in which country, and which services are not surveyed."""
    language = told.language
    yield Paragraph(note_line(told.results, len(told.unverified)))
    country = country_text(told.results.inputs, language)
    yield Paragraph(sentence("country", language, country=country))
    unsurveyed = not_surveyed(told)
    if unsurveyed:
        services = joined(unsurveyed, NAMES, language)
        yield Paragraph(sentence("not_surveyed", language, services=services))
    else:
        yield Paragraph(sentence("surveyed", language))


def stations(tables: Tables) -> Iterator[Part]:
    """Yield the stations by tier."""
    yield whole_table(tables, tables.tiers)


def kinds(tables: Tables) -> Iterator[Part]:
    """Yield the blocks by kind."""
    yield whole_table(tables, tables.kinds)


def every_service(tables: Tables) -> Iterator[Part]:
    """Yield the results by service, with a map of those that most lack."""
    people = counts_people(tables)
    chosen = tables.by_service if people else tables.by_service_blocks
    yield whole_table(tables, chosen)
    if people:
        yield whole_table(tables, tables.by_service_blocks)

    worst = worst_first(tables)[:1]
    yield from (service_map(tables, service, FIGURES["coverage"]) for service in worst)


def areas(tables: Tables) -> Iterator[Part]:
    """Yield the results by community, with bars."""
    language = tables.told.language
    whole = whole_table(tables, tables.areas)
    rows_shown = [[row[place] for place in _AREAS] for row in whole.rows]
    heads = tuple(whole.heads[place] for place in _AREAS)
    yield replace(whole, heads=heads, rows=rows_shown)
    rows = [row for row in community_rows(tables) if number(row[4]) > 0]
    if len(rows) < 2:
        return

    # most first
    rows = sorted(rows, key=lambda row: -number(row[4]))[:_BARS]
    names = [str(row[1]) for row in rows]
    shown = bars_png(names, [number(row[4]) for row in rows])
    caption = TOLD["areas"].said(language, names=joined(names, NAMES, language))
    yield Figure(FIGURES["areas"].in_(language), shown, caption)


def by_kind(tables: Tables) -> Iterator[Part]:
    """Yield the results by kind of block."""
    yield titled_table(tables, "by_kind", tables.by_kind)


def groups(told: Reported) -> Iterator[Part]:
    """Yield how far older people and children walk, where blocks state how many they are."""
    language = told.language
    named = page_words(language, told.results.stations)["group"]
    rows = [
        (
            named.get(row["group"], row["group"]),
            told.services[row["service"]],
            *(row["people"], row["people_unreached"], row["median_m"], row["worst_tenth_m"]),
        )
        for row in rows_of(inequality_frame(told.results))
        if row["group"] in told.results.inputs.settings.groups
    ]
    if not rows:
        yield Paragraph(sentence("no_groups", language))
        return
    heads = (
        Head(HEADS["group"], TEXT, 14),
        *(forms.BY_KIND.heads[1], forms.KINDS.heads[3]),
        Head(HEADS["unreached"], WHOLE, 12),
        *(Head(HEADS["median"], METERS, 14), Head(HEADS["worst"], METERS, 16)),
    )
    yield Table(TABLES["groups"].in_(language), heads, rows)


def access(told: Reported) -> Iterator[Part]:
    """Yield why blocks are left out, floors and hours among the reasons."""
    judgments, language = told.results.main.judgments, told.language
    sure = judgments.failing & ~judgments.doubted
    verdicts = told.coverage["verdict"].to_numpy().reshape(sure.shape)
    reasons = [reason for reason in REASONS if (sure & (verdicts == reason.value)).any()]
    counts = {
        reason: np.count_nonzero(sure & (verdicts == reason.value), axis=0) for reason in REASONS
    }

    floors, closed = (
        int(counts[reason].sum()) for reason in (Verdict.NOT_ACCESSIBLE, Verdict.CLOSED)
    )
    yield Paragraph(sentence("barriers", language, floors=floors, closed=closed))
    if not told.results.inputs.settings.at:
        yield Paragraph(sentence("any_time", language))
    if not reasons:
        return
    rows = [
        (name, *(int(counts[reason][service]) for reason in reasons))
        for service, name in enumerate(told.services.values())
    ]
    heads = [Head(VERDICT[reason.value], COUNT, 12) for reason in reasons]
    title = TABLES["reasons"].in_(language)
    yield Table(title, (forms.BY_KIND.heads[1], *heads), rows)


def problems(tables: Tables) -> Iterator[Part]:
    """Yield the failing blocks that concern most people, and where they lie."""
    told, grid = tables.told, tables.problems
    yield longest_table(tables, "problems", grid, count=10)
    looks = looks_of_blocks(told)
    title = FIGURES["problems"].in_(told.language)
    caption = TOLD["problems"].said(told.language, counts=counts_text(looks))
    yield map_figure(told, title, Drawn(looks), caption)


def schedule(told: Reported) -> Iterator[Part]:
    """Yield a blank table: who does what by when is for the office to say."""
    heads = tuple(
        Head(HEADS[name], TEXT, width, by_office=True)
        for name, width in (("task", 30), ("who", 16), ("money", 16), ("when", 14))
    )
    blank: Sequence[Row] = [(None,) * len(heads)] * _BLANK_ROWS
    yield Table(TABLES["schedule"].in_(told.language), heads, blank)


def limits(tables: Tables) -> Iterator[Part]:
    """Yield what the data do not tell, what is to be checked, and the figures that nobody has verified."""
    from walkshed.words.messages.saying import said

    told, language = tables.told, tables.told.language
    yield from (Paragraph(text) for text in caveats(told.results))
    yield from (Paragraph(said(note, language)) for note in told.results.notes[:_NOTES])
    checks, file = max(len(tables.to_check.rows), tables.to_check.too_many), "coverage.csv"
    yield Paragraph(sentence("to_check", language, n=checks, file=file))
    if tables.unverified.rows:
        yield titled_table(tables, "unverified", tables.unverified)


__all__ = [
    "access",
    "areas",
    "basis",
    "by_kind",
    "data",
    "every_service",
    "extent",
    "groups",
    "kinds",
    "limits",
    "problems",
    "schedule",
    "stations",
]
