"""What ``walkshed geocode`` tells when it is done: what became of the rows, and the next step."""

from __future__ import annotations

from collections.abc import Sequence

from walkshed.verbs.geocode.placing import Placing


def summary_lines(placing: Placing) -> list[str]:
    """Return what became of the rows of a table, in a few lines."""
    asked = len(placing.attempts)
    lines = [f"{placing.kind}: {asked} of {placing.total} rows have no coordinates"]
    if placing.joined:
        found = f"{placing.joined} of {placing.total} rows are found on the map by name"
        to_review = f"{placing.doubted} of them to be reviewed"
        lines = [f"{placing.kind}: {found}, {to_review}; {asked} are looked up"]
    lines += [f"  {precision:<12} {count:>5}" for precision, count in placing.counts.items()]
    lines.append(
        f"{placing.used} have a place now ({placing.reviewed} by hand); "
        f"{asked - placing.used} are to be placed"
    )
    return [*lines, str(placing.geocoded), str(placing.review), str(placing.page)]


def next_steps(placed: Sequence[Placing]) -> list[str]:
    """Return what to do next: what to fill in and where, what to leave out, or what to run."""
    steps: list[str] = []
    for placing in placed:
        steps += _to_fill_in(placing)
    if not any(_missing(placing) for placing in placed):
        steps.append("next:  walkshed check STUDY  and  walkshed run STUDY")
    return steps


def _missing(placing: Placing) -> int:
    """Return how many rows have no place yet."""
    return len(placing.attempts) - placing.used


def _to_fill_in(placing: Placing) -> list[str]:
    """Return the next steps for one table, none where all of its rows have a place without a doubt."""
    steps: list[str] = []
    sheet = placing.review.name
    if _missing(placing):
        fill_in = "fill in corrected_lon, corrected_lat, corrected_crs (unless WGS84), who and when"
        steps.append(
            f"next: {_missing(placing)} rows of {placing.kind} have no place; in {sheet} {fill_in}, "
            "save it, and run  walkshed geocode STUDY  again"
        )
        if placing.kind == "stations":
            steps.append(
                'or run without them: write  unplaced = "leave_out"  under [stations] in study.toml'
            )
    if placing.uncertain:
        steps.append(
            f"next: {placing.uncertain} places of {placing.kind} are used with a doubt; look at the "
            f"column doubts in {sheet}, and correct there what is wrong"
        )
    return steps
