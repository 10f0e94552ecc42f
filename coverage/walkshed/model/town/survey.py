"""Facts that are checked on the ground, and what came back of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from shapely import LineString

from walkshed.model.town.places import Gate

#: A gate, or no lane, is known by one of these words; other facts by a text of their own.
OPEN, NONE = "open", "none"
#: Degrees are told to a centimeter.
_DIGITS = 7


class FactKind(StrEnum):
    """What is checked, a sheet for each."""

    GATE = "gate"
    LANE = "lane"
    FLOOR = "floor"
    HOURS = "hours"
    PLACE = "place"


class Verified(StrEnum):
    """What somebody who went there says of what is known."""

    TRUE = "true"
    FALSE = "false"
    BARRED = "barred"  # nobody was let in
    UNCLEAR = "unclear"

    @property
    def settles(self) -> bool:
        """Whether it removes the doubt."""
        return self in {Verified.TRUE, Verified.FALSE}


class Reason(StrEnum):
    """Why a fact is on the list."""

    STATED = "stated"  # nothing speaks against it
    UNKNOWN = "unknown"
    CONTRADICTED = "contradicted"  # by what else the study says
    INFERRED = "inferred"
    SHUT = "shut"  # by the map, where a way meets the edge
    ENDS = "ends"  # a way ends there
    PASSES = "passes"  # a way passes by
    FAR = "far"  # from every street
    UNVERIFIED = "unverified"  # taken from the map


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as the study has it.

    ``subject`` is the id of a block or a station, "" for a lane; ``places`` are in WGS84
    degrees: where it is, both ends of a lane. ``known`` says how it stands, in a text that programs
    compare.
    """

    kind: FactKind
    subject: str
    places: tuple[tuple[float, float], ...]
    known: str

    @property
    def key(self) -> str:
        """What tells it from all other facts of a study, whatever is known of it."""
        if self.kind is FactKind.HOURS:
            return f"{self.kind}|{self.subject}|{self.known}"
        if self.kind in {FactKind.GATE, FactKind.LANE}:
            return f"{self.kind}|{self.subject}|{places_text(self.places)}"
        return f"{self.kind}|{self.subject}"


@dataclass(frozen=True, slots=True)
class Finding:
    """What came back of one fact; ``now`` is how it stands by it, in the same text as ``known``."""

    fact: Fact
    answer: Verified
    now: str
    said: str  # in the words of who went there
    who: str
    when: str  # ISO date
    photo: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """All that came back to a study, and what of it stations and offers do not show yet."""

    file: str
    findings: tuple[Finding, ...] = ()
    opened: tuple[Gate, ...] = ()
    shut: tuple[Gate, ...] = ()
    lanes: tuple[LineString, ...] = ()
    # the keys of facts that were confirmed, and are otherwise in the study since
    lapsed: frozenset[str] = frozenset()

    @property
    def settled(self) -> frozenset[str]:
        """The keys of facts that are no longer in doubt."""
        settled = [
            each
            for each in self.findings
            if each.answer.settles and each.fact.key not in self.lapsed
        ]
        found = (replace(each.fact, known=each.now).key for each in settled)
        return frozenset([*(each.fact.key for each in settled), *found])


#: How much hangs on an item, in thirds of the list.
Priority = Literal["high", "middle", "low"]


@dataclass(frozen=True, slots=True)
class SurveyItem:
    """A row of the sheets: a fact to check, and where to find it.

    ``number`` is its letter and place on its sheet, ``side`` where it lies on the edge of its block
    ("n", "ne" …, "" for what lies on none), ``length_m`` that of a lane. ``people`` hang on it, once
    for each service; that is never printed.
    """

    number: str
    fact: Fact
    reason: Reason
    name: str  # of the block, the station or the street
    subdistrict: str
    community: str
    priority: Priority
    people: float
    address: str = ""
    side: str = ""
    length_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Premise:
    """Floor, elevator and steps of a station as one text: ``floor=2 elevator=no step_free=?``."""

    floor: int | None
    elevator: bool | None
    step_free: bool | None

    def __str__(self) -> str:
        words = {None: "?", True: "yes", False: "no"}
        floor = "?" if self.floor is None else str(self.floor)
        return f"floor={floor} elevator={words[self.elevator]} step_free={words[self.step_free]}"

    @classmethod
    def read(cls, text: str) -> Premise:
        """Return the premise of a text; raises ValueError or KeyError for any other text."""
        fields = dict(part.split("=", 1) for part in text.split())
        truths = {"?": None, "yes": True, "no": False}
        floor = None if fields["floor"] == "?" else int(fields["floor"])
        return cls(floor, truths[fields["elevator"]], truths[fields["step_free"]])


def place_text(lon: float, lat: float) -> str:
    """Return a place as text: ``150.0029950,23.7030136``."""
    return f"{lon:.{_DIGITS}f},{lat:.{_DIGITS}f}"


def places_text(at: Sequence[tuple[float, float]]) -> str:
    """Return places as text, with a blank between."""
    return " ".join(place_text(lon, lat) for lon, lat in at)
