"""``walkshed geocode``: places for what has no coordinates, beside the planner's files, and what to review of them.

Every answer is on disk before the next request; a run that failed or was killed goes on where it
was. The planner's own files are only read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from walkshed.cache import cache_folder
from walkshed.errors import OutsideServiceError
from walkshed.geocode.places.cache import kept_gazetteer
from walkshed.geocode.providers.chain import Chain
from walkshed.geocode.providers.protocol import GazetteerProvider, Provider
from walkshed.geocode.providers.registry import provider_of
from walkshed.geocode.store import count_by_precision
from walkshed.inputs.unplaced import Wanted
from walkshed.model.geocoding import Attempt, InDoubt
from walkshed.osm import read_extract
from walkshed.outside.service import Manners
from walkshed.reports.review.map import Mark, review_page
from walkshed.reports.review.sheet import review_bytes
from walkshed.reports.writing import put_files
from walkshed.reports.writing.csv_text import csv_bytes
from walkshed.verbs.geocode.asking import attempts_of, reviews_of
from walkshed.verbs.geocode.rows import gone_row, joined_row, looked_up_row, ordered, say_why

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
    left_out: bool = False  # a run leaves out what has no place
    uncertain: int = 0  # rows whose place a run uses, with a doubt
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
    reviews = reviews_of(wanted)
    if not resume:
        answers.unlink(missing_ok=True)
    attempts, failure = attempts_of(wanted, chain, answers, progress)
    rows = [
        looked_up_row(name, attempt, reviews.get(attempt.query.id))
        for name, attempt in zip(wanted.names, attempts, strict=True)
    ]

    # rows whose ground was found by name need no look-up
    found = {row["id"] for row in rows}
    joined = [one for one in wanted.joined if one.geometry is not None and one.id not in found]
    joined_rows = [joined_row(one, reviews.get(one.id)) for one in joined]
    for row in rows:
        say_why(row, wanted.joined)

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
    gone = [gone_row(said) for key, said in reviews.items() if key not in listed]
    shown = ordered([*rows, *doubted, *gone], doubt)
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
        left_out=wanted.left_out,
        uncertain=sum(
            row["used"] == "yes" and bool(row["doubts"]) and not row["who"]
            for row in (*rows, *joined_rows)
        ),
        failure=failure,
        files=files,
    )


def put_places(placed: Sequence[Placing]) -> None:
    """Write what was found for all tables at once: of each folder all files, or none.

    Raises OutputError when one of them cannot be written.
    """
    files = {path: content for placing in placed for path, content in placing.files.items()}
    for folder in dict.fromkeys(path.parent for path in files):
        here = {path.name: content for path, content in files.items() if path.parent == folder}
        put_files(folder, here, other="take off the write protection of the folder")
