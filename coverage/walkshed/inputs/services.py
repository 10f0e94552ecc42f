"""The table of services: what each comprises, and whether the list of its stations is complete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from walkshed.inputs.faults import FaultBook, first_of
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.further import is_further
from walkshed.inputs.opened import table_of
from walkshed.inputs.rows.stations import known_service, service_word
from walkshed.inputs.study.settings import StudyToml, is_service_id
from walkshed.inputs.study.specs import SERVICES, STATIONS
from walkshed.inputs.tables.cells import text_in, truth_in
from walkshed.inputs.tables.meaning.lists import list_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.labels import further_words
from walkshed.model.messages import Message
from walkshed.model.town.places import Service

_LONGEST = 1000
_ALIKE = 75.0  # of 100: words that may be one
#: What stands in the column ``complete`` where nobody knows.
_NOT_KNOWN = frozenset(
    (
        "不清楚",
        "不详",
        "不明",
        "未知",
        "待核实",
        "待摸底",
        "unknown",
        "not known",
        "not sure",
        "?",
        "？",
    )
)
_NAMED = 10


def with_services(toml: StudyToml, study: StudyFolder) -> StudyToml:
    """Return study.toml with the services of the table that ``[services]`` names; as it is without one.

    Every fault of the table is in the folder's book.
    """
    table = table_of(toml, study, SERVICES)
    if table is not None:
        return replace(toml, services=_services(table, study.book))
    if is_further(SERVICES, toml, study) and not study.book.faults:
        return replace(toml, services=_as_stations_say(toml, study))
    return toml


def _as_stations_say(toml: StudyToml, study: StudyFolder) -> tuple[Service, ...]:
    """Return the services by the words of the stations, none of them surveyed: the sheet that lists them is empty."""
    quiet, label = replace(study, book=FaultBook()), toml.service_table.file or ""
    stations = table_of(toml, quiet, STATIONS)
    if stations is None:
        return ()  # its own faults are told
    words = service_words_of(stations, {})
    if not words:
        fact = "lists no services, and no station names one"
        study.book.fault(label, fact, "fill in the sheet of services, or what each station offers")
        return ()
    told = (
        "{label}: the sheet of services is empty; what the stations name is taken, none of it "
        "surveyed: {words}"
    )
    named = first_of(list(words), _NAMED, mark="、")
    study.book.note(Message(told, label=label, words=named))
    return tuple(Service(word, word, word, None, complete=False) for word in words)


def service_words_of(table: Table, known: Mapping[str, str]) -> Mapping[str, int]:
    """Return how many rows of stations name each word for a service that is not ``known``, in the order of the table.

    ``known`` has words, as ``service_words`` does. What can be the name of no service is left out.
    """
    counts: dict[str, int] = {}
    for row in table.rows:
        for word in list_in(row, "services", known):
            plain = service_word(word)
            if known_service(word, known) is None and is_service_id(plain):
                alike = next((each for each in counts if each.lower() == plain.lower()), plain)
                counts[alike] = counts.get(alike, 0) + 1
    return counts


def alike(words: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs of words that may mean one service: 助餐 and 老年助餐, 政务代办 and 政务代班."""
    from rapidfuzz import fuzz

    return [
        (one, other)
        for one, other in combinations(words, 2)
        if one in other or other in one or fuzz.ratio(one, other) >= _ALIKE
    ]


def _services(table: Table, book: FaultBook) -> tuple[Service, ...]:
    """Return the services in the order of the table; a service that nobody declared complete is not."""
    if "name" not in table.headers:
        cure = "add it: the name of each class of service"
        book.fault(table.label, "has no column 'name'", cure, row=table.header_row)
        return ()
    services: dict[str, Service] = {}
    for row in table.rows:
        if row.broken:
            continue
        service = _service(row, table, book)
        if service is None:
            continue
        if service.id in services:
            fact, cure = "is the name of two services", "keep one of the two rows"
            table.fault(book, row, "name", fact, cure, value=service.id)
        services.setdefault(service.id, service)
    _note_incomplete(list(services.values()), table, book)
    return tuple(services.values())


def _service(row: Row, table: Table, book: FaultBook) -> Service | None:
    """Return the service of a row; None, and a fault, where it has no name or none that can be an id."""
    name = text_in(row, table, "name", book)
    key = text_in(row, table, "id", book) or name
    if not name:
        if not row.cells.get("name"):
            table.fault(book, row, "name", "is empty", "write the name of the service")
        return None

    # other tables name several services in one cell, parted by marks
    if not is_service_id(key):
        column = "id" if row.cells.get("id") else "name"
        cure = "choose a word without ; ； 、 , and other than *"
        table.fault(book, row, column, "cannot be the name of a service", cure, value=key)
        return None

    return Service(
        key,
        name,
        text_in(row, table, "en", book) or name,
        ";".join(list_in(row, "standard_item")) or None,
        _complete(row, table, book),
        includes=text_in(row, table, "includes", book, longest=_LONGEST),
        as_of=text_in(row, table, "as_of", book),
        reported_by=text_in(row, table, "reported_by", book),
    )


def _complete(row: Row, table: Table, book: FaultBook) -> bool:
    """Return whether somebody declared the list of stations complete: an empty cell declares nothing."""
    said = row.cells.get("complete", "").strip().lower()
    if said in _NOT_KNOWN or said in further_words("not sure"):
        return False
    return truth_in(row, table, "complete", book) or False


def _note_incomplete(services: Sequence[Service], table: Table, book: FaultBook) -> None:
    """Note the services of which nobody said that all their stations are listed."""
    names = [service.zh for service in services if not service.complete]
    if names:
        book.note(
            Message(
                "{table}: nobody declared the list of stations complete for {names}; where no "
                "station is known to be near they are not surveyed, not failing",
                table=table.label,
                names=first_of(names, _NAMED),
            )
        )
