"""Proposals in words, Chinese and English as equals; every figure comes from the plan or from a run with it."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import shapely

from walkshed.model.labels import WALKER, label
from walkshed.model.plans.proposals import Hindrance, Proposal, SitePlan, Unreachable
from walkshed.model.plans.siting import Goal, Status
from walkshed.model.results import Language, Results
from walkshed.model.town.places import Station
from walkshed.siting.planning.goals import aim_of
from walkshed.siting.planning.upgrading import Upgrades

#: How many blocks a sentence names.
NAMED = 3
#: Two new stations nearer than this are one station to those who walk there.
BESIDE_M = 200.0
#: How 人·项 are counted, said once for each plan.
_REPEATED = "同一居民按服务重复计"


def service_name(results: Results, service: str, language: Language) -> str:
    """Return what a service is called."""
    found = next(each for each in results.inputs.services if each.id == service)
    return (found.zh if language == "zh" else found.en) or found.id


def amount(worth: float, plan: SitePlan, language: Language, *, weighted: bool = False) -> str:
    """Return people (or blocks) counted once for each service they gain; ``weighted`` by what their needs weigh."""
    if weighted and plan.weighs_needs:
        return (
            f"{worth:,.1f}（按需求权重计）"
            if language == "zh"
            else f"{worth:,.1f} (weighed by need)"
        )
    return _counted(worth, language, blocks=plan.weighs_blocks)


def _counted(worth: float, language: Language, *, blocks: bool) -> str:
    if blocks:
        return f"{worth:,.1f}个小区·项" if language == "zh" else f"{worth:,.1f} block-services"
    people = math.floor(worth + 0.5)
    return f"累计{people:,}人·项" if language == "zh" else f"{people:,} person-services"


def heads(worth: float, plan: SitePlan, language: Language) -> str:
    """Return people (or blocks) who gain one service."""
    if plan.weighs_blocks:
        return f"{worth:,.1f}个小区" if language == "zh" else f"{worth:,.1f} blocks"
    people = math.floor(worth + 0.5)
    return f"{people:,}人" if language == "zh" else f"{people:,} people"


def place_text(proposal: Proposal, language: Language) -> str:
    """Return where a proposal is: its streets, its community, the room if it is one."""
    zh = language == "zh"
    if proposal.extends:
        return proposal.station.name
    streets = proposal.streets
    if not streets:
        at = "无名道路旁" if zh else "on an unnamed way"
    elif len(streets) == 1:
        at = f"{streets[0]}旁" if zh else f"on {streets[0]}"
    else:
        at = f"{streets[0]}与{streets[1]}附近" if zh else f"near {streets[0]} and {streets[1]}"
    room = proposal.room.name if proposal.room is not None else ""
    parts = [part for part in (proposal.community, room, at) if part]
    return "，".join(parts) if zh else ", ".join(reversed(parts))


def explanation(results: Results, plan: SitePlan, proposal: Proposal, language: Language) -> str:
    """Return what is proposed, whom it serves and why here."""
    zh = language == "zh"
    place, gain = place_text(proposal, language), amount(proposal.people, plan, language)
    of_service = [
        f"{service_name(results, each, language)}{heads(worth, plan, 'zh')}"
        if zh
        else f"{service_name(results, each, language)} {heads(worth, plan, 'en')}"
        for each, worth in sorted(
            proposal.people_by_service.items(), key=lambda item: -round(item[1], 6)
        )
    ]
    names = [results.blocks[block].name for block, _ in proposal.gain_by_block[:NAMED]]
    more = len(proposal.gain_by_block) - len(names)
    if zh:
        blocks = "、".join(names) + (f"等{len(proposal.gain_by_block)}个小区" if more else "")
        parts = f"（{'，'.join(of_service)}）" if of_service else ""
        first = f"{place}：{act_text(results, plan, proposal, 'zh')}。新增达标{gain}{parts}"
        return f"{first}，主要惠及{blocks}。" if names else f"{first}。"
    blocks = ", ".join(names) + (f" and {more} more" if more else "")
    parts = f" ({'; '.join(of_service)})" if of_service else ""
    first = f"{place}: {act_text(results, plan, proposal, 'en')}. Gains {gain}{parts}"
    return f"{first}, most of them in {blocks}." if names else f"{first}."


def act_text(results: Results, plan: SitePlan, proposal: Proposal, language: Language) -> str:
    """Return what is done: services opened or added, an elevator, a move, a merger; its cost where money counts."""
    zh = language == "zh"
    offered = ("、" if zh else ", ").join(
        service_name(results, each, language) for each in proposal.services
    )
    host = next(
        (each.name for each in results.stations if each.id == proposal.target), proposal.target
    )
    acts = {
        "new_station": (f"设站，提供{offered}", f"open a station with {offered}"),
        "add_services": (f"在现有站点增设{offered}", f"add {offered}"),
        "elevator": ("加装电梯", "add an elevator"),
        "room": (f"迁至{_room_text(proposal, 'zh')}", f"move to {_room_text(proposal, 'en')}"),
        "merge": (
            f"并入{host}，原社区居民转至该处",
            f"merge into {host}, which its residents use from then on",
        ),
    }
    done = acts[proposal.action][0 if zh else 1]
    if plan.settings.budget is None:
        return done
    return f"{done}（费用{proposal.cost:g}）" if zh else f"{done} (cost {proposal.cost:g})"


def _room_text(proposal: Proposal, language: Language) -> str:
    room = proposal.room
    if room is None:
        return proposal.target
    zh = language == "zh"
    facts = [room.obtained] if room.obtained else []
    if room.floor is not None:
        facts.append(f"{room.floor}层" if zh else f"floor {room.floor}")
    if not facts:
        return room.name
    return f"{room.name}（{'，'.join(facts)}）" if zh else f"{room.name} ({', '.join(facts)})"


def left_as_it_is(station: Station, language: Language) -> str:
    """Return that a center stays upstairs, and why."""
    if language == "zh":
        return (
            f"{station.name}：维持现状；在此预算内，别处花钱惠及的人更多，或改造并不增加达标人数。"
        )
    return f"{station.name}: leave as it is; within this budget more people gain elsewhere, or nobody gains here."


def not_fixed(after: Results, plan: SitePlan, proposal: Proposal, language: Language) -> str:
    """Return which blocks within reach still fail a service after the whole plan (its first walker); "" where none."""
    zh = language == "zh"
    judgments = after.answers.get(plan.walkers[0], after.main).judgments
    lives = judgments.printed_people > 0
    number = {service.id: index for index, service in enumerate(after.inputs.services)}
    left: dict[str, list[str]] = {}
    for service in plan.services:
        failing = [
            block
            for block in proposal.within_reach
            if judgments.failing[block, number[service]] and (plan.weighs_blocks or lives[block])
        ]
        if failing:
            names = [after.blocks[block].name for block in failing[:NAMED]]
            more = f"等{len(failing)}个" if zh else f" and {len(failing) - NAMED} more"
            told = ("、" if zh else ", ").join(names) + (more if len(failing) > NAMED else "")
            left.setdefault(told, []).append(service_name(after, service, language))
    if zh:
        return "；".join(
            f"{'、'.join(services)}仍不达标：{blocks}" for blocks, services in left.items()
        )
    return "; ".join(
        f"{', '.join(services)} still missing: {blocks}" for blocks, services in left.items()
    )


def hindrance_text(results: Results, one: Unreachable, language: Language) -> str:
    """Return why no candidate can bring the service to people of a block."""
    snap_m = f"{results.inputs.settings.max_snap_m:g}"
    who = label(WALKER, one.walker, language)
    if language == "zh":
        return {
            Hindrance.OFF_NETWORK: f"{snap_m}米内没有可步行的道路",
            Hindrance.NO_CANDIDATE: "标准距离内没有可设站的位置",
            Hindrance.NOT_ACCESSIBLE: f"有备选位置，但{who}到不了（台阶、楼层或步速）",
        }[one.hindrance]
    return {
        Hindrance.OFF_NETWORK: f"no walkable way within {snap_m} m",
        Hindrance.NO_CANDIDATE: "no candidate within the limit",
        Hindrance.NOT_ACCESSIBLE: f"candidates are near, but out of reach for: {who} (steps, floors or pace)",
    }[one.hindrance]


def unreachable_lines(
    results: Results, rows: tuple[Unreachable, ...], language: Language
) -> list[str]:
    """Return, for each reason why no candidate can serve people, how many they are and in which blocks."""
    zh, blocks = language == "zh", not bool(np.any(results.demand.people > 0))
    because: dict[str, list[Unreachable]] = {}
    for one in rows:
        because.setdefault(hindrance_text(results, one, language), []).append(one)
    lines = []
    for why, held in because.items():
        worth = _counted(sum(one.worth for one in held), language, blocks=blocks)
        names = list(dict.fromkeys(results.blocks[one.block].name for one in held))
        told = ("、" if zh else ", ").join(names[:5]) + (" …" if len(names) > 5 else "")
        lines.append(
            f"备选位置都惠及不到：{worth}，涉及{len(names)}个小区：{told}（{why}）"
            if zh
            else f"out of reach of every candidate: {worth} in {len(names)} blocks: {told} ({why})"
        )
    return lines


def proof_text(plan: SitePlan, language: Language, *, timed: bool = True) -> str:
    """Return how good the plan is: proven, or how much more the best one could gain; ``timed`` adds the seconds."""
    zh, seconds = language == "zh", f"{plan.solution.seconds:.1f}"
    count = f"{plan.candidates:,}个备选位置" if zh else f"{plan.candidates:,} candidates"
    told = aim_of(plan.settings.goal).told(plan, language)
    parts = [count, *([told] if told else []), *_quality(plan, language)]
    if zh:
        return "，".join(parts) + (f"（{seconds}秒）" if timed else "")
    return ", ".join(parts) + (f" ({seconds} s)" if timed else "")


def _quality(plan: SitePlan, language: Language) -> list[str]:
    """Return that a plan is proven, else what the best one can be better by."""
    zh, gap = language == "zh", f"{100 * plan.gap:.1f}"
    if plan.solution.status is Status.OPTIMAL:
        return ["已证明为最优" if zh else "proven optimal"]
    within = f"差距不超过{gap}%" if zh else f"a gap of {gap} %"
    if plan.solution.goal is not Goal.COVER:
        return [within]
    most = amount(plan.bound - plan.before, plan, language, weighted=True)
    return [f"上限{most}" if zh else f"no plan gains more than {most}", within]


def summary(results: Results, after: Results, plan: SitePlan, language: Language) -> list[str]:
    """Return the plan in a few lines."""
    zh = language == "zh"
    before, now = (
        f"{100 * value / plan.total:.1f}" if plan.total else "–"
        for value in (plan.before, plan.after)
    )
    fresh = sum(not proposal.extends for proposal in plan.proposals)
    if zh:
        head = f"{results.inputs.settings.name}：新增{fresh}个站点"
        head += f"、增设{len(plan.proposals) - fresh}处服务" if fresh < len(plan.proposals) else ""
        share = "按需求权重计的达标率" if plan.weighs_needs else "达标率"
        gained = f"{head}，新增达标{amount(plan.people_gain, plan, 'zh')}，{_REPEATED}（{share}{before}% → {now}%）"
        lines = [gained, proof_text(plan, "zh")]
    else:
        head = f"{results.inputs.settings.name}: {fresh} new stations"
        head += (
            f", services added at {len(plan.proposals) - fresh}"
            if fresh < len(plan.proposals)
            else ""
        )
        share = "served, weighed by need," if plan.weighs_needs else "served"
        gained = (
            f"{head} gain {amount(plan.people_gain, plan, 'en')} ({share} {before} % → {now} %)"
        )
        lines = [gained, proof_text(plan, "en")]
    lines += [
        f"{each.rank}. {explanation(results, plan, each, language)}" for each in plan.proposals
    ]
    failing = [int(each.main.judgments.failing.sum()) for each in (results, after)]
    lines.append(
        f"不达标（小区·项）：{failing[0]:,} → {failing[1]:,}"
        if zh
        else f"blocks failing a service: {failing[0]:,} → {failing[1]:,}"
    )
    lines += unreachable_lines(results, plan.unreachable, language)
    return [*lines, *(f"· {note}" for note in (*_beside(results, plan, language), *plan.notes))]


def upgrades_summary(results: Results, found: Upgrades) -> list[str]:
    """Return what is done, act by act, in the study's language."""
    language, plan, program = results.inputs.settings.language, found.proposals, found.plan
    zh = language == "zh"
    proven = plan.solution.status is Status.OPTIMAL
    who = ("、" if zh else ", ").join(label(WALKER, walker, language) for walker in found.walkers)
    gain, most = (
        amount(plan.people_gain, plan, language),
        amount(plan.bound - plan.before, plan, language, weighted=True),
    )
    budget = f"{found.program.budget:g}"
    if zh:
        head = f"{results.inputs.settings.name}：预算{budget}，花费{program.cost:g}，"
        head += f"新增达标{gain}，{_REPEATED}（{who}），"
        head += "已证明为最优" if proven else f"上限{most}，差距不超过{100 * plan.gap:.1f}%"
    else:
        head = f"{results.inputs.settings.name}: {program.cost:g} of {budget} spent gain {gain} ({who}), "
        head += (
            "proven optimal"
            if proven
            else f"no plan gains more than {most}, a gap of {100 * plan.gap:.1f} %"
        )
    lines = [
        head,
        *(f"{each.rank}. {explanation(results, plan, each, language)}" for each in plan.proposals),
    ]
    lines += [
        f"– {left_as_it_is(each.station, language)}"
        for each in found.chosen
        if each.action == "leave"
    ]
    notes = [*plan.notes]
    if found.walkers == ("adult",):
        notes.append(
            "按成年人计：楼层对其影响很小；为上楼困难者改造，请用 --walkers（须列入 [walk] walkers）"
            if zh
            else "counted for adults, whom stairs hardly hinder; for those whom they do, give --walkers (older, "
            "wheelchair: among [walk] walkers)"
        )
    return [*lines, *(f"· {note}" for note in notes)]


def _beside(results: Results, plan: SitePlan, language: Language) -> list[str]:
    """Return a remark for proposals that stand so near each other that they may be one larger station."""
    fresh = [each for each in plan.proposals if not each.extends]
    xy = results.network.plane.geometry_to_xy(
        np.array([each.station.geometry for each in fresh], dtype=object)
    )
    said = []
    for one, other in combinations(range(len(fresh)), 2):
        away = float(shapely.distance(xy[one], xy[other]))
        if away <= BESIDE_M:
            names, most = (fresh[one].rank, fresh[other].rank), plan.settings.services_per_site
            said.append(
                f"{names[0]}与{names[1]}相距{away:.0f}米：每站至多{most}类服务（services_per_site）；若场地够大，可合为一处"
                if language == "zh"
                else f"{names[0]} and {names[1]} stand {away:.0f} m apart, as a station has at most {most} services "
                "(services_per_site); where there is room, make them one"
            )
    return said
