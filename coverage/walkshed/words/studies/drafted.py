"""What a drafted study says beside its answer: what the map lacks, and how weak that is."""

from __future__ import annotations

from dataclasses import dataclass

from walkshed.model.labels import Label, Language
from walkshed.model.town.places import Service
from walkshed.words.quantities import NAMES, joined

#: Less than this share of paths means that nobody has mapped them: Chinese extracts with any have
#: 10 % and more.
FEWEST_PATHS = 0.03

_BLOCKS = {
    "mixed": Label(
        "小区由地图起草：{compounds} 个取自住宅区，{street_blocks} 个是街道围合的居住街坊",
        "Blocks are drafted from the map: {compounds:,} residential {compounds:area|areas}, "
        "{street_blocks:,} {street_blocks:block|blocks} between streets",
    ),
    "compounds": Label(
        "小区取自地图上的住宅区（{compounds} 个）",
        "Blocks are the {compounds:,} residential {compounds:area|areas} on the map",
    ),
    "street_blocks": Label(
        "缺少住宅区：以街道围合的 {street_blocks} 个居住街坊代替小区",
        "No residential areas are mapped: {street_blocks:,} {street_blocks:block|blocks} between "
        "streets stand in",
    ),
    "all_told": Label("{said}。", "{said}."),
    "some_blank": Label(
        "{said}，其中 {blank} 个没有标注住宅建筑，无法判断是否住人，结论仅供参考；请补画小区。",
        "{said}. Of {blank:,} nothing on the map says whether anybody lives there: weak; "
        "draw them.",
    ),
}
_HOMES = {
    "mapped": Label("地图上的住宅建筑 {n} 栋", "{n:,} {n:home is|homes are} mapped"),
    "possible": Label(
        "{said}，其中 {n} 栋只标为建筑物（building=yes），按可能住人计",
        "{said}, of which {n:,} are buildings of no stated kind that may be homes",
    ),
    "outside": Label(
        "{said}；{n} 栋不在任何一块之内，未计入",
        "{said}; {n:,} lie in no block and do not count",
    ),
    "whole": Label("{said}。", "{said}."),
}
_NO_PATHS = Label(
    "缺少人行道和小路：只能沿车行道计算，实际步行距离可能更短。",
    "No footways are mapped: walks follow the roads for cars and may be shorter in truth.",
)
_STATIONS = {
    "none": Label(
        "缺少站点：站点表是空的，请在 stations.csv 中填写。",
        "The table of stations is empty: fill in stations.csv.",
    ),
    "count": Label("站点表有 {n} 个站点", "Stations in the table: {n:,}"),
    "guessed": Label(
        "{said}，其中 {n} 个由地图标签推定", "{said}, of which {n:,} guessed from the map"
    ),
    "all_guessed": Label("{said}，均由地图标签推定", "{said}, of which {n:,} guessed from the map"),
    "incomplete": Label(
        "{said}，很可能不全；未标注的一律视为“待摸底”，不标红。",
        "{said}, very likely not all; what is not mapped counts as not surveyed and is never red.",
    ),
    "complete": Label(
        "{said}；各类服务均已声明列全，未覆盖的小区标红。",
        "{said}; all services are declared complete: a block that none reaches is red.",
    ),
    "partly": Label(
        "{said}；{named}已声明列全，未覆盖的小区标红，其余服务视为“待摸底”，不标红。",
        "{said}; declared complete: {named}; the others count as not surveyed, never red.",
    ),
}
_PEOPLE = {
    "none": Label(
        "缺少人口：按小区个数统计；可在 blocks.geojson 的 people 列补填。",
        "No block has a number of people: blocks are counted; fill in people in blocks.geojson.",
    ),
    "some": Label(
        "{n} 个小区没有人口，可在 blocks.geojson 的 people 列补填。",
        "{n:,} {n:block has|blocks have} no number of people; fill it in in blocks.geojson.",
    ),
    "estimated": Label(
        "{n} 个小区的人口为估算，不是统计数（方法见 SOURCES.md）。",
        "The people of {n:,} {n:block|blocks} are estimated, not counted (how: SOURCES.md).",
    ),
    "no_community": Label(
        "{n} 个小区未注明所属社区，不计入社区汇总。",
        "{n:,} {n:block names|blocks name} no community and are in no community's totals.",
    ),
}


@dataclass(frozen=True, slots=True)
class StationFacts:
    """The table of stations: how many it holds, how many init guessed, and which services count as listed."""

    count: int
    guessed: int
    complete: tuple[Service, ...]
    incomplete: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class BlockFacts:
    """The drafted blocks: what they are, and the homes on the map."""

    compounds: int
    street_blocks: int
    blank: int  # street blocks where nothing on the map says that anybody lives there
    homes: int
    possible_homes: int  # of these, buildings of which the map says nothing more
    homes_outside: int  # in no block
    without_people: int
    estimated: int  # their people are
    without_community: int


def sentences(
    blocks: BlockFacts | None,
    stations: StationFacts | None,
    share_of_paths: float,
    language: Language,
) -> tuple[str, ...]:
    """Return the remarks on what is drafted, the weightiest first."""
    said: list[str] = []
    if blocks is not None:
        said += _of_blocks(blocks, language)
    if share_of_paths < FEWEST_PATHS:
        said.append(_NO_PATHS.in_(language))
    if stations is not None:
        said.append(_of_stations(stations, language))
    if blocks is not None:
        said += _of_people(blocks, language)
    return tuple(said)


def _of_blocks(facts: BlockFacts, language: Language) -> list[str]:
    """Return what the blocks are, and how many homes the map shows."""
    key = "street_blocks"
    if facts.compounds:
        key = "mixed" if facts.street_blocks else "compounds"
    what = _BLOCKS[key].said(language, compounds=facts.compounds, street_blocks=facts.street_blocks)
    ending = _BLOCKS["some_blank" if facts.blank else "all_told"]
    said = [ending.said(language, said=what, blank=facts.blank)]

    if facts.homes:
        told = _HOMES["mapped"].said(language, n=facts.homes)
        for key, count in (("possible", facts.possible_homes), ("outside", facts.homes_outside)):
            if count:
                told = _HOMES[key].said(language, said=told, n=count)
        said.append(_HOMES["whole"].said(language, said=told))
    return said


def _of_stations(facts: StationFacts, language: Language) -> str:
    """Return how many stations there are, how many are guessed, and what nobody has declared complete."""
    if facts.count == 0:
        return _STATIONS["none"].in_(language)

    said = _STATIONS["count"].said(language, n=facts.count)
    if facts.guessed:
        key = "guessed" if facts.guessed < facts.count else "all_guessed"
        said = _STATIONS[key].said(language, said=said, n=facts.guessed)

    if not facts.complete:
        return _STATIONS["incomplete"].said(language, said=said)
    if not facts.incomplete:
        return _STATIONS["complete"].said(language, said=said)
    named = joined([service.called(language) for service in facts.complete], NAMES, language)
    return _STATIONS["partly"].said(language, said=said, named=named)


def _of_people(facts: BlockFacts, language: Language) -> list[str]:
    """Return for how many blocks nobody knows the people, or only by an estimate, or the community."""
    if facts.without_people == facts.compounds + facts.street_blocks:
        said = [_PEOPLE["none"].in_(language)]
    elif facts.without_people:
        said = [_PEOPLE["some"].said(language, n=facts.without_people)]
    else:
        said = []

    for key, count in (("estimated", facts.estimated), ("no_community", facts.without_community)):
        if count:
            said.append(_PEOPLE[key].said(language, n=count))
    return said
