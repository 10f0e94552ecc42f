"""What nobody surveyed is drawn by the list so far: hatched, with the meters to the nearest known station."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from small import table, write_study
from walkshed.study import read_study

pytestmark = pytest.mark.browser
Opener = Callable[..., Any]
SERVICES = "".join(
    f'[[services]]\nid = "{name}"\nzh = "{zh}"\nen = "{name.title()}"\ncomplete = {complete}\n'
    for name, zh, complete in [
        ("meals", "助餐", "false"),
        ("law", "法律", "false"),
        ("play", "游戏", "true"),
        ("music", "音乐", "false"),
    ]
)
NEEDS = "".join(
    f'[[needs]]\nservice = "{name}"\nlimit = 500\nsource = "drawn"\n'
    for name in ("meals", "law", "play")
)
LOOKS = "[...document.querySelectorAll('path[data-block]')].map((path) => path.dataset.look)"


def opened(tmp_path: Path, open_page: Opener, language: str) -> Any:
    study = write_study(
        tmp_path,
        stations=table("id,name,tier,services", [("S1", 100, "One", "micro", "meals;play;music")]),
        blocks=table("id,people", [("B1", 0, 100), ("B2", 700, 100), ("B3", 3000, 100)]),
        toml=SERVICES,
        needs=NEEDS,
        language=language,
    )
    return open_page(read_study(study).run().results)


def choose(page: Any, service: int) -> list[str]:
    page.locator("#services .service").nth(service).click()
    looks: list[str] = page.evaluate(LOOKS)
    return looks


def test_the_list_so_far_is_drawn_and_nothing_else_changes(
    tmp_path: Path, open_page: Opener
) -> None:
    page = opened(tmp_path, open_page, "en")
    assert choose(page, 0) == ["served", "by_list", "by_list"]
    assert choose(page, 1) == ["unknown"] * 3  # no station is known
    assert choose(page, 2) == ["served", "not_served", "not_served"]
    assert choose(page, 3) == ["unknown"] * 3  # no standard


@pytest.mark.parametrize(
    ("language", "label", "meters", "reason"),
    [
        ("zh", "按现有清单（待核实）", "最近的已知站点步行2,900米", "已知最近为One（2,900米）"),
        (
            *("en", "By the list so far (to be checked)", "nearest known station: 2,900 m on foot"),
            "the nearest known is One (2,900 m)",
        ),
    ],
)
def test_its_meters_stand_in_the_panel_and_its_sign_in_the_legend(
    tmp_path: Path, open_page: Opener, language: str, label: str, meters: str, reason: str
) -> None:
    page = opened(tmp_path, open_page, language)
    choose(page, 0)
    assert label in page.locator("#legend").inner_text()
    block = page.locator("path[data-block='2']")
    assert label in block.get_attribute("aria-label")
    fill = block.evaluate("(path) => getComputedStyle(path).fill")
    assert fill == 'url("#fill-by_list")'

    block.dispatch_event("mouseover")
    assert meters in page.locator(".leaflet-tooltip").last.inner_text()
    block.dispatch_event("click")
    assert reason in page.locator(".verdict .reason").first.inner_text()


def test_where_every_list_is_complete_the_legend_does_not_speak_of_it(
    tmp_path: Path, open_page: Opener
) -> None:
    study = write_study(
        tmp_path,
        stations=table("id,name,tier,services", [("S1", 100, "One", "micro", "meals")]),
        blocks=table("id,people", [("B1", 0, 100), ("B2", 3000, 100)]),
        toml='[[services]]\nid = "meals"\nen = "Meals"\ncomplete = true\n',
    )
    page = open_page(read_study(study).run().results)
    assert "By the list so far" not in page.locator("#legend").inner_text()
