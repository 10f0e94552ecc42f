"""Missing streets are not missing service: what the map does not join is to be checked (definition 10)."""

from __future__ import annotations

import shapely

from needs.judged import LAW, MEALS, block, judge, need, square, station
from towns import town
from walkshed.model.judged.verdicts import Doubt
from walkshed.needs.measures.totals import totals_by_service

#: Two streets of 600 m that nothing joins, 400 m apart.
TWO = town(
    """
    A . . . . . B
    . . . . . . .
    . . . . . . .
    . . . . . . .
    C . . . . . D
    """,
    "A-B",
    "C-D",
)
NORTH, SOUTH, FAR = square(100, 410), square(100, 20), square(300, 200)


def test_a_block_that_no_way_joins_with_a_provider_is_to_be_checked() -> None:
    found = judge(TWO.net, [block("north", NORTH), block("south", SOUTH)], [station("s", 90, 400)])
    assert (found.of("north").verdict, found.of("north").doubt) == ("served", Doubt.NONE)
    assert (found.of("south").verdict, found.of("south").doubt) == ("cut_off", Doubt.STREETS)
    (totals,) = totals_by_service(found.answer.judgments)
    assert (totals.blocks_failing, totals.blocks_in_doubt) == (1, 1)
    assert (totals.people_left_out, totals.people_in_doubt) == (100, 100)
    apart = (totals.people_served, totals.people_out, totals.people_in_doubt, totals.people_unknown)
    assert apart == (100, 0, 100, 0)
    assert sum(apart) == totals.people


def test_a_block_off_the_network_is_to_be_checked() -> None:
    found = judge(TWO.net, [block("far", FAR), block("north", NORTH)], [station("s", 90, 400)])
    assert (found.of("far").verdict, found.of("far").doubt) == ("off_network", Doubt.STREETS)


def test_a_provider_off_the_network_leaves_everybody_to_be_checked() -> None:
    found = judge(TWO.net, [block("north", NORTH)], [station("s", 300, 200)])
    assert (found.of("north").verdict, found.of("north").doubt) == ("no_provider", Doubt.STREETS)


def test_where_nobody_offers_a_service_no_street_is_missing() -> None:
    found = judge(
        TWO.net,
        [block("far", FAR), block("north", NORTH)],
        [station("s", 90, 400)],
        services=(MEALS, LAW),
    )
    assert found.of("north", "law").doubt is Doubt.NONE
    assert found.of("far", "law").doubt is Doubt.NONE


def test_what_is_only_too_far_is_no_doubt() -> None:
    near, there = square(0, 410), square(560, 410)
    found = judge(
        TWO.net, [block("a", near), block("b", there)], [station("s", 0, 400)], needs=(need(300),)
    )
    assert (found.of("b").verdict, found.of("b").doubt) == ("too_far", Doubt.NONE)
    # a second provider on the other street changes nothing of that
    more = judge(
        TWO.net,
        [block("a", near), block("b", there), block("point", shapely.Point(580, 2))],
        [station("s", 0, 400), station("t", 0, 0)],
        needs=(need(300),),
    )
    assert [more.of(name).doubt for name in ("a", "b", "point")] == [Doubt.NONE] * 3
