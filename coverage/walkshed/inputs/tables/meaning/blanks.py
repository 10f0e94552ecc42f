"""Marks that offices write where there is nothing to say: ``/``, ``—``, ``无``, ``暂无`` and ``[]`` are empty cells."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from walkshed.inputs.tables.table import Table

#: Columns in which 无 and 暂无 answer a question.
_ANSWERED = frozenset(
    (
        *("illustrative", "elevator", "step_free", "complete", "used"),
        *("management", "management_company", "funds", "organization"),
        *("running", "head", "branch", "committee"),
    )
)
_MARKS = frozenset(
    ("/", "//", "\\", "-", "--", "—", "——", "–", "―", "_", "[]", "{}", "n/a", "null")
)
_NONE = frozenset(("无", "暂无", "没有", "未填", "none"))
#: Tables of walkshed's own making, in whose sheets 无 is a word of its own.
_OWN = frozenset({"geocoded"})


def without_marks(table: Table, kind: str) -> Table:
    """Return the table, cells that hold a mark for nothing emptied."""
    if kind in _OWN:
        return table
    rows = []
    for row in table.rows:
        emptied = {name: "" for name, text in row.cells.items() if says_nothing(text, name)}
        rows.append(replace(row, cells={**row.cells, **emptied}) if emptied else row)
    return replace(table, rows=tuple(rows))


def says_nothing(text: str, column: str) -> bool:
    """Return whether a cell of a column holds a mark instead of a value."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    return plain in _MARKS or (plain in _NONE and column not in _ANSWERED)
