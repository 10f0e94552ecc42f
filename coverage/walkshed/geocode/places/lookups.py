"""Lookups in a gazetteer's file: names as they stand or with a slip of the pen, houses, streets.

Candidates for a slip come from FTS5 over characters and pairs of characters (a trigram index finds
nothing for names of two), are thrown out by ``names.conflict`` and ranked by likeness. In a name of
two characters a slip leaves one: what comes near is told only where the map has a single such name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.geocode.names import core_of, is_chinese, without_committee
from walkshed.geocode.places.features import STOP
from walkshed.geocode.places.index import grams_of
from walkshed.geocode.places.matching import (
    CERTAIN,
    SHORT_SCORE,
    is_short_slip,
    name_score,
    slip_score,
)
from walkshed.model.geocoding import Precision

_CANDIDATES: Final = 60  # of the full-text search; a likeness is computed for each
#: Of a name's grams the rarest tell most; 路 and rue would have half the index ranked.
_GRAMS: Final = 10
_SHORT: Final = 2
_AT_ONCE: Final = 400  # keys of one question; SQLite takes 999 values in old versions


@dataclass(frozen=True, slots=True)
class Hit:
    """One feature that a name led to."""

    feature: int
    shown: str
    score: float
    main: bool


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """One thing of the gazetteer, with its ground or line; a point where it has neither."""

    id: int
    osm: str
    shown: str
    lon: float
    lat: float
    precision: Precision
    uncertainty_m: float
    prominence: int
    ground: str
    context: frozenset[str]
    sort: str
    shape: BaseGeometry


class Lookups:
    """Lookups in one gazetteer's file."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def feature(self, number: int) -> Feature:
        """Return a feature by its number."""
        row = self._database.execute(
            "SELECT f.osm, f.shown, f.lon, f.lat, f.precision, f.uncertainty, f.prominence, "
            "f.ground, f.context, f.sort, s.wkb "
            "FROM feature f LEFT JOIN shape s ON s.feature = f.id WHERE f.id = ?",
            (number,),
        ).fetchone()
        osm, shown, lon, lat, precision, uncertainty_m, prominence, ground, context, sort, wkb = row
        shape = shapely.Point(lon, lat) if wkb is None else shapely.from_wkb(wkb)
        divisions = frozenset(context.split("|")) if context else frozenset()
        return Feature(
            *(number, osm, shown, lon, lat, Precision(precision), uncertainty_m),
            *(prominence, ground, divisions, sort, shape),
        )

    def of_osm(self, osm: str) -> Feature | None:
        """Return a feature by its id in OSM, None where there is no such one."""
        row = self._database.execute(
            "SELECT id FROM feature WHERE osm = ? ORDER BY prominence, id LIMIT 1", (osm,)
        ).fetchone()
        return None if row is None else self.feature(row[0])

    def known(self, keys: Sequence[str]) -> dict[str, bool]:
        """Return which keys are names or streets of the map, each with whether nothing but stops bears it."""
        found: dict[str, bool] = {}
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            names = (
                "SELECT n.key, min(f.prominence) FROM name n JOIN feature f ON f.id = n.feature "
                "WHERE n.key IN ({}) GROUP BY n.key"
            )
            streets = "SELECT DISTINCT street FROM house WHERE street IN ({})"
            for key, prominence in self._database.execute(names.format(marks), some):
                found[key] = prominence == STOP
            for (key,) in self._database.execute(streets.format(marks), some):
                found[key] = False
        return found

    def divisions(self) -> frozenset[str]:
        """Return the keys of all divisions that features say they lie in."""
        rows = self._database.execute("SELECT DISTINCT context FROM feature WHERE context != ''")
        return frozenset(word for (context,) in rows for word in context.split("|"))

    def street_names(self) -> list[str]:
        """Return the names of all streets, and those that only houses say that they stand at."""
        streets = self._database.execute(
            "SELECT DISTINCT n.shown FROM name n JOIN feature f ON f.id = n.feature "
            "WHERE f.sort = 'street'"
        )
        houses = self._database.execute("SELECT house_street FROM street_of_house")
        return sorted({name for (name,) in (*streets, *houses) if name})

    def lines_of(self, key: str) -> list[int]:
        """Return the streets that bear a name, those that bear it beside another only without others."""
        rows = self._database.execute(
            "SELECT n.feature, n.main FROM name n JOIN feature f ON f.id = n.feature "
            "WHERE n.key = ? AND f.sort = 'street' ORDER BY n.feature",
            (key,),
        ).fetchall()
        own = [feature for feature, main in rows if main]
        return own or [feature for feature, _ in rows]

    def area_keys(self) -> frozenset[str]:
        """Return the keys of all districts, towns and communities."""
        rows = self._database.execute(
            "SELECT DISTINCT n.key FROM name n JOIN feature f ON f.id = n.feature "
            "WHERE f.precision IN ('area', 'community')"
        )
        return frozenset(key for (key,) in rows)

    def areas(self, key: str) -> list[Feature]:
        """Return the districts, towns and communities of a name."""
        rows = self._database.execute(
            "SELECT DISTINCT n.feature FROM name n JOIN feature f ON f.id = n.feature "
            "WHERE n.key = ? AND f.precision IN ('area', 'community') ORDER BY n.feature",
            (key,),
        )
        return [self.feature(number) for (number,) in rows]

    def of_sort(self, sort: str) -> list[int]:
        """Return the features of a sort."""
        rows = self._database.execute("SELECT id FROM feature WHERE sort = ? ORDER BY id", (sort,))
        return [number for (number,) in rows]

    def numbers_on(self, street: str) -> list[tuple[str, int, str]]:
        """Return (house, feature, address) of everything with a number on a street."""
        return self._database.execute(
            "SELECT house, feature, shown FROM house WHERE street = ? ORDER BY house, feature",
            (street,),
        ).fetchall()

    def as_written(self, key: str) -> list[Hit]:
        """Return the features of exactly that name, those whose main name it is first."""
        rows = self._database.execute(
            "SELECT feature, shown, main FROM name WHERE key = ? ORDER BY main DESC, id", (key,)
        )
        hits: dict[int, Hit] = {}
        for feature, shown, main in rows:
            hits.setdefault(feature, Hit(feature, shown, CERTAIN, bool(main)))
        return list(hits.values())

    def alike(self, key: str) -> list[Hit]:
        """Return features whose name is nearly the one asked for, the likeliest first."""
        core = core_of(key)
        scored: dict[int, Hit] = {}
        for feature, shown, found, found_core, main in self._candidates(key):
            score = name_score(key, core, found, found_core)
            if score and (feature not in scored or scored[feature].score < score):
                scored[feature] = Hit(feature, shown, score, bool(main))
        hits = sorted(scored.values(), key=lambda hit: (-hit.score, hit.feature))
        return hits or self._alike_short(key)

    def named(self, key: str) -> list[Hit]:
        """Return features by name: as written, else without the committee's title, else nearly so."""
        hits = self.as_written(key)
        short = without_committee(key)
        if not hits and short != key:
            hits = self.as_written(short)
        return hits or self.alike(key)

    def houses(self, street: str, house: str) -> list[tuple[int, str]]:
        """Return (feature, address) of what has that number on that street."""
        return self._database.execute(
            "SELECT feature, shown FROM house WHERE street = ? AND house = ? ORDER BY feature",
            (street, house),
        ).fetchall()

    def streets(self, key: str) -> Iterator[tuple[str, float]]:
        """Yield the keys of streets that a road's key may mean, the likeliest first.

        If there is a street of that very key, no other is meant.
        """
        known = self._database.execute(
            "SELECT 1 FROM house WHERE street = :key UNION "
            "SELECT 1 FROM name n JOIN feature f ON f.id = n.feature "
            "WHERE n.key = :key AND f.precision = 'street'",
            {"key": key},
        ).fetchone()
        if known:
            yield key, CERTAIN
            return

        # slips of the pen
        best: dict[str, float] = {}
        for _, _, found, _, _ in self._candidates(key):
            score = slip_score(key, found)
            if score:
                best[found] = max(score, best.get(found, 0.0))
        yield from sorted(best.items(), key=lambda item: (-item[1], item[0]))

    def street(self, key: str, score: float) -> list[Hit]:
        """Return the streets of a key, each worth ``score``."""
        rows = self._database.execute(
            "SELECT n.feature, n.shown FROM name n JOIN feature f ON f.id = n.feature "
            "WHERE n.key = ? AND f.precision = 'street'",
            (key,),
        )
        return [Hit(feature, shown, score, main=True) for feature, shown in rows]

    def inside(self, ground: int) -> list[tuple[int, str, str]]:
        """Return (feature, name, key) of what lies in a named ground."""
        return self._database.execute(
            "SELECT n.feature, n.shown, n.key FROM name n JOIN feature f ON f.id = n.feature "
            "WHERE f.ground = (SELECT osm FROM feature WHERE id = ?) ORDER BY n.main DESC, f.id",
            (ground,),
        ).fetchall()

    def _candidates(self, key: str) -> list[tuple[int, str, str, str, int]]:
        """Return (feature, name, key, core, main) of names that share rare grams with a key."""
        grams = list(dict.fromkeys(grams_of(key)))
        marks = ",".join("?" * len(grams))
        counts = self._database.execute(
            f"SELECT term, doc FROM gram_count WHERE term IN ({marks})",  # noqa: S608 (marks only)
            grams,
        ).fetchall()

        rarest = sorted(counts, key=lambda row: (row[1], row[0]))[:_GRAMS]
        wanted = " OR ".join(f'"{gram}"' for gram, _ in rarest)
        if not wanted:
            return []
        return self._database.execute(
            "SELECT n.feature, n.shown, n.key, n.core, n.main FROM name n JOIN "
            "(SELECT rowid FROM grams WHERE grams MATCH ? ORDER BY bm25(grams), rowid LIMIT ?) g "
            "ON g.rowid = n.id",
            (wanted, _CANDIDATES),
        ).fetchall()

    def _alike_short(self, key: str) -> list[Hit]:
        """Return what one slip leads to where one of the names is short, if it is the only name.

        One of the two has two characters, the other two or three.
        """
        if not is_chinese(key) or not _SHORT <= len(key) <= _SHORT + 1:
            return []

        longest = _SHORT if len(key) > _SHORT else _SHORT + 1
        shortest = _SHORT if len(key) > _SHORT else 0
        rows = self._database.execute(
            "SELECT feature, shown, key, main FROM name "
            "WHERE length(key) BETWEEN ? AND ? ORDER BY main DESC, id",
            (shortest, longest),
        ).fetchall()
        near = [row for row in rows if is_short_slip(key, row[2])]
        if len({found for _, _, found, _ in near}) != 1:
            return []
        return [Hit(feature, shown, SHORT_SCORE, bool(main)) for feature, shown, _, main in near]
