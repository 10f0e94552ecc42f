"""Sorting blocks into kinds by a table of rules: the first rule that matches, and the flag of those without anybody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from walkshed.inputs.faults import FaultBook, words
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.study.sections import NameText
from walkshed.inputs.study.settings import StudyToml
from walkshed.inputs.study.toml_text import Section, read_section, read_toml_file
from walkshed.inputs.tables.cells import number_in, text_in, truth_in
from walkshed.inputs.tables.table import Row, Table

#: What stands in the place of a company: nobody; the owners themselves, which answers neither way.
_NOBODY, _OWN_HANDS = (
    frozenset({"无", "没有", "暂无", "无物业"}),
    frozenset({"自管", "自治", "业主自管"}),
)
_DATED = re.compile(r"((?:1[89]|20)\d\d)(?:[年./-]\d{1,2}(?:[月./-](?:\d{1,2}日?)?)?)")
_SHORT_YEAR = re.compile(r"([5-9]\d)年")  # no such year of this century has come
Year = Annotated[int, Field(ge=1000, le=3000)]
#: Columns that say whether somebody looks after a block; all three answered "no" make it 三无.
LACKS = ("management", "funds", "organization")
THREE_LACKS = "three_lacks"


class KindRule(Section):
    """``[[kinds]]``: a block is of this kind if every condition that the rule states holds."""

    kind: NameText
    name: NameText = ""
    property_type: list[NameText] = []  # noqa: RUF012 (pydantic copies defaults)
    name_contains: list[NameText] = []  # noqa: RUF012
    built_from: Year | None = None
    built_until: Year | None = None
    management: bool | None = None


@dataclass(frozen=True, slots=True)
class KindRules:
    """The rules of a study in their order, with the name under which each is shown."""

    rules: tuple[tuple[str, KindRule], ...] = ()

    def sort(self, row: Row, table: Table) -> tuple[str, str]:
        """Return the kind of a block and the rule that sorted it; two empty texts where none does."""
        for name, rule in self.rules:
            if _matches(rule, row, table):
                return rule.kind, name
        return "", ""


def read_kind_rules(toml: StudyToml, folder: StudyFolder) -> KindRules:
    """Return the rules of ``[blocks] kind_rules``; none where the study names no file."""
    name, book = toml.blocks.kind_rules, folder.book
    if name is None:
        return KindRules()
    line = toml.line("blocks", "kind_rules")
    parsed = read_toml_file(name, folder, asked_by="blocks.kind_rules", row=line)
    if parsed is None:
        return KindRules()

    label = parsed.label
    for key in parsed.data:
        if key != "kinds":
            fact, cure = "is not a table of kind rules", "write each rule as [[kinds]]"
            book.fault(label, fact, cure, row=parsed.line(key), value=key)
    raw = parsed.data.get("kinds")
    if not isinstance(raw, list) or not raw:
        book.fault(label, "holds no [[kinds]]", "add [[kinds]] with kind and a condition")
        return KindRules()

    rules = []
    for number, entry in enumerate(raw):
        rule = read_section(KindRule, entry, ("kinds", number), parsed, book)
        if rule is not None:
            kind = words("kind").get(rule.kind.lower(), rule.kind)
            shown = rule.name or f"{label}, row {number + 1}"
            rules.append((shown, rule.model_copy(update={"kind": kind})))
    return KindRules(tuple(rules))


def flags_of(row: Row, table: Table, book: FaultBook) -> tuple[str, ...]:
    """Return the flags of a block: ``three_lacks`` where nobody manages it, pays for it or speaks for it."""
    answers = [_looked_after(row, table, book)]
    answers += [truth_in(row, table, column, book) for column in LACKS[1:]]
    return (THREE_LACKS,) if all(answer is False for answer in answers) else ()


def _matches(rule: KindRule, row: Row, table: Table) -> bool:
    """Return whether a block meets every condition that a rule states."""
    quiet = FaultBook()  # the cells' own faults are told once, by whoever reads the row

    if rule.property_type:
        text = text_in(row, table, "property_type", quiet)
        if not any(word in text for word in rule.property_type):
            return False
    if rule.name_contains:
        text = text_in(row, table, "name", quiet)
        if not any(word in text for word in rule.name_contains):
            return False

    if rule.built_from is not None or rule.built_until is not None:
        year = year_in(row, table, quiet)
        if year is None or not (rule.built_from or 0) <= year <= (rule.built_until or 9999):
            return False
    return rule.management is None or _looked_after(row, table, quiet) is rule.management


def _looked_after(row: Row, table: Table, book: FaultBook) -> bool | None:
    """Return whether somebody manages a block: as its column says, else whether a company is named (物业公司)."""
    stated = truth_in(row, table, "management", book)
    company = row.cells.get("management_company", "").strip()
    if stated is not None or not company or company in _OWN_HANDS:
        return stated
    return company not in _NOBODY


def year_in(row: Row, table: Table, book: FaultBook) -> float | None:
    """Return the year of a cell: 1990年, 2012年6月, 2008.10, 2019-05-01, 93年; None, with a fault, for others."""
    plain = unicodedata.normalize("NFKC", row.cells.get("year_built", "")).strip()
    dated = _DATED.fullmatch(plain)
    if dated is not None:
        return float(dated[1])
    short = _SHORT_YEAR.fullmatch(plain)
    return (
        1900.0 + float(short[1]) if short is not None else number_in(row, table, "year_built", book)
    )


def weights_of(
    row: Row, table: Table, columns: tuple[str, ...], book: FaultBook
) -> Mapping[str, float]:
    """Return the counts of a block that the study weighs beside people (work orders), by column."""
    found = {}
    for column in columns:
        number = number_in(row, table, column, book)
        if number is not None and number < 0:
            table.fault(book, row, column, "is below 0", "write 0 or more", value=row.cells[column])
        elif number is not None:
            found[column] = number
    return found
