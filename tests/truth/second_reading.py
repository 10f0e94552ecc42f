"""A pytest plugin: every study that any test runs is told a second time, and the two are compared.

``make truth`` asks for it (``-p truth.second_reading``). At the end stands a table of all studies,
and the session fails where one differs. What the truth does not read is listed, with what it is.
"""

from __future__ import annotations

import functools
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from truth.compare import Comparison
from truth.folder import UnreadError
from truth.runs import told_again
from walkshed import study as package
from walkshed.model.results import Results, StudyInputs


@dataclass
class Readings:
    """What was read again: by test, the study and its comparison, or what is not read."""

    test: str = ""
    compared: list[tuple[str, str, Comparison]] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)


READINGS = Readings()
_PATHS: dict[int, tuple[object, Path]] = {}


def pytest_configure(config: pytest.Config) -> None:
    """Let every run be read again."""
    read, run = package.read_study, package.run

    @functools.wraps(read)
    def read_and_kept(folder: str | Path, *args: object, **options: object) -> package.Study:
        study = read(folder, *args, **options)
        _PATHS[id(study.inputs)] = (study.inputs, Path(folder))
        return study

    @functools.wraps(run)
    def run_and_read(inputs: StudyInputs, **options: object) -> Results:
        results = run(inputs, **options)
        _read_again(results)
        return results

    package.read_study, package.run = read_and_kept, run_and_read


def _read_again(results: Results) -> None:
    inputs = results.inputs
    _, path = _PATHS.get(id(inputs), (None, None))
    if path is None or inputs.scenario is not None:
        READINGS.unread["a scenario, or a study changed in memory"] += 1
        return
    try:
        comparison, _ = told_again(path, results)
    except UnreadError as unread:
        READINGS.unread[str(unread)] += 1
        return
    except (KeyError, ValueError) as unknown:
        # a table with column names, words or a form of file that only planners' tables have
        READINGS.unread[f"a table: {type(unknown).__name__} {str(unknown)[:60]}"] += 1
        return
    READINGS.compared.append((READINGS.test, inputs.settings.name, comparison))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Remember which test runs."""
    READINGS.test = item.nodeid


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was compared, what differs, and what was not read."""
    rows = sum(comparison.rows for _, _, comparison in READINGS.compared)
    terminalreporter.section("the truth beside the package")
    terminalreporter.line(f"{len(READINGS.compared)} runs compared, {rows} rows")
    for test, name, comparison in READINGS.compared:
        if comparison.differences:
            terminalreporter.line(f"DIFFERS {test} [{name}]: {comparison.summary()}")
            for one in comparison.differences[:5]:
                terminalreporter.line(f"    {one}")
    for what, times in READINGS.unread.most_common():
        terminalreporter.line(f"not read, {times} times: {what}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the session where a study differs, or where nothing was compared."""
    if any(comparison.differences for _, _, comparison in READINGS.compared):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if not READINGS.compared:
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
