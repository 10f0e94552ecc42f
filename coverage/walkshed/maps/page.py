"""The interactive page, in one file that opens with no internet: as text, and as a folium map.

The text is made without folium, which takes longer to import than a page to write; the folium map
holds the same parts and gives the same bytes (tests/maps).
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, get_args

from walkshed.errors import InvalidValueError
from walkshed.maps.payload.proposals import Comparison, of_plan, proposals
from walkshed.maps.payload.whole import build_payload
from walkshed.maps.sources import Source, assets_from_cdn, refuse_key, tile_source
from walkshed.model.plans.proposals import SitePlan
from walkshed.model.results import Results

if TYPE_CHECKING:
    from walkshed.maps.figure import WalkshedMap

#: Styles and scripts in the order in which the browser reads them.
STYLES = (
    *(
        "colors.css",
        "styles/page.css",
        "styles/tools.css",
        "styles/drawer.css",
        "styles/map.css",
        "styles/narrow.css",
        "styles/print.css",
        "styles/slide.css",
        "styles/whatif.css",
    ),
    "styles/proposals.css",
)
SCRIPTS = (
    "shared/elements.js",
    "shared/inflate.js",
    "shared/unpack.js",
    "engine/decode.js",
    "engine/plane.js",
    "engine/graph.js",
    "engine/search.js",
    "engine/snap.js",
    "engine/courts.js",
    "engine/yards.js",
    "engine/squares.js",
    "engine/town.js",
    "engine/reach.js",
    "engine/rules.js",
    "engine/trial.js",
    "engine/gates.js",
    "engine/changes.js",
    "shared/study.js",
    "whatif/tryout.js",
    "panels/limit.js",
    "panels/walkers.js",
    "shared/marks.js",
    "map/shapes.js",
    "map/ground.js",
    "map/blocks.js",
    "map/stations.js",
    "map/walk.js",
    "panels/week.js",
    "map/layers.js",
    "map/names.js",
    "panels/headline.js",
    "panels/areas.js",
    "panels/answers.js",
    "panels/matrix.js",
    "panels/search.js",
    "panels/proposals.js",
    "panels/briefing.js",
    "whatif/edits.js",
    "whatif/editor.js",
    "whatif/panel.js",
    "whatif/marks.js",
    "whatif/whatif.js",
    "shared/print.js",
    "shared/start.js",
)

Assets = Literal["inline", "cdn"]


#: What Leaflet is told of the map, by its own words.
MAP_OPTIONS = {
    "zoom": 14,
    "zoomControl": False,
    "attributionControl": False,
    "zoomSnap": 0.1,
    "zoomDelta": 0.5,
    "wheelPxPerZoomLevel": 90,
}
#: How hard zlib tries: higher levels take twice as long for a few percent.
DEFLATE_LEVEL = 6
#: The name of the map in the page, fixed so that the same results give the same bytes.
MAP = "map_walkshed"
#: Scripts that hold data are no scripts to a browser, and need no hash.
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a page is put together from, in the order in which the browser reads it; ``center`` is latitude first."""

    title: str
    lang: str
    center: tuple[float, float]
    head: tuple[str, ...]
    body: tuple[str, ...]
    script: str
    allow: tuple[Mapping[str, Sequence[str]], ...]  # where the page may fetch from, by directive
    payload: dict[str, Any]  # what the data in the body say


def build_map(
    results: Results,
    *,
    assets: Assets | None = None,
    tiles: str | None = None,
    public: bool = False,
    with_key: bool = False,
    proposed: tuple[SitePlan, Results] | Comparison | None = None,
) -> WalkshedMap:
    """Return the page as a folium map; ``save(path)`` writes it as one file, ``get_root().render()`` returns it.

    Options as for ``page_text``.
    """
    from walkshed.maps.figure import WalkshedMap

    return WalkshedMap(
        _parts(
            results,
            assets,
            _background(results, tiles, public=public, with_key=with_key),
            proposed,
            public=public,
        )
    )


def page_text(
    results: Results,
    *,
    assets: Assets | None = None,
    tiles: str | None = None,
    public: bool = False,
    with_key: bool = False,
    proposed: tuple[SitePlan, Results] | Comparison | None = None,
) -> str:
    """Return the page: the text that the folium map of ``build_map`` renders.

    ``assets``: ``"inline"`` (the page asks nothing of any network) or ``"cdn"`` (Leaflet from
    jsDelivr, checked by its hash). ``tiles``: ``"none"``, ``"osm"`` or ``"tianditu"``, a background
    beside the study's own. Both are as study.toml says in ``[map]`` where None. ``public`` leaves
    out how many people live in each block, and refuses a background that holds the planner's own
    key, unless ``with_key``. ``proposed`` is a plan of siting and what a run finds
    with it, or any other :class:`Comparison`: its marks are shown, and a switch turns the whole
    page from before to after (not in a public page).
    """
    return put_together(
        _parts(
            results,
            assets,
            _background(results, tiles, public=public, with_key=with_key),
            proposed,
            public=public,
        )
    )


def put_together(parts: Parts) -> str:
    """Return a page as text, with a Content-Security-Policy that runs its own scripts only and forbids requests."""
    head, body = "\n".join(parts.head), "\n".join(parts.body)
    content = (
        f"{head}\n</head>\n<body>\n{body}\n<script>{parts.script}</script>\n</body>\n</html>\n"
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{html.escape(parts.lang)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(content, *parts.allow)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(parts.title)}</title>\n{content}"
    )


def policy(content: str, *allowed: Mapping[str, Sequence[str]]) -> str:
    """Return the Content-Security-Policy of a page: its own inline scripts by hash, no request but to what is allowed.

    ``allowed`` maps directives to addresses.
    """
    hashes = " ".join(
        dict.fromkeys(
            f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
            for script in _SCRIPT.findall(content)
        )
    )
    directives = {"script-src": [hashes], "style-src": ["'unsafe-inline'"], "img-src": ["data:"]}
    for addresses in allowed:
        for directive, some in addresses.items():
            directives[directive] += some
    fetched = "; ".join(
        f"{directive} {' '.join(values)}" for directive, values in directives.items()
    )
    return f"default-src 'none'; {fetched}; base-uri 'none'; form-action 'none'"


def _background(
    results: Results, tiles: str | None, *, public: bool, with_key: bool
) -> Source | None:
    """Return the background that is asked for, else the study's own, if a page may carry it."""
    chosen = tiles if tiles is not None else results.inputs.settings.map_tiles
    refuse_key(chosen, public=public, with_key=with_key)
    return tile_source(chosen)


def _parts(
    results: Results,
    assets: Assets | None,
    background: Source | None,
    proposed: tuple[SitePlan, Results] | Comparison | None,
    *,
    public: bool,
) -> Parts:
    """Return styles, shell, data, Leaflet and scripts of the page of some results."""
    settings = results.inputs.settings
    assets = assets if assets is not None else settings.map_assets
    if assets not in get_args(Assets):
        raise InvalidValueError(
            f"assets = {assets!r} is none of {', '.join(map(repr, get_args(Assets)))}"
        )
    payload = build_payload(results, public=public)
    if proposed is not None and not public:
        compared = proposed if isinstance(proposed, Comparison) else of_plan(results, *proposed)
        payload["proposals"] = proposals(results, compared)
    if background is not None:
        payload["tiles"] = background.layers

    remote: Source | None = assets_from_cdn(_asset("manifest.json")) if assets == "cdn" else None
    styles = {} if remote is not None else {"leaflet.css": _asset("leaflet/leaflet.css")}
    styles |= {name: _browser(name) for name in STYLES}
    leaflet = (
        []
        if remote is not None
        else [_asset("leaflet/leaflet.js").split("\n//# sourceMappingURL")[0]]
    )
    data, size = embedded(payload)
    language = payload["language"]
    words = payload["words"][language]["page"]
    place = f'<div class="folium-map" id="{MAP}"></div>'
    (south, west), (north, east) = payload["bounds"]
    center = (round((south + north) / 2, 6), round((west + east) / 2, 6))
    return Parts(
        title=f"{payload['study']['name']} · {words['title']}",
        lang={"zh": "zh-CN"}.get(language, language),
        center=center,
        head=(
            *([] if remote is None else [remote.head]),
            *(f'<style data-from="{name}">\n{style}</style>' for name, style in styles.items()),
        ),
        body=(
            _browser("shell.html").replace("<!-- map -->", place),
            f"<noscript>{words['noscript']}</noscript>",
            f'<script type="text/plain" id="walkshed-data" data-bytes="{size}">{data}</script>',
            *(f"<script>\n{script}</script>" for script in (*leaflet, *map(_browser, SCRIPTS))),
        ),
        script=(
            f'var {MAP} = L.map("{MAP}", {json.dumps({"center": center, **MAP_OPTIONS})});\nwalkshed.start({MAP});'
        ),
        allow=tuple(source.allow for source in (remote, background) if source is not None),
        payload=payload,
    )


def embedded(payload: dict[str, Any]) -> tuple[str, int]:
    """Return JSON, keys sorted, no NaN, deflated and as base64, and the bytes that it unpacks to.

    So it has a third of its size, and is no markup to any parser.
    """
    # part by part: the encoder takes much memory, and gives it back
    parts = [f"{_json(key)}:{_json(part)}".encode() for key, part in sorted(payload.items())]
    content = b"{" + b",".join(parts) + b"}"
    packed = base64.b64encode(zlib.compress(content, DEFLATE_LEVEL)).decode("ascii")
    return packed, len(content)


def _json(value: object) -> str:
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


@cache
def _asset(name: str) -> str:
    return files("walkshed.maps").joinpath("assets", *name.split("/")).read_text(encoding="utf-8")


@cache
def _browser(name: str) -> str:
    return files("walkshed.maps").joinpath("browser", *name.split("/")).read_text(encoding="utf-8")
