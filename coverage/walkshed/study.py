"""A study, and the method by which it is answered, readable as prose."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict

from walkshed.model.results import Results, StreetsSource, StudyInputs

if TYPE_CHECKING:
    from typing import Unpack

    import folium
    import geopandas as gpd
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from walkshed.geocode.providers.http import Manners
    from walkshed.inputs import Skills
    from walkshed.model.arrays import BoolArray, FloatArray
    from walkshed.model.coverage import Coverage
    from walkshed.model.drafting import Draft
    from walkshed.model.extract import Extract
    from walkshed.model.geocoding import CrsFinding, LedgerMatch, LedgerRow
    from walkshed.model.network import StreetNetwork
    from walkshed.model.places import Block, Offer, Station
    from walkshed.model.proposals import CandidateSource, SitePlan
    from walkshed.model.siting import Room
    from walkshed.model.walkers import Walker
    from walkshed.model.walking import Anchors
    from walkshed.needs.dwellings import Dwellings
    from walkshed.reports.drafting import DraftOptions
    from walkshed.reports.placing import Placing
    from walkshed.siting.upgrading import Upgrades

Progress = Callable[[str], None]
#: Seconds in which proposals are sought; the best found by then is given, with its bound.
SITING_LIMIT_S = 60.0


class SitingWishes(TypedDict, total=False):
    """What ``propose`` may be told instead of what ``[siting]`` of study.toml says, as there."""

    new: int | None
    budget: float | None
    candidates: CandidateSource
    rooms: tuple[Room, ...]
    spacing_m: float | None
    services: tuple[str, ...]
    services_per_site: int
    service_m2: float
    add_services: int
    station_cost: float
    service_cost: float
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

        Without ``cache`` the streets are read from their file even where an earlier run has kept them.
        """
        return Findings(run(self.inputs, progress=progress, cache=cache))

    def with_scenario(self, file: str | Path) -> Study:
        """Return the study with the changes of a scenario file.

        Raises ``InputFaultsError`` with every fault of the file.
        """
        from walkshed.inputs.scenario import read_scenario

        return Study(replace(self.inputs, scenario=read_scenario(Path(file), self.inputs)))

    def site(
        self, *, time_limit_s: float = SITING_LIMIT_S, progress: Progress | None = None, **wishes: Unpack[SitingWishes]
    ) -> ProposedSites:
        """Run the study, propose stations, and run it again with them; see ``Findings.propose``."""
        return self.run(progress=progress).propose(time_limit_s=time_limit_s, progress=progress, **wishes)


def read_study(folder: str | Path) -> Study:
    """Return the study in ``folder`` (or of a study.toml), checked.

    The map of a place that study.toml names is fetched if it is not there yet.

    Raises ``InputFaultsError`` with every fault of study.toml and its tables.
    """
    from walkshed.inputs import read_inputs

    _fetch(folder)
    return Study(read_inputs(Path(folder), skills=_skills()))


def _fetch(folder: str | Path) -> None:
    """Fetch the map of a place that study.toml names, if it is not there yet."""
    from walkshed.inputs.read import place_to_fetch

    wanted = place_to_fetch(Path(folder))
    if wanted is not None:
        from walkshed.osm.overpass import fetch_place

        place, servers, path = wanted
        path.write_bytes(fetch_place(place, path.parent / "answers", servers=servers).path.read_bytes())


def geocode(
    folder: str | Path,
    *,
    providers: Sequence[str] = (),
    urls: Mapping[str, str] | None = None,
    city: str = "",
    resume: bool = True,
    manners: Manners | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Placing, int]:
    """Place the stations without coordinates; return what was found, and how many rows the table has.

    The study's extract is asked first, then ``providers`` ("nominatim", "amap", "tianditu", "baidu"). Writes
    stations.geocoded.csv, which every later run uses, and a review sheet, beside the planner's file.
    """
    from walkshed.inputs.read import read_unplaced
    from walkshed.reports.placing import chain_of, place_rows

    _fetch(folder)
    wanted = read_unplaced(Path(folder), city=city, skills=_skills())
    chain = chain_of(wanted, providers, urls=urls, manners=manners)

    def effects(uncertainty_m: Mapping[str, float]) -> Mapping[str, float]:
        return _people_in_doubt(Path(folder), uncertainty_m)

    return place_rows(wanted, chain, resume=resume, effects=effects, progress=progress), wanted.count


def _people_in_doubt(folder: Path, uncertainty_m: Mapping[str, float]) -> Mapping[str, float]:
    """Return how many residents hang on each doubtful place; nothing where the study cannot run yet."""
    from walkshed.errors import InputFaultsError
    from walkshed.needs.uncertainty import limits_of, people_in_doubt
    from walkshed.walk.distances import pairs

    try:
        found = read_study(folder).run().results
    except InputFaultsError:
        return {}
    limits_m = limits_of(found.inputs.needs)
    far_m = max(limits_m) + max(uncertainty_m.values())
    walks = pairs(found.network, found.demand.anchors, found.station_anchors, limit_m=far_m)
    return people_in_doubt(found.demand, found.stations, walks, limits_m, uncertainty_m)


def _skills() -> Skills:
    """Return what the reading of a study asks of the rooms beside it."""
    from walkshed.geocode.datums import bd09_to_wgs84, gcj02_to_wgs84
    from walkshed.inputs import Skills

    def detect(
        extract: Path, columns: FloatArray, names: Sequence[str], addresses: Sequence[str]
    ) -> tuple[CrsFinding, ...]:
        from walkshed.geocode.detective import detect_crs
        from walkshed.geocode.evidence import reference_of
        from walkshed.osm import read_extract

        return detect_crs(columns, reference_of(read_extract(extract)), names=names, addresses=addresses)

    def join(extract: Path, rows: Sequence[LedgerRow]) -> tuple[tuple[LedgerMatch, BaseGeometry | None], ...]:
        import shapely

        from walkshed.geocode.gazetteer import build_gazetteer
        from walkshed.geocode.ledger import grounds_of, join_ledger
        from walkshed.osm import read_extract

        town = read_extract(extract)
        grounds = grounds_of(town)
        with build_gazetteer(town) as gazetteer:
            matches = join_ledger(rows, grounds, find_address=gazetteer.find)
        shapes = [[grounds[index].geometry for index in match.grounds] for match in matches]
        return tuple(
            (match, shapely.union_all(parts) if parts else None) for match, parts in zip(matches, shapes, strict=True)
        )

    return Skills(to_wgs84={"gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}, detect=detect, join=join)


def draft(extract: str | Path | None, folder: str | Path, **options: Unpack[DraftOptions]) -> Draft:
    """Draft a study of an OSM extract (or a place, by name) in ``folder``; see ``walkshed.reports.drafting``."""
    from walkshed.reports import drafting

    return drafting.draft(extract, folder, **options)


def run(inputs: StudyInputs, *, progress: Progress | None = None, cache: bool = True) -> Results:
    """Return all that the study asks for.

    Method. The walkable streets become a network with exact geometry (1). Stations meet it at their doors, and a part
    of the network counts if it is long enough or holds a station (2). Residents live at points and come out onto the
    streets by the exits of their block (3). A scenario changes stations, offers and gates, nothing else. Walking
    distances to all stations are exact along edges, for each kind of walker (4). Each block and service is judged by
    the standard's limit, door to window, for each walker; whoever is left out gets the first reason that explains it
    (5). The service matrix says what each station's each service is worth (6). Catchments are drawn for the eye; they
    decide nothing (7).
    """
    import numpy as np

    from walkshed.model.arrays import whole
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
    from walkshed.needs.scenarios import offers_after, stations_after
    from walkshed.needs.situation import situations
    from walkshed.needs.walkers import crew_of, walker_of
    from walkshed.needs.walks import Walks
    from walkshed.needs.week import week
    from walkshed.walk.anchors import snap, usable_components
    from walkshed.walk.catchments import catchments
    from walkshed.walk.doors import station_doors

    settings, stages = inputs.settings, _Stages(progress)
    with stages("streets"):  # (1)
        extract, network = _streets(inputs, cache=cache)
    with stages("stations"):  # (2)
        standing, _ = station_doors(stations_after(replace(inputs, scenario=None)), network.plane, extract)
        usable = usable_components(network, standing, max_snap_m=settings.max_snap_m)
        stations = stations_after(inputs)
        doors, door_start = station_doors(stations, network.plane, extract)
        anchors = snap(network, doors, start=door_start, max_snap_m=settings.max_snap_m, usable=usable)
    with stages("residents"):  # (3)
        homes = dwellings(extract, network.plane)
        blocks, blocks_notes = _blocks(inputs, extract, network, homes)
        residents = demand(
            blocks, network, extract=extract, homes=homes, gates=gates_of_blocks(inputs.gates, blocks),
            gates_complete=settings.gates_complete, usable=usable, max_snap_m=settings.max_snap_m,
            opened=inputs.scenario.gates if inputs.scenario else (),
        )  # fmt: skip
    with stages("distances"):  # (4)
        walks = Walks(
            network, residents, anchors, inputs.needs,
            least_limit_m=max(settings.limits_m), adult=walker_of(inputs.walkers, "adult"),
        )  # fmt: skip
        nearby = walks.meters
    with stages("verdicts"):  # (5)
        offers = all_offers(offers_after(inputs, stations), stations)
        open_now = open_at(settings.at, offers)
        main, *others = _walkers(inputs)
        seen = {
            walker.id: situations(
                walks, blocks, stations, inputs.services, inputs.needs, offers,
                walker=walker, crew=crew_of(inputs.walkers), open_now=open_now,
            )
            for walker in (main, *others)
        }  # fmt: skip
        judged = {
            walker: coverage(walks, blocks, stations, found, min_share=settings.min_share)
            for walker, found in seen.items()
        }
        visited = _visited(inputs, network, anchors, stations, offers, usable=usable, open_now=open_now)
    with stages("matrix"):  # (6)
        matrix = service_matrix(residents, stations, seen[main.id])
        capacity = tuple(
            burden for number, each in enumerate(seen[main.id]) for burden in burdens(each, number, residents.people)
        )
        open_week = week(residents, seen[main.id], settings.at, min_share=settings.min_share)
        overlaps = hub_overlaps(residents, stations, seen[main.id], judged[main.id])
        uneven = inequality(residents, blocks, judged[main.id], settings.groups)
        near = nearby.distance_m <= max(settings.limits_m)
        in_reach = np.bincount(
            nearby.station[near], weights=residents.people[nearby.point[near]], minlength=len(stations)
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
        matrix=matrix,
        catchments=areas,
        seconds=stages.seconds,
        notes=_notes(
            inputs,
            extract,
            network,
            (
                *(*blocks_notes, *residents.notes),
                *offer_notes(offers, stations, blocks, network),
                *calendar_notes(settings.at, offers),
            ),
            homes_found=len(homes.floor_m2),
        ),
        offers=offers,
        by_walker=judged,
        capacity=capacity,
        week=open_week,
        overlaps=overlaps,
        inequality=uneven,
        visitors=visited,
        usable=usable,
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Findings:
    """What a run found, as frames, a map and files; each is made anew when asked for."""

    results: Results

    def __repr__(self) -> str:
        """``Findings(Central Helsinki: 40 blocks, 45 stations, 9 services)``."""
        found = self.results
        counts = f"{len(found.blocks)} blocks, {len(found.stations)} stations, {len(found.inputs.services)} services"
        return f"Findings({found.inputs.settings.name}: {counts})"

    @property
    def coverage(self) -> pd.DataFrame:
        """One row per block and service, columns as in coverage.csv."""
        from walkshed.reports.tables import coverage_frame

        return coverage_frame(self.results)

    @property
    def coverage_by_walker(self) -> pd.DataFrame:
        """One row per block, service and way of walking, columns as in coverage_by_walker.csv."""
        from walkshed.reports.by_walker import coverage_by_walker_frame

        return coverage_by_walker_frame(self.results)

    @property
    def capacity(self) -> pd.DataFrame:
        """One row per offer whose places or rooms are known: who would come, and what is short."""
        from walkshed.reports.rooms import capacity_frame

        return capacity_frame(self.results)

    @property
    def rooms(self) -> pd.DataFrame:
        """One row per community: service rooms per 100 households."""
        from walkshed.reports.rooms import rooms_frame

        return rooms_frame(self.results)

    @property
    def overlaps(self) -> pd.DataFrame:
        """One row per hub and service: who is served twice, and what no station of the hub offers."""
        from walkshed.reports.left_out import overlaps_frame

        return overlaps_frame(self.results)

    @property
    def left_out(self) -> pd.DataFrame:
        """Blocks and people failing each service, by kind, flag, community and subdistrict."""
        from walkshed.reports.left_out import left_out_frame

        return left_out_frame(self.results)

    @property
    def inequality(self) -> pd.DataFrame:
        """How unevenly walks are spread: Gini and worst-off tenth, by service and group."""
        from walkshed.reports.left_out import inequality_frame

        return inequality_frame(self.results)

    def changes(self, before: Findings | None = None) -> pd.DataFrame:
        """Return what changed and why: since ``before``, or, in one run, from the first walker to each other one."""
        from walkshed.reports.changes import changes_between, changes_by_walker

        return changes_by_walker(self.results) if before is None else changes_between(before.results, self.results)

    @property
    def visitors(self) -> pd.DataFrame:
        """One row per place of visitors and service; visitors are never added to residents."""
        from walkshed.reports.visitors import visitors_frame

        return visitors_frame(self.results)

    @property
    def hours(self) -> pd.DataFrame:
        """One row per block and service: when it is served in the week of the moment asked for."""
        from walkshed.reports.hours import hours_frame

        return hours_frame(self.results)

    @property
    def unverified(self) -> pd.DataFrame:
        """Every unverified figure that decided something."""
        from walkshed.reports.unverified import unverified_frame

        return unverified_frame(self.results)

    @property
    def blocks(self) -> gpd.GeoDataFrame:
        """One row per block (WGS84), with how many services it lacks."""
        from walkshed.reports.tables import blocks_frame

        return blocks_frame(self.results)

    @property
    def areas(self) -> pd.DataFrame:
        """One row per community (or subdistrict) and service: blocks and people failing."""
        from walkshed.reports.tables import areas_frame

        return areas_frame(self.results)

    @property
    def stations(self) -> gpd.GeoDataFrame:
        """One row per station (WGS84), with its anchor and the people in reach."""
        from walkshed.reports.tables import stations_frame

        return stations_frame(self.results)

    @property
    def matrix(self) -> pd.DataFrame:
        """One row per station and service: people in reach, unique gain or potential, twin."""
        from walkshed.reports.tables import matrix_frame

        return matrix_frame(self.results)

    @property
    def catchments(self) -> gpd.GeoDataFrame:
        """One row per station and limit (WGS84): street meters, area, outline."""
        from walkshed.reports.tables import catchments_frame

        return catchments_frame(self.results)

    def map(
        self,
        *,
        assets: Literal["inline", "cdn"] | None = None,
        tiles: Literal["none", "osm", "tianditu"] | None = None,
        public: bool = False,
    ) -> folium.Map:
        """Return the interactive map; ``.save(path)`` writes one file that opens with no internet.

        ``assets="cdn"`` and ``tiles`` need the internet where the page is opened; None: as study.toml says in [map].
        ``public`` leaves out how many people live in each block.
        """
        from walkshed.maps.page import build_map

        return build_map(self.results, assets=assets, tiles=tiles, public=public)

    def write(self, folder: str | Path, *, pdf: bool = False, png: bool = False, public: bool = False) -> Path:
        """Write the map, tables, layers and provenance into ``folder``, all or nothing; return the map's path.

        ``pdf`` adds map-a4.pdf and map-a3.pdf, ``png`` a picture for a slide; both need an installed Chromium, Edge or
        Chrome. ``public`` writes only what may be passed on: the map without people per block, and the provenance.
        """
        from walkshed.maps.paper import prints
        from walkshed.reports.write import write_run

        target = Path(folder)
        page = self.map(public=public).get_root().render()
        files = {"index.html": page.encode("utf-8")} | prints(page, pdf=pdf, png=png)
        write_run(self.results, target, extra_files=files, public=public)
        return target / "index.html"

    def propose(
        self, *, time_limit_s: float = SITING_LIMIT_S, progress: Progress | None = None, **wishes: Unpack[SitingWishes]
    ) -> ProposedSites:
        """Return where the next stations should stand, with the study run again as if they stood there.

        ``wishes`` go before what ``[siting]`` of study.toml says: ``new`` stations at most, a ``budget``, ``services``,
        ``candidates`` (``auto``, ``streets``, ``rooms``) and so on; ``time_limit_s`` is the solver's. Raises
        ``InvalidValueError`` where there is nothing to decide.
        """
        from walkshed.siting.proposing import propose

        stages = _Stages(progress)
        with stages("siting"):
            plan = propose(self.results, replace(self.results.inputs.siting, **wishes), time_limit_s=time_limit_s)
        return ProposedSites(self, plan, Findings(run(with_sites(self.results.inputs, plan), progress=progress)))

    def upgrade(self, *, time_limit_s: float = SITING_LIMIT_S, **wishes: Unpack[SitingWishes]) -> ProposedUpgrades:
        """Return which upstairs centers to bring down within the ``budget``, and how.

        Rooms, costs and walkers are those of ``[siting]``, or of ``wishes``. Raises ``InvalidValueError`` where no
        center stands upstairs, and without a budget.
        """
        from walkshed.siting.upgrading import propose_upgrades, with_upgrades

        asked = replace(self.results.inputs.siting, **wishes)
        found = propose_upgrades(self.results, asked, time_limit_s=time_limit_s)
        return ProposedUpgrades(self, found, Findings(run(with_upgrades(self.results.inputs, found.chosen))))

    def summary_lines(self) -> list[str]:
        """Return the answer in a few lines, in the study's language: per service who is left out."""
        from walkshed.reports.summary import summary_lines

        return summary_lines(self.results)


@dataclass(frozen=True, slots=True, eq=False)
class ProposedSites:
    """Stations proposed for a study: the plan, and the findings without and with them."""

    before: Findings
    plan: SitePlan
    after: Findings

    @property
    def proposals(self) -> gpd.GeoDataFrame:
        """One row per proposal, by rank (WGS84), columns as in proposals.csv."""
        from walkshed.reports.proposals import proposals_frame

        return proposals_frame(self.before.results, self.after.results, self.plan)

    @property
    def curve(self) -> pd.DataFrame:
        """One row per number of new stations: what the best such plan gains, and its bound."""
        from walkshed.reports.proposals import curve_frame

        return curve_frame(self.plan)

    @property
    def unreachable(self) -> pd.DataFrame:
        """One row per block and service that no candidate can serve in full, and why."""
        from walkshed.reports.proposals import unreachable_frame

        return unreachable_frame(self.before.results, self.plan)

    @property
    def measured_gain(self) -> float:
        """What the run with the proposals gains over the one without, by the judgments of both."""
        return measured(self.after.results, self.plan) - measured(self.before.results, self.plan)

    def map(self) -> folium.Map:
        """Return the interactive map with the proposals on it, to be seen before and after."""
        from walkshed.maps.page import build_map

        return build_map(self.before.results, proposed=(self.plan, self.after.results))

    def write(self, folder: str | Path) -> Path:
        """Write the files of the run with proposals.csv, curve.csv, unreachable.csv and their layer, all or nothing."""
        from walkshed.reports.proposals import plan_facts
        from walkshed.reports.write import csv_bytes, write_run

        target, proposals = Path(folder), self.proposals
        files = {
            "index.html": self.map().get_root().render().encode("utf-8"),
            "proposals.csv": csv_bytes(proposals.drop(columns="geometry")),
            "curve.csv": csv_bytes(self.curve),
            "unreachable.csv": csv_bytes(self.unreachable),
        }
        write_run(
            self.before.results, target, extra_files=files, extra_layers={"proposals": proposals},
            extra_facts={"siting": plan_facts(self.plan, self.measured_gain)},
        )  # fmt: skip
        return target / "index.html"

    def summary_lines(self) -> list[str]:
        """Return the plan in a few lines, in the study's language."""
        from walkshed.siting.wording import summary

        results = self.before.results
        return summary(results, self.after.results, self.plan, results.inputs.settings.language)


@dataclass(frozen=True, slots=True, eq=False)
class ProposedUpgrades:
    """What to do about the centers upstairs: the choices, and the findings without and with them."""

    before: Findings
    found: Upgrades
    after: Findings

    @property
    def upgrades(self) -> pd.DataFrame:
        """One row per center upstairs: what is done, where to, at what cost, and what it adds to the rest."""
        from walkshed.reports.proposals import upgrades_frame

        return upgrades_frame(self.before.results, self.found)

    def write(self, folder: str | Path) -> Path:
        """Write the files of the run with upgrades.csv, all or nothing; return the table's path."""
        from walkshed.reports.write import csv_bytes, write_run

        target = Path(folder)
        page = self.before.map().get_root().render().encode("utf-8")
        files = {"index.html": page, "upgrades.csv": csv_bytes(self.upgrades)}
        write_run(self.before.results, target, extra_files=files)
        return target / "upgrades.csv"

    def summary_lines(self) -> list[str]:
        """Return what is done in a few lines, in the study's language."""
        from walkshed.siting.wording import upgrades_summary

        return upgrades_summary(self.before.results, self.found)


def with_sites(inputs: StudyInputs, plan: SitePlan) -> StudyInputs:
    """Return the study as if the proposals stood: new stations, and services added to standing ones."""
    added = {each.station.id: each.services for each in plan.proposals if each.extends}
    standing = tuple(
        replace(station, services=(*station.services, *added[station.id])) if station.id in added else station
        for station in inputs.stations
    )
    return replace(inputs, stations=(*standing, *plan.stations), offers=(*inputs.offers, *plan.offers))


def measured(results: Results, plan: SitePlan) -> float:
    """Return the people (or blocks) that a run serves, once for each of the plan's services, averaged over walkers."""
    ids = [service.id for service in results.inputs.services]
    rows = [
        row for walker in plan.walkers for row in results.by_walker[walker].rows if ids[row.service] in plan.services
    ]
    served = ((row.share if plan.weighs_blocks else row.served) for row in rows if row.need is not None)
    return sum(served) / len(plan.walkers)


class _Stages:
    """Names and times the stages of one run."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        if self._progress is not None:
            self._progress(stage)
        begun = time.perf_counter()
        yield
        self.seconds[stage] = time.perf_counter() - begun


def _streets(inputs: StudyInputs, *, cache: bool) -> tuple[Extract | None, StreetNetwork]:
    extract, network = _read_streets(inputs.settings.streets, cache=cache)
    credit = inputs.settings.streets.attribution
    return extract, network if credit is None else replace(network, attribution=credit)


def _read_streets(source: StreetsSource, *, cache: bool) -> tuple[Extract | None, StreetNetwork]:
    if source.form == "osm" and source.extra is None:
        from walkshed.streets.cache import read_built

        return read_built(
            source.path, private=source.private_rule, profile=source.profile, beyond=source.beyond, cache=cache
        )
    if source.form == "osm" and source.extra is not None:
        from walkshed.frames import read_lanes
        from walkshed.osm import read_extract
        from walkshed.streets.build import build_network

        extract, lanes = read_extract(source.path), read_lanes(source.extra, join_m=source.extra_join_m)
        return extract, build_network(
            extract, private=source.private_rule, profile=source.profile, beyond=source.beyond, extra=lanes
        )
    from walkshed.frames import read_lines

    return None, read_lines(
        source.path, split_crossings=source.split_crossings, private=source.private_rule, beyond=source.beyond
    )


def _blocks(
    inputs: StudyInputs, extract: Extract | None, network: StreetNetwork, homes: Dwellings
) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Return the study's blocks (given, made from the map, or of a file of population) with their people, and notes."""
    from walkshed.errors import InvalidValueError
    from walkshed.needs.blocks import residential_blocks, share_people, street_blocks
    from walkshed.needs.population import blocks_of_population, share_population

    if inputs.blocks is not None:
        blocks = inputs.blocks
    elif inputs.settings.blocks_from == "people" and inputs.population is not None:
        return blocks_of_population(inputs.population), ()
    elif inputs.settings.blocks_from == "streets":
        blocks = street_blocks(network, homes)
    elif extract is not None:
        blocks = residential_blocks(extract, network)
    else:
        raise InvalidValueError("[blocks] from = 'osm' needs [streets] file, an OSM extract; give a file of blocks")
    notes: tuple[str, ...] = ()
    if inputs.population is not None:
        shared = share_population(blocks, inputs.population, network, homes)
        blocks = shared.blocks
        if round(shared.outside):
            notes = (f"{round(shared.outside):,} people of {inputs.population.source} live in no block",)
    total = inputs.settings.people_total
    return (blocks if total is None else share_people(blocks, network, homes, total)), notes


def _visited(
    inputs: StudyInputs,
    network: StreetNetwork,
    anchors: Anchors,
    stations: tuple[Station, ...],
    offers: tuple[Offer, ...],
    *,
    usable: BoolArray,
    open_now: Mapping[str, bool] | None,
) -> Coverage | None:
    """Return the judgment of the places of visitors, who walk as adults and are no residents; None without any.

    The rows of the standard for the kind ``visitor`` hold for them, else those for every kind.
    """
    from walkshed.needs.demand import demand
    from walkshed.needs.dwellings import dwellings
    from walkshed.needs.judging import coverage
    from walkshed.needs.situation import situations
    from walkshed.needs.walkers import crew_of, walker_of
    from walkshed.needs.walks import Walks

    if not inputs.visitors:
        return None
    adult = walker_of(inputs.walkers, "adult")
    there = demand(
        inputs.visitors, network, extract=None, homes=dwellings(None, network.plane), gates=(), gates_complete=False,
        usable=usable, max_snap_m=inputs.settings.max_snap_m,
    )  # fmt: skip
    walks = Walks(network, there, anchors, inputs.needs, least_limit_m=max(inputs.settings.limits_m), adult=adult)
    found = situations(
        walks, inputs.visitors, stations, inputs.services, inputs.needs, offers,
        walker=adult, crew=crew_of(inputs.walkers), open_now=open_now,
    )  # fmt: skip
    return coverage(walks, inputs.visitors, stations, found, min_share=inputs.settings.min_share)


def _walkers(inputs: StudyInputs) -> tuple[Walker, ...]:
    """Return the walkers for whom the study is judged: those it names, then those of its groups; each once."""
    from walkshed.needs.walkers import walker_of

    settings = inputs.settings
    names = (*(settings.walkers or ("adult",)), *settings.group_walkers.values())
    return tuple(walker_of(inputs.walkers, name) for name in dict.fromkeys(names))


def _notes(
    inputs: StudyInputs,
    extract: Extract | None,
    network: StreetNetwork,
    demand_notes: tuple[str, ...],
    *,
    homes_found: int,
) -> tuple[str, ...]:
    """Return everything that a reader of the results should know, once each, in the order in which it arose."""
    buildings = (
        () if homes_found else ("no residential building is mapped: residents are spread evenly over each block",)
    )
    of_extract = extract.notes if extract is not None else ()
    return tuple(dict.fromkeys((*inputs.notes, *of_extract, *network.notes, *demand_notes, *buildings)))
