"""Files are built apart, then put into their folder in one step, or as nearly so as the system allows.

A folder that holds nothing but a run is exchanged as a whole for the newer one (Linux, macOS): at
every moment it is wholly the one or the other. Where that cannot be (Windows, network drives, a
mounted folder, one with files of others, somebody's working folder), files enter one by one, as
``moves`` tells. A process may die at any moment: whoever comes next, to write or to read, finds what
it left, finishes or undoes it, and clears it away; of a process that lives nothing is touched.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from walkshed.errors import OutputError
from walkshed.model.messages import Message
from walkshed.reports.writing.cures import ELSEWHERE, cure
from walkshed.reports.writing.exchange import exchange
from walkshed.reports.writing.lock import alone_in, is_held
from walkshed.reports.writing.moves import NEW, finish, is_unfinished, move_in
from walkshed.reports.writing.names import (
    LOCK,
    OF_COMPARISONS,
    OF_PRINTS,
    OF_RUNS,
    PART,
    is_litter,
    is_ours,
    part_beside,
)

Build = Callable[[Path], object]
_ANOTHER = Message("choose another folder")


def put_in_place(
    folder: Path,
    build: Build,
    *,
    older: Callable[[], Sequence[str]],
    other: str = ELSEWHERE,
) -> None:
    """Put all that ``build`` writes into an empty folder into ``folder``, in place of its ``older`` files, or nothing.

    ``older`` is asked once nobody else writes there: it returns the names of the files that go, and
    raises what forbids to write. All others stay. The folder is made if need be. Raises OutputError
    when it cannot be written to, saying how to write elsewhere by ``other``, and when another run
    does not end.
    """
    folder = Path(os.path.realpath(folder))
    try:
        with alone_in(folder) as binds:
            if binds:
                _heal(folder)
            going = older()
            part = _part_for(folder, going)
            try:
                (part / NEW).mkdir()
                build(part / NEW)
                _on_disk(part / NEW)
                _place(part, folder, going)
            finally:
                _clear(part, folder)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(cure(error, folder, other=other)) from error


def put_files(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    check: Callable[[], object] | None = None,
    other: str = _ANOTHER,
) -> None:
    """Put files among others into ``folder``, each in place of the one of its name; all of them or none.

    ``check`` is called once nobody else writes there, and raises what forbids to write; ``other``
    says how to write elsewhere. Raises OutputError as ``put_in_place`` does.
    """

    def build(new: Path) -> None:
        for name, content in files.items():
            (new / name).write_bytes(content)

    folder = Path(folder)

    def older() -> list[str]:
        if check is not None:
            check()
        return [name for name in files if os.path.lexists(folder / name)]

    put_in_place(folder, build, older=older, other=other)


def heal(folder: Path) -> None:
    """Finish or undo what a process left in ``folder`` that died while it wrote; readers call it first.

    Nothing is written where nothing was left. Raises OutputError where that is not possible.
    """
    folder = Path(os.path.realpath(folder))
    try:
        if not folder.is_dir() or not _is_left_in(folder):
            return
        with alone_in(folder) as binds:
            if binds:
                _heal(folder)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(cure(error, folder)) from error


def _is_left_in(folder: Path) -> bool:
    """Return whether there is anything in the folder, or beside it, that a process may have left which died."""
    if any(folder.glob(f"{PART}*")) or any(folder.parent.glob(f"{part_beside(folder)}*")):
        return True
    return (folder / LOCK).exists() and not is_held(folder / LOCK)


def _heal(folder: Path) -> None:
    """Clear what dead processes left, in the folder and beside it.

    The folder is held, so whoever built there is dead.
    """
    for part in sorted(folder.glob(f"{PART}*")):
        finish(part, folder)
    for part in sorted(folder.parent.glob(f"{part_beside(folder)}*")):
        # one that holds an exchanged folder is its maker's until that folder's lock is free
        if not is_held(part / NEW / LOCK):
            _dissolve(part, folder)


def _part_for(folder: Path, going: Sequence[str]) -> Path:
    """Make an empty part: beside the folder if that can be exchanged as a whole, else in it."""
    token = secrets.token_hex(3)
    if sys.platform != "win32" and _is_whole(folder, going):
        beside = folder.parent / f"{part_beside(folder)}{token}"
        with suppress(OSError):  # a folder above that others own
            beside.mkdir()
            return beside
    inside = folder / f"{PART}{token}"
    inside.mkdir()
    return inside


def _is_whole(folder: Path, going: Sequence[str]) -> bool:
    """Return whether nothing would be lost with the folder: no stranger's file, no mount, nobody's working folder.

    Files that are no results, such as sheets of a survey, are told from strangers' by ``going``
    alone, which whoever clears an exchanged folder away does not know: they enter one by one.
    """
    names = {path.name for path in folder.iterdir()}
    known = names.intersection(going) & (OF_RUNS | OF_COMPARISONS | OF_PRINTS)
    strangers = [name for name in names - known if not is_litter(name) and not is_ours(name)]
    try:
        works_here = Path.cwd().is_relative_to(folder)
    except OSError:  # a working folder that is gone
        works_here = False
    return not strangers and not works_here and not os.path.ismount(folder)


def _place(part: Path, folder: Path, going: Sequence[str]) -> None:
    """Exchange the folder, or else let files enter one by one."""
    if part.parent == folder.parent:
        if _alike(part / NEW, folder) and exchange(part / NEW, folder):
            _sync(folder.parent)
            return
        part = part.rename(folder / part.name)
    move_in(part, folder, going)
    _sync(folder)


def _alike(new: Path, folder: Path) -> bool:
    """Give the new folder the rights of the one in place; return whether both are of one owner and group."""
    theirs, ours = folder.stat(), new.stat()
    new.chmod(stat.S_IMODE(theirs.st_mode))
    return (theirs.st_uid, theirs.st_gid) == (ours.st_uid, ours.st_gid)


def _clear(part: Path, folder: Path) -> None:
    """Remove a part that has done its work, or failed; what cannot be removed now, the next run clears away."""
    if part.exists():
        with suppress(OSError):
            _dissolve(part, folder)
    inside = folder / part.name
    # where older files could not be put back, the next run must find them
    if not is_unfinished(inside):
        shutil.rmtree(inside, ignore_errors=True)


def _dissolve(part: Path, folder: Path) -> None:
    """Remove a part beside the folder.

    What lies in an exchanged folder and is not walkshed's goes back into its place.
    """
    exchanged = part / NEW
    if (exchanged / LOCK).exists():
        for path in sorted(exchanged.iterdir()):
            if path.name in OF_RUNS | OF_COMPARISONS and path.is_file():
                path.unlink()
            elif path.name != LOCK and not (folder / path.name).exists():
                path.rename(folder / path.name)
        # the lock goes last: it tells that this folder is not one that was being built
        if [path.name for path in exchanged.iterdir()] != [LOCK]:
            return
    shutil.rmtree(part, ignore_errors=True)


def _on_disk(new: Path) -> None:
    """Force files to the disk before they are put in place: a full disk tells itself here at the latest."""
    for path in sorted(new.iterdir()):
        if path.is_file():
            with path.open("r+b") as file:
                os.fsync(file.fileno())
    _sync(new)


def _sync(folder: Path) -> None:
    """Force the names in a folder to the disk, where the system opens folders."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
