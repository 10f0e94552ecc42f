"""An address cut into known names and the words around them.

Of all ways to cut it, those that leave the fewest characters unexplained and need the fewest pieces
count; the longer name goes before the shorter one in it. Nothing is guessed: a character that no
name and no word takes stays an unknown piece.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from walkshed.geocode.names import is_part_alone, is_road, key_of
from walkshed.geocode.wordings.vocabulary import ALL_WORDS, WORDS_AFTER, Kind, Word

_LONGEST_NAME: Final = 24
#: Longer texts are remarks, not addresses.
_LONGEST_TEXT: Final = 80
_MOST_READINGS: Final = 4
# what pieces cost: an unknown character is worse than any number of words
_UNKNOWN, _WORD, _DIVISION, _NAME, _PER_CHARACTER = 100.0, 1.2, 1.1, 1.0, 0.01
#: What only a stop is called: dearer than two streets (环镇北路南陈路), unless a word for stops
#: follows. A community that is not on the map: dearer than any names and words (海棠苑居委会).
_STOP_NAME, _COMMUNITY = 2.2, 20.0

#: {name of the map: whether nothing but stops bears it} of many keys
Known = Callable[[Sequence[str]], Mapping[str, bool]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an address: its kind, and its text as a key."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class _Path:
    """The pieces up to a character, and what they cost."""

    cost: float
    pieces: tuple[Piece, ...]

    @property
    def last(self) -> str:
        """The kind of the last piece, "" at the start."""
        return self.pieces[-1].kind if self.pieces else ""


def readings_of(
    text: str, known: Known, divisions: Collection[str], *, communities: Collection[str] = ()
) -> tuple[tuple[Piece, ...], ...]:
    """Return the best ways to cut an address into pieces, equally good ones only.

    ``known`` returns which of many keys are names of the map; ``divisions`` are keys that stand for
    one at the start.
    """
    segments = _segments(text)
    if not segments or sum(map(len, segments)) > _LONGEST_TEXT:
        return ()

    names = known(sorted({key for segment in segments for key in _parts(segment)}))
    costs = dict.fromkeys(communities, _COMMUNITY) | dict.fromkeys(divisions, _DIVISION)
    paths = [_Path(0.0, ())]
    for segment in segments:
        paths = _cut(segment, names, costs, paths)
    return tuple(_with_roads(path.pieces) for path in paths)


def _segments(text: str) -> list[str]:
    """Return the keys of what parentheses, commas and the like part; joints in signs are words."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).casefold())
    plain = re.sub(r"(?<=[^\d])[/&+@×*](?=[^\d])", "与", plain)
    plain = re.sub(r"(?<=\d)#", "号", plain)
    return [
        key for part in re.split(r"[(){}\[\]【】<>,;:|。、“”\"']", plain) if (key := key_of(part))
    ]


def _parts(segment: str) -> set[str]:
    """Return every stretch of a key that may be a name."""
    return {
        segment[start:end]
        for start in range(len(segment))
        for end in range(start + 2, min(start + _LONGEST_NAME, len(segment)) + 1)
    }


def _cut(
    segment: str, names: Mapping[str, bool], divisions: Mapping[str, float], before: list[_Path]
) -> list[_Path]:
    """Return the best continuations of paths over one segment."""
    at: list[list[_Path]] = [[] for _ in range(len(segment) + 1)]
    at[0] = before
    for start in range(len(segment)):
        at[start] = _best(at[start], most=8)
        for path in at[start]:
            for end, piece, cost in _steps(segment, start, path, names, divisions):
                at[end].append(_Path(path.cost + cost, (*path.pieces, piece)))
    ends = _best(at[-1], most=8)
    return [path for path in ends if path.cost < ends[0].cost + 0.005][:_MOST_READINGS]


def _best(paths: list[_Path], most: int) -> list[_Path]:
    """Return the cheapest paths, in a fixed order, those that end alike once."""
    kept: dict[tuple[Piece, ...], _Path] = {}
    for path in sorted(paths, key=lambda each: (each.cost, [piece.text for piece in each.pieces])):
        kept.setdefault(path.pieces, path)
    return list(kept.values())[:most]


def _steps(
    segment: str,
    start: int,
    path: _Path,
    names: Mapping[str, bool],
    divisions: Mapping[str, float],
) -> list[tuple[int, Piece, float]]:
    """Return the pieces that may stand at a place of a segment: (end, piece, cost)."""
    steps = [(start + 1, Piece(Kind.UNKNOWN, segment[start]), _UNKNOWN)]

    # names, and divisions at the start
    last = path.last
    for end in range(start + 2, min(start + _LONGEST_NAME, len(segment)) + 1):
        key = segment[start:end]
        if last in ("", Kind.DIVISION) and key in divisions:
            steps.append((end, Piece(Kind.DIVISION, key), divisions[key]))
        if key in names and not is_part_alone(key) and not is_word(key):
            cost = _STOP_NAME if names[key] and last != Kind.LINE else _NAME
            steps.append((end, Piece(Kind.NAME, key), cost - _PER_CHARACTER * len(key)))

    # words, each where it may stand
    stop_before = last == Kind.NAME and names.get(path.pieces[-1].text, False)
    for word in WORDS_AFTER[last]:
        free = stop_before and word.kind in (Kind.STOP, Kind.EXIT)
        steps.extend(
            (end, Piece(word.kind, segment[start:end]), 0.0 if free else _WORD)
            for end in _ends(word, segment, start)
        )
    return steps


def is_word(key: str) -> bool:
    """Return whether a name is no more than a word of the vocabulary: 东大门, 2号口, 会所."""
    return any(word.pattern.fullmatch(key) for word in ALL_WORDS)


def _ends(word: Word, segment: str, start: int) -> list[int]:
    """Return where a word that begins at a place ends, none where it does not."""
    found = word.pattern.match(segment, start)
    if found is None or found.end() == start:
        return []
    # 口 makes a crossing of a street only
    if found.group() == "口" and not is_road(segment[:start]):
        return []
    return [found.end()]


def _with_roads(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Return pieces with unknown characters as one piece: a road where it ends like one."""
    joined: list[Piece] = []
    for piece in pieces:
        if piece.kind is Kind.UNKNOWN and joined and joined[-1].kind in (Kind.UNKNOWN, Kind.ROAD):
            piece = Piece(Kind.UNKNOWN, joined.pop().text + piece.text)
        if piece.kind is Kind.UNKNOWN and len(piece.text) > 2 and is_road(piece.text):
            piece = Piece(Kind.ROAD, piece.text)
        joined.append(piece)
    return tuple(joined)
