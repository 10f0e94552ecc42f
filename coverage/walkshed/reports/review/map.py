"""The small map beside a review sheet: one file that opens with no internet and asks nothing of any network.

Streets are faint lines, each row a numbered dot in the circle of its uncertainty (or the outline of
its ground), what other geocoders said a hollow dot tied to it. The table beside it has the sheet's
order; a click on a row goes there.
"""

from __future__ import annotations

import base64
import hashlib
import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.model.geocoding import Answer
from walkshed.model.ground.extract import Extract
from walkshed.model.ground.plane import Plane
from walkshed.words.review import page_language, review_words, said_in

_MARGIN_M: Final = 250.0
_LEAST_M: Final = 600.0  # across
_SIMPLER_M: Final = 2.0
_NOT_DRAWN: Final = frozenset({"proposed", "construction", "raceway", "platform"})


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A row of the review sheet, what else was said of it, and the ground that it was joined to, if any."""

    row: Mapping[str, Any]
    others: tuple[Answer, ...] = ()
    ground: BaseGeometry | None = None


def review_page(marks: Sequence[Mark], extract: Extract | None, language: str, table: str) -> str:
    """Return the page of a review sheet's rows, numbered as in the sheet; ``extract`` holds the streets beneath."""
    words = review_words(language)
    title = html.escape(f"{words['title']} · {table}")
    own = files("walkshed.reports") / "review"
    style, script = ((own / name).read_text("utf-8") for name in ("review.css", "review.js"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    rule = (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{page_language(language)}">\n'
        '<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{rule}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"{_figure(marks, extract, words)}<main>\n<h1>{title}</h1>\n"
        f"{_legend(marks, words)}{_table(marks, words, language)}</main>\n"
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def _figure(marks: Sequence[Mark], extract: Extract | None, words: Mapping[str, str]) -> str:
    placed = [(mark, at) for mark in marks if (at := _degrees(mark.row)) is not None]
    if not placed:
        return f"<figure><p>{html.escape(words['none'])}</p></figure>\n"

    # y goes down, as on a screen
    lonlat = np.array([at for _, at in placed])
    plane = Plane(float(lonlat[:, 0].mean()), float(lonlat[:, 1].mean()))
    xy = _down(plane.to_xy(lonlat))

    # all places, with some room around them
    west, north = xy.min(axis=0) - _MARGIN_M
    east, south = xy.max(axis=0) + _MARGIN_M
    width, height = max(east - west, _LEAST_M), max(south - north, _LEAST_M)
    box = (
        float((west + east - width) / 2),
        float((north + south - height) / 2),
        float(width),
        float(height),
    )

    parts = [_streets(extract, plane, box)]
    parts += [_mark(mark, at, plane) for (mark, _), at in zip(placed, xy.tolist(), strict=True)]
    view = " ".join(f"{number:.0f}" for number in box)
    credit = f"<small>{html.escape(words['credit'])}</small>" if extract is not None else ""
    label = html.escape(words["title"], quote=True)
    opening = f'<svg viewBox="{view}" role="img" aria-label="{label}">'
    return f"<figure>{opening}\n{''.join(parts)}</svg>{credit}</figure>\n"


def _streets(extract: Extract | None, plane: Plane, box: tuple[float, float, float, float]) -> str:
    """Return the streets in the box and half as much around it, as one path."""
    if extract is None:
        return ""

    ways = extract.ways
    xy = _down(plane.to_xy(ways.lonlat))
    lines = [
        shapely.LineString(xy[ways.start[row] : ways.start[row + 1]])
        for row, tags in enumerate(ways.tags)
        if tags.get("highway", "platform") not in _NOT_DRAWN
        and ways.start[row + 1] - ways.start[row] > 1
    ]
    if not lines:
        return ""

    # cut to the box, and no finer than can be seen
    x, y, width, height = box
    near = shapely.box(x - width / 2, y - height / 2, x + width * 1.5, y + height * 1.5)
    cut = shapely.simplify(shapely.intersection(np.array(lines, dtype=object), near), _SIMPLER_M)
    pieces = [
        part
        for part in shapely.get_parts(cut)
        if part.geom_type == "LineString" and not part.is_empty
    ]
    return f'<path class="street" d="{"".join(_drawn(part) for part in pieces)}"/>\n'


def _mark(mark: Mark, at: list[float], plane: Plane) -> str:
    row, (x, y) = mark.row, at
    number = html.escape(str(row["number"]), quote=True)
    off = float(row["uncertainty_m"] or 0.0)
    around = off
    parts = []

    # the ground that it was joined to, else how far the true place may lie
    if mark.ground is not None:
        outline = shapely.transform(mark.ground, lambda lonlat: _down(plane.to_xy(lonlat)))
        around = max(around, math.dist(outline.bounds[:2], outline.bounds[2:]) / 2)
        rings = [
            ring
            for part in shapely.get_parts(outline)
            if part.geom_type == "Polygon"
            for ring in _rings(part)
        ]
        drawn = "".join(_drawn(ring) + "Z" for ring in rings)
        parts.append(f'<path class="ground" fill-rule="evenodd" d="{drawn}"/>')
    elif off:
        parts.append(f'<circle class="circle" cx="{x:.1f}" cy="{y:.1f}" r="{off:.0f}"/>')

    # what other geocoders said, tied to it
    for other in mark.others:
        ((ox, oy),) = _down(plane.to_xy(np.array([[other.lon, other.lat]]))).tolist()
        told = html.escape(f"{other.source}: {other.matched} ({other.precision})")
        parts.append(f'<line class="tie" x1="{x:.1f}" y1="{y:.1f}" x2="{ox:.1f}" y2="{oy:.1f}"/>')
        dot = f'<circle class="other" cx="{ox:.1f}" cy="{oy:.1f}" data-r="5">'
        parts.append(f"{dot}<title>{told}</title></circle>")

    # its own dot
    told = html.escape(f"{row['number']} {row['name'] or row['id']}: {row.get('matched') or ''}")
    dot = f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" data-r="10">'
    parts.append(f"{dot}<title>{told}</title></circle>")
    parts.append(f'<text x="{x:.1f}" y="{y:.1f}">{number}</text>')

    wide = max(2.5 * around, 500.0)
    state = "yes" if row["used"] == "yes" else "no"
    opening = (
        f'<g id="m{number}" class="{state}" data-x="{x:.1f}" data-y="{y:.1f}" data-w="{wide:.0f}">'
    )
    return f"{opening}{''.join(parts)}</g>\n"


def _rings(polygon: shapely.Polygon) -> list[Any]:
    return [polygon.exterior, *polygon.interiors]


def _drawn(line: Any) -> str:  # noqa: ANN401 (a shapely line)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(line).tolist())


def _down(xy: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the plane's points with y downwards, as a picture has it."""
    return np.asarray(xy) * [1.0, -1.0]


def _legend(marks: Sequence[Mark], words: Mapping[str, str]) -> str:
    if not marks:
        return f"<p>{html.escape(words['empty'])}</p>\n"
    keys = [("background:#1f4f86", words["used"]), ("background:#b3261e", words["unused"])]
    if any(mark.others for mark in marks):
        keys.append(("background:#fff;border:2px solid #8a5a00", words["other"]))
    if any(mark.ground is not None for mark in marks):
        keys.append(
            ("background:#2b6cb01f;border:1px solid #2b6cb0;border-radius:0", words["ground"])
        )
    listed = "".join(
        f'<li><span class="key" style="{style}"></span>{html.escape(text)}</li>'
        for style, text in keys
    )
    button = f'<button id="all" type="button">{html.escape(words["all"])}</button>'
    return (
        f"<p>{html.escape(words['click'])} {button}</p>\n"
        f"<ul>{listed}<li>{html.escape(words['circle'])}</li></ul>\n"
    )


def _table(marks: Sequence[Mark], words: Mapping[str, str], language: str) -> str:
    if not marks:
        return ""

    weighed = "blocks" if any("blocks_in_doubt" in mark.row for mark in marks) else "people"
    names = ("number", "name", "address", weighed, "state", "told")
    heads = "".join(f"<th>{html.escape(words[name])}</th>" for name in names)
    rows = []
    for mark in marks:
        row = mark.row
        number = html.escape(str(row["number"]), quote=True)

        # what is known of the place, and what a person has said
        state = "yes" if row["used"] == "yes" else "no"
        told = [
            row.get("matched"),
            row.get("precision"),
            row.get("reason"),
            row.get("doubts"),
            row.get("alternatives"),
        ]
        if row["who"]:
            state = "hand"
            told.append(f"{row['who']} {row['when']} {row.get('ground') or ''}".strip())

        doubted = row[f"{weighed}_in_doubt"]
        cells = (row["name"] or row["id"], row["address"], doubted, words[state])
        shown = "".join(f"<td>{html.escape(str(cell))}</td>" for cell in cells)
        remarks = "<br>".join(html.escape(said_in(text, language)) for text in told if text)
        opening = f'<tr id="r{number}" data-at="{number}" tabindex="0"><td class="n">{number}</td>'
        rows.append(f"{opening}{shown}<td>{remarks}</td></tr>")
    return (
        f"<table><thead><tr>{heads}</tr></thead><tbody>\n"
        + "\n".join(rows)
        + "\n</tbody></table>\n"
    )


def _degrees(row: Mapping[str, Any]) -> tuple[float, float] | None:
    try:
        return float(row["lon"]), float(row["lat"])
    except (TypeError, ValueError):
        return None
