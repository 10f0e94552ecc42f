"""Which days, times and seasons of a text belong to each other; refused where it may be otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from walkshed.inputs.hours.events import EXCEPTIONS, Event, Events
from walkshed.inputs.hours.parts import Word
from walkshed.inputs.hours.runs import DayRun, TimeRun
from walkshed.inputs.hours.seasons import Season
from walkshed.inputs.hours.unclear import EXAMPLE, UnclearHoursError


@dataclass(frozen=True, slots=True)
class Clause:
    """Days with their times; None for the days, the times or the season that is not named."""

    days: DayRun | None
    times: TimeRun | None
    season: Season | None = None


def clauses_of(events: Events) -> tuple[Clause, ...]:
    """Return the clauses of a text, each day with its times."""
    # without seasons all is one section; else days before the first are those of all
    sections: list[tuple[Season | None, list[Event]]] = [(None, [])]
    for event in events.order:
        if isinstance(event, Season):
            sections.append((event, []))
        else:
            sections[-1][1].append(event)
    head = _pairs(sections[0][1])
    if len(sections) == 1:
        return tuple(head)

    if len(head) > 1 or any(clause.times for clause in head):
        raise _no_pairs()
    clauses = []
    for season, section in sections[1:]:
        for clause in _pairs(section):
            if clause.times is None or (head and clause.days is not None):
                raise _no_pairs()
            days = clause.days or (head[0].days if head else None)
            clauses.append(Clause(days, clause.times, season))
    if len({clause.season for clause in clauses}) < len(sections) - 1:
        raise _no_pairs()
    return tuple(clauses)


def _pairs(events: Sequence[Event]) -> list[Clause]:
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


def _check_order(events: Sequence[Event]) -> None:
    """Raise where times follow an exception without days of their own."""
    previous: list[Event] = []
    for event in events:
        if isinstance(event, TimeRun) and previous and previous[-1] in EXCEPTIONS:
            days = [one for one in previous if not isinstance(one, Word)]
            if not days or not isinstance(days[-1], DayRun):
                raise _no_pairs()
        previous.append(event)


def _no_pairs() -> UnclearHoursError:
    return UnclearHoursError("do not say which times belong to which days", EXAMPLE)
