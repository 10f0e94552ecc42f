"""What the tables say of rooms and hours: floors, scopes, opening hours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from walkshed.inputs.faults import FaultBook, did_you_mean, words
from walkshed.inputs.hours.osm_text import has_open_end, names_school_holidays, overridden
from walkshed.inputs.hours.reading import read_hours
from walkshed.inputs.hours.unclear import UnclearHoursError
from walkshed.inputs.tables.cells import number_in, text_in, truth_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.labels import Label
from walkshed.model.messages import Listing, Message
from walkshed.model.town.places import Mode, Scope, Station
from walkshed.model.town.walkers import Walker

#: One floor: 3, 3F, F3, 第3层, 3楼, B1, 地下1层, 负1楼, -1.
_FLOOR = re.compile(
    r"(?:(?P<below>-|[bB]|地下|负)|(?:地上|第|[fF]|[lL])?)\s*(?P<number>\d{1,3})"
    r"\s*(?:/?\s*[Ff]|层楼?|楼层?)?"
)
_UP_TO = re.compile(r"\s*(?:(?<=\w)-|~|—|至|到)\s*")
_AND = re.compile(r"\s*(?:、|,|;|和|及|\+)\s*")
_HAN = "零一二三四五六七八九"
_HAN_NUMBER = re.compile("[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]")
#: Which house a floor is in, before the floor itself: 会所二楼, 3号楼2层. 共3层 counts floors, it names none.
_OF_HOUSE = re.compile(
    r"[^\d,;、~—至到和及+-]*?(?:\d+号楼?)?(?P<count>共|总|高|计|合|达)?(?<![\d一二三四五六七八九十])"
    r"(?P<floor>(?:地下|地上|负|第|[bB])?\s*(?:\d{1,2}|[一二三四五六七八九]?十?[一二三四五六七八九十])"
    r"\s*(?:层|楼|[fF])|首层|首楼|底层|底楼|架空层|底商)",
)
_ASIDE = re.compile(r"\s*\([^()]*\)\s*")
#: 2楼（有电梯）: what a cell of floors says of the elevator.
_LIFT = re.compile(r"[,;、\s]*[^\d,;、\s层楼fF]*电梯\w*$")
_HAS_NO_LIFT = re.compile(r"(?:无|没有?|未装|未加装|未设|不带|不设)\w{0,2}电梯")
_HAS_LIFT = re.compile(r"(?:有|带|设|配|装|设有|配有|已加装)电梯(?!井|待|停|故)")
_WILL_HAVE = re.compile(r"(?:拟|待|未|计划|正在|将|应|可)\w{0,2}电梯")
_BASEMENT = {"地下", "地下室", "地下层", "basement"}
_GROUND = {
    "首层",
    "首楼",
    "地面",
    "底层",
    "底楼",
    "平房",
    "地面层",
    "临街",
    "沿街",
    "底商",
    "架空层",
    "ground",
    "ground floor",
}


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
                "{walkers}: {floors} of {count} stations do not state their floor (taken as the "
                "ground floor), {entrances} not whether they are step-free (taken as yes); "
                "verdicts for them may be too good",
                walkers=Listing(bound),
                floors=floors,
                count=len(stations),
                entrances=entrances,
            )
        )


def floor_in(row: Row, table: Table, book: FaultBook) -> int | None:
    """Return the floor nearest the street, counted as China does (1 is the ground floor); None for an empty cell.

    ``3``, ``3F``, ``三楼``, ``第二层``, ``B1``, ``地下一层``, ``-1``, ranges (``1-2``,
    ``一至三层``), lists, houses and elevators beside it (会所二楼, 2楼（有电梯）) are understood.
    """
    text = text_in(row, table, "floor", book)
    if not text:
        return None
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = _LIFT.sub("", _ASIDE.sub("", plain)).strip() or plain
    floor = _floor(plain)
    if floor is None and (of_house := _OF_HOUSE.fullmatch(plain)) and not of_house["count"]:
        floor = _floor(of_house["floor"])
    if floor is not None:
        return floor

    cure = "write a whole number: 1 for the ground floor, 2 for the one above, -1 for the basement"
    table.fault(book, row, "floor", "is no floor", cure, value=text)
    return None


def _floor(plain: str) -> int | None:
    """Return the floor nearest the street of a text: one, a range, a list; None for others."""
    if plain.lower() in _GROUND:
        return 1
    if plain.lower() in _BASEMENT:
        return -1
    ranges = [_UP_TO.split(part) for part in _AND.split(plain)]
    read = [_one_floor(end) for ends in ranges for end in ends]
    floors = [floor for floor in read if floor is not None]
    if len(floors) < len(read) or any(len(ends) > 2 for ends in ranges):
        return None

    # from the basement up: by way of the ground floor
    if any(len(ends) == 2 for ends in ranges) and min(floors) < 0 < max(floors):
        return 1
    return min(floors, key=lambda floor: (_flights(floor), floor))


def elevator_in(row: Row, table: Table, book: FaultBook) -> bool | None:
    """Return whether there is an elevator: as its column says, else the column of floors (2楼（有电梯）).

    None where neither says it; a fault where they contradict each other.
    """
    stated = truth_in(row, table, "elevator", book)
    floor = unicodedata.normalize("NFKC", row.cells.get("floor", ""))
    beside: bool | None = None
    if _HAS_NO_LIFT.search(floor):
        beside = False
    elif _HAS_LIFT.search(floor) and not _WILL_HAVE.search(floor):
        beside = True
    if beside is None:
        return stated
    if stated is not None and stated is not beside:
        fact = Message("contradicts the floor ({floor})", floor=" ".join(floor.split()))
        value = row.cells["elevator"]
        table.fault(book, row, "elevator", fact, "correct one of the two", value=value)
    return beside


def _flights(floor: int) -> int:
    """Return how many flights of stairs lead from the street to a floor."""
    return floor - 1 if floor > 0 else -floor


def _one_floor(text: str) -> int | None:
    """Return one floor; None for what is none, such as 0."""
    if text in _GROUND or text.lower() in _GROUND:
        return 1
    found = _FLOOR.fullmatch(_HAN_NUMBER.sub(_digits, text.strip()))
    if found is None:
        return None
    number = int(found["number"])
    return (-number if found["below"] else number) or None


def _digits(found: re.Match[str]) -> str:
    """Return a Chinese number below 100 in Arabic digits: 三 is 3, 十二 is 12."""
    tens, ten, ones = found[0].partition("十")
    if not ten:
        return str(_HAN.index(found[0]))

    # 十 alone is one ten, and no ones
    count = _HAN.index(tens or "一")
    rest = _HAN.index(ones or "零")
    return str(10 * count + rest)


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
    table.fault(book, row, "scope", "is no scope", cure, value=text)
    return None


def mode_in(row: Row, table: Table, book: FaultBook) -> Mode | None:
    """Return whether it is visited or comes to the door; None for an empty cell and, with a fault, another word."""
    text = text_in(row, table, "mode", book)
    if not text:
        return None
    known = words("mode")
    if text.lower() in known:
        return Mode(known[text.lower()])

    table.fault(book, row, "mode", "is no mode", "write visit or outreach", value=text)
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
