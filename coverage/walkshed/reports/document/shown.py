"""Tables and maps of the document, made of the tables of the workbook: what several chapters show."""

from __future__ import annotations

from collections.abc import Sequence

from walkshed.model.labels import Label
from walkshed.model.results import Results
from walkshed.needs.measures.totals import blocks_left, blocks_left_by, how_left
from walkshed.reports.document.drawings import Drawn, map_png
from walkshed.reports.document.findings import Tables, counts_people, number
from walkshed.reports.document.parts import Figure, Table
from walkshed.reports.workbook.reported import Grid, Reported
from walkshed.words.report.document import TABLES, TOLD, sentence

#: A document lists so many rows of a long table; the file beside it has all.
MOST_ROWS = 40
#: Blocks of a map by how they are left, in the order in which captions count them.
_LEFT = ("served", "out", "to_check", "unknown")


def map_figure(told: Reported, title: str, shown: Drawn, caption: str) -> Figure:
    """Return a map with what it shows and whose data it is made from."""
    whose = sentence(
        "whose", told.language, caption=caption, whose=told.results.network.attribution
    )
    return Figure(title, map_png(told.results, shown), whose)


def whole_table(tables: Tables, grid: Grid) -> Table:
    """Return a table of the workbook as it stands there."""
    language = tables.told.language
    notes = (*(note.in_(language) for note in grid.form.notes), *grid.notes)
    return Table(grid.form.title.in_(language), grid.columns, grid.rows, notes, grid.sums)


def titled_table(tables: Tables, name: str, grid: Grid) -> Table:
    """Return a table of the workbook under a title of the document."""
    language = tables.told.language
    notes = tuple(note.in_(language) for note in grid.form.notes)
    return Table(TABLES[name].in_(language), grid.columns, grid.rows, notes)


def longest_table(tables: Tables, name: str, grid: Grid, *, count: int) -> Table:
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


def looks_of_service(told: Reported, service: int) -> list[str]:
    """Return how each block is left by a service."""
    return how_left(*blocks_left_by(told.results.main.judgments, service))


def looks_of_blocks(told: Reported) -> list[str]:
    """Return how each block is left by all services: as the table of communities counts it."""
    return looks_of(told.results)


def looks_of(results: Results) -> list[str]:
    """Return how each block of a run is left by all services."""
    return how_left(*blocks_left(results.main.judgments))


def counts_text(looks: Sequence[str]) -> str:
    """Return how many blocks have each look, in the order of the caption."""
    return " / ".join(f"{looks.count(key):,}" for key in _LEFT)


def worst_first(tables: Tables) -> list[int]:
    """Return the services, those that most lack first."""
    chosen = tables.by_service if counts_people(tables) else tables.by_service_blocks
    lacking = [number(row[4]) for row in chosen.rows]
    return sorted(range(len(lacking)), key=lambda service: -lacking[service])


def service_map(tables: Tables, service: int, title: Label, place: int = 1) -> Figure:
    """Return a map of who can walk to a service; ``place`` is its number among its like."""
    told, language = tables.told, tables.told.language
    looks = looks_of_service(told, service)
    name = list(told.services.values())[service]
    caption = TOLD["coverage"].said(language, counts=counts_text(looks))
    return map_figure(told, title.said(language, n=place, service=name), Drawn(looks), caption)
