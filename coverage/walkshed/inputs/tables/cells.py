"""Cells: what any file holds as text, and names, numbers and words in it."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import Counter
from typing import Any

import numpy as np

from walkshed.inputs.faults import FaultBook, answers
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Message

LONGEST_NAME = 200
Identified = tuple[Row, str, str]  # a row, its id, its name
_UNITS = {
    "area": r"(?:平方米|平方公尺|平米|平方|平|㎡|m2|m\^2|sq\.?\s?m|square met(?:er|re)s?)",
    "people": r"(?:余?人|名|位|口|people|persons?|residents)",
    "households": r"(?:余?户|households?)",
    "capacity": r"(?:人次?|座|席|张床?|床|个|位|餐位|places?|seats?|beds?)",
    "year": r"(?:年代?)",
    "orders": r"(?:余?[单件]|orders?)",
    "visits": r"(?:余?人次?|visits?|people)",
    "minutes": r"(?:分钟|min(?:utes)?)",
}
#: The units that may stand in a column; any other is a fault, since 亩 or hectares are no square
#: meters.
_UNIT_OF = {
    "area_m2": "area",
    "service_area_m2": "area",
    "people": "people",
    "older_people": "people",
    "children": "people",
    "households": "households",
    "capacity": "capacity",
    "year_built": "year",
    "readiness_min": "minutes",
    "staff": "people",
    "orders": "orders",
    "age_60": "people",
    "age_65": "people",
    "age_80": "people",
    "age_0_3": "people",
    "old_area_m2": "area",
    "new_area_m2": "area",
    "visits_before": "visits",
    "visits_after": "visits",
}
_DEGREES = re.compile(r"(?:东经|北纬|[EN]\s*)?(\d{1,3}(?:\.\d+)?)\s*°?\s*[EN]?", re.IGNORECASE)
#: 116°38'24"E, E116°37.5', 北纬23度39分.
_SEXAGESIMAL = re.compile(
    r"(?:东经|北纬|[EN]\s*)?(?P<d>\d{1,3})\s*[°度]\s*(?P<m>\d{1,2}(?:\.\d+)?)\s*(?:['′’分]|$)"
    r"\s*(?:(?P<s>\d{1,2}(?:\.\d+)?)\s*(?:[\"″”秒]|''|′′)?)?\s*(?:[EN东北])?",
    re.IGNORECASE,
)
_TEN_THOUSAND = 10_000.0
#: 有电梯, 无电梯: the answer, and what it is about.
_HAS, _HAS_NOT = re.compile(r"有(?!待|计划|望)\w{1,4}"), re.compile(r"(无|没有)\w{1,4}")
_ASIDE = re.compile(r"\s*\((?!.*[拟待停])[^()]*\)$")
_LIKE_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
_NUMBER = re.compile(r"[+-]?(\d+([.]\d*)?|[.]\d+)([eE][+-]?\d+)?")


def cell_text(value: Any) -> str:  # noqa: ANN401 (whatever a file holds)
    """Return a cell as text: nothing for null and NaN, 3 for 3.0, true and false for booleans, lists with ``;``."""
    if value is None:
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        return _number_text(float(value))
    if isinstance(value, list):
        return ";".join(cell_text(item) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)

    text = str(value)
    return "" if text in {"NaT", "<NA>"} else text


def _number_text(number: float) -> str:
    if math.isnan(number):
        return ""
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))

    # 1.234 of a file that knows numbers is no 1,234 with a point: a further zero says so
    text = repr(number)
    return f"{text}0" if _LIKE_THOUSANDS.fullmatch(text) else text


def text_in(
    row: Row, table: Table, column: str, book: FaultBook, *, longest: int = LONGEST_NAME
) -> str:
    """Return the text of a cell on one line; "" for an empty cell and, with a fault, for one that cannot be used."""
    raw = row.cells.get(column, "")
    text = " ".join(raw.split())
    if len(text) > longest:
        table.fault(
            book,
            row,
            column,
            "is too long",
            Message("cut it to {longest} {longest:character|characters}", longest=longest),
            value=text,
        )
        return ""
    return text


def number_in(
    row: Row, table: Table, column: str, book: FaultBook, *, required: bool = False
) -> float | None:
    """Return the number of a cell; None for an empty cell and, with a fault, for one that is no finite number."""
    raw = row.cells.get(column, "")
    if not raw and required:
        table.fault(book, row, column, "is empty", "fill in a number")
    if not raw:
        return None

    plain, times = _without_unit(unicodedata.normalize("NFKC", raw).strip(), column)
    if _NUMBER.fullmatch(plain) is not None and math.isfinite(number := float(plain) * times):
        return number

    fact, cure = "is not a valid number", "write digits only, with a point for decimals (1234.5)"
    if column in {"lon", "lat"}:
        fact, cure = _no_degrees(plain) or (fact, cure)
    table.fault(book, row, column, fact, cure, value=raw)
    return None


def _no_degrees(plain: str) -> tuple[str, str] | None:
    """Return what a coordinate is that is no decimal number but can be understood, and the cure."""
    found = _SEXAGESIMAL.fullmatch(plain)
    if found:
        degrees, minutes, seconds = (float(found[part] or 0.0) for part in ("d", "m", "s"))
        if minutes < 60 and seconds < 60:
            decimal = degrees + minutes / 60.0 + seconds / 3600.0
            return "is in degrees and minutes", Message(
                "write decimal degrees: {decimal:.6f}", decimal=decimal
            )

    if re.fullmatch(r"\d{1,3},\d+", plain):
        return "has a decimal comma", Message(
            "write a point: {number}", number=plain.replace(",", ".")
        )
    if re.fullmatch(r"[\d.]+\s*[,;\s]\s*[\d.]+", plain):
        return "holds two numbers", "part them: one column for the longitude, one for the latitude"
    return None


def _without_unit(plain: str, column: str) -> tuple[str, float]:
    """Return a number's text without the unit that its column allows, and what 万 multiplies it by.

    ``230平方米``, ``1,234人``, ``约2.3万人`` and ``116.64°E`` are understood where they can mean
    one thing only.
    """
    if column in {"lon", "lat"}:
        found = _DEGREES.fullmatch(plain)
        is_marked = found is not None and re.search("[°经纬]", plain)
        return (found[1] if found and is_marked else plain), 1.0

    kind = _UNIT_OF.get(column)
    if kind is None:
        return plain, 1.0
    plain = re.sub(r"^[约近]\s*", "", plain)
    plain = re.sub(rf"\s*{_UNITS[kind]}$", "", plain, flags=re.IGNORECASE)

    # 2.3万 is 23,000
    times = 1.0
    if plain.endswith("万") and kind in {"people", "area", "households"}:
        plain, times = plain.removesuffix("万"), _TEN_THOUSAND

    # 1,234 is one number where its commas part thousands
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    return plain.strip(), times


def amount_in(row: Row, table: Table, column: str, book: FaultBook) -> float | None:
    """Return a number of people or households, at least 0; None for an empty cell or, with a fault, a wrong one."""
    number = number_in(row, table, column, book)
    if number is None or 0 <= number <= 1e9:
        return number
    fact, cure = "cannot be a number of people", "write 0 or more"
    table.fault(book, row, column, fact, cure, value=row.cells[column])
    return None


def truth_in(row: Row, table: Table, column: str, book: FaultBook) -> bool | None:
    """Return yes or no; None for an empty cell and, with a fault, for another word."""
    word = unicodedata.normalize("NFKC", row.cells.get(column, "")).strip().lower()
    word = _ASIDE.sub("", word) or word  # 有（1部）
    if not word:
        return None
    if word in answers("yes") or _HAS.fullmatch(word):
        return True
    if word in answers("no") or _HAS_NOT.fullmatch(word):
        return False

    fact, cure = "is neither yes nor no", "write true or false"
    table.fault(book, row, column, fact, cure, value=row.cells[column])
    return None


def identify(table: Table, prefix: str, book: FaultBook) -> list[Identified]:
    """Return (row, id, name) for each row; rows whose id is taken are left out with a fault.

    The id is the column ``id``, else the name, else ``prefix`` and the row's place in the table;
    the name is the column ``name``, else the id. Ids that differ by capitals only are two, and
    noted. Empty, with a fault, when the table has neither column.
    """
    if not {"id", "name"} & set(table.headers):
        fact = "has neither a column 'id' nor a column 'name'"
        near = table.near.get("name") or table.near.get("id")
        cure = "add one of them"
        if near is not None:
            cure = Message("is it column '{near}'? call it 'name', or add one of them", near=near)
        book.fault(table.label, fact, cure, row=table.header_row)
        return []

    written = [
        (text_in(row, table, "id", book), text_in(row, table, "name", book)) for row in table.rows
    ]
    times = Counter(name for key, name in written if not key)
    taken: dict[str, Row] = {}
    folded: dict[str, str] = {}
    identified: list[Identified] = []
    for place, (row, (key, name)) in enumerate(zip(table.rows, written, strict=True), start=1):
        column = "id" if key else "name"
        chosen = key or name or f"{prefix}{place}"

        # a row that nothing names bears its place; one whose cells are faulty has been told
        if not key and not name:
            if row.cells.get("id") or row.cells.get("name"):
                continue
            book.note(
                Message(
                    "{table}, {row}: neither id nor name; it is called {chosen}",
                    table=table.label,
                    row=table.row_told(row.number),
                    chosen=chosen,
                )
            )

        # compounds often bear one name; stations of one name are a slip
        if not key and name and times[name] > 1 and prefix == "B":
            chosen = f"{name} ({sum(name == other for _, _, other in identified) + 1})"
            book.note(
                Message(
                    "{table}: {count} {count:row is|rows are} called {name!r}; they are told "
                    "apart by a number",
                    table=table.label,
                    count=times[name],
                    name=name,
                )
            )

        if chosen in taken:
            _refuse_taken(row, taken[chosen], table, book, column=column, value=chosen)
            continue
        alike = folded.setdefault(unicodedata.normalize("NFKC", chosen).casefold(), chosen)
        if alike != chosen:
            book.note(
                Message(
                    "{table}, {row}: {column} {chosen!r} differs from {alike!r} ({other_row}) by "
                    "capitals or width only; they are taken as two",
                    table=table.label,
                    row=table.row_told(row.number),
                    column=column,
                    chosen=chosen,
                    alike=alike,
                    other_row=table.row_told(taken[alike].number),
                )
            )
        taken[chosen] = row
        identified.append((row, chosen, name or chosen))
    return identified


def _refuse_taken(
    row: Row, first: Row, table: Table, book: FaultBook, *, column: str, value: str
) -> None:
    """Write down a row whose id, or name in its place, is that of a row before."""
    fact = Message(
        "is also the {column} of {other_row}",
        column=table.headers.get(column, column),
        other_row=table.row_told(first.number),
    )
    cure = "add a column 'id' with a different id for each"
    if column == "id" or "id" in table.headers:
        cure = "give each its own id"
    table.fault(book, row, column, fact, cure, value=value)
