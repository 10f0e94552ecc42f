"""The words in the files of a draft: names of what has none, comments of study.toml, SOURCES.md."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from walkshed.model.drafting import Draft, GivenTable
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
    "{people:,} {people:person|people} of the file of population {people:lives in no block and "
    "does|live in no block and do} not count.",
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
    "service_own": Label("本项目语言的名称", "its name in the language of the study"),
    "service_site": Label(
        "不在推荐站点设置（站点用房容纳不下）；要设置时改为 true",
        "no proposed station offers it: its room cannot hold it; true where one can",
    ),
    "service_complete": Label(
        "全部站点都已列入后改为 true，未覆盖的小区才会标红",
        "true once every station that offers it is listed: only then can a block be red",
    ),
}

_GIVEN_COMMENTS = {
    "illustrative": Label(
        "站点、层级、服务均为推定；全部核实后改为 false",
        "stations, tiers and services are guesses; false once all of them are checked",
    ),
    "offers_guessed": Label(
        "服务按站点名称推定（offers.csv），站点表没有写；核实后改为 false",
        "services are guessed from names (offers.csv); the table states none; false once checked",
    ),
    "facts": Label("站点、服务取自您的表格", "stations and services are those of your table"),
    "sheet": Label("工作表", "the sheet"),
    "datum": Label("坐标系，依据表中所写：{said}", "its coordinates, as the table says: {said}"),
    "datum_unsaid": Label(
        "表中未写明坐标系；已知时去掉行首 #：高德、腾讯 gcj02，百度 bd09，天地图 cgcs2000",
        "the table names no datum; where you know it take off the #: gcj02, bd09, cgcs2000, wgs84",
    ),
    "datum_many": Label(
        "坐标系见表内各处所写，或由程序判断", "as the table says row by row, else found out"
    ),
    "groups": Label("单独统计的人群", "groups of people that are counted by themselves"),
    "household_size": Label(
        "有 {count} 个小区只有户数没有人口：填上户均人口及出处并去掉行首 #，即按户数估算",
        "{count} {count:block states|blocks state} households alone: give persons per household, "
        "and whose figure it is",
    ),
    "needs": Label(
        '示意标准：一律步行 500 米，不是任何正式标准；有自己的标准时改为 file = "needs.toml"',
        '500 m on foot for everything, which is no standard; file = "needs.toml" for yours',
    ),
    "needs_given": Label("您的配置标准，原样复制", "your own needs, copied as they are"),
    "offered_by_all": Label(
        "站点表没有写服务的站点，都提供这些服务",
        "what every station offers whose row says nothing of services",
    ),
    "columns": Label(
        "左边是本工具的列名，右边是您表中的列名", "left: walkshed's word; right: your column"
    ),
    "service_given": Label(
        "一类服务，照站点表中的写法", "one class of service, as the stations say it"
    ),
    "service_sheet": Label(
        "服务类别见此工作表；“清单是否完整”填“是”才评不达标",
        "the services stand in this sheet; only where the list is complete can blocks fail",
    ),
    "datum_as_stations": Label(
        "表中未写明坐标系，按站点表所写；不同时请改", "the sheet names none: as the stations say"
    ),
    "further": Label("取自工作簿中同名的表", "the sheet of that name in the workbook"),
    "ledger": Label("台账，取自工作簿中同名的表", "a ledger: the sheet of that name"),
    "ledgers": Label(
        "各台账，取自工作簿中同名的表", "the office's ledgers: the sheets of their names"
    ),
    "alike": Label(
        "下列服务名称相近，若是同一类请在站点表中统一：{pairs}",
        "these may be one service each; write them alike in the table of stations: {pairs}",
    ),
    "offers": Label(
        "按站点名称推定的服务，请核实后改", "services guessed from the stations' names: check them"
    ),
}

_SOURCES = Label(
    """\
# {name}：数据来源

- `{streets}`：© OpenStreetMap contributors，ODbL 1.0；数据日期 {date}；{source}；sha256 {digest}
- {stations}
- {blocks}

起草时的情况（此后以每次运行的说明为准）：
""",
    """\
# {name}: sources

- `{streets}`: © OpenStreetMap contributors, ODbL 1.0; data of {date}; {source}; sha256 {digest}
- {stations}
- {blocks}

As drafted (later runs say how things stand then):
""",
)
_STATIONS_SOURCE = Label(
    "`stations.csv`：由上述数据的标签推定（编号即 OSM 编号：n 点，w 线，r 关系），**未经核实**；"
    "层级、服务均为示意。",
    "`stations.csv`: guessed from the tags of that file (an id is OSM's: n node, w way, "
    "r relation), **unverified**; tiers and services are illustrative.",
)
_BLOCKS_SOURCE = Label(
    "`blocks.geojson`：由上述数据起草；{people}",
    "`blocks.geojson`: drafted from the same file; {people}",
)
_GIVEN_SOURCE = Label(
    "`{file}`：您提供的表格，原样复制；sha256 {digest}",
    "`{file}`: your table, as it is; sha256 {digest}",
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
    """Return the comments of study.toml on lines that not every draft has."""
    return {key: comment.in_(language) for key, comment in (_COMMENTS | _GIVEN_COMMENTS).items()}


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
        stations=_source_of(draft.given.stations, _STATIONS_SOURCE, draft),
        blocks=_source_of(draft.given.blocks, _BLOCKS_SOURCE, draft),
    )
    return head + "".join(f"- {remark}\n" for remark in draft.remarks)


def _source_of(given: GivenTable | None, drafted: Label, draft: Draft) -> str:
    """Return where a table of a draft comes from."""
    if given is None:
        return drafted.said(draft.language, people=_people_text(draft))
    digest = hashlib.sha256(given.files[given.name]).hexdigest()
    return _GIVEN_SOURCE.said(draft.language, file=given.name, digest=digest)


def _people_text(draft: Draft) -> str:
    """Return where the people of the blocks come from."""
    key = "none"
    if draft.people_m2 is not None:
        key = "estimated"
    elif any(block.people is not None for block in draft.blocks):
        key = "given"
    return _PEOPLE[key].said(draft.language, m2=draft.people_m2)
