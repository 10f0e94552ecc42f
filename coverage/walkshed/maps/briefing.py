"""A paragraph to paste into a report, per service and language; every figure is one that the tables print."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from walkshed.model.coverage import Judgment
from walkshed.model.labels import Label
from walkshed.model.places import Need
from walkshed.model.results import Language, Results
from walkshed.needs.coming import only_comes
from walkshed.needs.totals import totals

#: The paragraph names at most so many of the worst blocks.
NAMED = 3
#: It keeps to so many characters in Chinese and words in English, where names are not too long for
#: that.
LONGEST: dict[Language, int] = {"zh": 165, "en": 72}
#: How many of the worst blocks are named, how the first one's cure is told, and whether people
#: served are counted beside those left out: the fullest that fits is taken.
FULLNESS = (
    *((named, cure, True) for named in (3, 2, 1) for cure in ("whole", "without its aside")),
    *((named, "untold", served) for served in (True, False) for named in (3, 2, 1)),
)

_METRIC = {
    "network": Label("路网步行", "on foot along streets"),
    "radius": Label("直线半径", "as the crow flies"),
}

_AT_THE_DOOR = Label("上门（含准备时间）", "for a crew to come to the door")
_UNJUDGED = {
    "not_surveyed": Label("未摸底", "are not surveyed"),
    "no_standard": Label("无标准", "have no standard"),
    "not_judged": Label("未摸底或无标准", "are not surveyed or have no standard"),
}

Worst = Callable[[Results, int], list[Judgment]]


def briefing(results: Results, *, worst: Worst, public: bool) -> dict[Language, list[str]]:
    """Return one paragraph per service in each language, of about 150 characters or 65 words (``LONGEST``).

    ``worst`` lists the blocks that fail a service, the worst first. A public paragraph tells no
    block's people.
    """
    services = range(len(results.inputs.services))
    return {
        "zh": [_fitting(results, index, worst, "zh", public=public) for index in services],
        "en": [_fitting(results, index, worst, "en", public=public) for index in services],
    }


def _fitting(
    results: Results, index: int, worst: Worst, language: Language, *, public: bool
) -> str:
    """Return the fullest paragraph that is short enough, else the shortest."""
    found = _Figures(results, index)
    failing = worst(results, index)
    if found.has_people:  # nobody is left out of the others
        failing = [row for row in failing if row.printed_people > row.printed_served] or failing[:1]
    text = ""
    for named, told, served in FULLNESS:
        part = _Worst(
            results,
            failing[:named],
            told=told,
            counted=found.has_people and not public,
            public=public,
        )
        text = (_zh if language == "zh" else _en)(results, index, found, part, served=served)
        if (len(text) if language == "zh" else len(text.split())) <= LONGEST[language]:
            break
    return text


class _Figures:
    """The printed rows of one service, summed as the tables sum them."""

    def __init__(self, results: Results, index: int) -> None:
        rows = [results.coverage.at(block, index) for block in range(len(results.blocks))]
        found = totals(results, range(len(results.blocks)), index)
        self.blocks = found.blocks - found.blocks_unknown
        self.blocks_unknown = found.blocks_unknown
        self.unjudged = found.unjudged
        self.failing = found.blocks_failing
        self.in_doubt = found.blocks_in_doubt
        self.served = found.people_served
        self.out = found.people_left_out
        whole = self.served + self.out
        self.share = f"{100 * self.out / whole:.1f}%" if whole else ""
        self.needs = list(dict.fromkeys(row.need for row in rows if row.need is not None))
        self.verified = all(need.verified for need in self.needs)
        self.has_people = any(row.printed_people > 0 for row in results.coverage.rows)


@dataclass(frozen=True, slots=True)
class _Worst:
    """The worst blocks that are named, whether with their people, and how the first one's cure is told."""

    results: Results
    rows: list[Judgment]
    told: str = field(kw_only=True)
    counted: bool = field(kw_only=True)
    public: bool = field(kw_only=True)

    def name(self, row: Judgment, people: str) -> str:
        """Return a block's name, with how many are left out where that may be said."""
        name = self.results.blocks[row.block].name
        return (
            name + people.format(row.printed_people - row.printed_served) if self.counted else name
        )

    def cure(self, language: Language) -> str:
        """Return the first block's cure, without a full stop; empty where none is told."""
        from walkshed.needs.wording import cure_text

        if self.told == "untold":
            return ""
        cure = cure_text(self.results, self.rows[0], language, people=not self.public).rstrip(".")
        if self.told == "without its aside":
            cure = re.sub(r"（[^（）]*）| \([^()]*\)", "", cure)
        return cure if language == "zh" else cure[:1].lower() + cure[1:]


def _zh(results: Results, index: int, found: _Figures, worst: _Worst, *, served: bool) -> str:
    service, settings = results.inputs.services[index], results.inputs.settings
    head = f"{settings.name}“{service.zh or service.id}”"
    parts = []
    if not found.needs:
        parts.append(f"{head}没有适用的配置标准")
    elif found.blocks == 0:
        parts.append(f"{head}尚未摸底，不能据此判断有无")
    else:
        rule = _rule(found.needs, "zh", comes=only_comes(results, index)) + (
            "" if found.verified else "（标准待核实）"
        )
        doubt = f"（{found.in_doubt:,}个存疑）" if found.in_doubt else ""
        parts.append(f"{head}按{rule}评估{found.blocks:,}个小区，{found.failing:,}个不达标{doubt}")
        if found.has_people:
            parts[-1] += f"，未覆盖{found.out:,}人（{found.share}）"
            parts[-1] += f"，已覆盖{found.served:,}人" if served else ""
    if found.blocks_unknown and found.blocks:
        parts.append(f"另有{found.blocks_unknown:,}个小区{_UNJUDGED[found.unjudged].zh}")
    if worst.rows:
        named = [worst.name(row, "（{:,}人）") for row in worst.rows]
        parts.append(f"最需关注的是{'、'.join(named)}")
        if cure := worst.cure("zh"):
            whose = f"；{results.blocks[worst.rows[0].block].name}：" if len(named) > 1 else "："
            parts[-1] += f"{whose}{cure}"
    parts.append(_source_zh(results, found))
    return "。".join(parts) + "。"


def _source_zh(results: Results, found: _Figures) -> str:
    date = results.network.data_date
    words = [f"数据{date}" if date else "数据日期未知"]
    if found.has_people and any(block.people_source == "estimated" for block in results.blocks):
        words.append("人口为估算")
    if results.inputs.settings.stations_source == "osm":
        words.append("站点来自OSM，未经核实")
    if results.inputs.settings.illustrative:
        words.append("示例（含虚构或推定），不作规划依据")
    return "；".join(words)


def _en(results: Results, index: int, found: _Figures, worst: _Worst, *, served: bool) -> str:
    service, settings = results.inputs.services[index], results.inputs.settings
    head = f"{settings.name}, {service.en or service.id}: "
    parts = []
    if not found.needs:
        parts.append(f"{head}no standard applies")
    elif found.blocks == 0:
        parts.append(f"{head}not surveyed yet; nothing follows about whether it exists")
    else:
        rule = _rule(found.needs, "en", comes=only_comes(results, index)) + (
            "" if found.verified else " (unverified standard)"
        )
        doubt = (
            f" ({found.in_doubt:,} in doubt, close to the edge of the data)"
            if found.in_doubt
            else ""
        )
        fail = "fails" if found.failing == 1 else "fail"
        parts.append(f"{head}by {rule}, {found.failing:,} of {found.blocks:,} blocks {fail}{doubt}")
        if found.has_people:
            inside = f", {found.served:,} served" if served else ""
            parts.append(f"{found.out:,} people ({found.share}) are left out{inside}")
    if found.blocks_unknown and found.blocks:
        parts.append(f"{found.blocks_unknown:,} more blocks {_UNJUDGED[found.unjudged].en}")
    if worst.rows:
        named = [worst.name(row, " ({:,})") for row in worst.rows]
        parts.append(f"Most in need: {', '.join(named)}")
        if cure := worst.cure("en"):
            whose = (
                f". For {results.blocks[worst.rows[0].block].name}: " if len(named) > 1 else ": "
            )
            parts[-1] += f"{whose}{cure}"
    parts.append(_source_en(results, found))
    return ". ".join(parts) + "."


def _source_en(results: Results, found: _Figures) -> str:
    date = results.network.data_date
    words = [f"Data of {date}" if date else "Date of the data unknown"]
    if found.has_people and any(block.people_source == "estimated" for block in results.blocks):
        words.append("people estimated")
    if results.inputs.settings.stations_source == "osm":
        words.append("stations from OSM, unverified")
    if results.inputs.settings.illustrative:
        words.append("illustrative, partly invented or guessed: no basis for decisions")
    return "; ".join(words)


def _rule(needs: list[Need], language: Language, *, comes: bool) -> str:
    """Return what is measured and the limits, smallest to largest, for each metric and unit once.

    ``comes`` for a service at the residents' doors, to which nobody walks.
    """
    words = []
    for metric, unit in dict.fromkeys((need.metric, need.unit) for need in needs):
        limits = sorted(
            {need.limit for need in needs if (need.metric, need.unit) == (metric, unit)}
        )
        span = f"{limits[0]:g}" if len(limits) == 1 else f"{limits[0]:g}–{limits[-1]:g}"
        label = _AT_THE_DOOR if comes else _METRIC[metric]
        if language == "zh":
            words.append(f"{label.zh}{span}{'米' if unit == 'm' else '分钟'}")
        else:
            words.append(f"{span} {unit} {label.en}")
    return "、".join(words) if language == "zh" else " and ".join(words)
