"""Hours composed of days, times, signs and exceptions, read and compared minute by minute with what was composed.

The model below knows weekdays, public holidays and minutes, and nothing of the reader or of OSM.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from walkshed.inputs.hours.reading import read_hours
from walkshed.inputs.hours.unclear import UnclearHoursError
from walkshed.needs.rules.hours import open_on

VARIANTS = 1500
#: Two weeks around National Day 2026, a plain one, one in May, one in February: weekends worked and holidays.
FIRST_DAYS = ("2026-09-28", "2026-10-05", "2026-11-23", "2026-04-27", "2026-06-01", "2026-02-09")
#: As the State Council's notice for 2026 has them.
HOLIDAYS = {
    *(date(2026, 10, 1) + timedelta(days=number) for number in range(7)),
    *(date(2026, 5, 1) + timedelta(days=number) for number in range(5)),
    *(date(2026, 2, 15) + timedelta(days=number) for number in range(9)),
}
WORKED = {
    date(2026, 10, 10),
    date(2026, 9, 20),
    date(2026, 5, 9),
    date(2026, 2, 14),
    date(2026, 2, 28),
}
HAN = "一二三四五六日"
NIGHT = 1440


@dataclass(frozen=True)
class Rule:
    """Days (None: none named), times, and the months in which they hold."""

    days: frozenset[int] | None
    spans: tuple[tuple[int, int], ...]
    months: frozenset[int] = frozenset(range(1, 13))


@dataclass(frozen=True)
class Meant:
    """What a text means: rules, weekdays closed, holidays closed, open as on other days, or by their own times."""

    rules: tuple[Rule, ...]
    off: frozenset[int] = frozenset()
    holidays: str = ""  # "", "off", "open", "times"
    holiday_spans: tuple[tuple[int, int], ...] = ()

    @property
    def names_days(self) -> bool:
        return bool(self.off or self.holidays or any(rule.days for rule in self.rules))

    def spans(self, day: date) -> tuple[tuple[int, int], ...]:
        """Return when it is open on a day, over midnight included."""
        holiday = day in HOLIDAYS
        if holiday and self.holidays in {"off", "times"}:
            return self.holiday_spans if self.holidays == "times" else ()
        counts = day.weekday()
        if self.names_days:
            counts = 6 if holiday else 0 if day in WORKED else counts
        if counts in self.off:
            return ()
        for rule in self.rules:
            if day.month in rule.months and (rule.days is None or counts in rule.days):
                return rule.spans
        return ()

    def is_open(self, day: date, minute: int) -> bool:
        yesterday = self.spans(day - timedelta(days=1))
        return any(begin <= minute < end for begin, end in self.spans(day)) or any(
            minute < end - NIGHT for _, end in yesterday
        )


class Writer:
    """Writes what is meant in one of the ways of offices."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.days_first = self.random.random() < 0.75

    def one(self, *texts: str) -> str:
        return self.random.choice(texts)

    def dash(self) -> str:
        return self.one("-", "－", "—", "——", "–", "~", "～", "至", "到", " - ", "--")

    def clock(self, minute: int) -> str:
        hour, rest = divmod(minute % NIGHT if minute != NIGHT else minute, 60)
        ways = [f"{hour}:{rest:02d}", f"{hour}：{rest:02d}", f"{hour:02d}:{rest:02d}"]
        ways += [
            f"{hour}点{rest}分" if rest else f"{hour}点",
            f"{hour}时{rest:02d}分" if rest else f"{hour}时",
        ]
        if rest == 30:
            ways.append(f"{hour}点半")
        text = self.one(*ways)
        if self.random.random() < 0.1:
            text = text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        return text

    def span(self, begin: int, end: int) -> str:
        if end > NIGHT:
            return f"{self.clock(begin)}{self.dash()}{self.one('次日', '翌日', '第二天')}{self.clock(end)}"
        way = self.random.random()
        if end <= 720 and way < 0.3:
            return (
                f"{self.one('上午', '早上', '早')}{self.clock(begin)}{self.dash()}{self.clock(end)}"
            )
        if begin >= 780 and end <= 1140 and way < 0.5:
            inner = f"{self.clock(begin - 720)}{self.dash()}{self.one('', '下午')}{self.clock(end - 720)}"
            return f"{self.one('下午', '午后')}{inner}"
        if begin >= 1080 and end <= 1380 and way < 0.5:
            return f"{self.one('晚上', '晚', '晚间')}{self.clock(begin - 720)}{self.dash()}{self.clock(end - 720)}"
        if begin < 720 and 780 <= end <= 1140 and way < 0.3:
            return f"上午{self.clock(begin)}{self.dash()}下午{self.clock(end - 720)}"
        return f"{self.clock(begin)}{self.dash()}{self.clock(end)}"

    def spans(self, spans: tuple[tuple[int, int], ...]) -> str:
        if spans == ((0, NIGHT),):
            return self.one("24小时", "24小时开放", "二十四小时", "0:00-24:00")
        if len(spans) == 2 and spans[1][0] - spans[0][1] <= 120 and self.random.random() < 0.2:
            whole, rest = (spans[0][0], spans[1][1]), (spans[0][1], spans[1][0])
            plain = [f"{a // 60}:{a % 60:02d}-{b // 60}:{b % 60:02d}" for a, b in (whole, rest)]
            return f"{plain[0]}（午休{plain[1]}）"
        return self.one("，", "、", ",", " ", "；", "/").join(self.span(*span) for span in spans)

    def days(self, days: frozenset[int]) -> str:
        listed = sorted(days)
        week = self.one("周", "周", "星期", "礼拜")
        if days == frozenset(range(7)):
            return self.one("每天", "每日", f"{week}一{self.dash()}{week}日", "天天")
        if days == frozenset(range(5)) and self.random.random() < 0.3:
            return self.one("工作日", "每周工作日", "法定工作日")
        if days == frozenset({5, 6}) and self.random.random() < 0.5:
            return self.one("双休日", "周末", "周六日", "周六、日")
        if len(listed) > 2 and listed[-1] - listed[0] == len(listed) - 1:
            short = self.one(week, "")
            return (
                f"{self.one('', '每')}{week}{HAN[listed[0]]}{self.dash()}{short}{HAN[listed[-1]]}"
            )
        joint = self.one("、", "和", "，", "及")
        return self.one("", "每", "逢") + joint.join(f"{week}{HAN[day]}" for day in listed)

    def rule(self, rule: Rule) -> str:
        times = self.spans(rule.spans)
        season = ""
        if len(rule.months) < 12:
            first = next(m for m in rule.months if (m + 10) % 12 + 1 not in rule.months)
            last = next(m for m in rule.months if m % 12 + 1 not in rule.months)
            name = "夏季" if 7 in rule.months else "冬季"
            plain = f"{first}月{self.dash()}{last}月"
            season = self.one(f"{name}（{plain}）", f"{plain} ", f"{name}：{plain} ")
        if rule.days is None:
            return season + times
        days = self.days(rule.days)
        if season or (self.days_first and self.random.random() < 0.8):
            return f"{season}{days}{self.one('', ' ', '：', '，' if not season else ' ')}{times}"
        if self.days_first:
            return self.one(f"（{days}）{times}", f"{days}（{times}）")
        return self.one(f"{times}（{days}）", f"{times} {days}")

    def text(self, meant: Meant) -> str:
        """Return one way to write it."""
        parts = [self.rule(rule) for rule in meant.rules]
        if meant.holidays == "times":
            named, times = self.one("法定节假日", "国家法定节假日"), self.spans(meant.holiday_spans)
            parts.append(f"{named}{times}" if self.days_first else f"{times}（{named}）")
        text = self.one("；", "，", "\n", "。").join(parts)

        # exceptions of weekdays, then of holidays
        legal = self.one("法定节假日", "国家法定节假日", "法定假日")
        weekend = {5, 6} <= meant.off
        if meant.off and meant.holidays == "off" and self.random.random() < 0.5:
            both = f"{self.days(meant.off)}{self.one('、', '及', '和')}{legal}"
            return text + self.one(f"（{both}除外）", f"，{both}休息", f"；{both}不开放")
        if meant.off:
            named = self.days(meant.off)
            text += self.one(f"（{named}休息）", f"，{named}闭馆", f"；{named}不开放")
        if meant.holidays == "off":
            closed = self.one(legal, "节假日") if weekend else legal
            ways = [f"，{closed}休息", f"；{closed}不开放", f"，逢{closed}休息"]
            if not meant.off:
                ways += [f"（{closed}除外）", f"，{closed}除外", f"（不含{closed}）"]
            text += self.one(*ways)
        if meant.holidays == "open":
            text += self.one(f"，{legal}照常", "（节假日照常开放）", "，节假日不休息")
        return text


def composed(source: random.Random) -> Meant:
    """Return hours of one of the kinds that offices have."""
    whole = ((480, 1020), (510, 1050), (540, 1020), (540, 1260), (600, 1320), (390, 1140))
    split = (((510, 720), (810, 1050)), ((540, 690), (780, 1020)), ((510, 690), (840, 1080)))
    short = ((540, 720), (570, 690), (840, 960), (870, 1050), (1110, 1230), (660, 780))
    plain = [(span,) for span in (*whole, *short)] + list(split)
    spans = source.choice([*plain, ((0, NIGHT),)])
    week, work, weekend = frozenset(range(7)), frozenset(range(5)), frozenset({5, 6})
    some = frozenset(source.sample(range(7), source.choice((1, 2, 3))))
    days = source.choice(
        (None, week, work, work, frozenset(range(6)), frozenset(range(1, 7)), some)
    )
    way = source.random()
    if way < 0.2 and days is not None and days != week:
        others = source.choice(plain)
        rest = frozenset(range(7)) - days
        return Meant((Rule(days, spans), Rule(rest, others)), holidays=source.choice(("", "off")))
    if way < 0.3:
        times = source.choice(plain)
        return Meant((Rule(work, spans),), holidays="times", holiday_spans=times)
    if way < 0.45:
        months = source.choice((range(5, 10), range(4, 11), range(6, 9)))
        summer = frozenset(months)
        warm, cold = source.sample(plain, 2)
        rules = (Rule(days, warm, summer), Rule(days, cold, frozenset(range(1, 13)) - summer))
        return Meant(rules, holidays=source.choice(("", "off")))
    if way < 0.5:
        return Meant((Rule(days, ((1320, NIGHT + 360),)),))
    off: frozenset[int] = frozenset()
    if days in (None, week):
        off = source.choice((frozenset(), weekend, frozenset({0}), frozenset({6})))
    holidays = (
        source.choice(("", "off", "open"))
        if days in (None, week) and not off
        else source.choice(("", "off"))
    )
    return Meant((Rule(days, spans),), off, holidays)


def test_what_offices_mean_is_open_minute_by_minute() -> None:
    """No variant may be read as other hours; nearly all are read, each refusal has a cure."""
    counts: Counter[str] = Counter()
    wrong, refused, seen = [], [], set()
    days = [date.fromisoformat(first) + timedelta(days=n) for first in FIRST_DAYS for n in range(7)]
    for seed in range(VARIANTS):
        source = random.Random(seed)
        meant = composed(source)
        text = Writer(seed).text(meant)
        seen.add(text)
        try:
            osm = read_hours(text).osm
        except UnclearHoursError as unclear:
            counts["refused"] += 1
            refused.append(f"{text}: {unclear.fact}; {unclear.cure}")
            continue

        # some of the days, the minutes of the text's own times and others
        spans = [*meant.holiday_spans, *(span for rule in meant.rules for span in rule.spans)]
        edges = {minute for span in spans for minute in span}
        minutes = {m % NIGHT for edge in edges for m in (edge - 1, edge, edge + 1)}
        minutes |= {source.randrange(NIGHT) for _ in range(6)}
        good = all(
            any(begin <= minute < end for begin, end in open_on(osm, day))
            == meant.is_open(day, minute)
            for day in source.sample(days, 14)
            for minute in minutes
        )
        counts["right" if good else "wrong"] += 1
        if not good:
            wrong.append(f"{text!r} -> {osm}")
    assert not wrong, wrong[:20]
    assert len(seen) >= 1200
    assert counts["refused"] <= 0.03 * VARIANTS, refused[:20]
    assert counts["right"] + counts["refused"] == VARIANTS


@pytest.mark.parametrize("seed", range(20))
def test_a_text_says_the_same_hours_however_it_is_written(seed: int) -> None:
    meant = composed(random.Random(seed))
    read = set()
    for way in range(40):
        try:
            read.add(read_hours(Writer(1000 * seed + way).text(meant)).osm)
        except UnclearHoursError:
            continue
    days = [date.fromisoformat(first) + timedelta(days=n) for first in FIRST_DAYS for n in range(7)]
    spans = {tuple(tuple(open_on(osm, day)) for day in days) for osm in read}
    assert len(spans) == 1


#: Pieces of which texts of hours consist, and some that do not belong there.
PIECES = (
    *(
        "周一",
        "周",
        "至",
        "周五",
        "、",
        "，",
        "；",
        "（",
        "）",
        "8:30",
        "-",
        "17:30",
        "5:30",
        "上午",
        "下午",
        "次日",
    ),
    *(
        "每天",
        "工作日",
        "双休日",
        "节假日",
        "法定节假日",
        "休息",
        "除外",
        "照常",
        "全天",
        "24小时",
        "午休",
        "五",
        "日",
    ),
    *(
        "夏季",
        "5月",
        "9月",
        "1日",
        "每月",
        "第一个",
        "单日",
        "全年无休",
        "点",
        "半",
        "时",
        "8",
        "12",
        " ",
        "\n",
        "x",
        "PH off",
    ),
)


def test_whatever_is_written_is_read_or_refused_with_a_cure() -> None:
    source = random.Random(17)
    read, refused = 0, []
    for _ in range(2000):
        text = "".join(source.choice(PIECES) for _ in range(source.randint(1, 9)))
        try:
            open_on(read_hours(text).osm, date(2026, 11, 25))
            read += 1
        except UnclearHoursError as unclear:
            refused.append(unclear)
    assert read
    assert all(each.fact and each.cure for each in refused)
