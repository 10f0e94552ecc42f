"""The gazetteer's file: names, addresses and their grams in SQLite, built from an extract in one step."""

from __future__ import annotations

import itertools
import os
import sqlite3
import unicodedata
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from walkshed.errors import NotFoundError, OutputError, UnreadableFileError
from walkshed.geocode.entries import Entry, entries_of, shown_address
from walkshed.geocode.names import core_of, key_of
from walkshed.model.extract import Extract

FORMAT: Final = "walkshed gazetteer 2"
_SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE feature (id INTEGER PRIMARY KEY, osm TEXT, shown TEXT, lon REAL, lat REAL, precision TEXT,
                      uncertainty REAL, prominence INTEGER, ground TEXT, context TEXT);
CREATE TABLE name (id INTEGER PRIMARY KEY, feature INTEGER, shown TEXT, key TEXT, core TEXT, main INTEGER);
CREATE TABLE house (street TEXT, house TEXT, feature INTEGER, shown TEXT);
CREATE VIRTUAL TABLE grams USING fts5(pieces, content='', tokenize='unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE gram_count USING fts5vocab(grams, row);
"""
_INDEXES: Final = """
CREATE INDEX name_key ON name (key);
CREATE INDEX name_core ON name (core);
CREATE INDEX name_short ON name (length(key));
CREATE INDEX house_at ON house (street, house);
CREATE INDEX feature_ground ON feature (ground);
"""


def build_index(extract: Extract, path: Path | None) -> sqlite3.Connection:
    """Return the index of an extract, in memory or, built beside and moved into place in one step, in a file."""
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
            f"{path}: the gazetteer cannot be written ({error}); is the file open, or the disk full?"
        ) from None
    return open_index(path, None)


def open_index(path: Path, digest: str | None) -> sqlite3.Connection:
    """Return an index built before. ``digest``: of the extract that it must stand for.

    Raises ``NotFoundError`` when there is none, ``UnreadableFileError`` when it is of another
    extract, of another version or damaged: build it again then.
    """
    path = Path(path)
    if not path.is_file():
        raise NotFoundError(f"{path}: no such gazetteer; build it from the extract")
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        meta = dict(connection.execute("SELECT key, value FROM meta"))
        (sound,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if sound != "ok":
            raise sqlite3.DatabaseError(sound)
        if meta.get("format") == FORMAT and digest in (None, meta.get("digest")):
            return connection
        fact = "is of another extract or version"
    except sqlite3.Error as error:
        fact = f"cannot be read ({error})"
    connection.close()
    raise UnreadableFileError(f"{path}: the gazetteer {fact}; build it again from the extract")


def grams_of(key: str) -> list[str]:
    """Return what the full-text index holds of a key: characters and pairs of Chinese, words and triples of Latin."""
    grams: list[str] = []
    run = ""
    for char in f"{key} ":
        if unicodedata.category(char) != "Lo" and char.isalnum():
            run += char
            continue
        if run:
            grams.append(run)
            if 3 < len(run) < 7 and not run.isdigit():
                grams.extend(run[at : at + 2] for at in range(len(run) - 1))
            if len(run) > 3:
                grams.extend(run[at : at + 3] for at in range(len(run) - 2))
            run = ""
        if char.isalnum():
            grams.append(char)
    letters = [char for char in key if char.isalnum()]
    grams.extend(
        first + second
        for first, second in itertools.pairwise(letters)
        if unicodedata.category(first) == "Lo" or unicodedata.category(second) == "Lo"
    )
    return grams


def _fill(database: sqlite3.Connection, extract: Extract) -> None:
    database.executescript(_SCHEMA)
    features: list[tuple[int | float | str, ...]] = []
    names: list[tuple[int, int, str, str, str, int]] = []
    houses: list[tuple[str, str, int, str]] = []
    grams: list[tuple[int, str]] = []
    for number, entry in enumerate(entries_of(extract), start=1):
        shown = entry.names[0] if entry.names else shown_address(entry.street, entry.house_shown)
        features.append(
            (
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
            )
        )
        for name, key, main in _keys(entry):
            identity = len(names) + 1
            names.append((identity, number, name, key, core_of(key), main))
            grams.append((identity, " ".join(grams_of(key))))
        street = key_of(entry.street)
        houses.extend(
            (street, house, number, shown_address(entry.street, house)) for house in entry.houses
        )
    with database:
        meta = [
            ("format", FORMAT),
            ("digest", extract.digest),
            ("data_date", extract.data_date or ""),
        ]
        database.executemany("INSERT INTO meta VALUES (?, ?)", meta)
        database.executemany("INSERT INTO feature VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", features)
        database.executemany("INSERT INTO name VALUES (?, ?, ?, ?, ?, ?)", names)
        database.executemany("INSERT INTO house VALUES (?, ?, ?, ?)", houses)
        database.executemany("INSERT INTO grams (rowid, pieces) VALUES (?, ?)", grams)
        database.execute("INSERT INTO grams (grams) VALUES ('optimize')")
        for statement in _INDEXES.split(";"):
            database.execute(statement)


def _keys(entry: Entry) -> list[tuple[str, str, int]]:
    """Return (name, key, main) for each distinct key of an entry; an address counts as a name too."""
    found: dict[str, tuple[str, str, int]] = {}
    for place, name in enumerate(entry.names):
        key = key_of(name)
        if key:
            found.setdefault(key, (name, key, int(place == 0)))
    if entry.street and entry.house_shown:
        shown = shown_address(entry.street, entry.house_shown)
        found.setdefault(key_of(shown), (shown, key_of(shown), 0))
    return list(found.values())
