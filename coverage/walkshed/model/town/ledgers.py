"""What an office's own ledgers say of its stations, rooms and compounds: who runs, who meets where, what was mended."""

from __future__ import annotations

from dataclasses import dataclass

from walkshed.model.town.counts import Count
from walkshed.model.town.governance import Governance
from walkshed.model.town.relocations import Relocation
from walkshed.model.town.room_times import RoomUse
from walkshed.model.town.work_orders import WorkOrder


@dataclass(frozen=True, slots=True)
class Operation:
    """A row of the ledger of operations: whether a station runs (实体化运行), has a head, and how many staff it.

    None where the row does not say.
    """

    station: str
    running: bool | None
    head: bool | None
    staff: int | None


@dataclass(frozen=True, slots=True)
class Ledgers:
    """The ledgers of a study; () for each that it does not keep."""

    operations: tuple[Operation, ...] = ()
    room_times: tuple[RoomUse, ...] = ()
    relocations: tuple[Relocation, ...] = ()
    work_orders: tuple[WorkOrder, ...] = ()
    governance: tuple[Governance, ...] = ()
    population: tuple[Count, ...] = ()
    table_basis: str = (
        ""  # who the people of the table of blocks are, beside a ledger of population
    )
