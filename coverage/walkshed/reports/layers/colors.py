"""The colors of the page, for whatever draws the same map."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_COLOR = re.compile(r"--([\w-]+):\s*(#[0-9a-fA-F]{3,6})")


def color(name: str) -> str:
    """Return a color of the page by its name, as ``#rrggbb`` or ``#rgb``."""
    return _colors()[name]


@cache
def _colors() -> dict[str, str]:
    """Return the colors of the page, which stand in one file."""
    text = (files("walkshed.maps") / "browser" / "tokens.css").read_text(encoding="utf-8")
    return dict(_COLOR.findall(text))
