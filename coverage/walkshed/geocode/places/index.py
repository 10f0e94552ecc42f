"""The gazetteer's file: names, addresses and their grams in SQLite, built from an extract in one step."""

from __future__ import annotations

import itertools
import os
import sqlite3
import unicodedata
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import shapely

from walkshed.errors import NotFoundError, OutputError, UnreadableFileError
from walkshed.geocode.names import core_of, key_of
from walkshed.geocode.places.entries import Entry, entries_of
from walkshed.geocode.places.features import shown_address
from walkshed.model.ground.extract import Extract
from walkshed.model.messages import Message

FORMAT: Final = "walkshed gazetteer 4"
_SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE feature (id INTEGER PRIMARY KEY, osm TEXT, shown TEXT, lon REAL, lat REAL,
                      precision TEXT, uncertainty REAL, prominence INTEGER, ground TEXT,
                      context TEXT, sort TEXT);
CREATE TABLE shape (feature INTEGER PRIMARY KEY, wkb BLOB);
CREATE TABLE name (id INTEGER PRIMARY KEY, feature INTEGER, shown TEXT, key TEXT, core TEXT,
                   main INTEGER);
CREATE TABLE house (street TEXT, house TEXT, feature INTEGER, shown TEXT);
CREATE TABLE street_of_house (house_street TEXT PRIMARY KEY);
CREATE VIRTUAL TABLE grams USING fts5(pieces, content='', tokenize='unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE gram_count USING fts5vocab(grams, row);
"""
_INDEXES: Final = """
CREATE INDEX name_key ON name (key);
CREATE INDEX name_core ON name (core);
CREATE INDEX name_short ON name (length(key));
CREATE INDEX house_at ON house (street, house);
CREATE INDEX feature_ground ON feature (ground);
CREATE INDEX feature_osm ON feature (osm);
"""


def build_index(extract: Extract, path: Path | None) -> sqlite3.Connection:
    """Return the index of an extract, in memory or in a file.

    A file is built beside its place and moved there in one step.
    """
    if path is None:
        memory = sqlite3.connect(":memory:")
        _fill(memory, extract)
        return memory

    path = Path(path)
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        with closing(sqlite3.connect(beside)) as file:
            # what a crash leaves is a part file, or fails the check
            file.execute("PRAGMA synchronous = OFF")
            file.execute("PRAGMA journal_mode = OFF")
            _fill(file, extract)
        beside.replace(path)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise OutputError(
            Message(
                "{path}: the gazetteer cannot be written ({library_words}); is the file open, or "
                "the disk full?",
                path=path,
                library_words=error,
            )
        ) from None
    return open_index(path, None)


def open_index(path: Path, digest: str | None) -> sqlite3.Connection:
    """Return an index built before. ``digest``: of the extract that it must stand for.

    Raises ``NotFoundError`` when there is none, ``UnreadableFileError`` when it is of another
    extract, of another version or damaged: build it again then.
    """
    path = Path(path)
    if not path.is_file():
        raise NotFoundError(
            Message("{path}: no such gazetteer; build it from the extract", path=path)
        )

    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        meta = dict(connection.execute("SELECT key, value FROM meta"))
        (sound,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if sound != "ok":
            raise sqlite3.DatabaseError(sound)
        if meta.get("format") == FORMAT and digest in (None, meta.get("digest")):
            return connection
        told = Message(
            "{path}: the gazetteer is of another extract or version; build it again from the "
            "extract",
            path=path,
        )
    except sqlite3.Error as error:
        told = Message(
            "{path}: the gazetteer cannot be read ({library_words}); build it again from the "
            "extract",
            path=path,
            library_words=error,
        )
    connection.close()
    raise UnreadableFileError(told)


def grams_of(key: str) -> list[str]:
    """Return what the full-text index holds of a key.

    Characters and pairs of Chinese, words and triples (of short words pairs too) of Latin.
    """
    # words, and Chinese characters by themselves
    grams: list[str] = []
    word = ""
    for char in f"{key} ":
        if char.isalnum() and not _is_chinese_letter(char):
            word += char
            continue
        grams.extend(_grams_of_word(word))
        word = ""
        if char.isalnum():
            grams.append(char)

    # pairs of which one is Chinese
    letters = [char for char in key if char.isalnum()]
    grams.extend(
        first + second
        for first, second in itertools.pairwise(letters)
        if _is_chinese_letter(first) or _is_chinese_letter(second)
    )
    return grams


def _grams_of_word(word: str) -> list[str]:
    """Return a word and, of longer ones, its pairs and triples; nothing of an empty one."""
    grams = [word] if word else []
    if 3 < len(word) < 7 and not word.isdigit():
        grams += [word[at : at + 2] for at in range(len(word) - 1)]
    if len(word) > 3:
        grams += [word[at : at + 3] for at in range(len(word) - 2)]
    return grams


def _is_chinese_letter(char: str) -> bool:
    """Return whether a character is a letter without upper or lower case, as the Chinese ones are."""
    return unicodedata.category(char) == "Lo"


def _fill(database: sqlite3.Connection, extract: Extract) -> None:
    """Write the tables of an extract."""
    # gather the rows
    features: list[tuple[int | float | str, ...]] = []
    names: list[tuple[int, int, str, str, str, int]] = []
    houses: list[tuple[str, str, int, str]] = []
    named_by_houses: dict[str, None] = {}
    grams: list[tuple[int, str]] = []
    shapes: list[tuple[int, bytes]] = []
    for number, entry in enumerate(entries_of(extract), start=1):
        features.append(_feature_row(number, entry))
        if entry.shape is not None:
            shapes.append((number, shapely.to_wkb(entry.shape)))
        for name, key, main in _keys(entry):
            identity = len(names) + 1
            names.append((identity, number, name, key, core_of(key), main))
            grams.append((identity, " ".join(grams_of(key))))
        if entry.street:
            named_by_houses.setdefault(entry.street)
        street = key_of(entry.street)
        houses.extend(
            (street, house, number, shown_address(entry.street, house)) for house in entry.houses
        )

    # write them; indexes are built faster afterwards
    meta = [
        ("format", FORMAT),
        ("digest", extract.digest),
        ("data_date", extract.data_date or ""),
    ]
    database.executescript(_SCHEMA)
    with database:
        database.executemany("INSERT INTO meta VALUES (?, ?)", meta)
        database.executemany(
            "INSERT INTO feature VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", features
        )
        database.executemany("INSERT INTO shape VALUES (?, ?)", shapes)
        database.executemany("INSERT INTO name VALUES (?, ?, ?, ?, ?, ?)", names)
        database.executemany("INSERT INTO house VALUES (?, ?, ?, ?)", houses)
        database.executemany(
            "INSERT INTO street_of_house VALUES (?)", [(street,) for street in named_by_houses]
        )
        database.executemany("INSERT INTO grams (rowid, pieces) VALUES (?, ?)", grams)
        database.execute("INSERT INTO grams (grams) VALUES ('optimize')")
        for statement in _INDEXES.split(";"):
            database.execute(statement)


def _feature_row(number: int, entry: Entry) -> tuple[int | float | str, ...]:
    """Return an entry as a row of the table feature."""
    shown = entry.names[0] if entry.names else shown_address(entry.street, entry.house_shown)
    return (
        number,
        entry.feature,
        shown,
        entry.lon,
        entry.lat,
        entry.precision.value,
        round(entry.uncertainty_m, 1),
        entry.prominence,
        entry.ground,
        "|".join(sorted(entry.context)),
        entry.sort,
    )


def _keys(entry: Entry) -> list[tuple[str, str, int]]:
    """Return (name, key, main) for each distinct key of an entry; an address is a name too."""
    keys: dict[str, tuple[str, str, int]] = {}
    for place, name in enumerate(entry.names):
        key = key_of(name)
        if key:
            keys.setdefault(key, (name, key, int(place == 0)))

    if entry.street and entry.house_shown:
        shown = shown_address(entry.street, entry.house_shown)
        keys.setdefault(key_of(shown), (shown, key_of(shown), 0))
    return list(keys.values())
