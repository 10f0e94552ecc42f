"""The interactive page, in one file that opens with no internet: as text, and as a folium map.

The text is made without folium, which takes longer to import than a page to write; the folium map
holds the same parts and gives the same bytes (tests/maps).
"""

from __future__ import annotations

import base64
import json
import zlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, get_args

from walkshed.errors import InvalidValueError
from walkshed.maps.joining import joined, source, stylesheets
from walkshed.maps.parts import MAP, Parts, put_together
from walkshed.maps.payload.proposals import Comparison, of_plan, proposals
from walkshed.maps.payload.whole import build_payload
from walkshed.maps.sources import Source, assets_from_cdn, refuse_key, tile_source
from walkshed.model.messages import Listing, Message
from walkshed.model.plans.proposals import SitePlan
from walkshed.model.results import Results

if TYPE_CHECKING:
    from walkshed.maps.figure import WalkshedMap

GATE = "shared/gate.js"  # before all others: it tells a browser that is too old for them
#: What runs of the page's modules, in this order, and what can be asked by name: colors and words of
#: numbers beside the start. They import all others.
ENTRIES = ("shared/older.js", "shared/elements.js", "shared/start.js")

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


def build_map(
    results: Results,
    *,
    assets: Assets | None = None,
    tiles: str | None = None,
    public: bool = False,
    with_key: bool = False,
    proposed: tuple[SitePlan, Results] | Comparison | None = None,
) -> WalkshedMap:
    """Return the page as a folium map.

    ``save(path)`` writes it as one file, ``get_root().render()`` returns it. Options as for
    ``page_text``.
    """
    from walkshed.maps.figure import WalkshedMap  # brings folium, which takes a second

    background = _background(results, tiles, public=public, with_key=with_key)
    return WalkshedMap(_parts(results, assets, background, proposed, public=public))


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
    background = _background(results, tiles, public=public, with_key=with_key)
    return put_together(_parts(results, assets, background, proposed, public=public))


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
    chosen = results.inputs.settings.map_assets if assets is None else assets
    cdn = _leaflet_from_cdn(chosen)
    payload = _payload(results, background, proposed, public=public)
    language = payload["language"]
    words = payload["words"][language]["page"]

    # the map opens on the middle of what the study shows
    (south, west), (north, east) = payload["bounds"]
    center = (round((south + north) / 2, 6), round((west + east) / 2, 6))
    options = json.dumps({"center": center, **MAP_OPTIONS})
    return Parts(
        title=f"{payload['study']['name']} · {words['title']}",
        lang=words["html_lang"],
        center=center,
        head=_head(cdn),
        body=_body(payload, words, cdn),
        script=f'var {MAP} = L.map("{MAP}", {options});\nwalkshed.start({MAP});',
        allow=tuple(source.allow for source in (cdn, background) if source is not None),
        payload=payload,
    )


def _leaflet_from_cdn(assets: str) -> Source | None:
    """Return where Leaflet is fetched from, None where the page holds it itself."""
    if assets not in get_args(Assets):
        choices = Listing(map(repr, get_args(Assets)))
        raise InvalidValueError(
            Message("assets = {assets!r} is none of {choices}", assets=assets, choices=choices)
        )
    return assets_from_cdn(_asset("manifest.json")) if assets == "cdn" else None


def _payload(
    results: Results,
    background: Source | None,
    proposed: tuple[SitePlan, Results] | Comparison | None,
    *,
    public: bool,
) -> dict[str, Any]:
    """Return the data of the page: the results, what is proposed, and the background's address."""
    payload = build_payload(results, public=public)
    if proposed is not None and not public:
        compared = proposed if isinstance(proposed, Comparison) else of_plan(results, *proposed)
        payload["proposals"] = proposals(results, compared)
    if background is not None:
        payload["tiles"] = background.layers
    return payload


def _head(cdn: Source | None) -> tuple[str, ...]:
    """Return the styles: Leaflet's, inlined or by address, then our own."""
    styles = {name: source(name) for name in stylesheets(*ENTRIES)}
    if cdn is None:
        styles = {"leaflet.css": _asset("leaflet/leaflet.css"), **styles}
    inlined = (f'<style data-from="{name}">\n{style}</style>' for name, style in styles.items())
    return tuple(inlined) if cdn is None else (cdn.head, *inlined)


def _body(payload: dict[str, Any], words: dict[str, str], cdn: Source | None) -> tuple[str, ...]:
    """Return the shell with a place for the map, the data, and the scripts that read them.

    A browser that is too old for them reads a sentence first.
    """
    shell = source("shell.html")
    place = f'<div class="folium-map" id="{MAP}"></div>'
    data, size = embedded(payload)

    scripts = [joined(*ENTRIES)]
    if cdn is None:
        leaflet, _, _ = _asset("leaflet/leaflet.js").partition("\n//# sourceMappingURL")
        scripts = [leaflet, *scripts]
    return (
        f'<p class="too-old-words" id="too-old" role="alert" hidden>{words["too_old"]}</p>',
        f"<script>\n{source(GATE)}</script>",
        shell.replace("<!-- map -->", place),
        f"<noscript>{words['noscript']}</noscript>",
        f'<script type="text/plain" id="walkshed-data" data-bytes="{size}">{data}</script>',
        *(f"<script>\n{script}</script>" for script in scripts),
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
