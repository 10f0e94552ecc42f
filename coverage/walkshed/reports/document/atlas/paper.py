"""The atlas on paper: A4 pages drawn by matplotlib, in the colors and hatches of the page, as one PDF."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from shapely.geometry.base import BaseGeometry

from walkshed.model.labels import Language
from walkshed.model.results import Results, caveats
from walkshed.reports.document.atlas import layout
from walkshed.reports.document.atlas.layout import Line, Sheet
from walkshed.reports.document.atlas.pages import Community
from walkshed.reports.document.drawings import (
    Drawn,
    can_letter,
    draw_map,
    lettered,
    plane_shapes,
)
from walkshed.reports.layers.colors import LOOKS, color
from walkshed.words.report.atlas import ATLAS, LEGEND

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from walkshed.reports.document.drawings import Box

#: A map shows this much around its community, and never less than so many meters.
_AROUND, _LEAST_M = 0.12, 300.0
_FOOT_PT, _FOOT_LINES, _NUMBER_PT = 6.5, 4, 7.0
_SWATCH_IN = 0.16


def atlas_pdf(
    results: Results, sheets: Sequence[Sheet], looks: Sequence[str], *, subject: str
) -> bytes:
    """Return the sheets as PDF; of the same fonts the same bytes. ``looks`` tell how each block is left.

    ``subject`` stands among what the file says of itself.
    """
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    written = io.BytesIO()
    metadata = dict.fromkeys(("Creator", "Producer", "CreationDate")) | {"Subject": subject}
    shapes = plane_shapes(results)
    with lettered(), PdfPages(written, metadata=metadata) as book:
        for number, sheet in enumerate(sheets, start=1):
            figure = Figure(figsize=layout.PAGE_IN)
            _write_title(figure, sheet.title)
            top_in = layout.MARGIN_IN + layout.TITLE_IN
            if sheet.mapped is not None:
                top_in = _draw_community(figure, results, sheet.mapped, shapes, looks)
            _write_lines(figure, sheet.lines, top_in)
            _write_foot(figure, results, number, len(sheets))
            book.savefig(figure)
    return written.getvalue()


def _draw_community(
    figure: Figure,
    results: Results,
    community: Community,
    shapes: Sequence[BaseGeometry],
    looks: Sequence[str],
) -> float:
    """Draw the map of a community with its legend; return how far down the page it reaches, in inches."""
    from matplotlib.patheffects import withStroke

    wide, tall = layout.PAGE_IN
    top_in = layout.MARGIN_IN + layout.TITLE_IN
    map_wide, map_tall = layout.MAP_IN
    place = (layout.MARGIN_IN / wide, 1.0 - (top_in + map_tall) / tall, map_wide / wide)
    axes = figure.add_axes((*place, map_tall / tall))

    # the community in the colors of its verdicts, its neighbors pale
    box = _box(results, community, shapes)
    near = [number for number, shape in enumerate(shapes) if _meet(shape.bounds, box)]
    own = set(community.members)
    shown = [looks[number] if number in own else "beside" for number in near]
    draw_map(axes, results, Drawn(shown), [shapes[number] for number in near], box)
    axes.set_axis_on()
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_edgecolor(color("line"))

    # its compounds by the numbers of the table below
    halo = [withStroke(linewidth=1.8, foreground=color("white"))]
    for number, member in enumerate(community.members, start=1):
        point = shapes[member].representative_point()
        axes.text(
            point.x,
            point.y,
            str(number),
            fontsize=_NUMBER_PT,
            color=color("ink"),
            ha="center",
            va="center",
            zorder=6,
            path_effects=halo,
        )

    # its stations by the numbers of the list below
    xy = results.station_anchors.point_xy
    for number, station in enumerate(community.stations, start=1):
        x, y = xy[station]
        axes.text(
            x,
            y,
            str(number),
            fontsize=_NUMBER_PT,
            color="white",
            ha="center",
            va="center",
            zorder=7,
            clip_on=True,
            bbox={"boxstyle": "circle,pad=0.25", "facecolor": color("mark"), "edgecolor": "white"},
        )

    bottom_in = top_in + map_tall
    _draw_legend(figure, results.inputs.settings.language, bottom_in)
    return bottom_in + layout.LEGEND_IN


def _box(results: Results, community: Community, shapes: Sequence[BaseGeometry]) -> Box:
    """Return what a map shows: the blocks and stations of the community with a margin, in the map's proportions."""
    corners = np.array([shapes[number].bounds for number in community.members]).reshape(-1, 2)
    stations = results.station_anchors.point_xy[list(community.stations)]
    xy = np.concatenate([corners, stations])
    low, high = xy.min(axis=0), xy.max(axis=0)
    x, y = (low + high) / 2.0
    wide, tall = np.maximum((high - low) * (1.0 + 2.0 * _AROUND), _LEAST_M)
    proportion = layout.MAP_IN[0] / layout.MAP_IN[1]
    wide, tall = max(wide, tall * proportion), max(tall, wide / proportion)
    return float(x - wide / 2), float(y - tall / 2), float(x + wide / 2), float(y + tall / 2)


def _meet(bounds: Box, box: Box) -> bool:
    """Return whether what lies within bounds may stand on a map."""
    west, south, east, north = bounds
    return west <= box[2] and east >= box[0] and south <= box[3] and north >= box[1]


def _draw_legend(figure: Figure, language: Language, top_in: float) -> None:
    """Draw what the colors of a map mean, in one line."""
    from matplotlib.patches import Rectangle

    wide, tall = layout.PAGE_IN
    middle = 1.0 - (top_in + 0.16) / tall
    left_in = layout.MARGIN_IN
    for name, label in LEGEND.items():
        said = label.in_(language)
        if name in LOOKS:
            look = LOOKS[name]
            swatch = Rectangle(
                (left_in / wide, middle - _SWATCH_IN / 2 / tall),
                _SWATCH_IN / wide,
                _SWATCH_IN / tall,
                facecolor=color(look.fill),
                edgecolor=color(look.edge),
                hatch=look.hatch or None,
                linewidth=0.5,
            )
            figure.add_artist(swatch)
        elif name == "number":
            at = (left_in + _SWATCH_IN / 2) / wide
            figure.text(at, middle, "1", fontsize=7, color=color("ink"), ha="center", va="center")
        else:
            at = (left_in + _SWATCH_IN / 2) / wide
            mark = {"boxstyle": "circle,pad=0.2", "facecolor": color("mark"), "edgecolor": "white"}
            figure.text(
                at, middle, "1", fontsize=5.5, color="white", bbox=mark, ha="center", va="center"
            )
        text_at = (left_in + _SWATCH_IN + 0.06) / wide
        figure.text(text_at, middle, said, fontsize=7, va="center", color=color("ink"))
        left_in += _SWATCH_IN + layout.width_in(said, 7) + 0.3


def _write_title(figure: Figure, title: str) -> None:
    _write(figure, layout.MARGIN_IN, title, layout.TITLE_PT, strong=True)


def _write_lines(figure: Figure, lines: Sequence[Line], top_in: float) -> None:
    """Write lines from a height downwards, column by column."""
    text_in = layout.PAGE_IN[0] - 2.0 * layout.MARGIN_IN
    for line in lines:
        step_in = layout.LINE * line.size_pt / layout.PT_PER_IN
        for left, cell in zip(line.left, line.cells, strict=True):
            for row, text in enumerate(cell):
                at_in = top_in + row * step_in
                _write(
                    figure, at_in, text, line.size_pt, left_in=left * text_in, strong=line.strong
                )
        top_in += line.height_in


def _write(
    figure: Figure,
    top_in: float,
    text: str,
    size_pt: float,
    *,
    left_in: float = 0.0,
    strong: bool = False,
) -> None:
    """Write a text so many inches from the top of the page, and from the left of its text."""
    wide, tall = layout.PAGE_IN
    figure.text(
        (layout.MARGIN_IN + left_in) / wide,
        1.0 - top_in / tall,
        text,
        fontsize=size_pt,
        fontweight="bold" if strong else "normal",
        color=color("ink"),
        va="top",
        parse_math=False,
    )


def _write_foot(figure: Figure, results: Results, number: int, every: int) -> None:
    """Write the study, what is illustrative, whose data the map is made from, and the number of the page."""
    language, name = results.inputs.settings.language, results.inputs.settings.name
    wide, tall = layout.PAGE_IN
    told = " · ".join(each for each in (name, *caveats(results)) if each)
    width_em = 0.85 * layout.MAP_IN[0] * layout.PT_PER_IN / _FOOT_PT
    lines = [*layout.wrapped_text(told, width_em), results.network.attribution][-_FOOT_LINES:]
    low = layout.MARGIN_IN / tall
    for row, text in enumerate(reversed([each for each in lines if can_letter([each])])):
        at = low + row * layout.LINE * _FOOT_PT / layout.PT_PER_IN / tall
        left = layout.MARGIN_IN / wide
        figure.text(left, at, text, fontsize=_FOOT_PT, color=color("quiet"), parse_math=False)
    page = ATLAS["page"].said(language, n=number, all=every)
    right = 1.0 - layout.MARGIN_IN / wide
    figure.text(right, low, page, fontsize=_FOOT_PT, color=color("quiet"), ha="right")
