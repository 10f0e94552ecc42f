"""A study as if a plan were built: its stations changed, the new ones added, with their offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from walkshed.model.plans.proposals import SitePlan
from walkshed.model.results import Results, StudyInputs
from walkshed.model.town.places import Offer, Station

Entry = TypeVar("Entry")


def with_plan(results: Results, plan: SitePlan) -> StudyInputs:
    """Return the study that was run as if the proposals of a plan stood.

    A center that moves or gets an elevator keeps its id and offers; a station that takes on
    services keeps what it has.
    """
    changed = {
        proposal.station.id: proposal.station for proposal in plan.proposals if proposal.extends
    }

    # what a station takes on comes beside what it has
    for proposal in plan.proposals:
        if proposal.action == "add_services":
            station = changed[proposal.station.id]
            more = tuple(name for name in proposal.services if name not in station.services)
            runs = True if station.running is False else station.running
            changed[station.id] = replace(
                station, services=(*station.services, *more), running=runs
            )

    return _built(results, changed, plan.stations, plan.offers)


def _built(
    results: Results,
    changed: Mapping[str, Station],
    new: tuple[Station, ...],
    offers: tuple[Offer, ...],
) -> StudyInputs:
    """Return the inputs with stations changed and added, and without what a scenario says of them."""
    inputs, scenario = results.inputs, results.inputs.scenario
    stations = tuple(changed.get(station.id, station) for station in inputs.stations)

    # changed stations offer what the run found at them
    standing = [offer for offer in inputs.offers if offer.station not in changed]
    standing += [offer for offer in results.offers if offer.station in changed]

    # what the scenario does to a changed station is in the station already
    if scenario is not None:
        scenario = replace(
            scenario,
            added=tuple(changed.get(station.id, station) for station in scenario.added),
            moved=_without(scenario.moved, changed),
            services_added=_without(scenario.services_added, changed),
            services_removed=_without(scenario.services_removed, changed),
            premises=_without(scenario.premises, changed),
        )

    return replace(
        inputs, stations=(*stations, *new), offers=(*standing, *offers), scenario=scenario
    )


def _without(entries: Mapping[str, Entry], ids: Mapping[str, Station]) -> Mapping[str, Entry]:
    return {key: value for key, value in entries.items() if key not in ids}
