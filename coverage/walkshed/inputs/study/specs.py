"""The tables that a study may name, a spec each: which key of study.toml names it, and what its rows are called by.

A new table is a spec here, its columns in columns.toml, and what reads its rows in ``read``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from walkshed.inputs.study.settings import StudyToml
from walkshed.inputs.study.siting import rooms_file
from walkshed.inputs.tables.table import match_column


@dataclass(frozen=True, slots=True, kw_only=True)
class InputTable:
    """A table of the planner's.

    ``kind`` tells its columns (columns.toml); ``section`` and ``key`` are the place in study.toml
    that names its ``file``; ``prefix`` begins what rows without an id and a name are called, "" for
    rows that nothing names. Rows that may be ``looked_up`` can get their places from ``walkshed
    geocode``; what must be ``drawn`` has outlines. ``columns``: those that study.toml names itself.
    """

    kind: str
    section: str
    file: Callable[[StudyToml], str | None]
    key: Callable[[StudyToml], str] = lambda _: "file"
    called: str = ""  # what study.toml calls the section, where that is another word
    prefix: str = ""
    looked_up: bool = False
    drawn: bool = False
    columns: Callable[[StudyToml], tuple[str, ...]] = lambda _: ()
    stated_key: str = "columns"  # the key of study.toml with the planner's headers; "" for none

    def stated(self, toml: StudyToml) -> Mapping[str, str]:
        """Return the planner's headers by the contract's names, as study.toml states them."""
        if not self.stated_key:
            return {}
        found: Mapping[str, str] = getattr(getattr(toml, self.section), self.stated_key)
        return found

    @property
    def stated_at(self) -> tuple[str, ...]:
        """Return the keys of study.toml that lead to the planner's headers."""
        return (self.called or self.section, self.stated_key)

    def further(self, toml: StudyToml) -> tuple[str, ...]:
        """Return the files that go on with the first one."""
        return tuple(getattr(getattr(toml, self.section), "further", ()))


def block_groups(toml: StudyToml) -> tuple[str, ...]:
    """Return the columns with groups of people that the study names, each once."""
    return _columns(toml.blocks.groups)


def block_weights(toml: StudyToml) -> tuple[str, ...]:
    """Return the columns with counts beside people that the study names, each once."""
    return _columns(toml.blocks.weights)


def _columns(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match_column(name, "blocks") or name.strip() for name in names))


def _rooms_key(toml: StudyToml) -> str:
    name = rooms_file(toml.siting)
    return "rooms" if name is not None and name == toml.siting.rooms else "candidates"


STATIONS = InputTable(
    kind="stations",
    section="stations",
    file=lambda toml: toml.stations.file,
    prefix="S",
    looked_up=True,
)
BLOCKS = InputTable(
    kind="blocks",
    section="blocks",
    file=lambda toml: toml.blocks.file,
    prefix="B",
    looked_up=True,
    columns=lambda toml: (*block_groups(toml), *block_weights(toml)),
)
GATES = InputTable(
    kind="gates",
    section="blocks",
    key=lambda _: "gates",
    stated_key="gates_columns",
    file=lambda toml: toml.blocks.gates,
)
AREAS = InputTable(kind="areas", section="areas", file=lambda toml: toml.areas.file, drawn=True)
VISITORS = InputTable(
    kind="visitors",
    section="visitors",
    file=lambda toml: toml.visitors.file,
    prefix="V",
    looked_up=True,
)
PEOPLE = InputTable(
    kind="people",
    section="people",
    key=lambda toml: "points" if toml.people.points is not None else "grid",
    file=lambda toml: toml.people.grid if toml.people.points is None else toml.people.points,
)
OFFERS = InputTable(kind="offers", section="offers", file=lambda toml: toml.offers.file)
SERVICES = InputTable(
    kind="services",
    section="service_table",
    called="services",
    file=lambda toml: toml.service_table.file,
)
ROOMS = InputTable(
    kind="rooms",
    section="siting",
    key=_rooms_key,
    file=lambda toml: rooms_file(toml.siting),
    prefix="R",
    looked_up=True,
)
NOT_IN = InputTable(
    kind="not_in",
    section="siting",
    key=lambda _: "not_in",
    stated_key="",  # [siting.columns] are those of rooms
    file=lambda toml: toml.siting.not_in,
    drawn=True,
)
ONLY_IN = InputTable(
    kind="only_in",
    section="siting",
    key=lambda _: "only_in",
    stated_key="",
    file=lambda toml: toml.siting.only_in,
    drawn=True,
)


#: Tables that may be sheets of the workbook of stations or blocks, and left empty there.
FURTHER: tuple[InputTable, ...] = (SERVICES, OFFERS, GATES, ROOMS, VISITORS)


class _Ledger(InputTable):
    """A ledger of the office's own."""

    def stated(self, toml: StudyToml) -> Mapping[str, str]:
        """Return the planner's headers, which ``[ledgers.columns]`` states ledger by ledger."""
        return toml.ledgers.columns.get(self.kind, {})

    @property
    def stated_at(self) -> tuple[str, ...]:
        """Return the keys of study.toml that lead to the planner's headers."""
        return (self.section, self.stated_key, self.kind)


def _ledger(kind: str) -> InputTable:
    """Return the spec of a ledger: a file of its own, else a sheet of the one workbook of all ledgers."""
    return _Ledger(
        kind=kind,
        section="ledgers",
        key=lambda toml: kind if getattr(toml.ledgers, kind) is not None else "file",
        file=lambda toml: getattr(toml.ledgers, kind) or toml.ledgers.file,
    )


OPERATIONS = _ledger("operations")
ROOM_TIMES = _ledger("room_times")
RELOCATIONS = _ledger("relocations")
WORK_ORDERS = _ledger("work_orders")
GOVERNANCE = _ledger("governance")
COUNTS = _ledger("population")
#: The office's own ledgers, in the order in which they are read.
LEDGERS: tuple[InputTable, ...] = (
    OPERATIONS,
    ROOM_TIMES,
    RELOCATIONS,
    WORK_ORDERS,
    GOVERNANCE,
    COUNTS,
)

#: In the order in which they are read; gates stand where their blocks do.
PLACED: tuple[InputTable, ...] = (STATIONS, BLOCKS, GATES, AREAS, VISITORS, ROOMS, NOT_IN, ONLY_IN)
#: All of them.
EVERY: tuple[InputTable, ...] = (*PLACED, PEOPLE, OFFERS, SERVICES, *LEDGERS)
#: In the order in which places are looked up.
LOOKED_UP: tuple[InputTable, ...] = tuple(each for each in PLACED if each.looked_up)
