"""The embedded gazetteer: an extract's names and addresses in SQLite, looked up without a network.

Lookups go from the certain to the likely: the whole text as a name; road and house number; the name
of the compound, the building in it; the street; the community. Candidates for a slip of the pen
come from FTS5 over characters and pairs of characters (a trigram index finds nothing for names of
two), are thrown out by ``names.conflict`` and ranked by likeness.
"""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from walkshed.geocode.addresses import Address, parse_address
from walkshed.geocode.names import (
    is_building,
    is_part_alone,
    key_of,
)
from walkshed.geocode.places.features import STOP, house_key
from walkshed.geocode.places.index import build_index, open_index
from walkshed.geocode.places.lookups import Hit, Lookups
from walkshed.geocode.places.matching import (
    CERTAIN,
    PART_SCORE,
    SLIP_SCORE,
    asks_for_stop,
    context_fit,
)
from walkshed.model.geocoding import Answer, Precision, Query
from walkshed.model.ground.extract import Extract
from walkshed.model.messages import Message

#: An answer that stands for less than was asked (a street for a house that is not mapped) is worth
#: this much.
_COARSER: Final = 0.7
_FALLBACK: Final = 0.5
_DOUBTED: Final = 0.75
_UNDECIDED: Final = 0.55  # two names as near as each other: listed, not taken
_A_NUMBER: Final = re.compile(r"[0-9-]+[a-z]?号?")


class Gazetteer:
    """Names and addresses of one extract. Close it (or use ``with``) when it lies in a file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._database = connection
        self._names = Lookups(connection)
        meta = dict(connection.execute("SELECT key, value FROM meta"))
        self.digest: str = meta["digest"]
        self.data_date: str | None = meta["data_date"] or None

    def __enter__(self) -> Self:
        """Return the gazetteer itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
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
        best = self.candidates(query, limit=1)
        if best and best[0].score >= min_score:
            return best[0]
        return None

    def candidates(self, query: str | Query, *, limit: int = 5) -> tuple[Answer, ...]:
        """Return the best answers, the best first.

        A query with address and name tries the address, then the name.
        """
        texts = [query] if isinstance(query, str) else [query.address, query.name]
        best: list[Answer] = []
        for text in texts:
            best += self._search(text.strip(), limit)
            best.sort(key=lambda answer: (-answer.score, answer.precision.rank))

            # a house that is called so: the other text cannot do better
            if not best or best[0].score < CERTAIN:
                continue
            if best[0].precision.rank <= Precision.NUMBER.rank:
                break
        return tuple(best[:limit])

    def _search(self, text: str, limit: int) -> list[Answer]:
        """Return the best answers to one text."""
        key = key_of(text)
        if not key:
            return []

        # 1. A name as it stands, with or without the divisions before it.
        address = parse_address(text)
        tails = (key, *_tails(key, address))
        for tail in tails:
            whole = self._names.as_written(tail)
            if whole:
                return self._answers(whole, address, limit)

        # 2. The parts of the address, from the certain to the likely.
        parts: list[Answer] = []
        for search in (self._by_house, self._by_compound, self._by_road):
            answers = search(address)
            if answers and answers[0].score >= SLIP_SCORE / 2:
                parts = answers
                break
        if parts and parts[0].score >= CERTAIN:
            return parts[:limit]

        # 3. A slip in the whole name may be likelier than one in a part of it: 文海路镇环北路 is not
        # 环镇北路.
        for tail in tails:
            whole = self._names.alike(tail)
            if whole and (not parts or whole[0].score > parts[0].score):
                return self._answers(whole, address, limit, rivals=_rivals(whole))

        # 4. The division around it.
        return (parts or self._by_division(address))[:limit]

    # The ways to an answer, from the certain to the likely.

    def _by_house(self, address: Address) -> list[Answer]:
        """Return what has that road and house number; nothing where the house is not mapped."""
        if not address.road or not address.house:
            return []
        for street, score in self._names.streets(key_of(address.road)):
            rows = self._names.houses(street, house_key(address.house))
            if rows:
                hits = [Hit(feature, shown, score, main=True) for feature, shown in rows]
                return self._answers(hits, address, len(hits), numbered=True)
        return []

    def _by_compound(self, address: Address) -> list[Answer]:
        """Return the named ground, or the numbered building in it."""
        if not address.compound:
            return []

        # with its community first, then by itself
        key = key_of(address.compound)
        hits: list[Hit] = []
        if address.community:
            hits = self._names.named(key_of(address.community + address.compound))
        if not hits and not is_part_alone(key) and not _A_NUMBER.fullmatch(key):
            hits = self._names.named(key)

        # another building of the ground is not the ground
        if address.building:
            hits = [
                hit for hit in hits if hit.score != PART_SCORE or not is_building(key_of(hit.shown))
            ]
        if not hits:
            return []

        answers = self._answers(hits, address, len(hits))
        if address.building:
            return self._building(hits[0], address, answers)
        return answers

    def _building(self, ground: Hit, address: Address, answers: list[Answer]) -> list[Answer]:
        """Return the numbered building in a ground, else the ground's answers with a doubt."""
        endings = ("", "号楼", "幢", "栋", "座", "号", "号栋", "楼")
        labels = {address.building + ending for ending in endings}
        for feature, shown, key in self._names.inside(ground.feature):
            if key in labels or key.removeprefix(key_of(ground.shown)) in labels:
                return self._answers([Hit(feature, shown, ground.score, main=True)], address, 1)
        doubt = Message("building {building} is not mapped", building=address.building)
        return [_doubted(answer, doubt, 1.0) for answer in answers]

    def _by_road(self, address: Address) -> list[Answer]:
        """Return the street, where the house on it is not mapped."""
        if not address.road or (address.rest and not address.house):
            return []
        for street, score in self._names.streets(key_of(address.road)):
            hits = self._names.street(street, score)
            answers = self._answers(hits, address, len(hits))
            if not address.house:
                return answers
            return [
                _doubted(
                    answer,
                    Message("house number {house} is not mapped", house=address.house),
                    _COARSER,
                )
                for answer in answers
            ]
        return []

    def _by_division(self, address: Address) -> list[Answer]:
        """Return the community, subdistrict or district.

        It is a fallback only, if something smaller was asked for.
        """
        smaller = address.compound or address.road
        for part in (address.community, address.subdistrict, address.district):
            if not part:
                continue
            hits = self._names.named(key_of(part))
            if not hits:
                smaller = smaller or part
                continue

            answers = self._answers(hits, address, len(hits))
            if smaller:
                doubt = Message("{place} is not in the extract", place=smaller)
                answers = [_doubted(answer, doubt, _FALLBACK) for answer in answers]
            return answers
        return []

    # Answers.

    def _answers(
        self,
        hits: list[Hit],
        address: Address,
        limit: int,
        *,
        numbered: bool = False,
        rivals: tuple[str, ...] = (),
    ) -> list[Answer]:
        """Return answers for features, the best score first.

        Of one score those that fit the address's divisions come first, then the most prominent.
        """
        ranked = []
        for hit in hits:
            row = self._database.execute(
                "SELECT osm, lon, lat, precision, uncertainty, prominence, context FROM feature "
                "WHERE id = ?",
                (hit.feature,),
            ).fetchone()
            osm, lon, lat, precision, uncertainty, prominence, context = row

            # a number on a street is a number, whatever else the feature is
            exact = Precision(precision)
            if numbered and exact is not Precision.DOOR:
                exact = Precision.NUMBER

            # what contradicts, and what it costs
            divisions = set(context.split("|")) if context else set()
            fits, contradictions = context_fit(address, divisions, hit.shown)
            score = hit.score
            if contradictions:
                score *= _DOUBTED
            if hit.shown in rivals:
                score = min(score, _UNDECIDED)
            score = round(min(score, 1.0), 4)

            doubts = list(contradictions)
            if hit.score < CERTAIN:
                doubts.append(Message("is written {name} in the extract", name=hit.shown))
            if hit.shown in rivals:
                others = "、".join(name for name in rivals if name != hit.shown)
                doubts.append(Message("may as well be {others}", others=others))
            if prominence == STOP and not asks_for_stop(address):
                doubts.append(Message("is a stop or a station of that name, not the place itself"))

            answer = Answer(
                lon=lon,
                lat=lat,
                matched=hit.shown,
                precision=exact,
                score=score,
                source="osm",
                data_date=self.data_date,
                uncertainty_m=uncertainty,
                feature=osm,
                doubts=tuple(doubts),
            )
            ranked.append((-score, -fits, not hit.main, prominence, hit.feature, answer))
        ranked.sort(key=lambda item: item[:-1])
        return [item[-1] for item in ranked[:limit]]


def build_gazetteer(extract: Extract, path: Path | None = None) -> Gazetteer:
    """Return a gazetteer of an extract, in memory or in a file.

    A file is built beside its place and moved there in one step. Raises ``OutputError``.
    """
    return Gazetteer(build_index(extract, path))


def open_gazetteer(path: Path, *, digest: str | None = None) -> Gazetteer:
    """Return a gazetteer built before. ``digest``: of the extract that it must stand for.

    Raises ``NotFoundError`` when there is none, ``UnreadableFileError`` when it is of another
    extract, of another version or damaged: build it again then.
    """
    return Gazetteer(open_index(path, digest))


def _rivals(hits: list[Hit]) -> tuple[str, ...]:
    """Return the names that a slip leads to equally well, if there is more than one."""
    best = {key_of(hit.shown): hit.shown for hit in hits if hit.score == hits[0].score}
    if len(best) < 2:
        return ()
    return tuple(best.values())[:4]


def _tails(key: str, address: Address) -> tuple[str, ...]:
    """Return what is left of a key after its province, city, district …, the longest first."""
    divisions = (
        address.province,
        address.city,
        address.district,
        address.subdistrict,
        address.community,
    )
    tails = []
    for part in divisions:
        division = key_of(part)
        if not division or not key.startswith(division):
            continue
        key = key[len(division) :]

        # 3号楼 after a community or after 东区 is one building of many; after a district it may be a
        # name
        of_a_ground = part is address.community or is_part_alone(division)
        if key and not (of_a_ground and (is_part_alone(key) or _A_NUMBER.fullmatch(key))):
            tails.append(key)
    return tuple(tails)


def _doubted(answer: Answer, doubt: str, worth: float) -> Answer:
    from dataclasses import replace

    return replace(answer, score=round(answer.score * worth, 4), doubts=(*answer.doubts, doubt))
