"""``walkshed geocode``: places for what has no coordinates, beside the planner's files, and what to review of them.

Every answer is on disk before the next request; a run that failed or was killed goes on where it
was. The planner's own files are only read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from walkshed.cache import cache_folder
from walkshed.errors import OutsideServiceError
from walkshed.geocode.ledger import NO_GROUND
from walkshed.geocode.places.cache import kept_gazetteer
from walkshed.geocode.providers.chain import GOOD_PRECISIONS, Chain, is_good
from walkshed.geocode.providers.protocol import GazetteerProvider, Provider
from walkshed.geocode.providers.registry import provider_of
from walkshed.geocode.store import NOT_FOUND, AnswerStore, count_by_precision, geocode_rows
from walkshed.inputs.unplaced import Joined, Wanted
from walkshed.model.geocoding import Answer, Attempt, InDoubt, Precision, Review
from walkshed.model.messages import Listing, Message
from walkshed.osm import read_extract
from walkshed.outside.service import Manners
from walkshed.reports.review.map import Mark, review_page
from walkshed.reports.review.sheet import read_review, review_bytes
from walkshed.reports.writing import put_files
from walkshed.reports.writing.csv_text import csv_bytes

ANSWERS = "geocode.answers.jsonl"
#: What a run reads back; columns may be appended.
_GEOCODED = (
    *(
        "id",
        "name",
        "address",
        "lon",
        "lat",
        "precision",
        "uncertainty_m",
        "score",
        "source",
        "matched",
        "used",
    ),
    *("doubts", "feature", "data_date", "who", "when", "ground"),
)

Files = Mapping[Path, bytes]  # by path
#: {row: uncertainty_m}, the places as they will be on the disk -> what hangs on each
Effects = Callable[[Mapping[str, float], Files], InDoubt]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Placing:
    """What became of the rows of one table without coordinates."""

    kind: str  # "stations", "blocks", "visitors", "rooms"
    total: int  # rows of the table
    attempts: tuple[Attempt, ...]
    reviewed: int  # rows that a person placed
    used: int  # rows whose place a run uses
    counts: Mapping[str, int]  # by precision
    geocoded: Path
    review: Path
    page: Path  # the small map
    joined: int = 0  # rows of a list of compounds that were found on the map by name
    doubted: int = 0  # and those of them that are to be reviewed
    failure: OutsideServiceError | None = None  # what was done before it is kept
    files: Files = field(default_factory=dict)  # the three, as ``put_places`` writes them


def chain_of(
    wanted: Wanted,
    providers: Sequence[str] = (),
    *,
    urls: Mapping[str, str] | None = None,
    manners: Manners | None = None,
    cache: bool = True,
    tell: Callable[[str], None] | None = None,
) -> Chain:
    """Return the geocoders to ask: the study's own extract first, then ``providers`` in their order.

    Without ``cache`` the extract's names are gathered anew, and nothing is kept of them.

    Keys come from the environment or the file that ``WALKSHED_KEYS`` names. ``urls``: of other
    servers. ``tell`` hears of every pause that a server asks for.
    """
    links: list[Provider] = []
    folder = cache_folder() if cache else None
    if wanted.extract is not None:
        links.append(
            GazetteerProvider(kept_gazetteer(wanted.extract, read=read_extract, folder=folder))
        )
    for name in providers:
        options: dict[str, Any] = {"manners": manners, "tell": tell}
        if urls and name in urls:
            options["url"] = urls[name]
        links.append(provider_of(name, study=wanted.folder, **options))
    return Chain(links)


def place_rows(
    wanted: Wanted,
    chain: Chain,
    *,
    resume: bool = True,
    effects: Effects | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Placing:
    """Look up every row without coordinates; return what was found, with the places, the review sheet and its map.

    ``effects`` is asked once the places are known: how many residents (or blocks) hang on each
    doubtful one. A failed service does not raise: it stands in ``failure``, and what was answered
    before it counts like the rest. Nothing is written but the answers; ``put_places`` does that.
    """
    answers, review = wanted.folder / ANSWERS, wanted.review

    # what is asked, and what a person has said
    reviews = _reviews(wanted)
    if not resume:
        answers.unlink(missing_ok=True)
    attempts, failure = _asked(wanted, chain, answers, progress)
    rows = [
        _row(name, attempt, reviews.get(attempt.query.id))
        for name, attempt in zip(wanted.names, attempts, strict=True)
    ]

    # rows whose ground was found by name need no look-up
    found = {row["id"] for row in rows}
    joined = [one for one in wanted.joined if one.geometry is not None and one.id not in found]
    joined_rows = [_joined_row(one, reviews.get(one.id)) for one in joined]
    for row in rows:
        _say_why(row, wanted.joined)

    # what the next run reads
    kept = [*rows, *(row for row in joined_rows if row["who"])]
    columns = _GEOCODED if wanted.joined else _GEOCODED[:-1]
    frame = pd.DataFrame([{name: row[name] for name in columns} for row in kept], columns=columns)
    files: dict[Path, bytes] = {wanted.geocoded: csv_bytes(frame)}

    # who hangs on what is doubtful
    doubtful = {
        row["id"]: float(row["uncertainty_m"])
        for row in rows
        if row["used"] == "yes" and not row["who"]
    }
    doubt = effects(doubtful, files) if effects is not None and doubtful else InDoubt({})
    if wanted.kind != "stations":
        doubt = InDoubt(wanted.people)

    # the sheet: what was looked up, what was joined with a doubt, what a person said of other rows
    doubted = [
        row for row, one in zip(joined_rows, joined, strict=True) if one.match.doubts or row["who"]
    ]
    listed = {row["id"] for row in (*rows, *doubted)}
    gone = [_gone_row(said) for key, said in reviews.items() if key not in listed]
    shown = _ordered([*rows, *doubted, *gone], doubt)
    files[review] = review_bytes(shown, reviews, wanted.language, joined=bool(wanted.joined))

    # its map
    page = review.with_suffix(".html")
    others = {attempt.query.id: attempt.others for attempt in attempts}
    shapes = {one.id: one.geometry for one in joined}
    marks = [Mark(row, others.get(row["id"], ()), shapes.get(row["id"])) for row in shown]
    extract = None if wanted.extract is None else read_extract(wanted.extract)
    files[page] = review_page(marks, extract, wanted.language, wanted.table.name).encode("utf-8")

    return Placing(
        kind=wanted.kind,
        total=wanted.count,
        attempts=tuple(attempts),
        reviewed=sum(bool(row["who"]) for row in kept),
        used=sum(row["used"] == "yes" for row in rows),
        counts=count_by_precision(attempts),
        geocoded=wanted.geocoded,
        review=review,
        page=page,
        joined=len(joined),
        doubted=sum(not row["who"] for row in doubted),
        failure=failure,
        files=files,
    )


def _reviews(wanted: Wanted) -> dict[str, Review]:
    """Return what a person said of the table's rows, by id.

    A sheet that an older study kept for all sheets of a workbook counts by id and name.
    """
    if wanted.review.is_file():
        return read_review(wanted.review)
    if not wanted.older_review.is_file():
        return {}
    names = {query.id: name for query, (name, _) in zip(wanted.queries, wanted.names, strict=True)}
    names |= {one.id: one.match.row.name for one in wanted.joined}
    return read_review(wanted.older_review, names=names)


def _gone_row(review: Review) -> Row:
    """Return a row for what a person said of a row that is not looked up any more: nothing typed is lost."""
    reason = Message(
        "the table has no such row without coordinates any more; kept as it was written"
    )
    said = {"id": review.id, "name": review.name, "address": ""} | _said(review)
    return said | {"used": "no", "reason": reason, "alternatives": ""}


def put_places(placed: Sequence[Placing]) -> None:
    """Write what was found for all tables at once: of each folder all files, or none.

    Raises OutputError when one of them cannot be written.
    """
    files = {path: content for placing in placed for path, content in placing.files.items()}
    for folder in dict.fromkeys(path.parent for path in files):
        here = {path.name: content for path, content in files.items() if path.parent == folder}
        put_files(folder, here, other="take off the write protection of the folder")


def _asked(
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
            unknown = failure is not None and store.get(query) is None
            if not unknown:
                try:
                    attempts.extend(geocode_rows([query], chain.ask, store))
                except OutsideServiceError as error:
                    failure, unknown = error, True
            if unknown:
                reason = Message("not asked: a service failed before")
                attempts.append(Attempt(query, None, reason))
            if progress is not None:
                progress(done, len(wanted.queries))
    return attempts, failure


def _ordered(rows: Sequence[Row], doubt: InDoubt) -> list[Row]:
    """Return rows as a person should look at them, numbered: those without a place first, then by residents.

    Where nobody states people, ``blocks_in_doubt`` stands beside the empty ``people_in_doubt``, and
    orders them.
    """
    counts, people = doubt.counts, doubt.unit == "people"
    column, digits = ("people_in_doubt", None) if people else ("blocks_in_doubt", 1)
    shown = [
        {
            **row,
            "people_in_doubt": "",
            column: round(counts[row["id"]], digits) if row["id"] in counts else "",
        }
        for row in rows
    ]

    def weight(row: Row) -> tuple[bool, float, float]:
        return row["used"] == "yes", -float(row[column] or 0.0), -float(row["uncertainty_m"] or 0.0)

    return [
        {"number": number, **row} for number, row in enumerate(sorted(shown, key=weight), start=1)
    ]


#: The tables whose rows are placed, in words.
_TABLES = {
    "stations": Message("stations"),
    "blocks": Message("blocks"),
    "visitors": Message("visitors"),
    "rooms": Message("rooms"),
}
_PLACE = ("lon", "lat", "precision", "uncertainty_m", "score", "source", "matched")
_ASIDE = ("feature", "data_date", "ground", "who", "when")


def _row(name: tuple[str, str], attempt: Attempt, review: Review | None) -> Row:
    answer = attempt.answer
    row: Row = {"id": attempt.query.id, "name": name[0], "address": name[1]}
    if review is not None:
        return row | _said(review)

    # nothing was found
    if answer is None:
        row |= dict.fromkeys(_PLACE, "") | {"used": "no", "doubts": _in_one(attempt.findings)}
        row |= dict.fromkeys(_ASIDE, "")
        return row | {"reason": attempt.reason, "alternatives": ""}

    # what was found, and why it is not used if it is not
    used = is_good(answer)
    doubts = [*answer.doubts, *attempt.findings]
    reason = (
        ""
        if used
        else Message(
            "too coarse to walk from ({precision}); place it by hand",
            precision=answer.precision.told,
        )
    )
    if not used and answer.precision in GOOD_PRECISIONS:
        reason = Message(
            "too unlike what was asked (score {score:g}); place it by hand", score=answer.score
        )

    return row | {
        "lon": answer.lon,
        "lat": answer.lat,
        "precision": str(answer.precision),
        "uncertainty_m": round(answer.uncertainty_m),
        "score": answer.score,
        "source": answer.source,
        "matched": answer.matched,
        "used": "yes" if used else "no",
        "doubts": _in_one(doubts),
        "feature": answer.feature,
        "data_date": answer.data_date or "",
        "ground": "",
        "who": "",
        "when": "",
        "reason": reason,
        "alternatives": "; ".join(_other(other) for other in attempt.others),
    }


def _said(review: Review) -> Row:
    """Return what a row holds once a person has said where, or which ground, it is."""
    placed = review.lon is not None
    used = placed or review.ground not in ("", NO_GROUND)
    return {
        "lon": review.lon if placed else "",
        "lat": review.lat if placed else "",
        "precision": "door" if placed else "",
        "uncertainty_m": 0 if placed else "",
        "score": 1,
        "source": "review",
        "matched": "",
        "used": "yes" if used else "no",
        "doubts": "",
        "feature": "",
        "data_date": "",
        "ground": review.ground,
        "who": review.who,
        "when": review.when,
        "reason": "",
    }


def _joined_row(one: Joined, review: Review | None) -> Row:
    """Return a row of a list of compounds that was found on the map by name."""
    asked, match = one.match.row, one.match
    row: Row = {"id": one.id, "name": asked.name, "address": asked.address}
    ground = {
        "row": one.number,
        "community": asked.community,
        "ground_name": "、".join(match.named),
        "how": match.how,
        "alternatives": "; ".join(match.others),
    }
    if review is not None:
        return row | _said(review) | ground

    # a list's own compound, at a point within its ground
    point = shapely.point_on_surface(one.geometry)
    return (
        row
        | ground
        | {
            "lon": round(point.x, 7),
            "lat": round(point.y, 7),
            "precision": "compound",
            "uncertainty_m": "",
            "score": round(match.score, 4),
            "source": "osm",
            "matched": "、".join(match.named),
            "used": "yes",
            "doubts": _in_one(match.doubts),
            "feature": "; ".join(match.features),
            "data_date": "",
            "ground": "; ".join(match.features),
            "who": "",
            "when": "",
            "reason": "",
        }
    )


def _say_why(row: Row, joined: Sequence[Joined]) -> None:
    """Add to a row that was looked up why the map's grounds did not have it."""
    for one in joined:
        if one.id == row["id"]:
            row |= {"row": one.number, "community": one.match.row.community, "how": one.match.how}
            row["doubts"] = _in_one([*one.match.doubts, row["doubts"]])
            row["alternatives"] = "; ".join(
                text for text in (*one.match.others, row.get("alternatives", "")) if text
            )


def _other(answer: Answer) -> str:
    place = f"{answer.lon:.6f}, {answer.lat:.6f}"
    return f"{answer.matched} ({answer.source}, {answer.precision}, {place})"


def _in_one(texts: Sequence[str]) -> str:
    """Return several texts as one; texts without a word are left out."""
    return Listing([text for text in texts if text], mark="; ")


def summary_lines(placing: Placing) -> list[str]:
    """Return what became of the rows of a table, in a few lines."""
    asked = len(placing.attempts)
    lines = [
        Message(
            "{table}: {asked} of {total} rows have no coordinates",
            table=_TABLES.get(placing.kind, placing.kind),
            asked=asked,
            total=placing.total,
        )
    ]
    if placing.joined:
        lines = [
            Message(
                "{table}: {joined} of {total} rows are found on the map by name, {doubted} of them "
                "to be reviewed; {asked} are looked up",
                table=_TABLES.get(placing.kind, placing.kind),
                joined=placing.joined,
                total=placing.total,
                doubted=placing.doubted,
                asked=asked,
            )
        ]

    # how exactly they were placed
    for word, count in placing.counts.items():
        precision = NOT_FOUND if word == NOT_FOUND else Precision(word).told
        lines.append(Message("  {precision:<12} {count:>5}", precision=precision, count=count))
    lines.append(
        Message(
            "{used} have a place now ({reviewed} by hand); {asked} are to be placed",
            used=placing.used,
            reviewed=placing.reviewed,
            asked=asked - placing.used,
        )
    )
    return [*lines, str(placing.geocoded), str(placing.review), str(placing.page)]
