"""Reasons and verdicts in towns solved by hand (definitions 8 to 10)."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from needs.judged import LAW, MEALS, block, judge, need, square, station
from towns import Street, town
from walkshed.model.judged.verdicts import REASONS, Verdict
from walkshed.model.town.places import Service
from walkshed.needs.judging.printing import printed
from walkshed.needs.judging.quantiles import spread
from walkshed.needs.rules.standards import need_for

# Two banks, 100 m apart; one bridge at the east end. Each bank's street is 600 m long.
RIVER = town(
    """
    A . . . . . B
    C . . . . . D
    """,
    Street("A-B", "North bank"),
    Street("C-D", "South bank"),
    Street("B-D", "Bridge"),
)
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


def point(name: str, x: float, y: float, people: float | None = 100.0):
    return block(name, shapely.Point(x, y), people)


def test_the_river_is_crossed_by_the_bridge_only() -> None:
    # From (100, 0) to a station opposite at (100, 100): 500 east, 100 over the bridge, 500 west;
    # 100 m by air.
    found = judge(RIVER.net, [point("south", 100, 0)], [station("s", 100, 100)])
    verdict = found.of("south")
    assert (verdict.verdict, verdict.nearest_m, verdict.short_m) == (Verdict.TOO_FAR, 1100, 600)


def test_within_means_at_most() -> None:
    blocks = [point("at", 500, 100), point("beyond", 500.001, 100)]
    found = judge(RIVER.net, blocks, [station("s", 0, 100)])
    assert found.of("at").verdict == Verdict.SERVED
    assert found.of("at").nearest_m == 500
    assert found.of("beyond").verdict == Verdict.TOO_FAR


def test_each_reason_in_its_order() -> None:
    stations = [station("s", 300, 300), station("lost", 3000, 3000, "law")]
    blocks = [
        point("near", 300, 310),
        point("far", 600, 300),
        point("other", 300, 0),
        point("away", 300, 150),
    ]
    found = judge(ISLANDS.net, blocks, stations, services=(MEALS, LAW), needs=(need(200),))
    assert [found.of(name).verdict for name in ("near", "far", "other", "away")] == [
        Verdict.SERVED,
        Verdict.TOO_FAR,
        Verdict.CUT_OFF,
        Verdict.OFF_NETWORK,
    ]
    # The only provider of law stands off the network: it is no provider, whoever asks; but a block
    # without an exit is off the network first.
    assert found.of("near", "law").verdict == Verdict.NO_PROVIDER
    assert found.of("other", "law").verdict == Verdict.NO_PROVIDER
    assert found.of("away", "law").verdict == Verdict.OFF_NETWORK


def test_a_share_below_min_share_is_underserved_and_names_the_larger_reason() -> None:
    long_block = block("b", shapely.box(0, 101, 600, 110), 600)  # sampled along the north bank
    found = judge(
        RIVER.net, [long_block], [station("s", 0, 100)], needs=(need(330),), min_share=0.6
    )
    verdict = found.of("b")
    assert 0.5 < verdict.share < 0.6
    assert verdict.verdict == Verdict.TOO_FAR
    assert verdict.served == pytest.approx(600 * verdict.share)
    assert verdict.served + sum(verdict.reasons) == pytest.approx(600, abs=1e-6)
    enough = judge(
        RIVER.net, [long_block], [station("s", 0, 100)], needs=(need(330),), min_share=verdict.share
    )
    assert enough.of("b").verdict == Verdict.SERVED


def test_reach_is_the_distance_within_which_min_share_live() -> None:
    long_block = block("b", shapely.box(0, 101, 600, 110), 600)
    found = judge(RIVER.net, [long_block], [station("s", 0, 100)], needs=(need(330),))
    verdict = found.of("b")
    mended = judge(
        RIVER.net, [long_block], [station("s", 0, 100)], needs=(need(verdict.reach_m),)
    ).of("b")
    assert mended.verdict == Verdict.SERVED
    just_short = judge(
        RIVER.net, [long_block], [station("s", 0, 100)], needs=(need(verdict.reach_m - 0.01),)
    ).of("b")
    assert just_short.verdict == Verdict.TOO_FAR
    assert verdict.short_m == verdict.reach_m - 330


def test_the_cure_names_a_standing_station_and_applying_it_serves() -> None:
    stations = [station("meals", 0, 100), station("near", 500, 100, "law")]
    blocks = [point("b", 600, 100)]
    found = judge(RIVER.net, blocks, stations, services=(MEALS, LAW), needs=(need(200),))
    assert found.of("b").verdict == Verdict.TOO_FAR
    assert found.stations[found.of("b").add_at].id == "near"
    cured = judge(
        RIVER.net,
        blocks,
        [stations[0], station("near", 500, 100, "law", "meals")],
        needs=(need(200),),
    )
    assert cured.of("b").verdict == Verdict.SERVED


def test_nobody_said_is_not_nobody_offers() -> None:
    unknown = Service("meals", "助餐", "Meals", None, False)
    found = judge(
        RIVER.net,
        [point("b", 100, 0), point("c", 100, 100)],
        [station("s", 100, 100)],
        services=(unknown,),
    )
    assert found.of("b").verdict == Verdict.NOT_SURVEYED
    assert found.of("c").verdict == Verdict.SERVED  # a known provider is a fact


def test_without_a_standard_there_is_nothing_to_judge() -> None:
    found = judge(
        RIVER.net, [point("b", 100, 0)], [station("s", 100, 100)], needs=(need(kind="commodity"),)
    )
    assert found.of("b").verdict == Verdict.NO_STANDARD
    assert math.isnan(found.of("b").share)


def test_unknown_people_weigh_points_equally_and_print_nothing() -> None:
    found = judge(RIVER.net, [block("b", square(80, 101), None)], [station("s", 0, 100)])
    assert found.of("b").share == 1
    assert found.of("b").printed_people == 0


def test_ties_go_to_the_lower_station_id() -> None:
    stations = [station("b", 0, 100), station("a", 600, 100)]
    found = judge(RIVER.net, [point("middle", 300, 100)], stations)
    assert found.stations[found.of("middle").nearest].id == "a"


def test_adding_a_station_never_lowers_coverage() -> None:
    rng = np.random.default_rng(3)
    blocks = [
        point(f"b{row}", x, y)
        for row, (x, y) in enumerate(rng.uniform((0, 0), (600, 100), (30, 2)))
    ]
    spots = rng.uniform((0, 0), (600, 100), (6, 2))
    before = None
    for count in range(1, 7):
        stations = [station(f"s{row}", *spots[row]) for row in range(count)]
        found = judge(RIVER.net, blocks, stations, needs=(need(150),))
        distance = found.answer.nearest_m[0, :, 0]
        served = np.array([found.of(each.id).served for each in blocks])
        if before is not None:
            assert (distance <= before[0]).all()
            assert (served >= before[1]).all()
        before = distance, served


def test_the_order_of_rows_does_not_matter() -> None:
    blocks = [point(f"b{row}", 60.0 * row, 100) for row in range(9)]
    stations = [station("s", 10, 100), station("t", 590, 100), station("u", 300, 0)]
    straight = judge(RIVER.net, blocks, stations, needs=(need(200),))
    turned = judge(RIVER.net, blocks[::-1], stations[::-1], needs=(need(200),))
    for each in blocks:
        one, other = straight.of(each.id), turned.of(each.id)
        assert (one.verdict, one.nearest_m, one.reach_m, one.nearest, one.add_at) == (
            other.verdict,
            other.nearest_m,
            other.reach_m,
            other.nearest,
            other.add_at,
        )


def test_the_most_specific_need_wins() -> None:
    broad, by_kind = need(500), need(400, kind="old")
    by_service, exact, by_item = (
        need(300, service="meals"),
        need(200, "old", "meals"),
        need(100, "*", "", "canteen"),
    )
    rows = (broad, by_kind, by_service, exact)
    assert need_for(rows, "old", MEALS) is exact
    assert need_for(rows, "commodity", MEALS) is by_service
    assert need_for(rows, "old", LAW) is by_kind
    assert need_for(rows, "commodity", LAW) is broad
    mapped = Service("lunch", "助餐", "Lunch", "canteen", True)
    assert need_for((broad, by_item), "old", mapped) is by_item
    assert need_for((by_item,), "old", LAW) is None


people = st.floats(0, 1e5, allow_nan=False)


@given(st.lists(st.tuples(st.tuples(*([people] * len(REASONS))), people), min_size=1, max_size=4))
def test_printed_people_sum(rows: list[tuple[tuple[float, ...], float]]) -> None:
    everyone = [served + sum(reasons) for reasons, served in rows]
    columns = printed(
        np.array(everyone),
        np.array([served for _, served in rows]),
        np.array([reasons for reasons, _ in rows]),
    )
    for number, (reasons, served) in enumerate(rows):
        whole, whole_served, whole_reasons = (column[number].tolist() for column in columns)
        assert whole == whole_served + sum(whole_reasons)
        assert abs(whole - everyone[number]) <= 0.5 + 1e-6
        assert abs(whole_served - served) <= 0.5 + 1e-6
        assert all(
            abs(printed_reason - reason) < 2
            for printed_reason, reason in zip(whole_reasons, reasons, strict=True)
        )
        assert len(whole_reasons) == len(REASONS)


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 50), st.integers(1, 9)), min_size=1, max_size=30
    ),
    st.floats(0.05, 1.0),
)
def test_the_quantile_is_the_smallest_value_that_suffices(
    rows: list[tuple[int, int, int]], share: float
) -> None:
    group, value, weight = (np.array(column) for column in zip(*rows, strict=True))
    found = spread(group, value.astype(float), weight.astype(float), 4).quantile(share)
    for label in range(4):
        mine = group == label
        if not mine.any():
            assert np.isnan(found[label])
            continue
        total = weight[mine].sum()
        enough = [
            v
            for v in sorted(value[mine])
            if weight[mine][value[mine] <= v].sum() >= share * total - 1e-9
        ]
        assert found[label] == enough[0]
