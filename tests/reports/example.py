"""A run drawn by hand: one street, three blocks, four stations, two services.

::

    A ---- 400 m ---- B ---- 300 m ---- C        High Street from A to B, an unnamed path from B to C

The hub stands at A, center C1 (linked to the hub) at B, C2 (linked to nobody) is off the network;
micro-station M1 is linked to C1. Block b1 (100 people) is served, b2 (51 people) is not, b3 has no
people; the second service is not surveyed. Every figure below is a literal: nothing here is
computed by walkshed.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely

from judged_rows import columns_of
from walkshed.model.ground.network import StreetNetwork, arc_graph
from walkshed.model.ground.plane import Plane
from walkshed.model.ground.walking import Anchors, Catchments, Pieces, on_own_feet
from walkshed.model.judged.answers import Answer
from walkshed.model.judged.coverage import Demand, ServiceMatrix, Stretches, Yards
from walkshed.model.judged.judgments import Judgment
from walkshed.model.judged.verdicts import REASONS, Doubt, ExitKind, Mend, Verdict
from walkshed.model.results import Results, Settings, StreetsSource, StudyInputs
from walkshed.model.town.places import Block, Need, PeopleSource, Service, Station, Tier

PLANE = Plane(lon0=24.94, lat0=60.17)
NAN, INF = float("nan"), float("inf")


def example(folder: Path = Path("example"), **changes: object) -> Results:
    """Return the run; ``folder`` is where its study is said to lie, ``changes`` replace fields of the results."""
    results = Results(
        inputs=_inputs(folder),
        network=_network(),
        extract=None,
        blocks=_blocks(),
        stations=_stations(),
        demand=_demand(),
        station_anchors=_station_anchors(),
        station_people=(100, 151, 0, 51),
        catchments=_catchments(),
        seconds={"network": 0.12345, "reach": 1.0},
        notes=("2 near misses",),
        answers={"adult": _answer()},
    )
    return replace(results, **changes)


def _array(values: object, dtype: type) -> np.ndarray:
    array = np.array(values, dtype=dtype)
    array.flags.writeable = False
    return array


def _objects(values: list[object]) -> np.ndarray:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _lonlat(*xy: tuple[float, float]) -> list[tuple[float, float]]:
    return [tuple(row) for row in PLANE.to_lonlat(np.array(xy, dtype=float)).tolist()]


def _network() -> StreetNetwork:
    nodes = _array([[0, 0], [400, 0], [700, 0]], float)
    graph = arc_graph(
        into=_array([0, 1, 3, 4], int),
        tail=_array([1, 0, 2, 1], np.int32),
        meters=_array([400, 400, 300, 300], float),
        edge=_array([0, 0, 1, 1], np.int32),
        street_node=_array([0, 1, 2], np.int32),
        leave_by=_array([[0, 1], [1, 2]], np.int32),
        arrive_by=_array([[0, 1], [1, 2]], np.int32),
    )
    return StreetNetwork(
        plane=PLANE,
        node_xy=nodes,
        node_id=_array([1, 2, 3], int),
        edge_start=_array([0, 1], np.int32),
        edge_end=_array([1, 2], np.int32),
        edge_m=_array([400, 300], float),
        vertex_from=_array([0, 2, 4], int),
        vertex_xy=_array([[0, 0], [400, 0], [400, 0], [700, 0]], float),
        vertex_m=_array([0, 400, 0, 300], float),
        way_id=_array([11, 12], int),
        highway=_array([0, 1], np.int32),
        highway_classes=("residential", "path"),
        name=_array([1, 0], np.int32),
        names=("", "High Street"),
        steps=_array([False, False], bool),
        private=_array([False, False], bool),
        enterable=_array([True, True], bool),
        forward=_array([True, True], bool),
        backward=_array([True, True], bool),
        component=_array([0, 0], np.int32),
        component_m=_array([700], float),
        graph=graph,
        private_rule="ends",
        profile="walking",
        source="town.osm.pbf",
        data_date="2026-01-31",
        attribution="© OpenStreetMap contributors",
        bounds_xy=None,
        digest="ab" * 32,
    )


def _blocks() -> tuple[Block, ...]:
    def block(
        number: int, kind: str, people: float | None, source: PeopleSource, community: str
    ) -> Block:
        x = 300.0 * number
        return Block(
            id=f"b{number}",
            name=f"Block {number}",
            kind=kind,
            people=people,
            people_source=source,
            groups={"older_people": 20.0 * number} if people else {},
            households=None,
            subdistrict="太平街道",
            community=community,
            geometry=shapely.Polygon(_lonlat((x, 10), (x + 80, 10), (x + 80, 60), (x, 60))),
        )

    return (
        block(1, "old", 100.4, PeopleSource.GIVEN, "南门"),
        block(2, "resettlement", 50.6, PeopleSource.ESTIMATED, "南门"),
        block(3, "", None, PeopleSource.NONE, ""),
    )


def _stations() -> tuple[Station, ...]:
    def station(
        name: str,
        tier: Tier,
        parent: str | None,
        services: tuple[str, ...],
        x: float,
        **details: str,
    ) -> Station:
        point = shapely.Point(_lonlat((x, -5))[0])
        return Station(
            name, f"Station {name}", tier, parent, services, point, name == "M1", details
        )

    return (
        station("C1", Tier.CENTER, "H", ("meals",), 400),
        station("C2", Tier.CENTER, None, (), 5000, floor="3", NAME="x"),
        station("H", Tier.HUB, None, ("meals", "law"), 0, hours="Mo-Fr 09:00-17:00"),
        station("M1", Tier.MICRO, "C1", (), 700),
    )


def _station_anchors() -> Anchors:
    return on_own_feet(
        start=_array([0, 2, 2, 3, 4], int),
        edge=_array([1, 0, 0, 1], np.int32),
        offset_m=_array([3, 400, 0, 300], float),
        leg_m=_array([9.5, 5, 5.25, 5], float),
        xy=_array([[403, 0], [400, 0], [0, 0], [700, 0]], float),
        point_xy=_array([[400, -5], [5000, -5], [0, -5], [700, -5]], float),
        nearest_way_m=_array([5, 4300, 5.25, 5], float),
    )


def _demand() -> Demand:
    return Demand(
        start=_array([0, 1, 3, 4], int),
        xy=_array([[340, 35], [620, 35], [660, 35], [940, 35]], float),
        weight=_array([1, 0.5, 0.5, 1], float),
        people=_array([100.4, 25.3, 25.3, 0], float),
        exit_start=_array([0, 1, 2, 2], int),
        exit_xy=_array([[340, 10], [640, 10]], float),
        exit_kind=(ExitKind.GIVEN, ExitKind.INFERRED, ExitKind.NONE),
        anchors=on_own_feet(
            start=_array([0, 1, 2, 3, 3], int),
            edge=_array([0, 1, 1], np.int32),
            offset_m=_array([340, 240, 240], float),
            leg_m=_array([35, 42, 42], float),
            xy=_array([[340, 0], [640, 0], [640, 0]], float),
            point_xy=_array([[340, 35], [620, 35], [660, 35], [940, 35]], float),
            nearest_way_m=_array([10, 10, 10, 240], float),
        ),
        foot_exit=_array([0, 1, 1], np.int32),
        exit_leg_m=_array([10, 10, 10], float),
        stretches=Stretches(*(_array([], kind) for kind in (int, np.int32, float, float))),
        yards=Yards.none(),
    )


def _need(kind: str) -> Need:
    return Need(
        kind,
        "meals",
        None,
        300.0,
        "m",
        "network",
        "5.1",
        "=Town plan",
        False,
        f"needs.toml, {kind}",
    )


def left_out(**people: float) -> tuple[float, ...]:
    """Return numbers by reason, 0 for those not named."""
    return tuple(people.get(reason.value, 0) for reason in REASONS)


def _judgment(block: int, service: int, verdict: Verdict, **figures: object) -> Judgment:
    plain = Judgment(
        block=block,
        service=service,
        need=None,
        limit_m=NAN,
        people=0.0,
        share=0.0,
        reason_shares=left_out(),
        nearest=-1,
        nearest_m=INF,
        reach_m=INF,
        short_m=INF,
        verdict=verdict,
        doubt=Doubt.NONE,
        printed_people=0,
        printed_served=0,
        printed_reasons=left_out(),
    )
    return replace(plain, **figures)


def _answer() -> Answer:
    off, far = Verdict.OFF_NETWORK, Verdict.TOO_FAR
    rows = (
        _judgment(
            *(0, 0, Verdict.SERVED),
            need=_need("old"),
            limit_m=300.0,
            people=100.4,
            share=1.0,
            nearest=0,
            nearest_m=100.0,
            reach_m=100.04,
            short_m=0.0,
            printed_people=100,
            printed_served=100,
        ),
        _judgment(
            0,
            1,
            Verdict.NOT_SURVEYED,
            people=100.4,
            printed_people=100,
            printed_served=30,
            printed_reasons=left_out(too_far=70),
        ),
        _judgment(
            *(1, 0, far),
            need=_need("resettlement"),
            limit_m=300.0,
            people=50.6,
            share=0.330051,
            reason_shares=left_out(too_far=0.669949),
            nearest=0,
            nearest_m=312.26,
            reach_m=345.678,
            short_m=45.678,
            doubt=Doubt.EDGE,
            mend=Mend.ADD_SERVICE,
            mend_at=3,
            printed_people=51,
            printed_served=17,
            printed_reasons=left_out(too_far=34),
        ),
        _judgment(
            *(1, 1, Verdict.NO_STANDARD), people=50.6, share=NAN, short_m=NAN, printed_people=51
        ),
        _judgment(
            2, 0, off, need=_need("old"), limit_m=300.0, reason_shares=left_out(off_network=1.0)
        ),
        _judgment(2, 1, Verdict.NOT_SURVEYED, reason_shares=left_out(off_network=1.0)),
    )
    return Answer(
        walker="adult",
        min_share=0.8,
        judgments=columns_of(rows, counted=(True, True, False), services=2),
        nearest_station=_array(np.full((2, 4, 2), -1), np.int32),
        nearest_m=_array(np.full((2, 4, 2), INF), float),
        served=_array(np.zeros((2, 4)), float),
        matrix=_matrix(),
    )


def _matrix() -> ServiceMatrix:
    return ServiceMatrix(
        filled=_array([[True, False], [False, False], [True, True], [False, False]], bool),
        people_in_reach=_array([[117.1, 100.4], [0, 0], [100.4, 0.5], [33.9, 50.6]], float),
        unique_gain=_array([[16.7, NAN], [NAN, NAN], [0, 0.5], [NAN, NAN]], float),
        potential=_array([[NAN, 99.6], [0, 0], [NAN, NAN], [33.9, 1.5]], float),
        twin=_array([[-1, -1], [-1, -1], [0, -1], [-1, -1]], np.int32),
        weighs_blocks=False,
    )


def _catchments() -> Catchments:
    pieces = Pieces(
        station=_array([0, 0, 2], np.int32),
        limit_m=_array([300, 300, 300], float),
        edge=_array([-1, 0, 0], np.int32),
        from_m=_array([0, 105, 0], float),
        to_m=_array([5, 400, 294.75], float),
        geometry=_objects(
            [
                shapely.LineString([(400, -5), (400, 0)]),
                shapely.LineString([(105, 0), (400, 0)]),
                shapely.LineString([(0, 0), (294.75, 0)]),
            ]
        ),
    )
    areas = [
        shapely.MultiPolygon([shapely.box(105, -25, 400, 25)]),
        shapely.MultiPolygon(),
        shapely.MultiPolygon(),
    ]
    return Catchments(
        station=_array([0, 1, 2], np.int32),
        limit_m=_array([300, 300, 300], float),
        street_m=_array([295, 0, 294.75], float),
        area_m2=_array([14750.4, 0, 0], float),
        geometry=_objects(areas),
        pieces=pieces,
    )


def _inputs(folder: Path) -> StudyInputs:
    settings = Settings(
        name="示例 town",
        language="en",
        illustrative=True,
        streets=StreetsSource(folder / "town.osm.pbf", "osm", "ends", "walking", False, "unknown"),
        blocks_from="file",
        people_total=None,
        people_total_source="",
        gates_complete=False,
        min_share=0.8,
        max_snap_m=100.0,
        limits_m=(300.0,),
        walkers=("adult",),
        groups=("older_people",),
    )
    return StudyInputs(
        folder=folder,
        settings=settings,
        services=(
            Service("meals", "长者助餐", "Meals", "社区食堂", True),
            Service("law", "法律咨询", "Legal advice", None, False),
        ),
        stations=_stations(),
        blocks=_blocks(),
        gates=(),
        needs=(_need("old"), _need("resettlement")),
        file_digests={"study.toml": "00" * 32, "stations.csv": "11" * 32},
        sources="drawn by hand",
        notes=(),
    )
