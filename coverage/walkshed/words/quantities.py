"""Meters, shares, counts and lists as a reader of each language is used to them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from walkshed.model.arrays import FloatArray, IntArray
from walkshed.model.idioms import habits_of
from walkshed.model.labels import Label, Language, number_said

#: Stands among whole meters for a distance that there is none of.
NOWHERE = -1

#: What stands between names, between the facts of a sentence, and between sentences.
NAMES = Label("、", ", ")
FACTS = Label("，", ", ")
SENTENCES = Label("；", "; ")

#: Walks as they are said, by their unit.
LENGTHS = {
    "m": Label("{n:,.0f}米", "{n:,.0f} m"),
    "ft": Label("{n:,.0f}英尺", "{n:,.0f} ft"),
    "mi": Label("{n:g}英里", "{n:g} mi"),
}
#: Limits in quarters of a mile: how many are over, and the whole miles before them.
_MILES = {
    "part": Label("{part}英里", "{part} mile"),
    "one": Label("1英里", "1 mile"),
    "more": Label("{whole}{part}英里", "{whole}{part} miles"),
}
_QUARTERS = ("", "¼", "½", "¾")
_BESIDE_METERS = Label("{limit}（{n:,.0f}米）", "{limit} ({n:,.0f} m)")
#: How Python writes a number; the page has its own way.
_FORMAT = re.compile(r"\{n:[^{}]+\}")
FOOT_M, MILE_M = 0.3048, 1609.344
#: Meters are whole where they are said: feet tell no more than this.
_FEET_STEP = 5
#: A limit so near to quarters of a mile is meant as them.
_QUARTER_SLACK_M = 1.0
_PERCENT = Label("{n}%", "{n}%")
#: Limits as a rule states them, by their unit.
_SPANS = {"m": Label("{span}米", "{span} m"), "min": Label("{span}分钟", "{span} min")}
#: What a rule measures, by its metric and unit.
MEASURED = {
    "network": Label("路网步行{limit}", "{limit} on foot along streets"),
    "radius": Label("直线半径{limit}", "{limit} as the crow flies"),
}

_DAYS = (
    Label("周一", "Mo"),
    Label("周二", "Tu"),
    Label("周三", "We"),
    Label("周四", "Th"),
    Label("周五", "Fr"),
    Label("周六", "Sa"),
    Label("周日", "Su"),
)
#: Days that are not what their weekday is.
_DAY_KINDS = {
    "holiday": Label("{day}（放假）", "{day} (holiday)"),
    "workday": Label("{day}（调休上班）", "{day} (worked)"),
    "unknown": Label("{day}（假期安排未知）", "{day} (holidays unknown)"),
}
_DAY_SPAN = Label("{first}至{last}", "{first}-{last}")


class Counted(NamedTuple):
    """A sentence about ``n`` things, where a language may say one of them otherwise."""

    one: Label
    more: Label

    def said(self, language: str, n: int, **fields: object) -> str:
        """Return the sentence in a language, its fields filled in."""
        template = self.one if n == 1 else self.more
        return template.said(language, n=n, **fields)


_NOON = {"am": Label("上午{time}", "{time} am"), "pm": Label("下午{time}", "{time} pm")}
#: Money whose name stands behind the number.
_BEHIND_MONEY = frozenset({"元", "万元", "€", "kr", "zł", "Kč", "円"})

#: Languages written without capitals, and without spaces between words.
UNSPACED = frozenset({"zh"})


def going_on(text: str, language: str) -> str:
    """Return a sentence or a name as it stands inside a sentence: with a small letter where letters have cases."""
    return text if language in UNSPACED else text[:1].lower() + text[1:]


def joined(parts: Iterable[str], between: Label, language: Language) -> str:
    """Return parts in a row, with what a language puts ``between`` them."""
    return between.in_(language).join(parts)


def meters(value: float, language: Language) -> str:
    """Return whole meters with their unit: ``412 m``, ``412米``; a dash when there is no such distance.

    Where the office measures in feet and miles, feet to the next five, below a mile: of whole
    meters, as the page has them.
    """
    if not math.isfinite(value):
        return "–"
    if habits_of(language).units == "metric":
        return LENGTHS["m"].said(language, n=value)
    whole = math.floor(value + 0.5)
    if whole >= MILE_M:
        return LENGTHS["mi"].said(language, n=math.floor(100 * whole / MILE_M + 0.5) / 100)
    feet = _FEET_STEP * math.floor(whole / FOOT_M / _FEET_STEP + 0.5)
    return LENGTHS["ft"].said(language, n=feet)


def plain_limit(limit: float, unit: str, language: Language) -> str:
    """Return a limit as its rule states it: ``1500 m``, ``7.5 min``; in miles ``½ mile``."""
    if unit != "m" or habits_of(language).units == "metric":
        return _SPANS[unit].said(language, span=_limit_number(limit, unit, language))

    # quarters of a mile by their names, else feet
    quarters = math.floor(4 * limit / MILE_M + 0.5)
    whole, part = divmod(quarters, 4)
    if not quarters or abs(quarters * MILE_M / 4 - limit) > _QUARTER_SLACK_M:
        return meters(limit, language)
    if quarters == 4:
        return _MILES["one"].in_(language)
    which = "more" if whole else "part"
    return _MILES[which].said(language, whole=whole, part=_QUARTERS[part])


def measured(metric: str, unit: str, limits: Sequence[float], language: Language) -> str:
    """Return what a rule measures within its limits, smallest to largest; miles with their meters."""
    return MEASURED[metric].said(language, limit=limits_text(limits, unit, language))


def limits_text(limits: Sequence[float], unit: str, language: Language) -> str:
    """Return the least and the largest limit of rules, or the only one: ``300–500 m``, ``½ mile (805 m)``."""
    least, largest = min(limits), max(limits)
    if unit == "m" and habits_of(language).units == "us":
        told = [beside_meters(limit, language) for limit in dict.fromkeys((least, largest))]
        return "–".join(told)
    told = [_limit_number(limit, unit, language) for limit in dict.fromkeys((least, largest))]
    return _SPANS[unit].said(language, span="–".join(told))


def _limit_number(limit: float, unit: str, language: Language) -> str:
    """Return the number of a limit: whole meters, of half a mile too (805), else as it is stated."""
    number = math.floor(limit + 0.5) if unit == "m" else limit
    return number_said(f"{number:.12g}", language)


def beside_meters(limit: float, language: Language) -> str:
    """Return a limit in miles or feet with its meters: ``½ mile (805 m)``."""
    return _BESIDE_METERS.said(language, limit=plain_limit(limit, "m", language), n=limit)


def length_words(language: str) -> dict[str, str]:
    """Return what the page says lengths and times of day with, as the functions here do."""
    lengths = {key: said.in_(language) for key, said in (LENGTHS | _MILES).items()}
    plain = {key: _FORMAT.sub("{n}", template) for key, template in lengths.items()}
    halves = {key: said.in_(language) for key, said in _NOON.items()}
    habits = habits_of(language)
    return plain | halves | {"units": habits.units, "clock": str(habits.clock)}


def whole_meters(values: FloatArray) -> IntArray:
    """Return meters as they are said, NOWHERE where there is no such distance."""
    known = np.isfinite(values)
    return np.where(known, np.round(np.where(known, values, 0.0)), NOWHERE).astype(np.int64)


def clock_text(minute: int, language: str) -> str:
    """Return a time of day by its minute, ``17:30``; on a clock of 12 hours ``5:30 pm``.

    Minutes beyond 24 hours are those of the next day.
    """
    hour, rest = divmod(minute, 60)
    if habits_of(language).clock == 24:
        return f"{hour}:{rest:02d}"
    half = _NOON["pm" if hour % 24 >= 12 else "am"]
    return half.said(language, time=f"{(hour - 1) % 12 + 1}:{rest:02d}")


def moment_text(at: str, language: str) -> str:
    """Return a moment as a reader is used to it, of its ISO text; the date alone where no time is stated."""
    date, _, clock = at.partition("T")
    if not clock:
        return date
    if habits_of(language).clock == 24:
        return f"{date} {clock}"
    hour, minute = clock.split(":")[:2]
    return f"{date} {clock_text(60 * int(hour) + int(minute), language)}"


def money(value: float, language: str) -> str:
    """Return an amount in the money of the office: ``$1,200``, ``BRL 1,200``, ``1,200元``; a number without one."""
    number = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
    currency = habits_of(language).currency
    if currency.isascii() and currency.isalpha():
        return f"{currency} {number}"
    return number + currency if currency in _BEHIND_MONEY else currency + number


def day_name(number: int, kind: str, language: str) -> str:
    """Return what a day of the week is called, Monday being 0, and that it is a holiday or worked."""
    day = _DAYS[number].in_(language)
    return _DAY_KINDS[kind].said(language, day=day) if kind in _DAY_KINDS else day


def days_text(names: Sequence[str], language: str) -> str:
    """Return days that follow each other, by the first and the last."""
    if len(names) == 1:
        return names[0]
    return _DAY_SPAN.said(language, first=names[0], last=names[-1])


def percent(share: float, language: Language) -> str:
    """Return a share as whole percent, never rounded up to 100 nor down to 0: ``33%``."""
    most = 99 if share < 1 else 100
    number = "<1" if 0 < share < 0.005 else f"{min(round(100 * share), most)}"
    return _PERCENT.said(language, n=number)
