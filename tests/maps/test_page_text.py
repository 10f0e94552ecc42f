"""The page as text and as a folium map: one page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import folium
import pytest

from maps.invented import invented
from walkshed.maps.page import build_map, page_text

TOWN = invented()


@pytest.mark.parametrize("asked", [{}, {"assets": "cdn"}, {"tiles": "osm"}, {"public": True}])
def test_the_text_is_what_the_folium_map_renders(asked: dict[str, object]) -> None:
    page = build_map(TOWN, **asked)
    assert isinstance(page, folium.Map)
    assert page_text(TOWN, **asked) == page.get_root().render() == page.get_root().render()


def test_a_layer_of_folium_can_be_added() -> None:
    page = build_map(TOWN)
    folium.CircleMarker(location=page.location, radius=7).add_to(page)
    assert (
        page.get_root().render().count("L.circleMarker(")
        == page_text(TOWN).count("L.circleMarker(") + 1
    )


def test_the_text_is_made_without_folium() -> None:
    program = (
        "import sys\n"
        "from maps.invented import invented\n"
        "from walkshed.maps.page import page_text\n"
        "assert page_text(invented()).startswith('<!DOCTYPE html>')\n"
        "print({'folium', 'branca', 'jinja2'} & set(sys.modules))\n"
    )
    tests = Path(__file__).parents[1]
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tests,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert ran.stdout.strip() == "set()"
