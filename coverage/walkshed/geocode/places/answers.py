"""Answers made of what a name led to: what contradicts, and whether the name fits several places.

A name that several places bear far from each other is told and not taken. Not several places are:
the parts of one ground, what stands in a ground of that name or just beside it, and the stop that
is called after what lies near it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from shapely.geometry.base import BaseGeometry

from walkshed.geocode.addresses import Address
from walkshed.geocode.geometry.shapes import meters_apart
from walkshed.geocode.names import is_part_alone, key_of
from walkshed.geocode.places.features import STOP
from walkshed.geocode.places.lookups import Feature, Hit, Lookups
from walkshed.geocode.places.matching import CERTAIN, asks_for_stop, context_fit, is_district
from walkshed.model.geocoding import Location, Precision
from walkshed.model.messages import Message

#: An answer that stands for less than was asked (a street for a house that is not mapped) is worth
#: this much.
COARSER: Final = 0.7
FALLBACK: Final = 0.5
UNDECIDED: Final = 0.55  # several as near as each other: listed, not taken
_DOUBTED: Final = 0.75
#: Grounds and houses of one name within this are one place; a shop of the name may stand farther
#: from the ground that it is called after.
_ONE_PLACE_M: Final = 60.0
_CALLED_AFTER_M: Final = 300.0
_GOOD: Final = (Precision.DOOR, Precision.NUMBER, Precision.COMPOUND)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A feature that a name led to, how many divisions of the address it fits, and what it contradicts."""

    hit: Hit
    feature: Feature
    fits: int
    contradictions: tuple[str, ...]

    @property
    def score(self) -> float:
        """What the name is worth, less what contradicts it."""
        return self.hit.score * (_DOUBTED if self.contradictions else 1.0)

    @property
    def order(self) -> tuple[float, int, bool, int, int]:
        """Of one score those that fit the divisions come first, then the most prominent."""
        return (
            -self.score,
            -self.fits,
            not self.hit.main,
            self.feature.prominence,
            self.feature.id,
        )


class Answers:
    """How answers are made in one gazetteer."""

    def __init__(self, lookups: Lookups, data_date: str | None) -> None:
        self._lookups = lookups
        self._data_date = data_date
        # districts and cities: what a feature itself does not say may be told of the whole map
        divisions = lookups.divisions()
        self._districts = {word for word in divisions if is_district(word)}
        self._cities = {word for word in divisions if word.endswith("市")}

    def knows(self, division: str) -> bool:
        """Return whether a text ends with a district or city of the map."""
        return any(division.endswith(word) for word in (*self._districts, *self._cities))

    def found(self, hits: Sequence[Hit], address: Address) -> list[Found]:
        """Return what hits stand for, the best first."""
        listed = []
        for hit in hits:
            feature = self._lookups.feature(hit.feature)
            context = set(feature.context)
            # 东区 is a part of some ground
            of_ground = is_part_alone(key_of(address.district))
            if not of_ground and not any(map(is_district, context)):
                context |= self._districts
            if not any(word.endswith("市") for word in context):
                context |= self._cities
            fits, contradictions = context_fit(address, context, hit.shown)
            listed.append(Found(hit, feature, fits, contradictions))
        return sorted(listed, key=lambda each: each.order)

    def of(
        self,
        hits: Sequence[Hit],
        address: Address,
        limit: int,
        *,
        numbered: bool = False,
        rivals: tuple[str, ...] = (),
    ) -> list[Location]:
        """Return answers for hits, the best first.

        ``numbered``: they were found by house number; ``rivals`` are names that a slip leads to
        equally well.
        """
        listed = self.found(hits, address)
        several = namesakes(listed, stop=asks_for_stop(address))
        answers = []
        for each in listed[:limit]:
            answer = self.answer(each, numbered=numbered)
            doubts = list(answer.doubts)

            # several names, or several places of one name
            undecided = each.hit.shown in rivals or each in several
            if each.hit.shown in rivals:
                others = "、".join(name for name in rivals if name != each.hit.shown)
                doubts.append(Message("may as well be {others}", others=others))
            elif each in several:
                doubts.append(
                    Message("{count} {count:place bears|places bear} that name", count=len(several))
                )
            if each.feature.prominence == STOP and not asks_for_stop(address):
                doubts.append(Message("is a stop or a station of that name, not the place itself"))

            score = min(answer.score, UNDECIDED) if undecided else answer.score
            answers.append(replace(answer, score=score, doubts=tuple(doubts)))
        return sorted(answers, key=lambda answer: -answer.score)

    def answer(self, found: Found, *, numbered: bool = False) -> Location:
        """Return the answer that a feature is by itself."""
        hit, feature = found.hit, found.feature

        # a number on a street is a number, whatever else the feature is
        exact = feature.precision
        if numbered and exact is not Precision.DOOR:
            exact = Precision.NUMBER

        doubts = list(found.contradictions)
        if hit.score < CERTAIN:
            doubts.append(Message("is written {name} in the extract", name=hit.shown))
        return Location(
            lon=feature.lon,
            lat=feature.lat,
            matched=hit.shown,
            precision=exact,
            score=round(min(found.score, 1.0), 4),
            source="osm",
            data_date=self._data_date,
            uncertainty_m=feature.uncertainty_m,
            feature=feature.osm,
            doubts=tuple(doubts),
        )

    def at(
        self, lon: float, lat: float, uncertainty_m: float, *, matched: str, precision: Precision
    ) -> Location:
        """Return an answer at a place that is no feature of its own."""
        return Location(
            lon=round(lon, 7),
            lat=round(lat, 7),
            matched=matched,
            precision=precision,
            score=CERTAIN,
            source="osm",
            data_date=self._data_date,
            uncertainty_m=round(uncertainty_m, 1),
        )


def namesakes(listed: Sequence[Found], *, stop: bool) -> tuple[Found, ...]:
    """Return the features that a name fits equally well and that are not one place; none where they are.

    ``listed`` in their order. Stops count only where one is asked for.
    """
    if not listed or listed[0].feature.precision not in _GOOD:
        return ()
    best = listed[0]
    alike = [
        each
        for each in listed
        if each.order[:3] == best.order[:3]
        and each.feature.precision in _GOOD
        and (stop or each.feature.prominence != STOP)
        and key_of(each.hit.shown) == key_of(best.hit.shown)
    ]
    apart = [each for each in alike if not is_one_place(best.feature, each.feature)]
    if not apart:
        return ()
    return (best, *apart)


def is_one_place(best: Feature, other: Feature) -> bool:
    """Return whether two features of one name are one place: parts of a ground, or what is called after it."""
    gap_m = meters_apart(best.shape, other.shape)
    ground = best.precision is Precision.COMPOUND and other.precision is not Precision.COMPOUND
    return gap_m <= (_CALLED_AFTER_M if ground else _ONE_PLACE_M)


def doubted(answer: Location, doubt: str, worth: float) -> Location:
    """Return an answer with a doubt more, worth that much of what it was."""
    score = round(answer.score * worth, 4)
    return replace(answer, score=score, doubts=(*answer.doubts, doubt))


def undecided(answer: Location, doubt: str) -> Location:
    """Return an answer that is told and not taken, and why."""
    score = min(answer.score, UNDECIDED)
    return replace(answer, score=score, doubts=(*answer.doubts, doubt))


def wider(answer: Location, shape: BaseGeometry, by_m: float) -> Location:
    """Return an answer whose place may lie that far outside its ground."""
    outside_m = by_m if shape.geom_type != "Point" else by_m / 2.0
    return replace(answer, uncertainty_m=round(answer.uncertainty_m + outside_m, 1))
