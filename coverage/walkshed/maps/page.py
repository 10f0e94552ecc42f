"""The interactive page: one folium map in one file that opens with no internet."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

import folium
from branca.element import Figure

from walkshed.errors import InvalidValueError
from walkshed.maps.figure import OfflineFigure, Verbatim
from walkshed.maps.payload import build_payload
from walkshed.maps.proposals import Comparison, of_plan, proposals
from walkshed.maps.sources import Source, assets_from_cdn, tile_source
from walkshed.model.proposals import SitePlan
from walkshed.model.results import Results

#: Styles and scripts in the order in which the browser reads them.
STYLES = (
    *("page.css", "tools.css", "drawer.css", "map.css", "narrow.css", "print.css", "slide.css", "whatif.css"),
    "proposals.css",
)
SCRIPTS = (
    "elements.js",
    "unpack.js",
    "engine/decode.js",
    "engine/plane.js",
    "engine/graph.js",
    "engine/search.js",
    "engine/snap.js",
    "engine/town.js",
    "engine/reach.js",
    "engine/rules.js",
    "engine/trial.js",
    "engine/changes.js",
    "study.js",
    "walkers.js",
    "marks.js",
    "shapes.js",
    "ground.js",
    "blocks.js",
    "stations.js",
    "walk.js",
    "week.js",
    "layers.js",
    "names.js",
    "headline.js",
    "areas.js",
    "answers.js",
    "matrix.js",
    "search.js",
    "proposals.js",
    "briefing.js",
    "whatif_panel.js",
    "whatif_marks.js",
    "whatif.js",
    "print.js",
    "start.js",
)

Assets = Literal["inline", "cdn"]


class WalkshedMap(folium.Map):
    """A folium map inside walkshed's page; folium layers may be added to it like to any other.

    Folium's scripts from content networks (Leaflet, jQuery, Bootstrap, icons) are left out: Leaflet is inlined, the
    others are not used. The element's id is fixed, so that the same results give the same bytes.
    """

    def __init__(self, payload: dict[str, Any], *, assets: Assets = "inline", tiles: Source | None = None) -> None:
        (south, west), (north, east) = payload["bounds"]
        super().__init__(
            location=[round((south + north) / 2, 6), round((west + east) / 2, 6)],
            tiles=None,
            zoom_start=14,
            zoom_control=False,
            attribution_control=False,
            max_zoom=19,
            zoom_snap=0.1,
            zoom_delta=0.5,
            wheel_px_per_zoom_level=90,
        )
        self._id = "walkshed"
        self.default_js = []
        self.default_css = []
        self.payload = payload
        self.assets = assets_from_cdn(_asset("manifest.json")) if assets == "cdn" else None
        language = payload["language"]
        title = f"{payload['study']['name']} · {payload['words'][language]['page']['title']}"
        sources = [source for source in (self.assets, tiles) if source is not None]
        OfflineFigure(title=title, lang={"zh": "zh-CN"}.get(language, language), sources=sources).add_child(self)

    def render(self, **kwargs: Any) -> str:  # noqa: ANN401 (branca's signature)
        """Write the page into the figure (styles, shell, data, Leaflet, scripts, the map as folium makes it).

        Returns nothing of its own, like all of folium's elements.
        """
        figure = self.get_root()
        if not isinstance(figure, Figure):
            raise TypeError(f"the map renders inside a figure, not inside {type(figure).__name__}; add it to a Figure")
        if self.assets is not None:
            figure.header.add_child(Verbatim(self.assets.head), name="assets")
        styles = {} if self.assets is not None else {"leaflet.css": _asset("leaflet/leaflet.css")}
        styles |= {name: _browser(name) for name in STYLES}
        for name, style in styles.items():
            figure.header.add_child(Verbatim(f'<style data-from="{name}">\n{style}</style>'), name=f"style_{name}")
        place = f'<div class="folium-map" id="{self.get_name()}"></div>'
        figure.html.add_child(Verbatim(_browser("shell.html").replace("<!-- map -->", place)), name="shell")
        words = self.payload["words"][self.payload["language"]]["page"]
        figure.html.add_child(Verbatim(f"<noscript>{words['noscript']}</noscript>"), name="noscript")
        data = f'<script type="application/json" id="walkshed-data">{embedded(self.payload)}</script>'
        figure.html.add_child(Verbatim(data), name="data")
        leaflet = [] if self.assets is not None else [_asset("leaflet/leaflet.js").split("\n//# sourceMappingURL")[0]]
        scripts = [*leaflet, *map(_browser, SCRIPTS)]
        for number, script in enumerate(scripts):
            figure.html.add_child(Verbatim(f"<script>\n{script}</script>"), name=f"script_{number}")
        create = self._template.module.script(self, kwargs)
        figure.script.add_child(Verbatim(f"{create}\nwalkshed.start({self.get_name()});"), name=self.get_name())
        for child in self._children.values():
            child.render(**kwargs)
        return ""


def build_map(
    results: Results,
    *,
    assets: Assets | None = None,
    tiles: str | None = None,
    public: bool = False,
    proposed: tuple[SitePlan, Results] | Comparison | None = None,
) -> WalkshedMap:
    """Return the page as a folium map; ``save(path)`` writes it as one file, ``get_root().render()`` returns it.

    ``assets``: ``"inline"`` (the page asks nothing of any network) or ``"cdn"`` (Leaflet from jsDelivr, checked by its
    hash). ``tiles``: ``"none"``, ``"osm"`` or ``"tianditu"``, a background beside the study's own. Both are as
    study.toml says in ``[map]`` where None. ``public`` leaves out how many people live in each block.
    ``proposed`` is a plan of siting and what a run finds with it, or any other :class:`Comparison`: its marks are
    shown, and a switch turns the whole page from before to after (not in a public page).
    """
    settings = results.inputs.settings
    assets = assets if assets is not None else settings.map_assets
    if assets not in get_args(Assets):
        raise InvalidValueError(f"assets = {assets!r} is none of {', '.join(map(repr, get_args(Assets)))}")
    source = tile_source(tiles if tiles is not None else settings.map_tiles)
    payload = build_payload(results, public=public)
    if proposed is not None and not public:
        compared = proposed if isinstance(proposed, Comparison) else of_plan(results, *proposed)
        payload["proposals"] = proposals(results, compared)
    if source is not None:
        payload["tiles"] = source.layers
    return WalkshedMap(payload, assets=assets, tiles=source)


def embedded(payload: dict[str, Any]) -> str:
    """Return JSON that can stand inside a script element: no ``<``, ``>`` or ``&``, keys sorted, no NaN."""
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


@cache
def _asset(name: str) -> str:
    return files("walkshed.maps").joinpath("assets", *name.split("/")).read_text(encoding="utf-8")


@cache
def _browser(name: str) -> str:
    return files("walkshed.maps").joinpath("browser", *name.split("/")).read_text(encoding="utf-8")
