"""The headings and the sentences of the report as a text document."""

from __future__ import annotations

from walkshed.model.labels import Label, Language

TITLE = Label(
    "{study}\n社区服务设施步行覆盖评估报告",
    "{study}\nWho can walk to community services, and who cannot",
)
#: The first page, to be filled in by the office.
FRONT = (
    Label("编制单位（单位填写）：＿＿＿＿＿＿＿＿", "Prepared by (office): ________________"),
    Label("编制日期（单位填写）：＿＿＿＿＿＿＿＿", "Date (office): ________________"),
)

#: Chapters and sections, by name.
HEADINGS = {
    "summary": Label("摘  要", "Summary"),
    "conclusions": Label("主要结论", "What was found"),
    "numbers": Label("四个数", "Four numbers"),
    "advice": Label("主要建议", "What is recommended"),
    "overview": Label("一、工作概况", "1  The work"),
    "extent": Label("（一）评估范围与对象", "1.1  Extent"),
    "basis": Label("（二）评价依据", "1.2  Standards"),
    "data": Label("（三）数据来源与摸底情况", "1.3  Data, and what is surveyed"),
    "present": Label("二、设施与小区现状", "2  Stations and blocks as they are"),
    "stations": Label("（一）站点体系", "2.1  Stations"),
    "kinds": Label("（二）小区分类", "2.2  Kinds of blocks"),
    "results": Label("三、评估结果", "3  Results"),
    "all": Label("（一）总体情况", "3.1  All services"),
    "areas": Label("（二）分街道社区", "3.2  Subdistricts and communities"),
    "by_kind": Label("（三）分小区类型", "3.3  Kinds of blocks"),
    "groups": Label("（四）老年人与儿童", "3.4  Older people and children"),
    "access": Label("（五）楼层与开放时间", "3.5  Floors, steps and hours"),
    "problems": Label("四、主要问题", "4  Problems"),
    "advised": Label("五、优化建议", "5  Measures"),
    "upgrade": Label("（一）落地改造", "5.1  Bring down, make step-free"),
    "share": Label("（二）错时共享", "5.2  Share what stands"),
    "door": Label("（三）上门服务", "5.3  Come to the door"),
    "new": Label("（四）增设站点", "5.4  New stations"),
    "plans": Label("（五）方案比选", "5.5  Plans compared"),
    "ways": Label("（六）其他：道路与出入口", "5.6  Ways and gates"),
    "survey": Label("（七）其他：摸底与标准", "5.7  Survey, and standards"),
    "annex": Label("附表、附图", "Annex"),
    "schedule": Label("六、实施安排（单位填写）", "6  Schedule (office)"),
    "limits": Label("七、数据局限与待核事项", "7  Limits of the data, and what to check"),
}

TABLES = {
    "by_kind": Label("表3-3 各类小区评估结果", "Table 3-3 Results by kind of block"),
    "groups": Label("表3-4 重点人群步行距离", "Table 3-4 Walks of groups"),
    "reasons": Label("表3-5 未达标小区数，按原因", "Table 3-5 Blocks left out, by reason"),
    "problems": Label("表4-1 问题清单", "Table 4-1 Problems"),
    "measures": Label("表5-1 建议措施", "Table 5-1 Measures"),
    "proposed": Label("表5-1 建议措施（选址结果）", "Table 5-1 Proposed measures"),
    "others": Label(
        "表5-1附 其他措施（由评估结论得出）", "Table 5-1a Other measures, from the verdicts"
    ),
    "schedule": Label("表6-1 实施安排", "Table 6-1 Schedule"),
    "unverified": Label("表7-1 出处未核实的数", "Table 7-1 Unverified figures"),
}
FIGURES = {
    "extent": Label("图1-1 评估范围与站点分布图", "Figure 1-1 Extent and stations"),
    "coverage": Label("图3-1 {service}步行覆盖图", "Figure 3-1 Who can walk to: {service}"),
    "areas": Label("图3-2 各社区未覆盖人数（人·项）", "Figure 3-2 Left out, by community"),
    "problems": Label("图4-1 不达标小区分布图", "Figure 4-1 Blocks that fail a service"),
    "measures": Label("图5-1 建议措施分布图", "Figure 5-1 Where measures are proposed"),
    "before_after": Label("图5-2 实施前后对比图", "Figure 5-2 Before and after"),
    "annex": Label("附图{n} {service}步行覆盖图", "Annex figure {n} Who can walk to: {service}"),
}
#: What figures show, in words: below them, and for those who cannot see them.
TOLD = {
    "extent": Label(
        "小区（浅蓝）和{n:,}个站点（黑点）；灰线为可步行道路",
        "Blocks (blue) and {n:,} {n:station|stations} (dots); gray lines are streets that "
        "may be walked",
    ),
    "coverage": Label(
        "浅蓝：达标；砖红斜线：未达标；米色细点：待核实；灰：待摸底；黑点：站点。各色小区依次为{counts}个",
        "Blue: served. Red, hatched: left out. Beige, dotted: to check. Gray: not surveyed. "
        "Dots: stations. "
        "Blocks of each: {counts}",
    ),
    "problems": Label(
        "砖红斜线：至少一项服务未达标的小区；米色细点：待核实；灰：待摸底；浅蓝：各项均达标。各色小区依次为{counts}个",
        "Red, hatched: blocks that lack a service at least. Beige, dotted: to check. Gray: "
        "not surveyed. "
        "Blue: have all. Blocks of each: {counts}",
    ),
    "areas": Label("自上而下：{names}", "From the top: {names}"),
    "before_after": Label(
        "左：现状；右：方案一实施后（绿色方块为方案的站点）。砖红斜线：至少一项服务未达标；米色细点：待核实；"
        "灰：待摸底；浅蓝：各项均达标。各色小区依次为：现状{before}个，实施后{after}个",
        "Left: as it is. Right: with plan 1 (its places are green squares). Red, hatched: blocks "
        "that lack a service at least. Beige, dotted: to check. Gray: not surveyed. Blue: have "
        "all. Blocks of each, blue first: {before} as it is, {after} with the plan",
    ),
    "measures": Label(
        "绿色方块及编号：表5-1中的建议措施；黑点：现有站点",
        "Green squares, numbered as in Table 5-1: measures proposed. Dots: stations as they are",
    ),
}

#: Heads of the tables that no other output has.
HEADS = {
    "group": Label("人群", "Group"),
    "median": Label("步行距离中位数（米）", "Median walk (m)"),
    "worst": Label("最远十分之一人群平均（米）", "Mean of the farthest tenth (m)"),
    "unreached": Label("无路可达人数", "Without a way"),
    "task": Label("工作", "Task"),
    "who": Label("责任单位", "In charge"),
    "money": Label("资金来源", "Money from"),
    "when": Label("完成时间", "By when"),
}

_SENTENCES = {
    "four": Label(
        "{blocks:,}个小区中，各项服务均达标的{served:,}个，至少一项未达标的{out:,}个，"
        "待核实{check:,}个，待摸底{unknown:,}个，四者合计为全部小区（见表3-2）。",
        "Of {blocks:,} {blocks:block|blocks} {served:,} {served:has|have} every service, "
        "{out:,} {out:lacks|lack} one at least, {check:,} {check:is|are} to "
        "be checked and {unknown:,} {unknown:is|are} not surveyed; the four sum to all "
        "blocks (Table 3-2).",
    ),
    "person_services": Label(
        "按人·项计，共{all:,}：达标{served:,}，未达标{out:,}，待核实{check:,}，待摸底{unknown:,}"
        "（一人缺两项计两次，不是人口数）。",
        "In person-services, {all:,} in all, {served:,} are served, {out:,} are left out, "
        "{check:,} are to be checked and {unknown:,} are not surveyed (who lacks two counts "
        "twice).",
    ),
    "worst_service": Label(
        "分服务看，{service}缺口最大：未达标{out:,}人，占总人口的{part}（见表3-1）。",
        "By service: {service} is lacked by most, {out:,} {out:person|people}, {part} of all "
        "(Table 3-1).",
    ),
    "worst_service_blocks": Label(
        "分服务看，{service}缺口最大：未达标小区{out:,}个，占{part}（见表3-1）。",
        "By service: {service} is lacked by most, {out:,} {out:block|blocks}, {part} of all "
        "(Table 3-1).",
    ),
    "no_gap": Label("各项服务均无确定未达标的小区。", "No block lacks a service for sure."),
    "worst_area": Label(
        "分社区看，{area}未覆盖最多：{out:,}人·项，主要短板为{worst}（见表3-2）。",
        "By community: {area} is left out most, {out:,} person-services; what it lacks most "
        "is {worst} "
        "(Table 3-2).",
    ),
    "worst_area_blocks": Label(
        "分社区看，{area}不达标小区最多：{out:,}个，主要短板为{worst}（见表3-2）。",
        "By community: {area} has most blocks failing, {out:,}; what it lacks most is "
        "{worst} (Table 3-2).",
    ),
    "worst_kind": Label(
        "分小区类型看，{kind}的{service}未达标小区最多：{out:,}个（见表3-3）。",
        "By kind of block: {service} is lacked most in {kind}, by {out:,} {out:block|blocks} "
        "(Table 3-3).",
    ),
    "measure": Label(
        "{where}（{service}）：{measure}（见表5-1）。",
        "{where} ({service}): {measure} (Table 5-1).",
    ),
    "proposed": Label(
        "{where}：提供{service}，新增受益{gain:,}{unit}（见表5-1）。",
        "{where}: {service}, {gain:,} {unit} gained (Table 5-1).",
    ),
    "check": Label(
        "核实{n:,}条待核实的结论（见第七章），再定取舍。",
        "Check the {n:,} verdicts in doubt (chapter 7) before deciding.",
    ),
    "survey": Label(
        "摸清{services}的站点清单后再评估。", "Survey the stations of {services}, then judge again."
    ),
    "fill": Label(
        "现有资料没有得出更多措施；选址比选可用 walkshed site。",
        "The data give no further measure; walkshed site weighs new sites against each other.",
    ),
    "extent": Label(
        "本次评估{blocks:,}个小区（街坊）、{stations:,}个站点、{services:,}类服务：{names}。",
        "{blocks:,} {blocks:block|blocks}, {stations:,} {stations:station|stations} and "
        "{services:,} {services:service|services} are judged: {names}.",
    ),
    "people": Label(
        "有人口数的小区共{people:,}人：{sources}。",
        "{people:,} {people:person lives|people live} in the blocks whose people are known: "
        "{sources}.",
    ),
    "blocks_without": Label(
        "另有{n:,}个小区没有人口数，未计入人数。",
        "The people of {n:,} more {n:block|blocks} are not known, and not counted.",
    ),
    "nobody": Label(
        "小区没有人口数，按小区计。", "The blocks state no people; blocks are counted."
    ),
    "rule": Label("{service}：{rule}。", "{service}: {rule}."),
    "not_surveyed": Label(
        "站点清单尚未确认完整、不作判断的服务：{services}。",
        "Services whose list of stations is not known to be complete, and which are not "
        "judged: {services}.",
    ),
    "country": Label("国家/地区：{country}。", "Country: {country}."),
    "surveyed": Label(
        "各类服务的站点清单均已确认完整。", "The lists of stations are stated to be complete."
    ),
    "shown": Label(
        "按影响人数列前{shown:,}条，全部{all:,}条见同一文件夹的{file}。",
        "The {shown:,} {shown:row|rows} that concern most people; all {all:,} stand in "
        "{file} beside this.",
    ),
    "no_groups": Label(
        "小区没有老年人、儿童人数，未单独评估。",
        "The blocks state no groups; none is judged apart.",
    ),
    "barriers": Label(
        "未达标的小区·项中，因楼层、台阶或步速到不了的{floors:,}个，因该时刻未开放的{closed:,}个（见表3-5）。",
        "Of the block-services left out {floors:,} fail for floors, steps or pace, "
        "{closed:,} for hours "
        "(Table 3-5).",
    ),
    "any_time": Label(
        "本次评估不限时刻，开放时间不影响结论。",
        "No moment was asked for; hours decide nothing here.",
    ),
    "to_check": Label(
        "待核实的结论共{n:,}条，逐条见 {file}。",
        "{n:,} verdicts are to be checked; they stand in {file}.",
    ),
    "whose": Label("{caption}。数据：{whose}", "{caption}. Data: {whose}"),
    "nothing": Label("（无）", "(none)"),
}


def sentence(name: str, language: Language, **fields: object) -> str:
    """Return a sentence of the document with its fields filled in."""
    return _SENTENCES[name].said(language, **fields)
