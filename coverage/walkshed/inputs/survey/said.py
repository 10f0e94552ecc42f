"""What somebody wrote who went there, as a fact: floors, hours, places; a fault for what can be meant otherwise."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

import numpy as np

from walkshed.inputs.hours.reading import read_hours
from walkshed.inputs.hours.unclear import UnclearHoursError
from walkshed.inputs.rows.floors.reading import elevator_said, floor_said
from walkshed.inputs.skills import Shift
from walkshed.model.messages import Message
from walkshed.model.survey_form import (
    ELEVATOR_WORD,
    FLOOR_WORD,
    GONE,
    NO,
    STEP_FREE_WORD,
    YES,
    in_all,
)
from walkshed.model.town.survey import NONE, OPEN, Fact, FactKind, Premise, place_text

#: A place farther than this from where the station stood is a slip, in degrees.
_FAR_DEGREES = 0.05
_PARTS, _FIELDS = re.compile(r"[,;、\n]+"), re.compile(r"\s+(?=[^\W\d]{2,}\s*[=:])")
_FIELD = re.compile(r"(.+?)\s*[=:]\s*(.+)")
_PLACE = re.compile(
    r"(?P<datum>[^\d,，:;；-]*?(?:84|02|09|2000)?)[\s:：]*"
    r"(?P<lon>-?\d{1,3}\.\d{4,})\s*[,，\s]\s*(?P<lat>-?\d{1,2}\.\d{4,})"
)
_DATUMS = {
    "wgs84": ("wgs84", "wgs-84", "gps", "天地图", "cgcs2000"),
    "gcj02": ("gcj02", "gcj-02", "高德", "腾讯", "amap", "tencent"),
    "bd09": ("bd09", "bd-09", "百度", "baidu"),
}
_STEPS = re.compile("有台阶|无坡道|不能?无障碍")
_NO_STEPS = re.compile("无台阶|无障碍|有坡道")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+\d{1,2}:\d{2})?")


class UnclearError(Exception):
    """Words that are no fact: what is wrong, and the cure."""

    def __init__(self, fact: str, cure: str) -> None:
        self.fact, self.cure = fact, cure
        super().__init__(fact)


def state_said(fact: Fact, text: str, shifts: Mapping[str, Shift]) -> str:
    """Return how a fact that is not true stands by the words of who went there, as ``Fact.known`` has it.

    Raises ``UnclearError``. A gate or a lane is there where none was known, and none where one was:
    that needs no words.
    """
    if fact.kind in {FactKind.GATE, FactKind.LANE}:
        return OPEN if fact.known == NONE else NONE
    if not text:
        raise UnclearError("is not true, and nothing says what is", _cure(fact))
    if fact.kind is FactKind.PLACE:
        now = _place_said(fact, text, shifts)
    elif fact.kind is FactKind.HOURS:
        now = _hours_said(text)
    else:
        now = _premise_said(fact, text)
    if now == fact.known:
        cure = "choose the answer that it is true, or write what is otherwise"
        raise UnclearError("is what was known already", cure)
    return now


def is_state(kind: FactKind, text: str) -> bool:
    """Return whether a text tells how a fact of a kind stands."""
    try:
        if kind in {FactKind.GATE, FactKind.LANE}:
            return text in {OPEN, NONE}
        if kind is FactKind.FLOOR:
            return str(Premise.read(text)) == text
        if kind is FactKind.HOURS:
            return not text or bool(read_hours(text).osm)
        if text == NONE:
            return True
        lon, lat = (float(part) for part in text.split(","))
    except (ValueError, KeyError, UnclearHoursError):
        return False
    return -180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0


def day_said(text: str) -> str | None:
    """Return a date as ISO has it; None for what is none."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:
        return None


def _cure(fact: Fact) -> str:
    """Return how to write what is."""
    return {
        FactKind.FLOOR: Message(
            "write floor, elevator and entrance, as in: 1层，有电梯，无障碍 (floor=1, elevator=yes, "
            "step-free=yes); 1 is the floor at the street"
        ),
        FactKind.HOURS: Message(
            "write the hours, as in: 周一至周五 8:30-17:30 (Mo-Fr 08:30-17:30)"
        ),
        FactKind.PLACE: Message(
            "write the system, longitude and latitude, as in: wgs84 121.3912345,31.3123456 (高德, "
            "gcj02; 百度, bd09), or that there is no such station: 无此站点"
        ),
    }[fact.kind]


def _premise_said(fact: Fact, text: str) -> str:
    """Return floor, elevator and entrance; what is not told stays as it was known."""
    known = Premise.read(fact.known)
    floor, elevator, step_free = known.floor, known.elevator, known.step_free
    plain = unicodedata.normalize("NFKC", text).strip().lower()

    # word by word: named, as people say it, or a floor
    parts = _PARTS.split(plain)
    if len(parts) == 1:
        parts = _FIELDS.split(plain)
    for part in filter(None, (part.strip() for part in parts)):
        field = _FIELD.fullmatch(part)
        name, value = (field[1].strip(), field[2].strip()) if field else ("", part)
        if name in in_all(ELEVATOR_WORD):
            elevator = _truth(fact, value)
        elif name in in_all(STEP_FREE_WORD) or name == "step_free":
            step_free = _truth(fact, value)
        elif name and name not in in_all(FLOOR_WORD):
            raise UnclearError(
                Message("says nothing that is known: {part}", part=part), _cure(fact)
            )
        elif not name and (lift := elevator_said(value)) is not None and not _names_floor(value):
            elevator = lift
        elif not name and _STEPS.search(value):
            step_free = False
        elif not name and _NO_STEPS.search(value):
            step_free = True
        elif (told := floor_said(value)) is not None:
            floor = told
            lift = elevator_said(value)
            elevator = elevator if lift is None else lift
        else:
            raise UnclearError(
                Message("says nothing that is known: {part}", part=part), _cure(fact)
            )
    return str(Premise(floor, elevator, step_free))


def _names_floor(text: str) -> bool:
    """Return whether words name a floor beside an elevator: 3楼有电梯."""
    return re.search(r"[层楼\d]", text) is not None


def _truth(fact: Fact, text: str) -> bool:
    """Return what yes and no say in any language."""
    if text in {*in_all(YES), "是", "true", "1"}:
        return True
    if text in {*in_all(NO), "否", "没有", "false", "0"}:
        return False
    raise UnclearError(Message("is neither yes nor no: {part}", part=text), _cure(fact))


def _hours_said(text: str) -> str:
    """Return opening hours as OSM has them."""
    try:
        return read_hours(text).osm
    except UnclearHoursError as unclear:
        raise UnclearError(unclear.fact, unclear.cure) from None


def _place_said(fact: Fact, text: str, shifts: Mapping[str, Shift]) -> str:
    """Return a place as WGS84 degrees; none where there is no such station."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if plain in in_all(GONE):
        return NONE
    found = _PLACE.search(plain)
    if found is None:
        raise UnclearError("is no place", _cure(fact))
    datum = next((key for key, names in _DATUMS.items() if found["datum"].strip() in names), None)
    if datum is None:
        raise UnclearError("is a place in a system that nobody names", _cure(fact))

    # on the map
    lonlat = np.array([[float(found["lon"]), float(found["lat"])]])
    if datum != "wgs84":
        if datum not in shifts:
            raise UnclearError("is a place in a system that nobody names", _cure(fact))
        lonlat = shifts[datum](lonlat)
    lon, lat = (float(part) for part in lonlat[0])
    before_lon, before_lat = fact.places[0]
    if max(abs(lon - before_lon), abs(lat - before_lat)) > _FAR_DEGREES:
        raise UnclearError("lies kilometers from where the station was known", _cure(fact))
    return place_text(lon, lat)
