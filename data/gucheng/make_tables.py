"""Names, numbers and stations of the invented town: everything that is a table and no drawing."""

from __future__ import annotations

# ruff: noqa: E501, SIM905 (rows of a Markdown table, names by the dozen)

SEED = 20260101
LON0, LAT0 = 150.0, 23.7  # open Pacific; the nearest land is some 400 km away
XY = tuple[float, float]

NAMES = (
    "半盏巷 纸鸢巷 墨香巷 数星巷 酱园巷 蝉声巷 竹帘巷 铜铃巷 豆花巷 茶烟巷 写字巷 糖画巷 木屐巷 "
    "雨伞巷 猫步巷 风筝巷 瓦当巷 石鼓巷 影戏巷 棋盘巷 书签巷 "
    "蓑衣巷 绣线巷 画眉巷 月饼巷 算盘巷 陶埙巷 米缸巷 橹声巷 藤椅巷 扇骨巷 砚滴巷 井栏巷 花窗巷 "
    "皮影巷 笔架巷 簪花巷 香囊巷 灯芯巷 折扇巷 云片巷 梅子巷"
).split()
STREET_NAMES = (
    "新禾路 星河路 望晴路 知春路 拾光路 银杏里路 蒲公英路 白鹭里路 稻香里路 童谣路 晨跑路 萤火路 "
    "麦浪路 秋千路 云梯路 风车路 竹马路 "
    "谷雨路 小满路 惊蛰路 芒种路 白露路 寒露路 霜降路 清和路 立夏路 雪晴路 初晴路 晚照路 新竹路"
).split()

# m², vacancy and walls included
FLOOR_PER_PERSON = {"old": 54.0, "commodity": 84.0, "resettlement": 56.0}
GROUP_SHARES = {"old": (0.27, 0.11), "commodity": (0.14, 0.18), "resettlement": (0.21, 0.15)}
YEARS = {"old": (1952, 1993), "commodity": (2003, 2021), "resettlement": (2008, 2019)}
PROPERTY = {
    "old": ["直管公房", "私房", "单位房改房"],
    "commodity": ["商品房"],
    "resettlement": ["安置房"],
}

LOOKED_AFTER_SINCE = 1965  # older blocks have no management, no funds and no organization (三无)
# 物业类工单 per household and year
WORK_ORDERS = {"old": 0.35, "commodity": 0.12, "resettlement": 0.22}

HOUSE_NAMES = {
    "old": ["里", "大院", "厝围", "后街", "井边", "巷口", "厂宿舍", "旧居"],
    "commodity": ["花园", "雅苑", "华庭", "名邸", "公馆", "时光", "名筑", "嘉园"],
    "resettlement": ["新村", "安居苑", "新苑", "安置区", "家园", "新里"],
}
FIRST_NAMES = (
    "墨香 纸鸢 数星 酱园 蝉声 竹帘 铜铃 豆花 茶烟 写字 糖画 木屐 雨伞 猫步 风筝 瓦当 石鼓 影戏 "
    "棋盘 书签 蓑衣 绣线 画眉 月饼 算盘 陶埙 米缸 橹声 藤椅 扇骨 "
    "砚滴 井栏 花窗 皮影 笔架 簪花 香囊 灯芯 折扇 云片 梅子 新禾 星河 望晴 知春 拾光 银杏 蒲英 "
    "白鹭 稻香 童谣 晨跑 萤火 麦浪 秋千 云梯 风车 竹马 谷雨 小满 "
    "惊蛰 芒种 白露 寒露 霜降 清和 立夏 雪晴 初晴 晚照 新竹 听泉 问渠 采薇 半山 归帆 远帆 渔火 "
    "芦花 蓼汀 沙鸥 橘洲 杏坛 桐荫 槐序 梨白 桃蹊 柳浪 荷风 菊径 松影 竹里 苔痕 石桥 云水 烟雨 "
    "春山 夏木 秋水 冬青 星野 月半"
).split()
STORY_BLOCKS = {
    "E01": ("望渡新村", "resettlement"),
    "W01": ("静园小区", "commodity"),
    "G01": ("砚池老院", "old"),
}

SERVICES = {
    "culture": ("文化体验", "Culture"),
    "elder_care": ("健康养老", "Health and elderly care"),
    "mediation": ("纠纷调解", "Mediation"),
    "civic_errands": ("政务代办", "Government services"),
    "legal_advice": ("法律咨询", "Legal advice"),
    "meals": ("长者助餐", "Meals for older people"),
    "after_school": ("课后托管", "After-school care"),
    "jobs": ("就业帮扶", "Help finding work"),
    "repairs": ("维修响应", "Repairs"),
}
STANDARD_ITEMS = {  # lines of gb50180, complete-community and fushan
    "culture": "文化活动站",
    "elder_care": "老年人日间照料中心 老年服务站",
    "mediation": "纠纷调解",
    "civic_errands": "社区服务站 社区综合服务站 政务代办",
    "meals": "社区食堂",
    "repairs": "小修小补",
}
OFFICE, LONG_DAY, EVENING = (
    "Mo-Fr 08:30-12:00,14:30-17:30",
    "Mo-Su 08:30-20:30",
    "Mo-Fr 16:00-20:00; Sa 09:00-17:00",
)
# id, name, tier, parent, x and y on the plan, services, floor, hours, area m2, capacity
STATIONS: list[tuple[str, str, str, str, float, float, str, int, str, int, int]] = [
    (
        "H1",
        "长亭街党群服务中心",
        "hub",
        "",
        -28,
        165,
        "culture civic_errands legal_advice jobs elder_care",
        1,
        LONG_DAY,
        620,
        160,
    ),
    (
        "C1",
        "砚池社区党群服务中心",
        "center",
        "H1",
        -313,
        384,
        "elder_care meals civic_errands mediation jobs",
        3,
        OFFICE,
        180,
        45,
    ),
    (
        "C2",
        "灯影社区党群服务中心",
        "center",
        "H1",
        285,
        330,
        "culture civic_errands after_school mediation jobs",
        2,
        OFFICE,
        210,
        50,
    ),
    (
        "C3",
        "半街社区党群服务中心",
        "center",
        "H1",
        -280,
        -275,
        "elder_care meals legal_advice civic_errands after_school",
        2,
        OFFICE,
        150,
        40,
    ),
    (
        "C4",
        "听潮社区党群服务中心",
        "center",
        "H1",
        529,
        -140,
        "civic_errands elder_care meals repairs culture",
        2,
        OFFICE,
        230,
        60,
    ),
    (
        "C5",
        "柳汀社区服务中心",
        "center",
        "",
        -885,
        30,
        "civic_errands elder_care mediation meals repairs",
        2,
        OFFICE,
        160,
        40,
    ),
    (
        "C6",
        "晒谷社区服务中心",
        "center",
        "",
        110,
        -850,
        "civic_errands elder_care after_school culture meals",
        3,
        OFFICE,
        170,
        45,
    ),
    (
        "M01",
        "纸鸢微阵地",
        "micro",
        "C1",
        -170,
        470,
        "culture after_school mediation repairs legal_advice",
        1,
        EVENING,
        60,
        24,
    ),
    (
        "M02",
        "铜铃微阵地",
        "micro",
        "C2",
        120,
        480,
        "mediation meals repairs after_school jobs",
        1,
        LONG_DAY,
        55,
        20,
    ),
    (
        "M03",
        "灯笼微阵地",
        "micro",
        "C2",
        400,
        300,
        "meals legal_advice elder_care mediation repairs",
        1,
        OFFICE,
        48,
        16,
    ),
    (
        "M04",
        "晚照驿站",
        "micro",
        "C3",
        -760,
        -815,
        "elder_care culture meals repairs legal_advice",
        1,
        LONG_DAY,
        70,
        24,
    ),
    (
        "M05",
        "豆花微阵地",
        "micro",
        "H1",
        140,
        60,
        "meals mediation jobs repairs elder_care",
        1,
        LONG_DAY,
        65,
        30,
    ),
    ("M06", "渡口驿站", "micro", "H1", 440, 140, "jobs legal_advice", 1, LONG_DAY, 50, 20),
    (
        "M07",
        "蝉声微阵地",
        "micro",
        "C3",
        -140,
        -90,
        "after_school repairs mediation jobs culture",
        1,
        EVENING,
        58,
        22,
    ),
    (
        "M08",
        "藤椅微阵地",
        "micro",
        "C4",
        250,
        -400,
        "jobs after_school legal_advice culture mediation",
        1,
        OFFICE,
        45,
        16,
    ),
    (
        "M09",
        "井栏微阵地",
        "micro",
        "C3",
        -30,
        -735,
        "culture mediation repairs jobs legal_advice",
        1,
        LONG_DAY,
        62,
        24,
    ),
    (
        "M10",
        "北屏驿站",
        "micro",
        "H1",
        60,
        850,
        "elder_care meals after_school jobs repairs",
        1,
        OFFICE,
        90,
        36,
    ),
    (
        "M11",
        "新禾驿站",
        "micro",
        "H1",
        -250,
        845,
        "culture civic_errands jobs mediation legal_advice",
        1,
        EVENING,
        80,
        30,
    ),
    (
        "M12",
        "晒布驿站",
        "micro",
        "C3",
        -615,
        -430,
        "mediation jobs after_school elder_care civic_errands",
        1,
        LONG_DAY,
        75,
        30,
    ),
    (
        "M13",
        "柳汀驿站",
        "micro",
        "H1",
        -905,
        -640,
        "meals legal_advice repairs culture",
        1,
        LONG_DAY,
        85,
        32,
    ),
    (
        "M14",
        "西畴驿站",
        "micro",
        "H1",
        -905,
        250,
        "legal_advice after_school culture jobs mediation",
        1,
        EVENING,
        70,
        28,
    ),
    (
        "M15",
        "南塘驿站",
        "micro",
        "H1",
        -480,
        -800,
        "civic_errands mediation after_school jobs legal_advice",
        1,
        OFFICE,
        66,
        24,
    ),
    (
        "M16",
        "渡北驿站",
        "micro",
        "H1",
        925,
        590,
        "civic_errands elder_care after_school jobs mediation",
        1,
        OFFICE,
        95,
        36,
    ),
]

STUDY_HEAD = """\
# 示例古城（虚构）：一座不存在的城。由 make.py 按固定种子生成，请改 make.py，不要改这里。
# Sample Old Town (invented): no such town exists. Written by make.py from a fixed seed; change make.py, not this file.
[study]
name = "示例古城（虚构）"
language = "zh"
illustrative = true

[streets]
file = "town.osm"
private = "ends"
profile = "walking"
beyond = "nothing"
attribution = "虚构数据 · invented data"

[stations]
file = "stations.csv"
crs = "wgs84"

[blocks]
file = "blocks.geojson"
crs = "wgs84"
gates = "gates.csv"
gates_complete = true # 列出大门的小区，大门都列全了；其余小区按地图
groups = ["older_people", "children"]
weights = ["work_orders"] # 物业类工单（件/年）
"""
STUDY_TAIL = """
[needs]
preset = "illustrative-500"
min_share = 0.8

[walk]
walkers = ["adult"]
limits_m = [300, 500, 1000]
max_snap_m = 100

[siting]
rooms = "rooms.csv" # 可供腾挪的房源（示意）；费用单位：万元
crs = "wgs84"
elevator_cost = 60
merge_cost = 15
"""
# id, place, the center beside which it lies, degrees east and north of it, area m2, floor,
# elevator, cost (10,000 yuan), obtained
ROOMS: list[tuple[str, str, str, float, float, int, int, str, int, str]] = [
    ("R1", "旧邮局（示意）", "C1", 0.0012, 0.0006, 140, 1, "no", 45, "划拨"),
    ("R2", "南货铺（示意）", "C2", -0.0010, 0.0008, 110, 1, "", 60, "租赁"),
    ("R3", "老茶楼二层（示意）", "C3", 0.0008, -0.0006, 160, 2, "yes", 30, "置换"),
    ("R4", "粮站门市（示意）", "C3", -0.0012, 0.0004, 120, 1, "no", 55, "划拨"),
    ("R5", "渡口仓房（示意）", "C4", 0.0006, 0.0010, 200, 1, "no", 80, "联建"),
    ("R6", "小学旧门房（示意）", "C5", -0.0008, 0.0005, 90, 1, "no", 35, "划拨"),
    ("R7", "晒谷仓（示意）", "C6", 0.0010, -0.0005, 150, 1, "no", 50, "置换"),
]
SOURCES = """\
# 示例古城（虚构）：数据来源

**本目录一切都是虚构的。** 没有这座城，没有这些街道、小区、站点和居民；坐标落在太平洋中（东经 150.0°，北纬 23.7°，方圆数百公里没有陆地），以免被当成真实地方。
地名、社区名和机构名均为编造，与真实地名如有雷同，纯属巧合。500 米标准仅作示意，不代表任何国家或地方标准。

| 文件 | 来源 | 日期 | 许可 |
|---|---|---|---|
| town.osm | make.py 生成（固定种子 {seed}）；OSM 格式，但不含任何 OpenStreetMap 数据 | 虚构，无数据日期 | MIT（同本项目） |
| stations.csv | make.py 生成：1 个枢纽、4 个联动中心、16 个微阵地，另有 2 个未联动的中心 | 同上 | MIT |
| blocks.geojson | make.py 生成：{blocks} 个小区/街坊，{people:,} 人 | 同上 | MIT |
| rooms.csv | make.py 生成：七处可腾挪的房源及费用，示意 | 同上 | MIT |
| gates.csv | make.py 生成：三个“故事”小区的大门 | 同上 | MIT |
| visitors.toml、visitors.csv、communities.geojson | make.py 写出：第二个项目加上两处虚构的客流和两个虚构的街道轮廓 | 同上 | MIT |
| study.toml、window.toml、offers.csv、needs.toml、SOURCES.md | make.py 写出 | 同上 | MIT |
| make.py、make_plan.py、make_tables.py、make_town.py、make_window.py | 本项目的生成程序 | | MIT |

## 三个固定的故事（测试以此为准）

1. **隔江相望**：安置小区 `E01` 望渡新村，到 `C4` 听潮社区党群服务中心直线约 250 米，过桥步行约 900 米。全城只有一座桥。
2. **大门朝外**：`W01` 静园小区有围墙，唯一的大门朝西；到东侧 `M12` 晒布驿站直线不到 200 米，步行超过 500 米。
3. **近在楼下，远在楼上**：`G01` 砚池老院离 `C1` 砚池社区党群服务中心步行约 80 米，但中心在三楼，没有电梯（`floor` = 3，`elevator` = no）：成年人达标，老年人上不去；迁至首层或加装电梯即达标。

六个中心都在楼上（`C1`–`C4` 联动，`C5`、`C6` 未联动），楼层按中国习惯，一楼即地面层；只有 `C6` 有电梯，所以同在三楼，它老年人上得去。

## 第二个项目：家门到窗口（window.toml）

同一座城，换一把尺：`needs.toml` 按小区类型分列标准（虚构），`offers.csv` 写明每项服务的方式、对象、时段、容量；以老年人为准，周三上午十点。
一室多用（`H1` 同一房间白天康养、晚上文化），维修上门并承诺半小时响应，政务代办只面向本街道，助餐按每千人餐位核算。

## In English

Everything here is invented: no such town, streets, compounds, stations or residents exist. The coordinates lie in the open Pacific so that
nobody takes it for a place. `make.py` writes every file from a fixed seed and the same bytes each time; town.osm is in OSM's format but
holds no OpenStreetMap data. License: MIT, like the project. The 500 m standard is illustrative. Three stories are fixed and tested:
compound `E01` lies about 250 m from center `C4` as the crow flies and about 900 m by the only bridge; the only gate of compound `W01`
faces away from station `M12` (under 200 m by air, over 500 m on foot); old compound `G01` is about 80 m on foot from center `C1`, which is on
the third floor without an elevator: an adult is served, an older person is not, until it moves down or gets one.
A second study, `window.toml`, judges the same town door to window: an invented standard by kind of compound, offers with scope, hours, places
and crews that come to the door, an older person, Wednesday at ten.
"""
