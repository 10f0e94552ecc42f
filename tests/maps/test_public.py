"""The public page: nobody can read from it how many people live in a block."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from judged_rows import rows_of
from maps.conftest import Opener
from maps.invented import invented
from maps.unpacked import column, living, read_data
from walkshed.cli import app
from walkshed.errors import InvalidValueError
from walkshed.maps.page import build_map, page_text
from walkshed.maps.payload.whole import build_payload
from walkshed.maps.sources import TIANDITU_KEY

TOWN = invented()
COLUMNS = (
    *("verdict", "served", "people", "limit_m", "nearest", "nearest_m", "rule", "phrase"),
    *("mend_at", "gain", "short_m", "crew"),
)


def every(value: Any) -> list[Any]:
    """Return every number and text of a payload."""
    if isinstance(value, dict):
        return [leaf for key, part in value.items() for leaf in [key, *every(part)]]
    if isinstance(value, list):
        return [leaf for part in value for leaf in every(part)]
    return [value]


def test_the_page_holds_no_people_per_block() -> None:
    html = build_map(TOWN, public=True).get_root().render()
    data = read_data(html)
    assert data["judgments"]["people"] == data["judgments"]["served"] == ""
    assert data["matrix"]["live"] is None
    for block in data["blocks"]:
        assert block["people"] is None
        assert block["groups"] == {}
    for station in data["stations"]:
        assert station["people"] is None
    assert data["study"]["public"] is True
    assert data["services"][0]["people_left_out"] > 0  # the study's totals stay


def test_no_number_of_any_block_is_anywhere_in_the_data() -> None:
    """Counts of whole blocks differ from all others here, so that finding one would give it away."""
    numbers = {row.printed_people for row in rows_of(TOWN.main)} - {0}
    out = {row.printed_people - row.printed_served for row in rows_of(TOWN.main)} - {0}
    payload = build_payload(TOWN, public=True)
    drawn = {"background", "reached", "walks", "homes", "lookup", "words"}
    leaves = every({key: part for key, part in payload.items() if key not in drawn})
    found = {leaf for leaf in leaves if isinstance(leaf, int)}
    for name in COLUMNS:  # packed columns are looked into, too
        found |= set(column(payload["judgments"], name))
    found |= {
        int(text.replace(",", ""))
        for leaf in leaves
        if isinstance(leaf, str)
        for text in re.findall(r"([\d,]+)人", leaf)
    }
    found |= {
        int(text.replace(",", ""))
        for leaf in leaves
        if isinstance(leaf, str)
        for text in re.findall(r"([\d,]+) people", leaf)
    }
    meters = {round(row.limit_m) for row in rows_of(TOWN.main)}
    for name in ("nearest_m", "short_m"):
        meters |= set(column(payload["judgments"], name))
    totals = set(every(payload["services"]))
    assert not (found & (numbers | out)) - meters - totals - set(range(len(TOWN.blocks) + 1))


def test_a_new_part_of_the_page_is_looked_at_before_it_is_public() -> None:
    payload = build_payload(TOWN, public=True)
    assert set(payload) == {
        *(
            "areas",
            "background",
            "blocks",
            "bounds",
            "briefing",
            "format",  # the version of the page's data
            "homes",
            "judgments",
            "language",
            "lookup",
            "matrix",
        ),
        *(
            "network",
            "reached",
            "services",
            "stations",
            "study",
            "walkers",
            "walks",
            "week",
            "words",
            "worst",  # by what blocks are ranked: words, no numbers
        ),
    }
    assert payload["network"] is None  # its residents are counted


def test_a_cell_of_one_block_shows_nothing() -> None:
    payload, full = build_payload(TOWN, public=True), build_payload(TOWN)
    lives = [[living(cell) for cell in row] for row in full["matrix"]["live"]]
    hidden = 0
    for row, full_row, live in zip(
        payload["matrix"]["worth"], full["matrix"]["worth"], lives, strict=True
    ):
        for worth, full_worth, cell in zip(row, full_row, live, strict=True):
            assert worth == (None if len(cell) == 1 else full_worth)
            hidden += len(cell) == 1
    assert hidden


def test_a_public_run_writes_only_what_may_be_passed_on(tmp_path: Path) -> None:
    from walkshed.study import Findings

    page = Findings(TOWN).write(tmp_path / "out", public=True)
    assert sorted(path.name for path in page.parent.iterdir()) == [
        "index.html",
        "run.json",
        "timing.json",
    ]
    assert "notes" not in json.loads((page.parent / "run.json").read_text(encoding="utf-8"))


@pytest.mark.browser
def test_the_page_shows_no_people_per_block(open_page: Opener) -> None:
    page = open_page(invented(), public=True)
    assert "without people per block" in page.locator("#public").inner_text()
    for service in range(4):
        page.locator(f".service[data-service='{service}']").click()
        assert "people" not in page.locator(".worst, .empty").inner_text()
    page.locator(".service[data-service='0']").click()
    for block in range(0, len(TOWN.blocks), 4):
        page.locator(f"path[data-block='{block}']").click(force=True)
        text = page.locator("#answers").inner_text()
        assert not re.search(r"\d+ (of [\d,]+ )?people", text), text
    page.locator(".station[data-station='0']").click()
    assert "people within" not in page.locator("#answers").inner_text()
    page.locator("#drawer-toggle").click()
    page.locator(".matrix td").first.hover()
    assert "They live in" not in page.locator("#drawer-words").inner_text()
    assert page.locator(".lit-block").count() == 0


def test_a_page_to_pass_on_carries_no_key_unless_it_is_meant_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(TIANDITU_KEY, "abc123def")
    asked: dict[str, Any] = {"tiles": "tianditu", "public": True}
    with pytest.raises(InvalidValueError, match=r"carry your own key \(TIANDITU_KEY\).*--with-key"):
        page_text(TOWN, **asked)
    with pytest.raises(InvalidValueError, match="carry your own key"):
        build_map(TOWN, **asked)
    for meant in ({**asked, "with_key": True}, {"tiles": "tianditu"}):  # the second: one's own
        assert "abc123def" in json.dumps(read_data(page_text(TOWN, **meant))["tiles"])
    assert read_data(page_text(TOWN, tiles="osm", public=True))["tiles"]


def test_the_command_line_refuses_a_key_before_it_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TIANDITU_KEY, "abc123def")
    study = tmp_path / "study"
    shutil.copytree(Path(__file__).parents[1] / "inputs" / "good", study)
    with (study / "study.toml").open("a", encoding="utf-8") as toml:
        toml.write('\n[map]\ntiles = "tianditu"\n')
    asked = ["run", str(study), "--out", str(tmp_path / "out"), "--no-open"]
    refused = CliRunner().invoke(app, [*asked, "--public"])
    assert refused.exit_code == 1
    assert "say --with-key" in refused.output
    assert not (tmp_path / "out").exists()
    assert CliRunner().invoke(app, [*asked, "--with-key"]).exit_code == 2
    assert CliRunner().invoke(app, [*asked, "--public", "--with-key"]).exit_code == 0
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "abc123def" in json.dumps(read_data(page)["tiles"])
