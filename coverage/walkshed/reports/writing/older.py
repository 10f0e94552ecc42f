"""The older run in a folder: which of its files are walkshed's own, and may go, and which are somebody's."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from walkshed.errors import OutputError
from walkshed.model.formats import RUN_FORMAT
from walkshed.model.messages import Listing, Message
from walkshed.model.paths import digest_of
from walkshed.reports.writing.cures import cure
from walkshed.reports.writing.folders import heal
from walkshed.reports.writing.names import (
    OF_EVERY_RUN,
    OF_PRINTS,
    OF_RUNS,
    is_litter,
    is_ours,
    named,
)

#: What no run.json lists: itself, and the file of seconds, which differ from run to run.
_UNLISTED = frozenset({"run.json", "timing.json"})


def check_folder(folder: Path, *, public: bool = False) -> list[str]:
    """Return the names of an older run's files in ``folder``, sorted; a run that died there is put in order first.

    Asked before a long run, it tells early what ``write_run`` would refuse. A file is walkshed's own
    if walkshed writes files of that name and the folder's run.json lists it; one that no later run
    need write must be as it was written, too. Prints made by hand stay where they are; a ``public``
    run refuses them, which nobody has looked through. Raises OutputError as ``write_run`` does.
    """
    heal(folder)
    return older_files(Path(folder), public=public)


def older_files(folder: Path, *, public: bool = False) -> list[str]:
    """Return what ``check_folder`` does, of a folder that is held already."""
    try:
        older = _own_files(folder, public=public)
    except OSError as error:
        raise (
            error if isinstance(error, OutputError) else OutputError(cure(error, folder))
        ) from error
    for name in older:
        path = folder / name
        try:
            # a rename would ignore it on some systems, not on others
            if not path.stat().st_mode & stat.S_IWUSR:
                raise PermissionError(
                    errno.EACCES, Message("the file is write-protected"), str(path)
                )
            with path.open("r+b"):  # Windows refuses this while Excel holds the file
                pass
        except OSError as error:
            raise OutputError(cure(error, path)) from error
    return older


def keep_prints(folder: Path, new: Path) -> list[str]:
    """Return what becomes of prints in ``folder``; those made by hand go into ``new``, too, unless made anew."""
    listed = _listed(_run_of(folder)) or {}
    remarks: list[str] = []
    for name in sorted(OF_PRINTS):
        if not (folder / name).is_file() or (new / name).exists():
            continue

        # what the older run printed shows that one
        if _is_as_written(folder / name, listed):
            remarks.append(
                Message(
                    "{name} showed the older run and is removed; --pdf and --png print anew",
                    name=name,
                )
            )
            continue

        # what a hand printed is kept
        try:
            os.link(folder / name, new / name)
        except OSError:  # a file system without second names
            shutil.copy2(folder / name, new / name)
        remarks.append(
            Message(
                "{name} was not printed by a run and stays; it may show an older one", name=name
            )
        )
    return remarks


def _own_files(folder: Path, *, public: bool) -> list[str]:
    """Return the names of an older run's files; refuse a folder that holds anything else."""
    entries = sorted(folder.iterdir()) if folder.exists() else []
    found = [path for path in entries if not is_litter(path.name) and not is_ours(path.name)]
    if not found:
        return []
    run = _run_of(folder)
    _refuse_newer(folder, run)
    listed = _listed(run)
    held = [
        path.name
        for path in found
        if path.name in {"layers.gpkg-wal", "layers.gpkg-shm", "layers.gpkg-journal"}
    ]
    if held and listed is not None:
        raise OutputError(
            Message(
                "{file} is open in another program ({held} lies beside it); close it there (in "
                "QGIS: remove its layers), or delete {held} if no program is running",
                file=folder / "layers.gpkg",
                held=held[0],
            )
        )
    by_hand = [path.name for path in found if _is_by_hand(path, listed)]
    own = [path.name for path in found if listed is not None and _is_own(path, listed)]
    others = {path.name for path in found}.difference(own, () if public else by_hand)
    edited = sorted(name for name in others if name in OF_RUNS and name in (listed or {}))
    faults = list(_faults(folder, edited, sorted(others.difference(edited))))
    if faults:
        raise OutputError(Listing(faults, mark="; "))
    # a print made by hand leaves the folder with the older run, and comes with the newer one
    return sorted({*own, *by_hand})


def _faults(folder: Path, edited: Sequence[str], strangers: Sequence[str]) -> Iterator[Message]:
    """Yield what stands in the way: what a run wrote and somebody has changed since, and what no run wrote."""
    if edited:
        yield Message(
            "{folder}: {edited} {count:has|have} been changed by hand since the run wrote "
            "{count:it|them}; move {count:it|them} out of the folder, or choose another with --out",
            folder=folder,
            edited=named(edited),
            count=len(edited),
        )
    if strangers:
        yield Message(
            "{folder} holds files that are not from a run of walkshed: {strangers}; choose "
            "another folder with --out, or move them away",
            folder=folder,
            strangers=named(strangers),
        )


def _is_own(path: Path, listed: Mapping[str, str]) -> bool:
    """Return whether walkshed wrote a file, by its name, by run.json, and by its bytes where none need follow it."""
    if path.name not in OF_RUNS or not path.is_file() or path.is_symlink():
        return False
    if path.name in _UNLISTED or (path.name in OF_EVERY_RUN and path.name in listed):
        return True
    return _is_as_written(path, listed)


def _is_by_hand(path: Path, listed: Mapping[str, str] | None) -> bool:
    """Return whether a file is a print that no run made."""
    if listed is None or path.name not in OF_PRINTS or not path.is_file() or path.is_symlink():
        return False
    return not _is_as_written(path, listed)


def _is_as_written(path: Path, listed: Mapping[str, str]) -> bool:
    digest = listed.get(path.name)
    return digest is not None and digest_of(path) == digest


def _run_of(folder: Path) -> dict[str, Any] | None:
    """Return what a folder's run.json says; None when it is missing or not walkshed's."""
    try:
        content = json.loads((folder / "run.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or "walkshed" not in content:
        return None
    return content


def _listed(run: Mapping[str, Any] | None) -> dict[str, str] | None:
    """Return the files that a run lists, with their digests; None without a run."""
    if run is None:
        return None
    files = run.get("files")
    if not isinstance(files, dict):
        return {}
    return {str(name): str(digest) for name, digest in files.items()}


def _refuse_newer(folder: Path, run: Mapping[str, Any] | None) -> None:
    """Raise where a run is of a newer walkshed, whose files this one does not know."""
    stated = None if run is None else run.get("format")
    if isinstance(stated, int) and stated > RUN_FORMAT:
        raise OutputError(
            Message(
                "{folder} holds a run of a newer walkshed (run.json: format {stated}; this one "
                "writes {run_format}); choose another folder with --out, or update walkshed",
                folder=folder,
                stated=stated,
                run_format=RUN_FORMAT,
            )
        )
