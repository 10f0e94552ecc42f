"""The types of measures, and what the chapter on measures says of each."""

from __future__ import annotations

from walkshed.model.labels import Label, Language

#: The types of measures, in the order of the chapter.
TYPES = {
    "upgrade": Label("落地改造", "Bring down, make step-free"),
    "share": Label("错时共享", "Share what stands"),
    "door": Label("上门服务", "Come to the door"),
    "new": Label("增设站点", "New stations"),
    "ways": Label("道路与出入口", "Ways and gates"),
    "survey": Label("摸底与标准", "Survey, and standards"),
}
#: What a type is.
_MEANS = {
    "upgrade": Label(
        "迁至首层、加装电梯、坡道等无障碍改造。",
        "Moves to a ground floor, elevators, ramps and step-free entrances.",
    ),
    "share": Label(
        "利用现有站点：增设服务（一室多用）、错时或延长开放、扩大服务对象、扩容。",
        "Stations that stand: more services in their rooms, other hours, more residents admitted, "
        "more places.",
    ),
    "door": Label(
        "由站点派人上门的服务。", "Services for which a crew comes to the residents' doors."
    ),
    "new": Label("新设站点，或在现有站点旁另设。", "Stations to be opened."),
    "ways": Label(
        "核对或补充道路、桥和大门；属地图与道路问题，不是缺少站点。",
        "Ways, bridges and gates to be checked or added; it is not stations that are lacking.",
    ),
    "survey": Label(
        "先摸底、确认清单或指定标准，再作判断。",
        "To be surveyed, or given a standard, before anything is judged.",
    ),
}
_SENTENCES = {
    "none": Label("现有资料没有得出此类措施。", "The data give no such measure."),
    "count": Label(
        "{means}共{n:,}条，受益人数居前的：",
        "{means} {n:,} in all; those by which most people gain:",
    ),
    "row": Label(
        "{n:,}. {where}（{service}）：{measure}；涉及{blocks:,}个小区",
        "{n:,}. {where} ({service}): {measure}; {blocks:,} {blocks:block|blocks} concerned",
    ),
    "row_people": Label(
        "{said}，未达标及待核实{people:,}人",
        "{said}, {people:,} {people:person|people} not served there",
    ),
    "end": Label("{said}。", "{said}."),
    "proposed": Label(
        "{n:,}. {where}（{service}）：新增受益{gain:,}{unit}（表5-1）。",
        "{n:,}. {where} ({service}): {gain:,} {unit} gained (Table 5-1).",
    ),
    "no_plan": Label(
        "尚未作选址比选：可用 walkshed site 得出方案后重新生成本报告。",
        "No plan has been weighed: run walkshed site, with --report.",
    ),
    "acts": Label(
        "方案一由选址比选得出，共{acts:,}项措施。前后对比见表5-2、图5-2；方案二由单位另行提出。",
        "Plan 1 is that of walkshed site, {acts:,} {acts:act|acts}. Table 5-2 and Figure 5-2 show "
        "it; plan 2 is for the office.",
    ),
    "plan": Label(
        "方案一由选址比选得出，共{acts:,}项措施，新增达标{gain:,}{unit}，任何方案不超过{bound:,}{unit}。"
        "前后对比见表5-2、图5-2；方案二由单位另行提出。",
        "Plan 1 is that of walkshed site, {acts:,} {acts:act|acts}: {gain:,} {unit} gained, no "
        "plan gains more than {bound:,}. Table 5-2 and Figure 5-2 show it; plan 2 is for the "
        "office.",
    ),
}
#: The heads of the table of plans, and its rows.
PLANS = {
    "title": Label("表5-2 方案比选", "Table 5-2 Plans compared"),
    "what": Label("指标", "Figure"),
    "now": Label("现状", "As it is"),
    "one": Label("方案一", "Plan 1"),
    "two": Label("方案二（单位填写）", "Plan 2 (office)"),
    "people_served": Label("{service}：达标人数", "{service}: people served"),
    "people_out": Label("{service}：未达标人数", "{service}: people left out"),
    "people_in_doubt": Label("{service}：待核实人数", "{service}: people to check"),
    "people_unknown": Label("{service}：待摸底人数", "{service}: people not surveyed"),
    "blocks_served": Label("{service}：达标小区", "{service}: blocks served"),
    "blocks_out": Label("{service}：未达标小区", "{service}: blocks left out"),
    "blocks_in_doubt": Label("{service}：待核实小区", "{service}: blocks to check"),
    "blocks_unknown": Label("{service}：待摸底小区", "{service}: blocks not surveyed"),
    "note": Label(
        "数据见 before_after.csv；待核实、待摸底前后均为0的不列",
        "From before_after.csv; what is to check or not surveyed is left out where it is 0 both "
        "before and after",
    ),
    "value": Label("数", "Value"),
    "bounds": Label("附表1 方案与上界", "Annex table 1 The plan and its bound"),
    "more": Label(
        "附表2 其他站点数或预算下的方案",
        "Annex table 2 Other numbers of stations, or other budgets",
    ),
    "new_stations": Label("新建站点数", "New stations"),
    "budget": Label("预算", "Budget"),
    "gain": Label("惠及量", "Gain"),
    "bound": Label("上界（任何方案都不超过）", "Bound (no plan gains more)"),
    "gap": Label("与上界的差距", "Gap to the bound"),
    "status": Label("是否证明最优", "Proven"),
    "cost": Label("费用", "Cost"),
    "unit": Label("单位", "Unit"),
}
#: How good a solution is, by the word of the solver.
STATUS = {
    "optimal": Label("已证明为最优", "proven optimal"),
    "feasible": Label("未证明，见差距", "not proven, see the gap"),
}


def type_means(name: str, language: Language) -> str:
    """Return what a type of measure is."""
    return _MEANS[name].in_(language)


def measure_sentence(name: str, language: Language, **fields: object) -> str:
    """Return a sentence of the chapter with its fields filled in."""
    return _SENTENCES[name].said(language, **fields)
