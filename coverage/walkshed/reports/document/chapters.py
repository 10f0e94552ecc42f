"""The chapters of the document behind its summary: their sentences, tables and figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from walkshed.model.judged.verdicts import REASONS, Verdict
from walkshed.model.labels import VERDICT, Label
from walkshed.model.results import caveats
from walkshed.needs.measures.totals import blocks_left, people_by_source
from walkshed.reports.declared import COUNT, METERS, TEXT, WHOLE
from walkshed.reports.document.drawings import Drawn, bars_png, map_png
from walkshed.reports.document.findings import (
    Tables,
    community_rows,
    counts_people,
    not_surveyed,
    number,
)
from walkshed.reports.document.parts import Figure, Paragraph, Part, Table
from walkshed.reports.tables.left_out import inequality_frame
from walkshed.reports.workbook import forms
from walkshed.reports.workbook.forms import Head
from walkshed.reports.workbook.reported import Grid, Reported, Row, rows_of
from walkshed.words.answers.briefing import people_source_text
from walkshed.words.page import page_words
from walkshed.words.quantities import NAMES, SENTENCES, joined
from walkshed.words.report.document import FIGURES, HEADS, TABLES, TOLD, sentence
from walkshed.words.report.lines import note_line
from walkshed.words.studies.country import country_text

#: A document lists so many rows of a long table; the file beside it has all.
MOST_ROWS = 40
#: So many services have a map of their own, those that most people lack first.
_MAPS = 3
#: So many communities have a bar.
_BARS = 15
#: So many notes of the run are told.
_NOTES = 12
#: Blocks of a map by how they are left, in the order in which captions count them.
_LEFT = ("served", "out", "to_check", "unknown")
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
    yield _map(told, FIGURES["extent"].in_(language), shown, caption)


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
    yield _whole(tables, tables.tiers)


def kinds(tables: Tables) -> Iterator[Part]:
    """Yield the blocks by kind."""
    yield _whole(tables, tables.kinds)


def every_service(tables: Tables) -> Iterator[Part]:
    """Yield the results by service, with a map of those that most lack."""
    told, language = tables.told, tables.told.language
    people = counts_people(tables)
    chosen = tables.by_service if people else tables.by_service_blocks
    yield _whole(tables, chosen)
    if people:
        yield _whole(tables, tables.by_service_blocks)

    lacking = [number(row[4]) for row in chosen.rows]
    worst = sorted(range(len(lacking)), key=lambda service: -lacking[service])[:_MAPS]
    names = list(told.services.values())
    for place, service in enumerate(worst, start=1):
        looks = _looks_of_service(told, service)
        title = FIGURES["coverage"].said(language, n=place, service=names[service])
        caption = TOLD["coverage"].said(language, counts=_counts(looks))
        yield _map(told, title, Drawn(looks), caption)


def areas(tables: Tables) -> Iterator[Part]:
    """Yield the results by community, with bars."""
    language = tables.told.language
    yield _whole(tables, tables.areas)
    rows = [row for row in community_rows(tables) if number(row[4]) > 0]
    if len(rows) < 2:
        return

    # most first
    rows = sorted(rows, key=lambda row: -number(row[4]))[:_BARS]
    names = [str(row[1]) for row in rows]
    shown = bars_png(names, [number(row[4]) for row in rows])
    place = min(_MAPS, len(tables.told.services)) + 1
    caption = TOLD["areas"].said(language, names=joined(names, NAMES, language))
    yield Figure(FIGURES["areas"].said(language, n=place), shown, caption)


def by_kind(tables: Tables) -> Iterator[Part]:
    """Yield the results by kind of block."""
    yield _titled(tables, "by_kind", tables.by_kind)


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
    yield _longest(tables, "problems", grid, count=10)
    looks = _looks_of_blocks(told)
    title = FIGURES["problems"].in_(told.language)
    caption = TOLD["problems"].said(told.language, counts=_counts(looks))
    yield _map(told, title, Drawn(looks), caption)


def advised(tables: Tables) -> Iterator[Part]:
    """Yield what is proposed, where it is, and what would mend the verdicts."""
    told, language = tables.told, tables.told.language
    if tables.proposed is not None:
        yield _whole(tables, tables.proposed)
        yield from _proposed_map(told)
    name = "measures" if tables.proposed is None else ""
    yield _longest(tables, name, tables.measures, count=6)
    if not tables.measures.rows and tables.proposed is None:
        yield Paragraph(sentence("fill", language))


def _proposed_map(told: Reported) -> Iterator[Part]:
    """Yield a map of what is proposed, where its places are known."""
    frame = told.proposed
    if frame is None or not {"rank", "lon", "lat"} <= set(frame.columns):
        return
    ranked = frame.loc[frame["rank"].notna(), ["lon", "lat"]]
    lonlat = ranked.to_numpy(dtype=np.float64, na_value=np.nan)
    if len(lonlat) == 0 or not np.isfinite(lonlat).all():
        return
    places = told.results.network.plane.to_xy(lonlat)
    shown = Drawn(_looks_of_blocks(told), places=places)
    title = FIGURES["measures"].in_(told.language)
    yield _map(told, title, shown, TOLD["measures"].in_(told.language))


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
        yield _titled(tables, "unverified", tables.unverified)


def _map(told: Reported, title: str, shown: Drawn, caption: str) -> Figure:
    """Return a map with what it shows and whose data it is made from."""
    whose = sentence(
        "whose", told.language, caption=caption, whose=told.results.network.attribution
    )
    return Figure(title, map_png(told.results, shown), whose)


def _whole(tables: Tables, grid: Grid) -> Table:
    """Return a table of the workbook as it stands there."""
    language = tables.told.language
    notes = (*(note.in_(language) for note in grid.form.notes), *grid.notes)
    return Table(grid.form.title.in_(language), grid.columns, grid.rows, notes, grid.sums)


def _titled(tables: Tables, name: str, grid: Grid) -> Table:
    """Return a table of the workbook under a title of the document."""
    language = tables.told.language
    notes = tuple(note.in_(language) for note in grid.form.notes)
    return Table(TABLES[name].in_(language), grid.columns, grid.rows, notes)


def _longest(tables: Tables, name: str, grid: Grid, *, count: int) -> Table:
    """Return the rows of a long table that concern most people, which column ``count`` tells; "" keeps its title."""
    language = tables.told.language
    rows = sorted(grid.rows, key=lambda row: -number(row[count]))[:MOST_ROWS]
    numbered = [(place, *row[1:]) for place, row in enumerate(rows, start=1)]
    notes = [note.in_(language) for note in grid.form.notes] + list(grid.notes)
    every = max(len(grid.rows), grid.too_many)
    if every > len(rows):
        shown = sentence("shown", language, shown=len(rows), all=every, file=grid.form.file)
        notes.append(shown)
    title = TABLES[name] if name else grid.form.title
    return Table(title.in_(language), grid.columns, numbered, tuple(notes))


def _looks_of_service(told: Reported, service: int) -> list[str]:
    """Return how each block is left by a service."""
    judgments = told.results.main.judgments
    failing, doubted = judgments.failing[:, service], judgments.doubted[:, service]
    return _looks(failing & ~doubted, failing & doubted, judgments.unknown[:, service])


def _looks_of_blocks(told: Reported) -> list[str]:
    """Return how each block is left by all services: as the table of communities counts it."""
    return _looks(*blocks_left(told.results.main.judgments))


def _looks(out: np.ndarray, to_check: np.ndarray, unknown: np.ndarray) -> list[str]:
    """Return a look for each block, the first that holds."""
    looks = np.select([out, to_check, unknown], ["out", "to_check", "unknown"], "served")
    return [str(look) for look in looks]


def _counts(looks: Sequence[str]) -> str:
    """Return how many blocks have each look, in the order of the caption."""
    return " / ".join(f"{looks.count(key):,}" for key in _LEFT)


__all__ = [
    "access",
    "advised",
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
