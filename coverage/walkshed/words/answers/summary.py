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
    "blocks": Label(
        "{blocks:,}个小区（街坊）：各项均达标{served:,}个、至少一项未达标{out:,}个、"
        "待核实{check:,}个、待摸底{unknown:,}个",
        "{blocks:,} {blocks:block|blocks}: {served:,} {served:has|have} every service, {out:,} "
        "{out:lacks|lack} at least one, {check:,} {check:is|are} to be checked, {unknown:,} "
        "{unknown:is|are} not surveyed",
    ),
    "people": Label(
        "{blocks:,}个小区（街坊）、{people:,}人：各项均达标{served:,}个（{served_people:,}人）、"
        "至少一项未达标{out:,}个（{out_people:,}人）、待核实{check:,}个（{check_people:,}人）、"
        "待摸底{unknown:,}个（{unknown_people:,}人）",
        "{blocks:,} {blocks:block|blocks} with {people:,} {people:person|people}: {served:,} "
        "({served_people:,}) {served:has|have} every service, {out:,} ({out_people:,}) "
        "{out:lacks|lack} at least one, {check:,} ({check_people:,}) {check:is|are} to be checked, "
        "{unknown:,} ({unknown_people:,}) {unknown:is|are} not surveyed",
    ),
    "whole": Label("{said}。", "{said}."),
}
_SERVICES_NOT_SURVEYED = Counted(
    Label("{n:,}类服务待摸底", "{n:,} service is not surveyed"),
    Label("{n:,}类服务待摸底", "{n:,} {n:service is|services are} not surveyed"),
)
_HEADLINE_AND = Label("{said}{more}。", "{said} {more}.")

_SERVICE = {
    "line": Label("{service}：{said}", "{service}: {said}"),
    "no_standard": Label("无标准", "no standard"),
    "blocks": Label(
        "{all:,}个小区（达标{served:,}、未达标{out:,}、待核实{check:,}、待摸底{unknown:,}）",
        "{all:,} {all:block|blocks} ({served:,} served, {out:,} left out, {check:,} to check, "
        "{unknown:,} not surveyed)",
    ),
    "people": Label(
        "{all:,}人（达标{served:,}、未达标{out:,}、待核实{check:,}、待摸底{unknown:,}）",
        "{all:,} {all:person|people} ({served:,} served, {out:,} left out, {check:,} to check, "
        "{unknown:,} not surveyed)",
    ),
    "some_no_standard": Label(
        "待摸底中{n:,}个小区无标准",
        "of those not surveyed {n:,} {n:block has|blocks have} no standard",
    ),
}

#: Why verdicts are in doubt.
IN_DOUBT = Label(
    "· 待核实：靠近地图边缘、地图缺路、站点未定位或距离为推算",
    "· to check: edge of the map, no mapped way, station without a place, or guessed meters",
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
    """Return how many blocks have every service, lack one, are to be checked or not surveyed, and their people.

    ``unsurveyed`` services are not surveyed in all blocks; what fails there nobody knows.
    """
    parts = {"served": "served", "out": "out", "check": "to_check", "unknown": "unknown"}
    blocks = {part: numbers[f"blocks_{key}"] for part, key in parts.items()}
    fields = {"blocks": numbers["blocks"], **blocks}

    # the people, where any are known
    if numbers["people"] is not None:
        people = {f"{part}_people": numbers[f"people_where_{key}"] for part, key in parts.items()}
        fields |= {"people": numbers["people"], **people}

    words = _HEADLINE["blocks" if numbers["people"] is None else "people"]
    said = _HEADLINE["whole"].said(language, said=words.said(language, **fields))
    if not unsurveyed:
        return said
    return _HEADLINE_AND.said(
        language, said=said, more=_SERVICES_NOT_SURVEYED.said(language, unsurveyed)
    )


def service_line(service: Service, found: Totals, language: Language) -> str:
    """Return of a service how many are served, left out, to be checked and not surveyed: blocks, and people."""
    if found.blocks and found.blocks_no_standard == found.blocks:
        said = _SERVICE["no_standard"].in_(language)
    else:
        said = joined(_judged(found, language), FACTS, language)
    return _SERVICE["line"].said(language, service=service.called(language), said=said)


def _judged(found: Totals, language: Language) -> list[str]:
    """Return the facts of a service that has a standard: four numbers of blocks, four of people, and why."""
    facts = [
        _SERVICE["blocks"].said(
            language,
            all=found.blocks,
            served=found.blocks_served,
            out=found.blocks_out,
            check=found.blocks_in_doubt,
            unknown=found.blocks_unknown,
        )
    ]
    if found.counted:
        people = _SERVICE["people"].said(
            language,
            all=found.people,
            served=found.people_served,
            out=found.people_out,
            check=found.people_in_doubt,
            unknown=found.people_unknown,
        )
        facts.append(people)

    if found.blocks_no_standard:
        no_standard = _SERVICE["some_no_standard"].said(language, n=found.blocks_no_standard)
        facts.append(no_standard)
    return facts


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
