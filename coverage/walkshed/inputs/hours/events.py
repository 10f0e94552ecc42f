"""Days, times and seasons of a text in their order, and what is said of all of it: exceptions, and days as usual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from walkshed.inputs.hours.clock import Span
from walkshed.inputs.hours.days import WEEKEND, Days
from walkshed.inputs.hours.parts import Holidays, Part, Word
from walkshed.inputs.hours.runs import ALL_DAY, MARKS, DayRun, TimeRun, times_at
from walkshed.inputs.hours.seasons import Season
from walkshed.inputs.hours.unclear import EXAMPLE, UnclearHoursError

#: Words that take the days before them out of the rule.
EXCEPTIONS: Final = frozenset({Word.OFF, Word.EXCEPT, Word.AS_USUAL})

Event = DayRun | TimeRun | Season | Word
#: A day, and the mark before it.
_Joined = tuple[Word | None, Days | Holidays]


@dataclass(frozen=True, slots=True)
class Events:
    """What stands in a text in its order: the words of exceptions stay where their days were.

    ``off`` are days closed, ``usual`` those that are open as others; ``words`` speak of all of it.
    """

    order: tuple[Event, ...] = ()
    off: tuple[Days | Holidays, ...] = ()
    usual: tuple[Days | Holidays, ...] = ()
    words: frozenset[Word] = frozenset()

    def with_more(
        self,
        *order: Event,
        off: Sequence[Days | Holidays] = (),
        usual: Sequence[Days | Holidays] = (),
    ) -> Events:
        """Return these events and more behind them."""
        return Events((*self.order, *order), (*self.off, *off), (*self.usual, *usual), self.words)


def events_of(parts: Sequence[Part]) -> Events:
    """Return the events of a text's parts."""
    events = Events()
    at = 0
    before: Word | None = None
    while at < len(parts):
        part = parts[at]
        if isinstance(part, Word) and part in MARKS:
            before = part if before is None or part is Word.STRONG else before
            at += 1
            continue

        if isinstance(part, (Days, Holidays)):
            events, at = _with_days(events, parts, at, before)
        elif isinstance(part, Span) or part in ALL_DAY or part is Word.LUNCH:
            times, at = times_at(parts, at, before)
            events = events.with_more(times)
        elif isinstance(part, Season):
            events, at = events.with_more(part), at + 1
        elif part in EXCEPTIONS:
            raise UnclearHoursError(
                "do not say which days are meant by '{word}'", EXAMPLE, word=part.value
            )
        else:
            words = events.words | {part}
            events, at = Events(events.order, events.off, events.usual, words), at + 1
        before = None
    return events


def _with_days(
    events: Events, parts: Sequence[Part], at: int, before: Word | None
) -> tuple[Events, int]:
    """Return the events with the days that stand together from a place on, and the place behind them."""
    run, behind = _joined_at(parts, at, before)
    word = parts[behind] if behind < len(parts) else None
    if not isinstance(word, Word) or word not in EXCEPTIONS:
        return events.with_more(*_day_run(run)), behind

    # an exception takes its own days, the others wait for their times
    timed = bool(events.order) and isinstance(events.order[-1], TimeRun)
    loose = timed and not any(isinstance(event, DayRun) for event in events.order)
    count = _bound(run, loose=loose)
    first = not events.order and len(run) == 1
    events = events.with_more(*_day_run(run[: len(run) - count]))
    bound = [part for _, part in run[len(run) - count :]]
    _check_exception(word, bound, events)

    if word is Word.AS_USUAL:
        return events.with_more(word, usual=bound), behind + 1
    return events.with_more(Word.CLOSED_FIRST if first else word, off=bound), behind + 1


def _joined_at(parts: Sequence[Part], at: int, before: Word | None) -> tuple[list[_Joined], int]:
    """Return the days that stand together from a place on, each with the mark before it, and the place behind them."""
    run: list[_Joined] = []
    joint, behind = before, at
    for place in range(at, len(parts)):
        part = parts[place]
        if isinstance(part, (Days, Holidays)):
            run.append((joint, part))
            joint, behind = None, place + 1
        elif isinstance(part, Word) and part in MARKS:
            joint = part if joint is None or part in (Word.STRONG, Word.BRACKET) else joint
        else:
            break
    return run, behind


def _bound(run: Sequence[_Joined], *, loose: bool) -> int:
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


def _check_exception(word: Word, bound: Sequence[Days | Holidays], events: Events) -> None:
    """Raise where it is not clear what an exception says: of which times, or of which other exception."""
    if word is Word.AS_USUAL:
        usual = all(isinstance(part, Holidays) or part.days <= WEEKEND for part in bound)
        if not usual or not any(isinstance(event, TimeRun) for event in events.order):
            raise UnclearHoursError("do not say what is as usual", EXAMPLE)
    if word is Word.EXCEPT and events.order[-1:] in ((Word.OFF,), (Word.CLOSED_FIRST,)):
        raise UnclearHoursError(
            "do not say whether the exception is open or closed", "write 法定节假日休息 or 照常"
        )


def _day_run(run: Sequence[_Joined]) -> tuple[DayRun, ...]:
    """Return days as one event, none for none; an error where a comma may part them."""
    if not run:
        return ()
    for (_, one), (joint, _) in pairwise(run):
        several = isinstance(one, Days) and one.several
        if joint is Word.STRONG or (joint is Word.COMMA and several):
            raise UnclearHoursError(
                "name days without their times", "write the times behind each, or join days by 、"
            )
    return (DayRun(tuple(part for _, part in run), run[0][0]),)
