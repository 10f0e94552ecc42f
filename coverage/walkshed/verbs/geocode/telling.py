"""``walkshed geocode``: the places that were found, said table by table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from walkshed.console.console import Console
from walkshed.model.messages import Message
from walkshed.verbs.geocode.geocoding import geocode
from walkshed.verbs.geocode.placing import summary_lines


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
    for placing in placings:
        for line in summary_lines(placing):
            console.say(line)
    for placing in placings:
        if placing.failure is not None:
            raise placing.failure
