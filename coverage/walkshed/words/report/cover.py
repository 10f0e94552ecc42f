"""The first and the last sheet of the workbook: what the study is, and what the words of its tables mean."""

from __future__ import annotations

from walkshed.model.labels import VERDICT, Label, Language
from walkshed.model.results import Results, caveats
from walkshed.words.messages.saying import said
from walkshed.words.quantities import NAMES, joined, moment_text
from walkshed.words.studies.country import country_text
from walkshed.words.verdicts import walker_name

_WHAT = {
    "study": Label("项目名称", "Study"),
    "scenario": Label("比选方案", "Scenario"),
    "illustrative": Label("数据性质", "Data"),
    "counts": Label("评估范围", "Extent"),
    "services": Label("服务类别", "Services"),
    "streets": Label("路网数据", "Streets"),
    "country": Label("国家/地区", "Country"),
    "walker": Label("行走方式", "Walker"),
    "at": Label("评估时刻", "Judged at"),
    "share": Label("达标要求", "Required"),
    "result": Label("总体结果", "Result"),
    "caveat": Label("须知", "Caution"),
    "sources": Label("数据出处", "Sources"),
    "note": Label("运行说明", "Notes of the run"),
    "sheet": Label("工作表：{name}", "Sheet: {name}"),
    "office": Label("编制单位（单位填写）", "Prepared by (office)"),
    "author": Label("编制人（单位填写）", "Author (office)"),
    "reviewer": Label("审核人（单位填写）", "Reviewer (office)"),
    "date": Label("编制日期（单位填写）", "Date (office)"),
}
_SAID = {
    "illustrative": Label(
        "示例：含虚构或推定内容，不作规划依据",
        "Illustrative: partly invented or guessed, no basis for decisions",
    ),
    "given": Label("按单位填报数据评估", "As the study's own tables state it"),
    "counts": Label(
        "{blocks:,}个小区（街坊），{stations:,}个站点，{services:,}类服务",
        "{blocks:,} {blocks:block|blocks}, {stations:,} {stations:station|stations}, {services:,} "
        "{services:service|services}",
    ),
    "streets": Label("{attribution}；数据日期：{date}", "{attribution}; as of {date}"),
    "undated": Label("未注明", "no stated date"),
    "any_time": Label("不限时", "any time"),
    "share": Label(
        "小区内至少{share:.0f}%的居民在标准之内，该小区该项服务为达标",
        "A block is served where at least {share:.0f}% of its residents are within the standard",
    ),
    "sources": Label(
        "见 run.json（文件及其摘要、设置、标准条目）和项目的 SOURCES 文件",
        "run.json (files with digests, settings, the standard's rows), and the study's SOURCES",
    ),
    "from": Label("{title}；数据同{file}", "{title}; its figures are those of {file}"),
}
#: What the office alone knows.
OFFICE = ("office", "author", "reviewer", "date")

_TERMS = (
    (
        Label("步行距离", "Walk"),
        Label(
            "居民出门到站点沿步行路网的最短距离，含出入口到路网、路网到站点的步行；"
            "小区一栏为按人加权的中位数",
            "The shortest walk along streets from the residents to the station, both ends "
            "included; of a block the median over its people",
        ),
    ),
    (
        Label("达标人数", "Served"),
        Label(
            "住处到提供该服务且面向其开放的站点，在标准之内的居民",
            "Residents within the standard of a station that offers the service and admits them",
        ),
    ),
    (
        Label("未达标", "Left out"),
        Label(
            "按现有资料确定不在标准之内的居民（含达标小区中不在标准之内的少数）",
            "Residents who surely are not within the standard, the few of passing blocks too",
        ),
    ),
    (
        Label("待核实", "To check"),
        Label(
            "按现有资料未达标，但靠近地图边缘、地图缺路、小区内距离为推算，或有站点未定位，需先核"
            "实",
            "Not served as far as is known, but near the edge of the map, cut off by a missing "
            "way, guessed inside the compound, or for want of a station's place",
        ),
    ),
    (
        Label("待摸底", "Not surveyed"),
        Label(
            "该服务的站点清单尚未确认完整，或没有适用的标准，不作判断",
            "Nobody has said that the list of stations is complete, or no standard applies",
        ),
    ),
    (
        Label("达标率", "Share served"),
        Label(
            "达标÷总人口；待核实未计入达标；有待摸底的不计算",
            "Served / people; those to be checked are not among the served; blank where some are "
            "not surveyed",
        ),
    ),
    (
        Label("人·项", "Person-services"),
        Label(
            "各项服务人数之和：一人缺两项服务计两次，不是人口数",
            "People summed over services: who lacks two counts twice; no number of people",
        ),
    ),
    (
        Label("仅由本站覆盖", "Only by this station"),
        Label(
            "该站停办该服务后将失去该服务的人数",
            "People who would lose the service if the station offered it no more",
        ),
    ),
    (
        Label("增设可惠及", "Would gain"),
        Label(
            "该站增设该服务后新增达标的人数",
            "People who would gain the service if the station offered it",
        ),
    ),
    (
        Label("受益人数", "People who gain"),
        Label(
            "全项目因该措施新增达标的居民；各措施独立计算，不可相加",
            "Residents of the whole study whom a measure would serve; measures do not add up",
        ),
    ),
    (
        Label("单位填写", "Office"),
        Label(
            "本工具不掌握的内容（责任、投资、时间等），留空由单位填写",
            "What walkshed does not know (who, how much, when) is left blank for the office",
        ),
    ),
)
_VERDICT_TERM = Label("评估结论：{verdict}", "Verdict: {verdict}")
_VERDICTS = {
    "served": Label("达标人口比例不低于要求", "enough of its people are within the standard"),
    "off_network": Label("出入口附近没有可步行的道路", "no walkable way is near any of its exits"),
    "no_provider": Label("没有站点提供此服务", "no station offers the service"),
    "not_entitled": Label(
        "有站点提供，但都不面向本小区居民", "stations offer it, but none admits its residents"
    ),
    "cut_off": Label("有站点提供，但没有道路连通", "stations offer it, but no street leads there"),
    "too_far": Label("最近的站点超出标准距离", "the nearest station is beyond the standard"),
    "not_accessible": Label(
        "距离之内有站点，但因楼层、台阶或步速到不了",
        "a station is near, but out of reach for its floor, for steps, or at this pace",
    ),
    "closed": Label("距离之内有站点，但该时刻未开放", "a station is near, but closed at that time"),
    "full": Label("距离之内有站点，但接待能力不足", "a station is near, but has no room for all"),
    "not_surveyed": Label(
        "站点清单未确认完整，不作判断", "the list of its stations is not known to be complete"
    ),
    "no_standard": Label("没有适用的标准，不作判断", "no standard applies to it"),
}


def about_rows(
    results: Results, headline: list[str], sheets: list[tuple[str, str, str]]
) -> list[tuple[str, str | None]]:
    """Return what the study is, what was found, and what is not known: pairs of a head and its content.

    ``headline`` are the lines that a run says, ``sheets`` the name, title and file of each sheet.
    What the office is to fill in has None.
    """
    inputs, settings = results.inputs, results.inputs.settings
    language, network = settings.language, results.network
    told: list[tuple[str, str | None]] = [("study", settings.name)]
    if inputs.scenario is not None:
        told.append(("scenario", inputs.scenario.name))

    # by whom; nobody but the office knows
    told += [(key, None) for key in OFFICE]

    # what was judged
    counts = _SAID["counts"].said(
        language,
        blocks=len(results.blocks),
        stations=len(results.stations) + len(inputs.unplaced),
        services=len(inputs.services),
    )
    illustrative = "illustrative" if settings.illustrative else "given"
    date = network.data_date or _SAID["undated"].in_(language)
    names = [service.called(language) for service in inputs.services]
    told += [
        ("illustrative", _SAID[illustrative].in_(language)),
        ("counts", counts),
        ("services", joined(names, NAMES, language)),
        ("streets", _SAID["streets"].said(language, attribution=network.attribution, date=date)),
        ("country", country_text(inputs, language)),
        ("walker", walker_name(results.view(), language)),
        ("at", moment_text(settings.at, language) or _SAID["any_time"].in_(language)),
        ("share", _SAID["share"].said(language, share=100 * settings.min_share)),
    ]

    # what was found, and how far it holds
    told += [("result", line) for line in headline]
    told += [("caveat", text) for text in caveats(results)]
    told.append(("sources", _SAID["sources"].in_(language)))
    rows = [(_WHAT[key].in_(language), content) for key, content in told]
    rows += [
        (
            _WHAT["sheet"].said(language, name=name),
            _SAID["from"].said(language, title=title, file=file),
        )
        for name, title, file in sheets
    ]
    return rows + [(_WHAT["note"].in_(language), said(note, language)) for note in results.notes]


def term_rows(language: Language) -> list[tuple[str, str]]:
    """Return what the words of the workbook mean, and every verdict."""
    rows = [(term.in_(language), meaning.in_(language)) for term, meaning in _TERMS]
    return rows + [
        (
            _VERDICT_TERM.said(language, verdict=VERDICT[verdict].in_(language)),
            meaning.in_(language),
        )
        for verdict, meaning in _VERDICTS.items()
    ]
