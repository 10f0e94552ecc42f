"""The table of blocks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from walkshed.inputs.faults import FaultBook, did_you_mean, first_of, nearest_word, words
from walkshed.inputs.places.coordinates import area_at
from walkshed.inputs.places.systems import TableCrs
from walkshed.inputs.study.kinds import KindRules, flags_of, weights_of
from walkshed.inputs.tables.cells import Identified, amount_in, text_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Listing, Message
from walkshed.model.town.places import Block, Form, PeopleSource

NAMED = 5  # a note names so many blocks
SAME_GROUND = 0.95  # two outlines that share so much of the larger are one block given twice
# drawings of neighbors overlap by slivers; a hundredth of the smaller is more than a sliver
OVERLAP = 0.01
_CHINESE = re.compile("[\u3400-\u9fff]")
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
    _check_columns(table, groups, weights, book)

    blocks = []
    known = {row.number for row, _, _ in identified}
    left_out = [(row, "", "") for row in table.rows if row.number not in known]
    for row, key, name in (*identified, *left_out):
        if row.broken:
            continue

        # whom it holds, and what it is
        people = amount_in(row, table, "people", book)
        _refuse_share(row, table, "people", people, book)
        counted = _groups(row, table, groups, people, book)
        kind, rule = _kind(row, table, book), "given"
        if not kind:
            kind, rule = rules.sort(row, table)
        flags = flags_of(row, table, book)
        weighed = weights_of(row, table, weights, book)
        form = _form(row, table, book)
        subdistrict = text_in(row, table, "subdistrict", book)
        community = text_in(row, table, "community", book)
        households = amount_in(row, table, "households", book)

        # where it lies; without a place there is no block
        area = area_at(row, table, crs, book)
        if area is None or not key:
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
            subdistrict,
            community,
            area,
            rule,
            flags,
            weighed,
            form,
        )
        blocks.append((row, block))

    # what only the whole table tells
    _note_unused(table, groups, book, rules=rules)
    _note_estimated(blocks, table, household_size, book)
    _check_overlaps(blocks, table, book)
    if rules.rules:
        _note_unsorted(blocks, table, book)
    return blocks


def check_people(table: Table, stated: Mapping[str, str], book: FaultBook) -> None:
    """Write down a table that states nobody's number, where a column of it may be the people.

    ``stated`` are the headers that study.toml names; an empty one for people says that there is none.
    A header that speaks of people is a fault, for it is to be confirmed; where only the cells tell
    that a column counts something it is a note.
    """
    near = table.near.get("people", "")
    if {"people", "households"} & {*table.headers, *stated}:
        return
    if not near or _CHINESE.search(near):
        _note_counts(table, book)
        return

    # one column, or several of which only a planner knows the one
    fact = Message("has no column 'people'; '{near}' may be the one", near=near)
    cure = Message(
        'if it is, write  people = "{near}"  under [blocks.columns] (init: --people-column), else '
        'the column that is, or  people = ""  for none; or state people_total under [blocks]',
        near=near,
    )
    likely = tuple(dict.fromkeys((near, *table.likely_people)))
    if len(likely) > 1:
        columns = first_of([repr(word) for word in likely], NAMED)
        told = "has no column 'people'; one of these may be it: {columns}"
        fact = Message(told, columns=columns)
        cure = Message(
            'write the one that is under [blocks.columns], as  people = "{near}"  (init: '
            '--people-column), or  people = ""  for none; or state people_total under [blocks]',
            near=near,
        )
    book.fault(table.label, fact, cure, row=table.header_row)


def _note_counts(table: Table, book: FaultBook) -> None:
    """Note the columns of whole numbers in a table that states nobody's number."""
    counts = table.unread_counts
    if not counts:
        return
    told = (
        "{table}: no column says how many people live where, so blocks are counted and not people; "
        "{columns} {count:holds|hold} whole numbers and {count:is|are} not read: if one of them is "
        'people, write  people = "{first}"  under [blocks.columns] (init: --people-column)'
    )
    columns = first_of([repr(header) for header in counts], NAMED)
    book.note(Message(told, table=table.label, columns=columns, count=len(counts), first=counts[0]))


def _check_columns(
    table: Table, groups: Sequence[str], weights: Sequence[str], book: FaultBook
) -> None:
    """Write down groups and weights of study.toml that are no columns of the table."""
    for name in (*groups, *weights):
        if name in table.headers:
            continue
        fact = "is a weight of study.toml without a column"
        if name in groups:
            fact = "is a group of study.toml without a column"
        otherwise = "add the column, or take it out of study.toml"
        cure = did_you_mean(name, table.headers, otherwise=otherwise)
        book.fault(table.label, fact, cure, row=table.header_row, value=name)


def _note_estimated(
    blocks: Sequence[tuple[Row, Block]],
    table: Table,
    household_size: float | None,
    book: FaultBook,
) -> None:
    """Note how many blocks' people are estimated from their households."""
    homes = sum(block.people is None and block.households is not None for _, block in blocks)
    if homes and household_size is None:
        told = (
            "{table}: {homes} of {blocks} {blocks:block|blocks} {homes:states|state} households "
            "and no people; "
            "household_size under [blocks] (persons per household, with household_size_source) "
            "estimates them"
        )
        book.note(Message(told, table=table.label, homes=homes, blocks=len(blocks)))
    estimated = sum(block.people_source is PeopleSource.ESTIMATED for _, block in blocks)
    if household_size is not None and estimated and "households" in table.headers:
        book.note(
            Message(
                "{table}: people of {count} {count:block|blocks} are estimated: households × "
                "{household_size:g}",
                table=table.label,
                count=estimated,
                household_size=household_size,
            )
        )


def _note_unsorted(blocks: Sequence[tuple[Row, Block]], table: Table, book: FaultBook) -> None:
    """Note the blocks that no rule sorts into a kind."""
    unsorted = [block.name for _, block in blocks if not block.kind]
    if not unsorted:
        return
    book.note(
        Message(
            "{table}: no rule sorts {count} of {total} {total:block|blocks} into a kind: {names}",
            table=table.label,
            count=len(unsorted),
            total=len(blocks),
            names=first_of(unsorted, NAMED),
        )
    )


def _check_overlaps(blocks: Sequence[tuple[Row, Block]], table: Table, book: FaultBook) -> None:
    """Two blocks on the same ground are a fault, for residents would count twice; a smaller overlap is a note."""
    # each pair once, of blocks with an area
    outlines = np.array([block.geometry for _, block in blocks], dtype=object)
    area = shapely.area(outlines)
    first, second = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    once = (first < second) & (area[first] > 0) & (area[second] > 0)
    first, second = first[once], second[once]
    shared = shapely.area(shapely.intersection(outlines[first], outlines[second]))

    partly, told = 0, set()
    for one, other, common in zip(first.tolist(), second.tolist(), shared.tolist()):
        if common <= SAME_GROUND * max(area[one], area[other]):
            partly += common > OVERLAP * min(area[one], area[other])
        elif other not in told:  # of many on one ground, each is told once
            told.add(other)
            row, block = blocks[other]
            fact = Message(
                "covers the same ground as {other!r}: its residents would count twice",
                other=blocks[one][1].id,
            )
            table.fault(book, row, "geometry", fact, "remove one of the two", value=block.id)

    if partly:
        pairs = Message("{count} {count:pair|pairs} of blocks overlap", count=partly)
        if partly == 1:
            pairs = Message("1 pair of blocks overlaps")
        book.note(
            Message(
                "{table}: {pairs}; people shared out over blocks count once; make sure that those "
                "you state count once, too",
                table=table.label,
                pairs=pairs,
            )
        )


def _people_source(row: Row, table: Table, people: float | None, book: FaultBook) -> PeopleSource:
    """Return whether a block's people were counted or estimated; counted unless the column says otherwise."""
    word = text_in(row, table, "people_source", book).lower()
    if word not in {"", "given", "estimated", "none", "填报", "给定", "估算", "无人口数据"}:
        cure = did_you_mean(word, ("given", "estimated"), otherwise="write given or estimated")
        table.fault(book, row, "people_source", "is not a valid source of people", cure, value=word)

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
    table.fault(book, row, "form", "is not a valid form of a block", cure, value=text)
    return Form.COMPOUND


def _kind(row: Row, table: Table, book: FaultBook) -> str:
    """Return the kind that a block's row states, known or its own; "" where it states none."""
    text = text_in(row, table, "kind", book)
    known = words("kind")
    if not text or text.lower() in known:
        return known.get(text.lower(), "")

    near = nearest_word(text, known)
    if near is not None:
        book.note(
            Message(
                "{table}: kind '{kind}' is taken as a kind of its own; is it '{known_kind}'?",
                table=table.label,
                kind=text,
                known_kind=known[near],
            )
        )
    return text


def _refuse_share(
    row: Row, table: Table, column: str, number: float | None, book: FaultBook
) -> None:
    """Write down a count that is less than one: 25% of a cell is stored as 0.25."""
    if number is None or not 0 < number < 1 or "people_source" in table.headers:
        return
    fact, cure = "is less than one", "write how many there are, not which share"
    table.fault(book, row, column, fact, cure, value=row.cells[column])


def _groups(
    row: Row, table: Table, groups: Sequence[str], people: float | None, book: FaultBook
) -> Mapping[str, float]:
    """Return how many people of each group a block holds."""
    counted = {}
    for group in groups:
        number = amount_in(row, table, group, book)
        _refuse_share(row, table, group, number, book)
        if number is None:
            continue
        counted[group] = number
        if people is not None and number > people:
            fact = Message("is more than the block's people ({people})", people=row.cells["people"])
            table.fault(book, row, group, fact, "correct one of the two", value=row.cells[group])
    return counted


def _note_unused(table: Table, groups: Sequence[str], book: FaultBook, *, rules: KindRules) -> None:
    """Note columns with values that would count if study.toml asked for them."""

    def filled(column: str) -> bool:
        return any(row.cells.get(column) for row in table.rows)

    unused = [name for name in _ONLY_FOR_RULES if filled(name)]
    if unused and not rules.rules:
        book.note(
            Message(
                "{table}: {columns} can sort blocks into kinds: name a table of rules as [blocks] "
                "kind_rules",
                table=table.label,
                columns=Listing(unused),
            )
        )

    for group in _GROUP_COLUMNS:
        if group not in groups and filled(group):
            book.note(
                Message(
                    '{table}: {group} holds values; groups = ["{group}"] in [blocks] has them '
                    "counted",
                    table=table.label,
                    group=group,
                )
            )
