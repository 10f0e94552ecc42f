"""All ledgers of a study read against its stations, compounds and services."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from walkshed.inputs.files import StudyFolder
from walkshed.inputs.further import note_unread
from walkshed.inputs.ledgers.counts import read_counts
from walkshed.inputs.ledgers.governance import read_governance
from walkshed.inputs.ledgers.named import KINDS, Names
from walkshed.inputs.ledgers.operations import read_operations
from walkshed.inputs.ledgers.relocations import read_relocations
from walkshed.inputs.ledgers.room_times import read_room_times
from walkshed.inputs.ledgers.tables import ledger_sheets, ledger_table
from walkshed.inputs.ledgers.work_orders import read_work_orders
from walkshed.inputs.study.settings import StudyToml
from walkshed.inputs.study.specs import (
    COUNTS,
    GOVERNANCE,
    OPERATIONS,
    RELOCATIONS,
    ROOM_TIMES,
    WORK_ORDERS,
    InputTable,
)
from walkshed.inputs.tables.table import Table
from walkshed.model.messages import Message
from walkshed.model.town.ledgers import Ledgers
from walkshed.model.town.places import Service

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known:
    """What ledgers may name."""

    stations: Names
    blocks: Names
    services: Sequence[Service]


def read_ledgers(toml: StudyToml, study: StudyFolder, known: Known) -> Ledgers:
    """Return the ledgers that the study keeps; every fault of their tables is in the folder's book."""
    note_unread(toml, study)
    sheets, book = ledger_sheets(toml, study), study.book
    stations, blocks = known.stations, known.blocks

    def read(
        spec: InputTable, named: Names, rows: Callable[[Table], tuple[T, ...]]
    ) -> tuple[T, ...]:
        table = ledger_table(spec, toml, study, sheets)
        if table is None or not table.rows:
            return ()
        if not named.ids:
            fact = Message(
                "names {what}s, and the study has no table of them", what=KINDS[named.what]
            )
            book.fault(
                table.label,
                fact,
                Message("give [{what}s] file, or leave the ledger out", what=named.what),
            )
            return ()
        return rows(table)

    return Ledgers(
        operations=read(OPERATIONS, stations, lambda table: read_operations(table, stations, book)),
        room_times=read(
            ROOM_TIMES,
            stations,
            lambda table: read_room_times(table, stations, known.services, book),
        ),
        relocations=read(
            RELOCATIONS, stations, lambda table: read_relocations(table, stations, book)
        ),
        work_orders=read(
            WORK_ORDERS, blocks, lambda table: read_work_orders(table, stations, blocks, book)
        ),
        population=read(COUNTS, blocks, lambda table: read_counts(table, blocks, book)),
        governance=read(GOVERNANCE, blocks, lambda table: read_governance(table, blocks, book)),
    )
