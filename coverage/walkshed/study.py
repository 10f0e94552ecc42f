"""A study, and the method by which it is answered, readable as prose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from walkshed.findings import Findings
from walkshed.groundwork import streets_checked, streets_of
from walkshed.model.paths import path_of
from walkshed.model.results import Results, StudyInputs
from walkshed.opening import prepare, skills
from walkshed.progress import Progress, Stages, gap_reporter, unreached_reporter
from walkshed.proposed import ProposedSites, ProposedUpgrades
from walkshed.steps import (
    doubts_of,
    notes_of,
    offers_of,
    open_now,
    people_in_reach,
    remarks_of,
    residents_of,
    rules_of,
    stations_on,
    visitors_judged,
    walkers_and_groups,
    walks_of,
)

if TYPE_CHECKING:
    from typing import Unpack

    from shapely.geometry.base import BaseGeometry

    from walkshed.model.plans.goals import SitingGoal
    from walkshed.model.plans.proposals import CandidateSource
    from walkshed.model.plans.siting import Room
    from walkshed.surveying.applying import SurveyApplied
    from walkshed.surveying.listing import Survey

__all__ = [
    "Findings",
    "ProposedSites",
    "ProposedUpgrades",
    "SitingWishes",
    "Study",
    "check",
    "read_study",
    "run",
]

#: Seconds in which proposals are sought; the best found by then is given, with its bound.
SITING_LIMIT_S = 60.0
#: Outlines of catchments lose vertices that lie nearer than this to the line without them.
OUTLINE_TOLERANCE_M = 0.5


class SitingWishes(TypedDict, total=False):
    """What ``Study.site`` and ``Study.upgrade`` may be told instead of what ``[siting]`` of study.toml says."""

    new: int | None
    budget: float | None
    goal: SitingGoal
    candidates: CandidateSource
    rooms: tuple[Room, ...]
    spacing_m: float | None
    apart_m: float
    services: tuple[str, ...]
    services_per_site: int | None
    service_m2: float
    add_services: int
    station_cost: float
    service_cost: float
    station_capacity: float | None
    elevator_cost: float | None
    merge_cost: float | None
    walkers: tuple[str, ...]
    no_losers: bool
    single_source: bool
    not_in: BaseGeometry | None
    only_in: BaseGeometry | None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Study:
    """A checked study: everything that a run needs."""

    inputs: StudyInputs

    def __repr__(self) -> str:
        """``Study(Monaco)``."""
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
        from walkshed.inputs.scenario.reading import read_scenario

        return Study(replace(self.inputs, scenario=read_scenario(Path(file), self.inputs)))

    def before_relocations(self) -> Study:
        """Return the study as it was before the centers of its ledger (落地台账) found their places.

        Floors, elevators and entrances are those before; places are those of now, which the
        scenario's note says. Raises ``InvalidValueError`` where the ledger tells of no change.
        """
        from walkshed.errors import InvalidValueError
        from walkshed.needs.rules.before import (
            moved_before,
            premises_before,
            scenario_of_premises,
        )
        from walkshed.words.ledgers.relocations import BEFORE_NAME, before_note

        premises, language = premises_before(self.inputs), self.inputs.settings.language
        if not premises:
            raise InvalidValueError(
                "the ledger of re-sited centers (落地台账) tells of no floor, elevator or entrance "
                "that was otherwise before: fill in 原楼层 and 完成时间 of stations of this study"
            )
        moved = [key for key in moved_before(self.inputs) if key in premises]
        note = before_note(len(premises), len(moved), language)
        scenario = scenario_of_premises(BEFORE_NAME.in_(language), note, premises)
        return Study(replace(self.inputs, scenario=scenario))

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
        from walkshed.inputs.study.siting import wished
        from walkshed.siting.planning.built import with_plan
        from walkshed.siting.planning.proposing import propose

        found = before if before is not None else self.run(progress=progress)
        inputs, stages = found.results.inputs, Stages(progress)
        with stages("siting"):
            asked = wished(inputs.siting, wishes)
            plan = propose(
                found.results,
                asked,
                time_limit_s=time_limit_s,
                gap=gap,
                tell=gap_reporter(progress),
                unreached=unreached_reporter(found.results, say),
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
        from walkshed.inputs.study.siting import wished
        from walkshed.siting.planning.built import with_plan
        from walkshed.siting.planning.upgrading import propose_upgrades

        found = before if before is not None else self.run(progress=progress)
        inputs = found.results.inputs
        with Stages(progress)("siting"):
            asked = wished(inputs.siting, wishes)
            chosen = propose_upgrades(
                found.results,
                asked,
                time_limit_s=time_limit_s,
                gap=gap,
                tell=gap_reporter(progress),
                unreached=unreached_reporter(found.results, say),
            )
        after = run(with_plan(found.results, chosen.proposals), progress=progress)
        return ProposedUpgrades(found, chosen.proposals, Findings(after), chosen)

    def survey(
        self, *, items: int = 60, cache: bool = True, progress: Progress | None = None
    ) -> Survey:
        """Return what to check on the ground: at most so many ``items``, those on which most people hang.

        Facts in doubt come before those that are merely stated; of each, judging the study again
        with the fact turned tells how many people that is. What earlier sheets settled is left out.
        """
        from walkshed.surveying.listing import survey_of

        return survey_of(self.inputs, items=items, cache=cache, progress=progress)

    def apply_survey(self, file: str | Path) -> SurveyApplied:
        """Take back a survey's filled sheets into a file beside study.toml, which every run reads from then on.

        Raises ``InputFaultsError`` with every fault of the sheets; then nothing is written. The
        study itself is as it was: read it again.
        """
        from walkshed.surveying.applying import apply_sheets

        return apply_sheets(self.inputs, path_of(file, like="survey.xlsx"), skills())


def read_study(folder: str | Path, *, tell: Callable[[str], None] | None = None) -> Study:
    """Return the study in ``folder`` (or of a study.toml), checked.

    The map of a place that study.toml names is fetched if it is not there yet; ``tell`` hears, in a
    sentence, of every pause that a server asks for.

    Raises ``InputFaultsError`` with every fault of study.toml and its tables, and
    ``InvalidValueError`` for what is no path.
    """
    path = path_of(folder, like="data/gucheng")
    prepare(path, tell)
    return study_with(path, {})


def study_with(
    path: Path, fresh: Mapping[Path, bytes], assumed: Mapping[str, str] | None = None
) -> Study:
    """Return the study in ``path``, checked.

    ``fresh`` are files by path that are not on the disk yet; ``assumed``: the datum of tables that
    do not tell theirs, by key.
    """
    from walkshed.inputs import read_inputs

    made = {path.absolute(): content for path, content in fresh.items()}
    return Study(read_inputs(path, skills=replace(skills(), fresh=made, assumed=assumed or {})))


def check(
    folder: str | Path, *, cache: bool = True, tell: Callable[[str], None] | None = None
) -> Study:
    """Return the study in ``folder``, checked as ``read_study`` does, and its streets read as a run reads them.

    Where the datum of a table is in doubt and would turn verdicts, that is asked for as a fault.
    Raises ``InputFaultsError`` with every fault of study.toml, its tables and its streets.
    """
    from walkshed.errors import InputFaultsError, WalkshedError
    from walkshed.inputs.opened import streets_named

    prepare(folder, tell)
    source = streets_named(Path(folder))
    broken, notes = (None, ()) if source is None else streets_checked(source, cache=cache)
    # drawn lines are looked at with the tables, which know more of what is wrong with them
    if source is not None and source.form != "osm":
        found = read_study(folder)
        if broken is not None:
            raise InputFaultsError((broken,))
        return _datums_asked(_with_notes(found, notes), folder, cache=cache)
    try:
        found = read_study(folder)
    except InputFaultsError as error:
        raise error if broken is None else InputFaultsError((*error.faults, broken)) from None
    except WalkshedError:  # a table that is joined to the map meets a broken map, too
        if broken is None:
            raise
    if broken is not None:
        raise InputFaultsError((broken,))
    return _datums_asked(_with_notes(found, notes), folder, cache=cache)


def _datums_asked(study: Study, folder: str | Path, *, cache: bool) -> Study:
    """Return the study; raise ``InputFaultsError`` with every table whose datum is in doubt and decides verdicts."""
    from walkshed.errors import InputFaultsError, WalkshedError
    from walkshed.unstated import datum_asked, verdicts_of

    if not study.inputs.datum_doubts:
        return study
    path = path_of(folder, like="data/gucheng")
    verdicts, faults = verdicts_of(run(study.inputs, cache=cache)), []
    for doubt in study.inputs.datum_doubts:
        for datum in ("gcj02", "bd09"):
            try:
                other = study_with(path, {}, {doubt.key: datum}).inputs
            except WalkshedError:
                continue  # in this datum the places lie nowhere near
            fault = datum_asked(doubt, datum, verdicts, verdicts_of(run(other, cache=cache)))
            if fault is not None:
                faults.append(fault)
                break
    if faults:
        raise InputFaultsError(tuple(faults), study.inputs.notes)
    return study


def _with_notes(study: Study, notes: tuple[str, ...]) -> Study:
    """Return the study with notes on its streets after those on its tables."""
    known = (*study.inputs.notes, *notes)
    return replace(study, inputs=replace(study.inputs, notes=tuple(dict.fromkeys(known))))


def run(inputs: StudyInputs, *, progress: Progress | None = None, cache: bool = True) -> Results:
    """Return all that the study asks for.

    Method. The walkable streets become a network with exact geometry (1). Stations meet it at their
    doors, and a part of the network counts if it is long enough or holds a station (2). Residents
    live at points and come out onto the streets by the exits of their block; so do the stations
    inside a compound (3). A scenario changes stations, offers and gates, nothing else. Walking
    distances to all stations are exact along edges, straight across squares, for each kind of
    walker (4). Each block and service is judged by the standard's limit, door to window, for each
    walker; whoever is left out gets the first reason that explains it; the service matrix says what
    each station's each service is worth (5). Visitors are judged in the same way, apart from
    residents (6). Catchments are drawn for the eye; they decide nothing (7).
    """
    from walkshed.needs.access.situation import People, supply_for
    from walkshed.needs.assessing import assess
    from walkshed.needs.exits.edge import edge_gap_m
    from walkshed.walk.reach.catchments import catchments

    limits_m, stages = inputs.settings.limits_m, Stages(progress)

    with stages("streets"):  # (1)
        extract, network = streets_of(inputs, cache=cache)

    with stages("stations"):  # (2)
        standing = stations_on(inputs, extract, network)

    with stages("residents"):  # (3)
        residents = residents_of(inputs, extract, network, standing)

    with stages("distances"):  # (4)
        walks = walks_of(inputs, network, residents.demand, residents.station_anchors)
        in_reach = people_in_reach(walks, max(limits_m))

    with stages("verdicts"):  # (5)
        offers, rules = offers_of(inputs, residents.stations), rules_of(inputs, network)
        people = People(residents.blocks, walks)
        opened = open_now(inputs, offers, rules.calendar)
        supply = supply_for(people, residents.stations, offers, open_now=opened)
        gap_m = edge_gap_m(network, residents.blocks)
        answers = {
            walker.id: assess(people, supply, rules, walker, gap_m=gap_m, group_walkers=groups)
            for walker, groups in walkers_and_groups(inputs)
        }

    with stages("visitors"):  # (6)
        visitors = visitors_judged(inputs, network, standing, residents, supply, rules)

    with stages("catchments"):  # (7)
        reached = catchments(
            network, residents.station_anchors, limits_m=limits_m, simplify_m=OUTLINE_TOLERANCE_M
        )

    doubts = doubts_of(inputs, network, residents, offers)
    return Results(
        inputs=inputs,
        network=network,
        extract=extract,
        blocks=residents.blocks,
        stations=residents.stations,
        demand=residents.demand,
        station_anchors=residents.station_anchors,
        station_people=in_reach,
        catchments=reached,
        seconds=stages.seconds,
        notes=notes_of(inputs, extract, network, residents, offers),
        answers=answers,
        offers=offers,
        visitors=visitors,
        usable=standing.usable,
        remarks=(*doubts, *remarks_of(inputs, extract, network, residents, offers)),
        doubts=len(doubts),
    )
