"""Units of numbers: what stands behind a number in its cell, and in the header of its column."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

#: What the numbers of a column count, by the contract's name; a count is whole where people write it.
COUNTED: Final[Mapping[str, str]] = {
    **dict.fromkeys(("area_m2", "service_area_m2", "old_area_m2", "new_area_m2"), "area"),
    **dict.fromkeys(("people", "older_people", "children", "staff"), "people"),
    **dict.fromkeys(("age_60", "age_65", "age_80", "age_0_3"), "people"),
    **dict.fromkeys(("visits_before", "visits_after"), "people"),
    "households": "households",
    "capacity": "places",
    "readiness_min": "minutes",
    "cost": "money",
    "orders": "orders",
    "lon": "degrees",
    "lat": "degrees",
}
WHOLE: Final = frozenset({"people", "households", "places", "orders"})
_BRACKETS = re.compile(r"[(\[【]([^)\]】]*)[)\]】]")


def factor(unit: str, of: str) -> float | None:
    """Return what one unit is in the contract's unit of area, people …; None for a word that is none."""
    found = _toml().get(of, {}).get(_plain(unit))
    return None if found is None else float(found)


def length_m(unit: str) -> float | None:
    """Return the meters of a unit of length: m, km, ft, yd, mi; None for others."""
    return factor(unit, "length")


def is_imperial(unit: str) -> bool:
    """Return whether a unit is one of countries that write decimals with a point: square feet, acres."""
    return _plain(unit) in _toml()["habit"]["imperial"]


def is_remark(text: str) -> bool:
    """Return whether what brackets of a header say changes no number."""
    return not _plain(text) or _plain(text) in {_plain(each) for each in _habit("remarks")}


def is_rate(text: str) -> bool:
    """Return whether what brackets of a header say is so many in a time: people a day."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return any(word in plain for word in _habit("rates"))


def says_percent(header: str) -> bool:
    """Return whether the header of a column says that its numbers are percentages."""
    words = re.split(r"[\s_\-()（）\[\].:]+", unicodedata.normalize("NFKC", header).lower())
    return "%" in header or any(word in words for word in _habit("percent"))


def brackets(header: str) -> tuple[str, ...]:
    """Return what stands in brackets in a header."""
    texts = _BRACKETS.findall(unicodedata.normalize("NFKC", header))
    return tuple(text.strip() for text in texts if text.strip())


def unit_behind(header: str) -> str:
    """Return the unit of area that ends a header without brackets: area_sqft, Sq ft; "" without one."""
    words = re.split(r"[\s_]+", unicodedata.normalize("NFKC", header).strip())
    tails = (" ".join(words[at:]) for at in range(max(0, len(words) - 2), len(words)))
    return next((tail for tail in tails if factor(tail, "area") is not None), "")


def without_unit(header: str) -> str:
    """Return a header less the unit of area behind it; as it is without one."""
    unit = unit_behind(header)
    words = re.split(r"[\s_]+", unicodedata.normalize("NFKC", header).strip())
    return " ".join(words[: len(words) - len(unit.split())]) if unit else header


def _plain(unit: str) -> str:
    return re.sub(r"[\s._\-]+", "", unicodedata.normalize("NFKC", unit).lower())


def _habit(name: str) -> tuple[str, ...]:
    return tuple(_toml()["habit"][name])


@functools.cache
def _toml() -> Mapping[str, Any]:
    import tomllib
    from importlib.resources import files

    file = files("walkshed.inputs.tables.meaning").joinpath("units.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
