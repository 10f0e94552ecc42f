"""What the page answers beyond its first sight: walks, search, layers, hovers, the other language, keys."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from judged_rows import rows_of
from maps.conftest import Opener
from maps.invented import SERVICES, invented
from maps.test_browser import headline, until
from maps.test_payload import unpack, unpack_line
from maps.unpacked import living, stretches_of, walk_of
from walkshed.maps.payload.lookup import aliases
from walkshed.maps.payload.walks import LEG, STREET, typical_points
from walkshed.maps.payload.whole import build_payload
from walkshed.model.results import Results
from walkshed.study import read_study
from yards_town import write_yard

TOWN = invented()
PAYLOAD = build_payload(TOWN)


def test_the_typical_home_is_the_weighted_median() -> None:
    points = typical_points(TOWN.demand, TOWN.main).ravel().tolist()
    for point, judgment in zip(points, rows_of(TOWN.main), strict=True):
        assert TOWN.main.nearest_m[judgment.service][point, 0] == pytest.approx(
            judgment.nearest_m, abs=1e-9
        )
        assert TOWN.demand.start[judgment.block] <= point < TOWN.demand.start[judgment.block + 1]


def test_a_walk_goes_by_the_exit_of_its_block() -> None:
    walks, plane, demand = PAYLOAD["walks"], TOWN.network.plane, TOWN.demand
    for judgment, number in zip(rows_of(TOWN.main), walk_of(walks), strict=True):
        line = plane.to_xy(np.array(unpack_line(walks["lines"][number]))[:, ::-1])
        exits = demand.exit_xy[
            demand.exit_start[judgment.block] : demand.exit_start[judgment.block + 1]
        ]
        assert np.hypot(*(exits - line[1]).T).min() < 0.2
        homes = demand.xy[demand.start[judgment.block] : demand.start[judgment.block + 1]]
        assert np.hypot(*(homes - line[0]).T).min() < 0.2


@pytest.mark.parametrize("ways", [(), (("footway", ((900, 450), (1200, 450), (1500, 450))),)])
def test_a_walk_inside_a_compound_keeps_to_it(
    ways: tuple[tuple[str, tuple[tuple[float, float], ...]], ...], tmp_path: Path
) -> None:
    """Straight without a mapped way, along the path with one; its line is as long as its stretches say."""
    yard = write_yard(tmp_path, station=(1200, 460), more_ways=ways, limit_m=400)
    results = read_study(yard).run().results
    walks, plane = build_payload(results)["walks"], results.network.plane
    number = walk_of(walks)[0]
    line = plane.to_xy(np.array(unpack_line(walks["lines"][number]))[:, ::-1])
    stretches = stretches_of(walks, number)
    meters = sum(each[1] for each in stretches)
    assert np.hypot(*np.diff(line, axis=0).T).sum() == pytest.approx(meters, abs=0.4)
    assert meters == pytest.approx(results.main.judgment(0, 0).nearest_m, abs=0.2)
    assert [each[2] for each in stretches] == ([LEG, STREET, LEG] if ways else [LEG])
    assert stretches[-1][3] == len(line) - 1
    outline = plane.geometry_to_xy(np.array([results.blocks[0].geometry]))[0]
    assert shapely.covers(outline, shapely.LineString(line))


def test_streets_are_found_by_their_edges() -> None:
    streets = PAYLOAD["lookup"]["streets"]
    assert [name for name, _ in streets] == sorted(f"Lane {column}" for column in range(7))
    for name, packed in streets:
        edges = np.cumsum(unpack(packed))
        assert {TOWN.network.names[TOWN.network.name[edge]] for edge in edges} == {name}
    assert sum(len(unpack(packed)) for _, packed in streets) == TOWN.network.edge_count


def test_other_names_come_from_things_of_the_same_name() -> None:
    extract = invented().extract
    object.__setattr__(
        extract.areas,
        "tags",
        ({"name": "东园 1", "name:en": "East Garden; Donglou"}, {"name": "else"}),
    )
    assert aliases(extract, {"东园 1", "Lane 1"}) == {"东园 1": ["Donglou", "East Garden"]}


@pytest.fixture
def page(open_page: Opener) -> Any:
    return open_page(TOWN)


@pytest.mark.browser
class TestPage:
    def test_a_block_draws_its_walk_and_tells_the_streets(self, page: Any) -> None:
        page.locator(".service[data-service='0']").click()
        worst = PAYLOAD["services"][0]["worst"][0]
        page.locator(".worst button").first.click()
        number = walk_of(PAYLOAD["walks"])[worst * len(SERVICES)]
        stretches = stretches_of(PAYLOAD["walks"], number)
        assert page.locator("path.walk-line").count() == len(stretches)
        told = page.locator(".walk").inner_text()
        total = round(sum(meters for _, meters, _, _ in stretches))
        assert f"{total:,} m in all" in told
        for name, *_ in stretches:
            assert PAYLOAD["walks"]["names"][name] in told
        assert PAYLOAD["stations"][PAYLOAD["walks"]["station"][number]]["name"] in told
        page.locator(".back").click()
        assert page.locator("path.walk-line").count() == 0

    def test_search_by_name_and_keyboard(self, page: Any) -> None:
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "search-field"
        page.keyboard.type("lane 3")
        assert page.locator("#search-list li").count() == 1
        page.keyboard.press("Enter")
        assert page.locator("path.found-street").count() == 1
        assert page.locator("#search-list").is_hidden()
        page.locator("#search-field").fill("园")
        options = page.locator("#search-list li")
        assert options.count() == 12
        page.keyboard.press("ArrowDown")
        assert options.nth(1).get_attribute("aria-selected") == "true"
        assert page.locator("#search-field").get_attribute("aria-activedescendant") == "found-1"
        name = options.nth(1).locator(".name").inner_text()
        page.keyboard.press("Enter")
        assert page.locator("#answers h2").inner_text() == name
        assert page.locator("path.found-street").count() == 0
        page.locator("#search-field").fill("南门")
        page.locator("#search-list li").first.click()
        assert page.locator("#answers h2").inner_text() == "南门中心"
        page.locator("#search-field").fill("no such name")
        assert page.locator("#search-told").inner_text() == "Nothing found"
        page.keyboard.press("Escape")
        assert page.locator("#search-field").input_value() == ""
        assert page.locator("#answers h2").inner_text() == "南门中心"  # only the search was left

    def test_more_layers_are_folded_and_come_on_demand(self, page: Any) -> None:
        box = page.locator("input[name='layer-catchments']")
        assert not box.is_visible()
        page.locator(".layers summary").click()
        box.click()
        offering = sum(0 in station["services"] for station in PAYLOAD["stations"])
        page.locator(".service[data-service='0']").click()
        assert page.locator("path.any-catchment").count() == offering
        box.click()
        assert page.locator("path.any-catchment").count() == 0
        for name, pane in (("homes", "homes"), ("exits", "homes")):
            page.locator(f"input[name='layer-{name}']").click()
            assert page.locator(f".leaflet-{pane}-pane canvas").count() == 1
        assert page.locator(".map-label").count() > 0
        page.locator("input[name='layer-names']").click()
        until(page, "document.querySelectorAll('.map-label').length === 0")  # they fade
        assert page.locator("input[name='layer-tiles']").count() == 0  # nobody asked for tiles

    def test_pointing_at_a_station_shows_how_far_one_walks_to_it(self, page: Any) -> None:
        page.locator(".station[data-station='1']").hover()
        assert page.locator("path.catchment-ring").count() == 2  # 300 m and 500 m
        page.mouse.move(5, 5)
        assert page.locator("path.catchment-ring").count() == 0
        page.locator(".station[data-station='2']").focus()
        assert page.locator("path.catchment-ring").count() == 2

    def test_a_cell_shows_where_its_people_live(self, page: Any) -> None:
        page.locator("#drawer-toggle").click()
        live = [[living(cell) for cell in row] for row in PAYLOAD["matrix"]["live"]]
        t, s = max(
            ((t, s) for t in range(5) for s in range(4)),
            key=lambda cell: len(live[cell[0]][cell[1]]),
        )
        page.locator(f".matrix td[data-station='{t}'][data-service='{s}']").hover()
        assert page.locator("path.lit-block").count() == len(live[t][s])
        words = page.locator("#drawer-words .homes").inner_text()
        block, people = max(live[t][s], key=lambda entry: entry[1])
        assert f"{PAYLOAD['blocks'][block]['name']} {people:,}" in words
        assert sum(people for _, people in live[t][s]) == pytest.approx(
            PAYLOAD["matrix"]["worth"][t][s], abs=len(live)
        )
        page.locator("#drawer-toggle").hover()
        assert page.locator("path.lit-block").count() == 0

    def test_the_other_language_is_one_click_away(self, page: Any) -> None:
        page.locator(".service[data-service='0']").click()
        page.locator(".worst button").first.click()
        page.locator("#drawer-toggle").click()
        numbers = headline(page)
        page.locator("#language").click()
        assert page.locator("html").get_attribute("lang") == "zh-CN"
        assert page.title().endswith("步行可达评估")
        for place in (
            "#services",
            "#headline",
            "#answers",
            "#drawer",
            "#legend",
            "#layers",
            "#tools",
            "#colophon",
        ):
            text = re.sub(
                "© OpenStreetMap contributors|Leaflet|English|invented rule|Lane|Invented town|complete = true",
                "",
                page.locator(place).inner_text(),
            )
            assert not re.findall(r"[A-Za-z]{3,}", text), (place, text)
        assert headline(page) == numbers
        assert "步行至最近站点" in page.locator("#answers").inner_text()
        assert page.locator(".station").first.get_attribute("aria-label").endswith("枢纽")
        assert page.locator(".leaflet-control-zoom-in").get_attribute("aria-label") == "放大"
        page.locator("#language").click()
        assert page.locator("html").get_attribute("lang") == "en"
        assert "The walk to the nearest station" in page.locator("#answers").inner_text()

    def test_the_paragraph_is_copied(self, page: Any) -> None:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.locator(".service[data-service='0']").click()
        page.locator("#briefing-open").click()
        assert page.locator("#briefing-text").input_value() == PAYLOAD["briefing"]["en"][0]
        page.locator("#briefing-copy").click()
        until(page, "document.getElementById('briefing-told').textContent === 'Copied'")
        page.keyboard.press("Escape")
        assert page.locator("#briefing").is_hidden()
        assert page.evaluate("document.activeElement.id") == "briefing-open"

    def test_blocks_are_reached_by_keyboard(self, page: Any) -> None:
        page.locator(".service[data-service='0']").click()
        assert page.locator("path[data-block][tabindex='0']").count() == 1
        page.locator("path[data-block][tabindex='0']").focus()
        at = [block["middle"] for block in PAYLOAD["blocks"]]
        page.keyboard.press("ArrowRight")
        first = int(page.evaluate("document.activeElement.dataset.block"))
        assert at[first][1] > at[0][1]
        page.keyboard.press("ArrowUp")
        second = int(page.evaluate("document.activeElement.dataset.block"))
        assert at[second][0] > at[first][0]
        label = page.locator(f"path[data-block='{second}']").get_attribute("aria-label")
        assert label.startswith(PAYLOAD["blocks"][second]["name"])
        page.keyboard.press("Enter")
        assert page.locator("#answers h2").inner_text() == PAYLOAD["blocks"][second]["name"]
        assert page.evaluate("document.activeElement.dataset.block") == str(second)

    def test_everything_pressable_has_a_name(self, page: Any) -> None:
        unnamed = page.evaluate("""() => [...document.querySelectorAll(
                'button, a[href], input, select, textarea, [role=button], [role=combobox], [tabindex="0"]')]
            .filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length))
            .map((e) => e.outerHTML.slice(0, 120))""")
        assert unnamed == []

    def test_an_address_may_ask_for_a_service_and_a_language(self, open_page: Opener) -> None:
        page = open_page(TOWN, address="#service=culture&lang=zh&paper=a3")
        assert page.locator(".service[aria-pressed=true]").get_attribute("data-service") == "2"
        assert page.locator("html").get_attribute("lang") == "zh-CN"
        assert page.locator("#paper").input_value() == "a3"

    def test_a_slide_has_nothing_to_press(self, open_page: Opener) -> None:
        page = open_page(TOWN, address="#slide", height=810)
        for part in ("#tools", "#drawer", "#search", "#layers", ".leaflet-control-zoom"):
            assert page.locator(part).is_hidden(), part
        bottom = page.locator("#answers").bounding_box()
        for item in page.locator(".worst li:not(.cut)").all():
            box = item.bounding_box()
            assert box["y"] + box["height"] <= bottom["y"] + bottom["height"]

    @pytest.mark.parametrize(("paper", "size"), [("a4", (842, 595)), ("a3", (1191, 842))])
    def test_paper_is_one_landscape_page(
        self, paper: str, size: tuple[int, int], open_page: Opener
    ) -> None:
        page = open_page(TOWN, width=500, height=800)  # a narrow window does not make a narrow map
        page.evaluate(f"document.getElementById('paper').value = '{paper}'")
        page.evaluate("document.getElementById('paper').dispatchEvent(new Event('change'))")
        made = page.pdf(prefer_css_page_size=True, print_background=True)
        assert len(re.findall(rb"/Type\s*/Page\b", made)) == 1
        width, height = (
            float(v) for v in re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", made).groups()
        )
        assert (round(width), round(height)) == size
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        frame = page.locator("#map-frame").bounding_box()
        assert frame["width"] > (600 if paper == "a4" else 850)
        for part in ("#study-name", "#headline", "#legend", "#colophon", "#answers .worst"):
            assert page.locator(part).is_visible(), part
        assert page.locator("#summary").is_visible() is (paper == "a3")
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert page.locator("#map-frame").bounding_box()["width"] <= 500


@pytest.mark.browser
def test_what_the_data_lack_is_printed_before_the_rest_of_the_list(open_page: Opener) -> None:
    """The list of blocks gives way to the caveats, and its line counts the entries that went."""
    caveats = tuple(f"Caveat {number}: {'the data do not tell this; ' * 6}" for number in range(3))
    settings = replace(TOWN.inputs.settings, remarks=caveats)
    page = open_page(replace(TOWN, inputs=replace(TOWN.inputs, settings=settings)))
    page.evaluate("document.body.style.width = '1050px'")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    bottom = page.locator("#answers").bounding_box()
    shown = page.locator(".caveats li:not(.cut)")
    assert shown.count() == len(caveats) + len(TOWN.remarks)
    for item in shown.all():
        box = item.bounding_box()
        assert box["y"] + box["height"] <= bottom["y"] + bottom["height"]
    assert page.locator(".worst > li:not(.cut)").count() >= 1
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".cut").count() == 0


def results_of(name: str) -> Results:
    return invented(names={"B00": name, "S1": name})


@pytest.mark.browser
def test_names_stay_text_where_they_are_found(open_page: Opener) -> None:
    name = "<img src=x onerror=alert(1)>"
    page = open_page(results_of(name))
    page.locator("#search-field").fill("onerror")
    assert page.locator("#search-list .name").first.inner_text() == name
    page.keyboard.press("Enter")
    page.locator("#briefing-open").click()
    page.locator("#briefing-close").click()
    page.locator("#drawer-toggle").click()
    for cell in page.locator(".matrix td").all()[:4]:
        cell.hover()
    assert page.locator("#page img").count() == 0
