"""The method told a second time: from a study's folder to the verdict of every block and service.

(1) The study is read, and the map. (2) Ways become streets. (3) Stations meet them, and parts of
the network count if they are long enough or hold a station. (4) Residents live at points and come
out by the exits of their block; stations inside a compound are met there, too. (5) Walks are
measured, for every walker, along the streets and inside compounds. (6) Verdicts follow.

Nothing here imports the package that it judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from truth.anchors import Feet, feet_of, segments_of, usable_components
from truth.divides import divides_of
from truth.doors import doors_of, entrances_of
from truth.edge import edge_gap_m
from truth.exits import Exits, exits_of, ground_of, steps_at_stations
from truth.extract import of_lines, read
from truth.folder import Block, Study, UnreadError, Walker, read_study
from truth.inside import TRIED_DETOUR, Inside, inside_of
from truth.people import Homes, homes_of, on_plane, residents_of
from truth.plane import rounded
from truth.streets import Streets, streets_of
from truth.verdicts import Judge, Judgment, Points, Ways
from truth.walks import METERS, Pace, walks
from truth.yards import Yard, met_by_exits, yards_of

STEP_RUN_M = 0.3
BESIDE_COMPOUND_M = 100.0


@dataclass(frozen=True)
class Residents:
    """The points of all blocks on the plane, and the exits by which they leave."""

    points: Points
    xy: np.ndarray
    exits: Exits


@dataclass(frozen=True)
class Told:
    """All that was found out, for whoever wants to know why."""

    study: Study
    streets: Streets
    usable: np.ndarray
    stations: Feet
    residents: Residents
    blocks: list[Block]
    judgments: list[Judgment]


def tell(path: Path, *, drawn: list[Block] | None = None) -> Told:
    """Return the verdicts of a study's folder.

    ``drawn`` are the blocks of a study that lets the map draw them: what a block is, is its input.
    """
    # (1) the study and its map
    study = read_study(path)
    extract = read(study.extract) if study.extract else None
    mapped = extract if extract is not None else of_lines(study.lines)
    blocks = study.blocks if study.blocks is not None else drawn
    if blocks is None:
        raise UnreadError("blocks that the map draws")

    # (2) the streets
    streets = streets_of(mapped, private=study.private)

    # (3) stations on them, by their doors
    places = [on_plane(station.geometry, streets.plane) for station in study.stations]
    door_xy, station_of = doors_of(places, entrances_of(extract, streets.plane))
    usable = usable_components(streets, door_xy, max_snap_m=study.max_snap_m)
    own = feet_of(segments_of(streets, usable), door_xy, max_snap_m=study.max_snap_m)
    station_xy = door_xy[np.searchsorted(station_of, np.arange(len(places)))]

    # (4) residents and their exits
    outlines = [on_plane(block.geometry, streets.plane) for block in blocks]
    compounds = [block.form == "compound" for block in blocks]
    ground = ground_of(streets, usable, extract, study.max_snap_m)
    exits = exits_of(
        ground,
        outlines,
        compounds=compounds,
        given=[study.gates.get(block.id, []) for block in blocks],
        complete=study.gates_complete,
    )
    yards = yards_of(outlines, compounds, door_xy)
    stations = met_by_exits(yards, exits, own, door_xy, station_of)
    residents = _residents(homes_of(extract, streets.plane), outlines, exits)
    inside = inside_of(
        streets,
        yards,
        divides_of(mapped, streets.plane) if yards else [],
        (residents.xy, residents.points.block),
        (door_xy, station_of),
        len(places),
    )

    # (5) and (6) each walker's walks, and what follows
    inside_m = np.minimum(inside.straight(METERS, 1.0), inside.mapped(METERS))
    on_network = np.bincount(stations.place, minlength=len(places)) > 0
    joined = _hang_together(streets, residents.exits, stations, (len(blocks), len(places)))
    judge = Judge(
        study,
        blocks,
        residents.points,
        _homes_of_stations(blocks, outlines, station_xy),
        _holding(yards, blocks, station_of, len(places)),
        on_network | np.isfinite(inside_m).any(axis=0),
        joined,
        edge_gap_m(extract, streets.plane, outlines),
    )
    judgments = []
    for walker in _walkers(study):
        ways = _ways(study, streets, residents, (stations, station_xy, inside), walker)
        judgments += judge.judgments(walker, *ways)
    return Told(study, streets, usable, stations, residents, blocks, judgments)


def _walkers(study: Study) -> list[Walker]:
    """Return the walkers that the study names, and those of its groups, each once."""
    names = dict.fromkeys([*study.walkers, *study.groups.values()])
    return [study.known_walkers[name] for name in names]


def _residents(homes: Homes, outlines: list[BaseGeometry], exits: Exits) -> Residents:
    """Return where residents live and where they come out."""
    xy, weight, owner = [], [], []
    for number, outline in enumerate(outlines):
        places, shares = residents_of(outline, homes)
        xy.append(places)
        weight.append(shares)
        owner.append(np.full(len(places), number))
    owner = np.concatenate(owner)
    connected = np.isin(owner, exits.block)
    return Residents(Points(owner, np.concatenate(weight), connected), np.concatenate(xy), exits)


def _hang_together(
    streets: Streets, exits: Exits, stations: Feet, sizes: tuple[int, int]
) -> np.ndarray:
    """Return (blocks, stations) whether some exit and the station stand on streets of one component."""
    count = len(streets.component_m)
    of_block = np.zeros((sizes[0], count), dtype=bool)
    of_station = np.zeros((sizes[1], count), dtype=bool)
    of_block[exits.block[exits.feet.place], streets.component[exits.feet.street]] = True
    of_station[stations.place, streets.component[stations.street]] = True
    return (of_block.astype(int) @ of_station.T.astype(int)) > 0


def _homes_of_stations(
    blocks: list[Block], outlines: list[BaseGeometry], station_xy: np.ndarray
) -> list[Block | None]:
    """Return the block in which each station stands, else the nearest within 100 m."""
    homes: list[Block | None] = []
    for xy in station_xy:
        away = shapely.distance(outlines, shapely.Point(xy))
        nearest = int(np.argmin(away)) if len(away) else -1
        near = nearest >= 0 and away[nearest] <= BESIDE_COMPOUND_M
        homes.append(blocks[nearest] if near else None)
    return homes


def _holding(
    yards: list[Yard], blocks: list[Block], station_of: np.ndarray, stations: int
) -> list[set[str]]:
    """Return the compounds that hold each station, by its doors."""
    holding: list[set[str]] = [set() for _ in range(stations)]
    for yard in yards:
        for station in station_of[yard.doors].tolist():
            holding[station].add(blocks[yard.block].id)
    return holding


def _ways(
    study: Study,
    streets: Streets,
    residents: Residents,
    stations: tuple[Feet, np.ndarray, Inside],
    walker: Walker,
) -> tuple[Ways, Ways]:
    """Return what the ways of all points to all stations cost; the best exit wins (definition 7).

    The second are those with straight walks inside as long as they are tried.
    """
    feet, station_xy, inside = stations
    adult = study.known_walkers["adult"]
    crew = study.known_walkers.get("crew", adult)
    open_to = Pace(1.0, 1.0 if walker.step_s is not None else np.inf)

    # along the streets, along mapped ways inside, and straight with either detour: the least counts
    detours = (study.inside_detour, max(study.inside_detour, TRIED_DETOUR))

    def cost(pace: Pace, toward: str = "station") -> tuple[np.ndarray, ...]:
        by_exit = _by_exit(streets, residents, feet, len(station_xy), (pace, toward))
        by_ways = np.minimum(by_exit, inside.mapped(pace, toward))
        across = [inside.straight(pace, detour) for detour in detours]
        return (*(np.minimum(by_ways, one) for one in across), across[0] <= by_ways)

    adult_m = cost(METERS)
    adult_s = cost(_seconds(adult))
    walker_m = adult_m if walker.step_s is not None else cost(open_to)
    walker_s = cost(_seconds(walker))
    outreach = any(offer.outreach for offer in study.offers)
    crew_m = cost(METERS, "point") if outreach else adult_m
    crew_s = cost(_seconds(crew), "point") if outreach else adult_m
    straight = ((residents.xy[:, None] - station_xy[None]) ** 2).sum(axis=2)
    straight_m = rounded(np.sqrt(straight))
    within = np.isfinite(inside.straight(METERS, 1.0)) | np.isfinite(inside.mapped(METERS))
    stated, tried = (
        Ways(
            *(each[place] for each in (adult_m, adult_s, walker_m, walker_s, crew_m, crew_s)),
            straight_m,
            within,
            adult_m[2] & np.isfinite(adult_m[0]),
        )
        for place in (0, 1)
    )
    return stated, tried


def _seconds(walker: Walker) -> Pace:
    """Return the pace in seconds: meters by speed, steps (0.3 m each) by their own time; none: closed."""
    per_step_m = np.inf if walker.step_s is None else walker.step_s / STEP_RUN_M
    return Pace(1.0 / walker.speed_m_s, per_step_m)


def _by_exit(
    streets: Streets, residents: Residents, stations: Feet, count: int, how: tuple[Pace, str]
) -> np.ndarray:
    """Return (points, stations) the least of leg and walk over the exits of each point's block."""
    pace, toward = how
    exits, points = residents.exits, residents.points
    if toward == "station":
        from_exit = walks(streets, exits.feet, stations, (len(exits.block), count), pace)
    else:
        from_exit = walks(streets, stations, exits.feet, (count, len(exits.block)), pace).T
    found = np.full((len(points.block), count), np.inf)
    for block in np.unique(exits.block).tolist():
        mine, own = points.of(block), exits.block == block
        away = residents.xy[mine][:, None] - exits.xy[own][None]
        legs = rounded(rounded(np.sqrt((away**2).sum(axis=2))) * pace.per_m)
        found[mine] = (legs[:, :, None] + from_exit[own][None]).min(axis=1)

    # or right onto the foot of the station
    for block, row in steps_at_stations(exits, stations):
        mine, station = points.of(block), int(stations.place[row])
        away = residents.xy[mine] - stations.xy[row]
        out = rounded(rounded(np.sqrt((away**2).sum(axis=1))) * pace.per_m)
        leg = rounded(stations.leg_m[row] * pace.per_m)
        found[mine, station] = np.minimum(found[mine, station], out + leg)
    return found
