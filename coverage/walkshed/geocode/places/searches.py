"""The ways from the parts of an address to answers: house, compound, road, division."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import shapely

from walkshed.geocode.addresses import Address
from walkshed.geocode.geometry.crossings import crossings_of
from walkshed.geocode.geometry.numbering import between
from walkshed.geocode.names import is_building, is_part_alone, key_of
from walkshed.geocode.places.answers import COARSER, FALLBACK, Answers, doubted, undecided
from walkshed.geocode.places.features import house_key, shown_address
from walkshed.geocode.places.lookups import Feature, Hit, Lookups
from walkshed.geocode.places.matching import CERTAIN, CORE_SCORE, PART_SCORE
from walkshed.model.geocoding import Location, Precision
from walkshed.model.messages import Message

A_NUMBER: Final = re.compile(r"[0-9-]+[a-z]?号?")
#: What a number between two mapped ones is worth: taken, with its doubt.
_BETWEEN: Final = 0.75
_IN_LANE: Final = 0.9
_NEAR_APPROACH: Final = 0.9  # of two streets that do not touch
_LANE_M: Final = 100.0  # from one house of a lane to another


class Searches:
    """The searches of one gazetteer."""

    def __init__(self, lookups: Lookups, answers: Answers) -> None:
        self._lookups = lookups
        self._answers = answers

    def by_house(self, address: Address) -> list[Location]:
        """Return what has that road and house number, else its lane, else its place between two mapped numbers."""
        if not address.road or not address.house:
            return []
        for street, score in self._lookups.streets(key_of(address.road)):
            found = self.house_on(street, house_key(address.house), score, address)
            if found:
                return found
        return []

    def house_on(self, street: str, house: str, score: float, address: Address) -> list[Location]:
        """Return answers for a house on a street of the map; none where nothing tells."""
        rows = self._lookups.houses(street, house)
        if rows:
            # 70号 before 68-70号
            own = self._lookups.as_written(key_of(shown_address(street, house)))
            exact = {hit.feature for hit in own}
            hits = [Hit(feature, shown, score, main=feature in exact) for feature, shown in rows]
            return self._answers.of(hits, address, len(hits), numbered=True)
        return self._in_lane(street, house, score, address) or self._between(street, house, score)

    def _in_lane(self, street: str, house: str, score: float, address: Address) -> list[Location]:
        """Return what is mapped of a lane (351弄) where the lane or another house of it is asked for."""
        lane, mark, _ = house.partition("弄")
        if not mark:
            return []
        whole = f"{lane}弄"
        rows = {
            feature: (label, shown)
            for label, feature, shown in self._lookups.numbers_on(street)
            if label.startswith(whole)
        }
        hits = [
            Hit(feature, shown, score, main=label == whole)
            for feature, (label, shown) in rows.items()
        ]
        answers = self._answers.of(hits, address, len(hits), numbered=True)
        return [
            replace(
                doubted(answer, _of_lane(house, answer.matched), _IN_LANE),
                uncertainty_m=answer.uncertainty_m + _LANE_M,
            )
            for answer in answers
        ]

    def _between(self, street: str, house: str, score: float) -> list[Location]:
        """Return the place of a plain number between the nearest mapped ones of its side."""
        lines = self._lookups.street(street, score)
        if not house.isdecimal() or len(lines) != 1:
            return []
        houses: dict[int, tuple[float, float]] = {}
        for label, number, _ in self._lookups.numbers_on(street):
            if label.isdecimal():
                feature = self._lookups.feature(number)
                houses[int(label)] = feature.lon, feature.lat

        place = between(int(house), houses, self._lookups.feature(lines[0].feature).shape)
        if place is None:
            return []
        matched = shown_address(lines[0].shown, house)
        answer = self._answers.at(
            place.lon, place.lat, place.uncertainty_m, matched=matched, precision=Precision.NUMBER
        )
        doubt = Message(
            "interpolated between numbers {lower} and {upper}",
            lower=place.lower,
            upper=place.upper,
        )
        return [doubted(answer, doubt, _BETWEEN * score)]

    def by_compound(self, address: Address) -> list[Location]:
        """Return the named ground, or the numbered building in it."""
        if not address.compound:
            return []

        # with its community first, then by itself
        key = key_of(address.compound)
        hits: list[Hit] = []
        if address.community:
            hits = self._lookups.named(key_of(address.community + address.compound))
        if not hits and not is_part_alone(key) and not A_NUMBER.fullmatch(key):
            hits = self._lookups.named(key)

        # another building of the ground is not the ground
        if address.building:
            hits = [
                hit for hit in hits if hit.score != PART_SCORE or not is_building(key_of(hit.shown))
            ]
        if not hits:
            return []

        answers = self._answers.of(hits, address, len(hits), rivals=rivals_of(hits))
        if address.building:
            ground = self._lookups.feature(hits[0].feature)
            return self.building_in(ground, hits[0].score, address, answers)
        return answers

    def building_in(
        self, ground: Feature, score: float, address: Address, answers: list[Location]
    ) -> list[Location]:
        """Return the numbered building in a ground, else the ground's answers with a doubt."""
        endings = ("", "号楼", "幢", "栋", "座", "号", "号栋", "楼")
        labels = {address.building + ending for ending in endings}
        if answers[0].score >= score:
            mapped = self.named_in(ground, labels, score, address)
            if mapped:
                return mapped
        doubt = Message("building {building} is not mapped", building=address.building)
        return [doubted(answer, doubt, 1.0) for answer in answers]

    def named_in(
        self, ground: Feature, labels: set[str], score: float, address: Address
    ) -> list[Location]:
        """Return what lies in a ground and is called by one of some keys, with or without the ground's name."""
        hits = [
            Hit(feature, shown, score, main=True)
            for feature, shown, key in self._lookups.inside(ground.id)
            if key in labels or key.removeprefix(key_of(ground.shown)) in labels
        ]
        return self._answers.of(hits[:1], address, 1)

    def by_road(self, address: Address) -> list[Location]:
        """Return the street, where the house on it is not mapped."""
        if not address.road or (address.rest and not address.house):
            return []
        for street, score in self._lookups.streets(key_of(address.road)):
            return self.street(street, score, address)
        return []

    def street(self, street: str, score: float, address: Address) -> list[Location]:
        """Return a street of the map, with a doubt where a house on it was asked for."""
        hits = self._lookups.street(street, score)
        answers = self._answers.of(hits, address, len(hits))
        if not address.house:
            return answers
        doubt = Message("house number {house} is not mapped", house=address.house)
        return [doubted(answer, doubt, COARSER) for answer in answers]

    def crossing(self, one: Sequence[Feature], other: Sequence[Feature]) -> list[Location]:
        """Return where two streets of the map cross; several crossings are told and not taken."""
        if not one or not other:
            return []
        lines = [shapely.union_all([way.shape for way in street]) for street in (one, other)]
        crossings = crossings_of(lines[0], lines[1])
        answers = []
        for crossing in crossings:
            answer = self._answers.at(
                crossing.lon,
                crossing.lat,
                crossing.uncertainty_m,
                matched=f"{one[0].shown} × {other[0].shown}",
                precision=Precision.SPOT,
            )
            if crossing.gap_m > 0.0:
                told = Message(
                    "the streets come within {gap:.0f} m of each other",
                    gap=max(crossing.gap_m, 1.0),
                )
                answer = doubted(answer, told, _NEAR_APPROACH)
            if len(crossings) > 1:
                told = Message(
                    "the streets cross at {count} {count:place|places}", count=len(crossings)
                )
                answer = undecided(answer, told)
            answers.append(answer)
        return answers

    def by_division(self, address: Address) -> list[Location]:
        """Return the community, subdistrict or district.

        It is a fallback only, if something smaller was asked for.
        """
        smaller = address.compound or address.road
        for part in (address.community, address.subdistrict, address.district):
            if not part:
                continue
            hits = self._lookups.named(key_of(part))
            if not hits:
                smaller = smaller or part
                continue

            answers = self._answers.of(hits, address, len(hits))
            if smaller:
                doubt = Message("{place} is not in the extract", place=smaller)
                answers = [doubted(answer, doubt, FALLBACK) for answer in answers]
            return answers
        return []


def _of_lane(house: str, mapped: str) -> Message:
    """Return what is told of a house that is not mapped, where another one of its lane is."""
    return Message("house number {house} is not mapped, {mapped} is", house=house, mapped=mapped)


def rivals_of(hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return the names that a slip leads to equally well, if there is more than one.

    海棠 may be 海棠苑, and as well a part of it that is called 海棠东苑.
    """
    if not hits or hits[0].score >= CERTAIN:
        return ()
    least = min(hits[0].score, PART_SCORE) if hits[0].score == CORE_SCORE else hits[0].score
    best = {key_of(hit.shown): hit.shown for hit in hits if hit.score >= least}
    if len(best) < 2:
        return ()
    return tuple(best.values())[:4]
