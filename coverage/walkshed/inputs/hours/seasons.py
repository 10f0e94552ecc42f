"""Seasons by their months: 夏季（5月-9月）, 10月15日至次年4月14日; a season without months says nothing certain."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from typing import Final

from walkshed.inputs.hours.days import MONTHS
from walkshed.inputs.hours.unclear import UnclearHoursError

_HAN: Final = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_MONTH: Final = r"(?P<m{n}>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_NAMED: Final = (
    r"(?:(?:春夏|秋冬|夏秋|冬春|春|夏|秋|冬)(?:季|令|时|天)+制?(?:作息|开放|服务)?(?:时间)?)"
)
_RANGE: Final = (
    rf"(?:每年)?{_MONTH.format(n=1)}(?:月份?)?(?:(?P<d1>\d{{1,2}})[日号])?"
    rf" ?(?:-|至|到) ?(?:次年|翌年|第二年|来年)?{_MONTH.format(n=2)}月份?(?:(?P<d2>\d{{1,2}})[日号])?"
    r"(?!\d{1,2}[日号]|[底初中上下])"
)
_DATED: Final = re.compile(rf"(?:{_NAMED} ?:? ?\(?)?{_RANGE}(?: ?\)? ?\(?{_NAMED}\)?)?:?")
_BARE: Final = re.compile(_NAMED)
_FIRST_MONTH: Final = re.compile(r"\d{1,2}月|[一二三四五六七八九十]{1,2}月")


@dataclass(frozen=True, slots=True)
class Season:
    """From a month and day to another, both included; days of a year, over its end where the second is earlier."""

    first: tuple[int, int]
    last: tuple[int, int]

    @property
    def days(self) -> frozenset[int]:
        """The days of a leap year that it holds, from 0."""
        begin, end = _place(self.first), _place(self.last)
        return frozenset((begin + number) % 366 for number in range((end - begin) % 366 + 1))

    @property
    def osm(self) -> str:
        """The dates as OSM writes them."""
        (month, day), (until, last) = self.first, self.last
        if day == 1 and last == _length(until):
            whole = month == until
            return MONTHS[month - 1] if whole else f"{MONTHS[month - 1]}-{MONTHS[until - 1]}"
        return f"{MONTHS[month - 1]} {day:02d}-{MONTHS[until - 1]} {last:02d}"


def season_at(text: str, at: int) -> tuple[Season, int] | None:
    """Return the season whose months a text states at a place, and where it ends; None for none.

    An error for a season without months.
    """
    found = _DATED.match(text, at)
    if found is not None:
        first = _date(found["m1"], found["d1"], start=True)
        last = _date(found["m2"], found["d2"], start=False)
        return Season(first, last), found.end()
    if _BARE.match(text, at):
        raise UnclearHoursError(
            "name a season without its months", "write its months: 夏季（5月-9月）8:00-18:00"
        )
    if _FIRST_MONTH.match(text, at):
        raise UnclearHoursError(
            "name months that are not understood", "write 5月-9月 or 5月1日-9月30日"
        )
    return None


def check_year(seasons: list[Season], *, closed_else: bool) -> None:
    """Raise where seasons overlap, or leave days of the year of which nothing is said."""
    held: set[int] = set()
    for season in seasons:
        if held & season.days:
            raise UnclearHoursError(
                "have seasons that overlap", "let each season begin on the day after the other"
            )
        held |= season.days
    if len(held) < 366 and not closed_else:
        raise UnclearHoursError(
            "do not say what holds in the other months",
            "write the hours of the other months, too, or 其余时间不开放",
        )


def _date(month: str, day: str | None, *, start: bool) -> tuple[int, int]:
    """Return month and day; without a day the first or the last of the month."""
    number = int(month) if month.isdigit() else _HAN.index(month) + 1
    length = _length(number)
    if day is None:
        return number, 1 if start else length
    if not 1 <= int(day) <= length:
        raise UnclearHoursError(
            "name a day that no year has: '{date}'", "write another day", date=f"{month}月{day}日"
        )

    # 28 February is meant as the end of the month
    if not start and (number, int(day)) == (2, 28):
        return number, length
    return number, int(day)


def _length(month: int) -> int:
    return calendar.monthrange(2028, month)[1]


def _place(date: tuple[int, int]) -> int:
    return sum(_length(month) for month in range(1, date[0])) + date[1] - 1
