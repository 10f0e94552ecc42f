"""The words in the files of a draft: names of what has none, comments of study.toml, SOURCES.md."""

from __future__ import annotations

from collections.abc import Mapping

from walkshed.model.drafting import Draft
from walkshed.model.labels import Label, Language

#: What a block without a name is called: a residential area, houses by a street, houses far from any.
_UNNAMED_BLOCKS = (
    Label("{street}旁（无名）", "unnamed, by {street}"),
    Label("{street}旁", "by {street}"),
    Label("街坊 {id}", "Block {id}"),
)
_UNNAMED_STATION = Label("{offer}（无名）", "{offer} (unnamed)")

_OUTSIDE = Label(
    "人口文件中有 {people:,} 人不在任何小区内，未计入。",
    "{people:,} people of the file of population live in no block and do not count.",
)

#: Where the file of the streets comes from.
FETCHED = Label(
    "按地名“{place}”经 Nominatim、Overpass 下载，原始回答在 answers/",
    "fetched for '{place}' from Nominatim and Overpass; their answers are in answers/",
)
COPIED = Label("取自 {file}", "a copy of {file}")
CUT = Label("自 {file} 裁出（{box}）", "cut out of {file} ({box})")

#: The comments of study.toml on lines that not every draft has.
_COMMENTS = {
    "streets": Label(
        "OSM 数据文件（步行路网、建筑、绿地等）",
        "the OSM extract: streets, buildings, greens",
    ),
    "place": Label(
        "数据取自此地名；删去 file 指的文件即重新下载",
        "whose data it is; fetched anew if the file is gone",
    ),
    "server": Label("服务器地址", "the server that was asked"),
    "no_gates": Label(
        '出入口：有清单时写 gates = "gates.csv"（列：block, lon, lat）',
        'exits: with a list of gates write gates = "gates.csv" (columns block, lon, lat)',
    ),
    "gates": Label(
        "OSM 上的大门（自动采用）；核对、补全后去掉行首 #",
        "the gates on the map (used as they are); complete the list, then take off the first #",
    ),
    "gates_complete": Label("大门已列全时去掉行首 #", "the same, once every gate is listed"),
    "service": Label(
        "一类服务；站点表 services 列用此代号",
        "one class of service; column services of the stations uses this id",
    ),
    "service_zh": Label("中文名称", "its Chinese name"),
    "service_en": Label("英文名称", "its English name"),
    "service_complete": Label(
        "全部站点都已列入后改为 true，未覆盖的小区才会标红",
        "true once every station that offers it is listed: only then can a block be red",
    ),
}

_SOURCES = Label(
    """\
# {name}：数据来源

- `{streets}`：© OpenStreetMap contributors，ODbL 1.0；数据日期 {date}；{source}；sha256 {digest}
- `stations.csv`：由上述数据的标签推定（编号即 OSM 编号：n 点，w 线，r 关系），**未经核实**；层级、服务均为示意。
- `blocks.geojson`：由上述数据起草；{people}

起草时的情况（此后以每次运行的说明为准）：
""",
    """\
# {name}: sources

- `{streets}`: © OpenStreetMap contributors, ODbL 1.0; data of {date}; {source}; sha256 {digest}
- `stations.csv`: guessed from the tags of that file (an id is OSM's: n node, w way, r relation), \
**unverified**; tiers and services are illustrative.
- `blocks.geojson`: drafted from the same file; {people}

As drafted (later runs say how things stand then):
""",
)
_NO_DATE = Label("未注明", "not stated")
_PEOPLE = {
    "estimated": Label(
        "人口为估算：住宅建筑面积 ÷ 人均 {m2:g} 平方米（assumption，假定值）。",
        "people are estimated: residential floor area by {m2:g} m² per person (an assumption).",
    ),
    "given": Label("人口取自所给的人口文件。", "people are those of the given file of population."),
    "none": Label(
        "无人口：地图上没有可靠依据。", "no people: nothing on the map supports a number."
    ),
}


def unnamed_blocks(language: Language) -> tuple[str, ...]:
    """Return what blocks without a name are called; ``{street}`` and ``{id}`` stand for what tells them apart."""
    return tuple(form.in_(language) for form in _UNNAMED_BLOCKS)


def unnamed_station(offer: str, language: Language) -> str:
    """Return what a station without a name is called, after what it offers."""
    return _UNNAMED_STATION.said(language, offer=offer)


def outside_text(people: float, language: Language) -> str:
    """Return how many people of the file of population live in no block."""
    return _OUTSIDE.said(language, people=round(people))


def comments(language: Language) -> Mapping[str, str]:
    """Return the comments of study.toml on streets, gates and services."""
    return {key: comment.in_(language) for key, comment in _COMMENTS.items()}


def sources_text(draft: Draft) -> str:
    """Return SOURCES.md: whose data a draft is made of, and what is weak in it."""
    language = draft.language
    head = _SOURCES.said(
        language,
        name=draft.name,
        streets=draft.streets_file,
        date=draft.data_date or _NO_DATE.in_(language),
        source=draft.source,
        digest=draft.digest,
        people=_people_text(draft),
    )
    return head + "".join(f"- {remark}\n" for remark in draft.remarks)


def _people_text(draft: Draft) -> str:
    """Return where the people of the blocks come from."""
    key = "none"
    if draft.people_m2 is not None:
        key = "estimated"
    elif any(block.people is not None for block in draft.blocks):
        key = "given"
    return _PEOPLE[key].said(draft.language, m2=draft.people_m2)
