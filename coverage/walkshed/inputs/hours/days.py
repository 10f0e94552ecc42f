"""Days in Chinese: 周一至周五, 周一、三、五, 周六日, 工作日, 每月第一个周三, 单日, as weekdays or dates."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from walkshed.inputs.hours.unclear import UnclearHoursError

NAMES: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
#: Public holidays, beside the weekdays 0 (Monday) to 6.
HOLIDAYS: Final = 7
WEEK: Final = frozenset(range(7))
WORKDAYS: Final = frozenset(range(5))
WEEKEND: Final = frozenset({5, 6})

_DIGITS: Final = {
    **{text: number for number, text in enumerate("一二三四五六日")},
    **{str(number + 1): number for number in range(7)},
    "天": 6,
}
_WEEK: Final = "(?:每逢|每|逢)?(?:周|星期|礼拜)"
#: What makes of a digit, and of one of 一二三四五六日, no day of the week.
_NO_DIGIT: Final = r"(?![\d:.点时月号日个次天楼])"
_NO_DAY: Final = "(?![点时月号个次天楼])"
_DAY: Final = f"(?:(?P<day>[一二三四五六日天]){_NO_DAY}|(?P<digit>[1-7]){_NO_DIGIT})"
_FIRST: Final = re.compile(_WEEK + _DAY)
_TO: Final = re.compile(rf" ?(?:-|至|到) ?(?:{_WEEK})?{_DAY}")
_AND: Final = re.compile(rf" ?(?:、|/|和|及|与|以及) ?(?:{_WEEK})?{_DAY}")
_BESIDE: Final = re.compile(
    f"(?P<day>[一二三四五六日])(?P<digit>(?!))?{_NO_DAY}(?!十|[一二三四五六七八九十]+[点时个小])"
)
#: 周一五 is hardly Monday and Friday.
_MAY_BE_RANGE: Final = frozenset({(0, 4), (0, 5), (0, 6)})

_COUNT: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "首": 1, "最后一": -1, "末": -1}
_NTH: Final = re.compile(
    r"每(?:个)?月的?第?(?P<counts>(?:最后一|[一二三四五首末1-5])(?:[、和及](?:最后一|第?[一二三四五1-5]))*)"
    r"个(?:周|星期|礼拜)(?P<day>[一二三四五六日天1-7])(?![\d:.点时])"
)
_ONE_COUNT: Final = re.compile("最后一|[一二三四五首末1-5]")
_MONTH_DAYS: Final = re.compile(
    r"每(?:个)?月(?:逢)?(?P<days>\d{1,2}[日号]?(?:(?:、|和|及|-|至)\d{1,2}[日号]?)*)(?<=[日号])"
)
_PARITY: Final = re.compile(r"(?:每|逢|每逢)?(?P<odd>单|双)(?:日|号)(?!期)")


@dataclass(frozen=True, slots=True)
class Days:
    """Days that a text names: weekdays, or what OSM writes for others (``special``).

    ``plain`` are words that name no weekday: every day. ``several``: a stretch of days rather than
    single ones.
    """

    days: frozenset[int]
    special: str = ""
    plain: bool = False
    named: bool = False
    several: bool = False


def weekdays_at(text: str, at: int) -> tuple[Days, int] | None:
    """Return the weekdays that a text names at a place, and where they end; None for none."""
    found = _FIRST.match(text, at)
    if found is None:
        return None

    listed, several, beside = [_day(found)], False, 0
    while True:
        at = found.end()
        more = _TO.match(text, at)
        if more is not None:
            listed += _through(listed.pop(), _day(more))
            several, found = True, more
            continue
        more = _AND.match(text, at)
        if more is None and not several:
            more = _BESIDE.match(text, at)
            beside += more is not None
        if more is None:
            break
        listed.append(_day(more))
        found = more

    if beside == 1 and tuple(listed) in _MAY_BE_RANGE:
        raise UnclearHoursError(
            "may name two days or all from the one to the other", "write 周一、周五 or 周一至周五"
        )
    return Days(frozenset(listed), named=True, several=several and len(set(listed)) > 2), at


def _day(found: re.Match[str]) -> int:
    return _DIGITS[found["day"] or found["digit"]]


def _through(first: int, last: int) -> list[int]:
    """Return the days from one to another, over the end of the week where the second is earlier."""
    if first == last:
        raise UnclearHoursError("name the same day as first and last", "write 周一至周五")
    return [(first + number) % 7 for number in range((last - first) % 7 + 1)]


def dates_at(text: str, at: int) -> tuple[Days, int] | None:
    """Return days of the month that a text names at a place, and where they end; None for none."""
    found = _NTH.match(text, at)
    if found is not None:
        counts = [_nth(word) for word in _ONE_COUNT.findall(found["counts"])]
        listed = ",".join(str(count) for count in counts)
        day = NAMES[_DIGITS[found["day"]]]
        return Days(frozenset(), special=f"{day}[{listed}]"), found.end()

    found = _MONTH_DAYS.match(text, at)
    if found is not None:
        return Days(frozenset(), special=_every_month(_listed(found["days"]))), found.end()

    found = _PARITY.match(text, at)
    if found is not None:
        odd = found["odd"] == "单"
        return Days(frozenset(), special=_every_month(range(1 if odd else 2, 32, 2))), found.end()
    return None


def _nth(word: str) -> int:
    return int(word) if word.isdigit() else _COUNT[word]


def _listed(text: str) -> list[int]:
    """Return the days of the month of a list: 1日、15日, 1-5日."""
    days: set[int] = set()
    for part in re.split("、|和|及", text):
        ends = [int(end.rstrip("日号")) for end in re.split("-|至", part)]
        if not all(1 <= end <= 31 for end in ends) or len(ends) > 2 or ends[0] > ends[-1]:
            raise UnclearHoursError(
                "name days that no month has: '{said}'", "write 每月1日、15日", said=text
            )
        days.update(range(ends[0], ends[-1] + 1))
    return sorted(days)


def _every_month(days: Iterable[int]) -> str:
    """Return days of the month as OSM writes them: by month, those that it has."""
    longest = [calendar.monthrange(2028, month + 1)[1] for month in range(12)]
    return ",".join(
        f"{name} {day:02d}"
        for name, last in zip(MONTHS, longest, strict=True)
        for day in days
        if day <= last
    )


def osm_days(days: frozenset[int]) -> str:
    """Return weekdays as OSM writes them, neighbors together: ``Mo-We,Fr,PH``."""
    parts: list[list[int]] = []
    for day in sorted(days - {HOLIDAYS}):
        if parts and parts[-1][-1] == day - 1:
            parts[-1].append(day)
        else:
            parts.append([day])
    texts = [
        NAMES[part[0]] if len(part) == 1 else f"{NAMES[part[0]]}-{NAMES[part[-1]]}"
        for part in parts
    ]
    return ",".join([*texts, *(["PH"] if HOLIDAYS in days else [])])
