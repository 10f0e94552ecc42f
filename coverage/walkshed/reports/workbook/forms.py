"""The tables of the workbook, a registry: their titles, and the columns of each with label, kind and width."""

from __future__ import annotations

from dataclasses import dataclass, replace

from walkshed.model.labels import Label
from walkshed.reports.declared import COUNT, METERS, NUMBER, SHARE, TEXT, WHOLE, Kind


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a sheet: what is written above it, what its cells hold, and how many letters wide it is.

    ``by_office``: nobody but the office knows it; its cells stay blank, to be filled in.
    """

    label: Label
    kind: Kind
    width: int
    by_office: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A table of a sheet: its title, its columns, and the file that holds all of its rows."""

    title: Label
    heads: tuple[Head, ...]
    file: str
    notes: tuple[Label, ...] = ()


# what several tables share
_NUMBER = Head(Label("序号", "No."), COUNT, 6)
_SUBDISTRICT = Head(Label("街道", "Subdistrict"), TEXT, 13)
_COMMUNITY = Head(Label("社区", "Community"), TEXT, 15)
_BLOCK = Head(Label("小区", "Block"), TEXT, 18)
_KIND = Head(Label("类型", "Kind"), TEXT, 24)
_SERVICE = Head(Label("服务", "Service"), TEXT, 14)
_NEAREST = Head(Label("最近站点", "Nearest station"), TEXT, 22)
_WALK = Head(Label("步行距离（米）", "Walk (m)"), METERS, 11)
_LIMIT = Head(Label("标准", "Standard"), TEXT, 12)
_CURE = Head(Label("建议", "Cure"), TEXT, 38)
_BLOCKS = Head(Label("小区数", "Blocks"), COUNT, 10)
_PEOPLE = Head(Label("总人口", "People"), WHOLE, 11)
_SERVED = Head(Label("达标", "Served"), WHOLE, 11)
_OUT = Head(Label("未达标", "Left out"), WHOLE, 11)
_TO_CHECK = Head(Label("待核实", "To check"), WHOLE, 11)
_UNKNOWN = Head(Label("待摸底", "Not surveyed"), WHOLE, 11)
_SHARE = Head(Label("达标率", "Share served"), SHARE, 10)
_REASON = Head(Label("原因", "Reason"), TEXT, 40)
_TIER = Head(Label("层级", "Tier"), TEXT, 18)
_STATION = Head(Label("站点", "Station"), TEXT, 24)
_TYPE = Head(Label("措施类型", "Type"), TEXT, 12)
_HUB = Head(Label("所属枢纽", "Hub"), TEXT, 20)
_AREA = Head(Label("建筑面积（㎡）", "Floor area (m²)"), NUMBER, 12)

_FOUR = Label(
    "达标＋未达标＋待核实＋待摸底＝总人口；待摸底含无标准。达标率＝达标÷总人口，有待摸底的不计算",
    "Served + left out + to check + not surveyed = all people; those without a standard count as "
    "not surveyed. Share served = served / people; blank where some are not surveyed",
)
_PERSON_SERVICES = Label(
    "人·项：各项服务未覆盖人数之和，一人缺两项计两次",
    "Person-services: people left out, summed over services: who lacks two counts twice",
)

ABOUT = Form(
    Label("说明", "About"),
    (
        Head(Label("项目", "What"), TEXT, 24),
        Head(Label("内容", "Content"), TEXT, 110),
    ),
    "run.json",
)
BY_SERVICE = Form(
    Label("表3-1 各类服务评估结果（人）", "Table 3-1 Results by service (people)"),
    (
        Head(Label("服务类别", "Service"), TEXT, 20),
        Head(Label("评价标准", "Standard"), TEXT, 28),
        *(_PEOPLE, _SERVED, _OUT, _TO_CHECK, _UNKNOWN, _SHARE),
    ),
    "areas.csv",
    (_FOUR,),
)
BY_SERVICE_BLOCKS = Form(
    Label("表3-1附 各类服务评估结果（小区）", "Table 3-1a Results by service (blocks)"),
    (
        *(BY_SERVICE.heads[0], BY_SERVICE.heads[1]),
        replace(_BLOCKS, label=Label("小区总数", "Blocks")),
        *(_SERVED, _OUT, _TO_CHECK, _UNKNOWN, _SHARE),
    ),
    "areas.csv",
)
TIERS = Form(
    Label("表2-1 站点体系", "Table 2-1 Stations"),
    (
        _TIER,
        Head(Label("数量", "Stations"), COUNT, 10),
        _AREA,
        Head(Label("首层数", "On the ground floor"), WHOLE, 10),
        Head(Label("有电梯数", "With an elevator"), WHOLE, 10),
        Head(Label("实体化运行数", "Running"), WHOLE, 12),
    ),
    "stations.csv",
)
KINDS = Form(
    Label("表2-2 小区分类", "Table 2-2 Kinds of blocks"),
    (
        _KIND,
        _BLOCKS,
        Head(Label("户数", "Households"), WHOLE, 10),
        Head(Label("人口", "People"), WHOLE, 10),
        Head(Label("60岁及以上（按原表老年人口）", "60 and older (as given)"), WHOLE, 16),
    ),
    "layers.gpkg",
    (
        Label(
            "户数、人口、老年人口只合计已填报或估算的小区，未填为空",
            "Households, people and older people sum the blocks that state them; blank where none",
        ),
    ),
)
AREAS = Form(
    Label("表3-2 街道社区汇总", "Table 3-2 By subdistrict and community"),
    (
        _SUBDISTRICT,
        _COMMUNITY,
        _BLOCKS,
        Head(Label("不达标小区数", "Blocks failing"), COUNT, 14),
        Head(Label("未覆盖人数（人·项）", "Left out (person-services)"), WHOLE, 20),
        Head(Label("主要短板", "Worst service"), TEXT, 26),
        Head(Label("待核实小区数", "Blocks to check"), COUNT, 14),
        Head(Label("待核实（人·项）", "To check (person-services)"), WHOLE, 16),
        Head(Label("待摸底小区数", "Blocks not surveyed"), COUNT, 14),
        Head(Label("待摸底（人·项）", "Not surveyed (person-services)"), WHOLE, 16),
        Head(Label("达标小区数", "Blocks with all"), COUNT, 12),
        Head(Label("达标（人·项）", "Served (person-services)"), WHOLE, 16),
    ),
    "areas.csv",
    (
        Label(
            "不达标小区：至少一项服务确定不达标；待核实小区：无确定不达标、至少一项待核实；"
            "待摸底小区：两者皆无、至少一项待摸底或无标准；达标小区：各项均达标。四者合计为小区数",
            "Blocks failing: one service at least for sure; to check: none so, one in doubt; "
            "not surveyed: neither, and one not surveyed or without a standard; "
            "with all: every service. The four are all blocks",
        ),
        _PERSON_SERVICES,
    ),
)
AREAS_BY_SERVICE = Form(
    Label("各社区未覆盖人数，分服务", "People left out by community and service"),
    (_SUBDISTRICT, _COMMUNITY),
    "areas.csv",
)
BY_KIND = Form(
    Label("小区类型汇总", "By kind of block"),
    (
        *(_KIND, _SERVICE, _BLOCKS),
        Head(Label("不达标小区数", "Blocks failing"), COUNT, 12),
        Head(Label("待核实小区数", "Blocks to check"), COUNT, 12),
        *(_PEOPLE, _SERVED, _OUT, _TO_CHECK, _UNKNOWN, _SHARE),
    ),
    "left_out.csv",
    (_FOUR,),
)
BLOCKS = Form(
    Label("小区明细", "Blocks"),
    (
        *(_NUMBER, _SUBDISTRICT, _COMMUNITY, _BLOCK, _KIND, _SERVICE),
        Head(Label("人口", "People"), WHOLE, 9),
        Head(Label("达标人数", "Served"), WHOLE, 9),
        Head(Label("达标比例", "Share served"), SHARE, 9),
        _LIMIT,
        *(_NEAREST, _WALK),
        Head(Label("还差（米）", "Short by (m)"), METERS, 10),
        Head(Label("评估结论", "Verdict"), TEXT, 20),
        Head(Label("待核实", "To check"), TEXT, 9),
        Head(Label("人口来源", "People are"), TEXT, 10),
    ),
    "coverage.csv",
)
PROBLEMS = Form(
    Label("表4-1 问题清单", "Table 4-1 Problems"),
    (
        *(_NUMBER, _SUBDISTRICT, _COMMUNITY, _BLOCK, _KIND, _SERVICE),
        *(_REASON, _NEAREST, _WALK, _LIMIT),
        Head(Label("影响人数", "People affected"), WHOLE, 10),
        _CURE,
    ),
    "coverage.csv",
)
STATIONS = Form(
    Label("站点台账", "Stations"),
    (
        *(_NUMBER, replace(_STATION, width=20), replace(_TIER, width=16), _HUB),
        *(_SUBDISTRICT, _COMMUNITY),
        Head(Label("地址", "Address"), TEXT, 18),
        Head(Label("服务类别", "Services"), TEXT, 26),
        Head(Label("楼层", "Floor"), WHOLE, 7),
        Head(Label("电梯", "Elevator"), TEXT, 8),
        Head(Label("无障碍", "Step-free"), TEXT, 8),
        _AREA,
        Head(Label("开放时间", "Hours"), TEXT, 22),
        Head(Label("实体化运行", "Runs"), TEXT, 10),
        Head(Label("可达人数", "People in reach"), WHOLE, 10),
        Head(Label("仅由本站覆盖（人·项）", "Only by this one (person-services)"), WHOLE, 13),
        Head(Label("接入情况", "On the streets"), TEXT, 12),
    ),
    "stations.csv",
    (
        Label(
            "可达人数：项目最大限值之内；空格为未填报",
            "People in reach: within the study's largest limit; blank cells are not stated",
        ),
    ),
)
RELOCATIONS = Form(
    Label("落地台账", "Re-sited centers"),
    (
        _NUMBER,
        Head(Label("中心", "Center"), TEXT, 24),
        Head(Label("社区", "Communities"), TEXT, 20),
        Head(Label("落地方式", "Means"), TEXT, 14),
        Head(Label("原址", "Before"), TEXT, 24),
        Head(Label("原楼层", "Floor before"), WHOLE, 8),
        Head(Label("原面积（㎡）", "m² before"), NUMBER, 10),
        Head(Label("现址", "Now"), TEXT, 24),
        Head(Label("现楼层", "Floor now"), WHOLE, 8),
        Head(Label("现面积（㎡）", "m² now"), NUMBER, 10),
        Head(Label("完成时间", "Completed"), TEXT, 12),
        Head(Label("落地前日均接待量", "Visits a day before"), NUMBER, 11),
        Head(Label("落地后日均接待量", "Visits a day after"), NUMBER, 11),
        Head(Label("无障碍改造", "Made step-free"), TEXT, 10),
        Head(Label("撤并后统计社区", "Counted as"), TEXT, 16),
    ),
    "relocations.csv",
)
MATRIX = Form(
    Label("服务矩阵", "Service matrix"),
    (_STATION, _TIER, _HUB),
    "matrix.csv",
    (
        Label(
            "绿底：本站提供，数为仅由本站覆盖的人数，0为另有站点同样覆盖；"
            "橙底：本站未提供，数为增设可惠及人数；白底：未提供，增设也无人新增",
            "Green: the station offers it; the number are people whom it alone serves, 0 where "
            "another does too. Orange: it does not; the number would gain if it did. White: nobody "
            "would gain",
        ),
        Label("无人口数据的项目按小区数计", "Blocks are counted where a study has no people"),
    ),
)
MEASURES = Form(
    Label("建议清单（由评估结论得出）", "Measures, from the verdicts"),
    (
        _NUMBER,
        Head(Label("措施", "Measure"), TEXT, 46),
        Head(Label("位置或选址范围", "Where"), TEXT, 36),
        _SERVICE,
        Head(Label("涉及小区数", "Blocks concerned"), COUNT, 10),
        Head(Label("涉及人数", "People concerned"), WHOLE, 11),
        Head(Label("受益人数", "People who gain"), WHOLE, 10),
        Head(Label("投资估算（单位填写）", "Cost (office)"), NUMBER, 13, by_office=True),
        Head(Label("实施前提（单位填写）", "Preconditions (office)"), TEXT, 20, by_office=True),
        _TYPE,
    ),
    "coverage.csv",
    (
        Label(
            "各条措施相互独立计算，受益人数不可相加；空格为未知。选址比选另用 walkshed site",
            "Each is judged by itself: people who gain do not add up; blank where unknown. "
            "walkshed site weighs sites against each other",
        ),
    ),
)
PROPOSED = Form(
    Label("表5-1 建议措施（选址结果）", "Table 5-1 Proposed measures"),
    (
        _NUMBER,
        Head(Label("措施", "Measure"), TEXT, 46),
        Head(Label("位置或选址范围", "Where"), TEXT, 36),
        _SERVICE,
        Head(Label("新增受益", "Gain"), NUMBER, 10),
        Head(Label("受益单位", "Unit"), TEXT, 11),
        Head(
            Label("投资估算（按所填单位；未填由单位填写）", "Cost (as given; else the office)"),
            NUMBER,
            16,
            by_office=True,
        ),
        Head(Label("仍未解决", "Not mended"), TEXT, 30),
        Head(Label("实施前提（单位填写）", "Preconditions (office)"), TEXT, 20, by_office=True),
        _TYPE,
    ),
    "proposals.csv",
)
TO_CHECK = Form(
    Label("待核实的结论", "Verdicts to check"),
    (
        *(_NUMBER, _SUBDISTRICT, _COMMUNITY, _BLOCK, _KIND, _SERVICE),
        *(_REASON, _NEAREST, _WALK, _LIMIT),
        Head(Label("涉及人数", "People concerned"), WHOLE, 10),
        Head(Label("核实结果（单位填写）", "Found (office)"), TEXT, 24, by_office=True),
    ),
    "coverage.csv",
)
UNPLACED = Form(
    Label("未定位而未计入的站点", "Stations left out for want of a place"),
    (_NUMBER, _SUBDISTRICT, _COMMUNITY, replace(_STATION, width=18), _TIER, _SERVICE),
    "unplaced.csv",
)
UNVERIFIED = Form(
    Label("出处未核实的数", "Unverified figures"),
    (
        _NUMBER,
        Head(Label("关于什么", "Of what"), TEXT, 13),
        Head(Label("哪个数", "Figure"), TEXT, 15),
        Head(Label("数值", "Value"), NUMBER, 10),
        Head(Label("单位", "Unit"), TEXT, 8),
        Head(Label("写在何处", "Where"), TEXT, 14),
        Head(Label("出处", "Source"), TEXT, 40),
        Head(Label("为何未核实", "Why unverified"), TEXT, 22),
    ),
    "unverified.csv",
)
TERMS = Form(
    Label("口径说明", "Definitions"),
    (
        Head(Label("用语", "Term"), TEXT, 36),
        Head(Label("含义", "Meaning"), TEXT, 110),
    ),
    "run.json",
)
DICTIONARY = Form(
    Label("数据字典", "Data dictionary"),
    (
        Head(Label("文件", "File"), TEXT, 24),
        Head(Label("列名", "Column"), TEXT, 26),
        Head(Label("中文列名", "Chinese name"), TEXT, 26),
        Head(Label("含义", "Meaning"), TEXT, 64),
        Head(Label("类型或单位", "Type or unit"), TEXT, 18),
    ),
    "run.json",
    (
        Label(
            '“<…>”代表每项各有一列；[run] table_language = "zh" 时 CSV 用中文列名',
            '<…> stands for a column of each; with [run] table_language = "zh" the CSV files '
            "have the Chinese names",
        ),
    ),
)
#: The columns of a service in tables that have one for each.
OF_SERVICE = Head(Label("", ""), WHOLE, 11)
