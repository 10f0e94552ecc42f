"""The ledger of compounds' governance (小区治理)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from walkshed.inputs.faults import FaultBook, did_you_mean, words
from walkshed.inputs.ledgers.named import Names, has_columns, named_in, refuse_twice
from walkshed.inputs.study.kinds import THREE_LACKS
from walkshed.inputs.tables.cells import number_in, text_in, truth_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.labels import PARTY_BRANCH
from walkshed.model.messages import Message
from walkshed.model.town.governance import Governance
from walkshed.model.town.places import Block

_MOST_ORDERS = 1_000_000


def read_governance(table: Table, blocks: Names, book: FaultBook) -> tuple[Governance, ...]:
    """Return the rows in the order of the table, each compound once; every fault of it is in ``book``."""
    if not has_columns(table, ("block",), book):
        return ()
    found: dict[str, tuple[Row, Governance]] = {}
    for row in table.rows:
        if row.broken:
            continue

        # what the row says
        block = named_in(row, table, "block", blocks, book)
        management, manager = _management(row, table, book)
        read = Governance(
            block=block or "",
            branch=_branch(row, table, book),
            committee=truth_in(row, table, "committee", book),
            management=management,
            manager=manager,
            funds=truth_in(row, table, "funds", book),
            orders=_orders(row, table, book),
        )

        # each compound once
        if block in found:
            refuse_twice(row, found[block][0], table, "block", book, value=block)
        elif block is not None:
            found[block] = row, read
    return tuple(read for _, read in found.values())


def _branch(row: Row, table: Table, book: FaultBook) -> str:
    """Return whether a compound has a party branch of its own, a joint one or none; "" where it is not said."""
    text, known = text_in(row, table, "branch", book), words("branch")
    if not text or text.lower() in known:
        return known.get(text.lower(), "")
    listed = [label.zh for label in PARTY_BRANCH.values()]
    cure = did_you_mean(
        text, listed, otherwise=Message("write one of {known}", known="、".join(listed))
    )
    table.fault(book, row, "branch", "is neither its own branch nor a joint one", cure, value=text)
    return ""


def _management(row: Row, table: Table, book: FaultBook) -> tuple[bool | None, str]:
    """Return whether somebody manages a compound, and who: yes, no, or the name of a company."""
    text = text_in(row, table, "management", book)
    if not text:
        return None, ""
    quiet = FaultBook()
    answer = truth_in(row, table, "management", quiet)
    return (True, text) if quiet.faults else (answer, "")


def _orders(row: Row, table: Table, book: FaultBook) -> int | None:
    """Return the property work orders of a year; None for an empty cell and, with a fault, for a wrong one."""
    number = number_in(row, table, "orders", book)
    if number is None or (number.is_integer() and 0 <= number <= _MOST_ORDERS):
        return None if number is None else int(number)
    cure = "write whole work orders, 0 or more"
    table.fault(
        book, row, "orders", "is not a valid number of orders", cure, value=row.cells["orders"]
    )
    return None


def with_flags(blocks: Sequence[Block], rows: Sequence[Governance]) -> tuple[Block, ...]:
    """Return the blocks, those that lack manager, fund and committee by the ledger flagged (三无)."""
    lacking = {row.block for row in rows if row.lacks_all}
    return tuple(
        replace(block, flags=(*block.flags, THREE_LACKS))
        if block.id in lacking and THREE_LACKS not in block.flags
        else block
        for block in blocks
    )
