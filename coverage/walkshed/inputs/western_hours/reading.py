"""Marks of hours as OSM opening hours: days, then their times, rule by rule."""

from __future__ import annotations

from dataclasses import dataclass, field

from walkshed.inputs.western_hours.marks import DAYS, Mark, has_twelve_hours, languages, marks_of

_NOON, _DAY = 720, 1440
#: Where nobody says am or pm: who opens from seven on and closes by seven does so in the afternoon.
_EARLIEST = 420


@dataclass(slots=True)
class _Rule:
    """Days and their times, as they are read."""

    days: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    is_off: bool = False
    off_first: bool = False  # closed Sat, Sun

    @property
    def is_whole(self) -> bool:
        return bool(self.spans) or self.is_off


class _UnclearError(Exception):
    """Marks that make no hours."""


def western_hours(text: str) -> tuple[str, ...]:
    """Return the hours that a text can mean, as OSM writes them: none, one, or one for each language that differs."""
    found = dict.fromkeys(_read(text, language) for language in languages())
    return tuple(hours for hours in found if hours)


def _read(text: str, language: str) -> str:
    """Return the hours of a text in a language; "" for what are none, or not certain."""
    marks = marks_of(text, language)
    if not marks:
        return ""
    try:
        rules = _rules(marks, twelve=has_twelve_hours(language))
    except _UnclearError:
        return ""

    # a day that two rules name, or times without a day beside others with one, are not certain
    named = [day for rule in rules for day in _each_day(rule.days)]
    overnight = any(last > _DAY for rule in rules for _, last in rule.spans)
    lacks = len(rules) > 1 and (overnight or any(not rule.days for rule in rules))
    if not rules or lacks or len(set(named)) < len(named):
        return ""
    return "; ".join(map(_written, rules))


def _rules(marks: list[Mark], *, twelve: bool) -> list[_Rule]:
    """Return the rules that marks make; raises where they make none."""
    rules, rule, at = list[_Rule](), _Rule(), 0
    while at < len(marks):
        mark = marks[at]
        if mark.kind == "day":
            # days behind times begin a rule, unless the times had none
            if rule.is_whole and rule.days and not rule.off_first:
                rules.append(rule)
                rule = _Rule()
            elif rule.spans and rules:
                raise _UnclearError
            at = _days(marks, at, rule)
        elif mark.kind == "time":
            at = _span(marks, at, rule, twelve=twelve)
        elif mark.kind == "except":
            if [each.days for each in marks[at + 1 :]] != ["PH"] or not rule.is_whole:
                raise _UnclearError
            rules += [rule, _Rule(["PH"], is_off=True)]
            return rules
        elif mark.kind in {"off", "all_day"}:
            rule = _without_times(mark, rules, rule)
            at += 1
        elif mark.kind == "end":
            if rule.is_whole:
                rules.append(rule)
                rule = _Rule()
            at += 1
        elif mark.kind == "and" and (rule.is_whole or rule.days) and at + 1 < len(marks):
            at += 1
        else:
            raise _UnclearError
    if rule.days and not rule.is_whole:
        raise _UnclearError
    return [*rules, rule] if rule.is_whole else rules


def _without_times(mark: Mark, rules: list[_Rule], rule: _Rule) -> _Rule:
    """Return the rule that a word for closed, or for all day, belongs to; the one before it is kept."""
    is_off = mark.kind == "off"
    if rule.is_whole and (not is_off or not rule.days):
        raise _UnclearError
    if rule.is_whole:
        rules.append(rule)
        rule = _Rule()
    rule.is_off, rule.off_first = is_off, is_off and not rule.days
    rule.spans += [] if is_off else [(0, _DAY)]
    return rule


def _days(marks: list[Mark], at: int, rule: _Rule) -> int:
    """Add a day or a range of days; return where the marks go on."""
    first = marks[at].days
    ahead = [mark.kind for mark in marks[at + 1 : at + 3]]
    if ahead != ["to", "day"]:
        rule.days.append(first)
        return at + 1
    last = marks[at + 2].days
    if first not in DAYS or last not in DAYS or first == last:
        raise _UnclearError
    rule.days.append(f"{first}-{last}")
    return at + 3


def _span(marks: list[Mark], at: int, rule: _Rule, *, twelve: bool) -> int:
    """Add the times from one to another; return where the marks go on."""
    if [mark.kind for mark in marks[at + 1 : at + 3]] != ["to", "time"] or rule.is_off:
        raise _UnclearError
    begin, end = marks[at], marks[at + 2]
    previous = rule.spans[-1][1] if rule.spans else None
    rule.spans.append(_times(begin, end, previous, twelve=twelve))
    return at + 3


def _times(begin: Mark, end: Mark, previous: int | None, *, twelve: bool) -> tuple[int, int]:
    """Return minutes from and until; raises where morning and afternoon are not told apart."""
    first, last = begin.minutes, end.minutes
    if begin.half and end.half:
        last = last if last > first else last + _DAY
    elif begin.half:
        raise _UnclearError  # 8am-5: hardly 5 in the morning, and not said
    elif end.half:
        # 9-5pm is from the morning; 1-5pm may be either
        others = [each for each in (first, first + _NOON) if each < last and first <= _NOON]
        if first == _NOON:
            others = [first] if first < last else []
        if len(others) != 1:
            raise _UnclearError
        first = others[0]
    elif twelve and previous is not None and first < previous <= _NOON + 60 and last <= _NOON:
        first, last = first + _NOON, last + _NOON  # 8-12 and 1-5
    elif last <= first:
        if not twelve or not (_EARLIEST <= first < _NOON and 60 <= last <= _EARLIEST):
            raise _UnclearError
        last += _NOON  # 9-5
    if last <= first or (previous is not None and first < previous):
        raise _UnclearError
    return first, last


def _each_day(days: list[str]) -> list[str]:
    """Return each day of days and ranges."""
    found: list[str] = []
    for text in days:
        first, _, last = text.partition("-")
        if not last:
            found.append(first)
            continue
        begin, end = DAYS.index(first), DAYS.index(last)
        found += [DAYS[number % 7] for number in range(begin, end + (7 if end < begin else 0) + 1)]
    return found


def _written(rule: _Rule) -> str:
    times = ",".join(f"{_clock(first)}-{_clock(last)}" for first, last in rule.spans) or "off"
    return f"{','.join(rule.days)} {times}".strip()


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24 if minutes > _DAY else minutes // 60:02d}:{minutes % 60:02d}"
