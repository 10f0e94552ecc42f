"""Proposals in words; every figure comes from the plan or from a run with it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import shapely

from walkshed.model.judged.verdicts import Doubt
from walkshed.model.labels import WALKER, Label, Language, label
from walkshed.model.plans.goals import SitingGoal
from walkshed.model.plans.proposals import Hindrance, Proposal, SitePlan, Unreachable
from walkshed.model.plans.siting import Goal, Status
from walkshed.model.results import Results
from walkshed.model.town.places import Station
from walkshed.siting.planning.upgrading import Upgrades
from walkshed.words.effects import doubt_lines, effect_lines, rule_lines
from walkshed.words.messages.saying import said as message_in
from walkshed.words.quantities import (
    FACTS,
    NAMES,
    SENTENCES,
    Counted,
    joined,
    meters,
    money,
    plain_limit,
)

#: How many blocks a sentence names, and how many where it tells whom no candidate serves.
NAMED = 3
_UNREACHABLE_NAMED = 5
#: Two new stations nearer than this are one station to those who walk there.
BESIDE_M = 200.0

#: People or blocks, counted once for each service (人·项: the same resident several times) or as they are.
_WEIGHED = Label("{n:,.1f}（按需求权重计）", "{n:,.1f} (weighed by need)")
_BLOCK_SERVICES = Label("{n:,.1f}个小区·项", "{n:,.1f} block-services")
_PERSON_SERVICES = Label("累计{n:,}人·项", "{n:,} person-services")
_BLOCKS = Label("{n:,.1f}个小区", "{n:,.1f} {n:block|blocks}")
_PEOPLE = Label("{n:,}人", "{n:,} {n:person|people}")

#: Where a proposal is, by how many streets it stands at; what holds it comes around that.
_AT = (
    Label("无名道路旁", "on an unnamed way"),
    Label("{one}旁", "on {one}"),
    Label("{one}与{other}附近", "near {one} and {other}"),
)
_RANGE = Label("建议选址范围：{place}", "suggested range {place}")
_WITHIN = Label("{place}，{said}", "{said}, {place}")

#: What is done, whom it serves and why here.
_PROPOSED = {
    "gains": Label("{place}：{act}。新增达标{gain}", "{place}: {act}. Gains {gain}"),
    "service": Label("{service}{heads}", "{service} {heads}"),
    "by_service": Label("{said}（{services}）", "{said} ({services})"),
    "in_blocks": Label("{said}，主要惠及{blocks}。", "{said}, most of them in {blocks}."),
    "whole": Label("{said}。", "{said}."),
    "ranked": Label("{rank}. {said}", "{rank}. {said}"),
}
_BETWEEN_SERVICES = Label("，", "; ")
_MORE_BLOCKS = Label("{named}等{all}个小区", "{named} and {more} more")
_ACTS = {
    "new_station": Label("新设站点，提供{offered}", "open a station with {offered}"),
    "add_services": Label("在现有站点增设{offered}", "add {offered}"),
    "elevator": Label("加装电梯", "add an elevator"),
    "room": Label("迁至{room}", "move to {room}"),
    "merge": Label(
        "并入{host}，原社区居民转至该处", "merge into {host}, which its residents use from then on"
    ),
}
_COST = Label("{act}（费用{cost}）", "{act} (cost {cost})")
_ROOM = Label("{room}（{facts}）", "{room} ({facts})")
_FLOOR = Label("{floor}层", "floor {floor}")
_LEFT_AS_IT_IS = Label(
    "{station}：维持现状；同样预算用于其他站点惠及人数更多，或改造后达标人数不增加。",
    "{station}: leave as it is; "
    "within this budget more people gain elsewhere, or nobody gains here.",
)

#: What a plan does not mend.
_STILL_FAILING = Label("{services}仍不达标：{blocks}", "{services} still missing: {blocks}")
_MORE_FAILING = Label("{named}等{all}个", "{named} and {more} more")
_HINDRANCES = {
    Hindrance.OFF_NETWORK: Label("{snap}内没有可步行的道路", "no walkable way within {snap}"),
    Hindrance.NO_CANDIDATE: Label("标准距离内没有可设站的位置", "no candidate within the limit"),
    Hindrance.NOT_ACCESSIBLE: Label(
        "有备选位置，但{who}难以到达（台阶、楼层或步速）",
        "candidates are near, but out of reach for: {who} (steps, floors or pace)",
    ),
}
_UNREACHABLE = Label(
    "现有备选位置均无法惠及：{worth}，涉及{blocks}个小区：{named}（{why}）",
    "out of reach of every candidate: {worth} in {blocks} {blocks:block|blocks}: {named} ({why})",
)
_TO_CHECK_UNREACHABLE = Label(
    "结论待核实，且现有备选位置均无法惠及：{worth}，涉及{blocks}个小区：{named}（{why}）",
    "to be checked, and out of reach of every candidate: "
    "{worth} in {blocks} {blocks:block|blocks}: {named} ({why})",
)

#: How good a plan is.
_CANDIDATES = Label("{n:,}个备选位置", "{n:,} {n:candidate|candidates}")
_SPACED = Label(
    "{n:,}个备选位置（街道上的相距约{spacing}，其间的位置可能更优）",
    "{n:,} {n:candidate|candidates} (on streets about {spacing} apart: "
    "a place between two of them may serve more)",
)
_EVERYWHERE = Label(
    "{n:,}个备选位置（小区以外，街道上任何可设站处均不优于其中之一）",
    "{n:,} {n:candidate|candidates} "
    "(outside of compounds no other place on the streets serves more than one of them)",
)
_SECONDS = Label("{said}（{seconds:.1f}秒）", "{said} ({seconds:.1f} s)")
_PROVEN = Label("已证明为最优", "proven optimal")
_GAP = Label("差距不超过{gap:.1f}%", "a gap of {gap:.1f}%")
_MOST = Label("上限{most}", "no plan gains more than {most}")
#: What a plan comes to by its goal, where its gain does not say so.
_GOALS: Mapping[SitingGoal, Label] = {
    "all": Label(
        "新设{stations}个站点，可使能够服务到的居民全部达标",
        "{stations} {stations:station serves|stations serve} everybody whom one can serve",
    ),
    "distance": Label("平均步行{before} → {after}", "mean walk {before} → {after}"),
    "worst": Label("最远步行{before} → {after}", "longest walk {before} → {after}"),
}

_NEW_STATIONS = Counted(
    Label("{study}：新增{n}个站点", "{study}: {n} new station"),
    Label("{study}：新增{n}个站点", "{study}: {n} new {n:station|stations}"),
)
#: A plan in a few lines.
_PLAN = {
    "services": Label("{said}、增设{n}处服务", "{said}, services added at {n}"),
    "gain": Label(
        "{said}，新增达标{gain}，同一居民按服务重复计（达标率{before}% → {after}%）",
        "{said}, {gain} gained (served {before}% → {after}%)",
    ),
    "gain_weighed": Label(
        "{said}，新增达标{gain}，同一居民按服务重复计（按需求权重计的达标率{before}% → {after}%）",
        "{said}, {gain} gained (served, weighed by need, {before}% → {after}%)",
    ),
    "failing": Label(
        "不达标（小区·项）：{before:,} → {after:,}",
        "blocks failing a service: {before:,} → {after:,}",
    ),
    "to_check": Label(
        "{said}；待核实：{before:,} → {after:,}", "{said}; to be checked: {before:,} → {after:,}"
    ),
    "spent": Label(
        "{study}：预算{budget}，花费{cost}，剩余{left}，新增达标{gain}，同一居民按服务重复计（{who}），{qu"
        "ality}",
        "{study}: {cost} of {budget} spent, {left} left, {gain} gained ({who}), {quality}",
    ),
}
#: What a budget leaves, and the next act that it does not pay for.
_BUDGET = Label("预算{budget}，花费{cost}，剩余{left}", "{cost} of {budget} spent, {left} left")
_TOO_DEAR = Label(
    "预算再增加{short}，可{act}（{place}），再新增达标{gain}",
    "just too dear: {act}, {place}; {short} more than is left, and {gain} more gained",
)
_FOR_ADULTS = Label(
    "按成年人计：楼层对其影响很小；为上楼困难者改造，请用 --walkers（须列入 [walk] walkers）",
    "counted for adults, whom stairs hardly hinder; for those whom they do, "
    "give --walkers (older, wheelchair: among [walk] walkers)",
)
_BESIDE = Label(
    "{one}与{other}相距{away}：每站至多{most}类服务（services_per_site）；"
    "如场地条件允许，可合并设置",
    "{one} and {other} stand {away} apart, as a station has at most {most} "
    "{most:service|services} "
    "(services_per_site); where there is room, make them one",
)


def service_name(results: Results, service: str, language: Language) -> str:
    """Return what a service is called."""
    found = next(each for each in results.inputs.services if each.id == service)
    return found.called(language)


def amount(worth: float, plan: SitePlan, language: Language, *, weighted: bool = False) -> str:
    """Return people (or blocks) counted once for each service they gain; ``weighted`` by what their needs weigh."""
    if weighted and plan.weighs_needs:
        return _WEIGHED.said(language, n=worth)
    return _counted(worth, language, blocks=plan.weighs_blocks)


def _counted(worth: float, language: Language, *, blocks: bool) -> str:
    if blocks:
        return _BLOCK_SERVICES.said(language, n=worth)
    return _PERSON_SERVICES.said(language, n=math.floor(worth + 0.5))


def heads(worth: float, plan: SitePlan, language: Language) -> str:
    """Return people (or blocks) who gain one service."""
    if plan.weighs_blocks:
        return _BLOCKS.said(language, n=worth)
    return _PEOPLE.said(language, n=math.floor(worth + 0.5))


def place_text(proposal: Proposal, language: Language) -> str:
    """Return where a proposal is: its streets, its community, the room if it is one."""
    if proposal.extends:
        return proposal.station.name

    # the streets, of which at most two are named
    one, other, *_ = (*proposal.streets, "", "")
    said = _AT[min(len(proposal.streets), 2)].said(language, one=one, other=other)

    # on a street, a place stands for the ground around it where a room may be found
    if proposal.kind == "street":
        said = _RANGE.said(language, place=said)

    # the room, and the community around it
    room = proposal.room.name if proposal.room is not None else ""
    for place in (room, proposal.community):
        if place:
            said = _WITHIN.said(language, place=place, said=said)
    return said


def explanation(results: Results, plan: SitePlan, proposal: Proposal, language: Language) -> str:
    """Return what is proposed, whom it serves and why here."""
    said = _PROPOSED["gains"].said(
        language,
        place=place_text(proposal, language),
        act=act_text(results, plan, proposal, language),
        gain=amount(proposal.people, plan, language),
    )

    # the services, those of most people first
    gains = sorted(proposal.people_by_service.items(), key=lambda item: -round(item[1], 6))
    services = [
        _PROPOSED["service"].said(
            language,
            service=service_name(results, service, language),
            heads=heads(worth, plan, language),
        )
        for service, worth in gains
    ]
    if services:
        listed = joined(services, _BETWEEN_SERVICES, language)
        said = _PROPOSED["by_service"].said(language, said=said, services=listed)

    # the blocks that gain most
    names = [results.blocks[block].name for block, _ in proposal.gain_by_block]
    if not names:
        return _PROPOSED["whole"].said(language, said=said)
    blocks = _first(names, _MORE_BLOCKS, language)
    return _PROPOSED["in_blocks"].said(language, said=said, blocks=blocks)


def _first(names: Sequence[str], and_more: Label, language: Language) -> str:
    """Return the first names, and that there are more of them."""
    named, more = joined(names[:NAMED], NAMES, language), len(names) - NAMED
    if more <= 0:
        return named
    return and_more.said(language, named=named, all=len(names), more=more)


def act_text(results: Results, plan: SitePlan, proposal: Proposal, language: Language) -> str:
    """Return what is done: services opened or added, an elevator, a move, a merger; its cost where money counts."""
    services = [service_name(results, each, language) for each in proposal.services]
    hosts = {each.id: each.name for each in results.stations}
    act = _ACTS[proposal.action].said(
        language,
        offered=joined(services, NAMES, language),
        room=_room_text(proposal, language),
        host=hosts.get(proposal.target, proposal.target),
    )
    if plan.settings.budget is None:
        return act
    return _COST.said(language, act=act, cost=money(proposal.cost, language))


def _room_text(proposal: Proposal, language: Language) -> str:
    """Return a room with how it is to be had and its floor, where they are known."""
    room = proposal.room
    if room is None:
        return proposal.target

    facts = [room.obtained] if room.obtained else []
    if room.floor is not None:
        facts.append(_FLOOR.said(language, floor=room.floor))
    if not facts:
        return room.name
    return _ROOM.said(language, room=room.name, facts=joined(facts, FACTS, language))


def left_as_it_is(station: Station, language: Language) -> str:
    """Return that a center stays upstairs, and why."""
    return _LEFT_AS_IT_IS.said(language, station=station.name)


def not_fixed(after: Results, plan: SitePlan, proposal: Proposal, language: Language) -> str:
    """Return which blocks within reach still fail a service after the whole plan (its first walker); "" where none.

    Those whose verdict is to be checked are not among them where the plan leaves them out.
    """
    judgments = after.answers.get(plan.walkers[0], after.main).judgments
    counts = plan.weighs_blocks | (judgments.printed_people > 0)
    failing = judgments.failing
    if plan.settings.doubt == "apart":
        failing = failing & ~judgments.doubted
    number = {service.id: index for index, service in enumerate(after.inputs.services)}

    # services that fail the same blocks share a sentence
    failed_in: dict[str, list[str]] = {}
    for service in plan.services:
        fails = failing[:, number[service]] & counts
        names = [after.blocks[block].name for block in proposal.within_reach if fails[block]]
        if names:
            blocks = _first(names, _MORE_FAILING, language)
            failed_in.setdefault(blocks, []).append(service_name(after, service, language))

    said = [
        _STILL_FAILING.said(language, services=joined(services, NAMES, language), blocks=blocks)
        for blocks, services in failed_in.items()
    ]
    return joined(said, SENTENCES, language)


def hindrance_text(results: Results, one: Unreachable, language: Language) -> str:
    """Return why no candidate can bring the service to people of a block."""
    snap = plain_limit(results.inputs.settings.max_snap_m, "m", language)
    who = label(WALKER, one.walker, language)
    return _HINDRANCES[one.hindrance].said(language, snap=snap, who=who)


def unreachable_lines(
    results: Results, rows: tuple[Unreachable, ...], language: Language
) -> list[str]:
    """Return, for each reason why no candidate can serve people, how many they are and in which blocks.

    Those whose verdict is to be checked come after the others, in lines of their own.
    """
    because: dict[tuple[bool, str], list[Unreachable]] = {}
    for one in rows:
        unsure = one.doubt is not Doubt.NONE
        because.setdefault((unsure, hindrance_text(results, one, language)), []).append(one)

    weighs_blocks = results.main.matrix.weighs_blocks
    lines = []
    for (unsure, why), held in sorted(because.items(), key=lambda item: item[0][0]):
        worth = _counted(sum(one.worth for one in held), language, blocks=weighs_blocks)
        names = list(dict.fromkeys(results.blocks[one.block].name for one in held))
        named = joined(names[:_UNREACHABLE_NAMED], NAMES, language)
        if len(names) > _UNREACHABLE_NAMED:
            named += " …"
        line = _TO_CHECK_UNREACHABLE if unsure else _UNREACHABLE
        lines.append(line.said(language, worth=worth, blocks=len(names), named=named, why=why))
    return lines


def proof_text(plan: SitePlan, language: Language, *, timed: bool = True) -> str:
    """Return how good the plan is: proven, or how much more the best one could gain; ``timed`` adds the seconds."""
    parts = [_candidates_text(plan, language)]
    if plan.settings.goal in _GOALS:
        parts.append(_goal_text(plan, language))
    said = joined([*parts, *_quality(plan, language)], FACTS, language)
    return _SECONDS.said(language, said=said, seconds=plan.solution.seconds) if timed else said


def _candidates_text(plan: SitePlan, language: Language) -> str:
    """Return how many candidates there are, and whether other places may be better."""
    if plan.everywhere:
        return _EVERYWHERE.said(language, n=plan.candidates)
    if plan.spacing_m is None:
        return _CANDIDATES.said(language, n=plan.candidates)
    spacing = meters(plan.spacing_m, language)
    return _SPACED.said(language, n=plan.candidates, spacing=spacing)


def _goal_text(plan: SitePlan, language: Language) -> str:
    """Return what a plan comes to by its goal."""
    walks = [meters(walk_m, language) for walk_m in plan.walk_m or ()]
    before, after, *_ = (*walks, "–", "–")
    return _GOALS[plan.settings.goal].said(
        language, stations=len(plan.stations), before=before, after=after
    )


def _quality(plan: SitePlan, language: Language) -> list[str]:
    """Return that a plan is proven, else what the best one can be better by."""
    if plan.solution.status is Status.OPTIMAL:
        return [_PROVEN.in_(language)]
    within = _GAP.said(language, gap=100 * plan.gap)
    if plan.solution.goal is not Goal.COVER:
        return [within]
    most = amount(plan.bound - plan.before, plan, language, weighted=True)
    return [_MOST.said(language, most=most), within]


def _failing(results: Results, after: Results, language: Language) -> str:
    """Return how many blocks fail a service before and after, those to be checked apart."""
    judgments = results.main.judgments, after.main.judgments
    doubted = [int(each.doubted.sum()) for each in judgments]
    sure = [
        int(each.failing.sum()) - unsure for each, unsure in zip(judgments, doubted, strict=True)
    ]
    said = _PLAN["failing"].said(language, before=sure[0], after=sure[1])
    if not any(doubted):
        return said
    return _PLAN["to_check"].said(language, said=said, before=doubted[0], after=doubted[1])


def summary(results: Results, after: Results, plan: SitePlan, language: Language) -> list[str]:
    """Return the plan in a few lines."""
    lines = [_gained(results, plan, language), proof_text(plan, language)]
    lines += doubt_lines(results, after, plan, language)
    lines += [*effect_lines(results, after, language), *rule_lines(results, plan, language)]
    lines += _ranked(results, plan, language)

    # what is left of the money, and of what fails
    lines += budget_lines(results, plan, language)
    lines.append(_failing(results, after, language))
    lines += unreachable_lines(results, plan.unreachable, language)
    notes = [*_beside(results, plan, language), *_notes(plan, language)]
    return [*lines, *(f"· {note}" for note in notes)]


def budget_lines(results: Results, plan: SitePlan, language: Language) -> list[str]:
    """Return what is left of a budget, and what it just does not pay for; nothing without a budget."""
    budget = plan.settings.budget
    if budget is None:
        return []
    cost = sum(proposal.cost for proposal in plan.proposals)
    spent, left = money(cost, language), money(budget - cost, language)
    lines = [_BUDGET.said(language, budget=money(budget, language), cost=spent, left=left)]
    if plan.too_dear is not None:
        further = plan.too_dear.proposal
        dearer = _TOO_DEAR.said(
            language,
            act=act_text(results, plan, further, language),
            place=place_text(further, language),
            short=money(plan.too_dear.short, language),
            gain=amount(further.people, plan, language),
        )
        lines.append(dearer)
    return lines


def _notes(plan: SitePlan, language: Language) -> list[str]:
    """Return what was noted of the candidates of a plan, in a language."""
    return [message_in(note, language) for note in plan.notes]


def _gained(results: Results, plan: SitePlan, language: Language) -> str:
    """Return how many stations there will be, who gains, and what share is served before and after."""
    fresh = sum(not proposal.extends for proposal in plan.proposals)
    extended = len(plan.proposals) - fresh
    said = _NEW_STATIONS.said(language, fresh, study=results.inputs.settings.name)
    if extended:
        said = _PLAN["services"].said(language, said=said, n=extended)

    before, after = (
        f"{100 * value / plan.total:.1f}" if plan.total else "–"
        for value in (plan.before, plan.after)
    )
    gain = amount(plan.people_gain, plan, language)
    key = "gain_weighed" if plan.weighs_needs else "gain"
    return _PLAN[key].said(language, said=said, gain=gain, before=before, after=after)


def _ranked(results: Results, plan: SitePlan, language: Language) -> list[str]:
    """Return the proposals, a line each."""
    return [
        _PROPOSED["ranked"].said(
            language, rank=each.rank, said=explanation(results, plan, each, language)
        )
        for each in plan.proposals
    ]


def upgrades_summary(results: Results, after: Results, found: Upgrades) -> list[str]:
    """Return what is done, act by act, in the study's language."""
    settings, plan = results.inputs.settings, found.proposals
    language = settings.language

    # what is spent on it
    walkers = [label(WALKER, walker, language) for walker in found.walkers]
    head = _PLAN["spent"].said(
        language,
        study=settings.name,
        budget=money(found.program.budget, language),
        cost=money(found.plan.cost, language),
        left=money(found.program.budget - found.plan.cost, language),
        gain=amount(plan.people_gain, plan, language),
        who=joined(walkers, NAMES, language),
        quality=joined(_quality(plan, language), FACTS, language),
    )

    # who gains and who loses, then what is done, and what is not
    lines = [head, *effect_lines(results, after, language), *rule_lines(results, plan, language)]
    lines += doubt_lines(results, after, plan, language)
    lines += _ranked(results, plan, language)
    lines += budget_lines(results, plan, language)[1:]
    kept = [each.station for each in found.chosen if each.action == "leave"]
    lines += [f"– {left_as_it_is(station, language)}" for station in kept]

    notes = _notes(plan, language)
    if found.walkers == ("adult",):
        notes.append(_FOR_ADULTS.in_(language))
    return [*lines, *(f"· {note}" for note in notes)]


def _beside(results: Results, plan: SitePlan, language: Language) -> list[str]:
    """Return a remark for proposals that stand so near each other that they may be one larger station."""
    most = plan.settings.services_per_site
    fresh = [each for each in plan.proposals if not each.extends]
    if most is None:
        return []
    places = np.array([each.station.geometry for each in fresh], dtype=object)
    xy = results.network.plane.geometry_to_xy(places)

    said = []
    for one, other in combinations(range(len(fresh)), 2):
        away_m = float(shapely.distance(xy[one], xy[other]))
        if away_m <= BESIDE_M:
            remark = _BESIDE.said(
                language,
                one=fresh[one].rank,
                other=fresh[other].rank,
                away=meters(away_m, language),
                most=most,
            )
            said.append(remark)
    return said
