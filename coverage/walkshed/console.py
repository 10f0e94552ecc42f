"""What the command line says and shows: progress, faults in one line each, tables, and whether anybody looks on.

All text leaves to a terminal through here: ``say``, ``complain``, ``show`` and the bar, and what a
terminal would obey leaves as an escape (``walkshed.model.marks``).
"""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

import typer

from walkshed.errors import InputFaultsError, WalkshedError
from walkshed.model.marks import escaped, escaped_json
from walkshed.model.messages import Message

if TYPE_CHECKING:
    from rich.table import Table

    from walkshed.errors import Fault
    from walkshed.model.results import StudyInputs

#: A program error: beside 0 done, 1 a fault of the input, 2 wrong usage, 3 an outside service
#: failed (sysexits.h).
EXIT_BUG = 70
_DRIVE = "look after the disk or the network drive"
#: What the machine refuses, and the cure.
_OF_THE_MACHINE = {
    errno.ENOSPC: "free the disk",
    errno.EROFS: "choose a place that can be written to",
    errno.EACCES: "close the file in other programs, or take off its protection",
    errno.EPERM: "close the file in other programs, or take off its protection",
    errno.EMFILE: "close other programs",
    errno.ENFILE: "close other programs",
    errno.ENOMEM: "close other programs",
    errno.EFBIG: "free the disk",
    errno.EDQUOT: "free the disk",
    errno.EIO: _DRIVE,
    errno.ENODEV: _DRIVE,
    errno.ESTALE: _DRIVE,
    errno.ETIMEDOUT: _DRIVE,
}
#: How systems say that the reader of a pipe has left; Windows says EINVAL.
_CLOSED_PIPE = frozenset(
    {errno.EPIPE, errno.ESHUTDOWN, *((errno.EINVAL,) if sys.platform == "win32" else ())}
)
#: Seconds that a command has to end by itself once it is told to.
_LAST_CALL_S = 3.0
#: Stages of a run (walkshed.study.run), then the files.
RUN_STAGES = 8


class _UntilClosed:
    """A stream whose reader may leave (``| head``): what comes after that is dropped, and the work goes on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the stream has)
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write as the stream does; nothing where nobody reads any more."""
        try:
            return self._stream.write(text)
        except OSError as error:
            self._drop(error)
            return len(text)

    def flush(self) -> None:
        """Flush as the stream does; nothing where nobody reads any more."""
        try:
            self._stream.flush()
        except OSError as error:
            self._drop(error)

    def _drop(self, error: OSError) -> None:
        """Send what is still held and all that follows nowhere; raise what is not a closed pipe."""
        if error.errno not in _CLOSED_PIPE:
            raise error
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)


def outlive_readers() -> None:
    """Let verbs end as they would, with their exit code, where a reader of their output has left: ``| head -1``."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None:
            setattr(sys, name, _UntilClosed(stream))


def speak_utf8() -> None:
    """Begin anew in Python's UTF-8 mode where the locale (C, POSIX) knows no letters but ASCII, so that paths do."""
    if sys.getfilesystemencoding() == "ascii":
        # the program that is started is this one
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606


def seldom_look_for_litter() -> None:
    """Let Python look for objects that hold each other, and that nobody else holds, a hundred times less often.

    A run makes a million small objects (outlines, cells, texts) that live until it ends, and hardly
    any of the others: to look through all of them again and again takes a tenth of its time.
    """
    gc.set_threshold(100_000, 50, 100)


def leave_when_told() -> None:
    """End soon after SIGTERM: as an error does, so that nothing half written stays behind, and else at once.

    Python hears a signal between two of its own steps. Where a library is in a long one, a thread
    that waits beside it ends the process; folders are whole at every moment, and the next run clears
    away what was being built.
    """
    signal.signal(signal.SIGTERM, _leave)
    if sys.platform == "win32":
        return
    heard, tells = os.pipe()
    os.set_blocking(tells, False)
    signal.set_wakeup_fd(tells, warn_on_full_buffer=False)
    threading.Thread(target=_end_late, args=(heard,), name="last call", daemon=True).start()


def _leave(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def _end_late(heard: int) -> None:
    """Wait for SIGTERM, and end the process where it has not ended some seconds after."""
    while signal.SIGTERM not in os.read(heard, 1):
        pass
    time.sleep(_LAST_CALL_S)
    os._exit(128 + signal.SIGTERM)


@contextmanager
def faults_told(context: typer.Context) -> Iterator[None]:
    """Turn errors into lines on stderr and the exit code that the design promises."""
    try:
        yield
    except InputFaultsError as error:
        for note in error.notes:
            complain(f"note: {_one_line(note)}")
        from walkshed.words.messages.folding import fault_lines

        for line in fault_lines(error.faults, "en"):
            complain(_one_line(line))
        count = len(error.faults)
        complain(f"{count} fault{'' if count == 1 else 's'}")
        raise typer.Exit(error.exit_code) from None
    except WalkshedError as error:
        complain(f"walkshed: {_one_line(error)}")
        raise typer.Exit(error.exit_code) from None
    except Exception as error:
        if context.obj or isinstance(error, typer.Exit):
            raise
        # where no message of its own tells it
        if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
            place = f"{error.filename}: " if error.filename else ""
            complain(
                Message(
                    "walkshed: {place}{strerror}; {cure}, and run again",
                    place=place,
                    strerror=error.strerror,
                    cure=_OF_THE_MACHINE[error.errno],
                )
            )
            raise typer.Exit(1) from None
        if isinstance(error, UnicodeEncodeError):
            letters = error.object[error.start : error.end]
            complain(
                Message(
                    "walkshed: {letters!r} is not in the encoding of this terminal; set "
                    "PYTHONUTF8=1 or a UTF-8 locale (LC_ALL=C.UTF-8), or name it otherwise",
                    letters=letters,
                )
            )
            raise typer.Exit(1) from None
        told = Message(
            "walkshed: a program error, {error_kind}: {words}",
            error_kind=type(error).__name__,
            words=_one_line(error),
        )
        complain(
            Message(
                "{told}; please report it with the traceback that 'walkshed --debug …' shows",
                told=told,
            )
        )
        raise typer.Exit(EXIT_BUG) from None


def _one_line(message: object) -> str:
    return " ".join(str(message).split())


def faults_as_json(faults: Sequence[Fault], notes: Sequence[str]) -> str:
    """Return {"faults": […], "notes": […], "folded": […]} for programs; the last has those of one cure together."""
    import json

    from walkshed.words.messages.folding import folded

    rows = [_fault_data(fault) for fault in faults]
    groups = [
        {**_fault_data(group.fault), "rows": list(group.rows)}
        for group in folded(faults)
        if len(group.rows) > 1
    ]
    told = {"faults": rows, "notes": list(notes), "folded": groups}
    return escaped_json(json.dumps(told, ensure_ascii=False, indent=2))


def _fault_data(fault: Fault) -> dict[str, object]:
    """Return a fault as JSON has it."""
    from walkshed.errors import sheet_of

    file, sheet = sheet_of(fault.file)
    place = {
        "file": file,
        "sheet": sheet,
        "row": fault.row,
        "counted": fault.counted,
        "column": fault.column,
    }
    return {**place, "value": fault.value, "fact": fault.fact, "cure": fault.cure}


def overview(inputs: StudyInputs) -> Table:
    """Return what was read as a table: a line each for streets, stations, blocks, gates, services and needs."""
    from collections import Counter

    from rich.table import Table
    from rich.text import Text

    from walkshed.model.arrays import whole

    settings, streets = inputs.settings, inputs.settings.streets
    tiers = Counter(str(station.tier) for station in inputs.stations)
    blocks = inputs.blocks
    if blocks is None:
        told = (
            "made from the map"
            if settings.blocks_from == "osm"
            else "street blocks made from the streets"
        )
        block_count = "-"
    else:
        people = sum(whole(block.people or 0.0) for block in blocks)
        unknown = sum(block.people is None for block in blocks)
        told = f"{people:,.0f} people" + (
            Message("; {unknown} blocks without people", unknown=unknown) if unknown else ""
        )
        block_count = str(len(blocks))
    surveyed = sum(service.complete for service in inputs.services)
    sources = ", ".join(dict.fromkeys(need.source for need in inputs.needs))
    name = settings.name + (" (illustrative)" if settings.illustrative else "")
    table = Table(title=Text(escaped(name)))
    for header in ("what", "count", "details"):
        table.add_column(header, justify="right" if header == "count" else "left", overflow="fold")
    rows = (
        (
            "streets",
            "-",
            Message(
                "{file} ({form}), private = {private_rule}",
                file=streets.path.name,
                form=streets.form,
                private_rule=streets.private_rule,
            ),
        ),
        (
            "stations",
            str(len(inputs.stations)),
            ", ".join(f"{count} {tier}" for tier, count in sorted(tiers.items())),
        ),
        ("blocks", block_count, told),
        (
            "gates",
            str(len(inputs.gates)),
            "the list is complete" if settings.gates_complete else "",
        ),
        (
            "services",
            str(len(inputs.services)),
            Message("{surveyed} surveyed completely", surveyed=surveyed),
        ),
        ("needs", str(len(inputs.needs)), sources),
        ("files", str(len(inputs.file_digests)), ", ".join(inputs.file_digests)),
    )
    for row in rows:
        table.add_row(*(Text(escaped(cell)) for cell in row))
    return table


def compared(rows: list[list[str]]) -> Table:
    """Return the rows of a comparison of scenarios as a table."""
    from rich.table import Table

    table = Table()
    for header in ("scenario", "service", "gain", "lose", "people served", "blocks failing"):
        table.add_column(
            header,
            justify="left" if header in {"scenario", "service"} else "right",
            overflow="fold",
        )
    for row in rows:
        table.add_row(*map(escaped, row))
    return table


def changed(rows: list[list[str]]) -> Table:
    """Return the rows of a comparison of studies as a table."""
    from rich.table import Table

    table = Table()
    for header in ("study", "service", "people served", "blocks failing", "better", "worse", "why"):
        left = header in {"study", "service", "why"}
        table.add_column(header, justify="left" if left else "right", overflow="fold")
    for row in rows:
        table.add_row(*map(escaped, row))
    return table


@contextmanager
def progress_bar(stages: int = RUN_STAGES) -> Iterator[Callable[[str], None]]:
    """Yield a function that is told each stage; it draws a bar on stderr if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _stage: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<12}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=Console(stderr=True), transient=True, redirect_stdout=sys.stdout.isatty()
    ) as bar:
        task = bar.add_task("reading", total=stages)
        begun, current = 0, ""

        def tell(stage: str) -> None:
            """Begin a stage; "stage: how far" tells more of the one that has begun."""
            nonlocal begun, current
            stage = escaped(stage)
            name = stage.partition(":")[0]
            if name == current and name != stage:
                bar.update(task, description=stage)
                return
            bar.update(task, description=stage, completed=begun)
            begun, current = begun + 1, name

        yield tell


def say(line: str) -> None:
    """Write a line, or several, to stdout; on a terminal, above the bar if one is drawn."""
    from rich.file_proxy import FileProxy

    if isinstance(sys.stdout, FileProxy):
        sys.stdout.write(f"{escaped(line)}\n")
    else:
        typer.echo(escaped(line))


def complain(line: str) -> None:
    """Write a line to stderr: a fault, or why nothing happens for a while."""
    typer.echo(escaped(line), err=True)


def show(table: Table) -> None:
    """Write a table to stdout."""
    from rich.console import Console

    Console(highlight=False, markup=False, emoji=False).print(table)


def announce_compiler() -> None:
    """Say, to a terminal, that the first run on a machine takes some seconds more than the next."""
    if sys.stderr.isatty():
        from walkshed.walk.kernels.compiler import kept

        if not kept():
            complain("compiling the searches, once on this machine (some seconds)")


def speaks_chinese() -> bool:
    """Return whether the locale is Chinese: the environment's word first, as POSIX orders it, then the system's."""
    import locale

    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if word := os.environ.get(variable):
            return word.lower().startswith(("zh", "chinese"))
    return (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese"))


def may_open_browser() -> bool:
    """Return whether somebody sits before a screen: a terminal, no CI, and a display where the system needs one."""
    if os.environ.get("CI") or not sys.stdout.isatty():
        return False
    needs_display = sys.platform not in {"win32", "darwin", "cygwin"}
    return not needs_display or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
