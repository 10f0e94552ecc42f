"""Faults of one kind in one line: the value, the rows that hold it, and what mends all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from walkshed.model.labels import Label
from walkshed.words.messages.saying import column_said, fault_line, said, short_said

if TYPE_CHECKING:
    from walkshed.errors import Fault

#: Rows that a line names; of more it tells how many.
_NAMED = 8
_ROWS = {
    "row": Label("{count} 行：{rows}", "{count} {count:row|rows} ({rows})"),
    "feature": Label("{count} 个要素：{rows}", "{count} {count:feature|features} ({rows})"),
}
_COMMA = Label("、", ", ")
_OF_VALUE = Label(
    "{place}：“{value}”（{rows}）{fact}；{cure}", "{place}: {value!r} in {rows} {fact}; {cure}"
)
_OF_NONE = Label("{place}（{rows}）：{fact}；{cure}", "{place}, {rows}: {fact}; {cure}")


@dataclass(frozen=True, slots=True)
class Folded:
    """Faults that differ by their rows alone: the first of them, and the rows of all."""

    fault: Fault
    rows: tuple[int, ...]


def folded(faults: Sequence[Fault]) -> tuple[Folded, ...]:
    """Return the faults, those of one column, value, fact and cure together; what mends most comes first.

    Faults of whole files stand before those of rows; else the order stays.
    """
    groups: dict[tuple[object, ...], list[Fault]] = {}
    for fault in faults:
        place = (fault.file, fault.counted, fault.column)
        groups.setdefault((*place, fault.value, fault.fact, fault.cure), []).append(fault)

    found = [
        Folded(group[0], tuple(dict.fromkeys(each.row for each in group if each.row is not None)))
        for group in groups.values()
    ]
    return tuple(sorted(found, key=_mends))


def _mends(group: Folded) -> tuple[bool, int]:
    """Return how little a cure mends: a whole file's mends most, then that of many rows."""
    return bool(group.rows), -len(group.rows) if len(group.rows) > 1 else 0


def fault_lines(faults: Sequence[Fault], language: str) -> list[str]:
    """Return the faults in a line for each cure, as ``folded`` orders them."""
    return [
        fault_line(group.fault, language) if len(group.rows) < 2 else _line(group, language)
        for group in folded(faults)
    ]


def _line(group: Folded, language: str) -> str:
    """Return a line for the faults of several rows."""
    fault, rows = group.fault, group.rows
    shown = _COMMA.in_(language).join(map(str, rows[:_NAMED]))
    more = " …" if len(rows) > _NAMED else ""
    counted = _ROWS.get(fault.counted, _ROWS["row"])
    line = _OF_NONE if fault.value is None else _OF_VALUE
    return line.said(
        language,
        place=fault.file + column_said(fault, language),
        value=short_said(fault.value or "", language),
        rows=counted.said(language, count=len(rows), rows=shown + more),
        fact=said(fault.fact, language),
        cure=said(fault.cure, language),
    )
