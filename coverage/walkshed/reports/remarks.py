"""What a drafted study must say beside its answer, as it stands when it runs: what the map lacks, how weak that is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from walkshed.model.results import Language, Settings
from walkshed.model.town.places import Block, Form, PeopleSource, Service, Station

if TYPE_CHECKING:
    from walkshed.model.ground.extract import Extract
    from walkshed.model.ground.network import StreetNetwork
    from walkshed.needs.people.dwellings import Dwellings

#: Less than this share of paths means that nobody has mapped them: Chinese extracts with any have
#: 10 % and more.
FEWEST_PATHS = 0.03
_PATHS = frozenset(
    {"footway", "path", "pedestrian", "steps", "living_street", "cycleway", "corridor"}
)
_DRAFTED_ID = re.compile(r"[nwr]\d+")  # init gives stations the ids of OpenStreetMap


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


def remarks(
    settings: Settings,
    blocks: tuple[Block, ...],
    stations: tuple[Station, ...],
    services: tuple[Service, ...],
    *,
    network: StreetNetwork,
    homes: Dwellings,
    extract: Extract | None,
) -> tuple[str, ...]:
    """Return what a reader must know of a study that init drafted, the weightiest first; () of any other.

    Each sentence is made of the tables as they are now: it changes as they are filled in.
    """
    of_blocks = None
    if settings.blocks_source == "osm":
        of_blocks = block_facts(blocks, network, homes, extract)
    of_stations = None
    if settings.stations_source == "osm":
        guessed = sum(bool(_DRAFTED_ID.fullmatch(station.id)) for station in stations)
        of_stations = station_facts(len(stations), guessed, services)
    if of_blocks is None and of_stations is None:
        return ()
    return sentences(of_blocks, of_stations, path_share(network), settings.language)


def sentences(
    blocks: BlockFacts | None,
    stations: StationFacts | None,
    share_of_paths: float,
    language: Language,
) -> tuple[str, ...]:
    """Return the remarks on what is drafted."""
    zh = language == "zh"
    said: list[str] = []
    if blocks is not None:
        said += _blocks_zh(blocks) if zh else _blocks_en(blocks)
    if share_of_paths < FEWEST_PATHS:
        said.append(_NO_PATHS[language])
    if stations is not None:
        said += _stations_zh(stations) if zh else _stations_en(stations)
    if blocks is not None:
        said += _people_zh(blocks) if zh else _people_en(blocks)
    return tuple(said)


def station_facts(count: int, guessed: int, services: Sequence[Service]) -> StationFacts:
    """Return what is known of the table of stations."""
    return StationFacts(
        count,
        guessed,
        complete=tuple(service for service in services if service.complete),
        incomplete=tuple(service for service in services if not service.complete),
    )


def block_facts(
    blocks: tuple[Block, ...], network: StreetNetwork, homes: Dwellings, extract: Extract | None
) -> BlockFacts:
    """Return what is known of blocks and of the homes in them."""
    import numpy as np
    import shapely

    from walkshed.needs.people.ground import is_residential

    # homes by block
    geometry = np.array([block.geometry for block in blocks], dtype=object)
    outlines = network.plane.geometry_to_xy(geometry)
    tree = shapely.STRtree(outlines)
    home, held = tree.query(shapely.points(homes.xy), predicate="intersects")
    blank = np.array([block.form is Form.STREET_BLOCK for block in blocks], dtype=np.bool_)
    blank &= np.array([block.people is None for block in blocks], dtype=np.bool_)
    blank[held] = False

    # land that the map calls residential says that somebody lives there
    if extract is not None and blank.any():
        rows = [row for row, tags in enumerate(extract.areas.tags) if is_residential(tags)]
        land = network.plane.geometry_to_xy(extract.areas.geometry[rows])
        blank[np.unique(tree.query(land, predicate="intersects")[1])] = False

    sources = [block.people_source for block in blocks]
    compounds = sum(block.form is Form.COMPOUND for block in blocks)
    return BlockFacts(
        compounds=compounds,
        street_blocks=len(blocks) - compounds,
        blank=int(blank.sum()),
        homes=len(homes.floor_m2),
        possible_homes=int(np.sum(~homes.stated)),
        homes_outside=len(homes.floor_m2) - len(np.unique(home)),
        without_people=sum(block.people is None for block in blocks),
        estimated=sources.count(PeopleSource.ESTIMATED),
        without_community=sum(not block.community for block in blocks),
    )


def path_share(network: StreetNetwork) -> float:
    """Return the share of the street meters that are footways, paths, steps and squares."""
    import numpy as np

    paths = np.array([word in _PATHS for word in network.highway_classes], dtype=np.bool_)
    of_paths = network.edge_m[paths[network.highway]].sum()
    return float(of_paths / max(network.edge_m.sum(), 1.0))


_NO_PATHS: dict[Language, str] = {
    "zh": "缺少人行道和小路：只能沿车行道计算，实际步行距离可能更短。",
    "en": "No footways are mapped: walks follow the roads for cars and may be shorter in truth.",
}


def _blocks_zh(facts: BlockFacts) -> list[str]:
    weak = f"其中 {facts.blank} 个没有标注住宅建筑，无法判断是否住人，结论很弱，只供了解大概；请补画小区。"
    if facts.compounds and facts.street_blocks:
        what = f"小区由地图起草：{facts.compounds} 个取自住宅区，{facts.street_blocks} 个是街道围合的居住街坊。"
    elif facts.compounds:
        what = f"小区取自地图上的住宅区（{facts.compounds} 个）。"
    else:
        what = f"缺少住宅区：以街道围合的 {facts.street_blocks} 个居住街坊代替小区。"
    said = [what.rstrip("。") + "，" + weak if facts.blank else what]

    if facts.homes:
        possible = f"，其中 {facts.possible_homes} 栋只标为建筑物（building=yes），按可能住人计"
        outside = f"；{facts.homes_outside} 栋不在任何一块之内，未计入"
        told = f"地图上的住宅建筑 {facts.homes} 栋"
        told += possible if facts.possible_homes else ""
        said.append(told + (outside if facts.homes_outside else "") + "。")
    return said


def _blocks_en(facts: BlockFacts) -> list[str]:
    if facts.compounds and facts.street_blocks:
        what = (
            f"Blocks are drafted from the map: {facts.compounds:,} residential areas, "
            f"{facts.street_blocks:,} blocks between streets."
        )
    elif facts.compounds:
        what = f"Blocks are the {facts.compounds:,} residential areas on the map."
    else:
        what = f"No residential areas are mapped: {facts.street_blocks:,} blocks between streets stand in."
    if facts.blank:
        what += f" Of {facts.blank:,} nothing on the map says whether anybody lives there: weak; draw them."
    said = [what]

    if facts.homes:
        told = f"{facts.homes:,} homes are mapped"
        if facts.possible_homes:
            told += f", of which {facts.possible_homes:,} are buildings of no stated kind that may be homes"
        if facts.homes_outside:
            told += f"; {facts.homes_outside:,} lie in no block and do not count"
        said.append(told + ".")
    return said


def _stations_zh(facts: StationFacts) -> list[str]:
    if facts.count == 0:
        return ["缺少站点：站点表是空的，请在 stations.csv 中填写。"]
    guessed = (
        f"，其中 {facts.guessed} 个由地图标签推定"
        if facts.guessed < facts.count
        else "，均由地图标签推定"
    )
    said = f"站点表有 {facts.count} 个站点" + (guessed if facts.guessed else "")
    if not facts.complete:
        return [f"{said}，很可能不全；未标注的一律视为“待摸底”，不标红。"]
    if not facts.incomplete:
        return [f"{said}；各类服务均已声明列全，未覆盖的小区标红。"]
    named = "、".join(service.zh for service in facts.complete)
    return [f"{said}；{named}已声明列全，未覆盖的小区标红，其余服务视为“待摸底”，不标红。"]


def _stations_en(facts: StationFacts) -> list[str]:
    if facts.count == 0:
        return ["The table of stations is empty: fill in stations.csv."]
    said = f"Stations in the table: {facts.count:,}"
    if facts.guessed:
        said += f", of which {facts.guessed:,} guessed from the map"
    if not facts.complete:
        return [
            f"{said}, very likely not all; what is not mapped counts as not surveyed and is never red."
        ]
    if not facts.incomplete:
        return [f"{said}; all services are declared complete: a block that none reaches is red."]
    named = ", ".join(service.en for service in facts.complete)
    return [f"{said}; declared complete: {named}; the others count as not surveyed, never red."]


def _people_zh(facts: BlockFacts) -> list[str]:
    blocks = facts.compounds + facts.street_blocks
    said: list[str] = []
    if facts.without_people == blocks:
        said.append("缺少人口：按小区个数统计；可在 blocks.geojson 的 people 列补填。")
    elif facts.without_people:
        said.append(
            f"{facts.without_people} 个小区没有人口，可在 blocks.geojson 的 people 列补填。"
        )
    if facts.estimated:
        said.append(f"{facts.estimated} 个小区的人口为估算，不是统计数（方法见 SOURCES.md）。")
    if facts.without_community:
        said.append(f"{facts.without_community} 个小区未注明所属社区，不计入社区汇总。")
    return said


def _people_en(facts: BlockFacts) -> list[str]:
    blocks = facts.compounds + facts.street_blocks
    said: list[str] = []
    if facts.without_people == blocks:
        said.append(
            "No block has a number of people: blocks are counted; fill in people in blocks.geojson."
        )
    elif facts.without_people:
        said.append(
            f"{facts.without_people:,} blocks have no number of people; fill it in in blocks.geojson."
        )
    if facts.estimated:
        said.append(
            f"The people of {facts.estimated:,} blocks are estimated, not counted (how: SOURCES.md)."
        )
    if facts.without_community:
        said.append(
            f"{facts.without_community:,} blocks name no community and are in no community's totals."
        )
    return said
