"""Asking the geocoders row by row, and what persons have said of the rows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from walkshed.errors import Fault, InputFaultsError, OutsideServiceError
from walkshed.geocode.providers.chain import Chain, is_good
from walkshed.geocode.store import AnswerStore, geocode_rows
from walkshed.inputs.unplaced import Wanted
from walkshed.model.geocoding import Attempt, Review
from walkshed.model.messages import Message
from walkshed.reports.review.reading import read_review

_MAP: Final = "osm"  # the source of answers of the study's own map


def reviews_of(wanted: Wanted) -> dict[str, Review]:
    """Return what a person said of the table's rows, by id.

    A sheet that an older study kept for all sheets of a workbook counts by id and name. Raises
    ``InputFaultsError`` with every fault of the sheet.
    """
    if wanted.review.is_file():
        return read_review(wanted.review)
    if not wanted.older_review.is_file():
        return {}
    names = {query.id: name for query, (name, _) in zip(wanted.queries, wanted.names, strict=True)}
    names |= {one.id: one.match.row.name for one in wanted.joined}
    return read_review(wanted.older_review, names=names)


def check_reviews(tables: Sequence[Wanted]) -> None:
    """Raise the faults of the review sheets of all tables at once; do nothing when there is none."""
    faults: list[Fault] = []
    for wanted in tables:
        try:
            reviews_of(wanted)
        except InputFaultsError as error:
            faults.extend(fault for fault in error.faults if fault not in faults)
    if faults:
        raise InputFaultsError(tuple(faults))


def attempts_of(
    wanted: Wanted, chain: Chain, answers: Path, progress: Callable[[int, int], None] | None
) -> tuple[list[Attempt], OutsideServiceError | None]:
    """Return an attempt per row; after a failure only what is known already is answered."""
    # answers count for the extract that they were found in
    digest = ""
    if wanted.extract is not None:
        digest = hashlib.sha256(wanted.extract.read_bytes()).hexdigest()[:16] + ":"

    failure: OutsideServiceError | None = None
    attempts: list[Attempt] = []
    with AnswerStore(answers, asked_of=digest + chain.name) as store:
        for done, query in enumerate(wanted.queries, start=1):
            of_map = chain.ask_map(query)
            attempt = of_map if _suffices(of_map, chain) else None
            if attempt is None and (failure is None or store.get(query) is not None):
                try:
                    (asked,) = geocode_rows([query], chain.ask, store)
                    attempt = _renewed(asked, of_map)
                except OutsideServiceError as error:
                    failure = error
            if attempt is None:
                attempt = Attempt(query, None, Message("not asked: a service failed before"))
            attempts.append(attempt)
            if progress is not None:
                progress(done, len(wanted.queries))
    return attempts, failure


def _suffices(of_map: Attempt | None, chain: Chain) -> bool:
    """Return whether the study's own map says enough, or there is nobody else to ask."""
    if of_map is None:
        return False
    return not chain.online or (of_map.answer is not None and is_good(of_map.answer))


def _renewed(asked: Attempt, of_map: Attempt | None) -> Attempt:
    """Return what services answered, once and for all; what they did not know is as the map tells it today.

    The kept answer may be of an older version, which read the map in another way.
    """
    of_service = asked.answer is not None and asked.answer.source != _MAP
    if of_map is None or of_service:
        return asked
    reason = asked.reason if of_map.answer is None else ""
    return replace(asked, answer=of_map.answer, reason=reason or of_map.reason)
