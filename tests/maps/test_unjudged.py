"""What nobody judges is said to be what it is: without a standard, or not surveyed; and visitors beside residents."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from judged_rows import columns_of, rows_of, with_rows
from maps.conftest import Opener
from maps.invented import invented
from walkshed.maps.payload.whole import build_payload
from walkshed.model.judged.verdicts import REASONS, Verdict
from walkshed.model.results import Results
from walkshed.model.town.places import Block


def without_standard(
    town: Results, services: tuple[int, ...], blocks: range | None = None
) -> Results:
    """Return the town as if no row of the standard held for these services (and blocks)."""
    rows = tuple(
        replace(
            row,
            verdict=Verdict.NO_STANDARD,
            need=None,
            share=float("nan"),
            printed_served=0,
            printed_reasons=(0,) * len(REASONS),
        )
        if row.service in services and (blocks is None or row.block in blocks)
        else row
        for row in rows_of(town.main)
    )
    return with_rows(town, rows)


@pytest.mark.parametrize(("language", "label"), [("zh", "无标准"), ("en", "No standard")])
@pytest.mark.browser
def test_a_surveyed_service_without_a_standard_is_not_called_unsurveyed(
    open_page: Opener, language: str, label: str
) -> None:
    town = without_standard(invented(language=language), (1,))
    assert [service["unjudged"] for service in build_payload(town)["services"]] == [
        "",
        "no_standard",
        "",
        "not_surveyed",
    ]
    page = open_page(town)
    counts = page.locator(".service .count")
    unsurveyed = {"zh": "待摸底", "en": "Not surveyed"}[language]
    assert counts.nth(1).inner_text() == label
    page.locator(".service[data-service='1']").click()
    shown = page.locator("#headline").inner_text()
    assert {"zh": "无标准人数", "en": "people without a standard"}[language] in shown
    assert unsurveyed not in shown
    blocks = page.locator("path[data-block='0']").get_attribute("aria-label")
    assert blocks.endswith(f", {label}")
    legend = page.locator("#legend-body").text_content()
    assert {"zh": "待摸底或无标准", "en": "Not surveyed, or no standard"}[language] in legend


@pytest.mark.browser
def test_some_blocks_without_a_standard(open_page: Opener) -> None:
    town = without_standard(invented(), (0,), range(3))
    assert build_payload(town)["services"][0]["unjudged"] == "no_standard"
    page = open_page(town)
    assert "(3 blocks) not judged: no standard" in page.locator("#headline").inner_text()


def visited(town: Results) -> Results:
    """Return the town with a place of 700 visitors, of whom 600 are served with meals; nothing else is theirs."""
    served = replace(
        town.main.judgment(0, 0), block=0, people=700.0, printed_people=700, printed_served=600
    )
    rows = [served] + [
        replace(
            town.main.judgment(0, service), block=0, need=None, people=700.0, printed_people=700
        )
        for service in range(1, 4)
    ]
    place: Block = replace(town.blocks[0], id="V1", kind="visitor")
    judged = replace(town.main, judgments=columns_of(rows, counted=[True], services=4))
    return replace(town, inputs=replace(town.inputs, visitors=(place,)), visitors={"adult": judged})


@pytest.mark.browser
def test_visitors_stand_beside_residents(open_page: Opener) -> None:
    town = visited(invented())
    services: list[dict[str, Any]] = build_payload(town)["services"]
    plain = build_payload(invented())["services"]
    assert services[0]["visitors"] == [700, 600]
    assert services[1]["visitors"] == [700, None]
    assert [each["people"] for each in services] == [each["people"] for each in plain]
    page = open_page(town)
    assert "visitors, counted apart: 600 of 700 served" in page.locator("#headline").inner_text()
    page.locator(".service[data-service='1']").click()
    assert "visitors" not in page.locator("#headline").inner_text()


def of_a_radius(town: Results, metric: str) -> Results:
    """Return the town by a standard that speaks of a radius; by the other metric every third block passes."""
    rows = tuple(
        replace(
            row,
            need=replace(
                row.need, metric=metric, source="GB：服务半径", source_en="GB: service radius 300 m"
            ),
            other_share=0.8 if row.block % 3 == 0 else 0.79,
        )
        if row.service == 0 and row.need is not None
        else row
        for row in rows_of(town.main)
    )
    return with_rows(town, rows)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("metric", "said"),
    [
        ("network", "by straight distance alone 6 blocks would pass"),
        ("radius", "On foot along streets, by distance alone, 6 blocks would pass"),
    ],
)
def test_both_metrics_are_shown_where_a_standard_speaks_of_a_radius(
    open_page: Opener, metric: str, said: str
) -> None:
    town = of_a_radius(invented(), metric)
    assert len(town.blocks) == 18
    assert [each["passing_otherwise"] for each in build_payload(town)["services"]] == [
        6,
        None,
        None,
        None,
    ]
    page = open_page(town)
    assert said in page.locator("#headline").inner_text()
    page.locator(".service[data-service='1']").click()
    assert "would pass" not in page.locator("#headline").inner_text()


@pytest.mark.browser
def test_a_block_says_what_sorted_it_and_what_it_lacks(open_page: Opener) -> None:
    town = invented(language="zh")
    sorted_by_rule = replace(
        town.blocks[0], kind="old", kind_rule="before the reform", flags=("three_lacks",)
    )
    given = replace(town.blocks[1], kind_rule="given")
    page = open_page(
        replace(town, blocks=(sorted_by_rule, given, *town.blocks[2:])), address="#block=0"
    )
    page.locator("path[data-block='0']").click(force=True)
    facts = (
        page.locator("aside").first.inner_text()
        if page.locator("aside").count()
        else page.inner_text("body")
    )
    assert "分类依据：before the reform" in facts
    assert "三无小区" in facts
    page.locator("path[data-block='1']").click(force=True)
    assert "分类依据" not in page.inner_text("body")


@pytest.mark.browser
def test_blocks_that_nobody_judged_are_counted_once_in_the_headline(open_page: Opener) -> None:
    """Their people are a figure, and no "more" (另有) people in the notes as well; their blocks are told there."""
    town = invented(language="zh")
    service = build_payload(town)["services"][3]
    assert service["unjudged"] == "not_surveyed"
    page = open_page(town)
    page.locator(".service[data-service='3']").click()
    shown = page.locator("#headline").inner_text()
    assert shown.count(f"{service['people_unknown']:,}") == 1
    assert "待摸底人数" in shown
    assert "另有" not in shown
    assert f"分布在{service['blocks_unknown']}个小区，均待摸底" in shown
