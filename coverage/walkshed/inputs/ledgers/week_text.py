"""Days and times as offices write them: 周一至周五, 每周三、五, 工作日, 8:30-11:30, 下午2点至5点半."""

from __future__ import annotations

import re
import unicodedata

from walkshed.model.town.room_times import MINUTES_PER_DAY, Stretch

_HAN_DAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_NAMES = ("mo", "tu", "we", "th", "fr", "sa", "su")
_GROUPS = {
    "每天": "一-日",
    "每日": "一-日",
    "天天": "一-日",
    "全周": "一-日",
    "工作日": "一-五",
    "周末": "六-日",
    "双休日": "六-日",
    "休息日": "六-日",
    "daily": "一-日",
    "every day": "一-日",
    "weekdays": "一-五",
    "workdays": "一-五",
    "weekend": "六-日",
    "weekends": "六-日",
}
#: Hours for weekdays hold on no public holiday that falls on one, unless they name it.
_NO_HOLIDAYS = re.compile(r"[(,，]?(?:法定)?节假日(?:除外|休息|不开放)[)]?")
_PREFIX = re.compile(r"每|(?:周|星期|礼拜)(?=[一二三四五六日天1-7])")
_UP_TO = re.compile(r"\s*(?:-|~|—|–|至|到)+\s*")
_AND = re.compile(r"\s*(?:、|,|;|和|及|/|\+)\s*|\s+")
_WORD = re.compile(r"(mo|tu|we|th|fr|sa|su)[a-z]*\.?")

#: 8:30, 8.30, 8点, 8点半, 下午2点5分; 8.5 is no time.
_TIME = (
    r"(?:(上午|下午|晚上|中午|早上))?(\d{1,2})"
    r"(?:[:.](\d{2})|[点时](?:(\d{1,2})分?|(半))?)?"
)
_SPAN = re.compile(f"{_TIME}-{_TIME}")
_LATER = {"下午", "晚上"}
_WHOLE_DAY = {"全天", "24小时", "全日", "all day", "24h"}


def days_of(text: str) -> tuple[int, ...] | None:
    """Return the days of the week that a text names, 0 for Monday; None for what names none."""
    plain = _NO_HOLIDAYS.sub("", unicodedata.normalize("NFKC", text).strip().lower()).strip()
    for word, days in _GROUPS.items():
        plain = plain.replace(word, days)
    plain = _UP_TO.sub("-", _PREFIX.sub("", plain))

    found: set[int] = set()
    for part in _AND.split(plain):
        ends = [_days(end) for end in part.split("-")]
        if len(ends) == 1 and ends[0]:
            found.update(ends[0])
        elif len(ends) == 2 and all(len(end) == 1 for end in ends):
            first, last = ends[0][0], ends[1][0]
            found.update(day % 7 for day in range(first, last + 1 + 7 * (last < first)))
        else:
            return None
    return tuple(sorted(found))


def _days(text: str) -> tuple[int, ...]:
    """Return the days of one word, several where their characters stand together (一三五); () for none."""
    if len(text) == 1 and text in "1234567":
        return (int(text) - 1,)
    found = _WORD.fullmatch(text)
    if found:
        return (_NAMES.index(found[1]),)
    if text and all(character in _HAN_DAYS for character in text):
        return tuple(_HAN_DAYS[character] for character in text)
    return ()


def spans_of(text: str) -> tuple[Stretch, ...] | None:
    """Return the spans of a day that a text names, in minutes; None for what names none.

    A morning or an afternoon without hours is none.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if plain in _WHOLE_DAY:
        return ((0, MINUTES_PER_DAY),)

    spans = []
    for part in _AND.split(_UP_TO.sub("-", plain)):
        found = _SPAN.fullmatch(part)
        if found is None:
            return None
        words = found.groups()
        begin = _minute(words[0], *words[1:5])
        end = _minute(words[5] or words[0], *words[6:])
        if not 0 <= begin < end <= MINUTES_PER_DAY:
            return None
        spans.append((begin, end))
    return tuple(sorted(spans))


def _minute(
    when: str | None, hour: str, minutes: str | None, han: str | None, half: str | None
) -> int:
    """Return the minute of the day of a time; -1 for none."""
    number, past = int(hour), 30 if half else int(minutes or han or 0)
    if (when in _LATER and number < 12) or (when == "晚上" and number == 12):
        number += 12
    return -1 if number > 24 or past > 59 else 60 * number + past
