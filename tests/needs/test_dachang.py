"""A real town of Shanghai with invented stations: the matrix against brute force, and its speed."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
import shapely

from judged_rows import rows_of
from needs.judged import CREW, OLDER, Judged, judge
from walkshed.model.town.places import Mode, Need, Offer, Scope, Service, Station, Tier
from walkshed.needs.access.situation import People, Situation, situation_of, supply_for
from walkshed.needs.access.walks import Walks
from walkshed.needs.judging.matrix import matrix_column, service_matrix
from walkshed.needs.people.blocks import residential_blocks
from walkshed.needs.rules.offers import would_offer
from walkshed.osm import read_extract
from walkshed.streets.build import build_network
from walkshed.walk.anchors import snap
from walkshed.walk.doors import station_doors

MORNING, OFFICE = "Mo-Su 06:00-09:00", "Mo-Fr 09:00-17:00"


@pytest.fixture(scope="module")
def dachang(test_data) -> Judged:
    """23 stations, 9 services, needs by kind, narrow scopes, upper floors, outreach and hours, all drawn by lot."""
    extract = read_extract(test_data / "osm" / "shanghai_baoshan_dachang.osm.pbf")
    net = build_network(extract)
    rng = np.random.default_rng(1)
    blocks = [
        replace(
            each,
            kind=("old", "commodity", "resettlement")[row % 3],
            people=float(rng.integers(200, 4000)),
            people_source="given",
            community=f"c{row % 7}",
        )
        for row, each in enumerate(residential_blocks(extract, net))
    ]
    services = tuple(
        Service(f"s{number}", f"s{number}", f"s{number}", None, True) for number in range(9)
    )
    homes = [blocks[row] for row in rng.choice(len(blocks), 23, replace=False)]
    stations, offers = [], []
    for row, home in enumerate(homes):
        offered = tuple(f"s{number}" for number in sorted(rng.choice(9, 4, replace=False)))
        station = Station(
            f"t{row:02d}",
            f"t{row}",
            Tier.CENTER,
            None,
            offered,
            shapely.point_on_surface(home.geometry),
            False,
            {},
            floor=int(rng.integers(1, 4)),
            elevator=bool(rng.integers(2)),
            scope=(Scope.ALL, Scope.ALL, Scope.COMMUNITY, Scope.COMPOUND)[rng.integers(4)],
            hours=("", OFFICE, MORNING)[rng.integers(3)],
        )
        stations.append(station)
        offers += [replace(would_offer(station, name), mode=_mode(name)) for name in offered]
    needs = tuple(
        Need(
            kind,
            service.id,
            None,
            limit,
            unit,
            "network",
            "1",
            "lots",
            False,
            f"{kind}/{service.id}",
        )
        for kind, limits in (
            ("old", (500, 8)),
            ("commodity", (1000, 15)),
            ("resettlement", (800, 10)),
        )
        for number, service in enumerate(services)
        for limit, unit in [(float(limits[number % 2]), ("m", "min")[number % 2])]
    )
    return judge(
        net,
        blocks,
        stations,
        services=services,
        needs=needs,
        offers=tuple(offers),
        walker=OLDER,
        open_now={OFFICE: True, MORNING: False},
        extract=extract,
    )


def _mode(service: str) -> Mode:
    return Mode.OUTREACH if service == "s3" else Mode.VISIT


@pytest.fixture(scope="module")
def walks(dachang: Judged) -> Walks:
    doors, start = station_doors(dachang.stations, dachang.net.plane, None)
    anchors = snap(dachang.net, doors, start=start, usable=dachang.usable)
    return Walks(dachang.net, dachang.demand, anchors, dachang.answer.judgments.needs)


def found(
    dachang: Judged, walks: Walks, offers: tuple[Offer, ...], services: tuple[Service, ...]
) -> list[Situation]:
    people = People(dachang.blocks, walks)
    open_now = {OFFICE: True, MORNING: False}
    supply = supply_for(people, dachang.stations, offers, open_now=open_now)
    needs = dachang.answer.judgments.needs
    return [
        situation_of(people, supply, service, needs=needs, walker=OLDER, crew=CREW)
        for service in services
    ]


def served(dachang: Judged, walks: Walks, offers: tuple[Offer, ...], service: int) -> float:
    (situation,) = found(dachang, walks, offers, (dachang.services[service],))
    rows = situation.rows
    reached = np.unique(rows.point[rows.standing & rows.accepted()])
    return float(dachang.demand.people[reached].sum())


@pytest.mark.data
def test_fifty_cells_equal_brute_force(dachang: Judged, walks: Walks) -> None:
    assert dachang.matrix.filled.shape == (23, 9)
    assert len(dachang.blocks) > 50
    assert (dachang.matrix.people_in_reach > 0).mean() > 0.3
    rng = np.random.default_rng(4)
    for cell in rng.choice(23 * 9, 50, replace=False):
        t, s = divmod(int(cell), 9)
        name = (dachang.stations[t].id, dachang.services[s].id)
        now = served(dachang, walks, dachang.offers, s)
        if dachang.matrix.filled[t, s]:
            fewer = tuple(each for each in dachang.offers if (each.station, each.service) != name)
            assert dachang.matrix.unique_gain[t, s] == pytest.approx(
                now - served(dachang, walks, fewer, s), abs=1e-6
            )
        else:
            more = (*dachang.offers, would_offer(dachang.stations[t], name[1], _mode(name[1])))
            assert dachang.matrix.potential[t, s] == pytest.approx(
                served(dachang, walks, more, s) - now, abs=1e-6
            )


@pytest.mark.data
def test_the_whole_matrix_takes_less_than_a_second(dachang: Judged, walks: Walks) -> None:
    begun = time.perf_counter()
    columns = [
        matrix_column(dachang.demand, dachang.stations, situation)
        for situation in found(dachang, walks, dachang.offers, dachang.services)
    ]
    matrix = service_matrix(columns, dachang.stations, weighs_blocks=False)
    seconds = time.perf_counter() - begun
    assert np.array_equal(matrix.unique_gain, dachang.matrix.unique_gain, equal_nan=True)
    assert seconds < 1.0


@pytest.mark.data
def test_sums_hold(dachang: Judged) -> None:
    for row in rows_of(dachang.answer):
        assert row.served + sum(row.reasons) == pytest.approx(row.people, abs=1e-6)
        assert row.printed_served + sum(row.printed_reasons) == row.printed_people
