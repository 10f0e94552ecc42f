"""An invented town of streets, compounds, houses and stops, and hundreds of ways to write its addresses.

Grid points stand about 111 m apart on the equator (``drawn_osm``). East-west streets lie at y = 0,
10 and 20, north-south ones at x = 0, 10, 20 and 30; compounds are squares of four by four points.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from drawn_osm import EAST, GRID, Drawing

#: {name: (west, south)} of squares beside the streets, and the street that each lies at.
COMPOUNDS = {
    "海棠苑": (1, 1, "长安北路"),
    "海棠东苑": (5, 1, "长安北路"),
    "海棠西苑": (11, 1, "长安北路"),
    "芳草三村": (15, 1, "长安北路"),
    "芳草四村": (21, 1, "长安北路"),
    "滨湖公园壹号": (1, 11, "和平路"),
    "锦绣花园": (5, 11, "和平路"),
    "云溪里": (11, 11, "和平路"),
    "东风新村": (15, 11, "和平路"),
    "翠竹家园": (21, 11, "和平路"),
}
#: Two squares far from each other bear each of these.
TWINS = ("阳光花园", "幸福小区")
PLACES = {
    "和平医院": (25, 11, {"amenity": "hospital"}),
    "银泰汇": (25, 15, {"shop": "mall"}),
    "海棠中学": (25, 1, {"amenity": "school"}),
    "芳草派出所": (25, 5, {"amenity": "police", "building": "yes"}),
}
EAST_WEST = {"长安北路": 0, "和平路": 10, "长安南路": 20}
NORTH_SOUTH = {"丁香路": 0, "柳絮路": 10, "海棠路": 20, "市桥路": 30}
#: House numbers on 柳絮路: the even ones east of it, the odd ones west; {number: y}.
HOUSES = {2: 1.0, 10: 2.0, 20: 3.0, 30: 4.0, 80: 9.0, 1: 1.5, 11: 2.5, 21: 3.5}


@dataclass(frozen=True, slots=True)
class Case:
    """One way to write an address: the place that it means on the grid, None where nothing may be taken.

    ``within``: how many grid steps the answer may lie from it.
    """

    text: str
    kind: str
    place: tuple[float, float] | None
    within: float = 0.3


def drawn_town() -> Drawing:
    """Return the town."""
    town = Drawing(bounds=(-5, -5, 60, 40))
    ids = itertools.count(1)

    def node(x: float, y: float, **tags: str) -> int:
        number = next(ids)
        town.nodes[number] = (x, y)
        if tags:
            town.node_tags[number] = {key.replace("__", ":"): value for key, value in tags.items()}
        return number

    def street(name: str, points: list[tuple[float, float]]) -> None:
        town.ways[next(ids)] = (
            [corners.setdefault(point, node(*point)) for point in points],
            {"highway": "residential", "name": name},
        )

    def square(name: str, west: float, south: float, tags: dict[str, str], side: float = 3) -> None:
        ring = [
            (west, south),
            (west + side, south),
            (west + side, south + side),
            (west, south + side),
        ]
        refs = [node(*corner) for corner in ring]
        town.ways[next(ids)] = ([*refs, refs[0]], {"name": name, **tags})

    # streets share their nodes at crossings; 和平路 has two carriageways
    corners: dict[tuple[float, float], int] = {}
    xs, ys = sorted(NORTH_SOUTH.values()), [0.0, 10.0, 10.2, 20.0]
    for name, y in EAST_WEST.items():
        street(name, [(x, y) for x in xs])
    street("和平路", [(x, 10.2) for x in reversed(xs)])
    for name, x in NORTH_SOUTH.items():
        street(name, [(x, y) for y in ys])
    street("桥路", [(40, 0), (40, 10)])
    street("市台路", [(42, 0), (42, 10)])
    street("台路", [(44, 0), (44, 10)])
    street("环湖路", [(10, 20), (12, 30), (18, 30), (20, 20)])
    street("断头路", [(30.2, 5), (38, 5)])

    # grounds
    home = {"landuse": "residential"}
    for name, (west, south, _) in COMPOUNDS.items():
        square(name, west, south, home)
    for place, name in enumerate(TWINS):
        square(name, 1 + 4 * place, 22, home)
        square(name, 45 + 4 * place, 22, home)
    for letter, west in (("A", 5), ("B", 8.5)):
        square(f"芳草二村{letter}街坊", west, 15, home)
    for name, (west, south, tags) in PLACES.items():
        square(name, west, south, tags)
    square("3号楼", 16, 2, {"building": "apartments"}, side=0.4)

    # houses, and one house of a lane
    for number, y in HOUSES.items():
        x = 10.3 if number % 2 == 0 else 9.7
        node(x, y, addr__street="柳絮路", addr__housenumber=str(number))
    node(20.4, 5, addr__street="海棠路", addr__housenumber="351弄2号")
    for street_name, x in (("市桥路", 30.3), ("桥路", 40.3), ("市台路", 42.3), ("台路", 44.3)):
        node(x, 2, addr__street=street_name, addr__housenumber="3")

    # stops: the metro at 丁香路 with its ways out, buses called after what is near
    node(0.2, 15, name="丁香路", railway="station", station="subway", public_transport="station")
    node(0.6, 15.4, name="1号口", railway="subway_entrance")
    node(0.6, 14.6, ref="2", railway="subway_entrance", entrance="yes")
    for x in (8.2, 8.6):
        node(x, 14.4, name="芳草二村", highway="bus_stop", public_transport="platform")
        node(x + 1.2, 9.7, name="和平路柳絮路", highway="bus_stop", public_transport="platform")
        node(x + 22, 20.3, name="望江亭", highway="bus_stop", public_transport="platform")
    return town


def degrees(place: tuple[float, float]) -> tuple[float, float]:
    """Return a grid point in degrees."""
    return EAST + place[0] * GRID, place[1] * GRID


def middle(name: str) -> tuple[float, float]:
    """Return the middle of a compound or another ground."""
    west, south, _ = (COMPOUNDS | PLACES)[name]
    return west + 1.5, south + 1.5


BEFORE = ("", "示例省示例市", "示例市湖滨区", "湖滨区柳絮镇", "示例市湖滨区柳絮镇", "湖滨区")
#: What offices write after the name of a compound. Where it is written with a mark the rest of the
#: town's names must not matter.
AFTER = (
    *("", "内", "里", "院内", "小区", "小区内", "小区里面", "（小区内）", "居民区", "小区东门"),
    *("12号", "12号楼", "12幢", "12栋底层", "7座1楼", "十二号楼101室", "12号101室", "12-101室"),
    *("12号楼2单元301", "一楼", "1楼", "底层", "架空层", "地下室", "会所", "会所二楼", "东门"),
    *("南大门", "北门口", "西门岗亭", "门卫室", "旁", "旁边", "对面", "隔壁", "东侧", "门口"),
    *("居委会", "居民委员会", "社区居委会", "居委会二楼", "物业", "物业管理处", "活动室"),
    *("老年活动室", "党群服务站", "党群服务中心", "卫生服务站", "警务室", "睦邻点", "地下车库"),
)
#: What is no part of a compound, or names another one.
NOT_IT = ("二期", "小学", "超市", "幼儿园", "附近", "往东500米", "南区", "北苑", "大酒店", "商场")
CROSSING = (
    *(
        "{a}与{b}交叉口",
        "{a}{b}路口",
        "{a}{b}口",
        "{a}/{b}",
        "{a}近{b}",
        "{a}（近{b}）",
        "{a}和{b}路口",
    ),
    *(
        "{a}、{b}交叉口",
        "{a}×{b}",
        "{a}靠近{b}",
        "{a}与{b}交汇处",
        "{a}与{b}十字路口东南角",
        "{a} {b}",
    ),
    *(
        "{a}与{b}路口西北角",
        "湖滨区{a}与{b}交界处",
        "示例市{a}{b}交叉口东侧",
        "{a}&{b}",
        "{a}与{b}转角处",
    ),
)


def cases() -> list[Case]:
    """Return every case."""
    return [
        *_compound_cases(),
        *_place_cases(),
        *_crossing_cases(),
        *_house_cases(),
        *_stop_cases(),
        *_doubtful_cases(),
    ]


def _compound_cases() -> list[Case]:
    found = []
    for name, (_, _, street) in COMPOUNDS.items():
        for before, after in itertools.product((*BEFORE, street, f"湖滨区{street}"), AFTER):
            # 3号楼 is mapped in one of them
            found.append(Case(f"{before}{name}{after}", "compound", middle(name), 1.5))
        found.append(Case(f"{street}（{name}内）", "compound", middle(name), 1.5))
        found.append(Case(f"{name}（{street}）", "compound", middle(name), 1.5))
        found.append(Case(f"{street} {name}", "compound", middle(name), 1.5))
        found.append(Case(f"{street}999弄{name}", "compound", middle(name), 1.5))
        found.append(Case(f"无名路{name}", "compound", middle(name), 1.5))
        odd = (
            "12#101",
            "12-101",
            "B座",
            "B1",
            "1F",
            "12号甲",
            "，12号",
            "马路对面",
            "西侧",
            "社区食堂",
        )
        found += [Case(f"{name}{after}", "compound", middle(name), 1.5) for after in odd]
        far = next(far for far in ("长安南路", "断头路") if far != street)
        found += [Case(f"{far}{name}{after}", "far street", None) for after in AFTER[:8]]
        found += [Case(f"{name}{after}", "not it", None) for after in NOT_IT]
    found.append(Case("海棠苑（芳草派出所对面）", "far landmark", None))
    found.append(Case("芳草派出所（海棠中学旁）", "place", middle("芳草派出所"), 1.5))
    found.append(Case("芳草三村3号楼", "building", (16.2, 2.2)))
    found.append(Case("芳草三村三号楼二单元", "building", (16.2, 2.2)))
    found.append(Case("滨湖公园一号", "compound", middle("滨湖公园壹号"), 1.5))
    found.append(Case("滨湖公园1号会所", "compound", middle("滨湖公园壹号"), 1.5))
    found.append(Case("芳草3村", "compound", middle("芳草三村"), 1.5))
    return found


def _place_cases() -> list[Case]:
    own = {
        "和平医院": ("门诊楼", "住院部一楼", "急诊楼"),
        "银泰汇": ("商场", "商场1楼", "购物中心三层"),
        "海棠中学": ("教学楼", "南门"),
        "芳草派出所": ("二楼",),
    }
    both = ("", "旁", "对面", "内", "东侧", "门口", "隔壁", "斜对面")
    return [
        Case(f"{before}{name}{after}", "place", middle(name), 1.5)
        for name, afters in own.items()
        for before, after in itertools.product(BEFORE, (*afters, *both))
    ]


def _crossing_cases() -> list[Case]:
    found = []
    for (one, y), (other, x) in itertools.product(EAST_WEST.items(), NORTH_SOUTH.items()):
        for form in CROSSING:
            found.append(Case(form.format(a=one, b=other), "crossing", (x, y), 0.35))
            found.append(Case(form.format(a=other, b=one), "crossing", (x, y), 0.35))
    for form in CROSSING:
        # parallel, unknown, too far apart
        for one, other in (("长安北路", "长安南路"), ("和平路", "无名路"), ("桥路", "海棠路")):
            found.append(Case(form.format(a=one, b=other), "no crossing", None))
        found.append(Case(form.format(a="市桥路", b="断头路"), "near approach", (30.1, 5), 0.35))
    twice = ("环湖路与长安南路交叉口", "长安南路环湖路路口", "长安南路/环湖路", "环湖路近长安南路")
    found += [Case(text, "crossing twice", None) for text in twice]
    return found


def _house_cases() -> list[Case]:
    found = []
    forms = (
        "柳絮路{n}号",
        "湖滨区柳絮路{n}号",
        "柳絮路{n}号2楼",
        "柳絮路{n}号旁",
        "柳絮路{n}",
        "{n}号柳絮路",
    )
    for number, y in HOUSES.items():
        x = 10.3 if number % 2 == 0 else 9.7
        found += [Case(form.format(n=number), "house", (x, y), 0.01) for form in forms]
        found.append(Case(f"柳絮镇柳絮路{number}号101室", "house", (x, y), 0.01))

    # between two of one side, at most half of the way off
    for number in (4, 6, 8, 12, 14, 16, 18, 22, 24, 26, 28):
        low = max(other for other in HOUSES if other < number and other % 2 == 0)
        high = min(other for other in HOUSES if other > number and other % 2 == 0)
        share = (number - low) / (high - low)
        y = HOUSES[low] + share * (HOUSES[high] - HOUSES[low])
        found += [Case(form.format(n=number), "interpolated", (10.3, y), 0.05) for form in forms]
    for number in (3, 5, 7, 9, 13, 15, 17, 19):
        low = max(other for other in HOUSES if other < number and other % 2)
        high = min(other for other in HOUSES if other > number and other % 2)
        share = (number - low) / (high - low)
        y = HOUSES[low] + share * (HOUSES[high] - HOUSES[low])
        found += [Case(form.format(n=number), "interpolated", (9.7, y), 0.05) for form in forms]

    # beyond the last one, too far between, on a street without numbers
    for number in (23, 41, 82, 100, 50, 60):
        found += [Case(form.format(n=number), "no house", None) for form in forms]
    found += [Case(f"{street}{n}号", "no house", None) for street in EAST_WEST for n in (1, 2, 88)]

    # streets that begin with 市, beside those that are called like the rest of them
    towns = {"市桥路": 30.3, "桥路": 40.3, "市台路": 42.3, "台路": 44.3}
    for street, x in towns.items():
        befores = ("", "市桥街道", "市中区", "湖滨区", "湖滨区市桥街道", "柳絮镇", "示例市湖滨区")
        # 示例市桥路: of 示例市, or of 示例
        clear = street.startswith("市")
        for before in ("示例市", "湖滨市"):
            place = (x, 2) if clear else None
            found.append(Case(f"{before}{street}3号", "begins with 市", place, 0.01))
        found += [
            Case(f"{before}{street}3号", "begins with 市", (x, 2), 0.01) for before in befores
        ]
    for text in ("海棠路351弄2号", "海棠路351弄", "海棠路351弄5号", "湖滨区海棠路351弄2号301室"):
        found.append(Case(text, "lane", (20.4, 5), 0.01))
    found.append(Case("海棠路352弄", "no house", None))
    return found


def _stop_cases() -> list[Case]:
    station = (0.2, 15)
    found = [
        Case(f"{before}{text}", "station", station, 1.5)
        for before in ("", "示例市", "湖滨区")
        for text in (
            "地铁丁香路站",
            "丁香路地铁站",
            "地铁7号线丁香路站",
            "丁香路站",
            "7号线丁香路站",
        )
    ]
    found += [
        Case(f"丁香路地铁站{after}", "station", station, 1.5) for after in ("旁", "对面", "内")
    ]
    for number, y in ((1, 15.4), (2, 14.6)):
        forms = ("丁香路地铁站{n}号口", "地铁丁香路站{n}号出口", "地铁7号线丁香路站{n}号出入口")
        found += [Case(form.format(n=number), "exit", (0.6, y), 0.01) for form in forms]
    found.append(Case("丁香路地铁站9号口", "station", station, 1.5))
    buses = {"芳草二村": (8.4, 14.4), "望江亭": (30.4, 20.3), "和平路柳絮路": (9.6, 9.7)}
    for name, place in buses.items():
        forms = ("{s}公交站", "公交{s}站", "{s}公交车站", "湖滨区{s}公交站")
        found += [Case(form.format(s=name), "bus stop", place, 0.5) for form in forms]
    return found


def _doubtful_cases() -> list[Case]:
    found = [
        Case(f"{before}{name}{after}", "twin", None)
        for name in TWINS
        for before, after in itertools.product(BEFORE, AFTER)
        if not (name.endswith("小区") and after.startswith(("小区", "（小区")))
    ]
    texts = (
        *(
            "海棠小区",
            "海棠",
            "芳草二村",
            "芳草二村居委会",
            "芳草五村",
            "芳草六村12号楼",
            "海棠南苑",
        ),
        *(
            "望江亭",
            "近和平路",
            "和平路",
            "柳絮路附近",
            "和平路（海棠路至市桥路）",
            "锦绣苑",
            "锦绣公寓",
        ),
        *(
            "海棠苑与翠竹家园之间",
            "丁香路地铁站和平路口",
            "翠竹花园",
            "柳絮支路2号",
            "滨湖公园1号楼",
            "海棠苑（二期）",
            "海棠苑（北苑）",
            "海棠苑（原海棠新村）",
            "海棠苑公交站",
            "海棠苑菜场",
            "海棠苑以东",
            "海棠苑东50米",
            "海棠苑西侧100米",
            "海棠苑路口",
            "海棠苑北门小学",
            "海棠苑1期",
            "滨湖公园小学",
            "滨湖公园二号",
            "滨湖公园贰号",
            "海棠苑12号菜场",
            "长安南路近海棠苑",
            "海棠苑翠竹家园",
            "柳絮镇卫生院",
            "柳絮镇",
            "湖滨区",
            "无名路12号",
        ),
        *("无名村", "云溪小学", "东风新村卫生院", "和平路海棠苑", "柳絮路2号翠竹家园"),
    )
    return [*found, *(Case(text, "doubtful", None) for text in texts)]
