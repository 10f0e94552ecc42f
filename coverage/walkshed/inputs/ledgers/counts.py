"""The ledger of people by who is counted (人口口径): read, and never mixed with people of another basis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from walkshed.inputs.faults import FaultBook, did_you_mean, first_of, words
from walkshed.inputs.ledgers.dates import date_in
from walkshed.inputs.ledgers.named import Names, has_columns, named_in
from walkshed.inputs.tables.cells import amount_in, text_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.labels import COUNTED
from walkshed.model.messages import Listing, Message
from walkshed.model.town.counts import AGES, Count, latest
from walkshed.model.town.ledgers import Ledgers
from walkshed.model.town.places import Block, PeopleSource

_LEDGER = Message("[ledgers] population")
_NAMED = 10  # in a note


def read_counts(table: Table, blocks: Names, book: FaultBook) -> tuple[Count, ...]:
    """Return the counts in the order of the table; every fault of it is in ``book``."""
    if not has_columns(table, ("block", "basis", "people"), book):
        return ()
    found: dict[tuple[str, str, str], tuple[Row, Count]] = {}
    undated = 0
    for row in table.rows:
        if row.broken:
            continue
        told = len(book.faults)
        block, basis = named_in(row, table, "block", blocks, book), _basis(row, table, book)
        as_of, people = date_in(row, table, "as_of", book), amount_in(row, table, "people", book)
        ages = _ages(row, table, people, book)
        if block is None or not basis or len(book.faults) > told:
            continue

        key = (block, basis, as_of)
        if key in found:
            fact = Message(
                "is counted so in {other_row}, too",
                other_row=table.row_told(found[key][0].number),
            )
            table.fault(book, row, "block", fact, "keep one, or write both dates", value=block)
        found.setdefault(key, (row, Count(block, basis, as_of, people, ages)))
        undated += not as_of
    if undated:
        count = Message(
            "{undated} of {count} {count:count|counts} {undated:does|do}",
            undated=undated,
            count=len(found),
        )
        book.note(
            Message(
                "{table}: {count} not say of which date (截至日期)",
                table=table.label,
                count=count,
            )
        )
    return tuple(count for _, count in found.values())


def _basis(row: Row, table: Table, book: FaultBook) -> str:
    """Return who is counted; "", and a fault, for an empty cell and for another word."""
    text, known = text_in(row, table, "basis", book), words("counted")
    if text.lower() in known:
        return known[text.lower()]
    listed = [label.zh for label in COUNTED.values()]
    cure: str = Message("write one of {known}", known="、".join(listed))
    if text:
        cure = did_you_mean(text, listed, otherwise=cure)
        table.fault(book, row, "basis", "does not say who is counted", cure, value=text)
    elif not row.cells.get("basis"):
        table.fault(book, row, "basis", "is empty", cure)
    return ""


def _ages(row: Row, table: Table, people: float | None, book: FaultBook) -> Mapping[str, float]:
    """Return how many are of each age; a fault for a group larger than the one that holds it."""
    found: dict[str, float] = {}
    for group, within in AGES.items():
        number = amount_in(row, table, group, book)
        if number is None:
            continue
        found[group] = number
        whole = people if within == "people" else found.get(within, people)
        if whole is not None and number > whole:
            fact = Message("is more than the group that holds it ({whole:g})", whole=whole)
            table.fault(book, row, group, fact, "correct one of the two", value=row.cells[group])
    return found


def with_people(
    blocks: Sequence[Block],
    ledgers: Ledgers,
    *,
    header: str,
    wanted: str,
    otherwise: bool,
    book: FaultBook,
) -> tuple[tuple[Block, ...], Ledgers]:
    """Return the blocks with people of one basis, and the ledgers, the counts that are used marked.

    Blocks for which nobody states people have those of the ledger, where their basis is that of all
    others: ``header`` is what the table of blocks calls its people, ``wanted`` the basis that
    study.toml names, ``otherwise`` whether people come from elsewhere, too ([people], a total).
    Where bases would mix, nothing is filled in, and that is noted.
    """
    counts = ledgers.population
    if not counts:
        return tuple(blocks), ledgers
    stated = any(block.people_source is PeopleSource.GIVEN for block in blocks)
    own = _basis_of(header) if stated else ""
    ledgers = replace(ledgers, table_basis=own)
    basis = _chosen(counts, wanted, own, stated=stated, book=book)
    if not basis:
        return tuple(blocks), ledgers

    # the latest of that basis, for blocks that state none
    by_block = {count.block: count for count in latest(counts) if count.basis == basis}
    _note_differences(blocks, by_block, book)
    filled = [_filled(block, by_block.get(block.id)) for block in blocks]
    used = {
        (new.id, by_block[new.id].as_of): by_block[new.id]
        for old, new in zip(blocks, filled, strict=True)
        if new is not old
    }
    _note_filled(filled, len(used), basis, book, otherwise=otherwise)
    marked = (
        replace(count, used=used.get((count.block, count.as_of)) is count) for count in counts
    )
    return tuple(filled), replace(ledgers, population=tuple(marked))


def _filled(block: Block, count: Count | None) -> Block:
    """Return a block with the people of a count, where nobody states its own."""
    if count is None or count.people is None or block.people_source is PeopleSource.GIVEN:
        return block
    return replace(block, people=count.people, people_source=PeopleSource.GIVEN)


def _note_differences(
    blocks: Sequence[Block], by_block: Mapping[str, Count], book: FaultBook
) -> None:
    """Note blocks of which table and ledger state other people of one basis, and groups that are too large."""
    # block by block
    other, smaller = [], []
    for block in blocks:
        count = by_block.get(block.id)
        if count is None or count.people is None:
            continue
        if block.people_source is PeopleSource.GIVEN and block.people != count.people:
            other.append(
                Message(
                    "{block} ({people:g}, not {other:g})",
                    block=block.name,
                    people=block.people,
                    other=count.people,
                )
            )
        elif max([0.0, *block.groups.values()]) > count.people:
            smaller.append(block.name)

    for told, which in (
        ("the people of the table of blocks stand where the ledger says otherwise", other),
        ("a group of the table of blocks is larger than all people of the ledger", smaller),
    ):
        if which:
            book.note(
                Message(
                    "{place}: {told}: {names}",
                    place=_LEDGER,
                    told=Message(told),
                    names=first_of(which, _NAMED),
                )
            )


def _basis_of(header: str) -> str:
    """Return who is counted by the name of a column; "" where it does not say."""
    return next((key for key, label in COUNTED.items() if label.zh[:2] in header), "")


def _chosen(
    counts: Sequence[Count], wanted: str, own: str, *, stated: bool, book: FaultBook
) -> str:
    """Return the basis of which blocks may be filled in; "", and a note, where two would mix."""
    known = list(dict.fromkeys(count.basis for count in counts))
    basis = wanted or (own if own in known else known[0])

    # a basis that study.toml asks for and nobody counted
    if wanted and wanted not in known:
        book.note(
            Message(
                "{ledger}: no count is of people_basis = {wanted!r}; nothing is filled in",
                ledger=_LEDGER,
                wanted=wanted,
            )
        )
        return ""

    # several of them, and none that is the study's
    if len(known) > 1:
        listed = Listing(COUNTED[key] for key in known)
        book.note(
            Message(
                "{ledger}: holds {listed}; they are shown side by side and never added up",
                ledger=_LEDGER,
                listed=listed,
            )
        )
    if not wanted and not own and len(known) > 1:
        book.note(
            Message(
                "{ledger}: which of them are the people of the study is not said; none is filled "
                'in: write people_basis = "{known}" under [ledgers]',
                ledger=_LEDGER,
                known=known[0],
            )
        )
        return ""

    # people of the table that are counted otherwise
    if stated and own != basis:
        said: object = Message("people of no stated basis (人口)")
        if own:
            said = COUNTED[own]
        book.note(
            Message(
                "{ledger}: the table of blocks has {said}, the ledger {counted}; they are not "
                "mixed, and nothing is filled in (call the column of blocks by its basis: "
                "常住人口)",
                ledger=_LEDGER,
                said=said,
                counted=COUNTED[basis],
            )
        )
        return ""
    return basis


def _note_filled(
    blocks: Sequence[Block], used: int, basis: str, book: FaultBook, *, otherwise: bool
) -> None:
    """Note how many blocks have their people from the ledger, and of what kind the others' are."""
    called = COUNTED[basis]
    if used:
        book.note(
            Message(
                "{ledger}: {used} of {count} {count:block|blocks} {used:has its|have their} people "
                "from it ({called})",
                ledger=_LEDGER,
                used=used,
                count=len(blocks),
                called=called,
            )
        )
    sources = [block.people_source for block in blocks]
    others = sources.count(PeopleSource.ESTIMATED)
    others += sources.count(PeopleSource.NONE) if otherwise else 0
    if others:
        book.note(
            Message(
                "{ledger}: {others} of {count} {count:block|blocks} {others:has|have} people of "
                "another source ([people], "
                "people_total, household_size), which are no {called}: sums hold both",
                ledger=_LEDGER,
                others=others,
                count=len(blocks),
                called=called,
            )
        )
