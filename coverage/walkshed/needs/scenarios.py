"""A study with a scenario's changes, and what they change for residents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from walkshed.model.arrays import FloatArray, whole
from walkshed.model.coverage import Judgment
from walkshed.model.places import Mode, Offer, Station
from walkshed.model.results import Results, StudyInputs
from walkshed.model.scenario import Change, Premises, Scenario
from walkshed.model.verdicts import REASONS, Verdict
from walkshed.needs.offers import all_offers, usual_mode, would_offer


def stations_after(inputs: StudyInputs) -> tuple[Station, ...]:
    """Return the stations as the scenario leaves them, sorted by id; those of the study without a scenario."""
    scenario = inputs.scenario
    if scenario is None:
        return tuple(sorted(inputs.stations, key=lambda station: station.id))
    kept = [_changed(each, scenario) for each in inputs.stations if each.id not in scenario.closed]
    return tuple(sorted([*kept, *scenario.added], key=lambda station: station.id))


def offers_after(inputs: StudyInputs, stations: tuple[Station, ...]) -> tuple[Offer, ...]:
    """Return the offers that are stated beside the services that stations list, as the scenario leaves them.

    A service that is added comes to the door if all that offer it do; ``stations`` are those of
    ``stations_after``.
    """
    scenario = inputs.scenario
    if scenario is None:
        return inputs.offers
    gone = {
        (station, service)
        for station, names in scenario.services_removed.items()
        for service in names
    }
    by_id = {station.id: station for station in stations}
    kept = []
    for offer in inputs.offers:
        if offer.station in by_id and (offer.station, offer.service) not in gone:
            premises = scenario.premises.get(offer.station)
            hours = offer.hours if premises is None or premises.hours is None else premises.hours
            kept.append(replace(offer, hours=hours))
    before = all_offers(inputs.offers, stations_after(replace(inputs, scenario=None)))
    stated = {(offer.station, offer.service) for offer in kept}
    new = [(station.id, service) for station in scenario.added for service in station.services]
    new += [
        (station, service)
        for station, names in scenario.services_added.items()
        for service in names
    ]
    for station, service in new:
        if (station, service) not in stated and usual_mode(before, service) is Mode.OUTREACH:
            kept.append(would_offer(by_id[station], service, Mode.OUTREACH))
    return tuple(kept)


def _changed(station: Station, scenario: Scenario) -> Station:
    removed = scenario.services_removed.get(station.id, ())
    services = tuple(service for service in station.services if service not in removed)
    premises = scenario.premises.get(station.id, Premises())
    return replace(
        station,
        parent=None if station.parent in scenario.closed else station.parent,
        services=tuple(dict.fromkeys((*services, *scenario.services_added.get(station.id, ())))),
        geometry=scenario.moved.get(station.id, station.geometry),
        floor=station.floor if premises.floor is None else premises.floor,
        elevator=station.elevator if premises.elevator is None else premises.elevator,
        step_free=station.step_free if premises.step_free is None else premises.step_free,
        hours=station.hours if premises.hours is None else premises.hours,
    )


def changes(before: Results, after: Results) -> tuple[Change, ...]:
    """Return what happened to each service, for all kinds of block (``*``) and then for each.

    Both runs are of one study, with and without a scenario: the same blocks, the same residents.
    """
    kinds = sorted({block.kind for block in before.blocks})
    found: list[Change] = []
    for number, service in enumerate(before.inputs.services):
        by_kind = {kind: np.zeros(10, dtype=np.int64) for kind in kinds}
        gained, lost = _gained_and_lost(before, after, number)
        for row, block in enumerate(before.blocks):
            old, new = before.coverage.at(row, number), after.coverage.at(row, number)
            more, less = printed_change(
                gained[row], lost[row], new.printed_served - old.printed_served
            )
            by_kind[block.kind] += np.array(
                [
                    old.printed_people,
                    old.printed_served,
                    new.printed_served,
                    more,
                    less,
                    1,
                    _red(old),
                    _red(new),
                    _green(new) and not _green(old),
                    _green(old) and not _green(new),
                ],
                dtype=np.int64,
            )
        rows: Mapping[str, np.ndarray] = {
            "*": sum(by_kind.values(), np.zeros(10, dtype=np.int64)),
            **by_kind,
        }
        found += [
            Change(service.id, kind, *(int(value) for value in values))
            for kind, values in rows.items()
        ]
    return tuple(found)


def _gained_and_lost(
    before: Results, after: Results, service: int
) -> tuple[FloatArray, FloatArray]:
    """Return (b,) people of each block who gain and who lose the service, point by point; real numbers."""
    more = after.coverage.served[service] - before.coverage.served[service]
    people, block, count = before.demand.people, before.demand.block, len(before.blocks)
    gained = np.bincount(block, weights=people * np.maximum(more, 0.0), minlength=count)
    lost = np.bincount(block, weights=people * np.maximum(-more, 0.0), minlength=count)
    return gained.astype(np.float64), lost.astype(np.float64)


def printed_change(gained: float, lost: float, net: int) -> tuple[int, int]:
    """Return whole people of one block who gain and lose, whose difference is that of the printed tables."""
    if gained == 0.0:
        return 0, -net
    less = 0 if lost == 0.0 else whole(lost)
    return (0, -net) if net + less < 0 else (net + less, less)


def _red(row: Judgment) -> bool:
    return row.verdict in REASONS


def _green(row: Judgment) -> bool:
    return row.verdict is Verdict.SERVED
