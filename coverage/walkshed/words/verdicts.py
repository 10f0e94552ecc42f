"""Verdicts, reasons, cures and rules in words, Chinese and English as equals; every figure comes from the judgment."""

from __future__ import annotations

import math
from dataclasses import replace

from walkshed.model.judged.judgments import Judgment
from walkshed.model.judged.verdicts import REASONS, Doubt, ExitKind, Mend, Verdict
from walkshed.model.labels import WALKER, Label, label
from walkshed.model.results import Language, View
from walkshed.model.town.places import Need
from walkshed.words.outreach import coming_cure, coming_text, promise_text
from walkshed.words.quantities import meters, percent
from walkshed.words.slots import Slots, slots_of
from walkshed.words.unplaced import unplaced_cure_text, unplaced_doubt_text

#: A way through is proposed only where so many meters are missing: beyond, none could be short enough.
SHORT_CUT_M = 200.0

_DOUBTS = {
    Doubt.EDGE: Label(
        "（靠近地图边缘，界外站点可能已覆盖）",
        " Close to the edge of the map: a station beyond it may serve the block.",
    ),
    Doubt.STREETS: Label(
        "（地图缺路，待核实）", " The map lacks a way to any that offers it: to be checked."
    ),
    Doubt.INSIDE: Label(
        "（小区内距离为推算，按直线可达、按绕行1.6倍不可达，待核实）",
        " Meters inside the compound are a guess: served if straight, not with a detour of 1.6; to be checked.",
    ),
}
_INSIDE = Label("（小区内距离为推算）", " Meters inside the compound are a guess.")


def limit_text(judgment: Judgment, language: Language) -> str:
    """Return the limit as its rule has it: ``500 m``, or minutes; a dash without a rule."""
    return "–" if judgment.need is None else limit_of(judgment.need, language)


def limit_of(need: Need, language: Language) -> str:
    """Return the limit of a rule: ``500 m``, or minutes."""
    if need.unit == "m":
        return meters(need.limit, language)
    return f"{need.limit:g}分钟" if language == "zh" else f"{need.limit:g} min"


def rule_text(need: Need | None, language: Language, *, comes: bool = False) -> str:
    """Return the rule in one line: metric, limit, source, verified or not; ``comes`` for a service at the door."""
    if comes and need is not None:
        promise, source = promise_text(need, language), need.source_in(language)
        if language == "zh":
            return f"{promise}；来源：{source}" + ("" if need.verified else "（待核实）")
        return f"{promise}; source: {source}" + ("" if need.verified else " (unverified)")
    if need is None:
        return "无标准" if language == "zh" else "no standard"
    unit = need.unit
    limit = f"{need.limit:g}"
    source = need.source_in(language)
    if language == "zh":
        metric = "路网步行" if need.metric == "network" else "直线半径"
        words = f"{metric}{limit}{'米' if unit == 'm' else '分钟'}；来源：{source}"
        return words + ("" if need.verified else "（待核实）")
    metric = "on foot along streets" if need.metric == "network" else "as the crow flies"
    words = f"{limit} {unit} {metric}; source: {source}"
    return words + ("" if need.verified else " (unverified)")


def reason_text(
    view: View, judgment: Judgment, language: Language, *, slots: Slots | None = None
) -> str:
    """Return why the block has this verdict, with its rule, limit, distance and nearest station.

    With ``slots`` they stand in place of the judgment's own words.
    """
    slots = slots or slots_of(view, judgment, language)
    words = coming_text(view, judgment, slots, language)
    if words is None:
        say = _reason_zh if language == "zh" else _reason_en
        words = say(view, judgment, slots)
    if judgment.doubt is Doubt.UNPLACED:
        return words + unplaced_doubt_text(view, judgment, language)
    said = _DOUBTS.get(judgment.doubt, _INSIDE if judgment.inside else None)
    if said is not None:
        words += said.zh if language == "zh" else said.en
    return words


def cure_text(
    view: View,
    judgment: Judgment,
    language: Language,
    *,
    people: bool = True,
    slots: Slots | None = None,
) -> str:
    """Return the one cure that would mend the verdict; empty where nothing is to be mended.

    Without ``people`` it does not say how many residents would gain, who may all live in one block.
    With ``slots`` they stand in place of the judgment's own words.
    """
    slots = slots or slots_of(view, judgment, language)
    if not people:
        judgment = replace(judgment, mend_people=0.0)
    say = _cure_zh if language == "zh" else _cure_en
    cure = say(view, judgment, slots)
    if judgment.doubt is Doubt.UNPLACED:
        return unplaced_cure_text(view, judgment, cure, language)
    return cure


def _reason_zh(view: View, judgment: Judgment, slots: Slots) -> str:
    nearest, limit = slots.nearest, limit_text(judgment, "zh")
    match judgment.verdict:
        case Verdict.SERVED:
            reached = f"{percent(judgment.share, 'zh')}的居民步行{limit}内可达"
            return f"{reached}；最近为{nearest}（{slots.nearest_m}）"
        case Verdict.OFF_NETWORK:
            return f"{view.inputs.settings.max_snap_m:g}米内没有可步行的道路"
        case Verdict.NO_PROVIDER:
            return "没有站点提供此服务"
        case Verdict.CUT_OFF:
            return "有站点提供，但没有道路连通"
        case Verdict.TOO_FAR:
            return _too_far_zh(judgment, slots, limit)
        case Verdict.NOT_ENTITLED:
            return (
                f"有站点提供此服务，但都不面向本小区居民（如{slots.mend_at}）"
                if (judgment.mend is Mend.WIDEN_SCOPE)
                else "有站点提供此服务，但都不面向本小区居民"
            )
        case Verdict.NOT_ACCESSIBLE:
            who = walker_name(view, "zh")
            return f"{nearest}步行{slots.nearest_m}，但{_unable_zh(view, who)}{_obstacle(view, judgment, slots, 'zh')}"
        case Verdict.CLOSED:
            return f"{limit}内有站点，但{_moment(view, 'zh')}未开放"
        case Verdict.FULL:
            left = percent(judgment.reason_shares[REASONS.index(Verdict.FULL)], "zh")
            return f"{limit}内有站点，但接待能力不足，{left}的居民排不上"
        case Verdict.NOT_SURVEYED:
            return (
                f"此服务待摸底；已知最近为{nearest}（{slots.nearest_m}）"
                if judgment.nearest >= 0
                else "此服务待摸底"
            )
        case Verdict.NO_STANDARD:
            return "没有适用的配置标准"


def _unable_zh(view: View, who: str) -> str:
    """Return that a walker cannot come: an older person with difficulty, others not without barriers."""
    return f"{who}步行不便" if view.answer.walker == "older" else f"{who}无法无障碍到达"


def _too_far_zh(judgment: Judgment, slots: Slots, limit: str) -> str:
    where = f"最近为{slots.nearest}（步行{slots.nearest_m}）"
    if judgment.share > 0:
        return f"仅{percent(judgment.share, 'zh')}的居民在{limit}内；{where}"
    return f"{where}，标准为{limit}"


def _reason_en(view: View, judgment: Judgment, slots: Slots) -> str:
    nearest, limit = slots.nearest, limit_text(judgment, "en")
    match judgment.verdict:
        case Verdict.SERVED:
            return (
                f"{percent(judgment.share, 'en')} of residents live within {limit} on foot; "
                f"the nearest is {nearest} ({slots.nearest_m})."
            )
        case Verdict.OFF_NETWORK:
            return f"No walkable way within {view.inputs.settings.max_snap_m:g} m."
        case Verdict.NO_PROVIDER:
            return "No station offers this service."
        case Verdict.CUT_OFF:
            return "Stations offer it, but no street leads there."
        case Verdict.TOO_FAR:
            return _too_far_en(judgment, slots, limit)
        case Verdict.NOT_ENTITLED:
            return "Stations offer it, but none admits the residents of this block."
        case Verdict.NOT_ACCESSIBLE:
            who = walker_name(view, "en").lower()
            return (
                f"{nearest} is {slots.nearest_m} away, but out of reach ({who})"
                f"{_obstacle(view, judgment, slots, 'en')}."
            )
        case Verdict.CLOSED:
            return f"There is a station within {limit}, but none is open at {_moment(view, 'en')}."
        case Verdict.FULL:
            left = percent(judgment.reason_shares[REASONS.index(Verdict.FULL)], "en")
            return f"There is a station within {limit}, but no room for {left} of the residents."
        case Verdict.NOT_SURVEYED:
            known = (
                f"; the nearest known is {nearest} ({slots.nearest_m})"
                if judgment.nearest >= 0
                else ""
            )
            return f"Nobody has surveyed this service{known}."
        case Verdict.NO_STANDARD:
            return "No standard applies."


def _too_far_en(judgment: Judgment, slots: Slots, limit: str) -> str:
    where = f"the nearest is {slots.nearest}, {slots.nearest_m} on foot"
    if judgment.share > 0:
        return f"Only {percent(judgment.share, 'en')} of residents live within {limit}; {where}."
    return f"{where[0].upper()}{where[1:]}; the limit is {limit}."


def walker_name(view: View, language: Language) -> str:
    """Return the name of the walker by whom the study judges."""
    for walker in view.inputs.walkers:
        if walker.id == view.answer.walker:
            return walker.called(language)
    return label(WALKER, view.answer.walker, language)


def _obstacle(view: View, judgment: Judgment, slots: Slots, language: Language) -> str:
    """Return what stands between the door and the window of the station that could be mended."""
    if judgment.mend not in _BUILDING:
        return (
            "（有台阶或超过规定时间）"
            if language == "zh"
            else ": steps on the way, or too far for this pace"
        )
    station = view.stations[judgment.mend_at]
    parts = []
    if judgment.mend is not Mend.RAMP and station.floor is not None:
        lift = station.elevator is not True
        if language == "zh":
            parts.append(f"{slots.mend_at}在{station.floor}楼" + ("，无电梯" if lift else ""))
        else:
            parts.append(
                f"{slots.mend_at} is on floor {station.floor}"
                + (" without an elevator" if lift else "")
            )
    if judgment.mend is not Mend.GROUND_FLOOR:
        parts.append(
            f"{slots.mend_at}入口有台阶"
            if language == "zh"
            else f"{slots.mend_at} has steps at its entrance"
        )
    joined = "；".join(parts) if language == "zh" else "; ".join(parts)
    return f"（{joined}）" if language == "zh" else f": {joined}"


def _moment(view: View, language: Language) -> str:
    """Return the moment asked for: ``2026-11-23 10:00``, in Chinese ``2026年11月23日10:00``."""
    day, _, clock = view.inputs.settings.at.partition("T")
    if language == "en" or not clock:
        return f"{day} {clock}".strip()
    year, month, date = day.split("-")
    return f"{year}年{int(month)}月{int(date)}日{clock}"


_BUILDING = (Mend.GROUND_FLOOR, Mend.RAMP, Mend.GROUND_FLOOR_AND_RAMP)
_MEND_ZH = {
    Mend.ADD_SERVICE: "在{at}增设此服务",
    Mend.WIDEN_SCOPE: "把{at}的服务范围扩大到本小区",
    Mend.GROUND_FLOOR: "{at}迁至首层或加装电梯",
    Mend.RAMP: "{at}入口加建坡道",
    Mend.GROUND_FLOOR_AND_RAMP: "{at}迁至首层或加装电梯，并在入口加建坡道",
    Mend.OPEN: "{at}在该时段开放",
    Mend.PLACES: "扩大{at}的接待能力",
    Mend.NEW_STATION: "在{at}附近新设站点提供此服务",
}
_MEND_EN = {
    Mend.ADD_SERVICE: "Offer it at {at}",
    Mend.WIDEN_SCOPE: "Admit this block at {at}",
    Mend.GROUND_FLOOR: "Move {at} to the ground floor, or build an elevator",
    Mend.RAMP: "Build a ramp at the entrance of {at}",
    Mend.GROUND_FLOOR_AND_RAMP: "Move {at} to the ground floor or build an elevator, and a ramp at its entrance",
    Mend.OPEN: "Open {at} at that time",
    Mend.PLACES: "More room at {at}",
    Mend.NEW_STATION: "A new station near {at} that offers it",
}


def _mend(view: View, judgment: Judgment, slots: Slots, language: Language) -> str:
    """Return the change at one station, and what it is worth in residents where that is known."""
    zh = language == "zh"
    words = (_MEND_ZH if zh else _MEND_EN)[judgment.mend].format(at=slots.mend_at)
    people = round(judgment.mend_people)
    if people < 1 or view.answer.matrix.weighs_blocks:
        return words
    return f"{words}（可惠及{slots.gain}人）" if zh else f"{words} ({slots.gain} people would gain)"


def _cure_zh(view: View, judgment: Judgment, slots: Slots) -> str:
    limit, exits = limit_text(judgment, "zh"), view.exit_kind[judgment.block]
    match judgment.verdict:
        case Verdict.SERVED:
            return ""
        case Verdict.OFF_NETWORK:
            return "补绘道路，或在出入口表中给出大门"
        case Verdict.NOT_SURVEYED:
            return "请先摸底；确认站点清单完整后即可评价"
        case Verdict.NO_STANDARD:
            return "为此服务指定标准"
    if judgment.mend is not Mend.NONE:
        return _mend(view, judgment, slots, "zh")
    if (sooner := coming_cure(view, judgment, "zh")) is not None:
        return sooner
    if judgment.verdict is Verdict.NOT_ACCESSIBLE:
        return f"沿途台阶改坡道，或在{limit}内增设首层站点"
    if judgment.verdict is Verdict.CUT_OFF:
        return "核对缺失的道路、桥或大门；否则就地设站"
    gate = "；先核对出入口" if exits is ExitKind.INFERRED else ""
    if judgment.verdict is Verdict.TOO_FAR and math.isfinite(judgment.short_m):
        enough = percent(view.answer.min_share, "zh")
        station = f"建议在该小区步行{limit}范围内增设站点"
        if judgment.short_m > SHORT_CUT_M:
            return f"{station}{gate}"
        return f"{station}，或打通近路（要让{enough}的居民达标，还差{slots.short_m}）{gate}"
    return f"建议在该小区步行{limit}范围内增设站点{gate}"


def _cure_en(view: View, judgment: Judgment, slots: Slots) -> str:
    limit, exits = limit_text(judgment, "en"), view.exit_kind[judgment.block]
    match judgment.verdict:
        case Verdict.SERVED:
            return ""
        case Verdict.OFF_NETWORK:
            return "Add the missing lanes, or state the block's gates"
        case Verdict.NOT_SURVEYED:
            return "Survey the service first; it is judged once its list of stations is complete"
        case Verdict.NO_STANDARD:
            return "Name a standard for this service"
    if judgment.mend is not Mend.NONE:
        return _mend(view, judgment, slots, "en")
    if (sooner := coming_cure(view, judgment, "en")) is not None:
        return sooner
    if judgment.verdict is Verdict.NOT_ACCESSIBLE:
        return f"Ramps beside the steps on the way, or a ground-floor station within {limit}"
    if judgment.verdict is Verdict.CUT_OFF:
        return "Check for a missing street, bridge or gate; else a station on this side"
    gate = "; check the exits first" if exits is ExitKind.INFERRED else ""
    if judgment.verdict is Verdict.TOO_FAR and math.isfinite(judgment.short_m):
        enough = percent(view.answer.min_share, "en")
        if judgment.short_m > SHORT_CUT_M:
            return f"A station within {limit}{gate}"
        short = f"{slots.short_m} less for {enough} of residents"
        return f"A station within {limit}, or a shorter way ({short}){gate}"
    return f"A station within {limit}{gate}"
