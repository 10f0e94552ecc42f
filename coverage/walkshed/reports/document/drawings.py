"""The figures of the document, drawn by matplotlib in the colors of the page, told apart in gray as well by hatches."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.model.arrays import FloatArray
from walkshed.model.results import Results
from walkshed.reports.layers.colors import LOOKS, color

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Faces with Chinese characters, those of office machines first.
CHINESE_FACES = (
    *("Microsoft YaHei", "SimHei", "SimSun", "PingFang SC", "Hiragino Sans GB", "STHeiti"),
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei"),
    *("Noto Sans CJK JP", "Droid Sans Fallback"),
)
#: From here on characters are of East Asia.
_FIRST_OF_EAST_ASIA = "\u2e80"
#: Inches at which maps and bars are drawn, and dots per inch: sharp on paper.
_MAP_IN, _DOTS_PER_IN = (6.3, 5.4), 200
_BAR_IN = 0.28
#: A map shows this much around what it is about.
_MARGIN = 0.06


#: West, south, east and north of a map, on the plane.
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """What a map shows: blocks by how they are left, and places with a number each."""

    blocks: Sequence[str]  # a key of LOOKS for each block
    stations: bool = True
    places: FloatArray | None = None  # (n, 2) plane, numbered from 1


def can_letter(texts: Sequence[str]) -> bool:
    """Return whether this machine has a face for all characters of some texts; boxes in their place tell nothing."""
    chinese = any(sign >= _FIRST_OF_EAST_ASIA for text in texts for sign in text)
    return not chinese or bool(_chinese_faces())


def map_png(results: Results, drawn: Drawn) -> bytes:
    """Return a map as PNG: streets, blocks, stations, places, a bar of meters and whose data they are."""
    from matplotlib.figure import Figure

    with lettered():
        figure = Figure(figsize=_MAP_IN, dpi=_DOTS_PER_IN)
        axes = figure.add_axes((0.0, 0.03, 1.0, 0.97))
        shapes = plane_shapes(results)
        draw_map(axes, results, drawn, shapes, _box(results, shapes))
        whose = results.network.attribution
        if can_letter([whose]):
            figure.text(0.01, 0.008, whose, fontsize=6, color=color("quiet"))
        return _png(figure)


def pair_png(before: tuple[Results, Drawn], after: tuple[Results, Drawn]) -> bytes:
    """Return two maps side by side as PNG, of the same ground: a study as it is, and with a plan."""
    from matplotlib.figure import Figure

    wide, tall = _MAP_IN
    with lettered():
        figure = Figure(figsize=(1.54 * wide, 0.77 * tall), dpi=_DOTS_PER_IN)
        box = _box(after[0], plane_shapes(after[0]))
        for left, (results, drawn) in zip((0.0, 0.505), (before, after), strict=True):
            axes = figure.add_axes((left, 0.03, 0.495, 0.97))
            draw_map(axes, results, drawn, plane_shapes(results), box)
        whose = before[0].network.attribution
        if can_letter([whose]):
            figure.text(0.01, 0.008, whose, fontsize=6, color=color("quiet"))
        return _png(figure)


def draw_map(
    axes: Axes,
    results: Results,
    drawn: Drawn,
    shapes: Sequence[BaseGeometry],
    box: Box,
) -> None:
    """Draw a map from the ground up: streets, blocks, stations, places; then scale and north."""
    axes.set_axis_off()
    axes.set_aspect("equal")
    _draw_streets(axes, results, box)
    _draw_blocks(axes, shapes, drawn.blocks)
    if drawn.stations:
        _draw_stations(axes, results)
    if drawn.places is not None:
        _draw_places(axes, drawn.places)

    axes.set_xlim(box[0], box[2])
    axes.set_ylim(box[1], box[3])
    _draw_scale(axes, box)
    _draw_north(axes)


def bars_png(names: Sequence[str], counts: Sequence[int]) -> bytes:
    """Return horizontal bars as PNG, the first on top, each with its number."""
    from matplotlib.figure import Figure

    readable = can_letter(names)
    with lettered():
        figure = Figure(figsize=(_MAP_IN[0], 0.6 + _BAR_IN * len(names)), dpi=_DOTS_PER_IN)
        axes = figure.add_subplot()
        rows = range(len(names))
        axes.barh(rows, counts, color=color("out"), edgecolor=color("out-deep"), height=0.7)
        axes.set_yticks(rows, [name if readable else str(k + 1) for k, name in enumerate(names)])
        axes.invert_yaxis()
        axes.tick_params(labelsize=8, length=0)
        for side in ("top", "right", "bottom"):
            axes.spines[side].set_visible(False)

        axes.set_xticks([])
        axes.margins(x=0.12)
        for row, count in zip(rows, counts, strict=True):
            axes.text(count, row, f" {count:,}", va="center", fontsize=8, color=color("ink"))
        figure.tight_layout()
        return _png(figure)


def plane_shapes(results: Results) -> list[BaseGeometry]:
    """Return the blocks on the plane of the network."""
    shapes = np.array([block.geometry for block in results.blocks], dtype=object)
    return list(results.network.plane.geometry_to_xy(shapes))


def _station_xy(results: Results) -> FloatArray:
    """Return (s, 2) where stations stand."""
    return results.station_anchors.point_xy


def _box(results: Results, shapes: Sequence[BaseGeometry]) -> Box:
    """Return what a map shows: blocks and stations with a margin, in the proportions of the figure."""
    corners = np.array([shape.bounds for shape in shapes]).reshape(-1, 2)
    xy = np.concatenate([corners, _station_xy(results)])
    low, high = xy.min(axis=0), xy.max(axis=0)
    middle = (low + high) / 2.0
    wide, tall = np.maximum((high - low) * (1.0 + 2.0 * _MARGIN), 100.0)
    proportion = _MAP_IN[0] / (_MAP_IN[1] * 0.97)
    wide, tall = max(wide, tall * proportion), max(tall, wide / proportion)
    return (
        float(middle[0] - wide / 2.0),
        float(middle[1] - tall / 2.0),
        float(middle[0] + wide / 2.0),
        float(middle[1] + tall / 2.0),
    )


def _draw_streets(axes: Axes, results: Results, box: Box) -> None:
    """Draw the streets of a box as thin lines."""
    from matplotlib.collections import LineCollection

    network = results.network
    start = network.vertex_from
    low = np.minimum.reduceat(network.vertex_xy, start[:-1])
    high = np.maximum.reduceat(network.vertex_xy, start[:-1])
    inside = ((high >= box[:2]) & (low <= box[2:])).all(axis=1)
    every = list(pairwise(start.tolist()))
    lines = [network.vertex_xy[slice(*every[edge])] for edge in np.flatnonzero(inside).tolist()]
    axes.add_collection(
        LineCollection(lines, colors=color("street-large"), linewidths=0.5, zorder=1)
    )


def _draw_blocks(axes: Axes, shapes: Sequence[BaseGeometry], looks: Sequence[str]) -> None:
    """Draw blocks as areas, or as dots where only their places are known, those left out last."""
    from matplotlib.patches import PathPatch

    order = sorted(range(len(shapes)), key=lambda number: looks[number] != "served")
    for number in order:
        look, shape = LOOKS[looks[number]], shapes[number]
        fill, edge = color(look.fill), color(look.edge)
        if shape.geom_type in ("Polygon", "MultiPolygon"):
            axes.add_patch(
                PathPatch(
                    _path(shape),
                    facecolor=fill,
                    edgecolor=edge,
                    hatch=look.hatch or None,
                    linewidth=0.5,
                    zorder=2,
                )
            )
        else:
            middle = shape.centroid
            axes.plot(
                [middle.x],
                [middle.y],
                "o",
                markersize=4,
                color=fill,
                markeredgecolor=edge,
                zorder=2,
            )


def _path(shape: BaseGeometry) -> Any:  # noqa: ANN401 (matplotlib's Path)
    """Return the rings of an area as one path; holes stay open, since they turn the other way."""
    from matplotlib.path import Path

    rings = [
        shapely.get_coordinates(ring)
        for polygon in shapely.get_parts(shapely.orient_polygons(shape))
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    return Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))


def _draw_stations(axes: Axes, results: Results) -> None:
    """Draw stations as dark dots."""
    xy = _station_xy(results)
    axes.scatter(
        xy[:, 0],
        xy[:, 1],
        s=14,
        color=color("mark"),
        edgecolors=color("white"),
        linewidths=0.5,
        zorder=3,
    )


def _draw_places(axes: Axes, places: FloatArray) -> None:
    """Draw numbered places."""
    for number, (x, y) in enumerate(places.tolist(), start=1):
        axes.plot([x], [y], "s", markersize=9, color=color("proposal"), zorder=4)
        axes.text(x, y, str(number), color="white", fontsize=6, ha="center", va="center", zorder=5)


def _draw_scale(axes: Axes, box: Box) -> None:
    """Draw a bar of a round length, about a fifth of the map, with its meters."""
    wide, tall = box[2] - box[0], box[3] - box[1]
    step = 10.0 ** np.floor(np.log10(wide / 5.0))
    length = max(step * times for times in (1, 2, 5) if step * times <= wide / 5.0)
    x, y = box[0] + 0.04 * wide, box[1] + 0.04 * tall
    axes.plot([x, x + length], [y, y], color=color("ink"), linewidth=2.0, zorder=6)
    told = f"{length:,.0f} m" if length < 1000.0 else f"{length / 1000.0:g} km"
    axes.text(x, y + 0.012 * tall, told, fontsize=7, color=color("ink"), zorder=6)


def _draw_north(axes: Axes) -> None:
    """Draw an arrow to the north."""
    axes.annotate(
        "N",
        xy=(0.96, 0.97),
        xytext=(0.96, 0.90),
        xycoords=axes.transAxes,
        ha="center",
        fontsize=8,
        arrowprops={"arrowstyle": "-|>", "color": color("ink")},
    )


@contextmanager
def lettered() -> Iterator[None]:
    """Let figures be lettered in a face with Chinese characters, where there is one, and matplotlib's own."""
    import matplotlib as mpl

    faces = [*_chinese_faces(), "DejaVu Sans"]
    with mpl.rc_context({"font.family": faces, "hatch.linewidth": 0.4}):
        yield


def _chinese_faces() -> list[str]:
    """Return the first face with Chinese characters that this machine has; none where it has none."""
    from matplotlib.font_manager import fontManager

    known = {font.name for font in fontManager.ttflist}
    return [face for face in CHINESE_FACES if face in known][:1]


def _png(figure: Figure) -> bytes:
    """Return a figure as PNG without a date or a program's name."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)
    written = io.BytesIO()
    figure.savefig(written, format="png", facecolor="white", metadata={"Software": None})
    return written.getvalue()
