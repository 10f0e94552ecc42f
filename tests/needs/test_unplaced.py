"""A station that is left out for want of a place makes what fails to be checked, where it may stand."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely

from needs.judged import LAW, MEALS, block, judge, need, square, station
from towns import town
from walkshed.model.judged.verdicts import Doubt
from walkshed.model.town.places import Block, Station
from walkshed.needs.judging.unplaced import may_serve
from walkshed.needs.measures.totals import totals_by_service

TOWN = town(
    """
    A . . . . . . . . . . . . B
    """,
    "A-B",
)


def in_area(name: str, x: float, subdistrict: str, community: str) -> Block:
    return replace(block(name, square(x, 10)), subdistrict=subdistrict, community=community)


def lost(subdistrict: str = "", community: str = "", *services: str) -> Station:
    return replace(
        station("lost", 0, 0, *(services or ("meals",))),
        geometry=shapely.Point(),
        subdistrict=subdistrict,
        community=community,
    )


BLOCKS = (
    in_area("a", 900, "East", "One"),
    in_area("b", 1000, "East", "Two"),
    in_area("c", 1100, "West", "One"),
    in_area("d", 1200, "", ""),
)


@pytest.mark.parametrize(
    ("subdistrict", "community", "blocks"),
    [
        ("East", "One", "ad"),  # the other One lies in the West
        ("", "One", "acd"),
        ("", "Two", "bd"),
        ("East", "", "abd"),
        ("East", "Nowhere", "abd"),  # no block is of that community
        ("North", "One", "abcd"),  # nor of that subdistrict
        ("North", "", "abcd"),
        ("", "Nowhere", "abcd"),
        ("", "", "abcd"),
    ],
)
def test_it_stands_in_its_community_else_its_subdistrict_else_anywhere(
    subdistrict: str, community: str, blocks: str
) -> None:
    may = may_serve(lost(subdistrict, community), BLOCKS)
    assert "".join(one.id for one, here in zip(BLOCKS, may) if here) == blocks


def test_only_what_fails_of_its_services_in_its_community_is_to_be_checked() -> None:
    near = replace(in_area("near", 10, "East", "One"), people=40.0)
    found = judge(
        TOWN.net,
        [near, *BLOCKS[:3]],
        [station("s", 0, 0), station("t", 0, 0, "law")],
        services=(MEALS, LAW),
        needs=(need(500),),
        unplaced=(lost("East", "One"),),
    )
    assert [found.of(name).doubt for name in ("near", "a", "b", "c")] == [
        Doubt.NONE,  # served all the same
        Doubt.UNPLACED,
        Doubt.NONE,
        Doubt.NONE,
    ]
    assert found.of("near").verdict == "served"
    assert {found.of(name, "law").doubt for name in "abc"} == {Doubt.NONE}
    meals, law = totals_by_service(found.answer.judgments)
    assert (meals.people_served, meals.people_out, meals.people_in_doubt) == (40, 200, 100)
    assert meals.people_served + meals.people_out + meals.people_in_doubt == meals.people
    assert (law.people_out, law.people_in_doubt) == (300, 0)


def test_what_nobody_surveyed_and_what_has_no_standard_stays_so() -> None:
    found = judge(
        TOWN.net,
        list(BLOCKS),
        [station("s", 0, 0)],
        services=(replace(MEALS, complete=False), LAW),
        needs=(need(500, service="meals"),),
        unplaced=(lost("", "", "meals", "law"),),
    )
    assert {found.of(one.id).verdict for one in BLOCKS} == {"not_surveyed"}
    assert {found.of(one.id, "law").verdict for one in BLOCKS} == {"no_standard"}
    assert not found.answer.judgments.doubt.any()
