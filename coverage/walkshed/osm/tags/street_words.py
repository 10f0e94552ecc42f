"""The words of a block's ways that make them streets, or lines that tell what streets are."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from walkshed.model.arrays import IntArray, distinct, is_among
from walkshed.model.ground.extract import Tags
from walkshed.osm.files.wire import RarePbf
from walkshed.osm.tags import keys
from walkshed.osm.tags.platforms import TRACKS

#: Lines beside the streets that tell what they are, by key.
_LINES = {b"railway": {kind.encode() for kind in TRACKS}, b"natural": {b"coastline"}}
_LINE_WORDS = frozenset(_LINES).union(*_LINES.values())


class Words(NamedTuple):
    """Sets of tags, end to end: set ``i`` runs from ``first[i]`` to ``first[i + 1]``.

    Words are places in a table.
    """

    key: IntArray
    value: IntArray
    first: IntArray


def street_tags(words: Words, table: list[bytes]) -> dict[int, Tags]:
    """Return the sets of tags that make a way a candidate, by number."""
    key, value, first = words
    rows = distinct(np.searchsorted(first, _street_words(key, value, table), side="right") - 1)
    is_street = np.zeros(len(first) - 1, dtype=bool)
    is_street[rows] = True
    own = np.repeat(is_street, np.diff(first))

    # text of the words that streets use, and no other
    text = np.empty(len(table), dtype=object)
    used = distinct(np.concatenate([key[own], value[own]]))
    text[used] = [table[word].decode("utf-8") for word in used.tolist()]
    names, said = text[key].tolist(), text[value].tolist()

    begins, ends = first[rows].tolist(), first[rows + 1].tolist()
    sets = [dict(zip(names[low:high], said[low:high])) for low, high in zip(begins, ends)]
    if sum(map(len, sets)) < sum(ends) - sum(begins):  # a key twice
        raise RarePbf
    return dict(zip(rows.tolist(), map(MappingProxyType, sets), strict=True))


def line_kinds(words: Words, table: list[bytes]) -> list[dict[int, str]]:
    """Return the kinds of tracks, and those of coastlines, by the number of the set of tags."""
    key, value, first = words
    place = {word: number for number, word in enumerate(table) if number and word in _LINE_WORDS}
    found = []

    for name, kinds in _LINES.items():
        at = np.flatnonzero(key == place.get(name, -1))
        at = at[is_among(value[at], np.array([place[kind] for kind in kinds if kind in place]))]
        rows = np.searchsorted(first, at, side="right") - 1
        found.append(
            {
                row: table[word].decode("utf-8")
                for row, word in zip(rows.tolist(), value[at].tolist(), strict=True)
            }
        )
    return found


def _street_words(key: IntArray, value: IntArray, table: list[bytes]) -> IntArray:
    """Return where a tag stands that makes a way a candidate: ``keys.is_way``, by the words' places."""
    found = np.zeros(len(key), dtype=bool)
    for name, values in keys.WAY_KEYS.items():
        named = is_among(key, places(table, {name}))
        found |= named if values is None else named & is_among(value, places(table, values))
    return np.flatnonzero(found)


def places(table: list[bytes], words: Iterable[str]) -> IntArray:
    """Return the places of words in a string table; 0 is no word."""
    wanted = {word.encode() for word in words}
    return np.array(
        [place for place, word in enumerate(table) if place and word in wanted], dtype=np.int64
    )
