"""Tables of the console: what was read of a study, and what a comparison found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from walkshed.model.arrays import whole
from walkshed.model.labels import Label
from walkshed.model.messages import Listing, Message

if TYPE_CHECKING:
    from walkshed.model.results import StudyInputs
    from walkshed.model.town.places import Block

#: Headers; the columns of text stand left, those of numbers right.
_OVERVIEW = (Message("what"), Message("count"), Message("details"))
_COMPARED = (
    *(Message("scenario"), Message("service"), Message("gain"), Message("lose")),
    *(Message("people served"), Message("blocks failing")),
)
_CHANGED = (
    *(Message("study"), Message("service"), Message("people served"), Message("blocks failing")),
    *(Message("better"), Message("worse"), Message("why")),
)
#: Tiers as tables write them.
_TIERS = {
    "hub": Label("枢纽", "hub"),
    "center": Label("中心", "center"),
    "micro": Label("微阵地", "micro"),
    "compound": Label("小区站", "compound"),
}
_TEXTS = frozenset({"what", "details", "scenario", "study", "service", "why"})


@dataclass(frozen=True, slots=True)
class Grid:
    """A table for a terminal; headers and cells may be messages, and data stays as it is."""

    headers: tuple[Message, ...]
    rows: Sequence[Sequence[str]]
    texts: tuple[bool, ...]  # whether a column is text, and not numbers
    title: str = ""


def overview(inputs: StudyInputs) -> Grid:
    """Return what was read: a line each for streets, stations, blocks, gates, services, needs and files."""
    settings, streets = inputs.settings, inputs.settings.streets
    tiers = Counter(str(station.tier) for station in inputs.stations)
    by_tier = [
        Message("{count} {tier}", count=count, tier=_TIERS[tier])
        for tier, count in sorted(tiers.items())
    ]
    gates = Message("the list is complete") if settings.gates_complete else ""
    surveyed = sum(service.complete for service in inputs.services)
    sources = dict.fromkeys(Label(need.source_zh, need.source_en) for need in inputs.needs)

    # one line each
    rows = (
        (
            Message("streets"),
            "-",
            Message(
                "{file} ({form}), private = {rule}",
                file=streets.path.name,
                form=streets.form,
                rule=streets.private_rule,
            ),
        ),
        (Message("stations"), str(len(inputs.stations)), Listing(by_tier)),
        (Message("blocks"), *_blocks(inputs.blocks, settings.blocks_from)),
        (Message("gates"), str(len(inputs.gates)), gates),
        (
            Message("services"),
            str(len(inputs.services)),
            Message("{surveyed} surveyed completely", surveyed=surveyed),
        ),
        (Message("needs"), str(len(inputs.needs)), Listing(sources)),
        (Message("country"), "-", _country(inputs)),
        (Message("files"), str(len(inputs.file_digests)), ", ".join(inputs.file_digests)),
    )
    title = settings.name
    if settings.illustrative:
        title = Message("{name} (illustrative)", name=settings.name)
    return _grid(_OVERVIEW, rows, title=title)


def _country(inputs: StudyInputs) -> Message:
    """Return the country of a study, and whose holidays count."""
    from walkshed.words.studies.country import country_text

    return Message(
        "{country}", country=Label(*(country_text(inputs, each) for each in ("zh", "en")))
    )


def _blocks(blocks: Sequence[Block] | None, made_from: str) -> tuple[str, str]:
    """Return how many blocks there are, and how many people live there."""
    if blocks is None:
        from_map = Message("made from the map")
        return "-", from_map if made_from == "osm" else Message(
            "street blocks made from the streets"
        )

    people = sum(whole(block.people or 0.0) for block in blocks)
    unknown = sum(block.people is None for block in blocks)
    if unknown:
        told = Message(
            "{people:,.0f} {people:person|people}; {unknown} {unknown:block|blocks} without people",
            people=people,
            unknown=unknown,
        )
    else:
        told = Message("{people:,.0f} {people:person|people}", people=people)
    return str(len(blocks)), told


def compared(rows: Sequence[Sequence[str]]) -> Grid:
    """Return the rows of a comparison of scenarios as a table."""
    return _grid(_COMPARED, rows)


def changed(rows: Sequence[Sequence[str]]) -> Grid:
    """Return the rows of a comparison of studies as a table."""
    return _grid(_CHANGED, rows)


def _grid(headers: tuple[Message, ...], rows: Sequence[Sequence[str]], *, title: str = "") -> Grid:
    texts = tuple(header in _TEXTS for header in headers)
    return Grid(headers, rows, texts, title)
