"""The sheets of a survey in words: what is to be checked, what is known of it, where it is, and how to fill in."""

from __future__ import annotations

from collections.abc import Mapping

from walkshed.model.labels import Label
from walkshed.model.town.survey import (
    NONE,
    Fact,
    FactKind,
    Premise,
    Reason,
    SurveyItem,
)
from walkshed.words.hours import hours_text

WORKBOOK = Label("实地核查表.xlsx", "survey.xlsx")
TITLE = Label("{study} 实地核查表：{sheet}", "{study}: to check on the ground, {sheet}")
HOW = Label(
    "核查结果勾选一项（把□改为☑），或只写该项；不属实的写明实际情况。核查人、核查日期必填。不清楚、未能进入的如实勾选，空行不作处理。",
    "Tick one result (change □ to ☑), or write it alone; where it is not true, say what it is. "
    "Name and date are needed. Say so where you were not let in or it is unclear; a row left empty "
    "changes nothing.",
)
HOW_TO: Mapping[FactKind, Label] = {
    FactKind.GATE: Label(
        "不属实：此处有出入口的即按可通行计，没有的即按不可通行计，不必另写。",
        "Not true: a gate where none is known counts as open, and one that is known as none; "
        "nothing else need be written.",
    ),
    FactKind.LANE: Label(
        "不属实：两处之间可以步行通过，按直线计入步行路网，不必另写。",
        "Not true: one can walk between the two places, which counts as a straight lane; nothing "
        "else need be written.",
    ),
    FactKind.FLOOR: Label(
        "实际情况写法：1层，有电梯，无障碍（1层为临街层；没写的按现有信息）。",
        "What it is, as in: floor=1, elevator=yes, step-free=yes (1 is the floor at the street; "
        "what is not written stays as it is known).",
    ),
    FactKind.HOURS: Label(
        "实际情况写法：周一至周五 8:30-12:00，14:30-17:30。",
        "What it is, as in: Mo-Fr 08:30-12:00,14:30-17:30.",
    ),
    FactKind.PLACE: Label(
        "实际情况写法：坐标系和经纬度，如 高德 121.3912345,31.3123456（或 腾讯、百度、wgs84）；没有的写：无此站点。",
        "What it is, as in: wgs84 121.3912345,31.3123456 (or gcj02, bd09); where there is none: no "
        "such station.",
    ),
}
_CHECK: Mapping[tuple[FactKind, Reason], Label] = {
    (FactKind.GATE, Reason.SHUT): Label(
        "地图上此处大门关闭：是否确实不能通行？",
        "On the map the gate is shut here: is it true that nobody passes?",
    ),
    (FactKind.GATE, Reason.ENDS): Label(
        "地图上道路到小区边界为止：此处是否确实没有出入口？",
        "On the map a way ends at the edge: is it true that there is no gate?",
    ),
    (FactKind.GATE, Reason.PASSES): Label(
        "道路经过小区边界：此处是否确实没有出入口？",
        "A way passes the edge: is it true that there is no gate?",
    ),
    (FactKind.GATE, Reason.STATED): Label(
        "表中所列出入口：是否确实可以通行？", "A gate of your table: is it true that it is open?"
    ),
    (FactKind.GATE, Reason.INFERRED): Label(
        "出入口未知，推定从此处出入：是否确实可以通行？",
        "Exits are unknown, one is inferred here: is it true that people pass?",
    ),
    (FactKind.LANE, Reason.ENDS): Label(
        "地图上两处之间不相通：是否确实不能步行通过？",
        "On the map no way joins the two places: is it true that one cannot walk?",
    ),
    (FactKind.HOURS, Reason.UNKNOWN): Label(
        "未填开放时间，按全天开放计：是否确实全天开放？",
        "Hours are not stated, and count as open at any time: is that true?",
    ),
    (FactKind.HOURS, Reason.CONTRADICTED): Label(
        "开放时间与其他信息不一致：是否如现有信息？",
        "The hours contradict what else is stated: are they true?",
    ),
    (FactKind.FLOOR, Reason.UNKNOWN): Label(
        "楼层或电梯未填，按可到达计：是否确实如此？",
        "Floor or elevator are not stated, and count as no obstacle: is that true?",
    ),
    (FactKind.FLOOR, Reason.CONTRADICTED): Label(
        "在楼上、无电梯，却填为无障碍：是否如现有信息？",
        "Upstairs without an elevator, and yet step-free: is it true?",
    ),
    (FactKind.PLACE, Reason.CONTRADICTED): Label(
        "坐标不在所填社区内：站点是否确实在此处？",
        "The place lies outside the community that is stated: is the station there?",
    ),
    (FactKind.PLACE, Reason.FAR): Label(
        "坐标远离所有道路：站点是否确实在此处？",
        "The place lies far from every street: is the station there?",
    ),
    (FactKind.PLACE, Reason.UNVERIFIED): Label(
        "站点取自地图，未经核实：是否确实在此处？",
        "The station is taken from the map, unverified: is it there?",
    ),
}
_CHECK_OTHERWISE: Mapping[FactKind, Label] = {
    FactKind.FLOOR: Label(
        "楼层、电梯、入口台阶：是否如现有信息？",
        "Floor, elevator, steps at the entrance: are they so?",
    ),
    FactKind.HOURS: Label("开放时间：是否如现有信息？", "Opening hours: are they so?"),
}

_NO_GATE = Label("无出入口", "No gate")
_SHUT_GATE = Label("大门关闭", "The gate is shut")
_GATE = Label("有出入口，可通行", "A gate, open")
_INFERRED_GATE = Label("推定出入口，可通行", "An inferred exit, open")
_NO_LANE = Label("不相通", "Not joined")
_ANY_TIME = Label("未填（按全天开放计）", "Not stated (counts as open at any time)")
_FLOOR = Label("{floor}层", "floor {floor}")
_FLOOR_UNKNOWN = Label("楼层未填", "floor not stated")
_ELEVATOR = {
    True: Label("有电梯", "elevator"),
    False: Label("无电梯", "no elevator"),
    None: Label("电梯未填", "elevator not stated"),
}
_STEP_FREE = {
    True: Label("入口无障碍", "step-free entrance"),
    False: Label("入口有台阶", "steps at the entrance"),
    None: Label("入口未填", "entrance not stated"),
}
_PREMISE = Label("{floor}，{elevator}，{step_free}", "{floor}, {elevator}, {step_free}")
_AT = Label("WGS84 {lon}, {lat}", "WGS84 {lon}, {lat}")
_BETWEEN = Label("{one} 至 {other}，约{meters}米", "{one} to {other}, about {meters} m")
_ON_SIDE = Label("{side}，{place}", "{side}, {place}")
_SHOWN = Label("{place}（{figure}）", "{place} ({figure})")
_SIDES: Mapping[str, Label] = {
    "n": Label("北侧边界", "north edge"),
    "ne": Label("东北侧边界", "northeast edge"),
    "e": Label("东侧边界", "east edge"),
    "se": Label("东南侧边界", "southeast edge"),
    "s": Label("南侧边界", "south edge"),
    "sw": Label("西南侧边界", "southwest edge"),
    "w": Label("西侧边界", "west edge"),
    "nw": Label("西北侧边界", "northwest edge"),
}


def check_text(item: SurveyItem, language: str) -> str:
    """Return the question of an item: true is what is known."""
    asked = _CHECK.get((item.fact.kind, item.reason)) or _CHECK_OTHERWISE[item.fact.kind]
    return asked.in_(language)


def known_text(item: SurveyItem, language: str) -> str:
    """Return what is known of an item."""
    fact = item.fact
    if fact.kind is FactKind.LANE:
        return _NO_LANE.in_(language)
    if fact.kind is FactKind.GATE:
        return _gate(fact, item.reason).in_(language)
    if fact.kind is FactKind.FLOOR:
        return _premise(Premise.read(fact.known), language)
    if fact.kind is FactKind.PLACE:
        return _place(fact.places[0], language)
    return hours_text(fact.known, language) if fact.known else _ANY_TIME.in_(language)


def place_words(item: SurveyItem, figure: str, language: str) -> str:
    """Return where an item is: the side of its block, its address, its coordinates, its figure."""
    places = [_place(at, language) for at in item.fact.places]
    place = places[0]
    if item.fact.kind is FactKind.LANE:
        place = _BETWEEN.said(
            language, one=places[0], other=places[-1], meters=f"{item.length_m:.0f}"
        )
    before = item.address or (_SIDES[item.side].in_(language) if item.side else "")
    if before:
        place = _ON_SIDE.said(language, side=before, place=place)
    return _SHOWN.said(language, place=place, figure=figure) if figure else place


def _gate(fact: Fact, reason: Reason) -> Label:
    """Return what is known of a gate."""
    if fact.known == NONE:
        return _SHUT_GATE if reason is Reason.SHUT else _NO_GATE
    return _INFERRED_GATE if reason is Reason.INFERRED else _GATE


def _premise(premise: Premise, language: str) -> str:
    """Return floor, elevator and entrance."""
    floor = _FLOOR_UNKNOWN.in_(language)
    if premise.floor is not None:
        floor = _FLOOR.said(language, floor=str(premise.floor))
    return _PREMISE.said(
        language,
        floor=floor,
        elevator=_ELEVATOR[premise.elevator].in_(language),
        step_free=_STEP_FREE[premise.step_free].in_(language),
    )


def _place(at: tuple[float, float], language: str) -> str:
    """Return a place in degrees, to a meter."""
    return _AT.said(language, lon=f"{at[0]:.5f}", lat=f"{at[1]:.5f}")
