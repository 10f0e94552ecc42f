"""Chinese addresses, and the plain Western "Street 12", taken apart.

The order of a Chinese address runs from the large to the small; every part may be missing. Parts
are found by their ending characters (GB/T 23705-2009, "The rules of coding for address in the
common platform for geospatial information services", names the same parts: division, street or
village, number or landmark, building).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from walkshed.geocode.names import digits_for_numerals, is_chinese, key_of


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address, "" where it says nothing.

    Each is as written but for half-width digits and numerals. ``number`` and the parts below it
    hold the bare number or letter ("205", "4228-2", "3", "a"); ``lane`` the number of the 弄 or 巷
    beside the road; ``lane`` and ``number`` together read 351弄2号. ``rest`` is what no rule took:
    mostly the name of a place.
    """

    province: str = ""
    city: str = ""
    district: str = ""
    subdistrict: str = ""
    community: str = ""
    road: str = ""
    lane: str = ""
    number: str = ""
    compound: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    rest: str = ""

    @property
    def divisions(self) -> frozenset[str]:
        """The keys of the province, city, district and subdistrict that it names."""
        parts = (self.province, self.city, self.district, self.subdistrict)
        return frozenset(key_of(part) for part in parts if part)

    @property
    def house(self) -> str:
        """The house number as one label: "205", "351弄2", "351弄"."""
        lane = f"{self.lane}弄" if self.lane else ""
        return lane + self.number


_N: Final = r"[0-9]+"
_CHINESE: Final = r"[\u3400-\u9fff·]"
_MUNICIPAL: Final = r"北京|上海|天津|重庆"
_PROVINCES: Final = (
    "河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|"
    "内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_PROVINCE: Final = re.compile(
    rf"(?:中国)?((?:{_PROVINCES})(?:省|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)|"
    rf"(?:{_MUNICIPAL})市(?=.))"
)
#: A character of a city's name: not the ending of a smaller division or a street, so that the 市 of
#: 市桥街道市桥路 and of 大场镇市台路 begins the street.
_TOWN: Final = r"(?:(?![路街道巷区县镇乡号市])[\u3400-\u9fff·]|(?<![\u3400-\u9fff])[镇乡道])"
_LIKE_OTHERS: Final = "景德镇|新乡|萍乡|津市"  # cities that end like smaller divisions
_CITY: Final = re.compile(
    rf"((?:{_MUNICIPAL})(?:市|(?!大学|市|站|路|街)(?={_CHINESE}{{1,4}}[区县]))|{_CHINESE}{{1,7}}?自治州|"
    rf"(?:{_LIKE_OTHERS}|{_TOWN}{{1,6}}?(?<![城超门菜夜集]))市|"
    r"(?:阿里|阿克苏|喀什|和田|塔城|阿勒泰|大兴安岭)地区|(?:兴安|锡林郭勒|阿拉善)盟)"
    r"(?!场|民|政|区|委|中心)"
)
#: Not 小区, 社区, 校区 …: the character before 区 tells a part of a town from a district.
_DISTRICT: Final = re.compile(
    rf"({_CHINESE}{{1,6}}?(?:新区|开发区|高新区|自治县|自治旗|[左右中前后]旗)|"
    rf"{_CHINESE}{{1,3}}?(?<![社小校园街景片厂库宅墅活业营辖])区(?!域|间|块|内|委)|"
    rf"{_CHINESE}{{1,4}}?县|{_TOWN}{{1,4}}?(?<![城超门菜夜集])市(?!域|场|民|政|区|委))(?!号|政府)"
)
_SUBDISTRICT: Final = re.compile(
    rf"({_CHINESE}{{1,6}}?(?:街道办事处|街道|[镇乡](?![东南西北中]?[0-9]*[路街巷](?!口))))"
)
_COMMUNITY: Final = re.compile(
    rf"((?:{_CHINESE}|[0-9]){{1,12}}?(?:社区居民委员会|社区居委会|社区|居民委员会|居委会|村民委员会|村委会))"
)
_ROAD: Final = re.compile(
    rf"({_CHINESE}(?:{_CHINESE}|[0-9](?=[路街巷道]|大街|大道)){{0,9}}?"
    r"(?:大道|大街|公路|马路|胡同|路|街|巷|道|里弄)(?:[东南西北中](?:段|路|街)|[0-9]段|支路|支线)?)"
    r"(?=[0-9甲乙]|$|(?:与|和|近|靠|交)|.)(?![口站])"
)
_LANE: Final = re.compile(rf"({_N})(?:弄|巷|胡同)")
_NUMBER: Final = re.compile(
    rf"((?:{_N}(?:-{_N})*|[甲乙丙]{_N})[a-z]?)号(?:院|(附{_N})号?)?(?!楼|线|门|桥|道口)"
)
_BUILDING: Final = re.compile(
    rf"({_N}|[a-z]|[a-z]{_N}|{_N}[a-z])(?:号楼|号幢|号栋|幢|栋|座|楼(?=.*(?:单元|室|层|{_N}$)))"
)
_UNIT: Final = re.compile(rf"({_N}|[a-z])单元")
_FLOOR: Final = re.compile(rf"(地下{_N}|负{_N}|b{_N}|{_N})(?:层|楼|f)")
_ROOM: Final = re.compile(
    rf"((?:{_N}-)*{_N}[a-z]?)(?:室|房|户)|(?:(?<=单元)|(?<=楼)|(?<=幢)|(?<=栋)|(?<=座))({_N})$"
)
_WESTERN: Final = re.compile(
    r"^(?P<street>[^\d,;]+?)[,\s]+(?P<number>\d+(?:\s?[a-z])?(?:[-/]\d+)?)(?P<after>[\s,;].*)?$",
    re.IGNORECASE,
)
_WESTERN_FIRST: Final = re.compile(
    r"^(?P<number>\d+(?:\s?(?:bis|ter|[a-z])(?=[\s,]))?(?:[-/]\d+)?)[,\s]+"
    r"(?P<street>[^\d,;]+)(?P<after>[,;].*)?$",
    re.IGNORECASE,
)


def parse_address(text: str) -> Address:
    """Return the parts of an address. Never fails: what is not understood is ``rest``."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if is_chinese(plain):
        return _chinese(plain)
    return _western(plain)


def _western(text: str) -> Address:
    """Return street, number and city of a Western address."""
    found = _WESTERN.match(text) or _WESTERN_FIRST.match(text)
    if found is None:
        return Address(rest=text)

    # what follows is the city, without its postal code
    city = re.sub(r"^[\s,;]*(?:\d{4,6}\s+)?", "", found.group("after") or "").strip(" ,;")
    number = found.group("number").replace(" ", "").casefold()
    return Address(road=found.group("street").strip(" ,"), number=number, city=city)


class _Reading:
    """The text that is not taken yet."""

    def __init__(self, text: str) -> None:
        self.left = text

    def take(self, form: re.Pattern[str], *, first: bool = False) -> str:
        """Return what ``form`` finds (at the start, or anywhere) and take it out, "" if nothing."""
        found = form.match(self.left) if first else form.search(self.left)
        if not found:
            return ""

        # a gap marks where something stood in the middle
        gap = "" if first else " "
        self.left = self.left[: found.start()] + gap + self.left[found.end() :]
        return "".join(group for group in found.groups() if group is not None)


def _chinese(text: str) -> Address:
    """Return the parts of a Chinese address."""
    reading = _Reading(_folded(text))

    # 1. Divisions, each only at the start of what is left.
    province = reading.take(_PROVINCE, first=True)
    city = reading.take(_CITY, first=True)
    district = reading.take(_DISTRICT, first=True)
    subdistrict = reading.take(_SUBDISTRICT, first=True)
    community = reading.take(_COMMUNITY, first=True)
    # 锦龙苑南区 by itself is no district
    if district and not (subdistrict or community or reading.left):
        reading.left, district = district, ""

    # 2. The small end: building, unit, floor, room, from wherever they stand.
    room = reading.take(_ROOM)
    unit = reading.take(_UNIT)
    building = reading.take(_BUILDING)
    floor = reading.take(_FLOOR)

    # 3. Road, lane and number; what is left before and after them is the name of a place.
    road = reading.take(_ROAD, first=True)
    lane = reading.take(_LANE, first=True) if road else ""
    number = reading.take(_NUMBER, first=True) if road else ""
    if not number and road and not lane:
        bare = re.match(rf"({_N}(?:-{_N})?)(?:\s|$)", reading.left)
        if bare:
            number, reading.left = bare.group(1), reading.left[bare.end() :]
    rest, _, _ = reading.left.strip().partition(" ")

    # 沪太路汽车站 is a name as a whole, not a place on a road
    compound = rest
    if road and not number and not lane and rest:
        compound = road + rest
    return Address(
        province,
        city,
        district,
        subdistrict,
        community,
        road,
        lane,
        number,
        compound=compound,
        building=building,
        unit=unit,
        floor=floor,
        room=room,
        rest=rest,
    )


def _folded(text: str) -> str:
    """Return an address without spaces, asides and punctuation, its numerals as digits."""
    folded = re.sub(r"\s+", "", text.casefold())

    # asides: （近上大路）; an address that is nothing else stays
    folded = re.sub(r"[(\[【][^)\]】]*[)\]】]", "", folded) or folded

    # 4228之2 is 4228-2
    if re.search(r"\d之\d", folded):
        folded = folded.replace("之", "-")
    return re.sub(r"[,;。、]", "", digits_for_numerals(folded))
