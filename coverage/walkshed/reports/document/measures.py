"""The chapter on measures, a section for each type, and the annex with bounds and further maps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from walkshed.model.arrays import FloatArray
from walkshed.model.labels import Label, Language, label
from walkshed.reports.declared import COUNT, NUMBER, SHARE, TENTHS, TEXT, WHOLE
from walkshed.reports.document.drawings import Drawn, pair_png
from walkshed.reports.document.findings import Tables, counts_people, number
from walkshed.reports.document.parts import Figure, Paragraph, Part, Table
from walkshed.reports.document.shown import (
    counts_text,
    longest_table,
    looks_of,
    looks_of_blocks,
    map_figure,
    service_map,
    titled_table,
    worst_first,
)
from walkshed.reports.workbook.forms import Head
from walkshed.reports.workbook.reported import Row, rows_of
from walkshed.words.report.document import FIGURES, TOLD, sentence
from walkshed.words.report.lines import GAINS
from walkshed.words.report.measures import PLANS, STATUS, TYPES, measure_sentence, type_means

#: A section tells so many measures in words; the table has the others.
_TOLD = 5
#: So many services have a map in the annex.
_MAPS = 4
#: Columns of the lists of measures.
_MEASURE, _WHERE, _SERVICE, _BLOCKS, _CONCERNED, _GAIN, _TYPE = 1, 2, 3, 4, 5, 6, -1
_PLAN_GAIN, _PLAN_UNIT = 4, 5
#: What a plan is measured by, as before_after.csv calls it.
_PARTS = ("served", "out", "in_doubt", "unknown")
#: Figures of a plan as a whole, as its table calls them, with what they hold.
_OF_PLAN = {
    "plan_gain": ("gain", TENTHS),
    "before": ("now", TENTHS),
    "after": ("one", TENTHS),
    "bound": ("bound", TENTHS),
    "gap": ("gap", SHARE),
    "status": ("status", TEXT),
    "plan_cost": ("cost", NUMBER),
}
#: The same of other plans: curve.csv, frontier.csv.
_OF_OTHERS = {
    "new_stations": ("new_stations", COUNT),
    "budget": ("budget", NUMBER),
    "cost": ("cost", NUMBER),
    "gain": ("gain", TENTHS),
    "bound": ("bound", TENTHS),
    "gap": ("gap", SHARE),
    "status": ("status", TEXT),
}


def listed(tables: Tables) -> Iterator[Part]:
    """Yield all measures in a table, those of walkshed site first, and where they are."""
    if tables.proposed is not None:
        yield titled_table(tables, "proposed", tables.proposed)
        yield from _proposed_map(tables)
    name = "measures" if tables.proposed is None else "others"
    yield longest_table(tables, name, tables.measures, count=_GAIN)
    if not tables.measures.rows and tables.proposed is None:
        yield Paragraph(sentence("fill", tables.told.language))


def of_type(tables: Tables, kind: str) -> Iterator[Part]:
    """Yield what a type of measure is, how many there are, and the first of them in words."""
    language = tables.told.language
    means = type_means(kind, language)
    proposed = _rows_of_type(tables, kind, proposed=True)
    for row in proposed[:_TOLD]:
        told = {"where": row[_WHERE], "service": row[_SERVICE]}
        told |= {"gain": row[_PLAN_GAIN], "unit": row[_PLAN_UNIT]}
        yield Paragraph(measure_sentence("proposed", language, n=row[0], **told))

    rows = _rows_of_type(tables, kind, proposed=False)
    if not rows:
        if not proposed:
            yield Paragraph(means + measure_sentence("none", language))
        return
    rows = sorted(rows, key=lambda row: (-number(row[_GAIN]), -number(row[_CONCERNED])))
    yield Paragraph(measure_sentence("count", language, means=means, n=len(rows)))
    for place, row in enumerate(rows[:_TOLD], start=1):
        said = measure_sentence(
            "row",
            language,
            n=place,
            where=row[_WHERE],
            service=row[_SERVICE],
            measure=str(row[_MEASURE]).rstrip("."),
            blocks=row[_BLOCKS],
        )
        if row[_CONCERNED] is not None:
            said = measure_sentence("row_people", language, said=said, people=row[_CONCERNED])
        yield Paragraph(measure_sentence("end", language, said=said))


def has_type(tables: Tables, kind: str) -> bool:
    """Return whether some measure is of a type."""
    return bool(_rows_of_type(tables, kind, proposed=False))


def _rows_of_type(tables: Tables, kind: str, *, proposed: bool) -> list[Row]:
    grid = tables.proposed if proposed else tables.measures
    said = TYPES[kind].in_(tables.told.language)
    return [] if grid is None else [row for row in grid.rows if row[_TYPE] == said]


def plans(tables: Tables) -> Iterator[Part]:
    """Yield the plan before and after in a table and two maps, where walkshed site ran."""
    told, language = tables.told, tables.told.language
    planned = told.planned
    if planned is None:
        yield Paragraph(measure_sentence("no_plan", language))
        return

    # what it comes to; each figure stands in proposals.csv or upgrades.csv
    acts = 0 if tables.proposed is None else len(tables.proposed.rows)
    first = next(iter(rows_of(planned.table)), {})
    if first.get("plan_gain") is not None:
        worth = {"gain": first["plan_gain"], "bound": first["bound"]}
        unit = label(GAINS, first["unit"], language)
        yield Paragraph(measure_sentence("plan", language, acts=acts, unit=unit, **worth))
    else:
        yield Paragraph(measure_sentence("acts", language, acts=acts))

    heads = (
        Head(PLANS["what"], TEXT, 28),
        *(Head(PLANS[name], WHOLE, 14) for name in ("now", "one")),
        Head(PLANS["two"], WHOLE, 18, by_office=True),
    )
    note = PLANS["note"].in_(language)
    yield Table(PLANS["title"].in_(language), heads, _compared(tables), (note,))

    looks = looks_of_blocks(told), looks_of(planned.after)
    shown = pair_png(
        (told.results, Drawn(looks[0])), (planned.after, Drawn(looks[1], places=_places(tables)))
    )
    before, after = map(counts_text, looks)
    caption = TOLD["before_after"].said(language, before=before, after=after)
    whose = sentence("whose", language, caption=caption, whose=told.results.network.attribution)
    yield Figure(FIGURES["before_after"].in_(language), shown, whose, wide=True)


def _compared(tables: Tables) -> list[Row]:
    """Return a row per service and part: now, with the plan, and a blank for another; all of people, or of blocks."""
    told = tables.told
    of = "people" if counts_people(tables) else "blocks"
    rows: list[Row] = []
    assert told.planned is not None
    for each in rows_of(told.planned.before_after):
        for part in _PARTS:
            now, then = (each[f"{of}_{part}_{when}"] for when in ("before", "after"))
            if now or then or part in ("served", "out"):
                service = told.services[each["service"]]
                what = PLANS[f"{of}_{part}"].said(told.language, service=service)
                rows.append((what, now, then, None))
    return rows


def _proposed_map(tables: Tables) -> Iterator[Part]:
    """Yield a map of what is proposed, where its places are known."""
    told, places = tables.told, _places(tables)
    if places is None:
        return
    shown = Drawn(looks_of_blocks(told), places=places)
    title = FIGURES["measures"].in_(told.language)
    yield map_figure(told, title, shown, TOLD["measures"].in_(told.language))


def _places(tables: Tables) -> FloatArray | None:
    """Return (n, 2) where what is proposed lies, in the order of its ranks; None where that is not known."""
    frame = tables.told.proposed
    if frame is None or not {"rank", "lon", "lat"} <= set(frame.columns):
        return None
    ranked = frame.loc[frame["rank"].notna(), ["lon", "lat"]]
    lonlat = ranked.to_numpy(dtype=np.float64, na_value=np.nan)
    if len(lonlat) == 0 or not np.isfinite(lonlat).all():
        return None
    return tables.told.results.network.plane.to_xy(lonlat)


def annex(tables: Tables) -> Iterator[Part]:
    """Yield how good the plan is, what others would bring, and the maps of further services."""
    language, planned = tables.told.language, tables.told.planned
    first = None if planned is None else next(iter(rows_of(planned.table)), None)
    if first is not None:
        heads = (Head(PLANS["what"], TEXT, 30), Head(PLANS["value"], TEXT, 24))
        rows = [
            (PLANS[name].in_(language), _said(first[key], key, language))
            for key, (name, _) in _OF_PLAN.items()
            if first.get(key) is not None
        ]
        rows.insert(0, (PLANS["unit"].in_(language), label(GAINS, first["unit"], language)))
        yield Table(PLANS["bounds"].in_(language), heads, rows)
    if planned is not None:
        yield _others(tables)

    further = worst_first(tables)[1 : 1 + _MAPS]
    for place, service in enumerate(further, start=1):
        yield service_map(tables, service, FIGURES["annex"], place)


def _others(tables: Tables) -> Table:
    """Return other plans: a row per number of stations, or per budget."""
    language, planned = tables.told.language, tables.told.planned
    assert planned is not None
    frame = planned.more
    shown = {key: kind for key, kind in _OF_OTHERS.items() if key in frame.columns}
    heads = tuple(Head(PLANS[name], kind, 14) for name, kind in shown.values())
    rows: Sequence[Row] = [
        [_status(row[key], language) if key == "status" else row[key] for key in shown]
        for row in rows_of(frame)
    ]
    return Table(PLANS["more"].in_(language), heads, rows)


def _said(value: object, key: str, language: Language) -> str:
    """Return a figure of a plan as it is printed."""
    if key == "status":
        return _status(value, language)
    return f"{float(str(value)):.1%}" if key == "gap" else f"{float(str(value)):,.10g}"


def _status(value: object, language: Language) -> str:
    return STATUS.get(str(value), Label(str(value), str(value))).in_(language)
