"""The colors of the page and how blocks look in them, for whatever draws the same map."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_COLOR = re.compile(r"--([\w-]+):\s*(#[0-9a-fA-F]{3,6})")


@dataclass(frozen=True, slots=True)
class Look:
    """How an area is drawn: the names of its colors, and the hatch that tells it apart without color."""

    fill: str
    edge: str
    hatch: str = ""


#: How a block is left, by the name under which the legend has it.
LOOKS: Mapping[str, Look] = {
    "served": Look("served", "served-deep"),
    "to_check": Look("doubt-pale", "doubt-deep", "...."),
    "out": Look("out", "out-deep", "////"),
    "unknown": Look("unknown", "unknown-deep"),
    "beside": Look("panel", "line"),
}


def color(name: str) -> str:
    """Return a color of the page by its name, as ``#rrggbb`` or ``#rgb``."""
    return _colors()[name]


@cache
def _colors() -> dict[str, str]:
    """Return the colors of the page, which stand in one file."""
    text = (files("walkshed.maps") / "browser" / "tokens.css").read_text(encoding="utf-8")
    return dict(_COLOR.findall(text))
