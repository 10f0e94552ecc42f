"""Verdicts, reasons, cures and rules in words; every figure comes from the judgment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from walkshed.model.idioms import habits_of
from walkshed.model.judged.judgments import Judgment
from walkshed.model.judged.verdicts import REASONS, Doubt, ExitKind, Mend, Verdict
from walkshed.model.labels import BASIS, WALKER, Label, Language, label
from walkshed.model.results import View
from walkshed.model.town.places import Need
from walkshed.model.town.walkers import Walker
from walkshed.words.outreach import coming_cure, coming_text, promise_text
from walkshed.words.quantities import (
    NAMES,
    SENTENCES,
    going_on,
    joined,
    measured,
    meters,
    moment_text,
    percent,
    plain_limit,
)
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
        " Meters inside the compound are a guess: served if straight, not with a detour of 1.6; "
        "to be checked.",
    ),
}
_INSIDE = Label("（小区内距离为推算）", " Meters inside the compound are a guess.")


#: Why a block has its verdict: by the verdict, and what else is known.
_REASONS = {
    "served": Label(
        "{share}的居民步行{limit}内可达；最近为{nearest}（{nearest_m}）",
        "{share} of residents live within {limit} on foot; the nearest is {nearest} ({nearest_m}).",
    ),
    "off_network": Label("{snap}内没有可步行的道路", "No walkable way within {snap}."),
    "no_provider": Label("没有站点提供此服务", "No station offers this service."),
    "cut_off": Label("有站点提供，但没有道路连通", "Stations offer it, but no street leads there."),
    "too_far": Label(
        "最近为{nearest}（步行{nearest_m}），标准为{limit}",
        "The nearest is {nearest}, {nearest_m} on foot; the limit is {limit}.",
    ),
    "too_far_for_most": Label(
        "仅{share}的居民在{limit}内；最近为{nearest}（步行{nearest_m}）",
        "Only {share} of residents live within {limit}; "
        "the nearest is {nearest}, {nearest_m} on foot.",
    ),
    "not_entitled": Label(
        "有站点提供此服务，但都不面向本小区居民",
        "Stations offer it, but none admits the residents of this block.",
    ),
    # the cure names the station in English
    "not_entitled_at": Label(
        "有站点提供此服务，但都不面向本小区居民（如{mend_at}）",
        "Stations offer it, but none admits the residents of this block.",
    ),
    "not_accessible": Label(
        "{nearest}步行{nearest_m}，但{who}无法无障碍到达{obstacle}",
        "{nearest} is {nearest_m} away, but out of reach ({who}){obstacle}.",
    ),
    "not_accessible_to_older": Label(
        "{nearest}步行{nearest_m}，但{who}步行不便{obstacle}",
        "{nearest} is {nearest_m} away, but out of reach ({who}){obstacle}.",
    ),
    "closed": Label(
        "{limit}内有站点，但{moment}未开放",
        "There is a station within {limit}, but none is open at {moment}.",
    ),
    "full": Label(
        "{limit}内有站点，但接待能力不足，尚有{left}的居民得不到服务",
        "There is a station within {limit}, but no room for {left} of the residents.",
    ),
    "not_surveyed": Label("此服务待摸底", "Nobody has surveyed this service."),
    "not_surveyed_known": Label(
        "此服务待摸底；已知最近为{nearest}（{nearest_m}）",
        "Nobody has surveyed this service; the nearest known is {nearest} ({nearest_m}).",
    ),
    "no_standard": Label("没有适用的配置标准", "No standard applies."),
}

#: What stands between the door and the window of a station.
_OBSTACLES = {
    "on_the_way": Label("（有台阶或超过规定时间）", ": steps on the way, or too far for this pace"),
    "floor": Label("{at}在{floor}楼", "{at} is on floor {floor}"),
    "floor_no_elevator": Label(
        "{at}在{floor}楼，无电梯", "{at} is on floor {floor} without an elevator"
    ),
    "steps": Label("{at}入口有台阶", "{at} has steps at its entrance"),
    "at_station": Label("（{said}）", ": {said}"),
}
_MOMENT = Label("{year}年{month}月{day}日{clock}", "{year}-{month:02}-{day:02} {clock}")

#: The change at one station that mends a verdict.
_MENDS = {
    Mend.ADD_SERVICE: Label("在{at}增设此服务", "Offer it at {at}"),
    Mend.WIDEN_SCOPE: Label("将{at}的服务范围扩大到本小区", "Admit this block at {at}"),
    Mend.GROUND_FLOOR: Label(
        "{at}迁至首层或加装电梯", "Move {at} to the ground floor, or build an elevator"
    ),
    Mend.RAMP: Label("{at}入口加建坡道", "Build a ramp at the entrance of {at}"),
    Mend.GROUND_FLOOR_AND_RAMP: Label(
        "{at}迁至首层或加装电梯，并在入口加建坡道",
        "Move {at} to the ground floor or build an elevator, and a ramp at its entrance",
    ),
    Mend.OPEN: Label("{at}在该时段开放", "Open {at} at that time"),
    Mend.PLACES: Label("扩大{at}的接待能力", "Make more room at {at}"),
    Mend.NEW_STATION: Label(
        "在{at}附近新设站点提供此服务", "Open a facility near {at} that offers it"
    ),
}
_BUILDING = (Mend.GROUND_FLOOR, Mend.RAMP, Mend.GROUND_FLOOR_AND_RAMP)
_GAIN = Label("{cure}（可惠及{gain}人）", "{cure} ({gain} {gain:person|people} would gain)")

#: What mends a verdict that no change at one station does.
_CURES = {
    Verdict.SERVED: Label("", ""),
    Verdict.OFF_NETWORK: Label(
        "补绘道路，或在出入口表中补充大门", "Add the missing lanes, or state the block's gates"
    ),
    Verdict.NOT_SURVEYED: Label(
        "请先摸底；确认站点清单完整后即可评价",
        "Survey the service first; it is judged once its list of stations is complete",
    ),
    Verdict.NO_STANDARD: Label("为此服务指定标准", "Name a standard for this service"),
}
_CURES_ON_THE_WAY = {
    Verdict.NOT_ACCESSIBLE: Label(
        "沿途台阶改坡道，或在{limit}内增设首层站点",
        "Build ramps beside the steps on the way, or open a ground-floor facility within {limit}",
    ),
    Verdict.CUT_OFF: Label(
        "核对缺失的道路、桥或大门；否则就地设站",
        "Check for a missing street, bridge or gate; else open a facility on this side",
    ),
}
_STATION = Label("建议在该小区步行{limit}范围内增设站点", "Open a facility within {limit}")
_SHORT_CUT = Label(
    "{station}，或打通近路（要让{enough}的居民达标，还差{short_m}）",
    "{station}, or shorten the walk by {short_m} (for {enough} of residents)",
)
_EXITS_FIRST = Label("{cure}；先核对出入口", "{cure}; check the exits first")

_NO_RULE = Label("无标准", "no standard")
_SOURCE = Label("{rule}；来源：{source}", "{rule}; source: {source}")
_OF_MINUTES = Label("{rule}（标准为{minutes}分钟）", "{rule} (for {minutes} min)")
_OWN_PACE = Label("{rule}（按行走者步速）", "{rule} (at the walker's own pace)")
#: Minutes are walked door to window, floors and steps included: the meters are those on the level.
_AT_PACES = Label(
    "{rule}（按行走者步速，平路{paces}）", "{rule} (at the walker's own pace, on the level {paces})"
)
_PACE = Label("{who}{away}", "{who} {away}")
#: Beside meters that are walked, minutes say how far they take the walker.
_MINUTES_AWAY = Label("{limit}（平路{away}）", "{limit} ({away} on the level)")
_BETWEEN = Label("{least}至{largest}", "{least} to {largest}")
_BASED = Label("{rule}（{basis}）", "{rule} ({basis})")
_UNVERIFIED = Label("{rule}（待核实）", "{rule} (unverified)")


def limit_text(judgment: Judgment, language: Language) -> str:
    """Return the limit as its rule has it: ``500 m``, or minutes; a dash without a rule."""
    return "–" if judgment.need is None else limit_of(judgment.need, language)


def limit_of(need: Need, language: Language) -> str:
    """Return the limit of a rule: ``500 m``, or minutes."""
    if need.unit == "m" and habits_of(language).units == "metric":
        return meters(need.limit, language)
    return plain_limit(need.limit, need.unit, language)


def rule_text(
    need: Need | None, language: Language, walkers: Sequence[Walker] = (), *, comes: bool = False
) -> str:
    """Return the rule in one line: metric, limit, source, verified or not; ``comes`` for a service at the door.

    A rule in minutes says how far the ``walkers`` who are judged by it come in that time.
    """
    if need is None:
        return _NO_RULE.in_(language)
    if comes:
        rule = promise_text(need, language)
    else:
        rule = measured(need.metric, need.unit, [need.limit], language)
        if need.unit == "min":
            rule = _paced(rule, need, walkers, language)
    if need.minutes is not None:
        rule = _OF_MINUTES.said(language, rule=rule, minutes=f"{need.minutes:g}")
    told = _SOURCE.said(language, rule=rule, source=need.source_in(language))
    if need.basis is not None:
        told = _BASED.said(language, rule=told, basis=BASIS[need.basis].in_(language))
    return told if need.verified else _UNVERIFIED.said(language, rule=told)


def _paced(rule: str, need: Need, walkers: Sequence[Walker], language: Language) -> str:
    """Return a rule in minutes with the meters that each walker comes in them, on the level."""
    if not walkers:
        return _OWN_PACE.said(language, rule=rule)
    paces = [
        _PACE.said(
            language,
            who=going_on(walker.called(language), language),
            away=away_text(walker, [need.limit], language),
        )
        for walker in walkers
    ]
    return _AT_PACES.said(language, rule=rule, paces=joined(paces, NAMES, language))


def away_text(walker: Walker, limits_min: Sequence[float], language: Language) -> str:
    """Return how far a walker comes on the level in the least and in the largest of some minutes."""
    least, largest = (
        meters(60.0 * minutes * walker.speed_m_s, language)
        for minutes in (min(limits_min), max(limits_min))
    )
    return least if least == largest else _BETWEEN.said(language, least=least, largest=largest)


def reason_text(
    view: View, judgment: Judgment, language: Language, *, slots: Slots | None = None
) -> str:
    """Return why the block has this verdict, with its rule, limit, distance and nearest station.

    With ``slots`` they stand in place of the judgment's own words.
    """
    slots = slots or slots_of(view, judgment, language)
    words = coming_text(view, judgment, slots, language)
    if words is None:
        words = _reason(view, judgment, slots, language)
    if judgment.doubt is Doubt.UNPLACED:
        return words + unplaced_doubt_text(view, judgment, language)
    said = _DOUBTS.get(judgment.doubt, _INSIDE if judgment.inside else None)
    return words if said is None else words + said.in_(language)


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
    cure = _cure(view, judgment, slots, language)
    if judgment.doubt is Doubt.UNPLACED:
        return unplaced_cure_text(view, judgment, cure, language)
    return cure


def _reason(view: View, judgment: Judgment, slots: Slots, language: Language) -> str:
    """Return the reason of a verdict, without its doubts."""
    fields: dict[str, object] = {
        "nearest": slots.nearest,
        "nearest_m": slots.nearest_m,
        "mend_at": slots.mend_at,
        "limit": limit_text(judgment, language),
        "snap": plain_limit(view.inputs.settings.max_snap_m, "m", language),
    }

    # what a few verdicts alone tell
    match judgment.verdict:
        case Verdict.SERVED | Verdict.TOO_FAR:
            fields["share"] = percent(judgment.share, language)
            fields["limit"] = _limit_beside_meters(view, judgment, language)
        case Verdict.NOT_ACCESSIBLE:
            fields["who"] = going_on(walker_name(view, language), language)
            fields["obstacle"] = _obstacle(view, judgment, slots, language)
        case Verdict.CLOSED:
            fields["moment"] = _moment(view, language)
        case Verdict.FULL:
            left = judgment.reason_shares[REASONS.index(Verdict.FULL)]
            fields["left"] = percent(left, language)

    return _REASONS[_reason_key(view, judgment)].said(language, **fields)


def _limit_beside_meters(view: View, judgment: Judgment, language: Language) -> str:
    """Return the limit; one in minutes with the meters that the walker who is judged comes in them."""
    limit = limit_text(judgment, language)
    need = judgment.need
    walkers = [walker for walker in view.inputs.walkers if walker.id == view.answer.walker]
    if need is None or need.unit != "min" or not walkers:
        return limit
    away = away_text(walkers[0], [need.limit], language)
    return _MINUTES_AWAY.said(language, limit=limit, away=away)


def _reason_key(view: View, judgment: Judgment) -> str:
    """Return which of the reasons is told."""
    match judgment.verdict:
        case Verdict.TOO_FAR if judgment.share > 0:
            return "too_far_for_most"
        case Verdict.NOT_ENTITLED if judgment.mend is Mend.WIDEN_SCOPE:
            return "not_entitled_at"
        case Verdict.NOT_ACCESSIBLE if view.answer.walker == "older":
            return "not_accessible_to_older"
        case Verdict.NOT_SURVEYED if judgment.nearest >= 0:
            return "not_surveyed_known"
    return judgment.verdict.value


def walker_name(view: View, language: Language) -> str:
    """Return the name of the walker by whom the study judges."""
    for walker in view.inputs.walkers:
        if walker.id == view.answer.walker:
            return walker.called(language)
    return label(WALKER, view.answer.walker, language)


def _obstacle(view: View, judgment: Judgment, slots: Slots, language: Language) -> str:
    """Return what stands between the door and the window of the station that could be mended."""
    if judgment.mend not in _BUILDING:
        return _OBSTACLES["on_the_way"].in_(language)

    station, parts = view.stations[judgment.mend_at], []
    if judgment.mend is not Mend.RAMP and station.floor is not None:
        key = "floor" if station.elevator is True else "floor_no_elevator"
        parts.append(_OBSTACLES[key].said(language, at=slots.mend_at, floor=station.floor))
    if judgment.mend is not Mend.GROUND_FLOOR:
        parts.append(_OBSTACLES["steps"].said(language, at=slots.mend_at))
    return _OBSTACLES["at_station"].said(language, said=joined(parts, SENTENCES, language))


def _moment(view: View, language: Language) -> str:
    """Return the moment asked for: ``2026-11-23 10:00``, in Chinese ``2026年11月23日10:00``."""
    date, _, clock = view.inputs.settings.at.partition("T")
    if not clock:
        return date
    if habits_of(language).clock == 12:
        return moment_text(view.inputs.settings.at, language)
    year, month, day = date.split("-")
    return _MOMENT.said(language, year=year, month=int(month), day=int(day), clock=clock)


def _cure(view: View, judgment: Judgment, slots: Slots, language: Language) -> str:
    """Return the cure of a verdict, without its doubts."""
    verdict = judgment.verdict
    if verdict in _CURES:
        return _CURES[verdict].in_(language)
    if judgment.mend is not Mend.NONE:
        return _mend(view, judgment, slots, language)
    if (sooner := coming_cure(view, judgment, language)) is not None:
        return sooner

    limit = limit_text(judgment, language)
    if verdict in _CURES_ON_THE_WAY:
        return _CURES_ON_THE_WAY[verdict].said(language, limit=limit)

    # a station, or a way through where it could be short enough
    cure = _STATION.said(language, limit=limit)
    if verdict is Verdict.TOO_FAR and judgment.short_m <= SHORT_CUT_M:
        enough = percent(view.answer.min_share, language)
        cure = _SHORT_CUT.said(language, station=cure, enough=enough, short_m=slots.short_m)
    if view.exit_kind[judgment.block] is ExitKind.INFERRED:
        cure = _EXITS_FIRST.said(language, cure=cure)
    return cure


def _mend(view: View, judgment: Judgment, slots: Slots, language: Language) -> str:
    """Return the change at one station, and what it is worth in residents where that is known."""
    cure = _MENDS[judgment.mend].said(language, at=slots.mend_at)
    if round(judgment.mend_people) < 1 or view.answer.matrix.weighs_blocks:
        return cure
    return _GAIN.said(language, cure=cure, gain=slots.gain)
