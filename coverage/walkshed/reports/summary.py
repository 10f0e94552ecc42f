"""The answer of a run in a few lines, for a terminal: what each service misses, Chinese and English as equals."""

from __future__ import annotations

from walkshed.model.places import Service
from walkshed.model.results import Language, Results, caveats
from walkshed.model.verdicts import Verdict
from walkshed.needs.totals import totals_by_service
from walkshed.reports.tables import area_totals, headline
from walkshed.reports.visitors import visitors_line

Totals = dict[str, int | None]


def summary_lines(results: Results) -> list[str]:
    """Return the headline and one line per service, in the study's language; figures are those of the tables."""
    settings, services = results.inputs.settings, results.inputs.services
    numbers = headline(results)
    totals = [area_totals(found) for found in totals_by_service(results.main.judgments)]
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
        first = f"{numbers['blocks']:,}个小区（街坊）：各项服务均未摸底，只知已列出的站点。"
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
    stations = [
        station.name
        for station, near in zip(results.stations, results.station_anchors.on_network, strict=True)
        if not near
    ]
    blocks = int(results.main.judgments.has(Verdict.OFF_NETWORK).any(axis=1).sum())
    lines = []
    if language == "zh":
        if stations:
            lines.append(
                f"· {len(results.stations):,}个站点中{len(stations):,}个未接入路网（{meters}米内没有道路），"
                f"不计入服务：{_some(stations, '、', '等')}；请核对坐标和坐标系"
            )
        if blocks:
            lines.append(f"· {blocks:,}个小区（街坊）未接入路网：{meters}米内没有道路")
        return lines
    if stations:
        lines.append(
            f"· {len(stations):,} of {len(results.stations):,} stations are off the network (no way within {meters} m) "
            f"and serve nobody: {_some(stations, ', ', ' …')}; check their coordinates and crs"
        )
    if blocks:
        lines.append(
            f"· {blocks:,} {'block is' if blocks == 1 else 'blocks are'} off the network: "
            f"no way within {meters} m"
        )
    return lines


def _some(names: list[str], between: str, more: str) -> str:
    return between.join(names[:5]) + (more if len(names) > 5 else "")


def _served(totals: Totals) -> int:
    return (
        (totals["blocks"] or 0) - (totals["blocks_failing"] or 0) - (totals["blocks_unknown"] or 0)
    )


def _unjudged(totals: Totals, language: Language) -> list[tuple[int, str]]:
    """Return how many blocks are not judged, and why, in words."""
    without = totals["blocks_no_standard"] or 0
    counts = {"not_surveyed": (totals["blocks_unknown"] or 0) - without, "no_standard": without}
    words = {
        "not_surveyed": ("未摸底", "not surveyed"),
        "no_standard": ("无标准", "without a standard"),
    }
    said = [(count, words[why][language == "en"]) for why, count in counts.items() if count]
    return [
        (n, word if language == "zh" else f"{'block' if n == 1 else 'blocks'} {word}")
        for n, word in said
    ]


def _headline_en(numbers: dict[str, object]) -> str:
    failing = f"{numbers['blocks_failing_something']:,} of {numbers['blocks']:,} blocks fail at least one service"
    if numbers["people"] is None:
        return f"{failing}."
    return f"{failing}; {numbers['people_missing_something']:,} of {numbers['people']:,} people live there."


def _headline_zh(numbers: dict[str, object]) -> str:
    failing = f"{numbers['blocks']:,}个小区（街坊）中{numbers['blocks_failing_something']:,}个至少有一项服务不达标"
    if numbers["people"] is None:
        return f"{failing}。"
    return (
        f"{failing}，居住{numbers['people_missing_something']:,}人（共{numbers['people']:,}人）。"
    )


def _has_no_standard(totals: Totals) -> bool:
    return bool(totals["blocks"]) and totals["blocks_no_standard"] == totals["blocks"]


def _service_en(service: Service, totals: Totals) -> str:
    if _has_no_standard(totals):
        return f"{service.en or service.id}: no standard"
    doubt = (
        f" ({totals['blocks_in_doubt']:,} of them to be checked: near the edge of the map, or no way is mapped)"
        if totals["blocks_in_doubt"]
        else ""
    )
    words = [f"{totals['blocks_failing']:,} of {totals['blocks']:,} blocks fail{doubt}"]
    if totals["blocks_unknown"] and _served(totals):
        words.append(f"{_served(totals):,} are served")
    if totals["people_left_out"] is not None and totals["blocks_unknown"] != totals["blocks"]:
        words.append(f"{totals['people_left_out']:,} of {totals['people']:,} people left out")
    if totals["blocks_unknown"]:
        words.append(", ".join(f"{count:,} {said}" for count, said in _unjudged(totals, "en")))
    return f"{service.en or service.id}: {', '.join(words)}"


def _service_zh(service: Service, totals: Totals) -> str:
    if _has_no_standard(totals):
        return f"{service.zh or service.id}：无标准"
    doubt = (
        f"（其中{totals['blocks_in_doubt']:,}个待核实：靠近地图边缘，或地图缺路）"
        if totals["blocks_in_doubt"]
        else ""
    )
    words = [f"{totals['blocks']:,}个中{totals['blocks_failing']:,}个不达标{doubt}"]
    if totals["blocks_unknown"] and _served(totals):
        words.append(f"{_served(totals):,}个达标")
    if totals["people_left_out"] is not None and totals["blocks_unknown"] != totals["blocks"]:
        words.append(f"{totals['people']:,}人中{totals['people_left_out']:,}人未覆盖")
    if totals["blocks_unknown"]:
        words.append("，".join(f"{count:,}个{said}" for count, said in _unjudged(totals, "zh")))
    return f"{service.zh or service.id}：{'，'.join(words)}"
