"""Numbers as a whole column writes them: decimal commas, marks of thousands, units, percentages.

What can be read in one way only is written plainly (1234.5, in the contract's unit); a column that
can be both is asked about in one fault. Cells that are no number are left to who reads their row.
"""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.local import Decimal, LonLat
from walkshed.inputs.tables.meaning.units import (
    COUNTED,
    WHOLE,
    brackets,
    factor,
    is_imperial,
    is_rate,
    is_remark,
    says_percent,
    unit_behind,
)
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.labels import Label
from walkshed.model.messages import Message

#: Tables of walkshed's own making.
_OWN = frozenset({"geocoded"})
_CELL = re.compile(r"(?P<number>[+-]?(?:\d[\d., ']*|[.,]\d+))(?P<unit>\D.*|'?000s?)?")
#: 1,234 and 1.234: blanks and apostrophes part thousands everywhere, in India by hundreds.
_GROUPED_DIGITS = r"[1-9]\d{0,2}(?:(?P<mark>[ 'MARK])\d{3})(?:(?P=mark)\d{3})*"
_INDIAN = r"[1-9]\d?(?:,\d{2})+,\d{3}"
_POINT = re.compile(rf"[+-]?(?:{_GROUPED_DIGITS.replace('MARK', ',')}|{_INDIAN}|\d+)?(?:\.\d*)?")
_COMMA = re.compile(rf"[+-]?(?:{_GROUPED_DIGITS.replace('MARK', '.')}|\d+)?(?:,\d*)?")
_CHINESE = re.compile("[\u3400-\u9fff]")
#: Columns that may be a share of the people.
_GROUPED = frozenset({"older_people", "children"})
_DEGREES, _PERCENT = "degrees", "%"
#: What whole numbers count, in words.
_OF = {
    "people": Label("人", "people"),
    "households": Label("户", "households"),
    "places": Label("同一时间的人数", "people at one time"),
    "orders": Label("工单", "work orders"),
}
#: Headers of coordinates that may be in meters.
_PLANAR = frozenset({"x", "y"})


@dataclass(frozen=True, slots=True)
class _Written:
    """The number of a cell as it is written: read with a decimal point, with a decimal comma; its unit."""

    row: int
    text: str
    number: str
    point: float | None
    comma: float | None
    unit: str

    @property
    def both(self) -> bool:
        """Whether it is one number with a decimal point and another one with a comma."""
        return None not in (self.point, self.comma) and self.point != self.comma

    @property
    def tells(self) -> Decimal:
        """The mark of decimals that it tells; "" where it holds none, or can be both."""
        if self.both or self.point == self.comma:
            return ""
        return "." if self.comma is None else ","


def with_numbers(table: Table, kind: str, extra_columns: Sequence[str], book: FaultBook) -> Table:
    """Return the table, numbers of its columns of numbers written plainly and in the contract's units."""
    if kind in _OWN:
        return table
    counted = {name: COUNTED[name] for name in table.headers if name in COUNTED}
    counted |= {name: "people" for name in extra_columns if name in table.headers}
    written = {name: _column(table, name, of) for name, of in counted.items()}

    cells: dict[int, dict[str, str]] = {}
    lost: set[int] = set()
    for name, of in counted.items():
        mark = _mark(table, name, of, written)
        if mark is None and any(each.both for each in written[name]):
            _ask(table, name, written[name], book)
            lost |= {each.row for each in written[name] if of == _DEGREES}
            for each in written[name] if of != _DEGREES else ():
                cells.setdefault(each.row, {})[name] = ""
            continue
        times = _header_factor(table, name, of, book)
        if of == "area":
            for each in _without_unit(table, name, written[name], book):
                cells.setdefault(each.row, {})[name] = ""
        files_mark = _told(written, but=name)
        for each in written[name]:
            plain = _plain(each, mark or "", of, times, files_mark=files_mark)
            if plain is not None:
                cells.setdefault(each.row, {})[name] = plain

    rows = [_with_cells(row, cells.get(row.number), row.number in lost) for row in table.rows]
    plain_table = replace(table, rows=tuple(rows))
    shares = [name for name in counted if name not in COUNTED or name in _GROUPED]
    for name in shares:
        plain_table = _of_total(plain_table, name, book)
    return plain_table


def _with_cells(row: Row, cells: Mapping[str, str] | None, lost: bool) -> Row:
    """Return a row with other cells; lost where its coordinates are asked about."""
    if not cells and not lost:
        return row
    return replace(row, cells={**row.cells, **(cells or {})}, lost=row.lost or lost)


def middle(table: Table) -> LonLat | None:
    """Return the middle of a table's places in degrees; None where it has none."""
    if table.drawn:
        boxes = [row.geometry.bounds for row in table.rows if row.geometry is not None]
        places = [((w + e) / 2, (s + n) / 2) for w, s, e, n in boxes]
    else:
        places = []
        for row in table.rows:
            lon, lat = (_degrees(row.cells.get(name, "")) for name in ("lon", "lat"))
            if lon is not None and lat is not None:
                places.append((lon, lat))
    if not places:
        return None
    return statistics.median(x for x, _ in places), statistics.median(y for _, y in places)


def _degrees(cell: str) -> float | None:
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return None


def _column(table: Table, name: str, of: str) -> list[_Written]:
    """Return the numbers of a column; cells that hold none, or a unit that is not known, are left out."""
    found = []
    for row in table.rows:
        read = None if row.broken else _written(row.number, row.cells.get(name, ""), of)
        if read is not None:
            found.append(read)

    # degrees have no thousands
    if of == _DEGREES and table.headers[name].strip().lower() not in _PLANAR:
        found = [_as_degrees(each) for each in found]
    return found


def _written(row: int, cell: str, of: str) -> _Written | None:
    plain = unicodedata.normalize("NFKC", cell).replace("’", "'").replace("−", "-").strip()
    parted = _CELL.fullmatch(plain)
    if parted is None:
        return None
    number, unit = parted["number"].strip(" '"), (parted["unit"] or "").strip()
    times = 1.0 if unit == _PERCENT and of in WHOLE else factor(unit, of)
    is_chinese = _CHINESE.search(unit) is not None
    if unit and (times is None or (is_chinese and times != 1)):
        return None  # 2.3万人 is read with its row
    if number[-1] in ".," or not re.search(r"\d", number):
        return None
    point, comma = _value(number, _POINT, "."), _value(number, _COMMA, ",")
    return None if point is comma is None else _Written(row, cell, number, point, comma, unit)


def _value(number: str, form: re.Pattern[str], decimal: str) -> float | None:
    """Return what a number is with that mark of decimals; None where it cannot be written so."""
    if form.fullmatch(number) is None:
        return None
    bare = "".join(sign for sign in number if sign in f"+-{decimal}" or sign.isdigit())
    return float(bare.replace(",", "."))


def _as_degrees(written: _Written) -> _Written:
    """Return a coordinate in degrees: where it can be both, the one with decimals."""
    if not written.both:
        return written
    is_point = "." in written.number
    return replace(written, comma=None) if is_point else replace(written, point=None)


def _told(written: Mapping[str, Sequence[_Written]], *, but: str) -> Decimal:
    """Return the mark of decimals that all other columns tell; "" where none does, or they differ.

    Points of coordinates tell nothing: they are copied from maps everywhere.
    """
    columns = {name: column for name, column in written.items() if name != but}
    marks = {
        each.tells
        for name, column in columns.items()
        for each in column
        if each.tells == "," or COUNTED.get(name) != _DEGREES
    }
    marks.discard("")
    return marks.pop() if len(marks) == 1 else ""


def _mark(
    table: Table, name: str, of: str, written: Mapping[str, Sequence[_Written]]
) -> Decimal | None:
    """Return the mark of decimals of a column; "" where each cell tells it, None where nothing does."""
    stated = table.local.stated_decimal
    column = written[name]
    if stated:
        return stated
    doubtful = [each for each in column if each.both]
    if not doubtful:
        return ""

    # by its own cells, or by units of countries that write a point
    own: set[Decimal] = {each.tells for each in column} - {""}
    if any(is_imperial(each.unit) for each in column) or _is_imperial(table.headers[name]):
        own.add(".")
    if own:
        return own.pop() if len(own) == 1 else None

    # 1,234 or 1.234, not both in one column
    marks = {"," if "," in each.number else "." for each in doubtful}
    if len(marks) > 1:
        return None
    thousands = marks.pop()
    other: Decimal = "." if thousands == "," else ","
    told = _told(written, but=name)
    if of == _DEGREES:
        return "." if thousands == "." and told != "," else None
    if _CHINESE.search("".join(table.headers.values())):
        return "." if told != "," else None

    # a count is whole: 1,234 people are no one and a quarter, unless a program counted them so
    if of in WHOLE and thousands == "," and told != ",":
        return "."
    if told == other and table.local.decimal in {"", other}:
        return other
    habit = table.local.decimal
    if told in {"", "."} and habit == "." and (thousands == "," or of not in WHOLE):
        return "."
    return None


def _without_unit(
    table: Table, name: str, column: Sequence[_Written], book: FaultBook
) -> Sequence[_Written]:
    """Return the areas of a column that state no unit among others in feet or acres; a fault for them, once."""
    header = table.headers[name]
    stated = any(factor(text, "area") for text in (*brackets(header), unit_behind(header)))
    bare = [each for each in column if not each.unit]
    foreign = [each.unit for each in column if is_imperial(each.unit)]
    if stated or not bare or not foreign:
        return ()
    row = next(row for row in table.rows if row.number == bare[0].row)
    fact = Message("states no unit, and others of the column are in '{unit}'", unit=foreign[0])
    cure = Message("write the unit behind it: '{text} {unit}'", text=bare[0].text, unit=foreign[0])
    table.fault(book, row, name, fact, cure, value=bare[0].text)
    return bare


def _is_imperial(header: str) -> bool:
    return any(is_imperial(text) for text in (*brackets(header), unit_behind(header)) if text)


def _ask(table: Table, name: str, column: Sequence[_Written], book: FaultBook) -> None:
    """Write down a column whose numbers can be two things: once."""
    first = next(each for each in column if each.both)
    lower, higher = sorted((first.point or 0.0, first.comma or 0.0), key=abs)
    cure = Message(
        'write digits only ({higher:.15g}), or decimal = "." or decimal = "," under [study] of '
        "study.toml: the mark of decimals",
        higher=higher,
    )
    fact = Message(
        "can be {higher:.15g} or {lower:.15g}, and nothing in the column tells which",
        higher=higher,
        lower=lower,
    )
    row = next(row for row in table.rows if row.number == first.row)
    table.fault(book, row, name, fact, cure, value=first.text)


def _header_factor(table: Table, name: str, of: str, book: FaultBook) -> float:
    """Return what a number of a column is in the contract's unit, as its header says: 面积（亩）, Area (sq ft)."""
    header = table.headers[name]
    texts = (*brackets(header), unit_behind(header) if of == "area" else "")
    times = 1.0
    for text in filter(None, texts):
        found = factor(text, of)
        is_share = says_percent(f"({text})") and name not in _GROUPED
        if found is not None:
            times *= found
        elif of in WHOLE and (is_rate(text) or is_share):
            fact = Message(
                "holds '{text}', which is not a valid number of {of}", text=text, of=_OF[of]
            )
            cure = "convert the numbers, and write the unit there, or take it out"
            book.fault(table.label, fact, cure, row=table.header_row, value=header)
        elif of == "area" and not is_remark(text) and not _CHINESE.search(text):
            cure = "write the unit there (m², ha, sq ft, acres), or take it out"
            fact = Message("holds '{text}', which is no unit of area", text=text)
            book.fault(table.label, fact, cure, row=table.header_row, value=header)
        elif of != _DEGREES and not is_remark(text) and not says_percent(header):
            told = "{table}: what column '{header}' says in brackets is not read"
            book.note(Message(told, table=table.label, header=header))
    return times


def _plain(
    each: _Written, mark: Decimal, of: str, times: float, *, files_mark: Decimal
) -> str | None:
    """Return a cell's number with a point and no unit; None where it stays as it is written."""
    value = each.comma if mark == "," or each.point is None else each.point
    if value is None:
        return None

    # 1,23 people in a table of points is a slip
    if each.unit == _PERCENT:
        return f"{_text(value)}{_PERCENT}"
    if of in WHOLE and each.point is None and mark != "," and files_mark != ",":
        return None
    if each.unit:
        times = factor(each.unit, of) or 1.0
    is_read = not each.unit or _CHINESE.search(each.unit)  # by who reads the row
    if (
        is_read
        and times == 1.0
        and re.fullmatch(r"[+-]?[\d.]+\D*", each.text)
        and (each.point == value)
    ):
        return None
    return _text(value * times)


def _text(number: float) -> str:
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.12g}"


def _of_total(table: Table, name: str, book: FaultBook) -> Table:
    """Return the table with percentages of a column as people of the row's total."""
    header = table.headers[name]
    numbers = {row.number: _number(row.cells.get(name, "")) for row in table.rows}
    by_cell = any(row.cells.get(name, "").endswith(_PERCENT) for row in table.rows)
    if not by_cell and not says_percent(header):
        return table

    # shares of 1 are told from percentages by a number above 1
    found = [number for number in numbers.values() if number is not None]
    first = next((row for row in table.rows if numbers[row.number] is not None), None)
    if first is None:
        return table
    if not by_cell and max(found) <= 1:
        fact = "can be percentages or shares of 1"
        table.fault(book, first, name, fact, "write them with %: 12.5%", value=first.cells[name])
        return table
    if "people" not in table.headers:
        fact = "is a percentage, and the table has no column 'people' of which it is one"
        cure = "add the column 'people', or write numbers of people"
        table.fault(book, first, name, fact, cure, value=first.cells[name])
        return replace(table, rows=tuple(_emptied(row, name) for row in table.rows))
    rows = [_with_share(row, name, numbers[row.number], table, book) for row in table.rows]
    return replace(table, rows=tuple(rows))


def _with_share(row: Row, name: str, percent: float | None, table: Table, book: FaultBook) -> Row:
    people = _number(row.cells.get("people", ""))
    if percent is None:
        return row
    if not 0 <= percent <= 100:
        fact = "is not a valid percentage from 0 to 100"
        table.fault(book, row, name, fact, "correct it", value=row.cells[name])
        return _emptied(row, name)
    if people is None:
        return _emptied(row, name)
    return replace(row, cells={**row.cells, name: _text(percent * people / 100)})


def _emptied(row: Row, name: str) -> Row:
    return replace(row, cells={**row.cells, name: ""})


def _number(cell: str) -> float | None:
    try:
        return float(cell.removesuffix(_PERCENT).strip())
    except ValueError:
        return None
