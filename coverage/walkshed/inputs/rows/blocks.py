"""The tables of blocks and of their gates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from walkshed.inputs.faults import FaultBook, did_you_mean, nearest_word, words
from walkshed.inputs.places.coordinates import area_of, place_of
from walkshed.inputs.places.systems import TableCrs
from walkshed.inputs.study.kinds import KindRules, flags_of, weights_of
from walkshed.inputs.tables.cells import Identified, amount_in, text_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.town.places import Block, Form, Gate, PeopleSource

NAMED = 5  # a note names so many blocks
SAME_GROUND = 0.95  # two outlines that share so much of the larger are one block given twice
# drawings of neighbors overlap by slivers; a hundredth of the smaller is more than a sliver
OVERLAP = 0.01
_ONLY_FOR_RULES = ("year_built", "property_type")
_GROUP_COLUMNS = ("older_people", "children")


def read_blocks(
    table: Table,
    identified: Sequence[Identified],
    crs: TableCrs | None,
    groups: Sequence[str],
    book: FaultBook,
    *,
    rules: KindRules | None = None,
    weights: tuple[str, ...] = (),
    household_size: float | None = None,
) -> list[tuple[Row, Block]]:
    """Return the blocks in the order of the file, each with its row; every fault of the table is in ``book``.

    ``groups`` and ``weights`` are columns of the table; ``rules`` sort the blocks whose kind is not
    given. ``crs`` is None where the coordinates have a fault of their own. Where people are not
    counted they are estimated as households times ``household_size``.
    """
    rules = rules or KindRules()
    header = table.header_row
    for group in (*groups, *weights):
        if group not in table.headers:
            cure = did_you_mean(
                group, table.headers, otherwise="add the column, or take it out of study.toml"
            )
            what = "group" if group in groups else "weight"
            book.fault(
                table.label,
                f"is a {what} of study.toml without a column",
                cure,
                row=header,
                value=group,
            )
    blocks = []
    for row, key, name in identified:
        if row.broken:
            continue
        people = amount_in(row, table, "people", book)
        counted = _groups(row, table, groups, people, book)
        kind, rule = _kind(row, table, book), "given"
        if not kind:
            kind, rule = rules.sort(row, table)
        flags = flags_of(row, table, book)
        weighed = weights_of(row, table, weights, book)
        form = _form(row, table, book)
        texts = [text_in(row, table, column, book) for column in ("subdistrict", "community")]
        households = amount_in(row, table, "households", book)
        place = None if crs is None else place_of(row, table, crs, book)
        area = None if place is None else area_of(place, row, table, book)
        if area is None:
            continue
        source = _people_source(row, table, people, book)
        if people is None and households is not None and household_size is not None:
            people, source = households * household_size, PeopleSource.ESTIMATED
        block = Block(
            key,
            name,
            kind,
            people,
            source,
            counted,
            households,
            texts[0],
            texts[1],
            area,
            rule,
            flags,
            weighed,
            form,
        )
        blocks.append((row, block))
    _note_unused(table, groups, book, rules=rules)
    by_households = sum(block.people_source is PeopleSource.ESTIMATED for _, block in blocks)
    if household_size is not None and by_households and "households" in table.headers:
        told = f"people of {by_households} blocks are estimated: households × {household_size:g}"
        book.note(f"{table.label}: {told}")
    _check_overlaps(blocks, table, book)
    unsorted = [block.name for _, block in blocks if not block.kind]
    if rules.rules and unsorted:
        told = ", ".join(unsorted[:NAMED]) + (" …" if len(unsorted) > NAMED else "")
        book.note(
            f"{table.label}: no rule sorts {len(unsorted)} of {len(blocks)} blocks into a kind: {told}"
        )
    return blocks


def _check_overlaps(blocks: Sequence[tuple[Row, Block]], table: Table, book: FaultBook) -> None:
    """Two blocks on the same ground are a fault, for residents would count twice; a smaller overlap is a note."""
    outlines = np.array([block.geometry for _, block in blocks], dtype=object)
    area = shapely.area(outlines)
    first, second = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    once = (first < second) & (area[first] > 0) & (area[second] > 0)
    first, second = first[once], second[once]
    shared = shapely.area(shapely.intersection(outlines[first], outlines[second]))
    partly, told = 0, set()
    for a, b, common in zip(first.tolist(), second.tolist(), shared.tolist()):
        if common > SAME_GROUND * max(area[a], area[b]):
            if b in told:  # of many on one ground, each is told once
                continue
            told.add(b)
            row, block = blocks[b]
            fact = f"covers the same ground as {blocks[a][1].id!r}: its residents would count twice"
            table.fault(book, row, "geometry", fact, "remove one of the two", value=block.id)
        else:
            partly += common > OVERLAP * min(area[a], area[b])
    if partly:
        pairs = "1 pair of blocks overlaps" if partly == 1 else f"{partly} pairs of blocks overlap"
        cure = "people shared out over blocks count once; make sure that those you state count once, too"
        book.note(f"{table.label}: {pairs}; {cure}")


def _people_source(row: Row, table: Table, people: float | None, book: FaultBook) -> PeopleSource:
    """Return whether a block's people were counted or estimated; counted unless the column says otherwise."""
    word = text_in(row, table, "people_source", book).lower()
    if word not in {"", "given", "estimated", "none", "填报", "给定", "估算", "无人口数据"}:
        cure = did_you_mean(word, ("given", "estimated"), otherwise="write given or estimated")
        table.fault(book, row, "people_source", "is no source of people", cure, value=word)
    if people is None:
        return PeopleSource.NONE
    return PeopleSource.ESTIMATED if word in {"estimated", "估算"} else PeopleSource.GIVEN


def _form(row: Row, table: Table, book: FaultBook) -> Form:
    """Return whether a block is a compound or a street block; a compound unless the column says otherwise."""
    text = text_in(row, table, "form", book)
    known = words("form")
    if not text or text.lower() in known:
        return Form(known.get(text.lower(), Form.COMPOUND))
    cure = did_you_mean(text, known, otherwise="write compound or street_block")
    table.fault(book, row, "form", "is no form of a block", cure, value=text)
    return Form.COMPOUND


def _kind(row: Row, table: Table, book: FaultBook) -> str:
    text = text_in(row, table, "kind", book)
    known = words("kind")
    if not text or text.lower() in known:
        return known.get(text.lower(), "")
    near = nearest_word(text, known)
    if near is not None:
        book.note(
            f"{table.label}: kind '{text}' is taken as a kind of its own; is it '{known[near]}'?"
        )
    return text


def _groups(
    row: Row, table: Table, groups: Sequence[str], people: float | None, book: FaultBook
) -> Mapping[str, float]:
    counted = {}
    for group in groups:
        number = amount_in(row, table, group, book)
        if number is None:
            continue
        counted[group] = number
        if people is not None and number > people:
            fact = f"is more than the block's people ({row.cells['people']})"
            table.fault(book, row, group, fact, "correct one of the two", value=row.cells[group])
    return counted


def _note_unused(table: Table, groups: Sequence[str], book: FaultBook, *, rules: KindRules) -> None:
    def filled(column: str) -> bool:
        return any(row.cells.get(column) for row in table.rows)

    unused = [name for name in _ONLY_FOR_RULES if filled(name)]
    if unused and not rules.rules:
        told = f"{', '.join(unused)} can sort blocks into kinds"
        book.note(f"{table.label}: {told}: name a table of rules as [blocks] kind_rules")
    for group in _GROUP_COLUMNS:
        if group not in groups and filled(group):
            book.note(
                f'{table.label}: {group} holds values; groups = ["{group}"] in [blocks] has them counted'
            )


def read_gates(
    table: Table, crs: TableCrs | None, blocks: Sequence[tuple[str, str]] | None, book: FaultBook
) -> list[tuple[Row, Gate]]:
    """Return the gates in the order of the file, each with its row; every fault of the table is in ``book``.

    ``blocks`` are (id, name) of the study's blocks; None where they are made from the map and not
    known yet.
    """
    if "block" not in table.headers:
        header = table.header_row
        book.fault(
            table.label,
            "has no column 'block'",
            "add it with the id or name of each gate's block",
            row=header,
        )
        return []
    ids = {key for key, _ in blocks or ()}
    by_name: dict[str, list[str]] = {}
    for key, name in blocks or ():
        by_name.setdefault(name, []).append(key)
    gates = []
    for row in table.rows:
        if row.broken:
            continue
        word = text_in(row, table, "block", book)
        named = by_name.get(word, [])
        key = word if blocks is None or word in ids else named[0] if len(named) == 1 else ""
        if not word:
            if not row.cells.get("block"):
                table.fault(
                    book, row, "block", "is empty", "write the id or name of the gate's block"
                )
        elif not key and named:
            table.fault(
                book, row, "block", "is the name of several blocks", "write the id", value=word
            )
        elif not key:
            cure = did_you_mean(word, [*ids, *by_name], otherwise="write the id or name of a block")
            table.fault(book, row, "block", "is no block of this study", cure, value=word)
        place = None if crs is None else place_of(row, table, crs, book)
        if place is None or not key:
            continue
        if place.geom_type != "Point":
            table.fault(
                book,
                row,
                "geometry",
                f"is a {place.geom_type}, not a point",
                "give each gate one point",
            )
            continue
        gates.append((row, Gate(key, float(place.x), float(place.y))))
    if any(row.cells.get("hours") for row in table.rows):
        book.note(f"{table.label}: hours are not judged by this version")
    return gates
