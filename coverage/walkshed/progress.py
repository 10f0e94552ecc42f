"""Who is told how far a run has come, and how long its stages took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from walkshed.model.messages import Message

if TYPE_CHECKING:
    from walkshed.model.plans.proposals import Unreachable
    from walkshed.model.results import Results

Progress = Callable[[str], None]


class Stages:
    """Names and times the stages of one run."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Tell that ``stage`` begins, and note its seconds when it ends."""
        if self._progress is not None:
            self._progress(stage)
        begun = time.perf_counter()
        yield
        self.seconds[stage] = time.perf_counter() - begun


def unreached_reporter(
    results: Results, say: Callable[[str], None] | None
) -> Callable[[tuple[Unreachable, ...]], None] | None:
    """Return a callback that says, in the study's language, whom no candidate can serve."""
    if say is None:
        return None

    def report(rows: tuple[Unreachable, ...]) -> None:
        from walkshed.words.proposals import unreachable_lines

        for line in unreachable_lines(results, rows, results.inputs.settings.language):
            say(line)

    return report


def gap_reporter(progress: Progress | None) -> Callable[[float], None] | None:
    """Return a callback that reports the current gap as progress."""
    if progress is None:
        return None

    def report(gap: float) -> None:
        if gap < 10.0:
            progress(Message("siting: gap {percent:.1f}%", percent=100 * gap))
        else:
            progress(Message("siting: no bound yet"))

    return report
