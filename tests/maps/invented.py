"""A small invented town for the page: a grid of lanes, a river with one bridge, blocks between the lanes.

The rooms below make the results, as in a run; only the study itself (its tables and its extract) is
made here.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from towns import Line, network
from walkshed.model.ground.extract import Extract, Features, Ways
from walkshed.model.ground.plane import Plane
from walkshed.model.results import Results, Settings, StreetsSource, StudyInputs
from walkshed.model.town.places import Block, Need, PeopleSource, Service, Station, Tier
from walkshed.model.town.walkers import ADULT
from walkshed.needs.access.situation import People, supply_for
from walkshed.needs.access.walks import Walks
from walkshed.needs.assessing import Rules, assess
from walkshed.needs.demand import demand
from walkshed.needs.exits.edge import edge_gap_m
from walkshed.needs.exits.stepping_out import with_feet
from walkshed.needs.people.dwellings import dwellings
from walkshed.needs.rules.offers import all_offers
from walkshed.walk.anchors import snap, usable_components
from walkshed.walk.doors import station_doors
from walkshed.walk.reach.catchments import catchments

PLANE = Plane(lon0=116.63, lat0=23.66)
SERVICES = (
    Service("meals", "长者助餐", "Meals for older people", None, True),
    Service("mediation", "纠纷调解", "Mediation", None, True),
    Service("culture", "文化体验", "Culture", None, True),
    Service("repair", "维修响应", "Repairs", None, False),
)
LANE_M = 130.0


def invented(
    *,
    language: str = "en",
    columns: int = 6,
    rows: int = 4,
    names: dict[str, str] | None = None,
    with_people: bool = True,
    near_edge: bool = False,
    services: tuple[Service, ...] = SERVICES,
) -> Results:
    """Return the results of the town: blocks ``columns`` × ``rows``, a river north of the second row.

    ``names`` replaces the names of blocks and stations by id; ``near_edge`` draws the edge of the
    data close around the town, so that failing blocks are in doubt.
    """
    names = names or {}
    net = _network(columns, rows)
    if near_edge:
        (west, south), (east, north) = net.node_xy.min(axis=0), net.node_xy.max(axis=0)
        net = replace(net, bounds_xy=(float(west), float(south), float(east), float(north)))
    net = replace(net, data_date="2026-01-31", attribution="© OpenStreetMap contributors")
    blocks = _blocks(columns, rows, names, with_people=with_people)
    stations = _stations(columns, rows, names)
    need = Need(
        "*",
        "*",
        None,
        300.0,
        "m",
        "network",
        "3.2",
        "示例标准" if language == "zh" else "invented rule",
        False,
        "a",
    )
    extract = _extract(columns, rows)
    doors, door_start = station_doors(stations, net.plane, extract)
    usable = usable_components(net, doors, max_snap_m=100.0)
    anchors = snap(net, doors, start=door_start, usable=usable)
    residents = demand(
        blocks,
        net,
        extract=extract,
        homes=dwellings(extract, net.plane),
        gates=(),
        gates_complete=False,
        usable=usable,
        max_snap_m=100.0,
    )
    residents = with_feet(residents, anchors)
    walks = Walks(net, residents, anchors, (need,), least_limit_m=500.0)
    people = People(blocks, walks)
    supply = supply_for(people, stations, all_offers((), stations))
    rules = Rules(services, (need,), min_share=0.8, crew=ADULT)
    answer = assess(people, supply, rules, ADULT, gap_m=edge_gap_m(net, blocks))
    near = walks.meters
    in_reach = np.bincount(
        near.station, weights=residents.people[near.point], minlength=len(stations)
    )
    return Results(
        inputs=_inputs(language, stations, blocks, (need,), services, names),
        network=net,
        extract=extract,
        blocks=blocks,
        stations=stations,
        demand=residents,
        station_anchors=anchors,
        station_people=tuple(round(people) for people in in_reach),
        answers={ADULT.id: answer},
        catchments=catchments(net, anchors, limits_m=(300.0, 500.0)),
        seconds={},
        notes=(),
        offers=all_offers((), stations),
        usable=usable,
    )


def _at(column: float, row: float) -> tuple[float, float]:
    """Return a crossing of the lanes, a little off the grid, on the plane."""
    sway = 9.0 * np.sin(2.1 * column + 1.3 * row)
    gap = 90.0 if row > 1.5 else 0.0  # the river
    return (column * LANE_M + sway, row * LANE_M + gap - sway / 2)


def _network(columns: int, rows: int) -> Any:
    crossings = [(c, r) for r in range(rows + 1) for c in range(columns + 1)]
    number = {crossing: i for i, crossing in enumerate(crossings)}
    lonlat = PLANE.to_lonlat(np.array([_at(*crossing) for crossing in crossings], dtype=float))
    lines = []
    for c, r in crossings:
        for other in ((c + 1, r), (c, r + 1)):
            if other not in number or ((r, other[1]) == (1, 2) and c != columns // 2):
                continue  # one bridge
            ends = (number[c, r], number[other])
            main = r == other[1] == 1 or c == other[0] == columns // 2
            lines.append(
                Line(
                    *ends,
                    tuple(tuple(lonlat[end]) for end in ends),
                    f"Lane {c}",
                    highway="tertiary" if main else "service",
                )
            )
    return network([tuple(point) for point in lonlat], lines, plane=PLANE)


def _polygon(*xy: tuple[float, float]) -> shapely.Polygon:
    return shapely.Polygon(PLANE.to_lonlat(np.array(xy, dtype=float)))


def _blocks(
    columns: int, rows: int, names: dict[str, str], *, with_people: bool
) -> tuple[Block, ...]:
    kinds = ("old", "commodity", "resettlement")
    blocks = []
    for r in range(rows):
        if r == 1:
            continue  # the river and its banks
        for c in range(columns):
            corners = [_at(c, r), _at(c + 1, r), _at(c + 1, r + 1), _at(c, r + 1)]
            middle = np.mean(corners, axis=0)
            key = f"B{r}{c}"
            people = 100.0 + 37 * ((c * 7 + r * 5) % 11)
            blocks.append(
                Block(
                    id=key,
                    name=names.get(key, f"{'东南西北'[r % 4]}园 {c + 1}"),
                    kind=kinds[(c + r) % 3],
                    people=people if with_people else None,
                    people_source=PeopleSource.ESTIMATED if with_people else PeopleSource.NONE,
                    groups={"older_people": people // 5} if with_people else {},
                    households=None,
                    subdistrict="示例街道",
                    community="",
                    geometry=_polygon(
                        *(tuple(middle + 0.9 * (np.array(corner) - middle)) for corner in corners)
                    ),
                )
            )
    return tuple(blocks)


def _stations(columns: int, rows: int, names: dict[str, str]) -> tuple[Station, ...]:
    def station(
        key: str, name: str, tier: Tier, parent: str | None, offers: str, c: float, r: float
    ) -> Station:
        x, y = _at(c, r)
        point = shapely.Point(PLANE.to_lonlat(np.array([[x + 6.0, y + 4.0]]))[0])
        return Station(
            key, names.get(key, name), tier, parent, tuple(offers.split()), point, key == "S4", {}
        )

    return (
        station("S1", "牌坊枢纽", Tier.HUB, None, "meals mediation culture", columns // 2, 1),
        station("S2", "南门中心", Tier.CENTER, "S1", "mediation culture repair", 1, 0),
        station("S3", "北岸中心", Tier.CENTER, None, "mediation", columns - 1, rows),
        station("S4", "巷口微阵地", Tier.MICRO, "S2", "meals", 0, 1),
        station("S5", "东园小区站", Tier.COMPOUND, None, "culture", columns - 1, 0),
    )


def _extract(columns: int, rows: int) -> Extract:
    south, north = _at(0, 1)[1] + 35, _at(0, 2)[1] - 35
    east = columns * LANE_M + 900
    x, y = _at(columns, rows)
    return Extract(
        source="invented",
        digest="0" * 64,
        data_date="2026-01-31",
        bounds=(0.0, 0.0, 0.0, 0.0),
        ways=Ways(
            np.zeros(0, dtype=int),
            (),
            np.zeros(1, dtype=int),
            np.zeros(0, dtype=int),
            np.zeros((0, 2)),
        ),
        way_node_tags={},
        areas=_features(
            (
                {"natural": "water"},
                _polygon((-900, south), (east, south + 20), (east, north + 20), (-900, north)),
            ),
            (
                {"leisure": "park"},
                _polygon((x + 20, y - 300), (x + 200, y - 300), (x + 200, y), (x + 20, y)),
            ),
        ),
        buildings=_features(),
        places=_features(),
        gates=_features(),
        entrances=_features(),
    )


def _features(*rows: tuple[dict[str, str], shapely.Geometry]) -> Features:
    geometry = np.empty(len(rows), dtype=object)
    geometry[:] = [shape for _, shape in rows]
    return Features(
        osm_type=("w",) * len(rows),
        osm_id=np.arange(len(rows)),
        tags=tuple(tags for tags, _ in rows),
        geometry=geometry,
        outline=(np.zeros(0, dtype=int),) * len(rows),
    )


def _inputs(
    language: Any,
    stations: tuple[Station, ...],
    blocks: tuple[Block, ...],
    needs: tuple[Need, ...],
    services: tuple[Service, ...],
    names: dict[str, str],
) -> StudyInputs:
    settings = Settings(
        name=names.get("study", "示例小城（虚构）" if language == "zh" else "Invented town"),
        language=language,
        illustrative=True,
        streets=StreetsSource(Path("streets"), "lines", "ends", "walking", False, "nothing"),
        blocks_from="file",
        people_total=None,
        people_total_source="",
        gates_complete=False,
        min_share=0.8,
        max_snap_m=100.0,
        limits_m=(300.0, 500.0),
        walkers=("adult",),
        groups=("older_people",),
    )
    return StudyInputs(Path("study"), settings, services, stations, blocks, (), needs, {}, "", ())
