"""Meters, shares, counts and lists as a reader of each language is used to them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from walkshed.model.arrays import FloatArray, IntArray
from walkshed.model.labels import Label, Language

#: Stands among whole meters for a distance that there is none of.
NOWHERE = -1

#: What stands between names, between the facts of a sentence, and between sentences.
NAMES = Label("、", ", ")
FACTS = Label("，", ", ")
SENTENCES = Label("；", "; ")

_METERS = Label("{n:,.0f}米", "{n:,.0f} m")
_PERCENT = Label("{n}%", "{n} %")
#: Limits as a rule states them, by their unit.
_LIMITS = {"m": Label("{n:g}米", "{n:g} m"), "min": Label("{n:g}分钟", "{n:g} min")}
#: What a rule measures, by its metric and unit.
MEASURED = {
    ("network", "m"): Label("路网步行{limit}米", "{limit} m on foot along streets"),
    ("network", "min"): Label("路网步行{limit}分钟", "{limit} min on foot along streets"),
    ("radius", "m"): Label("直线半径{limit}米", "{limit} m as the crow flies"),
    ("radius", "min"): Label("直线半径{limit}分钟", "{limit} min as the crow flies"),
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


#: Languages written without capitals, and without spaces between words.
UNSPACED = frozenset({"zh"})


def going_on(text: str, language: str) -> str:
    """Return a sentence or a name as it stands inside a sentence: with a small letter where letters have cases."""
    return text if language in UNSPACED else text[:1].lower() + text[1:]


def joined(parts: Iterable[str], between: Label, language: Language) -> str:
    """Return parts in a row, with what a language puts ``between`` them."""
    return between.in_(language).join(parts)


def meters(value: float, language: Language) -> str:
    """Return whole meters with their unit: ``412 m``, ``412米``; a dash when there is no such distance."""
    return _METERS.said(language, n=value) if math.isfinite(value) else "–"


def plain_limit(limit: float, unit: str, language: Language) -> str:
    """Return a limit as its rule states it: ``1500 m``, ``7.5 min``."""
    return _LIMITS[unit].said(language, n=limit)


def whole_meters(values: FloatArray) -> IntArray:
    """Return meters as they are said, NOWHERE where there is no such distance."""
    known = np.isfinite(values)
    return np.where(known, np.round(np.where(known, values, 0.0)), NOWHERE).astype(np.int64)


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
    """Return a share as whole percent, never rounded up to 100 nor down to 0: ``33 %``, in Chinese ``33%``."""
    most = 99 if share < 1 else 100
    number = "<1" if 0 < share < 0.005 else f"{min(round(100 * share), most)}"
    return _PERCENT.said(language, n=number)
