"""The same town under two standards and two walkers: what changed, and why, in a planner's words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from judged_rows import rows_of, with_rows
from needs.judged import MEALS, OLDER, block, judge, need, station
from needs.test_reasons import ISLANDS
from reports.example import example
from walkshed.model.results import Results
from walkshed.model.town.walkers import ADULT, Walker
from walkshed.reports.compared.by_service import changes_by_service, changes_by_service_and_walker
from walkshed.reports.compared.changes import changes_between, changes_by_walker
from walkshed.reports.tables.by_walker import coverage_by_walker_frame
from walkshed.reports.tables.unverified import unverified_frame
from walkshed.words.answers.changes import failing_blocks


def run(limit: float, walker: Walker, language: str = "en", **walkers: Walker) -> Results:
    blocks = [
        replace(block("b", shapely.Point(100, 300)), groups={"older_people": 10.4}),
        block("c", shapely.Point(450, 300), 50),
        block("d", shapely.Point(590, 300), 30),
    ]
    stations = [
        replace(station("s", 200, 300), name="Hall", floor=3, elevator=False),
        station("t", 600, 300),
    ]
    rule = replace(need(limit), source_zh="某标准", source_en="some standard", rule=f"r{limit}")
    base = example(Path("x"))
    settings = replace(
        base.inputs.settings,
        language=language,
        walkers=("adult", "older"),
        group_walkers={"older_people": "older"},
    )
    # the first is the one by whom the study judges
    order = sorted((ADULT, OLDER), key=lambda each: each is not walker)
    judged = [judge(ISLANDS.net, blocks, stations, needs=(rule,), walker=each) for each in order]
    return replace(
        base,
        inputs=replace(
            base.inputs, settings=settings, services=(MEALS,), needs=(rule,), walkers=(ADULT, OLDER)
        ),
        network=ISLANDS.net,
        blocks=judged[0].blocks,
        stations=judged[0].stations,
        demand=judged[0].demand,
        answers={each.answer.walker: each.answer for each in judged},
    )


def changes(before: Results, after: Results) -> pd.DataFrame:
    """Return what changes from the first walker of one run to that of another."""
    return changes_between(before.view(), after.view())


def test_another_walker() -> None:
    frame = changes_by_walker(run(300, ADULT))
    assert frame[["block_id", "verdict_before", "verdict_after"]].to_numpy().tolist() == [
        ["b", "Served", "Not accessible (stairs or walking speed)"]
    ]
    row = frame.iloc[0]
    assert (row.people_served_before, row.people_served_after) == (100, 0)
    assert (row.before, row.after, row.why) == (
        "Adult, 300 m",
        "Older person, 300 m",
        "walker: Adult → Older person",
    )
    assert (
        row.now
        == "Hall is 100 m away, but out of reach (older person): Hall is on floor 3 without an elevator."
    )
    assert row.cure == "Move Hall to the ground floor, or build an elevator (100 people would gain)"


def test_another_standard_and_another_walker() -> None:
    frame = changes(run(300, ADULT), run(120, OLDER))
    assert frame["block_id"].tolist() == ["b", "c"]
    assert frame["verdict_after"].tolist() == [
        "Not accessible (stairs or walking speed)",
        "Too far",
    ]
    assert set(frame["why"]) == {
        "walker: Adult → Older person; rule: 300 m → 120 m (some standard)"
    }
    only_rule = changes(run(300, ADULT, "zh"), run(120, ADULT, "zh"))
    assert only_rule["block_id"].tolist() == ["c"]
    assert only_rule["why"].tolist() == ["标准：300米→120米（某标准）"]
    assert only_rule["now"].tolist() == ["最近为t（步行150米），标准为120米"]
    assert changes(run(300, ADULT), run(300, ADULT)).empty


def test_groups_walk_as_their_own_walker_and_sums_hold() -> None:
    frame = coverage_by_walker_frame(run(300, ADULT))
    pairs = frame[["group", "walker"]].drop_duplicates().to_numpy().tolist()
    assert pairs == [["people", "adult"], ["people", "older"], ["older_people", "older"]]
    row = frame[(frame.block_id == "b") & (frame.group == "older_people")].iloc[0]
    assert (row.people, row.people_served, row.people_not_accessible, row.verdict) == (
        10,
        0,
        10,
        "not_accessible",
    )
    reasons = [
        column for column in frame if column.startswith("people_") and column != "people_served"
    ]
    known = frame[frame.people.notna()]
    assert (known.people_served + known[reasons].sum(axis=1) == known.people).all()


def test_unverified_figures_are_listed_in_the_language_of_the_study() -> None:
    frame = unverified_frame(run(300, ADULT))
    assert frame[frame.figure == "limit"][
        ["value", "unit", "source", "where"]
    ].to_numpy().tolist() == [[300.0, "m", "some standard", "r300"]]
    assert set(frame[frame["where"] == "walkers, adult"].figure) == {
        "step_s",
        "flight_s",
        "elevator_wait_s",
    }
    assert unverified_frame(run(300, ADULT, "zh")).source.tolist()[0] == "某标准"


def test_the_same_figures_again() -> None:
    one, other = run(300, ADULT), run(300, ADULT)
    assert np.array_equal(one.main.nearest_m, other.main.nearest_m)
    assert pytest.approx(one.main.matrix.unique_gain) == other.main.matrix.unique_gain


def test_service_by_service() -> None:
    """Block c, 50 people, is 150 m from the only station of its side: 120 m leave it out, and nobody else."""
    near, far = run(300, ADULT).view(), run(120, ADULT).view()
    (row,) = changes_by_service(near, far).to_dict("records")
    assert (row["limits_before"], row["limits_after"], row["name"]) == ("300 m", "120 m", "Meals")
    assert (row["blocks"], row["blocks_failing_before"], row["blocks_failing_after"]) == (3, 0, 1)
    assert (row["blocks_better"], row["blocks_worse"], row["blocks_no_standard_after"]) == (0, 1, 0)
    assert (row["people_served_before"], row["people_served_after"]) == (180, 130)
    assert row["why"] == "rule: 300 m → 120 m (some standard) (1 block)"
    (back,) = changes_by_service(far, near).to_dict("records")
    assert (back["blocks_better"], back["blocks_worse"]) == (1, 0)
    (walkers,) = changes_by_service_and_walker(run(300, ADULT)).to_dict("records")
    assert (walkers["walker_before"], walkers["walker_after"]) == ("Adult", "Older person")


def test_what_is_to_be_checked_or_not_surveyed_stands_apart_before_and_after() -> None:
    """Served, failing for sure, to be checked and not judged are all blocks and all people of the table."""
    row = changes_by_service(run(300, ADULT).view(), run(120, ADULT).view()).iloc[0]
    for side in ("before", "after"):
        unsure = row[f"people_in_doubt_{side}"] + row[f"people_unknown_{side}"]
        assert row[f"people_served_{side}"] + unsure <= 180
        assert row[f"blocks_in_doubt_{side}"] <= row[f"blocks_failing_{side}"]
    counts = {"blocks_failing_before": 9, "blocks_failing_after": 7}
    none = counts | {"blocks_in_doubt_before": 0, "blocks_in_doubt_after": 0}
    some = counts | {"blocks_in_doubt_before": 4, "blocks_in_doubt_after": 3}
    assert failing_blocks(none, "zh") == "9 → 7"
    assert failing_blocks(some, "zh") == "5 → 4（另有待核实4 → 3）"
    assert failing_blocks(some, "en") == "5 → 4 (to be checked: 4 → 3)"


def test_a_rule_that_asks_the_same_is_no_reason() -> None:
    plain = run(300, ADULT)
    renamed = with_rows(
        plain,
        [
            replace(
                row,
                need=replace(row.need, rule="elsewhere", source_en="somebody else"),
                printed_served=row.printed_served + 1,
            )
            for row in rows_of(plain.main)
        ],
    )
    same = changes(plain, renamed)
    assert set(same["why"]) == {"stations, offers or residents differ"}
    other = changes(run(500, ADULT), renamed)
    assert other["why"].str.startswith("rule: 500 m → 300 m").all()
