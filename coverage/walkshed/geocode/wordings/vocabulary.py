"""The words that stand around the name of a place: numbers, doors, rooms, beside, opposite, crossing, station.

Patterns run over keys (``names.key_of``: half-width, no marks, counting numerals in digits). A word
counts only after what it can follow: 对面 after a place, 口 after a street.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a piece of an address is."""

    NAME = "name"  # known to the map
    DIVISION = "division"  # a province, city, district, subdistrict, community
    ROAD = "road"  # what looks like a street but is not on the map
    HOUSE = "house"  # 12号, 351弄2号, 12
    BUILDING = "building"  # 12号楼, 3幢
    ROOM = "room"  # 101室, 2单元, 3层, 底层
    PART = "part"  # 会所, 东门, 居委会: what a ground has
    SORT = "sort"  # 小区, 商场: what a ground is
    WITHIN = "within"
    BESIDE = "beside"
    ABOUT = "about"  # 附近, 往东200米
    JOINT = "joint"  # 与, 近
    STRETCH = "stretch"  # 至, between two streets
    CORNER = "corner"  # 交叉口
    LINE = "line"  # 地铁7号线, 公交
    STOP = "stop"  # 站
    EXIT = "exit"  # 2号口
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Word:
    """A pattern of words of one kind, and the kinds that it may follow; "" is the start."""

    kind: Kind
    pattern: re.Pattern[str]
    after: frozenset[str]


def _words(kind: Kind, pattern: str, *after: str) -> Word:
    return Word(kind, re.compile(pattern), frozenset(after))


_N: Final = r"[0-9]+"
_WAYS: Final = "[东西南北]"
_PLACE: Final = (
    *(Kind.NAME, Kind.HOUSE, Kind.BUILDING, Kind.ROOM, Kind.PART),
    *(Kind.SORT, Kind.WITHIN, Kind.CORNER, Kind.STOP, Kind.EXIT),
)
_SITE: Final = (Kind.NAME, Kind.HOUSE, Kind.BUILDING, Kind.SORT, Kind.PART, Kind.WITHIN, Kind.ROOM)

#: Parts that lie in the ground itself.
_PARTS: Final = (
    r"(?:业主)?会所|(?:门|急|门急)诊(?:楼|部|大厅)|住院(?:楼|部)|(?:医技|综合|行政|办公|教学|实验|服务|物业)(?:大)?楼|"
    r"[主副裙附大]楼|(?:[0-9]+号|[a-z]|[东西南北正大小中侧前后]{1,2}|主|次)(?:大)?门(?:口|岗亭|岗|卫室|卫)?|"
    r"门(?:岗|卫)(?:室|处)?|岗亭|警卫室|大堂|大厅|底商|(?:沿街)?(?:商铺|门面房?|门面|店面)|"
    r"架空层|地下(?:室|车库|停车场)|地库|车库|车棚|停车场|自行车棚|中心(?:花园|广场|绿地)|凉亭|底层|底楼|楼下|楼上|顶楼"
)
#: What belongs to a ground by its name, and mostly lies in it.
_FACILITIES: Final = (
    r"(?:社区)?居(?:民)?委(?:员)?会?|社区居委|居民区(?:党总支|党支部)?|业委会|业主委员会|"
    r"物业(?:管理)?(?:服务)?(?:处|中心|办公室|用房|公司|站)?|(?:居民|老年|文化|党员|文体|党群)*(?:活动|图书|阅览|议事)(?:室|中心|站|点)|"
    r"(?:党群|党建|便民|社区|综合|为老|助老|养老|政务|生活|邻里|睦邻|居家)*(?:服务|助餐|睦邻|驿)(?:中心|站点|站|点|微站|驿站)|"
    r"党群(?:阵地|微阵地|驿站)|(?:社区)?警务(?:室|站)|(?:社区)?卫生(?:服务)?(?:站|室)|(?:老年人?|社区)日间(?:照料|照护)中心|"
    r"日间(?:照料|照护)中心|(?:社区|老年|长者)(?:食堂|餐厅)|微阵地|微站|睦邻点|社区"
)
#: Generic words for what a ground is, by the sort that ``features.sort_of`` tells.
SORTS: Final = {
    "residential": r"(?:住宅|居民|生活|居住)?小区|住宅区|居民区|居住区|生活区|家属院|家属区",
    "retail": r"商场|商城|购物(?:中心|广场|公园)|百货|商业(?:中心|广场|街)|广场",
    "hospital": r"医院",
    "park": r"公园|绿地",
    "hotel": r"大?酒店|宾馆|饭店",
    "office": r"大厦|写字楼|大楼|办公楼|商务楼|商务中心",
}
_CROSS: Final = (
    r"(?:的)?(?:十字|丁字|三岔|交叉)?(?:路口|街口)|(?:的)?(?:相)?(?:交叉|交汇|交会|交界|交接|相交)(?:口|处|点)?|"
    r"(?:的)?交口|(?:的)?(?:转|拐)角(?:处|口)?|(?:的)?夹角|口"
)
_CORNER: Final = (
    rf"(?:的)?(?:{_WAYS}{{1,2}}(?:面|侧)?)?(?:{_CROSS})(?:的?{_WAYS}{{1,2}}(?:角|侧|边|面)|处|旁|边)?|"
    rf"{_WAYS}{{1,2}}(?:转|拐)?角"
)
_BESIDE: Final = (
    rf"旁边|旁侧|旁|边上|{_WAYS}{{1,2}}(?:侧|边|面)|隔壁|(?:马路|斜|正)?对(?:面|过|门)|门前|门口|门旁|门外|前面|后面|"
    r"背后|围墙外|外侧|侧面|(?:侧|边|前|后|外)$"
)
_ABOUT: Final = (
    rf"附近|周边|周围|一带|沿线|片区|地区|(?:以|往|向|朝|再)?{_WAYS}{{1,2}}(?:方向|首|约)?{_N}(?:余|多)?(?:米|m|公里|km)(?:处)?|"
    rf"(?:约|相距|距离)?{_N}(?:余|多)?(?:米|m|公里|km)(?:处|左右)?|(?:以|往|向|朝){_WAYS}{{1,2}}(?:方向)?"
)

#: 12号, 351弄2号, 12号附3号; not 12号楼 and what else goes on.
_HOUSE: Final = (
    rf"(?:{_N}(?:弄|巷|胡同))?(?:{_N}支弄)?(?:no|第)?[甲乙丙]?{_N}(?:-{_N})*[a-z甲乙丙]?"
    rf"号[院甲乙丙丁]?(?:附{_N}号?|之{_N}|-{_N})?(?![楼线门桥幢栋座口出进])|"
    rf"{_N}(?:弄|巷|胡同)(?!口)"
)
_BUILDING: Final = (
    rf"(?:第)?(?:{_N}|[a-z]|[a-z]{_N}|{_N}[a-z]|{_WAYS})(?:号楼|号幢|号栋|幢|栋|座)|"
    rf"{_N}楼(?=.*(?:单元|室|层|{_N}$))"
)
_ROOM: Final = (
    rf"(?:{_N}|[a-z])单元|(?:地下|负|b)?{_N}(?:层|楼|f)(?:大厅|平台)?|"
    rf"(?:{_N}-)*{_N}[a-z]?(?:室|房|户|号房|铺|号铺)|(?:底|首|顶|负)层|(?:整|全)(?:层|栋|幢)|b[1-4]$"
)

#: The vocabulary; a word of a kind may have several patterns, each with what it may follow.
VOCABULARY: Final = (
    _words(
        Kind.HOUSE,
        _HOUSE,
        *("", Kind.NAME, Kind.SORT, Kind.DIVISION, Kind.HOUSE, Kind.ROAD, Kind.WITHIN),
    ),
    _words(Kind.HOUSE, rf"(?:no)?{_N}(?:-{_N})*$", Kind.NAME, Kind.SORT, Kind.ROAD),
    _words(Kind.BUILDING, _BUILDING, *_SITE),
    _words(
        Kind.ROOM,
        _ROOM,
        *(Kind.HOUSE, Kind.BUILDING, Kind.ROOM, Kind.NAME, Kind.SORT, Kind.PART, Kind.WITHIN),
    ),
    _words(Kind.ROOM, rf"{_N}(?:-{_N})*[a-z]?$", Kind.HOUSE, Kind.BUILDING, Kind.ROOM),
    _words(Kind.PART, rf"{_PARTS}|{_FACILITIES}", *_SITE),
    _words(
        Kind.WITHIN,
        r"院内|之内|里面|内部|院里|(?:小区|园区|园|场|校|楼|店|馆)内|(?:内|里|中|院)$|内(?=.)",
        *_PLACE,
    ),
    _words(Kind.BESIDE, _BESIDE, *_PLACE),
    _words(Kind.ABOUT, _ABOUT, *_PLACE, Kind.BESIDE, Kind.ABOUT),
    _words(Kind.CORNER, _CORNER, Kind.NAME, Kind.JOINT),
    _words(
        Kind.JOINT, r"靠近|邻近|紧邻|毗邻|临近|[与和同及跟近靠临邻]", "", *_PLACE, Kind.DIVISION
    ),
    _words(Kind.STRETCH, r"[至到]|之间|中间|段", Kind.NAME, Kind.HOUSE, Kind.CORNER),
    _words(
        Kind.LINE,
        rf"(?:地铁|轨交|轨道交通|城市轨道|轻轨|有轨电车|磁悬浮|公交车?|巴士)(?:{_N}号?线|{_N}路)?|{_N}号线",
        *("", Kind.DIVISION, Kind.NAME, Kind.LINE, Kind.JOINT),
    ),
    _words(
        Kind.STOP,
        r"(?:地铁|轨交|轻轨|公交|公交车)?(?:车站|站台|站点|站)|地铁口|公交站牌",
        Kind.NAME,
        Kind.LINE,
    ),
    _words(
        Kind.EXIT,
        rf"(?:{_N}[a-z]?|[a-z]{_N}?|{_WAYS}{{1,2}})号?(?:出入口|进出口|出口|进口|入口|口)|出入口|出站口",
        Kind.STOP,
        Kind.NAME,
    ),
)
_ANY_SORT: Final = _words(Kind.SORT, "|".join(SORTS.values()), Kind.NAME)
ALL_WORDS: Final = (*VOCABULARY, _ANY_SORT)
#: {kind, "" for the start: the words that may follow it}
WORDS_AFTER: Final = {
    before: tuple(word for word in ALL_WORDS if before in word.after) for before in ("", *Kind)
}
_SORT_WORDS: Final = {sort: re.compile(pattern) for sort, pattern in SORTS.items()}


def is_of_sort(text: str, sort: str) -> bool:
    """Return whether a generic word says what a feature is: 小区 of a residential ground."""
    pattern = _SORT_WORDS.get(sort)
    return pattern is not None and pattern.fullmatch(text) is not None


def rides(text: str) -> str:
    """Return what kind of stop a word of lines and stops asks for: "rail", "bus", or "" for either."""
    if re.search(r"地铁|轨交|轨道|轻轨|磁悬浮|有轨|号线", text):
        return "rail"
    if re.search(r"公交|巴士|汽车|[0-9]路", text):
        return "bus"
    return ""
