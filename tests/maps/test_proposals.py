"""Proposals on the page: their marks, what they say, and the whole page before and after."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from judged_rows import rows_of
from maps.conftest import Opener
from maps.test_browser import headline, looks
from maps.test_described import faults
from maps.unpacked import column
from walkshed.maps.described.payload import Proposals
from walkshed.maps.page import build_map
from walkshed.maps.payload.proposals import Comparison, Mark, of_plan, proposals
from walkshed.maps.payload.whole import build_payload
from walkshed.model.results import Results
from walkshed.study import Findings, ProposedSites, Study


@pytest.fixture(scope="module")
def sited(gucheng: Results) -> ProposedSites:
    return Study(gucheng.inputs).site(
        Findings(gucheng), new=2, spacing_m=300.0, candidates="streets", time_limit_s=20.0
    )


def compared(sited: ProposedSites) -> Comparison:
    return of_plan(sited.before.results, sited.plan, sited.after.results)


def test_payload_of_proposals(sited: ProposedSites) -> None:
    shown = proposals(sited.before.results, compared(sited))
    assert faults(shown, Proposals) == []
    assert [row["rank"] for row in shown["rows"]] == [1, 2]
    before = build_map(sited.before.results).payload
    assert "proposals" not in before
    after = build_payload(sited.after.results)
    assert shown["after"][0]["services"] == after["services"]
    assert (
        shown["after"][0]["judgments"]["state"]
        == after["judgments"]["state"]
        != before["judgments"]["state"]
    )
    for number, walker in enumerate(after["walkers"]):
        assert shown["after"][number] == shown["after"][number] | {
            key: part
            for key, part in walker["view"].items()
            if key in {"services", "areas", "briefing"}
        }
    public = build_map(
        sited.before.results, public=True, proposed=(sited.plan, sited.after.results)
    ).payload
    assert "proposals" not in public


def test_stations_keep_their_names_from_before_to_after(sited: ProposedSites) -> None:
    """The judgments after name stations of a longer list; the page has the shorter one, and the new ones behind it."""
    before, after = sited.before.results, sited.after.results
    shown = proposals(before, compared(sited))
    names = [
        *(station.name for station in before.stations),
        *(station["name"] for station in shown["stations"]),
    ]
    assert len(names) == len(after.stations)
    for told, row in zip(
        column(shown["after"][0]["judgments"], "nearest"), rows_of(after.main), strict=True
    ):
        assert (told < 0) == (row.nearest < 0)
        if told >= 0:
            assert names[told] == after.stations[row.nearest].name
    stations = shown["after"][0]["walks"]["station"]
    assert any(station >= len(before.stations) for station in stations)


def test_a_comparison_is_of_the_same_blocks(sited: ProposedSites) -> None:
    other = replace(sited.after.results, blocks=sited.after.results.blocks[1:])
    with pytest.raises(ValueError, match="same blocks"):
        proposals(sited.before.results, Comparison(after=other, marks=(), told={}))


def test_a_number_is_the_name_of_one_place(sited: ProposedSites) -> None:
    """The mark on the map, its title, and the station that reasons name after the plan: one number, one place."""
    after = {station.id: station for station in sited.after.results.stations}
    marks = {mark.rank: mark for mark in compared(sited).marks}
    opened = [row for row in sited.plan.proposals if row.action == "new_station"]
    assert opened
    for row in opened:
        station, mark = after[row.station.id], marks[row.rank]
        assert re.findall(r"\d+", station.name.partition("（")[0]) == [str(row.rank)]
        assert re.findall(r"\d+", mark.title["zh"]) == [str(row.rank)]
        assert mark.at.equals(station.geometry)
    names = [station.name for station in after.values()]
    assert len(set(names)) == len(names)


@pytest.mark.browser
def test_marks_words_and_the_switch(sited: ProposedSites, open_page: Opener) -> None:
    page = open_page(
        sited.before.results,
        address=f"#service={sited.plan.proposals[0].services[0]}",
        proposed=(sited.plan, sited.after.results),
    )
    assert page.locator(".proposal").count() == 2
    page.locator("[data-proposal='1']").click()
    told = page.locator(".proposal-told").inner_text()
    assert "建议选址1" in told
    assert "新增达标" in told
    assert page.locator(".after-block").count() == 0
    assert (
        page.locator("#legend-body li", has_text="建议选址：新设站点")
        .locator(".proposal-plus")
        .count()
        == 1
    )
    assert (
        page.locator("#legend-body li", has_text="有变化的小区").locator(".after-frame").count()
        == 1
    )
    page.get_by_role("button", name="建成后", exact=True).click()
    assert page.locator(".after-block").count() > 0
    assert page.locator(".after-block[data-look='served']").count() > 0
    page.get_by_role("button", name="现状", exact=True).click()
    assert page.locator(".after-block").count() == 0
    page.locator("#language").click()
    assert page.get_by_role("button", name="Before", exact=True).count() == 1
    page.locator("[data-proposal='2']").click()
    assert "open a station with" in page.locator(".proposal-told").inner_text()


@pytest.mark.browser
def test_the_whole_page_follows_the_switch(sited: ProposedSites, open_page: Opener) -> None:
    """Headline, counts of services, worst blocks, blocks and the text for a report: before, after, and for a walker."""
    before, after = build_payload(sited.before.results), build_payload(sited.after.results)
    number = {service.id: i for i, service in enumerate(sited.before.results.inputs.services)}
    service = number[sited.plan.proposals[0].services[0]]
    page = open_page(sited.before.results, proposed=(sited.plan, sited.after.results))
    page.locator(f".service[data-service='{service}']").click()
    for name, payload in (("现状", before), ("建成后", after), ("现状", before)):
        page.get_by_role("button", name=name, exact=True).click()
        assert told(page) == expected(payload["services"][service], payload)
        states = {"0": "served", "1": "partly", "2": "not_served", "3": "unknown"}
        shown = [states[state] for state in payload["judgments"]["state"][service :: len(number)]]
        assert looks(page) == shown
        assert page.locator("#headline .subject").inner_text().count("建成后") == (name == "建成后")
        page.locator("#briefing-open").click()
        assert page.locator("#briefing-text").input_value() == payload["briefing"]["zh"][service]
        page.locator("#briefing-close").click()
    page.get_by_role("button", name="建成后", exact=True).click()
    page.locator("#walkers [data-walker='1']").click()
    view = (
        after["services"]
        if not after["walkers"][1]["view"]
        else after["walkers"][1]["view"]["services"]
    )
    assert told(page) == expected(view[service], after)
    # a block that a proposed station serves: its answer names that station, which has no mark of
    # its own
    page.locator(".after-block").first.dispatch_event("click")
    assert page.locator(".walk li.end").last.inner_text() in {
        station.name for station in sited.after.results.stations
    }
    # trying changes is of the study as it stands
    page.click("#whatif-open")
    page.wait_for_selector("#whatif [data-act=add]")
    assert page.locator(".after-block").count() == 0
    page.get_by_role("button", name="建成后", exact=True).click()
    assert page.locator("#whatif").is_hidden()


def told(page: Any) -> tuple[list[str], str, list[str]]:
    service = page.locator(".service[aria-pressed=true] .count").inner_text()
    return headline(page), service, page.locator(".worst .name").all_inner_texts()


def expected(service: dict[str, Any], payload: dict[str, Any]) -> tuple[list[str], str, list[str]]:
    figures = [service["people_left_out"], service["people_served"], service["blocks_failing"]]
    worst = [payload["blocks"][block]["name"] for block in service["worst"]]
    return [f"{figure:,}" for figure in figures], str(service["blocks_failing"]), worst


@pytest.mark.browser
def test_other_acts_have_marks_of_their_own(sited: ProposedSites, open_page: Opener) -> None:
    """A center that moves: its mark, the way it goes, and what is said of it."""
    results = sited.before.results
    center, other = results.stations[1], results.stations[2]
    texts = {"zh": "迁到一层", "en": "moves to the ground floor"}
    marks = tuple(
        Mark(
            rank=rank,
            act=act,
            at=other.geometry,
            comes_from=center.geometry if act == "move" else None,
            title={"zh": "改造", "en": "Upgrade"},
            place=texts,
            why=texts,
        )
        for rank, act in enumerate(("move", "elevator", "merge"), start=1)
    )
    page = open_page(
        results,
        proposed=Comparison(after=sited.after.results, marks=marks, told={"zh": [], "en": []}),
    )
    assert page.locator(".proposal").count() == 3
    assert page.locator(".proposal-way").count() == 1
    told = page.locator("#legend-body").inner_text()
    assert all(words in told for words in ("中心迁址", "加装电梯", "中心合并"))
    assert "新设站点" not in told
    assert (
        len(
            set(
                page.locator(".proposal-plus").evaluate_all(
                    "all => all.map((e) => e.getAttribute('d'))"
                )
            )
        )
        == 3
    )
    assert page.locator("[data-proposal='1']").get_attribute("aria-label") == "改造：迁到一层"
    page.locator("[data-proposal='3']").click()
    assert "迁到一层" in page.locator(".proposal-told").inner_text()
