"""What changed between two ways of judging, in words: walker, rule and moment before and after."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from walkshed.model.labels import Label, Language
from walkshed.model.results import View
from walkshed.model.town.places import Need
from walkshed.words.quantities import SENTENCES, Counted, joined, moment_text
from walkshed.words.verdicts import limit_of, walker_name

_WORDS = {
    "way": Label("{walker}，{limit}", "{walker}, {limit}"),
    "walker": Label("行走方式：{before}→{after}", "walker: {before} → {after}"),
    "rule": Label("标准：{before}→{after}（{source}）", "rule: {before} → {after} ({source})"),
    "moment": Label("时刻：{before}→{after}", "moment: {before} → {after}"),
    "straight": Label("直线{limit}", "{limit} as the crow flies"),
    "places": Label(
        "{limit}、每千人{places:g}个位置", "{limit} and {places:g} {places:place|places} per 1,000"
    ),
    "no_standard": Label("无标准", "no standard"),
    "any_time": Label("不限时", "any time"),
    "residents": Label("站点、服务或人口有变", "stations, offers or residents differ"),
}
_WHY = Counted(
    Label("{why}（{n}个小区）", "{why} ({n} block)"),
    Label("{why}（{n}个小区）", "{why} ({n} {n:block|blocks})"),
)

_FROM_TO = Label("{before:,} → {after:,}", "{before:,} → {after:,}")
_SURE_AND_TO_CHECK = Label("{sure}（另有待核实{unsure}）", "{sure} (to be checked: {unsure})")


def failing_blocks(counts: Mapping[Hashable, Any], language: Language) -> str:
    """Return how many blocks fail before and after, those to be checked apart; ``counts`` by column."""
    doubted = counts["blocks_in_doubt_before"], counts["blocks_in_doubt_after"]
    failing = counts["blocks_failing_before"], counts["blocks_failing_after"]
    sure = _FROM_TO.said(language, before=failing[0] - doubted[0], after=failing[1] - doubted[1])
    if not any(doubted):
        return sure
    unsure = _FROM_TO.said(language, before=doubted[0], after=doubted[1])
    return _SURE_AND_TO_CHECK.said(language, sure=sure, unsure=unsure)


def way_text(view: View, need: Need | None, language: Language) -> str:
    """Return walker and limit in a few words."""
    limit = _WORDS["no_standard"].in_(language) if need is None else limit_of(need, language)
    return _WORDS["way"].said(language, walker=walker_name(view, language), limit=limit)


def why_text(before: View, after: View, old: Need | None, new: Need | None) -> str:
    """Return what was judged otherwise: walker, rule, moment; else the stations or residents themselves."""
    language = after.language
    parts = []

    # the walker
    if before.answer.walker != after.answer.walker:
        walkers = walker_name(before, language), walker_name(after, language)
        parts.append(_from_to("walker", walkers, language))

    # the rule
    if _asks(old) != _asks(new):
        nothing = _WORDS["no_standard"].in_(language)
        source = nothing if new is None else new.source_in(language)
        limits = _asked(old, language), _asked(new, language)
        parts.append(_from_to("rule", limits, language, source=source))

    # the moment
    moments = before.inputs.settings.at, after.inputs.settings.at
    if moments[0] != moments[1]:
        shown = _moment(moments[0], language), _moment(moments[1], language)
        parts.append(_from_to("moment", shown, language))

    return joined(parts, SENTENCES, language) or _WORDS["residents"].in_(language)


def counted_whys(whys: Iterable[tuple[object, int]], language: Language) -> str:
    """Return reasons in a row, each with the number of blocks that changed for it."""
    said = [_WHY.said(language, count, why=why) for why, count in whys]
    return joined(said, SENTENCES, language)


def _from_to(key: str, ends: tuple[str, str], language: Language, **fields: str) -> str:
    return _WORDS[key].said(language, before=ends[0], after=ends[1], **fields)


def _moment(at: str, language: Language) -> str:
    return moment_text(at, language) or _WORDS["any_time"].in_(language)


def _asks(need: Need | None) -> tuple[object, ...] | None:
    """Return what a rule asks, whoever says so."""
    return None if need is None else (need.limit, need.unit, need.metric, need.places_per_1000)


def _asked(need: Need | None, language: Language) -> str:
    """Return the limit in words, with the places per 1,000 people where the rule asks for any, and the metric."""
    if need is None:
        return "–"
    words = limit_of(need, language)
    if need.metric == "radius":
        words = _WORDS["straight"].said(language, limit=words)
    if need.places_per_1000 is not None:
        words = _WORDS["places"].said(language, limit=words, places=need.places_per_1000)
    return words
