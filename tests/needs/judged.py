"""A study without files: a drawn network, blocks and stations on its plane, and what the needs room makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import shapely

from walkshed.model.arrays import BoolArray
from walkshed.model.ground.extract import Extract
from walkshed.model.ground.network import StreetNetwork
from walkshed.model.judged.answers import Answer
from walkshed.model.judged.coverage import Demand, ServiceMatrix
from walkshed.model.judged.judgments import Judgment
from walkshed.model.town.places import (
    Block,
    Gate,
    Need,
    Offer,
    PeopleSource,
    Service,
    Station,
    Tier,
)
from walkshed.model.town.walkers import ADULT, Walker
from walkshed.needs.access.situation import People, Situation, Supply, situation_of, supply_for
from walkshed.needs.access.walks import Walks
from walkshed.needs.assessing import Rules, assess
from walkshed.needs.demand import demand
from walkshed.needs.exits.edge import edge_gap_m
from walkshed.needs.exits.stepping_out import with_feet
from walkshed.needs.people.dwellings import dwellings
from walkshed.needs.rules.offers import all_offers
from walkshed.walk.anchors import snap, usable_components
from walkshed.walk.doors import station_doors

MEALS = Service("meals", "助餐", "Meals", None, True)
LAW = Service("law", "法律", "Law", None, True)

# Walkers of round figures: 1 m/s, half a minute a flight.
OLDER = Walker("older", "老年人", "Older person", 1.0, 1.5, 30.0, 1, 60.0, {})
WHEELCHAIR = Walker("wheelchair", "乘轮椅", "Wheelchair user", 1.0, None, None, None, 60.0, {})
CREW = Walker("crew", "上门人员", "Crew", 4.0, 0.5, 20.0, None, 40.0, {})


def square(x: float, y: float, size: float = 40.0) -> shapely.Polygon:
    """Return a square whose south-west corner is (x, y)."""
    return shapely.box(x, y, x + size, y + size)


def block(
    name: str, geometry: shapely.Geometry, people: float | None = 100.0, kind: str = "old"
) -> Block:
    source = PeopleSource.NONE if people is None else PeopleSource.GIVEN
    return Block(name, name, kind, people, source, {}, None, "", "", geometry)


def station(name: str, x: float, y: float, *services: str) -> Station:
    return Station(
        name, name, Tier.MICRO, None, services or ("meals",), shapely.Point(x, y), False, {}
    )


def need(
    limit: float = 500.0, kind: str = "*", service: str = "*", item: str | None = None
) -> Need:
    return Need(kind, service, item, limit, "m", "network", "1", "test", False, f"{kind}/{service}")


@dataclass(frozen=True)
class Judged:
    net: StreetNetwork
    blocks: tuple[Block, ...]
    stations: tuple[Station, ...]
    services: tuple[Service, ...]
    demand: Demand
    answer: Answer
    usable: BoolArray
    offers: tuple[Offer, ...]
    people: People
    supply: Supply
    rules: Rules
    walker: Walker

    @property
    def matrix(self) -> ServiceMatrix:
        return self.answer.matrix

    def of(self, name: str, service: str = "meals") -> Judgment:
        names = [block.id for block in self.blocks]
        return self.answer.judgment(
            names.index(name), [each.id for each in self.services].index(service)
        )

    def situation(self, service: int = 0) -> Situation:
        """Return what is needed and offered of one service, and who could use it."""
        return situation_of(
            self.people,
            self.supply,
            self.services[service],
            needs=self.rules.needs,
            walker=self.walker,
            crew=self.rules.crew,
        )


def judge(
    net: StreetNetwork,
    blocks: list[Block],
    stations: list[Station],
    *,
    services: tuple[Service, ...] = (MEALS,),
    needs: tuple[Need, ...] = (need(),),
    gates: tuple[Gate, ...] = (),
    gates_complete: bool = False,
    min_share: float = 0.8,
    extract: Extract | None = None,
    closed: frozenset[int] = frozenset(),
    max_snap_m: float = 100.0,
    offers: tuple[Offer, ...] = (),
    walker: Walker = ADULT,
    crew: Walker = CREW,
    open_now: Mapping[str, bool] | None = None,
    unplaced: tuple[Station, ...] = (),
) -> Judged:
    """Return the same steps as study.run, on values instead of files."""
    ordered = tuple(sorted(stations, key=lambda each: each.id))
    doors, start = station_doors(ordered, net.plane, extract)
    usable = usable_components(net, doors, max_snap_m=max_snap_m)
    anchors = snap(net, doors, start=start, max_snap_m=max_snap_m, usable=usable)
    residents = demand(
        tuple(blocks),
        net,
        extract=extract,
        homes=dwellings(extract, net.plane),
        gates=gates,
        gates_complete=gates_complete,
        usable=usable,
        max_snap_m=max_snap_m,
        closed=closed,
    )
    residents = with_feet(residents, anchors)
    offering = all_offers(offers, ordered)
    people = People(tuple(blocks), Walks(net, residents, anchors, needs, adult=ADULT))
    supply = supply_for(people, ordered, offering, open_now=open_now)
    rules = Rules(services, needs, min_share, crew, unplaced=unplaced)
    return Judged(
        net=net,
        blocks=tuple(blocks),
        stations=ordered,
        services=services,
        demand=residents,
        answer=assess(people, supply, rules, walker, gap_m=edge_gap_m(net, tuple(blocks))),
        usable=usable,
        offers=offering,
        people=people,
        supply=supply,
        rules=rules,
        walker=walker,
    )


def without(stations: list[Station], name: str, service: str) -> list[Station]:
    """Return the stations with one cell of the matrix emptied."""
    return [
        replace(each, services=tuple(s for s in each.services if s != service))
        if each.id == name
        else each
        for each in stations
    ]


def added(stations: list[Station], name: str, service: str) -> list[Station]:
    """Return the stations with one cell of the matrix filled."""
    return [
        replace(each, services=(*each.services, service)) if each.id == name else each
        for each in stations
    ]
