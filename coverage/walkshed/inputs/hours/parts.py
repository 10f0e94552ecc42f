"""The parts of which a text of hours consists: days, spans, exceptions, seasons, and what stands between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from walkshed.inputs.hours.clock import LONE, SPAN, Span, span_of
from walkshed.inputs.hours.days import (
    HOLIDAYS,
    WEEK,
    WEEKEND,
    WORKDAYS,
    Days,
    dates_at,
    weekdays_at,
)
from walkshed.inputs.hours.seasons import Season, season_at
from walkshed.inputs.hours.unclear import EXAMPLE, UnclearHoursError


class Word(Enum):
    """Words that say something of the parts beside them."""

    OFF = "休息"
    EXCEPT = "除外"
    CLOSED_FIRST = "先写的休息日"
    AS_USUAL = "照常"
    LUNCH = "午休"
    NOON_OPEN = "中午不休息"
    CLOSED_ELSE = "其余时间休息"
    ALL_YEAR = "全年无休"
    HOLIDAYS_TOO = "节假日在内"
    ALL_DAY = "全天"
    ROUND_THE_CLOCK = "24小时"
    LIST = "、"
    COMMA = ","
    STRONG = ";"
    BRACKET = "("


@dataclass(frozen=True, slots=True)
class Holidays:
    """Public holidays; ``legal`` where the text says so: 节假日 alone may mean weekends, too."""

    legal: bool


Part = Word | Days | Holidays | Span | Season

_DEPENDS: Final = re.compile(
    "预约|不定期|不定时|不固定|视.{0,8}(?:情况|而定)|酌情|另行|待定|以[^,;()]{0,12}为准|如有|临时|"
    "弹性|灵活|随时"
    "|左右|大约|大概|约|电话|详见|咨询|轮休|轮班|调休|顺延|按需|必要时|有活动|活动期间|单周|双周|"
    "隔周|隔日"
    "|寒暑假|寒假|暑假|学期|天气|雨天|appointment|request"
)
_NAMED_HOLIDAYS: Final = re.compile(
    "春节|国庆|元旦|清明|端午|中秋|五一(?!直)|十一(?=长假|假|黄金)|劳动节|除夕|农历|正月|黄金周|小"
    "长假|年初|大年"
)
_HOLIDAYS: Final = re.compile(
    "(?P<legal>(?:国家|国定|全国)?的?法定的?|国定|国家(?:规定)?的?|公众|公共)"
    "(?:节假日|节日及假日|节日和假日|节日|假日|假期)|(?:节假日|节日|假日)"
)
#: Words in the order in which they are tried.
_WORDS: Final[dict[Word, str]] = {
    Word.NOON_OPEN: (
        "(?:中午|午间|午休|中间)(?:时间)?(?:照常|不休息?|不间断|无休息?|连续|不关门|不闭馆)"
    ),
    Word.CLOSED_ELSE: (
        "(?:其余|其他|其它)(?:时间|时段|日期|日子|月份|季节)?(?:均|都|则)?"
        "(?:休息|闭馆|关闭|不开放|不对外开放|停止开放|不营业|除外)"
    ),
    Word.LUNCH: "午休(?:时间)?|(?:中午|午间|中间)休息(?:时间)?",
    Word.ALL_YEAR: (
        "(?:全年|年中)(?:365天)?(?:均|都)?(?:无休(?:息日?)?|不休息?|不打烊|开放)"
        "|(?:全年|一年)?365天(?:无休|不休息)?"
    ),
    Word.HOLIDAYS_TOO: "节假日在内",
    Word.AS_USUAL: (
        "(?:均|都|也)?(?:照常|正常|不休息?|无休|不打烊|不闭馆)"
        "(?:对外)?(?:开放|营业|上班|服务|办公)?(?!时间| ?:)|也(?:开放|营业|上班)"
    ),
    Word.OFF: (
        "(?:均|都|则)?(?:全天)?(?:休息|休馆|公休|闭馆|关闭|关门|不对外开放|不开放|不开门|不营业|不"
        "办公"
        "|不上班|不服务|不接待|停止(?:对外)?(?:开放|服务|办公|营业)|放假|停业|歇业)(?!日|时间| ?:)"
    ),
    Word.EXCEPT: "除外",
    Word.ROUND_THE_CLOCK: (
        r"(?:全天候?)?\(?(?:24|二十四)个?小时(?:全天候?)?|24 ?[hH](?![a-zA-Z])"
        "|(?:7[x×*]24|24[x×*]7|24/7)(?:个?小时)?|昼夜"
    ),
    Word.ALL_DAY: "全天候?|全日|整天",
}
_MATCHED: Final = tuple((word, re.compile(text)) for word, text in _WORDS.items())
_EVERY_DAY: Final = re.compile("每天|每日|天天|日日|一周七天|一周7天|每周七天|每周7天")
_WORKDAY: Final = re.compile("(?:每个?)?(?:法定)?(?:工作日|上班日)")
_WEEKEND: Final = re.compile("(?:每逢?|逢)?个?(?:双休日|周六日(?!至|-)|周末|礼拜末)")
#: What says nothing of its own.
_FILLING: Final = re.compile(
    "(?:时间|时段)未注明|(?:对外)?(?:开放|服务|营业|办公|工作|上班|作息|接待|受理|活动)(?:的)?(?:"
    "时间|时段)(?:为|是)?|时间段|时间|时段"
    "|(?:对外|免费)?(?:开放|营业|服务|办公|上班|接待|受理|办理)|每逢|逢|遇|于|在|的|从|自(?!助)|止"
    "|均|都|为|是|期间|当天|全年"
    "|每周的?(?=[ :(]|工作日|双休日|周)"
)
_MARKS: Final = (
    (Word.LIST, re.compile(r" ?(?:、|/|和|及|与|以及|并|或(?=法定)) ?")),
    (Word.COMMA, re.compile(" ?, ?")),
    (Word.STRONG, re.compile(" ?; ?")),
    (Word.BRACKET, re.compile(" ?[()] ?")),
)
_COLON: Final = re.compile(r"[: ]+")


def parts_of(text: str) -> list[Part]:
    """Return the parts of a text in one spelling; an error for what is not understood."""
    _refuse_what_depends(text)
    parts: list[Part] = []
    at = 0
    while at < len(text):
        found = _part_at(text, at)
        if found is None:
            raise _not_understood(text, at)
        part, at = found
        if part is not None:
            parts.append(part)
    return parts


def _part_at(text: str, at: int) -> tuple[Part | None, int] | None:
    """Return the part at a place, None for a filling word, and where it ends; None where nothing is known."""
    for word, pattern in _MATCHED:
        found = pattern.match(text, at)
        if found is not None:
            return word, found.end()

    # dates and days before the numbers of a clock
    for read in (dates_at, season_at):
        dated = read(text, at)
        if dated is not None:
            return dated
    named = _named_days(text, at) or weekdays_at(text, at)
    if named is not None:
        return named

    found = SPAN.match(text, at)
    if found is not None:
        return span_of(found), found.end()
    for mark, pattern in _MARKS:
        found = pattern.match(text, at)
        if found is not None:
            return mark, found.end()
    found = _FILLING.match(text, at) or _COLON.match(text, at)
    return None if found is None else (None, found.end())


def _named_days(text: str, at: int) -> tuple[Part, int] | None:
    """Return days that have a name of their own: 每天, 工作日, 周末, 法定节假日."""
    found = _HOLIDAYS.match(text, at)
    if found is not None:
        return Holidays(legal=found["legal"] is not None), found.end()
    for pattern, days in (
        (_EVERY_DAY, Days(WEEK, plain=True)),
        (_WORKDAY, Days(WORKDAYS, several=True)),
        (_WEEKEND, Days(WEEKEND, named=True)),
    ):
        found = pattern.match(text, at)
        if found is not None:
            return days, found.end()
    return None


def _refuse_what_depends(text: str) -> None:
    """Raise at words that leave the hours to a call, a decision or a festival's own dates."""
    found = _DEPENDS.search(text)
    if found is not None:
        raise UnclearHoursError(
            "depend on more than the clock: '{word}'",
            "write the times at which it is open for certain, the rest into a remark",
            word=found[0],
        )
    found = _NAMED_HOLIDAYS.search(text)
    if found is not None:
        raise UnclearHoursError(
            "name a festival by itself: '{word}'",
            "write 法定节假日休息 for all public holidays, or leave the festival out",
            word=found[0],
        )


def _not_understood(text: str, at: int) -> UnclearHoursError:
    """Return the error of what is not understood at a place, up to what is again."""
    lone = LONE.match(text, at)
    if lone is not None:
        return UnclearHoursError(
            "hold a time without its end or beginning: '{said}'",
            "write both: 8:30-17:30",
            said=lone[0],
        )
    end = at + 1
    while end < len(text) and _is_unknown(text, end):
        end += 1
    if at == 0:
        return UnclearHoursError("are not valid opening hours", EXAMPLE)
    return UnclearHoursError(
        "hold what is not understood: '{part}'", EXAMPLE, part=text[at:end].strip()
    )


def _is_unknown(text: str, at: int) -> bool:
    """Return whether nothing at a place is known."""
    try:
        return _part_at(text, at) is None and LONE.match(text, at) is None
    except UnclearHoursError:
        return False


def days_in(part: Days | Holidays) -> frozenset[int]:
    """Return the weekdays that a part names, and the holidays."""
    return frozenset({HOLIDAYS}) if isinstance(part, Holidays) else part.days
