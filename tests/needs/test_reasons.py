"""Each reason of definition 10 in a town solved by hand, the order of the filters, and cures that cure."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations

import numpy as np
import pytest
import shapely

from needs.judged import LAW, MEALS, OLDER, WHEELCHAIR, Judged, block, judge, need, station
from towns import Street, town
from walkshed.model.judged.verdicts import REASONS, Mend, Verdict
from walkshed.model.town.places import Gate, Mode, Offer, Scope, Station
from walkshed.model.town.walkers import ADULT

# Two islands, 300 m apart, each with a street of 600 m.
ISLANDS = town(
    """
    A . . . . . B
    . . . . . . .
    . . . . . . .
    C . . . . . D
    """,
    "A-B",
    "C-D",
)
HOURS = "Mo-Fr 09:00-17:00"


def troubled(broken: frozenset[Verdict], *, people: float = 100.0) -> Judged:
    """Return a town of one block 100 m from one station, broken in the given ways and in no other."""
    away = Verdict.OFF_NETWORK in broken
    home = shapely.Point(100, 150) if away else shapely.Point(100, 300)
    place = station("s", 200, 0 if Verdict.CUT_OFF in broken else 300, "law")
    upstairs = Verdict.NOT_ACCESSIBLE in broken
    place = replace(place, floor=3, elevator=False) if upstairs else place
    offer = Offer(
        "s",
        "meals",
        scope=Scope.COMMUNITY if Verdict.NOT_ENTITLED in broken else Scope.ALL,
        hours=HOURS,
        capacity=0.0 if Verdict.FULL in broken else 100.0,
    )
    place = replace(place, community="elsewhere")
    offers = () if Verdict.NO_PROVIDER in broken else (offer,)
    rule = replace(need(50 if Verdict.TOO_FAR in broken else 500), places_per_1000=50.0)
    home_block = replace(block("b", home, people), community="here")
    return judge(
        ISLANDS.net,
        [home_block],
        [place],
        services=(MEALS, LAW),
        needs=(rule,),
        offers=offers,
        walker=OLDER,
        open_now={HOURS: Verdict.CLOSED not in broken},
    )


def test_without_trouble_it_is_served() -> None:
    assert troubled(frozenset()).of("b").verdict is Verdict.SERVED


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_alone(reason: Verdict) -> None:
    found = troubled(frozenset({reason})).of("b")
    assert found.verdict is reason
    assert found.served == 0
    assert found.reasons[REASONS.index(reason)] == 100


@pytest.mark.parametrize(
    "pair", list(combinations(REASONS, 2)), ids=lambda pair: f"{pair[0]}+{pair[1]}"
)
def test_of_two_reasons_the_first_filter_wins(pair: tuple[Verdict, Verdict]) -> None:
    assert troubled(frozenset(pair)).of("b").verdict is pair[0]


def test_of_any_reasons_the_first_filter_wins() -> None:
    for broken in chain.from_iterable(combinations(REASONS, count) for count in range(3, 9)):
        assert troubled(frozenset(broken)).of("b").verdict is broken[0]


def cured(found: Judged, name: str = "b") -> tuple[list[Station], list[Offer], bool]:
    """Return the stations, offers and "open" after the cure that the judgment names."""
    judgment = found.of(name)
    stations, offers = (
        list(found.stations),
        [each for each in found.offers if each.service == "meals"],
    )
    at = judgment.mend_at
    key = stations[at].id
    mend = judgment.mend
    if mend is Mend.ADD_SERVICE:
        offers.append(Offer(key, "meals"))
    elif mend is Mend.WIDEN_SCOPE:
        offers = [
            replace(each, scope=Scope.ALL) if each.station == key else each for each in offers
        ]
    elif mend is Mend.PLACES:
        offers = [
            replace(each, capacity=1000.0) if each.station == key else each for each in offers
        ]
    elif mend is not Mend.OPEN:
        stations[at] = replace(stations[at], floor=1, step_free=True)
    return stations, offers, mend is Mend.OPEN


@pytest.mark.parametrize(
    ("reason", "mend"),
    [
        (Verdict.NOT_ENTITLED, Mend.WIDEN_SCOPE),
        (Verdict.NOT_ACCESSIBLE, Mend.GROUND_FLOOR),
        (Verdict.CLOSED, Mend.OPEN),
        (Verdict.FULL, Mend.PLACES),
        (Verdict.NO_PROVIDER, Mend.ADD_SERVICE),
    ],
)
def test_the_cure_applied_serves_and_is_worth_all_residents(reason: Verdict, mend: Mend) -> None:
    found = troubled(frozenset({reason}))
    judgment = found.of("b")
    assert (judgment.mend, found.stations[judgment.mend_at].id) == (mend, "s")
    assert judgment.mend_people == pytest.approx(100)
    stations, offers, opened = cured(found)
    again = judge(
        ISLANDS.net,
        list(found.blocks),
        stations,
        services=(MEALS, LAW),
        needs=(found.of("b").need,),
        offers=tuple(offers),
        walker=OLDER,
        open_now={HOURS: opened or reason is not Verdict.CLOSED},
    )
    assert again.of("b").verdict is Verdict.SERVED


def test_too_far_and_cut_off_are_cured_by_a_station_of_the_same_side() -> None:
    stations = [station("a", 600, 300), station("b", 200, 300, "law"), station("c", 200, 0)]
    home = block("b", shapely.Point(100, 300))
    far = judge(ISLANDS.net, [home], stations, services=(MEALS, LAW), needs=(need(200),))
    assert (far.of("b").verdict, far.of("b").mend, far.of("b").mend_at) == (
        Verdict.TOO_FAR,
        Mend.ADD_SERVICE,
        1,
    )
    cut = judge(ISLANDS.net, [home], stations[1:], services=(MEALS, LAW), needs=(need(200),))
    assert (cut.of("b").verdict, cut.of("b").mend, cut.of("b").mend_at) == (
        Verdict.CUT_OFF,
        Mend.ADD_SERVICE,
        0,
    )
    for left in (stations, stations[1:]):
        left = [
            replace(each, services=("law", "meals")) if each.id == "b" else each for each in left
        ]
        mended = judge(ISLANDS.net, [home], left, services=(MEALS, LAW), needs=(need(200),))
        assert mended.of("b").verdict is Verdict.SERVED


@pytest.mark.parametrize(
    ("nearest", "others", "mend", "at"),
    [
        (("law",), (), Mend.NEW_STATION, "b"),
        (("law",), (("meals", "law"),), Mend.ADD_SERVICE, "b"),
        (("law", "care"), (), Mend.ADD_SERVICE, "b"),
        (("law",), (("law", "care"),), Mend.ADD_SERVICE, "d"),
    ],
)
def test_a_service_is_not_added_at_a_facility_of_another_kind(
    nearest: tuple[str, ...], others: tuple[tuple[str, ...], ...], mend: Mend, at: str
) -> None:
    """Read off the map: meals are not served at a notary's, unless some place does both; a house of several would."""
    stations = [station("a", 600, 300), station("b", 200, 300, *nearest)]
    stations += [
        station("d", 250, 300, *services) for services in others if "meals" not in services
    ]
    stations += [station("e", 590, 300, *services) for services in others if "meals" in services]
    guessed = [replace(each, illustrative=True) for each in stations]
    home = block("b", shapely.Point(100, 300))
    found = judge(ISLANDS.net, [home], guessed, services=(MEALS, LAW), needs=(need(200),)).of("b")
    assert (found.verdict, found.mend, guessed[found.mend_at].id) == (Verdict.TOO_FAR, mend, at)
    assert found.mend_people == pytest.approx(100)
    assert (found.add_at >= 0) is (mend is Mend.ADD_SERVICE)

    # the planner's own list is believed
    own = judge(ISLANDS.net, [home], stations, services=(MEALS, LAW), needs=(need(200),)).of("b")
    assert (own.mend, stations[own.mend_at].id) == (Mend.ADD_SERVICE, "b")


def test_off_the_network_a_gate_cures() -> None:
    away = troubled(frozenset({Verdict.OFF_NETWORK}))
    assert (away.of("b").verdict, away.of("b").mend) == (Verdict.OFF_NETWORK, Mend.NONE)
    stated = judge(
        ISLANDS.net,
        list(away.blocks),
        list(away.stations),
        services=(MEALS, LAW),
        needs=(need(500),),
        gates=(Gate("b", 100, 290),),
        offers=tuple(each for each in away.offers if each.service == "meals"),
    )
    # 140 m to the gate, 10 to the street, 100 along it
    assert stated.of("b").verdict is Verdict.SERVED
    assert stated.of("b").nearest_m == 250


def test_an_elevator_helps_whoever_may_wait_for_it() -> None:
    home = [block("b", shapely.Point(100, 300))]
    upstairs = replace(station("s", 200, 300), floor=3, elevator=False)
    verdicts = [
        judge(ISLANDS.net, home, [place], walker=walker).of("b").verdict
        for walker in (ADULT, OLDER, WHEELCHAIR)
        for place in (upstairs, replace(upstairs, elevator=True), replace(upstairs, elevator=None))
    ]
    served, out = Verdict.SERVED, Verdict.NOT_ACCESSIBLE
    assert verdicts == [served, served, served, out, served, served, out, served, served]


def test_steps_at_the_entrance_and_in_the_street_close_the_way_to_a_wheelchair() -> None:
    # The direct lane is a flight of 100 m; round the block it is 300 m.
    steep = town(
        """
        A B
        C D
        """,
        Street("A-B", steps=True),
        "A-C",
        "C-D",
        "D-B",
    )
    home, place = [block("b", shapely.Point(0, 0))], station("s", 100, 100)
    at_a = [block("b", shapely.Point(0, 100))]
    by_foot = judge(steep.net, at_a, [place], needs=(need(150),))
    on_wheels = judge(steep.net, at_a, [place], needs=(need(150),), walker=WHEELCHAIR)
    assert by_foot.of("b").verdict is Verdict.SERVED
    assert (on_wheels.of("b").verdict, on_wheels.of("b").mend) == (
        Verdict.NOT_ACCESSIBLE,
        Mend.NONE,
    )
    round_about = judge(steep.net, at_a, [place], needs=(need(300),), walker=WHEELCHAIR)
    assert round_about.of("b").verdict is Verdict.SERVED
    stepped = replace(place, step_free=False)
    refused = judge(steep.net, home, [stepped], needs=(need(300),), walker=WHEELCHAIR).of("b")
    assert (refused.verdict, refused.mend) == (Verdict.NOT_ACCESSIBLE, Mend.RAMP)
    both = judge(
        steep.net,
        home,
        [replace(stepped, floor=2, elevator=False)],
        needs=(need(300),),
        walker=WHEELCHAIR,
    )
    assert both.of("b").mend is Mend.GROUND_FLOOR_AND_RAMP


def test_floors_add_time_to_limits_in_minutes_only() -> None:
    # 100 m at 1 m/s are 100 s; two flights of 30 s make 160 s; a limit of 2 minutes is 120 s.
    home = [block("b", shapely.Point(100, 300))]
    agile = replace(OLDER, flights_max=None)
    upstairs = replace(station("s", 200, 300), floor=3, elevator=False)
    minutes = replace(need(2), unit="min")
    found = judge(ISLANDS.net, home, [upstairs], needs=(minutes,), walker=agile).of("b")
    assert (found.verdict, found.mend) == (Verdict.NOT_ACCESSIBLE, Mend.GROUND_FLOOR)
    assert (
        judge(ISLANDS.net, home, [replace(upstairs, floor=1)], needs=(minutes,), walker=agile)
        .of("b")
        .share
        == 1
    )
    enough = replace(minutes, limit=160 / 60)
    assert (
        judge(ISLANDS.net, home, [upstairs], needs=(enough,), walker=agile).of("b").verdict
        is Verdict.SERVED
    )
    assert (
        judge(ISLANDS.net, home, [upstairs], needs=(need(100),), walker=agile).of("b").verdict
        is Verdict.SERVED
    )


def test_too_far_is_an_adults_walk_and_slowness_is_not_distance() -> None:
    # An adult walks 120 m in 100 s, the older person 100 m.
    minutes = replace(need(100 / 60), unit="min")
    blocks = [
        block("near", shapely.Point(100, 300)),
        block("mid", shapely.Point(90, 300)),
        block("far", shapely.Point(70, 300)),
    ]
    found = judge(ISLANDS.net, blocks, [station("s", 200, 300)], needs=(minutes,), walker=OLDER)
    assert [found.of(name).verdict for name in ("near", "mid", "far")] == [
        Verdict.SERVED,
        Verdict.NOT_ACCESSIBLE,
        Verdict.TOO_FAR,
    ]


def test_a_radius_decides_only_where_the_row_says_so() -> None:
    river = town(
        """
        A . . . . . B
        C . . . . . D
        """,
        "A-B",
        "C-D",
        "B-D",
    )
    home, place = [block("b", shapely.Point(100, 0))], [station("s", 100, 100)]
    by_foot = judge(river.net, home, place).of("b")
    by_air = judge(river.net, home, place, needs=(replace(need(), metric="radius"),)).of("b")
    assert (by_foot.verdict, by_foot.share, by_foot.other_share, by_foot.nearest_radius_m) == (
        Verdict.TOO_FAR,
        0,
        1,
        100,
    )
    assert (by_air.verdict, by_air.share, by_air.other_share, by_air.nearest_m) == (
        Verdict.SERVED,
        1,
        0,
        1100,
    )


def test_scopes() -> None:
    def home(name: str, x: float, community: str, subdistrict: str):
        return replace(
            block(name, shapely.box(x, 301, x + 60, 340)),
            community=community,
            subdistrict=subdistrict,
        )

    blocks = [
        home("a", 0, "one", "west"),
        home("b", 100, "one", "west"),
        home("c", 200, "two", "west"),
        home("d", 300, "three", "east"),
    ]
    place = station("s", 30, 320)
    served = {}
    for scope in Scope:
        found = judge(ISLANDS.net, blocks, [replace(place, scope=scope)])
        served[scope.value] = "".join(
            name for name in "abcd" if found.of(name).verdict is Verdict.SERVED
        )
        assert all(
            found.of(name).verdict in {Verdict.SERVED, Verdict.NOT_ENTITLED} for name in "abcd"
        )
    assert served == {"all": "abcd", "subdistrict": "abc", "community": "ab", "compound": "a"}


def test_the_nearest_provider_is_one_that_admits_the_block() -> None:
    stations = [
        replace(station("own", 150, 300), scope=Scope.COMMUNITY, community="one"),
        station("open", 400, 300),
    ]
    blocks = [
        replace(block("in", shapely.Point(100, 300)), community="one"),
        replace(block("out", shapely.Point(100, 300)), community="two"),
    ]
    found = judge(ISLANDS.net, blocks, stations)
    assert [found.stations[found.of(name).nearest].id for name in ("in", "out")] == ["own", "open"]
    assert [found.of(name).nearest_m for name in ("in", "out")] == [50, 300]
    assert found.answer.nearest_m[0][0].tolist() == [50, 300]


def test_outreach_comes_to_the_door_and_minds_no_floors() -> None:
    # 300 m from the station at 4 m/s are 75 s; 10 minutes of readiness make 675 s.
    home = [block("b", shapely.Point(0, 300))]
    place = replace(station("s", 300, 300, "law"), floor=5, elevator=False)
    offer = Offer("s", "meals", mode=Mode.OUTREACH, readiness_min=10.0)
    within = replace(need(675 / 60), unit="min")
    late = replace(need(674 / 60), unit="min")
    for rule, verdict in (
        (within, Verdict.SERVED),
        (late, Verdict.TOO_FAR),
        (need(300), Verdict.SERVED),
    ):
        found = judge(ISLANDS.net, home, [place], needs=(rule,), offers=(offer,), walker=WHEELCHAIR)
        assert found.of("b").verdict is verdict


def test_outreach_is_measured_from_the_station() -> None:
    one_way = town(
        """
        A B
        C D
        """,
        "A>B",
        "B-D",
        "D-C",
        "C-A",
    )
    home, place = [block("b", shapely.Point(0, 100))], station("s", 100, 100, "law")
    out = judge(
        one_way.net,
        home,
        [place],
        needs=(need(150),),
        offers=(Offer("s", "meals", mode=Mode.OUTREACH),),
    )
    visit = judge(one_way.net, home, [place], needs=(need(150),), offers=(Offer("s", "meals"),))
    assert visit.of("b").verdict is Verdict.SERVED  # 100 m along
    assert out.of("b").verdict is Verdict.TOO_FAR  # 300 m round, the way back being closed


def test_sums_hold_with_every_reason_at_once() -> None:
    rng = np.random.default_rng(7)
    blocks = [
        replace(
            block(f"b{row}", shapely.Point(x, 300 * (row % 2)), float(people)),
            community="one" if row % 3 else "two",
        )
        for row, (x, people) in enumerate(
            zip(rng.uniform(0, 600, 40), rng.integers(1, 90, 40), strict=True)
        )
    ]
    stations = [
        replace(station("a", 100, 300, "law"), floor=3, elevator=False),
        station("b", 600, 300, "law"),
        replace(station("c", 300, 300, "law"), community="two"),
    ]
    offers = (
        Offer("a", "meals"),
        Offer("b", "meals", capacity=2.0),
        Offer("c", "meals", scope=Scope.COMMUNITY, hours=HOURS),
    )
    rule = replace(need(150), places_per_1000=50.0)
    found = judge(
        ISLANDS.net,
        blocks,
        stations,
        services=(MEALS, LAW),
        needs=(rule,),
        offers=offers,
        walker=OLDER,
        open_now={HOURS: False},
    )
    seen = set()
    for each in blocks:
        row = found.of(each.id)
        assert row.served + sum(row.reasons) == pytest.approx(row.people, abs=1e-6)
        assert row.printed_served + sum(row.printed_reasons) == row.printed_people
        seen |= {reason for reason, people in zip(REASONS, row.reasons, strict=True) if people}
    assert {
        Verdict.CUT_OFF,
        Verdict.TOO_FAR,
        Verdict.NOT_ACCESSIBLE,
        Verdict.CLOSED,
        Verdict.FULL,
    } <= seen
