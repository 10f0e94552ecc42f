"""Times of day in Chinese: 8:30-17:30, 8点半至17点, 上午8:30-下午5:30, as minutes from midnight."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from walkshed.inputs.hours.unclear import UnclearHoursError

DAY_MIN: Final = 24 * 60
_NOON: Final = 12 * 60

_HAN: Final = "零一二三四五六七八九"
_HAN_DIGITS: Final = "[零〇一二两三四五六七八九十]{1,4}"


class _Part(Enum):
    """Parts of the day that words name."""

    MORNING = "上午"
    NOON = "中午"
    AFTERNOON = "下午"
    DUSK = "傍晚"
    EVENING = "晚上"
    SMALL_HOURS = "凌晨"
    NEXT_DAY = "次日"
    AM = "am"
    PM = "pm"


_PERIODS: Final = {
    **dict.fromkeys(("上午", "早上", "早晨", "清晨", "早", "晨"), _Part.MORNING),
    **dict.fromkeys(("中午", "正午"), _Part.NOON),
    **dict.fromkeys(("下午", "午后"), _Part.AFTERNOON),
    **dict.fromkeys(("傍晚",), _Part.DUSK),
    **dict.fromkeys(("晚上", "晚间", "夜间", "夜里", "夜晚", "晚"), _Part.EVENING),
    **dict.fromkeys(("凌晨",), _Part.SMALL_HOURS),
    **dict.fromkeys(("次日", "翌日", "第二天", "次日凌晨", "第二天凌晨"), _Part.NEXT_DAY),
    **dict.fromkeys(("次日早上", "次日上午", "第二天早上", "第二天上午"), _Part.NEXT_DAY),
    "am": _Part.AM,
    "pm": _Part.PM,
}
_WORDS: Final = "|".join(sorted(_PERIODS, key=lambda word: (-len(word), word)))
#: For each period: the hours of its own half of the day that are written as 1 to 12, and those of the whole day.
_HALVES: Final = {
    _Part.MORNING: (range(0), range(13)),
    _Part.NOON: (range(1, 3), range(11, 15)),
    _Part.AFTERNOON: (range(1, 8), range(12, 22)),
    _Part.DUSK: (range(4, 9), range(16, 21)),
    _Part.EVENING: (range(5, 12), range(17, 25)),
    _Part.SMALL_HOURS: (range(0), range(7)),
    _Part.AM: (range(0), range(12)),
    _Part.PM: (range(1, 12), range(12, 24)),
}
#: Parts of the day in which an end without one lies, too: 下午2:30-5:30.
_LATE: Final = frozenset({_Part.NOON, _Part.AFTERNOON, _Part.DUSK, _Part.EVENING, _Part.PM})

#: 8:30, 8:30:00, 8.30; 8点, 8时30分, 八点半; 8 alone, which only another time explains. @ is 1 or 2.
_CLOCK: Final = (
    r"(?:(?P<h@>\d{1,2}) ?: ?(?P<m@>\d{2})(?::00)?(?!\d)(?:时|分)?(?!间|段)"
    rf"|(?P<H@>\d{{1,2}}|{_HAN_DIGITS})[点时](?!间|段|令|制)"
    rf"(?:整|钟|(?P<q@>半|一刻|三刻)|(?P<M@>\d{{1,2}}|{_HAN_DIGITS})(?![点时:\d])分?)?"
    r"|(?P<d@>\d{1,2})\.(?P<D@>\d{2})(?![.\d])"
    r"|(?P<b@>\d{1,2})(?![\d:.月日号点时]))"
)
_PERIOD: Final = rf"(?:(?P<p@>{_WORDS}) ?:? ?\(?)?"
_ONE: Final = _PERIOD + _CLOCK + r"(?: ?(?P<s@>am|pm)(?! ?\d))?"
SPAN: Final = re.compile(
    rf"(?<!\d){_ONE.replace('@', '1')} ?(?:-|至|到|直至|直到) ?{_ONE.replace('@', '2')}",
    re.IGNORECASE,
)
#: A time or a part of the day that no other time completes.
LONE: Final = re.compile(rf"(?<!\d){(_PERIOD + _CLOCK).replace('@', '1')}|{_WORDS}")


@dataclass(frozen=True, slots=True)
class Span:
    """Minutes from midnight, the end over 1440 on the next day; ``bare`` where no word says which half of the day.

    ``early``: a bare one that, standing alone, may be the evening's: 7:00-9:00.
    """

    begin: int
    end: int
    bare: bool = False
    early: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class _Time:
    """A time as it is written: its minute of the day, its part of the day (None where none is said)."""

    minute: int
    period: _Part | None
    alone: bool  # a number without a unit
    padded: bool  # 08:30: the clock of 24 hours
    dotted: bool = False


def span_of(found: re.Match[str]) -> Span:
    """Return the span that a match of ``SPAN`` writes; an error where it can be meant in two ways."""
    first, last = _time(found, 1), _time(found, 2)
    said = found[0].strip()
    _check_numbers(first, last, said)
    begin, end = _begin(first, said), _end(first, last, said)

    # 5:00-9:00 and 2:00-5:00 are the morning's or the evening's
    bare = not first.period and not last.period and begin <= _NOON
    clear = begin >= 5 * 60 and (first.padded or end > _NOON)
    if bare and 60 <= begin < 6 * 60 and not clear:
        raise UnclearHoursError(
            "do not say whether '{said}' is in the morning or in the afternoon",
            "write 14:00-17:00 or 下午2:00-5:00; for the morning, 凌晨2:00-5:00",
            said=said,
        )
    early = bare and not first.padded and 6 * 60 <= begin < 8 * 60 and end <= 10 * 60
    return Span(begin, end, bare, early, said)


def _check_numbers(first: _Time, last: _Time, said: str) -> None:
    """Raise where numbers without a unit stand alone: 9-17 may be days of a month."""
    if last.alone and not (last.period and first.period):
        raise UnclearHoursError(
            "do not say what the numbers of '{said}' are",
            "write times with minutes: 9:00-17:00",
            said=said,
        )
    if first.dotted != last.dotted:
        raise UnclearHoursError(
            "do not say what the numbers of '{said}' are",
            "write times with a colon: 8:30-17:30",
            said=said,
        )


def _begin(time: _Time, said: str) -> int:
    """Return the minute at which a span begins."""
    minute = _in_period(time, said)
    if minute >= DAY_MIN:
        raise UnclearHoursError(
            "begin at the end of a day: '{said}'",
            "write the time at which they begin: 0:00",
            said=said,
        )
    return minute


def _end(first: _Time, last: _Time, said: str) -> int:
    """Return the minute at which a span ends, over 1440 on the next day."""
    begin = _in_period(first, said)
    if last.period:
        end = _in_period(last, said)
        if last.period is _Part.AM and first.period is _Part.PM:
            return end + DAY_MIN
        if last.period is not _Part.NEXT_DAY and end <= begin:
            raise _backwards(said, last)
        return end

    # written by the clock of 24 hours, midnight included
    if last.minute > begin and not (first.period in _LATE and last.minute <= _NOON):
        return last.minute
    if last.minute == 0:
        return DAY_MIN

    # 下午2:30-5:30, 中午11:30-1:00, 晚上7:00-9:00: the same half of the day
    later = last.minute + _NOON
    if first.period in _LATE and last.minute <= _NOON:
        if begin < later <= DAY_MIN:
            return later
        return last.minute + DAY_MIN

    # 22:00-6:00 can only be the next day's; 8:30-5:30 may be both
    if first.period not in (_Part.MORNING, _Part.AM) and begin != last.minute and later <= begin:
        return last.minute + DAY_MIN
    raise _backwards(said, last)


def _backwards(said: str, last: _Time) -> UnclearHoursError:
    """Return the error of a span that ends before it begins."""
    hour, minute = divmod(last.minute, 60)
    next_day = f"次日{hour}:{minute:02d}"
    afternoon = f"{(hour + 12) % 24}:{minute:02d}"
    if hour > 12:
        return UnclearHoursError(
            "end before they begin: '{said}'",
            "exchange the two times; for the next day, {next_day}",
            said=said,
            next_day=next_day,
        )
    return UnclearHoursError(
        "end before they begin: '{said}'",
        "write {afternoon} if that is meant, {next_day} for the next day",
        said=said,
        afternoon=afternoon,
        next_day=next_day,
    )


def _in_period(time: _Time, said: str) -> int:
    """Return the minute of the day of a time by its part of the day: 下午2:30 is 14:30."""
    if time.period is None:
        return time.minute
    hour = time.minute // 60
    if time.period is _Part.NEXT_DAY:
        if hour <= 12:
            return time.minute + DAY_MIN
    elif time.period is _Part.EVENING and time.minute == _NOON:
        return DAY_MIN
    elif time.period is _Part.AM and hour == 12:
        return time.minute - _NOON
    else:
        shifted, whole = _HALVES[time.period]
        if hour in shifted:
            return time.minute + _NOON
        if hour in whole:
            return time.minute
    raise UnclearHoursError(
        "name a time that is not in its part of the day: '{said}'",
        "write it by the clock of 24 hours: 14:30-17:30",
        said=said,
    )


def _time(found: re.Match[str], n: int) -> _Time:
    """Return one end of a span as it is written."""
    part = {name[0]: text for name, text in found.groupdict().items() if name.endswith(str(n))}
    period = _PERIODS.get((part["p"] or part["s"] or "").lower())
    hours = part["h"] or part["H"] or part["d"] or part["b"]
    quarter = {"半": "30", "一刻": "15", "三刻": "45"}.get(part["q"] or "", "0")
    minutes = part["m"] or part["M"] or part["D"] or quarter

    hour, minute = _number(hours), _number(minutes)
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        raise UnclearHoursError(
            "name a time that no clock shows: '{said}'",
            "write hours up to 24 and minutes up to 59",
            said=found[0].strip(),
        )
    padded = len(hours) == 2 and part["h"] is not None
    dotted, alone = part["d"] is not None, part["b"] is not None
    return _Time(60 * hour + minute, period, alone, padded, dotted)


def _number(text: str) -> int:
    """Return a number below 100, in Arabic or Chinese digits."""
    if text.isdigit() and text.isascii():
        return int(text)
    plain = text.replace("〇", "零").replace("两", "二")
    tens, ten, ones = plain.partition("十")
    if ten:
        return 10 * _digit(tens or "一") + _digit(ones or "零")
    return _digit(plain.removeprefix("零") or "零")


def _digit(text: str) -> int:
    """Return one Chinese digit; 99, which no clock shows, for what is none."""
    return _HAN.index(text) if len(text) == 1 and text in _HAN else 99
