"""What a draft must say beside its answer: what the map lacks, and how weak the answer is for that."""

from __future__ import annotations

from dataclasses import dataclass

from walkshed.model.drafting import BlockOrigin
from walkshed.model.results import Language


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """What is known of a draft."""

    origin: BlockOrigin
    blocks: int
    named_blocks: int
    dwellings: int
    dwellings_outside: int  # mapped homes that no block holds
    stations: int
    people: str  # of a "file", by "floor" area, or "none"
    people_m2: float
    people_outside: int  # of a file of population, in no block
    path_share: float  # of the street meters: footways, paths, steps, squares
    blocks_with_community: int
    communities: int


#: Less than this share of paths means that nobody has mapped them: Chinese extracts with any have
#: 10 % and more.
FEWEST_PATHS = 0.03


def remarks(facts: DraftFacts, language: Language) -> tuple[str, ...]:
    """Return what a reader must know, the weightiest first."""
    return tuple(_zh(facts) if language == "zh" else _en(facts))


def _zh(f: DraftFacts) -> list[str]:
    said: list[str] = []
    outside = (
        f"另有 {f.dwellings_outside} 栋住宅建筑不在任何一块之内，未计入。"
        if f.dwellings_outside
        else ""
    )
    if f.origin == "residential":
        unnamed = f"，{f.blocks - f.named_blocks} 个没有名称" if f.named_blocks < f.blocks else ""
        said.append(f"小区取自地图上的住宅区（{f.blocks} 个{unnamed}）。{outside}")
    elif f.origin == "dwellings":
        said.append(
            f"地图上少有命名的住宅区：以街道围合、有住宅建筑的 {f.blocks} 个街坊代替小区。{outside}"
        )
    elif f.origin == "streets":
        said.append(
            f"缺少住宅区，住宅建筑只标了 {f.dwellings} 栋：以街道围合的 {f.blocks} 个地块（沿街 100 米以内）代替小区。"
            "无法判断其中是否住人，结论很弱，只供了解大概；请补画小区。"
        )
    elif f.origin == "around":
        said.append(
            f"缺少住宅区和建筑，街道也不围合：以沿街 100 米的地面（切成 {f.blocks} 块）代替小区，结论很弱；请补画小区。"
        )
    if f.path_share < FEWEST_PATHS:
        said.append("缺少人行道和小路：只能沿车行道计算，实际步行距离可能更短。")
    if f.stations == 0:
        said.append("缺少站点：地图上一个也没有标注，请在 stations.csv 中填写。")
    else:
        said.append(
            f"站点仅为地图上标注的 {f.stations} 个，很可能不全；未标注的一律视为“未摸底”，不标红。"
        )
    if f.people == "none":
        said.append(
            "缺少人口：地图上没有可靠依据，按小区个数统计；可在 blocks.geojson 的 people 列补填。"
        )
    elif f.people == "floor":
        said.append(f"人口为估算：住宅建筑面积 ÷ 人均 {f.people_m2:g} 平方米（假定值）。")
    elif f.people_outside:
        said.append(f"人口文件中有 {f.people_outside:,} 人不在任何小区内，未计入。")
    if f.blocks_with_community < f.blocks and f.origin != "people":
        known = f"只有 {f.communities} 个社区边界完整" if f.communities else "没有完整的社区边界"
        said.append(f"{known}：{f.blocks - f.blocks_with_community} 个小区未注明所属社区。")
    return said


def _en(f: DraftFacts) -> list[str]:
    said: list[str] = []
    outside = (
        f" {f.dwellings_outside:,} mapped homes lie in none of them and do not count."
        if f.dwellings_outside
        else ""
    )
    if f.origin == "residential":
        unnamed = (
            f", {f.blocks - f.named_blocks} without a name" if f.named_blocks < f.blocks else ""
        )
        said.append(f"Blocks are the {f.blocks:,} residential areas on the map{unnamed}.{outside}")
    elif f.origin == "dwellings":
        said.append(
            f"Few residential areas are named on the map: {f.blocks:,} blocks between streets that hold homes stand in."
            + outside
        )
    elif f.origin == "streets":
        said.append(
            f"No residential areas are mapped, and only {f.dwellings:,} homes: {f.blocks:,} blocks between streets "
            "(within 100 m of a street) stand in. Whether anybody lives there is unknown: weak; draw them."
        )
    elif f.origin == "around":
        said.append(
            f"Neither residential areas nor homes are mapped, and streets enclose nothing: {f.blocks:,} patches of "
            "ground within 100 m of a street stand in. A weak answer; draw the blocks."
        )
    elif f.origin == "people":
        said.append(f"Blocks are the {f.blocks:,} places of the file of population.")
    if f.path_share < FEWEST_PATHS:
        said.append(
            "No footways are mapped: walks follow the roads for cars and may be shorter in truth."
        )
    if f.stations == 0:
        said.append("No station is mapped at all: fill in stations.csv.")
    else:
        said.append(
            f"Stations are those on the map ({f.stations}), very likely not all; what is not mapped counts as "
            "not surveyed and is never red."
        )
    if f.people == "none":
        said.append(
            "Nothing on the map supports a number of people: blocks are counted; fill in people in blocks.geojson."
        )
    elif f.people == "floor":
        said.append(
            f"People are estimated: residential floor area by {f.people_m2:g} m² per person, an assumption."
        )
    elif f.people_outside:
        said.append(
            f"{f.people_outside:,} people of the file of population live in no block and do not count."
        )
    if f.blocks_with_community < f.blocks and f.origin != "people":
        known = f"Only {f.communities} communities" if f.communities else "No communities"
        said.append(
            f"{known} have complete boundaries on the map: {f.blocks - f.blocks_with_community:,} blocks name none."
        )
    return said
