"""A study with a scenario's changes, and what they change for residents."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from walkshed.model.arrays import FloatArray, IntArray
from walkshed.model.judged.verdicts import Verdict
from walkshed.model.results import Results, StudyInputs
from walkshed.model.town.places import Mode, Offer, Station
from walkshed.model.town.scenario import Change, Premises, Scenario
from walkshed.needs.rules.offers import all_offers, usual_mode, would_offer


def stations_after(inputs: StudyInputs) -> tuple[Station, ...]:
    """Return the stations as the scenario leaves them, sorted by id.

    Without a scenario they are those of the study.
    """
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

    # what is added is offered as it usually is: some services come to the door
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

    # a station that takes up a service runs
    added = scenario.services_added.get(station.id, ())
    runs = True if added and station.running is False else station.running
    return replace(
        station,
        running=runs,
        parent=None if station.parent in scenario.closed else station.parent,
        services=tuple(dict.fromkeys((*services, *added))),
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
    of_kind = np.array([kinds.index(block.kind) for block in before.blocks], dtype=np.int64)
    found: list[Change] = []

    for number, service in enumerate(before.inputs.services):
        rows = _changed_rows(before, after, number)
        by_kind = np.zeros((len(kinds), rows.shape[1]), dtype=np.int64)
        np.add.at(by_kind, of_kind, rows)
        found.append(Change(service.id, "*", *rows.sum(axis=0).tolist()))
        found += [
            Change(service.id, kind, *sums)
            for kind, sums in zip(kinds, by_kind.tolist(), strict=True)
        ]
    return tuple(found)


def _changed_rows(before: Results, after: Results, service: int) -> IntArray:
    """Return (b, 18) what happened to each block: the counts of ``Change``, in their order."""
    old, new = before.main.judgments, after.main.judgments
    served = [each.printed_served[:, service] for each in (old, new)]
    red = [each.failing[:, service] for each in (old, new)]
    green = [each.has(Verdict.SERVED)[:, service] for each in (old, new)]
    doubted = [each.doubted[:, service] for each in (old, new)]
    unknown = [each.unknown[:, service] for each in (old, new)]
    out = [each.left_out[:, service] * each.counted for each in (old, new)]
    gained, lost = _gained_and_lost(before, after, service)
    more, less = printed_change(gained, lost, served[1] - served[0])

    columns = [
        old.printed_people,
        served[0],
        served[1],
        more,
        less,
        np.ones(len(gained)),
        red[0],
        red[1],
        green[1] & ~green[0],
        green[0] & ~green[1],
        *doubted,
        *unknown,
        *(people * doubt for people, doubt in zip(out, doubted, strict=True)),
        *(people * gray for people, gray in zip(out, unknown, strict=True)),
    ]
    return np.column_stack(columns).astype(np.int64)


def _gained_and_lost(
    before: Results, after: Results, service: int
) -> tuple[FloatArray, FloatArray]:
    """Return (b,) people of each block who gain and who lose the service, point by point.

    They are real numbers, not whole people.
    """
    more = after.main.served[service] - before.main.served[service]
    people, block, count = before.demand.people, before.demand.block, len(before.blocks)
    gained = np.bincount(block, weights=people * np.maximum(more, 0.0), minlength=count)
    lost = np.bincount(block, weights=people * np.maximum(-more, 0.0), minlength=count)
    return gained.astype(np.float64), lost.astype(np.float64)


def printed_change(
    gained: FloatArray, lost: FloatArray, net: IntArray
) -> tuple[IntArray, IntArray]:
    """Return (b,) whole people of each block who gain, and who lose.

    The difference is that of the printed tables.
    """
    less = np.where(lost == 0.0, 0, np.floor(lost + 0.5)).astype(np.int64)
    kept = (gained != 0.0) & (net + less >= 0)
    return np.where(kept, net + less, 0), np.where(kept, less, -net)
