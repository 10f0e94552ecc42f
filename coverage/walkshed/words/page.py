"""The words of the page itself; what things are called lives in :mod:`walkshed.model.labels`."""

from __future__ import annotations

from collections.abc import Sequence

from walkshed.model.idioms import habits_of
from walkshed.model.labels import (
    EXIT,
    FLAG,
    GROUP,
    KIND,
    NUMBER,
    PARTY_TIER,
    PEOPLE_SOURCE,
    STATE,
    TIER,
    UNVERIFIED_STATIONS,
    VERDICT,
    Label,
    label,
)
from walkshed.model.town.places import Station, Tier
from walkshed.words.quantities import length_words
from walkshed.words.whatif import WHATIF

PAGE = {
    "pair": Label("{name}：{what}", "{name}: {what}"),
    "aside": Label("{what}（{aside}）", "{what} ({aside})"),
    "title": Label("步行可达评估", "Walking access"),
    "invented": Label(
        "示例：含虚构或推定内容，不作规划依据",
        "Illustrative: partly invented or guessed, no basis for decisions",
    ),
    "unverified": UNVERIFIED_STATIONS,
    "services": Label("服务类别", "Services"),
    "services_hint": Label("数字为不达标小区数", "the number counts blocks below standard"),
    "services_check": Label(
        "数字为不达标小区数；褐色为待核实",
        "the number counts blocks below standard; brown ones are to be checked",
    ),
    "failing_of_service": Label(
        "{service}：{n}个小区不达标", "{service}: {n} {n:block|blocks} below standard"
    ),
    "check_of_service": Label(
        "{service}：{n}个小区待核实", "{service}: {n} {n:block|blocks} to be checked"
    ),
    "nobody_surveyed": Label("{service}：{why}", "{service}: {why}"),
    "pair_of_facts": Label("{one}，其余{other}", "{one}, the others {other}"),
    "not_judged": Label("待摸底或无标准", "Not surveyed, or no standard"),
    "kind_rule": Label("分类依据：{rule}", "sorted by: {rule}"),
    "by_radius": Label(
        "标准规定的是服务半径：如只看直线距离，{n}个小区达标",
        "The standard speaks of a service radius: by straight distance alone {n} {n:block|blocks} "
        "would pass",
    ),
    "by_foot": Label(
        "若按路网步行，只看距离，{n}个小区达标",
        "On foot along streets, by distance alone, {n} {n:block|blocks} would pass",
    ),
    "visitors": Label(
        "访客（另计，不计入居民）{visitors}人，{served}人达标",
        "visitors, counted apart: {served} of {visitors} served",
    ),
    "left_out_people": Label("未覆盖人数", "people left out"),
    "served_people": Label("已覆盖人数", "people served"),
    "left_out_blocks": Label("不达标小区", "blocks left out"),
    "served_blocks": Label("达标小区", "blocks served"),
    "failing_blocks": Label("不达标小区", "blocks below standard"),
    "of_blocks": Label("共{n}个", "of {n}"),
    "share_of_people": Label("占{share}%", "{share}%"),
    "share_of_judged": Label("占已评估的{share}%", "{share}% of those judged"),
    "check_people": Label("待核实人数", "people to be checked"),
    "check_blocks": Label("待核实小区", "blocks to be checked"),
    "in_doubt_people": Label(
        "待核实{people}人（{blocks}个小区）：靠近数据边缘、地图缺路、站点未定位或距离为推算",
        "to be checked: {people} {people:person|people} ({blocks} {blocks:block|blocks}): edge of "
        "the data, no mapped way, "
        "a station without a place, or a guess",
    ),
    "in_doubt_blocks": Label(
        "待核实{blocks}个小区：靠近数据边缘、地图缺路、站点未定位或距离为推算",
        "to be checked: {blocks} {blocks:block|blocks}: edge of the data, no mapped way, "
        "a station without a place, or a guess",
    ),
    "unknown_people": Label(
        "另有{people}人（{blocks}个小区）{why}",
        "{people} more {people:person|people} ({blocks} {blocks:block|blocks}) not judged: {why}",
    ),
    # where the blocks stand among the figures
    "unknown_there": Label(
        "分布在{blocks}个小区，均{why}", "in {blocks} {blocks:block|blocks}, not judged: {why}"
    ),
    "unknown_blocks": Label(
        "另有{blocks}个小区{why}", "{blocks} more {blocks:block|blocks} not judged: {why}"
    ),
    "rule": Label("依据", "Rule"),
    "rule_of_kind": Label("{kind}：{rule}", "{kind}: {rule}"),
    "no_rule": Label("此服务没有配置标准", "No standard covers this service"),
    "data_date": Label("数据日期{date}", "Data of {date}"),
    "no_data_date": Label("数据日期未知", "Date of the data unknown"),
    "judged_at": Label(
        "评估时刻{moment}（节假日：{calendar}）",
        "judged at {moment} (public holidays: {calendar})",
    ),
    "min_share": Label("达标人口比例 ≥ {share}%", "a block passes at {share}% of its people"),
    "people_source_given": Label("人口：填报", "population: from your data"),
    "people_source_estimated": Label("人口：估算", "population: estimated"),
    "people_source_mixed": Label("人口：部分估算", "population: partly estimated"),
    "people_source_none": Label("无人口数据，按小区计数", "no population data: blocks are counted"),
    "worst": Label("最需关注的小区", "Blocks most in need"),
    "worst_hint": Label("按未覆盖人数排序", "by people left out"),
    "doubt_last": Label("待核实在后", "those to be checked last"),
    "worst_hint_blocks": Label("按超出距离排序", "by meters beyond the limit"),
    "list_blocks": Label("按小区", "Blocks"),
    "list_all": Label("全部小区", "All blocks"),
    "all_blocks": Label("全部小区（地图的表格）", "All blocks: the map as a table"),
    "state_column": Label("状态", "State"),
    "list_areas": Label("按社区", "Areas"),
    "by_area": Label("各社区（街道）", "By area"),
    "area_none": Label("未注明社区", "No area named"),
    "area_failing": Label(
        "{all} 个小区中 {n} 个不达标", "{n} of {all} {all:block|blocks} below standard"
    ),
    "area_blocks": Label("{n} 个小区", "{n} {n:block|blocks}"),
    "area_served": Label("{n} 个达标", "{n} served"),
    "area_check": Label("{n} 个待核实", "{n} to be checked"),
    "area_unknown": Label("{n} 个{why}", "{n} not judged ({why})"),
    "caveats": Label("数据说明", "About the data"),
    "none_failing": Label("没有不达标的小区。", "No block is below standard."),
    "unjudged_not_surveyed_blocks": Label("待摸底小区", "blocks not surveyed"),
    "unjudged_no_standard_blocks": Label("无标准小区", "blocks without a standard"),
    "unjudged_not_judged_blocks": Label("待摸底或无标准小区", "blocks not judged"),
    "unjudged_not_surveyed_people": Label("待摸底人数", "people not surveyed"),
    "unjudged_no_standard_people": Label("无标准人数", "people without a standard"),
    "unjudged_not_judged_people": Label("待摸底或无标准人数", "people not judged"),
    "no_standard_here": Label(
        "其余小区没有适用的配置标准：不作评判。",
        "No standard applies to the other blocks: nothing is judged there.",
    ),
    "rest_unknown": Label(
        "已知站点服务到的小区之外，其余待摸底：没有证据表明它们缺少此服务。",
        "Beyond the blocks that known stations serve, nothing is surveyed: "
        "no evidence that the service is missing.",
    ),
    "none_surveyed": Label(
        "此服务待摸底：没有证据表明它不存在。",
        "Not surveyed: nobody has said that the service is missing.",
    ),
    "more_failing": Label("其余{n}个见表 coverage.csv", "{n} more in coverage.csv"),
    "people_out": Label("{n}人", "{n} {n:person|people}"),
    "back": Label("返回列表", "Back to the list"),
    "people": Label("{n}人", "{n} {n:person|people}"),
    "no_people": Label("人口未知", "population unknown"),
    "meters": Label("{n_length}", "{n_length}"),
    "nearest": Label("最近站点", "nearest"),
    "served_of": Label("{n} / {all}人已覆盖", "{n} of {all} {all:person|people} served"),
    "doubt": Label(
        "待核实（数据边缘、缺路、站点未定位或推算）",
        "To be checked (edge of data, no way, station without a place, guess)",
    ),
    "by_list": Label("按现有清单（待核实）", "By the list so far (to be checked)"),
    "by_list_meters": Label(
        "最近的已知站点步行{n_length}", "nearest known station: {n_length} on foot"
    ),
    "data_edge": Label("数据边缘", "edge of the data"),
    "other_services": Label("其他服务类别", "The other services"),
    "worth_people": Label("仅由本站覆盖的人数", "people whom it alone serves"),
    "worth_blocks": Label("仅由本站覆盖的小区数", "blocks that it alone serves"),
    "station_guessed": Label("示例（虚构或推定）", "illustrative (invented or guessed)"),
    "station_offers": Label("提供{n}类服务", "Services here: {n}"),
    "station_links": Label("所属：{name}", "linked to {name}"),
    "station_off_network": Label(
        "地图缺少道路，暂未计入评价（不代表站点未运行）",
        "The map lacks streets here: not counted for now, though it may well be running",
    ),
    "station_people": Label(
        "{limit_limit}步行范围内{n}人", "{n} {n:person|people} within a {limit_limit} walk"
    ),
    "catchment": Label("步行服务范围", "Within a walk of"),
    "catchment_facts": Label(
        "可达街道{km}公里，示意面积{ha}公顷", "{km} km of street, drawn area {ha} ha"
    ),
    "matrix": Label("服务矩阵", "Service matrix"),
    "matrix_size": Label(
        "{stations}个站点 × {services}类服务",
        "{stations} {stations:station|stations} × {services} {services:service|services}",
    ),
    "matrix_hint": Label(
        "将鼠标移到格子上查看含义；数字＝仅由本站覆盖的人数，+数字＝增设可惠及人数",
        "Point at a cell. A number: people who would lose the service; "
        "with a plus: people who would gain it",
    ),
    "matrix_at": Label("；按{at}的开放时间计", "; as open at {at}"),
    "matrix_hint_blocks": Label(
        "将鼠标移到格子上查看含义；数字＝仅由本站覆盖的小区数，+数字＝增设可惠及小区数",
        "Point at a cell. A number: blocks that would lose the service; "
        "with a plus: blocks that would gain it",
    ),
    "cell_gain": Label(
        "{station}的{service}：若撤销，{n}人失去步行可达的此服务",
        "{service} at {station}: people who would lose the service without it: {n}",
    ),
    "cell_gain_blocks": Label(
        "{station}的{service}：若撤销，{n}个小区失去步行可达的此服务",
        "{service} at {station}: blocks that would lose the service without it: {n}",
    ),
    "cell_twin": Label(
        "{station}的{service}：仅由本站覆盖 0；所及居民都另有站点，最多重合的是{twin}",
        "{service} at {station}: nobody depends on it alone; "
        "of the others {twin} serves most of its people",
    ),
    "cell_idle": Label(
        "{station}的{service}：标准距离内没有居民",
        "{service} at {station}: no resident within the limit",
    ),
    "cell_potential": Label(
        "{station}增设{service}：可新惠及{n}人",
        "{service} added at {station}: people who would gain it: {n}",
    ),
    "cell_potential_blocks": Label(
        "{station}增设{service}：可新惠及{n}个小区",
        "{service} added at {station}: blocks that would gain it: {n}",
    ),
    "cell_nothing": Label(
        "{station}增设{service}：不增加覆盖", "{service} added at {station}: nobody would gain it"
    ),
    "unlinked": Label("未归属枢纽的站点", "Not linked to a hub"),
    "station": Label("站点", "Station"),
    "legend": Label("图例", "Legend"),
    "legend_note": Label(
        "以步行路网判定；范围面仅为示意。",
        "Judged on the walking network; shaded areas are approximate.",
    ),
    "offers_not": Label("不提供", "does not offer it"),
    "link": Label("组织联动", "organizational link"),
    "reached": Label("步行可达街道", "streets within the walk"),
    "map": Label("地图", "Map"),
    "zoom_in": Label("放大", "Zoom in"),
    "zoom_out": Label("缩小", "Zoom out"),
    "whole": Label("全图", "Whole study"),
    "print": Label("打印", "Print"),
    "paper": Label("纸张", "Paper"),
    "own_name": Label("中文", "English"),
    "switch": Label("切换为中文", "Switch to English"),
    "html_lang": Label("zh-CN", "en"),
    "number": NUMBER,
    "list_mark": Label("、", ", "),
    "briefing": Label("汇报文字", "Text for a report"),
    "briefing_hint": Label(
        "数字均来自结果表，可直接粘贴", "Every figure is from the tables; ready to paste"
    ),
    "copy": Label("复制", "Copy"),
    "copied": Label("已复制", "Copied"),
    "copy_yourself": Label("文字已选中，请按 Ctrl+C", "The text is selected: press Ctrl+C"),
    "close": Label("关闭", "Close"),
    "search": Label("搜索小区、站点、道路", "Search blocks, stations, streets"),
    "search_found": Label("{n}个结果", "{n} found"),
    "search_nothing": Label("没有找到", "Nothing found"),
    "search_block": Label("小区", "Block"),
    "search_station": Label("站点", "Station"),
    "search_street": Label("道路", "Street"),
    "more_layers": Label("更多图层", "More layers"),
    "layer_catchments": Label(
        "提供此服务的站点：步行服务范围", "Walks to the stations that offer it"
    ),
    "layer_homes": Label("居住点（计算用）", "Homes, as computed with"),
    "layer_exits": Label("小区出入口", "Exits of all blocks"),
    "layer_names": Label("名称", "Names"),
    "layer_tiles": Label("底图：{name}（需联网）", "Background: {name} (needs the internet)"),
    "walk": Label("步行至最近站点", "The walk to the nearest station"),
    "walk_from": Label("居住点（中位）", "a typical home"),
    "walk_leg": Label("出小区至道路", "out to the street"),
    "walk_leg_station": Label("道路至站点门口", "from the street to the door"),
    "walk_private": Label("内部道路", "private way"),
    "walk_steps": Label("台阶", "steps"),
    "walk_unnamed": Label("无名道路", "unnamed way"),
    "walk_total": Label("共{n_length}", "{n_length} in all"),
    "walk_of_adult": Label(
        "此为成年人的步行路线，途中有台阶，不适用于：{walker}",
        "This is how an adult walks; it has steps, which are closed to: {walker}",
    ),
    "cell_hidden": Label(
        "{station}的{service}：只涉及一个小区，脱敏版不显示人数",
        "{service} at {station}: one block only; its people are left out of the public page",
    ),
    "cell_blocks": Label("居住在：{blocks}", "They live in: {blocks}"),
    "cell_block": Label("{name} {n}", "{name} {n}"),
    "cell_more_blocks": Label("等{n}个小区", "and others, {n} {n:block|blocks} in all"),
    "public": Label(
        "脱敏版（不含人口数）：未经地图审核，不得公开；公开使用须依法送审并标注审图号",
        "Version without people per block. "
        "In mainland China maps may be published only after review",
    ),
    "public_elsewhere": Label("脱敏版（不含人口数）", "Version without people per block"),
    "country": Label("{name}：节假日按当地安排", "{name}: its public holidays"),
    "map_hint": Label(
        "方向键在相邻小区间移动，回车查看", "Arrow keys move between blocks, Enter explains"
    ),
    "people_column": Label("未覆盖人数", "People left out"),
    "blocks_column": Label("不达标小区", "Blocks below standard"),
    "check_column": Label("待核实小区", "To be checked"),
    "walkers": Label("为谁评估", "For whom"),
    "matrix_for": Label("按{walker}计", "counted for: {walker}"),
    "floor": Label("{n}层", "floor {n}"),
    "floor_no_elevator": Label("{n}层无电梯", "floor {n}, no elevator"),
    "floor_elevator": Label("{n}层，有电梯", "floor {n}, elevator"),
    "not_step_free": Label("入口有台阶", "steps at the entrance"),
    "step_free": Label("无台阶", "step-free"),
    "hours": Label("开放时间 {hours}", "open {hours}"),
    "clock": Label("一周中的时刻", "Time of the week"),
    "closed_then": Label("此刻不达标，一周中有时达标", "Not served then, but at other hours"),
    "clock_run": Label("评估时刻", "As judged"),
    "week": Label("一周内何时达标", "When the block is served in a week"),
    "week_hours": Label("每周{n}小时", "{n} {n:hour|hours} a week"),
    "week_of": Label(
        "{first}至{last}这一周，每格半小时",
        "The week from {first} to {last}; half an hour per cell",
    ),
    "week_holiday": Label("节假日", "holiday"),
    "week_workday": Label("调休上班", "make-up workday"),
    "open_matrix": Label("展开", "Expand"),
    "close_matrix": Label("收起", "Collapse"),
    "internal": Label("内部研究用图，非公开地图", "For internal study, not a published map"),
    "plan": Label("方案", "The plan"),
    "proposal_left": Label("仍未解决：{what}", "Not solved: {what}"),
    "proposal_before": Label("现状", "Before"),
    "proposal_after": Label("建成后", "After"),
    "proposal_changed": Label("建成后评估有变化的小区", "blocks whose result changes"),
    "act_new": Label("建议选址：新设站点", "proposed: a new station"),
    "act_extend": Label("建议：增设服务", "proposed: services added"),
    "act_move": Label("建议：中心迁址", "proposed: a center moves"),
    "act_merge": Label("建议：中心合并", "proposed: centers merge"),
    "act_elevator": Label("建议：加装电梯", "proposed: an elevator"),
    "limit_try": Label("试改距离", "Test a distance"),
    "limit_hint": Label(
        "所有服务统一按此步行距离重算（{min_limit}–{max_limit}）",
        "Count every service anew by this walk ({min_limit}–{max_limit})",
    ),
    "limit_back": Label("恢复标准", "Reset"),
    "limit_reading": Label("读取路网……", "reading …"),
    "limit_tried": Label("统一{n_limit}试算", "one limit of {n_limit}, tried"),
    "limit_rule": Label(
        "路网步行{n_limit} · 统一试算，不是标准",
        "{n_limit} on foot along streets, for all; tried, no standard",
    ),
    "limit_reason": Label(
        "最近为{name}（步行{n_length}），试算距离{limit_limit}",
        "nearest: {name}, {n_length}; tried limit {limit_limit}",
    ),
    "as_of_figures": Label(
        "地图为所选时刻；数字与名单为评估时刻",
        "the map is of the chosen time; figures and list as judged",
    ),
    "as_of_moment": Label(
        "以下文字为评估时刻的结论", "what follows is as judged at the moment of the run"
    ),
    "as_of_standard": Label(
        "以下文字为按标准评估的结论", "what follows is as judged by the standard"
    ),
    "as_of_study": Label(
        "以下文字为未作改动时的评估结论",
        "what follows is as judged of the study as it stands",
    ),
    "as_judged": Label(
        "为评估结论，不随试算与时刻", "as judged; follows no trial and no other time"
    ),
    "worth_as_judged": Label(
        "以下人数按现状评估，不含建议、试算与所选时刻",
        "what follows is as judged, without plan, trial or chosen time",
    ),
    "after_as_judged": Label(
        "建成后只按标准、评估时刻评估；试改距离、选时刻和比选试算都只对现状",
        "after is judged by the standard at the moment of the run; limits, times and changes are "
        "tried on the study as it stands",
    ),
    "block_changed": Label("建成后有变化", "result changes"),
    "briefing_none": Label(
        "汇报文字只写评估结论；当前显示的是试算或另一时刻，恢复后可复制",
        "The text tells what was judged; the page shows a trial or another time. "
        "Go back to what was judged to copy it",
    ),
    "other_format": Label(
        "此页的程序与数据版本不同，无法显示；请用同一版本的 walkshed 重新生成。",
        "The program and the data of this page are of different versions, so nothing is shown; "
        "write the page again with one version of walkshed.",
    ),
    "noscript": Label("此页需要启用脚本。", "This page needs JavaScript."),
    "too_old": Label(
        "这个浏览器不能显示本页的地图。请用 Chrome、Edge、360 等浏览器（内核为 Chromium 78 或更新，"
        "360 浏览器请切换到“极速模式”），或 Firefox 78 或更新的版本打开。",
        "This browser cannot show the map of this page. Open it in Chrome, Edge or another browser "
        "on Chromium 78 or newer, or in Firefox 78 or newer.",
    ),
}

#: Where the office measures in feet and miles.
_PAGE_US = {
    "catchment_facts": Label(
        "可达街道{mi}英里，示意面积{acres}英亩", "{mi} miles of street, drawn area {acres} acres"
    ),
}

_CATALOGS = {
    "tier": TIER,
    "kind": KIND,
    "flag": FLAG,
    "verdict": VERDICT,
    "state": STATE,
    "exit": EXIT,
    "group": GROUP,
    "people_source": PEOPLE_SOURCE,
    "page": PAGE,
    "whatif": WHATIF,
}


def page_words(language: str, stations: Sequence[Station]) -> dict[str, dict[str, str]]:
    """Return every word that the page may show in ``language``, by catalog and key.

    Tiers are called as 党群 stations are where most hubs and centers among ``stations`` bear that
    name.
    """
    catalogs = _CATALOGS | {"tier": PARTY_TIER if _are_party(stations) else TIER}
    if habits_of(language).units == "us":
        catalogs["page"] = PAGE | _PAGE_US
    words = {
        name: {key: label(catalog, key, language) for key in catalog}
        for name, catalog in catalogs.items()
    }
    return words | {"lengths": length_words(language)}


def _are_party(stations: Sequence[Station]) -> bool:
    """Return whether more than half of the hubs and centers are 党群 ones, by their names."""
    upper = [station for station in stations if station.tier in (Tier.HUB, Tier.CENTER)]
    named = sum("党群" in station.name for station in upper)
    return 2 * named > len(upper)
