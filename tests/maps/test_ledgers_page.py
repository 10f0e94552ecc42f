"""The office's own ledgers on the page: beside stations and compounds, and as tables."""

from __future__ import annotations

from pathlib import Path

import pytest

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
