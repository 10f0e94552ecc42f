"""Opening hours as a reader of each language is used to them: 周一至周五 8:30–17:30；法定节假日休息."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Final

from walkshed.model.labels import Label
from walkshed.words.quantities import clock_text

_DAYS: Final = {
    "Mo": Label("周一", "Mon"),
    "Tu": Label("周二", "Tue"),
    "We": Label("周三", "Wed"),
    "Th": Label("周四", "Thu"),
    "Fr": Label("周五", "Fri"),
    "Sa": Label("周六", "Sat"),
    "Su": Label("周日", "Sun"),
    "PH": Label("法定节假日", "public holidays"),
    "SH": Label("学校假期", "school holidays"),
}
_MONTHS: Final = {
    "Jan": Label("1月", "Jan"),
    "Feb": Label("2月", "Feb"),
    "Mar": Label("3月", "Mar"),
    "Apr": Label("4月", "Apr"),
    "May": Label("5月", "May"),
    "Jun": Label("6月", "Jun"),
    "Jul": Label("7月", "Jul"),
    "Aug": Label("8月", "Aug"),
    "Sep": Label("9月", "Sep"),
    "Oct": Label("10月", "Oct"),
    "Nov": Label("11月", "Nov"),
    "Dec": Label("12月", "Dec"),
}
_EVERY_DAY: Final = Label("每天", "daily")
_HOLIDAYS_TOO: Final = Label("每天（含法定节假日）", "daily, public holidays included")
_THROUGH: Final = Label("{first}至{last}", "{first}–{last}")
_NEXT_YEAR: Final = Label("{first}至次年{last}", "{first}–{last}")
_DATE: Final = Label("{month}{day}日", "{month} {day}")
_NTH: Final = Label("每月第{n}个{day}", "{day} no. {n} of each month")
_LAST: Final = Label("每月最后一个{day}", "the last {day} of each month")
_MONTHLY: Final = Label("每月{days}", "each month on day {days}")
_MONTH_DAY: Final = Label("{n}日", "{n}")
_ODD: Final = Label("单日", "odd dates")
_EVEN: Final = Label("双日", "even dates")
_ITEMS: Final = Label("、", ", ")
_RULES: Final = Label("；", "; ")
_TIME: Final = Label("{begin}–{end}", "{begin}–{end}")
_OVER_NIGHT: Final = Label("{begin}–次日{end}", "{begin}–{end} the next day")
#: What parts of the day are called where a time alone may be taken for the evening's.
_SMALL_HOURS: Final = Label("凌晨{time}", "{time}")
_MORNING: Final = Label("早上{time}", "{time}")
_AROUND: Final = Label("24小时开放", "open 24 hours")
_ALL_DAY: Final = Label("24小时", "24 hours")
_CLOSED: Final = Label("{days}休息", "{days}: closed")
_SHUT: Final = Label("休息", "closed")
_NO_TIMES: Final = Label("{days}（时段未注明）", "{days} (times not stated)")
_COMMENT: Final = Label("（{text}）", " ({text})")
#: Words of the rarer rules, which are put in one by one.
_OTHERS: Final = {
    "off": _SHUT,
    "closed": _SHUT,
    "open": Label("开放", "open"),
    "unknown": Label("待确认", "to be asked"),
    "sunrise": Label("日出", "sunrise"),
    "sunset": Label("日落", "sunset"),
    "dawn": Label("黎明", "dawn"),
    "dusk": Label("黄昏", "dusk"),
    "easter": Label("复活节", "Easter"),
    "week": Label("周次", "week"),
    "days": Label("天", "days"),
    "day": Label("天", "day"),
    "24/7": _AROUND,
    "||": Label("，否则", ", else"),
    ",": Label("，", ", "),
}

_DAY: Final = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_MONTH: Final = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_ONE_DATE: Final = rf"{_MONTH}(?: \d{{1,2}}(?![\d:]))?"
_SEASON: Final = rf"{_ONE_DATE}(?: ?- ?{_ONE_DATE})?"
_DAY_ITEM: Final = rf"(?:{_DAY}\[-?\d(?:,-?\d)*\]|{_DAY}-{_DAY}|{_DAY}|PH|SH)"
_SPAN: Final = r"\d{1,2}:\d{2}-\d{1,2}:\d{2}"
_RULE: Final = re.compile(
    rf"(?P<dates>{_SEASON}(?:, ?{_SEASON})*)?:? ?"
    rf"(?P<days>{_DAY_ITEM}(?:, ?{_DAY_ITEM})*)?:? ?"
    rf"(?P<times>{_SPAN}(?:, ?{_SPAN})*|off|closed|24/7)?"
    r'(?: ?"(?P<comment>[^"]*)")?'
)
_QUOTED: Final = re.compile(r'("[^"]*")')
_WORD: Final = re.compile(r"\|\||24/7|,|[A-Za-z]+")
_GAPS: Final = re.compile(r" *([，（]|, ) *| +(?= )")
_DATE_TEXT: Final = re.compile(rf"({_MONTH})(?: (\d{{1,2}}))?")


def hours_text(osm: str, language: str) -> str:
    """Return OSM opening hours in a language; rules of rarer kinds word by word."""
    rules = _split(osm)
    found = [_RULE.fullmatch(rule) for rule in rules]
    if not all(each and each[0] for each in found):
        return _word_by_word(osm, language)
    return _RULES.in_(language).join(_rule(each, language) for each in found if each)


def _split(osm: str) -> list[str]:
    """Return the rules of hours: what semicolons part outside of comments."""
    parts = _QUOTED.split(osm)
    parts[1::2] = [part.replace(";", "\0") for part in parts[1::2]]
    return [rule.replace("\0", ";").strip() for rule in "".join(parts).split(";") if rule.strip()]


def _rule(found: re.Match[str], language: str) -> str:
    """Return one rule: dates, days, times and its comment."""
    days = [_dates(found["dates"], language) if found["dates"] else ""]
    days += [_weekdays(found["days"], language) if found["days"] else ""]
    when = " ".join(part for part in days if part)

    text = when
    if found["times"] in {"off", "closed"}:
        text = _CLOSED.said(language, days=when) if when else _SHUT.in_(language)
    elif found["times"] == "24/7":
        text = " ".join(part for part in (when, _AROUND.in_(language)) if part)
    elif found["times"]:
        times = [_time(span, language) for span in found["times"].split(",")]
        text = " ".join(part for part in (when, _ITEMS.in_(language).join(times)) if part)
    elif when and found["comment"] is None:
        text = _NO_TIMES.said(language, days=when)
    if found["comment"] is None or not text:
        return found["comment"] or text
    return text + _COMMENT.said(language, text=found["comment"])


def _time(span: str, language: str) -> str:
    """Return one span of a day, its end by the clock of its own day."""
    begin, end = (_minutes(time) for time in span.strip().split("-"))
    if (begin, end) == (0, 24 * 60):
        return _ALL_DAY.in_(language)
    label = _OVER_NIGHT if end <= begin or end > 24 * 60 else _TIME
    until = end - 24 * 60 if end > 24 * 60 else end
    since = clock_text(begin, language)
    if 60 <= begin < 6 * 60:
        since = _SMALL_HOURS.said(language, time=since)
    elif 6 * 60 <= begin < 8 * 60 and begin < end <= 10 * 60:
        since = _MORNING.said(language, time=since)
    return label.said(language, begin=since, end=clock_text(until, language))


def _minutes(time: str) -> int:
    hour, minute = time.split(":")
    return 60 * int(hour) + int(minute)


def _weekdays(text: str, language: str) -> str:
    """Return weekdays and holidays of a rule: 周一至周五, 每天, 每月第1个周三."""
    items = re.findall(_DAY_ITEM, text)
    if items == ["Mo-Su"]:
        return _EVERY_DAY.in_(language)
    if items == ["Mo-Su", "PH"]:
        return _HOLIDAYS_TOO.in_(language)
    return _ITEMS.in_(language).join(_weekday(item, language) for item in items)


def _weekday(item: str, language: str) -> str:
    """Return one item of the weekdays of a rule."""
    if "[" in item:
        day, _, counts = item.rstrip("]").partition("[")
        return _nth(_DAYS[day].in_(language), counts.split(","), language)
    first, _, last = item.partition("-")
    named = _DAYS[first].in_(language)
    if not last:
        return named

    # two days that follow each other are named both
    until = _DAYS[last].in_(language)
    order = list(_DAYS)
    if order.index(last) == order.index(first) + 1:
        return _ITEMS.in_(language).join((named, until))
    return _THROUGH.said(language, first=named, last=until)


def _nth(day: str, counts: list[str], language: str) -> str:
    """Return which of the days of a month are meant: 每月第1、3个周六."""
    if counts == ["-1"]:
        return _LAST.said(language, day=day)
    return _NTH.said(language, n=_ITEMS.in_(language).join(counts), day=day)


def _dates(text: str, language: str) -> str:
    """Return the dates of a rule: seasons, or days of every month."""
    items = [item.strip() for item in text.split(",")]
    pairs = [_DATE_TEXT.fullmatch(item) for item in items]
    single = [(found[1], int(found[2])) for found in pairs if found and found[2]]
    if len(single) == len(items):
        monthly = _monthly(single, language)
        if monthly:
            return monthly
    return _ITEMS.in_(language).join(_season(item, language) for item in items)


def _monthly(dates: list[tuple[str, int]], language: str) -> str:
    """Return dates that are the same days of every month; "" for others."""
    by_month = {month: [day for _, day in days] for month, days in groupby(dates, lambda d: d[0])}
    longest = max(by_month.values(), key=len)
    if len(by_month) < len(_MONTHS):
        return ""
    if any(
        days != longest[: len(days)] or longest[len(days) : -1][:1] for days in by_month.values()
    ):
        return ""
    if longest == list(range(1, 32, 2)):
        return _ODD.in_(language)
    if longest == list(range(2, 31, 2)):
        return _EVEN.in_(language)
    days = _ITEMS.in_(language).join(_MONTH_DAY.said(language, n=day) for day in longest)
    return _MONTHLY.said(language, days=days)


def _season(item: str, language: str) -> str:
    """Return dates from one to another, or one date."""
    ends = [_DATE_TEXT.fullmatch(end.strip()) for end in item.split("-")]
    said = [_date(found[1], found[2], language) for found in ends if found]
    if len(said) == 1:
        return said[0]
    order = [list(_MONTHS).index(found[1]) for found in ends if found]
    label = _NEXT_YEAR if order[0] > order[1] else _THROUGH
    return label.said(language, first=said[0], last=said[1])


def _date(month: str, day: str | None, language: str) -> str:
    named = _MONTHS[month].in_(language)
    return _DATE.said(language, month=named, day=int(day)) if day else named


def _word_by_word(osm: str, language: str) -> str:
    """Return hours of a rarer kind with their words in a language, their signs as they are."""
    words = {**_DAYS, **_MONTHS, **_OTHERS}

    def said(found: re.Match[str]) -> str:
        label = words.get(found[0])
        return found[0] if label is None else label.in_(language)

    parts = _QUOTED.split(osm)
    parts[::2] = [_WORD.sub(said, part) for part in parts[::2]]
    parts[1::2] = [_COMMENT.said(language, text=part[1:-1]) for part in parts[1::2]]
    text = _GAPS.sub(lambda found: found[1], "".join(parts))
    return _RULES.in_(language).join(part.strip() for part in text.split(";"))
