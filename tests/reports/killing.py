"""Verbs killed at their n-th file operation: what a reader finds, and what the next run makes of it.

As a program:  python tests/reports/killing.py [VERB …]    every operation of every verb, and pairs of runs (make kills)

A child process is forked for each moment; an audit hook counts what it does to files (makes, opens to
write, renames, links, removes) and kills it, as by kill -9, in place of the n-th such operation.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from walkshed.reports.writing import folders, heal
from walkshed.reports.writing.names import SEALS, is_ours

OPERATIONS = frozenset(
    {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.chmod", "os.truncate", "open"}
)
#: Where a folder changes for whoever looks into it.
DECISIVE = frozenset({"os.rename", "os.remove", "os.rmdir", "exchange", "os.link"})
Files = dict[str, bytes]


@dataclass(frozen=True)
class Verb:
    """What a verb does to ``folder`` under a root: ``older`` makes what stands there before, ``newer`` is killed.

    ``theirs`` are the names of files there that are nobody's business.
    """

    name: str
    older: Callable[[Path], object]
    newer: Callable[[Path], object]
    theirs: frozenset[str] = frozenset()
    #: whether the folder is exchanged as a whole, where the system can
    whole: bool = True
    #: whether it refuses to do again what is done
    once: bool = False


@dataclass(frozen=True)
class Moment:
    """One operation of a verb, counted from 0."""

    number: int
    operation: str


def view(folder: Path, verb: Verb) -> Files:
    """Return what a reader finds of the verb's files: all names but those that tell of writing."""
    if not folder.is_dir():
        return {}
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file() and not is_ours(path.name) and path.name not in verb.theirs
    }


def moments(verb: Verb, root: Path, *, one_by_one: bool = False) -> list[Moment]:
    """Return all operations of a verb, in their order."""
    _prepared(verb, root)
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        operations: list[str] = []
        _hook(root, operations.append, one_by_one=one_by_one)
        verb.newer(root / "folder")
        os.write(writer, " ".join(operations).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        told = pipe.read().decode().split()
    assert os.waitpid(child, 0)[1] == 0
    return [Moment(*pair) for pair in enumerate(told)]


def killed(
    verb: Verb, root: Path, wanted: list[Moment], *, one_by_one: bool = False
) -> Iterator[str]:
    """Kill a verb at each of the moments; yield what went wrong, in words."""
    folder = root / "folder"
    _prepared(verb, root)
    older = view(folder, verb)
    verb.newer(folder)
    newer, beside = view(folder, verb), _names(root)
    theirs = {name: _content(folder / name) for name in verb.theirs}
    strict = verb.whole and not one_by_one
    for moment in wanted:
        _prepared(verb, root)
        child = os.fork()
        if not child:
            left = [moment.number]

            def count(_operation: str, left: list[int] = left) -> None:
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)
                left[0] -= 1

            _hook(root, count, one_by_one=one_by_one)
            verb.newer(folder)
            os._exit(0)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        at = f"{verb.name}, operation {moment.number} ({moment.operation})"
        if ended != -signal.SIGKILL:
            yield f"{at}: was not killed but ended with {ended}"

        # what anybody finds who looks into the folder now
        found = view(folder, verb)
        if strict and found not in (older, newer):
            yield f"{at}: the folder holds {_told(found, older, newer)}"
        if not strict and not (found.items() <= older.items() or found.items() <= newer.items()):
            yield f"{at}: the folder holds files of both: {_told(found, older, newer)}"
        if not strict and set(found) & set(SEALS) and found not in (older, newer):
            yield f"{at}: the folder says that it is whole and holds {_told(found, older, newer)}"

        # what a reader of walkshed's finds
        heal(folder)
        if view(folder, verb) not in (older, newer):
            yield f"{at}: healed, the folder holds {_told(view(folder, verb), older, newer)}"

        # the next run
        there = view(folder, verb) == newer
        try:
            verb.newer(folder)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is told)
            if not (there and verb.once):
                yield f"{at}: the next run fails: {error}"
        if view(folder, verb) != newer:
            yield f"{at}: the next run leaves {_told(view(folder, verb), older, newer)}"
        if theirs != {name: _content(folder / name) for name in verb.theirs}:
            yield f"{at}: a file of somebody else's is changed"
        if _names(root) != beside:
            yield f"{at}: leftovers: {sorted(_names(root) ^ beside)}"


def _prepared(verb: Verb, root: Path) -> None:
    """Make the root anew, with the older state in it; made once, and copied from then on."""
    kept = root.with_name(f"{root.name}-{verb.name}")
    if not kept.exists():
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir()
        verb.older(root / "folder")
        shutil.copytree(root, kept)
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(kept, root)


def _hook(root: Path, tell: Callable[[str], object], *, one_by_one: bool) -> None:
    """Call ``tell`` before each operation on files under the root; for a process that ends soon."""
    under, real = str(root), folders.exchange

    def exchange(one: Path, two: Path) -> bool:
        tell("exchange")
        return False if one_by_one else real(one, two)

    folders.exchange = exchange

    def hook(event: str, arguments: tuple) -> None:
        if event not in OPERATIONS or not arguments:
            return
        path = os.fsdecode(arguments[0]) if isinstance(arguments[0], str | bytes | Path) else ""
        if event == "open" and not (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            return
        # shutil.rmtree names what it removes by its folder's descriptor
        by_descriptor = event in ("os.remove", "os.rmdir") and arguments[1] != -1
        if path.startswith(under) or by_descriptor:
            tell(event)

    sys.addaudithook(hook)


def _names(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*")}


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _told(found: Files, older: Files, newer: Files) -> str:
    words = []
    for name in sorted({*found, *older, *newer}):
        state = [
            word
            for word, files in (("older", older), ("newer", newer))
            if name in found and files.get(name) == found[name]
        ]
        words.append(f"{name} {'/'.join(state) or ('other' if name in found else 'missing')}")
    return ", ".join(words)


def main(wanted: list[str]) -> int:
    """Kill every verb at every operation; print a line for each, and what went wrong."""
    from reports.killed_verbs import verbs
    from reports.pairs import pairs, run_pairs

    wrong = 0
    # what a process wrote outlives it; forcing it to the disk is against losses of power
    os.fsync = lambda _descriptor: None
    with tempfile.TemporaryDirectory(prefix="walkshed-kills-") as scratch:
        for verb in verbs(Path(scratch).resolve()):
            if wanted and verb.name not in wanted:
                continue
            for one_by_one in (False, True) if verb.whole else (True,):
                begun_s = time.monotonic()
                root = Path(scratch).resolve() / "root"
                every = moments(verb, root, one_by_one=one_by_one)
                told = list(killed(verb, root, every, one_by_one=one_by_one))
                how = "one by one" if one_by_one else "as a whole"
                seconds = time.monotonic() - begun_s
                print(
                    f"{verb.name}, {how}: {len(every)} moments, {len(told)} wrong, {seconds:.0f} s"
                )
                print("".join(f"  {line}\n" for line in told), end="", flush=True)
                wrong += len(told)
        if not wanted or "pairs" in wanted:
            begun_s = time.monotonic()
            folder, temporary = Path(scratch) / "maps" / "town", Path(scratch) / "temporary"
            told = [*pairs(folder, temporary, 20), *run_pairs(Path(scratch) / "runs", 20)]
            seconds = time.monotonic() - begun_s
            print(f"20 pairs of writers, 20 of runs at once: {len(told)} wrong, {seconds:.0f} s")
            print("".join(f"  {line}\n" for line in told), end="", flush=True)
            wrong += len(told)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    os.environ["WALKSHED_CACHE"] = "off"
    sys.exit(main(sys.argv[1:]))
