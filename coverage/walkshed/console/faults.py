"""Errors as lines on stderr, and the exit codes that the design promises."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from typer import Exit

from walkshed.console.console import Console
from walkshed.errors import InputFaultsError, WalkshedError, sheet_of
from walkshed.model.marks import escaped_json
from walkshed.model.messages import Message, words_of
from walkshed.words.messages.folding import fault_lines, folded
from walkshed.words.messages.saying import said

if TYPE_CHECKING:
    from walkshed.errors import Fault

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


@contextmanager
def faults_told(console: Console, *, debug: bool) -> Iterator[None]:
    """Turn errors into lines on stderr and an exit code; a program error keeps its traceback with ``debug``."""
    try:
        yield
    except InputFaultsError as error:
        for note in error.notes:
            console.complain(Message("note: {note}", note=_one_line(said(note, console.language))))
        for line in fault_lines(error.faults, console.language):
            console.complain(_one_line(line))
        console.complain(_counted(len(error.faults)))
        raise Exit(error.exit_code) from None
    except WalkshedError as error:
        console.remark(_one_line(said(words_of(error), console.language)))
        raise Exit(error.exit_code) from None
    # what no message of its own tells
    except Exception as error:
        if debug or isinstance(error, Exit):
            raise
        told = _told_to_end(error)
        if told is not None:
            raise told from None
        of_machine = _of_the_machine(error)
        if of_machine is not None:
            console.remark(of_machine)
            raise Exit(1) from None
        console.remark(
            Message(
                "a program error, {kind}: {words}; please report it with the traceback that "
                "'walkshed --debug …' shows",
                kind=type(error).__name__,
                words=_one_line(str(error)),
            )
        )
        raise Exit(EXIT_BUG) from None


def _told_to_end(error: BaseException) -> SystemExit | None:
    """Return the call to end that lies behind an error; None where there was none.

    One that comes while a compiled library is imported is wrapped by it in an ``ImportError``.
    """
    behind = error.__cause__ or error.__context__
    if behind is None or isinstance(behind, SystemExit):
        return behind
    return _told_to_end(behind)


def _of_the_machine(error: Exception) -> Message | None:
    """Return what the machine refuses, where no message of its own tells it; None for other errors."""
    if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
        return Message(
            "{place}{reason}; {cure}, and run again",
            place=f"{error.filename}: " if error.filename else "",
            reason=error.strerror,
            cure=Message(_OF_THE_MACHINE[error.errno]),
        )
    if isinstance(error, UnicodeEncodeError):
        return Message(
            "{letters!r} is not in the encoding of this terminal; set PYTHONUTF8=1 or a UTF-8 "
            "locale (LC_ALL=C.UTF-8), or name it otherwise",
            letters=error.object[error.start : error.end],
        )
    return None


def _counted(count: int) -> Message:
    return Message("{count} {count:fault|faults}", count=count)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def faults_as_json(faults: Sequence[Fault], notes: Sequence[str], language: str) -> str:
    """Return {"faults": […], "notes": […], "folded": […]} for programs; facts, cures and notes in a language.

    The last has the faults of one cure together, with their rows.
    """
    import json

    groups = [
        {**_fault_data(group.fault, language), "rows": list(group.rows)}
        for group in folded(faults)
        if len(group.rows) > 1
    ]
    listed = {
        "faults": [_fault_data(fault, language) for fault in faults],
        "notes": [said(note, language) for note in notes],
        "folded": groups,
    }
    return escaped_json(json.dumps(listed, ensure_ascii=False, indent=2))


def _fault_data(fault: Fault, language: str) -> dict[str, object]:
    """Return a fault as JSON has it."""
    file, sheet = sheet_of(fault.file)
    place = {
        "file": file,
        "sheet": sheet,
        "row": fault.row,
        "counted": fault.counted,
        "column": fault.column,
    }
    fact, cure = said(fault.fact, language), said(fault.cure, language)
    return {**place, "value": fault.value, "fact": fact, "cure": cure}
