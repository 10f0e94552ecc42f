"""What stands on each sheet of the atlas: lines of text, wrapped and shared out among pages."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from walkshed.model.labels import Language
from walkshed.reports.document.atlas.pages import Community
from walkshed.words.report.atlas import ATLAS, COMPOUND_HEADS, CONTENT_HEADS

#: A4 in inches, its margin, and the map: as wide as the text, two fifths of the page.
PAGE_IN, MARGIN_IN, MAP_IN = (8.27, 11.69), 0.6, (7.07, 4.7)
TITLE_PT, HEAD_PT, TEXT_PT = 16.0, 10.0, 8.0
#: A line is so many times as high as its letters.
LINE = 1.45
PT_PER_IN = 72.0
#: The heads of a page and of a further one, and what its foot takes.
TITLE_IN, FOOT_IN = 0.42, 0.55
#: How wide columns are, of the width of the text: of compounds, of communities, of plain lines.
_COMPOUNDS, _CONTENTS, _PLAIN = (0.05, 0.2, 0.13, 0.08, 0.54), (0.46, 0.12, 0.14, 0.18, 0.1), (1.0,)
#: What a letter takes of its height: of Chinese, and of all others on average; with a gap between columns.
_WIDE, _NARROW, _GAP_EM = 1.0, 0.5, 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """A row of text: the lines in each of its columns, and where columns begin, of the width of the text."""

    cells: tuple[tuple[str, ...], ...]
    left: tuple[float, ...]
    size_pt: float = TEXT_PT
    strong: bool = False

    @property
    def height_in(self) -> float:
        """How high it is, with the space below it."""
        lines = max(len(cell) for cell in self.cells)
        return (lines * LINE + 0.25) * self.size_pt / PT_PER_IN


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: its title, the community whose map it shows, if any, and the lines below."""

    title: str
    lines: tuple[Line, ...]
    mapped: Community | None = None


def sheets_of(communities: Sequence[Community], language: Language) -> tuple[Sheet, ...]:
    """Return the contents, then each community with its map, going on where one page does not hold it."""
    parts = [_sheets_of_one(community, language) for community in communities]
    whole_in = PAGE_IN[1] - 2.0 * MARGIN_IN - TITLE_IN - FOOT_IN

    # the contents take as many pages whatever numbers they tell
    listed = _parted(_contents(communities, [0] * len(parts), language), whole_in)
    first, pages = len(listed) + 1, []
    for sheets in parts:
        pages.append(first)
        first += len(sheets)
    listed = _parted(_contents(communities, pages, language), whole_in)

    title = ATLAS["contents"].in_(language)
    more = ATLAS["more"].said(language, title=title)
    contents = [Sheet(title if number == 0 else more, lines) for number, lines in enumerate(listed)]
    return (*contents, *(sheet for sheets in parts for sheet in sheets))


def _sheets_of_one(community: Community, language: Language) -> list[Sheet]:
    """Return the pages of a community: the first with its map."""
    figures = tuple(_line((text,), _PLAIN, size_pt=TEXT_PT + 1.0) for text in community.figures)
    below_in = sum(line.height_in for line in figures)
    whole_in = PAGE_IN[1] - 2.0 * MARGIN_IN - TITLE_IN - FOOT_IN
    first_in = whole_in - MAP_IN[1] - LEGEND_IN - below_in

    parts = _parted(tuple(_told(community, language)), first_in, whole_in)
    more = ATLAS["more"].said(language, title=community.title)
    first = Sheet(community.title, (*figures, *parts[0]), community)
    return [first, *(Sheet(more, lines) for lines in parts[1:])]


#: The legend of a map takes a line.
LEGEND_IN = 0.3


def _told(community: Community, language: Language) -> Iterator[Line]:
    """Yield the compounds, the stations and the measures of a community, each below its head."""
    yield _head(ATLAS["compounds"].in_(language))
    yield _line([each.in_(language) for each in COMPOUND_HEADS], _COMPOUNDS, strong=True)
    for number, each in enumerate(community.compounds, start=1):
        cells = (str(number), each.name, each.kind, each.people, each.lacks)
        yield _line(cells, _COMPOUNDS)

    head = "stations" if community.station_lines else "no_stations"
    yield _head(ATLAS[head].in_(language))
    for number, text in enumerate(community.station_lines, start=1):
        yield _line((f"{number}  {text}",), _PLAIN)

    if community.measures:
        yield _head(ATLAS["help"].in_(language))
        for text in community.measures:
            yield _line((f"· {text}",), _PLAIN)


def _contents(
    communities: Sequence[Community], pages: Sequence[int], language: Language
) -> tuple[Line, ...]:
    """Return the list of communities with what they lack, and their pages."""
    lines = [
        _line((ATLAS["contents_note"].in_(language),), _PLAIN),
        _line([each.in_(language) for each in CONTENT_HEADS], _CONTENTS, strong=True),
    ]
    for community, page in zip(communities, pages, strict=True):
        people, out = (
            "" if count is None else f"{count:,}"
            for count in (community.people, community.people_out)
        )
        blocks = f"{community.blocks_out} / {len(community.members)}"
        lines.append(_line((community.title, blocks, people, out, str(page)), _CONTENTS))
    return tuple(lines)


def _head(text: str) -> Line:
    return _line((text,), _PLAIN, size_pt=HEAD_PT, strong=True)


def _line(
    cells: Sequence[str],
    widths: Sequence[float],
    *,
    size_pt: float = TEXT_PT,
    strong: bool = False,
) -> Line:
    """Return a row of text, each cell wrapped to the width of its column."""
    text_em = (PAGE_IN[0] - 2.0 * MARGIN_IN) * PT_PER_IN / size_pt
    wrapped = tuple(
        tuple(wrapped_text(cell, width * text_em - _GAP_EM))
        for cell, width in zip(cells, widths, strict=True)
    )
    left = tuple(sum(widths[:column]) for column in range(len(widths)))
    return Line(wrapped, left, size_pt, strong)


def wrapped_text(text: str, width_em: float) -> list[str]:
    """Return a text in lines that are no wider than so many letters: between words, in Chinese anywhere."""
    lines, line, used = [], "", 0.0
    for piece in _pieces(text):
        wide = sum(_em(sign) for sign in piece)
        if line and used + wide > width_em:
            lines.append(line.rstrip())
            line, used = "", 0.0
            piece = piece.lstrip()
        line, used = line + piece, used + wide
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str) -> Iterator[str]:
    """Yield what may not be torn apart: a word with the blank behind it, a Chinese letter with its mark."""
    piece = ""
    for sign in text:
        is_wide = _em(sign) == _WIDE
        closes = unicodedata.category(sign) in {"Po", "Pe"}
        if piece and is_wide and not closes:
            yield piece
            piece = ""
        piece += sign
        if sign == " ":
            yield piece
            piece = ""
    yield piece


def _em(sign: str) -> float:
    return _WIDE if unicodedata.east_asian_width(sign) in {"W", "F"} else _NARROW


def _parted(lines: Sequence[Line], *rooms_in: float) -> list[tuple[Line, ...]]:
    """Return lines by page: the first has the first room, all further ones the last."""
    parts: list[list[Line]] = [[]]
    used_in = 0.0
    for number, line in enumerate(lines):
        room_in = rooms_in[min(len(parts), len(rooms_in)) - 1]

        # a head stays with what it is the head of
        behind = _behind_in(lines, number)
        if parts[-1] and used_in + line.height_in + behind > room_in:
            parts.append([])
            used_in = 0.0
        parts[-1].append(line)
        used_in += line.height_in
    return [tuple(part) for part in parts]


def _behind_in(lines: Sequence[Line], number: int) -> float:
    """Return how high the lines are that stay below a head: its further heads, and the first line under them."""
    behind = 0.0
    while lines[number].strong and number + 1 < len(lines):
        number += 1
        behind += lines[number].height_in
    return behind


def width_in(text: str, size_pt: float) -> float:
    """Return about how wide a text is."""
    return sum(map(_em, text)) * size_pt / PT_PER_IN
