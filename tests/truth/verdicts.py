"""Who is served, and why the others are not: the verdict of every block and service (definitions 8 to 12).

A provider is an offer at a station on the streets. For each point the providers pass one filter
after another; the first that leaves none gives the reason.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from truth.folder import Block, Need, Offer, Service, Station, Study, Walker
from truth.hours import is_open

REASONS = (
    "off_network",
    "no_provider",
    "not_entitled",
    "cut_off",
    "too_far",
    "not_accessible",
    "closed",
    "full",
)

EQUALLY_NEAR_M = 0.05

#: Luo and Qi (2009): the weight of a way by the third of the limit in which it ends.
DECAY = ((1 / 3, 1.0), (2 / 3, 0.68), (1.0, 0.22))


@dataclass(frozen=True)
class Points:
    """All points of all blocks: the block of each, its share of the block's people, whether it has an exit."""

    block: np.ndarray
    weight: np.ndarray
    connected: np.ndarray

    def of(self, number: int) -> slice:
        """Return where the points of a block are; they stand in the order of the blocks."""
        return slice(*np.searchsorted(self.block, [number, number + 1]).tolist())


@dataclass(frozen=True)
class Ways:
    """(points, stations) what the ways between them cost; inf where there is none.

    ``adult_m`` and ``adult_s`` are an adult's to whom all is open, ``walker_m`` and ``walker_s``
    this walker's, ``crew_m`` and ``crew_s`` those of a crew from the station to the point.
    """

    adult_m: np.ndarray
    adult_s: np.ndarray
    walker_m: np.ndarray
    walker_s: np.ndarray
    crew_m: np.ndarray
    crew_s: np.ndarray
    straight_m: np.ndarray
    #: Whether one may walk from the point to the station within a compound, and whether one does so straight.
    inside: np.ndarray
    guessed: np.ndarray


@dataclass(frozen=True)
class Judgment:
    """One block and service before one walker; ``left_out`` is the share of its people by reason."""

    block: str
    service: str
    walker: str
    verdict: str
    share: float
    nearest_station: str
    nearest_m: float
    equally_near: frozenset[str]
    left_out: tuple[float, ...]
    limit: float
    unit: str
    #: "inside", "streets", "edge", "" for none; None where the edge is not told.
    doubt: str | None
    #: Whether residents walk straight to the nearest station inside their compound.
    inside: bool


def offers_of(study: Study) -> list[Offer]:
    """Return all offers: those stated, and a plain one for each service that a station lists without saying more.

    Reading: what an offer does not state (hours, places) it takes from its station.
    """
    stations = {station.id: station for station in study.stations}
    stated = {(offer.station, offer.service) for offer in study.offers}
    offers = [
        replace(
            offer,
            hours=offer.hours or stations[offer.station].hours,
            capacity=stations[offer.station].capacity if offer.capacity is None else offer.capacity,
        )
        for offer in study.offers
    ]
    plain = [
        Offer(station.id, service, False, station.scope, station.hours, station.capacity)
        for station in study.stations
        for service in dict.fromkeys(station.services)
        if (station.id, service) not in stated
    ]
    return [*offers, *plain]


def need_of(needs: list[Need], kind: str, service: Service) -> Need | None:
    """Return the row of the standard that holds: kind and service, then service, then kind, then neither; else none."""

    def speaks(need: Need) -> bool:
        named = need.service == service.id or (need.item and need.item in service.items)
        return bool(named or need.service == "*") and need.kind in ("*", kind)

    def exactness(need: Need) -> tuple[bool, bool]:
        return need.service != "*", need.kind != "*"

    fitting = [need for need in needs if speaks(need)]
    return max(fitting, key=exactness, default=None)


def floors_s(station: Station, walker: Walker) -> float:
    """Return the seconds from the station's door to its window, inf where the walker cannot get there (definition 11).

    Reading: what a table does not say closes nothing: the floor is the ground floor, the entrance
    has no steps, an elevator of which nothing is known is there. Floor 1 is the ground floor, -1
    the basement. Steps at the entrance stop whoever cannot climb stairs.
    """
    floor = 1 if station.floor is None else station.floor
    flights = floor - 1 if floor > 0 else -floor
    if station.step_free is False and walker.flight_s is None:
        return math.inf
    if flights == 0:
        return 0.0
    on_foot = math.inf
    if walker.flight_s is not None and flights <= (walker.flights_max or math.inf):
        on_foot = flights * walker.flight_s
    lifted = math.inf
    if station.elevator is not False and walker.elevator_wait_s is not None:
        lifted = walker.elevator_wait_s
    return min(on_foot, lifted)


def admits(
    offer: Offer, station: Station, block: Block, home: Block | None, holding: set[str]
) -> bool:
    """Return whether an offer is for a block's residents; ``holding`` are the compounds that hold the station.

    Reading: a station that names no community (or subdistrict) has that of the block in which it
    stands. A community is that of its name and subdistrict, where both tell one.
    """
    if offer.scope == "all":
        return True
    if offer.scope == "compound":
        return block.id in holding or (home is not None and home.id == block.id)
    subdistrict = station.subdistrict or (home.subdistrict if home else "")
    community = station.community or (home.community if home else "")
    if offer.scope == "subdistrict":
        return bool(subdistrict) and subdistrict == block.subdistrict
    same_district = not subdistrict or not block.subdistrict or subdistrict == block.subdistrict
    return bool(community) and community == block.community and same_district


@dataclass(frozen=True)
class Judge:
    """All that judging needs beside a service and a walker."""

    study: Study
    blocks: list[Block]
    points: Points
    homes: list[Block | None]
    #: The compounds that hold each station.
    holding: list[set[str]]
    on_network: np.ndarray
    #: (blocks, stations): whether streets of one component join them, whatever their direction. A
    #: straight walk inside is no street of the map.
    hang_together: np.ndarray
    #: (blocks,) at most the meters to where the data end; None where this is not told.
    gap_m: np.ndarray | None

    def judgments(self, walker: Walker, stated: Ways, tried: Ways) -> list[Judgment]:
        """Return the judgment of every block and service.

        ``tried`` are the ways with longer straight walks inside compounds.
        """
        offers = offers_of(self.study)
        judgments: list[Judgment] = []
        for service in self.study.services:
            own = [one for one in offers if one.service == service.id]
            judgments += self._tried(service, own, walker, (stated, tried))
        return judgments

    def _tried(
        self, service: Service, offers: list[Offer], walker: Walker, both: tuple[Ways, Ways]
    ) -> list[Judgment]:
        """Return the judgments of a service; blocks that are served by a guess alone are judged by longer walks.

        Definition 3: such a verdict would fail if all straight walks inside took the detour that is
        tried; then those of that block and service do, and it is to be checked.
        """
        stated, tried = both
        judged = self._of(service, offers, walker, stated)
        row = {station.id: number for number, station in enumerate(self.study.stations)}
        at = sorted({row[offer.station] for offer in offers})
        served = np.array([one.verdict == "served" for one in judged], dtype=bool)
        guessed = stated.guessed[:, at].any(axis=1) & served[self.points.block]
        if not guessed.any():
            return judged
        numbers = np.unique(self.points.block[guessed]).tolist()
        longer = self._of(service, offers, walker, tried, numbers=numbers)
        hangs = np.zeros(len(judged), dtype=bool)
        hangs[[n for n, one in zip(numbers, longer, strict=True) if one.verdict != "served"]] = True
        if not hangs.any():
            return judged
        mine = hangs[self.points.block][:, None]
        costs = ("adult_m", "adult_s", "walker_m", "walker_s", "crew_m", "crew_s")
        mixed = {
            name: np.where(mine, getattr(tried, name), getattr(stated, name)) for name in costs
        }
        final = self._of(service, offers, walker, replace(stated, **mixed))
        return [
            replace(one, doubt="inside") if hanging and one.verdict in REASONS else one
            for one, hanging in zip(final, hangs.tolist(), strict=True)
        ]

    def _of(
        self,
        service: Service,
        offers: list[Offer],
        walker: Walker,
        ways: Ways,
        *,
        numbers: list[int] | None = None,
    ) -> list[Judgment]:
        """Return the judgment of every block for one service, or of those that are numbered."""
        row = {station.id: number for number, station in enumerate(self.study.stations)}
        offering = np.unique([row[offer.station] for offer in offers]).astype(int)
        offers = [offer for offer in offers if self.on_network[row[offer.station]]]
        offers.sort(key=lambda offer: offer.station)
        at = np.array([row[offer.station] for offer in offers], dtype=int)
        needs = [need_of(self.study.needs, block.kind, service) for block in self.blocks]

        # the filters, one table of (points, offers) each
        admitted = self._admitted(offers, at)
        joined = np.isfinite(ways.adult_m[:, at])
        within, accessible, nearness = self._within(offers, at, needs, walker, ways)
        open_now = np.array([self._open(offer) for offer in offers], dtype=bool)

        # each filter leaves those that passed all before it
        left = np.ones((len(self.points.block), len(offers)), dtype=bool)
        reason = np.full(len(self.points.block), -1)
        connected = self.points.connected | ways.inside[:, at].any(axis=1)
        reason[~connected] = REASONS.index("off_network")
        for number, passes in enumerate(
            (left, admitted, joined, within, accessible, open_now[None, :]), start=1
        ):
            left = left & passes
            reason[(reason < 0) & ~left.any(axis=1)] = number
        full = self._full_share(offers, left, nearness, needs)

        # the nearest that admits, however far, as an adult walks
        meters = np.where(admitted, ways.adult_m[:, at], np.inf)
        numbers = list(range(len(needs))) if numbers is None else numbers
        judged = [
            self._judged(number, service, walker, needs[number], (reason, full, meters, offers))
            for number in numbers
        ]
        missing = ~self.hang_together[:, offering].any(axis=1) & bool(len(offering))
        return [
            replace(
                one,
                doubt=self._doubt(number, one, walker, bool(missing[number])),
                inside=self._guessed(number, one, row, ways),
            )
            for number, one in zip(numbers, judged, strict=True)
        ]

    def _guessed(self, number: int, judged: Judgment, row: dict[str, int], ways: Ways) -> bool:
        """Return whether some of a block walk straight, inside their compound, to its nearest station."""
        if not judged.nearest_station:
            return False
        return bool(ways.guessed[self.points.of(number), row[judged.nearest_station]].any())

    def _doubt(self, number: int, judged: Judgment, walker: Walker, missing: bool) -> str | None:
        """Return why a failing verdict may not hold: missing streets, else the edge within the limit (definition 10).

        Reading: streets are missing where the service is offered and no component of streets joins
        the block with anybody who does; a limit in minutes is the level meters that it allows.
        """
        if judged.verdict not in REASONS:
            return ""
        if missing:
            return "streets"
        if self.study.beyond == "nothing":
            return ""
        in_meters = 60.0 * walker.speed_m_s if judged.unit == "min" else 1.0
        near = self.gap_m is not None and self.gap_m[number] <= judged.limit * in_meters
        return "edge" if near else None

    def _admitted(self, offers: list[Offer], at: np.ndarray) -> np.ndarray:
        by_block = np.array(
            [
                [
                    admits(
                        offer,
                        self.study.stations[station],
                        block,
                        self.homes[station],
                        self.holding[station],
                    )
                    for offer, station in zip(offers, at.tolist(), strict=True)
                ]
                for block in self.blocks
            ],
            dtype=bool,
        ).reshape(len(self.blocks), len(offers))
        return by_block[self.points.block]

    def _within(
        self,
        offers: list[Offer],
        at: np.ndarray,
        needs: list[Need | None],
        walker: Walker,
        ways: Ways,
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return three tables of (points, offers).

        Within the limit of an adult's (or a crew's) way; of this walker's, door to window; and the
        walker's way as a part of the limit.
        """
        shape = (len(self.points.block), len(offers))
        within, accessible = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        nearness = np.full(shape, np.inf)
        adult = self.study.known_walkers["adult"]
        crew = self.study.known_walkers.get("crew", adult)
        for column, (offer, station) in enumerate(zip(offers, at.tolist(), strict=True)):
            inside_s = floors_s(self.study.stations[station], walker)
            for need in dict.fromkeys(need for need in needs if need is not None):
                mine = np.array([one == need for one in needs])[self.points.block]
                limit = need.limit * (60.0 if need.unit == "min" else 1.0)
                in_minutes = need.unit == "min"
                if need.metric == "radius":
                    meters = ways.straight_m[mine, station]
                    speeds = (crew, crew) if offer.outreach else (adult, walker)
                    first = meters / speeds[0].speed_m_s if in_minutes else meters
                    own = meters / speeds[1].speed_m_s if in_minutes else meters
                elif offer.outreach:
                    first = own = (ways.crew_s if in_minutes else ways.crew_m)[mine, station]
                else:
                    first = (ways.adult_s if in_minutes else ways.adult_m)[mine, station]
                    own = (ways.walker_s if in_minutes else ways.walker_m)[mine, station]
                if offer.outreach:
                    ready = offer.readiness_min * 60.0 if in_minutes else 0.0
                    first, own = first + ready, own + ready
                elif in_minutes or not math.isfinite(inside_s):
                    own = own + inside_s
                within[mine, column] = first <= limit
                accessible[mine, column] = own <= limit
                nearness[mine, column] = own / limit
        return within, accessible, nearness

    def _open(self, offer: Offer) -> bool:
        if self.study.at is None:
            return True
        return is_open(offer.hours, datetime.fromisoformat(str(self.study.at)))

    def _full_share(
        self, offers: list[Offer], use: np.ndarray, nearness: np.ndarray, needs: list[Need | None]
    ) -> np.ndarray:
        """Return (points,) the share of those otherwise served who find no room (E2SFCA).

        Each offer's places are shared by all within its catchment, weighed by the third of the
        limit in which they walk; what reaches a point is compared with the places that its
        standard asks for.
        """
        asked = np.array([need.places_per_1000 or 0.0 if need else 0.0 for need in needs])
        if not asked.any():
            return np.zeros(len(self.points.block))
        weight = np.zeros(nearness.shape)
        for limit, decay in reversed(DECAY):
            weight[nearness <= limit] = decay
        weight[~use] = 0.0
        people = np.array([block.people or 0.0 for block in self.blocks])
        living = people[self.points.block] * self.points.weight
        crowd = (living[:, None] * weight).sum(axis=0)
        supply = np.zeros(len(living))
        for column, offer in enumerate(offers):
            used = weight[:, column] > 0
            if offer.capacity is None:
                supply[used] = np.inf
            elif crowd[column] > 0:
                supply += offer.capacity / crowd[column] * weight[:, column]
            else:
                supply[used] = np.inf
        required = asked[self.points.block] / 1000.0
        with np.errstate(divide="ignore", invalid="ignore"):
            lacking = 1.0 - supply / required
        return np.where(required > 0, np.clip(lacking, 0.0, 1.0), 0.0)

    def _judged(
        self, number: int, service: Service, walker: Walker, need: Need | None, found: tuple
    ) -> Judgment:
        """Return the judgment of one block: served if the share suffices, else the reason of most of its people."""
        reason, full, meters, offers = found
        mine = self.points.of(number)
        weight, why, no_room = self.points.weight[mine], reason[mine], full[mine]
        share = float((weight * (1.0 - no_room))[why < 0].sum())
        left_out = [float(weight[why == place].sum()) for place in range(len(REASONS))]
        left_out[-1] += float((weight * no_room)[why < 0].sum())

        # ties go to the first reason; shares that sum to the wanted one count as that
        worst = int(np.argmax(np.round(left_out, 9)))
        if need is None:
            verdict = "no_standard"
        elif share >= self.study.min_share - 1e-9:
            verdict = "served"
        else:
            verdict = REASONS[worst] if service.complete else "not_surveyed"

        station, median_m, equally_near = _nearest(meters[mine], weight, offers)
        return Judgment(
            self.blocks[number].id,
            service.id,
            walker.id,
            verdict,
            share if need else math.nan,
            station,
            median_m,
            equally_near,
            tuple(left_out),
            need.limit if need else math.nan,
            need.unit if need else "",
            None,
            False,
        )


def _nearest(
    meters: np.ndarray, weight: np.ndarray, offers: list[Offer]
) -> tuple[str, float, frozenset[str]]:
    """Return the station that is nearest for most people, and the weighted median of what all walk to their nearest.

    Reading of "their weighted median" (contract of coverage.csv): the least meters within which
    half of those live who can walk to a station at all. The last are stations that would be
    nearest for as many if all that lie within 5 cm of the nearest were so.
    """
    if not len(offers) or not np.isfinite(meters).any():
        return "", math.nan, frozenset()
    first = np.argmin(meters, axis=1)
    least = meters.min(axis=1)
    walking = np.isfinite(least)
    votes: dict[str, float] = {}
    at_most: dict[str, float] = {}
    living = np.where(walking, weight, 0.0)
    nearest = living @ (first[:, None] == np.arange(len(offers)))
    near = living @ (meters <= least[:, None] + EQUALLY_NEAR_M)
    for offer, some, most in zip(offers, nearest.tolist(), near.tolist(), strict=True):
        votes[offer.station] = votes.get(offer.station, 0.0) + some
        at_most[offer.station] = at_most.get(offer.station, 0.0) + most
    station = min(votes, key=lambda name: (-round(votes[name], 9), name))
    rivals = frozenset(name for name in votes if at_most[name] >= votes[station] - 1e-9)
    order = np.argsort(least[walking], kind="stable")
    running = np.cumsum(weight[walking][order])
    half = np.searchsorted(running, 0.5 * running[-1] - 1e-9)
    return station, float(least[walking][order][half]), rivals
