"""People of compounds by who is counted (人口口径): residents, registered people, people served; with date and ages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: Groups by age, each with the one that holds it ("people": everybody).
AGES: Mapping[str, str] = {
    "age_60": "people",
    "age_65": "age_60",
    "age_80": "age_65",
    "age_0_3": "people",
}


@dataclass(frozen=True, slots=True)
class Count:
    """A row of the ledger: ``people`` of a basis in a compound, and how many of them are of an age.

    ``as_of`` is an ISO date as far as it is known. ``ages`` holds the groups of ``AGES`` that are
    stated. ``used``: these are the people by whom the study judges.
    """

    block: str
    basis: str
    as_of: str
    people: float | None
    ages: Mapping[str, float]
    used: bool = False


def latest(counts: Sequence[Count]) -> tuple[Count, ...]:
    """Return the latest count of each compound and basis, in the order in which they are first named."""
    found: dict[tuple[str, str], Count] = {}
    for count in counts:
        key = (count.block, count.basis)
        if key not in found or count.as_of > found[key].as_of:
            found[key] = count
    return tuple(found.values())
