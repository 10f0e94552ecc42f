"""The answer of a run in a few lines, for a terminal: what each service misses, Chinese and English as equals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from walkshed.model.judged.verdicts import Verdict
from walkshed.model.results import Language, Results, caveats
from walkshed.model.town.places import Service
from walkshed.needs.exits.inside import inside_walks
from walkshed.needs.measures.totals import Totals, totals_by_service
from walkshed.reports.tables.areas import headline
from walkshed.reports.tables.visitors import visitors_line


def summary_lines(results: Results) -> list[str]:
    """Return the headline and one line per service, in the study's language; figures are those of the tables."""
    settings, services = results.inputs.settings, results.inputs.services
    numbers = headline(results)
    totals = totals_by_service(results.main.judgments)
    nobody_knows = not any(service.complete for service in services)
    apart = visitors_line(results, settings.language)
    far = _off_network(results, settings.language)
    drawn = results.network.notes if results.extract is None else ()
    said = [
        *([apart] if apart else []),
        *far,
        *(f"· {remark}" for remark in (*caveats(results), *drawn)),
    ]
    if settings.language == "zh":
        head = f"{settings.name}{'（示意数据）' if settings.illustrative and '虚构' not in settings.name else ''}"
        first = f"{numbers['blocks']:,}个小区（街坊）：各项服务均待摸底，只知已列出的站点。"
        return [
            head,
            first if nobody_knows else _headline_zh(numbers),
            *map(_service_zh, services, totals),
            *said,
        ]
    head = f"{settings.name}{' (illustrative)' if settings.illustrative else ''}"
    first = f"{numbers['blocks']:,} blocks; no service is surveyed: only the stations that are listed are known."
    return [
        head,
        first if nobody_knows else _headline_en(numbers),
        *map(_service_en, services, totals),
        *said,
    ]


def _off_network(results: Results, language: Language) -> list[str]:
    """Return a line on stations and one on blocks that no street reaches: most often a slip in their coordinates."""
    settings = results.inputs.settings
    meters = f"{settings.max_snap_m:g}"
    reached = results.station_anchors.on_network.copy()
    # in a compound without exits a station serves the people around it all the same
    reached[inside_walks(results.network, results.demand, results.station_anchors).station] = True
    stations = [
        station.name for station, on in zip(results.stations, reached, strict=True) if not on
    ]
    blocks = int(results.main.judgments.has(Verdict.OFF_NETWORK).any(axis=1).sum())
    lines = []
    if language == "zh":
        if stations:
            lines.append(
                f"· {len(results.stations):,}个站点中{len(stations):,}个周围地图缺少道路（{meters}米内没有），"
                f"暂未计入评价（不代表站点未运行）：{_some(stations, '、', '等')}；请核对坐标和坐标系"
            )
        if blocks:
            lines.append(f"· {blocks:,}个小区（街坊）{meters}米内地图没有道路，暂未计入评价")
        return lines
    if stations:
        they = "it" if len(stations) == 1 else "they"
        lines.append(
            f"· {len(stations):,} of {len(results.stations):,} stations: the map has no way within {meters} m; "
            f"not counted, though {they} may well be running: {_some(stations, ', ', ' …')}; "
            "check their coordinates and crs"
        )
    if blocks:
        lines.append(
            f"· {blocks:,} {'block is' if blocks == 1 else 'blocks are'} off the network: "
            f"no way within {meters} m"
        )
    return lines


def _some(names: list[str], between: str, more: str) -> str:
    return between.join(names[:5]) + (more if len(names) > 5 else "")


def _unjudged(found: Totals, language: Language) -> list[tuple[int, str]]:
    """Return how many blocks are not judged, and why, in words."""
    counts = {"not_surveyed": found.blocks_not_surveyed, "no_standard": found.blocks_no_standard}
    words = {
        "not_surveyed": ("待摸底", "not surveyed"),
        "no_standard": ("无标准", "without a standard"),
    }
    said = [(count, words[why][language == "en"]) for why, count in counts.items() if count]
    return [
        (n, word if language == "zh" else f"{'block' if n == 1 else 'blocks'} {word}")
        for n, word in said
    ]


def _headline_en(numbers: Mapping[str, Any]) -> str:
    """Return how many blocks fail for sure, how many are to be checked, and how many people live in each."""
    failing = f"{numbers['blocks_out']:,} of {numbers['blocks']:,} blocks fail at least one service"
    be = "is" if numbers["blocks_to_check"] == 1 else "are"
    checked = f"{numbers['blocks_to_check']:,} more {be} to be checked"
    if numbers["people"] is not None:
        failing += f"; {numbers['people_where_out']:,} of {numbers['people']:,} people live there"
        checked += f" ({numbers['people_where_to_check']:,} people)"
    return f"{failing}; {checked}." if numbers["blocks_to_check"] else f"{failing}."


def _headline_zh(numbers: Mapping[str, Any]) -> str:
    failing = (
        f"{numbers['blocks']:,}个小区（街坊）中{numbers['blocks_out']:,}个至少有一项服务不达标"
    )
    checked = f"另有{numbers['blocks_to_check']:,}个待核实"
    if numbers["people"] is not None:
        failing += f"，居住{numbers['people_where_out']:,}人（共{numbers['people']:,}人）"
        checked += f"（{numbers['people_where_to_check']:,}人）"
    return f"{failing}；{checked}。" if numbers["blocks_to_check"] else f"{failing}。"


def _has_no_standard(found: Totals) -> bool:
    return bool(found.blocks) and found.blocks_no_standard == found.blocks


def _service_en(service: Service, found: Totals) -> str:
    if _has_no_standard(found):
        return f"{service.en or service.id}: no standard"
    if found.blocks_unknown == found.blocks:
        return f"{service.en or service.id}: {_unjudged_en(found)}"
    words = [f"{found.blocks_out:,} of {found.blocks:,} blocks fail"]
    if found.blocks_in_doubt:
        words.append(
            f"{found.blocks_in_doubt:,} to be checked (edge of the map, no mapped way, station without a place, "
            "or guessed meters)"
        )
    if found.blocks_unknown and found.blocks_served:
        words.append(f"{found.blocks_served:,} are served")
    if found.counted and found.blocks_not_surveyed:
        words.append(
            f"{found.people_out:,} people left out of those surveyed, {found.people_unknown:,} more not surveyed"
        )
    elif found.counted:
        words.append(f"{found.people_out:,} of {found.people:,} people left out")
    if found.blocks_unknown:
        words.append(_unjudged_en(found))
    return f"{service.en or service.id}: {', '.join(words)}"


def _unjudged_en(found: Totals) -> str:
    return ", ".join(f"{count:,} {said}" for count, said in _unjudged(found, "en"))


def _service_zh(service: Service, found: Totals) -> str:
    if _has_no_standard(found):
        return f"{service.zh or service.id}：无标准"
    if found.blocks_unknown == found.blocks:
        return f"{service.zh or service.id}：{_unjudged_zh(found)}"
    words = [f"{found.blocks:,}个中{found.blocks_out:,}个不达标"]
    if found.blocks_in_doubt:
        words.append(
            f"{found.blocks_in_doubt:,}个待核实（靠近地图边缘、地图缺路、站点未定位或距离为推算）"
        )
    if found.blocks_unknown and found.blocks_served:
        words.append(f"{found.blocks_served:,}个达标")
    if found.counted and found.blocks_not_surveyed:
        words.append(
            f"已摸底范围内{found.people_out:,}人未覆盖，其余{found.people_unknown:,}人待摸底"
        )
    elif found.counted:
        words.append(f"{found.people:,}人中{found.people_out:,}人未覆盖")
    if found.blocks_unknown:
        words.append(_unjudged_zh(found))
    return f"{service.zh or service.id}：{'，'.join(words)}"


def _unjudged_zh(found: Totals) -> str:
    return "，".join(f"{count:,}个{said}" for count, said in _unjudged(found, "zh"))
