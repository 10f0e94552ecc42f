"""What the names in an address stand for: streets, places, stops, with the words that follow each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from walkshed.geocode.names import is_road
from walkshed.geocode.places.features import STOP, house_key
from walkshed.geocode.places.lookups import Feature, Hit, Lookups
from walkshed.geocode.wordings.pieces import Piece
from walkshed.geocode.wordings.vocabulary import Kind
from walkshed.model.geocoding import Precision

_GOOD: Final = (Precision.DOOR, Precision.NUMBER, Precision.COMPOUND)
_COARSE: Final = (Precision.COMMUNITY, Precision.AREA)


@dataclass(frozen=True, slots=True, eq=False)
class Mention:
    """A name in an address, what of the map bears it, and the pieces up to the next name.

    ``sort``: "place", "street", "stop" (asked for as such), "named" (only stops bear the name),
    "division" or "road" (not on the map).
    """

    key: str
    sort: str
    features: tuple[tuple[Hit, Feature], ...]
    before: tuple[Piece, ...]  # between the name before and this one, or from the start
    after: tuple[Piece, ...]

    @property
    def houses(self) -> tuple[str, ...]:
        """The house numbers that follow, as labels."""
        return tuple(label_of(piece.text) for piece in self.after if piece.kind is Kind.HOUSE)

    @property
    def near(self) -> str:
        """The word before it that says that only something near it is meant: 近, 靠近."""
        words = [piece.text for piece in self.before if piece.kind is Kind.JOINT]
        return next((word for word in words if not re.fullmatch(r"[与和同及跟]", word)), "")

    @property
    def is_landmark(self) -> bool:
        """Whether it is named for what lies beside it."""
        return bool(self.near or self.says(Kind.BESIDE) or self.says(Kind.ABOUT))

    def says(self, kind: Kind) -> str:
        """Return the first word of a kind that follows, "" without one."""
        return next((piece.text for piece in self.after if piece.kind is kind), "")


def label_of(text: str) -> str:
    """Return the house label of a piece: "351弄2" of 351弄2号, "12" of no12."""
    plain = re.sub(r"^(?:no|第)", "", text).replace("号院", "号")
    return house_key(re.sub(r"巷|胡同", "弄", plain))


def mentions_of(pieces: Sequence[Piece], lookups: Lookups) -> tuple[Mention, ...]:
    """Return the names of an address in their order."""
    at = [index for index, piece in enumerate(pieces) if piece.kind in (Kind.NAME, Kind.ROAD)]
    mentions = []
    for place, index in enumerate(at):
        start = 0 if place == 0 else at[place - 1] + 1
        end = at[place + 1] if place + 1 < len(at) else len(pieces)
        before, after = tuple(pieces[start:index]), tuple(pieces[index + 1 : end])
        key = pieces[index].text
        if pieces[index].kind is Kind.ROAD:
            mentions.append(Mention(key, "road", (), before, after))
            continue

        features = [(hit, lookups.feature(hit.feature)) for hit in lookups.as_written(key)]
        sort = _sort_of(key, [feature for _, feature in features], before, after)
        kept = tuple(pair for pair in features if _is_of(pair[1], sort))
        mentions.append(Mention(key, sort, kept, before, after))
    return tuple(mentions)


def _sort_of(
    key: str, features: Sequence[Feature], before: Sequence[Piece], after: Sequence[Piece]
) -> str:
    """Return what a name is asked for as."""
    # the words beside it ask for a stop
    line_before = bool(before) and before[-1].kind is Kind.LINE
    stop_after = bool(after) and after[0].kind in (Kind.STOP, Kind.EXIT, Kind.LINE)
    if (line_before or stop_after) and any(_is_of(feature, "stop") for feature in features):
        return "stop"

    # a street without a way of its own has only numbers
    if is_road(key) and (not features or any(_is_of(each, "street") for each in features)):
        return "street"
    for sort in ("place", "street", "division"):
        if any(_is_of(feature, sort) for feature in features):
            return sort
    return "named" if features else "street"


def _is_of(feature: Feature, sort: str) -> bool:
    """Return whether a feature is what a name is asked for as."""
    if sort == "stop":
        return feature.sort in ("rail", "bus")
    if sort == "street":
        return feature.sort == "street"
    if sort == "place":
        return feature.precision in _GOOD and feature.prominence != STOP
    if sort == "division":
        return feature.precision in _COARSE
    return True
