"""What does not go together in study.toml: keys that exclude each other, and values that lack others beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from walkshed.inputs.faults import FaultBook, nearest_word
from walkshed.inputs.study.sections import FILES, REQUIRED, SECTIONS, BlocksSection
from walkshed.inputs.study.toml_text import keys_of
from walkshed.model.messages import Message

if TYPE_CHECKING:
    from walkshed.inputs.study.settings import StudyToml

#: Sections, and two keys of each of which one is to be written.
_ONE_OF_TWO = (
    ("streets", "file", "lines"),
    ("blocks", "file", "from"),
    ("needs", "preset", "file"),
)


def check_keys(toml: StudyToml, book: FaultBook) -> None:
    """Write down keys that exclude each other, and keys that a section cannot do without."""
    for section, first, second in _ONE_OF_TWO:
        _check_one_of(section, first, second, toml, book)
    _check_people(toml, book)

    keys = {"study": "name", "stations": "file", **dict.fromkeys(FILES, "file")}
    for section, key in keys.items():
        given = _keys_given(toml, section)
        if given and key not in given:
            fact, cure = (
                Message("[{section}] has no '{key}'", section=section, key=key),
                Message("add {setting}", setting=(REQUIRED | FILES)[section]),
            )
            book.fault(toml.text.label, fact, cure, row=toml.line(section))


def check_values(toml: StudyToml, book: FaultBook) -> None:
    """Write down values that are possible on their own but not beside the others."""
    for found in (*_within_blocks(toml.blocks), *_between_sections(toml)):
        book.fault(
            toml.text.label,
            found.fact,
            found.cure,
            row=toml.line(found.section, found.key),
            column=f"{found.section}.{found.key}",
            value=found.value,
        )


def _check_one_of(section: str, first: str, second: str, toml: StudyToml, book: FaultBook) -> None:
    """Write down a section that has both of two keys, or neither (nor ``place``, which makes one)."""
    given = _keys_given(toml, section)
    if {first, second} <= given:
        book.fault(
            toml.text.label,
            Message("stands beside '{first}'", first=first),
            Message("keep one of '{first}' and '{second}'", first=first, second=second),
            row=toml.line(section, second),
            column=f"{section}.{second}",
        )
    elif given and not given & {first, second, "place"}:
        fact = Message(
            "[{section}] has neither '{first}' nor '{second}'",
            section=section,
            first=first,
            second=second,
        )
        cure = Message("add {setting}", setting=REQUIRED[section])
        book.fault(toml.text.label, fact, cure, row=toml.line(section))


def _check_people(toml: StudyToml, book: FaultBook) -> None:
    """Write down a section of people that names both points and a grid, or neither."""
    given = _keys_given(toml, "people")
    sources = given & {"points", "grid"}
    if not given or len(sources) == 1:
        return
    fact = "[people] has both" if sources else "[people] has neither 'points' nor 'grid'"
    cure = 'write one of points = "people.csv" and grid = "grid.gpkg"'
    book.fault(toml.text.label, fact, cure, row=toml.line("people"))


def _keys_given(toml: StudyToml, section: str) -> set[str]:
    """Return the keys of a section and those that unknown keys were meant to be; {""} for a section without keys."""
    raw = toml.data.get(section)
    if not isinstance(raw, dict):
        return set()
    known = keys_of(SECTIONS[section])
    meant = {nearest_word(key, known) or "" for key in raw if key not in known}
    return {*raw, *meant, ""}


@dataclass(frozen=True, slots=True)
class _Conflict:
    """A value that does not go with others: where it stands, what is wrong with it, and the cure."""

    section: str
    key: str
    fact: str
    cure: str
    value: object = None


def _within_blocks(blocks: BlocksSection) -> Iterator[_Conflict]:
    """Yield what ``[blocks]`` says by halves."""
    if blocks.gates_complete and blocks.gates is None:
        fact = "says that gates are complete, but none are given"
        yield _Conflict("blocks", "gates_complete", fact, "add gates = …", "true")

    # a number of people that nobody answers for
    if blocks.people_total is not None and not blocks.people_total_source.strip():
        cure = 'add people_total_source = "…" (who counted, and when)'
        yield _Conflict("blocks", "people_total", "has no source", cure, blocks.people_total)
    if blocks.household_size is not None and not blocks.household_size_source.strip():
        cure = 'add household_size_source = "…" (who counted, and when)'
        yield _Conflict("blocks", "household_size", "has no source", cure, blocks.household_size)

    # groups are columns of a table
    if blocks.source is not None and blocks.file is None and blocks.groups:
        fact = "cannot be counted without a table of blocks"
        cure = "take groups out, or give blocks as a file with these columns"
        yield _Conflict("blocks", "groups", fact, cure, ", ".join(blocks.groups))


def _between_sections(toml: StudyToml) -> Iterator[_Conflict]:
    """Yield what one section asks of another that does not give it, and a moment that is none."""
    blocks, streets, people = toml.blocks, toml.streets, toml.people
    if blocks.source == "osm" and streets.lines is not None and streets.file is None:
        fact = "needs an OSM extract under [streets]"
        cure = 'give blocks as a file, or write from = "streets"'
        yield _Conflict("blocks", "from", fact, cure, "osm")

    study = toml.study
    if study.languages is not None and study.language not in study.languages:
        fact = "lacks the language of the study"
        cure = Message('add "{language}" to it', language=study.language)
        yield _Conflict("study", "languages", fact, cure, ", ".join(study.languages))

    if toml.run.at is not None and toml.run.moment is None:
        cure = 'write a date and a time: at = "2026-11-23T10:00"'
        yield _Conflict("run", "at", "is not a valid moment", cure, toml.run.at)

    if blocks.source == "people" and people.points is None and people.grid is None:
        cure = 'add [people] with points = "people.csv" or grid = "grid.gpkg"'
        yield _Conflict("blocks", "from", "needs a file of population", cure, "people")

    if streets.extra is not None and streets.lines is not None:
        cure = "add the lanes to your own lines"
        yield _Conflict("streets", "extra", "stands beside 'lines'", cure, streets.extra)
