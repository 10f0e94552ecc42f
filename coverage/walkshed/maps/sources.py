"""What a page fetches if asked to: Leaflet from a content network, background tiles.

By default it fetches nothing.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from walkshed.errors import InvalidValueError
from walkshed.model.messages import Message

CDN = "https://cdn.jsdelivr.net/npm"
#: The environment variable that holds the planner's own key for Tianditu (天地图).
TIANDITU_KEY = "TIANDITU_KEY"
#: Backgrounds whose addresses hold a key.
_KEYED = frozenset({"tianditu"})


@dataclass(frozen=True, slots=True)
class Source:
    """Where a page may fetch from: what its policy allows, what its head and its data hold."""

    allow: Mapping[str, tuple[str, ...]]  # directive of the Content-Security-Policy → addresses
    head: str = ""
    layers: list[dict[str, Any]] = field(default_factory=list)


def assets_from_cdn(manifest: str) -> Source:
    """Return Leaflet on jsDelivr, the same bytes as the inlined ones.

    Browsers refuse any other bytes by the hash.
    """
    (leaflet,) = json.loads(manifest)
    root = f"{CDN}/{leaflet['name']}@{leaflet['version']}/dist"
    script, style = f"{root}/leaflet.js", f"{root}/leaflet.css"
    script_hash = _integrity(leaflet["files"]["leaflet/leaflet.js"])
    style_hash = _integrity(leaflet["files"]["leaflet/leaflet.css"])
    return Source(
        allow={"script-src": (script,), "style-src": (style,)},
        head=(
            f'<link rel="stylesheet" href="{style}" integrity="{style_hash}" '
            f'crossorigin="anonymous">\n<script src="{script}" integrity="{script_hash}" '
            'crossorigin="anonymous"></script>'
        ),
    )


def _integrity(digest: str) -> str:
    """Return a SHA-256 in hexadecimal digits as the attribute ``integrity`` has it."""
    return f"sha256-{base64.b64encode(bytes.fromhex(digest)).decode()}"


def refuse_key(tiles: str, *, public: bool, with_key: bool) -> None:
    """Raise ``InvalidValueError`` where a page to pass on would carry the planner's own key.

    All who have the page can read the key in it and spend its quota; ``with_key`` says that this
    is meant.
    """
    if public and not with_key and tiles in _KEYED:
        raise InvalidValueError(
            Message(
                "tiles = {tiles!r}: the map to pass on would carry your own key ({variable}), for "
                "anybody to read; take tiles out of [map], or say --with-key if the key is for "
                "the public",
                tiles=tiles,
                variable=TIANDITU_KEY,
            )
        )


def tile_source(name: str, environment: Mapping[str, str] | None = None) -> Source | None:
    """Return a background of tiles by its name, None for ``"none"``.

    ``"tianditu"`` needs the planner's own key in the environment (``TIANDITU_KEY``); the key is
    written into the page. Its tiles are in CGCS2000, which is WGS84 to within a meter: nothing is
    shifted. Gaode's and Baidu's are shifted (GCJ-02, BD-09) and would not lie under the streets, so
    they are not offered.
    """
    if name == "none":
        return None
    if name == "osm":
        return _openstreetmap()
    if name == "tianditu":
        return _tianditu(os.environ if environment is None else environment)
    raise InvalidValueError(
        Message("tiles = {name!r} is none of 'none', 'osm', 'tianditu'", name=name)
    )


def _openstreetmap() -> Source:
    """Return the tiles of openstreetmap.org."""
    layer = {
        "name": "OpenStreetMap",
        "url": "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        "attribution": "© OpenStreetMap contributors",
        "max_zoom": 19,
    }
    return Source(allow={"img-src": ("https://tile.openstreetmap.org",)}, layers=[layer])


def _tianditu(environment: Mapping[str, str]) -> Source:
    """Return Tianditu's streets (vec) and their names (cva), with the planner's own key."""
    key = environment.get(TIANDITU_KEY, "")
    if not key.isalnum():
        raise InvalidValueError(
            Message(
                "tiles = 'tianditu' needs a key: set {variable} in the environment (free at "
                "console.tianditu.gov.cn), or take tiles out of [map]",
                variable=TIANDITU_KEY,
            )
        )

    # The page puts in the server, the row and the column of each tile.
    address = (
        "https://t{s}.tianditu.gov.cn/%s_w/wmts"
        "?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=%s&STYLE=default"
    )
    grid = f"&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
    layers = [
        {
            "name": "天地图",
            "url": address % (one, one) + grid,
            "attribution": "天地图",
            "max_zoom": 18,
            "subdomains": "01234567",
        }
        for one in ("vec", "cva")
    ]
    servers = tuple(f"https://t{number}.tianditu.gov.cn" for number in range(8))
    return Source(allow={"img-src": servers}, layers=layers)
