"""Who gains and who loses by a plan, in words; every figure comes from two runs, without it and with it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from walkshed.model.arrays import whole
from walkshed.model.labels import GROUP, WALKER, Label, Language, label
from walkshed.model.plans.proposals import SitePlan
from walkshed.model.results import Results
from walkshed.needs.measures.effects import (
    ADULT,
    EVERYBODY,
    NOBODY,
    Effect,
    effects,
    groups_of,
    in_doubt,
    members,
)
from walkshed.words.quantities import FACTS, NAMES, SENTENCES, joined

#: How many blocks a sentence names.
_NAMED = 3

#: People or blocks, counted once for each service, as in the sentences about proposals.
_PEOPLE = Label("{n:,.0f}人·项", "{n:,.0f} person-services")
_BLOCKS = Label("{n:,.1f}个小区·项", "{n:,.1f} block-services")

_WHO = {
    "everybody": Label("全体居民按{walker}计", "all residents ({walker})"),
    "group": Label("{group}（{walker}）", "{group} ({walker})"),
}
_CHANGES = Label("{who}：新增{gained}，失去{lost}", "{who}: {gained} gained, {lost} lost")
_GAINED_IN_DOUBT = Label(
    "{gained}（其中待核实{unsure}）", "{gained} (of them {unsure} to be checked)"
)
_BEFORE_AND_AFTER = Label("前后对比：{changes}", "before and after: {changes}")
_NOBODY_LOSES = Label(
    "现已达标的，无一人失去任何服务", "nobody who is served today loses a service"
)
_LOSING = Label(
    "失去现有服务：{who}，{lost}（{services}），涉及{blocks}",
    "who loses: {who}, {lost} ({services}) in {blocks}",
)
_SERVICE = Label("{service}{n}", "{service} {n}")
_AND_MORE = Label("{named}等{all}个小区", "{named} and {more} more")
_COSTS_NOTHING = Label(
    "“无人受损”规则（no_losers）没有代价：不设此规则，方案也不会更好",
    "that nobody may lose (no_losers) costs nothing: without the rule no plan is better",
)
_PRICE = Label(
    "“无人受损”规则（no_losers）的代价：不设此规则，可多惠及{more}，但有人失去现有服务：{lost}",
    "the price of the rule that nobody may lose (no_losers): "
    "without it {more} more would gain, but some would lose what they have: {lost}",
)
#: Those whose verdict is to be checked, by whether the plan counts them.
_IN_DOUBT = {
    "apart": Label(
        '结论待核实者不计入方案（如需计入，写 doubt = "weigh"）：{lacking}未达标，其中{gained}将一并惠及',
        "left out, as their verdict is to be checked: "
        "{lacking} lack a service, of them {gained} would gain it, too "
        '(doubt = "weigh" counts them)',
    ),
    "weigh": Label(
        '结论待核实者计入方案（doubt = "weigh"）：{lacking}未达标，新增达标中有{gained}属待核实',
        'counted, though their verdict is to be checked (doubt = "weigh"): '
        "{lacking} lack a service, of what is gained {gained} are theirs",
    ),
}
_LOST = Label("{walker}{n}", "{walker} {n}")
_AS_IF = Label(
    "{who}人数未知（无对应人群）：按全体居民均如此出行计，并非实有人数",
    "nobody has said how many people walk so ({who}): everybody is counted as if, not those who do",
)
_AS_ALL = Label(
    '方案未指定行走方式：全体居民均按{who}计；写 walkers = ["{walker}"] 则只计如此出行的{n:,}人',
    "the plan names no walker: all residents are counted as if they walked so ({who}); "
    'walkers = ["{walker}"] counts the {n:,} {n:person who walks|people who walk} so',
)


def effect_lines(before: Results, after: Results, language: Language) -> list[str]:
    """Return who gains and who loses for each walker and group: a line for all, one for each that loses."""
    changes = effects(before, after)
    if not changes:
        return []

    blocks = before.main.matrix.weighs_blocks
    told = [
        _CHANGES.said(
            language,
            who=_who(each, language),
            gained=_gained(each, language, blocks=blocks),
            lost=_count(float(each.lost.sum()), language, blocks=blocks),
        )
        for each in changes
    ]
    lines = [_BEFORE_AND_AFTER.said(language, changes=joined(told, SENTENCES, language))]
    losing = [each for each in changes if float(each.lost.sum()) > NOBODY]
    if not losing:
        return [_NOBODY_LOSES.in_(language), *lines]
    return [*(_losing(before, each, language, blocks=blocks) for each in losing), *lines]


def _gained(each: Effect, language: Language, *, blocks: bool) -> str:
    """Return what a group gains, and how much of it is of those whose verdict before was to be checked."""
    gained = _count(float(each.gained.sum()), language, blocks=blocks)
    unsure = float(each.gained_in_doubt.sum())
    if unsure <= NOBODY:
        return gained
    told = _count(unsure, language, blocks=blocks)
    return _GAINED_IN_DOUBT.said(language, gained=gained, unsure=told)


def _losing(before: Results, each: Effect, language: Language, *, blocks: bool) -> str:
    """Return what a group loses, by service, and where most of it."""
    of_service, of_block = each.lost.sum(axis=0), each.lost.sum(axis=1)
    services = [
        _SERVICE.said(
            language,
            service=service.called(language),
            n=f"{worth:,.1f}" if blocks else f"{whole(worth):,}",
        )
        for service, worth in zip(before.inputs.services, of_service.tolist(), strict=True)
        if worth > NOBODY
    ]
    order = np.lexsort([np.arange(len(of_block)), -np.round(of_block, 6)])
    names = [before.blocks[block].name for block in order if of_block[block] > NOBODY]
    named, more = joined(names[:_NAMED], NAMES, language), len(names) - _NAMED
    if more > 0:
        named = _AND_MORE.said(language, named=named, all=len(names), more=more)
    return _LOSING.said(
        language,
        who=_who(each, language),
        lost=_count(float(each.lost.sum()), language, blocks=blocks),
        services=joined(services, FACTS, language),
        blocks=named,
    )


def doubt_lines(before: Results, after: Results, plan: SitePlan, language: Language) -> list[str]:
    """Return how many lack and gain a service whose verdict is to be checked; nothing where nobody does."""
    found = in_doubt(before, after, plan)
    if found.lacking <= NOBODY:
        return []
    blocks = plan.weighs_blocks
    said = _IN_DOUBT[plan.settings.doubt].said(
        language,
        lacking=_count(found.lacking, language, blocks=blocks),
        gained=_count(found.gained, language, blocks=blocks),
    )
    return [said]


def rule_lines(results: Results, plan: SitePlan, language: Language) -> list[str]:
    """Return what the rule costs that nobody may lose, and for whom everybody was counted as if."""
    lines = []
    if plan.without_rule is not None:
        more = max(plan.without_rule.after - plan.after, 0.0)
        lost = _lost(plan.without_rule.lost, language, blocks=plan.weighs_blocks)
        said = _COSTS_NOTHING.in_(language)
        if more > NOBODY:
            worth = _count(more, language, blocks=plan.weighs_blocks)
            said = _PRICE.said(language, more=worth, lost=lost)
        lines.append(said)

    if plan.weighs_blocks:
        return lines
    return [*lines, *_as_if_lines(results, plan, language)]


def _as_if_lines(results: Results, plan: SitePlan, language: Language) -> list[str]:
    """Return of whom everybody is counted as if, as nobody says how many they are, or for whom it is."""
    lines = []
    others = [walker for walker in plan.walkers if walker != ADULT]
    unknown = [walker for walker in others if not groups_of(results, walker)]
    if unknown:
        who = [label(WALKER, walker, language) for walker in unknown]
        lines.append(_AS_IF.said(language, who=joined(who, NAMES, language)))

    # without a walker named all residents count as the study's first
    stated = [walker for walker in others if walker not in unknown]
    if stated and not plan.settings.walkers:
        many = sum(
            float(members(results, group).sum())
            for walker in stated
            for group in groups_of(results, walker)
        )
        who = [label(WALKER, walker, language) for walker in stated]
        said = _AS_ALL.said(
            language, who=joined(who, NAMES, language), walker=stated[0], n=whole(many)
        )
        lines.append(said)
    return lines


def _lost(lost: Mapping[str, float], language: Language, *, blocks: bool) -> str:
    """Return how much each walker would lose."""
    told = [
        _LOST.said(
            language,
            walker=label(WALKER, walker, language),
            n=_count(worth, language, blocks=blocks),
        )
        for walker, worth in lost.items()
    ]
    return joined(told, FACTS, language)


def _who(each: Effect, language: Language) -> str:
    """Return a group of people, and how they walk."""
    walker = label(WALKER, each.walker, language)
    if each.group == EVERYBODY:
        return _WHO["everybody"].said(language, walker=walker)
    return _WHO["group"].said(language, group=label(GROUP, each.group, language), walker=walker)


def _count(worth: float, language: Language, *, blocks: bool) -> str:
    """Return people, or blocks where no people are known, counted once for each service."""
    if blocks:
        return _BLOCKS.said(language, n=worth)
    return _PEOPLE.said(language, n=whole(worth))
