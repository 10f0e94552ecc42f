"""What a text says of hours, as rules of OSM opening hours; refused where its parts contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from walkshed.inputs.hours.clauses import Clause
from walkshed.inputs.hours.clock import DAY_MIN
from walkshed.inputs.hours.days import HOLIDAYS, WEEK, WEEKEND, Days, osm_days
from walkshed.inputs.hours.events import Events
from walkshed.inputs.hours.parts import Holidays, Word, days_in
from walkshed.inputs.hours.runs import ROUND_THE_CLOCK, Spans, is_every_day
from walkshed.inputs.hours.seasons import Season, check_year
from walkshed.inputs.hours.unclear import EXAMPLE, UnclearHoursError


@dataclass(frozen=True, slots=True)
class Rule:
    """Days of a season with their times; days None where none are named, ``spans`` empty where no times are."""

    season: Season | None
    days: frozenset[int] | None
    spans: Spans
    special: str = ""

    @property
    def covered(self) -> frozenset[int]:
        """The days on which it holds."""
        return WEEK if self.days is None else self.days


def osm_rules(said: Events, clauses: Sequence[Clause]) -> str:
    """Return OSM opening hours for what a text says."""
    rules = [
        Rule(
            clause.season,
            None if clause.days is None or clause.days.special else clause.days.days,
            clause.times.spans if clause.times else (),
            clause.days.special if clause.days else "",
        )
        for clause in clauses
    ]
    if not rules and Word.ALL_YEAR in said.words:
        rules = [Rule(None, WEEK, ())]
    if not rules:
        raise UnclearHoursError("name no times at which it is open", EXAMPLE)

    _check_all_day(clauses)
    _check_seasons(said, rules)
    _check_holidays(said, clauses, rules)
    rules = _with_usual(_merged(rules), said)
    _check_all_days(said, rules)
    off = frozenset().union(*(days_in(part) for part in said.off))
    _check_off(off, rules)
    _check_nights(off, rules)
    return _written(rules, off, said)


def _written(rules: list[Rule], off: frozenset[int], said: Events) -> str:
    """Return the rules as OSM writes them, the exceptions behind them."""
    if said.words & {Word.ALL_YEAR, Word.HOLIDAYS_TOO}:
        rules = [
            Rule(rule.season, rule.covered | {HOLIDAYS}, rule.spans, rule.special) for rule in rules
        ]
    texts = [_text(rule) for rule in rules]
    if off:
        texts.append(f"{osm_days(off)} off")
    return "; ".join(texts)


def _text(rule: Rule) -> str:
    """Return one rule as OSM writes it."""
    always = rule.season is None and not rule.special and rule.covered >= WEEK
    if always and rule.spans == ROUND_THE_CLOCK:
        return "24/7"
    days = rule.special or (osm_days(rule.days) if rule.days else "")
    times = ",".join(_times(begin, end) for begin, end in rule.spans)
    season = rule.season.osm if rule.season else ""
    return " ".join(part for part in (season, days, times) if part)


def _times(begin: int, end: int) -> str:
    """Return a span as OSM writes it: an end on the next day by its own time where it is before the beginning."""
    until = end - DAY_MIN if DAY_MIN < end < DAY_MIN + begin else end
    return f"{_clock(begin)}-{_clock(until)}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _check_all_day(clauses: Sequence[Clause]) -> None:
    """Raise where 全天 is said of some weekdays: it may be the working day."""
    for clause in clauses:
        if clause.times is not None and clause.times.loose and not is_every_day(clause.days):
            raise UnclearHoursError(
                "do not say whether '全天' is day and night or the working day",
                "write 24小时, or the times: 8:30-17:30",
            )


def _check_seasons(said: Events, rules: list[Rule]) -> None:
    """Raise where seasons overlap or leave months out."""
    seasons = list(dict.fromkeys(rule.season for rule in rules if rule.season))
    if seasons:
        check_year(seasons, closed_else=Word.CLOSED_ELSE in said.words)


def _check_holidays(said: Events, clauses: Sequence[Clause], rules: list[Rule]) -> None:
    """Raise where 节假日 may mean weekends, too: unless these are named or closed in any case."""
    positive = [part for clause in clauses if clause.days for part in clause.days.parts]
    named = _days_named([*positive, *said.off, *said.usual])
    opened = frozenset().union(*(rule.covered for rule in rules))
    doubtful = "do not say whether 节假日 holds weekends"
    cure = "write 法定节假日 for public holidays, 双休日 for Saturday and Sunday"

    if any(_is_loose(part) for part in said.off) and WEEKEND & opened - named:
        raise UnclearHoursError(doubtful, cure)
    if any(_is_loose(part) for part in positive) and not named >= WEEKEND:
        raise UnclearHoursError(doubtful, cure)


def _is_loose(part: Days | Holidays) -> bool:
    return isinstance(part, Holidays) and not part.legal


def _days_named(parts: Iterable[Days | Holidays]) -> frozenset[int]:
    """Return the weekdays that are named themselves, not by 每天 or 工作日."""
    named = [part.days for part in parts if isinstance(part, Days) and part.named]
    return frozenset().union(*named)


def _merged(rules: list[Rule]) -> list[Rule]:
    """Return the rules, those of the same days joined, those for fewer days behind those for more."""
    by_days: dict[tuple[Season | None, frozenset[int] | None, str], Spans] = {}
    for rule in rules:
        key = (rule.season, rule.days, rule.special)
        spans = tuple(sorted((*by_days.get(key, ()), *rule.spans)))
        if any(one[1] > other[0] for one, other in pairwise(spans)):
            raise UnclearHoursError("name two times for the same days", "write each day once")
        by_days[key] = spans

    merged = [Rule(season, days, spans, dates) for (season, days, dates), spans in by_days.items()]
    if len(merged) > 1 and any(rule.special for rule in merged):
        raise UnclearHoursError("mix dates and weekdays", "write weekdays or dates")
    for one, other in combinations(merged, 2):
        if one.season == other.season:
            _check_overlap(one, other)
    wide = {rule: not any(rule.covered < other.covered for other in merged) for rule in merged}
    return sorted(merged, key=lambda rule: not wide[rule]) if _nested(merged) else merged


def _nested(rules: list[Rule]) -> bool:
    return any(
        one.season == other.season and one.covered & other.covered
        for one, other in combinations(rules, 2)
    )


def _check_overlap(one: Rule, other: Rule) -> None:
    """Raise where two rules name a day and neither is plainly the exception of the other."""
    if not one.covered & other.covered:
        return
    nested = one.covered < other.covered or other.covered < one.covered
    within = _is_within(one.spans, other.spans) or _is_within(other.spans, one.spans)
    if not nested or not within:
        raise UnclearHoursError(
            "name two times for the same days",
            "write each day once: 周一至周四 8:30-17:30；周五 8:30-12:00",
        )


def _is_within(inner: Spans, outer: Spans) -> bool:
    """Return whether every time of the one lies in a time of the other."""
    return all(any(a <= begin and end <= b for a, b in outer) for begin, end in inner)


def _with_usual(rules: list[Rule], said: Events) -> list[Rule]:
    """Return the rules with the days that are open as usual; an error where it is not clear what is usual."""
    if not said.usual:
        return rules
    if len(rules) != 1 or rules[0].special:
        raise UnclearHoursError(
            "do not say which hours are the usual ones", "write the hours of each day"
        )
    rule = rules[0]
    days = rule.covered | frozenset().union(*(days_in(part) for part in said.usual))
    if HOLIDAYS in days and not days >= WEEK:
        raise UnclearHoursError(
            "do not say what holds on public holidays at weekends",
            "write the hours of public holidays: 法定节假日 9:00-16:00",
        )
    return [Rule(rule.season, days, rule.spans)]


def _check_all_days(said: Events, rules: list[Rule]) -> None:
    """Raise where 全年无休 is said of hours that leave days out, and 中午不休息 of hours with a rest."""
    covered = frozenset().union(*(rule.covered for rule in rules))
    special = any(rule.special for rule in rules)
    off = frozenset().union(*(days_in(part) for part in said.off))
    partly = not covered >= WEEK or special or HOLIDAYS in off
    all_days = said.words & {Word.ALL_YEAR, Word.HOLIDAYS_TOO}
    if all_days and (partly or (said.off and Word.ALL_YEAR in all_days)):
        raise UnclearHoursError("are of all days and leave days out", "strike out one of the two")
    if all_days and len({rule.season for rule in rules}) < len(rules):
        raise UnclearHoursError(
            "do not say which hours hold on public holidays",
            "write the hours of public holidays: 法定节假日 9:00-16:00",
        )
    if Word.NOON_OPEN in said.words and any(len(rule.spans) > 1 for rule in rules):
        raise UnclearHoursError("rest at noon and do not", "strike out one of the two")


def _check_nights(off: frozenset[int], rules: list[Rule]) -> None:
    """Raise where hours reach over midnight into a day that has other hours, or none."""
    nights = any(end > DAY_MIN for rule in rules for _, end in rule.spans)
    if nights and (off or len(rules) > 1):
        raise UnclearHoursError(
            "reach over midnight into days of other hours",
            "write the two parts of the night by themselves: 22:00-24:00，0:00-6:00",
        )


def _check_off(off: frozenset[int], rules: list[Rule]) -> None:
    """Raise where days are open and closed, or no day is left."""
    dated = any(rule.special for rule in rules)
    open_days = frozenset().union(*(rule.covered for rule in rules))
    contrary = any(rule.days is not None and rule.days <= off for rule in rules)
    contrary = contrary or open_days - {HOLIDAYS} <= off or HOLIDAYS in off & open_days
    if off and contrary and not dated:
        raise UnclearHoursError("are open and closed on the same days", "strike out one of the two")
    if dated and off - {HOLIDAYS}:
        raise UnclearHoursError("mix dates and weekdays", "write weekdays or dates")
    if any(rule.season for rule in rules) and (off - {HOLIDAYS}) & open_days:
        raise UnclearHoursError(
            "do not say in which season the exception holds", "write the days of each season"
        )
