"""What the tables say of rooms and hours: scopes, opening hours, sizes."""

from __future__ import annotations

from collections.abc import Sequence

from walkshed.inputs.faults import FaultBook, answers, did_you_mean, words
from walkshed.inputs.hours.osm_text import has_open_end, names_school_holidays, overridden
from walkshed.inputs.hours.reading import read_hours
from walkshed.inputs.hours.unclear import UnclearHoursError
from walkshed.inputs.tables.cells import number_in, text_in, truth_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.labels import Label
from walkshed.model.messages import Listing, Message
from walkshed.model.town.places import Mode, Scope, Station
from walkshed.model.town.walkers import Walker


def note_favorable(
    stations: Sequence[Station], walkers: Sequence[Walker], judged: Sequence[str], book: FaultBook
) -> None:
    """Note what is judged in favor of stations that do not say it, where stairs are closed to a walker."""
    bound = [
        Label(walker.zh, walker.id)
        for walker in walkers
        if walker.id in judged and (walker.step_s is None or walker.flight_s is None)
    ]
    floors = sum(station.floor is None for station in stations)
    entrances = sum(station.step_free is None for station in stations)
    if bound and (floors or entrances):
        book.note(
            Message(
                "{walkers}: {floors} of {count} {count:station|stations} {floors:does not state "
                "its|do not state their} floor (taken as the "
                "ground floor), {entrances} not whether they are step-free (taken as yes); "
                "verdicts for them may be too good",
                walkers=Listing(bound),
                floors=floors,
                count=len(stations),
                entrances=entrances,
            )
        )


def scope_in(row: Row, table: Table, book: FaultBook) -> Scope | None:
    """Return who may use it; None for an empty cell and, with a fault, for another word."""
    text = text_in(row, table, "scope", book)
    if not text:
        return None
    known = words("scope")
    if text.lower() in known:
        return Scope(known[text.lower()])

    otherwise = "write one of all, subdistrict, community, compound"
    cure = did_you_mean(text, list(Scope), otherwise=otherwise)
    table.fault(book, row, "scope", "is not a valid scope", cure, value=text)
    return None


def mode_in(row: Row, table: Table, book: FaultBook) -> Mode | None:
    """Return whether it is visited or comes to the door; None for an empty cell and, with a fault, another word."""
    text = text_in(row, table, "mode", book)
    if not text:
        return None
    known = words("mode")
    if text.lower() in known:
        return Mode(known[text.lower()])

    table.fault(book, row, "mode", "is not a valid mode", "write visit or outreach", value=text)
    return None


def hours_in(row: Row, table: Table, book: FaultBook, *, longest: int = 1000) -> str:
    """Return OSM opening hours for what a cell says; "" for an empty one and, with a fault, for what is not certain."""
    text = text_in(row, table, "hours", book, longest=longest)
    if not text:
        return ""
    try:
        hours = read_hours(text)
    except UnclearHoursError as unclear:
        table.fault(book, row, "hours", unclear.fact, unclear.cure, value=text)
        return ""

    # hours that are read, but hardly as they are meant
    if hours.days_only:
        book.note(
            Message(
                "{table}, column '{column}': '{text}' names days without times; taken as open at "
                "any time of these days",
                table=table.label,
                column=table.headers.get("hours", "hours"),
                text=text,
            )
        )
    _note_hours(hours.osm, row, table, book)
    return hours.osm


def _note_hours(plain: str, row: Row, table: Table, book: FaultBook) -> None:
    """Note hours that are read, but hardly as they are meant."""
    column = table.headers.get("hours", "hours")
    lost = overridden(plain)
    if lost is not None:
        first, second = lost
        book.note(
            Message(
                "{table}, {row}, column '{column}': after the semicolon '{second}' takes the place "
                "of '{first}' on the days of both; join hours of one day by a comma: "
                "08:30-12:00,14:30-17:30",
                table=table.label,
                row=table.row_told(row.number),
                column=column,
                second=second,
                first=first,
            )
        )

    # what the library takes for granted, or does not know
    if has_open_end(plain):
        book.note(
            Message(
                "{table}, {row}, column '{column}': '{hours}' states no closing time; it counts as "
                "open until midnight",
                table=table.label,
                row=table.row_told(row.number),
                column=column,
                hours=plain,
            )
        )
    if names_school_holidays(plain):
        book.note(
            Message(
                "{table}, {row}, column '{column}': '{hours}' has a rule for school holidays (SH), "
                "which are not known: it is never applied",
                table=table.label,
                row=table.row_told(row.number),
                column=column,
                hours=plain,
            )
        )


def step_free_in(row: Row, table: Table, book: FaultBook) -> bool | None:
    """Return whether one gets in without a step; a limited access is none, and noted."""
    word = " ".join(row.cells.get("step_free", "").lower().split())
    if word not in answers("limited"):
        return truth_in(row, table, "step_free", book)
    told = "{table}, column '{column}': '{word}' is taken as not step-free"
    column = table.headers.get("step_free", "step_free")
    book.note(Message(told, table=table.label, column=column, word=word))
    return False


def size_in(
    row: Row, table: Table, column: str, book: FaultBook, *, largest: float = 1e6
) -> float | None:
    """Return square meters or places, at least 0; None for an empty cell and, with a fault, for a wrong one."""
    number = number_in(row, table, column, book)
    if number is None or 0 <= number <= largest:
        return number
    value = row.cells[column]
    table.fault(book, row, column, "is out of range", "write 0 or more", value=value)
    return None
