"""Days that stand together in a text of hours, and times that do, less the rest at noon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from walkshed.inputs.hours.clock import DAY_MIN, Span
from walkshed.inputs.hours.days import WEEK, Days
from walkshed.inputs.hours.parts import Holidays, Part, Word, days_in
from walkshed.inputs.hours.unclear import EXAMPLE, UnclearHoursError

Spans = tuple[tuple[int, int], ...]
#: What stands between days and times.
MARKS: Final = frozenset({Word.LIST, Word.COMMA, Word.STRONG, Word.BRACKET})
#: Words for the whole day.
ALL_DAY: Final = frozenset({Word.ALL_DAY, Word.ROUND_THE_CLOCK})
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


def is_every_day(run: DayRun | None) -> bool:
    """Return whether days are all of the week, named or not."""
    return run is None or (not run.special and run.days >= WEEK)


def times_at(parts: Sequence[Part], at: int, before: Word | None) -> tuple[TimeRun, int]:
    """Return the times that stand together from a place on, and the place behind them."""
    found: list[Part] = []
    while at < len(parts):
        part = parts[at]
        rest = part is Word.LUNCH or (part is Word.OFF and bool(found))
        if isinstance(part, Span) or part in ALL_DAY or rest:
            found.append(part)
        elif part not in MARKS:
            break
        at += 1

    # marks behind the last time belong to what follows
    while parts[at - 1] in MARKS:
        at -= 1

    all_day = [part for part in found if part in ALL_DAY]
    if all_day and len(set(found)) > 1 and set(found) != set(ALL_DAY):
        raise UnclearHoursError("name all day and times beside it", EXAMPLE)
    loose = set(all_day) == {Word.ALL_DAY}
    spans = ROUND_THE_CLOCK if all_day else _spans(found)
    return TimeRun(spans, before, loose), at


def _spans(found: list[Part]) -> Spans:
    """Return times in their order, less the rest at noon; an error where one may be of the afternoon."""
    spans = [part for part in found if isinstance(part, Span)]
    if any(part in (Word.LUNCH, Word.OFF) for part in found):
        return _without_rest(spans, len(found) - len(spans))

    for one, other in pairwise(spans):
        if other.begin < one.end <= other.begin + DAY_MIN // 2 and other.bare:
            raise UnclearHoursError(
                "do not say whether '{said}' is in the morning or in the afternoon",
                "write 14:30-17:30 or 下午2:30-5:30",
                said=other.said,
            )
    late = any(span.end > DAY_MIN // 2 for span in spans)
    for span in spans:
        if span.early and not late:
            raise UnclearHoursError(
                "do not say whether '{said}' is in the morning or in the evening",
                "write 早上7:00-9:00, or 19:00-21:00",
                said=span.said,
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
