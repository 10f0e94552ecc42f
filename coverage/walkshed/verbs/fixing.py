"""``walkshed check --fix``: the services that the tables name are written into study.toml, which keeps what stands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from walkshed.errors import InvalidValueError
from walkshed.inputs.faults import FaultBook, first_of, nearest_word
from walkshed.inputs.opened import STUDY_FILE, open_study, table_of
from walkshed.inputs.rows.stations import service_words
from walkshed.inputs.services import alike, service_words_of, with_services
from walkshed.inputs.study.settings import StudyToml, language_of, streets_source
from walkshed.inputs.study.specs import STATIONS
from walkshed.inputs.tables.neighborhood import at_extract
from walkshed.model.messages import Message
from walkshed.model.town.places import Service
from walkshed.reports.writing import put_files
from walkshed.verbs.draft.toml import service_entries
from walkshed.words.studies.drafts import comments

#: A word so like a known one (of 100) is a slip of the pen, which is mended in the table.
_A_SLIP = 75.0
_NAMED = 20


def write_services(folder: Path) -> tuple[str, ...]:
    """Append the services that stations name and study.toml does not know; return what was done, in sentences.

    Each is written as not surveyed. A word that looks like a known one is left to the planner.
    Raises ``InputFaultsError`` where study.toml cannot be read, ``InvalidValueError`` where its
    services stand in a table of their own.
    """
    file = folder if folder.suffix.lower() == ".toml" else folder / STUDY_FILE
    study, toml = open_study(file, FaultBook())
    table = table_of(toml, study, STATIONS)
    if table is None:
        return ()

    # the words that are no slips
    known = service_words(with_services(toml, study).services)
    words = service_words_of(table, known)
    slips = {word: near for word in words if (near := _near(word, known))}
    new = [word for word in words if word not in slips]
    told: list[str] = [
        Message("'{word}' is not written: it looks like '{near}'", word=word, near=near)
        for word, near in slips.items()
    ]
    if not new:
        nothing = "study.toml knows every service that the table of stations names"
        return (*told, *(() if told else (Message(nothing),)))

    # behind what stands
    _refuse_other_forms(toml)
    services = [Service(word, word, word, None, complete=False) for word in new]
    streets = streets_source(toml, study)
    study.extract = None if streets is None else streets.extract
    language = language_of(toml.study, at_extract(study).local.row)
    entries = service_entries(services, comments(language), language, key="service_given")
    put_files(file.parent, {file.name: _appended(file.read_bytes(), entries)})
    done = (
        "{file}: {count} {count:service is|services are} written, none of them surveyed "
        "(complete = false): {words}"
    )
    words_told = first_of(new, _NAMED, mark="、")
    told.append(Message(done, file=file.name, count=len(new), words=words_told))
    if pairs := alike([*dict.fromkeys(known.values()), *new]):
        same = "may be one service each, to be written alike in the table: {pairs}"
        named = [f"{one} / {other}" for one, other in pairs]
        told.append(Message(same, pairs=first_of(named, _NAMED, mark="; ")))
    return tuple(told)


def _near(word: str, known: Mapping[str, str]) -> str | None:
    """Return the known word of which a word is a slip; None for a word of its own."""
    return nearest_word(word, known, close_enough=_A_SLIP)


def _refuse_other_forms(toml: StudyToml) -> None:
    """Raise where services are not listed as [[services]]."""
    if toml.service_table.file is not None:
        told = "services stand in {file}; add a row for each there"
        raise InvalidValueError(Message(told, file=toml.service_table.file))
    if toml.data.get("services") and toml.line("services", 0, "id") == toml.line("services"):
        told = "services stand in one list of study.toml; write each as [[services]]"
        raise InvalidValueError(Message(told))


def _appended(content: bytes, entries: str) -> bytes:
    """Return a file with entries behind it, its ends of lines kept."""
    end = "\r\n" if b"\r\n" in content else "\n"
    before = content.decode("utf-8-sig").rstrip()
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    text = f"{before}{end}{end}{entries.replace(chr(10), end)}"
    return mark + text.encode("utf-8")
