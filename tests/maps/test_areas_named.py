"""Communities of the page's list: blocks that name none are said to, beside the subdistrict that they do name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from maps.conftest import Opener
from small import lonlat, table, write_study
from walkshed.maps.payload.whole import build_payload
from walkshed.model.results import Results
from walkshed.study import read_study


def results_of(folder: Path, areas: list[tuple[str, str]]) -> Results:
    rows = "".join(
        f"B{number},100,{lon},{lat},{subdistrict},{community}\n"
        for number, (subdistrict, community) in enumerate(areas)
        for lon, lat in [lonlat(100.0 * number)]
    )
    study = write_study(
        folder,
        stations=table("id,name,services", [("S1", 0, "One", "meals")]),
        blocks="id,people,lon,lat,subdistrict,community\n" + rows,
        toml='[[services]]\nid = "meals"\nen = "Meals"\ncomplete = true\n',
        language="zh",
    )
    return read_study(study).run().results


def named(results: Results) -> list[tuple[str, bool]]:
    areas: list[dict[str, Any]] = build_payload(results)["areas"]
    return [(area["name"], area["unnamed"]) for area in areas]


def test_blocks_without_a_community_come_last_and_are_told_apart(tmp_path: Path) -> None:
    areas = [("", ""), ("太平", ""), ("太平", "南门"), ("城西", "新南")]
    assert named(results_of(tmp_path, areas)) == [
        ("城西 · 新南", False),
        ("太平 · 南门", False),
        ("太平", True),
        ("", True),
    ]


def test_where_nobody_names_a_community_subdistricts_are_the_list(tmp_path: Path) -> None:
    found = named(results_of(tmp_path, [("太平", ""), ("", ""), ("城西", "")]))
    assert found == [("城西", False), ("太平", False), ("", True)]


@pytest.mark.browser
def test_the_list_says_so(tmp_path: Path, open_page: Opener) -> None:
    page = open_page(results_of(tmp_path, [("太平", ""), ("太平", "南门"), ("", "")]))
    page.locator("[data-list='areas']").click()
    names = page.locator(".areas .name").all_inner_texts()
    assert names == ["太平 · 南门", "太平 · 未注明社区", "未注明社区"]
