"""Answers to Western addresses: a house as mapped, between mapped neighbors, a crossing; else why not.

Nothing is taken that the map does not tell: a street of several places, a name that fits several
streets, a word that is not understood, a division or a postal code that lies elsewhere are each
told, for the sheet to review.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.geocode.addresses import Address
from walkshed.geocode.geometry.numbering import between
from walkshed.geocode.geometry.shapes import meters_apart
from walkshed.geocode.places.answers import COARSER, Answers, doubted, undecided
from walkshed.geocode.places.features import house_key, shown_address
from walkshed.geocode.places.lookups import Feature, Hit, Lookups
from walkshed.geocode.places.matching import CERTAIN
from walkshed.geocode.places.searches import Searches
from walkshed.geocode.places.western.reading import Written, written_of
from walkshed.geocode.places.western.streets import EXACT, Match, Streets, Stretch
from walkshed.model.geocoding import Location, Precision
from walkshed.model.messages import Message

#: What an answer is worth that says the street in other words, or lies between two mapped numbers.
_OTHER_WORDS: Final = 0.85
_BETWEEN: Final = 0.75
_BESIDE: Final = 0.8
#: From a house to the one with a letter: 12 and 12a.
_NEXT_DOOR_M: Final = 60.0
#: How far from a division's node its houses may stand; inside an outline with this to spare.
_NODE_M: Final = {Precision.COMMUNITY: 2000.0, Precision.AREA: 20000.0}
_EDGE_M: Final = 100.0

_House = tuple[str, Feature, str]


class Western:
    """The answers of one gazetteer to Western addresses."""

    def __init__(self, lookups: Lookups, answers: Answers, searches: Searches) -> None:
        self._lookups = lookups
        self._answers = answers
        self._searches = searches
        self._streets = Streets(lookups)

    def of(self, text: str) -> list[Location]:
        """Return the best answers to an address, none where it names no street of the map."""
        written = written_of(text, self._streets, self._known)
        if written is None:
            return []
        if written.crosses:
            answers = self._crossing(*written.streets)
        elif len(written.streets) > 1 or not written.streets[0].is_one:
            return self._several(written.streets)
        else:
            answers = self._on_street(written)
        return [self._checked(answer, written) for answer in answers]

    @cached_property
    def _known(self) -> frozenset[str]:
        """The keys of divisions: areas and communities by name, and what houses say they lie in."""
        context = self._lookups.divisions()
        cities = {word.removeprefix("city:") for word in context}
        return frozenset(cities | self._lookups.area_keys()) - {""}

    # one street

    def _on_street(self, written: Written) -> list[Location]:
        """Return the house of a number on one street; the street itself where nothing tells."""
        street, house = written.streets[0], house_key(written.number)
        streets = [_told(answer, street) for answer in self._lines(street)]
        if not house:
            return streets
        houses = self._streets.houses(street.names[0])
        stretches = self._streets.stretches(street.names[0])
        kept = self._decided(stretches, houses, written)

        # streets of one name in several places: the review tells which
        if len(kept) != 1:
            count = len(kept) or len(stretches)
            told = Message(
                "{count} separate streets bear that name; a district or a postal code that the "
                "map knows would tell which",
                count=count,
            )
            mapped = self._mapped(houses, house)
            return [undecided(answer, told) for answer in mapped or streets]

        here = [one for one in houses if shapely.intersects(kept[0].ground, one[1].shape)]
        found = self._mapped(here, house) or self._between(here, house, street, kept[0])
        found = found or self._next_door(here, house)
        if found:
            return [_told(answer, street) for answer in found]
        doubt = Message("house number {house} is not mapped", house=written.number)
        return [doubted(answer, doubt, COARSER) for answer in streets]

    def _lines(self, street: Match) -> list[Location]:
        """Return the street itself; a house of it stands for a street that only houses name."""
        numbers = [feature.id for feature in self._streets.features(street.names[0])]
        if numbers:
            hits = [Hit(number, street.shown, CERTAIN, main=True) for number in numbers[:1]]
            return self._answers.of(hits, Address(), 1)
        houses = self._streets.houses(street.names[0])[:1]
        return [
            self._answers.at(
                feature.lon, feature.lat, 500.0, matched=street.shown, precision=Precision.STREET
            )
            for _, feature, _ in houses
        ]

    def _mapped(self, houses: Sequence[_House], house: str) -> list[Location]:
        """Return what bears a number; a house of its own before one of several numbers."""
        rows = {feature.id: shown for label, feature, shown in houses if label == house}
        own = {hit.feature for shown in rows.values() for hit in self._lookups.as_written(shown)}
        hits = [Hit(number, shown, CERTAIN, main=number in own) for number, shown in rows.items()]
        return self._answers.of(hits, Address(), len(hits), numbered=True)

    def _between(
        self, houses: Sequence[_House], house: str, street: Match, stretch: Stretch
    ) -> list[Location]:
        """Return the place of a plain number between the nearest mapped ones of its side."""
        if not house.isdecimal() or shapely.is_empty(stretch.lines):
            return []
        places: dict[int, tuple[float, float]] = {}
        twice: set[int] = set()
        for label, feature, _ in houses:
            if not label.isdecimal():
                continue
            number, place = int(label), (feature.lon, feature.lat)
            far = number in places and meters_apart(
                shapely.Point(places[number]), shapely.Point(place)
            )
            if far and far > _NEXT_DOOR_M:
                twice.add(number)
            places.setdefault(number, place)

        # a number in two places says that the numbers begin anew somewhere
        if twice:
            return []
        found = between(int(house), places, stretch.lines)
        if found is None:
            return []
        answer = self._answers.at(
            found.lon,
            found.lat,
            found.uncertainty_m,
            matched=shown_address(street.shown, house),
            precision=Precision.NUMBER,
        )
        doubt = Message(
            "interpolated between numbers {lower} and {upper}",
            lower=found.lower,
            upper=found.upper,
        )
        return [doubted(answer, doubt, _BETWEEN)]

    def _next_door(self, houses: Sequence[_House], house: str) -> list[Location]:
        """Return the house without its letter, with a doubt: 12 for 12a."""
        plain = house.rstrip("abcdefghijklmnopqrstuvwxyz").rstrip("-")
        if plain == house or not plain.isdecimal():
            return []
        doubted_ones = []
        for answer in self._mapped(houses, plain):
            told = Message(
                "house number {house} is not mapped, {mapped} is",
                house=house,
                mapped=answer.matched,
            )
            wider_m = answer.uncertainty_m + _NEXT_DOOR_M
            doubted_ones.append(
                replace(doubted(answer, told, _BESIDE), uncertainty_m=round(wider_m, 1))
            )
        return doubted_ones

    # what decides, and what contradicts

    def _decided(
        self, stretches: Sequence[Stretch], houses: Sequence[_House], written: Written
    ) -> list[Stretch]:
        """Return the places of a street that the address may mean, by its divisions and postal code."""
        kept = list(stretches)
        if len(kept) < 2:
            return kept
        for division in written.divisions:
            outlines = [area.shape for area in self._outlines(division)]
            if outlines:
                inside = [one for one in kept if _meets(one, outlines)]
            else:
                inside = [one for one in kept if _may_say(one, houses, "city:", division)]
            kept = inside or kept
        if written.postal:
            coded = [one for one in kept if _may_say(one, houses, "postcode:", written.postal)]
            kept = coded or kept
        return kept

    def _outlines(self, key: str) -> list[Feature]:
        """Return the divisions of a name whose outline the map has."""
        return [area for area in self._lookups.areas(key) if "Polygon" in area.shape.geom_type]

    def _checked(self, answer: Location, written: Written) -> Location:
        """Return an answer, told and not taken where something of the address speaks against it."""
        if written.unknown:
            told = Message("{aside} is not understood", aside=written.unknown)
            answer = undecided(answer, told)
        context = self._context(answer)
        for kind, words in (("postcode", (written.postal,)), ("state", written.states)):
            said = {word for word in context if word.startswith(f"{kind}:")}
            for word in filter(None, words):
                if said and f"{kind}:{word}" not in said:
                    others = "、".join(sorted(one.partition(":")[2] for one in said))
                    told = Message(
                        "{part} is asked for, {others} is mapped", part=word, others=others
                    )
                    answer = undecided(answer, told)
        for division in written.divisions:
            if not self._lies_in(answer, division, context):
                told = Message("lies outside {division}", division=division)
                answer = undecided(answer, told)
        return answer

    def _context(self, answer: Location) -> frozenset[str]:
        """Return what the mapped house says of itself, nothing of what is interpolated."""
        feature = self._lookups.of_osm(answer.feature) if answer.feature else None
        return frozenset() if feature is None else feature.context

    def _lies_in(self, answer: Location, division: str, context: frozenset[str]) -> bool:
        """Return whether an answer may lie in a division: by outline, by what it says, by distance."""
        if division in context:
            return True
        cities = {word for word in context if word.startswith("city:")}
        if cities and f"city:{division}" in self._lookups.divisions():
            return False
        areas = self._lookups.areas(division)
        outlines = [area for area in areas if "Polygon" in area.shape.geom_type]
        point = shapely.Point(answer.lon, answer.lat)
        if outlines:
            return any(meters_apart(area.shape, point) <= _EDGE_M for area in outlines)
        near = [
            meters_apart(area.shape, point) <= _NODE_M.get(area.precision, 0.0) for area in areas
        ]
        return any(near) or not areas

    # several streets

    def _crossing(self, one: Match, other: Match) -> list[Location]:
        """Return where two streets cross."""
        if not (one.is_one and other.is_one):
            return self._several((one, other))
        lines = [self._streets.features(street.names[0]) for street in (one, other)]
        found = self._searches.crossing(*lines)
        if found:
            return [_told(_told(answer, one), other) for answer in found]
        told = Message("{one} and {other} do not meet on the map", one=one.shown, other=other.shown)
        return [
            undecided(answer, told) for street in (one, other) for answer in self._lines(street)
        ]

    def _several(self, streets: Sequence[Match]) -> list[Location]:
        """Return the streets that an address may mean, none of them taken."""
        names = [name for street in streets for name in street.names]
        found = []
        for name in names:
            others = "、".join(other[0] for other in names if other is not name)
            told = Message("may as well be {others}", others=others)
            lines = self._lines(Match((name,), EXACT))
            found += [undecided(answer, told) for answer in lines]
        return found


def _meets(stretch: Stretch, outlines: Sequence[BaseGeometry]) -> bool:
    """Return whether a stretch lies in one of some outlines, in part at least."""
    return any(shapely.intersects(stretch.lines, outline) for outline in outlines)


def _may_say(stretch: Stretch, houses: Sequence[_House], kind: str, value: str) -> bool:
    """Return whether the houses of a stretch bear a city or a postal code; so may a stretch without any."""
    said = {
        word
        for _, feature, _ in houses
        if shapely.intersects(stretch.ground, feature.shape)
        for word in feature.context
        if word.startswith(kind)
    }
    return not said or f"{kind}{value}" in said


def _told(answer: Location, street: Match) -> Location:
    """Return an answer with a doubt where the map writes the street otherwise."""
    if street.level == EXACT:
        return answer
    doubt = Message("is written {name} in the extract", name=street.shown)
    return doubted(answer, doubt, _OTHER_WORDS)
