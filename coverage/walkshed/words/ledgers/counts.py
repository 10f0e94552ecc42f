"""People by who is counted, in words: side by side with their dates, never added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from walkshed.model.labels import AGE, COUNTED, Label, Language
from walkshed.model.town.counts import Count, latest
from walkshed.model.town.ledgers import Ledgers
from walkshed.model.town.places import Block, PeopleSource
from walkshed.words.ledgers.said import Shown, alike, listed, said
from walkshed.words.quantities import FACTS, NAMES, SENTENCES

_USED = Label(
    "人口口径：{all}个小区中{n}个按{basis}（{dates}）",
    "people of {n} of {all} {all:block|blocks} {n:is|are} {basis} ({dates})",
)
_OF_TABLE = Label(
    "人口口径：评估人口取自小区表，为{basis}", "people are those of the table of blocks: {basis}"
)
_OF_TABLE_TOO = Label(
    "{n}个小区按小区表（{basis}）", "those of {n} {n:block|blocks} are of their table ({basis})"
)
_UNSAID = Label(
    "人口口径：评估人口的口径未注明，未按人口口径台账填入",
    "nobody says who the people of the study are; they are not those of the ledger",
)
_REST = Label(
    "其余{n}个小区的人口来自其他来源，口径不同，合计含两者",
    "those of {n} more {n:block|blocks} come from elsewhere: another basis, and sums hold both",
)
_BESIDE = Label("另有{basis}，只并列，不相加", "beside them {basis}, shown and never added")

_AS_OF = Label("截至{date}", "as of {date}")
_BETWEEN = Label("截至{first}至{last}", "as of {first} to {last}")
_NO_DATE = Label("未注明日期", "no date stated")
_LINE = Label("{basis}{people}（{date}）", "{basis}: {people} ({date})")
_OF_AGE = Label("{age}{n}", "{age}: {n}")
_FOR_STUDY = Label("评估用", "used here")

_TITLE = Label("人口口径", "People by who is counted")
_NOTE = Label(
    "各口径分别合计，不相加；60、65、80岁以上逐级包含，也不相加。",
    "Each basis is summed by itself; those of 65 and of 80 are among those of 60.",
)
_SUM = Label(
    "{basis}：{n}个小区合计{people}人（{dates}）",
    "{basis}: {people} in {n} {n:block|blocks} ({dates})",
)
_HEADS = (
    Label("小区", "Compound"),
    Label("口径", "Who is counted"),
    Label("截至日期", "As of"),
    Label("人口", "People"),
    *AGE.values(),
    Label("评估用", "Used"),
)


def basis_remarks(ledgers: Ledgers, blocks: Sequence[Block], language: Language) -> tuple[str, ...]:
    """Return who the people of the study are; () without a ledger of them."""
    counts = ledgers.population
    if not counts:
        return ()
    used = [count for count in counts if count.used]
    own = used[0].basis if used else ledgers.table_basis
    if used:
        parts = _used_parts(used, ledgers.table_basis, blocks)
    else:
        parts = [said(_OF_TABLE, basis=COUNTED[own]) if own else _UNSAID]

    # what stands beside them
    others = dict.fromkeys(count.basis for count in counts if count.basis != own)
    parts += (
        [said(_BESIDE, basis=listed([COUNTED[key] for key in others], NAMES))] if others else []
    )
    return (listed(parts, SENTENCES).in_(language),)


def _used_parts(used: Sequence[Count], own: str, blocks: Sequence[Block]) -> list[Label]:
    """Return of how many blocks people are those of the ledger, and where the others' come from."""
    given = {count.block for count in used}
    rest = [block for block in blocks if block.id not in given]
    of_table = sum(block.people_source is PeopleSource.GIVEN for block in rest)
    estimated = sum(block.people_source is PeopleSource.ESTIMATED for block in rest)
    parts = [
        said(_USED, n=len(used), all=len(blocks), basis=COUNTED[used[0].basis], dates=_dates(used))
    ]
    if of_table and own:
        parts.append(said(_OF_TABLE_TOO, n=of_table, basis=COUNTED[own]))
    if estimated:
        parts.append(said(_REST, n=estimated))
    return parts


def count_line(count: Count) -> Label:
    """Return one count of a compound."""
    people = "–" if count.people is None else f"{count.people:,g}"
    line = said(_LINE, basis=COUNTED[count.basis], people=people, date=_date(count.as_of))
    ages = [
        said(_OF_AGE, age=AGE[group], n=f"{count.ages[group]:,g}")
        for group in AGE
        if group in count.ages
    ]
    return listed([line, *ages, *([_FOR_STUDY] if count.used else [])], FACTS)


def counts_shown(counts: Sequence[Count], names: Mapping[str, str]) -> Shown:
    """Return the ledger as a table of the page, and the sum of each basis; ``names`` by block."""
    rows = [
        (
            alike(names.get(count.block, count.block)),
            COUNTED[count.basis],
            alike(count.as_of),
            alike("" if count.people is None else f"{count.people:,g}"),
            *(alike(f"{count.ages[age]:,g}" if age in count.ages else "") for age in AGE),
            alike("✓" if count.used else ""),
        )
        for count in counts
    ]
    return Shown(_TITLE, (_NOTE, *_sums(counts)), _HEADS, tuple(rows))


def _sums(counts: Sequence[Count]) -> list[Label]:
    """Return the sum of the latest counts of each basis."""
    sums = []
    for basis, name in COUNTED.items():
        own = [each for each in latest(counts) if each.basis == basis and each.people is not None]
        if own:
            people = f"{sum(each.people or 0.0 for each in own):,g}"
            sums.append(said(_SUM, basis=name, n=len(own), people=people, dates=_dates(own)))
    return sums


def _date(as_of: str) -> Label:
    return said(_AS_OF, date=as_of) if as_of else _NO_DATE


def _dates(counts: Sequence[Count]) -> Label:
    """Return the dates of some counts, from the first to the last."""
    known = sorted({count.as_of for count in counts} - {""})
    if len(known) > 1:
        return said(_BETWEEN, first=known[0], last=known[-1])
    return _date(known[0] if known else "")
