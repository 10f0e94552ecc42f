"""The answer of a run in a few lines, for a terminal; every figure is one that the tables print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from walkshed.model.labels import Label, Language
from walkshed.model.results import Settings
from walkshed.model.town.places import Service
from walkshed.needs.measures.totals import Totals
from walkshed.words.quantities import FACTS, NAMES, Counted, joined, plain_limit

#: A line names at most so many stations.
_NAMED = 5

_ILLUSTRATIVE = Label("{name}（示意数据）", "{name} (illustrative)")
#: A name that holds this tells by itself that its study is illustrative.
_TOLD_BY_NAME = Label("虚构", "(illustrative)")

_NOTHING_SURVEYED = Label(
    "{blocks:,}个小区（街坊）：各项服务均待摸底，目前仅掌握已列出的站点。",
    "{blocks:,} {blocks:block|blocks}; no service is surveyed: only the stations that are listed "
    "are known.",
)
_HEADLINE = {
    "failing": Label(
        "{blocks:,}个小区（街坊）中{failing:,}个至少有一项服务不达标",
        "{failing:,} of {blocks:,} {blocks:block|blocks} {failing:is|are} below standard for at "
        "least one service",
    ),
    "live_there": Label(
        "{said}，居住{there:,}人（共{people:,}人）",
        "{said}; {there:,} of {people:,} {people:person|people} {there:lives|live} there",
    ),
    "people_to_check": Label(
        "{said}（{people:,}人）", "{said} ({people:,} {people:person|people})"
    ),
    "whole": Label("{failing}。", "{failing}."),
    "with_checks": Label("{failing}；{to_check}。", "{failing}; {to_check}."),
}
_MORE_TO_CHECK = Counted(
    Label("另有{n:,}个待核实", "{n:,} more is to be checked"),
    Label("另有{n:,}个待核实", "{n:,} more are to be checked"),
)
_SERVICES_NOT_SURVEYED = Counted(
    Label("另有{n:,}类服务待摸底，未计入", "{n:,} more service is not surveyed and not counted"),
    Label(
        "另有{n:,}类服务待摸底，未计入",
        "{n:,} more {n:service is|services are} not surveyed and not counted",
    ),
)
_HEADLINE_AND = Label("{said}{more}。", "{said} {more}.")

_SERVICE = {
    "line": Label("{service}：{said}", "{service}: {said}"),
    "no_standard": Label("无标准", "no standard"),
    "failing": Label(
        "{blocks:,}个中{n:,}个不达标", "{n:,} of {blocks:,} {blocks:block|blocks} below standard"
    ),
    "to_check": Label(
        "{n:,}个待核实（靠近地图边缘、地图缺路、站点未定位或距离为推算）",
        "{n:,} to be checked (edge of the map, no mapped way, station without a place, "
        "or guessed meters)",
    ),
    "served": Label("{n:,}个达标", "{n:,} {n:is|are} served"),
    "left_out": Label(
        "{people:,}人中{n:,}人未覆盖", "{n:,} of {people:,} {people:person|people} left out"
    ),
    "people_to_check": Label("{n:,}人待核实", "{n:,} {n:person|people} to be checked"),
    "left_out_of_surveyed": Label(
        "已摸底范围内{n:,}人未覆盖，其余{unknown:,}人待摸底",
        "{n:,} {n:person|people} left out of those surveyed, {unknown:,} more not surveyed",
    ),
}
_NOT_SURVEYED = Counted(
    Label("{n:,}个待摸底", "{n:,} block not surveyed"),
    Label("{n:,}个待摸底", "{n:,} {n:block|blocks} not surveyed"),
)
_NO_STANDARD = Counted(
    Label("{n:,}个无标准", "{n:,} block without a standard"),
    Label("{n:,}个无标准", "{n:,} {n:block|blocks} without a standard"),
)

_STATIONS_OFF_NETWORK = Counted(
    Label(
        "· {all:,}个站点中{n:,}个周围地图缺少道路（{meters}内没有），"
        "暂未计入评价（不代表站点未运行）：{named}；请核对坐标和坐标系",
        "· {n:,} of {all:,} {all:station|stations}: the map has no way within {meters}; "
        "not counted, though it may well be running: {named}; check their coordinates and crs",
    ),
    Label(
        "· {all:,}个站点中{n:,}个周围地图缺少道路（{meters}内没有），"
        "暂未计入评价（不代表站点未运行）：{named}；请核对坐标和坐标系",
        "· {n:,} of {all:,} {all:station|stations}: the map has no way within {meters}; "
        "not counted, though they may well be running: {named}; check their coordinates and crs",
    ),
)
_BLOCKS_OFF_NETWORK = Counted(
    Label(
        "· {n:,}个小区（街坊）{meters}内地图没有道路，暂未计入评价",
        "· {n:,} block is off the network: no way within {meters}",
    ),
    Label(
        "· {n:,}个小区（街坊）{meters}内地图没有道路，暂未计入评价",
        "· {n:,} {n:block is|blocks are} off the network: no way within {meters}",
    ),
)
_AND_MORE = Label("{named}等", "{named} …")

_VISITORS = {
    "line": Label(
        "访客（另计，不计入居民）{places:,}处{total:,}人，按{walker}步行：{said}",
        "Visitors (apart from residents): {total:,} at {places:,} {places:place|places}, walker: "
        "{walker}; {said}",
    ),
    "served": Label("{service}{n:,}人达标", "{service} for {n:,}"),
    "served_so_far": Label(
        "{service}{n:,}人达标、其余待摸底", "{service} for {n:,} (the others are not surveyed)"
    ),
    "not_surveyed": Label("{service}待摸底", "{service} not surveyed"),
    "no_standard": Label("无标准", "no standard"),
    "room": Label(
        "{said}；接待能力只在访客之间核算，不与居民合计",
        "{said}; room is judged among visitors alone, not shared with residents",
    ),
}


def title(settings: Settings) -> str:
    """Return what the study is called, and that it is illustrative where its name does not tell."""
    language, name = settings.language, settings.name
    if not settings.illustrative or _TOLD_BY_NAME.in_(language) in name:
        return name
    return _ILLUSTRATIVE.said(language, name=name)


def nothing_surveyed(blocks: int, language: Language) -> str:
    """Return that nobody has surveyed any service of so many blocks."""
    return _NOTHING_SURVEYED.said(language, blocks=blocks)


def headline_text(numbers: Mapping[str, Any], language: Language, *, unsurveyed: int = 0) -> str:
    """Return how many blocks fail for sure, how many are to be checked, and how many people live in each.

    ``unsurveyed`` services are not surveyed in all blocks; what fails there nobody knows.
    """
    failing = _HEADLINE["failing"].said(
        language, blocks=numbers["blocks"], failing=numbers["blocks_out"]
    )
    to_check = _MORE_TO_CHECK.said(language, numbers["blocks_to_check"])

    # the people, where any are known
    if numbers["people"] is not None:
        there, people = numbers["people_where_out"], numbers["people"]
        failing = _HEADLINE["live_there"].said(language, said=failing, there=there, people=people)
        unsure = numbers["people_where_to_check"]
        to_check = _HEADLINE["people_to_check"].said(language, said=to_check, people=unsure)

    key = "with_checks" if numbers["blocks_to_check"] else "whole"
    said = _HEADLINE[key].said(language, failing=failing, to_check=to_check)
    if not unsurveyed:
        return said
    return _HEADLINE_AND.said(
        language, said=said, more=_SERVICES_NOT_SURVEYED.said(language, unsurveyed)
    )


def service_line(service: Service, found: Totals, language: Language) -> str:
    """Return what a service misses: blocks that fail, people left out, and what nobody can judge."""
    if found.blocks and found.blocks_no_standard == found.blocks:
        said = _SERVICE["no_standard"].in_(language)
    elif found.blocks_unknown == found.blocks:
        said = _unjudged(found, language)
    else:
        said = joined(_judged(found, language), FACTS, language)
    return _SERVICE["line"].said(language, service=service.called(language), said=said)


def _judged(found: Totals, language: Language) -> list[str]:
    """Return the facts of a service that some block is judged by."""

    def fact(key: str, n: int, **fields: int) -> str:
        return _SERVICE[key].said(language, n=n, **fields)

    # blocks; where most are not surveyed, that none fails for sure is no news
    facts = []
    if found.blocks_out or not found.blocks_unknown:
        facts.append(fact("failing", found.blocks_out, blocks=found.blocks))
    if found.blocks_in_doubt:
        facts.append(fact("to_check", found.blocks_in_doubt))
    if found.blocks_unknown and found.blocks_served:
        facts.append(fact("served", found.blocks_served))

    # people
    if found.counted and found.blocks_not_surveyed:
        unknown = found.people_unknown
        facts.append(fact("left_out_of_surveyed", found.people_out, unknown=unknown))
    elif found.counted:
        facts.append(fact("left_out", found.people_out, people=found.people))
    if found.counted and found.people_in_doubt:
        facts.append(fact("people_to_check", found.people_in_doubt))

    if found.blocks_unknown:
        facts.append(_unjudged(found, language))
    return facts


def _unjudged(found: Totals, language: Language) -> str:
    """Return how many blocks are not judged, and why."""
    counts = (
        (_NOT_SURVEYED, found.blocks_not_surveyed),
        (_NO_STANDARD, found.blocks_no_standard),
    )
    said = [words.said(language, count) for words, count in counts if count]
    return joined(said, FACTS, language)


def off_network_lines(
    stations: Sequence[str], blocks: int, settings: Settings, *, of_stations: int
) -> list[str]:
    """Return a line on stations and one on blocks that no street reaches: most often a slip in their coordinates.

    ``stations`` are the names of those ``of_stations`` that are off the network.
    """
    language = settings.language
    meters = plain_limit(settings.max_snap_m, "m", language)
    lines = []
    if stations:
        named = joined(stations[:_NAMED], NAMES, language)
        if len(stations) > _NAMED:
            named = _AND_MORE.said(language, named=named)
        lines.append(
            _STATIONS_OFF_NETWORK.said(
                language, len(stations), all=of_stations, meters=meters, named=named
            )
        )
    if blocks:
        lines.append(_BLOCKS_OFF_NETWORK.said(language, blocks, meters=meters))
    return lines


def visitors_text(
    served: Sequence[tuple[str, int, bool]],
    language: Language,
    *,
    total: int,
    places: int,
    walker: str,
    room_counts: bool,
) -> str:
    """Return who of the visitors is served, by the names of the services that have a standard.

    ``served`` tells of each how many, and whether it is surveyed wherever the others are.

    Where ``room_counts``, it says that room is judged among visitors alone.
    """
    each = [
        _VISITORS[_served_key(count, surveyed=surveyed)].said(language, service=name, n=count)
        for name, count, surveyed in served
    ]
    told = joined(each, FACTS, language) or _VISITORS["no_standard"].in_(language)
    if room_counts:
        told = _VISITORS["room"].said(language, said=told)
    return _VISITORS["line"].said(language, places=places, total=total, walker=walker, said=told)


def _served_key(count: int, *, surveyed: bool) -> str:
    """Return which words tell how many visitors a service serves."""
    if surveyed:
        return "served"
    return "served_so_far" if count else "not_surveyed"
