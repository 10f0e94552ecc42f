from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from maps.conftest import Opener
from maps.invented import SERVICES, invented
from maps.test_payload import unpack_line
from maps.unpacked import column
from walkshed.maps.payload.whole import build_payload
from walkshed.model.judged.verdicts import Verdict
from walkshed.model.results import Results
from walkshed.words.verdicts import cure_text, reason_text

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def town() -> Results:
    return invented()


@pytest.fixture(scope="module")
def payload(town: Results) -> dict[str, Any]:
    return build_payload(town)


def looks(page: Any) -> list[str]:
    return page.eval_on_selector_all(
        "path[data-block]",
        "paths => paths.sort((a, b) => a.dataset.block - b.dataset.block).map(p => p.dataset.look)",
    )


def until(page: Any, condition: str) -> None:
    """Wait for a condition; Playwright's own way evaluates strings inside the page, which the page's policy forbids."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never: {condition}")


def headline(page: Any) -> list[str]:
    return page.locator("#headline .number").evaluate_all(
        "all => all.map(one => one.firstChild.data)"
    )


def test_every_service_button_shows_its_numbers_and_its_blocks(
    town: Results, payload: dict[str, Any], open_page: Opener
) -> None:
    page = open_page(town)
    states = {"0": "served", "1": "partly", "2": "not_served", "3": "unknown"}
    for number, service in enumerate(payload["services"]):
        button = page.locator(f".service[data-service='{number}']")
        button.click()
        assert button.get_attribute("aria-pressed") == "true"
        assert page.locator(".service[aria-pressed=true]").count() == 1
        out, served, failing = (int(text.replace(",", "")) for text in headline(page))
        # a red 0 would comfort falsely
        nobody_looked = not service["people_left_out"] and service["people_unknown"]
        assert (out, served, failing) == (
            service["people_unknown"] if nobody_looked else service["people_left_out"],
            service["people_served"],
            service["blocks_failing"],
        )
        assert page.locator("#headline .subject").inner_text() == service["names"]["en"]
        expected = [
            states[state] for state in payload["judgments"]["state"][number :: len(SERVICES)]
        ]
        # of what nobody surveyed, those are hatched to which the list so far knows a station
        known = town.main.judgments.has(Verdict.NOT_SURVEYED)[:, number]
        known &= town.main.judgments.nearest[:, number] >= 0
        assert looks(page) == [
            "by_list" if known[block] else look for block, look in enumerate(expected)
        ]
        offering = sum(number in station["services"] for station in payload["stations"])
        assert page.locator(".station.offers").count() == offering
        if service["blocks_failing"]:
            assert button.locator(".count").inner_text() == str(service["blocks_failing"])
        else:
            served = service["blocks_served"]
            assert button.locator(".count").inner_text() == (
                f"{served} served" if served else "Not surveyed"
            )
        assert f"{service['names']['en']}: " in button.get_attribute("aria-label")


def test_the_headline_carries_rule_date_and_sources(town: Results, open_page: Opener) -> None:
    page = open_page(town)
    trace = page.locator(".trace").inner_text()
    for words in (
        "300 m on foot along streets",
        "invented rule",
        "unverified",
        "Data of 2026-01-31",
        "estimated",
        "80%",
    ):
        assert words in trace
    assert page.locator("#invented").is_visible()
    assert "© OpenStreetMap contributors" in page.locator("#colophon").inner_text()
    assert page.locator(".leaflet-control-scale").is_visible()


def test_a_study_that_is_not_illustrative_has_no_banner(town: Results, open_page: Opener) -> None:
    settings = replace(town.inputs.settings, illustrative=False)
    real = replace(
        town,
        inputs=replace(town.inputs, settings=settings),
        network=replace(town.network, attribution=""),
    )
    page = open_page(real)
    assert page.locator("#invented").is_hidden()
    assert "OpenStreetMap" not in page.locator("#colophon").inner_text()


def test_the_worst_list_flies_there_and_explains(
    town: Results, payload: dict[str, Any], open_page: Opener
) -> None:
    page = open_page(town)
    page.locator(".service[data-service='0']").click()
    items = page.locator(".worst button")
    assert items.count() == len(payload["services"][0]["worst"])
    worst = payload["services"][0]["worst"][0]
    view, judgment = town.view(), town.main.judgment(worst, 0)
    assert reason_text(view, judgment, "en") in items.first.inner_text()
    assert cure_text(view, judgment, "en") in items.first.inner_text()
    items.first.focus()
    page.keyboard.press("Enter")
    answers = page.locator("#answers").inner_text()
    assert payload["blocks"][worst]["name"] in answers
    for service in range(len(SERVICES)):
        assert reason_text(view, town.main.judgment(worst, service), "en") in answers
        assert payload["services"][service]["names"]["en"] in answers
    assert page.locator(f"path.chosen[data-block='{worst}']").count() == 1
    assert page.locator("path.exit-mark").count() == len(
        unpack_line(payload["blocks"][worst]["exits"])
    )
    lat, lon = payload["blocks"][worst]["middle"]
    assert page.evaluate(f"map_walkshed.getBounds().contains([{lat}, {lon}])")
    assert page.evaluate("document.activeElement.className") == "back"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.block") == str(worst)
    assert page.locator("path.exit-mark").count() == 0


def test_a_click_on_a_block_explains_it(
    town: Results, payload: dict[str, Any], open_page: Opener
) -> None:
    page = open_page(town)
    page.locator("path[data-block='2']").click()
    assert page.locator("#answers h2").inner_text() == payload["blocks"][2]["name"]
    facts = page.locator(".subject .facts").inner_text()
    assert "Exits unknown (inferred)" in facts
    assert "(estimated)" in facts
    page.keyboard.press("Escape")
    assert page.locator(".worst, .empty").count() == 1


def test_a_block_leads_to_its_nearest_station(
    town: Results, payload: dict[str, Any], open_page: Opener
) -> None:
    page = open_page(town)
    page.locator(".service[data-service='0']").click()
    page.locator("path[data-block='0']").click()
    nearest = column(payload["judgments"], "nearest")[0]
    assert page.locator(".station.named").get_attribute("data-station") == str(nearest)
    page.locator("#answers .link[data-station]").first.click()
    assert page.locator("#answers h2").inner_text() == payload["stations"][nearest]["name"]


def test_a_station_shows_its_catchment_on_demand(
    town: Results, payload: dict[str, Any], open_page: Opener
) -> None:
    page = open_page(town)
    assert page.locator(".catchment-area").count() == 0
    page.locator(".station[data-station='0']").click()
    assert page.locator("path.catchment-area").count() == 1
    assert page.locator("path.catchment-streets").count() == 1
    # the limit of the rule
    assert page.locator(".limits [aria-pressed=true]").inner_text() == "300 m"
    small = page.locator("path.catchment-streets").get_attribute("d")
    page.locator(".limits [data-limit='500']").click()
    assert len(page.locator("path.catchment-streets").get_attribute("d")) > len(small)
    street_km = payload["reached"][0][1]["street_m"] / 1000
    assert f"{street_km:.1f} km" in page.locator("#answers").inner_text()
    assert "shaded areas are approximate" in page.locator("#answers").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("path.catchment-area").count() == 0


def test_stations_are_reached_by_keyboard_and_named(
    town: Results, payload: dict[str, Any], open_page: Opener
) -> None:
    page = open_page(town)
    station = page.locator(".station[data-station='1']")
    assert station.get_attribute("aria-label") == "南门中心, Center"
    assert page.locator(".station[tabindex='0']").count() == 1
    page.locator(".station[tabindex='0']").focus()
    at = [station["at"] for station in payload["stations"]]
    seen = set()
    for key in ("ArrowLeft", "ArrowDown", "ArrowRight", "ArrowUp"):
        before = int(page.evaluate("document.activeElement.dataset.station"))
        page.keyboard.press(key)
        after = int(page.evaluate("document.activeElement.dataset.station"))
        axis, sign = {"Left": (1, -1), "Right": (1, 1), "Up": (0, 1), "Down": (0, -1)}[key[5:]]
        assert after == before or sign * (at[after][axis] - at[before][axis]) > 0
        seen |= {before, after}
    assert len(seen) > 2
    assert page.locator(".station[tabindex='0']").count() == 1
    station.focus()
    page.keyboard.press("Enter")
    assert page.locator("#answers h2").inner_text() == "南门中心"


def test_the_drawer_tells_each_cell_in_words(
    town: Results, payload: dict[str, Any], open_page: Opener
) -> None:
    page = open_page(town)
    assert page.locator("#drawer-body").is_hidden()
    page.locator("#drawer-toggle").click()
    assert page.locator("#drawer-toggle").get_attribute("aria-expanded") == "true"
    cells = page.locator(".matrix td")
    assert cells.count() == len(payload["stations"]) * len(SERVICES)
    matrix = payload["matrix"]
    for station, row in enumerate(matrix["worth"]):
        for service, worth in enumerate(row):
            cell = page.locator(f".matrix td[data-station='{station}'][data-service='{service}']")
            words = cell.get_attribute("aria-label")
            assert payload["stations"][station]["name"] in words
            filled = matrix["filled"][station][service] == "1"
            if worth:
                assert f"{worth:,}" in words
                assert ("without it" if filled else "added at") in words
            elif matrix["twin"][station][service] >= 0:
                assert payload["stations"][matrix["twin"][station][service]]["name"] in words
            assert cell.locator(".filled").count() == int(filled)
    cell = page.locator(".matrix td[data-station='0'][data-service='0']")
    cell.hover()
    assert page.locator("#drawer-words").inner_text().startswith(cell.get_attribute("aria-label"))
    page.locator(".matrix td[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.service") == "1"
    assert page.locator(".matrix .group").inner_text() == "Not linked to a hub"
    page.locator(".matrix th button").first.click()
    assert page.locator("#answers h2").inner_text() == "牌坊枢纽"


def test_the_legend_says_what_decides(town: Results, open_page: Opener) -> None:
    legend = open_page(town).locator("#legend")
    text = legend.inner_text()
    for words in (
        "Served",
        "Partly served",
        "Left out",
        "Not surveyed",
        "Hub",
        "Center",
        "Micro-station",
        "Compound station",
    ):
        assert words in text
    assert "Judged on the walking network; shaded areas are approximate." in text
    assert "To be checked" not in text  # nothing is, in this town


def test_chinese_speaks_chinese_throughout(open_page: Opener) -> None:
    page = open_page(invented(language="zh"))
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    for place in (
        "#services",
        "#headline",
        "#answers",
        "#drawer-toggle",
        "#legend",
        "#colophon",
        "#print",
    ):
        text = page.locator(place).inner_text()
        left = re.findall(
            r"[A-Za-z]{3,}", re.sub("© OpenStreetMap contributors|Leaflet|coverage.csv", "", text)
        )
        assert left == [], place
    assert "以步行路网判定；范围面仅为示意。" in page.locator("#legend").inner_text()
    assert "待核实" in page.locator(".trace").inner_text()


def test_doubtful_blocks_look_different(open_page: Opener) -> None:
    page = open_page(invented(near_edge=True))
    assert "doubt" in looks(page)
    path = page.locator("path[data-look='doubt']").first
    dashes, fill = path.evaluate(
        "(e) => [getComputedStyle(e).strokeDasharray, getComputedStyle(e).fill]"
    )
    assert dashes == "5px, 4px"
    assert fill == 'url("#fill-doubt")'
    assert (
        "To be checked (edge of data, no way, station without a place, guess)"
        in page.locator("#legend").inner_text()
    )
    assert "edge of the data, no mapped way" in page.locator(".trace").inner_text()


@pytest.mark.parametrize("with_people", [True, False])
def test_what_is_to_be_checked_stands_apart_and_all_figures_are_everybody(
    open_page: Opener, with_people: bool
) -> None:
    results = invented(near_edge=True, with_people=with_people)
    page = open_page(results)
    services = build_payload(results)["services"]
    assert "brown ones are to be checked" in page.locator("#services-hint").inner_text()
    for number, service in enumerate(services):
        button = page.locator(f".service[data-service='{number}']")
        button.click()
        figures = {
            kind: page.locator(f".figure.{kind} .number").evaluate(
                "(e) => e.firstChild.textContent"
            )
            for kind in ("out", "doubt", "in")
            if page.locator(f".figure.{kind}").count()
        }
        figures = {kind: int(text.replace(",", "")) for kind, text in figures.items()}
        counted = "people" if with_people else "blocks"
        judged = service[counted] - service[f"{counted}_unknown"]
        assert sum(figures.values()) == judged
        in_doubt = service[f"{counted}_in_doubt"]
        assert figures.get("doubt", 0) == in_doubt
        if not service["blocks_failing"] and service["blocks_unknown"]:
            continue
        sure = service["blocks_failing"] - service["blocks_in_doubt"]
        assert button.locator(".count").inner_text() == str(sure or service["blocks_in_doubt"])
        said = "fail" if sure or not in_doubt else "to be checked"
        assert button.get_attribute("aria-label").endswith(said)


def test_blocks_are_counted_where_nobody_is(open_page: Opener) -> None:
    results = invented(with_people=False)
    page = open_page(results)
    page.locator(".service[data-service='0']").click()
    service = build_payload(results)["services"][0]
    assert headline(page) == [str(service["blocks_failing"]), str(service["blocks_served"])]
    assert "blocks are counted" in page.locator(".trace").inner_text()
    page.locator("#drawer-toggle").click()
    assert "blocks that would lose the service without it: " in page.locator(
        ".matrix td .filled"
    ).first.locator("..").get_attribute("aria-label")


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "</script><b>x",
        "=cmd()|' /C calc'!A0",
        "{{7*7}}<!--",
    ],
)
def test_names_stay_text(name: str, open_page: Opener) -> None:
    page = open_page(invented(names=dict.fromkeys(("study", "B00", "S1", "S2"), name)))
    assert page.locator("#study-name").inner_text() == name
    assert page.title().startswith(name)
    page.locator("path[data-block='0']").click()
    assert page.locator("#answers h2").inner_text() == name
    page.locator(".station[data-station='0']").click()
    assert page.locator("#answers h2").inner_text() == name
    page.locator("#drawer-toggle").click()
    assert page.locator(".matrix th button").first.inner_text() == name
    page.locator(".matrix td").first.hover()
    assert name in page.locator("#drawer-words").inner_text()
    assert page.locator("#page img, #page b, #page script").count() == 0


def test_the_policy_stops_script_that_is_not_ours(
    town: Results, chromium: Any, tmp_path: Path
) -> None:
    from walkshed.maps.page import build_map

    path = tmp_path / "page.html"
    build_map(town).save(str(path))
    page = chromium.new_page()
    refused: list[str] = []
    page.on(
        "console",
        lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None,
    )
    page.goto(path.as_uri())
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.stolen = 1\">')"
    )
    page.evaluate("fetch('https://example.org/').catch(() => 0)")
    page.wait_for_timeout(200)
    assert page.evaluate("window.stolen === undefined")
    assert len(refused) >= 2
    page.close()


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768), (390, 844)])
def test_nothing_overflows(width: int, height: int, town: Results, open_page: Opener) -> None:
    page = open_page(town, width=width, height=height)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = page.locator("#map-frame").bounding_box()
    assert box["width"] >= min(width, 700)
    assert box["height"] >= 400
    if width > 820:
        assert page.evaluate("document.documentElement.scrollHeight") <= height


def test_zoom_and_whole_study(town: Results, open_page: Opener) -> None:
    page = open_page(town)
    before = page.evaluate("map_walkshed.getZoom()")
    page.locator(".leaflet-control-zoom-in").click()
    until(page, f"map_walkshed.getZoom() > {before}")
    page.locator(".leaflet-bar .whole").click()
    until(page, f"map_walkshed.getZoom() === {before}")


def test_print_is_one_landscape_page_and_the_map_comes_back(
    town: Results, open_page: Opener
) -> None:
    page = open_page(town)
    before = page.evaluate("[map_walkshed.getZoom(), map_walkshed.getSize().x]")
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    width, height = (
        float(v) for v in re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", paper).groups()
    )
    assert (round(width), round(height)) == (842, 595)
    assert page.evaluate("[map_walkshed.getZoom(), map_walkshed.getSize().x]") == before
    assert page.locator(".cut").count() == 0


def test_folium_layers_can_be_added(town: Results, chromium: Any, tmp_path: Path) -> None:
    import folium

    from walkshed.maps.page import build_map

    chart = build_map(town)
    folium.CircleMarker(chart.location, radius=9, color="#123456").add_to(chart)
    path = tmp_path / "page.html"
    chart.save(str(path))
    page = chromium.new_page()
    page.goto(path.as_uri())
    page.wait_for_selector("path[stroke='#123456']", state="attached")
    page.close()


def test_the_blocks_of_a_community_stand_beside_their_swatches(
    gucheng: Results, open_page: Opener
) -> None:
    """No word lies over another or over the swatch."""
    page = open_page(gucheng)
    page.locator(".switch button").nth(1).click()
    page.locator(".areas > li > button").first.click()
    boxes = page.locator(".members li").evaluate_all(
        """items => items.map(item => {
          const words = document.createRange();
          words.selectNode(item.lastChild);
          const [swatch, name, verdict] = [item.querySelector('svg'), item.querySelector('button'),
            words].map(part => part.getBoundingClientRect());
          return [swatch.right, name.left, name.right, verdict.left, swatch.width];
        })"""
    )
    assert boxes
    for swatch_right, name_left, name_right, verdict_left, width in boxes:
        assert swatch_right <= name_left < name_right <= verdict_left
        assert width == 16
