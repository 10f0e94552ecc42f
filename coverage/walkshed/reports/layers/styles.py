"""Styles of the layers for QGIS, which draw them as the page does, with fields called in the study's language.

A style is QML, QGIS's own description of a layer, as QGIS 3.22 writes it; QGIS finds it in the table
``layer_styles`` of a GeoPackage and opens the layer by the one that is the default.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

import geopandas as gpd

from walkshed.model.labels import Label, Language
from walkshed.reports.declared import names_told
from walkshed.reports.layers.colors import LOOKS, color
from walkshed.words.page import page_words

if TYPE_CHECKING:
    from walkshed.model.results import Results
    from walkshed.reports.registry import Table

#: The version of QGIS whose QML this is.
_VERSION = "3.22.16"
_LEFT = {
    "served": Label("达标", "Served"),
    "out": Label("未达标", "Left out"),
    "to_check": Label("待核实", "To check"),
    "unknown": Label("待摸底", "Not surveyed"),
}
_ALL_SERVICES = Label("各项服务", "All services")
_AS_ON_THE_PAGE = Label("与地图页面一致", "As on the page")
#: The tiers with their marks, as the page has them: QGIS's shape, and millimeters across.
_TIERS = {
    "hub": ("star", 5.0),
    "center": ("square", 3.0),
    "micro": ("circle", 2.4),
    "compound": ("diamond", 3.0),
}


@dataclass(frozen=True, slots=True)
class Style:
    """A style of a layer: what it is called, its QML, and whether QGIS opens the layer by it."""

    layer: str
    name: str
    qml: str
    default: bool


def layer_styles(
    results: Results, layers: Mapping[str, gpd.GeoDataFrame], declared: Sequence[Table]
) -> list[Style]:
    """Return the styles of the layers that are there, the default of each first; blocks have one per service."""
    language = results.inputs.settings.language
    columns = {each.layer: each.declared() for each in declared}
    styles: list[Style] = []
    for layer, frame in layers.items():
        told = {}
        if layer in columns:
            told = names_told(frame, columns[layer], results, language)
        drawn = {_AS_ON_THE_PAGE.in_(language): _drawing(results, layer, language)}
        if layer == "blocks":
            drawn = {_ALL_SERVICES.in_(language): _blocks("left", language)}
            for service in results.inputs.services:
                drawn[service.called(language)] = _blocks(f"left_{service.id}", language)
        for number, (name, drawing) in enumerate(drawn.items()):
            qml = _qml(drawing, _aliases(frame, told), _geometry(layer))
            styles.append(Style(layer, name, qml, default=number == 0))
    return styles


def _geometry(layer: str) -> int:
    """Return QGIS's number for what a layer draws: points, lines or areas."""
    return {"pieces": 1, "blocks": 2, "catchments": 2}.get(layer, 0)


def _drawing(results: Results, layer: str, language: Language) -> str:
    """Return how a layer but that of blocks is drawn."""
    if layer == "stations":
        words = page_words(language, results.stations)["tier"]
        symbols = {
            tier: _marker(*shape, fill="mark", edge="white") for tier, shape in _TIERS.items()
        }
        return _categories("tier", {tier: words[tier] for tier in _TIERS}, symbols, kind="marker")
    if layer == "catchments":
        return _single(_fill("reach", "reach", opacity=20), kind="fill")
    if layer == "pieces":
        return _single(_line("reach", 0.5), kind="line")
    if layer == "exits":
        return _single(_marker("circle", 1.4, fill="white", edge="mark"), kind="marker")
    proposed = _single(_marker("square", 4.4, fill="proposal", edge="white"), kind="marker")
    return proposed + _labels("rank")


def _blocks(field: str, language: Language) -> str:
    """Return how blocks are drawn by a field that tells how they are left."""
    patterns = {"out": _hatch("out-mark"), "to_check": _dots("doubt-deep")}
    symbols = {
        key: _fill(LOOKS[key].fill, LOOKS[key].edge) + patterns.get(key, "") for key in _LEFT
    }
    names = {key: label.in_(language) for key, label in _LEFT.items()}
    return _categories(field, names, symbols, kind="fill")


def _categories(
    field: str, names: Mapping[str, str], symbols: Mapping[str, str], *, kind: str
) -> str:
    """Return a drawing by the values of a field, each with its name in the legend."""
    listed = "".join(
        f'<category value={quoteattr(value)} label={quoteattr(name)} symbol="{number}" '
        'render="true"/>'
        for number, (value, name) in enumerate(names.items())
    )
    drawn = "".join(
        _symbol(str(number), symbols[value], kind) for number, value in enumerate(names)
    )
    return (
        f'<renderer-v2 type="categorizedSymbol" attr={quoteattr(field)} symbollevels="0" '
        'enableorderby="0" forceraster="0">'
        f"<categories>{listed}</categories><symbols>{drawn}</symbols></renderer-v2>"
    )


def _single(symbol: str, *, kind: str) -> str:
    """Return a drawing in which all are alike."""
    return (
        '<renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0" forceraster="0">'
        f"<symbols>{_symbol('0', symbol, kind)}</symbols></renderer-v2>"
    )


def _symbol(name: str, layers: str, kind: str) -> str:
    # a layer that holds a symbol of its own calls it by the symbol that it stands in
    inner = layers.replace("@symbol@", f"@{name}@")
    return (
        f'<symbol name="{name}" type="{kind}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f"{inner}</symbol>"
    )


def _fill(fill: str, edge: str, *, opacity: int = 255) -> str:
    options = {
        "color": _rgba(fill, opacity),
        "outline_color": _rgba(edge),
        "outline_width": "0.2",
        "outline_width_unit": "MM",
        "outline_style": "solid",
        "style": "solid",
    }
    return _layer("SimpleFill", options)


def _hatch(line: str) -> str:
    """Return lines across an area, which tell it apart without color."""
    options = {"angle": "45", "distance": "1.6", "distance_unit": "MM", "line_width": "0.2"}
    inner = _symbol("@symbol@1", _line(line, 0.2), "line")
    return _layer("LinePatternFill", options, inner)


def _dots(dot: str) -> str:
    """Return dots over an area."""
    options = {"distance_x": "1.8", "distance_y": "1.8"}
    options |= {f"distance_{axis}_unit": "MM" for axis in "xy"}
    inner = _symbol("@symbol@1", _marker("circle", 0.5, fill=dot, edge=dot), "marker")
    return _layer("PointPatternFill", options, inner)


def _line(line: str, width_mm: float) -> str:
    options = {"line_color": _rgba(line), "line_width": f"{width_mm}", "line_width_unit": "MM"}
    return _layer("SimpleLine", options | {"capstyle": "round", "joinstyle": "round"})


def _marker(shape: str, size_mm: float, *, fill: str, edge: str) -> str:
    options = {
        "name": shape,
        "color": _rgba(fill),
        "outline_color": _rgba(edge),
        "outline_width": "0.2",
        "size": f"{size_mm}",
        "size_unit": "MM",
    }
    return _layer("SimpleMarker", options)


def _layer(kind: str, options: Mapping[str, str], inner: str = "") -> str:
    listed = "".join(
        f'<Option name="{name}" type="QString" value={quoteattr(value)}/>'
        for name, value in options.items()
    )
    return (
        f'<layer class="{kind}" enabled="1" locked="0" pass="0">'
        f'<Option type="Map">{listed}</Option>{inner}</layer>'
    )


def _labels(field: str) -> str:
    """Return small white numbers in the middle of marks."""
    return (
        '<labeling type="simple"><settings calloutType="simple">'
        f'<text-style fieldName="{field}" fontSize="8" fontSizeUnit="Point" '
        f'textColor="{_rgba("white")}" textOpacity="1"/>'
        '<placement placement="1" quadOffset="4" dist="0"/>'
        '<rendering displayAll="1" obstacle="0"/></settings></labeling>'
    )


def _rgba(name: str, opacity: int = 255) -> str:
    """Return a color of the page as QGIS writes it."""
    code = color(name).removeprefix("#")
    pairs = [letter * 2 for letter in code] if len(code) == 3 else [code[:2], code[2:4], code[4:]]
    return ",".join([*(str(int(pair, 16)) for pair in pairs), str(opacity)])


def _aliases(frame: gpd.GeoDataFrame, told: Mapping[str, str]) -> str:
    """Return what fields are called; the first field of a layer of a GeoPackage is its own number."""
    fields = [str(name) for name in frame.columns if name != frame.geometry.name]
    listed = "".join(
        f'<alias index="{place}" field={quoteattr(name)} name={quoteattr(told[name])}/>'
        for place, name in enumerate(fields, start=1)
        if name in told
    )
    return f"<aliases>{listed}</aliases>"


def _qml(drawing: str, aliases: str, geometry: int) -> str:
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        f'<qgis version="{_VERSION}" styleCategories="Symbology|Labeling|Fields" '
        f'labelsEnabled="{int("<labeling" in drawing)}">'
        f"{drawing}{aliases}<layerGeometryType>{geometry}</layerGeometryType></qgis>"
    )
