"""A scenario: a named set of changes to a study, and what they do to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shapely import Point

from walkshed.model.town.places import Gate, Station


@dataclass(frozen=True, slots=True)
class Premises:
    """What changes at a station where it stands; None stays as it is."""

    floor: int | None = None
    elevator: bool | None = None
    step_free: bool | None = None
    hours: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """Changes to a study, by station id; places in WGS84 degrees. A station is changed at most once in each way.

    Streets, exits and the parts of the network that count are those of the study as it stands:
    before and after differ by nothing but these changes.
    """

    name: str
    note: str
    file: str
    digest: str  # sha256 of the file, hex
    added: tuple[Station, ...]
    moved: Mapping[str, Point]
    closed: frozenset[str]
    services_added: Mapping[str, tuple[str, ...]]
    services_removed: Mapping[str, tuple[str, ...]]
    premises: Mapping[str, Premises]
    gates: tuple[Gate, ...]  # opened beside the exits that there are

    @property
    def changes(self) -> int:
        """The number of changes."""
        offers = sum(map(len, (*self.services_added.values(), *self.services_removed.values())))
        return (
            len(self.added)
            + len(self.moved)
            + len(self.closed)
            + len(self.premises)
            + len(self.gates)
            + offers
        )


@dataclass(frozen=True, slots=True)
class Change:
    """What one scenario does to one service for one kind of block (``*``: all of them). Whole people and blocks.

    ``gained`` − ``lost`` = ``served_after`` − ``served_before``; the row of all kinds sums the
    others.
    """

    service: str
    kind: str
    people: int
    served_before: int
    served_after: int
    gained: int
    lost: int
    blocks: int
    failing_before: int
    failing_after: int
    blocks_gained: int  # served now, and not before
    blocks_lost: int
    # of those that fail, to be checked; and not surveyed or without a standard
    blocks_in_doubt_before: int
    blocks_in_doubt_after: int
    blocks_unknown_before: int
    blocks_unknown_after: int
    in_doubt_before: int
    in_doubt_after: int
    unknown_before: int
    unknown_after: int
