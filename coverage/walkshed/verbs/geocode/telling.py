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
    """Return the next steps for one table, none where all rows have a place without a doubt."""
    steps: list[str] = []
    sheet, kind = placing.review.name, placing.kind
    if _missing(placing):
        missing = f"{_missing(placing)} rows of {kind} have no place"
        cells = "corrected_lon, corrected_lat, corrected_crs (unless WGS84), who and when"
        steps.append(
            f"next: {missing}; in {sheet} fill in {cells}, "
            "save it, and run  walkshed geocode STUDY  again"
        )
        if placing.left_out:
            steps.append("until then a run leaves them out:  walkshed run STUDY")
        elif kind == "stations":
            steps.append(
                'or run without them: write  unplaced = "leave_out"  under [stations] in study.toml'
            )

    if placing.uncertain:
        some = f"{placing.uncertain} of the places that are used for {kind} have some"
        steps.append(
            f"next: look at the column doubts in {sheet} ({some}), and correct there what is wrong"
        )
    return steps
