"""Which days, times, exceptions and seasons of a text belong to each other; refused where it may be otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from walkshed.inputs.hours.clock import DAY_MIN, Span
from walkshed.inputs.hours.days import WEEK, WEEKEND, Days
from walkshed.inputs.hours.parts import Holidays, Part, Word, days_in
from walkshed.inputs.hours.seasons import Season
from walkshed.inputs.hours.unclear import EXAMPLE, UnclearHoursError

Spans = tuple[tuple[int, int], ...]
_MARKS: Final = frozenset({Word.LIST, Word.COMMA, Word.STRONG, Word.BRACKET})
_EXCEPTIONS: Final = frozenset({Word.OFF, Word.EXCEPT, Word.AS_USUAL})
_TIMES: Final = frozenset({Word.ALL_DAY, Word.ROUND_THE_CLOCK})
ROUND_THE_CLOCK: Final[Spans] = ((0, DAY_MIN),)


@dataclass(frozen=True, slots=True)
class DayRun:
    """Days that stand together: what they name, and what stands before them."""

    parts: tuple[Days | Holidays, ...]
    before: Word | None

    @property
    def days(self) -> frozenset[int]:
        """Weekdays and holidays; 每天 beside others (每天周一至周五) adds none."""
        named = [part for part in self.parts if not (isinstance(part, Days) and part.plain)]
        return frozenset().union(*(days_in(part) for part in named or self.parts))

    @property
    def special(self) -> str:
        """Dates as OSM writes them; "" for weekdays."""
        found = [part.special for part in self.parts if isinstance(part, Days) and part.special]
        if found and len(self.parts) > 1:
            raise UnclearHoursError("mix dates and weekdays", "write them as rules of their own")
        return found[0] if found else ""


@dataclass(frozen=True, slots=True)
class TimeRun:
    """Times that stand together, and what stands before them."""

    spans: Spans
    before: Word | None
    loose: bool = False  # 全天: of some weekdays it may be the working day


@dataclass(frozen=True, slots=True)
class Clause:
    """Days with their times; None for the days or the times that are not named."""

    days: DayRun | None
    times: TimeRun | None


@dataclass(slots=True)
class Said:
    """What a text says: clauses by season (None without), exceptions, and words about all of it."""

    clauses: list[tuple[Season | None, Clause]] = field(default_factory=list)
    off: list[Days | Holidays] = field(default_factory=list)
    usual: list[Days | Holidays] = field(default_factory=list)
    words: set[Word] = field(default_factory=set)


_Event = DayRun | TimeRun | Season | Word


def said_by(parts: list[Part]) -> Said:
    """Return what the parts of a text say, each day with its times."""
    said = Said()
    events = _events(parts, said)

    # without seasons all is one section; else days before the first are those of all
    sections: list[tuple[Season | None, list[_Event]]] = [(None, [])]
    for event in events:
        if isinstance(event, Season):
            sections.append((event, []))
        else:
            sections[-1][1].append(event)
    if len(sections) == 1:
        said.clauses = [(None, clause) for clause in _clauses(sections[0][1])]
        return said

    head = _clauses(sections[0][1])
    if len(head) > 1 or any(clause.times for clause in head):
        raise _no_pairs()
    for season, section in sections[1:]:
        for clause in _clauses(section):
            if clause.times is None or (head and clause.days is not None):
                raise _no_pairs()
            days = clause.days or (head[0].days if head else None)
            said.clauses.append((season, Clause(days, clause.times)))
    if len(said.clauses) < len(sections) - 1:
        raise _no_pairs()
    return said


def _events(parts: list[Part], said: Said) -> list[_Event]:
    """Return days, times and seasons in their order, exceptions taken out; their words stand where they were."""
    events: list[_Event] = []
    at = 0
    before: Word | None = None
    while at < len(parts):
        part = parts[at]
        if isinstance(part, Word) and part in _MARKS:
            before = part if before is None or part is Word.STRONG else before
            at += 1
            continue
        if isinstance(part, (Days, Holidays)):
            at = _take_days(parts, at, before, events, said)
        elif isinstance(part, Span) or part in _TIMES or part is Word.LUNCH:
            at = _take_times(parts, at, before, events)
        elif isinstance(part, Season):
            events.append(part)
            at += 1
        elif part in _EXCEPTIONS:
            raise UnclearHoursError(f"do not say which days are meant by '{part.value}'", EXAMPLE)
        else:
            said.words.add(part)
            at += 1
        before = None
    return events


def _take_days(
    parts: list[Part], at: int, before: Word | None, events: list[_Event], said: Said
) -> int:
    """Take the days that stand together from ``at`` on, and what is said of them; return the place behind them."""
    run: list[tuple[Word | None, Days | Holidays]] = []
    joint = before
    while at < len(parts):
        part = parts[at]
        if isinstance(part, (Days, Holidays)):
            run.append((joint, part))
            joint = None
        elif isinstance(part, Word) and part in _MARKS:
            joint = part if joint is None or part in (Word.STRONG, Word.BRACKET) else joint
        else:
            break
        at += 1

    # marks behind the last day belong to what follows
    behind = at
    while parts[behind - 1] in _MARKS:
        behind -= 1
    word = parts[behind] if behind < len(parts) and behind == at else None
    if not isinstance(word, Word) or word not in _EXCEPTIONS:
        _add_days(run, events)
        return behind

    # the exception takes its own days, the others wait for their times
    timed = bool(events) and isinstance(events[-1], TimeRun)
    loose = timed and not any(isinstance(event, DayRun) for event in events)
    count = _bound(run, loose=loose)
    _add_days(run[: len(run) - count], events)
    bound = [part for _, part in run[len(run) - count :]]
    if word is Word.AS_USUAL:
        _check_usual(bound, events)
    if word is Word.EXCEPT and events and events[-1] in (Word.OFF, Word.CLOSED_FIRST):
        raise UnclearHoursError(
            "do not say whether the exception is open or closed", "write 法定节假日休息 or 照常"
        )
    (said.usual if word is Word.AS_USUAL else said.off).extend(bound)
    first = word is not Word.AS_USUAL and not events and len(run) == 1
    events.append(Word.CLOSED_FIRST if first else word)
    return at + 1


def _bound(run: list[tuple[Word | None, Days | Holidays]], *, loose: bool) -> int:
    """Return how many of the last days an exception means: 周六、周日休息 both, 周一至周五，周日休息 one.

    ``loose``: times before them have no days yet, and may have the first of these.
    """
    count = 1
    for (joint, _), (_, part) in zip(reversed(run), reversed(run[:-1]), strict=False):
        several = isinstance(part, Days) and (part.several or part.plain or bool(part.special))
        if joint in (Word.BRACKET, Word.STRONG) or (joint is Word.COMMA and several):
            break
        if several or (joint is Word.COMMA and loose):
            raise UnclearHoursError("do not say which of the days are the exception", EXAMPLE)
        count += 1
    return count


def _check_usual(bound: list[Days | Holidays], events: list[_Event]) -> None:
    """Raise where days are open "as usual" before any times are named, or are the usual ones themselves."""
    usual = all(isinstance(part, Holidays) or part.days <= WEEKEND for part in bound)
    if not usual or not any(isinstance(event, TimeRun) for event in events):
        raise UnclearHoursError("do not say what is as usual", EXAMPLE)


def _add_days(run: list[tuple[Word | None, Days | Holidays]], events: list[_Event]) -> None:
    """Add days as one event; an error where a comma may part them."""
    if not run:
        return
    for (_, one), (joint, _) in pairwise(run):
        several = isinstance(one, Days) and one.several
        if joint is Word.STRONG or (joint is Word.COMMA and several):
            raise UnclearHoursError(
                "name days without their times", "write the times behind each, or join days by 、"
            )
    events.append(DayRun(tuple(part for _, part in run), run[0][0]))


def _take_times(parts: list[Part], at: int, before: Word | None, events: list[_Event]) -> int:
    """Take the times that stand together from ``at`` on; return the place behind them."""
    found: list[Part] = []
    while at < len(parts):
        part = parts[at]
        lunch = part is Word.LUNCH or (part is Word.OFF and bool(found))
        if isinstance(part, Span) or part in _TIMES or lunch:
            found.append(part)
        elif part not in _MARKS:
            break
        at += 1
    while parts[at - 1] in _MARKS:
        at -= 1

    all_day = [part for part in found if part in _TIMES]
    if all_day and len(set(found)) > 1 and set(found) != set(_TIMES):
        raise UnclearHoursError("name all day and times beside it", EXAMPLE)
    loose = set(all_day) == {Word.ALL_DAY}
    spans = ROUND_THE_CLOCK if all_day else _spans(found)
    events.append(TimeRun(spans, before, loose))
    return at


def _spans(found: list[Part]) -> Spans:
    """Return times in their order, less the rest at noon; an error where one may be of the afternoon."""
    spans = [part for part in found if isinstance(part, Span)]
    if any(part in (Word.LUNCH, Word.OFF) for part in found):
        return _without_rest(spans, len(found) - len(spans))

    for one, other in pairwise(spans):
        if other.begin < one.end <= other.begin + DAY_MIN // 2 and other.bare:
            raise UnclearHoursError(
                f"do not say whether '{other.said}' is in the morning or in the afternoon",
                "write 14:30-17:30 or 下午2:30-5:30",
            )
    ordered = sorted((span.begin, span.end) for span in spans)
    for (_, end), (begin, _) in pairwise(ordered):
        if begin < end:
            raise UnclearHoursError("name times that overlap", "write each time once")
    return tuple(ordered)


def _without_rest(spans: list[Span], words: int) -> Spans:
    """Return the times around a rest at noon: 8:30-17:30，午休12:00-13:00."""
    if len(spans) == 2 and words == 1:
        outer, inner = sorted(spans, key=lambda span: span.begin - span.end)
        if outer.begin < inner.begin and inner.end < outer.end:
            return (outer.begin, inner.begin), (inner.end, outer.end)
    raise UnclearHoursError(
        "do not say when the rest at noon is", "write both times: 8:30-12:00，13:30-17:30"
    )


def _clauses(events: list[_Event]) -> list[Clause]:
    """Return days and times in pairs: days before times, or times before days; an error where it is not clear."""
    _check_order(events)
    runs = [event for event in events if isinstance(event, (DayRun, TimeRun))]
    kinds = "".join("D" if isinstance(run, DayRun) else "T" for run in runs)
    if not kinds:
        return []
    if kinds in {"D", "T"}:
        run = runs[0]
        return [Clause(run, None) if isinstance(run, DayRun) else Clause(None, run)]
    if len(kinds) % 2 or kinds not in {"DT" * (len(kinds) // 2), "TD" * (len(kinds) // 2)}:
        raise _no_pairs()

    pairs = list(zip(runs[::2], runs[1::2], strict=True))
    apart = {second.before for _, second in pairs}
    if kinds[0] == "T" and len(pairs) > 1 and apart & {Word.COMMA, Word.STRONG}:
        raise _no_pairs()
    if kinds[0] == "D" and len(pairs) > 1 and Word.STRONG in apart:
        raise _no_pairs()
    return [_pair(first, second) for first, second in pairs]


def _pair(first: DayRun | TimeRun, second: DayRun | TimeRun) -> Clause:
    if isinstance(first, DayRun) and isinstance(second, TimeRun):
        return Clause(first, second)
    if isinstance(first, TimeRun) and isinstance(second, DayRun):
        return Clause(second, first)
    raise _no_pairs()


def _check_order(events: list[_Event]) -> None:
    """Raise where times follow an exception without days of their own."""
    previous: list[_Event] = []
    for event in events:
        if isinstance(event, TimeRun) and previous and previous[-1] in _EXCEPTIONS:
            days = [one for one in previous if not isinstance(one, Word)]
            if not days or not isinstance(days[-1], DayRun):
                raise _no_pairs()
        previous.append(event)


def _no_pairs() -> UnclearHoursError:
    return UnclearHoursError("do not say which times belong to which days", EXAMPLE)


def is_every_day(run: DayRun | None) -> bool:
    """Return whether days are all of the week, named or not."""
    return run is None or (not run.special and run.days >= WEEK)
