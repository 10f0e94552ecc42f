"""What the annexes of a city check-up say: names of their sheets, and the sentences in their cells."""

from __future__ import annotations

from collections.abc import Sequence

from walkshed.model.labels import Label, Language
from walkshed.words.quantities import NAMES as NAMED
from walkshed.words.quantities import joined, meters

#: The sheets, by the names of their tables.
NAMES = {
    "indicators": Label("指标体系表", "Indicators"),
    "results": Label("指标评价结果统计表", "Results"),
    "problems": Label("问题清单及台账", "Problems"),
    "measures": Label("治理建议清单", "Measures"),
}
TITLES = {
    "indicators": Label("附件1 指标体系表", "Annex 1 Indicators"),
    "results": Label("附件2 指标评价结果统计表", "Annex 2 Results by community"),
    "problems": Label("附件3 问题清单及台账", "Annex 3 Problems"),
    "measures": Label("附件4 治理建议清单", "Annex 4 Measures"),
}
_OFFICE = Label(
    "空白列由单位填写：责任、资金、时间等本程序不作推定",
    "Blank columns are for the office: who is in charge, money and dates are not guessed",
)
NOTES = {
    "indicators": (
        Label(
            "本表列本次按步行评估的服务；体检口径（维度、目标、指标类型等）由单位填写",
            "The services that are judged on foot; what the check-up itself says is for the office",
        ),
    ),
    "results": (
        Label(
            "体检口径未给定时达标数、未达标数、待摸底数、指标值、评价结果为空；步行可达结果仅作辅助，单位为小区",
            "What the check-up counts is blank unless its rule is given; walking is supporting "
            "evidence, in blocks",
        ),
    ),
    "problems": (
        Label(
            "列步行评估确定不达标的小区·项，待核实的不列；影响户数只填无人达标且户数已知的小区",
            "Blocks that surely lack a service on foot; households only where nobody of the block "
            "is served",
        ),
        _OFFICE,
    ),
    "measures": (_OFFICE,),
    "illustrative": (Label("示意数据", "illustrative"),),
}
#: The figure of report.docx that shows the problems.
FIGURE = Label("图4-1", "Figure 4-1")
SOURCE = Label(
    "站点与小区：项目数据；路网：{attribution}", "stations and blocks: the study; {attribution}"
)
SITED = Label("选址结果", "by walkshed site")

_METHOD = Label(
    "按实际步行路网计算居民到最近站点的距离，小区内至少{share:.0f}%居民在标准之内为达标",
    "walks of residents to the nearest station along streets; served where {share:.0f}% of a block "
    "are within the standard",
)
_FOUR = Label(
    "达标{served:,}、未达标{out:,}、待核实{check:,}、待摸底{unknown:,}",
    "{served:,} served, {out:,} left out, {check:,} to check, {unknown:,} not surveyed",
)
_NEAREST = Label("{reason}；最近站点{nearest}，步行{walk}", "{reason}; nearest: {nearest}, {walk}")
_AND_MORE = Label("{named}等{all:,}个", "{named} … {all:,} in all")
#: A cell names so many problems.
_MOST = 200


def method_text(share: float, language: Language) -> str:
    """Return how blocks are judged; ``share`` in percent."""
    return _METHOD.said(language, share=share)


def four_text(served: int, out: int, check: int, unknown: int, language: Language) -> str:
    """Return the four numbers of the blocks of a community."""
    return _FOUR.said(language, served=served, out=out, check=check, unknown=unknown)


def problem_number(number: int) -> str:
    """Return what a problem is called in the annexes, in every language."""
    return f"WT-{number:04d}"


def problem_text(reason: str, nearest: str, walk_m: float | None, language: Language) -> str:
    """Return why a block fails, and how far the nearest station is."""
    if not nearest or walk_m is None:
        return reason
    walk = meters(walk_m, language)
    return _NEAREST.said(language, reason=reason, nearest=nearest, walk=walk)


def numbers_text(numbers: Sequence[str], language: Language) -> str:
    """Return numbers of problems in a row."""
    named = joined(list(numbers[:_MOST]), NAMED, language)
    if len(numbers) <= _MOST:
        return named
    return _AND_MORE.said(language, named=named, all=len(numbers))


def served_share(served: int, blocks: int, unknown: int) -> str | None:
    """Return which percent of blocks is served; None where some are not surveyed."""
    return None if unknown or not blocks else f"{100 * served / blocks:.1f}%"
