"""What a page may fetch: nothing, unless its maker asks for it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from importlib.resources import files

import pytest

from maps.invented import invented
from walkshed.errors import InvalidValueError
from walkshed.maps.page import build_map
from walkshed.maps.sources import TIANDITU_KEY, assets_from_cdn, tile_source

TOWN = invented()


def policy_of(html: str) -> dict[str, str]:
    content = re.search(r'Content-Security-Policy" content="([^"]*)"', html).group(1)
    return dict(part.strip().split(" ", 1) for part in content.split(";"))


def test_by_default_nothing() -> None:
    policy = policy_of(build_map(TOWN).get_root().render())
    assert policy["default-src"] == "'none'"
    assert policy["img-src"] == "data:"
    assert "http" not in " ".join(policy.values())


def test_a_cdn_page_is_small_and_checked_by_hash() -> None:
    html = build_map(TOWN, assets="cdn").get_root().render()
    inline = build_map(TOWN).get_root().render()
    leaflet = files("walkshed.maps").joinpath("assets", "leaflet", "leaflet.js").read_bytes()
    assert len(inline) - len(html) > 0.9 * len(leaflet)
    digest = base64.b64encode(hashlib.sha256(leaflet).digest()).decode()
    assert (
        f'src="https://cdn.jsdelivr.net/npm/leaflet@1.9.4/dist/leaflet.js" integrity="sha256-{digest}"'
        in html
    )
    policy = policy_of(html)
    assert policy["script-src"].endswith(
        "https://cdn.jsdelivr.net/npm/leaflet@1.9.4/dist/leaflet.js"
    )
    assert policy["style-src"].endswith(
        "https://cdn.jsdelivr.net/npm/leaflet@1.9.4/dist/leaflet.css"
    )
    assert policy["img-src"] == "data:"


def test_tiles_open_the_policy_for_their_pictures_only() -> None:
    html = build_map(TOWN, tiles="osm").get_root().render()
    policy = policy_of(html)
    assert policy["img-src"] == "data: https://tile.openstreetmap.org"
    assert policy["default-src"] == "'none'"
    assert "http" not in policy["script-src"]


def test_tianditu_needs_the_planners_own_key() -> None:
    source = tile_source("tianditu", {TIANDITU_KEY: "abc123"})
    assert source is not None
    assert [layer["url"].count("tk=abc123") for layer in source.layers] == [1, 1]
    assert len(source.allow["img-src"]) == 8
    for key in ({}, {TIANDITU_KEY: ""}, {TIANDITU_KEY: "a&b=<c>"}):
        with pytest.raises(InvalidValueError, match="set TIANDITU_KEY in the environment"):
            tile_source("tianditu", key)


def test_other_choices_are_refused() -> None:
    with pytest.raises(InvalidValueError, match="'gaode' is none of 'none', 'osm', 'tianditu'"):
        build_map(TOWN, tiles="gaode")
    with pytest.raises(InvalidValueError, match="'cnd' is none of 'inline', 'cdn'"):
        build_map(TOWN, assets="cnd")  # type: ignore[arg-type]


def test_the_manifest_names_what_the_cdn_serves() -> None:
    manifest = (
        files("walkshed.maps").joinpath("assets", "manifest.json").read_text(encoding="utf-8")
    )
    (leaflet,) = json.loads(manifest)
    assert leaflet["version"] in assets_from_cdn(manifest).head
