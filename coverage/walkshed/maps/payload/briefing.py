"""A paragraph to paste into a report, per service and language; every figure is one that the tables print."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from walkshed.maps.payload.judged import needs_of_service, worst_blocks
from walkshed.model.judged.judgments import Judgment
from walkshed.model.labels import Label
from walkshed.model.results import Language, View
from walkshed.model.town.places import Need
from walkshed.needs.measures.totals import Totals, totals_by_service
from walkshed.words.outreach import only_comes
from walkshed.words.verdicts import cure_text

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
    "not_surveyed": Label("待摸底", "are not surveyed"),
    "no_standard": Label("无标准", "have no standard"),
    "not_judged": Label("待摸底或无标准", "are not surveyed or have no standard"),
}


def briefing(view: View, *, data_date: str, public: bool) -> dict[Language, list[str]]:
    """Return one paragraph per service in each language, of about 150 characters or 65 words (``LONGEST``).

    A public paragraph tells no block's people.
    """
    figures = [
        _figures(view, number, found)
        for number, found in enumerate(totals_by_service(view.judgments))
    ]
    source = {"zh": _source_zh(view, data_date), "en": _source_en(view, data_date)}
    languages: tuple[Language, ...] = ("zh", "en")
    return {
        language: [
            _fitting(view, each, source[language], language, public=public) for each in figures
        ]
        for language in languages
    }


@dataclass(frozen=True, slots=True)
class _Figures:
    """The printed rows of one service, summed as the tables sum them."""

    service: int
    totals: Totals
    needs: tuple[Need, ...]
    has_people: bool

    @property
    def blocks(self) -> int:
        """Blocks that are judged."""
        return self.totals.blocks - self.totals.blocks_unknown

    @property
    def share(self) -> str:
        """The percent of the people of judged blocks who are left out."""
        whole = self.totals.people_served + self.totals.people_left_out
        return f"{100 * self.totals.people_out / whole:.1f}%" if whole else ""

    @property
    def verified(self) -> bool:
        """Whether somebody has checked every rule against its source."""
        return all(need.verified for need in self.needs)


def _figures(view: View, service: int, found: Totals) -> _Figures:
    return _Figures(
        service=service,
        totals=found,
        needs=tuple(needs_of_service(view.judgments, service)),
        has_people=bool((view.judgments.printed_people > 0).any()),
    )


def _fitting(
    view: View, figures: _Figures, source: str, language: Language, *, public: bool
) -> str:
    """Return the fullest paragraph that is short enough, else the shortest."""
    worst = worst_blocks(view.judgments, figures.service)
    if figures.has_people:  # nobody is left out of the others
        left_out = view.judgments.left_out[worst, figures.service] > 0
        worst = worst[left_out] if left_out.any() else worst[:1]
    rows = [view.judgments.row(int(block), figures.service) for block in worst[:NAMED]]
    text = ""
    for named, told, served in FULLNESS:
        part = _Worst(
            view,
            rows[:named],
            told=told,
            counted=figures.has_people and not public,
            public=public,
        )
        say = _zh if language == "zh" else _en
        text = say(view, figures, part, source, served=served)
        if (len(text) if language == "zh" else len(text.split())) <= LONGEST[language]:
            break
    return text


@dataclass(frozen=True, slots=True)
class _Worst:
    """The worst blocks that are named, whether with their people, and how the first one's cure is told."""

    view: View
    rows: list[Judgment]
    told: str = field(kw_only=True)
    counted: bool = field(kw_only=True)
    public: bool = field(kw_only=True)

    def name(self, row: Judgment, people: str) -> str:
        """Return a block's name, with how many are left out where that may be said."""
        name = self.view.blocks[row.block].name
        left_out = row.printed_people - row.printed_served
        return name + people.format(left_out) if self.counted else name

    def cure(self, language: Language) -> str:
        """Return the first block's cure, without a full stop; empty where none is told."""
        if self.told == "untold":
            return ""
        cure = cure_text(self.view, self.rows[0], language, people=not self.public).rstrip(".")
        if self.told == "without its aside":
            cure = re.sub(r"（[^（）]*）| \([^()]*\)", "", cure)
        return cure if language == "zh" else cure[:1].lower() + cure[1:]


def _zh(view: View, found: _Figures, worst: _Worst, source: str, *, served: bool) -> str:
    service, settings = view.inputs.services[found.service], view.inputs.settings
    head = f"{settings.name}“{service.zh or service.id}”"
    parts = []
    if not found.needs:
        parts.append(f"{head}没有适用的配置标准")
    elif found.blocks == 0:
        parts.append(f"{head}待摸底，不能据此判断有无")
    else:
        rule = _rule(found.needs, "zh", comes=only_comes(view, found.service)) + (
            "" if found.verified else "（标准待核实）"
        )
        doubt = (
            f"，{found.totals.blocks_in_doubt:,}个待核实" if found.totals.blocks_in_doubt else ""
        )
        parts.append(
            f"{head}按{rule}评估{found.blocks:,}个小区，{found.totals.blocks_out:,}个不达标{doubt}"
        )
        if found.has_people:
            share = f"（{found.share}）" if found.totals.people_out else ""
            parts[-1] += f"，未覆盖{found.totals.people_out:,}人{share}"
            parts[-1] += f"，已覆盖{found.totals.people_served:,}人" if served else ""
    if found.totals.blocks_unknown and found.blocks:
        parts.append(
            f"另有{found.totals.blocks_unknown:,}个小区{_UNJUDGED[found.totals.unjudged].zh}"
        )
    if worst.rows:
        named = [worst.name(row, "（{:,}人）") for row in worst.rows]
        parts.append(f"最需关注的是{'、'.join(named)}")
        if cure := worst.cure("zh"):
            whose = f"；{view.blocks[worst.rows[0].block].name}：" if len(named) > 1 else "："
            parts[-1] += f"{whose}{cure}"
    parts.append(source)
    return "。".join(parts) + "。"


def _estimated(view: View) -> bool:
    """Return whether some of the people that are counted were estimated."""
    counted = bool((view.judgments.printed_people > 0).any())
    return counted and any(block.people_source == "estimated" for block in view.blocks)


def _source_zh(view: View, date: str) -> str:
    words = [f"数据{date}" if date else "数据日期未知"]
    if _estimated(view):
        words.append("人口为估算")
    if view.inputs.settings.stations_source == "osm":
        words.append("站点来自OSM，未经核实")
    if view.inputs.settings.illustrative:
        words.append("示例（含虚构或推定），不作规划依据")
    return "；".join(words)


def _en(view: View, found: _Figures, worst: _Worst, source: str, *, served: bool) -> str:
    service, settings = view.inputs.services[found.service], view.inputs.settings
    head = f"{settings.name}, {service.en or service.id}: "
    parts = []
    if not found.needs:
        parts.append(f"{head}no standard applies")
    elif found.blocks == 0:
        parts.append(f"{head}not surveyed yet; nothing follows about whether it exists")
    else:
        rule = _rule(found.needs, "en", comes=only_comes(view, found.service)) + (
            "" if found.verified else " (unverified standard)"
        )
        doubt = (
            f", {found.totals.blocks_in_doubt:,} are to be checked (edge of the data, no mapped way, "
            "station without a place, or guessed meters)"
            if found.totals.blocks_in_doubt
            else ""
        )
        fail = "fails" if found.totals.blocks_out == 1 else "fail"
        parts.append(
            f"{head}by {rule}, {found.totals.blocks_out:,} of {found.blocks:,} blocks {fail}{doubt}"
        )
        if found.has_people:
            inside = f", {found.totals.people_served:,} served" if served else ""
            share = f" ({found.share})" if found.totals.people_out else ""
            parts.append(f"{found.totals.people_out:,} people{share} are left out{inside}")
    if found.totals.blocks_unknown and found.blocks:
        parts.append(
            f"{found.totals.blocks_unknown:,} more blocks {_UNJUDGED[found.totals.unjudged].en}"
        )
    if worst.rows:
        named = [worst.name(row, " ({:,})") for row in worst.rows]
        parts.append(f"Most in need: {', '.join(named)}")
        if cure := worst.cure("en"):
            whose = f". For {view.blocks[worst.rows[0].block].name}: " if len(named) > 1 else ": "
            parts[-1] += f"{whose}{cure}"
    parts.append(source)
    return ". ".join(parts) + "."


def _source_en(view: View, date: str) -> str:
    words = [f"Data of {date}" if date else "Date of the data unknown"]
    if _estimated(view):
        words.append("people estimated")
    if view.inputs.settings.stations_source == "osm":
        words.append("stations from OSM, unverified")
    if view.inputs.settings.illustrative:
        words.append("illustrative, partly invented or guessed: no basis for decisions")
    return "; ".join(words)


def _rule(needs: tuple[Need, ...], language: Language, *, comes: bool) -> str:
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
