"""The words of the page itself; what things are called lives in :mod:`walkshed.model.labels`."""

from __future__ import annotations

from walkshed.model.labels import EXIT, GROUP, KIND, PEOPLE_SOURCE, STATE, TIER, VERDICT, Label, label

PAGE = {
    "pair": Label("{name}：{what}", "{name}: {what}"),
    "aside": Label("{what}（{aside}）", "{what} ({aside})"),
    "title": Label("步行可达评估", "Walking access"),
    "invented": Label(
        "示例：含虚构或推定内容，不作规划依据",
        "Illustrative: partly invented or guessed, no basis for decisions",
    ),
    "services": Label("服务类别", "Services"),
    "services_hint": Label("数字为不达标小区数", "the number counts blocks that fail"),
    "failing_of_service": Label("{service}：{n} 个小区不达标", "{service}: {n} blocks fail"),
    "nobody_surveyed": Label("{service}：未摸底", "{service}: not surveyed"),
    "left_out_people": Label("未覆盖人数", "people left out"),
    "served_people": Label("已覆盖人数", "people served"),
    "left_out_blocks": Label("未达标小区", "blocks left out"),
    "served_blocks": Label("达标小区", "blocks served"),
    "failing_blocks": Label("不达标小区", "blocks fail"),
    "of_blocks": Label("共 {n} 个", "of {n}"),
    "share_of_people": Label("占 {share}%", "{share}%"),
    "in_doubt_people": Label(
        "其中 {people} 人（{blocks} 个小区）靠近数据边缘，存疑",
        "of them {people} people ({blocks} blocks) in doubt: close to the edge of the data",
    ),
    "in_doubt_blocks": Label(
        "其中 {blocks} 个小区靠近数据边缘，存疑", "of them {blocks} blocks in doubt: close to the edge of the data"
    ),
    "unknown_people": Label(
        "另有 {people} 人（{blocks} 个小区）未摸底或无标准", "{people} more people ({blocks} blocks) not judged"
    ),
    "unknown_blocks": Label("另有 {blocks} 个小区未摸底或无标准", "{blocks} more blocks not judged"),
    "rule": Label("依据", "Rule"),
    "rule_of_kind": Label("{kind}：{rule}", "{kind}: {rule}"),
    "no_rule": Label("此服务没有配置标准", "No standard covers this service"),
    "data_date": Label("数据日期 {date}", "Data of {date}"),
    "no_data_date": Label("数据日期未知", "Date of the data unknown"),
    "min_share": Label("达标人口比例 ≥ {share}%", "a block passes at {share}% of its people"),
    "people_source_given": Label("人口：给定", "people: given"),
    "people_source_estimated": Label("人口：估算", "people: estimated"),
    "people_source_mixed": Label("人口：部分估算", "people: partly estimated"),
    "people_source_none": Label("无人口数据，按小区计数", "no population: blocks are counted"),
    "worst": Label("最需关注的小区", "Blocks most in need"),
    "worst_hint": Label("按未覆盖人数排序", "by people left out"),
    "doubt_last": Label("存疑在后", "those in doubt last"),
    "worst_hint_blocks": Label("按超出距离排序", "by meters beyond the limit"),
    "none_failing": Label("没有不达标的小区。", "No block fails."),
    "none_surveyed": Label(
        "此服务尚未摸底：没有证据表明它不存在。", "Not surveyed: nobody has said that the service is missing."
    ),
    "more_failing": Label("其余 {n} 个见表 coverage.csv", "{n} more in coverage.csv"),
    "people_out": Label("{n} 人", "{n} people"),
    "back": Label("返回列表", "Back to the list"),
    "people": Label("{n} 人", "{n} people"),
    "no_people": Label("人口未知", "population unknown"),
    "meters": Label("{n} 米", "{n} m"),
    "nearest": Label("最近站点", "nearest"),
    "served_of": Label("{n} / {all} 人已覆盖", "{n} of {all} people served"),
    "doubt": Label("存疑（靠近数据边缘）", "In doubt (edge of the data)"),
    "data_edge": Label("数据边缘", "edge of the data"),
    "other_services": Label("其他服务类别", "The other services"),
    "worth_people": Label("独有服务人数", "people who depend on it"),
    "worth_blocks": Label("独有服务小区数", "blocks that depend on it"),
    "station_guessed": Label("示例（虚构或推定）", "illustrative (invented or guessed)"),
    "station_offers": Label("提供 {n} 类服务", "Services here: {n}"),
    "station_links": Label("所属：{name}", "linked to {name}"),
    "station_off_network": Label("未接入路网：不能服务任何人", "Off the street network: it can serve nobody"),
    "station_people": Label("{limit} 米步行范围内 {n} 人", "{n} people within a {limit} m walk"),
    "catchment": Label("步行服务范围", "Within a walk of"),
    "catchment_facts": Label("可达街道 {km} 公里，示意面积 {ha} 公顷", "{km} km of street, drawn area {ha} ha"),
    "matrix": Label("服务矩阵", "Service matrix"),
    "matrix_size": Label("{stations} 个站点 × {services} 类服务", "{stations} stations × {services} services"),
    "matrix_hint": Label(
        "移到格子上看含义；实格＝独有服务人数，浅格＝增设可惠及人数",
        "Point at a cell. Solid: people who would lose the service; light: people who would gain it",
    ),
    "matrix_hint_blocks": Label(
        "移到格子上看含义；实格＝独有服务小区数，浅格＝增设可惠及小区数",
        "Point at a cell. Solid: blocks that would lose the service; light: blocks that would gain it",
    ),
    "cell_gain": Label(
        "{station} 的{service}：若撤销，{n} 人失去步行可达的此服务",
        "{service} at {station}: without it {n} people would lose the service",
    ),
    "cell_gain_blocks": Label(
        "{station} 的{service}：若撤销，{n} 个小区失去步行可达的此服务",
        "{service} at {station}: without it {n} blocks would lose the service",
    ),
    "cell_twin": Label(
        "{station} 的{service}：独有服务 0；{twin} 服务同一批人",
        "{service} at {station}: nobody depends on it alone; {twin} serves the same people",
    ),
    "cell_idle": Label(
        "{station} 的{service}：标准距离内没有居民",
        "{service} at {station}: no resident within the limit",
    ),
    "cell_potential": Label(
        "{station} 增设{service}：可新惠及 {n} 人",
        "{service} added at {station}: {n} people would gain it",
    ),
    "cell_potential_blocks": Label(
        "{station} 增设{service}：可新惠及 {n} 个小区",
        "{service} added at {station}: {n} blocks would gain it",
    ),
    "cell_nothing": Label("{station} 增设{service}：不增加覆盖", "{service} added at {station}: nobody would gain it"),
    "unlinked": Label("未联动站点", "Not linked to a hub"),
    "station": Label("站点", "Station"),
    "legend": Label("图例", "Legend"),
    "legend_note": Label("以步行路网判定；范围面仅为示意。", "Judged on the walking network; the areas are drawings."),
    "offers_not": Label("不提供", "does not offer it"),
    "link": Label("组织联动", "organizational link"),
    "reached": Label("步行可达街道", "streets within the walk"),
    "map": Label("地图", "Map"),
    "zoom_in": Label("放大", "Zoom in"),
    "zoom_out": Label("缩小", "Zoom out"),
    "whole": Label("全图", "Whole study"),
    "print": Label("打印", "Print"),
    "open_matrix": Label("展开", "Open"),
    "close_matrix": Label("收起", "Close"),
    "internal": Label("内部研究用图，非公开地图", "Working map"),
    "noscript": Label("此页需要启用脚本。", "This page needs JavaScript."),
}

_CATALOGS = {
    "tier": TIER,
    "kind": KIND,
    "verdict": VERDICT,
    "state": STATE,
    "exit": EXIT,
    "group": GROUP,
    "people_source": PEOPLE_SOURCE,
    "page": PAGE,
}


def page_words(language: str) -> dict[str, dict[str, str]]:
    """Return every word that the page may show in ``language``, by catalog and key."""
    return {name: {key: label(catalog, key, language) for key in catalog} for name, catalog in _CATALOGS.items()}
