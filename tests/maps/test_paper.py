"""The page on paper and as a picture, by an installed browser."""

from __future__ import annotations

import os
import re
import struct
from pathlib import Path

import pytest

from maps.invented import invented
from walkshed.errors import NotFoundError, OutputError
from walkshed.maps.page import build_map
from walkshed.maps.paper import find_browser, prints


def test_without_a_browser_the_message_says_what_to_do() -> None:
    with pytest.raises(NotFoundError) as told:
        find_browser({}, which=lambda _: None)
    for words in (
        "Chromium, Edge or Chrome",
        "WALKSHED_BROWSER",
        "open index.html in any browser and print it there",
    ):
        assert words in str(told.value)


def test_the_browser_of_the_environment_goes_first(tmp_path: Path) -> None:
    program = tmp_path / "我的 browser"
    program.write_text("")
    assert find_browser({"WALKSHED_BROWSER": str(program)}, which=lambda _: "/other") == program
    with pytest.raises(NotFoundError, match="WALKSHED_BROWSER = 'nowhere' is not a program"):
        find_browser({"WALKSHED_BROWSER": "nowhere"}, which=lambda _: None)


def test_edge_is_found_on_windows(tmp_path: Path) -> None:
    edge = tmp_path / "Microsoft" / "Edge" / "Application" / "msedge.exe"
    edge.parent.mkdir(parents=True)
    edge.write_text("")
    assert find_browser({"PROGRAMFILES(X86)": str(tmp_path)}, which=lambda _: None) == edge


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
def test_a_browser_that_prints_nothing_is_told(tmp_path: Path) -> None:
    program = tmp_path / "broken"
    program.write_text("#!/bin/sh\necho 'no display' >&2\nexit 3\n")
    program.chmod(0o755)
    with pytest.raises(OutputError, match=r"broken printed nothing \(exit 3: no display\)"):
        prints("<p>page</p>", pdf=True, png=False, browser=program)


def test_nothing_asked_for_needs_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WALKSHED_BROWSER", "nowhere")
    assert prints("<p>page</p>", pdf=False, png=False) == {}


@pytest.mark.browser
def test_both_papers_and_the_slide() -> None:
    try:
        find_browser()
    except NotFoundError as error:
        pytest.skip(str(error))
    made = prints(build_map(invented()).get_root().render(), pdf=True, png=True)
    assert sorted(made) == ["map-a3.pdf", "map-a4.pdf", "slide.png"]
    for name, size in (("map-a4.pdf", (842, 595)), ("map-a3.pdf", (1191, 842))):
        width, height = (
            float(v)
            for v in re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", made[name]).groups()
        )
        assert (round(width), round(height)) == size
        assert len(re.findall(rb"/Type\s*/Page\b", made[name])) == 1
        assert b"/CreationDate (D:20000101000000+00'00')" in made[name]
    assert struct.unpack(">II", made["slide.png"][16:24]) == (1920, 1080)
