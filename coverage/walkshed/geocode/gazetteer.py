"""The embedded gazetteer: an extract's names and addresses in SQLite, looked up without a network.

Lookups go from the certain to the likely: the whole text as a name; road and house number; the name of the compound,
the building in it; the street; the community. Candidates for a slip of the pen come from FTS5 over characters and
pairs of characters (a trigram index finds nothing for names of two), are thrown out by ``names.conflict`` and ranked
by likeness.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from walkshed.geocode.addresses import Address, parse_address
from walkshed.geocode.entries import STOP, house_key
from walkshed.geocode.index import build_index, grams_of, open_index
from walkshed.geocode.matching import (
    CERTAIN,
    PART_SCORE,
    SLIP_SCORE,
    asks_for_stop,
    context_fit,
    name_score,
    slip_score,
)
from walkshed.geocode.names import (
    core_of,
    is_building,
    is_part_alone,
    key_of,
    without_committee,
)
from walkshed.model.extract import Extract
from walkshed.model.geocoding import Answer, Precision, Query

_CANDIDATES: Final = 60  # of the full-text search; a likeness is computed for each
#: Of a name's grams the rarest tell most; 路 and rue would have half the index ranked.
_GRAMS: Final = 10
#: An answer that stands for less than was asked (a street for a house that is not mapped) is worth this much.
_COARSER: Final = 0.7
_FALLBACK: Final = 0.5
_DOUBTED: Final = 0.75


@dataclass(frozen=True, slots=True)
class _Hit:
    """One feature that a name led to."""

    feature: int
    shown: str
    score: float
    main: bool


class Gazetteer:
    """Names and addresses of one extract. Close it (or use ``with``) when it lies in a file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._database = connection
        meta = dict(connection.execute("SELECT key, value FROM meta"))
        self.digest: str = meta["digest"]
        self.data_date: str | None = meta["data_date"] or None

    def __enter__(self) -> Self:
        """Return the gazetteer itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the file."""
        self.close()

    def __len__(self) -> int:
        """Return the number of features."""
        return int(self._database.execute("SELECT count(*) FROM feature").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def find(self, query: str | Query, *, min_score: float = 0.6) -> Answer | None:
        """Return the best answer, None when nothing in the extract is what was asked for."""
        found = self.candidates(query, limit=1)
        return found[0] if found and found[0].score >= min_score else None

    def candidates(self, query: str | Query, *, limit: int = 5) -> tuple[Answer, ...]:
        """Return the best answers, the best first. A query with address and name tries the address, then the name."""
        texts = [query] if isinstance(query, str) else [text for text in (query.address, query.name) if text]
        best: list[Answer] = []
        for text in texts:
            found = self._search(text.strip(), limit)
            best = sorted([*best, *found], key=lambda answer: (-answer.score, answer.precision.rank))
            if best and best[0].score >= CERTAIN and best[0].precision.rank <= Precision.NUMBER.rank:
                break
        return tuple(best[:limit])

    def _search(self, text: str, limit: int) -> list[Answer]:
        key = key_of(text)
        if not key:
            return []
        address = parse_address(text)
        tails = _tails(key, address)
        for tail in (key, *tails):
            whole = self._named(tail, exact=True)
            if whole:
                return self._answers(whole, address, limit)
        for found in (self._by_house(address), self._by_compound(address), self._by_road(address)):
            if found and found[0].score >= SLIP_SCORE / 2:
                return found[:limit]
        for tail in (key, *tails):
            whole = self._named(tail, exact=False)
            if whole:
                return self._answers(whole, address, limit)
        return self._by_division(address)[:limit]

    # The ways to an answer, from the certain to the likely.

    def _by_house(self, address: Address) -> list[Answer]:
        """Return what has that road and house number; nothing where the house is not mapped."""
        if not address.road or not address.house:
            return []
        for street, score in self._street_keys(address.road):
            rows = self._houses(street, house_key(address.house))
            if rows:
                hits = [_Hit(feature, shown, score, main=True) for feature, shown in rows]
                return self._answers(hits, address, len(hits), numbered=True)
        return []

    def _by_compound(self, address: Address) -> list[Answer]:
        """Return the named ground, or the numbered building in it."""
        if not address.compound:
            return []
        key = key_of(address.compound)
        hits = self._named(key_of(address.community + address.compound)) if address.community else []
        if not hits and not is_part_alone(key):
            hits = self._named(key)
        if address.building:  # another building of the ground is not the ground
            hits = [hit for hit in hits if hit.score != PART_SCORE or not is_building(key_of(hit.shown))]
        if not hits:
            return []
        answers = self._answers(hits, address, len(hits))
        return self._building(hits[0], address, answers) if address.building else answers

    def _building(self, ground: _Hit, address: Address, answers: list[Answer]) -> list[Answer]:
        inside = self._database.execute(
            "SELECT n.feature, n.shown, n.key FROM name n JOIN feature f ON f.id = n.feature "
            "WHERE f.ground = (SELECT osm FROM feature WHERE id = ?) ORDER BY n.main DESC, f.id",
            (ground.feature,),
        ).fetchall()
        labels = {address.building + ending for ending in ("", "号楼", "幢", "栋", "座", "号", "号栋", "楼")}
        for feature, shown, key in inside:
            if key in labels or key.removeprefix(key_of(ground.shown)) in labels:
                return self._answers([_Hit(feature, shown, ground.score, main=True)], address, 1)
        doubt = f"building {address.building} is not mapped"
        return [_doubted(answer, doubt, 1.0) for answer in answers]

    def _by_road(self, address: Address) -> list[Answer]:
        """Return the street, where the house on it is not mapped."""
        if not address.road or (address.rest and not address.house):
            return []
        for street, score in self._street_keys(address.road):
            hits = [
                _Hit(feature, shown, score, main=True)
                for feature, shown, precision in self._database.execute(
                    "SELECT n.feature, n.shown, f.precision FROM name n JOIN feature f ON f.id = n.feature "
                    "WHERE n.key = ?",
                    (street,),
                )
                if precision == Precision.STREET
            ]
            answers = self._answers(hits, address, len(hits))
            if not address.house:
                return answers
            return [_doubted(answer, f"house number {address.house} is not mapped", _COARSER) for answer in answers]
        return []

    def _by_division(self, address: Address) -> list[Answer]:
        """Return the community, subdistrict or district: a fallback only, if something smaller was asked for."""
        smaller = address.compound or address.road
        for part in (address.community, address.subdistrict, address.district):
            if not part:
                smaller = smaller or ""
                continue
            key = key_of(part)
            hits = self._named(key) or self._named(without_committee(key))
            if hits:
                answers = self._answers(hits, address, len(hits))
                doubt = f"{smaller} is not in the extract"
                return [_doubted(answer, doubt, _FALLBACK) for answer in answers] if smaller else answers
            smaller = smaller or part
        return []

    # Lookups.

    def _named(self, key: str, *, exact: bool | None = None) -> list[_Hit]:
        """Return features by name: exactly (``exact=True``), by likeness (False), or the one, then the other (None)."""
        if exact is not False:
            hits = self._rows_to_hits("key", key, CERTAIN)
            if hits or exact:
                return hits
            short = without_committee(key)
            if short != key:
                hits = self._rows_to_hits("key", short, CERTAIN)
                if hits:
                    return hits
        core = core_of(key)
        scored: dict[int, _Hit] = {}
        for feature, shown, found, found_core, main in self._alike(key):
            score = name_score(key, core, found, found_core)
            if score and (feature not in scored or scored[feature].score < score):
                scored[feature] = _Hit(feature, shown, score, bool(main))
        return sorted(scored.values(), key=lambda hit: (-hit.score, hit.feature))

    def _rows_to_hits(self, column: str, value: str, score: float) -> list[_Hit]:
        rows = self._database.execute(
            f"SELECT feature, shown, main FROM name WHERE {column} = ? ORDER BY main DESC, id",  # noqa: S608 (our words)
            (value,),
        )
        hits: dict[int, _Hit] = {}
        for feature, shown, main in rows:
            hits.setdefault(feature, _Hit(feature, shown, score, bool(main)))
        return list(hits.values())

    def _alike(self, key: str) -> list[tuple[int, str, str, str, int]]:
        grams = list(dict.fromkeys(grams_of(key)))
        counts = self._database.execute(
            f"SELECT term, doc FROM gram_count WHERE term IN ({','.join('?' * len(grams))})",  # noqa: S608 (marks only)
            grams,
        ).fetchall()
        rarest = sorted(counts, key=lambda row: (row[1], row[0]))[:_GRAMS]
        wanted = " OR ".join(f'"{gram}"' for gram, _ in rarest)
        if not wanted:
            return []
        return self._database.execute(
            "SELECT n.feature, n.shown, n.key, n.core, n.main FROM name n JOIN "
            "(SELECT rowid FROM grams WHERE grams MATCH ? ORDER BY bm25(grams), rowid LIMIT ?) g ON g.rowid = n.id",
            (wanted, _CANDIDATES),
        ).fetchall()

    def _houses(self, street: str, house: str) -> list[tuple[int, str]]:
        return self._database.execute(
            "SELECT feature, shown FROM house WHERE street = ? AND house = ? ORDER BY feature", (street, house)
        ).fetchall()

    def _street_keys(self, road: str) -> Iterable[tuple[str, float]]:
        """Yield the keys of streets that a road's name may mean: itself, then the likeliest slip of the pen."""
        key = key_of(road)
        known = self._database.execute(
            "SELECT 1 FROM house WHERE street = :key UNION SELECT 1 FROM name n JOIN feature f ON f.id = n.feature "
            "WHERE n.key = :key AND f.precision = 'street'",
            {"key": key},
        ).fetchone()
        if known:
            yield key, CERTAIN
            return
        best: dict[str, float] = {}
        for _, _, found, _, _ in self._alike(key):
            score = slip_score(key, found)
            if score:
                best[found] = max(score, best.get(found, 0.0))
        yield from sorted(best.items(), key=lambda item: (-item[1], item[0]))

    # Answers.

    def _answers(self, hits: list[_Hit], address: Address, limit: int, *, numbered: bool = False) -> list[Answer]:
        """Return answers for features, those that fit the address's divisions first, then the most prominent."""
        ranked = []
        for hit in hits:
            row = self._database.execute(
                "SELECT osm, lon, lat, precision, uncertainty, prominence, context FROM feature WHERE id = ?",
                (hit.feature,),
            ).fetchone()
            osm, lon, lat, precision, uncertainty, prominence, context = row
            exact = Precision(precision)
            if numbered and exact is not Precision.DOOR:
                exact = Precision.NUMBER
            fits, doubts = context_fit(address, set(context.split("|")) if context else set())
            worth = _DOUBTED if doubts else 1.0
            if hit.score < CERTAIN:
                doubts = (*doubts, f"is written {hit.shown} in the extract")
            if prominence == STOP and not asks_for_stop(address):
                doubts = (*doubts, "is a stop or a station of that name, not the place itself")
            score = round(hit.score * worth, 4)
            answer = Answer(lon, lat, hit.shown, exact, score, "osm", self.data_date, uncertainty, osm, doubts)
            ranked.append((-score, -fits, not hit.main, prominence, hit.feature, answer))
        ranked.sort(key=lambda item: item[:-1])
        return [item[-1] for item in ranked[:limit]]


def build_gazetteer(extract: Extract, path: Path | None = None) -> Gazetteer:
    """Return a gazetteer of an extract, in memory or, built beside and moved into place in one step, in a file.

    Raises ``OutputError``.
    """
    return Gazetteer(build_index(extract, path))


def open_gazetteer(path: Path, *, digest: str | None = None) -> Gazetteer:
    """Return a gazetteer built before. ``digest``: of the extract that it must stand for.

    Raises ``NotFoundError`` when there is none, ``UnreadableFileError`` when it is of another extract, of another
    version or damaged: build it again then.
    """
    return Gazetteer(open_index(path, digest))


def _tails(key: str, address: Address) -> tuple[str, ...]:
    """Return what is left of a key after its province, city, district …, the longest first."""
    tails = []
    for part in (address.province, address.city, address.district, address.subdistrict, address.community):
        division = key_of(part)
        if division and key.startswith(division):
            key = key[len(division) :]
            # 3号楼 after a community or after 东区 is one building of many; after a district it may be a name.
            of_a_ground = part is address.community or is_part_alone(division)
            if key and not (of_a_ground and is_part_alone(key)):
                tails.append(key)
    return tuple(tails)


def _doubted(answer: Answer, doubt: str, worth: float) -> Answer:
    from dataclasses import replace

    return replace(answer, score=round(answer.score * worth, 4), doubts=(*answer.doubts, doubt))
