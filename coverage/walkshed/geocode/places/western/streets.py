"""The Western streets of an extract by what their words stand for, and the places where each lies.

An abbreviation may stand for several words (St. is a street and a saint): a name is kept under each
of its readings. A name is found as it is written, else without particles and titles, else without
the word that says what the street is; what more than one street may be meant by is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.geocode.geometry.shapes import flattened, in_degrees
from walkshed.geocode.names import is_chinese, key_of
from walkshed.geocode.places.lookups import Feature, Lookups
from walkshed.geocode.wordings.languages import Rules, all_rules
from walkshed.geocode.wordings.tokens import words_of

#: Stretches of one name farther apart than this are streets of their own.
_ONE_STREET_M: Final = 250.0
#: A house may stand so far from the stretch that it is numbered along.
_BESIDE_M: Final = 250.0

Reading = tuple[str, ...]
#: How closely a name is found, the closest first.
EXACT, SMALL_WORDS, NO_KIND = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Match:
    """Streets that some words may name: the names of the map, each a street of its own, and how closely."""

    names: tuple[tuple[str, ...], ...]
    level: int

    @property
    def is_one(self) -> bool:
        """Return whether they name one street only."""
        return len(self.names) == 1

    @property
    def shown(self) -> str:
        """The street as the map writes it."""
        return self.names[0][0]


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """One of the places where a street of some name lies."""

    ground: BaseGeometry  # in degrees, all that belongs to it lies inside
    lines: BaseGeometry


class Streets:
    """The streets of one gazetteer; the index is made at the first question."""

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups

    def named(self, words: Reading, level: int) -> Match | None:
        """Return what words name at a level, None where no street is called so."""
        found: dict[tuple[str, ...], None] = {}
        for rules in all_rules():
            for reading in rules.readings(words):
                key = _at_level(rules, reading, level)
                # a word that says what the street is does not give way
                if level == NO_KIND and key != rules.without_small_words(reading):
                    continue
                names = [
                    name
                    for name in self._index.get((rules.language, level, key), ())
                    if rules.titles_agree(reading, words_of(name))
                ]
                if names and key:
                    found.setdefault(tuple(sorted(names)))
        if not found:
            return None
        return Match(self._streets_of(name for names in found for name in names), level)

    def features(self, names: Iterable[str]) -> list[Feature]:
        """Return the lines of a street."""
        numbers = {number for name in names for number in self._lookups.lines_of(key_of(name))}
        return [self._lookups.feature(number) for number in sorted(numbers)]

    def houses(self, names: Iterable[str]) -> list[tuple[str, Feature, str]]:
        """Return (label, house, address) of everything with a number on a street."""
        keys = dict.fromkeys(key_of(name) for name in names)
        return [
            (label, self._lookups.feature(number), shown)
            for key in keys
            for label, number, shown in self._lookups.numbers_on(key)
        ]

    def stretches(self, names: Iterable[str]) -> list[Stretch]:
        """Return where streets of a name lie, each stretch with its houses around it."""
        names = tuple(names)
        lines = [feature.shape for feature in self.features(names)]
        places = [feature.shape for _, feature, _ in self.houses(names)]
        drawn = lines or places
        if not drawn:
            return []
        lat = float(drawn[0].bounds[1])

        # what lies near each other is one street; houses far from every line are another
        flat = [flattened(shape, lat) for shape in drawn]
        around = shapely.union_all([shapely.buffer(shape, _ONE_STREET_M / 2) for shape in flat])
        if lines:
            near = shapely.union_all([shapely.buffer(shape, _BESIDE_M) for shape in flat])
            strays = [flattened(place, lat) for place in places]
            alone = [place for place in strays if not shapely.intersects(near, place)]
            around = shapely.union_all(
                [around, *(shapely.buffer(place, _ONE_STREET_M / 2) for place in alone)]
            )
        whole = shapely.union_all(flat)
        return [
            Stretch(
                in_degrees(shapely.buffer(part, _BESIDE_M - _ONE_STREET_M / 2), lat),
                in_degrees(shapely.intersection(whole, part), lat),
            )
            for part in shapely.get_parts(around)
        ]

    def _streets_of(self, names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
        """Return names in groups, those of one group written differently for one street."""
        groups: list[tuple[set[str], set[tuple[str, Reading]], set[int]]] = []
        for name in sorted(set(names)):
            spelled = _readings(name)
            lines = set(self._lookups.lines_of(key_of(name)))
            same = [one for one in groups if one[1] & spelled or one[2] & lines]
            groups = [one for one in groups if one not in same]
            groups.append(
                (
                    {name}.union(*(one[0] for one in same)),
                    spelled.union(*(one[1] for one in same)),
                    lines.union(*(one[2] for one in same)),
                )
            )
        return tuple(sorted(tuple(sorted(names)) for names, _, _ in groups))

    @cached_property
    def _index(self) -> Mapping[tuple[str, int, Reading], set[str]]:
        """Names of the map by language, level and reading."""
        index: dict[tuple[str, int, Reading], set[str]] = {}
        for name in self._lookups.street_names():
            if is_chinese(name):
                continue
            words = words_of(name)
            for rules in all_rules():
                for reading in rules.readings(words):
                    for level in (EXACT, SMALL_WORDS, NO_KIND):
                        key = _at_level(rules, reading, level)
                        index.setdefault((rules.language, level, key), set()).add(name)
        return index


def _at_level(rules: Rules, reading: Reading, level: int) -> Reading:
    """Return what of a reading counts at a level."""
    if level == EXACT:
        return reading
    small = rules.without_small_words(reading)
    return small if level == SMALL_WORDS else rules.without_kind(small)


def _readings(name: str) -> set[tuple[str, Reading]]:
    """Return every reading of a name, with its language."""
    words = words_of(name)
    return {(rules.language, reading) for rules in all_rules() for reading in rules.readings(words)}
