"""Whole pages of real studies: they open with the network off, stay small, and every part of them answers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from judged_rows import rows_of
from maps.conftest import Opener
from maps.dachang import dachang
from maps.test_payload import unpack_line
from maps.unpacked import stretches_of, walk_of
from walkshed.maps.page import build_map
from walkshed.maps.payload.walks import STEPS
from walkshed.maps.payload.whole import build_payload
from walkshed.model.results import Results
from walkshed.study import read_study

pytestmark = pytest.mark.slow
DATA = Path(__file__).parents[2] / "data"
NAMES = ["gucheng", "helsinki", "monaco", pytest.param("dachang", marks=pytest.mark.data)]
#: Bytes of a page, from the contract of the project; central Helsinki has ten times Dachang's
#: streets.
LARGEST = {"gucheng": 1_500_000, "dachang": 2_000_000, "helsinki": 2_500_000, "monaco": 2_500_000}


@pytest.fixture(scope="module", params=NAMES)
def study(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Results]:
    if request.param == "dachang":
        extract = request.getfixturevalue("test_data") / "osm" / "shanghai_baoshan_dachang.osm.pbf"
        return request.param, dachang(extract, tmp_path_factory.mktemp("大场"))
    return request.param, read_study(DATA / request.param).run().results


@pytest.fixture(scope="module")
def payload(study: tuple[str, Results]) -> dict[str, Any]:
    return build_payload(study[1])


def test_the_page_is_small(study: tuple[str, Results]) -> None:
    name, results = study
    assert len(build_map(results).get_root().render().encode()) < LARGEST[name]


def test_each_walk_is_drawn_as_long_as_its_distance(
    study: tuple[str, Results], payload: dict[str, Any]
) -> None:
    """The line on the page, measured on the ellipsoid, against the distance by which the block is judged."""
    from pyproj import Geod

    results, walks = study[1], payload["walks"]
    ellipsoid = Geod(ellps="WGS84")
    told = 0
    for number, judgment in zip(walk_of(walks), rows_of(results.main), strict=True):
        if number < 0:
            assert not np.isfinite(judgment.nearest_m)
            continue
        lat, lon = np.array(unpack_line(walks["lines"][number])).T
        assert ellipsoid.line_length(lon, lat) == pytest.approx(judgment.nearest_m, abs=1.0)
        stretches = stretches_of(walks, number)
        assert sum(meters for _, meters, _, _ in stretches) == pytest.approx(
            judgment.nearest_m, abs=0.5
        )
        assert stretches[-1][3] == len(lat) - 1
        told += any(walks["names"][name] for name, *_ in stretches)
    assert told > results.main.judgments.need.size / 2  # most walks follow a street with a name


@pytest.mark.browser
def test_every_part_of_the_page_answers(
    study: tuple[str, Results], payload: dict[str, Any], open_page: Opener
) -> None:
    results = study[1]
    page = open_page(results)
    for number in range(len(results.inputs.services)):
        page.locator(f".service[data-service='{number}']").click()
        assert page.locator("path[data-block]").count() == len(results.blocks)
    most = max(
        range(len(payload["services"])),
        key=lambda number: payload["services"][number]["blocks_failing"],
    )
    if payload["services"][most]["worst"]:  # the worst block, its reason and its cure: two clicks
        page.locator(f".service[data-service='{most}']").click()
        page.locator(".worst button").first.click()
        assert page.locator(".verdict .reason").inner_text()
        assert page.locator(".verdict .cure").inner_text()
        assert page.locator("path.walk-line").count() >= 1
        assert page.locator(".walk li").count() >= 3
    page.locator("#drawer-toggle").click()
    assert page.locator(".matrix td").count() == len(results.stations) * len(
        results.inputs.services
    )
    page.locator(".matrix td").first.hover()
    page.locator("#drawer-toggle").click()
    page.locator(".layers summary").click()
    for box in page.locator(".layers input").all():
        box.click()
        box.click()
    page.locator(".whole").click()
    station = results.stations[0]
    page.locator("#search-field").fill(station.name)
    page.keyboard.press("Enter")
    assert page.locator("#answers h2").inner_text() == station.name
    assert page.locator("path.catchment-streets").count() == 1
    page.keyboard.press("Escape")
    page.locator("#language").click()
    page.locator("#briefing-open").click()
    assert len(page.locator("#briefing-text").input_value()) > 60
    page.locator("#briefing-copy").click()
    page.locator("#briefing-close").click()
    page.locator("#paper").select_option("a3")
    made = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == 1
    english = page.evaluate("document.documentElement.lang") == "en"
    if not english:
        page.locator("#language").click()
    data = set(_strings(payload))
    for place in ("#services", "#headline", "#tools", "#drawer-toggle", "#legend", "#layers"):
        for word in re.findall(r"[一-鿿]{2,}", page.locator(place).inner_text()):
            assert word == "中文" or any(word in text for text in data), (place, word)


@pytest.mark.browser
def test_a_walk_over_steps_is_not_passed_off_as_a_wheelchairs(
    study: tuple[str, Results], payload: dict[str, Any], open_page: Opener
) -> None:
    """The nearest station is an adult's; where the walk to it has steps, the page says whom they shut out."""
    results = study[1]
    names = [walker["id"] for walker in payload["walkers"]]
    if "wheelchair" not in names:
        pytest.skip("nobody in a wheelchair is judged here")
    number = names.index("wheelchair")
    assert payload["walkers"][number]["no_steps"]
    assert not payload["walkers"][names.index("adult")]["no_steps"]

    # of the first service, every block whose own walk is drawn
    services = len(results.inputs.services)
    of, walks = walk_of(payload["walks"])[::services], payload["walks"]
    has_steps = {
        block: any(kind == STEPS for _, _, kind, _ in stretches_of(walks, walk))
        for block, walk in enumerate(of)
        if walk >= 0
    }
    assert set(has_steps.values()) == {True, False}

    page = open_page(results)
    page.locator(".service[data-service='0']").click()
    for block in sorted(has_steps)[:12]:
        page.locator(f"path[data-block='{block}']").first.dispatch_event("click")
        shown = {}
        for walker in ("wheelchair", "adult"):
            page.locator("#walkers button").nth(names.index(walker)).click()
            shown[walker] = page.locator(".walk .warning").count()
        assert shown == {"wheelchair": int(has_steps[block]), "adult": 0}


def _strings(value: Any) -> list[str]:
    """Return every string of the payload that is data: all but the catalogs."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [
            text
            for key, part in value.items()
            if key not in {"words", "zh"}
            for text in _strings(part)
        ]
    if isinstance(value, list):
        return [text for part in value for text in _strings(part)]
    return []
