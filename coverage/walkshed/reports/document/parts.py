"""What a document is put together from, whatever program writes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from walkshed.reports.workbook.forms import Head
from walkshed.reports.workbook.reported import Row


class Style(Enum):
    """How a paragraph looks, by what it is."""

    TITLE = "title"
    FRONT = "front"  # below the title, on the first page
    CHAPTER = "chapter"
    SECTION = "section"
    BODY = "body"
    NOTE = "note"  # below a table or a figure


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text."""

    text: str
    style: Style = Style.BODY


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its title above it and what is to be known below it; the last ``sums`` rows are totals."""

    title: str
    heads: tuple[Head, ...]
    rows: Sequence[Row]
    notes: tuple[str, ...] = ()
    sums: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its title below it; ``told`` says in words what it shows; ``wide`` takes the page's width."""

    title: str
    png: bytes
    told: str
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Break:
    """A new page, on its side where wide tables follow."""

    landscape: bool = False


Part = Paragraph | Table | Figure | Break
