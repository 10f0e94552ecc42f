"""What stood before the centers of the ledger found their places, as far as it tells: floors, elevators, entrances."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from walkshed.model.results import StudyInputs
from walkshed.model.town.places import Station
from walkshed.model.town.relocations import Relocation
from walkshed.model.town.scenario import Premises, Scenario


def premises_before(inputs: StudyInputs) -> Mapping[str, Premises]:
    """Return what stations were before their re-siting, by id; only those that the ledger knows to be done and other.

    They stand where they stand now: where they stood has an address, and no place.
    """
    stations = {station.id: station for station in inputs.stations}
    found = {}
    for row in inputs.ledgers.relocations:
        if not row.completed or row.station not in stations:
            continue
        before = _before(row, stations[row.station])
        if before != Premises():
            found[row.station] = before
    return dict(sorted(found.items()))


def moved_before(inputs: StudyInputs) -> tuple[str, ...]:
    """Return the stations that stood at another address, by id."""
    stations = {station.id for station in inputs.stations}
    rows = inputs.ledgers.relocations
    return tuple(sorted({row.station for row in rows if row.is_moved} & stations))


def scenario_of_premises(name: str, note: str, premises: Mapping[str, Premises]) -> Scenario:
    """Return a scenario that changes nothing but premises; its digest is that of the changes."""
    told = repr(sorted(premises.items())).encode("utf-8")
    return Scenario(
        name=name,
        note=note,
        file="[ledgers] relocations",
        digest=hashlib.sha256(told).hexdigest(),
        added=(),
        moved={},
        closed=frozenset(),
        services_added={},
        services_removed={},
        premises=premises,
        gates=(),
    )


def _before(row: Relocation, station: Station) -> Premises:
    """Return what was otherwise at a station."""
    floor = row.old_floor if row.old_floor != station.floor else None
    return Premises(
        floor=floor,
        elevator=False if row.means == "elevator" else None,
        step_free=False if row.step_free else None,
    )
