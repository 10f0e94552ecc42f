"""What is the habit where a study lies: its country, the mark of decimals, how floors are counted."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, cast

from walkshed.cache import cache_folder
from walkshed.model.labels import LANGUAGES, Language
from walkshed.model.town.country import Country

Decimal = Literal["", ".", ","]
LonLat = tuple[float, float]


#: The language of a study where the offices of a country write none of ours.
_ELSEWHERE: Language = "en"


def _nowhere() -> LonLat | None:
    return None


@dataclass(frozen=True, slots=True)
class Local:
    """What study.toml states of a place, and where that is: the rest is found when it is asked for.

    Finding out loads the borders of all countries; most studies never ask.
    """

    stated_country: str = ""
    stated_decimal: Decimal = ""
    stated_ground: int | None = None
    where: Callable[[], LonLat | None] = _nowhere

    @property
    def country(self) -> str:
        """The ISO code of the country; "" where nothing tells it."""
        if self.stated_country:
            return self.stated_country
        place = self.where()
        return "" if place is None else country_at(round(place[0], 3), round(place[1], 3))

    @property
    def decimal(self) -> Decimal:
        """The mark of decimals in the country; "" where both are usual, or nothing tells it."""
        if self.country in _listed("decimal_comma"):
            return ","
        return "." if self.country in _listed("decimal_point") else ""

    @property
    def ground(self) -> int | None:
        """What the ground floor is called: 0 or 1; None where nothing tells it."""
        if self.stated_ground is not None:
            return self.stated_ground
        if self.country in _listed("ground_floor_0"):
            return 0
        return 1 if self.country in _listed("ground_floor_1") else None

    @property
    def row(self) -> Country | None:
        """What is known of the country; None where nothing tells which it is."""
        code = self.country
        if not code:
            return None
        names = dict(zip(LANGUAGES, _toml()["names"].get(code, ()), strict=False))
        return Country(
            code,
            stated=bool(self.stated_country),
            names=names,
            language=cast("Language", _by_member("languages").get(code, _ELSEWHERE)),
            units="us" if code in _listed("units_us") else "metric",
            decimal=self.stated_decimal or self.decimal,
            ground_floor=self.ground,
            clock=12 if code in _listed("clock_12") else 24,
            currency=_by_member("currencies").get(code, ""),
        )


@functools.cache
def other_code_pages() -> frozenset[str]:
    """Return the countries whose languages are not written in Windows-1252."""
    return _listed("other_code_pages")


def language_at(lon: float, lat: float) -> Language | None:
    """Return the language of the offices of the country of a place; None where that is none of ours, or not listed."""
    found = _by_member("languages").get(country_at(round(lon, 3), round(lat, 3)))
    return cast("Language | None", found)


@functools.cache
def country_at(lon: float, lat: float) -> str:
    """Return the ISO code of the country of a place, by its time zone; "" at sea and beyond degrees.

    What was found is kept in the cache of this user: the borders take seconds to load.
    """
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return ""
    folder = cache_folder()
    kept = None if folder is None else folder / f"{lon:.3f}_{lat:.3f}.country"
    with suppress(OSError, ValueError):
        if kept is not None and (code := kept.read_text(encoding="ascii").strip()) in _codes():
            return code
    found = _country_by_zone(lon, lat)
    with suppress(OSError):
        if kept is not None and found:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(found, encoding="ascii")
    return found


def _country_by_zone(lon: float, lat: float) -> str:
    from datetime import datetime

    import opening_hours

    try:
        here = opening_hours.OpeningHours("24/7", coords=(lat, lon))
        day = datetime(2026, 1, 1), datetime(2026, 1, 2)  # noqa: DTZ001 (any day)
        span = next(iter(here.intervals(*day)))
    except (ValueError, StopIteration):
        return ""
    return _by_member("zones").get(str(span[0].tzinfo), "")


@functools.cache
def _codes() -> frozenset[str]:
    return frozenset(_toml()["zones"])


@functools.cache
def _by_member(table: str) -> Mapping[str, str]:
    """Return a table of lists the other way round: {zone: country}, {country: currency}, {country: language}."""
    listed: Mapping[str, str] = _toml()[table]
    return {member: key for key, members in listed.items() for member in members.split()}


@functools.cache
def _listed(habit: str) -> frozenset[str]:
    return frozenset(str(_toml()[habit]).split())


@functools.cache
def _toml() -> Mapping[str, Any]:
    import tomllib
    from importlib.resources import files

    file = files("walkshed.inputs").joinpath("countries.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
