"""The embedded gazetteer: an extract's names and addresses in SQLite, looked up without a network.

Lookups go from the certain to the likely: the whole text as a name; the text cut into known names
and the words around them (``meanings``); road and house number; the name of the compound, the
building in it; the street; the community. Candidates for a slip of the pen come from FTS5 over
characters and pairs of characters (a trigram index finds nothing for names of two), are thrown out
by ``names.conflict`` and ranked by likeness.
"""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.geocode.addresses import Address, parse_address
from walkshed.geocode.geometry.shapes import M_PER_DEGREE, meters_apart
from walkshed.geocode.names import is_chinese, is_part_alone, key_of, without_committee
from walkshed.geocode.places.answers import COARSER, UNDECIDED, Answers, doubted, undecided
from walkshed.geocode.places.features import STOP
from walkshed.geocode.places.index import build_index, open_index
from walkshed.geocode.places.lookups import Hit, Lookups
from walkshed.geocode.places.matching import CERTAIN, PART_SCORE, SLIP_SCORE, asks_for_stop
from walkshed.geocode.places.meanings import Meanings
from walkshed.geocode.places.searches import A_NUMBER, Searches, rivals_of
from walkshed.geocode.places.western.answering import Western
from walkshed.geocode.places.western.reading import is_address
from walkshed.geocode.wordings.pieces import is_word
from walkshed.model.geocoding import Location, Precision, Query
from walkshed.model.ground.extract import Extract
from walkshed.model.messages import Message

#: The place of a row's name may lie so far from its address's.
_APART_M: Final = 300.0
_ASIDE: Final = re.compile(r"[（(\[【]([^）)\]】]*)[）)\]】]")
#: An aside that names another part or place: 二期, B区, 北苑, 原…新村.
_TELLING_ASIDE: Final = re.compile(r"[0-9a-z]|[东西南北中新老][区苑园村]|[区苑园村里坊]$")
_NOT_UNDERSTOOD: Final = 0.9


class Gazetteer:
    """Names and addresses of one extract. Close it (or use ``with``) when it lies in a file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._database = connection
        self._names = Lookups(connection)
        meta = dict(connection.execute("SELECT key, value FROM meta"))
        self.digest: str = meta["digest"]
        self.data_date: str | None = meta["data_date"] or None
        self._answers = Answers(self._names, self.data_date)
        self._searches = Searches(self._names, self._answers)
        self._meanings = Meanings(self._names, self._answers, self._searches)
        self._western = Western(self._names, self._answers, self._searches)

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

    def find(self, query: str | Query, *, min_score: float = 0.6) -> Location | None:
        """Return the best answer, None when nothing in the extract is what was asked for."""
        best = self.candidates(query, limit=1)
        if best and best[0].score >= min_score:
            return best[0]
        return None

    def candidates(self, query: str | Query, *, limit: int = 5) -> tuple[Location, ...]:
        """Return the best answers, the best first.

        A text is a name of the map or an address; a query is a row of a planner's table: its
        address is tried, then its name, and a part alone (3号楼) tells no place.
        """
        if isinstance(query, str):
            return tuple(self._search(query.strip())[:limit])
        of_address = self._of_row(query.address.strip())

        # a house that is called so: the name cannot do better
        house = of_address and of_address[0].precision.rank <= Precision.NUMBER.rank
        if house and of_address[0].score >= CERTAIN:
            return tuple(of_address[:limit])
        return tuple(self._of_both(of_address, self._of_row(query.name.strip()))[:limit])

    def _of_row(self, text: str) -> list[Location]:
        """Return the best answers to the address or the name of a row."""
        answers, key = self._search(text), key_of(text)
        keys = (key, *_tails(key, parse_address(text)))
        if any(is_part_alone(part) or is_word(part) for part in keys):
            told = Message("a part without its ground")
            return [undecided(answer, told) for answer in answers]
        return answers

    def _search(self, text: str) -> list[Location]:
        """Return the best answers to one text."""
        key = key_of(text)
        if not key:
            return []

        # a Western address, unless all of it is the name of something else
        if not is_chinese(text) and not self._is_thing(key):
            western = self._western.of(text)
            if western:
                return western

            if is_address(text):
                return [_asked(answer) for answer in self._by_parts(text, key)]
        return self._by_parts(text, key)

    def _by_parts(self, text: str, key: str) -> list[Location]:
        """Return the best answers to a text by its own parts, Chinese or a name."""
        # 1. A name as it stands, with or without the divisions before it.
        address = parse_address(text)
        tails = (key, *_tails(key, address))
        written = self._written(tails)
        stops = self._answers.of(written, address, len(written))
        begun = self._begun_before(tails, key)
        if begun:
            stops = [
                undecided(answer, Message("may as well be {others}", others=begun))
                for answer in stops
            ]
        if written and (asks_for_stop(address) or not self._all_stops(written)):
            return stops

        # 2. Known names and the words around them; a stop that is called so comes after.
        meant = self._meanings.of(text, address) if is_chinese(text) else []
        if meant:
            return [*meant, *stops]
        if written:
            return [*self._parts_of(tails, address), *stops]
        committee = self._written(tuple(map(without_committee, tails)))
        if committee:
            return self._answers.of(committee, address, len(committee))

        # 3. The parts of the address, from the certain to the likely.
        parts: list[Location] = []
        searches = self._searches
        for search in (searches.by_house, searches.by_compound, searches.by_road):
            answers = search(address)
            if answers and answers[0].score >= SLIP_SCORE / 2:
                of_ground = search == searches.by_compound
                parts = _with_aside(answers, text) if of_ground else answers
                break
        if parts and parts[0].score >= CERTAIN:
            return parts

        # 4. A slip in the whole name may be likelier than one in a part of it: 文海路镇环北路 is not
        # 环镇北路.
        for tail in tails:
            whole = self._names.alike(tail)
            if whole and (not parts or whole[0].score > parts[0].score):
                return self._answers.of(whole, address, len(whole), rivals=rivals_of(whole))

        # 5. The division around it.
        return parts or searches.by_division(address)

    def _of_both(self, of_address: list[Location], of_name: list[Location]) -> list[Location]:
        """Return the answers to the address and to the name of a row, the best first.

        A name that is mapped, but far from where the address or its street is, makes both doubtful.
        """
        if not (of_address and of_name):
            return of_address or of_name
        address, name = of_address[0], of_name[0]
        street = address.precision is Precision.STREET and address.score >= COARSER
        if (_good(address) or street) and _good(name) and name.score >= PART_SCORE:
            apart_m = meters_apart(self._ground_of(address), self._ground_of(name))
            if apart_m > _APART_M:
                told = Message(
                    "{one} is mapped {apart:.0f} m from {other}",
                    one=name.matched,
                    apart=apart_m,
                    other=address.matched,
                )
                return [*(undecided(answer, told) for answer in (name, address)), *of_address[1:]]

        first, second = of_address, of_name
        if (-name.score, name.precision.rank) < (-address.score, address.precision.rank):
            first, second = of_name, of_address
        return [*first, *second]

    def _ground_of(self, answer: Location) -> BaseGeometry:
        """Return the ground or the street that an answer stands for, else the circle in which it lies."""
        feature = self._names.of_osm(answer.feature)
        if feature is not None:
            return feature.shape
        return shapely.Point(answer.lon, answer.lat).buffer(answer.uncertainty_m / M_PER_DEGREE)

    def _written(self, keys: tuple[str, ...]) -> list[Hit]:
        """Return what bears the first of some keys that is a name of the map."""
        return next((hits for key in keys if (hits := self._names.as_written(key))), [])

    def _begun_before(self, tails: tuple[str, ...], key: str) -> str:
        """Return the name of the map that begins with the last character of the division before a name.

        湖滨市桥路 is 桥路 in 湖滨市, and as well 市桥路 in 湖滨. "" where there is no such name, or no
        doubt.
        """
        tail = next((tail for tail in tails if self._names.as_written(tail)), key)
        division = key[: len(key) - len(tail)]
        if not division or self._answers.knows(division):
            return ""
        longer = self._names.as_written(division[-1] + tail)
        return longer[0].shown if longer else ""

    def _is_thing(self, key: str) -> bool:
        """Return whether a key is the name of something that is no street: a hospital, a park."""
        hits = [hit for hit in self._names.as_written(key) if hit.main]
        return any(self._names.feature(hit.feature).sort != "street" for hit in hits)

    def _all_stops(self, hits: list[Hit]) -> bool:
        """Return whether nothing but stops bears a name."""
        return all(self._names.feature(hit.feature).prominence == STOP for hit in hits)

    def _parts_of(self, tails: tuple[str, ...], address: Address) -> list[Location]:
        """Return the parts that the map has of what only a stop is called after: 祁连二村A街坊."""
        for tail in tails:
            parts = [hit for hit in self._names.alike(tail) if hit.score == PART_SCORE]
            if parts:
                return self._answers.of(parts, address, len(parts), rivals=rivals_of(parts))
        return []


def _with_aside(answers: list[Location], text: str) -> list[Location]:
    """Return answers for a text without what stands in parentheses, with a doubt for that: 慧华苑（二期）."""
    aside = "".join(_ASIDE.findall(text))
    if not aside:
        return answers
    told = Message("{aside} is not understood", aside=aside)
    if _TELLING_ASIDE.search(key_of(aside)):
        return [undecided(answer, told) for answer in answers]
    return [doubted(answer, told, _NOT_UNDERSTOOD) for answer in answers]


def _asked(answer: Location) -> Location:
    """Return an answer to a Western address whose street the map writes otherwise: told, not taken."""
    if answer.score >= CERTAIN or answer.score <= UNDECIDED:
        return answer
    return undecided(answer, Message("the street may be another one"))


def _good(answer: Location) -> bool:
    """Return whether an answer may be taken: finer than a street or a community."""
    coarse = (Precision.STREET, Precision.COMMUNITY, Precision.AREA)
    return answer.score > UNDECIDED and answer.precision not in coarse


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
        if key and not (of_a_ground and (is_part_alone(key) or A_NUMBER.fullmatch(key))):
            tails.append(key)
    return tuple(tails)
