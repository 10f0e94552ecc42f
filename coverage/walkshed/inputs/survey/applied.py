"""What a survey found, laid over what the planner's tables say, fact by fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from shapely import LineString, Point

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.survey.kept import Kept
from walkshed.model.messages import Listing, Message
from walkshed.model.town.places import Gate, Offer, Station
from walkshed.model.town.survey import (
    NONE,
    OPEN,
    FactKind,
    Finding,
    Premise,
    Surveyed,
    Verified,
    place_text,
)

#: Nearer than this two gates of a block are one, in degrees (about a meter).
_SAME_DEGREES = 1e-5


@dataclass(frozen=True, slots=True)
class Tables:
    """What the planner's tables say, before or after a survey."""

    stations: tuple[Station, ...]
    offers: tuple[Offer, ...]
    gates: tuple[Gate, ...]


def known_now(finding: Finding, tables: Tables) -> str | None:
    """Return how a fact stands by some tables, in the text of ``Fact.known``; None where it is of nothing in them.

    Lanes, and gates of the map, stand in no table: they are as they were known.
    """
    fact = finding.fact
    if fact.kind in {FactKind.GATE, FactKind.LANE}:
        is_given = any(_is_gate(gate, fact.subject, fact.places[0]) for gate in tables.gates)
        return OPEN if is_given else fact.known
    station = next((each for each in tables.stations if each.id == fact.subject), None)
    if station is None:
        return None
    if fact.kind is FactKind.FLOOR:
        return str(Premise(station.floor, station.elevator, station.step_free))
    if fact.kind is FactKind.PLACE:
        point = station.geometry.representative_point()
        return place_text(float(point.x), float(point.y))

    # one of several hours
    hours = _hours_of(station, tables.offers)
    if fact.known in hours:
        return fact.known
    return finding.now if finding.now in hours else next(iter(hours), "")


def applied(tables: Tables, kept: Kept, book: FaultBook) -> tuple[Tables, Surveyed]:
    """Return the tables as a survey leaves them, and what of it they do not show.

    What was found true, unclear or not at all changes nothing. A finding of a fact that the planner
    has changed since is a fault, unless the tables say by now what was found. What was used is noted.
    """
    findings = tuple(finding for _, finding in kept.findings)
    used: list[Finding] = []
    lapsed: list[Finding] = []
    for number, finding in kept.findings:
        now = known_now(finding, tables)
        is_changed = now not in {finding.now, finding.fact.known}
        if now is None:
            cure = "give it its id again, or remove the entry"
            _refuse(book, kept, number, finding, "is no station of the study any more", cure)
        elif is_changed and finding.answer is Verified.FALSE:
            fact = Message(
                "is '{now}' in the study now; the survey found '{found}' where it was '{known}'",
                now=now,
                found=finding.now,
                known=finding.fact.known,
            )
            cure = "remove the entry if the study is right, else correct the study"
            _refuse(book, kept, number, finding, fact, cure)
        elif is_changed:
            told = "{file}: what was asked of {subject} has changed since: it is in doubt again"
            book.note(Message(told, file=kept.file, subject=finding.fact.subject))
            lapsed.append(finding)
        elif finding.answer is Verified.FALSE and now == finding.fact.known:
            used.append(finding)

    after = tables
    for finding in used:
        if finding.fact.kind in _CHANGES:
            after = _CHANGES[finding.fact.kind](after, finding)
    _note(book, kept.file, findings, used)
    surveyed = _surveyed(kept.file, findings, used)
    return after, replace(surveyed, lapsed=frozenset(each.fact.key for each in lapsed))


def _refuse(
    book: FaultBook, kept: Kept, number: int, finding: Finding, fact: str, cure: str
) -> None:
    """Write down a finding that fits the study no longer."""
    value = finding.fact.subject
    column = finding.fact.kind.value
    book.fault(kept.file, fact, cure, row=number, column=column, value=value, counted="entry")


def _note(book: FaultBook, file: str, findings: tuple[Finding, ...], used: list[Finding]) -> None:
    """Note how many findings there are and how many change something, by whom and until when."""
    if not findings:
        return
    answers = Counter(each.answer for each in findings)
    book.note(
        Message(
            "{file}: {count} {count:finding|findings} of a survey on the ground, {used} of which "
            "{used:changes|change} what the tables or the map say; {true} {true:confirms|confirm} "
            "it, {open} {open:leaves|leave} it open; by {who}, the last on {when}",
            file=file,
            count=len(findings),
            used=len(used),
            true=answers[Verified.TRUE],
            open=answers[Verified.BARRED] + answers[Verified.UNCLEAR],
            who=Listing(sorted({each.who for each in findings})),
            when=max(each.when for each in findings),
        )
    )


def _surveyed(file: str, findings: tuple[Finding, ...], used: list[Finding]) -> Surveyed:
    """Return all findings, with gates and lanes that stand in no table."""
    gates = [each for each in used if each.fact.kind is FactKind.GATE]
    lanes = [each.fact.places for each in used if each.fact.kind is FactKind.LANE]
    return Surveyed(
        file=file,
        findings=findings,
        opened=tuple(_gate(each) for each in gates if each.now == OPEN),
        shut=tuple(_gate(each) for each in gates if each.now == NONE),
        lanes=tuple(LineString(at) for at in lanes),
    )


def _gate(finding: Finding) -> Gate:
    """Return the gate of a finding."""
    lon, lat = finding.fact.places[0]
    return Gate(finding.fact.subject, lon, lat)


def _is_gate(gate: Gate, block: str, at: tuple[float, float]) -> bool:
    """Return whether a stated gate is the one of a block at a place."""
    away = max(abs(gate.lon - at[0]), abs(gate.lat - at[1]))
    return gate.block == block and away <= _SAME_DEGREES


def _hours_of(station: Station, offers: tuple[Offer, ...]) -> Mapping[str, None]:
    """Return all hours of a station, its door's first."""
    of_offers = (offer.hours for offer in offers if offer.station == station.id)
    return dict.fromkeys([station.hours, *of_offers])


def _with_floor(tables: Tables, finding: Finding) -> Tables:
    """Return the tables with floor, elevator and steps of one station as they were found."""
    found = Premise.read(finding.now)
    return _with_station(
        tables,
        finding.fact.subject,
        floor=found.floor,
        elevator=found.elevator,
        step_free=found.step_free,
    )


def _with_hours(tables: Tables, finding: Finding) -> Tables:
    """Return the tables with one of the hours of a station as it was found, wherever they stand."""
    subject, known = finding.fact.subject, finding.fact.known
    stations = tuple(
        replace(each, hours=finding.now) if each.id == subject and each.hours == known else each
        for each in tables.stations
    )
    offers = tuple(
        replace(each, hours=finding.now)
        if each.station == subject and each.hours == known
        else each
        for each in tables.offers
    )
    return replace(tables, stations=stations, offers=offers)


def _with_place(tables: Tables, finding: Finding) -> Tables:
    """Return the tables with one station where it was found; one that is nowhere offers nothing."""
    subject = finding.fact.subject
    if finding.now == NONE:
        offers = tuple(each for each in tables.offers if each.station != subject)
        return _with_station(replace(tables, offers=offers), subject, services=())
    lon, lat = (float(part) for part in finding.now.split(","))
    return _with_station(tables, subject, geometry=Point(lon, lat))


def _with_station(tables: Tables, subject: str, **changes: object) -> Tables:
    """Return the tables with one station otherwise."""
    stations = tuple(
        replace(each, **changes) if each.id == subject else each  # type: ignore[arg-type]
        for each in tables.stations
    )
    return replace(tables, stations=stations)


#: What findings change in the tables, by kind; gates and lanes stand beside them.
_CHANGES = {
    FactKind.FLOOR: _with_floor,
    FactKind.HOURS: _with_hours,
    FactKind.PLACE: _with_place,
}
