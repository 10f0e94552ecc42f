"""Answers on disk before the next request: a geocoding run may be killed, and goes on from there.

One line of JSON per answered query, appended and forced to the disk before anything else is asked.
A line that was cut short is dropped when the file is opened again: at most that one query is asked
twice.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

from walkshed.errors import OutputError, UnreadableFileError
from walkshed.model.geocoding import Attempt, Location, Precision, Query
from walkshed.model.marks import plain_values
from walkshed.model.messages import Message, as_data, of_data
from walkshed.model.paths import why_refused

FORMAT: Final = "walkshed answers 1"

Ask = Callable[[Query], Attempt]


class AnswerStore:
    """Attempts by query, in a file that only grows.

    ``asked_of`` names the chain of geocoders: another chain, other answers. Two runs on one file at
    once are not meant; the second one finds all that the first one wrote so far.
    """

    def __init__(self, path: Path, *, asked_of: str) -> None:
        self._path = Path(path)
        self._asked_of = asked_of
        self._known: dict[str, Attempt] = {}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file: BinaryIO = self._path.open("a+b")
        except OSError as error:
            raise OutputError(
                Message(
                    "{path}: cannot be written ({reason}); close it where it is open",
                    path=path,
                    reason=why_refused(error),
                )
            ) from None
        try:
            self._read()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Close the file."""
        self.close()

    def __len__(self) -> int:
        """Return the number of queries answered."""
        return len(self._known)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def get(self, query: Query) -> Attempt | None:
        """Return what is known of a query (whatever its id), None if it was not asked yet."""
        known = self._known.get(self._key(query))
        if known is None:
            return None
        return replace(known, query=query)

    def add(self, attempt: Attempt) -> None:
        """Keep an attempt; when this returns it is on the disk."""
        key = self._key(attempt.query)
        row = {"key": key, **_to_json(attempt)}
        line = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        try:
            self._file.write(f"{line}\n".encode())
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise OutputError(
                Message(
                    "{path}: cannot be written ({reason}); is the disk full?",
                    path=self._path,
                    reason=why_refused(error),
                )
            ) from None
        self._known[key] = attempt

    def _key(self, query: Query) -> str:
        return json.dumps(
            [self._asked_of, query.address, query.name, query.city], ensure_ascii=False
        )

    def _read(self) -> None:
        """Read the file; a last line that was cut short is cut off."""
        self._file.seek(0)
        content = self._file.read()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            self._file.truncate(whole)

        # a new file begins with its format
        lines = content[:whole].splitlines()
        if not lines:
            self._file.write(json.dumps({"format": FORMAT}).encode("utf-8") + b"\n")
            self._file.flush()
            return

        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
                if number == 1:
                    if row["format"] != FORMAT:
                        raise ValueError(row["format"])
                    continue
                # what an older version kept as a server sent it
                self._known[row["key"]] = _from_json(plain_values(row))
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                raise UnreadableFileError(
                    Message(
                        "{path}, line {number}: is not a valid answer of walkshed ({error_kind}); "
                        "mend the "
                        "line, or move the file away to ask again",
                        path=self._path,
                        number=number,
                        error_kind=type(error).__name__,
                    )
                ) from None


def geocode_rows(
    queries: Sequence[Query],
    ask: Ask,
    store: AnswerStore,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Attempt, ...]:
    """Return an attempt per query, in their order.

    Only what the store does not know is asked, equal queries once. ``progress`` is called with
    (done, all) after each row. ``OutsideServiceError`` passes through: what was answered is kept,
    and the next run goes on from there.
    """
    attempts = []
    for done, query in enumerate(queries, start=1):
        attempt = store.get(query)
        if attempt is None:
            attempt = replace(ask(query), query=query)
            store.add(attempt)
        attempts.append(attempt)
        if progress is not None:
            progress(done, len(queries))
    return tuple(attempts)


#: Where no place was found.
NOT_FOUND = Message("not found")


def count_by_precision(attempts: Iterable[Attempt]) -> dict[str, int]:
    """Return how many rows got which precision, the finest first, and how many none."""
    counts = dict.fromkeys([*Precision, ""], 0)
    for attempt in attempts:
        precision = attempt.answer.precision if attempt.answer else ""
        counts[precision] += 1
    return {str(precision) or NOT_FOUND: count for precision, count in counts.items() if count}


def _to_json(attempt: Attempt) -> dict[str, Any]:
    return {
        "query": asdict(attempt.query),
        "answer": None if attempt.answer is None else _answer_data(attempt.answer),
        "reason": as_data(attempt.reason),
        "findings": [as_data(finding) for finding in attempt.findings],
        "others": [_answer_data(other) for other in attempt.others],
    }


def _from_json(row: Mapping[str, Any]) -> Attempt:
    answer = None if row["answer"] is None else _answer(row["answer"])
    others = tuple(_answer(other) for other in row.get("others", ()))
    findings = tuple(of_data(finding) for finding in row["findings"])
    return Attempt(Query(**row["query"]), answer, of_data(row["reason"]), findings, others)


def _answer_data(answer: Location) -> dict[str, Any]:
    return asdict(answer) | {"doubts": [as_data(doubt) for doubt in answer.doubts]}


def _answer(row: Mapping[str, Any]) -> Location:
    doubts = tuple(of_data(doubt) for doubt in row["doubts"])
    return Location(**{**row, "precision": Precision(row["precision"]), "doubts": doubts})
