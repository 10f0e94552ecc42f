"""``walkshed geocode``: what became of the rows, said table by table, and the next step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from walkshed.console.console import Console
from walkshed.geocode.store import NOT_FOUND
from walkshed.model.geocoding import Precision
from walkshed.model.messages import Message
from walkshed.verbs.geocode.geocoding import geocode
from walkshed.verbs.geocode.placing import Placing

#: The tables whose rows are placed, in words.
_TABLES = {
    "stations": Message("stations"),
    "blocks": Message("blocks"),
    "visitors": Message("visitors"),
    "rooms": Message("rooms"),
}


def geocode_folder(
    console: Console,
    folder: Path,
    *,
    providers: Sequence[str],
    urls: Mapping[str, str],
    city: str,
    resume: bool,
    cache: bool,
) -> None:
    """Place what has no coordinates, and say what became of it; raises what an outside service failed with."""
    with console.progress_bar(1) as progress:

        def count(done: int, of: int) -> None:
            progress(Message("{done} of {of}", done=done, of=of))

        placings = geocode(
            folder,
            providers=providers,
            urls=urls,
            city=city,
            resume=resume,
            cache=cache,
            progress=count,
            tell=console.complain,
        )

    # what became of the rows, and the next step
    for placing in placings:
        for line in summary_lines(placing):
            console.say(line)
    for line in next_steps(placings):
        console.say(line)
    for placing in placings:
        if placing.failure is not None:
            raise placing.failure


def summary_lines(placing: Placing) -> list[str]:
    """Return what became of the rows of a table, in a few lines."""
    asked = len(placing.attempts)
    lines: list[str] = [
        Message(
            "{table}: {asked} of {total} {total:row|rows} {asked:has|have} no coordinates",
            table=_table(placing),
            asked=asked,
            total=placing.total,
        )
    ]
    if placing.joined:
        lines = [
            Message(
                "{table}: {joined} of {total} {total:row|rows} {joined:is|are} found on the map "
                "by name, {doubted} of them "
                "to be reviewed; {asked} are looked up",
                table=_table(placing),
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
            asked=_missing(placing),
        )
    )
    return [*lines, str(placing.geocoded), str(placing.review), str(placing.page)]


def next_steps(placed: Sequence[Placing]) -> list[str]:
    """Return what to do next: what to fill in and where, what to leave out, or what to run."""
    steps: list[str] = []
    for placing in placed:
        steps += _to_fill_in(placing)
    if not any(_missing(placing) for placing in placed):
        steps.append(Message("next:  walkshed check STUDY  and  walkshed run STUDY"))
    return steps


def _table(placing: Placing) -> str:
    """Return what a table is called."""
    return _TABLES.get(placing.kind, placing.kind)


def _missing(placing: Placing) -> int:
    """Return how many rows have no place yet."""
    return len(placing.attempts) - placing.used


def _to_fill_in(placing: Placing) -> list[str]:
    """Return the next steps for one table, none where all rows have a place without a doubt."""
    steps: list[str] = []
    if _missing(placing):
        steps.append(
            Message(
                "next: {count} {count:row|rows} of {table} have no place; in {sheet} fill in "
                "corrected_lon, "
                "corrected_lat, corrected_crs (unless WGS84), who and when, save it, and run  "
                "walkshed geocode STUDY  again",
                count=_missing(placing),
                table=_table(placing),
                sheet=placing.review.name,
            )
        )
        if placing.left_out:
            steps.append(Message("until then a run leaves them out:  walkshed run STUDY"))
        elif placing.kind == "stations":
            steps.append(
                Message(
                    'or run without them: write  unplaced = "leave_out"  under [stations] in '
                    "study.toml"
                )
            )

    if placing.uncertain:
        steps.append(
            Message(
                "next: look at the column doubts in {sheet} ({count} of the places that are used "
                "for {table} {count:has|have} some), and correct there what is wrong",
                sheet=placing.review.name,
                count=placing.uncertain,
                table=_table(placing),
            )
        )
    return steps
