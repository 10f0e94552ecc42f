"""What the document says first: conclusions, four numbers and advice, each read from a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from walkshed.model.labels import number_said
from walkshed.reports.document.parts import Paragraph, Part
from walkshed.reports.workbook import lists, totals
from walkshed.reports.workbook.measures import measures as listed_measures
from walkshed.reports.workbook.reported import Grid, Reported, Row
from walkshed.words.quantities import NAMES, joined
from walkshed.words.report.document import sentence

#: Columns of the tables by service: people (or blocks), and those left out.
_PEOPLE, _OUT = 2, 4
#: Columns of the tables of communities, and the first also of kinds.
_BLOCKS_FAILING, _LEFT_OUT, _WORST = 3, 4, 5
#: So many recommendations stand in the summary.
_ADVICE = 3


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The tables that the document tells, each made once; the same as those of the workbook."""

    told: Reported
    by_service: Grid
    by_service_blocks: Grid
    tiers: Grid
    kinds: Grid
    areas: Grid
    by_kind: Grid
    problems: Grid
    measures: Grid
    proposed: Grid | None
    to_check: Grid
    unverified: Grid


def tables_of(told: Reported) -> Tables:
    """Return the tables of a run."""
    by_service, by_service_blocks, tiers, kinds = totals.overview(told)
    *proposed, measures = listed_measures(told)
    to_check, *_, unverified = lists.to_check(told)
    return Tables(
        told,
        by_service,
        by_service_blocks,
        tiers,
        kinds,
        areas=totals.areas(told)[0],
        by_kind=totals.by_kind(told)[0],
        problems=lists.problems(told)[0],
        measures=measures,
        proposed=proposed[0] if proposed else None,
        to_check=to_check,
        unverified=unverified,
    )


def number(value: object) -> int:
    """Return a cell as a number to compare, -1 where it is blank."""
    return int(value) if isinstance(value, int | float) else -1


def counts_people(tables: Tables) -> bool:
    """Return whether the study counts people, not only blocks."""
    return any(row[_PEOPLE] is not None for row in tables.by_service.rows)


def conclusions(tables: Tables) -> Iterator[Part]:
    """Yield three conclusions: the worst service, the worst community, the worst kind of block."""
    said = [*_worst_service(tables), *_worst_area(tables), *_worst_kind(tables)]
    yield from (Paragraph(f"{place}. {text}") for place, text in enumerate(said, start=1))


def _worst_service(tables: Tables) -> Iterator[str]:
    people = counts_people(tables)
    grid = tables.by_service if people else tables.by_service_blocks
    worst = max(grid.rows, key=lambda row: number(row[_OUT]), default=None)
    language = tables.told.language
    if worst is None or number(worst[_OUT]) < 1:
        yield sentence("no_gap", language)
        return

    lacking, of_all = number(worst[_OUT]), number(worst[_PEOPLE])
    yield sentence(
        "worst_service" if people else "worst_service_blocks",
        language,
        service=worst[0],
        out=lacking,
        part=number_said(f"{lacking / of_all:.1%}", language),
    )


def _worst_area(tables: Tables) -> Iterator[str]:
    people, rows = counts_people(tables), community_rows(tables)
    counted = _LEFT_OUT if people else _BLOCKS_FAILING
    worst = max(rows, key=lambda row: number(row[counted]), default=None)
    if worst is None or number(worst[counted]) < 1 or len(rows) < 2:
        return
    unnamed = tables.told.stated("")
    names = [str(name) for name in worst[:2]]
    yield sentence(
        "worst_area" if people else "worst_area_blocks",
        tables.told.language,
        area=" ".join(name for name in names if name != unnamed) or unnamed,
        out=number(worst[counted]),
        worst=worst[_WORST],
    )


def community_rows(tables: Tables) -> Sequence[Row]:
    """Return the rows of communities, without those of subdistricts and of the study."""
    every = {str(row[0]) for row in tables.areas.rows[-1:]}
    return [row for row in tables.areas.rows if not every & {str(row[0]), str(row[1])}]


def _worst_kind(tables: Tables) -> Iterator[str]:
    worst = max(tables.by_kind.rows, key=lambda row: number(row[_BLOCKS_FAILING]), default=None)
    if worst is None or number(worst[_BLOCKS_FAILING]) < 1:
        return
    yield sentence(
        "worst_kind",
        tables.told.language,
        kind=worst[0],
        service=worst[1],
        out=number(worst[_BLOCKS_FAILING]),
    )


def four_numbers(tables: Tables) -> Iterator[Part]:
    """Yield how many blocks are served, left out, to be checked and not surveyed, and the same people."""
    language = tables.told.language
    row = [*map(number, tables.areas.rows[-1][2:])]
    blocks, failing, out, _, check, in_doubt, unknown, unknown_people, all_well, served = row
    yield Paragraph(
        sentence(
            "four",
            language,
            blocks=blocks,
            served=all_well,
            out=failing,
            check=check,
            unknown=unknown,
        )
    )
    if out >= 0:
        people = {"served": served, "out": out, "check": in_doubt, "unknown": unknown_people}
        every = sum(people.values())
        yield Paragraph(sentence("person_services", language, all=every, **people))


def advice(tables: Tables) -> Iterator[Part]:
    """Yield three recommendations: the measures that help most, then what is to be checked and surveyed."""
    said = [*_measures(tables), *_homework(tables)][:_ADVICE]
    yield from (Paragraph(f"{place}. {text}") for place, text in enumerate(said, start=1))


def _measures(tables: Tables) -> Iterator[str]:
    if tables.proposed is not None:
        yield from _proposals(tables, tables.proposed)
    yield from _said(tables, tables.measures, gain=6)


def _proposals(tables: Tables, grid: Grid) -> Iterator[str]:
    """Yield what walkshed site proposes in short: where, which services, what is gained."""
    for row in grid.rows:
        told = {"where": row[2], "service": row[3], "gain": row[4], "unit": row[5]}
        if number(row[4]) > 0:
            yield sentence("proposed", tables.told.language, **told)


def _said(tables: Tables, grid: Grid, *, gain: int) -> Iterator[str]:
    """Yield the first measure of each place; ``gain`` is the column of those who gain."""
    places: set[object] = set()
    for row in grid.rows:
        measure, where, service = row[1:4]
        if number(row[gain]) > 0 and where not in places:
            places.add(where)
            told = {"measure": measure, "where": where, "service": service}
            yield sentence("measure", tables.told.language, **told)


def _homework(tables: Tables) -> Iterator[str]:
    language = tables.told.language
    if tables.to_check.rows:
        yield sentence("check", language, n=len(tables.to_check.rows))
    unsurveyed = not_surveyed(tables.told)
    if unsurveyed:
        yield sentence("survey", language, services=joined(unsurveyed, NAMES, language))
    yield sentence("fill", language)


def not_surveyed(told: Reported) -> list[str]:
    """Return the services whose list of stations is not known to be complete."""
    services = told.results.inputs.services
    return [told.services[service.id] for service in services if not service.complete]


__all__ = [
    "Tables",
    "advice",
    "community_rows",
    "conclusions",
    "counts_people",
    "four_numbers",
    "not_surveyed",
    "number",
    "tables_of",
]
