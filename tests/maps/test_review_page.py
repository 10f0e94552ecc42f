"""The small map beside a review sheet, in a browser with the network off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely

from walkshed.model.geocoding import Location, Precision
from walkshed.model.messages import Message
from walkshed.osm import read_extract
from walkshed.reports.review.map import Mark, review_page

GOOD = Path(__file__).parents[1] / "inputs" / "good" / "town.osm"
EVIL = '</td><script>alert(1)</script>"><img src=x onerror=alert(2)>'

pytestmark = pytest.mark.browser


def row(number: int, name: str, lon: object, lat: object, **more: object) -> dict[str, object]:
    empty = dict.fromkeys(
        ("address", "matched", "precision", "reason", "doubts", "alternatives", "who", "when"), ""
    )
    return {
        "number": number,
        "id": f"S{number}",
        "name": name,
        "lon": lon,
        "lat": lat,
        "uncertainty_m": 120,
        "people_in_doubt": 387,
        "used": "yes",
        **empty,
        **more,
    }


def marks() -> list[Mark]:
    other = Location(116.6429, 23.6612, EVIL, Precision.DOOR, 0.9, "amap", None, 30.0)
    ground = shapely.box(116.641, 23.6605, 116.642, 23.6615)
    return [
        Mark(
            row(
                1,
                "远处站",
                116.640,
                23.660,
                used="no",
                reason=Message(
                    "too coarse to walk from ({precision}); place it by hand",
                    precision=Precision.STREET.told,
                ),
            )
        ),
        Mark(row(2, EVIL, 116.642, 23.661), (other,)),
        Mark(
            row(
                3,
                "南门花园",
                116.6415,
                23.661,
                uncertainty_m="",
                doubts=Message("the map writes {names}", names="南门苑"),
            ),
            (),
            ground,
        ),
        Mark(row(4, "微阵地01（待填）", "", "", used="no")),
    ]


def opened(chromium: Any, tmp_path: Path, text: str) -> tuple[Any, list[str]]:
    path, faults = tmp_path / "站点 stations.review.html", []
    path.write_text(text, encoding="utf-8")
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_offline(True)
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(f"page error: {error}"))
    page.on("console", lambda said: faults.append(f"console: {said.text}"))
    page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on(
        "request",
        lambda asked: faults.append(asked.url) if not asked.url.startswith("file:") else None,
    )
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready=yes]", timeout=10_000)
    return page, faults


@pytest.mark.parametrize("language", ["zh", "en"])
def test_rows_are_numbered_dots_and_lines_of_a_table(
    chromium: Any, tmp_path: Path, language: str
) -> None:
    page, faults = opened(
        chromium, tmp_path, review_page(marks(), read_extract(GOOD), language, "stations.csv")
    )
    assert [text.inner_text() for text in page.query_selector_all("tbody td.n")] == [
        "1",
        "2",
        "3",
        "4",
    ]
    assert page.eval_on_selector_all("svg text", "all => all.map(e => e.textContent)") == [
        "1",
        "2",
        "3",
    ]
    count = "selector => document.querySelectorAll(selector).length"
    assert [
        page.evaluate(count, s) for s in (".circle", ".ground", ".other", ".tie", ".no .dot")
    ] == [2, 1, 1, 1, 1]
    assert page.evaluate("document.querySelector('.street').getAttribute('d').length") > 20
    told = page.inner_text("main")
    assert EVIL in told
    expected = (
        ("精度不足，不能用作步行起终点（道路）", "图上写作南门苑")
        if language == "zh"
        else ("too coarse to walk from",)
    )
    assert all(text in told for text in expected)
    assert page.evaluate("document.querySelectorAll('img, iframe, link').length") == 0
    assert faults == []


def test_a_click_on_a_row_goes_there_and_back(chromium: Any, tmp_path: Path) -> None:
    page, faults = opened(
        chromium, tmp_path, review_page(marks(), read_extract(GOOD), "zh", "stations.csv")
    )
    view = "document.querySelector('svg').getAttribute('viewBox').split(' ').map(Number)"
    whole = page.evaluate(view)
    page.click("tr[data-at='2']")
    x, y, wide, high = page.evaluate(view)
    at = [float(page.get_attribute("#m2", f"data-{axis}")) for axis in "xy"]
    assert (x + wide / 2, y + high / 2) == pytest.approx(at)
    assert page.get_attribute("#m2", "class") == "yes at"
    page.click("#all")
    assert page.evaluate(view) == whole
    page.focus("tr[data-at='1']")
    page.keyboard.press("Enter")
    assert page.get_attribute("#m1", "class") == "no at"
    assert faults == []


def test_a_dot_stands_where_its_coordinates_are(chromium: Any, tmp_path: Path) -> None:
    """In meters on the plane: 0.002 degrees of longitude at this latitude, and 0.001 of latitude, downwards."""
    page, _ = opened(
        chromium, tmp_path, review_page(marks(), read_extract(GOOD), "zh", "stations.csv")
    )
    one, two = (
        [float(page.get_attribute(f"#m{n}", f"data-{axis}")) for axis in "xy"] for n in (1, 2)
    )
    assert two[0] - one[0] == pytest.approx(0.002 * 102_030, rel=2e-3)
    assert two[1] - one[1] == pytest.approx(-0.001 * 110_755, rel=2e-3)


def test_without_rows_or_streets_the_page_says_so(chromium: Any, tmp_path: Path) -> None:
    page, faults = opened(chromium, tmp_path, review_page([], None, "zh", "stations.csv"))
    assert "没有需要核对的行" in page.inner_text("body")
    assert faults == []


def test_the_same_rows_give_the_same_bytes() -> None:
    extract = read_extract(GOOD)
    assert review_page(marks(), extract, "zh", "a.csv") == review_page(
        marks(), extract, "zh", "a.csv"
    )
