"""What an address means whose every character is a known name or a word around one.

1. A stop that is asked for as such, or a way out of it.
2. One place, with what stands beside it: its building, a part of it, what is opposite. The streets
   in the text must lie near it.
3. Several places: the last one, if they lie together.
4. A house on a street, else the crossing of two streets, else the street.

What contradicts, and what may be meant in two ways, is told and not taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import shapely

from walkshed.geocode.addresses import Address
from walkshed.geocode.geometry.shapes import meters_apart
from walkshed.geocode.names import key_of, without_rank
from walkshed.geocode.places.answers import (
    COARSER,
    Answers,
    doubted,
    undecided,
    wider,
)
from walkshed.geocode.places.lookups import Feature, Lookups
from walkshed.geocode.places.matching import CERTAIN
from walkshed.geocode.places.mentions import Mention, label_of, mentions_of
from walkshed.geocode.places.searches import Searches
from walkshed.geocode.places.stops import stop_answers
from walkshed.geocode.wordings.pieces import Piece, readings_of
from walkshed.geocode.wordings.vocabulary import Kind, is_of_sort
from walkshed.model.geocoding import Location, Precision
from walkshed.model.messages import Message

#: A street of the address runs no farther from the place; two places of one address lie no farther
#: from each other.
_AT_STREET_M: Final = 300.0
_TOGETHER_M: Final = 150.0
_OPPOSITE_M, _BESIDE_M = 100.0, 50.0
#: What is left of an answer for what lies beside it, for a part of it that is not mapped, on a road
#: that is not mapped.
_BESIDE, _PART, _NO_ROAD = 0.85, 0.9, 0.9


class Meanings:
    """The meanings of addresses in one gazetteer."""

    def __init__(self, lookups: Lookups, answers: Answers, searches: Searches) -> None:
        self._lookups = lookups
        self._answers = answers
        self._searches = searches
        self._divisions = lookups.divisions()
        self._divisions |= {short for word in self._divisions if (short := without_rank(word))}

    def of(self, text: str, address: Address) -> list[Location]:
        """Return the answers to a text, none where a part of it is not understood."""
        divisions = self._divisions | address.divisions
        communities = {key_of(address.community)} - {""}
        readings = readings_of(text, self._lookups.known, divisions, communities=communities)
        outcomes = [answers for pieces in readings if (answers := self._meaning(pieces, address))]
        if not outcomes:
            return []

        # two ways to read it that lead to two places
        first = outcomes[0]
        for other in outcomes[1:]:
            if _apart_m(first[0], other[0]) > _TOGETHER_M:
                doubt = Message("may as well be {others}", others=other[0].matched)
                return [undecided(first[0], doubt), *other, *first[1:]]
        return first

    def _meaning(self, pieces: Sequence[Piece], address: Address) -> list[Location]:
        """Return the answers to one way to read an address."""
        if any(piece.kind is Kind.UNKNOWN for piece in pieces):
            return []
        mentions = mentions_of(pieces, self._lookups)
        by_sort: dict[str, list[Mention]] = {}
        for mention in mentions:
            by_sort.setdefault(mention.sort, []).append(mention)
        places, streets = by_sort.get("place", []), by_sort.get("street", [])
        stops, roads = by_sort.get("stop", []), by_sort.get("road", [])

        # 1. stops
        if stops:
            if places or len(stops) > 1:
                return []
            answers = stop_answers(stops[0], self._lookups, self._answers)
            far = self._far_street(stops[0].features[0][1], streets)
            if far is not None:
                answers = [undecided(answer, far) for answer in answers]
            return [self._beside(answer, stops[0]) for answer in answers]

        # 2. and 3. places; a road that is not on the map may stand before them only: of 泮池北鸿路,
        # 泮池 is no place
        last = max((mentions.index(road) for road in roads), default=-1)
        if roads and not (places and last < mentions.index(places[0])):
            return []
        if places:
            return self._place(places, streets, roads, address)

        # 4. streets
        if streets and "named" not in by_sort:
            return self._street(streets, address)
        if streets and any(street.houses for street in streets):
            return self._street(streets, address)
        return []

    # Places.

    def _place(
        self,
        places: Sequence[Mention],
        streets: Sequence[Mention],
        roads: Sequence[Mention],
        address: Address,
    ) -> list[Location]:
        """Return the last of the places of an address, with what is said around it."""
        # what something lies opposite of, or near to, is not the place itself if another is named;
        # of several bearers of the name those at the streets of the address are meant
        own = [each for each in places if not each.is_landmark]
        place = (own or places)[-1]
        near = [pair for pair in place.features if self._far_street(pair[1], streets) is None]
        hits = [hit for hit, _ in near or place.features]
        listed = self._answers.found(hits, address)
        answers = self._answers.of(hits, address, len(hits))
        if not near:
            far = self._far_street(listed[0].feature, streets)
            assert far is not None
            answers = [undecided(answer, far) for answer in answers]

        # what the words after it say
        best = listed[0].feature
        answers = self._around(place, best, answers, address)
        if place.near:
            answers = [self._next_to(each, best, _OPPOSITE_M, place.near) for each in answers]

        # a road that is not on the map, other places, and the house number of its street
        for road in roads:
            doubt = Message("{place} is not in the extract", place=road.key)
            sure = best.precision is Precision.COMPOUND
            answers = [
                doubted(each, doubt, _NO_ROAD) if sure else undecided(each, doubt)
                for each in answers
            ]
        for other in places:
            if other is not place:
                answers = _together_with(other, best, answers)
        return self._with_house(streets, best, answers, address)

    def _far_street(self, feature: Feature, streets: Sequence[Mention]) -> str | None:
        """Return which street of an address runs far from a place, and how far; None where none does."""
        for street in streets:
            lines = [line for _, line in street.features]
            if not lines:
                continue
            away_m = min(meters_apart(line.shape, feature.shape) for line in lines)
            if away_m > _AT_STREET_M:
                return Message("{street} runs {away:.0f} m from it", street=street.key, away=away_m)
        return None

    def _around(
        self, place: Mention, best: Feature, answers: list[Location], address: Address
    ) -> list[Location]:
        """Return answers for what the words after a place's name ask for: its building, its gate, beside it."""
        worth = answers[0].score
        for piece in place.after:
            if piece.kind in (Kind.HOUSE, Kind.BUILDING):
                label = label_of(piece.text.rstrip("楼幢栋座"))
                inner = replace(address, building=label)
                answers = self._searches.building_in(best, worth, inner, answers)
            elif piece.kind is Kind.PART:
                inside = self._searches.named_in(best, {piece.text}, worth, address)
                told = Message("{part} is not mapped", part=piece.text)
                answers = inside or [doubted(answer, told, _PART) for answer in answers]
            elif piece.kind is Kind.SORT and not _may_be(best, piece.text):
                told = Message(
                    "{name} is not a {sort} on the map", name=best.shown, sort=piece.text
                )
                answers = [undecided(answer, told) for answer in answers]
            elif piece.kind in (Kind.CORNER, Kind.STRETCH, Kind.LINE, Kind.STOP, Kind.EXIT):
                told = _near_it(piece.text)
                answers = [undecided(answer, told) for answer in answers]
        return [self._beside(answer, place) for answer in answers]

    def _beside(self, answer: Location, mention: Mention) -> Location:
        """Return an answer with what is said of beside it, or of somewhere about it."""
        feature = mention.features[0][1]
        beside, about = mention.says(Kind.BESIDE), mention.says(Kind.ABOUT)
        if about:
            return undecided(answer, _near_it(about))
        if beside:
            by_m = _OPPOSITE_M if "对" in beside else _BESIDE_M
            return self._next_to(answer, feature, by_m, beside)
        return answer

    def _next_to(self, answer: Location, feature: Feature, by_m: float, word: str) -> Location:
        """Return an answer for what lies next to it."""
        told = Message("what lies beside it ({word}) is asked for", word=word)
        return wider(doubted(answer, told, _BESIDE), feature.shape, by_m)

    def _with_house(
        self, streets: Sequence[Mention], best: Feature, answers: list[Location], address: Address
    ) -> list[Location]:
        """Return the mapped house that the address names beside a place: the house itself, or a contradiction."""
        for street in streets:
            for house in street.houses:
                rows = self._lookups.houses(street.key, house)
                if not rows:
                    continue
                houses = self._searches.house_on(street.key, house, CERTAIN, address)
                shape = self._lookups.feature(rows[0][0]).shape
                apart_m = meters_apart(shape, best.shape)
                if apart_m <= _AT_STREET_M:
                    return [*houses, *answers]
                told = _mapped_apart(houses[0].matched, best.shown, apart_m)
                return [undecided(houses[0], told), *(undecided(each, told) for each in answers)]
        return answers

    # Streets.

    def _street(self, streets: Sequence[Mention], address: Address) -> list[Location]:
        """Return a house on a street, else a crossing, else the street."""
        first = streets[0]
        keys = list(dict.fromkeys(street.key for street in streets))
        house = next(((each.key, label) for each in streets for label in each.houses), None)
        if house is None and len(keys) == 1:
            house = _house_before(first)

        # the house
        if house is not None:
            found = self._searches.house_on(*house, CERTAIN, address)
            if found:
                return [self._beside(answer, first) for answer in found if first.features] or found

        # the crossing of two streets, of which neither is a stretch between others
        whole = self._searches.street(first.key, CERTAIN, replace(address, lane="", number=""))
        told = ""
        if house is not None:
            told = Message("house number {house} is not mapped", house=house[1])
        stretch = any(street.says(Kind.STRETCH) for street in streets)
        if len(keys) == 2 and not stretch:
            crossing = self._crossing(first, streets[-1])
            if crossing:
                crossing = [undecided(each, told) for each in crossing] if told else crossing
                return [*crossing, *whole]
            told = told or Message(
                "{one} and {other} do not meet on the map", one=keys[0], other=keys[1]
            )
        elif len(keys) > 1:
            told = told or Message("between {streets} is asked for", streets="、".join(keys[1:]))

        # the street
        return [doubted(answer, told, COARSER) for answer in whole] if told else whole

    def _crossing(self, one: Mention, other: Mention) -> list[Location]:
        """Return where two streets cross, doubtful where only what lies near it is asked for."""
        lines = [[feature for _, feature in street.features] for street in (one, other)]
        answers = self._searches.crossing(*lines)
        about = other.says(Kind.ABOUT)
        if not about:
            return answers
        return [undecided(each, _near_it(about)) for each in answers]


def _house_before(street: Mention) -> tuple[str, str] | None:
    """Return the house number that stands before a street: 70号人民路."""
    for piece in street.before:
        if piece.kind is Kind.HOUSE:
            return street.key, label_of(piece.text)
    return None


def _together_with(other: Mention, best: Feature, answers: list[Location]) -> list[Location]:
    """Return answers, doubtful where another place of the address lies far from them."""
    apart_m = min(meters_apart(feature.shape, best.shape) for _, feature in other.features)
    if apart_m <= _TOGETHER_M:
        return answers
    told = _mapped_apart(other.key, best.shown, apart_m)
    return [undecided(answer, told) for answer in answers]


def _may_be(feature: Feature, sort: str) -> bool:
    """Return whether a generic word may say what a feature is; an untold ground may be a compound."""
    if is_of_sort(sort, feature.sort):
        return True
    ground = feature.precision is Precision.COMPOUND and not feature.sort
    return ground and is_of_sort(sort, "residential")


def _near_it(word: str) -> Message:
    """Return what is told where only what lies about a place is asked for."""
    return Message("only near it ({word}) is asked for", word=word)


def _mapped_apart(one: str, other: str, apart_m: float) -> Message:
    """Return what is told of two names of one address that are mapped far from each other."""
    return Message(
        "{one} is mapped {apart:.0f} m from {other}", one=one, apart=apart_m, other=other
    )


def _apart_m(one: Location, other: Location) -> float:
    """Return how many meters lie between two answers."""
    return meters_apart(shapely.Point(one.lon, one.lat), shapely.Point(other.lon, other.lat))
