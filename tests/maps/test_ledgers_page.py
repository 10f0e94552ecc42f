"""The office's own ledgers on the page: beside stations and compounds, and as tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledgers.test_governance import FAR, ROWS
from ledgers.town import write
from maps.conftest import Opener
from walkshed.study import read_study

IDLE = "站点,是否实体化运行,站长,常驻人数\n南门站,否,无,0\n花园站,是,有,3人\n"


@pytest.mark.browser
def test_the_page_says_it(tmp_path: Path, open_page: Opener) -> None:
    page = open_page(read_study(write(tmp_path, {"operations": IDLE})).run().results)
    assert page.locator(".station.idle").count() == 1
    assert "南门站（未实体化运行）" in page.locator("#answers").inner_text()
    page.locator(".ledgers summary").first.click()
    cells = page.locator(".ledgers details").first.locator("td").all_inner_texts()
    assert cells == ["南门站", "否", "无", "0", "助餐、法律", "花园站", "是", "有", "3", ""]
    page.locator("[data-station='0']").first.click()
    assert "未实体化运行：所列助餐、法律不计入" in page.locator("#answers .ledger").inner_text()


@pytest.mark.browser
def test_the_worst_are_sorted_by_work_orders_at_a_click(tmp_path: Path, open_page: Opener) -> None:
    results = read_study(write(tmp_path, {"governance": ROWS}, blocks=FAR)).run().results
    page = open_page(results)

    def names() -> list[str]:
        return page.locator("#answers .worst .name").all_inner_texts()

    assert names() == ["南门里", "北苑", "花园"]
    page.locator("[data-order='orders']").click()
    assert names() == ["花园", "南门里", "北苑"]
    assert "未填的在后" in page.locator("#answers .hint").first.inner_text()
    page.locator("#language").click()
    assert "those that state none last" in page.locator("#answers .hint").first.inner_text()
    page.locator("[data-order='people']").click()
    assert names() == ["南门里", "北苑", "花园"]
