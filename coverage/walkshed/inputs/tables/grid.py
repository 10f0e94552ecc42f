"""A sheet of cells becomes a table: its header found below titles, merged cells spread, totals and remarks left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from walkshed.model.messages import Message

#: Title rows, dates of issue and the like stand above a header; more of them are no title.
MOST_TITLE_ROWS = 15
_FEWEST_KNOWN = 2
_TOTALS = frozenset({"合计", "总计", "小计", "总数", "共计", "total", "sum"})
_REMARKS = ("注:", "备注:", "说明:", "填表", "制表", "note:", "notes:")
#: 填表人：李四, 审核：王五, 联系电话：…: whoever signs a table, cell by cell.
_SIGNED = re.compile(
    r"(?:填表|制表|填报|审核|复核|审批|签发|核对|联系|负责|统计|经办|报送|单位)\w{0,6}:.*",
    re.DOTALL,
)
#: A date by itself.
_DATED = re.compile(r"(?:\w{1,6}:)?\d{4}[年./-]\d{1,2}(?:[月./-](?:\d{1,2}日?)?)?")

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_FEWEST_COUNTED = 4
#: 户, (人), 平方米: what stands below a header to say what is counted.
_UNIT = re.compile(
    r"\(?(?:单位:)?(?:户|人|个|年|岁|处|间|元|万元|万人|度|°|%|分钟|平方米|平米|㎡|m2|m²)\)?"
)
#: 一、 (二) 三. before the name of a part of the table.
_HEADING = re.compile(r"\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}[、.]")

Known = Callable[[str], str | None]  # a header -> the contract's name, None for others


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged area: its first and last row and column, counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells as text, row by row, merged areas spread over their cells; ``numbers`` are the rows' own."""

    numbers: Sequence[int]
    cells: Sequence[Sequence[str]]
    merges: Sequence[Merge] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Headed:
    """Where the header of a grid ends, the name of each column, and the rows of data (places in the grid)."""

    header: int
    names: tuple[str, ...]
    rows: tuple[int, ...]
    known: int  # how many columns the contract knows
    left_out: tuple[tuple[int, str], ...] = ()  # rows that are no entries, and what they are


def head(grid: Grid, known: Known) -> Headed | None:
    """Return the header of a grid and what stands below it; None for a grid without cells.

    The header is the first row of those at the top that has the most columns which the contract
    knows; rows that are tied to it by merged cells belong to it, and a column bears the lowest of
    its names that is known.
    """
    filled = [place for place, cells in enumerate(grid.cells) if any(cells)]
    if not filled:
        return None

    # the names of the columns
    best = _best_header(grid, filled[:MOST_TITLE_ROWS], known)
    header = _tied(grid, best)
    names = _names(grid, header, len(grid.cells[best]), known)
    matched = sum(known(name) is not None for name in names if name)

    # the entries below, and what is none
    rows, left_out = [], []
    for place in filled:
        if place < header.stop:
            continue
        what = _no_entry(grid, place, names)
        if what:
            left_out.append((grid.numbers[place], what))
        else:
            rows.append(place)
    return Headed(header.stop - 1, tuple(names), tuple(rows), matched, tuple(left_out))


def _best_header(grid: Grid, top: Sequence[int], known: Known) -> int:
    """Return the first row at the top with the most known columns; the very first where few are known."""
    score = {
        place: len({name for cell in grid.cells[place] if cell and (name := known(cell))})
        for place in top
    }
    best = max(top, key=lambda place: (score[place], -place))
    is_better = score[best] >= _FEWEST_KNOWN and score[best] > score[top[0]]
    return best if is_better else top[0]


def _tied(grid: Grid, header: int) -> range:
    """Return the rows that merged cells tie to a header, with it."""
    start = end = header
    width = len(grid.cells[header])
    for merge in grid.merges:
        is_title = merge.right - merge.left + 1 >= width
        if merge.top <= end <= merge.bottom and not is_title:
            start, end = min(start, merge.top), max(end, merge.bottom)
    return range(start, end + 1)


def asides(grid: Grid, headed: Headed) -> tuple[str, ...]:
    """Return the texts of the lines that are no entries: titles above the header, remarks below."""
    apart = {number for number, _ in headed.left_out}
    beside = [
        cells
        for place, cells in enumerate(grid.cells)
        if place < headed.header or grid.numbers[place] in apart
    ]
    return tuple(dict.fromkeys(cell for cells in beside for cell in cells if cell))


def _names(grid: Grid, header: range, width: int, known: Known) -> list[str]:
    """Return the name of each column: the lowest in the header's rows that is known, else all joined."""
    names: list[str] = []
    wide = {
        (row, column)
        for merge in grid.merges
        if merge.right > merge.left
        for row in range(merge.top, merge.bottom + 1)
        for column in range(merge.left, merge.right + 1)
    }

    for column in range(width):
        # what stands above one another, each text once
        stack = [
            (row, " ".join(grid.cells[row][column].split()))
            for row in header
            if grid.cells[row][column]
        ]
        texts = list(dict.fromkeys(text for _, text in stack))
        if not texts:
            names.append("")
            continue

        # a text above several columns is the name of none of them
        whole = "".join(texts)
        above = [text for row, text in reversed(stack) if (row, column) not in wide]
        names.append(next((text for text in (texts[-1], whole, *above) if known(text)), whole))
    return names


def _no_entry(grid: Grid, place: int, names: Sequence[str]) -> str:
    """Return what a row is that is no entry: a total or a remark; "" for an entry."""
    cells = [cell.strip() for cell in grid.cells[place]]
    first = next((cell for cell in cells if cell), "")
    plain = _folded(first)
    if plain.rstrip(":") in _TOTALS:
        return Message("a total")

    # 1, 2, 3 … or 甲, 乙, 丙 … below the header, what is counted, a heading of several rows
    filled = [_folded(cell) for cell in cells if cell]
    if _counts_columns(filled, len(names)):
        return Message("the numbers of the columns")
    if filled and all(_UNIT.fullmatch(cell) for cell in filled):
        return Message("the units of the columns")
    if len(set(filled)) == 1 and len(names) > 1 and _HEADING.match(plain):
        return Message("a heading")

    # the header, printed again on another page
    said = [(cell, name) for cell, name in zip(cells, names) if cell]
    if len(said) > 1 and all(cell == name for cell, name in said):
        return Message("the header again")

    # who signs it, and when
    is_signed = any(map(_SIGNED.fullmatch, filled))
    if is_signed and all(_SIGNED.fullmatch(cell) or _DATED.fullmatch(cell) for cell in filled):
        return Message("a remark")

    # a remark stands alone in its row: over merged cells, or with a word that says so
    across = any(
        merge.top == merge.bottom == place
        and merge.right - merge.left + 1 >= max(2, len(names) - 1)
        for merge in grid.merges
    )
    alone = len({cell for cell in cells if cell}) == 1 and len(names) > 1
    says_so = plain.startswith(_REMARKS) or bool(_DATED.fullmatch(plain))
    is_remark = alone and (across or says_so)
    return Message("a remark") if is_remark else ""


def _counts_columns(filled: Sequence[str], width: int) -> bool:
    """Return whether cells are 1, 2, 3 … or 甲, 乙, 丙 …, then 1, 2, 3 …, over most of the columns."""
    stems = [cell for cell in filled if cell in _STEMS]
    numbers = filled[len(stems) :]
    if len(filled) < max(_FEWEST_COUNTED, width // 2) or filled[: len(stems)] != stems:
        return False
    of_stems = "".join(stems) in ("", _STEMS[: len(stems)])
    counted = [str(number) for number in range(1, len(numbers) + 1)]
    after = [str(number) for number in range(len(stems) + 1, len(filled) + 1)]
    return of_stems and list(numbers) in (counted, after)


def _folded(cell: str) -> str:
    """Return a cell in plain width, without blanks, lower case."""
    return "".join(unicodedata.normalize("NFKC", cell).split()).lower()


def spread(cells: list[list[str]], merges: Sequence[Merge]) -> list[list[str]]:
    """Return the cells with each merged area filled with the text of its first cell."""
    filled = [list(row) for row in cells]
    for merge in merges:
        text = cells[merge.top][merge.left]
        for row in range(merge.top, merge.bottom + 1):
            for column in range(merge.left, merge.right + 1):
                filled[row][column] = text
    return filled


def columns_of(names: Sequence[str], cells: Sequence[str]) -> Mapping[str, str]:
    """Return the cells of a row by the names of their columns; columns without a name are joined under ""."""
    row: dict[str, str] = {}
    for name, cell in zip(names, cells):
        if name:
            row[name] = cell
        elif cell:
            row[""] = row.get("", "") + cell
    return row
