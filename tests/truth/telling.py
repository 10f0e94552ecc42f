"""The method told a second time: from a study's folder to the verdict of every block and service.

(1) The study is read, and the map. (2) Ways become streets. (3) Stations meet them, and parts of
the network count if they are long enough or hold a station. (4) Residents live at points and come
out by the exits of their block. (5) Walks are measured, for every walker. (6) Verdicts follow.

Nothing here imports the package that it judges.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from truth.anchors import Feet, feet_of, segments_of, usable_components
from truth.doors import doors_of, entrances_of
from truth.edge import edge_gap_m
from truth.exits import Exits, exits_of, ground_of
from truth.extract import Extract, of_lines, read
from truth.folder import Block, Study, UnreadError, Walker, read_study
from truth.people import homes_of, on_plane, residents_of
from truth.plane import rounded
from truth.streets import Streets, streets_of
from truth.verdicts import Judge, Judgment, Points, Ways
from truth.walks import METERS, Pace, walks

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
    stations = feet_of(segments_of(streets, usable), door_xy, max_snap_m=study.max_snap_m)
    stations = replace(stations, place=station_of[stations.place])
    station_xy = door_xy[np.searchsorted(station_of, np.arange(len(places)))]

    # (4) residents and their exits
    outlines = [on_plane(block.geometry, streets.plane) for block in blocks]
    residents = _residents(study, extract, blocks, outlines, (streets, usable, stations))

    # (5) and (6) each walker's walks, and what follows
    on_network = np.bincount(stations.place, minlength=len(station_xy)) > 0
    homes = _homes_of_stations(blocks, outlines, station_xy)
    judge = Judge(
        study,
        blocks,
        residents.points,
        homes,
        on_network,
        _hang_together(streets, residents.exits, stations, (len(blocks), len(station_xy))),
        edge_gap_m(extract, streets.plane, outlines),
    )
    judgments = []
    for walker in _walkers(study):
        ways = _ways(study, streets, residents, (stations, station_xy), walker)
        judgments += judge.judgments(walker, ways)
    return Told(study, streets, usable, stations, residents, blocks, judgments)


def _walkers(study: Study) -> list[Walker]:
    """Return the walkers that the study names, and those of its groups, each once."""
    names = dict.fromkeys([*study.walkers, *study.groups.values()])
    return [study.known_walkers[name] for name in names]


def _residents(
    study: Study,
    extract: Extract | None,
    blocks: list[Block],
    outlines: list[BaseGeometry],
    ground: tuple[Streets, np.ndarray, Feet],
) -> Residents:
    """Return where residents live and where they come out."""
    streets, usable, stations = ground
    homes = homes_of(extract, streets.plane)
    exits = exits_of(
        ground_of(streets, usable, extract, study.max_snap_m),
        outlines,
        compounds=[block.form == "compound" for block in blocks],
        given=[study.gates.get(block.id, []) for block in blocks],
        complete=study.gates_complete,
        station_feet=stations,
    )
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


def _ways(
    study: Study,
    streets: Streets,
    residents: Residents,
    stations: tuple[Feet, np.ndarray],
    walker: Walker,
) -> Ways:
    """Return what the ways of all points to all stations cost; the best exit wins (definition 7)."""
    feet, station_xy = stations
    adult = study.known_walkers["adult"]
    crew = study.known_walkers.get("crew", adult)
    open_to = Pace(1.0, 1.0 if walker.step_s is not None else np.inf)

    def cost(pace: Pace, toward: str = "station") -> np.ndarray:
        return _by_exit(streets, residents, feet, len(station_xy), (pace, toward))

    adult_m = cost(METERS)
    straight = ((residents.xy[:, None] - station_xy[None]) ** 2).sum(axis=2)
    outreach = any(offer.outreach for offer in study.offers)
    return Ways(
        adult_m=adult_m,
        adult_s=cost(_seconds(adult)),
        walker_m=adult_m if walker.step_s is not None else cost(open_to),
        walker_s=cost(_seconds(walker)),
        crew_m=cost(METERS, "point") if outreach else adult_m,
        crew_s=cost(_seconds(crew), "point") if outreach else adult_m,
        straight_m=rounded(np.sqrt(straight)),
    )


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
    return found
