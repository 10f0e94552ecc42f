"""Every file that walkshed writes into a folder of results: what it is, when it is written, and who makes it.

A table names the function that makes its frame and the columns that this declares, both in a
module of this room; they are loaded when they are used, since names alone are asked for often. A
new table is one entry here and a module of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from walkshed.errors import NotFoundError
from walkshed.model.messages import Listing, Message

if TYPE_CHECKING:
    import pandas as pd

    from walkshed.model.results import ReportForm, Results
    from walkshed.reports.declared import Column


@dataclass(frozen=True, slots=True)
class When:
    """When a file is written, in words, and whether a run writes it."""

    zh: str
    en: str
    holds: Callable[[Results], bool] = lambda _: False


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file of a folder of results."""

    file: str
    when: When
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(File):
    """A table, or a layer of layers.gpkg: ``frame`` and ``columns`` are ``module.name`` of this room."""

    frame: str
    columns: str
    layer: str = ""

    def made_of(self, results: Results) -> pd.DataFrame:
        """Return the table of a run."""
        frame: pd.DataFrame = _named(self.frame)(results)
        return frame

    def declared(self) -> Sequence[Column]:
        """Return the columns that the table declares."""
        columns: Sequence[Column] = _named(self.columns)
        return columns


def _named(path: str) -> Any:  # noqa: ANN401 (a function, or columns)
    """Return what a module of this room holds under a name."""
    module, _, name = path.rpartition(".")
    return getattr(import_module(f"walkshed.reports.{module}"), name)


ALWAYS = When("每次运行", "by every run", lambda _: True)
WITH_HUBS = When(
    "有枢纽时",
    "where stations have a hub",
    lambda results: bool(results.main.overlaps),
)
WITH_RESIDENTS = When(
    "有小区可评时",
    "where there are blocks to judge",
    lambda results: bool(results.main.inequality),
)
WITH_WALKERS = When(
    "评估两种以上行走方式时",
    "where more than one walker is judged",
    lambda results: len(results.answers) > 1,
)
WITH_ROOM = When(
    "知道座位数或面积时",
    "where places or rooms of offers are known",
    lambda results: bool(results.main.capacity),
)
WITH_ROOM_RULE = When(
    "知道座位数或面积时，或标准对社区用房有要求时",
    "where places or rooms are known, or the standard asks for rooms of communities",
    lambda results: bool(results.main.capacity) or results.inputs.community_rule is not None,
)
WITH_UNPLACED = When(
    "有站点未定位而未计入时",
    "where stations are left out for want of a place",
    lambda results: bool(results.inputs.unplaced),
)
WITH_OPERATIONS = When(
    "有站点运行台账或共用站点时",
    "with a ledger of operations, or shared stations",
    lambda results: bool(
        results.inputs.ledgers.operations or any(block.shared_stations for block in results.blocks)
    ),
)
WITH_ROOM_TIMES = When(
    "有房间时段台账时",
    "with a ledger of rooms by the hour",
    lambda results: bool(results.inputs.ledgers.room_times),
)
WITH_RELOCATIONS = When(
    "有落地台账时",
    "with a ledger of re-sited centers",
    lambda results: bool(results.inputs.ledgers.relocations),
)
WITH_WORK_ORDERS = When(
    "有工单台账时",
    "with a ledger of work orders",
    lambda results: bool(results.inputs.ledgers.work_orders),
)
WITH_GOVERNANCE = When(
    "有小区治理台账时",
    "with a ledger of compounds' governance",
    lambda results: bool(results.inputs.ledgers.governance),
)
WITH_COUNTS = When(
    "有人口口径台账时",
    "with a ledger of people by who is counted",
    lambda results: bool(results.inputs.ledgers.population),
)
WITH_VISITORS = When("有 [visitors] 时", "with [visitors]", lambda results: bool(results.visitors))
WITH_MOMENT = When(
    "给出 [run] at 时",
    "where [run] at names a moment",
    lambda results: results.main.week is not None,
)
ON_PAPER = When("带 --pdf 时", "with --pdf")
AS_PICTURE = When("带 --png 时", "with --png")
WITH_ATLAS = When("带 --atlas 或 [report] write 时", "with --atlas, or [report] write")
REPORTED = When("带 --report 或 [report] write 时", "with --report, or [report] write")
SITED = When("walkshed site", "by walkshed site")
PLANNED = When("walkshed site，有或无 --upgrade", "by walkshed site, with or without --upgrade")
UPGRADED = When("walkshed site --upgrade", "by walkshed site --upgrade")
SCENARIOS = When("walkshed compare，与比选方案相比", "by walkshed compare, with scenarios")
STUDIES = When("walkshed compare，与另一项目相比", "by walkshed compare, with other studies")

#: The tables of a run, each a file.
TABLES: tuple[Table, ...] = (
    Table(
        file="coverage.csv",
        frame="tables.coverage.coverage_frame",
        columns="tables.coverage.COVERAGE_COLUMNS",
        when=ALWAYS,
        zh="每个小区每项服务一行：多少人达标，其余为何未达标，如何改善",
        en="one row per block and service: who is within the limit, why the others are not, "
        "and the cure",
    ),
    Table(
        file="areas.csv",
        frame="tables.areas.areas_frame",
        columns="tables.areas.AREAS_COLUMNS",
        when=ALWAYS,
        zh="按社区、街道和全项目汇总；合计等于各行之和",
        en="the same summed by community, subdistrict and study; every total sums printed rows",
    ),
    Table(
        file="stations.csv",
        frame="layers.frames.stations_frame",
        columns="layers.frames.STATIONS_COLUMNS",
        when=ALWAYS,
        zh="每个站点一行：在何处接入路网，多少人可达",
        en="one row per station: where it meets the streets, and how many people are in reach",
    ),
    Table(
        file="matrix.csv",
        frame="tables.matrix.matrix_frame",
        columns="tables.matrix.MATRIX_COLUMNS",
        when=ALWAYS,
        zh="服务矩阵，每个站点每项服务一行：可达人数、仅由本站覆盖的人数或增设可惠及人数、替代站点",
        en="one row per station and service: people in reach, unique gain or potential, twin",
    ),
    Table(
        file="coverage_by_walker.csv",
        frame="tables.by_walker.coverage_by_walker_frame",
        columns="tables.by_walker.BY_WALKER_COLUMNS",
        when=ALWAYS,
        zh="全体居民按每种行走方式，各类人群按自己的行走方式",
        en="everybody as each walker, and each group as its own",
    ),
    Table(
        file="unverified.csv",
        frame="tables.unverified.unverified_frame",
        columns="tables.unverified.UNVERIFIED_COLUMNS",
        when=ALWAYS,
        zh="影响了结果而出处未核实的每个数",
        en="every figure that decided something and that nobody has verified",
    ),
    Table(
        file="unplaced.csv",
        frame="tables.unplaced.unplaced_frame",
        columns="tables.unplaced.UNPLACED_COLUMNS",
        when=WITH_UNPLACED,
        zh="未定位而未计入的站点，每站一行：在哪里、因它有多少小区待核实",
        en="stations left out for want of a place: where they are said to be, "
        "and what is to be checked for them",
    ),
    Table(
        file="overlap.csv",
        frame="tables.left_out.overlaps_frame",
        columns="tables.left_out.OVERLAPS_COLUMNS",
        when=WITH_HUBS,
        zh="每个枢纽每项服务一行：谁被重复覆盖，哪些服务枢纽内没有站点提供",
        en="who is served twice within a hub, and what no station of the hub offers",
    ),
    Table(
        file="left_out.csv",
        frame="tables.left_out.left_out_frame",
        columns="tables.left_out.LEFT_OUT_COLUMNS",
        when=WITH_RESIDENTS,
        zh="按类型、标记（如三无）、街道、社区统计未达标的小区和人数",
        en="blocks and people failing by kind, flag, subdistrict and community",
    ),
    Table(
        file="priorities.csv",
        frame="tables.priorities.priorities_frame",
        columns="tables.priorities.PRIORITIES_COLUMNS",
        when=WITH_RESIDENTS,
        zh="孰先孰后：小区、社区、街道、类型按未覆盖人数（计权重）排序",
        en="who comes first: blocks, communities, "
        "subdistricts and kinds by people left out, weighted",
    ),
    Table(
        file="inequality.csv",
        frame="tables.left_out.inequality_frame",
        columns="tables.left_out.INEQUALITY_COLUMNS",
        when=WITH_RESIDENTS,
        zh="步行距离是否均等：基尼系数、最远十分之一居民的平均距离",
        en="how unevenly walks are spread: Gini and worst-off tenth, by service and group",
    ),
    Table(
        file="changes.csv",
        frame="compared.changes.changes_by_walker",
        columns="compared.changes.CHANGES_COLUMNS",
        when=WITH_WALKERS,
        zh="从第一种行走方式到其余各种，哪些小区结论有变，为何",
        en="what changes from the first walker to each other one, and why; by block",
    ),
    Table(
        file="changes_by_service.csv",
        frame="compared.by_service.changes_by_service_and_walker",
        columns="compared.by_service.BY_SERVICE_COLUMNS",
        when=WITH_WALKERS,
        zh="同上，按服务汇总",
        en="the same by service",
    ),
    Table(
        file="capacity.csv",
        frame="tables.rooms.capacity_frame",
        columns="tables.rooms.CAPACITY_COLUMNS",
        when=WITH_ROOM,
        zh="已知座位数或面积的每项服务供给一行：谁会来，标准要求多少，缺多少",
        en="places and square meters of each offer against what the standard asks",
    ),
    Table(
        file="rooms.csv",
        frame="tables.rooms.rooms_frame",
        columns="tables.rooms.ROOMS_COLUMNS",
        when=WITH_ROOM_RULE,
        zh="每个社区一行：每百户服务用房面积",
        en="rooms per 100 households by community",
    ),
    Table(
        file="visitors.csv",
        frame="tables.visitors.visitors_frame",
        columns="tables.visitors.VISITORS_COLUMNS",
        when=WITH_VISITORS,
        zh="访客，每处每项服务一行，不计入居民",
        en="visitors by place and service, apart from residents",
    ),
    Table(
        file="hours.csv",
        frame="tables.hours.hours_frame",
        columns="tables.hours.HOURS_COLUMNS",
        when=WITH_MOMENT,
        zh="每种行走方式每个小区每项服务一行：一周中何时达标",
        en="by walker, block and service: hours of the week in which the block is served, "
        "room included",
    ),
    Table(
        file="operations.csv",
        frame="ledgers.operations.operations_frame",
        columns="ledgers.operations.OPERATIONS_COLUMNS",
        when=WITH_OPERATIONS,
        zh="站点运行，每站一行：是否实体化运行、有无站长、常驻人数，因未运行而不计入的服务，共用本站的小区",
        en="operation of stations, a row each: whether it runs, head and staff, "
        "services not counted because it does not, blocks that share it",
    ),
    Table(
        file="room_times.csv",
        frame="ledgers.room_times.room_times_frame",
        columns="ledgers.room_times.ROOM_TIMES_COLUMNS",
        when=WITH_ROOM_TIMES,
        zh="房间时段，每间一行：时段占用、闲置时段、办公时长、一室多用、冲突",
        en="rooms by the hour, a row each: hours used, idle, as an office, and what clashes",
    ),
    Table(
        file="station_rooms.csv",
        frame="ledgers.room_times.station_rooms_frame",
        columns="ledgers.room_times.STATION_ROOMS_COLUMNS",
        when=WITH_ROOM_TIMES,
        zh="房间时段按站点汇总：面积（每间只计一次）、办公面积占比、一室多用、占用与闲置",
        en="the same by station: area (each room once), share of offices, hours used and idle",
    ),
    Table(
        file="relocations.csv",
        frame="ledgers.relocations.relocations_frame",
        columns="ledgers.relocations.RELOCATIONS_COLUMNS",
        when=WITH_RELOCATIONS,
        zh="落地台账，每个中心一行：原址、现址、楼层、面积、落地方式、接待量，撤并后按哪个社区统计",
        en="re-sited centers, a row each: before and now, by which means, "
        "and the community as which merged ones count",
    ),
    Table(
        file="relocations_by_means.csv",
        frame="ledgers.relocations.by_means_frame",
        columns="ledgers.relocations.BY_MEANS_COLUMNS",
        when=WITH_RELOCATIONS,
        zh="落地台账按落地方式汇总：个数、面积、楼层、接待量，前后对照",
        en="the same by means: how many, area, floors and visits, before and now",
    ),
    Table(
        file="work_orders.csv",
        frame="ledgers.work_orders.work_orders_frame",
        columns="ledgers.work_orders.WORK_ORDERS_COLUMNS",
        when=WITH_WORK_ORDERS,
        zh="工单：全部、各小区、各站点或班组、各类型的半小时到场率和到场用时",
        en="work orders: how many had a crew there in half an hour, by compound, crew and kind",
    ),
    Table(
        file="governance.csv",
        frame="ledgers.governance.governance_frame",
        columns="ledgers.governance.GOVERNANCE_COLUMNS",
        when=WITH_GOVERNANCE,
        zh="小区治理，每个小区一行，年度物业类工单多的在前：党支部、业委会、物业、维修资金，及不达标的服务数",
        en="governance of compounds, most property work orders first: party branch, committee, "
        "manager, repair fund, and how many services fail",
    ),
    Table(
        file="population.csv",
        frame="ledgers.counts.counts_frame",
        columns="ledgers.counts.COUNTS_COLUMNS",
        when=WITH_COUNTS,
        zh="人口口径，每个小区每种口径一行：常住、户籍、服务人口及各年龄段，截至日期，评估用哪一种；各口径不相加",
        en="people by who is counted, a row per block and basis: ages, date, "
        "and which of them the study uses; never to be added up",
    ),
)

#: The layers of layers.gpkg.
LAYERS: tuple[Table, ...] = (
    Table(
        file="layers.gpkg",
        layer="blocks",
        frame="layers.frames.blocks_frame",
        columns="layers.frames.BLOCKS_COLUMNS",
        when=ALWAYS,
        zh="每个小区一行：居民、出入口、各项服务的结论",
        en="one row per block: who lives there, its exits, its verdicts",
    ),
    Table(
        file="layers.gpkg",
        layer="stations",
        frame="layers.frames.stations_frame",
        columns="layers.frames.STATIONS_COLUMNS",
        when=ALWAYS,
        zh="同 stations.csv",
        en="as stations.csv",
    ),
    Table(
        file="layers.gpkg",
        layer="catchments",
        frame="layers.catchments.catchments_frame",
        columns="layers.catchments.CATCHMENTS_COLUMNS",
        when=ALWAYS,
        zh="每个站点每个限值一行：步行服务范围（示意图形）",
        en="one row per station and limit: the area drawn around the streets reached",
    ),
    Table(
        file="layers.gpkg",
        layer="pieces",
        frame="layers.catchments.reached_frame",
        columns="layers.catchments.REACHED_COLUMNS",
        when=ALWAYS,
        zh="可达路段，按站点、限值、道路等级和路名合并",
        en="the streets reached, joined by station, limit, class and name",
    ),
    Table(
        file="layers.gpkg",
        layer="exits",
        frame="layers.frames.exits_frame",
        columns="layers.frames.EXITS_COLUMNS",
        when=ALWAYS,
        zh="每个出入口一行",
        en="one row per exit of a block",
    ),
)

#: What proposals add to a run.
SITE_TABLES: tuple[Table, ...] = (
    Table(
        file="proposals.csv",
        frame="plans.proposals.proposals_frame",
        columns="plans.proposals.PROPOSALS_COLUMNS",
        when=SITED,
        zh="每个推荐点一行：在何处，惠及谁，为何选它，还缺什么",
        en="one row per proposed station: where, what it gains, why there, "
        "and what it does not mend",
    ),
    Table(
        file="curve.csv",
        frame="plans.proposals.curve_frame",
        columns="plans.proposals.CURVE_COLUMNS",
        when=SITED,
        zh="新建 1、2……N 个站点各惠及多少",
        en="what 1, 2, … N new stations gain",
    ),
    Table(
        file="unreachable.csv",
        frame="plans.proposals.unreachable_frame",
        columns="plans.proposals.UNREACHABLE_COLUMNS",
        when=SITED,
        zh="任何备选点都不能完全覆盖的小区和服务，及原因",
        en="whom no candidate can serve in full, and why",
    ),
    Table(
        file="effects.csv",
        frame="plans.effects.effects_frame",
        columns="plans.effects.EFFECTS_COLUMNS",
        when=SITED,
        zh="推荐方案实施前后：每种行走方式、每类人群，谁新达标，谁不再达标",
        en="before and after what is proposed: who gains and who loses, for every walker and group",
    ),
    Table(
        file="before_after.csv",
        frame="plans.before_after.before_after_frame",
        columns="plans.before_after.BEFORE_AFTER_COLUMNS",
        when=PLANNED,
        zh="方案实施前后，每项服务一行：达标、未达标、待核实、待摸底的小区和人数",
        en="before and after the plan, a row per service: blocks and people served, left out, "
        "to be checked and not surveyed",
    ),
    Table(
        file="upgrades.csv",
        frame="plans.upgrades.upgrades_frame",
        columns="plans.upgrades.UPGRADES_COLUMNS",
        when=UPGRADED,
        zh="楼上的中心如何改造，逐项：费用、惠及、仍缺什么",
        en="what to do about centers upstairs, act by act: cost, gain, and what it does not mend",
    ),
    Table(
        file="frontier.csv",
        frame="plans.upgrades.frontier_frame",
        columns="plans.upgrades.FRONTIER_COLUMNS",
        when=UPGRADED,
        zh="其他预算各能做到什么",
        en="what other budgets would bring",
    ),
)

#: What a plan adds to layers.gpkg, by the names of its layers.
EXTRA_LAYERS: tuple[Table, ...] = tuple(
    replace(SITE_TABLES[0], file="layers.gpkg", layer=layer) for layer in ("proposals", "upgrades")
)

#: What a comparison writes, into a folder of its own.
COMPARISON_TABLES: tuple[Table, ...] = (
    Table(
        file="compare.csv",
        frame="comparison.comparison_frame",
        columns="comparison.COLUMNS",
        when=SCENARIOS,
        zh="每个比选方案、服务、小区类型一行：前后对比",
        en="before and after, by scenario, service and kind of block",
    ),
    Table(
        file="changes.csv",
        frame="compared.changes.changes_between",
        columns="compared.changes.CHANGES_COLUMNS",
        when=STUDIES,
        zh="另一项目中哪些小区结论有变，为何",
        en="what other studies change, and why; by block",
    ),
    Table(
        file="changes_by_service.csv",
        frame="compared.by_service.changes_by_service",
        columns="compared.by_service.BY_SERVICE_COLUMNS",
        when=STUDIES,
        zh="同上，按服务汇总",
        en="the same by service",
    ),
)

MAP = File(
    file="index.html",
    when=ALWAYS,
    zh="交互地图，用浏览器打开",
    en="the interactive map; opens in a browser",
)
GEOPACKAGE = File(
    file="layers.gpkg",
    when=ALWAYS,
    zh="供 QGIS 使用的图层：小区、站点、步行服务范围、可达路段、出入口",
    en="for QGIS: blocks, stations, catchments, pieces (the streets reached, "
    "joined by name) and exits",
)
PROVENANCE = File(
    file="run.json",
    when=ALWAYS,
    zh="来历：文件及其摘要、软件版本、设置、用到的标准条目、说明、主要数字",
    en="provenance: files and their digests, versions of software, settings, "
    "the standard's rows that were used, notes, headline numbers",
)
SECONDS = File(
    file="timing.json",
    when=ALWAYS,
    zh="各阶段用时（秒）；研究文件夹的相对位置",
    en="wall seconds per stage; the way to the study",
)
WORKBOOK = File(
    file="report.xlsx",
    when=REPORTED,
    zh="报告工作簿：说明、总览、街道社区、小区类型、小区明细、问题清单、站点台账、服务矩阵、建议清单、"
    "待核实清单、口径说明；数与各 CSV 相同",
    en="the workbook that leaves the office: a cover, sums, lists of blocks, problems, stations "
    "and measures, the matrix, what is to be checked; its figures are those of the tables",
)
DOCUMENT = File(
    file="report.docx",
    when=REPORTED,
    zh="评估报告文档：摘要、概况、现状、结果、问题、建议、实施安排、数据局限；数与报告工作簿相同",
    en="the report as a text document: summary, extent, stations, results, problems, measures, "
    "limits; its figures are those of the workbook",
)
ANNEXED = File(
    file="annexes.xlsx",
    when=REPORTED,
    zh="城市体检附表：指标体系表、指标评价结果统计表、问题清单及台账、治理建议清单；步行结果仅作辅助，责任、资金、时间留空",
    en="annexes of a city check-up: indicators, results by community, problems, measures; walking "
    "is supporting evidence, and what the office alone knows stays blank",
)
ATLAS = File(
    file="atlas.pdf",
    when=WITH_ATLAS,
    zh="图集：每个社区一页或数页，有地图、小区、站点、未覆盖的服务和可以改善的措施",
    en="the atlas: a page or more for each community, with its map, blocks, stations, what they "
    "lack and what would help",
)
#: What the atlas says of itself before the digest of all that it tells, whatever its fonts.
FACTS = "facts sha256:"
#: What leaves the office, by the word that asks for it.
REPORTS: dict[ReportForm, File] = {
    "xlsx": WORKBOOK,
    "docx": DOCUMENT,
    "annexes": ANNEXED,
    "atlas": ATLAS,
}
#: The map on paper and as a picture; people print by hand under these names, too.
PRINTS: tuple[File, ...] = (
    File(file="map-a4.pdf", when=ON_PAPER, zh="A4 纸上的地图", en="the map on A4"),
    File(file="map-a3.pdf", when=ON_PAPER, zh="A3 纸上的地图", en="the map on A3"),
    File(file="slide.png", when=AS_PICTURE, zh="幻灯片用图", en="a picture for a slide"),
)

#: All that a folder of results may hold, in the order in which pages list it.
FILES: tuple[File, ...] = (
    *(MAP, *TABLES, GEOPACKAGE, PROVENANCE, SECONDS),
    *(*PRINTS, *REPORTS.values(), *SITE_TABLES),
)


def table(file: str) -> Table:
    """Return the table of a run that is written under a name; raise NotFoundError for any other name."""
    for each in TABLES:
        if each.file == file:
            return each
    raise NotFoundError(
        Message(
            "table {file!r}: is none of {names}",
            file=file,
            names=Listing(each.file for each in TABLES),
        )
    )
