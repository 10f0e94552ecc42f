"""The sentences of the paragraph that a planner pastes into a report, one per service and language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from walkshed.model.judged.judgments import Judgment
from walkshed.model.labels import Label, Language
from walkshed.model.results import View
from walkshed.model.town.places import Need
from walkshed.needs.measures.totals import PeopleSources, Totals, people_by_source
from walkshed.needs.rules.walkers import walker_of
from walkshed.words.outreach import only_comes
from walkshed.words.quantities import (
    MEASURED,
    NAMES,
    SENTENCES,
    UNSPACED,
    going_on,
    joined,
    limits_text,
)
from walkshed.words.verdicts import away_text, cure_text

#: A paragraph keeps to so many words, in languages without spaces to so many characters, where names
#: are not too long for that.
LONGEST_WORDS, LONGEST_CHARACTERS = 92, 195
_ASIDE = re.compile(r"（[^（）]*）| \([^()]*\)")

_HEAD = Label("{study}“{service}”{said}", "{study}, {service}: {said}")
_VERDICT = {
    "no_standard": Label("没有适用的配置标准", "no standard applies"),
    "not_surveyed": Label(
        "待摸底，不能据此判断有无", "not surveyed yet; nothing follows about whether it exists"
    ),
}
_BLOCKS = Label(
    "按{rule}评估{all:,}个小区：达标{served:,}、未达标{out:,}、待核实{check:,}、待摸底{unknown:,}",
    "by {rule}, of {all:,} {all:block|blocks} {served:,} {served:is|are} served, {out:,} "
    "{out:is|are} left out, {check:,} to be checked, {unknown:,} not surveyed",
)
_PEOPLE = Label(
    "{all:,}人：达标{served:,}、未达标{out:,}{share}、待核实{check:,}、待摸底{unknown:,}",
    "of {all:,} {all:person|people} {served:,} {served:is|are} served, {out:,}{share} "
    "{out:is|are} left out, {check:,} to be checked, {unknown:,} not surveyed",
)
_SHARE = Label("（{share}）", " ({share})")
_BLOCKS_AND_PEOPLE = Label("{blocks}；{people}", "{blocks}; {people}")
_UNVERIFIED_RULE = Label("{rule}（标准待核实）", "{rule} (unverified standard)")
_NO_STANDARD = Label(
    "待摸底中{n:,}个小区无标准", "of those not surveyed {n:,} {n:block has|blocks have} no standard"
)

_WORST = Label("最需关注的是{named}", "Most in need: {named}")
_WORST_CURE = Label("最需关注的是{named}：{cure}", "Most in need: {named}: {cure}")
_WORST_FIRST_CURE = Label(
    "最需关注的是{named}；{first}：{cure}", "Most in need: {named}. For {first}: {cure}"
)
_BLOCK_PEOPLE = Label("{name}（{n:,}人）", "{name} ({n:,})")

_SOURCE = {
    "date": Label("数据{date}", "Data of {date}"),
    "no_date": Label("数据日期未知", "Date of the data unknown"),
    "calendar": Label("节假日按{country}", "holidays of {country}"),
    "given": Label("人口为填报", "people given"),
    "estimated": Label("人口为估算", "people estimated"),
    "both": Label(
        "人口填报{given:,}人、估算{estimated:,}人",
        "{given:,} {given:person|people} given, {estimated:,} estimated",
    ),
    "unverified": Label("站点来自OSM，未经核实", "stations from OSM, unverified"),
    "illustrative": Label(
        "示例（含虚构或推定），不作规划依据",
        "illustrative, partly invented or guessed: no basis for decisions",
    ),
}
_SENTENCE = Label("。", ". ")
_PARAGRAPH = Label("{said}。", "{said}.")

_PACED = Label("{rule}（平路{away}）", "{rule} ({away} on the level)")
_AT_THE_DOOR = Label("上门（含准备时间）{limit}", "{limit} for a crew to come to the door")
_LIMITS = Label("、", " and ")


@dataclass(frozen=True, slots=True)
class Briefed:
    """What a paragraph tells of a service: its rules, its totals, and the worst blocks that are named.

    ``cure`` mends the first of the worst blocks; "" where none is told. ``has_people``: whether
    there are any to count.
    """

    view: View
    service: int
    needs: tuple[Need, ...]
    totals: Totals
    has_people: bool
    worst: tuple[Judgment, ...]
    worst_counted: bool  # how many are left out of each of the worst may be said
    cure: str

    @property
    def blocks(self) -> int:
        """Blocks that are judged."""
        return self.totals.blocks - self.totals.blocks_unknown

    @property
    def share(self) -> str:
        """The percent of all people who are left out."""
        whole = self.totals.people
        return f"{100 * self.totals.people_out / whole:.1f}%" if whole else ""


def paragraph(told: Briefed, source: str, language: Language) -> str:
    """Return the paragraph, which ends with the ``source`` of the data."""
    settings, service = told.view.inputs.settings, told.view.inputs.services[told.service]
    verdict = _verdict(told, language)
    called = service.called(language)
    parts = [_HEAD.said(language, study=settings.name, service=called, said=verdict)]

    # blocks that no rule is for count as not surveyed
    without = told.totals.blocks_no_standard
    if without and told.blocks:
        parts.append(_NO_STANDARD.said(language, n=without))

    if told.worst:
        parts.append(_worst(told, language))
    return _PARAGRAPH.said(language, said=joined([*parts, source], _SENTENCE, language))


def fits(text: str, language: Language) -> bool:
    """Return whether a paragraph is no longer than it should be."""
    if language in UNSPACED:
        return len(text) <= LONGEST_CHARACTERS
    return len(text.split()) <= LONGEST_WORDS


def _verdict(told: Briefed, language: Language) -> str:
    """Return how many blocks fail by which rule, and how many people are left out."""
    if not told.needs:
        return _VERDICT["no_standard"].in_(language)
    if told.blocks == 0:
        return _VERDICT["not_surveyed"].in_(language)

    # the rule
    rule = _rule(told, language, comes=only_comes(told.view, told.service))
    if not all(need.verified for need in told.needs):
        rule = _UNVERIFIED_RULE.said(language, rule=rule)

    # the blocks
    totals = told.totals
    blocks = _BLOCKS.said(
        language,
        rule=rule,
        all=totals.blocks,
        served=totals.blocks_served,
        out=totals.blocks_out,
        check=totals.blocks_in_doubt,
        unknown=totals.blocks_unknown,
    )
    if not told.has_people:
        return blocks

    # the people
    share = _SHARE.said(language, share=told.share) if totals.people_out else ""
    people = _PEOPLE.said(
        language,
        share=share,
        all=totals.people,
        served=totals.people_served,
        out=totals.people_out,
        check=totals.people_in_doubt,
        unknown=totals.people_unknown,
    )
    return _BLOCKS_AND_PEOPLE.said(language, blocks=blocks, people=people)


def _worst(told: Briefed, language: Language) -> str:
    """Return the names of the worst blocks, and what mends the first of them."""
    names = [told.view.blocks[row.block].name for row in told.worst]
    named = names
    if told.worst_counted:
        named = [
            _BLOCK_PEOPLE.said(language, name=name, n=row.printed_people - row.printed_served)
            for name, row in zip(names, told.worst, strict=True)
        ]
    listed = joined(named, NAMES, language)

    if not told.cure:
        return _WORST.said(language, named=listed)
    cure = going_on(told.cure, language)
    if len(named) == 1:
        return _WORST_CURE.said(language, named=listed, cure=cure)
    return _WORST_FIRST_CURE.said(language, named=listed, first=names[0], cure=cure)


def cure_in_short(
    view: View, judgment: Judgment, language: Language, *, people: bool, aside: bool
) -> str:
    """Return the cure of a judgment without a full stop; without its ``aside``, or without ``people``."""
    cure = cure_text(view, judgment, language, people=people).rstrip(".")
    return cure if aside else _ASIDE.sub("", cure)


def source_text(view: View, date: str, language: Language) -> str:
    """Return the date of the data, whose holidays count where a moment is judged, and what is guessed in them."""
    said = [_SOURCE["date" if date else "no_date"].said(language, date=date)]
    country = view.inputs.country
    if view.inputs.settings.at and country is not None:
        said.append(_SOURCE["calendar"].said(language, country=country.called(language)))
    said += people_source_text(people_by_source(view.judgments, view.blocks), language)
    facts = {
        "unverified": view.inputs.settings.stations_source == "osm",
        "illustrative": view.inputs.settings.illustrative,
    }
    said += [_SOURCE[key].in_(language) for key, holds in facts.items() if holds]
    return joined(said, SENTENCES, language)


def people_source_text(sources: PeopleSources, language: Language) -> list[str]:
    """Return that people were given, or estimated, or how many of each; nothing where there are none."""
    given, estimated = sources.given, sources.estimated
    if given and estimated:
        return [_SOURCE["both"].said(language, given=given, estimated=estimated)]
    if not given and not estimated:
        return []
    return [_SOURCE["given" if given else "estimated"].in_(language)]


def _rule(told: Briefed, language: Language, *, comes: bool) -> str:
    """Return what is measured and the limits, smallest to largest, for each metric and unit once.

    Minutes on foot come with the meters that the walker comes in them. ``comes`` for a service at
    the residents' doors, to which nobody walks.
    """
    walker = walker_of(told.view.inputs.walkers, told.view.answer.walker)
    said = []
    for metric, unit in dict.fromkeys((need.metric, need.unit) for need in told.needs):
        limits = sorted(
            {need.limit for need in told.needs if (need.metric, need.unit) == (metric, unit)}
        )
        measure = _AT_THE_DOOR if comes else MEASURED[metric]
        rule = measure.said(language, limit=limits_text(limits, unit, language))
        if unit == "min" and not comes:
            rule = _PACED.said(language, rule=rule, away=away_text(walker, limits, language))
        said.append(rule)
    return joined(said, _LIMITS, language)
