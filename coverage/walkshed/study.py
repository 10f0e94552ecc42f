"""A study, and the method by which it is answered, readable as prose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from walkshed.findings import Findings, ProposedSites, ProposedUpgrades
from walkshed.model.geocoding import InDoubt
from walkshed.model.paths import path_of
from walkshed.model.results import Results, StudyInputs
from walkshed.opening import fetch, skills
from walkshed.steps import (
    Progress,
    Stages,
    blocks_of,
    gap_told,
    notes_of,
    streets_fault,
    streets_of,
    unreached_told,
    visitors_judged,
    walkers_of,
)

if TYPE_CHECKING:
    from typing import Unpack

    from walkshed.geocode.providers.http import Manners
    from walkshed.model.drafting import Draft
    from walkshed.model.proposals import CandidateSource, SitingGoal
    from walkshed.model.siting import Room
    from walkshed.reports.drafting import DraftOptions
    from walkshed.reports.placing import Placing

__all__ = [
    "Findings",
    "ProposedSites",
    "ProposedUpgrades",
    "SitingWishes",
    "Study",
    "check",
    "draft",
    "geocode",
    "read_study",
    "run",
]

#: Seconds in which proposals are sought; the best found by then is given, with its bound.
SITING_LIMIT_S = 60.0


class SitingWishes(TypedDict, total=False):
    """What ``Study.site`` and ``Study.upgrade`` may be told instead of what ``[siting]`` of study.toml says."""

    new: int | None
    budget: float | None
    goal: SitingGoal
    candidates: CandidateSource
    rooms: tuple[Room, ...]
    spacing_m: float | None
    services: tuple[str, ...]
    services_per_site: int
    service_m2: float
    add_services: int
    station_cost: float
    service_cost: float
    station_capacity: float | None
    elevator_cost: float | None
    merge_cost: float | None
    walkers: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Study:
    """A checked study: everything that a run needs."""

    inputs: StudyInputs

    def __repr__(self) -> str:
        """``Study(Central Helsinki)``."""
        return f"Study({self.inputs.settings.name})"

    def run(self, *, progress: Progress | None = None, cache: bool = True) -> Findings:
        """Return the findings of the study; ``progress`` is called with the name of each stage as it begins.

        Without ``cache`` the streets are read from their file even where an earlier run has kept
        them.
        """
        return Findings(run(self.inputs, progress=progress, cache=cache))

    def with_scenario(self, file: str | Path) -> Study:
        """Return the study with the changes of a scenario file.

        Raises ``InputFaultsError`` with every fault of the file.
        """
        from walkshed.inputs.scenario import read_scenario

        return Study(replace(self.inputs, scenario=read_scenario(Path(file), self.inputs)))

    def site(
        self,
        before: Findings | None = None,
        *,
        time_limit_s: float = SITING_LIMIT_S,
        gap: float = 0.0,
        progress: Progress | None = None,
        say: Callable[[str], None] | None = None,
        **wishes: Unpack[SitingWishes],
    ) -> ProposedSites:
        """Return where the next stations should stand, with the study run again as if they stood there.

        ``before`` is a run of this study, where one is at hand. ``wishes`` go before what
        ``[siting]`` of study.toml says: ``new`` stations at most, a ``budget``, ``services``,
        ``candidates`` (``auto``, ``streets``, ``rooms``) and so on; ``time_limit_s`` is the
        solver's, which ends earlier once no plan can be better by more than ``gap`` (0.01: one
        hundredth). ``say`` is told, line by line and before solving, whom no candidate can serve.
        Raises ``InvalidValueError`` where there is nothing to decide.
        """
        from walkshed.siting.proposing import propose
        from walkshed.siting.standing import with_plan

        found = before if before is not None else self.run(progress=progress)
        inputs, stages = found.results.inputs, Stages(progress)
        with stages("siting"):
            asked = replace(inputs.siting, **wishes)
            plan = propose(
                found.results,
                asked,
                time_limit_s=time_limit_s,
                gap=gap,
                tell=gap_told(progress),
                unreached=unreached_told(found.results, say),
            )
        after = run(with_plan(found.results, plan), progress=progress)
        return ProposedSites(found, plan, Findings(after))

    def upgrade(
        self,
        before: Findings | None = None,
        *,
        time_limit_s: float = SITING_LIMIT_S,
        gap: float = 0.0,
        progress: Progress | None = None,
        say: Callable[[str], None] | None = None,
        **wishes: Unpack[SitingWishes],
    ) -> ProposedUpgrades:
        """Return which upstairs centers to bring down within the ``budget``, and how.

        ``before``, ``say`` and ``wishes`` as in ``site``: rooms, costs and walkers are those of
        ``[siting]``, or of ``wishes``. Raises ``InvalidValueError`` where no center stands
        upstairs, and without a budget.
        """
        from walkshed.siting.standing import with_plan
        from walkshed.siting.upgrading import propose_upgrades

        found = before if before is not None else self.run(progress=progress)
        inputs = found.results.inputs
        with Stages(progress)("siting"):
            asked = replace(inputs.siting, **wishes)
            chosen = propose_upgrades(
                found.results,
                asked,
                time_limit_s=time_limit_s,
                gap=gap,
                tell=gap_told(progress),
                unreached=unreached_told(found.results, say),
            )
        after = run(with_plan(found.results, chosen.proposals), progress=progress)
        return ProposedUpgrades(found, chosen, Findings(after))


def read_study(folder: str | Path) -> Study:
    """Return the study in ``folder`` (or of a study.toml), checked.

    The map of a place that study.toml names is fetched if it is not there yet.

    Raises ``InputFaultsError`` with every fault of study.toml and its tables, and
    ``InvalidValueError`` for what is no path.
    """
    from walkshed.inputs import read_inputs

    path = path_of(folder, like="data/gucheng")
    fetch(path)
    return Study(read_inputs(path, skills=skills()))


def check(folder: str | Path, *, cache: bool = True) -> Study:
    """Return the study in ``folder``, checked as ``read_study`` does, and its streets read as a run reads them.

    Raises ``InputFaultsError`` with every fault of study.toml, its tables and its streets.
    """
    from walkshed.errors import InputFaultsError, WalkshedError
    from walkshed.inputs.opened import streets_named

    fetch(folder)
    source = streets_named(Path(folder))
    # drawn lines are looked at with the tables
    broken = None if source is None or source.form != "osm" else streets_fault(source, cache=cache)
    try:
        found = read_study(folder)
    except InputFaultsError as error:
        raise error if broken is None else InputFaultsError((*error.faults, broken)) from None
    except WalkshedError:  # a table that is joined to the map meets a broken map, too
        if broken is None:
            raise
    if broken is not None:
        raise InputFaultsError((broken,))
    return found


def run(inputs: StudyInputs, *, progress: Progress | None = None, cache: bool = True) -> Results:
    """Return all that the study asks for.

    Method. The walkable streets become a network with exact geometry (1). Stations meet it at their
    doors, and a part of the network counts if it is long enough or holds a station (2). Residents
    live at points and come out onto the streets by the exits of their block (3). A scenario changes
    stations, offers and gates, nothing else. Walking distances to all stations are exact along
    edges, for each kind of walker (4). Each block and service is judged by the standard's limit,
    door to window, for each walker; whoever is left out gets the first reason that explains it (5).
    The service matrix says what each station's each service is worth (6). Catchments are drawn for
    the eye; they decide nothing (7).
    """
    import numpy as np

    from walkshed.model.arrays import whole
    from walkshed.needs.areas import in_areas
    from walkshed.needs.capacity import burdens
    from walkshed.needs.demand import demand
    from walkshed.needs.dwellings import dwellings
    from walkshed.needs.equity import inequality
    from walkshed.needs.gates import gates_of_blocks
    from walkshed.needs.hours import calendar_notes, open_at
    from walkshed.needs.judging import coverage
    from walkshed.needs.matrix import service_matrix
    from walkshed.needs.offers import all_offers, offer_notes
    from walkshed.needs.overlap import hub_overlaps
    from walkshed.needs.providers import nearest_on_open_streets
    from walkshed.needs.scenarios import offers_after, stations_after
    from walkshed.needs.situation import situations
    from walkshed.needs.walkers import crew_of, walker_of
    from walkshed.needs.walks import Walks
    from walkshed.needs.week import week
    from walkshed.reports.remarks import remarks
    from walkshed.walk.anchors import snap, usable_components
    from walkshed.walk.catchments import catchments
    from walkshed.walk.doors import station_doors

    settings, stages = inputs.settings, Stages(progress)
    with stages("streets"):  # (1)
        extract, network = streets_of(inputs, cache=cache)
    with stages("stations"):  # (2)
        standing, _ = station_doors(
            stations_after(replace(inputs, scenario=None)), network.plane, extract
        )
        usable = usable_components(network, standing, max_snap_m=settings.max_snap_m)
        stations = stations_after(inputs)
        doors, door_start = station_doors(stations, network.plane, extract)
        anchors = snap(
            network, doors, start=door_start, max_snap_m=settings.max_snap_m, usable=usable
        )
    with stages("residents"):  # (3)
        homes = dwellings(extract, network.plane)
        blocks, blocks_notes = blocks_of(inputs, extract, network, homes)
        blocks, stations, areas_notes = in_areas(inputs.areas, blocks, stations, network.plane)
        residents = demand(
            blocks,
            network,
            extract=extract,
            homes=homes,
            gates=gates_of_blocks(inputs.gates, blocks),
            gates_complete=settings.gates_complete,
            usable=usable,
            max_snap_m=settings.max_snap_m,
            opened=inputs.scenario.gates if inputs.scenario else (),
        )
    with stages("distances"):  # (4)
        walks = Walks(
            network,
            residents,
            anchors,
            inputs.needs,
            least_limit_m=max(settings.limits_m),
            adult=walker_of(inputs.walkers, "adult"),
        )
        nearby = walks.meters
    with stages("verdicts"):  # (5)
        offers = all_offers(offers_after(inputs, stations), stations)
        open_now = open_at(settings.at, offers)
        main, *others = walkers_of(inputs)
        seen = {
            walker.id: situations(
                walks,
                blocks,
                stations,
                inputs.services,
                inputs.needs,
                offers,
                walker=walker,
                crew=crew_of(inputs.walkers),
                open_now=open_now,
            )
            for walker in (main, *others)
        }
        judged = {
            walker: coverage(walks, blocks, stations, found, min_share=settings.min_share)
            for walker, found in seen.items()
        }
        visited = visitors_judged(
            inputs, network, anchors, stations, offers, usable=usable, open_now=open_now
        )
    with stages("matrix"):  # (6)
        matrices = {name: service_matrix(residents, stations, each) for name, each in seen.items()}
        capacity = tuple(
            burden
            for number, each in enumerate(seen[main.id])
            for burden in burdens(each, number, residents.people)
        )
        told = {
            name: week(residents, each, settings.at, min_share=settings.min_share)
            for name, each in seen.items()
        }
        weeks = {name: each for name, each in told.items() if each is not None}
        overlaps = hub_overlaps(residents, stations, seen[main.id], judged[main.id])
        own_walks = {
            group: [nearest_on_open_streets(walks, each) for each in seen[walker]]
            for group, walker in settings.group_walkers.items()
            if walker in seen
        }
        uneven = inequality(residents, blocks, judged[main.id], settings.groups, own_walks)
        near = nearby.distance_m <= max(settings.limits_m)
        in_reach = np.bincount(
            nearby.station[near],
            weights=residents.people[nearby.point[near]],
            minlength=len(stations),
        )
    with stages("catchments"):  # (7)
        areas = catchments(network, anchors, limits_m=settings.limits_m)
    return Results(
        inputs=inputs,
        network=network,
        extract=extract,
        blocks=blocks,
        stations=stations,
        demand=residents,
        station_anchors=anchors,
        station_people=tuple(whole(people) for people in in_reach),
        coverage=judged[main.id],
        matrix=matrices[main.id],
        catchments=areas,
        seconds=stages.seconds,
        notes=notes_of(
            inputs,
            extract,
            network,
            (
                *(*blocks_notes, *areas_notes, *residents.notes),
                *offer_notes(offers, stations, blocks, network),
                *calendar_notes(settings.at, offers),
            ),
            homes_found=len(homes.floor_m2),
        ),
        offers=offers,
        by_walker=judged,
        matrices=matrices,
        capacity=capacity,
        week=weeks.get(main.id),
        weeks=weeks,
        overlaps=overlaps,
        inequality=uneven,
        visitors=visited,
        usable=usable,
        remarks=remarks(
            settings,
            blocks,
            stations,
            inputs.services,
            network=network,
            homes=homes,
            extract=extract,
        ),
    )


def geocode(
    folder: str | Path,
    *,
    providers: Sequence[str] = (),
    urls: Mapping[str, str] | None = None,
    city: str = "",
    resume: bool = True,
    manners: Manners | None = None,
    cache: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Placing, ...]:
    """Place what has no coordinates, table by table: stations first, then blocks, places of visitors and rooms.

    The study's extract is asked first, then ``providers`` ("nominatim", "amap", "tianditu",
    "baidu"). Writes, beside each table of the planner's, stations.geocoded.csv, which every later
    run uses, a review sheet, and its map. A list of compounds is joined to the map first; only what
    it does not show is looked up. After a service has failed no other table is begun. Without
    ``cache`` the map's names are gathered anew.
    """
    from walkshed.inputs.unplaced import read_unplaced
    from walkshed.reports.placing import chain_of, place_rows

    fetch(folder)
    done: list[Placing] = []
    for wanted in read_unplaced(Path(folder), city=city, skills=skills()):
        chain = chain_of(wanted, providers, urls=urls, manners=manners, cache=cache)

        def effects(uncertainty_m: Mapping[str, float], kind: str = wanted.kind) -> InDoubt:
            return _in_doubt(Path(folder), uncertainty_m) if kind == "stations" else InDoubt({})

        first = resume or bool(done)  # afresh: the answers of all tables are in one file
        done.append(place_rows(wanted, chain, resume=first, effects=effects, progress=progress))
        if done[-1].failure is not None:
            break
    return tuple(done)


def _in_doubt(folder: Path, uncertainty_m: Mapping[str, float]) -> InDoubt:
    """Return how many residents, or blocks, hang on each doubtful place; nothing where the study cannot run yet."""
    from walkshed.errors import WalkshedError
    from walkshed.needs.uncertainty import in_doubt, limits_of
    from walkshed.walk.distances import pairs

    try:
        found = read_study(folder).run().results
    except WalkshedError:  # what is wrong with it, walkshed check says
        return InDoubt({})
    limits_m = limits_of(found.inputs.needs)
    far_m = max(limits_m) + max(uncertainty_m.values())
    walks = pairs(found.network, found.demand.anchors, found.station_anchors, limit_m=far_m)
    return in_doubt(found.demand, found.stations, walks, limits_m, uncertainty_m)


def draft(extract: str | Path | None, folder: str | Path, **options: Unpack[DraftOptions]) -> Draft:
    """Draft a study of an OSM extract (or a place, by name) in ``folder``; see ``walkshed.reports.drafting``."""
    from walkshed.reports import drafting

    return drafting.draft(extract, folder, **options)
