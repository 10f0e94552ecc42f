"""The unit that a header states in brackets: 人口（万人） counts by ten thousands, and 面积（亩） is refused."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.tables.cells import unit_of
from walkshed.inputs.tables.table import Table
from walkshed.model.labels import Label
from walkshed.model.messages import Message

_IN_BRACKETS = re.compile(r"[(\[【]([^)\]】]*)[)\]】]")
_BARE = re.compile(r"[\d.,]+")
#: What columns are counted in.
_WANTED = {
    "area": Label("平方米", "square meters"),
    "people": Label("人", "people"),
    "households": Label("户", "households"),
    "capacity": Label("同一时间的人数", "people at one time"),
    "minutes": Label("分钟", "minutes"),
}
#: Units that these columns do not take, by what is counted.
_ALIEN = {
    "area": re.compile(r"亩|公顷|平方公里|平方千米|坪|千|\bkm|\bha\b|hectares?|acres?|feet|ft"),
    "people": re.compile(r"千|百人|%|占比|比例|百分比|户"),
    "households": re.compile(r"千|百户|%|占比|比例|百分比"),
    "capacity": re.compile(r"[/每](?:日|天|月|年)|日均|年均|per day"),
    "minutes": re.compile(r"小时|\bh\b|hours?|秒|天"),
}
_BY_TEN_THOUSAND = frozenset({"area", "people", "households"})


def with_header_units(table: Table, book: FaultBook) -> Table:
    """Return the table with the unit of a header in its cells; a fault for a unit that a column does not take."""
    times = []
    for column, header in table.headers.items():
        counted = unit_of(column)
        if counted not in _WANTED:
            continue
        aside = "".join(_IN_BRACKETS.findall(unicodedata.normalize("NFKC", header)))
        alien = _ALIEN[counted].search(aside)
        if alien is not None:
            fact = Message("states another unit ({unit})", unit=alien[0])
            cure = Message("convert the numbers: {wanted}", wanted=_WANTED[counted])
            book.fault(table.label, fact, cure, row=table.header_row, value=header)
        elif "万" in aside and counted in _BY_TEN_THOUSAND:
            times.append(column)
    if not times:
        return table

    # a number without a unit of its own has that of its header
    rows = []
    for row in table.rows:
        bare = {name: row.cells.get(name, "") for name in times}
        marked = {name: f"{text}万" for name, text in bare.items() if _BARE.fullmatch(text)}
        rows.append(replace(row, cells={**row.cells, **marked}))
    return replace(table, rows=tuple(rows))
