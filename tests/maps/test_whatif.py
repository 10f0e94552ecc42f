"""The what-if in a browser: what its panel says is what a run of the saved scenario says."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from shapely import Point

from judged_rows import rows_of, with_rows
from maps.conftest import Opener
from maps.invented import invented
from walkshed.maps.joining import joined
from walkshed.maps.page import build_map
from walkshed.maps.payload.whole import build_payload
from walkshed.model.marks import plain
from walkshed.model.results import Results
from walkshed.needs.measures.totals import totals_by_service
from walkshed.needs.rules.hours import open_at
from walkshed.needs.rules.scenarios import changes
from walkshed.study import Study, run

pytestmark = pytest.mark.browser


def begin(page: Any) -> None:
    page.click("#whatif-open")
    page.wait_for_selector("#whatif [data-act=add]")


def place(page: Any, across: float, down: float) -> tuple[float, float]:
    """Click a new station onto the map; return where, in pixels of the page."""
    box = page.locator(".folium-map").bounding_box()
    at = (box["x"] + box["width"] * across, box["y"] + box["height"] * down)
    page.click("[data-act=add]")
    page.mouse.click(*at)
    page.wait_for_selector(".station.candidate")
    return at


def drag(page: Any, start: tuple[float, float], by: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + by[0] / 2, start[1] + by[1] / 2, steps=3)
    page.mouse.move(start[0] + by[0], start[1] + by[1], steps=3)
    page.mouse.up()


def middle(page: Any, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    return (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def table(page: Any) -> list[list[str]]:
    rows = page.locator(".balance-sheet tbody tr:not(.kinds)")
    return [row.locator("td").all_inner_texts() for row in rows.all()]


def kinds(page: Any) -> list[str]:
    return page.locator(".balance-sheet tr.kinds:not([hidden])").all_inner_texts()


def saved(page: Any, folder: Path) -> Path:
    with page.expect_download() as download:
        page.click("[data-act=save]")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def printed(before: Results, after: Results) -> list[list[str]]:
    """Return the panel's table as the run of a scenario has it; what is to be checked does not count as failing."""

    def signed(sign: str, value: int) -> str:
        return f"{sign}{value:,}" if value else "–"

    def failing(service: int) -> str:
        was, now = (
            totals_by_service(results.main.judgments)[service].blocks_out
            for results in (before, after)
        )
        return str(was) if was == now else f"{was} → {now}"

    every = [row for row in changes(before, after) if row.kind == "*"]
    return [
        [signed("+", row.gained), signed("−", row.lost), failing(service)]
        for service, row in enumerate(every)
    ]


def test_what_the_panel_says_is_what_a_run_of_the_saved_scenario_says(
    gucheng: Results, open_page: Opener, tmp_path: Path
) -> None:
    page = open_page(gucheng)
    begin(page)
    assert {row[0] for row in table(page)} == {"–"}
    at = place(page, 0.55, 0.62)
    drag(page, at, (70, 45))
    page.locator(".editor input[data-service='0']").click()
    page.locator(".editor input[data-service='5']").click()
    station = {station.id: number for number, station in enumerate(gucheng.stations)}
    drag(page, middle(page, f".station[data-station='{station['C2']}']"), (-60, 90))
    page.locator(f".station[data-station='{station['C4']}']").click()
    page.click("[data-act=close-station]")
    page.locator(f".station[data-station='{station['C3']}']").click()
    page.locator(".editor input[data-service='7']").click()
    told = table(page)
    assert any(row[0] != "–" for row in told)
    assert any(row[1] != "–" for row in told)
    assert kinds(page)
    assert page.locator(".changes li").count() == 4
    file = saved(page, tmp_path)
    after = Study(gucheng.inputs).with_scenario(file).run().results
    assert told == printed(gucheng, after)
    # and the blocks on the map are those of the run
    service = int(page.locator(".service[aria-pressed=true]").get_attribute("data-service"))
    looks = page.eval_on_selector_all(
        "path[data-block]",
        "all => all.sort((a, b) => a.dataset.block - b.dataset.block).map(p => p.dataset.look)",
    )
    served = [
        after.main.judgment(block, service).verdict == "served"
        for block in range(len(after.blocks))
    ]
    assert [look == "served" for look in looks] == served


def test_each_walker_is_tried_by_its_own_rules(
    gucheng: Results, open_page: Opener, tmp_path: Path
) -> None:
    page = open_page(gucheng)
    begin(page)
    place(page, 0.55, 0.62)
    after = Study(gucheng.inputs).with_scenario(saved(page, tmp_path)).run().results
    assert len(gucheng.answers) > 1
    for number, walker in enumerate(gucheng.answers):
        page.locator("#walkers button").nth(number).click()
        own = [replace(each, answers={walker: each.answers[walker]}) for each in (gucheng, after)]
        assert table(page) == printed(*own)


def test_a_gate_is_opened_on_the_edge_of_a_block(
    gucheng: Results, open_page: Opener, tmp_path: Path
) -> None:
    """Clicked near the edge it stands on the edge; it is dragged, taken back, saved, and run."""
    page = open_page(gucheng)
    begin(page)
    failing = next(
        row.block
        for row in rows_of(gucheng.main)
        if row.service == 0 and row.verdict == "too_far" and row.share > 0
    )
    assert page.locator("[data-act=gate]").is_hidden()
    page.locator(f"path[data-block='{failing}']").dispatch_event("click")
    box = page.locator(f"path[data-block='{failing}']").bounding_box()
    page.click("[data-act=gate]")
    assert page.locator("[data-act=gate]").inner_text() == "请点小区边界"
    page.mouse.click(box["x"] + 0.45 * box["width"], box["y"] + 0.4 * box["height"])
    assert page.locator(".opened-gate").count() == 1
    name = gucheng.blocks[failing].name
    assert f"{name}：开出入口" in page.locator(".changes").inner_text()
    drag(page, middle(page, ".opened-gate"), (60, 0))
    told = table(page)
    file = saved(page, tmp_path)
    scenario = Study(gucheng.inputs).with_scenario(file)
    (gate,) = scenario.inputs.scenario.gates
    assert gate.block == gucheng.blocks[failing].id
    outline = gucheng.blocks[failing].geometry.boundary
    # a meter: the page draws six decimals
    assert outline.distance(Point(gate.lon, gate.lat)) < 1e-5
    assert told == printed(gucheng, scenario.run().results)
    page.click("[data-act=undo]")
    page.click("[data-act=undo]")
    assert page.locator(".opened-gate").count() == 0
    page.locator("[data-act=gate]").press("Enter")  # by keyboard, on the side of the map's middle
    assert page.locator(".opened-gate").count() == 1
    page.locator(".changes .take-back").click()
    assert page.locator(".opened-gate").count() == 0


def test_other_hours_are_tried_at_the_moment_of_the_run(
    window: Results, open_page: Opener, tmp_path: Path
) -> None:
    """Stations that are closed then open all day, one closes: who gains and who loses is what the run says."""
    page = open_page(window)
    begin(page)
    at = open_at(window.inputs.settings.at, window.offers)
    shut = {offer.station for offer in window.offers if offer.hours and not at[offer.hours]}
    assert shut
    number = {station.id: index for index, station in enumerate(window.stations)}
    for station in sorted(shut)[:3]:
        page.locator(f".station[data-station='{number[station]}']").dispatch_event("click")
        page.locator("[data-field=hours]").select_option("24/7")
    open_now = next(each for each in window.stations if each.services and each.id not in shut)
    page.locator(f".station[data-station='{number[open_now.id]}']").dispatch_event("click")
    options = page.locator("[data-field=hours] option").all_inner_texts()
    closed = next(text for text in options if "评估时刻未开放" in text)
    page.locator("[data-field=hours]").select_option(label=closed)
    told = table(page)
    assert any(row[0] != "–" for row in told)
    assert "24小时开放" in page.locator(".changes").inner_text()
    assert not any("Mo-" in text for text in [*options, page.locator("body").inner_text()])
    file = saved(page, tmp_path)
    assert file.read_text(encoding="utf-8").count('hours = "24/7"') == min(3, len(shut))
    assert told == printed(window, Study(window.inputs).with_scenario(file).run().results)


def test_hours_are_not_asked_where_none_are_judged(open_page: Opener) -> None:
    page = open_page(invented())
    begin(page)
    page.locator(".station[data-station='0']").dispatch_event("click")
    assert page.locator("[data-field=hours]").count() == 0


def test_every_change_can_be_taken_back(open_page: Opener) -> None:
    page = open_page(invented())
    begin(page)
    as_run = table(page)
    at = place(page, 0.5, 0.4)
    placed = table(page)
    drag(page, at, (40, 120))
    dragged = table(page)
    assert as_run != placed
    page.click("[data-act=undo]")
    assert table(page) == placed
    page.click("[data-act=undo]")
    assert table(page) == as_run
    assert page.locator(".station.candidate").count() == 0
    assert page.locator("[data-act=undo]").is_disabled()
    drag(page, place(page, 0.5, 0.4), (40, 120))
    assert table(page) == dragged
    page.locator(".station[data-station='0']").click(force=True)
    page.click("[data-act=close-station]")
    assert page.locator(".station[data-station='0']").evaluate(
        "e => e.classList.contains('closed')"
    )
    page.locator(".changes .take-back").last.click()
    assert table(page) == dragged
    page.click("[data-act=reset]")
    assert table(page) == as_run
    page.click("[data-act=undo]")
    assert table(page) == dragged


def test_a_block_is_shown_before_and_after(open_page: Opener) -> None:
    town = invented()
    page = open_page(town)
    begin(page)
    page.locator("[data-act=add]").press("Enter")
    page.wait_for_selector("path.block-gained")
    block = int(page.locator("path.block-gained").first.get_attribute("data-block"))
    page.locator(f"path[data-block='{block}']").dispatch_event("click")
    text = page.locator(".block-now").inner_text()
    assert town.blocks[block].name in text
    assert "→ Served" in text
    page.click("#whatif [data-act=close]")
    assert page.locator("path.block-gained").count() == 0
    assert page.locator(".station.candidate").count() == 0
    assert page.locator("#answers").is_visible()
    page.click("#whatif-open")
    assert page.locator("path.block-gained").count() > 0


def test_a_candidate_moves_by_keyboard_and_says_when_no_street_is_near(open_page: Opener) -> None:
    page = open_page(invented())
    begin(page)
    page.locator("[data-act=add]").press("Enter")
    candidate = page.locator(".station.candidate")
    leg = page.locator(".editor .leg")
    assert "from the street" in leg.inner_text()
    before = candidate.bounding_box()
    candidate.focus()
    for _ in range(3):
        candidate.press("ArrowUp")
    assert candidate.bounding_box()["y"] == pytest.approx(before["y"] - 24, abs=2)
    for _ in range(120):
        candidate.press("ArrowLeft")
    assert "The map has no usable street within 100 m" in leg.inner_text()
    assert {row[0] for row in table(page)} == {"–"}


def test_one_limit_for_all_recomputes_the_blocks(open_page: Opener) -> None:
    page = open_page(invented())
    begin(page)
    failing = {}
    for limit in (200, 500, 1000):
        page.uncheck("#whatif-own")
        page.locator("#whatif-limit").fill(str(limit))
        assert page.locator(".slider output").inner_text() == f"{limit:,} m"
        failing[limit] = [int(row[2]) for row in table(page)]
    assert sum(failing[200]) > sum(failing[500]) > sum(failing[1000])
    page.check("#whatif-own")
    own = [str(row["blocks_failing"]) for row in build_payload(invented())["services"]]
    assert [row[2] for row in table(page)] == own


def test_the_panel_speaks_the_other_language(open_page: Opener) -> None:
    page = open_page(invented())
    begin(page)
    page.locator("[data-act=add]").press("Enter")
    page.click("#language")
    assert page.locator("#whatif-title").inner_text() == "方案比选"
    assert page.locator("#whatif-open").inner_text() == "比选试算"
    assert page.locator(".editor input.subject-name").input_value() == "Candidate 1"


def test_a_closed_panel_follows_the_language_and_the_limit(open_page: Opener) -> None:
    page = open_page(invented())
    begin(page)
    page.click("#whatif-open")
    page.click("#language")
    page.locator("#limit-slider").fill("700")
    page.click("#whatif-open")
    assert page.locator("#whatif-title").inner_text() == "方案比选"
    assert page.locator("[data-act=add]").inner_text() == "增设站点"
    assert page.locator("#whatif-limit").input_value() == "700"
    assert not page.locator("#whatif-own").is_checked()


def test_names_in_a_saved_scenario_stay_text(open_page: Opener, tmp_path: Path) -> None:
    town = invented()
    page = open_page(town)
    begin(page)
    page.locator("[data-act=add]").press("Enter")
    name = 'a"b\\c</script><img src=x onerror=alert(1)>\x7f'
    page.locator(".editor input.subject-name").fill(name)
    page.locator(".editor input.subject-name").press("Tab")
    page.fill("#whatif-name", "../方案 2")
    file = saved(page, tmp_path)
    assert file.name == "方案-2.toml"
    scenario = Study(town.inputs).with_scenario(file).inputs.scenario
    assert scenario is not None
    assert scenario.name == "../方案 2"
    assert [station.name for station in scenario.added] == [name.removesuffix("\x7f")]


def test_the_page_cleans_a_name_as_the_gate_does(open_page: Opener) -> None:
    """Every character of the basic plane, and two beyond it; nothing that the page writes is refused."""
    page = open_page(invented())
    codes = [*range(0x10000), 0x1F600, 0x20000]
    cleaned = page.evaluate(
        f"(codes) => {{ {joined('engine/changes.js')} return codes.map((code) =>"
        " Array.from(walkshed.plain(`a${String.fromCodePoint(code)}b`), (mark) => mark.codePointAt(0))); }",
        codes,
    )
    assert [
        code
        for code, marks in zip(codes, cleaned, strict=True)
        if marks != [ord(mark) for mark in plain(f"a{chr(code)}b")]
    ] == []


def test_an_open_panel_prints_who_gains_and_what_is_changed(open_page: Opener) -> None:
    """On paper there is nothing to press; the table, the name and the changes stay, on one page."""
    page = open_page(invented())
    begin(page)
    page.locator("[data-act=add]").press("Enter")
    page.fill("#whatif-name", "Scenario 7")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    panel = page.locator("#whatif")
    assert (
        page.locator("#whatif button:visible").count()
        == page.locator("#whatif button.link:visible").count()
    )
    assert page.locator("#whatif input[type=checkbox]:visible").count() == 0
    assert panel.locator(".balance-sheet").is_visible()
    assert "Candidate 1" in panel.locator(".changes").inner_text()
    assert page.locator("#whatif-name").is_visible()
    bottom = panel.bounding_box()["y"] + panel.bounding_box()["height"]
    changes_box = panel.locator(".changes").bounding_box()
    assert changes_box["y"] + changes_box["height"] <= bottom
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    made = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == 1


def test_a_public_page_tries_nothing(chromium: Any, tmp_path: Path) -> None:
    town = invented()
    assert build_payload(town, public=True)["network"] is None
    path = tmp_path / "public.html"
    build_map(town, public=True).save(str(path))
    page = chromium.new_page()
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready=yes]")
    assert page.locator("#whatif-open").count() == 0
    page.close()


def test_a_study_judged_otherwise_than_the_page_can_is_not_tried(open_page: Opener) -> None:
    """The page compares its own judgment of the study with the run's before it offers anything."""
    town = invented()
    rows = rows_of(town.main)
    from walkshed.model.judged.verdicts import Verdict

    wrong = next(i for i, row in enumerate(rows) if row.verdict is Verdict.SERVED)
    rows[wrong] = replace(rows[wrong], verdict=Verdict.TOO_FAR)
    page = open_page(with_rows(town, rows))
    page.click("#whatif-open")
    page.wait_for_selector("#whatif .told")
    page.wait_for_timeout(1500)
    assert "rules that the page cannot try" in page.locator("#whatif .told").inner_text()


@pytest.mark.data
@pytest.mark.slow
def test_the_page_of_dachang_is_small(test_data: Path, tmp_path: Path) -> None:
    from maps.real_studies import drafted

    results = run(drafted("Dachang", test_data, tmp_path / "study"))
    assert len(build_map(results).get_root().render().encode()) < 2_000_000


def test_the_page_of_gucheng_is_small(gucheng: Results) -> None:
    assert len(build_map(gucheng).get_root().render().encode()) < 1_500_000
