"""What the atlas says: its titles, its legend, and what stands beside each map."""

from __future__ import annotations

from walkshed.model.labels import Label

#: The head of a page, its foot, and the lists below its map.
ATLAS = {
    "page": Label("第{n}页，共{all}页", "page {n} of {all}"),
    "contents": Label("各社区", "Communities"),
    "contents_note": Label(
        "按街道、社区排列；未覆盖人数为各项服务之和（人·项）",
        "By subdistrict and community; people left out are summed over services",
    ),
    "more": Label("{title}（续）", "{title} (continued)"),
    "place": Label("{community}（{subdistrict}）", "{community} ({subdistrict})"),
    "people": Label("{people:,}人，{told}", "{people:,} {people:person|people}, {told}"),
    "blocks": Label(
        "小区{blocks:,}个：{out:,}个有服务未达标，{check:,}个待核实，{unknown:,}个待摸底",
        "{blocks:,} {blocks:block|blocks}: {out:,} below standard for a service, {check:,} to be "
        "checked, {unknown:,} not surveyed",
    ),
    "lacking": Label("未覆盖：{services}", "Left out: {services}"),
    "nobody_out": Label("没有确定未覆盖的居民", "Nobody is known to be left out"),
    "of_service": Label("{service}{people:,}人", "{service} {people:,} {people:person|people}"),
    "of_service_blocks": Label(
        "{service}{blocks:,}个小区", "{service} {blocks:,} {blocks:block|blocks}"
    ),
    "stations": Label("本社区站点", "Stations in the community"),
    "no_stations": Label("本社区没有站点", "No station stands in the community"),
    "compounds": Label("小区", "Blocks"),
    "help": Label("可以改善的措施", "What would help"),
    "help_line": Label(
        "{cure}——{services}：{blocks:,}个小区，未覆盖{people:,}人·项",
        "{cure} — {services}: {blocks:,} {blocks:block|blocks}, {people:,} "
        "{people:person-service|person-services} left out",
    ),
    "help_blocks": Label(
        "{cure}——{services}：{blocks:,}个小区",
        "{cure} — {services}: {blocks:,} {blocks:block|blocks}",
    ),
    "left": Label("另有{n:,}项见 coverage.csv", "{n:,} more in coverage.csv"),
    "all_met": Label("各项达标", "all met"),
    "unmet": Label("{verdict}：{services}", "{verdict}: {services}"),
    "unmet_by": Label("{verdict}（多{over}）：{services}", "{verdict} (by {over}): {services}"),
    "span": Label("{low}至{high}", "{low} to {high}"),
    "to_check": Label("待核实：{services}", "to check: {services}"),
    "not_surveyed": Label("待摸底：{services}", "not surveyed: {services}"),
}
#: Heads of the columns of compounds.
COMPOUND_HEADS = (
    Label("号", "No."),
    Label("小区", "Block"),
    Label("类型", "Kind"),
    Label("人数", "People"),
    Label("未达标的服务", "Below standard for"),
)
#: Heads of the list of communities.
CONTENT_HEADS = (
    Label("社区", "Community"),
    Label("未达标/小区", "Below / blocks"),
    Label("人数", "People"),
    Label("未覆盖（人·项）", "Left out, summed"),
    Label("页", "Page"),
)
#: What the colors of a map mean, by the name of the look.
LEGEND = {
    "served": Label("各项达标", "all services met"),
    "out": Label("有服务未达标", "below standard"),
    "to_check": Label("待核实", "to be checked"),
    "unknown": Label("待摸底", "not surveyed"),
    "station": Label("站点", "station"),
    "number": Label("小区编号，见下表", "block, as listed below"),
}
