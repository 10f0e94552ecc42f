"""Floors: how China counts them (1 at the street), and how others do; elevators beside them."""

from __future__ import annotations

import re
import unicodedata

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.rows.floors.western import Unsure, western_floor
from walkshed.inputs.tables.cells import text_in, truth_in
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Message

#: One floor: 3, 3F, F3, 第3层, 3楼, B1, 地下1层, 负1楼, -1.
_FLOOR = re.compile(
    r"(?:(?P<below>-|[bB]|地下|负)|(?:地上|第|[fF]|[lL])?)\s*(?P<number>\d{1,3})"
    r"\s*(?:/?\s*[Ff]|层楼?|楼层?)?"
)
_CHINESE = re.compile("[\u3400-\u9fff]")
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


def floor_in(row: Row, table: Table, book: FaultBook) -> int | None:
    """Return the floor nearest the street, 1 for the one at the street; None for an empty cell.

    ``3``, ``3F``, ``三楼``, ``第二层``, ``B1``, ``地下一层``, ``-1``, ranges (``1-2``,
    ``一至三层``), lists, houses and elevators beside it (会所二楼, 2楼（有电梯）) are understood;
    elsewhere ground, G, R/C, EG, 1st floor, 1.º andar, by the habit of the country.
    """
    text = text_in(row, table, "floor", book)
    if not text:
        return None
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = _LIFT.sub("", _ASIDE.sub("", plain)).strip() or plain
    is_chinese = _CHINESE.search(plain + "".join(table.headers.values())) is not None
    floor = _chinese_floor(plain) if is_chinese else _local_floor(plain, row, table, book)
    if isinstance(floor, int):
        return floor

    fact = "is not a valid floor"
    cure = "write a whole number: 1 for the ground floor, 2 for the one above, -1 for the basement"
    if isinstance(floor, Unsure):
        fact = "may be the ground floor or the one above"
        cure = "write ground_floor = 0 or ground_floor = 1 under [study]: what is at the street"
    elif plain == "0":
        cure = "write 1 for the ground floor, or ground_floor = 0 under [study]"
    table.fault(book, row, "floor", fact, cure, value=text)
    return None


def floor_said(text: str) -> int | None:
    """Return the floor that a few words name beyond doubt: 3层, 首层, B1, ground floor, 2; None for others.

    Bare numbers count as the contract does: 1 is at the street.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if _CHINESE.search(plain):
        floor = _chinese_floor(_LIFT.sub("", _ASIDE.sub("", plain)).strip() or plain)
    else:
        known = western_floor(plain, None)
        floor = known if isinstance(known, int) else None
        if floor is None and re.fullmatch(r"-?\d{1,3}", plain):
            floor = _floor(plain)
    return floor if isinstance(floor, int) else None


def elevator_said(text: str) -> bool | None:
    """Return whether a few words say that there is an elevator: 有电梯, 无电梯; None where they say nothing of it."""
    plain = unicodedata.normalize("NFKC", text)
    if _HAS_NO_LIFT.search(plain):
        return False
    return True if _HAS_LIFT.search(plain) and not _WILL_HAVE.search(plain) else None


def _chinese_floor(plain: str) -> int | Unsure | None:
    """Return a floor as China counts them."""
    floor = _floor(plain)
    if floor is None and (of_house := _OF_HOUSE.fullmatch(plain)) and not of_house["count"]:
        floor = _floor(of_house["floor"])
    return western_floor(plain, 1) if floor is None else floor


def _local_floor(plain: str, row: Row, table: Table, book: FaultBook) -> int | Unsure | None:
    """Return a floor as the country counts them, or as the column does: 0 is at the street."""
    known = western_floor(plain, None)
    if isinstance(known, int):
        return known

    # a column that holds 0 counts from there; numbers alone of nowhere are the contract's
    ground = table.local.ground
    if ground is None and any(each.cells.get("floor") == "0" for each in table.rows):
        ground = 0
    elif ground is None and _CHINESE.search("".join(row.cells.values())):
        ground = 1
    if ground == 1 or (ground is None and not table.local.country):
        floor = _floor(plain)
        return western_floor(plain, ground) if floor is None else floor
    if ground == 0 and known is not None and table.local.stated_ground is None:
        told = (
            "{table}: floors count from 0 at the street, as is the habit there ({country}): "
            "{floor} is one above it; else write ground_floor = 1 under [study]"
        )
        country = table.local.country or "0"
        book.note(Message(told, table=table.label, country=country, floor="1"))
    return western_floor(plain, ground)


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
