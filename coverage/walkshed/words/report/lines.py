"""What stands above the tables of the workbook: dates, what is illustrative or unverified, where rows are left out."""

from __future__ import annotations

from walkshed.model.labels import UNVERIFIED_STATIONS, Label, Language
from walkshed.model.results import Results, View
from walkshed.model.town.places import Need
from walkshed.words.outreach import only_comes, promise_text
from walkshed.words.page import PAGE
from walkshed.words.quantities import NAMES, SENTENCES, joined, measured, moment_text
from walkshed.words.verdicts import walker_name

#: What stands at the head of a sheet: the name of the study, and what the sheet is.
HEADING = Label("{study}：{title}", "{study}: {title}")
_OF_STREETS = Label("路网数据日期：{date}", "streets as of {date}")
_OF_SERVICES = Label("站点清单截至：{dates}", "lists of stations as of {dates}")
_NOT_STATED = Label("未注明", "no stated date")
_WALKER = Label("行走方式：{walker}", "walker: {walker}")
_MOMENT = Label("评估时刻：{at}", "judged at {at}")
_UNVERIFIED = Label(
    "标准及参数中有{n:,}个数出处未核实（见“待核实清单”）",
    "{n:,} {n:figure of the standard is|figures of the standard are} unverified (see “To check”)",
)
_TOO_MANY = Label(
    "共{rows:,}行，超过{most:,}行，本表不列；全部见同一文件夹的{file}",
    "{rows:,} {rows:row|rows}, more than {most:,}: not listed here; all of them stand in {file} "
    "beside this",
)
_KIND_RULE = Label("{kind}：{rule}", "{kind}: {rule}")
_SHARE = Label("{rule}（{share:.0f}%居民）", "{rule} ({share:.0f}% of residents)")
_NO_RULE = Label("无标准", "no standard")
_ANY_NAME = Label("未注明", "not stated")
_WORST = Label("{service}（{n:,}）", "{service} ({n:,})")
_AND_MORE = Label("{named}等{all:,}个", "{named} … {all:,} in all")
_LEFT_IN_PASSING = Label(
    "本表列未达标的小区；达标小区中另有{n:,}人·项不在标准之内，"
    "与本表影响人数合计为“总览”未达标{all:,}人·项",
    "The blocks that fail. Another {n:,} person-services are left out in blocks that pass; "
    "with those of this table they are the {all:,} of the overview",
)
_NOT_SAID = Label("{what}有{n:,}个站点未填", "{what} is not stated for {n:,} {n:station|stations}")
_NAMED = 5
#: Stands in a table without rows.
NO_ROWS = Label("（无）", "(none)")
#: The rule of every kind of block.
ALL_KINDS = Label("各类小区", "all kinds of blocks")
ALL_SERVICES = Label("各项服务", "all services")
_COMMUNITY = Label("社区", "community")
_OF_KIND = Label("{what}（{kind}）", "{what} ({kind})")
#: What the figures of a standard and of a walker are called.
FIGURES = {
    "limit": Label("限值", "limit"),
    "min_area_m2": Label("最小面积", "least area"),
    "places_per_1000": Label("每千人座位（床位）数", "places per 1,000 people"),
    "area_m2_per_100_households": Label("每百户用房面积", "area per 100 households"),
    "speed_m_s": Label("步行速度", "walking speed"),
    "step_s": Label("每级台阶用时", "time for a step"),
    "flight_s": Label("每层楼梯用时", "time for a flight of stairs"),
    "flights_max": Label("最多可走楼层数", "most flights of stairs"),
    "elevator_wait_s": Label("候梯时间", "wait for an elevator"),
}
#: In what gains are counted.
GAINS = {
    "person_services": Label("人·项", "person-services"),
    "block_services": Label("小区·项", "block-services"),
    "weighted_person_services": Label("人·项（计权重）", "person-services, weighted"),
    "weighted_block_services": Label("小区·项（计权重）", "block-services, weighted"),
}
UNITS = {
    "m": Label("米", "m"),
    "min": Label("分钟", "min"),
    "m2": Label("平方米", "m²"),
    "places": Label("个", "places"),
    "m/s": Label("米/秒", "m/s"),
    "s": Label("秒", "s"),
}


def note_line(results: Results, unverified: int) -> str:
    """Return the line that stands on every sheet: data dates, illustrative, unverified, for whom and when."""
    settings = results.inputs.settings
    language = settings.language

    # as of when
    undated = _NOT_STATED.in_(language)
    parts = [_OF_STREETS.said(language, date=results.network.data_date or undated)]
    dates = sorted({each.as_of for each in results.inputs.services if each.as_of})
    listed = joined(dates, NAMES, language) or undated
    parts.append(_OF_SERVICES.said(language, dates=listed))

    # for whom, and when
    parts.append(_WALKER.said(language, walker=walker_name(results.view(), language)))
    if settings.at:
        parts.append(_MOMENT.said(language, at=moment_text(settings.at, language)))

    # how far it can be trusted
    if settings.illustrative:
        parts.append(PAGE["invented"].in_(language))
    if settings.stations_source == "osm":
        parts.append(UNVERIFIED_STATIONS.in_(language))
    if unverified:
        parts.append(_UNVERIFIED.said(language, n=unverified))
    return joined(parts, SENTENCES, language)


def too_many(rows: int, most: int, file: str, language: Language) -> str:
    """Return that a table has more rows than a sheet lists, and which file holds them."""
    return _TOO_MANY.said(language, rows=rows, most=most, file=file)


def standard_text(view: View, needs: list[Need], service: int, kinds: dict[str, str]) -> str:
    """Return the standard of a service in short: its limits, by kind of block where they differ."""
    language = view.language
    if not needs:
        return _NO_RULE.in_(language)
    comes = only_comes(view, service)
    rules: dict[str, list[str]] = {}
    for need in needs:
        if comes:
            rule = promise_text(need, language)
        else:
            rule = measured(need.metric, need.unit, [need.limit], language)
        rules.setdefault(rule, []).append(kinds.get(need.kind, need.kind))

    # one rule for all needs no kinds
    told = list(rules)
    if len(rules) > 1:
        told = [
            _KIND_RULE.said(language, kind=joined(dict.fromkeys(names), NAMES, language), rule=rule)
            for rule, names in rules.items()
        ]
    share = 100 * view.answer.min_share
    return _SHARE.said(language, rule=joined(told, SENTENCES, language), share=share)


def name_or_not_stated(name: str, language: Language) -> str:
    """Return a name, or that none is stated."""
    return name or _ANY_NAME.in_(language)


def worst_text(service: str, count: int, language: Language) -> str:
    """Return the service that most lack, with how many."""
    return _WORST.said(language, service=service, n=count)


def names_text(names: list[str], language: Language) -> str:
    """Return names in a row, the first few where they are many."""
    distinct = list(dict.fromkeys(names))
    named = joined(distinct[:_NAMED], NAMES, language)
    if len(distinct) <= _NAMED:
        return named
    return _AND_MORE.said(language, named=named, all=len(distinct))


def left_in_passing(count: int, every: int, language: Language) -> str:
    """Return how many are left out in blocks that pass, which no list of failing blocks holds."""
    return _LEFT_IN_PASSING.said(language, n=count, all=every)


def not_said(what: Label, count: int, language: Language) -> str:
    """Return of how many stations a fact is not stated."""
    return _NOT_SAID.said(language, what=what.in_(language), n=count)


def figure_of(
    what: str, services: dict[str, str], kinds: dict[str, str], language: Language
) -> str:
    """Return of what a figure is, as unverified.csv has it, with names instead of ids."""
    base, _, kind = what.partition(" (")
    known = {"*": ALL_SERVICES.in_(language), "community": _COMMUNITY.in_(language), **services}
    name = known.get(base, base)
    if not kind.endswith(")") or kind[:-1] not in kinds:
        return what if kind else name
    return _OF_KIND.said(language, what=name, kind=kinds[kind[:-1]])
